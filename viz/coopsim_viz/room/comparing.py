"""Two branches on many worlds: the ordinary comparison and its report, made quietly beside the room."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from coopsim.i18n import Lang
from coopsim.scenario import Scenario

WORLDS = 20
_NICE = 15


@dataclass(frozen=True, slots=True)
class Job:
    """One comparison asked for.

    Attributes
    ----------
    one, other : int
        Branches.
    state : str
        running, done or failed.
    file : str
        Name of the report in the session's folder ``comparisons``.
    error : str
    """

    one: int
    other: int
    state: str
    file: str
    error: str = ""


def make_report(specs: list[Scenario], worlds: int, place: str, language: Lang) -> None:
    """Compare scenarios in this process and write the report."""
    from coopsim.comparison import compare

    if hasattr(os, "nice"):
        os.nice(_NICE)
    path = Path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".new-{path.name}")
    compare(specs, worlds, seed=0, workers=1).report(fresh, language)
    fresh.replace(path)


class Comparisons:
    """Comparisons of a session, one at a time in one process; reports stay in its folder."""

    def __init__(self, folder: Path, told: Callable[[], None], worlds: int = WORLDS) -> None:
        self.folder = folder / "comparisons"
        self.jobs: list[Job] = []
        self._told, self._worlds = told, worlds
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def ask(self, one: tuple[int, Scenario], other: tuple[int, Scenario], language: Lang) -> Job:
        """Begin a comparison; the same pair of scenarios is compared once."""
        (a, first), (b, second) = one, other
        specs = [named(first, a), named(second, b)]
        file = f"{a}-{b}-{specs[0].hash[:8]}-{specs[1].hash[:8]}-{language}.html"
        with self._lock:
            for job in self.jobs:
                if job.file == file and job.state != "failed":
                    return job
            job = Job(a, b, "running", file)
            self.jobs.append(job)
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
            future = self._pool.submit(make_report, specs, self._worlds, str(self.folder / file), language)
        future.add_done_callback(lambda done: self._done(file, done.cancelled() or done.exception()))
        return job

    def report(self, file: str) -> Path | None:
        """Return the place of a finished report, by the name that this session gave it."""
        with self._lock:
            known = any(job.file == file and job.state == "done" for job in self.jobs)
        return self.folder / file if known else None

    def close(self) -> None:
        """Stop the work."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _done(self, file: str, error: object) -> None:
        with self._lock:
            state, text = ("failed", str(error)[:300]) if error else ("done", "")
            self.jobs = [replace(j, state=state, error=text) if j.file == file else j for j in self.jobs]
        self._told()


def named(scenario: Scenario, branch: int) -> Scenario:
    """Return a scenario under a name that no other branch has."""
    name = f"{scenario.name}-{branch}"
    return scenario.but({"name": name})
