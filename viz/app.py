"""The viewer for `solara run viz/app.py`: the Figeac room, for development and for Solara users.

`solara run` asks outside hosts at its start and serves neither phones nor reports: in a town hall use `coopsim view`.
"""

import sys
import tempfile
from pathlib import Path

from coopsim.scenario import load_scenario
from coopsim_viz.pages import Layout, routes
from coopsim_viz.room import Room
from coopsim_viz.room.driver import Driver
from coopsim_viz.stage import Stage, current, put

__all__ = ["Layout", "routes"]


def _opened() -> Stage:
    names = {"A": "figeac-attractiveness", "B": "figeac-cooperation"}
    room = Room(
        {lane: load_scenario(name) for lane, name in names.items()}, Path(tempfile.mkdtemp(prefix="coopsim-"))
    )
    room.opened()
    return Stage(room, Driver(room), address="http://127.0.0.1:8765")


if current() is None:
    stage = _opened()
    put(stage)
    sys.stderr.write(f"/atelier   /animation?jeton={stage.token}   {stage.folder}\n")
