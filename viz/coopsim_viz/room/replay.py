"""A session lived again from its log: after a crash, for its report, or the next day by researchers."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from coopsim.errors import scenario_error
from coopsim.scenario import Scenario
from coopsim.scenario.scenario import build
from coopsim_viz.room.branches import LANES
from coopsim_viz.room.changes import from_json
from coopsim_viz.room.lines import sound
from coopsim_viz.room.log import FILE, SessionLog, entries
from coopsim_viz.room.room import Room
from coopsim_viz.room.votes import Option, Result


def replayed(
    folder: Path,
    clock: Callable[[], float] = time.monotonic,
    progress: Callable[[int, int], None] | None = None,
    *,
    keep: bool = False,
) -> Room:
    """Return the room of a session as its log left it.

    Parameters
    ----------
    folder : Path
    clock : callable
        Of the timers, from now on.
    progress : callable
        Told the lines done and all of them.
    keep : bool
        Go on writing the same log: a room that a crash closed opens again. Votes of an open secret ballot are not
        on disk, so such a ballot begins again.

    Raises
    ------
    ScenarioError
        For a folder without a session, or a log that cannot be read.
    """
    lines = list(entries(folder))
    if (
        not lines
        or lines[0]["do"] != "open"
        or not sound(lines[0])
        or set(lines[0]["scenarios"]) != set(LANES)
    ):
        raise scenario_error(
            "le journal de séance ne commence pas par une ouverture", "the session log does not begin with an opening",
            file=str(folder / FILE),
        )  # fmt: skip
    room = Room(_scenarios(lines[0]), folder, lines[0]["seed"], clock, keep=False)
    for number, line in enumerate(lines[1:], 2):
        try:
            _again(room, line)
        except (LookupError, TypeError, ValueError) as error:
            room.close()
            raise scenario_error(
                "ligne du journal de séance qui ne peut être rejouée",
                "line of the session log that cannot be lived again",
                file=str(folder / FILE), key=f"{number}", value=line["do"],
            ) from error  # fmt: skip
        if progress is not None:
            progress(number, len(lines))
    if keep:
        room.log = SessionLog(folder)
    return room


def _scenarios(first: Mapping[str, Any]) -> dict[str, Scenario]:
    return {lane: build(document) for lane, document in first["scenarios"].items()}


def _again(room: Room, line: Mapping[str, Any]) -> None:
    """Do what one line says; a line that is not of the form of its kind is a `TypeError`."""
    if not sound(line):
        raise TypeError(line["do"])
    _DO[line["do"]](room, line)


def _ask(room: Room, line: Mapping[str, Any]) -> None:
    options = [Option(o["label"], tuple(o["changes"]), tuple(o["lanes"])) for o in line["options"]]
    room.assembly.open_ballot(
        line["question"], options, line["seconds"], rule=line["rule"], weights=line["weights"],
        quorum=line["quorum"], secret=line["secret"], absent=line["absent"],
    )  # fmt: skip


def _count(room: Room, line: Mapping[str, Any]) -> None:
    """Take the count as it was: the change that it brought is the next line of the log."""
    ballot = room.assembly.ballots[line["ballot"]]
    if not line["winner"] < len(ballot.options) == len(line["phones"]) == len(line["weights"]):
        raise ValueError(line["winner"])
    ballot.result = Result(
        line["winner"], tuple(line["phones"]), tuple(line["weights"]), line["invited"], line["voted"], line["quorate"]
    )  # fmt: skip
    if ballot.secret:
        ballot.votes.clear()


def _join(room: Room, line: Mapping[str, Any]) -> None:
    if line["seat"] not in room.assembly.seats:
        raise KeyError(line["seat"])
    room.assembly.phones[line["phone"]] = line["seat"]


def _vote(room: Room, line: Mapping[str, Any]) -> None:
    ballot = room.assembly.ballots[line["ballot"]]
    if line["option"] >= len(ballot.options):
        raise ValueError(line["option"])
    ballot.votes[line["phone"]] = line["option"]


_DO: dict[str, Callable[[Room, Mapping[str, Any]], None]] = {
    "live": lambda room, line: room.live(int(line["to"]) - room.tick),
    "back": lambda room, line: room.back(int(line["tick"])),
    "undo": lambda room, _: room.undo(),
    "redo": lambda room, _: room.redo(),
    "end": lambda room, _: room.end(),
    "change": lambda room, line: room.change([from_json(c) for c in line["changes"]], line["lanes"]),
    "visit": lambda room, line: room.visit(int(line["branch"])),
    "rename": lambda room, line: room.rename(int(line["branch"]), str(line["name"])),
    "join": _join,
    "ask": _ask,
    "vote": _vote,
    "count": _count,
    "predict": lambda room, line: room.assembly.predictions.add(
        line["phone"], line["lane"], line["indicator"], line["tick"], line["value"]
    ),
}
