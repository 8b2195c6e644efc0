"""The company step: compiled kernels against plain Mesa agents, in one process.

The reference is the readable one of the tests (tests/system/company_reference.py) as `mesa.Agent`s with a `step`:
same keyed draws, same results to 1e-9. Agents are built before the clock starts, as a model of objects would keep
them; both live the same quarters; figures are the processor time of the best quarter of each, which other work on the
machine disturbs least.

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
from coopsim.economy import transition
from coopsim.economy.companies import CompanyParams, vector
from coopsim.rng import Purpose, stream_key
from coopsim.scenario import section_defaults
from tests.system import company_reference as plain
from tests.system.test_company_reference import quarter, world_of

TERRITORIES, SECTORS, SEED = 10, 12, 0
GRANT = np.full(TERRITORIES, 0.7)
PURPOSES = (Purpose.GROWTH, Purpose.EXIT, Purpose.TRANSITION)
RADAR = int(stream_key(SEED, Purpose.RADAR, 0))


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
        names = ("value_added", "other_cost", "margin_ref", "exit_factor", "noise_factor", "private")
        sectors = [plain.Sector(*row) for row in zip(*(w[n].tolist() for n in names), strict=True)]
        places = [
            plain.Place(float(w["filled"][i]), *w["channels"][i].tolist(),
                        [plain.Market(*(float(w[n][i, k]) for n in ("ration", "cost_per_job", "drift", "land_m2")))
                         for k in range(SECTORS)])
            for i in range(TERRITORIES)
        ]  # fmt: skip
        names = [
            "ids",
            "territory",
            "sector",
            "jobs",
            "productivity",
            "cash",
            "land",
            "owned",
            "birth",
            "stage",
            "since",
            "form",
            "alive",
        ]
        for company in plain.companies_of(*(w[name] for name in names), places, sectors):
            if company is not None:
                CompanyAgent(self, company)

    def step(self):
        self.chance = plain.Chance(*(int(stream_key(SEED, p, self.tick)) for p in PURPOSES), RADAR)
        self.agents.do("step")
        self.agents.do("close_quarter")
        self.tick += 1


def first_day(n: int) -> dict[str, np.ndarray]:
    """Return companies as on the first day of a case, under the parameters of the files."""
    w = world_of(np.random.default_rng(0), n, TERRITORIES, SECTORS)
    band = tuple(
        section_defaults("resources.land")[k]
        for k in ("ask_above", "release_below", "release_speed", "growth_floor")
    )
    bass = transition.vector(transition.TransitionParams(**section_defaults("economy.transition")))
    w["par"] = vector(CompanyParams(**section_defaults("economy.companies")), band, bass)
    w["alive"][:], w["stage"][:], w["cash"][:] = True, 0, 1.0
    w["land"] = w["jobs"] * w["land_m2"][w["territory"], w["sector"]] * 1e-4
    for name, value in (
        ("filled", 0.98), ("ration", 1.0), ("channels", 0.0), ("exit_factor", 1.0),
        ("noise_factor", 1.0), ("margin_ref", 0.1), ("cost_per_job", 1.0), ("drift", 0.002),
    ):  # fmt: skip
        w[name][:] = value
    w["channels"][:, [ker.C_SMALL, ker.C_LARGE, ker.C_PEERS, ker.C_SUPPORT]] = 0.01, 0.01, 0.1, 0.15
    w["form"][:] = 0
    w["other_cost"] = 0.9 * w["value_added"] - 1.0
    return w


def best(run: Callable[[int], None], quarters: int, clock: Callable[[], float] = time.process_time) -> float:
    """Return the time of the fastest quarter, s: of the processor, unless another clock is given.

    On a shared machine the wall clock flatters what is short: a quarter of half a millisecond is over before
    another process gets its turn, one of a second is not.
    """
    times = []
    for tick in range(quarters):
        start = clock()
        run(tick)
        times.append(clock() - start)
    return min(times)


def main(n: int = 100_000, quarters: int = 12) -> float:
    """Time both, print the table and return the ratio."""
    w = first_day(n)
    model = Companies(w)
    quarter(ker, first_day(10), 0, SEED, GRANT)  # compiles
    kernels = best(lambda tick: quarter(ker, w, tick, SEED, GRANT), quarters)
    objects = best(lambda _: model.step(), quarters)
    gap = abs(sum(agent.jobs for agent in model.agents) / w["jobs"][w["alive"]].sum() - 1.0)
    print(f"{platform.machine()}, Python {platform.python_version()}, mesa {mesa.__version__}, one core")
    print("| company step | companies | processor ms a quarter | times faster |")
    print("|---|---|---|---|")
    print(f"| plain objects (`mesa.Agent`) | {n:,} | {1e3 * objects:.0f} | 1 |")
    print(f"| compiled kernels | {n:,} | {1e3 * kernels:.2f} | {objects / kernels:.0f} |")
    print(f"jobs after {quarters} quarters agree to {gap:.0e} (relative)")
    return objects / kernels


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
