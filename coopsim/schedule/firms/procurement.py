"""Public purchases: the orders that the rules move, the posts they make and lose, and what they cost."""

import numpy as np

from coopsim.economy import procurement
from coopsim.society.pact_life import working
from coopsim.types import FloatArray
from coopsim.world.state import World

QUARTER_OF_ORDERS = 1


def orders(world: World) -> FloatArray:
    """Return what is bought by the rules of purchase, shape (T,), k€/yr."""
    p = world.params.local.procurement
    public = world.signals.posts[:, world.sectors.public].sum(axis=1)
    anchors = p.anchor_keur_per_post * public * world.rules.local.anchors
    out: FloatArray = p.budget_share * world.finance.budget + anchors
    return out


def supplied(world: World) -> FloatArray:
    """Return the posts that serve such orders in each sector, shape (T, K): private, in what is not exported."""
    out: FloatArray = (
        world.signals.posts * ((1.0 - world.sectors.export_share) * ~world.sectors.public)[None, :]
    )
    return out


def favour(world: World) -> FloatArray:
    """Return what the rules of purchase multiply the weights of suppliers by, shape (T, T)."""
    p, rules = world.params.local.procurement, world.rules.local
    near = world.places.minutes <= p.reach_minutes
    # small companies near by can bid for lots and clauses, wherever the border runs
    bid = 1.0 + p.lots_gain * rules.lots + p.clauses_gain * rules.clauses
    out: FloatArray = np.where(near | np.eye(world.size, dtype=np.bool_), bid[:, None], 1.0)
    if rules.pooled.any():
        for row in world.pacts.active:
            m = world.pacts.members[row]
            gain = p.pooling_gain * working(world.params.pacts, world.params.pact_life, world.pacts, int(row))
            inside = np.ix_(m & rules.pooled, m)
            out[inside] *= 1.0 + gain
    return out


def moved(world: World) -> FloatArray:
    """Return the change of orders that each buyer sends to each territory, shape (T, T), k€/yr."""
    p, rules = world.params.local.procurement, world.rules.local
    base = procurement.weights(p, supplied(world).sum(axis=1), world.places.minutes)
    outside = procurement.outside_weight(p, base)
    usual = procurement.shares(base, outside, np.ones_like(base), np.zeros(world.size))
    now = procurement.shares(base, outside, favour(world), rules.direct)
    out: FloatArray = orders(world)[:, None] * (now - usual)
    return out


def purchases(world: World) -> FloatArray | float:
    """In spring: let companies adjust to where the orders of the year go; returns the drift of growth, (T, K) or 0.

    Buyers pay what the rules cost them: dearer orders, and their own work.
    """
    state, rules = world.local, world.rules.local
    if world.tick % 4 != QUARTER_OF_ORDERS or not (rules.buys or state.purchased.any()):
        return 0.0
    p = world.params.local.procurement
    flow = moved(world) if rules.buys else np.zeros((world.size, world.size))
    there = supplied(world)
    whole = there.sum(axis=1, keepdims=True)
    share = np.divide(there, whole, out=np.zeros_like(there), where=whole > 0.0)
    change = min(p.adjust_per_yr, 1.0) * (flow.sum(axis=0)[:, None] * share - state.purchased)
    state.purchased = state.purchased + change
    if rules.buys and world.spec.submodels.finance:
        work = p.lots_cost_share * np.minimum(rules.lots + rules.clauses + rules.direct, 1.0) * orders(world)
        dearer = p.premium * np.maximum(flow, 0.0).sum(axis=1)
        world.finance.post("services", work + dearer)
    made = world.signals.posts * world.sectors.value_added[None, :]
    ratio = np.divide(change, made, out=np.zeros_like(change), where=made > 0.0)
    out: FloatArray = np.log1p(np.clip(ratio, -0.5, 1.0))
    return out
