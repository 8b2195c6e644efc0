r"""Siting: where external projects and footloose companies go.

Utility of territory *j* for a company of sector *k* (random utility, McFadden 1974):

.. math:: V_{jk} = -\gamma_c c_{jk} + \gamma_w \kappa_k w_j + \gamma_a \ln(1 + J_{jk})
   + \gamma_l (u_j - \bar u) + \gamma_h (h_j - \bar h) + \gamma_m m_j + \xi_j, \qquad U = V - \gamma_d d + \varepsilon

with one coefficient for money: :math:`c_{jk}` is tax + rent − annuity of the subsidy, k€ per job
and year. The utility of the outside option is calibrated once per case at reference policies.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logsumexp

from coopsim.economy.companies import poisson_count
from coopsim.economy.siting_kernels import draw_candidates
from coopsim.rng import Purpose, birth_ids, normal, pair_ids, stream_key, text_id, uniform
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

_BISECTIONS = 100
_MARKETS = 64  # at a time


@dataclass(frozen=True, slots=True)
class SitingParams:
    """Section ``economy.siting``."""

    gamma_cost: float
    gamma_water: float
    gamma_agglomeration: float
    gamma_labour: float
    gamma_housing: float
    gamma_marketing: float
    gamma_travel_per_minute: float
    base_keur_per_job: float
    annuity: float
    housing_reference: float
    projects_per_yr: float
    projects_reference_population: float
    project_size_median: float
    project_size_log_sd: float
    project_stream: str
    outside_share: float
    reconsider_per_quarter: float
    stay_utility: float
    tries: int
    visible_candidates: int
    reference_subsidy: float
    marketing_decay: float
    outside_option: bool
    outside_calibrated: bool
    outside_utility: float


def cost_per_job(
    p: SitingParams,
    rent_yield: float,
    tax_pct: FloatArray,
    price_keur_per_ha: FloatArray,
    land_m2: FloatArray,
    public: BoolArray,
    subsidy: FloatArray | float = 0.0,
) -> FloatArray:
    """Return tax + rent − subsidy annuity, k€ per job and year, shape (T, K).

    ``rent_yield`` (1/yr) is the yearly cost of land over its price. Public services (``public``, (K,)) pay
    no business tax.
    """
    tax = (np.asarray(tax_pct) / 100.0)[:, None] * (p.base_keur_per_job * ~public)
    rent = rent_yield * (price_keur_per_ha[:, None] * (land_m2 * 1e-4))
    aid = np.atleast_1d(p.annuity * np.asarray(subsidy))
    out: FloatArray = tax + rent - aid[:, None]
    return out


def utility(
    p: SitingParams,
    cost: FloatArray,
    water_security: FloatArray,
    water_dependence: FloatArray,
    jobs: FloatArray,
    labour: FloatArray,
    housing: FloatArray,
    marketing: FloatArray,
    constant: FloatArray,
) -> FloatArray:
    """Return V, shape (T, K), before travel and noise; arguments (T,), (K,) or (T, K)."""
    out: FloatArray = (
        -p.gamma_cost * cost
        + p.gamma_water * (water_security[:, None] * water_dependence)
        + p.gamma_agglomeration * np.log1p(jobs)
        + (p.gamma_labour * labour + p.gamma_housing * housing + p.gamma_marketing * marketing + constant)[
            :, None
        ]
    )
    return out


def choice_probabilities(v: Any, outside: Any) -> Any:
    """Return exact logit shares over the first axis and the outside option; complex-safe.

    Parameters
    ----------
    v : array, shape (T,) or (T, K)
    outside : float or array, shape (K,) or -inf
        Utility of the outside option.
    """
    top = np.maximum(
        np.max(np.real(v), axis=0), np.where(np.isfinite(np.real(outside)), np.real(outside), -np.inf)
    )
    e = np.exp(v - top)
    return e / (e.sum(axis=0) + np.exp(outside - top))


def calibrated_outside(
    p: SitingParams, v_reference: FloatArray, travel: FloatArray, weight: FloatArray
) -> FloatArray:
    r"""Return U0 per sector, shape (K,), so that the outside share is ``outside_share`` at reference policies.

    The share is that of a project whose market is drawn by ``weight``: U0 solves
    :math:`\sum_m w_m e^{U_0} / (e^{U_0} + \sum_j e^{V_{jk} + d_{mj}}) = s`. Without calibration U0 is
    ``outside_utility`` for every sector, and -inf where there is no outside option.

    Parameters
    ----------
    v_reference : FloatArray, shape (T, K)
    travel : FloatArray, shape (T, T)
        Utility of travel from the market (row) to the site (column).
    weight : FloatArray, shape (T,)
        Of markets; sums to 1.
    """
    k = v_reference.shape[1]
    if p.outside_option and not p.outside_calibrated:
        return np.full(k, p.outside_utility)
    if not p.outside_option or p.outside_share <= 0.0:
        return np.full(k, -np.inf)
    # market by market: all at once would hold T × T × K utilities
    inclusive = np.concatenate(
        [
            logsumexp(travel[m : m + _MARKETS, :, None] + v_reference[None, :, :], axis=1)
            for m in range(0, travel.shape[0], _MARKETS)
        ]
    )  # market, sector
    odds = np.log(p.outside_share / (1.0 - p.outside_share))
    low, high = inclusive.min(axis=0) + odds, inclusive.max(axis=0) + odds
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        above = weight @ expit(middle[None, :] - inclusive) > p.outside_share
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    out: FloatArray = 0.5 * (low + high)
    return out


@dataclass(frozen=True, slots=True)
class Requests:
    """Companies looking for a site; ``origin`` is -1 for external projects."""

    id: IdArray
    sector: IntArray
    jobs: FloatArray
    productivity: FloatArray
    origin: IntArray
    market: IntArray
    score: FloatArray

    def __len__(self) -> int:
        return int(self.id.size)


def external_projects(
    p: SitingParams,
    seed: int,
    tick: int,
    territory_ids: IdArray,
    weight: FloatArray,
    population: float | FloatArray,
    sector_weight: FloatArray,
) -> Requests:
    """Return the projects of the quarter: one stream for the system, or one per territory.

    Parameters
    ----------
    weight : FloatArray, shape (T,)
        Weights of market nodes, frozen at the start so that they are the same in every lane.
    population : float or FloatArray, shape (T,)
        Population that scales the rate (initial, frozen).
    """
    rate = 0.25 * p.projects_per_yr / p.projects_reference_population * np.asarray(population)
    rate = rate * bool(sector_weight.any())
    stem = text_id("project")
    if p.project_stream == "per_territory":
        count = poisson_count(uniform(seed, Purpose.PROJECT_COUNT, territory_ids, tick), rate)
        home = np.repeat(np.arange(count.size), count)
        serial = np.arange(home.size) - np.repeat(np.cumsum(count) - count, count)
        ids = birth_ids(pair_ids(stem, territory_ids[home]), tick, serial)
    else:
        world = pair_ids(stem, text_id("world"))
        count = poisson_count(uniform(seed, Purpose.PROJECT_COUNT, world[None], tick), np.array([rate.sum()]))
        home = np.zeros(int(count[0]), np.int64)
        ids = birth_ids(world, tick, np.arange(int(count[0])))
    n = ids.size
    if n == 0:
        none = np.zeros(0, np.int64)
        return Requests(ids, none, np.zeros(0), np.zeros(0), none, none, np.zeros(0))
    sector = _weighted(uniform(seed, Purpose.PROJECT_SECTOR, ids, tick), sector_weight)
    jobs = p.project_size_median * np.exp(
        p.project_size_log_sd * normal(seed, Purpose.PROJECT_SIZE, ids, tick)
    )
    market = _weighted(uniform(seed, Purpose.MARKET, ids, tick), weight)
    if p.project_stream == "per_territory":
        market = home
    score = uniform(seed, Purpose.SCREENING, ids, tick)
    return Requests(ids, sector, jobs, np.ones(n), np.full(n, -1), market, score)


def _weighted(u: FloatArray, weight: FloatArray) -> IntArray:
    cumulated = np.cumsum(weight) / weight.sum()
    out: IntArray = np.minimum(np.searchsorted(cumulated, u), weight.size - 1)
    return out


def visible(
    p: SitingParams, seed: int, tick: int, ids: IdArray, territory_ids: IdArray, visibility: FloatArray
) -> BoolArray:
    """Return which territories each request draws as candidates, shape (R, T).

    At most ``visible_candidates``, drawn without replacement with probability proportional to
    ``visibility`` (T,) by keyed Gumbel top-m.
    """
    t = territory_ids.size
    if t <= p.visible_candidates:
        return np.ones((ids.size, t), np.bool_)
    out = np.zeros((ids.size, t), np.bool_)
    key = stream_key(seed, Purpose.PROJECT_VISIBLE, tick)
    draw_candidates(key, ids, territory_ids, np.asarray(visibility, np.float64), p.visible_candidates, out)
    return out
