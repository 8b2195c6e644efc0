"""What contracts of reciprocity in force leave in the river."""

import numpy as np

from coopsim.types import FloatArray
from coopsim.world.state import World


def given_up(world: World) -> FloatArray | None:
    """Return the share of its irrigation that each territory gives up, shape (T,); None where nobody does."""
    kept = np.ones(world.size)
    for contract in world.local.contracts:
        if contract.ended < 0 and contract.offer.gives == "water":
            kept[contract.offer.giver] *= 1.0 - contract.offer.share
    return 1.0 - kept if (kept < 1.0).any() else None


def in_force(world: World) -> FloatArray:
    """Return the contracts in force of each territory, shape (T,)."""
    out = np.zeros(world.size)
    for contract in world.local.contracts:
        if contract.ended < 0:
            out[[contract.offer.giver, contract.offer.taker]] += 1.0
    return out
