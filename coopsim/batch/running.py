"""Living a batch: from a plan to a folder of results, begun or resumed."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from coopsim.batch.chunks import chunks_of
from coopsim.batch.job import job_of
from coopsim.batch.plan import Plan
from coopsim.batch.plan_file import load_plan
from coopsim.batch.pool import Lost
from coopsim.batch.pools import pool_of
from coopsim.batch.reading import Batch, open_batch
from coopsim.batch.store import opened
from coopsim.batch.warm import warmed
from coopsim.batch.work import Job, give_up

OnDone = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """What one call did.

    Attributes
    ----------
    total : int
        Runs of the plan.
    before, ended, broken, lost : int
        Runs that were there already, that ended well, that failed, and that no worker brought to their end.
    """

    total: int
    before: int
    ended: int
    broken: int
    lost: int


def run_batch(
    plan: Plan | str | Path,
    out: str | Path,
    workers: int | None = None,
    dask: str | None = None,
    progress: OnDone | None = None,
    *,
    fresh: bool = False,
) -> Batch:
    """Live the runs of a plan that are not in the folder yet, and return all results.

    Parameters
    ----------
    plan : Plan, str or Path
        A plan, a shipped plan's name, or a file.
    out : str or Path
        The store: begun, resumed, or started over with ``fresh``.
    workers : int, optional
        Processes of this machine; all cores when None.
    dask : str, optional
        Address of a Dask scheduler, or ``local`` for a cluster on this machine.
    progress : callable, optional
        Called with the runs that are there and their total, first with those that were there before.

    Raises
    ------
    ScenarioError
        For a plan that cannot be run, a folder of another plan or code, or one in which another process works.
    OSError
        When the disk is full; what is finished is kept.
    """
    plan = plan if isinstance(plan, Plan) else load_plan(plan)
    live_batch(plan, job_of(plan, Path(out).resolve()), workers, dask, progress, fresh=fresh)
    return open_batch(out)


def live_batch(
    plan: Plan,
    job: Job,
    workers: int | None = None,
    dask: str | None = None,
    progress: OnDone | None = None,
    *,
    fresh: bool = False,
) -> Progress:
    """Live the runs of a plan that are not in the job's folder yet; as `run_batch`, and tell what was done."""
    pool = pool_of(workers, dask)
    chunks = chunks_of(job)
    warmed()
    ended = broken = gone = 0
    with opened(job.folder, plan, job, fresh=fresh) as store:
        todo = store.todo(chunks)
        before = len(job) - sum(map(len, todo))
        if progress:
            progress(before, len(job))
        with closing(pool.run(job, todo)) as outcomes:  # no worker goes on when this loop is left
            for outcome in outcomes:
                if isinstance(outcome, Lost):
                    give_up(job, outcome.chunk, outcome.why)
                    gone += len(outcome.chunk)
                else:
                    ended, broken = ended + outcome.ended, broken + outcome.broken
                if progress:
                    progress(before + ended + broken + gone, len(job))
        store.close(chunks)
    return Progress(len(job), before, ended, broken, gone)
