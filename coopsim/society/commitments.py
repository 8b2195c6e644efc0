"""Standing decisions of councils: what a council has bound itself to until it, or its pact, says otherwise."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from coopsim.types import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class CommitmentParams:
    """Section ``society.commitments``; units, ranges and sources stand in the parameter file."""

    reserve_keur: float
    split_keur: float
    era_reduction: float
    era_adapt_keur_per_ha: float
    era_open_soil: float
    coalition_keur_per_head: float
    coalition_meeting: float
    coalition_learning: float
    citizen_voters: int
    purse_years: float
    stake_takeovers: float
    stake_keur_per_job: float


@dataclass(slots=True)
class Commitments:
    """What councils hold to; each of shape (T,).

    Attributes
    ----------
    leases : BoolArray
        Public plots are leased, no more sold.
    reserve : BoolArray
        The envelope of land is put in one account with the other members of a pact that do so too.
    split : BoolArray
        Projects are left to the member of the pact whose function they belong to.
    debate : BoolArray
        The next session begins with a public debate.
    adapted : FloatArray, ha
        Zones opened since the first day with soils that stay open.
    purse : FloatArray, k€
        What is left of the citizen budget.
    capital : FloatArray, k€
        What inhabitants have paid in for energy works since the first day.
    stakes : FloatArray, k€
        What the council has paid for stakes in companies taken over.
    """

    leases: BoolArray
    reserve: BoolArray
    split: BoolArray
    debate: BoolArray
    adapted: FloatArray
    purse: FloatArray
    capital: FloatArray
    stakes: FloatArray

    @classmethod
    def none(cls, territories: int) -> Self:
        """Return councils that are bound to nothing."""
        flags = ("leases", "reserve", "split", "debate")
        amounts = ("adapted", "purse", "capital", "stakes")
        state: dict[str, Any] = {name: np.zeros(territories, np.bool_) for name in flags}
        state |= {name: np.zeros(territories) for name in amounts}
        return cls(**state)


def functions(posts: FloatArray) -> BoolArray:
    """Return who keeps which function when some territories split them between them, shape (n, K).

    A territory keeps the sectors that weigh at least as much in its own jobs as in those of the group (location
    quotient of 1 or more); each sector is kept by somebody, and by all where nobody has it.

    Parameters
    ----------
    posts : FloatArray, shape (n, K), jobs
    """
    own = posts / np.maximum(posts.sum(axis=1, keepdims=True), 1e-12)
    group = posts.sum(axis=0) / max(float(posts.sum()), 1e-12)
    out: BoolArray = (own >= group * (1.0 - 1e-9)) | (own >= own.max(axis=0))
    return out
