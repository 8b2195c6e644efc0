r"""One-step projection of each candidate move, with the engine's own siting, price and tax functions.

A move that changes the utility of territory *i* by δ changes its exact logit share from *p* to
:math:`p e^{\delta} / (1 - p + p e^{\delta})`; jobs won are projects × that, less what land cannot
hold; jobs kept come from the same formula for the choice between staying and the rest. A council
that expects otherwise than what its moves do is a bug: the suite compares expected and realised
effects with paired runs.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.society.councils import Expectations
from coopsim.types import BoolArray, FloatArray


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
