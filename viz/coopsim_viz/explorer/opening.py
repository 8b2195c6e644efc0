"""A run of a batch on the wall: a new session takes the place of the one that is open."""

import itertools
import threading
from pathlib import Path

from coopsim.errors import scenario_error
from coopsim.scenario import Scenario
from coopsim_viz.room import Room
from coopsim_viz.room.driver import Driver
from coopsim_viz.stage import Stage, put


def begun(stage: Stage) -> bool:
    """Return whether something has happened in the open session."""
    room = stage.room
    return room.tick > 0 or bool(room.assembly.phones) or len(room.tree.branches) > 2  # noqa: PLR2004 - two trunks


def open_run(stage: Stage, a: Scenario, b: Scenario, seed: int, name: str, *, sure: bool = False) -> Stage:
    """Open two scenarios with the luck of one world; the session before is closed and its folder kept.

    The address, the code and the token of the room stay, so pages and phones find the new session when reloaded.

    Parameters
    ----------
    name : str
        Added to the name of the session's folder.
    sure : bool
        Whether a session in which something has happened may be closed.

    Raises
    ------
    ScenarioError
        When the session before is under way and nobody is sure, or the two cannot share a room.
    """
    if begun(stage) and not sure:
        raise scenario_error(
            "une séance est en cours : cocher « fermer la séance en cours », elle reste dans son dossier",
            "a session is under way: tick 'close the session under way', it stays in its folder",
            file=str(stage.folder),
        )  # fmt: skip
    room = Room({"A": a, "B": b}, _fresh(stage.folder, name), seed)
    room.opened()
    made = Stage(room, Driver(room), stage.address, stage.code, stage.token, stage.screen)
    made.batches = stage.batches
    put(made)
    threading.Thread(target=stage.close, name="close", daemon=True).start()  # its driver may be in a step
    return made


def _fresh(folder: Path, name: str) -> Path:
    for n in itertools.count(1):
        place = folder.with_name(f"{folder.name}-{name}" + (f"-{n}" if n > 1 else ""))
        if not place.exists():
            return place
    raise AssertionError  # counting never ends
