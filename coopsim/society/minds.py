"""What councils have learnt: how much of a diagnostic is taken in, their bias on costs, who still comes to advise."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from coopsim.rng import Purpose, normal
from coopsim.society.councils import Character, CouncilParams, Seats
from coopsim.society.elections import Councils
from coopsim.society.policy import PolicyState
from coopsim.types import FloatArray, IntArray

VOICES = 8  # seven colleges and the citizen panel
_BIAS, _FEAR, _SINGULARITY = 0, 1, 2  # numbers of the keyed draws


@dataclass(slots=True)
class Minds:
    """State of the councils beside their seats.

    Attributes
    ----------
    taken_in : FloatArray, shape (T,), 0-1
        Share of its diagnostic that a council has taken in.
    bias : FloatArray, shape (T,)
        Overestimation of costs.
    edition : IntArray, shape (T,), tick
        Of the diagnostic in use; -1 without one.
    evaluated : IntArray, shape (T,), tick
        Of the last evaluation.
    presence : FloatArray, shape (T, 8), 0-1
        Share of each college, and of the panel, that still comes.
    home : FloatArray, shape (C, 3), or None
        Opinions before any debate, to which they return; None until seats have debated.
    policy : PolicyState or None
        What councils remember of their policy; None where all decide year by year.
    """

    taken_in: FloatArray
    bias: FloatArray
    edition: IntArray
    evaluated: IntArray
    presence: FloatArray
    home: FloatArray | None = None
    policy: PolicyState | None = None

    @classmethod
    def founded(cls, territories: int, p: CouncilParams) -> Self:
        """Return the minds of the first day."""
        return cls(
            taken_in=np.zeros(territories),
            bias=np.full(territories, p.cost_bias),
            edition=np.full(territories, -1),
            evaluated=np.zeros(territories, np.int64),
            presence=np.ones((territories, VOICES)),
        )


def age(minds: Minds, tick: int) -> FloatArray:
    """Return the age of each diagnostic, years, shape (T,); 0 without one."""
    out: FloatArray = np.where(minds.edition >= 0, tick - minds.edition, 0) / 4.0
    return out


def quality(p: CouncilParams, minds: Minds, accuracy: FloatArray, tick: int) -> FloatArray:
    """Return how good the diagnostic in the council's hands is, 0-1, shape (T,): exact, recent, taken in."""
    out: FloatArray = accuracy * (1.0 - p.diagnostic_fading_per_yr) ** age(minds, tick)
    return out * minds.taken_in if p.diagnostic_uptake == "taken_in" else out


def perception(p: CouncilParams, diagnostic: IntArray, good: FloatArray) -> FloatArray:
    """Return the share of resource effects that councils see, shape (T,): from none to that of their diagnostic.

    Parameters
    ----------
    diagnostic : IntArray, shape (T,)
        0 none, 1 own, 2 shared.
    good : FloatArray, shape (T,), 0-1
    """
    full = np.array([p.perception_none, p.perception_own, p.perception_shared])[diagnostic]
    out: FloatArray = np.where(good == 1.0, full, p.perception_none + (full - p.perception_none) * good)
    return out


def character(
    p: CouncilParams,
    seats: Councils | Seats,
    bias: FloatArray,
    fear: FloatArray,
    foresight: FloatArray,
    seed: int,
) -> Character:
    """Return what tells these seats apart: the bias and the fear of their council, times what is their own.

    Parameters
    ----------
    bias, fear, foresight : FloatArray, shape (T,)
    """
    t = seats.territory

    def own(sd: float, number: int) -> FloatArray:
        if sd == 0.0:
            return np.ones(t.size)
        draw = normal(seed, Purpose.TRAIT, seats.seat_id, 0, number)
        out: FloatArray = np.exp(sd * draw - 0.5 * sd**2)
        return out

    apart = np.full(t.size, p.singularity)
    if p.singularity_sd:
        draw = normal(seed, Purpose.TRAIT, seats.seat_id, 0, _SINGULARITY)
        apart = np.clip(apart + p.singularity_sd * draw, 0.0, 1.0)
    return Character(
        bias=bias[t] * own(p.bias_sd, _BIAS),
        fear=fear[t] * own(p.fear_sd, _FEAR),
        singularity=apart,
        patience=p.foresight_reach * foresight[t],
    )


def trained(p: CouncilParams, keur: FloatArray, seats: IntArray) -> FloatArray:
    """Return what training adds to the competence that is missing, 1/yr, shape (T,): it saturates with spending."""
    each = keur / np.maximum(seats, 1)
    out: FloatArray = p.training_gain_per_yr * each / (each + p.training_half_keur_per_seat)
    return out
