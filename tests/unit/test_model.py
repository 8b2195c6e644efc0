"""The Mesa adapter: agents are windows on the tables, a step is the schedule, a released model is forgotten."""

import gc
import inspect
import re
import sys
import tracemalloc
import weakref
from typing import ClassVar

import mesa
import numpy as np
import pytest
from numpy.testing import assert_array_equal

import coopsim.model as module
from coopsim.agents import Body, Company, Council, Pact, Territory
from coopsim.model import CoopModel
from coopsim.run import simulate
from coopsim.scenario import load_scenario
from coopsim.schedule import QUARTER
from coopsim.world import World
from tests.system.parts import small

PACT = {"event": [{"when": 1, "what": "pact_founded", "amount": 1.0}]}


@pytest.fixture
def model():
    m = CoopModel(small().but(PACT), seed=2)
    yield m
    m.release()


class TestWindows:
    def test_each_actor_has_its_agent(self, model):
        of = model.agents_by_type
        assert len(of[Territory]) == len(of[Council]) == 3
        assert len(of[Company]) == len(model.world.companies)
        assert Pact not in of
        for _ in range(3):
            model.step()
        assert len(of[Company]) == len(model.world.companies)
        assert len(model.agents_by_type[Pact]) == 1
        assert model.steps == model.world.tick == 3

    def test_figeac_has_its_water_services(self):
        m = CoopModel(load_scenario("figeac-status-quo"), seed=0)
        bodies = m.agents_by_type[Body]
        assert [b.name for b in bodies] == list(m.world.rivers.body)
        assert all(b.capacity_m3_per_day > 0 or np.isnan(b.capacity_m3_per_day) for b in bodies)
        m.release()

    def test_they_read_the_table_now(self, model):
        territory = next(a for a in model.agents_by_type[Territory] if a.code == "T02")
        world, i = model.world, territory.row
        company = next(iter(model.agents_by_type[Company]))
        for _ in range(3):
            model.step()
            assert territory.population == world.people.population[i]
            assert territory.jobs == world.people.filled[i] + world.people.own_account[i]
            assert territory.unemployment == world.people.unemployment[i]
            assert territory.tax_rate_pct == world.finance.tax_pct[i]
            assert territory.debt_keur == world.finance.debt[i]
            assert_array_equal(territory.land_use_ha, world.land.uses[i])
            assert company.jobs == world.companies.jobs[company.row]
            assert company.company_id == int(world.companies.id[company.row])
            assert company.alive == bool(world.companies.alive[company.row])
            assert company.stage == world.companies.stage[company.row]
            assert company.sector == "generic"
            assert company.territory in world.places.code
        world.finance.tax_pct[i] = 33.0
        assert territory.tax_rate_pct == 33.0
        assert territory.name == world.places.name[i]

    def test_a_copy_of_land_cannot_change_the_world(self, model):
        territory = next(iter(model.agents_by_type[Territory]))
        before = model.world.land.uses.copy()
        territory.land_use_ha[:] = 0.0
        assert_array_equal(model.world.land.uses, before)

    def test_pacts_and_councils(self, model):
        model.step()
        model.step()
        pact = next(iter(model.agents_by_type[Pact]))
        assert pact.in_force
        assert pact.members == ["T01", "T02", "T03"]
        assert set(pact.scopes) <= {"water", "wood", "land", "siting", "revenue", "engineering"}
        assert pact.stage == "emergence"
        t1 = next(a for a in model.agents_by_type[Territory] if a.code == "T01")
        assert t1.partners == ["T02", "T03"]
        council = next(iter(model.agents_by_type[Council]))
        assert council.seats == (model.world.councils.territory == council.row).sum()
        assert council.ideal.shape == (3,)

    def test_mesa_tools_work_on_them(self, model):
        big = model.agents_by_type[Territory].select(lambda a: a.population > 9000)
        assert {a.code for a in big} == {"T01", "T02"}
        collector = mesa.DataCollector(
            model_reporters={"people": lambda m: float(m.world.people.population.sum())}
        )
        for _ in range(2):
            collector.collect(model)
            model.step()
        assert len(collector.get_model_vars_dataframe()) == 2

    def test_above_the_limit_companies_are_seen_on_demand(self, monkeypatch):
        monkeypatch.setattr(module, "COMPANY_VIEWS", 10)
        m = CoopModel(small(), seed=0)
        assert Company not in m.agents_by_type
        assert m.company(5).jobs == m.world.companies.jobs[5]
        m.release()


class Watcher(Council):
    """A council that counts its meetings and looks at a draw."""

    calls: ClassVar[list[tuple[int, int]]] = []

    def decide(self) -> None:
        self.calls.append((self.world.tick, self.row))


class TestSubclass:
    @pytest.mark.parametrize("views", [True, False])
    def test_decide_is_called_in_the_council_phase_with_the_same_draws(self, views):
        Watcher.calls = []
        plain = simulate(small(), seed=4, years=1)
        m = CoopModel(small(years=1), seed=4, agents={Council: Watcher}, views=views)
        m.run()
        assert Watcher.calls == [(tick, row) for tick in range(4) for row in range(3)]
        assert_array_equal(m.recorder.territory, plain.arrays[0])
        m.release()

    def test_it_may_change_the_run(self):
        class Generous(Council):
            def decide(self) -> None:
                self.world.finance.subsidy[self.row] = 4.0

        m = CoopModel(small(years=1), seed=4, agents={Council: Generous})
        m.step()
        assert_array_equal(m.world.finance.subsidy, 4.0)
        m.release()


class TestStep:
    def test_the_step_is_the_schedule_and_nothing_else(self, model):
        """Phases in the order of the model page; each is called once a step, on the world of the model."""
        called = []

        def spy(phase):
            def run(world):
                assert world is model.world
                called.append(phase.name)
                phase.run(world)

            return phase._replace(run=run)

        model.phases = tuple(spy(phase) for phase in model.phases)
        model.step()
        assert called == [phase.name for phase in QUARTER]
        order = ["climate", "land", "water", "wood", "production", "entry", "people", "siting", "public finance",
                 "councils", "pacts", "bodies", "ties", "elections"]  # fmt: skip
        assert [re.split(r"[ :]", name)[0] for name in called] == [name.split()[0] for name in order]
        body = inspect.getsource(CoopModel.step)
        assert len(body.splitlines()) < 15

    def test_views_change_nothing(self, model):
        model.run()
        bare = simulate(small().but(PACT), seed=2)
        assert_array_equal(model.recorder.territory[: model.recorder.ticks], bare.arrays[0])

    def test_phases_can_be_left_out(self):
        m = CoopModel(small(years=1), phases=[p for p in QUARTER if p.name != "elections"], views=False)
        m.run()
        assert not any(row["kind"] == "election" for row in m.world.journal)
        m.release()

    def test_a_table_for_notebooks(self, model):
        model.step()
        assert len(model.table()) == 3


def worlds() -> int:
    gc.collect()
    return sum(type(thing) is World for thing in gc.get_objects())


class TestMemory:
    @pytest.mark.parametrize("views", [True, False])
    def test_a_released_model_is_freed_with_its_world(self, views):
        """Mesa 3.3 keeps a counter of ids for every model ever made: release() takes it back."""
        before = worlds()
        m = CoopModel(small(years=1), seed=0, views=views)
        m.run()
        assert worlds() == before + 1
        seen = [weakref.ref(thing) for thing in (m, m.recorder, *m.agents)]
        m.release()
        assert len(m.agents) == 0
        del m
        assert worlds() == before
        assert [thing() for thing in seen if thing() is not None] == []

    @pytest.mark.slow
    def test_fifty_runs_need_no_more_memory_than_five(self):
        """What the engine holds after runs does not grow.

        Left out, because they are bounded and not ours: weak references that pandas clears now and then, and names
        that the interpreter keeps in its cache of attributes (4,096 places; each new string looked up takes one).
        """
        spec = small(years=1, companies=[5, 5, 5])

        def held(runs):
            for seed in range(runs):
                simulate(spec, seed)
            sys._clear_type_cache()
            gc.collect()
            ours = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(False, "*/pandas/*")])
            return sum(trace.size for trace in ours.traces)

        simulate(spec)
        tracemalloc.start()
        try:
            few = held(5)
            many = held(45)
        finally:
            tracemalloc.stop()
        assert many - few < 45 * 500  # the recorded arrays alone of one run hold over 8 kB
