"""Parameters of section ``resources.land``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LandParams:
    """Parameters of section ``resources.land``.

    Attributes
    ----------
    opening_lag : int, ticks
        Time from the decision to open land to plots that can be sold.
    opening_cost : float, kEUR/ha
        Development of new land: roads, networks, studies.
    remediation_cost : float, kEUR/ha
        Recycling of brownfield, clean-up included.
    resold_share : float, 1
        Share of owned land that finds a buyer when a company leaves; the rest becomes brownfield.
    brownfield_return : float, 1/yr
        Share of brownfield that returns to the market by itself.
    ask_above, release_below : float, 1
        A company asks for land when its need exceeds this multiple of what it holds, and gives back below.
    release_speed : float, 1/quarter
        Share of its excess that a company gives back in a quarter.
    growth_floor : float, 1
        Growth that remains possible for a company that finds no land.
    price_reference : float, EUR/m2
    price_vacancy : float, 1
        Vacancy at which the price is the reference.
    price_elasticity : float, 1
    price_vacancy_least : float, 1
        Vacancy under which scarcity stops raising the price.
    price_low, price_high : float, 1
        Bounds of the price over the reference.
    density_elasticity : float, 1
        Fall of the land wanted per job with its price, % by %.
    rent_yield : float, 1/yr
        Yearly cost of land to a company over its price.
    housing_rate : float, 1/yr
        New housing land over housing land in a mean year.
    other_ha_per_km2 : float, ha/km2/yr
        New land for roads, quarries and other artificial uses, outside the game.
    reference_years : int, yr
        Length of the law's reference decade, 2011-2021.
    period_from : int, calendar year
        First year of the law's first period.
    period_years : int, yr
    next_period_factor : float, 1
        Envelope of a period over the one before, after the first.
    programme_fading : float, 1/quarter
        Share of an opening that the envelope delays and that the council gives up in a quarter.
    spread_envelope : bool
        Whether planning documents spread the envelope over the years of the period.
    communal_guarantee_ha : float, ha
        Consumption that no commune can be denied in the first period.
    sealed_economic, sealed_housing, sealed_other : float, 1
        Share of consumed land that counts as artificialised.
    synergy_* : float, 1
        Share of the land of two services that they save by sharing a plot.
    energy_share : float, 1
        Part of energy in the land asked for other artificial uses.
    grid_rounds : int, ticks
        Time between two meetings of the services on a grid.
    grid_keur : float, kEUR/yr
        Coordinator of the grid and time of the services.
    dense_demand_elasticity : float, 1
        Fall of the dwellings built with the density imposed over the usual one, % by %.
    protection_keur_per_ha : float, kEUR/ha/yr
        Upkeep of land protected by the rules.
    """

    opening_lag: int
    opening_cost: float
    remediation_cost: float
    resold_share: float
    brownfield_return: float
    ask_above: float
    release_below: float
    release_speed: float
    growth_floor: float
    price_reference: float
    price_vacancy: float
    price_elasticity: float
    price_vacancy_least: float
    price_low: float
    price_high: float
    density_elasticity: float
    rent_yield: float
    housing_rate: float
    other_ha_per_km2: float
    reference_years: int
    period_from: int
    period_years: int
    next_period_factor: float
    communal_guarantee_ha: float
    spread_envelope: bool
    programme_fading: float
    sealed_economic: float
    sealed_housing: float
    sealed_other: float
    synergy_economy_housing: float
    synergy_economy_energy: float
    synergy_economy_mobility: float
    synergy_housing_energy: float
    synergy_housing_mobility: float
    synergy_energy_mobility: float
    energy_share: float
    grid_rounds: int
    grid_keur: float
    dense_demand_elasticity: float
    protection_keur_per_ha: float
