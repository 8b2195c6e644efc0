"""Phase 9, deliberation: the councils that meet debate before they vote, under their own rule."""

from dataclasses import replace

import numpy as np

from coopsim.governance.debate_formats import Committee, DebateSpace, MovingDebate, TheatreForum
from coopsim.governance.deliberation import DeliberationRule, NoDeliberation, Sitting
from coopsim.i18n import Text
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.scenario.governance_councils import DEBATE_FORMATS
from coopsim.schedule.councils.colleges import numbers
from coopsim.society.colleges import people_position, seated
from coopsim.society.deliberation import Spread, spread
from coopsim.types import BoolArray, IntArray
from coopsim.world.state import World

_FORMATS: dict[str, DeliberationRule] = {
    "committee": Committee(),
    "debate_space": DebateSpace(),
    "moving_debate": MovingDebate(),
    "theatre_forum": TheatreForum(),
}
_AXES = (Text("croissance", "growth"), Text("coopération", "cooperation"), Text("long terme", "long term"))


def rules_of(world: World) -> list[DeliberationRule]:
    """Return how each council debates at its next session: as the rules say, or as it has itself decided to."""
    called, rules = world.commitments.debate, world.rules.deliberation
    if not called.any():
        return rules
    own = [_FORMATS[DEBATE_FORMATS[k]] for k in world.rules.council.debate]
    return [
        own[i] if called[i] and isinstance(rule, NoDeliberation) else rule for i, rule in enumerate(rules)
    ]


def deliberate(world: World, session: BoolArray) -> None:
    """Let the seats of the councils that meet move each other's opinions; the next election renews them.

    Parameters
    ----------
    world : World
    session : BoolArray, shape (T,)
    """
    rules = rules_of(world)
    debating = [int(i) for i in np.flatnonzero(session) if not isinstance(rules[i], NoDeliberation)]
    _return_home(world, session, debates=bool(debating))
    if not debating:
        return
    councils = world.councils
    ideal = councils.ideal.copy()
    for rule in dict.fromkeys(rules[i] for i in debating):
        where = np.array([i for i in debating if rules[i] == rule], dtype=np.int64)
        rows = np.flatnonzero(np.isin(councils.territory, where))
        ideal[rows] = rule.after(_sitting(world, where, rows))
    world.councils = replace(councils, ideal=ideal)
    _pay(world, debating)
    if world.spec.journal:
        for i in debating:
            seats = np.flatnonzero(councils.territory == i)
            _write(world, i, rules[i], seats, councils.ideal[seats])


def _sitting(world: World, where: IntArray, rows: IntArray) -> Sitting:
    """Return the room of the councils that debate under one rule: seats, presidency, inhabitants, guests."""
    councils = world.councils
    presides = np.zeros(councils.territory.size, np.bool_)
    presides[councils.executive] = True
    guests, of = None, None
    if world.rules.council.extra.any():
        session = np.isin(np.arange(world.size), where)
        number, guardian = numbers(world, session)
        number[guardian] = 0
        people = people_position(world.electorate, world.size)
        seats, _ = seated(world.params.councils, number, world.places.id, people, world.seed, world.tick)
        guests, of = seats.ideal, np.searchsorted(where, seats.territory)
    return Sitting(
        opinions=councils.ideal[rows],
        council=np.searchsorted(where, councils.territory[rows]),
        seat_id=councils.seat_id[rows],
        council_id=world.places.id[where],
        seed=world.seed,
        tick=world.tick,
        presides=presides[rows],
        voters=world.electorate.voters[councils.commune[rows]],
        guests=guests,
        guest_council=of,
    )


def _return_home(world: World, session: BoolArray, *, debates: bool) -> None:
    """Let what earlier debates moved wear off in the councils that meet."""
    back = world.params.deliberation.opinion_return_per_yr
    if back == 0.0:
        return
    councils, state = world.councils, world.minds
    if state.home is None:
        state.home = councils.ideal if debates else None
        return
    years = np.where(session, world.rules.period / TICKS_PER_YEAR, 0.0)[councils.territory]
    kept = ((1.0 - back) ** years)[:, None]
    world.councils = replace(councils, ideal=state.home + kept * (councils.ideal - state.home))


def _pay(world: World, debating: list[int]) -> None:
    """Post what the sessions cost."""
    cost, rules = np.zeros(world.size), rules_of(world)
    for i in debating:
        cost[i] = world.params.deliberation.cost(getattr(rules[i], "format", ""))
    if cost.any():
        world.finance.post("programmes", cost)


def debate_delay(world: World, i: int) -> int:
    """Return by how many quarters the debates of a council delay what it adopts."""
    return world.params.deliberation.delay(getattr(rules_of(world)[i], "format", ""))


def close(world: World, session: BoolArray) -> None:
    """End the debates that councils had called for this session."""
    if world.commitments.debate.any():
        world.commitments.debate = world.commitments.debate & ~session


def _write(world: World, i: int, rule: DeliberationRule, seats: IntArray, before: np.ndarray) -> None:
    """Write the opinions of a council before and after; the amount is the mean distance that a seat went."""
    after = world.councils.ideal[seats]
    first, last = spread(before, rule.confidence), spread(after, rule.confidence)
    told = Text(
        " ; ".join(_told(axis, first, last).fr for axis in range(len(_AXES))).replace(".", ","),
        "; ".join(_told(axis, first, last).en for axis in range(len(_AXES))),
    )
    world.write(
        world.places.code[i], "deliberation", "debate",
        amount=float(np.abs(after - before).mean()),
        outcome="moved" if np.any(after != before) else "unmoved",
        reason_fr=f"{world.places.name[i]}, {seats.size} sièges : {told.fr}",
        reason_en=f"{world.places.name[i]}, {seats.size} seats: {told.en}",
    )  # fmt: skip
    for axis, label in enumerate(_AXES):
        one = _told(axis, first, last)
        world.write(
            world.places.code[i], "opinion", label.en.replace(" ", "_"),
            amount=float(np.abs(after - before)[:, axis].mean()),
            outcome="moved" if np.any((after != before)[:, axis]) else "unmoved",
            before=float(first.mean[axis]), after=float(last.mean[axis]),
            spread_before=float(first.deviation[axis]), spread_after=float(last.deviation[axis]),
            polarisation_before=float(first.polarisation[axis]), polarisation_after=float(last.polarisation[axis]),
            reason_fr=f"{world.places.name[i]} : {one.fr}".replace(".", ","),
            reason_en=f"{world.places.name[i]}: {one.en}",
        )  # fmt: skip


def _told(axis: int, first: Spread, last: Spread) -> Text:
    numbers = {
        "m0": first.mean[axis], "m1": last.mean[axis], "s0": first.deviation[axis], "s1": last.deviation[axis],
        "g0": first.groups[axis], "g1": last.groups[axis],
    }  # fmt: skip
    return Text(
        f"{_AXES[axis].fr} {{m0:.2f}} → {{m1:.2f}} (écart-type {{s0:.2f}} → {{s1:.2f}}, groupes {{g0}} → {{g1}})",
        f"{_AXES[axis].en} {{m0:.2f}} → {{m1:.2f}} (deviation {{s0:.2f}} → {{s1:.2f}}, groups {{g0}} → {{g1}})",
    ).format(**numbers)
