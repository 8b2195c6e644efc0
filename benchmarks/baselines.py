"""The company step in other ways of writing models, on the same rules and the same keyed draws.

One row a way: agents of plain Mesa (`AgentSet.do`), agents of AgentPy (`AgentList`), columns of mesa-frames (polars),
and the compiled kernels of coopsim. All live the same quarters from the same first day; at the end every company is
compared with that of the kernels (jobs, cash, land to 1e-9; stage, legal form, survival exactly). Agents are built
before the clock starts; figures are the processor time of the best quarter of each (of all threads together).

    python benchmarks/baselines.py [COMPANIES] [QUARTERS]      # 10,000 and 100,000 companies, 6 quarters by default

AgentPy and mesa-frames are no dependencies of coopsim; the script says how to add what is missing.
"""

import os
import platform
import sys
import time
from dataclasses import fields
from importlib.metadata import version
from importlib.util import find_spec

import _checkout  # noqa: F401 - sets where modules are found
import company_step
import numpy as np
from scipy.special import ndtri

from coopsim.economy import kernels as ker
from coopsim.rng import Purpose, stream_key
from tests.system import company_reference as plain
from tests.system.test_company_reference import quarter

REL = 1e-9
GRANT = float(company_step.GRANT[0])
INSTALL = {
    "agentpy": "pip install agentpy",
    "mesa_frames": "pip install --no-deps mesa-frames && pip install polars   # its own pins ask for an older numpy",
}
State = dict[str, np.ndarray]


class Mesa:
    """Agents of plain Mesa: `company_step.Companies`."""

    name, needs = "Mesa agents, `AgentSet.do`", "mesa"

    def __init__(self, w: State):
        self.model = company_step.Companies(w)

    def step(self, tick: int) -> None:  # noqa: ARG002 - it counts by itself
        self.model.step()

    def state(self) -> State:
        return state_of([agent for agent in self.model.agents if agent.alive])


def state_of(companies: list) -> State:
    """Return the columns of companies that are objects."""
    names = {"ids": "id", "jobs": "jobs", "cash": "cash", "land": "land", "stage": "stage", "form": "form"}
    return {
        column: np.array(
            [getattr(company, name) for company in companies], np.uint64 if column == "ids" else None
        )
        for column, name in names.items()
    }


class AgentPy:
    """Agents of AgentPy: the same objects in an `AgentList`."""

    name, needs = "AgentPy agents, `AgentList`", "agentpy"

    def __init__(self, w: State):
        import agentpy

        class Firm(plain.Company, agentpy.Agent):
            def __init__(self, model, company):
                agentpy.Agent.__init__(self, model)
                vars(self).update({item.name: getattr(company, item.name) for item in fields(plain.Company)})

            def live_quarter(self):
                if self.alive:
                    self.live(self.model.tick, self.model.chance, self.model.settings)

            def close_quarter(self):
                if self.alive:
                    self.settle(GRANT, self.model.settings.growth_floor)

        class Firms(agentpy.Model):
            def setup(self):
                made = company_step.Companies(w)
                self.settings = made.settings
                firms = [Firm(self, company) for company in made.agents]
                self.firms = agentpy.AgentList(self, firms)

            def step(self):
                self.tick = self.t
                self.chance = chance(self.t)
                self.firms.live_quarter()
                self.firms.close_quarter()

        self.model = Firms()
        self.model.sim_setup()

    def step(self, tick: int) -> None:
        self.model.t = tick
        self.model.step()

    def state(self) -> State:
        return state_of([firm for firm in self.model.firms if firm.alive])


def chance(tick: int) -> plain.Chance:
    """Return the keys of a tick."""
    keys = [int(stream_key(company_step.SEED, purpose, tick)) for purpose in company_step.PURPOSES]
    return plain.Chance(*keys, int(stream_key(company_step.SEED, Purpose.RADAR, 0)))


def draws(key: int, ids: np.ndarray) -> np.ndarray:
    """Return `company_reference.uniform` of many companies, by numpy."""
    z = ids ^ np.uint64(key)
    for shift, factor in ((30, plain.M1), (27, plain.M2)):
        z = (z ^ (z >> np.uint64(shift))) * np.uint64(factor)
    z ^= z >> np.uint64(31)
    return ((z >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


class MesaFrames:
    """Columns of mesa-frames: a quarter is a chain of polars expressions; what a market is like comes by a join."""

    name, needs = "mesa-frames, polars columns", "mesa_frames"

    def __init__(self, w: State):
        import polars as pl
        from mesa_frames import AgentSetPolars, ModelDF

        kept = ("territory", "sector", "jobs", "productivity", "cash", "land", "birth", "stage", "form")
        first = pl.DataFrame(
            {"unique_id": np.arange(len(w["ids"])), "id": w["ids"], **{n: w[n] for n in kept}}
        )
        first = first.with_columns(pl.col("stage", "form").cast(pl.Int64))

        class Firms(AgentSetPolars):
            def __init__(self, model):
                super().__init__(model)
                self.add(first)

            def step(self):
                self.agents = frames_quarter(
                    pl, self.agents, self.model.markets, self.model.settings, self.model.t
                )

        class World(ModelDF):
            def __init__(self):
                super().__init__()
                self.t, self.settings = 0, plain.Settings(*w["par"].tolist())
                self.markets = markets_of(pl, w)
                self.agents += Firms(self)

            def step(self):
                self.agents.do("step")
                self.t += 1

        self.world = World()

    def step(self, tick: int) -> None:  # noqa: ARG002 - it counts by itself
        self.world.step()

    def state(self) -> State:
        (frame,) = self.world.agents.agents.values()
        names = {"ids": "id", **{n: n for n in ("jobs", "cash", "land", "stage", "form")}}
        return {column: frame[name].to_numpy() for column, name in names.items()}


def markets_of(pl, w: State):
    """Return one row a territory and sector: what its companies meet there."""
    t, k = w["ration"].shape
    at, kind = np.repeat(np.arange(t), k), np.tile(np.arange(k), t)
    place = {"filled": w["filled"][at]} | dict(
        zip(("heard", "meets_small", "meets_large", "peers", "support", "successor", "takeover"),
            w["channels"].T[:, at], strict=True)
    )  # fmt: skip
    market = {name: w[name].ravel() for name in ("ration", "cost_per_job", "drift", "land_m2")}
    sector = ("value_added", "other_cost", "margin_ref", "exit_factor", "noise_factor", "private")
    return pl.DataFrame(
        {"territory": at, "sector": kind, **place, **market, **{n: w[n][kind] for n in sector}}
    )


def frames_quarter(pl, companies, markets, p: plain.Settings, tick: int):
    """Return the companies after a quarter: the rules of `company_reference`, column by column."""
    c = pl.col
    ids = companies["id"].to_numpy()
    keys = chance(tick)
    frame = companies.join(markets, on=["territory", "sector"], how="left", maintain_order="left").with_columns(
        u_exit=draws(keys.exit, ids), u_stage=draws(keys.transition, ids), u_radar=draws(keys.radar, ids),
        luck=ndtri(draws(keys.growth, ids)),
    )  # fmt: skip
    frame = frame.with_columns(work=c.jobs * c.filled).with_columns(
        y=c.value_added / 4 * c.productivity * c.work * c.ration,
        cost=(c.other_cost * c.work + c.cost_per_job * c.jobs) / 4
        + pl.when(c.stage == plain.ACTING).then(p.acting_cost * c.jobs / 4).otherwise(0.0),
        young=(tick - c.birth) < p.young_ticks,
    )
    frame = frame.with_columns(
        cash=pl.when(c.cost > 0)
        .then((c.cash + (c.y - c.cost) / c.cost).clip(p.cash_min, p.cash_max))
        .otherwise(c.cash),
        margin=pl.when(c.y > 0).then((c.y - c.cost) / c.y).otherwise(-1.0),
    )
    return settled(pl, wished(pl, changed(pl, survivors(pl, frame, p), p), p), p).select(companies.columns)


def survivors(pl, frame, p: plain.Settings):
    """Drop companies that close; some of those that would are bought, or taken over by their workers."""
    c = pl.col
    size = pl.min_horizontal(1.6, (5.0 / pl.max_horizontal(c.jobs, 0.1)) ** p.exit_size_exponent)
    hazard = pl.when(c.young).then(p.exit_young / 4).otherwise(p.exit_old / 4) * size
    hazard += pl.when(c.cash < -1.0).then(p.exit_cash).otherwise(0.0)
    hazard *= pl.when(c.form != plain.CONVENTIONAL).then(p.cooperative_exit).otherwise(1.0)
    frame = frame.with_columns(hazard=hazard * c.exit_factor).with_columns(
        left=c.u_exit / c.hazard,
        buyer=pl.when(~c.young & (c.cash >= -1.0)).then(c.successor).otherwise(0.0),
    )
    asked = (c.form == plain.CONVENTIONAL) & c.private & (c.jobs >= p.takeover_jobs)
    frame = frame.with_columns(workers=pl.when(asked).then((1 - c.buyer) * c.takeover).otherwise(0.0))
    fails = c.u_exit < c.hazard
    frame = frame.filter(~fails | (c.left < c.buyer + c.workers))
    taken = fails & (c.left >= c.buyer)
    scic = c.left < c.buyer + c.workers * p.scic_share
    return frame.with_columns(
        form=pl.when(taken & scic).then(plain.SCIC).when(taken).then(plain.SCOP).otherwise(c.form),
        cash=pl.when(taken).then(pl.max_horizontal(c.cash, p.new_cash)).otherwise(c.cash),
    )


def changed(pl, frame, p: plain.Settings):
    """Move companies on from unaware to acting."""
    c = pl.col
    large = c.jobs >= p.large_jobs
    radar = c.u_radar < pl.when(large).then(p.radar_large).otherwise(p.radar_small)
    met = pl.when(radar).then(pl.when(large).then(c.meets_large).otherwise(c.meets_small)).otherwise(0.0)
    convinced = (p.bass_p + p.bass_q * c.peers) / 4
    hazard = (
        pl.when(c.stage == plain.UNAWARE).then(c.heard + met)
        .when(c.stage == plain.AWARE).then(convinced)
        .when(c.stage == plain.CONVINCED).then(c.support * (1 + c.peers) / 4)
        .otherwise(0.0)
    )  # fmt: skip
    at_once = (c.stage == plain.AWARE) & (c.u_stage < p.at_once * convinced)
    moved = pl.when(at_once).then(plain.ACTING).otherwise(c.stage + 1)
    return frame.with_columns(stage=pl.when(c.u_stage < hazard).then(moved).otherwise(c.stage))


def wished(pl, frame, p: plain.Settings):
    """Say what size and what land companies want; release land that is too much."""
    c = pl.col
    frame = frame.with_columns(
        sd=p.growth_sd * c.noise_factor * pl.max_horizontal(c.jobs, 1.0) ** -p.growth_sd_exponent,
        growth=c.drift + p.margin_sensitivity * (c.margin - c.margin_ref),
    ).with_columns(
        wish=pl.max_horizontal(p.min_jobs, c.jobs * (c.growth - c.sd**2 / 2 + c.sd * c.luck).exp())
    )
    frame = frame.with_columns(need=c.wish * c.land_m2 / 1e4)
    asks = c.need > p.ask_above * c.land
    frees = ~asks & (c.need < p.release_below * c.land)
    return frame.with_columns(
        asked=pl.when(asks).then(c.need - c.land).otherwise(0.0),
        land=pl.when(frees).then(c.land - p.release_speed * (c.land - c.need)).otherwise(c.land),
    )


def settled(pl, frame, p: plain.Settings):
    """Grant a share of the land; growth of who is short of it is damped."""
    c = pl.col
    kept = p.growth_floor + (1 - p.growth_floor) * GRANT
    damped = (c.asked > 0) & (c.wish > c.jobs)
    return frame.with_columns(
        land=c.land + c.asked * GRANT,
        jobs=pl.when(damped).then(c.jobs + (c.wish - c.jobs) * kept).otherwise(c.wish),
    )


class Kernels:
    """The compiled kernels of coopsim."""

    name, needs = "coopsim, compiled kernels", "numba"

    def __init__(self, w: State):
        self.w = w

    def step(self, tick: int) -> None:
        quarter(ker, self.w, tick, company_step.SEED, company_step.GRANT)

    def state(self) -> State:
        on = self.w["alive"]
        return {name: self.w[name][on] for name in ("ids", "jobs", "cash", "land", "stage", "form")}


def gap(ours: State, theirs: State) -> float:
    """Return the largest relative difference; stages, forms and who lives must be the same."""
    one, two = np.argsort(ours["ids"]), np.argsort(theirs["ids"])
    for name in ("ids", "stage", "form"):
        if not np.array_equal(ours[name][one].astype(np.uint64), theirs[name][two].astype(np.uint64)):
            raise AssertionError(f"{name} are not those of the kernels")
    worst = 0.0
    for name in ("jobs", "cash", "land"):
        a, b = ours[name][one].astype(float), theirs[name][two].astype(float)
        worst = max(worst, float((np.abs(a - b) / np.maximum(np.abs(a), 1.0)).max()))
    if worst > REL:
        raise AssertionError(f"numbers differ by {worst:.1e}")
    return worst


def measured(way: type, n: int, quarters: int) -> tuple[float, State]:
    """Return the seconds of the best quarter, and the companies at the end."""
    model = way(company_step.first_day(n))
    seconds = company_step.best(model.step, quarters)
    return seconds, model.state()


def missing(way: type) -> str:
    """Return how to install what a way needs, empty where it is there."""
    return "" if find_spec(way.needs) else INSTALL[way.needs]


def table(sizes: tuple[int, ...], quarters: int) -> dict[tuple[str, int], float]:
    """Print the table; returns how many times faster than each way the kernels are, by way and size."""
    Kernels(company_step.first_day(10)).step(0)  # compiles
    print(
        "| company step | version | companies | processor ms a quarter | kernels: times faster | largest difference |"
    )
    print("|---|---|---|---|---|---|")
    ratios = {}
    for n in sizes:
        fast, reference = measured(Kernels, n, max(quarters, 12))
        if quarters < 12:  # compared after as many quarters as the others live
            reference = measured(Kernels, n, quarters)[1]
        for way in (Mesa, AgentPy, MesaFrames):
            if missing(way):
                continue
            seconds, state = measured(way, n, quarters)
            ratios[way.needs, n] = seconds / fast
            row = [way.name, version(way.needs.replace("_", "-")), f"{n:,}", f"{1e3 * seconds:.1f}"]
            print(f"| {' | '.join(row)} | {seconds / fast:.0f} | {gap(reference, state):.0e} |", flush=True)
        print(f"| {Kernels.name} | – | {n:,} | {1e3 * fast:.3f} | 1 | – |", flush=True)
    for way in (Mesa, AgentPy, MesaFrames):
        if missing(way):
            print(f"{way.name}: not installed, left out. To add it: {missing(way)}")
    return ratios


def main(sizes: tuple[int, ...] = (10_000, 100_000), quarters: int = 6) -> None:
    """Print the table."""
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    print(f"{platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load}")
    if not missing(MesaFrames):
        import polars as pl

        print(f"polars {pl.__version__} uses {pl.thread_pool_size()} threads, the others one")
    start = time.perf_counter()
    table(sizes, quarters)
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    sizes = (int(sys.argv[1]),) if len(sys.argv) > 1 else (10_000, 100_000)
    main(sizes, *(int(argument) for argument in sys.argv[2:]))
