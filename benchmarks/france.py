"""The whole of France: time by phase, total, peak memory, on this machine as it is now.

1,254 territories, 4.5 million companies, every sub-model on. Wall time and processor time are given apart, with the
load of the machine: on a shared one only processor time can be compared.

    python benchmarks/france.py [QUARTERS]      # 120 by default
"""

import os
import platform
import resource
import sys
import time
from collections import defaultdict

from coopsim import __version__
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario

GOAL_S, GOAL_GIB = 180.0, 2.0


class Clock:
    """Wall and processor seconds since the last lap."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def lap(self) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        passed = wall - self.wall, cpu - self.cpu
        self.wall, self.cpu = wall, cpu
        return passed


def peak_gib() -> float:
    """Return the peak resident memory of this process, GiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**3


def main(quarters: int) -> None:
    before = os.getloadavg()[0]
    clock, start = Clock(), Clock()
    spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    spec = load_scenario("france-status-quo")
    spec.load_case()
    lines = [("reading the scenario and its case", *clock.lap())]
    model = CoopModel(spec, 0, views=False)
    lines.append(("founding 4.5 million companies", *clock.lap()))
    for _ in range(quarters):
        for phase in model.phases:
            phase.run(model.world)
            for n, seconds in enumerate(clock.lap()):
                spent[phase.name][n] += seconds
        model.recorder.record(model.world)
        model.world.tick += 1
        for n, seconds in enumerate(clock.lap()):
            spent["record"][n] += seconds
    wall, cpu = start.lap()
    world = model.world
    lines += [(name, *seconds) for name, seconds in sorted(spent.items(), key=lambda item: -item[1][1])]
    print(
        f"coopsim {__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.platform()}"
    )
    print(f"load {before:.1f} before, {os.getloadavg()[0]:.1f} after; {quarters} quarters, seed 0")
    print(f"{world.size:,} territories, {len(world.companies.rows()):,} companies at the end")
    print(f"{'':40s}{'wall s':>10s}{'cpu s':>10s}{'cpu ms a quarter':>20s}")
    for name, passed, worked in lines:
        each = f"{1000 * worked / quarters:20.1f}" if name in spent else ""
        print(f"{name:40s}{passed:10.1f}{worked:10.1f}{each}")
    print(f"{'total':40s}{wall:10.1f}{cpu:10.1f}")
    print(f"peak memory {peak_gib():.2f} GiB (goal {GOAL_GIB:g}); goal for 120 quarters {GOAL_S:g} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 120)
