"""How public plots are given to companies: sold or leased, by the rules and by what councils have decided."""

from coopsim.types import BoolArray
from coopsim.world.state import World


def sold(world: World) -> BoolArray:
    """Return where plots may be sold, shape (T,): nowhere that a council has decided to lease."""
    out: BoolArray = world.rules.sold & ~world.commitments.leases
    return out


def leased(world: World) -> BoolArray:
    """Return where plots may be leased, shape (T,)."""
    out: BoolArray = world.rules.leased | world.commitments.leases
    return out
