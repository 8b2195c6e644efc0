"""A comparison as a folder: compare.json and four tables; never half written."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from coopsim.comparison.ensemble import Ensemble
from coopsim.errors import reason_of, scenario_error
from coopsim.indicators import SYSTEM

FORMAT = 1
MANIFEST = "compare.json"


def trajectories(ensemble: Ensemble) -> pd.DataFrame:
    """Return one row a scenario, seed, tick and place; the territory of the system's rows is empty."""
    lanes, replicates, ticks, places, columns = ensemble.cube.shape
    shape = (lanes, replicates, ticks, places)

    def spread(values: Sequence[int], axis: int) -> NDArray[np.int64]:
        sizes = [1] * len(shape)
        sizes[axis] = -1
        return np.broadcast_to(np.asarray(values, np.int64).reshape(sizes), shape).ravel()

    def names(codes: NDArray[np.int64], categories: Sequence[str]) -> "pd.Categorical[str]":
        return pd.Categorical.from_codes(codes, pd.Index(list(categories), dtype="str"))

    keys = {
        "scenario": names(spread(range(lanes), 0), ensemble.scenarios),
        "seed": spread(ensemble.seeds, 1),
        "tick": spread(range(ticks), 2),
        "territory": names(spread(range(places), 3), ("", *ensemble.territories)),
    }
    numbers = pd.DataFrame(ensemble.cube.reshape(-1, columns), columns=list(SYSTEM), copy=False)
    return pd.concat([pd.DataFrame(keys), numbers], axis=1)


def save_folder(
    folder: Path, manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], name: str = MANIFEST
) -> None:
    """Write tables and their manifest; it comes last, so a folder that has one is complete.

    Parameters
    ----------
    name : str
        File name of the manifest.
    tables : mapping of str to DataFrame
        By file name without its ending.

    Raises
    ------
    ScenarioError
        When the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    except OSError as error:
        raise scenario_error(
            f"dossier impossible à écrire : {reason_of(error).fr}",
            f"this folder cannot be written: {reason_of(error).en}",
            file=str(folder),
        ) from error
    try:
        for table, frame in tables.items():
            write_parquet(frame, partial / f"{table}.parquet")
        text = json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False)
        (partial / name).write_text(text, encoding="utf-8")
        (folder / name).unlink(missing_ok=True)
        for table in tables:
            (partial / f"{table}.parquet").replace(folder / f"{table}.parquet")
        (partial / name).replace(folder / name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a table: numbers as split bytes, which compress well; texts by dictionary."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    floats = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    others = [name for name in table.column_names if name not in floats]
    pq.write_table(table, path, compression="zstd", use_dictionary=others, use_byte_stream_split=floats)


def load_folder(folder: Path) -> tuple[dict[str, Any], Ensemble]:
    """Return the manifest and the runs of a comparison folder.

    Raises
    ------
    ScenarioError
        When the folder is not a complete comparison that this version can read.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        frame = pd.read_parquet(folder / "trajectories.parquet")
        journal = pd.read_parquet(folder / "journal.parquet")
        return manifest, _ensemble(manifest, frame, journal)
    except (OSError, KeyError, ValueError, TypeError, pa.ArrowException) as error:
        raise scenario_error(
            f"ce n'est pas un dossier de comparaison lisible ({type(error).__name__}) : "
            "l'écrire avec coopsim compare A B --out DOSSIER",
            f"not a readable comparison folder ({type(error).__name__}): "
            "write one with coopsim compare A B --out DIR",
            file=str(folder),
        ) from error


def _ensemble(manifest: dict[str, Any], frame: pd.DataFrame, journal: pd.DataFrame) -> Ensemble:
    if manifest["format"] != FORMAT:
        raise ValueError(manifest["format"])
    names = tuple(scenario["name"] for scenario in manifest["scenarios"])
    seeds, codes = tuple(manifest["seeds"]), tuple(manifest["territories"])
    shape = (len(names), len(seeds), -1, 1 + len(codes), len(SYSTEM))
    cube = frame[list(SYSTEM)].to_numpy(np.float64).reshape(shape)
    return Ensemble(names, seeds, codes, int(manifest["start_year"]), cube, journal)
