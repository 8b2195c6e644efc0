"""State of the accounts, closing of a quarter, bills and shared revenue."""

from dataclasses import dataclass, field

import numpy as np

from coopsim.economy.finance.lines import ACCOUNT, COUNTERPARTS, LINE
from coopsim.economy.finance.state import FrenchState
from coopsim.types import BoolArray, FloatArray, IdArray


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
    income : FloatArray, k€/inhabitant
        Taxable income, fixed; 1 everywhere where the case does not say.
    outside : FloatArray, shape (COUNTERPARTS,), k€
        What each account outside has received since the start, less what it paid.
    french : FrenchState or None
        State of the French rules; None under the simple rules.
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
    income: FloatArray
    outside: FloatArray = field(default_factory=lambda: np.zeros(len(COUNTERPARTS)))
    french: FrenchState | None = None

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


def close_quarter(state: FinanceState, tick: int) -> None:
    """Move the quarter's balance to debt and to the accounts outside, and start a new quarter."""
    state.debt = state.debt - state.flows.sum(axis=1)
    state.outside = state.outside - np.bincount(
        ACCOUNT, weights=state.flows.sum(axis=0), minlength=len(COUNTERPARTS)
    )
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
