"""Wood: what owners mobilise, what buyers want, deliveries, losses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.resources import wood
from coopsim.resources.wood import GROWTH
from coopsim.scenario.parameters import section_defaults

PARAMS = wood.WoodParams(**section_defaults("resources.wood"))


@given(seed=st.integers(0, 2**32 - 1), rounds=st.integers(1, 6))
def test_deliveries_balance(seed, rounds):
    rng = np.random.default_rng(seed)
    sheds, places = int(rng.integers(1, 8)), int(rng.integers(1, 6))
    cut = rng.lognormal(3, 2, sheds) * (rng.random(sheds) < 0.8)
    need = rng.lognormal(3, 2, places) * (rng.random(places) < 0.8)
    home = rng.integers(0, places, sheds)
    access = rng.random((sheds, places)) < 0.6
    weight = wood.attraction(rng.uniform(0, 200, (places, places)), home, access, 60.0)
    got = wood.deliver(cut, need, weight, rounds)
    scale = 1e-9 * (cut.sum() + need.sum() + 1)
    np.testing.assert_allclose(got.flow.sum(axis=0) + got.imported, need, atol=scale)
    np.testing.assert_allclose(got.flow.sum(axis=1) + got.sold_outside, cut, atol=scale)
    assert got.flow.min() >= 0
    assert got.imported.min() >= 0
    assert got.sold_outside.min() >= 0
    assert np.all(got.flow[~access] == 0)


def test_more_rounds_leave_less_to_import():
    cut, need = np.array([10.0, 30.0, 1000.0]), np.array([100.0])
    weight = np.array([[1.0], [0.1], [0.0001]])  # the far shed comes into play once the near ones are empty
    imports = [wood.deliver(cut, need, weight, n).imported[0] for n in (1, 2, 30)]
    assert imports[0] > imports[1] > imports[2]
    assert imports[2] == pytest.approx(0.0, abs=1e-6)


def test_mobilisation_starts_at_the_observed_harvest_and_rises_with_grouping():
    owners, base = np.array([4.0, 4.0]), np.array([400.0, 400.0])
    mu0 = wood.mobilisable_share(wood.consents(owners, np.ones(2)), PARAMS.mobilisable_max)
    mu = wood.mobilisable_share(wood.consents(owners, np.array([1.0, 4.0])), PARAMS.mobilisable_max)
    grown = np.array([100.0, 100.0])
    got = wood.mobilised(base, mu, mu0, grown, grown)
    np.testing.assert_allclose(got, [100.0, 250.0])  # a quarter's worth; consents from 4 to 1 give 5/2
    shrinking = wood.mobilised(base, mu, mu0, -grown, grown)
    assert shrinking.tolist() == [0.0, 0.0]


def test_demand_for_conifer_follows_stock_and_time():
    got = wood.wanted(np.array([0.02]), np.array([1000.0]), 10.0, 0.01)
    assert got[0] == pytest.approx(5.0 * 1.01**10)


def test_a_storm_takes_only_what_it_strikes():
    left, lost = wood.lose(np.array([10.0, 20.0]), np.array([True, False]), 0.3)
    np.testing.assert_allclose(lost, [3.0, 0.0])
    np.testing.assert_allclose(left + lost, [10.0, 20.0])


def test_a_stand_above_capacity_shrinks_and_cannot_be_overcut():
    volume, capacity, rate = np.array([200.0]), np.array([100.0]), np.array([0.4])
    grown = wood.increment(volume, capacity, rate)
    assert grown[0] == pytest.approx(-20.0)
    most = wood.harvestable(volume, grown)
    after = GROWTH.build("logistic").after(wood.GrowthContext(volume, capacity, rate, most))
    assert after[0] == pytest.approx(0.0)


def test_grouping_never_goes_back_and_needs_effort():
    owners = np.array([4.0, 4.0, 1.0])
    got = wood.grow_grouping(np.array([2.0, 1.0, 1.0]), owners, np.array([1.0, 0.0, 1.0]), 0.02)
    assert got[0] > 2.0
    np.testing.assert_allclose(got[1:], 1.0)


def test_growth_rules_by_name():
    from dataclasses import replace

    assert wood.growth_rule(PARAMS) == GROWTH["logistic"]()
    power = wood.growth_rule(replace(PARAMS, growth="power", growth_exponent=0.3))
    assert power.exponent == 0.3
    with pytest.raises(ScenarioError, match="logistic"):
        wood.growth_rule(replace(PARAMS, growth="logistics"))
    with pytest.raises(ValueError, match="exponent"):
        GROWTH.build({"rule": "power", "exponent": 1.0})
