"""A session as files: tables of every branch, and every branch as a scenario that runs in a batch."""

import json
from pathlib import Path

import pandas as pd
import tomlkit

from coopsim.outputs import journal_frame, system_frame, territory_frame, write_folder
from coopsim_viz.room.changes import to_json
from coopsim_viz.room.room import Room


def export(room: Room, target: Path) -> None:
    """Write ``territories``, ``system``, ``journal`` (parquet, by ``branch``), ``branches.json``, ``scenarios/*.toml``.

    Raises
    ------
    ScenarioError
        When the place cannot be written.
    """
    tables = branch_tables(room)
    about = [
        {
            "id": branch.id, "lane": branch.lane, "name": branch.name, "parent": branch.parent,
            "start": branch.start, "changes": [to_json(change) for change in branch.changes],
        }
        for branch in room.tree.branches.values()
    ]  # fmt: skip
    head = {"branches": about, "seed": room.seed, "tick": room.tick}
    write_folder(target, {"branches.json": json.loads(json.dumps(head))}, tables)
    folder = target / "scenarios"
    folder.mkdir(exist_ok=True)
    for branch in room.tree.branches.values():
        name = f"session-{branch.lane.lower()}{branch.id}"
        document = room.scenario(branch.id, name).document()
        (folder / f"{name}.toml").write_text(tomlkit.dumps(document), encoding="utf-8")


def branch_tables(room: Room) -> dict[str, pd.DataFrame]:
    """Return the tables of every branch that was lived, with its number and lane."""
    spec = room.base["A"]
    codes = tuple(sorted(spec.territory_names))
    parts: dict[str, list[pd.DataFrame]] = {"territories": [], "system": [], "journal": []}
    standing = {branch for _, branch in room.tree.position.branches}
    for branch in room.tree.branches.values():
        if branch.id not in standing and branch.id not in room.past:
            continue
        lived = room.lived(branch.id)
        frames = {
            "territories": territory_frame(lived.territory, codes, spec.start_year),
            "system": system_frame(lived.system, spec.start_year),
            "journal": journal_frame(lived.journal),
        }
        for name, frame in frames.items():
            frame.insert(0, "branch", branch.id)
            frame.insert(1, "lane", branch.lane)
            parts[name].append(frame)
    return {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}
