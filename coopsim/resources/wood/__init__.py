"""Wood: growth of strata, what owners mobilise and buyers want, prices, deliveries from sheds to buyers."""

from coopsim.resources.wood.growth import (
    GROWTH,
    GrowthContext,
    GrowthRule,
    growth_rule,
    harvestable,
    increment,
)
from coopsim.resources.wood.params import WoodParams
from coopsim.resources.wood.sourcing import Deliveries, attraction, deliver
from coopsim.resources.wood.supply import (
    consents,
    grow_grouping,
    lose,
    mobilisable_share,
    mobilised,
    price,
    wanted,
)

__all__ = [
    "GROWTH",
    "Deliveries",
    "GrowthContext",
    "GrowthRule",
    "WoodParams",
    "attraction",
    "consents",
    "deliver",
    "grow_grouping",
    "growth_rule",
    "harvestable",
    "increment",
    "lose",
    "mobilisable_share",
    "mobilised",
    "price",
    "wanted",
]
