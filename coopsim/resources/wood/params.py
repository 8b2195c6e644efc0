"""Parameters of section ``resources.wood``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WoodParams:
    """Parameters of section ``resources.wood``.

    Attributes
    ----------
    growth : str
        Name of the growth rule (registry ``wood growth``).
    growth_exponent : float, 1
        Exponent of the ``power`` growth rule.
    catchability : float, 1/yr
        Share of the stock that one unit of effort cuts in a year, where councils decide efforts.
    effort_cost : float, k€/yr
        Cost of one unit of effort.
    effort_price : float, k€/m3
        What users get for the wood that efforts cut.
    mobilisable_max : float, 1
        Share of a stratum's potential that is mobilised when one owner decides alone.
    grouping_start : float, 1
        Factor by which fragmented private owners are grouped on the first day; the observed harvest is at 1.
    grouping_speed : float, 1/yr
        Share of the owners in excess of one whose consent stops being needed in a year of full animation.
    demand_growth : float, 1/yr
        Growth of the demand that conifer is cut for.
    haul_km : float, km
        Distance over which the attraction of a shed falls by e (road).
    sourcing_rounds : int
        Times that buyers left short turn to the sheds that still have wood.
    price_conifer : float, EUR/m3
        Reference price of roundwood at the roadside.
    price_elasticity : float, 1
        Exponent of the ratio of demand to supply.
    price_ratio_low, price_ratio_high : float, 1
        Bounds of that ratio.
    import_premium : float, 1
        Extra price of imported wood, as a share of the reference price.
    jobs_per_1000m3 : float, jobs
        Jobs in the chain per 1,000 m3 harvested.
    """

    growth: str
    growth_exponent: float
    catchability: float
    effort_cost: float
    effort_price: float
    mobilisable_max: float
    grouping_start: float
    grouping_speed: float
    demand_growth: float
    haul_km: float
    sourcing_rounds: int
    price_conifer: float
    price_elasticity: float
    price_ratio_low: float
    price_ratio_high: float
    import_premium: float
    jobs_per_1000m3: float
