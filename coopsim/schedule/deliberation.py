"""Phase 9, deliberation: the councils that meet debate before they vote, under their own rule."""

from dataclasses import replace

import numpy as np

from coopsim.governance.deliberation import DeliberationRule, NoDeliberation, Sitting
from coopsim.i18n import Text
from coopsim.society.deliberation import Spread, spread
from coopsim.types import BoolArray, IntArray
from coopsim.world.state import World

_AXES = (Text("croissance", "growth"), Text("coopération", "cooperation"), Text("long terme", "long term"))


def deliberate(world: World, session: BoolArray) -> None:
    """Let the seats of the councils that meet move each other's opinions; the next election renews them.

    Parameters
    ----------
    world : World
    session : BoolArray, shape (T,)
    """
    rules = world.rules.deliberation
    debating = [int(i) for i in np.flatnonzero(session) if not isinstance(rules[i], NoDeliberation)]
    if not debating:
        return
    councils = world.councils
    ideal = councils.ideal.copy()
    for rule in dict.fromkeys(rules[i] for i in debating):
        where = np.array([i for i in debating if rules[i] == rule], dtype=np.int64)
        rows = np.flatnonzero(np.isin(councils.territory, where))
        ideal[rows] = rule.after(
            Sitting(
                opinions=councils.ideal[rows],
                council=np.searchsorted(where, councils.territory[rows]),
                seat_id=councils.seat_id[rows],
                council_id=world.places.id[where],
                seed=world.seed,
                tick=world.tick,
            )
        )
    world.councils = replace(councils, ideal=ideal)
    if world.spec.journal:
        for i in debating:
            seats = np.flatnonzero(councils.territory == i)
            _write(world, i, rules[i], seats, councils.ideal[seats])


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


def _told(axis: int, first: Spread, last: Spread) -> Text:
    numbers = {
        "m0": first.mean[axis], "m1": last.mean[axis], "s0": first.deviation[axis], "s1": last.deviation[axis],
        "g0": first.groups[axis], "g1": last.groups[axis],
    }  # fmt: skip
    return Text(
        f"{_AXES[axis].fr} {{m0:.2f}} → {{m1:.2f}} (écart-type {{s0:.2f}} → {{s1:.2f}}, groupes {{g0}} → {{g1}})",
        f"{_AXES[axis].en} {{m0:.2f}} → {{m1:.2f}} (deviation {{s0:.2f}} → {{s1:.2f}}, groups {{g0}} → {{g1}})",
    ).format(**numbers)
