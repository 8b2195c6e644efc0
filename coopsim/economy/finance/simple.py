"""The simple rules: every line a share of the budget, a grant that corrects one gap, a residual that closes."""

import numpy as np

from coopsim.economy.finance.accounts import FinanceState
from coopsim.economy.finance.lines import LINES
from coopsim.economy.finance.params import FinanceParams
from coopsim.types import BoolArray, FloatArray


def cfe_per_yr(
    tax_pct: FloatArray, base_keur_per_job: float, posts: FloatArray, public: BoolArray
) -> FloatArray:
    """Return the business property tax, k€/yr, shape (T,): rate × rental value of occupied premises.

    Parameters
    ----------
    posts : FloatArray, shape (T, K)
    """
    out: FloatArray = tax_pct / 100.0 * base_keur_per_job * posts[:, ~public].sum(axis=1)
    return out


def founded(
    p: FinanceParams,
    tax_pct: FloatArray,
    budget: FloatArray,
    population: FloatArray,
    cfe: FloatArray,
    debt_share: FloatArray,
    commuters: FloatArray,
) -> FinanceState:
    """Return the accounts of year 0, balanced at ``target_balance_share`` at the reference rate.

    ``cfe`` (T,) is the tax of year 0 at the case's rate. What no source gives (fees, services) is the
    residual that closes the account once per case, the same in all lanes.
    """
    t = budget.size
    share = p.property_tax_share + p.vat_share + p.grant_share + p.fpic_share
    fees = np.maximum(budget * (1.0 - share) - cfe, 0.0)
    revenue = budget * share + fees + cfe
    attribution = p.attribution_share * budget
    solidarity = p.solidarity_share * budget
    centrality = p.centrality_per_commuter * commuters
    debt = debt_share * budget
    services = (
        revenue * (1.0 - p.target_balance_share)
        - attribution
        - solidarity
        - centrality
        - p.interest_per_yr * np.maximum(debt, 0.0)
    )
    flat = np.zeros(t)
    pop = np.maximum(population, 1.0)
    return FinanceState(
        tax_pct=tax_pct.copy(),
        subsidy=flat.copy(),
        marketing=flat.copy(),
        budget=revenue,
        debt=debt,
        debt_start=debt.copy(),
        service_per_head=services / pop,
        fees_per_head=fees / pop,
        property_per_head=p.property_tax_share * budget / pop,
        vat=p.vat_share * budget,
        grant_per_head=p.grant_share * budget / pop,
        fpic=p.fpic_share * budget,
        attribution=attribution,
        solidarity=solidarity,
        centrality_stock=flat.copy(),
        commuters_start=commuters.copy(),
        population_start=population.copy(),
        flows=np.zeros((t, len(LINES))),
        year=np.zeros((4, t, len(LINES))),
        subsidies_paid=flat.copy(),
        pact_cost=flat.copy(),
        shared=flat.copy(),
        contribution=np.ones(t),
        contributes_to=np.zeros(t, np.uint64),
        withheld=flat.copy(),
        served=np.zeros(t, np.bool_),
        income=np.ones(t),
    )


def grant(p: FinanceParams, state: FinanceState, population: FloatArray, cfe: FloatArray) -> FloatArray:
    """Return the State's grant of the year, k€, shape (T,).

    Base × population, corrected by the gap of fiscal capacity to the group's mean
    (CGCT L5211-28 to L5211-30, simplified to one gap).
    """
    pop = np.maximum(population, 1.0)
    capacity = cfe / pop + state.property_per_head
    mean = float((capacity * pop).sum() / pop.sum())
    gap = (mean - capacity) / mean if mean > 0 else np.zeros_like(capacity)
    out: FloatArray = state.grant_per_head * pop * np.maximum(0.0, 1.0 + p.grant_gap_sensitivity * gap)
    return out


def ordinary_lines(
    p: FinanceParams, state: FinanceState, population: FloatArray, cfe: FloatArray, commuters: FloatArray
) -> None:
    """Post the quarter's ordinary revenue and spending.

    Parameters
    ----------
    cfe : FloatArray, shape (T,), k€/yr
    commuters : FloatArray, shape (T,), persons working in the territory and living elsewhere
    """
    q = 0.25
    state.post("cfe", q * cfe)
    state.post("property_tax", q * state.property_per_head * population)
    state.post("vat_fraction", q * state.vat)
    state.post("grant", q * grant(p, state, population, cfe))
    state.post("fpic", q * state.fpic)
    state.post("fees", q * state.fees_per_head * population)
    state.post("services", q * state.service_per_head * population)
    state.post("attribution", q * state.attribution)
    state.post("solidarity", q * state.solidarity)
    state.post("centrality", q * centrality_per_yr(p, state, commuters))
    state.post("interest", q * p.interest_per_yr * np.maximum(state.debt, 0.0))


def centrality_per_yr(p: FinanceParams, state: FinanceState, commuters: FloatArray) -> FloatArray:
    """Return centrality charges, k€/yr, shape (T,): recent arrivals (fading) + in-commuters."""
    out: FloatArray = state.centrality_stock + p.centrality_per_commuter * commuters
    return out


def fade_centrality(p: FinanceParams, state: FinanceState, arrived_jobs: FloatArray) -> None:
    """Add the charges of this quarter's arrivals and let old ones fade."""
    keep = np.exp(-0.25 / p.centrality_fading_years)
    state.centrality_stock = (state.centrality_stock + p.centrality_per_arrived_job * arrived_jobs) * keep
