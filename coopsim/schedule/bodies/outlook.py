"""What delegates look at before they decide: each move's effects by the engine's own functions, and its cost.

Water services are put to a stress test: the demand of a peak day over the pressure that they aim at. River boards look
at a whole year as dry as the driest that they have lived through; a board that has seen no summer yet knows nothing.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coopsim.resources import water
from coopsim.schedule.bodies.dry_summer import DrySummer, wetter
from coopsim.schedule.bodies.perimeters import joined, neighbours
from coopsim.schedule.bodies.stores import sites, store_cost, store_volume
from coopsim.schedule.resources import timber
from coopsim.schedule.resources.water import Management, lent_capacity, yearly_needs
from coopsim.society import bodies as rules
from coopsim.society.body_moves import BODY_INDEX, BODY_KEYS, BODY_MOVES
from coopsim.society.councils import Expectations
from coopsim.society.pacts import efficiency
from coopsim.tables import SCOPES
from coopsim.tables.bodies import FOREST_CHARTER, PETR, RIVER_BOARD, WATER_SYNDICATE
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_WATER, _ENGINEERING = SCOPES.index("water"), SCOPES.index("engineering")
_MOST_YIELD = 0.9
_GAINS = ("resources", "social", "jobs", "revenue", "visible")
_NOTHING = 1e-9


@dataclass(slots=True)
class Outlook:
    """What one body may do and what its delegates expect of it.

    Attributes
    ----------
    expected : Expectations
        One column for each move of the menu.
    possible : BoolArray, shape (M,)
    cost : FloatArray, shape (M,), k€
        Works or programme, before any aid.
    target : IntArray, shape (M,)
        Body or node concerned; -1 for none.
    """

    expected: Expectations
    possible: BoolArray
    cost: FloatArray
    target: IntArray

    @classmethod
    def blank(cls, world: World) -> "Outlook":
        """Return an outlook without any move."""
        m = len(BODY_KEYS)
        return cls(
            Expectations.zeros(world.size, m),
            np.zeros(m, np.bool_),
            np.zeros(m),
            np.full(m, -1, dtype=np.int64),
        )

    def put(
        self,
        world: World,
        b: int,
        key: str,
        works: float,
        yearly: float,
        target: int = -1,
        **effects: Any,
    ) -> None:
        """Fill the column of a move: who pays what, and the effects that the power of the move covers.

        Parameters
        ----------
        works : float, k€
            Borrowed, less the aid of the water agency.
        yearly : float, k€/yr
            Running cost.
        """
        m, zero = BODY_INDEX[key], np.zeros(world.size)
        p, f = world.params.bodies, world.finance
        bill = yearly + rules.annuity(p, works, world.params.finance.interest_per_yr)
        people = world.bodies.served(b, world.people.population)
        payer = BODY_MOVES[m].payer
        by_seats = bool(world.bodies.by_seats[b]) and payer == "members"
        share = rules.contributions(bill, people, world.bodies.seats[b], by_seats=by_seats)
        taxed = world.rules.bodies.levy and world.bodies.kind[b] == RIVER_BOARD
        weight = p.user_weight if payer == "users" or taxed else 1.0
        effects["cost"] = 100.0 * weight * share / np.maximum(f.budget, 1e-9) + effects.get("cost", 0.0)
        for name in BODY_MOVES[m].terms:
            if name in effects:
                getattr(self.expected, name)[:, m] = effects[name]
        # services prepare no file that brings nothing by their own reckoning
        gains = [np.max(effects.get(name, zero)) for name in _GAINS] + [-float(np.min(effects["cost"]))]
        self.possible[m] = max(gains) > _NOTHING
        self.cost[m], self.target[m] = works if works else yearly, target


def outlook(world: World, b: int, dry: DrySummer | None) -> Outlook:
    """Return what a body may do this year; ``dry`` is what river boards judge by, the same for all of them."""
    out = Outlook.blank(world)
    kind = int(world.bodies.kind[b])
    if kind == RIVER_BOARD:
        _river(world, b, out, dry)
    else:
        {WATER_SYNDICATE: _service, FOREST_CHARTER: _forest, PETR: _project}[kind](world, b, out)
    members = world.bodies.members(b)
    allowed = (
        world.rules.bodies.allowed[members].all(axis=0) if members.any() else np.zeros(len(BODY_KEYS), bool)
    )
    out.possible &= allowed
    return out


def _stress(world: World) -> FloatArray:
    """Return the water that a stressed peak day delivers, shape (T,), m3/day."""
    drinking, industry = yearly_needs(world)
    aim = max(world.params.councils.supply_target_pressure, 1e-6)
    out: FloatArray = (
        world.rivers.yield_start * world.params.water.drinking_peak * (drinking + industry) / 365.0 / aim
    )
    return out


def _service(world: World, b: int, out: Outlook) -> None:
    """Leaks, capacity, sobriety, an interconnection, a merger: what each spares of an unmet peak day."""
    p, c, r = world.params.bodies, world.params.councils, world.rivers
    s = int(world.bodies.service[b])
    if s < 0 or not np.isfinite(r.capacity[s]) or r.capacity[s] <= 0.0:
        return
    asked = _stress(world)
    lent = lent_capacity(world, asked)
    unmet = water.supply(asked, r.served, lent, r.network_yield).unmet
    if unmet[world.bodies.members(b)].max(initial=0.0) <= 0.0:
        return  # a service that passes the test looks for nothing

    chance = 100.0 * p.stress_chance  # needs are in %, and a stressed day is not sure

    def gain(capacity: FloatArray, network: FloatArray, demand: FloatArray) -> FloatArray:
        out: FloatArray = chance * (unmet - water.supply(demand, r.served, capacity, network).unmet)
        return out

    if r.network_yield[s] + c.leak_step <= _MOST_YIELD:
        network = r.network_yield.copy()
        network[s] += c.leak_step
        spared = r.capacity[s] * c.leak_step / max(r.network_yield[s], 1e-9)
        works = spared * c.leak_cost_keur_per_m3_day
        out.put(world, b, "reduce_leaks", works, 0.0, social=gain(lent, network, asked))
    more = lent.copy()
    more[s] += r.capacity[s] * c.supply_step
    works = r.capacity[s] * c.supply_step * c.supply_cost_keur_per_m3_day
    out.put(world, b, "expand_water_supply", works, 0.0, social=gain(more, r.network_yield, asked))
    people = world.bodies.served(b, world.people.population).sum()
    if not world.bodies.saving[b]:
        spared_share = p.sobriety_saving * world.bodies.share[b]
        out.put(
            world, b, "sobriety_plan", 0.0, p.sobriety_eur_per_head * people / 1000.0,
            social=gain(lent, r.network_yield, asked * (1.0 - spared_share)),
        )  # fmt: skip
    _neighbour(world, b, asked, unmet, out)


def _neighbour(world: World, b: int, asked: FloatArray, unmet: FloatArray, out: Outlook) -> None:
    """Look at the neighbour whose network would help most: a main to it, or one body with it."""
    p, r, table = world.params.bodies, world.rivers, world.bodies
    near = [n for n in neighbours(world, b) if np.isfinite(r.capacity[table.service[n]])]
    if not near:
        return
    s = int(table.service[b])
    needed = (r.served @ asked) / r.network_yield
    spare = np.array([r.capacity[table.service[n]] - needed[table.service[n]] for n in near])
    best = near[int(np.argmax(spare))]
    other = int(table.service[best])
    linked = any({x, y} == {b, best} for x, y, _ in table.links)
    works = p.main_km * p.main_cost_keur_per_km
    if not linked:
        main = p.main_share * min(float(r.capacity[s]), float(r.capacity[other]))
        links = [(int(table.service[x]), int(table.service[y]), w) for x, y, w in table.links]
        lent = rules.interconnected(needed, r.capacity, [*links, (s, other, main)])
        eased = 100.0 * p.stress_chance * (unmet - water.supply(asked, r.served, lent, r.network_yield).unmet)
        out.put(world, b, "interconnect_networks", works, 0.0, best, social=eased)
    served, capacity, network = joined(r, s, other)
    eased = 100.0 * p.stress_chance * (unmet - water.supply(asked, served, capacity, network).unmet)
    running = float(table.ordinary[best]) + (1.0 - p.merger_saving_share) * float(table.ordinary[b])
    price = running / max(float(table.volume[[b, best]].sum()), 1e-9)
    people = {x: table.served(x, world.people.population) for x in (b, best)}
    # one price for all users: dearer for some, cheaper for others
    rise = sum((1000.0 * price - table.price[x]) * each for x, each in people.items())
    paid = world.params.water.drinking_m3_per_head * rise / 1000.0
    cost = 100.0 * p.user_weight * paid / np.maximum(world.finance.budget, 1e-9)
    mine = float(people[b].sum()) / max(float(people[b].sum() + people[best].sum()), 1e-9)
    theirs = np.where(table.members(best), p.transfer_ceded * mine, 0.0)
    ceded = np.where(table.members(b), p.transfer_ceded * (1.0 - mine), theirs)
    key = "merge_bodies" if table.members(b).sum() > 1 else "delegate_to_syndicate"
    if key == "delegate_to_syndicate" and table.members(best).sum() < 2 and best < b:  # noqa: PLR2004
        return  # of two services of one member each, the first in the order of codes asks
    out.put(
        world, b, key, 0.0 if linked else works, 0.0, best,
        social=eased, cost=cost, ceded=ceded,
        delay=np.ones(world.size),
    )  # fmt: skip


def _river(world: World, b: int, out: Outlook, dry: DrySummer | None) -> None:
    """Store, plan, wetlands: what each would have changed in the driest year seen."""
    table, p = world.bodies, world.params.bodies
    if dry is None or not table.nodes[b].any():
        return

    def effects(managed: Management, store: tuple[int, float] | None = None) -> dict[str, Any]:
        gained = dry.before - dry.brings(managed, store)
        return {"resources": gained[0], "social": 100.0 * p.irrigation_weight * gained[1]}

    people = float(table.served(b, world.people.population).sum())
    if not table.plan[b]:
        out.put(world, b, "abstraction_plan", 0.0, 0.0, **effects(dry.with_plans(np.append(dry.planned, b))))
    if table.wetlands[b] + p.wetland_step <= p.wetland_max + 1e-12:
        works = p.wetland_eur_per_head * people / 1000.0
        wet = replace(dry.now, graph=wetter(world, b))
        out.put(world, b, "wetland_works", works, 0.0, **effects(wet))
    best = -1.0
    for node in sites(world, b):
        works = store_cost(world, b, node)
        found = effects(dry.now, (node, store_volume(world, b, node)))
        worth = float((found["resources"] + 0.01 * found["social"]).sum()) / max(works, 1e-9)
        if worth > best:
            best = worth
            out.put(world, b, "low_flow_support", works, 0.0, node, **found)


def _forest(world: World, b: int, out: Outlook) -> None:
    """Grouping of owners, and a charter that caps the conifer harvest."""
    if not len(world.wood) or not world.spec.submodels.wood:
        return
    c, p = world.params.councils, world.params.bodies
    members = world.bodies.members(b)
    jobs = np.maximum(world.people.filled + world.people.own_account, 1.0)
    more = timber.harvest_per_yr(world, 0) * timber.grouping_share(world, c.grouping_step)
    won = np.where(members, more * timber.jobs_per_m3(world), 0.0)
    cost = c.grouping_cost_keur * float(members.sum())
    out.put(
        world, b, "group_forest_owners", 0.0, cost / c.horizon_years,
        jobs=100.0 * won / jobs, resources=np.where(members, c.wood_resource_gain, 0.0),
    )  # fmt: skip
    if not world.bodies.charter[b]:
        excess = np.clip(world.signals.wood.get("excess", np.zeros(world.size)), 0.0, 1.0)
        cut = timber.harvest_per_yr(world, 1) * excess / (1.0 + excess) * timber.jobs_per_m3(world)
        out.put(
            world, b, "supply_charter", 0.0, p.charter_cost_keur_per_yr,
            jobs=-100.0 * np.where(members, cut, 0.0) / jobs, resources=np.where(members, 0.5 * excess, 0.0),
        )  # fmt: skip


def _project(world: World, b: int, out: Outlook) -> None:
    """Diagnostic, animation of pacts, pooled engineering."""
    p, f, table = world.params.bodies, world.finance, world.bodies
    members = table.members(b)
    if table.diagnosed_until[b] < world.tick:
        out.put(
            world, b, "shared_diagnostic", 0.0, p.diagnostic_cost_keur / p.diagnostic_years,
            social=np.where(members, world.params.councils.programme_social_gain, 0.0),
            visible=np.where(members, 0.1, 0.0),
        )  # fmt: skip
    if table.animated_until[b] < world.tick:
        out.put(
            world, b, "pact_animation", 0.0, p.animation_fte * world.params.finance.animation_cost_per_fte,
            revenue=100.0 * pact_help(world, members) / np.maximum(f.budget, 1e-9),
            visible=np.where(members, 0.1, 0.0),
        )  # fmt: skip
    if table.pooled_until[b] < world.tick:
        out.put(
            world, b, "pooled_engineering", 0.0, p.pooling_fte * world.params.finance.animation_cost_per_fte,
            revenue=100.0 * pooled(world, members) / np.maximum(f.budget, 1e-9),
            ceded=np.where(members, p.transfer_ceded, 0.0),
        )  # fmt: skip


def pact_help(world: World, members: BoolArray) -> FloatArray:
    """Return what posts lent to the pacts would spare their members by better animation, k€/yr, shape (T,)."""
    out = np.zeros(world.size)
    pacts, p = world.pacts, world.params.pacts
    for row in pacts.active:
        m = pacts.members[row]
        if pacts.scopes[row, _ENGINEERING] and (m & members).any():
            n = np.array(float(m.sum()))
            more = efficiency(p, pacts.fte[row] + world.params.bodies.animation_fte, n)
            gain = float(more - efficiency(p, pacts.fte[row], n)) * p.pooling_gain_share
            out[m & members] += gain * world.finance.budget[m & members]
    return out


def pooled(world: World, members: BoolArray) -> FloatArray:
    """Return what pooled engineering spares its members, k€/yr, shape (T,): nothing where a pact does."""
    inside = members.copy()
    for row in world.pacts.active:
        if world.pacts.scopes[row, _ENGINEERING]:
            inside &= ~world.pacts.members[row]
    n = np.array(max(float(members.sum()), 1.0))
    share = float(efficiency(world.params.pacts, np.array(world.params.bodies.pooling_fte), n))
    spared = share * world.params.pacts.pooling_gain_share * world.finance.budget
    return np.where(inside, spared, 0.0)
