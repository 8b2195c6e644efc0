"""French rules: what each line of the account amounts to in a year, by its article of law.

Rental values and staff come from the companies of the model, dwellings and second homes from its people; what no
public file gives (fees, services) closes the account of the founding, as under the simple rules. The fraction of
VAT is what is left of the published fiscal potential once the other taxes are taken at the national mean rates.
"""

import numpy as np

from coopsim.economy.finance import grants, limits, taxes
from coopsim.economy.finance.accounts import FinanceState
from coopsim.economy.finance.law import FinanceLaw
from coopsim.economy.finance.state import Bases, CaseFinance, FrenchParams, FrenchState
from coopsim.metrics import sum_by
from coopsim.tables import CompanyTable
from coopsim.types import BoolArray, FloatArray

QUARTER = 0.25
# Lines assessed once a year and posted in four parts; those spent in the second group.
ASSESSED = (
    "property_tax", "second_home_tax", "shop_tax", "network_tax", "vat_fraction", "grant", "compensation_grant",
    "fpic", "river_tax", "waste_tax",
)  # fmt: skip
EARMARKED = {"river_tax": "river_works", "waste_tax": "waste"}


def filled(case: CaseFinance, p: FrenchParams, population: FloatArray) -> CaseFinance:
    """Return the figures of a case, its blanks filled by the parameters."""

    def of(values: FloatArray, default: float) -> FloatArray:
        return np.where(np.isnan(values), default, values)

    return CaseFinance(
        running_budget=of(case.running_budget, p.running_budget_keur_per_head),
        debt=of(case.debt, p.debt_keur_per_head),
        income=of(case.income, p.income_keur_per_head),
        potential=of(case.potential, p.fiscal_potential_keur_per_head),
        inhabitants=np.where(np.isnan(case.inhabitants), p.dgf_ratio * population, case.inhabitants),
        integration=of(case.integration, p.integration_coefficient),
        property_rate=of(case.property_rate, p.property_tax_rate_pct),
        dwelling_rate=of(case.dwelling_rate, p.second_home_tax_rate_pct),
        rental=of(case.rental, p.rental_keur_per_dwelling),
        exempt=case.exempt,
        shop=case.shop,
    )


def bases(
    p: FrenchParams,
    case: CaseFinance,
    value_added: FloatArray,
    public: BoolArray,
    companies: CompanyTable,
    own_account: FloatArray,
    law: FinanceLaw,
) -> Bases:
    """Return what can be taxed now: rental values of companies and self-employed, tax on shops, staff."""
    t = own_account.size
    rows = companies.rows()
    rows = rows[~public[companies.sector[rows]]]
    where, sector, jobs = companies.territory[rows], companies.sector[rows], companies.jobs[rows]
    liable = 1.0 - case.exempt[sector]
    rental = p.rental_keur_per_job * jobs + p.rental_keur_per_ha * companies.land[rows]
    turnover = p.turnover_over_value_added * value_added[sector] * jobs
    due = liable * np.maximum(rental, taxes.minimum_base(turnover, p.minimum_level, law))
    alone = taxes.minimum_base(np.array([p.own_account_turnover_keur]), p.minimum_level, law)[0]
    sales = taxes.shop_tax(p.shop_m2_per_job * jobs, p.shop_turnover_keur_per_job * jobs, law)
    shop = case.shop[sector] * sales
    return Bases(
        business=sum_by(where, due, t) + alone * p.own_account_liable_share * own_account,
        premises=sum_by(where, rental, t),
        shops=sum_by(where, shop, t),
        staff=sum_by(where, jobs, t),
    )


def potential(
    p: FrenchParams, law: FinanceLaw, lines: dict[str, FloatArray], business: FloatArray, buildings: FloatArray,
    second: FloatArray,
) -> FloatArray:  # fmt: skip
    """Return the fiscal potential, k€, shape (T,): bases at the national mean rates, other taxes as they are."""
    out: FloatArray = (
        0.01 * law.mean_rate_pct * business
        + 0.01 * p.mean_property_rate_pct * buildings
        + 0.01 * p.mean_dwelling_rate_pct * second
        + lines["shop_tax"]
        + lines["network_tax"]
        + lines["vat_fraction"]
        + lines["compensation_grant"]
    )
    return out


def assess(
    s: FrenchState, law: FinanceLaw, now: Bases, population: FloatArray, dwellings: FloatArray, years: float
) -> FloatArray:
    """Set the lines of the year and return the fiscal potential per inhabitant of the grant, k€, shape (T,).

    Parameters
    ----------
    years : float
        Years since the start.
    """
    p, case, lines = s.p, s.case, s.amounts
    buildings = law.property_base_share * (case.rental * dwellings + now.premises)
    second = case.rental * s.dgf_extra
    lines["property_tax"] = 0.01 * case.property_rate * buildings
    lines["second_home_tax"] = 0.01 * case.dwelling_rate * second
    lines["shop_tax"] = now.shops
    lines["network_tax"] = p.network_tax_keur_per_head * population
    key = np.column_stack((now.business, now.staff))
    growth = (1.0 + p.vat_growth_per_yr) ** years - 1.0
    lines["vat_fraction"] = taxes.vat_fraction(s.vat_base, growth, key, s.key_start, law)
    lines["compensation_grant"] = s.compensation * (1.0 - p.compensation_fall_per_yr) ** years
    inhabitants = s.inhabitants = population + s.dgf_extra
    lines["river_tax"] = taxes.river_tax(p.river_tax_keur_per_head * inhabitants, inhabitants, law)
    lines["waste_tax"] = p.waste_keur_per_head * population
    people = np.maximum(inhabitants, 1e-9)
    per_head = potential(p, law, lines, s.taxed_base, buildings, second) / people
    means = (p.potential_mean_keur, p.income_mean_keur)
    free = grants.free_grant(
        inhabitants, case.integration, per_head, case.income, means, p.grant_point_keur, law
    )
    lines["grant"] = grants.bounded_grant(free, inhabitants, s.grant_per_head, case.integration, law)
    s.grant_per_head = lines["grant"] / people
    paid = p.fund_paid_point_keur * grants.fund_paid_index(per_head, case.income, means, law)
    rank = grants.fund_received_index(per_head, case.income, np.ones_like(per_head), means, law)
    received = np.where(rank >= p.fund_received_from, p.fund_received_point_keur * rank, 0.0)
    lines["fpic"] = case.integration * people * (received - paid)
    return per_head


def post(s: FrenchState, f: FinanceState, population: FloatArray, cfe: FloatArray, centrality: FloatArray,
         interest: float) -> None:  # fmt: skip
    """Post a quarter of the year's lines and of running spending.

    Parameters
    ----------
    cfe, centrality : FloatArray, shape (T,), k€/yr
    interest : float, 1/yr
    """
    f.post("cfe", QUARTER * cfe)
    for line in ASSESSED:
        f.post(line, QUARTER * s.amounts[line])
    for line, spent in EARMARKED.items():
        f.post(spent, QUARTER * s.amounts[line])
    f.post("fees", QUARTER * f.fees_per_head * population)
    f.post("services", QUARTER * f.service_per_head * population)
    f.post("equipment", QUARTER * s.equipment_per_head * population)
    f.post("attribution", QUARTER * f.attribution)
    f.post("solidarity", QUARTER * f.solidarity)
    f.post("centrality", QUARTER * centrality)
    f.post("interest", QUARTER * interest * np.maximum(f.debt, 0.0))


def open_rights(s: FrenchState, law: FinanceLaw, rate: FloatArray) -> None:
    """Start a year: spend the rights used by last year's rise, open this year's, set the highest legal rate.

    Rights are lost when the reserve is full of newer ones (`FinanceLaw.reserve_years`).
    """
    left = limits.use_rights(s.rights, rate - s.rate_january)
    new = limits.tied_rise(rate, s.p.property_rate_rise_per_yr, law)
    s.rights = np.vstack((left[1:], new[None, :]))
    s.rate_january = rate.copy()
    extra = limits.special_rise(rate, law) if s.p.special_rise else np.zeros_like(rate)
    high = np.minimum(rate + s.rights.sum(axis=0) + extra, limits.rate_ceiling(law))
    s.rate_high = np.maximum(high, rate)


def balance(
    s: FrenchState,
    f: FinanceState,
    law: FinanceLaw,
    running: FloatArray,
    population: FloatArray,
    bound: BoolArray,
) -> FloatArray:
    """Cut services where the running account of last year did not balance; return what was cut, k€/yr, shape (T,).

    Where it does better than the savings of the start, services cut before come back, at the same speed.

    Parameters
    ----------
    running : FloatArray, shape (T, 2), k€/yr
        Running revenue and spending of the last four ticks.
    bound : BoolArray, shape (T,)
        Whether the balance is required.
    """
    people = np.maximum(population, 1e-9)
    repayment = np.maximum(f.debt, 0.0) / s.p.repayment_years
    missing = limits.deficit(running[:, 0], running[:, 1], repayment, law) / people * bound
    # a case whose transfers exceed its means may have no services left to cut
    most = s.p.services_cut_max * np.maximum(s.service_start, 0.0)
    cut = np.minimum(np.minimum(missing, most), np.maximum(f.service_per_head, 0.0))
    spare = (running[:, 0] * (1.0 - s.p.savings_share) - running[:, 1]) / people
    back = np.clip(np.minimum(spare, s.service_start - f.service_per_head), 0.0, most)
    f.service_per_head = f.service_per_head - cut + np.where(missing > 0.0, 0.0, back)
    out: FloatArray = cut * people
    return out
