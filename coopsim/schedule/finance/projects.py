"""Phase 8, the joint project: members of a pact build together what each would otherwise build alone."""

import numpy as np

from coopsim.economy.finance import split_bill
from coopsim.governance.cost_games import population_shares
from coopsim.schedule.journal import membership
from coopsim.society.pacts import PAIR
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World


def joint_project(world: World) -> None:
    """Build for the members of each pact that still need the work; alone for those left when it is due."""
    project = world.rules.pacts.project
    if not project.where.size or world.finance.served[project.where].all():
        return
    for row in world.pacts.active:
        group = concerned(world, world.pacts.members[row])
        if group.size >= PAIR:
            _build(world, group, **membership(world, int(row)))
    if world.tick == project.due:
        for i in concerned(world, np.ones(world.size, np.bool_)):
            _build(world, np.array([i]))


def concerned(world: World, members: BoolArray) -> IntArray:
    """Return which of the members need the work and do not have it yet, as places in the project's list."""
    where = world.rules.pacts.project.where
    out: IntArray = np.flatnonzero(members[where] & ~world.finance.served[where])
    return out


def payments(world: World, group: IntArray) -> FloatArray:
    """Return what each of a group pays for building together, by the rule in force, k€, shape (group,)."""
    project = world.rules.pacts.project
    rows = project.where[group]
    shares = population_shares(world.people.population[rows], np.ones(rows.size, np.bool_))
    return world.rules.pacts.cost_sharing.payments(project.game.among(group, shares))


def saving(world: World, members: BoolArray) -> FloatArray:
    """Return what each of the members would save by building with the others instead of alone, k€, shape (T,)."""
    project, out = world.rules.pacts.project, np.zeros(world.size)
    if not project.where.size or world.tick >= project.due:
        return out
    group = concerned(world, members)
    if group.size >= PAIR:
        out[project.where[group]] = project.game.alone()[group] - payments(world, group)
    return out


def _build(world: World, group: IntArray, **pact: str) -> None:
    project = world.rules.pacts.project
    rows, cost = project.where[group], float(project.game.cost[(1 << group).sum()])
    builders, others = np.zeros(world.size), np.zeros(world.size)
    builders[rows], others[rows] = split_bill(payments(world, group), cost)
    world.finance.post("projects", builders)
    world.finance.post("compensation", others)
    world.finance.served[rows] = True
    names = ", ".join(world.places.name[i] for i in rows)
    world.write(
        world.places.code[rows[0]], "project", "built", amount=cost, outcome="built",
        reason_fr=f"ouvrage construit pour {names} : {cost:.1f} k€",
        reason_en=f"work built for {names}: {cost:.1f} k€",
        **pact,
    )  # fmt: skip
