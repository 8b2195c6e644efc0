"""What a batch will cost, measured on a few real runs; nothing is written."""

import io
import math
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from coopsim.batch.chunks import chunks_of
from coopsim.batch.files import encode
from coopsim.batch.job import refused_together
from coopsim.batch.part import Part, ticks_kept
from coopsim.batch.plan import Plan
from coopsim.batch.store import there_already
from coopsim.batch.work import Job, lived, varied
from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.scenario import Scenario

_BUDGET_S = 3.0  # spent on the runs of one scenario; more only where a single short run takes longer
_FEW, _MOST = 2, 8  # runs measured
_SHORT = 3  # years of a run that is too long to be lived whole
_START_S = 3.0  # until worker processes live their first run
_CROWDED = 0.9  # of the free space of a disk

_POWER = Text(
    "une suite de Sobol n'est équilibrée que si le nombre de points est une puissance de deux",
    "a Sobol sequence is balanced only if the number of points is a power of two",
)
_FULL = Text("la place sur le disque ne suffira pas", "the disk will not have room enough")
_TOGETHER = Text(
    "{refused} points sur {tried} essayés sont refusés, leurs simulations échoueront : {why}",
    "{refused} of {tried} points tried are refused, their runs will fail: {why}",
)
_BROKEN = Text("une simulation d'essai a échoué : {why}", "a run that was tried failed: {why}")


@dataclass(frozen=True, slots=True)
class Cost:
    """What the runs of one scenario cost.

    Attributes
    ----------
    label : str
    seconds : float
        Of one run on one core, with its share of what a new point costs.
    bytes : float
        Of one run in a part.
    runs, years : int
        Runs that were lived to know it, and their length; shorter than the plan's where one is long.
    error : str
        Why one of them failed; empty when none did.
    """

    label: str
    seconds: float
    bytes: float
    runs: int
    years: int
    error: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a batch will cost.

    Attributes
    ----------
    points, scenarios, replicates, runs, parts : int
    there : int
        Runs that the folder holds already.
    workers : int
    costs : tuple of Cost
        By scenario.
    seconds : float
        Expected for the runs that are not there.
    bytes : float
        Expected on disk for the whole batch.
    warnings : tuple of Problem
    """

    points: int
    scenarios: int
    replicates: int
    runs: int
    parts: int
    there: int
    workers: int
    costs: tuple[Cost, ...]
    seconds: float
    bytes: float
    warnings: tuple[Problem, ...]


def forecast(plan: Plan, job: Job, workers: int, *, fresh: bool = False) -> Forecast:
    """Return what a batch will cost; lives a few runs of each scenario and writes nothing.

    Parameters
    ----------
    plan : Plan
    job : Job
        As `job_of` returns it.
    workers : int
        Processes that will share the work.
    fresh : bool
        Whether the batch will be started over.
    """
    chunks = chunks_of(job)
    there = set() if fresh else there_already(job.folder, job)
    todo = [chunk for chunk in chunks if chunk.number not in there]
    measured = [_cost(job, lane) for lane in range(len(job.lanes))]
    costs = tuple(cost for cost, _ in measured)
    fixed = max(size for _, size in measured)
    each = len(job) / len(job.lanes)
    work = sum(cost.seconds for cost in costs) * each * sum(map(len, todo)) / len(job)
    size = sum(cost.bytes for cost in costs) * each + fixed * len(chunks)
    rounds = math.ceil(len(todo) / workers) / max(
        len(todo), 1
    )  # the last chunks do not share one worker's work
    return Forecast(
        points=job.point_count,
        scenarios=len(job.lanes),
        replicates=len(job.seeds),
        runs=len(job),
        parts=len(chunks),
        there=len(job) - sum(map(len, todo)),
        workers=workers,
        costs=costs,
        seconds=work * rounds + (_START_S if workers > 1 and todo else 0.0),
        bytes=size,
        warnings=tuple(_warnings(plan, job, costs, size)),
    )


def _cost(job: Job, lane: int) -> tuple[Cost, float]:
    """Return the cost of a scenario's run, and the bytes that a part has whatever its runs.

    A short run after another tells what a year costs; where the whole length fits the time given to measuring, whole
    runs are lived.
    """
    label, base = job.labels[lane], job.lanes[lane]
    spec = _tried(base, job)
    years = spec.years
    first = _Timed(job, _shorter(base, 1), label)
    first.live()  # reads the case and warms the kernels
    short = _Timed(job, _shorter(spec, 1), label)
    new_point = short.live()
    year = short.live()
    new_point = max(new_point - year, 0.0) / len(job.seeds)
    length = years if year * years <= _BUDGET_S else min(max(int(_BUDGET_S / year / 2), _SHORT), years)
    timed = _Timed(job, _shorter(spec, length), label)
    started = time.perf_counter()
    for number in range(_MOST):
        if number >= _FEW and time.perf_counter() - started > _BUDGET_S:
            break
        timed.live()
    seconds = min(timed.seconds[1:])
    if length < years:
        seconds = year + (seconds - year) / (length - 1) * (years - 1)
    each, fixed = timed.bytes(len(ticks_kept(job.what, spec.ticks)))
    return Cost(label, max(seconds, year) + new_point, each, len(timed.seconds), length, timed.error()), fixed


def _tried(base: Scenario, job: Job) -> Scenario:
    """Return the scenario at a point in the middle of the design; as it is where that point is refused."""
    try:
        return varied(base, job.points[job.point_count // 2])
    except ScenarioError:
        return base


def _shorter(spec: Scenario, years: int) -> Scenario:
    return spec.but({"horizon.years": years, "name": spec.name}) if years < spec.years else spec


class _Timed:
    """Runs of one scenario, one seed after another, as a worker lives them."""

    def __init__(self, job: Job, spec: Scenario, label: str) -> None:
        seeds = range(job.seeds.start, job.seeds.start + _MOST)
        self.job = replace(job, lanes=(spec,), labels=(label,), points={0: {}}, point_count=1, seeds=seeds)
        self.part = self.job.part()
        self.seconds: list[float] = []
        self.first_bytes = 0

    def live(self) -> float:
        """Live the next run; return its seconds."""
        started = time.perf_counter()
        number = len(self.seconds)
        lived(self.job, range(number, number + 1), self.part)
        self.seconds.append(time.perf_counter() - started)
        if not number:
            self.first_bytes = _size(self.part)
        return self.seconds[-1]

    def bytes(self, rows: int) -> tuple[float, float]:
        """Return the bytes that a run of so many rows adds to a part, and those that a part has without runs."""
        each = max(_size(self.part) - self.first_bytes, 0) / (len(self.seconds) - 1)
        return each * rows / len(ticks_kept(self.job.what, self.job.lanes[0].ticks)), max(
            self.first_bytes - each, 0
        )

    def error(self) -> str:
        """Return why a run failed; empty when none did."""
        return next((str(row["error"]) for row in self.part.runs if row["error"]), "")


def _size(part: Part) -> int:
    total = 0
    for _, table in part.tables():
        file = io.BytesIO()
        encode(table, file)
        total += len(file.getvalue())
    return total


def _warnings(plan: Plan, job: Job, costs: tuple[Cost, ...], size: float) -> Iterator[Problem]:
    """Yield what is allowed and probably not meant."""
    points = plan.design.points or 1
    if plan.design.kind in ("sobol", "saltelli") and points & (points - 1):
        yield plan.located(Problem(_POWER, key="design.points", value=points), "design.points")
    refused, tried, why = refused_together(job)
    if refused:
        message = _TOGETHER.format(refused=refused, tried=tried, why=why)
        yield plan.located(Problem(message, key="parameter"), "parameter")
    for cost in costs:
        if cost.error:
            yield Problem(_BROKEN.format(why=cost.error), key=cost.label)
    place = next(path for path in (job.folder, *job.folder.parents) if path.exists())
    free = shutil.disk_usage(place).free
    if size > _CROWDED * free:
        yield Problem(
            _FULL, file=str(Path(place)), value=f"{size / 1e9:.3g} GB", allowed=f"{free / 1e9:.3g} GB"
        )
