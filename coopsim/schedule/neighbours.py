"""With whom a territory could share a pact."""

import numpy as np

from coopsim.types import BoolArray
from coopsim.world.state import World


def partners(world: World) -> BoolArray:
    """Return with whom each territory could share a pact under the admission rule, shape (T, T)."""
    off = ~np.eye(world.size, dtype=np.bool_)
    near = world.ties.adjacent | ~world.rules.adjacent_only[:, None]
    out: BoolArray = off & near
    return out
