"""Phase 9, who presides a pact: handovers in turn, elections without candidate, exits nobody planned."""

import numpy as np

from coopsim.rng import Purpose, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.journal import membership
from coopsim.society import elections
from coopsim.society.pact_life import drift, gather_links, lose_links
from coopsim.types import IntArray
from coopsim.world.state import World

_PLANNED = ("rotating", "election_without_candidate")


def presidencies(world: World) -> None:
    """Let a year pass for who presides each pact, and for its written rules."""
    rules, pacts = world.rules, world.pacts
    if rules.pacts.written > 0.0:
        for row in pacts.active:
            mismatch = drift(world.params.pact_life, float(pacts.mismatch[row]), rules.pacts.written)
            pacts.mismatch[row] = mismatch
    if rules.pacts.presidency != "none":
        for row in pacts.active[pacts.founded[pacts.active] < world.tick]:
            _preside(world, int(row))


def _preside(world: World, row: int) -> None:
    """Let a year of a presidency pass: links gather, then who presides may leave or hand over."""
    rules, life, pacts = world.rules, world.params.pact_life, world.pacts
    equal = 1.0 / float(pacts.members[row].sum())
    gather_links(life, pacts, row, equal)
    if rules.pacts.presidency == "shared":
        pacts.held[row] = equal
    gone = not pacts.members[row, pacts.president[row]]
    luck = float(uniform(world.seed, Purpose.LEADER_EXIT, pacts.id[row], world.tick))
    due = world.tick - pacts.since[row] >= TICKS_PER_YEAR * life.presidency_years
    if gone or luck < life.leader_exit_per_yr:
        depart(world, row, 1.0)
    elif due and rules.pacts.presidency in _PLANNED:
        _hand_over(world, row)


def after_election(world: World) -> None:
    """Let the presidents go whose council has changed hands in the election of the last quarter."""
    p = world.params.elections
    share = carried_by_councils(world)
    if world.rules.pacts.presidency == "none" or share == 0.0 or not world.spec.submodels.elections:
        return
    if not world.tick or not elections.is_election(world.tick - 1, world.spec.start_year, p):
        return
    for row in world.pacts.active:
        if world.councils.changed[world.pacts.president[row]]:
            depart(world, int(row), share)


def exit_leaders(world: World, where: IntArray, *, elected: bool = False) -> None:
    """Let who presides the pacts of some territories leave, by an event.

    Parameters
    ----------
    where : IntArray
        Rows of the territories.
    elected : bool
        It is the president of a council who leaves: the pact loses as much as at an election.
    """
    share = carried_by_councils(world) if elected else 1.0
    if world.rules.pacts.presidency == "none" or share == 0.0:
        return
    for row in world.pacts.active:
        if world.pacts.president[row] in where:
            depart(world, int(row), share)


def carried_by_councils(world: World) -> float:
    """Return which part of a pact's presidency hangs on the mandate of an elected person, 0-1."""
    parts = {"public": 1.0, "civil": 0.0, "hybrid": world.params.pact_life.hybrid_exit_share}
    return parts[world.rules.pacts.initiator]


def depart(world: World, row: int, share: float) -> None:
    """Let who presides leave unprepared: the links held are lost, somebody else begins."""
    life, pacts = world.params.pact_life, world.pacts
    if world.rules.pacts.organised[pacts.founder[row]]:
        share = share * (1.0 - life.organisation_hold)
    _lose(world, row, share)
    stays = bool(pacts.members[row, pacts.president[row]])
    after = (
        int(pacts.president[row])
        if world.rules.pacts.presidency == "founder" and stays
        else successor(world, row)
    )
    _begin(world, row, after)
    world.write(
        world.places.code[after], "pact", "leader left", amount=float(pacts.vacancy[row]), outcome="left",
        reason_fr=f"qui présidait le pacte s'en va sans passation ; {world.places.name[after]} reprend",
        reason_en=f"who presided the pact leaves without handover; {world.places.name[after]} takes over",
        **membership(world, row),
    )  # fmt: skip


def _lose(world: World, row: int, share: float) -> None:
    """Take away the links that go with who presides, and the trust that was in the person."""
    life, pacts, trust = world.params.pact_life, world.pacts, world.ties.trust
    lost = lose_links(life, pacts, row, share, world.rules.pacts.written)
    here = int(pacts.president[row])
    others = pacts.members[row] & (np.arange(world.size) != here)
    trust[here, others] *= 1.0 - life.personal_trust * lost
    trust[others, here] = trust[here, others]


def successor(world: World, row: int) -> int:
    """Return who presides next: the most trusted in an election without candidate, else the next by code."""
    pacts, code = world.pacts, world.places.code
    members = np.flatnonzero(pacts.members[row])
    if world.rules.pacts.presidency == "election_without_candidate":
        trust = world.ties.trust[np.ix_(members, members)].sum(axis=1)
        best = members[trust >= trust.max() - 1e-12]
        return int(min(best, key=lambda i: code[i]))
    turn = sorted(members, key=lambda i: code[i])
    later = [i for i in turn if code[i] > code[int(pacts.president[row])]]
    return int((later or turn)[0])


def _hand_over(world: World, row: int) -> None:
    life, pacts = world.params.pact_life, world.pacts
    after = successor(world, row)
    if after == pacts.president[row]:
        pacts.since[row] = world.tick
        return
    _lose(world, row, life.handover_loss)
    _begin(world, row, after)
    world.write(
        world.places.code[after], "pact", "handover", amount=float(pacts.vacancy[row]), outcome="handed over",
        reason_fr=f"{world.places.name[after]} prend la présidence du pacte",
        reason_en=f"{world.places.name[after]} takes the presidency of the pact",
        **membership(world, row),
    )  # fmt: skip


def _begin(world: World, row: int, after: int) -> None:
    pacts = world.pacts
    pacts.president[row], pacts.since[row] = after, world.tick
    pacts.held[row] = 1.0 / float(pacts.members[row].sum())
    pacts.handovers[row] += 1
