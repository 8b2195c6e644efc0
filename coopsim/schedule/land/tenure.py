"""How public plots are given to companies: sold or leased, by the rules and by what councils have decided."""

import numpy as np

from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def sold(world: World) -> BoolArray:
    """Return where plots may be sold, shape (T,): nowhere that a council has decided to lease."""
    out: BoolArray = world.rules.sold & ~world.commitments.leases
    return out


def leased(world: World) -> BoolArray:
    """Return where plots may be leased, shape (T,)."""
    out: BoolArray = world.rules.leased | world.commitments.leases
    return out


def leased_share(world: World) -> FloatArray:
    """Return the part of public plots that is leased as companies take them, shape (T,): half under a mixed tenure."""
    out: FloatArray = np.where(sold(world), np.where(leased(world), 0.5, 0.0), 1.0)
    return out
