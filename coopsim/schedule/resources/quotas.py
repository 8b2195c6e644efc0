"""Phase 3, quotas of water: what companies and irrigation may ask of the river, and what they sell each other.

Once a season, before the dekads: each use of a node holds a volume; where the rule lets it, holders of one basin trade.
What a quota or a cap takes from a use is missing to it like what the river lacks.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.economy import water_market
from coopsim.economy.water_market import MarketState, Trade
from coopsim.governance.water_quota import Quota, TradableQuota
from coopsim.metrics import sum_by
from coopsim.resources.water import INDUSTRY, IRRIGATION, to_nodes
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_DEKADS = 9
_USES = (INDUSTRY, IRRIGATION)


@dataclass(frozen=True, slots=True)
class Granted:
    """What uses may ask of the river; volumes of the season.

    Attributes
    ----------
    industry, irrigation : FloatArray, shape (W,), m3/yr
        Within caps and quotas, at the pace of the season.
    share_industry, share_irrigation : FloatArray, shape (T,), 0-1
        Part of what was asked for.
    asked_irrigation : FloatArray, shape (T,), m3
        In the season, before caps and quotas.
    quota, used : FloatArray, shape (2, W), m3
        Consumed in the season: what each holds, and what it may use after the market.
    trade : Trade or None
        Holders are the nodes for industry, then for irrigation.
    """

    industry: FloatArray
    irrigation: FloatArray
    share_industry: FloatArray
    share_irrigation: FloatArray
    asked_irrigation: FloatArray
    quota: FloatArray | None = None
    used: FloatArray | None = None
    trade: Trade | None = None


def active(world: World) -> BoolArray | None:
    """Return the nodes whose users hold quotas, shape (W,); None without any. A pact's common cut replaces them."""
    held = np.array([isinstance(rule, Quota) for rule in world.rules.water])
    if not held.any():
        return None
    held &= ~(world.pacts.covered("water") & world.rules.common_cut)
    return held[world.rivers.territory] if held.any() else None


def granted(
    world: World, season: int, asked: tuple[FloatArray, FloatArray], capped: tuple[FloatArray, FloatArray]
) -> Granted:
    """Return what companies and irrigation may ask of the river in a season.

    Parameters
    ----------
    asked, capped : tuple of FloatArray
        Industry (T,) and irrigation (W,), m3/yr, before and after the caps of the rules.
    """
    r = world.rivers
    industry, irrigation = to_nodes(capped[0], r.territory, r.intake_share), capped[1]
    # the part of a yearly volume that falls in the season
    part = np.array([0.25, 0.25 * r.irrigation_profile[season * _DEKADS : (season + 1) * _DEKADS].mean()])
    before = part[1] * sum_by(r.territory, asked[1], world.size)
    here = active(world)
    if here is None:
        return Granted(industry, irrigation, *_shares(world, asked, industry, irrigation), before)
    lost = r.graph.consumed[:, list(_USES)].T
    wish = np.array([industry, irrigation]) * part[:, None] * lost
    quota = np.where(here, _quotas(world, part, lost), wish)
    used, trade = np.minimum(wish, quota), None
    sells = here & np.array([isinstance(rule, TradableQuota) for rule in world.rules.water])[r.territory]
    if sells.any():
        trade = _market(world, wish, quota, sells)
        used = np.where(sells, trade.used.reshape(2, -1), used)
    kept = np.divide(used, wish, out=np.ones_like(used), where=wish > 0.0)
    industry, irrigation = industry * kept[0], irrigation * kept[1]
    shares = _shares(world, asked, industry, irrigation)
    return Granted(industry, irrigation, *shares, before, quota, used, trade)


def _shares(
    world: World, asked: tuple[FloatArray, FloatArray], industry: FloatArray, irrigation: FloatArray
) -> tuple[FloatArray, FloatArray]:
    r, size = world.rivers, world.size
    wish = to_nodes(asked[0], r.territory, r.intake_share), asked[1]
    pairs = [
        (sum_by(r.territory, a, size), sum_by(r.territory, g, size))
        for a, g in zip(wish, (industry, irrigation), strict=True)
    ]
    first, second = (np.divide(g, a, out=np.ones(size), where=a > 0.0) for a, g in pairs)
    return np.minimum(first, 1.0), np.minimum(second, 1.0)


def basins(world: World) -> IntArray:
    """Return the basin of each node, shape (W,)."""
    graph = world.rivers.graph
    out = np.zeros(graph.order.size, dtype=np.int64)
    for n, (a, b) in enumerate(zip(graph.starts[:-1], graph.starts[1:], strict=True)):
        out[graph.order[a:b]] = n
    return out


def _quotas(world: World, part: FloatArray, lost: FloatArray) -> FloatArray:
    """Return the volume that each use of each node may consume in the season, shape (2, W), m3."""
    r, w = world.rivers, world.params.water
    first = to_nodes(
        (world.signals.posts_start * world.sectors.water[None, :]).sum(axis=1), r.territory, r.intake_share
    )
    usual = np.array([first, r.irrigated * w.irrigation_m3_per_ha]) * part[:, None] * lost
    rules = [world.rules.water[i] for i in r.territory]
    share = np.array([rule.volume_share if isinstance(rule, Quota) else 0.0 for rule in rules])
    head = np.array([isinstance(rule, Quota) and rule.per_head for rule in rules])
    if head.any():
        usual = np.where(head, _by_head(world, usual, head), usual)
    return share * usual


def _by_head(world: World, usual: FloatArray, head: BoolArray) -> FloatArray:
    """Return the volume of each basin given by inhabitants; uses of one node hold it as they consumed."""
    r, where = world.rivers, basins(world)
    people = to_nodes(world.places.population, r.territory, r.intake_share) * head
    here, size = usual.sum(axis=0), int(where.max(initial=0)) + 1
    total, heads = sum_by(where, here * head, size)[where], sum_by(where, people, size)[where]
    volume = np.divide(total * people, heads, out=here.copy(), where=heads > 0.0)
    half = np.full_like(usual, 0.5)
    out: FloatArray = volume * np.divide(usual, here, out=half, where=here > 0.0)
    return out


def _market(world: World, wish: FloatArray, quota: FloatArray, sells: BoolArray) -> Trade:
    """Let the holders of each basin sell and buy; those outside the market keep what they hold."""
    r, p = world.rivers, world.params
    local, lost = p.local, r.graph.consumed[:, list(_USES)].T
    # €/m3 at which a use asks for nothing, its demand being linear: water of industry by its elasticity, irrigation by
    # twice what a hectare earns on average (in k€) for its water
    value = np.array(
        [
            local.prices.water_eur_per_m3 / max(local.prices.industry_elasticity, 1e-9),
            2000.0 * local.reciprocity.irrigation_keur_per_ha / max(p.water.irrigation_m3_per_ha, 1e-9),
        ]
    )
    top = np.divide(value[:, None], lost, out=np.zeros_like(lost), where=lost > 0.0)
    rules = [world.rules.water[i] for i in r.territory]
    cost = np.array([r.transaction_eur_per_m3 if isinstance(r, TradableQuota) else 0.0 for r in rules])
    inside = np.tile(sells, 2)
    basin = np.tile(basins(world), 2)
    return water_market.clear(
        np.where(inside, wish.ravel(), 0.0),
        np.where(inside, quota.ravel(), 0.0),
        np.where(inside, top.ravel(), 0.0),
        np.tile(cost, 2),
        basin,
        int(basin.max(initial=0)) + 1,
    )


def settle(world: World, now: Granted) -> None:
    """Pay what was sold: companies and farmers of each territory pay or are paid, and remember it."""
    if now.trade is None:
        world.local.water_market = None if world.local.water_market is None else _closed(world)
        return
    r, size = world.rivers, world.size
    state = world.local.water_market or MarketState.founded(size)
    world.local.water_market = state
    rules = [world.rules.water[i] for i in r.territory]
    cost = np.array([r.transaction_eur_per_m3 if isinstance(r, TradableQuota) else 0.0 for r in rules])
    net = now.trade.bought.reshape(2, -1)
    price = now.trade.price[basins(world)]
    fees = np.maximum(net, 0.0) * cost / 1000.0
    firms, farms = (sum_by(r.territory, x, size) for x in net * price / 1000.0 + fees)
    state.bought[world.tick % 4] = sum_by(r.territory, np.maximum(net, 0.0).sum(axis=0), size)
    state.firms, state.farms = firms, farms
    state.balance = state.balance - firms - farms
    state.lost = state.lost + sum_by(r.territory, fees.sum(axis=0), size)
    state.price = np.zeros(size)
    np.maximum.at(state.price, r.territory, price)
    _write(world, state)


def _closed(world: World) -> MarketState:
    state = world.local.water_market or MarketState.founded(world.size)
    state.bought[world.tick % 4] = 0.0
    state.firms, state.farms, state.price = np.zeros((3, world.size))
    return state


def market_cost(world: World) -> FloatArray | None:
    """Return what quotas cost companies, k€ per job and year, (T, K); below 0 for who sells; None without any."""
    state = world.local.water_market
    if state is None or not state.firms.any():
        return None
    s, sectors = world.signals, world.sectors
    need = np.maximum((s.posts * sectors.water[None, :]).sum(axis=1), 1e-12)
    out: FloatArray = np.multiply.outer(4.0 * state.firms / need, sectors.water * ~sectors.public)
    return out


def indicators(world: World) -> dict[str, FloatArray]:
    """Return the water bought in the last four quarters and the balance of payments, each (T,)."""
    state = world.local.water_market
    if state is None:
        return {"water_traded_m3": np.zeros(world.size), "water_rights_keur": np.zeros(world.size)}
    return {"water_traded_m3": state.bought.sum(axis=0), "water_rights_keur": state.balance}


def _write(world: World, state: MarketState) -> None:
    volume = float(state.bought[world.tick % 4].sum())
    if volume <= 0.0 or not world.spec.journal:
        return
    price = float(state.price.max())
    fr = f"marché de l'eau : {volume:.0f} m³ vendus, jusqu'à {price:.2f} €/m³".replace(".", ",")
    world.write(
        "", "market", "water", amount=volume, outcome="traded",
        reason_fr=fr, reason_en=f"water market: {volume:.0f} m³ sold, at up to {price:.2f} €/m³",
    )  # fmt: skip
