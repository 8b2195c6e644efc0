r"""Public finance of an intercommunalité under single business tax (fiscalité professionnelle unique).

Running account of a quarter, k€; every line has a payer and a payee (`LINES`):

.. math:: D' = D(1 + r/4) - \sum \text{revenue} + \sum \text{spending}

The share of national VAT replaced the CVAE in 2023 and does not follow local firms, which weakens
the fiscal motive of attractiveness. Attribution de compensation is fixed at base-year product.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import BoolArray, FloatArray, IdArray

# Revenue lines are positive, spending lines negative; second item: the counterpart.
LINES: tuple[tuple[str, str], ...] = (
    ("cfe", "firms"),
    ("property_tax", "households"),
    ("vat_fraction", "state"),
    ("grant", "state"),
    ("fpic", "state"),
    ("fees", "households"),
    ("land_sales", "firms"),
    ("leases", "firms"),
    ("outside_funding", "state"),
    ("shared_revenue", "territories"),
    ("services", "households"),
    ("attribution", "communes"),
    ("solidarity", "communes"),
    ("centrality", "households"),
    ("land_development", "builders"),
    ("remediation", "builders"),
    ("subsidies", "firms"),
    ("marketing", "suppliers"),
    ("programmes", "suppliers"),
    ("animation", "staff"),
    ("fines", "territories"),
    ("compensation", "territories"),
    ("projects", "builders"),
    ("interest", "banks"),
)
LINE = {name: index for index, (name, _) in enumerate(LINES)}


@dataclass(frozen=True, slots=True)
class FinanceParams:
    """Section ``economy.finance``."""

    property_tax_share: float
    vat_share: float
    grant_share: float
    fpic_share: float
    attribution_share: float
    solidarity_share: float
    target_balance_share: float
    interest_per_yr: float
    centrality_per_arrived_job: float
    centrality_fading_years: float
    centrality_per_commuter: float
    tax_ceiling_pct: float
    tax_rise_max_points: float
    de_minimis_keur: float
    debt_limit_share: float
    reference_debt_share: float
    grant_gap_sensitivity: float
    marketing_cost_per_inhabitant: float
    animation_cost_per_fte: float
    coordination_cost_per_member: float
    setup_cost: float
    public_vacant_share: float


@dataclass(slots=True)
class FinanceState:
    """Running accounts; arrays (T,), k€ unless said otherwise.

    Attributes
    ----------
    tax_pct, subsidy, marketing : FloatArray, %, k€/job, 0-1
    budget : FloatArray, k€/yr
        Reference yearly revenue, scale of every utility in % of the budget.
    flows : FloatArray, shape (T, LINES)
        Lines of the current tick; revenue positive, spending negative.
    year : FloatArray, shape (4, T, LINES)
        The last four ticks, a ring.
    contribution : FloatArray
        Share of its assessed animation that each territory pays this year, 0-1.
    contributes_to : IdArray
        Pact to which it is paid; 0 outside any pact.
    withheld : FloatArray, k€
        Assessed and not paid since the year began.
    served : BoolArray
        Whether the territory has its part of the joint project.
    """

    tax_pct: FloatArray
    subsidy: FloatArray
    marketing: FloatArray
    budget: FloatArray
    debt: FloatArray
    debt_start: FloatArray
    service_per_head: FloatArray
    fees_per_head: FloatArray
    property_per_head: FloatArray
    vat: FloatArray
    grant_per_head: FloatArray
    fpic: FloatArray
    attribution: FloatArray
    solidarity: FloatArray
    centrality_stock: FloatArray
    commuters_start: FloatArray
    population_start: FloatArray
    flows: FloatArray
    year: FloatArray
    subsidies_paid: FloatArray
    pact_cost: FloatArray
    shared: FloatArray
    contribution: FloatArray
    contributes_to: IdArray
    withheld: FloatArray
    served: BoolArray

    def obey(self, subsidy_low: FloatArray, subsidy_high: FloatArray) -> None:
        """Bring the siting subsidy inside the bounds of the rules in force, shape (T,) each, k€/job."""
        self.subsidy = np.clip(self.subsidy, np.maximum(subsidy_low, 0.0), subsidy_high)

    def post(self, line: str, amount: FloatArray) -> None:
        """Add an amount (k€, positive) to a line, as revenue or as spending."""
        sign = 1.0 if LINE[line] <= LINE["shared_revenue"] else -1.0
        self.flows[:, LINE[line]] += sign * amount

    def balance_per_yr(self) -> FloatArray:
        """Net balance of the last four ticks, k€, shape (T,)."""
        out: FloatArray = self.year.sum(axis=(0, 2))
        return out

    def revenue_per_yr(self) -> FloatArray:
        """Running revenue of the last four ticks without sales and pooling, k€, shape (T,)."""
        out: FloatArray = self.year[:, :, : LINE["land_sales"]].sum(axis=(0, 2))
        return out


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


def close_quarter(state: FinanceState, tick: int) -> None:
    """Move the quarter's balance to debt and start a new quarter."""
    state.debt = state.debt - state.flows.sum(axis=1)
    state.year[tick % 4] = state.flows
    state.flows = np.zeros_like(state.flows)


def split_bill(payments: FloatArray, bill: float) -> tuple[FloatArray, FloatArray]:
    """Return what each pays to the builders and to the other payers, k€, shape (n,) each; the second sums to 0.

    A negative payment is money received: the builders are paid by those who pay, in proportion.

    Parameters
    ----------
    payments : FloatArray, shape (n,), k€
        Sum to the bill.
    bill : float, k€
        What the builders get.
    """
    if (payments >= 0.0).all():
        return payments.copy(), np.zeros_like(payments)
    payers = np.maximum(payments, 0.0)
    to_builders = payers * (bill / max(float(payers.sum()), 1e-300))
    return to_builders, payments - to_builders


def share_revenue(pooled: FloatArray, key: FloatArray) -> FloatArray:
    """Return net transfers received, k€, shape (n,): what the key gives less what was pooled; sums to 0.

    Parameters
    ----------
    pooled : FloatArray, shape (n,), k€
    key : FloatArray, shape (n,)
        Non-negative weights of the distribution.
    """
    total = float(pooled.sum())
    weight = key / key.sum() if key.sum() > 0 else np.full(key.size, 1.0 / key.size)
    out: FloatArray = total * weight - pooled
    return out
