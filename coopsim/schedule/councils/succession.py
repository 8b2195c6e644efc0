"""Succession: presidents who leave during a term, and what leaves with them or stays with the staff."""

from dataclasses import replace

import numpy as np

from coopsim.rng import Purpose, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.society import elections
from coopsim.types import BoolArray, IntArray
from coopsim.world.state import World

_HAZARD = 1  # number of the keyed draw; elections use 0


def departures(world: World) -> None:
    """Let presidents leave by chance, once a year (winter)."""
    hazard = world.params.elections.leader_hazard_per_yr
    if hazard == 0.0 or world.tick % TICKS_PER_YEAR or not world.spec.submodels.elections:
        return
    draw = uniform(world.seed, Purpose.SUCCESSION, world.places.id, world.tick, _HAZARD)
    leader_leaves(world, np.flatnonzero(draw < hazard))


def leader_leaves(world: World, where: IntArray) -> None:
    """Replace the presidents of some territories: the next on the list sits, the council elects a president.

    What the president knew leaves with the seat, and a part of what the council knew and of its acquaintance with its
    neighbours; staff continuity keeps its share of each.

    Parameters
    ----------
    where : IntArray
        Rows of the territories.
    """
    p, start = world.params.elections, world.params.councils.competence_start
    councils = world.councils
    for i in where:
        seat = int(councils.executive[i])
        ideal, competence = councils.ideal.copy(), world.competence.copy()
        ideal[seat] = elections.newcomer(world.electorate, councils, seat, p, world.seed, world.tick)
        mine = councils.territory == i
        lost = p.leader_memory * (1.0 - p.staff_continuity)
        competence[mine] = start + (competence[mine] - start) * (1.0 - lost)
        competence[seat] = start
        again = elections.presidents(
            world.electorate, councils.commune, councils.party, ideal, councils.winner, p.candidates
        )
        executive = councils.executive.copy()
        executive[i] = again[i]
        councils = replace(councils, ideal=ideal, executive=executive)
        world.competence = competence
        _write(world, int(i), seat, int(again[i]))
    world.councils = councils
    forget(world, np.isin(np.arange(world.size), where), p.leader_ties)
    if world.minds.home is not None and world.minds.home.shape == councils.ideal.shape:
        new = councils.executive[where]
        world.minds.home[new] = councils.ideal[new]


def forget(world: World, where: BoolArray, share: float) -> None:
    """Let acquaintance with neighbours go with those who leave, less what staff keep.

    Parameters
    ----------
    where : BoolArray, shape (T,)
        Territories whose presidency changed.
    share : float, 0-1
        Of the knowledge between such a territory and any other.
    """
    lost = share * (1.0 - world.params.elections.staff_continuity)
    if lost == 0.0 or not where.any():
        return
    kept = np.where(where, 1.0 - lost, 1.0)
    world.ties.knowledge = world.ties.knowledge * np.minimum(kept[:, None], kept[None, :])


def _write(world: World, i: int, before: int, after: int) -> None:
    name = world.places.name[i]
    other = world.councils.commune[before] != world.councils.commune[after]
    world.write(
        world.places.code[i], "succession", "president_leaves", amount=1.0, outcome="moved" if other else "kept",
        reason_fr=f"{name} : la présidence s'en va, "
        + ("une autre commune préside" if other else "la même commune préside encore"),
        reason_en=f"{name}: the president leaves, "
        + ("another commune presides" if other else "the same commune still presides"),
    )  # fmt: skip
