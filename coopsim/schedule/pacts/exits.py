"""Phase 9, exits from pacts: reviews at the dates of the rules, notices, departures."""

import numpy as np

from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.councils.phase import ballot
from coopsim.schedule.journal import membership
from coopsim.schedule.pacts.membership import exit_fee, may_leave, reckoning, settle
from coopsim.schedule.pacts.votes import accession_arguments, write_vote
from coopsim.society import pacts as pact_rules
from coopsim.world.state import World


def review(world: World) -> None:
    """Put the membership of each pact to the vote of its members at the dates that the rules fix."""
    pacts, rules = world.pacts, world.rules
    for row in pacts.active:
        founder = int(pacts.founder[row])
        if world.tick - pacts.reviewed[row] < 4 * int(rules.pacts.review_years[founder]):
            continue
        pacts.reviewed[row] = world.tick
        settle(world, int(row), give_notice)  # councils with a computing maker reckon; the others vote
        members = pacts.members[row] & ~reckoning(world)
        if pacts.ended[row] >= 0 or not members.any():
            continue
        members = pacts.members[row].copy()
        argued = accession_arguments(
            world,
            members,
            pacts.scopes[row],
            3,
            founder,
            setup=False,
            asked=members,
            row=int(row),
            stands=True,
        )
        for i in np.flatnonzero(members & may_leave(world, int(row)) & ~reckoning(world)):
            rows = np.flatnonzero(world.councils.territory == i)
            leave = argued.utility[rows] <= 0.0
            passed = ballot(world, int(i), rows, leave)
            world.signals.proposals[i] += 1
            world.signals.passed[i] += passed
            write_vote(world, int(i), "leave", argued, passed=passed)
            if passed:
                give_notice(world, int(row), int(i))
            if pacts.ended[row] >= 0:
                break  # the last two part together: nobody is left to vote or to be paid


def give_notice(world: World, row: int, i: int) -> None:
    """Leave at once, or a year later where the rules ask for notice."""
    if world.rules.pacts.exit_notice[i]:
        world.notices.append((world.tick + TICKS_PER_YEAR, row, i))
        return
    leave(world, row, i)


def end_notices(world: World) -> None:
    """Let those go whose notice has run out."""
    due = [(row, i) for when, row, i in world.notices if when <= world.tick]
    world.notices = [entry for entry in world.notices if entry[0] > world.tick]
    for row, i in due:
        if world.pacts.ended[row] < 0 and world.pacts.members[row, i]:
            leave(world, row, i)


def leave(world: World, row: int, i: int) -> None:
    """Take a member out of a pact, which ends when one is left; what the rules ask for leaving is paid."""
    exit_fee(world, row, i)
    ended = pact_rules.shrink(world.pacts, row, i, world.tick)
    world.signals.dissolved += int(ended)
    if ended:
        world.write(
            world.places.code[i], "pact", "dissolved", amount=1.0, outcome="dissolved",
            reason_fr=f"le pacte se dissout après le départ de {world.places.name[i]}",
            reason_en=f"the pact dissolves after {world.places.name[i]} leaves",
            **membership(world, row),
        )  # fmt: skip
    else:
        world.write(
            world.places.code[i], "pact", "left", amount=float(world.pacts.members[row].sum()), outcome="left",
            reason_fr=f"{world.places.name[i]} quitte le pacte",
            reason_en=f"{world.places.name[i]} leaves the pact",
            **membership(world, row),
        )  # fmt: skip
