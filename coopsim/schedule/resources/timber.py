"""Phases 2 to 4, wood: growth, what owners offer and buyers want, harvest under the rules, deliveries.

Broadleaf is an anticommons (owners of small plots: grouping raises the harvest), conifer a commons
(buyers take what they want of it).
"""

import numpy as np

from coopsim.economy.transition import use_factor
from coopsim.governance.wood_harvest import SupplyCharter, WoodContext, harvests
from coopsim.metrics import sum_by
from coopsim.resources import wood
from coopsim.resources.wood import GROWTH, GrowthContext
from coopsim.rng import Purpose, pair_ids, uniform
from coopsim.schedule.body_state import charter_members
from coopsim.schedule.resources.levies import wanted_under_levy
from coopsim.society.games import StockMap
from coopsim.society.pact_life import working
from coopsim.tables import BROADLEAF, CONIFER, SCOPES
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_WOOD = SCOPES.index("wood")
_HOME_FIRST = 1e6  # weight of a shed for its own buyers, where they are served first


def wood_phase(world: World) -> None:
    """Grow, want, cut and deliver."""
    if not world.spec.submodels.wood:
        return
    if len(world.wood) == 0:
        deliveries(world)  # everything is imported
        return
    f, p = world.wood, world.params.wood
    f.increment = wood.increment(f.volume, f.capacity, f.rate)
    f.wanted = wanted_under_levy(world, wanted(world))
    harvestable = wood.harvestable(f.volume, f.increment)
    period = int(world.rules.period[0])
    due = world.tick % period == period - 1
    rule = _growth(world)
    if p.growth == "power":
        # a stock that moves by periods holds what stands in it until the period ends
        f.increment = np.zeros(len(f))
        harvestable = f.volume
    members = world.pacts.covered("wood")
    if world.bodies.charter.any():
        members = members | charter_members(world)
    context = WoodContext(
        volume=f.volume,
        harvestable=harvestable,
        increment=f.increment,
        wanted=f.wanted,
        member=members[f.territory],
        breach=breaching(world)[f.territory],
        increment_share=increment_shares(world)[f.territory],
        planned_share=planned(world, due=due),
    )
    # a wood pact is a charter: its members' conifer follows it instead of the rule of the territory
    base = [world.rules.wood[i] for i in f.territory]
    charter = SupplyCharter()
    rules = [
        charter if members[i] and g == CONIFER else r
        for i, g, r in zip(f.territory, f.group, base, strict=True)
    ]
    f.harvest = harvests(rules, context)
    f.volume = rule.after(GrowthContext(f.volume, f.capacity, f.rate, f.harvest, due))
    deliveries(world)
    group_owners_in_pacts(world)
    _signals(world)


def _growth(world: World) -> wood.GrowthRule:
    p = world.params.wood
    return GROWTH.build({"rule": "power", "exponent": p.growth_exponent} if p.growth == "power" else p.growth)


def increment_shares(world: World) -> FloatArray:
    """Return the cap of each territory as a share of the increment, shape (T,)."""
    return world.rules.increment_share


def wanted(world: World) -> FloatArray:
    """Return what owners offer (broadleaf) or buyers want (conifer) in the quarter, shape (S,), m3."""
    f, p = world.wood, world.params.wood
    share = wood.mobilisable_share(wood.consents(f.owners, f.grouping), p.mobilisable_max)
    base = wood.mobilisable_share(wood.consents(f.owners, np.ones(len(f))), p.mobilisable_max)
    offered = wood.mobilised(f.base_harvest, share, base, f.increment, f.base_increment)
    effort = f.base_harvest / np.maximum(f.base_volume, 1e-12)
    asked = wood.wanted(effort, f.volume, world.tick / 4.0, p.demand_growth)
    out: FloatArray = np.where(f.group == BROADLEAF, offered, asked)
    return out


def planned(world: World, *, due: bool) -> FloatArray:
    """Return the share of each stock that each council cuts this quarter, shape (T, S).

    A share decided is cut once a period; an effort cuts ``q·E/4`` of the stock every quarter.
    """
    f = world.wood
    if not world.strategies.any():
        return np.broadcast_to(0.0, f.access.T.shape)
    objective = np.array([getattr(maker, "objective", "") for maker in world.rules.makers])
    effort = 0.25 * world.params.wood.catchability * world.strategies
    stock = np.isin(objective, ("net_benefit", "water_benefit"), invert=True)  # theirs are no harvests
    share = np.where(objective == "rent", effort, world.strategies * stock * float(due))
    if not share.any():
        return np.broadcast_to(0.0, f.access.T.shape)
    out: FloatArray = np.where(f.access.T, share[:, None], 0.0)
    return out


def breaching(world: World) -> BoolArray:
    """Return which members of a wood pact cut above their cap this year, shape (T,): a keyed draw each year."""
    from coopsim.schedule.ties import breach_probability

    out = np.zeros(world.size, np.bool_)
    year = world.tick // 4
    for row in world.pacts.active:
        if world.pacts.scopes[row, _WOOD]:
            ids = pair_ids(np.full(world.size, world.pacts.id[row]), world.places.id)
            draw = uniform(world.seed, Purpose.PROMISE, ids, 4 * year + 3)
            out |= world.pacts.members[row] & (draw < breach_probability(world, int(row)))
    return out


def deliveries(world: World) -> None:
    """Deliver the wood to companies by distance; what is missing is imported. Sets the wood ration (T, 2)."""
    f, p, s = world.wood, world.params.wood, world.signals
    if s.posts.sum() == 0:
        return
    need_each = (
        0.25
        * s.posts
        * world.sectors.wood[None, :]
        * use_factor(world.params.transition, s.acting, s.posts, world.exchanged("wood"))
    )
    weight = wood.attraction(world.places.km, p.haul_km)
    if world.rules.local.wood_local_first.any():
        weight = weight + np.diag(_HOME_FIRST * world.rules.local.wood_local_first)
    for group in (BROADLEAF, CONIFER):
        rows = f.group == group
        need = need_each[:, world.sectors.wood_group == group].sum(axis=1)
        if group == BROADLEAF:
            need = need + 0.25 * world.local.fuel  # heat networks buy beside the companies
        flow = wood.deliver(f.harvest[rows], need, weight, p.sourcing_rounds, f.territory[rows])
        local = np.where(need > 0, flow.flow.sum(axis=0) / np.maximum(need, 1e-12), 1.0)
        s.wood[f"local_{group}"] = local
        # imports cost more: they do not stop a company, they take part of its output
        s.wood_ration[:, group] = np.maximum(1.0 - p.import_premium * (1.0 - local), 0.0)


def group_owners_in_pacts(world: World) -> None:
    """Let the animation of wood pacts group forest owners."""
    effort = np.zeros(world.size)
    for row in world.pacts.active:
        if world.pacts.scopes[row, _WOOD]:
            m = world.pacts.members[row]
            eff = working(world.params.pacts, world.params.pact_life, world.pacts, int(row))
            effort[m] = np.maximum(effort[m], eff)
    f = world.wood
    f.grouping = wood.grow_grouping(
        f.grouping, f.owners, effort[f.territory] * f.private, world.params.wood.grouping_speed
    )


def group_owners(world: World, step: FloatArray) -> None:
    """Group owners by a council's own programme: consents needed fall by ``step``·(m0 − 1), shape (T,)."""
    f = world.wood
    effort: FloatArray = 4.0 * step[f.territory] * f.private
    f.grouping = wood.grow_grouping(f.grouping, f.owners, effort, 1.0)


def grouping_share(world: World, step: float) -> FloatArray:
    """Return the relative rise of the broadleaf harvest if consents fall by ``step``·(m0 − 1), shape (T,)."""
    f = world.wood
    now = wood.consents(f.owners, f.grouping)
    effort: FloatArray = 4.0 * step * f.private.astype(np.float64)
    after = wood.consents(f.owners, wood.grow_grouping(f.grouping, f.owners, effort, 1.0))
    lift: FloatArray = (1.0 + now) / (1.0 + after) - 1.0
    base = sum_by(f.territory, f.harvest * (f.group == BROADLEAF), world.size)
    more = sum_by(f.territory, f.harvest * lift * (f.group == BROADLEAF), world.size)
    out: FloatArray = more / np.maximum(base, 1e-12)
    return out


def harvest_per_yr(world: World, group: int) -> FloatArray:
    """Return the harvest of a group at the pace of the last tick, shape (T,), m3/yr."""
    f = world.wood
    out: FloatArray = 4.0 * sum_by(f.territory, f.harvest * (f.group == group), world.size)
    return out


def charter_gain(world: World, years: FloatArray) -> FloatArray:
    """Return the broadleaf harvest a charter would add after ``years`` of full animation, shape (T,), m3/yr."""
    if len(world.wood) == 0 or not world.spec.submodels.wood:
        return np.zeros(world.size)
    step = world.params.wood.grouping_speed * float(np.mean(years))
    return harvest_per_yr(world, BROADLEAF) * grouping_share(world, step)


def supply_per_post(world: World) -> FloatArray:
    """Return the logarithm of local harvest per wood post over that of the start, shape (T, K), within ±1."""
    f, s, sectors = world.wood, world.signals, world.sectors
    out = np.zeros_like(s.posts)
    if len(f) == 0 or not world.spec.submodels.wood:
        return out
    for group in (BROADLEAF, CONIFER):
        users = (sectors.wood_group == group) & (sectors.wood > 0.0)
        rows = f.group == group
        now = sum_by(f.territory, 4.0 * f.harvest * rows, world.size)[:, None]
        start = sum_by(f.territory, f.base_harvest * rows, world.size)[:, None]
        first = s.posts_start[:, users]
        posts = s.posts[:, users] / np.maximum(first, 1e-12)
        known = (now > 0) & (start > 0) & (posts > 0) & (first > 0)
        ratio = np.where(known, now / np.maximum(start, 1e-12) / np.maximum(posts, 1e-12), 1.0)
        out[:, users] = np.minimum(np.maximum(np.log(ratio), -1.0), 1.0)
    return out


def conifer_price(world: World) -> FloatArray:
    """Return the roadside price of conifer wood, shape (T,), EUR/m3: what is wanted over what is cut."""
    f, p = world.wood, world.params.wood
    rows = f.group == CONIFER
    wants = sum_by(f.territory, f.wanted * rows, world.size) if len(f) else np.zeros(world.size)
    cut = sum_by(f.territory, f.harvest * rows, world.size) if len(f) else np.zeros(world.size)
    return wood.price(p.price_conifer, wants, cut, p.price_elasticity, p.price_ratio_low, p.price_ratio_high)


def jobs_per_m3(world: World) -> float:
    """Return jobs of the chain per m3 and year."""
    return world.params.wood.jobs_per_1000m3 / 1000.0


def shared_stock(world: World) -> tuple[float, StockMap]:
    """Return the relative volume of the first stratum and its yearly growth map, for the harvest game."""
    f, p = world.wood, world.params.wood
    a = p.growth_exponent if p.growth == "power" else float(f.rate[0])
    return float(f.volume[0] / f.capacity[0]), StockMap(p.growth, a, 1.0)


def sustained_yield(world: World) -> tuple[float, float]:
    """Return *a* and *b* of the yearly value ``aX - bX²`` that the efforts X on the first stratum sustain.

    ``a = pqK``, ``b = pq²K/r`` (Schaefer 1954).
    """
    f, p = world.wood, world.params.wood
    a = p.effort_price * p.catchability * float(f.capacity[0])
    return a, a * p.catchability / max(float(f.rate[0]), 1e-12)


def effort_fees(world: World) -> FloatArray:
    """Return the yearly fee that each territory's users pay on their efforts, shape (T,), k€/yr."""
    rent = np.array([getattr(maker, "objective", "") == "rent" for maker in world.rules.makers])
    out: FloatArray = np.where(rent, world.rules.pacts.effort_fee * world.strategies, 0.0)
    return out


def storm(world: World, where: IntArray, share: float) -> None:
    """Destroy a share of the standing wood of some territories; part of it is sold as salvage."""
    f = world.wood
    struck = np.isin(f.territory, where)
    f.volume, lost = wood.lose(f.volume, struck, share)
    f.lost = f.lost + lost


def _signals(world: World) -> None:
    f, s = world.wood, world.signals
    conifer = f.group == CONIFER
    cap = increment_shares(world)[f.territory] * np.maximum(f.increment, 0.0)
    over = sum_by(f.territory, np.maximum(f.wanted - cap, 0.0) * conifer, world.size)
    room = sum_by(f.territory, cap * conifer, world.size)
    s.wood["excess"] = over / np.maximum(room, 1e-9)


def indicators(world: World) -> dict[str, FloatArray]:
    """Return the wood indicators, each (T,)."""
    f = world.wood
    zero = np.zeros(world.size)
    out = {}
    for name, group in (("broadleaf", BROADLEAF), ("conifer", CONIFER)):
        rows = f.group == group
        cut = sum_by(f.territory, f.harvest * rows, world.size) if len(f) else zero
        grown = sum_by(f.territory, f.increment * rows, world.size) if len(f) else zero
        out[f"{name}_harvest_m3"] = 4.0 * cut
        out[f"{name}_ratio"] = cut / np.maximum(grown, 1e-9) * (grown > 0)
    out["standing_wood_m3"] = sum_by(f.territory, f.volume, world.size) if len(f) else zero
    local = world.signals.wood.get("local_1", np.ones(world.size))
    out["wood_unmet_share"] = 1.0 - local
    out["wood_price_eur_per_m3"] = conifer_price(world)
    return out
