"""Files of a batch's folder: parts that appear whole or not at all."""

import os
import re
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

FORMAT = 1
MANIFEST, POINTS = "batch.json", "points.parquet"
PARTS = "parts"
RESULTS, JOURNAL, RUNS, LOST = "results", "journal", "runs", "lost"
_UNFINISHED = ".writing-"
_NUMBERED = re.compile(rf"(?:{RESULTS}|{JOURNAL}|{RUNS}|{LOST})-(\d{{6,}})\.parquet")


def part_path(folder: Path, table: str, number: int) -> Path:
    """Return the file of one table of one part."""
    return folder / PARTS / f"{table}-{number:06d}.parquet"


def part_files(folder: Path, table: str) -> dict[int, Path]:
    """Return the files of one table by the number of their part, in order."""
    found = {}
    for path in sorted((folder / PARTS).glob(f"{table}-*.parquet")):
        match = _NUMBERED.fullmatch(path.name)
        if match:
            found[int(match[1])] = path
    return found


def write_part(folder: Path, number: int, tables: Iterable[tuple[str, pa.Table]]) -> None:
    """Write the tables of a part, each to a temporary name and then renamed, in their order.

    Raises
    ------
    OSError
        When the disk is full or the folder cannot be written; nothing half written stays.
    """
    for name, table in tables:
        write_table(table, part_path(folder, name, number))


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table so that a kill or a power cut leaves the old file, the new one or none.

    Raises
    ------
    OSError
    """
    appear(path, lambda file: encode(table, file))


def write_text(text: str, path: Path) -> None:
    """Write a text with the same care as a table.

    Raises
    ------
    OSError
    """
    appear(path, lambda file: file.write(text.encode("utf-8")))


def encode(table: pa.Table, file: BinaryIO) -> None:
    """Write a table as parquet: numbers as split bytes, which compress well; texts by dictionary."""
    floats = [item.name for item in table.schema if pa.types.is_floating(item.type)]
    others = [name for name in table.column_names if name not in floats]
    pq.write_table(table, file, compression="zstd", use_dictionary=others, use_byte_stream_split=floats)


def appear(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Fill a file under a name of its own, wait until it is on the disk, then give it its name.

    Parameters
    ----------
    path : Path
    fill : callable
        Writes to the file that it is given.

    Raises
    ------
    OSError
        When the file cannot be written; nothing half written stays.
    """
    partial = path.with_name(f"{_UNFINISHED}{secrets.token_hex(6)}-{path.name}")
    try:
        with partial.open("xb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if os.name == "nt":  # folders cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Delete what an interrupted run left half written."""
    for place in (folder, folder / PARTS):
        for path in place.glob(f"{_UNFINISHED}*"):
            path.unlink(missing_ok=True)


def empty(folder: Path) -> None:
    """Delete the parts of a batch, and nothing else."""
    for path in (folder / PARTS).glob("*.parquet"):
        if _NUMBERED.fullmatch(path.name):
            path.unlink(missing_ok=True)
