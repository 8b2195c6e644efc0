r"""The siting pathway: what an interview shows of a project, what the project then promises, does and conceals.

A project has a real conduct *r* between 0 and 1 on each criterion. It may show *g* more than it does (a gap), and
change its plans by an effort *e*. An interview of quality *q* sees the share *q* of what is real behind what is
shown, and counts what it sees overstated against the project, with weight :math:`\lambda`:

.. math:: s = r + e + (1 - q - \lambda q)\,g .

Where the score asked for is *m*, a project chooses the cheapest way to reach it: effort costs
:math:`\tfrac12 \kappa e^2`, a gap costs what follow-up will make it pay, and a council may sell what is missing for a
compensation. Nothing says which of them wins: the project compares the cost with other places.
"""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from coopsim.rng import Purpose, uniform
from coopsim.types import BoolArray, FloatArray, IdArray

CRITERIA = ("local_jobs", "environment", "anchoring")
INTERVIEWS = ("none", "internal_grid", "guided", "shared_analysis")
LOCAL, ENVIRONMENT, ANCHORING = range(3)
_ROUNDING = 1e-9
ORDINARY = 0.5  # conduct of an ordinary company: the parameters of the sectors describe it


@dataclass(frozen=True, slots=True)
class PathwayParams:
    """Section ``economy.siting_pathway``.

    Attributes
    ----------
    heterogeneity : float, 1
        Width of the real conduct of projects around that of an ordinary company (0.5).
    grid_quality, guided_quality, shared_quality : float, 1
        Share of what is real that each interview sees.
    overstatement_weight : float, 1
        Points lost for each point seen to be overstated.
    effort_cost_keur : float, k€/job/yr
        Curvature of the cost of changing one's plans, by (unit of conduct)².
    effort_most : float, 1
        Largest change of plans.
    grid_keur, guided_keur, shared_keur : float, k€
        Staff time of each file.
    grid_wait, guided_wait, shared_wait : int, ticks
        Time from choice to arrival.
    followup_keur : float, k€/yr
        Staff time for each company followed.
    discount_per_yr : float, 1/yr
        Of the payments of follow-up, as companies see them.
    brought_share : float, persons/job
        People that come with each post when nothing is filled locally.
    water_swing, land_swing : float, 1
        Fall of water and land per job from an ordinary conduct to the best one.
    anchor_swing : float, 1
        Share of moves away that the best anchored company gives up.
    contested_share : float, 1
        Probability that a project of the worst environmental conduct is abandoned for protest.
    """

    heterogeneity: float
    grid_quality: float
    guided_quality: float
    shared_quality: float
    overstatement_weight: float
    effort_cost_keur: float
    effort_most: float
    grid_keur: float
    guided_keur: float
    shared_keur: float
    grid_wait: int
    guided_wait: int
    shared_wait: int
    followup_keur: float
    discount_per_yr: float
    brought_share: float
    water_swing: float
    land_swing: float
    anchor_swing: float
    contested_share: float

    @property
    def quality(self) -> FloatArray:
        """Quality of each interview, in the order of `INTERVIEWS`, shape (4,)."""
        return np.array([0.0, self.grid_quality, self.guided_quality, self.shared_quality])

    @property
    def cost(self) -> FloatArray:
        """Staff time of a file, k€, shape (4,)."""
        return np.array([0.0, self.grid_keur, self.guided_keur, self.shared_keur])

    @property
    def wait(self) -> FloatArray:
        """Quarters from choice to arrival, shape (4,)."""
        return np.array([0.0, self.grid_wait, self.guided_wait, self.shared_wait])


@dataclass(frozen=True, slots=True)
class Response:
    """What projects would do in each territory; arrays (R, T).

    Attributes
    ----------
    effort, gap : FloatArray, 1
        Change of plans, and what is shown above what will be done.
    compensated : FloatArray, 1
        Points of the score that are paid for.
    cost : FloatArray, k€/job/yr
    refused : BoolArray
        Cannot reach the score.
    """

    effort: FloatArray
    gap: FloatArray
    compensated: FloatArray
    cost: FloatArray
    refused: BoolArray


@dataclass(slots=True)
class Agreement:
    """What one company promised and does; ``real`` has one value for each of `CRITERIA`."""

    company: int
    territory: int
    tick: int
    jobs: float
    real: FloatArray
    gap: float
    due: int
    asked: bool


@dataclass(slots=True)
class PathwayState:
    """Files under way, agreements in force and tallies since the start; arrays (T,).

    Attributes
    ----------
    waiting : list
        Files accepted whose company has not arrived: (tick, columns).
    agreements : dict of int to Agreement
        By company.
    water : FloatArray, m3/yr
        What companies with an agreement use more or less than ordinary ones.
    people : FloatArray, persons
        Brought by the companies that arrived in the last tick.
    gap_jobs, promised : FloatArray
        Sum over arrivals that met a score of gap × jobs, and of jobs.
    kept_jobs, due_jobs : FloatArray, jobs
        Found at the end of follow-up, and promised by the same companies.
    refused, compensation, cost, brought, contested : FloatArray
        Jobs refused, k€ received (compensations, penalties), k€ spent, people, jobs abandoned for protest.
    """

    water: FloatArray
    people: FloatArray
    gap_jobs: FloatArray
    promised: FloatArray
    kept_jobs: FloatArray
    due_jobs: FloatArray
    refused: FloatArray
    compensation: FloatArray
    cost: FloatArray
    brought: FloatArray
    contested: FloatArray
    waiting: list[tuple[int, dict[str, np.ndarray]]] = field(default_factory=list)
    agreements: dict[int, Agreement] = field(default_factory=dict)

    @classmethod
    def founded(cls, territories: int) -> "PathwayState":
        """Return the state of the first day."""
        names = [f.name for f in fields(cls) if f.name not in ("waiting", "agreements")]
        flat: dict[str, Any] = {name: np.zeros(territories) for name in names}
        return cls(**flat)


def conduct(p: PathwayParams, seed: int, ids: IdArray) -> FloatArray:
    """Return the real conduct of projects on each of `CRITERIA`, shape (R, 3), 0-1; keyed by the project."""
    u = np.stack([uniform(seed, Purpose.SITING_CONDUCT, ids, 0, n) for n in range(len(CRITERIA))], axis=1)
    return ORDINARY + p.heterogeneity * (u - ORDINARY)


def penalty_per_gap(p: PathwayParams, years: FloatArray, penalty: FloatArray, annuity: float) -> FloatArray:
    """Return what a unit of gap costs over its follow-up, k€/job/yr, shape (T,): present value × annuity.

    Parameters
    ----------
    years : FloatArray, shape (T,), yr
    penalty : FloatArray, shape (T,), k€/job for each year and unit of gap
    annuity : float, 1/yr
    """
    rate = p.discount_per_yr
    worth = years if rate == 0.0 else (1.0 - (1.0 + rate) ** -years) / rate
    out: FloatArray = annuity * penalty * worth
    return out


def best_response(
    p: PathwayParams,
    real: FloatArray,
    asked: FloatArray,
    quality: FloatArray,
    penalty: FloatArray,
    compensation: FloatArray,
) -> Response:
    r"""Return the cheapest way of projects to reach the score asked for in each territory.

    With :math:`k = 1 - q - \lambda q` the worth of a gap and *h* the points missing: minimise
    :math:`\tfrac12\kappa e^2 + \pi g` with :math:`e + k g = h`, the shown conduct at most 1 and effort at most
    ``effort_most``. Where :math:`k \le 0` a gap never helps.

    Parameters
    ----------
    real : FloatArray, shape (R, T)
        Real score, with the weights of each territory.
    asked, quality, penalty, compensation : FloatArray, shape (T,)
        Least score; quality of the interview; cost of a unit of gap and of a missing point, k€/job/yr
        (``compensation`` 0: missing points are not for sale).
    """
    missing = np.maximum(asked - real, 0.0)
    worth = np.broadcast_to(1.0 - quality * (1.0 + p.overstatement_weight), real.shape)
    lies = worth > 0.0
    k = np.where(lies, worth, 1.0)
    # where a gap serves, effort goes up to the point where it costs as much as the gap that it spares
    effort = np.where(lies, np.minimum(missing, penalty / (p.effort_cost_keur * k)), missing)
    gap = np.where(lies, (missing - effort) / k, 0.0)
    over = gap > 1.0 - real - effort
    # nothing can be shown above 1: e + k (1 - r - e) = h; needs k < 1, true of any interview that sees something
    most = (missing - k * (1.0 - real)) / np.maximum(1.0 - k, 1e-12)
    effort = np.where(over, np.clip(most, 0.0, 1.0 - real), effort)
    gap = np.where(over, 1.0 - real - effort, gap)
    short = missing - effort - np.where(lies, worth, 0.0) * gap > _ROUNDING
    refused = short | (effort > p.effort_most)
    cost = 0.5 * p.effort_cost_keur * effort**2 + penalty * gap
    pay = compensation * missing
    sold = (compensation > 0.0) & (missing > 0.0) & (refused | (pay < cost))
    zero = np.zeros_like(real)
    return Response(
        effort=np.where(sold | refused, zero, effort),
        gap=np.where(sold | refused, zero, gap),
        compensated=np.where(sold, missing, zero),
        cost=np.where(sold, pay, np.where(refused, zero, cost)),
        refused=refused & ~sold,
    )


def swing(conduct_: FloatArray, most: float) -> FloatArray:
    """Return a need over that of an ordinary company: 1 at 0.5, ``1 - most`` at 1, ``1 + most`` at 0."""
    out: FloatArray = 1.0 - most * (2.0 * conduct_ - 1.0)
    return out
