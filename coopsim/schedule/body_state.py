"""What other phases read of the bodies: posts lent to pacts, charters in force, indicators."""

import numpy as np

from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def lent_posts(world: World, members: BoolArray) -> float:
    """Return the posts that bodies lend to a pact: those of a body in which two of its members sit, FTE."""
    table = world.bodies
    if (table.animated_until < world.tick).all():
        return 0.0
    active = np.flatnonzero(table.alive & (table.animated_until >= world.tick))
    helped = sum(int((table.members(int(b)) & members).sum()) > 1 for b in active)
    return world.params.bodies.animation_fte * helped


def charter_members(world: World) -> BoolArray:
    """Return which territories follow the supply charter of a body, shape (T,)."""
    table = world.bodies
    out: BoolArray = np.any(table.seats[table.charter & table.alive] > 0, axis=0)
    return out


def indicators(world: World) -> dict[str, FloatArray]:
    """Return the indicators of bodies by territory, each (T,)."""
    table = world.bodies
    services = table.alive & (table.service >= 0)
    share = table.share[services]
    people = share.sum(axis=0)
    price = np.divide(table.price[services] @ share, people, out=np.zeros(world.size), where=people > 0.0)
    return {"body_contributions_keur": table.paid.copy(), "water_price_eur_per_m3": price}


def system_indicators(world: World) -> dict[str, float]:
    """Return the indicators of bodies for the whole system."""
    table = world.bodies
    return {
        "bodies": float(table.alive.sum()),
        "body_powers": float(table.powers[table.alive].sum()),
        "body_proposals": float(table.drafted.sum()),
        "body_adopted": float(table.passed.sum()),
        "body_refused": float(table.refused.sum()),
        "body_debt_keur": float(table.debt.sum()),
    }
