"""Files of a batch's folder: parts that appear whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

PARTS = "parts"
_UNFINISHED = ".writing-"


def part_path(folder: Path, table: str, number: int) -> Path:
    """Return the file of one table of one part."""
    return folder / PARTS / f"{table}-{number:06d}.parquet"


def finished(folder: Path) -> set[int]:
    """Return the numbers of the parts that are complete: those whose list of runs is there."""
    found = (folder / PARTS).glob("runs-*.parquet")
    return {int(path.stem.removeprefix("runs-")) for path in found}


def write_part(folder: Path, number: int, tables: Iterable[tuple[str, pd.DataFrame]]) -> None:
    """Write the tables of a part, each to a temporary name and then renamed, in their order.

    Raises
    ------
    OSError
        When the disk is full or the folder cannot be written; nothing half written stays.
    """
    for table, frame in tables:
        write_table(frame, part_path(folder, table, number))


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table so that a kill or a power cut leaves the old file, the new one or none.

    Numbers as split bytes, which compress well; texts by dictionary.

    Raises
    ------
    OSError
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    floats = [item.name for item in table.schema if pa.types.is_floating(item.type)]
    others = [name for name in table.column_names if name not in floats]
    partial = path.with_name(f"{_UNFINISHED}{os.getpid()}-{path.name}")
    try:
        pq.write_table(
            table, partial, compression="zstd", use_dictionary=others, use_byte_stream_split=floats
        )
        _settle(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _settle(path.parent)


def write_text(text: str, path: Path) -> None:
    """Write a text with the same care as a table."""
    partial = path.with_name(f"{_UNFINISHED}{os.getpid()}-{path.name}")
    try:
        partial.write_text(text, encoding="utf-8")
        _settle(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Wait until a file or a folder is on the disk; folders cannot be asked everywhere."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # folders on Windows
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Delete what an interrupted run left half written."""
    for place in (folder, folder / PARTS):
        for path in place.glob(f"{_UNFINISHED}*"):
            path.unlink(missing_ok=True)
