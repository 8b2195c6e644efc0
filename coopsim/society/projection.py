r"""One-step projection of each candidate move, with the engine's own siting, price and tax functions.

A move that changes the utility of territory *i* by δ changes its exact logit share from *p* to
:math:`p e^{\delta} / (1 - p + p e^{\delta})`; jobs won are projects × that, less what land cannot
hold; jobs kept come from the same formula for the choice between staying and the rest. A council
that expects otherwise than what its moves do is a bug: the suite compares expected and realised
effects with paired runs.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from coopsim.economy.finance import FinanceParams
from coopsim.economy.siting import SitingParams
from coopsim.society.councils import CouncilParams, Expectations
from coopsim.society.moves import INDEX, KEYS
from coopsim.types import BoolArray, FloatArray

# (key, jobs won a year, revenue k€/yr, cost k€/yr, visibility)
Put = Callable[[str, FloatArray, FloatArray, FloatArray, float], None]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the projection reads; (T,) unless said otherwise.

    Attributes
    ----------
    share : FloatArray, shape (T, K)
        Exact siting shares now.
    projects : FloatArray, shape (K,) or (T, K), jobs/yr
        External jobs looking for a site in the system, movers included; by territory where each has its own stream.
    footloose : FloatArray, shape (T, K), jobs/yr
        Own jobs that reconsider their place in a year.
    leave : FloatArray, shape (T, K)
        Probability that such a job leaves.
    public : BoolArray, shape (K,)
    ration : FloatArray
        Share of asked land granted over the last year.
    saved_jobs, started_jobs : FloatArray, jobs/yr
        What a full programme for takeovers keeps, and a full one for the social economy adds.
    pact_* : FloatArray
        Expected gains of the pact that could be proposed, already multiplied by trust.
    """

    population: FloatArray
    jobs: FloatArray
    private_posts: FloatArray
    share: FloatArray
    projects: FloatArray
    footloose: FloatArray
    leave: FloatArray
    public: BoolArray
    tax_pct: FloatArray
    subsidy: FloatArray
    marketing: FloatArray
    budget: FloatArray
    price: FloatArray
    ration: FloatArray
    vacancy: FloatArray
    pipeline_share: FloatArray
    brownfield: FloatArray
    m2_per_job: FloatArray
    broadleaf_m3: FloatArray
    grouping_effect: FloatArray
    programmes: FloatArray
    opening_cost: float
    remediation_cost: float
    jobs_per_m3: float
    housing_vacancy: FloatArray
    vacancies_share: FloatArray
    pact_jobs: FloatArray
    pact_money: FloatArray
    pact_security: FloatArray
    pact_cost: FloatArray
    pact_ceded: FloatArray
    pact_doubt: Expectations | None = None
    saved_jobs: FloatArray | float = 0.0
    started_jobs: FloatArray | float = 0.0


def arrivals(share: FloatArray, delta: FloatArray) -> FloatArray:
    """Return the exact share after one territory alone raises its utility by ``delta``; shape kept."""
    lift = np.exp(delta)
    out: FloatArray = share * lift / (1.0 - share + share * lift)
    return out


def gained_jobs(o: Outlook, delta: FloatArray, *, stayers: bool) -> FloatArray:
    """Return jobs won a year by a change of own utility, shape (T,).

    Parameters
    ----------
    delta : FloatArray, shape (T, K)
    stayers : bool
        Whether those already there feel it too (tax does, an aid for newcomers does not).
    """
    won = ((arrivals(o.share, delta) - o.share) * o.projects).sum(axis=1)
    if stayers:
        kept = o.leave * (1.0 - o.leave) * delta * o.footloose
        won = won + kept.sum(axis=1)
    out: FloatArray = won
    return out


def shortage(o: Outlook) -> FloatArray:
    """Return how short of land the coming years look, 0-1, shape (T,)."""
    out: FloatArray = np.clip(
        1.0
        - o.ration
        + 0.7 * np.maximum(0.0, 1.0 - o.vacancy / 0.012)
        + 0.15 * np.maximum(0.0, 1.0 - o.vacancy / 0.05)
        - o.pipeline_share / 0.04,
        0.0,
        1.0,
    )
    return out


def expectations(p: CouncilParams, sp: SitingParams, fp: FinanceParams, o: Outlook) -> Expectations:
    """Return what each council expects of each candidate, shape (T, M) each."""
    e = replace(Expectations.zeros(o.jobs.size, len(KEYS)), doubt=o.pact_doubt)
    jobs = np.maximum(o.jobs, 1.0)
    budget = np.maximum(o.budget, 1e-9)
    years = p.horizon_years
    tax_per_job = 0.01 * o.tax_pct * sp.base_keur_per_job

    def put(key: str, won_per_yr: FloatArray, revenue: FloatArray, cost: FloatArray, visible: float) -> None:
        m = INDEX[key]
        net = (
            0.5 * years * won_per_yr * (1.0 - p.crowding_out) * (tax_per_job - fp.centrality_per_arrived_job)
        )
        e.jobs[:, m] = 100.0 * years * won_per_yr * (1.0 - p.crowding_out) / jobs
        e.revenue[:, m] = 100.0 * (revenue + net) / budget
        e.cost[:, m] = 100.0 * cost / budget
        e.visible[:, m] = visible

    private = ~o.public
    point = 0.01 * p.tax_step_points * sp.base_keur_per_job
    zero = np.zeros_like(jobs)
    for key, sign, visible in (("tax_down", -1.0, 0.5), ("tax_up", 1.0, -0.8)):
        delta = -sign * sp.gamma_cost * point * private[None, :] * np.ones_like(o.share)
        won = gained_jobs(o, delta, stayers=True)
        put(key, won, sign * point * o.private_posts, zero, visible)
    base = (o.share * o.projects).sum(axis=1)
    for key, sign, visible in (("subsidy_up", 1.0, 0.1), ("subsidy_down", -1.0, -0.1)):
        step = np.maximum(sign * p.subsidy_step, -o.subsidy)
        delta = sp.gamma_cost * sp.annuity * step[:, None] * np.ones_like(o.share)
        won = gained_jobs(o, delta, stayers=False) * np.minimum(1.0, o.ration)
        # the new rate is paid to every arrival, not only to those that it wins
        cost = (o.subsidy + step) * (base + won) - o.subsidy * base
        put(key, won, zero, cost, visible)
    fade = 4.0 * sp.marketing_decay
    level = p.marketing_step * (1.0 - o.marketing) * (1.0 - np.exp(-fade * years)) / max(fade * years, 1e-9)
    won = gained_jobs(o, sp.gamma_marketing * level[:, None] * np.ones_like(o.share), stayers=False)
    put("marketing", won * o.ration, zero, fp.marketing_cost_per_inhabitant * o.population / years, 0.2)
    _land_and_programmes(p, o, e, put)
    m = INDEX["propose_pact"]
    e.jobs[:, m] = 100.0 * o.pact_jobs / jobs
    e.revenue[:, m] = 100.0 * o.pact_money / budget
    e.resources[:, m] = o.pact_security
    e.cost[:, m] = 100.0 * o.pact_cost / budget
    e.ceded[:, m] = o.pact_ceded
    e.visible[:, m] = p.propose_visibility
    e.delay[:, m] = 1.0
    return e


def _land_and_programmes(p: CouncilParams, o: Outlook, e: Expectations, put: Put) -> None:
    years = p.horizon_years
    zero = np.zeros_like(o.jobs)
    block = p.land_block_ha_per_1000_inhabitants * o.population / 1000.0
    per_ha = np.where(o.m2_per_job > 0, 1e4 / np.maximum(o.m2_per_job, 1e-9), 0.0)
    scarce = np.minimum(shortage(o) + p.land_anticipation, 1.0)
    won = scarce * block * per_ha * 0.6 / years
    put("open_land", won, zero, block * (o.opening_cost - o.price) / years, 0.3)
    e.resources[:, INDEX["open_land"]] = -p.land_resource_penalty
    e.delay[:, INDEX["open_land"]] = 1.5
    clean = p.brownfield_block_share * o.brownfield
    put(
        "recycle_brownfield",
        scarce * clean * per_ha * 0.6 / years,
        zero,
        clean * (o.remediation_cost - o.price) / years,
        0.2,
    )
    e.resources[:, INDEX["recycle_brownfield"]] = 0.5 * p.land_resource_penalty
    put("housing_programme", zero, zero, p.housing_cost_per_inhabitant * o.population / years, 0.1)
    relief = p.programme_social_gain + 100.0 * p.housing_step * np.minimum(
        o.vacancies_share, 0.1 * o.housing_vacancy
    )
    e.social[:, INDEX["housing_programme"]] = relief * (1.0 - o.programmes[:, 2])
    wood = o.broadleaf_m3 * o.grouping_effect * o.jobs_per_m3
    put("wood_mobilisation", wood / years, zero, zero + p.grouping_cost_keur / years, 0.1)
    e.resources[:, INDEX["wood_mobilisation"]] = p.wood_resource_gain
    for column, (key, cost) in enumerate(
        (("firm_support", p.firm_support_cost_per_inhabitant), ("eit_animation", p.eit_cost_per_inhabitant))
    ):
        put(key, zero, zero, cost * o.population / years, 0.1)
        left = 1.0 - o.programmes[:, column]
        e.social[:, INDEX[key]] = p.programme_social_gain * left
        e.resources[:, INDEX[key]] = p.wood_resource_gain * left
    for column, (key, cost) in enumerate(
        (
            ("coop_takeover", p.coop_takeover_cost_per_inhabitant),
            ("ess_foundation", p.ess_foundation_cost_per_inhabitant),
            ("skills_programme", p.skills_cost_per_inhabitant),
            ("mobility_programme", p.mobility_cost_per_inhabitant),
        ),
        start=3,  # columns of the programmes, after those above and housing
    ):
        fade = 4.0 * p.programme_fading_per_quarter
        level = p.programme_step * (1.0 - o.programmes[:, column])
        level = level * (1.0 - np.exp(-fade * years)) / max(fade * years, 1e-9)
        gained: dict[str, FloatArray | float] = {
            "coop_takeover": o.saved_jobs,
            "ess_foundation": o.started_jobs,
        }
        more = gained.get(key, zero)
        put(key, more * level, zero, cost * o.population / years, 0.1)
        e.social[:, INDEX[key]] = p.programme_social_gain * (1.0 - o.programmes[:, column])
