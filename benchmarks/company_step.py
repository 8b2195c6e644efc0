"""The company step: compiled kernels against plain Mesa agents, in one process.

The reference is the readable one of the tests (tests/system/company_reference.py) as `mesa.Agent`s with a `step`:
same keyed draws, same results to 1e-9. Agents are built before the clock starts, as a model of objects would keep
them; both live the same quarters; figures are medians.

    python benchmarks/company_step.py [COMPANIES] [QUARTERS]
"""

import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import mesa
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from coopsim.economy import kernels as ker
from coopsim.rng import Purpose, stream_key
from tests.system import company_reference as plain
from tests.system.test_company_reference import quarter, world_of

TERRITORIES, SECTORS, SEED = 10, 12, 0
GRANT = np.full(TERRITORIES, 0.7)
PURPOSES = (Purpose.GROWTH, Purpose.EXIT, Purpose.TRANSITION)


class CompanyAgent(plain.Company, mesa.Agent):
    """The plain company as a Mesa agent; a quarter is `step`, then `close_quarter`."""

    def __init__(self, model, company: plain.Company):
        mesa.Agent.__init__(self, model)
        vars(self).update(vars(company))

    def step(self):
        self.live(self.model.tick, self.model.chance, self.model.settings)

    def close_quarter(self):
        if self.alive:
            self.settle(0.7, self.model.settings.growth_floor)


class Companies(mesa.Model):
    """A model of nothing but companies."""

    def __init__(self, w: dict[str, np.ndarray]):
        super().__init__(rng=SEED)
        self.tick, self.settings = 0, plain.Settings(*w["par"].tolist())
        names = ("value_added", "other_cost", "margin_ref", "land_m2", "exit_factor", "noise_factor")
        sectors = [plain.Sector(*row) for row in zip(*(w[n].tolist() for n in names), strict=True)]
        places = [
            plain.Place(*(float(w[n][i]) for n in ("filled", "reach", "peers")),
                        [plain.Market(*(float(w[n][i, k]) for n in ("ration", "cost_per_job", "drift")))
                         for k in range(SECTORS)])
            for i in range(TERRITORIES)
        ]  # fmt: skip
        names = "ids territory sector jobs productivity cash land owned birth stage alive".split()
        for company in plain.companies_of(*(w[name] for name in names), places, sectors):
            if company is not None:
                CompanyAgent(self, company)

    def step(self):
        self.chance = plain.Chance(*(int(stream_key(SEED, p, self.tick)) for p in PURPOSES))
        self.agents.do("step")
        self.agents.do("close_quarter")
        self.tick += 1


def median(run: Callable[[int], None], quarters: int) -> float:
    """Return the median time of a quarter, s."""
    times = []
    for tick in range(quarters):
        start = time.perf_counter()
        run(tick)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def main(n: int = 100_000, quarters: int = 5) -> float:
    """Time both, print the table and return the ratio."""
    w = world_of(np.random.default_rng(0), n, TERRITORIES, SECTORS)
    model = Companies(w)
    quarter(ker, world_of(np.random.default_rng(0), 10, TERRITORIES, SECTORS), 0, SEED, GRANT)  # compiles
    kernels = median(lambda tick: quarter(ker, w, tick, SEED, GRANT), quarters)
    objects = median(lambda tick: model.step(), quarters)
    gap = abs(sum(agent.jobs for agent in model.agents) / w["jobs"][w["alive"]].sum() - 1.0)
    print(f"{platform.machine()}, Python {platform.python_version()}, mesa {mesa.__version__}, one core")
    print("| company step | companies | ms a quarter | times faster |")
    print("|---|---|---|---|")
    print(f"| plain objects (`mesa.Agent`) | {n:,} | {1e3 * objects:.0f} | 1 |")
    print(f"| compiled kernels | {n:,} | {1e3 * kernels:.2f} | {objects / kernels:.0f} |")
    print(f"jobs after {quarters} quarters agree to {gap:.0e} (relative)")
    return objects / kernels


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
