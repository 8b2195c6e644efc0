"""The compiled company step equals the plain-object one, on random states and inside a whole run.

Tolerance 1e-9 relative: the two sum the same numbers in another order and use two implementations of the normal
quantile; decisions (exit, stage, site) must be the same.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy import kernels as ker
from coopsim.rng import Purpose, birth_ids, stream_key
from coopsim.run import simulate
from coopsim.scenario import load_scenario
from tests.system import company_reference as plain

REL = 1e-9


def world_of(r: np.random.Generator, n: int, t: int, k: int) -> dict[str, np.ndarray]:
    """A random state: companies of all ages, stages and sizes, some free rows, some territories in want."""
    par = np.array([
        r.uniform(0, 0.3), r.uniform(0, 0.5), r.uniform(0, 2), r.uniform(0, 0.2), r.uniform(0, 0.5), r.uniform(0, 0.3),
        r.integers(1, 40), r.uniform(0, 0.5), r.uniform(1, 2), r.uniform(0, 0.9), r.uniform(0, 0.5), r.uniform(0, 1),
        -4.0, 4.0, r.uniform(0, 1), r.uniform(0, 0.4), r.uniform(0, 1), r.uniform(0, 1),
        r.choice([0.3, 1.0]), r.choice([0.6, 1.0]), r.uniform(1, 30), r.uniform(-1, 2), r.uniform(0, 6),
        r.uniform(0, 2), 1.0, r.uniform(0, 1),
    ])  # fmt: skip
    land_m2 = r.uniform(0, 800, (t, k))
    jobs = np.exp(r.normal(1.5, 1.5, n))
    territory, sector = r.integers(0, t, n), r.integers(0, k, n)
    return {
        "par": par,
        "ids": birth_ids(np.uint64(r.integers(2**62)), -1, np.arange(n)),
        "territory": territory,
        "sector": sector,
        "jobs": jobs,
        "productivity": np.exp(r.normal(0, 0.3, n)),
        "cash": r.uniform(-4, 4, n),
        "land": jobs * land_m2[territory, sector] * 1e-4 * r.uniform(0, 3, n),
        "owned": r.random(n) < 0.5,
        "birth": -r.integers(-3, 100, n),
        "stage": r.integers(0, 4, n),
        "since": r.integers(-9, 1, n).astype(np.int32),
        "form": r.choice([0, 0, 0, 1, 2, 3], n).astype(np.int8),
        "alive": r.random(n) < 0.9,
        "value_added": r.uniform(20, 90, k),
        "other_cost": r.uniform(-5, 90, k),
        "margin_ref": r.uniform(0, 0.3, k),
        "land_m2": land_m2,
        "exit_factor": r.uniform(0, 3, k),
        "noise_factor": r.uniform(0, 1, k),
        "private": r.random(k) < 0.7,
        "filled": r.choice([0.0, 0.5, 1.0], t),
        "ration": r.choice([0.0, 0.7, 1.0], (t, k)),
        "cost_per_job": r.uniform(-1, 3, (t, k)),
        "drift": r.uniform(-0.1, 0.1, (t, k)),
        "channels": r.uniform(0, 1, (t, ker.N_CHANNELS)),
        "posts": np.zeros((t, k)),
        "acting": np.zeros((t, k)),
        "jobs_next": np.zeros(n),
        "land_need": np.zeros(n),
        "output": np.zeros((t, k)),
        "results": np.zeros((t, ker.N_RESULTS)),
    }


def quarter(module, w: dict[str, np.ndarray], tick: int, seed: int, grant: np.ndarray) -> None:
    w["output"][:], w["results"][:], w["posts"][:], w["acting"][:] = 0.0, 0.0, 0.0, 0.0
    keys = [stream_key(seed, purpose, tick) for purpose in (Purpose.GROWTH, Purpose.EXIT, Purpose.TRANSITION)]
    keys.append(stream_key(seed, Purpose.RADAR, 0))
    names = (
        "par ids territory sector jobs productivity cash land owned birth stage since form alive value_added "
        "other_cost margin_ref land_m2 exit_factor noise_factor private filled ration cost_per_job drift channels "
        "jobs_next land_need output results"
    )
    module.company_quarter(tick, *keys, *(w[name] for name in names.split()))
    names = "territory sector jobs land stage form alive jobs_next land_need posts acting results"
    module.company_settle(grant, float(w["par"][ker.P_DAMP]), *(w[name] for name in names.split()))


def copied(w: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: value.copy() for name, value in w.items()}


def assert_same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> None:
    for name, value in a.items():
        if value.dtype.kind == "f":
            assert_allclose(value, b[name], rtol=REL, atol=1e-12, err_msg=name)
        else:
            assert_array_equal(value, b[name], err_msg=name)


@given(
    st.integers(0, 2**31),
    st.integers(0, 120),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(-(2**40), 2**40),
)
def test_kernels_are_the_plain_company_step(state, n, t, k, seed):
    r = np.random.default_rng(state)
    fast = world_of(r, n, t, k)
    slow = copied(fast)
    for tick in range(3):
        grant = r.choice([0.0, 0.4, 1.0], t)
        quarter(ker, fast, tick, seed, grant)
        quarter(plain, slow, tick, seed, grant)
        assert_same(fast, slow)


def requests(r: np.random.Generator, n: int, t: int, k: int) -> list:
    home = np.where(r.random(n) < 0.5, -1, r.integers(0, t, n))
    return [
        r.integers(1, 5), r.uniform(0, 4), birth_ids(np.uint64(7), int(r.integers(100)), np.arange(n)),
        r.integers(0, k, n), r.uniform(0, 2, n), home, np.where(home < 0, r.integers(0, t, n), home),
        r.normal(0, 2, (t, k)), r.normal(0, 2, (t, k)), r.uniform(-3, 0, (t, t)),
        np.where(r.random(k) < 0.3, -np.inf, r.normal(0, 2, k)),
        birth_ids(np.uint64(9), 0, np.arange(t)), np.uint64(r.integers(2**62)),
        r.random((n, t)) < 0.8, r.random((n, t)) < 0.2, r.random((t, t)) < 0.3, r.uniform(0, 5, t),
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(t),
    ]  # fmt: skip


@given(st.integers(0, 2**31), st.integers(0, 40), st.integers(1, 6), st.integers(1, 3))
def test_siting_is_the_plain_one(state, n, t, k):
    fast = requests(np.random.default_rng(state), n, t, k)
    slow = [value.copy() if isinstance(value, np.ndarray) else value for value in fast]
    key = stream_key(state, Purpose.PROJECT_TASTE, 3)
    ker.place(key, *fast)
    plain.place(key, *slow)
    chosen, first, vacant = -3, -2, -4
    assert_array_equal(fast[chosen], slow[chosen])
    assert_array_equal(fast[first], slow[first])
    assert_allclose(fast[vacant], slow[vacant], rtol=REL)


def test_movers_are_the_plain_ones():
    r = np.random.default_rng(1)
    w = world_of(r, 400, 3, 2)
    rate = np.array([0.1, 0.5])
    key = stream_key(3, Purpose.MOVE, 8)
    out, same = np.zeros(400, np.int64), np.zeros(400, np.int64)
    n = ker.movers(key, rate, w["ids"], w["sector"], w["alive"], out)
    assert 0 < n == plain.movers(key, rate, w["ids"], w["sector"], w["alive"], same)
    assert_array_equal(out, same)


@pytest.mark.parametrize("scenario", ["figeac-status-quo", "figeac-attractiveness"])
def test_a_whole_run_is_the_same_with_plain_companies(scenario, monkeypatch):
    spec = load_scenario(scenario)
    compiled = simulate(spec, seed=3, years=1)
    for name in ("company_quarter", "company_settle", "movers", "place"):
        monkeypatch.setattr(ker, name, getattr(plain, name))
    objects = simulate(spec, seed=3, years=1)
    assert_allclose(objects.arrays[0], compiled.arrays[0], rtol=REL, atol=1e-9)
    assert objects.journal["outcome"].tolist() == compiled.journal["outcome"].tolist()
