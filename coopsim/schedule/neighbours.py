"""With whom a territory could share a pact."""

import numpy as np

from coopsim.types import BoolArray
from coopsim.world.state import World


def partners(world: World) -> BoolArray:
    """Return with whom each territory could share a pact under the admission rule, shape (T, T)."""
    off = ~np.eye(world.size, dtype=np.bool_)
    rules = world.rules
    near = world.ties.adjacent | ~rules.pacts.adjacent_only[:, None]
    if rules.pacts.same_basin.any():
        near = np.where(rules.pacts.same_basin[:, None], basin_partners(world), near)
    out: BoolArray = off & near
    return out


def basin_partners(world: World) -> BoolArray:
    """Return who has water that ends in the same river as the water of whom, shape (T, T)."""
    rivers = world.rivers
    outlet = np.arange(rivers.territory.size)
    while True:
        lower = rivers.downstream[outlet]
        further = np.where(lower >= 0, lower, outlet)
        if np.array_equal(further, outlet):
            break
        outlet = further
    has = np.zeros((world.size, max(outlet.size, 1)), np.bool_)
    has[rivers.territory, outlet] = True
    out: BoolArray = (has.astype(np.int64) @ has.T.astype(np.int64)) > 0
    return out
