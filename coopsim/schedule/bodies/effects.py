"""What adopted moves of bodies change, and what they post to the body's account; outcomes come by the sub-models."""

from dataclasses import replace

import numpy as np

from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.bodies.dry_summer import wetter
from coopsim.schedule.bodies.perimeters import held_by, join
from coopsim.schedule.bodies.stores import store_cost, store_volume
from coopsim.schedule.resources import timber
from coopsim.types import BoolArray
from coopsim.world.rules import DIAGNOSTICS, compile_rules
from coopsim.world.state import World


def apply_due(world: World) -> None:
    """Apply the moves whose time has come; one whose body or partner is gone lapses."""
    table = world.bodies
    if not table.pending:
        return
    due = [entry for entry in table.pending if entry[0] <= world.tick]
    table.pending = [entry for entry in table.pending if entry[0] > world.tick]
    for _, b, key, target in sorted(due, key=lambda entry: (entry[0], entry[1], entry[2])):
        partner = key in _WITH_A_PARTNER
        if not table.alive[b] or (partner and not table.alive[target]):
            tell(world, b, key, "lapsed", "sans objet : un des organismes n'existe plus",
                 "without object: one of the bodies is no more")  # fmt: skip
            continue
        EFFECTS[key](world, b, target)


def works(world: World, b: int, cost: float) -> None:
    """Pay for works: the agency's share comes from outside, the rest is borrowed."""
    aid = cost * world.params.bodies.agency_share
    world.bodies.post(b, "works", cost)
    world.bodies.post(b, "outside_funding", aid)
    s = int(world.bodies.service[b])
    if s >= 0:
        world.signals.water_works[s] += cost


def _leaks(world: World, b: int, target: int) -> None:  # noqa: ARG001
    c, r, s = world.params.councils, world.rivers, int(world.bodies.service[b])
    gain = r.capacity[s] * c.leak_step / max(float(r.network_yield[s]), 1e-9)
    r.network_yield[s] = min(float(r.network_yield[s]) + c.leak_step, 1.0)
    works(world, b, float(gain) * c.leak_cost_keur_per_m3_day)


def _capacity(world: World, b: int, target: int) -> None:  # noqa: ARG001
    c, r, s = world.params.councils, world.rivers, int(world.bodies.service[b])
    gain = float(r.capacity[s]) * c.supply_step
    r.capacity[s] += gain
    works(world, b, gain * c.supply_cost_keur_per_m3_day)


def _sobriety(world: World, b: int, target: int) -> None:  # noqa: ARG001
    p, table = world.params.bodies, world.bodies
    table.saving[b] = p.sobriety_saving
    table.saving_until[b] = world.tick + TICKS_PER_YEAR * p.sobriety_years - 1


def _main(world: World, b: int, partner: int) -> None:
    p, r, table = world.params.bodies, world.rivers, world.bodies
    if any({x, y} == {b, partner} for x, y, _ in table.links):
        return
    smaller = min(float(r.capacity[table.service[x]]) for x in (b, partner))
    table.links.append((min(b, partner), max(b, partner), p.main_share * smaller))
    table.links.sort()
    works(world, b, p.main_km * p.main_cost_keur_per_km)


def _store(world: World, b: int, node: int) -> None:
    table = world.bodies
    if table.store_node[b] >= 0 or (table.store_node == node).any():
        return
    cost = store_cost(world, b, node)
    table.store_node[b], table.store_capacity[b] = node, store_volume(world, b, node)
    works(world, b, cost)


def _plan(world: World, b: int, target: int) -> None:  # noqa: ARG001
    world.bodies.plan[b] = True


def _wetlands(world: World, b: int, target: int) -> None:  # noqa: ARG001
    p, table = world.params.bodies, world.bodies
    world.rivers.graph = wetter(world, b)
    table.wetlands[b] += p.wetland_step
    people = float(table.served(b, world.people.population).sum())
    works(world, b, p.wetland_eur_per_head * people / 1000.0)


def _owners(world: World, b: int, target: int) -> None:  # noqa: ARG001
    c, table = world.params.councils, world.bodies
    members = table.members(b)
    timber.group_owners(world, np.where(members, c.grouping_step, 0.0))
    programme(world, b, c.grouping_cost_keur * float(members.sum()))


def _charter(world: World, b: int, target: int) -> None:  # noqa: ARG001
    world.bodies.charter[b] = True


def _diagnostic(world: World, b: int, target: int) -> None:  # noqa: ARG001
    p = world.params.bodies
    world.bodies.diagnosed_until[b] = world.tick + TICKS_PER_YEAR * p.diagnostic_years - 1
    programme(world, b, p.diagnostic_cost_keur)
    lend_diagnostics(world)


def _animation(world: World, b: int, target: int) -> None:  # noqa: ARG001
    world.bodies.animated_until[b] = world.tick + TICKS_PER_YEAR * world.params.bodies.staff_years - 1


def _engineering(world: World, b: int, target: int) -> None:  # noqa: ARG001
    world.bodies.pooled_until[b] = world.tick + TICKS_PER_YEAR * world.params.bodies.staff_years - 1


def _power(world: World, b: int, power: int) -> None:
    holder = held_by(world, b, power)
    if holder < 0:
        world.bodies.powers[b, power] = True
        return
    name = world.bodies.name[holder]
    tell(
        world,
        b,
        "transfer_power",
        "lapsed",
        f"compétence déjà exercée par {name}",
        f"power already held by {name}",
    )


def _joins(world: World, b: int, partner: int) -> None:
    p, table = world.params.bodies, world.bodies
    if not any({x, y} == {b, partner} for x, y, _ in table.links):
        works(world, partner, p.main_km * p.main_cost_keur_per_km)
    join(world, b, partner)
    tell(world, b, "joined", "joined", f"rejoint {table.name[partner]}, à qui passent réseau, sièges, budget et dette",
         f"joins {table.name[partner]}: network, seats, budget and debt pass to it")  # fmt: skip


def programme(world: World, b: int, cost: float) -> None:
    """Pay for a programme out of the loans of the body: members repay it with the rest."""
    world.bodies.post(b, "programmes", cost)


_WITH_A_PARTNER = ("interconnect_networks", "merge_bodies", "delegate_to_syndicate")
EFFECTS = {
    "reduce_leaks": _leaks,
    "expand_water_supply": _capacity,
    "sobriety_plan": _sobriety,
    "interconnect_networks": _main,
    "low_flow_support": _store,
    "abstraction_plan": _plan,
    "wetland_works": _wetlands,
    "group_forest_owners": _owners,
    "supply_charter": _charter,
    "shared_diagnostic": _diagnostic,
    "pact_animation": _animation,
    "pooled_engineering": _engineering,
    "transfer_power": _power,
    "merge_bodies": _joins,
    "delegate_to_syndicate": _joins,
}


def diagnosed(world: World) -> BoolArray:
    """Return which territories share the diagnostic of a body, shape (T,)."""
    table = world.bodies
    rows = table.alive & (table.diagnosed_until >= world.tick)
    out: BoolArray = np.any(table.seats[rows] > 0, axis=0)
    return out


def lend_diagnostics(world: World) -> None:
    """Let members know what the diagnostics of their bodies show, until they are out of date."""
    table = world.bodies
    ended = table.diagnosed_until == world.tick - 1
    if ended.any():
        plain = compile_rules(world.spec, world.places.code, world.tick).diagnostic
        world.rules = replace(world.rules, diagnostic=plain)
        table.diagnosed_until[ended] = -1
    if (table.diagnosed_until < world.tick).all():
        return
    known = diagnosed(world)
    if (world.rules.diagnostic[known] != DIAGNOSTICS["shared"]).any():
        shared = np.where(known, DIAGNOSTICS["shared"], world.rules.diagnostic)
        world.rules = replace(world.rules, diagnostic=shared)


def tell(world: World, b: int, key: str, outcome: str, fr: str, en: str, **facts: float) -> None:
    """Write a line of a body to the journal."""
    name = world.bodies.name[b]
    world.write(
        world.bodies.code[b], "body", key, outcome=outcome, reason_fr=f"{name} : {fr}", reason_en=f"{name}: {en}",
        **({"amount": 1.0} | facts),
    )  # fmt: skip
