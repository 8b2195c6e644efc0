"""The session log: one JSON line for each thing decided, on disk before it is shown. A crash loses nothing decided."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.scenario.limits import MOST_TABLE, too_many_bytes

FILE = "session.jsonl"
FORMAT = 1


class SessionLog:
    """Appends to the log of one session; nothing is ever rewritten, except by `purge`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _trim(folder / FILE)
            self._file: TextIO = (folder / FILE).open("a", encoding="utf-8")
        except OSError as error:
            raise scenario_error(
                f"impossible d'écrire le journal de séance : {error.strerror}",
                f"cannot write the session log: {error.strerror}", file=str(folder),
            ) from error  # fmt: skip

    def write(self, do: str, *, sync: bool = True, **what: Any) -> None:
        """Append one line; with ``sync`` wait for the disk, else for the system, so that a power cut may lose it."""
        self._file.write(json.dumps({"do": do, **what}, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()
        if sync:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _trim(path: Path) -> None:
    """Cut off a last line that a crash left unfinished: what is written next begins a line of its own."""
    if path.exists():
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            with path.open("r+b") as file:
                file.truncate(whole)


def entries(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a log; a last line cut by a power failure is left out.

    Raises
    ------
    ScenarioError
        For a missing log, one of another format, or a line in its middle that cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        raise scenario_error(
            "ce dossier ne contient pas de séance (session.jsonl manque)",
            "this folder holds no session (session.jsonl is missing)", file=str(folder),
        )  # fmt: skip
    large = too_many_bytes(path, MOST_TABLE)
    if large:
        raise ScenarioError([Problem(large, file=str(path))])
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        entry = _read(line)
        if entry is None:
            if number >= len(lines):  # no newline after it: the write was cut
                return
            raise scenario_error(
                "ligne illisible dans le journal de séance", "unreadable line in the session log",
                file=str(path), value=line[:80],
            )  # fmt: skip
        if entry["do"] == "open" and entry.get("format") != FORMAT:
            raise scenario_error(
                "journal de séance d'un autre format", "session log of another format", file=str(path),
                key="format", value=entry.get("format"), allowed=str(FORMAT),
            )  # fmt: skip
        yield entry


def _read(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (RecursionError, ValueError):
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("do"), str) else None


PERSONAL = ("vote", "predict", "join")


def purge(folder: Path) -> int:
    """Remove predictions, open votes and who joined from a log; returns the lines removed. The trajectory stays."""
    kept, removed = [], 0
    for entry in entries(folder):
        if entry["do"] in PERSONAL:
            removed += 1
        else:
            kept.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
    room = folder / f".{FILE}.new"
    room.write_text("\n".join(kept) + "\n", encoding="utf-8")
    room.replace(folder / FILE)
    return removed
