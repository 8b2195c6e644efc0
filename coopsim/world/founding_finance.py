"""The founding of public finance under the French rules: figures of the case and dated law become state."""

import tomllib
from functools import cache

import numpy as np
import pandas as pd

from coopsim.economy import finance
from coopsim.economy.finance import FinanceState, LawBook, french, opening
from coopsim.economy.finance.state import CaseFinance, FrenchParams
from coopsim.scenario.case import Case
from coopsim.scenario.scenario import Scenario
from coopsim.scenario.shipped import shipped
from coopsim.society.people import PeopleState
from coopsim.tables import CompanyTable, SectorTable
from coopsim.types import FloatArray
from coopsim.world.state import Params


@cache
def law_book() -> LawBook:
    """Return the dated law of public finance."""
    text = (shipped("law") / "finance.toml").read_text(encoding="utf-8")
    return LawBook(tomllib.loads(text))


def case_finance(case: Case) -> CaseFinance:
    """Return what a case says of the finances of its territories, NaN where it says nothing."""
    t = case.territories

    def of(table: pd.DataFrame, name: str, blank: float = np.nan) -> FloatArray:
        if name not in table:
            return np.full(len(table), blank)
        found: FloatArray = table[name].to_numpy(dtype=np.float64)
        return np.where(np.isnan(found), blank, found)

    return CaseFinance(
        running_budget=of(t, "running_budget_keur_per_head"),
        debt=of(t, "debt_keur_per_head"),
        income=of(t, "income_keur_per_head"),
        potential=of(t, "fiscal_potential_keur_per_head"),
        inhabitants=of(t, "dgf_population"),
        integration=of(t, "integration_coefficient"),
        property_rate=of(t, "property_tax_rate_pct"),
        dwelling_rate=of(t, "second_home_tax_rate_pct"),
        rental=of(t, "rental_keur_per_dwelling"),
        exempt=of(case.sectors, "business_tax_exempt", 0.0),
        shop=of(case.sectors, "shop_share", 0.0),
    )


def found_french(
    money: FinanceState,
    spec: Scenario,
    case: Case,
    params: Params,
    companies: CompanyTable,
    sectors: SectorTable,
    crowd: PeopleState,
) -> None:
    """Replace the account of the simple rules by that of the French ones, where the scenario asks for them."""
    said = case_finance(case)
    p = FrenchParams(**spec.section("economy.french_finance"))
    population = crowd.population
    known = french.filled(said, p, population)
    money.income = known.income.copy()
    if params.finance.rules != "french":
        return
    book = law_book()
    law = book.of(spec.start_year)
    now = french.bases(p, known, sectors.value_added, sectors.public, companies, crowd.own_account, law)
    state = opening.opened(
        p, book, spec.start_year, known, now, sectors.value_added, sectors.public, money.tax_pct, population,
        crowd.dwellings,
    )  # fmt: skip
    cfe = 0.01 * money.tax_pct * state.taxed_base
    opening.close_account(money, state, params.finance, population, cfe, crowd.in_commuters)


def business_tax(money: FinanceState, params: Params, posts: FloatArray, sectors: SectorTable) -> FloatArray:
    """Return the business tax now, k€/yr, shape (T,), under the rules in force."""
    if money.french is not None:
        out: FloatArray = 0.01 * money.tax_pct * money.french.taxed_base
        return out
    return finance.cfe_per_yr(money.tax_pct, params.siting.base_keur_per_job, posts, sectors.public)
