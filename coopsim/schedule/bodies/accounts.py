"""The yearly account of bodies: what they cost, what users and members pay, what they owe."""

import numpy as np

from coopsim.schedule.bodies.outlook import pooled
from coopsim.schedule.resources.levies import block_receipts
from coopsim.society import bodies as rules
from coopsim.tables.bodies import RIVER_BOARD
from coopsim.types import FloatArray
from coopsim.world.founding_finance import law_book
from coopsim.world.state import World


def settle_accounts(world: World) -> None:
    """Close the year of every body: users and members pay running costs, interest and a part of the debt."""
    table = world.bodies
    table.saving[table.saving_until < world.tick] = 0.0
    table.levied[:] = 0.0
    for b in np.flatnonzero(table.alive):
        _account(world, int(b))
    engineering(world)


def _account(world: World, b: int) -> None:
    table, p = world.bodies, world.params.bodies
    people = table.served(b, world.people.population)
    programmes = _programmes(world, b, float(people.sum()))
    rate = world.params.finance.interest_per_yr
    service = table.service[b] >= 0
    ordinary = float(table.ordinary[b])
    sold = 0.0
    if service:
        share = 1.0 - float(table.saving[b])
        sold = float(people.sum()) * world.params.water.drinking_m3_per_head * share
        ordinary = rules.operation(p, ordinary, sold, float(table.volume[b]))
    bill = rules.need(p, ordinary + programmes, float(table.debt[b]), rate)
    table.post(b, "interest", rate * max(float(table.debt[b]), 0.0))
    table.post(b, "operation", ordinary)
    table.post(b, "programmes", programmes)
    if service and sold > 0.0:
        blocks = float(block_receipts(world) @ table.share[b])
        # what volumes above a threshold bring lowers the price of all others; more than the bill pays back debt
        table.price[b] = 1000.0 * max(bill - blocks, 0.0) / sold
        table.post(b, "users", max(bill, blocks))
        return
    by_seats = bool(table.by_seats[b])
    each = rules.contributions(bill, people, table.seats[b], by_seats=by_seats)
    _collect(world, b, each, rules.contributions(ordinary, people, table.seats[b], by_seats=by_seats))


def _collect(world: World, b: int, each: FloatArray, usual: FloatArray) -> None:
    """Take the members' contributions; the ordinary part was among their services until now."""
    world.bodies.post(b, "contributions", float(each.sum()))
    world.bodies.paid += each
    world.finance.post("body_contributions", each)
    world.finance.post("services", -usual)
    if world.rules.bodies.levy and world.bodies.kind[b] == RIVER_BOARD:
        _levy(world, np.maximum(each - usual, 0.0))


def _levy(world: World, asked: FloatArray) -> None:
    """Raise the tax for rivers by what is asked, up to its ceiling per inhabitant, all of it taken together."""
    f, table = world.finance, world.bodies
    ceiling = law_book().of(world.year).river_tax_ceiling * world.people.population
    already = f.french.amounts["river_tax"] if f.french is not None else 0.0
    raised = np.minimum(asked, np.maximum(ceiling - already - table.levied, 0.0))
    table.levied += raised
    f.post("river_levy", raised)


def _programmes(world: World, b: int, people: float) -> float:
    """Return the running cost of what a body has under way, k€/yr."""
    table, p = world.bodies, world.params.bodies
    post = world.params.finance.animation_cost_per_fte
    out = p.charter_cost_keur_per_yr * float(table.charter[b])
    if table.saving[b]:
        out += p.sobriety_eur_per_head * people / 1000.0
    if table.animated_until[b] >= world.tick:
        out += p.animation_fte * post
    if table.pooled_until[b] >= world.tick:
        out += p.pooling_fte * post
    return out


def engineering(world: World) -> None:
    """Spare the members of a body that pools engineering a part of their services, for the year."""
    table = world.bodies
    for b in np.flatnonzero(table.alive & (table.pooled_until >= world.tick)):
        world.finance.post("services", -pooled(world, table.members(int(b))))
