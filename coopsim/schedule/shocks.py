"""How strongly the running events hit each territory."""

import numpy as np

from coopsim.types import FloatArray
from coopsim.world.state import World


def shock_levels(world: World, what: str) -> FloatArray:
    """Return the strongest running shock of a kind in each territory, shape (T,), 0 where there is none."""
    out = np.zeros(world.size)
    for until, kind, amount, where in world.shocks:
        if kind == what and until >= world.tick:
            out[where] = np.maximum(out[where], amount)
    return out
