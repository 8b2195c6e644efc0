"""Perimeters and powers of bodies: who joins whom, who holds what, and the legal votes of communes or members."""

import numpy as np

from coopsim.governance.voting import Ballot
from coopsim.rng import Purpose, pair_ids, uniform
from coopsim.society.bodies import apportioned
from coopsim.tables.bodies import PETR, WATER_SYNDICATE
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import Rivers, World


def neighbours(world: World, b: int) -> list[int]:
    """Return the other water services that share a member with a service, or a border of its members."""
    table = world.bodies
    mine = table.members(b)
    near = mine | world.ties.adjacent[mine].any(axis=0)
    return [
        n for n in range(len(table))
        if n != b and table.alive[n] and table.kind[n] == WATER_SYNDICATE and table.service[n] >= 0
        and (table.members(n) & near).any()
    ]  # fmt: skip


def joined(r: Rivers, one: int, other: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return served shares, capacities and yields once a service has joined another: what is produced adds up.

    The yield of the new network is that of all it produces: capacity that reaches users adds up too.
    """
    served, capacity, network = r.served.copy(), r.capacity.copy(), r.network_yield.copy()
    served[other] += served[one]
    served[one] = 0.0
    both = capacity[[one, other]]
    if both.sum() > 0.0:
        network[other] = float(both @ network[[one, other]]) / float(both.sum())
    capacity[other], capacity[one] = both.sum(), 0.0
    return served, capacity, network


def join(world: World, gone: int, heir: int) -> None:
    """Let a body join another: network, people, seats, powers, running cost, mains and debt pass to the heir."""
    table, r = world.bodies, world.rivers
    r.served, r.capacity, r.network_yield = joined(r, int(table.service[gone]), int(table.service[heir]))
    seats = int(table.seats[[gone, heir]].sum())
    table.share[heir] += table.share[gone]
    table.share[gone] = 0.0
    members = table.seats[[gone, heir]].sum(axis=0) > 0
    people = table.share[heir] * world.people.population
    table.seats[heir], table.seats[gone] = 0, 0
    table.seats[heir, members] = apportioned(people[members], max(seats, int(members.sum())))
    table.powers[heir] |= table.powers[gone]
    table.ordinary[heir] += (1.0 - world.params.bodies.merger_saving_share) * table.ordinary[gone]
    table.volume[heir] = float(table.volume[[gone, heir]].sum())
    table.ordinary[gone], table.volume[gone], table.price[gone] = 0.0, 0.0, 0.0
    table.take_over(gone, heir, float(table.debt[gone]))
    table.saving[gone], table.alive[gone] = 0.0, False
    kept = [(heir if x == gone else x, heir if y == gone else y, main) for x, y, main in table.links]
    table.links = sorted((min(x, y), max(x, y), main) for x, y, main in kept if x != y)
    meet(world)


def meet(world: World) -> None:
    """Say again which territories sit together in a PETR or a water service."""
    table = world.bodies
    out = np.zeros((world.size, world.size), np.bool_)
    for b in np.flatnonzero(table.alive & np.isin(table.kind, (PETR, WATER_SYNDICATE))):
        rows = np.flatnonzero(table.members(int(b)))
        out[np.ix_(rows, rows)] = True
    np.fill_diagonal(out, val=False)
    world.same_body = out


def held_by(world: World, b: int, power: int) -> int:
    """Return another body that holds a power in the same perimeter, -1 for none: a power has one holder there."""
    table = world.bodies
    for other in np.flatnonzero(table.alive & table.powers[:, power]):
        if other == b:
            continue
        nodes = table.nodes[other] & table.nodes[b]
        if nodes.any() or (not table.nodes.size and (table.members(int(other)) & table.members(b)).any()):
            return int(other)
    return -1


def voters(world: World, b: int) -> tuple[IntArray, bool]:
    """Return the seats that speak for a body's members on its statutes, and whether by commune.

    Communes are the members of water services; intercommunalités those of the other bodies, all closed mixed
    syndicates (CGCT L5711-1).
    """
    by_commune = bool(world.bodies.kind[b] == WATER_SYNDICATE)
    rows = np.flatnonzero(world.bodies.members(b)[world.councils.territory])
    return rows, by_commune


def statutes_ballot(world: World, b: int, yes: BoolArray, rows: IntArray, *, by_commune: bool) -> Ballot:
    """Return the vote of communes or members on a body's statutes; who let three months pass was not present.

    Parameters
    ----------
    yes : BoolArray, shape (n,)
        Of the seats ``rows`` of the community councils: a commune answers by the majority of its own.
    """
    people = world.people.population * world.bodies.share[b]
    if by_commune:
        group, ids = world.councils.commune[rows], world.electorate.commune
        start = np.bincount(world.electorate.territory, world.electorate.population, minlength=world.size)
        share = world.electorate.population / np.maximum(start[world.electorate.territory], 1e-9)
        weight = people[world.electorate.territory] * share
        here = np.flatnonzero(world.bodies.members(b)[world.electorate.territory])
    else:
        group, ids, weight = world.councils.territory[rows], world.places.id, people
        here = np.flatnonzero(world.bodies.members(b))
    body = np.full(ids.size, world.bodies.id[b])
    silent = (
        uniform(world.seed, Purpose.STATUTES, pair_ids(ids, body), world.tick)
        < world.params.bodies.silence_share
    )
    mute = np.setdiff1d(here, group)  # members without a seat in their council: nobody of theirs to ask
    everybody = np.concatenate([group, mute])
    return Ballot.of(
        np.concatenate([yes, np.zeros(mute.size, np.bool_)]),
        population=weight[everybody],
        group=everybody,
        present=np.concatenate([~silent[group], np.zeros(mute.size, np.bool_)]),
    )


def counted(ballot: Ballot) -> tuple[int, int, int]:
    """Return how many communes or members say yes, say no and let the time pass."""
    _, group = np.unique(ballot.group, return_inverse=True)
    voting = np.bincount(group, weights=ballot.present)
    favour = np.bincount(group, weights=ballot.present & ballot.yes)
    yes, silent = 2.0 * favour > voting, voting == 0
    return int(np.sum(yes & ~silent)), int(np.sum(~yes & ~silent)), int(silent.sum())
