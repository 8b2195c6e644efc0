"""What a batch will cost, measured on a few real runs before anything is written."""

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
from coopsim.batch.part import ticks_kept
from coopsim.batch.plan import Plan
from coopsim.batch.store import there_already
from coopsim.batch.work import Job, lived, varied
from coopsim.errors import Problem
from coopsim.i18n import Text

_BUDGET_S = 3.0  # spent on the runs of one scenario
_FEW, _SOME = 2, 8  # runs measured
_SHORT_YEARS = (1, 3)
_START_S = 3.0  # to start worker processes
_CROWDED = 0.9  # of the free space of a disk


@dataclass(frozen=True, slots=True)
class Cost:
    """What the runs of one scenario cost.

    Attributes
    ----------
    label : str
    seconds : float
        Of one run, on one core.
    bytes : float
        Of one run in a part.
    measured : int
        Runs that were lived to know it.
    extrapolated : bool
        Whether they were shorter than those of the plan.
    """

    label: str
    seconds: float
    bytes: float
    measured: int
    extrapolated: bool


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


def forecast(plan: Plan, job: Job, workers: int) -> Forecast:
    """Return what a batch will cost; lives a few runs of each scenario and writes nothing.

    Parameters
    ----------
    plan : Plan
    job : Job
        As `job_of` returns it.
    workers : int
        Processes that will share the work.
    """
    chunks = chunks_of(job)
    there = there_already(job.folder, job)
    done = sum(len(chunk) for chunk in chunks if chunk.number in there)
    measured = [_cost(job, lane) for lane in range(len(job.lanes))]
    costs = tuple(cost for cost, _ in measured)
    fixed = max(size for _, size in measured)
    each = len(job) // len(job.lanes)
    work = sum(cost.seconds for cost in costs) * each * (len(job) - done) / len(job)
    size = sum(cost.bytes for cost in costs) * each + fixed * len(chunks)
    shared = min(workers, max(len(chunks) - len(there), 1))
    return Forecast(
        points=job.point_count,
        scenarios=len(job.lanes),
        replicates=len(job.seeds),
        runs=len(job),
        parts=len(chunks),
        there=done,
        workers=workers,
        costs=costs,
        seconds=work / shared + (_START_S if shared > 1 and done < len(job) else 0.0),
        bytes=size,
        warnings=tuple(_warnings(plan, job, size)),
    )


def _cost(job: Job, lane: int) -> tuple[Cost, float]:
    """Return the cost of a scenario's run, and the bytes that a part has whatever its runs."""
    spec = varied(job.lanes[lane], job.points[job.point_count // 2])
    alone = replace(job, lanes=(spec,), labels=(job.labels[lane],), points={0: {}}, point_count=1)
    alone = replace(alone, seeds=range(job.seeds.start, job.seeds.start + _SOME))
    started = time.perf_counter()
    seconds, at = _short(alone)  # the first of these runs reads the case and warms the kernels
    if at == spec.years:
        runs, measure = _SOME, alone
    else:
        whole = seconds * spec.years <= _BUDGET_S
        years = spec.years if whole else _SHORT_YEARS[1]
        measure = replace(alone, lanes=(spec.but({"horizon.years": years, "name": spec.name}),))
        runs = _SOME
    left = _BUDGET_S - (time.perf_counter() - started)
    del left
    return _measured(measure, runs, spec.years, job.labels[lane])


def _short(job: Job) -> tuple[float, int]:
    raise NotImplementedError


def _measured(job: Job, runs: int, years: int, label: str) -> tuple[Cost, float]:
    raise NotImplementedError


def _warnings(plan: Plan, job: Job, size: float) -> Iterator[Problem]:
    yield from ()
    _ = (io, math, shutil, ticks_kept, encode, refused_together, Text, Path, lived, _FEW, _CROWDED, plan, job, size)
