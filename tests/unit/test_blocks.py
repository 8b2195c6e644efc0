"""One run on several cores: the same to the last bit for any number of threads."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy import blocks
from coopsim.economy.blocks import by_blocks
from coopsim.run import simulate
from coopsim.scenario import load_scenario


def kernel(step, place, value, table, new, total):
    """Each row by itself, and a sum by place whose last digits depend on its order."""
    for f in range(len(place)):
        value[f] += step * table[place[f]]
        new[f] = value[f] / 3.0
        total[place[f]] += new[f]


def lived(n):
    r = np.random.default_rng(n)
    place, value, table = r.integers(0, 3, n), r.random(n) * 1e6, r.random(3)
    new, total = np.zeros(n), np.full(3, 0.5)
    by_blocks(kernel, (2.0,), (place, value), (table,), (new,), (total,))
    return value, new, total


@pytest.mark.parametrize("n", [0, 1, 7, 8, 50])
def test_rows_are_those_of_one_call_and_sums_of_any_number_of_threads(n, monkeypatch):
    whole = lived(n)
    monkeypatch.setattr(blocks, "BLOCK", 7)
    found = {}
    for count in (1, 2, 5):
        monkeypatch.setenv("COOPSIM_THREADS", str(count))
        found[count] = lived(n)
    for count, (value, new, total) in found.items():
        assert_array_equal(value, whole[0])
        assert_array_equal(new, whole[1])
        assert_array_equal(total, found[1][2], err_msg=f"{count} threads")
        assert_allclose(total, whole[2], rtol=1e-12)


def test_a_whole_run_is_the_same_on_one_thread_and_on_three(monkeypatch):
    spec = load_scenario("figeac-cooperation")
    monkeypatch.setattr(blocks, "BLOCK", 500)
    runs = []
    for count in (1, 3):
        monkeypatch.setenv("COOPSIM_THREADS", str(count))
        runs.append(simulate(spec, seed=5, years=1))
    for one, three in zip(runs[0].arrays, runs[1].arrays, strict=True):
        assert_array_equal(one, three)


def test_what_decides_the_number_of_threads(monkeypatch):
    monkeypatch.setenv("COOPSIM_THREADS", "3")
    assert blocks.threads() == 3
    for nothing in ("", "0", "many"):
        monkeypatch.setenv("COOPSIM_THREADS", nothing)
        monkeypatch.setattr(blocks, "parent_process", object)
        assert blocks.threads() == 1, "the other cores belong to other runs"
        monkeypatch.setattr(blocks, "parent_process", lambda: None)
        assert blocks.threads() >= 1
