"""Parameters of section ``resources.water``."""

from dataclasses import dataclass

_STAGES = 3  # alerte, alerte renforcée, crise: below vigilance, which cuts nothing


@dataclass(frozen=True, slots=True)
class WaterParams:
    """Parameters of section ``resources.water``.

    Attributes
    ----------
    groundwater_share : float, 1
        Share of local runoff that feeds the groundwater reservoir.
    reservoir_days : float, d
        Residence time k of the groundwater reservoir.
    drinking_consumed, industry_consumed, irrigation_consumed : float, 1
        Share of a withdrawal that does not return to the river at low flow.
    irrigation_m3_per_ha : float, m3/ha/yr
        Irrigation of one hectare in a mean year.
    irrigation_wetness : float, 1/ln
        Fall of irrigation demand (logarithm) per unit of the yearly wetness anomaly.
    drinking_m3_per_head : float, m3/yr
        Drinking water put into the network per inhabitant, leaks included.
    stage_thresholds : tuple of float, 1
        Three decreasing ratios of flow to the low-flow target under which restrictions tighten.
    cut_drinking, cut_industry, cut_irrigation, cut_other : tuple of float, 1
        Share of each use cut at the three restriction levels.
    drinking_exempt : bool
        Whether the ecological floor does not bind drinking water under the State's rule.
    module_floor_from_m3s : float, m3/s
        Mean flow above which the authority may lower the legal floor.
    module_floor_large : float, 1
        Lowest legal floor above that mean flow, as a share of it.
    security_memory : float, 1
        Weight of last year in the water security that companies and councils perceive.
    default_network_yield : float, 1
        Share of produced drinking water that reaches users where a body gives none.
    pact_doe_share : float, 1
        Flow that a water pact defends, as a share of the low-flow target; the floor wherever that is higher.
    drinking_peak : float, 1
        Peak day over mean day of drinking water, against which the capacity of a body is read.
    """

    groundwater_share: float
    reservoir_days: float
    drinking_consumed: float
    industry_consumed: float
    irrigation_consumed: float
    irrigation_m3_per_ha: float
    irrigation_wetness: float
    drinking_m3_per_head: float
    stage_thresholds: tuple[float, ...]
    cut_drinking: tuple[float, ...]
    cut_industry: tuple[float, ...]
    cut_irrigation: tuple[float, ...]
    cut_other: tuple[float, ...]
    drinking_exempt: bool
    module_floor_from_m3s: float
    module_floor_large: float
    security_memory: float
    default_network_yield: float
    drinking_peak: float
    pact_doe_share: float

    def __post_init__(self) -> None:
        cuts = (self.cut_drinking, self.cut_industry, self.cut_irrigation, self.cut_other)
        if {len(cut) for cut in cuts} != {_STAGES} or len(self.stage_thresholds) != _STAGES:
            raise ValueError("resources.water needs three thresholds and three cuts for each use")
        if any(a < b for a, b in zip(self.stage_thresholds, self.stage_thresholds[1:], strict=False)):
            raise ValueError("resources.water.stage_thresholds must decrease")
