"""Batches that the Explorer may open: those given, and those found where the command was started."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from coopsim.batch import Batch, open_batch
from coopsim.batch.files import MANIFEST, RUNS, part_files


def known(given: Sequence[Path], start: Path) -> dict[str, Path]:
    """Return the folders of batches by the name that an address gives them; a page opens no other.

    Parameters
    ----------
    given : sequence of Path
        Batches, or folders that hold some.
    start : Path
        Searched too, and its folder ``out``, one level deep.
    """
    found: dict[str, Path] = {}
    for place in (*given, start, start / "out"):
        for folder in (place, *(sorted(place.iterdir()) if place.is_dir() else ())):
            if (folder / MANIFEST).is_file() and folder.resolve() not in found.values():
                name, n = folder.resolve().name, 2
                while name in found:
                    name, n = f"{folder.resolve().name}-{n}", n + 1
                found[name] = folder.resolve()
    return found


def opened(folder: Path) -> Batch:
    """Return a batch, read again when it has grown.

    Raises
    ------
    ScenarioError
        When the folder holds no batch that this version can read.
    """
    return _opened(folder, len(part_files(folder, RUNS)), (folder / MANIFEST).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _opened(folder: Path, parts: int, changed: int) -> Batch:  # noqa: ARG001 - they tell that it has grown
    return open_batch(folder)
