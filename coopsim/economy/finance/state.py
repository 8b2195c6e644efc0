"""State of the French rules: parameters, figures of the case, what can be taxed, and what a year leaves to the next."""

from dataclasses import dataclass, field

from coopsim.economy.finance.law import LawBook
from coopsim.types import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class FrenchParams:
    """Section ``economy.french_finance``."""

    rental_keur_per_job: float
    rental_keur_per_ha: float
    minimum_level: float
    turnover_over_value_added: float
    own_account_liable_share: float
    own_account_turnover_keur: float
    rental_keur_per_dwelling: float
    property_tax_rate_pct: float
    second_home_tax_rate_pct: float
    mean_property_rate_pct: float
    mean_dwelling_rate_pct: float
    shop_m2_per_job: float
    shop_turnover_keur_per_job: float
    network_tax_keur_per_head: float
    river_tax_keur_per_head: float
    waste_keur_per_head: float
    vat_growth_per_yr: float
    compensation_keur_per_head: float
    compensation_fall_per_yr: float
    grant_point_keur: float
    potential_mean_keur: float
    income_mean_keur: float
    fund_paid_point_keur: float
    fund_received_point_keur: float
    fund_received_from: float
    running_budget_keur_per_head: float
    debt_keur_per_head: float
    dgf_ratio: float
    income_keur_per_head: float
    fiscal_potential_keur_per_head: float
    integration_coefficient: float
    savings_share: float
    repayment_years: float
    services_cut_max: float
    property_rate_rise_per_yr: float
    special_rise: bool
    property_cost_keur_per_job: float


@dataclass(frozen=True, slots=True)
class CaseFinance:
    """What a case says of the finances of its territories; (T,), NaN where it says nothing.

    Attributes
    ----------
    running_budget, debt, income : FloatArray, k€/inhabitant
    potential : FloatArray, k€/inhabitant of the grant
    inhabitants : FloatArray
        Population of the grant: one more inhabitant for each second home.
    integration : FloatArray
    property_rate, dwelling_rate : FloatArray, %
    rental : FloatArray, k€/dwelling
    exempt, shop : FloatArray, shape (K,)
        Share of the jobs of each sector exempt from the business tax, and share in shops.
    """

    running_budget: FloatArray
    debt: FloatArray
    income: FloatArray
    potential: FloatArray
    inhabitants: FloatArray
    integration: FloatArray
    property_rate: FloatArray
    dwelling_rate: FloatArray
    rental: FloatArray
    exempt: FloatArray
    shop: FloatArray


@dataclass(frozen=True, slots=True)
class Bases:
    """What can be taxed on one day; (T,), k€ unless said otherwise.

    Attributes
    ----------
    business : FloatArray
        Base of the business tax.
    premises : FloatArray
        Rental value of premises and land.
    shops : FloatArray
        Tax on shops, at the legal rate.
    staff : FloatArray, jobs
    """

    business: FloatArray
    premises: FloatArray
    shops: FloatArray
    staff: FloatArray


@dataclass(slots=True)
class FrenchState:
    """State of the French rules; arrays (T,), k€ and years unless said otherwise.

    Attributes
    ----------
    p, book, case
        Parameters, dated law, figures of the case (blanks filled by the parameters).
    value_added : FloatArray, shape (K,), k€/job
    public : BoolArray, shape (K,)
    base_years : FloatArray, shape (lag + 1, T)
        Base of the business tax of each January, the last first.
    dgf_extra : FloatArray
        Inhabitants that second homes add for the grant.
    vat_base, key_start
        Fraction of VAT of the start; rental values and staff of the start, shape (T, 2).
    compensation : FloatArray
    grant_per_head : FloatArray, k€/inhabitant
    rights : FloatArray, shape (reserve + 1, T), points
        Rights to raise the rate, the oldest first.
    rate_january, rate_high : FloatArray, %
        Rate on the last 1 January, and the highest legal one this year.
    service_start : FloatArray, k€/inhabitant
    equipment_per_head : FloatArray, k€/inhabitant
    inhabitants : FloatArray
        Population of the grant this year.
    amounts : dict of str to FloatArray
        Lines of the year, k€/yr.
    aids : dict of int to list
        Aid received by company id: (tick, row of the payer, amount).
    given, bounded
        Highest rate, highest and lowest aid of the scenario's rules, and the bounded rates now in force.
    """

    p: FrenchParams
    book: LawBook
    case: CaseFinance
    value_added: FloatArray
    public: BoolArray
    base_years: FloatArray
    dgf_extra: FloatArray
    vat_base: FloatArray
    key_start: FloatArray
    compensation: FloatArray
    grant_per_head: FloatArray
    rights: FloatArray
    rate_january: FloatArray
    rate_high: FloatArray
    service_start: FloatArray
    equipment_per_head: FloatArray
    inhabitants: FloatArray
    amounts: dict[str, FloatArray] = field(default_factory=dict)
    aids: dict[int, list[tuple[int, int, float]]] = field(default_factory=dict)
    given: tuple[FloatArray, FloatArray, FloatArray] | None = None
    bounded: FloatArray | None = None

    @property
    def taxed_base(self) -> FloatArray:
        """Base on which the business tax of this year falls, k€, shape (T,): that of the year before last."""
        out: FloatArray = self.base_years[-1]
        return out
