"""Water: ten-day steps over the river graph, drought stages, sharing rules, drinking-water capacity."""

from coopsim.resources.water.demand import irrigation_per_year, node_demand, to_nodes, unit_profile
from coopsim.resources.water.graph import (
    DAYS_PER_DEKAD,
    SECONDS_PER_DEKAD,
    accumulate,
    legal_floor,
    periodic_groundwater,
    release_share,
    river_graph,
    topology,
)
from coopsim.resources.water.kernel import DRINKING, INDUSTRY, IRRIGATION, OTHER, USES
from coopsim.resources.water.params import WaterParams
from coopsim.resources.water.quarter import Quarter, Ration, pact_groups, quarter, sharing
from coopsim.resources.water.river import Graph, Sharing
from coopsim.resources.water.supply import Supply, supply, water_security

__all__ = [
    "DAYS_PER_DEKAD",
    "DRINKING",
    "INDUSTRY",
    "IRRIGATION",
    "OTHER",
    "SECONDS_PER_DEKAD",
    "USES",
    "Graph",
    "Quarter",
    "Ration",
    "Sharing",
    "Supply",
    "WaterParams",
    "accumulate",
    "irrigation_per_year",
    "legal_floor",
    "node_demand",
    "pact_groups",
    "periodic_groundwater",
    "quarter",
    "release_share",
    "river_graph",
    "sharing",
    "supply",
    "to_nodes",
    "topology",
    "unit_profile",
    "water_security",
]
