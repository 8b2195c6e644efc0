"""Support of re-use and repair: limits of the stream, the money of waste, expectation against what happens."""

import numpy as np
import pytest

from coopsim.economy import reuse as chains
from coopsim.economy.finance import LINE
from coopsim.economy.reuse import ReuseParams
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.scenario.parameters import section_defaults
from coopsim.schedule.firms import reuse
from coopsim.schedule.moves import carry_out, expectation, possible
from coopsim.society.moves import INDEX, PROGRAMMES

P = ReuseParams(**section_defaults("economy.reuse"))
PLAN = {"rule": "fixed", "moves": [{"move": "reuse_support"}]}


def model(name: str = "reuse-support", seed: int = 1, ticks: int = 0, **keys: object) -> CoopModel:
    changes = {key.replace("__", "."): value for key, value in keys.items()}
    out = CoopModel(load_scenario(name).but({**changes, "name": name}), seed, views=False)
    for _ in range(ticks):
        out.step()
    return out


def test_a_full_programme_opens_the_whole_stream_and_jobs_use_it_up():
    people = np.array([10000.0])
    tonnes = chains.opened(P, people, np.ones(1))
    assert tonnes[0] == pytest.approx(P.kg_per_head_yr * 10.0)
    most = P.jobs_per_tonne * tonnes
    np.testing.assert_allclose(chains.room(P, tonnes, np.zeros(1)), most)
    np.testing.assert_allclose(chains.room(P, tonnes, 2.0 * most), 0.0)
    np.testing.assert_allclose(chains.reused(P, tonnes, 0.5 * most), 0.5 * tonnes)
    np.testing.assert_allclose(chains.reused(P, tonnes, 9.0 * most), tonnes)


def test_nothing_starts_without_support_and_no_more_than_the_stream_gives():
    world = model(ticks=2).world
    world.programmes[:, PROGRAMMES.index("reuse_support")] = 0.0
    assert reuse.starts(world) is None
    assert not reuse.tonnes(world).any()
    world.programmes[:, PROGRAMMES.index("reuse_support")] = 1.0
    k = reuse.sector(world)
    world.signals.posts[:, k] = world.signals.posts_start[:, k] + 1e6
    assert reuse.starts(world) is None


@pytest.mark.slow
def test_jobs_of_paired_runs_tend_to_what_the_stream_gives():
    """A plan that supports it every year, against none: re-use jobs rise, within a factor of 2 of the stream's jobs."""
    with_, without = (
        model(
            "figeac-status-quo", ticks=48, governance__choice__decision_maker={"rule": "fixed", "moves": m}
        ).world
        for m in ([{"move": "reuse_support"}], [])
    )
    k = reuse.sector(with_)
    more = (with_.signals.posts[:, k] - without.signals.posts[:, k]).sum()
    level = with_.programme("reuse_support")
    most = P.jobs_per_tonne * chains.opened(P, with_.people.population, level).sum()
    assert 0.3 * most < more < 2.0 * most
    assert reuse.tonnes(with_).sum() > 0.0


@pytest.mark.slow
def test_a_council_expects_what_one_decision_brings_within_a_factor_of_two():
    jobs, told = [], []
    for seed in range(6):
        a, b = (model("figeac-status-quo", seed, 4) for _ in range(2))
        for m in (a, b):
            m.world.rules.allowed[:] = False
        told.append(
            expectation(a.world, "reuse_support").jobs[:, 0] * np.maximum(a.world.people.filled, 1.0) / 100
        )
        for i in range(a.world.size):
            carry_out(a.world, i, "reuse_support")
        k = reuse.sector(a.world)
        years = int(a.world.params.councils.horizon_years)
        for _ in range(4 * years):
            a.step()
            b.step()
        jobs.append(a.world.signals.posts[:, k].sum() - b.world.signals.posts[:, k].sum())
    ratio = np.mean(jobs) / np.sum(told, axis=1).mean()
    assert 0.5 < ratio < 2.0


def test_waste_that_is_spared_is_spared_to_the_council_or_to_the_taxpayers():
    for rules, lines in (("simple", ("services",)), ("french", ("waste_tax", "waste"))):
        world = model(economy__finance__rules=rules, ticks=3).world
        world.programmes[:, PROGRAMMES.index("reuse_support")] = 0.5
        k = reuse.sector(world)
        world.signals.posts[:, k] = world.signals.posts_start[:, k] + 5.0
        before = world.finance.flows.copy()
        reuse.spare_waste(world)
        change = world.finance.flows - before
        assert all(change[:, LINE[line]].any() for line in lines)
        total = change.sum(axis=1)
        np.testing.assert_allclose(total, 0.25 * reuse.saving(world) * (rules == "simple"), atol=1e-9)


def test_a_case_without_the_sector_cannot_support_it():
    world = model("plain-cooperation", governance__choice__moves__reuse_support__allowed=True).world
    assert not possible(world)[:, INDEX["reuse_support"]].any()
    world.programmes[:, PROGRAMMES.index("reuse_support")] = 1.0
    assert reuse.starts(world) is None
