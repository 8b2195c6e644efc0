"""Batches: runs a second, what planning, writing and resuming cost, reading, memory, and Dask against processes.

    python benchmarks/batch.py [QUICK_RUNS] [FIGEAC_RUNS]

QUICK_RUNS (10,000) are those of a laboratory, FIGEAC_RUNS (48) of the Figeac case, 120 quarters. Everything is measured
in this call, on this machine; ratios are of figures of one call.
"""

import multiprocessing
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import coopsim
import coopsim.run
from coopsim.batch import Plan, forecast, job_of, live_batch, running, work
from coopsim.batch.plan_file import load_plan

LAB = """schema = 1
name = "quick"
[run]
scenarios = ["trust", {{ scenario = "trust", label = "hasty", set = {{ society.ties.trust_gain = 0.3 }} }}]
replicates = 10
years = 5
[design]
kind = "latin_hypercube"
points = {points}
[[parameter]]
key = "society.ties.violation_base"
distribution = "uniform"
low = 0.0
high = 0.6
[[parameter]]
key = "case.synthetic.territories"
distribution = "choice"
values = [4]
[record]
indicators = ["trust", "rivalry", "promises_kept", "pacts"]
"""

FIGEAC = """schema = 1
name = "figeac"
[run]
scenarios = ["figeac-attractiveness", "figeac-cooperation"]
replicates = {replicates}
[design]
kind = "list"
[[parameter]]
key = "economy.siting.outside_share"
values = [0.25, 0.75]
"""


class Spent:
    """Seconds spent inside some functions, and calls."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def watching(self, **places: tuple[object, str]) -> Iterator[None]:
        """Time functions by name while the block runs."""
        real = {name: getattr(*place) for name, place in places.items()}
        for name, (holder, attribute) in places.items():
            setattr(holder, attribute, self._timed(name, real[name]))
        try:
            yield
        finally:
            for name, (holder, attribute) in places.items():
                setattr(holder, attribute, real[name])

    def _timed(self, name: str, function: Callable) -> Callable:
        def timed(*args, **kwargs):
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

        return timed


def lived(plan: Plan, folder: Path, **how) -> tuple[float, float]:
    """Live a plan in a new folder; seconds in all, and runs a second once the first part is there."""
    shutil.rmtree(folder, ignore_errors=True)
    marks: list[tuple[float, int]] = []
    start = time.perf_counter()
    live_batch(
        plan, job_of(plan, folder), progress=lambda done, _: marks.append((time.perf_counter(), done)), **how
    )
    total = time.perf_counter() - start
    (first, some), (last, every) = marks[1], marks[-1]
    return total, (every - some) / max(last - first, 1e-9) if every > some else every / total


def overheads(plan: Plan, folder: Path) -> list[str]:
    """Live a plan in one process and tell where the seconds go."""
    spent = Spent()
    shutil.rmtree(folder, ignore_errors=True)
    start = time.perf_counter()
    with spent.watching(
        simulate=(coopsim.run, "simulate"), writing=(work, "write_part"), points=(work, "varied")
    ):
        live_batch(plan, job_of(plan, folder), workers=1)
    total = time.perf_counter() - start
    again = time.perf_counter()
    live_batch(plan, job_of(plan, folder), workers=1)
    again = time.perf_counter() - again
    s = spent.seconds
    rest = total - s["simulate"]
    runs = plan.run_count
    return [
        f"{plan.name}, {runs} runs", f"{1e3 * s['simulate'] / runs:.1f}", f"{1e3 * rest / runs:.2f}",
        f"{100 * rest / s['simulate']:.1f}", f"{s['simulate'] / s['writing']:.0f}", f"{again:.2f}",
    ]  # fmt: skip


def table(heads: list[str], rows: list[list[str]]) -> None:
    """Print a table in Markdown."""
    for cells in (heads, ["---"] * len(heads), *rows):
        print("| " + " | ".join(cells) + " |", flush=True)
    print()


def reading(folder: Path) -> list[list[str]]:
    """Best of five calls, each from the files."""
    calls: dict[str, Callable] = {
        "open and quantiles of one indicator": lambda: coopsim.open_batch(folder).summary(["trust"]),
        "paired differences of one indicator": lambda: coopsim.open_batch(folder).paired(["trust"]),
        "quantiles by SQL": lambda: coopsim.open_batch(folder).sql(
            "SELECT scenario, quantile_cont(trust, [0.05, 0.5, 0.95]) FROM trajectories "
            "WHERE tick = 19 AND territory = '' GROUP BY ALL"
        ),
        "all trajectories": lambda: coopsim.open_batch(folder).trajectories,
    }
    rows = []
    for name, call in calls.items():
        times = []
        for _ in range(5):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        rows.append([name, f"{min(times):.3f}"])
    return rows


def memory(plan: Plan, folder: Path) -> list[str]:
    """Largest memory of one process after a tenth of the parts, half of them, and all."""
    shutil.rmtree(folder, ignore_errors=True)
    seen: list[float] = []

    def told(*_):
        seen.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)

    live_batch(plan, job_of(plan, folder), workers=1, progress=told)
    marks = (seen[len(seen) // 10], seen[len(seen) // 2], seen[-1])
    return [f"{plan.run_count}", *(f"{mark:.0f}" for mark in marks)]


def main(quick: int = 10_000, figeac: int = 48) -> None:
    """Print every table."""
    place = Path(tempfile.mkdtemp(prefix="coopsim-batch-"))
    lab, some = place / "lab.toml", place / "some.toml"
    lab.write_text(LAB.format(points=max(quick // 20, 1)), encoding="utf-8")
    some.write_text(LAB.format(points=max(quick // 100, 1)), encoding="utf-8")
    (place / "figeac.toml").write_text(FIGEAC.format(replicates=max(figeac // 4, 1)), encoding="utf-8")
    plans = {name: load_plan(place / f"{name}.toml") for name in ("lab", "some", "figeac")}
    running.warmed()
    workers = min(2, os.cpu_count() or 1)
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    print(f"{platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load}\n")
    try:
        heads = [
            "plan, one process",
            "ms of a run",
            "ms around it",
            "overhead %",
            "simulating / writing",
            "resuming nothing, s",
        ]
        table(heads, [overheads(plans[name], place / "o") for name in ("some", "figeac")])
        rows = []
        for name, how in (
            ("one process", {"workers": 1}),
            (f"{workers} processes", {"workers": workers}),
            (f"Dask LocalCluster, {workers} workers", {"workers": workers, "dask": "local"}),
        ):
            total, rate = lived(plans["figeac"], place / "f", **how)
            rows.append([name, f"{total:.1f}", f"{rate:.2f}"])
        ratio = float(rows[2][2]) / float(rows[1][2])
        table(
            [
                f"{plans['figeac'].run_count} Figeac runs, 120 quarters",
                "seconds in all",
                "runs/s once started",
            ],
            rows,
        )
        print(f"Dask over processes, runs a second: {ratio:.2f}\n")
        told = forecast.forecast(plans["figeac"], job_of(plans["figeac"], place / "nothing"), workers)
        size = sum(path.stat().st_size for path in (place / "f" / "parts").iterdir())
        table(
            ["dry run of the same", "forecast", "found"],
            [
                ["seconds", f"{told.seconds:.1f}", rows[1][1]],
                ["kB", f"{told.bytes / 1e3:.0f}", f"{size / 1e3:.0f}"],
            ],
        )
        heads = ["runs, one process", "MiB after a tenth", "after half", "at the end"]
        table(heads, [memory(plans["lab"], place / "q")])
        table([f"reading {plans['lab'].run_count} runs", "s"], reading(place / "q"))
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main(*(int(argument) for argument in sys.argv[1:]))
