"""Phases 2 to 4, water: runoff, demand of each node, sharing under the rules, supply of the services."""

from dataclasses import dataclass

import numpy as np

from coopsim.economy.transition import use_factor
from coopsim.governance.water_allocation import Pact, as_ration, kernel_arrays
from coopsim.metrics import sum_by
from coopsim.resources import water
from coopsim.schedule.resources.levies import above_threshold, asked_under_levy, capped
from coopsim.schedule.resources.pledges import given_up
from coopsim.schedule.resources.quotas import Granted, granted, settle
from coopsim.schedule.shocks import shock_levels
from coopsim.society.bodies import interconnected
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_DEKADS = 9
_SUMMER = 2  # third quarter
_PLANS = 1_000_000  # numbers of abstraction plans, above those of pacts


@dataclass(frozen=True, slots=True)
class Management:
    """What bodies make of the rivers in one quarter.

    Attributes
    ----------
    graph : Graph
        The rivers, their wetlands included.
    plan : IntArray or None, shape (W,)
        Number of the abstraction plan of each node, -1 for none; None without any plan.
    released : FloatArray or None, shape (9, W), m3/s
        Water released by the stores, negative where it is held back.
    stored : FloatArray or None, shape (B,), m3
        What each store gains.
    """

    graph: water.Graph
    plan: IntArray | None = None
    released: FloatArray | None = None
    stored: FloatArray | None = None


def management(world: World, factor: FloatArray) -> Management:
    """Return what the bodies in force make of this quarter."""
    b, r = world.bodies, world.rivers
    plan = plan_numbers(b.nodes[b.plan], np.flatnonzero(b.plan)) if b.plan.any() else None
    if not (b.store_node >= 0).any():
        return Management(r.graph, plan)
    released, stored = np.zeros((_DEKADS, len(r.node))), np.zeros(len(b))
    for row in np.flatnonzero(b.store_node >= 0):
        node, room = int(b.store_node[row]), float(b.store_capacity[row] - b.store[row])
        flow, stored[row] = store_flow(world, world.tick % 4, factor, node, float(b.store[row]), room)
        released[:, node] += flow
    return Management(r.graph, plan, released, stored)


def plan_numbers(nodes: BoolArray, rows: IntArray) -> IntArray:
    """Return the number of the plan of each node, shape (W,): the first body's where two plans meet."""
    out = np.full(nodes.shape[1], -1)
    for body, inside in zip(rows[::-1].tolist(), nodes[::-1], strict=True):
        out[inside] = _PLANS + body
    return out


def store_flow(
    world: World, season: int, factor: FloatArray, node: int, stored: float, room: float
) -> tuple[FloatArray, float]:
    """Return what a store adds to its node in each dekad, (9,) m3/s, and what it gains, m3.

    It holds back a share of the winter's high flow, up to its room, and gives all of it back over the summer.
    """
    r, seconds = world.rivers, water.SECONDS_PER_DEKAD
    part = slice(season * _DEKADS, (season + 1) * _DEKADS)
    if season == _SUMMER:
        return np.full(_DEKADS, stored / (_DEKADS * seconds)), -stored
    if season:
        return np.zeros(_DEKADS), 0.0
    # what goes to the ground is not held back
    passing = r.boundary[part, node] + (1.0 - r.graph.recharge[node]) * r.runoff[part, node]
    held = (
        world.params.bodies.store_fill_share
        * passing
        * np.broadcast_to(factor, (_DEKADS, len(r.node)))[:, node]
    )
    volume = float(held.sum()) * seconds
    if volume > room:
        held = held * (max(room, 0.0) / volume)
    return -held, float(held.sum()) * seconds


def _stored(world: World, managed: Management) -> None:
    if managed.stored is not None:
        world.bodies.store = np.maximum(world.bodies.store + managed.stored, 0.0)


def lent_capacity(world: World, delivered: FloatArray) -> FloatArray:
    """Return the capacity of each service once neighbours have lent what they can through their mains, (B,), m3/d."""
    r, b = world.rivers, world.bodies
    if not b.links:
        return r.capacity
    needed = (r.served @ delivered) / r.network_yield
    mains = [(int(b.service[x]), int(b.service[y]), main) for x, y, main in b.links]
    return interconnected(needed, r.capacity, mains)


def water_phase(world: World) -> None:
    """Run nine dekads of the rivers, then the peak day of the water services."""
    if not world.spec.submodels.water or not world.rivers.node:
        return
    r = world.rivers
    factor = world.climate.quarter(world.tick)[:, None] * (1.0 - shock_levels(world, "drought")[r.territory])
    drinking, industry = yearly_needs(world)
    world.signals.water["needs"] = drinking + industry
    if world.rules.local.water_block.any():
        world.signals.water["above"] = above_threshold(world, _drinking(world))
    managed = management(world, factor)
    q = river_quarter(world, world.tick % 4, factor, r.groundwater, (drinking, industry), managed)
    may = allowed(world, world.tick % 4, industry)
    r.groundwater = q.groundwater
    _stored(world, managed)
    settle(world, may)
    _tell(world, q, may)
    _services(world, drinking, industry)
    _remember(world)


def river_quarter(
    world: World,
    season: int,
    factor: FloatArray,
    groundwater: FloatArray,
    needs: tuple[FloatArray, FloatArray],
    managed: Management,
) -> water.Quarter:
    """Return nine dekads of the rivers under the rules in force and what the bodies made of them.

    Parameters
    ----------
    season : int, 0-3
    factor : FloatArray, shape (9, W) or (9, 1)
        Runoff and inflow over their mean regime.
    groundwater : FloatArray, shape (W,), m3
        At the start of the quarter.
    needs : tuple of FloatArray, each (T,), m3/yr
        Drinking water and industry.
    managed : Management
    """
    r, p = world.rivers, world.params.water
    drinking, industry = needs
    part = slice(season * _DEKADS, (season + 1) * _DEKADS)
    may = allowed(world, season, industry)
    demand = water.node_demand(
        water.to_nodes(drinking, r.territory, r.intake_share),
        may.industry,
        may.irrigation,
        r.other + asked_by_councils(world),
        r.drinking_profile[part],
        r.irrigation_profile[part],
    )
    together = (world.pacts.covered("water") & world.rules.common_cut)[r.territory]
    pact = _pact_of_nodes(world)
    if managed.plan is not None:
        planned = ~together & (managed.plan >= 0)
        pact, together = np.where(planned, managed.plan, pact), together | planned
    rules = [
        Pact(p.pact_doe_share) if covered else world.rules.water[i]
        for i, covered in zip(r.territory, together, strict=True)
    ]
    code, share = kernel_arrays(rules)
    sharing = water.sharing(
        code,
        pact,
        share,
        world.rules.drought_stages[r.territory].astype(np.int64),
        managed.graph,
        p,
    )
    boundary = r.boundary[part] * factor
    return water.quarter(
        managed.graph,
        sharing,
        r.runoff[part] * factor,
        boundary if managed.released is None else boundary + managed.released,
        demand,
        groundwater,
        as_ration(rules),
    )


def allowed(world: World, season: int, industry: FloatArray) -> Granted:
    """Return what companies and irrigation may ask of the river in a season: contracts, caps and quotas hold."""
    r = world.rivers
    irrigation = water.irrigation_per_year(r.irrigated, world.climate.wetness(world.tick), world.params.water)
    forgone = given_up(world)
    if forgone is not None:
        irrigation = irrigation * (1.0 - forgone[r.territory])
    return granted(world, season, (industry, irrigation), capped(world, industry, irrigation))


def asked_by_councils(world: World) -> FloatArray:
    """Return the water that councils with objective ``water_benefit`` ask of their river, shape (W,), m3/s."""
    here = np.array([getattr(m, "objective", "") == "water_benefit" for m in world.rules.makers])
    r = world.rivers
    out: FloatArray = (world.strategies * here)[r.territory] * r.intake_share
    return out


def _drinking(world: World) -> FloatArray:
    """Return the drinking water of each territory at users and at the ordinary price, shape (T,), m3/yr."""
    drinking = world.params.water.drinking_m3_per_head * world.people.population
    if world.bodies.saving.any():  # sobriety plans of the services
        drinking = drinking * np.clip(1.0 - world.bodies.saving @ world.bodies.share, 0.0, 1.0)
    return drinking


def yearly_needs(world: World) -> tuple[FloatArray, FloatArray]:
    """Return drinking water (at users) and industrial water of each territory, m3/yr, each (T,)."""
    p, s = world.params, world.signals
    drinking = _drinking(world)
    factor = use_factor(p.transition, s.acting, s.posts, world.exchanged("water"))
    industry = (s.posts * world.sectors.water[None, :] * factor).sum(axis=1)
    if world.pathway.agreements:  # companies that arrived use more or less than ordinary ones
        industry = np.maximum(industry + world.pathway.water, 0.0)
    return asked_under_levy(world, drinking, industry)


def _pact_of_nodes(world: World) -> IntArray:
    out = np.full(world.size, -1)
    for row in world.pacts.active:
        if world.pacts.scopes[row, 0]:
            out[world.pacts.members[row] & world.rules.common_cut] = row
    return out[world.rivers.territory]


def _tell(world: World, q: water.Quarter, may: Granted) -> None:
    """Turn what happened at nodes into shares by territory (intakes weigh where water is used)."""
    r, s = world.rivers, world.signals
    n = np.maximum(np.bincount(r.territory, minlength=world.size), 1)

    def mean(values: FloatArray) -> FloatArray:
        out: FloatArray = sum_by(r.territory, values, world.size) / n
        return out

    def asked(use: int) -> FloatArray:
        out: FloatArray = sum_by(r.territory, q.demanded[:, use], world.size)
        return out

    def unmet(use: int) -> FloatArray:
        got = sum_by(r.territory, q.withdrawn[:, use], world.size)
        need = asked(use)
        out: FloatArray = np.where(need > 0, 1.0 - got / np.maximum(need, 1e-12), 0.0)
        return out

    below = mean(q.below / _DEKADS)
    s.water["below"] = below
    s.water["caused"] = mean(q.below_caused / _DEKADS)
    s.water["level"] = mean((q.levels * np.arange(4)).sum(axis=1) / _DEKADS)
    s.water["unmet_drinking"] = unmet(water.DRINKING)
    # what a cap or a quota keeps from a use is missing to it, as what the river lacks
    part = may.share_irrigation
    s.water["unmet_irrigation"] = _missing(unmet(water.IRRIGATION), part)
    s.water["asked_irrigation"] = np.where(part < 1.0, may.asked_irrigation, asked(water.IRRIGATION))
    s.water["river_industry"] = _missing(unmet(water.INDUSTRY), may.share_industry)
    s.water["imbalance"] = q.imbalance
    s.water["withdrawn_other"] = q.withdrawn[:, water.OTHER]
    s.water["flow"] = q.flow
    s.water["dry"] = q.below.astype(np.float64)
    if world.tick % 4 == _SUMMER:
        memory = world.params.water.security_memory
        r.security = water.water_security(r.security, 1.0 - below, memory)
        crisis = below > 0.2  # noqa: PLR2004 - two dekads of a summer
        s.crisis_ticks += crisis
        s.salience = np.where(crisis, np.minimum(1.0, s.salience + 0.3), s.salience)


def _missing(unmet: FloatArray, granted_share: FloatArray) -> FloatArray:
    out: FloatArray = np.where(granted_share < 1.0, 1.0 - granted_share * (1.0 - unmet), unmet)
    return out


def _remember(world: World) -> None:
    """Keep five years of the shares that indicators average: one season says nothing of a regime."""
    s = world.signals
    row = world.tick % s.water_years.shape[0]
    s.water_years[row] = np.stack(
        [
            s.water["below"],
            s.water["caused"],
            s.water["level"],
            s.water["unmet_drinking"],
            s.water["unmet_irrigation"] * s.water["asked_irrigation"],
            s.water["asked_irrigation"],
            1.0 - s.water_ration,
        ]
    )


def indicators(world: World) -> dict[str, FloatArray]:
    """Return the water indicators, five-year means, each (T,)."""
    s = world.signals
    lived = min(world.tick + 1, s.water_years.shape[0])
    mean = s.water_years[:lived].mean(axis=0)
    summers = s.water_years[_SUMMER:lived:4]
    if len(summers):
        mean[:3] = summers[:, :3].mean(axis=0)
    return {
        "low_flow_share": mean[0],
        "low_flow_caused_share": mean[1],
        "restriction_level": mean[2],
        "unmet_drinking_share": mean[3],
        "unmet_irrigation_share": mean[4] / np.maximum(mean[5], 1e-12),
        "unmet_industry_share": mean[6],
        "supply_pressure": s.water.get("pressure", np.zeros(world.size)),
        "water_security": world.rivers.security,
    }


def _services(world: World, drinking: FloatArray, industry: FloatArray) -> None:
    """Compare the peak day with the capacity of the services; short services ration people and firms alike."""
    r, s, p = world.rivers, world.signals, world.params.water
    if not r.body:
        s.water_ration = 1.0 - s.water["river_industry"]
        return
    # the coefficient per inhabitant and the capacities count water produced, leaks included
    delivered = r.yield_start * p.drinking_peak * (drinking + industry) / 365.0
    found = water.supply(delivered, r.served, lent_capacity(world, delivered), r.network_yield)
    s.water["pressure"] = found.pressure
    s.water["ratio"] = found.ratio
    s.water["capacity"] = (r.served.T * np.nan_to_num(r.capacity)[None, :]).sum(axis=1)
    pooled = found.unmet
    for row in world.pacts.active:
        if world.pacts.scopes[row, 0]:
            m = world.pacts.members[row]
            pooled = np.where(m, _pooled(world, m, delivered), pooled)
    s.water["unmet_drinking"] = np.maximum(s.water["unmet_drinking"], pooled)
    s.water_ration = np.clip(1.0 - np.maximum(s.water["river_industry"], pooled), 0.0, 1.0)


def _pooled(world: World, members: BoolArray, delivered: FloatArray) -> FloatArray:
    """Return the unmet share when the services of a pact's members are interconnected: one pool, one ration."""
    r = world.rivers
    have = float((r.served[:, members].sum(axis=1) / np.maximum(r.served.sum(axis=1), 1e-12)
                  * np.nan_to_num(r.capacity) * r.network_yield).sum())  # fmt: skip
    need = float(delivered[members].sum())
    short = max(0.0, 1.0 - have / need) if need > 0 else 0.0
    return np.full(world.size, short)
