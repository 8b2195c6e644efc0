"""Rules that a scenario can set: registries of named rules, legal seats, voting power."""

from coopsim.governance.cost_games import CostGame, CostTable, RunwayCost
from coopsim.governance.cost_sharing import COST_SHARING, CostSharingRule
from coopsim.governance.deliberation import DELIBERATION, DeliberationRule, Sitting
from coopsim.governance.land_opening import LAND, LandContext, LandRule, Opening, openings
from coopsim.governance.voting import VOTING, Ballot, VotingRule
from coopsim.governance.water_allocation import WATER, WaterContext, WaterRule, as_ration, kernel_arrays
from coopsim.governance.water_bankruptcy import Bankruptcy
from coopsim.governance.wood_harvest import WOOD, WoodContext, WoodRule, harvests

__all__ = [
    "COST_SHARING",
    "DELIBERATION",
    "LAND",
    "VOTING",
    "WATER",
    "WOOD",
    "Ballot",
    "Bankruptcy",
    "CostGame",
    "CostSharingRule",
    "CostTable",
    "DeliberationRule",
    "LandContext",
    "LandRule",
    "Opening",
    "RunwayCost",
    "Sitting",
    "VotingRule",
    "WaterContext",
    "WaterRule",
    "WoodContext",
    "WoodRule",
    "as_ration",
    "harvests",
    "kernel_arrays",
    "openings",
]
