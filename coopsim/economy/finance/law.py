"""Dated legal facts of public finance, read from ``scenarios/law/finance.toml``."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from coopsim.errors import scenario_error

EVIDENCE = ("from", "article", "source", "url", "verified")


@dataclass(frozen=True, slots=True)
class FinanceLaw:
    """The law of one day; amounts in k€ unless the name says otherwise.

    Attributes
    ----------
    mean_rate_pct, ceiling_multiple : float
        National mean of the business tax rate and multiple of it that no rate may exceed (CGI 1636 B septies).
    link_elasticity : float
        Largest relative rise of the rate over that of the property taxes of the year before (1636 B decies).
    special_rise_share : float
        Special increase, as a share of the national mean, for rates below that mean (1636 B sexies, I, 3).
    reserve_years : int
        Years during which an unused right to a rise is kept.
    minimum_exempt_turnover, minimum_turnover, minimum_low, minimum_high
        Turnover exempt from the minimum base; upper bounds of the brackets; bounds of the base (1647 D).
    base_lag_years : int
        Years between the base and the tax (1467 A).
    property_base_share : float
        Base of the property tax on buildings over the rental value (1388).
    shop_*
        Tax on shops: thresholds, and rate in €/m² by turnover in €/m².
    river_tax_ceiling : float, k€/inhabitant
    vat_rental_weight, vat_staff_weight : float
        Key by which the growth of the VAT that replaced the CVAE is shared.
    grant_base_share, grant_income_weight, grant_floor, grant_ceiling, grant_integration_cap
        Grant of the State: share without correction, weight of the income gap, bounds per inhabitant of one year over
        the year before, cap of the integration coefficient.
    grant_guarantee_integration : float
        Integration above which the grant per inhabitant does not fall (communautés de communes).
    fund_*
        Fund between groups of communes (FPIC).
    allowance_legal_share : float
        Least share of a solidarity allowance that income and potential gaps explain (L5211-28-4).
    compensation_indexation : float, 1/yr
    running_deficit_allowed : float, share of the running revenue (L1612-4)
    aid_small_share, aid_medium_share, aid_small_jobs, aid_medium_jobs
        Aid to property: share of its cost by size of the company.
    de_minimis, de_minimis_years
    """

    mean_rate_pct: float
    ceiling_multiple: float
    link_elasticity: float
    special_rise_share: float
    reserve_years: int
    minimum_exempt_turnover: float
    minimum_turnover: tuple[float, ...]
    minimum_low: float
    minimum_high: tuple[float, ...]
    base_lag_years: int
    property_base_share: float
    shop_surface_m2: float
    shop_turnover: float
    shop_low_eur_per_m2: float
    shop_slope: float
    shop_from_eur_per_m2: float
    shop_to_eur_per_m2: float
    shop_high_eur_per_m2: float
    river_tax_ceiling: float
    vat_rental_weight: float
    vat_staff_weight: float
    grant_base_share: float
    grant_income_weight: float
    grant_floor: float
    grant_ceiling: float
    grant_integration_cap: float
    grant_guarantee_integration: float
    fund_potential_threshold: float
    fund_paid_potential_weight: float
    fund_received_income_weight: float
    fund_received_potential_weight: float
    fund_population_from: float
    fund_population_to: float
    fund_population_slope: float
    allowance_legal_share: float
    compensation_indexation: float
    running_deficit_allowed: float
    aid_small_share: float
    aid_medium_share: float
    aid_small_jobs: float
    aid_medium_jobs: float
    de_minimis: float
    de_minimis_years: int

    @classmethod
    def from_table(cls, table: Mapping[str, Any], on: date) -> Self:
        """Return the law in force on a day; before the first version of a section, that first version.

        Raises
        ------
        ScenarioError
            When a value is missing.
        """
        found: dict[str, Any] = {}
        for versions in table.values():
            past = [version for version in versions if version["from"] <= on]
            version = max(past, key=lambda v: v["from"]) if past else min(versions, key=lambda v: v["from"])
            for name, value in version.items():
                if name not in EVIDENCE:
                    found[name] = tuple(value) if isinstance(value, list) else value
        names = [field.name for field in fields(cls)]
        if missing := [name for name in names if name not in found]:
            raise scenario_error(
                "valeurs de droit manquantes", "values of law are missing", key=", ".join(missing)
            )
        return cls(**{name: found[name] for name in names})


@dataclass(slots=True)
class LawBook:
    """Every version of every text; the law of a year is that of its first of January.

    Attributes
    ----------
    table : mapping
        The parsed file of dated versions.
    """

    table: Mapping[str, Any]
    _year: int | None = None
    _law: FinanceLaw | None = None

    def of(self, year: int) -> FinanceLaw:
        """Return the law in force on the first of January of a year."""
        if self._law is None or self._year != year:
            self._law, self._year = FinanceLaw.from_table(self.table, date(year, 1, 1)), year
        return self._law
