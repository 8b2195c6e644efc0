"""Phase 2, one account of land: members of a pact that decided so share what is left of their envelopes."""

import numpy as np

from coopsim.governance.land_opening import Cap, LandRule, SharedReserve
from coopsim.types import BoolArray, IntArray
from coopsim.world.state import World


def land_pact(world: World) -> IntArray:
    """Return the pact on land of each territory, -1 for none, shape (T,)."""
    out = np.full(world.size, -1)
    for row in world.pacts.active:
        if world.pacts.scopes[row, 2]:
            out[world.pacts.members[row]] = row
    return out


def capped(world: World) -> BoolArray:
    """Return which territories have an envelope of their own, shape (T,): there is nothing else to share."""
    return np.array([isinstance(rule, Cap) for rule in world.rules.land])


def rules_in_force(world: World, pact: IntArray) -> list[LandRule]:
    """Return the rule of opening of each territory: a common account in place of their own for those who share."""
    sharing = world.commitments.reserve
    if not sharing.any():
        return world.rules.land
    sharing = sharing & (pact >= 0) & capped(world)
    return [SharedReserve() if share else rule for share, rule in zip(sharing, world.rules.land, strict=True)]
