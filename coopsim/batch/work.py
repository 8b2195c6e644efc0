"""What a worker of a batch does: live a chunk of runs and write its part; a run that breaks is a row, not a stop."""

import pickle
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopsim.batch.files import LOST, RUNS, part_path, write_part
from coopsim.batch.part import Part, runs_table
from coopsim.batch.versions import code_version
from coopsim.batch.warm import warmed
from coopsim.errors import CoopsimError, scenario_error
from coopsim.executors import prepare_rules
from coopsim.i18n import Lang, set_lang

if TYPE_CHECKING:
    from coopsim.scenario import Scenario

Point = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a worker needs to live any run of a batch.

    Attributes
    ----------
    folder : Path
        Of the store.
    lanes : tuple of Scenario
    labels : tuple of str
    points : mapping of int to mapping
        Dotted keys and values of points of the design, by their number: all, or those of one chunk.
    point_count : int
        Of the whole design.
    seeds : range
        One for each replicate; the same at every point of every lane.
    what : str
        ``quarterly``, ``yearly`` or ``horizon``.
    columns : tuple of str
        Indicators that are kept.
    territories, journal : bool
    code : str
        Version of the code that the results must come from.
    lang : str
        Language of what is written about failures.
    modules, files : tuple of str
        Where the user's own rules are.
    """

    folder: Path
    lanes: tuple["Scenario", ...]
    labels: tuple[str, ...]
    points: Mapping[int, Point]
    point_count: int
    seeds: range
    what: str
    columns: tuple[str, ...]
    territories: bool
    journal: bool
    code: str
    lang: Lang
    modules: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.point_count * len(self.lanes) * len(self.seeds)

    def address(self, run: int) -> tuple[int, int, int]:
        """Return the point, the lane and the seed of a run, in this order of the loops."""
        rest, replicate = divmod(run, len(self.seeds))
        point, lane = divmod(rest, len(self.lanes))
        return point, lane, self.seeds[replicate]

    def points_of(self, chunk: "Chunk") -> dict[int, Point]:
        """Return the points that the runs of a chunk are at."""
        first, last = self.address(chunk.start)[0], self.address(chunk.stop - 1)[0]
        return {point: self.points[point] for point in range(first, last + 1)}

    def part(self) -> Part:
        """Return empty tables for what is kept of its runs."""
        return Part(self.what, self.columns, territories=self.territories, journal=self.journal)

    def parcel(self) -> "Parcel":
        """Return the job as it travels to another process."""
        return Parcel(self.modules, self.files, pickle.dumps(replace(self, points={})), self.points)

    def prepare(self) -> None:
        """Make this process fit to live runs: the language, the same code, compiled kernels.

        Raises
        ------
        ScenarioError
            When coopsim is another one here than where the batch was begun.
        """
        set_lang(self.lang)
        here = code_version(self.modules, self.files)
        if here != self.code:
            raise scenario_error(
                "un processus de calcul a un autre coopsim, ou d'autres règles, que celui qui a lancé la campagne",
                "a worker has another coopsim, or other rules, than the process that began the batch",
                value=here, allowed=self.code,
            )  # fmt: skip
        warmed()


@dataclass(frozen=True, slots=True)
class Parcel:
    """A job on its way to another process: its scenarios are read there once the user's rules are known.

    Attributes
    ----------
    modules, files : tuple of str
    content : bytes
        The job without its points.
    points : mapping of int to mapping
        All points, or those of one chunk.
    """

    modules: tuple[str, ...]
    files: tuple[str, ...]
    content: bytes
    points: Mapping[int, Point]

    def opened(self) -> Job:
        """Return the job, this process being fit to live its runs.

        Raises
        ------
        ScenarioError
            When the rules cannot be read here, or coopsim is another one.
        """
        prepare_rules(self.modules, self.files)
        job: Job = pickle.loads(self.content)  # nosec B301  # from the parent process
        job.prepare()
        return replace(job, points=self.points)


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


def live(job: Job, chunk: Chunk) -> Done:
    """Live the runs of a chunk and write its part.

    Raises
    ------
    OSError
        When the part cannot be written (full disk): nothing of it is kept.
    """
    start = time.perf_counter()
    part = lived(job, range(chunk.start, chunk.stop), job.part())
    write_part(job.folder, chunk.number, part.tables())
    part_path(job.folder, LOST, chunk.number).unlink(missing_ok=True)
    return Done(chunk, len(chunk) - part.broken, part.broken, time.perf_counter() - start)


def lived(job: Job, runs: range, part: Part) -> Part:
    """Live some runs and add them to the tables of a part, those that broke included."""
    from coopsim.run import simulate

    here, spec = (-1, -1), job.lanes[0]
    for run in runs:
        point, lane, seed = job.address(run)
        row = {"run": run, "point": point, "scenario": job.labels[lane], "seed": seed}
        start = time.perf_counter()
        try:
            if (point, lane) != here:
                spec = varied(job.lanes[lane], job.points[point])
                here = point, lane
            part.add(run, simulate(spec, seed=seed))
        except Exception as error:
            if _interrupted(error):
                raise KeyboardInterrupt from error
            trace = traceback.format_exc()
            told = str(error) if isinstance(error, CoopsimError) else f"{type(error).__name__}: {error}"
            part.runs.append(
                {**row, "status": "failed", "error": told, "trace": trace, "seconds": _since(start)}
            )
        else:
            part.runs.append({**row, "status": "done", "error": "", "trace": "", "seconds": _since(start)})
    return part


def _interrupted(error: BaseException | None) -> bool:
    """Return whether an error comes from Ctrl-C: pydantic wraps what interrupts it in an error of its own."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _since(start: float) -> float:
    return time.perf_counter() - start


def varied(spec: "Scenario", point: Point) -> "Scenario":
    """Return a scenario at a point of the design, under its own name."""
    return spec.but({**point, "name": spec.name}) if point else spec


def give_up(job: Job, chunk: Chunk, why: str) -> None:
    """Write down the runs of a chunk that no worker brought to its end; the next call tries them again."""
    rows = []
    for run in range(chunk.start, chunk.stop):
        point, lane, seed = job.address(run)
        row = {"run": run, "point": point, "scenario": job.labels[lane], "seed": seed}
        rows.append({**row, "status": "lost", "error": why, "trace": "", "seconds": 0.0})
    if not part_path(job.folder, RUNS, chunk.number).exists():
        write_part(job.folder, chunk.number, [(LOST, runs_table(rows))])
