"""Frames: what the room looks like now, as plain data for pages; small enough for ten a second."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from coopsim.comparison.words import scale_of
from coopsim.indicators import BY_NAME
from coopsim.schedule.journal import told as told_rows
from coopsim.types import FloatArray
from coopsim_viz.room.branches import LANES
from coopsim_viz.room.changes import Amendment, Change, Choice, Shock, from_json
from coopsim_viz.room.lane import Lived
from coopsim_viz.room.room import Room
from coopsim_viz.room.telling import STORY, kinks, landmarks, story
from coopsim_viz.room.told import told
from coopsim_viz.room.votes import Ballot, Option

SLOTS = ("jobs", "naf_consumed_ha", "low_flow_share", "broadleaf_ratio")
AXES = ("attractiveness_index", "cooperation_index")
TRAIL_TICKS = 40
_DIGITS = 5
_MOST_MARKS = 12  # of what happened by itself, on one chart


def frame(room: Room, indicators: Sequence[str] = SLOTS, mapped: str = "jobs") -> dict[str, Any]:
    """Return the room for the projected screen.

    Parameters
    ----------
    room : Room
    indicators : sequence of str
        Charts: the system's trajectories of both lanes.
    mapped : str
        Fill of the maps.
    """
    with room.lock:
        spec = room.base["A"]
        return {
            "version": room.version,
            "tick": room.tick,
            "lived_at": room.lived_at,
            "start_year": spec.start_year,
            "year": spec.start_year + room.tick // 4,
            "quarter": room.tick % 4 + 1,
            "horizon": room.horizon,
            "finished": room.finished,
            "undo": room.tree.can_undo,
            "redo": room.tree.can_redo,
            "mapped": mapped,
            "lanes": {lane: _lane(room, lane, indicators, mapped) for lane in LANES},
            "ballot": public(room.assembly.ballot, room) if room.assembly.ballot else None,
            "phones": len(room.assembly.phones),
        }


def _lane(room: Room, lane: str, indicators: Iterable[str], mapped: str) -> dict[str, Any]:
    record = room.lanes[lane].lived()
    branch = room.tree.branches[room.tree.position.on(lane)]
    trail = [_trail(record, axis) for axis in AXES]
    return {
        "branch": branch.id,
        "name": branch.name,
        "series": {name: rounded(record.series(name)) for name in indicators},
        "predicted": {name: room.assembly.predictions.of(lane, name) for name in indicators},
        "map": rounded(record.places(mapped)),
        "now": {name: rounded(record.series(name)[-1:])[0] if record.ticks else None for name in indicators},
        "trail": {"x": trail[0], "y": trail[1]},
        "pacts": room.lanes[lane].pacts(),
        "marks": _marks(branch.changes, record),
        "kinks": {name: kinks(record.series(name)) for name in indicators},
        "story": story(record.journal, STORY, room.base[lane].territory_names),
    }


def _marks(changes: Sequence[Change], record: Lived) -> list[dict[str, Any]]:
    """Return what stands on the time axis: decisions of the room, the first visible result, what broke."""
    made = [{"tick": change.tick, "kind": _kind(change), "row": -1} for change in changes]
    seen = [
        {"tick": one["tick"], "kind": one["kind"], "row": one["row"]} for one in landmarks(record.journal)
    ]
    wins, breaks = ([one for one in seen if one["kind"] == kind] for kind in ("win", "broke"))
    return made + wins + breaks[-_MOST_MARKS:]


def _trail(record: Lived, axis: str) -> list[list[float | None]]:
    """Return the last values of an axis for each territory, one a year at most, the newest last."""
    from coopsim.indicators import TERRITORY

    values = record.territory[-TRAIL_TICKS:, :, TERRITORY.index(axis)]
    some = values[::-4][::-1] if len(values) else values
    return [rounded(row) for row in some.T]


def trace(journal: Sequence[dict[str, Any]], row: int) -> dict[str, Any]:
    """Return everything the journal says of one thing that happened: the answer to the question why."""
    entry = told_rows([journal[row]])[0]
    return {
        key: (value.item() if isinstance(value, np.generic) else value)
        for key, value in entry.items()
        if value is not None and value != "" and not (isinstance(value, float) and math.isnan(value))
    }


def public(ballot: Ballot, room: Room) -> dict[str, Any]:
    """Return what everybody may know of a ballot: never who voted what, nor the tally while it is open."""
    seconds = None if ballot.ends is None else max(0, round(ballot.ends - room.now()))
    found: dict[str, Any] = {
        "id": ballot.id,
        "question": ballot.question,
        "options": [option.label for option in ballot.options],
        "brings": [_brings(option) for option in ballot.options],
        "secret": ballot.secret,
        "weights": ballot.weights,
        "rule": ballot.rule if isinstance(ballot.rule, str) else ballot.rule["rule"],
        "voted": len(ballot.votes),
        "invited": len(room.assembly.phones),
        "seconds": seconds,
        "open": ballot.result is None,
    }
    if ballot.result is not None:
        result = ballot.result
        found |= {
            "winner": result.winner, "phones": list(result.phones), "shares": rounded(np.array(result.weights)),
            "voted": result.voted, "invited": result.invited, "quorate": result.quorate,
        }  # fmt: skip
    return found


def _brings(option: Option) -> dict[str, str] | None:
    """Return what an answer would change, and in which lanes; None for nothing."""
    if not option.changes:
        return None
    lanes = ", ".join(option.lanes or LANES)
    changes = [from_json({"tick": 0, **change}) for change in option.changes]
    return {
        "fr": f"{lanes} – {' ; '.join(told(change, 'fr') for change in changes)}",
        "en": f"{lanes} – {'; '.join(told(change, 'en') for change in changes)}",
    }


def tree(room: Room) -> list[dict[str, Any]]:
    """Return the branches for the picture of the tree, oldest first."""
    with room.lock:
        standing = dict(room.tree.position.branches)
        return [
            {
                "id": branch.id, "lane": branch.lane, "name": branch.name, "parent": branch.parent,
                "start": branch.start, "here": standing[branch.lane] == branch.id,
                "end": room.tick if standing[branch.lane] == branch.id
                else room.past[branch.id].ticks if branch.id in room.past else branch.start,
                "fr": told(branch.changes[-1], "fr") if branch.changes else "",
                "en": told(branch.changes[-1], "en") if branch.changes else "",
                "kind": _kind(branch.changes[-1]) if branch.changes else "",
            }
            for branch in room.tree.branches.values()
        ]  # fmt: skip


def _kind(change: Change) -> str:
    return {Amendment: "amendment", Shock: "shock", Choice: "choice"}[type(change)]


def rounded(values: FloatArray) -> list[float | None]:
    """Return numbers short enough for a page: five significant digits, nothing for what is not known."""
    out: list[float | None] = []
    for value in values.tolist():
        if not math.isfinite(value):
            out.append(None)
        elif value == 0.0:
            out.append(0.0)
        else:
            out.append(round(value, max(0, _DIGITS - 1 - math.floor(math.log10(abs(value))))))
    return out


def label(name: str) -> dict[str, Any]:
    """Return an indicator's label, unit, direction and what its values are multiplied by to be shown."""
    one = BY_NAME[name]
    return {
        "name": name, "fr": one.label.fr, "en": one.label.en, "unit": one.unit, "direction": one.direction,
        "scale": scale_of(one.unit),
    }  # fmt: skip
