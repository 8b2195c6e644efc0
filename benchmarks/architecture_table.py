"""The goals of speed, all measured in one call on this machine: one table, "what, goal, measured, holds?".

    python benchmarks/architecture_table.py [PART…]     # parts: step threads start france batches runs; all by default

Every part is a process of its own, one after the other, so that none sees the memory or the warm caches of another.
About ten minutes on two free cores. On a shared machine ratios still mean something, seconds do not: the load is
printed with the table.
"""

import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import _checkout  # sets where modules are found
import numpy as np

Row = tuple[str, str, str, bool | None]
SETTLED = "territory sector jobs land stage form alive jobs_next land_need"
MOVED = (  # columns that the kernels of a quarter read, then write, of a company that does not close
    "ids territory sector jobs productivity cash land owned birth stage since form alive",
    "cash jobs_next land_need",
    SETTLED,
    "jobs land",
)


def step() -> list[Row]:
    """Compiled company step against Mesa agents, and how its cost grows."""
    import baselines
    import company_step

    baselines.Kernels(company_step.first_day(10)).step(0)  # compiles
    seconds = {n: baselines.measured(baselines.Kernels, n, 24)[0] for n in (10_000, 100_000, 1_000_000)}
    objects, state = baselines.measured(baselines.Mesa, 100_000, 4)
    gap = baselines.gap(baselines.measured(baselines.Kernels, 100_000, 4)[1], state)
    ratio = objects / seconds[100_000]
    exponent = math.log(seconds[1_000_000] / seconds[10_000]) / math.log(100)
    times = ", ".join(f"{1e3 * each:.2f} ms at {n:,}" for n, each in seconds.items())
    return [
        (
            "company step against the plain-object reference (Mesa agents), 100,000 companies, one core", "150 ×",
            f"{ratio:.0f} × ({1e3 * objects:.0f} against {1e3 * seconds[100_000]:.2f} ms of the processor; "
            f"they agree to {gap:.0e})",
            ratio >= 150,
        ),
        (
            "cost growth from 10⁴ to 10⁶ companies", "exponent ≤ 1.10", f"{exponent:.2f} ({times})", exponent <= 1.10,
        ),
    ]  # fmt: skip


def threads() -> list[Row]:
    """Two threads against one inside a run, and the fraction of the memory's bandwidth that the company step uses."""
    import company_step

    rows: list[Row] = []
    what = "company step of one run of 10⁶ companies: two threads against one"
    if find_spec("coopsim.economy.blocks") is None:
        rows.append((what, "1.6 ×", "a run uses one thread", False))
    else:
        one, two, same = in_threads(company_step.first_day, 1_000_000)
        bits = "the same bits" if same else "OTHER BITS"
        measured = f"{one / two:.2f} × ({1e3 * one:.1f} against {1e3 * two:.1f} ms; {bits})"
        rows.append((what, "1.6 ×", measured, same and one / two >= 1.6))
    n = 4_500_000
    w = company_step.first_day(n)
    moved = sum(w[name].itemsize for names in MOVED for name in names.split())
    seconds = company_step.best(
        lambda tick: company_step.quarter(company_step.ker, w, tick, 0, company_step.GRANT),
        5,
        time.perf_counter,
    )
    roof, rate = bandwidth(), n * moved / seconds
    return [
        *rows,
        (
            "fraction of the read-write bandwidth at 4.5·10⁶ companies, one thread", "8 %",
            f"{100 * rate / roof:.1f} % ({rate / 1e9:.2f} of {roof / 1e9:.1f} GB/s; {moved} bytes a company)",
            rate / roof >= 0.08,
        ),
    ]  # fmt: skip


def in_threads(first_day: Callable, n: int) -> tuple[float, float, bool]:
    """Return the best quarter of one and of two threads, in turn, and whether both leave the same bits."""
    import company_step

    from coopsim.economy.blocks import by_blocks

    ker = company_step.ker
    groups = (
        "ids territory sector jobs productivity cash land owned birth stage since form alive",
        "value_added other_cost margin_ref land_m2 exit_factor noise_factor private filled ration cost_per_job drift "
        "channels",
        "jobs_next land_need", "output results",
    )  # fmt: skip

    def quarter(w: dict, tick: int) -> None:
        for name in ("output", "results", "posts", "acting"):
            w[name][:] = 0.0
        chance = [company_step.stream_key(0, purpose, tick) for purpose in company_step.PURPOSES]
        head = (tick, *chance, np.uint64(company_step.RADAR), w["par"])
        by_blocks(ker.company_quarter, head, *([w[name] for name in names.split()] for names in groups))
        columns = [
            w[name]
            for name in [
                "territory",
                "sector",
                "jobs",
                "land",
                "stage",
                "form",
                "alive",
                "jobs_next",
                "land_need",
            ]
        ]
        sums = [w[name] for name in ("posts", "acting", "results")]
        by_blocks(
            ker.company_settle, (company_step.GRANT, float(w["par"][ker.P_DAMP])), columns, (), (), sums
        )

    worlds, times = {1: first_day(n), 2: first_day(n)}, {1: [], 2: []}
    for tick in range(24):
        for count, w in worlds.items():
            os.environ["COOPSIM_THREADS"] = str(count)
            start = time.perf_counter()
            quarter(w, tick)
            times[count].append(time.perf_counter() - start)
    same = all(np.array_equal(worlds[1][name], worlds[2][name]) for name in worlds[1])
    return min(times[1]), min(times[2]), same


def bandwidth() -> float:
    """Return the bytes a second that all cores copy, read and written ones together."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    pairs = [(np.zeros(16_000_000), np.ones(16_000_000)) for _ in range(cores)]
    times = []
    with ThreadPoolExecutor(cores) as pool:
        for _ in range(8):
            start = time.perf_counter()
            list(pool.map(lambda pair: np.copyto(*pair), pairs))
            times.append(time.perf_counter() - start)
    return 2 * sum(one.nbytes for one, _ in pairs) / min(times)


FIRST = """
import time
start = time.perf_counter()
import coopsim
imported = time.perf_counter()
model = coopsim.CoopModel(coopsim.load_scenario("figeac-status-quo"), seed=0)
ready = time.perf_counter()
model.step()
print(imported - start, ready - imported, time.perf_counter() - ready)
"""


def start() -> list[Row]:
    """Import and first tick, in new processes; the best of five, after one that fills the caches."""
    env = os.environ | {"PYTHONPATH": str(_checkout.ROOT)}
    calls = [
        subprocess.run(
            [sys.executable, "-c", FIRST], env=env, check=True, capture_output=True, text=True
        ).stdout
        for _ in range(6)
    ]
    found = np.array([[float(x) for x in out.split()] for out in calls])[1:].min(axis=0)
    return [
        ("`import coopsim`", "0.5 s", f"{found[0]:.2f} s", bool(found[0] <= 0.5)),
        (
            "first tick of the Figeac case with a warm cache", "0.5 s",
            f"{found[2]:.2f} s (before it {found[1]:.1f} s: modules, scenario, founding)", bool(found[2] <= 0.5),
        ),
    ]  # fmt: skip


def france(quarters: int = 120) -> list[Row]:
    """The whole of France, by `france.py`."""
    script = Path(__file__).with_name("france.py")
    done = subprocess.run(
        [sys.executable, str(script), str(quarters)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    said = done.stdout
    wall, cpu = map(float, re.search(r"^total\s+([\d.]+)\s+([\d.]+)", said, re.M).groups())
    peak = float(re.search(r"peak memory ([\d.]+) GiB", said)[1])
    return [
        (
            "whole France: 1,254 territories, 4.5 million companies, 120 quarters, all sub-models, 2 cores",
            "3 min, 2 GiB", f"{wall:.0f} s ({cpu:.0f} s of processor), {peak:.2f} GiB", wall < 180 and peak < 2,
        )
    ]  # fmt: skip


def batches(replicates: int = 12) -> list[Row]:
    """Figeac in a batch: runs a second, Dask against processes, what surrounds the runs."""
    import batch

    from coopsim.batch.plan_file import load_plan

    with place() as folder:
        (folder / "figeac.toml").write_text(batch.FIGEAC.format(replicates=replicates), encoding="utf-8")
        plan = load_plan(folder / "figeac.toml")
        batch.running.warmed()
        cores = min(2, os.cpu_count() or 1)
        rate = batch.lived(plan, folder / "processes", workers=cores)[1]
        cluster = (
            batch.lived(plan, folder / "dask", workers=cores, dask="local")[1]
            if find_spec("distributed")
            else 0.0
        )
        _, each, around, overhead, writing, again = batch.overheads(plan, folder / "one")
    told = f"{cluster / rate:.2f} of the process pool ({cluster:.2f} against {rate:.2f} runs/s)"
    return [
        (
            f"Figeac, 120 quarters, councils and pacts on, {cores} cores", "8 runs/s (30 wished)",
            f"{rate:.1f} runs/s", rate >= 8,
        ),
        (
            "Dask `LocalCluster` of 2 workers against the process pool", "within 25 %",
            told if cluster else "Dask is not installed", cluster >= 0.75 * rate if cluster else None,
        ),
        ("writing results against simulating them", "3 × faster", f"{writing} × faster", float(writing) >= 3),
        (
            "batch overhead (planning, writing, resuming)", "under 10 % of run time",
            f"{overhead} % ({around} ms around a run of {each} ms; resuming a finished batch {again} s)",
            float(overhead) < 10,
        ),
    ]  # fmt: skip


def runs(count: int = 10_000) -> list[Row]:
    """Ten thousand short runs in one process: memory, then quantiles of one indicator."""
    import batch

    from coopsim.batch.plan_file import load_plan

    with place() as folder:
        text = batch.LAB.format(points=count // 20).replace("years = 5", "years = 1")
        (folder / "lab.toml").write_text(text, encoding="utf-8")
        plan = load_plan(folder / "lab.toml")
        batch.running.warmed()
        _, tenth, half, end = batch.memory(plan, folder / "out")
        quantiles = float(batch.reading(folder / "out")[0][1])
    return [
        (
            f"quantiles of one indicator over {count:,} runs", "0.3 s", f"{quantiles:.3f} s, folder opened",
            quantiles <= 0.3,
        ),
        (
            f"memory over {count:,} runs", "flat",
            f"{tenth} MiB after a tenth, {half} after half, {end} at the end", float(end) - float(tenth) < 20,
        ),
    ]  # fmt: skip


class place:  # noqa: N801 - used as a function
    """A folder that is deleted afterwards."""

    def __enter__(self) -> Path:
        self.folder = Path(tempfile.mkdtemp(prefix="coopsim-table-"))
        return self.folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


PARTS = {part.__name__: part for part in (step, threads, start, france, batches, runs)}
_MARK = "ROWS "


def measured(part: str) -> list[Row]:
    """Run a part in a process of its own; a part that breaks is a row that says so."""
    done = subprocess.run(
        [sys.executable, __file__, "--part", part], check=False, capture_output=True, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(_MARK)]
    if done.returncode or not lines:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return [(part, "–", f"broke: {last}", False)]
    return [tuple(row) for row in json.loads(lines[-1].removeprefix(_MARK))]


def main(parts: list[str]) -> None:
    """Print the table."""
    unknown = set(parts) - set(PARTS)
    if unknown:
        sys.exit(f"unknown part: {', '.join(sorted(unknown))}; known: {', '.join(PARTS)}")
    begun, before = time.perf_counter(), os.getloadavg()[0]
    rows = []
    for part in parts or PARTS:
        started = time.perf_counter()
        rows += measured(part)
        print(f"{part}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    print(f"coopsim {version()}, Python {platform.python_version()}, numpy {np.__version__}, "
          f"{os.cpu_count()} cores, {platform.machine()}; load {before:.1f} before, "
          f"{os.getloadavg()[0]:.1f} after; {time.perf_counter() - begun:.0f} s\n")  # fmt: skip
    print("| what | goal | measured | holds? |")
    print("|---|---|---|---|")
    for what, goal, found, holds in rows:
        print(
            f"| {what} | {goal} | {found} | {'not measured' if holds is None else 'yes' if holds else 'no'} |"
        )


def version() -> str:
    """Return the version of coopsim."""
    from coopsim import __version__

    return __version__


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        print(_MARK + json.dumps(PARTS[sys.argv[2]](), default=bool))
    else:
        main(sys.argv[1:])
