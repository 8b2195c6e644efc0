"""What a worker of a batch does: live a chunk of runs and write its tables; a run that breaks is a row, not a stop."""

import json
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coopsim.batch.files import write_part
from coopsim.errors import CoopsimError
from coopsim.indicators import SYSTEM, TERRITORY
from coopsim.types import FloatArray, IntArray

if TYPE_CHECKING:
    from coopsim.outputs import Run
    from coopsim.scenario import Scenario

_QUARTERS = 4
_STEPS = {"quarterly": 1, "yearly": _QUARTERS, "horizon": 0}


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a worker needs to live any run of a batch.

    Attributes
    ----------
    folder : Path
        Of the store.
    lanes : tuple of Scenario
    labels : tuple of str
    points : tuple of dict
        Dotted keys and values of each point of the design.
    seeds : range
        One for each replicate; the same at every point of every lane.
    what : str
        ``quarterly``, ``yearly`` or ``horizon``.
    columns : tuple of str
        Indicators that are kept.
    territories, journal : bool
    modules, files : tuple of str
        Where the user's own rules are.
    """

    folder: Path
    lanes: tuple["Scenario", ...]
    labels: tuple[str, ...]
    points: tuple[Mapping[str, Any], ...]
    seeds: range
    what: str
    columns: tuple[str, ...]
    territories: bool
    journal: bool
    modules: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.points) * len(self.lanes) * len(self.seeds)

    def address(self, run: int) -> tuple[int, int, int]:
        """Return the point, the lane and the seed of a run, in this order of the loops."""
        rest, replicate = divmod(run, len(self.seeds))
        point, lane = divmod(rest, len(self.lanes))
        return point, lane, self.seeds[replicate]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Runs that one worker lives and one part keeps.

    Attributes
    ----------
    number : int
    start, stop : int
        Runs, the last one left out.
    """

    number: int
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a chunk: how many runs ended well, how many broke, and the seconds they took."""

    chunk: Chunk
    ended: int
    broken: int
    seconds: float


@dataclass(slots=True)
class _Kept:
    """Tables of a chunk as they grow."""

    results: list[pd.DataFrame] = field(default_factory=list)
    journals: list[pd.DataFrame] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)


def live(job: Job, chunk: Chunk) -> Done:
    """Live the runs of a chunk and write its part.

    Raises
    ------
    OSError
        When the part cannot be written (full disk): nothing of it is kept.
    """
    start = time.perf_counter()
    kept = _Kept()
    for run in range(chunk.start, chunk.stop):
        _one(job, run, kept)
    write_part(job.folder, chunk.number, _tables(job, kept))
    broken = sum(row["status"] == "failed" for row in kept.runs)
    return Done(chunk, len(chunk) - broken, broken, time.perf_counter() - start)


def _tables(job: Job, kept: _Kept) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables of a part; the list of its runs comes last and says that the part is complete."""
    if kept.results:
        yield "results", pd.concat(kept.results, ignore_index=True)
    if job.journal and kept.journals:
        yield "journal", pd.concat(kept.journals, ignore_index=True)
    yield "runs", pd.DataFrame(kept.runs)


def _one(job: Job, run: int, kept: _Kept) -> None:
    point, lane, seed = job.address(run)
    row = {"run": run, "point": point, "scenario": job.labels[lane], "seed": seed}
    start = time.perf_counter()
    try:
        result = _simulated(job, point, lane, seed)
    except Exception as error:
        row |= {
            "status": "failed",
            "error": str(error) if isinstance(error, CoopsimError) else f"{type(error).__name__}: {error}",
            "trace": traceback.format_exc(),
        }
    else:
        row |= {"status": "done", "error": "", "trace": ""}
        kept.results.append(_values(job, run, result))
        if job.journal and len(result.journal):
            journal = result.journal.copy(deep=False)
            journal.insert(0, "run", np.int32(run))
            kept.journals.append(journal)
    kept.runs.append({**row, "seconds": time.perf_counter() - start})


def _simulated(job: Job, point: int, lane: int, seed: int) -> "Run":
    from coopsim.run import simulate

    return simulate(_varied(job.lanes[lane], json.dumps(job.points[point])), seed=seed)


@lru_cache(maxsize=8)
def _varied(spec: "Scenario", point: str) -> "Scenario":
    changes = json.loads(point)
    return spec.but({**changes, "name": spec.name}) if changes else spec


def ticks_kept(what: str, ticks: int) -> IntArray:
    """Return which ticks a record keeps: every one, the last of each year, or the last of all."""
    step = _STEPS[what] or ticks
    out: IntArray = np.arange(step - 1, ticks, step)
    return out


def _values(job: Job, run: int, result: "Run") -> pd.DataFrame:
    local, system = result.arrays
    rows = ticks_kept(job.what, len(system))
    columns = np.array([SYSTEM.index(name) for name in job.columns])
    values = system[np.ix_(rows, columns)]
    ticks, places = rows, np.zeros(len(rows), np.int16)
    codes = [""]
    if job.territories:
        codes += result.codes
        block = _spread(local[rows], job.columns)
        values = np.concatenate([values[:, None], block], axis=1).reshape(-1, len(job.columns))
        ticks = np.repeat(rows, len(codes))
        places = np.tile(np.arange(len(codes), dtype=np.int16), len(rows))
    keys = {
        "run": np.full(len(values), run, np.int32),
        "tick": ticks.astype(np.int16),
        "territory": pd.Categorical.from_codes(places, pd.Index(codes, dtype="str")),
    }
    numbers = pd.DataFrame(values, columns=list(job.columns), copy=False)
    return pd.concat([pd.DataFrame(keys), numbers], axis=1)


def _spread(local: FloatArray, columns: Sequence[str]) -> FloatArray:
    """Return the territories' values in the columns that are kept; NaN where an indicator has none."""
    out = np.full((*local.shape[:2], len(columns)), np.nan)
    for n, name in enumerate(columns):
        if name in TERRITORY:
            out[:, :, n] = local[:, :, TERRITORY.index(name)]
    return out


def lost(job: Job, chunk: Chunk, why: str) -> Done:
    """Write down the runs of a chunk that no worker brought to its end."""
    rows = []
    for run in range(chunk.start, chunk.stop):
        point, lane, seed = job.address(run)
        rows.append(
            {
                "run": run, "point": point, "scenario": job.labels[lane], "seed": seed, "status": "failed",
                "error": why, "trace": "", "seconds": 0.0,
            }
        )  # fmt: skip
    write_part(job.folder, chunk.number, [("runs", pd.DataFrame(rows))])
    return Done(chunk, 0, len(chunk), 0.0)
