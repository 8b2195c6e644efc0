"""Exports of a batch: CSV and parquet tables, netCDF, and archives of the EMA Workbench; nothing is half written."""

import io
import json
import secrets
import tarfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from coopsim.batch.arrays import dataset
from coopsim.batch.experiments import experiments
from coopsim.batch.extras import missing_extra
from coopsim.batch.files import RESULTS, appear, part_files
from coopsim.batch.tables import Tables
from coopsim.errors import scenario_error
from coopsim.registry import nearest
from coopsim.types import FloatArray

FORMS = ("csv", "parquet", "netcdf", "ema")
_ENDS = {"netcdf": (".nc",), "ema": (".tar.gz",)}
_QUARTERS = 4


def export(tables: Tables, path: Path, form: str) -> Path:
    """Write a batch in another form; return where.

    Parameters
    ----------
    tables : Tables
    path : Path
        A folder for ``csv`` and ``parquet``, a file for ``netcdf`` (``.nc``) and ``ema`` (``.tar.gz``).
    form : str
        One of `FORMS`.

    Raises
    ------
    ScenarioError
        For an unknown form or ending, a batch without results, or an optional part that is not installed.
    OSError
        When the place cannot be written.
    """
    check_export(path, form)
    if not part_files(tables.folder, RESULTS):
        raise scenario_error(
            "cette campagne n'a encore aucun résultat",
            "this batch has no results yet",
            file=str(tables.folder),
        )
    if form in _ENDS:
        path.parent.mkdir(parents=True, exist_ok=True)
        (_netcdf if form == "netcdf" else _ema)(tables, path)
    else:
        path.mkdir(parents=True, exist_ok=True)
        _folder(tables, path, form)
    return path


def check_export(path: Path, form: str) -> None:
    """Refuse, before any work, an unknown form, or a file name that does not end as its form does."""
    if form not in FORMS:
        raise scenario_error(
            "forme inconnue", "unknown form", key="format", value=form, allowed=", ".join(FORMS),
            nearest=nearest(form, list(FORMS)),
        )  # fmt: skip
    ends = _ENDS.get(form)
    if ends and not path.name.endswith(ends):
        raise scenario_error(
            "ce nom de fichier ne va pas avec la forme", "this file name does not fit the form", file=str(path),
            allowed=", ".join(f"*{end}" for end in ends),
        )  # fmt: skip


def _folder(tables: Tables, folder: Path, form: str) -> None:
    """Write trajectories part by part, whatever their size, then the small tables."""
    pieces = list(part_files(tables.folder, RESULTS).values())

    def fill(file: BinaryIO) -> None:
        writer: Any = None
        for place in pieces:
            table = _placed(tables, pq.read_table(place))
            if writer is None:
                writer = _writer(form, file, table.schema)
            writer.write_table(table)
        writer.close()

    appear(folder / f"trajectories.{form}", fill)
    for name, frame in _small(tables):
        appear(
            folder / f"{name}.{form}", _small_writer(pa.Table.from_pandas(frame, preserve_index=False), form)
        )


def _writer(form: str, file: BinaryIO, schema: pa.Schema) -> Any:
    if form == "csv":
        return csv.CSVWriter(file, schema)
    return pq.ParquetWriter(file, schema, compression="zstd")


def _small_writer(table: pa.Table, form: str) -> Callable[[BinaryIO], None]:
    def fill(file: BinaryIO) -> None:
        with _writer(form, file, table.schema) as writer:
            writer.write_table(table)

    return fill


def _placed(tables: Tables, table: pa.Table) -> pa.Table:
    """Return rows of results with scenario, point, seed, year and quarter; an absent value is empty."""
    lane, point, seed = tables.address(table["run"].to_numpy())
    tick = table["tick"].to_numpy().astype(np.int64)
    columns: dict[str, Any] = {
        "scenario": pa.DictionaryArray.from_arrays(
            lane.astype(np.int32), list(tables.scenarios)
        ).dictionary_decode(),
        "point": point,
        "seed": seed,
        "tick": tick,
        "year": int(tables.about["start_year"]) + tick // _QUARTERS,
        "quarter": tick % _QUARTERS + 1,
        "territory": table["territory"].cast(pa.string()),
        **{name: pa.array(table[name].to_numpy(), from_pandas=True) for name in tables.indicators},
    }
    return pa.table(columns)


def _small(tables: Tables) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the design, the runs, and one row a run that ended well: what is uncertain, what is chosen, outcomes."""
    yield "points", tables.points
    yield "runs", tables.runs
    table, outcomes = experiments(tables)
    lane = table["policy"].map({name: n for n, name in enumerate(tables.scenarios)}).to_numpy(np.int64)
    worlds = table["seed"].to_numpy() - tables.seeds.start
    number = (table["scenario"].to_numpy() * len(tables.scenarios) + lane) * len(tables.seeds) + worlds
    chosen = (
        table[["policy", *tables.levers]].astype({"policy": "str"}).rename(columns={"policy": "scenario"})
    )
    for name, frame in (
        ("uncertainties", table[[*tables.uncertainties, "seed"]]),
        ("levers", chosen),
        ("outcomes", pd.DataFrame(outcomes)),
    ):
        yield name, pd.concat([pd.DataFrame({"run": number}), frame.reset_index(drop=True)], axis=1)


def _netcdf(tables: Tables, path: Path) -> None:
    for module in ("h5netcdf", "h5py"):  # xarray's own message would be a page long
        if find_spec(module) is None:
            raise missing_extra(module, "batch")
    found = dataset(tables, tables.indicators)
    partial = path.with_name(f".writing-{secrets.token_hex(6)}-{path.name}")
    packed = {str(name): {"zlib": True, "shuffle": True} for name in found.data_vars}
    try:
        found.to_netcdf(partial, engine="h5netcdf", encoding=packed)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _ema(tables: Tables, path: Path) -> None:
    """Write an archive that ``ema_workbench.load_results`` reads (its version 0.1).

    Each indicator at the horizon is a scalar outcome; where more than one tick was kept, ``NAME_series`` is an array
    outcome over time and ``TIME`` its years.
    """
    table, outcomes = experiments(tables)
    members: dict[str, bytes] = {"experiments.csv": table.to_csv(index=False).encode()}
    listed: list[tuple[str, str, str]] = []
    for name, values in outcomes.items():
        listed.append(("ScalarOutcome", name, f"{name}.csv"))
        members[f"{name}.csv"] = pd.DataFrame(values).to_csv(header=False, index=False).encode()
    if tables.about["record"]["what"] != "horizon":
        for name, values in experiments(tables, series=True)[1].items():
            shown = f"{name}_series" if name in outcomes else name
            listed.append(("ArrayOutcome", shown, f"{shown}.npy"))
            members[f"{shown}.npy"] = _npy(values)
    kinds = {name: kind.name for name, kind in table.dtypes.items()}
    members["metadata.json"] = json.dumps({"version": 0.1, "outcomes": listed, "experiments": kinds}).encode()

    def fill(file: BinaryIO) -> None:
        with tarfile.open(fileobj=file, mode="w:gz") as archive:
            for name, content in members.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))

    appear(path, fill)


def _npy(values: FloatArray) -> bytes:
    file = io.BytesIO()
    np.save(file, values, allow_pickle=False)
    return file.getvalue()
