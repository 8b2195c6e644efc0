"""The French account of the founding: published figures first, what no file gives closes it."""

import numpy as np

from coopsim.economy.finance import french, grants
from coopsim.economy.finance.accounts import FinanceState
from coopsim.economy.finance.law import FinanceLaw, LawBook
from coopsim.economy.finance.params import FinanceParams
from coopsim.economy.finance.state import Bases, CaseFinance, FrenchParams, FrenchState
from coopsim.types import BoolArray, FloatArray


def opened(
    p: FrenchParams,
    book: LawBook,
    year: int,
    case: CaseFinance,
    now: Bases,
    value_added: FloatArray,
    public: BoolArray,
    rate: FloatArray,
    population: FloatArray,
    dwellings: FloatArray,
) -> FrenchState:
    """Return the state of the French rules on the first day.

    The fraction of VAT is the published fiscal potential less the other taxes at the national mean rates (at least
    0); the grant of the year before is that of the formula, so that its bounds do not bind at once.

    Parameters
    ----------
    case : CaseFinance
        Without blanks (`french.filled`).
    """
    law = book.of(year)
    extra = np.maximum(case.inhabitants - population, 0.0)
    zero = np.zeros(population.size)
    s = FrenchState(
        p=p,
        book=book,
        case=case,
        value_added=value_added,
        public=public,
        base_years=np.tile(now.business, (law.base_lag_years + 1, 1)),
        dgf_extra=extra,
        vat_base=zero.copy(),
        key_start=np.column_stack((now.business, now.staff)),
        compensation=p.compensation_keur_per_head * population,
        grant_per_head=zero.copy(),
        rights=np.zeros((law.reserve_years + 1, population.size)),
        rate_january=rate.copy(),
        rate_high=rate.copy(),
        service_start=zero.copy(),
        equipment_per_head=zero.copy(),
        inhabitants=population + extra,
    )
    inhabitants = np.maximum(population + extra, 1e-9)
    without = french.assess(s, law, now, population, dwellings, 0.0)
    s.vat_base = np.maximum(case.potential - without, 0.0) * inhabitants
    s.grant_per_head = _free(s, law, np.maximum(case.potential, without), inhabitants) / inhabitants
    french.assess(s, law, now, population, dwellings, 0.0)
    return s


def _free(s: FrenchState, law: FinanceLaw, potential: FloatArray, inhabitants: FloatArray) -> FloatArray:
    means = (s.p.potential_mean_keur, s.p.income_mean_keur)
    return grants.free_grant(
        inhabitants, s.case.integration, potential, s.case.income, means, s.p.grant_point_keur, law
    )


def close_account(
    f: FinanceState,
    s: FrenchState,
    p: FinanceParams,
    population: FloatArray,
    cfe: FloatArray,
    commuters: FloatArray,
) -> None:
    """Set fees, services, equipment and debt so that the account of the founding closes.

    Running revenue is the running budget of the case, or what taxes and grants bring where that is more. Services
    leave the savings of the parameters; equipment leaves the balance that the simple rules aim at.
    """
    people = np.maximum(population, 1.0)
    assessed = sum((s.amounts[line] for line in french.ASSESSED), np.zeros(population.size)) + cfe
    wanted = s.case.running_budget * population
    fees = np.maximum(wanted - assessed, 0.0)
    revenue = assessed + fees
    f.budget = revenue
    f.fees_per_head = fees / people
    f.debt = s.case.debt * population
    f.debt_start = f.debt.copy()
    f.attribution = p.attribution_share * revenue
    f.solidarity = p.solidarity_share * revenue
    earmarked = sum((s.amounts[line] for line in french.EARMARKED), np.zeros(population.size))
    other = (
        f.attribution
        + f.solidarity
        + earmarked
        + p.centrality_per_commuter * commuters
        + p.interest_per_yr * np.maximum(f.debt, 0.0)
    )
    f.service_per_head = (revenue * (1.0 - s.p.savings_share) - other) / people
    s.service_start = f.service_per_head.copy()
    s.equipment_per_head = np.maximum(s.p.savings_share - p.target_balance_share, 0.0) * revenue / people
    f.income = s.case.income.copy()
    f.french = s
