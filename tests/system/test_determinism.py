"""Same seed, same output: twice in one process, in other processes, and to this day (golden figures elsewhere)."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from coopsim.run import simulate
from coopsim.scenario import load_scenario
from tests.system.parts import small

SCENARIOS = ("figeac-status-quo", "figeac-attractiveness", "figeac-cooperation")


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_seed_twice(name):
    a, b = (simulate(load_scenario(name), seed=2, years=2) for _ in range(2))
    for x, y in zip(a.arrays, b.arrays, strict=True):
        assert_array_equal(x, y)
    assert a.journal_rows == b.journal_rows


def test_another_seed_is_another_world():
    a, b = (simulate(load_scenario("figeac-status-quo"), seed=seed, years=1) for seed in (0, 1))
    assert (a.arrays[1] != b.arrays[1]).any()


def test_a_run_does_not_depend_on_the_one_before():
    spec = small()
    alone = simulate(spec, seed=1)
    simulate(small({"governance.payoff.subsidy.max": 15.0, "climate.omega_sd": 0.5}), seed=9)
    assert_array_equal(simulate(spec, seed=1).arrays[0], alone.arrays[0])


def test_a_shorter_horizon_is_the_beginning_of_the_longer():
    """Nothing looks ahead: the first year of three is the year alone."""
    spec = load_scenario("figeac-cooperation")
    assert_array_equal(
        simulate(spec, seed=1, years=1).arrays[0], simulate(spec, seed=1, years=2).arrays[0][:4]
    )


def tables(job):
    name, seed = job
    run = simulate(load_scenario(name), seed=seed, years=1)
    by = ["tick", "territory"]
    return run.territories.sort_values(by).reset_index(drop=True), run.system, run.journal


def test_processes_give_the_same_bytes():
    jobs = [(name, seed) for name in ("figeac-status-quo", "figeac-cooperation") for seed in (0, 3)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parallel = list(pool.map(tables, jobs))
    for job, theirs in zip(jobs, parallel, strict=True):
        for ours, other in zip(tables(job), theirs, strict=True):
            pd.testing.assert_frame_equal(ours, other, check_exact=True)
            numbers = ours.select_dtypes(np.number).columns
            assert ours[numbers].to_numpy().tobytes() == other[numbers].to_numpy().tobytes(), job
