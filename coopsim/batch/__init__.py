"""Batches: thousands of runs from a plan, resumable, on one core or a cluster, with the same results."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from coopsim.batch.design import points
from coopsim.batch.plan import Plan, load_plan
from coopsim.batch.pools import Lost, pool_of
from coopsim.batch.reading import Batch, open_batch
from coopsim.batch.store import chunks_of, opened
from coopsim.batch.work import Job, lost
from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.executors import cores, rule_places
from coopsim.indicators import SYSTEM
from coopsim.scenario import Scenario, load_scenario

OnDone = Callable[[int, int], None]

__all__ = ["Batch", "Plan", "Progress", "job_of", "load_plan", "open_batch", "run_batch"]


@dataclass(frozen=True, slots=True)
class Progress:
    """What one call did.

    Attributes
    ----------
    total : int
        Runs of the plan.
    before, ended, broken : int
        Runs that were there already, that ended well and that failed in this call.
    """

    total: int
    before: int
    ended: int
    broken: int


def job_of(plan: Plan, folder: Path, near: Path | None = None) -> Job:
    """Return the runs of a plan; its scenarios are read and its parameters tried at their extremes.

    Parameters
    ----------
    near : Path, optional
        Folder that scenario files are relative to.

    Raises
    ------
    ScenarioError
        With every scenario, key or value that cannot be used.
    """
    lanes: list[Scenario] = []
    problems: list[Problem] = []
    for lane in plan.run.lanes():
        try:
            lanes.append(_scenario(plan, lane.scenario, lane.set, near))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    spans = {(lane.start_year, lane.years) for lane in lanes}
    if len(spans) > 1:
        raise scenario_error(
            "les scénarios n'ont pas le même horizon : donner run.years",
            "the scenarios do not have the same horizon: give run.years", key="run.years",
        )  # fmt: skip
    laid = points(plan)
    _tried(lanes, laid)
    modules, files = rule_places()
    return Job(
        folder=folder,
        lanes=tuple(lanes),
        labels=tuple(lane.label for lane in plan.run.lanes()),
        points=tuple(laid),
        seeds=range(plan.run.seed, plan.run.seed + plan.run.replicates),
        what=plan.record.what,
        columns=plan.record.indicators or SYSTEM,
        territories=plan.record.territories,
        journal=plan.record.journal,
        modules=modules,
        files=files,
    )


def _scenario(plan: Plan, name: str, changes: dict[str, object], near: Path | None) -> Scenario:
    path = near / name if near is not None and name.endswith(".toml") else name
    years = {} if plan.run.years is None else {"horizon.years": plan.run.years}
    journal = {} if plan.record.journal else {"record.journal": False}
    spec = load_scenario(path)
    return spec.but({**changes, **years, **journal, "name": spec.name})


def _tried(lanes: list[Scenario], laid: list[dict[str, object]]) -> None:
    """Refuse a plan whose parameters cannot take their extreme values: better now than in a thousand failed runs."""
    keys = list(laid[0])
    problems: list[Problem] = []
    for key in keys:
        values = sorted({point[key] for point in laid}, key=lambda x: (str(type(x)), x))
        for value in {values[0], values[-1]}:
            for lane in lanes:
                try:
                    lane.but({key: value, "name": lane.name})
                except ScenarioError as error:
                    problems += error.problems
    unique = {str(problem): problem for problem in problems}
    if unique:
        raise ScenarioError([replace(p, key=p.key or "parameter") for p in unique.values()])


def run_batch(
    plan: Plan | str | Path,
    out: str | Path,
    workers: int | None = None,
    dask: str | None = None,
    progress: OnDone | None = None,
    *,
    fresh: bool = False,
) -> Progress:
    """Live the runs of a plan that are not in the folder yet.

    Parameters
    ----------
    plan : Plan, str or Path
        A plan, or its file.
    out : str or Path
        The store: begun, resumed, or started over with ``fresh``.
    workers : int, optional
        Processes of this machine; all cores when None.
    dask : str, optional
        Address of a Dask scheduler, or ``local`` for a cluster on this machine.
    progress : callable, optional
        Called with the runs that are there and their total.

    Raises
    ------
    ScenarioError
        For a plan that cannot be run, a folder of another plan or code, or one in which another process works.
    OSError
        When the disk is full; what is finished is kept.
    """
    near = None
    if not isinstance(plan, Plan):
        near = Path(plan).resolve().parent
        plan = load_plan(Path(plan))
    if workers is not None and workers < 1:
        raise scenario_error(
            "au moins un processus est nécessaire", "at least one worker is needed", key="workers", value=workers,
            allowed="≥ 1",
        )  # fmt: skip
    folder = Path(out).resolve()
    job = job_of(plan, folder, near)
    ended = broken = 0
    with opened(folder, plan, job, fresh=fresh) as store:
        chunks = chunks_of(job)
        todo = store.todo(chunks)
        before = len(job) - sum(map(len, todo))
        if progress:
            progress(before, len(job))
        for outcome in pool_of(workers or cores(), dask).run(job, todo):
            done = lost(job, outcome.chunk, outcome.why) if isinstance(outcome, Lost) else outcome
            ended, broken = ended + done.ended, broken + done.broken
            if progress:
                progress(before + ended + broken, len(job))
        store.close(chunks)
    return Progress(len(job), before, ended, broken)
