"""Phase 2, rights to consume land: who may use the hectare guaranteed to each commune, and what is protected.

The law of 20 July 2023 (article 4) lets no commune be denied one hectare in the first period, and lets communes pool
it at the level of their EPCI. Kept apart, the hectare of a commune that asks for none serves nobody; pooled in a pact,
what one member does not use serves another, against its own right. Pooling between EPCIs (``pact``) is a rule to
try, not the law; how the law words pooling inside an EPCI was not verified against its text.
"""

import numpy as np

from coopsim.metrics import sum_by
from coopsim.resources import land
from coopsim.resources.land import Use
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.types import BoolArray, FloatArray
from coopsim.world.land_rules import POOLS
from coopsim.world.state import World

APART, BY_PACT = POOLS.index("none"), POOLS.index("pact")


def usable(world: World, envelope: FloatArray, opened: float, wanted: FloatArray) -> FloatArray:
    """Return the envelope of each territory once the pool of guarantees is known, shape (T,), ha.

    Parameters
    ----------
    envelope : FloatArray, shape (T,), ha
        As if each EPCI pooled the guarantees of its communes.
    opened : float, 1
        Share of the period's envelope that planning documents have opened so far.
    wanted : FloatArray, shape (T,), ha
        Consumed since the period began and asked for now.
    """
    pool, g = world.rules.plots.pool, world.land
    out = envelope
    if (pool == APART).any() and g.period >= 0:
        out = np.where(pool == APART, np.minimum(envelope, _apart(world, opened, wanted)), out)
    if (pool == BY_PACT).any() or g.lent.any():
        _lend(world, out, opened, wanted)
        out = out - g.lent
    return out


def _apart(world: World, opened: float, wanted: FloatArray) -> FloatArray:
    """Return what communes may consume where each keeps its own right; they ask in proportion to their people."""
    g, p = world.land, world.params.land
    share, home = g.commune_share, g.commune_of
    own = g.reference * world.rules.cap_share * p.next_period_factor ** max(g.period, 0)
    least = p.communal_guarantee_ha if g.period == 0 else 0.0
    right = np.maximum(own[home] * share, least) * opened
    return sum_by(home, np.minimum(right, wanted[home] * share), world.size)


def _lend(world: World, envelope: FloatArray, opened: float, wanted: FloatArray) -> None:
    """Move rights that come from the guarantee inside pacts on land, from members that do not use them."""
    g, p = world.land, world.params.land
    if g.period != 0:
        return
    own = g.reference * world.rules.cap_share
    from_guarantee = np.maximum(p.communal_guarantee_ha * g.communes - own, 0.0) * opened
    left = envelope - g.lent - wanted
    spare = np.clip(np.minimum(left, from_guarantee - np.maximum(g.lent, 0.0)), 0.0, None)
    short = np.maximum(-left, 0.0)
    for members in land_pacts(world):
        m = members & (world.rules.plots.pool == BY_PACT)
        moved = min(float(spare[m].sum()), float(short[m].sum()))
        if moved > 0.0 and np.isfinite(moved):
            g.lent = g.lent + np.where(m, moved * (spare / spare[m].sum() - short / short[m].sum()), 0.0)


def land_pacts(world: World) -> list[BoolArray]:
    """Return the members of each pact on land."""
    return [world.pacts.members[row] for row in world.pacts.active if world.pacts.scopes[row, 2]]


def protect(world: World) -> None:
    """Once a year, put natural land under protection up to the share of the rules; pay for its upkeep."""
    rules, g = world.rules.plots, world.land
    if rules.protected.any() and world.tick % TICKS_PER_YEAR == 0:
        missing = rules.protected * world.places.area - g.uses[:, Use.PROTECTED]
        g.uses, moved = land.convert(g.uses, Use.NAF, Use.PROTECTED, missing)
        g.shielded = g.shielded + moved
    if g.shielded.any() and world.spec.submodels.finance:
        world.finance.post("programmes", 0.25 * world.params.land.protection_keur_per_ha * g.shielded)
