r"""Policy over time: plans, trials that are reviewed, missions with targets.

A trial (learning project) says what a council expects of a move; at its date the council compares with what came
of it, less what happened in the same years where nobody tried. With the review *weighed*, the share of the
expectation that the council goes on believing, :math:`b` of variance :math:`v`, is updated by the normal rule

.. math:: k = \frac{v}{v + (s/E)^2}, \qquad b' = b + k\,(r/E - b), \qquad v' = (1 - k)\,v

with *r* the realised and *E* the expected effect and *s* the standard deviation of what happened elsewhere; taken as
it is (*raw*), :math:`b' = r/E`. See DeGroot (1970), *Optimal Statistical Decisions*, § 9.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from coopsim.types import BoolArray, FloatArray, IntArray

# What a move is thought to do to an indicator, by those who set a mission: the theory of change of the council.
# A sign only: whether it comes true is for the run to show.
BELIEVED: Mapping[str, Mapping[str, int]] = {
    "jobs": {
        "open_land": 1, "marketing": 1, "subsidy_up": 1, "tax_down": 1, "recycle_brownfield": 1,
        "coop_takeover": 1, "ess_foundation": 1, "wood_mobilisation": 1, "reuse_support": 1,
    },
    "unemployment": {
        "open_land": -1, "marketing": -1, "subsidy_up": -1, "tax_down": -1, "skills_programme": -1,
        "mobility_programme": -1, "coop_takeover": -1, "ess_foundation": -1,
    },
    "vacancies": {"skills_programme": -1, "mobility_programme": -1, "housing_programme": -1},
    "vacant_dwellings": {"housing_programme": -1},
    "firms_acting": {"firm_support": 1},
    "firms_reached": {"firm_support": 1},
    "exchanges": {"eit_animation": 1},
    "saved_jobs": {"coop_takeover": 1},
    "social_jobs": {"ess_foundation": 1, "coop_takeover": 1, "reuse_support": 1},
    "reused_t": {"reuse_support": 1},
    "naf_consumed_ha": {"open_land": 1, "recycle_brownfield": -1},
    "artificialised_ha": {"open_land": 1, "recycle_brownfield": -1},
    "brownfield_ha": {"recycle_brownfield": -1},
    "broadleaf_harvest_m3": {"wood_mobilisation": 1},
    "low_flow_share": {"propose_pact": -1},
    "supply_pressure": {"propose_pact": -1},
    "water_security": {"propose_pact": 1},
    "conifer_ratio": {"propose_pact": -1},
    "pact_coverage": {"propose_pact": 1},
    "trust": {"propose_pact": 1},
    "knowledge": {"propose_pact": 1},
    "net_budget_eur_per_head": {"tax_up": 1, "tax_down": -1, "subsidy_up": -1, "subsidy_down": 1},
    "debt_keur": {"tax_up": -1, "tax_down": 1, "subsidy_up": 1, "subsidy_down": -1},
    "subsidies_keur": {"subsidy_up": 1, "subsidy_down": -1},
}  # fmt: skip

# What a council looks at to see whether a move worked: a measure near to the move.
MEASURES = ("arrivals", "saved", "created", "acting", "exchanges", "unfilled", "harvest")
WATCHED: Mapping[str, str] = {
    "tax_down": "arrivals", "subsidy_up": "arrivals", "marketing": "arrivals", "open_land": "arrivals",
    "recycle_brownfield": "arrivals", "coop_takeover": "saved", "ess_foundation": "created", "reuse_support": "created",
    "firm_support": "acting", "eit_animation": "exchanges", "skills_programme": "unfilled",
    "mobility_programme": "unfilled", "housing_programme": "unfilled", "wood_mobilisation": "harvest",
}  # fmt: skip
# What undoes a move that has been stopped; programmes and campaigns wear off by themselves.
UNDONE: Mapping[str, str] = {"tax_down": "tax_up", "subsidy_up": "subsidy_down"}


@dataclass(frozen=True, slots=True)
class PolicyParams:
    """Section ``society.policy``."""

    belief_sd: float
    least_effect: float
    review_keur: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A hypothesis under way.

    Attributes
    ----------
    council, candidate : int
    since, due : int, tick
    expected : float
        Change of the measure by the date of the review.
    level : FloatArray, shape (T,)
        The measure everywhere, on the first day.
    """

    council: int
    candidate: int
    since: int
    due: int
    expected: float
    level: FloatArray


@dataclass(slots=True)
class PolicyState:
    """What councils remember of their policy.

    Attributes
    ----------
    planned : BoolArray, shape (T, M)
        Moves of the plan in force.
    plan_until : IntArray, shape (T,), tick
    belief, doubt : FloatArray, shape (T, M)
        Share of the expected effect still believed, and the variance of that share.
    barred_until : IntArray, shape (T, M), tick
        Until when a stopped move is not proposed.
    mission_since : IntArray, shape (T,), tick
        -1 without a mission; -2 once it has ended.
    adopted : IntArray, shape (T, M), tick
        When a move was last adopted; -1 never.
    trials : list of Trial
    """

    planned: BoolArray
    plan_until: IntArray
    belief: FloatArray
    doubt: FloatArray
    barred_until: IntArray
    mission_since: IntArray
    adopted: IntArray
    trials: list[Trial] = field(default_factory=list)

    @classmethod
    def founded(cls, territories: int, moves: int, p: PolicyParams) -> Self:
        """Return the memory of councils that have decided nothing yet."""
        shape = (territories, moves)
        return cls(
            planned=np.zeros(shape, np.bool_),
            plan_until=np.zeros(territories, np.int64),
            belief=np.ones(shape),
            doubt=np.full(shape, p.belief_sd**2),
            barred_until=np.zeros(shape, np.int64),
            mission_since=np.full(territories, -1),
            adopted=np.full(shape, -1),
        )


def realised(trial: Trial, now: FloatArray, elsewhere: BoolArray) -> tuple[float, float]:
    """Return what came of a trial, and the standard deviation of what happened elsewhere.

    Parameters
    ----------
    now : FloatArray, shape (T,)
        The measure today.
    elsewhere : BoolArray, shape (T,)
        Territories that did not try the same; with none, the change is taken whole.
    """
    change = now - trial.level
    others = change[elsewhere]
    mean = float(others.mean()) if others.size else 0.0
    spread = float(others.std(ddof=1)) if others.size > 1 else 0.0
    return float(change[trial.council]) - mean, spread


def reviewed(
    belief: float, doubt: float, ratio: float, spread: float, *, weighed: bool
) -> tuple[float, float]:
    """Return belief and its variance after a review.

    Parameters
    ----------
    ratio, spread : float
        Realised effect, and what chance makes of it, both over the expected effect.
    """
    if not weighed:
        return ratio, doubt
    k = doubt / (doubt + spread**2) if doubt + spread**2 > 0.0 else 1.0
    return belief + k * (ratio - belief), (1.0 - k) * doubt


def gap(value: FloatArray, floor: float | None, ceiling: float | None) -> FloatArray:
    """Return how far values are from a target, signed: above 0 below the floor, below 0 above the ceiling.

    In shares of the bound, at most one way or the other; a bound of 0 counts in the indicator's own unit.
    """
    out = np.zeros_like(value)
    if floor is not None:
        out += np.clip((floor - value) / (abs(floor) or 1.0), 0.0, 1.0)
    if ceiling is not None:
        out -= np.clip((value - ceiling) / (abs(ceiling) or 1.0), 0.0, 1.0)
    return out


def served(indicator: str, keys: tuple[str, ...]) -> IntArray:
    """Return the sign with which each move of the menu is thought to act on an indicator, shape (M,)."""
    signs = BELIEVED.get(indicator, {})
    return np.array([signs.get(key, 0) for key in keys], dtype=np.int64)
