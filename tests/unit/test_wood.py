"""Wood: what owners mobilise, what buyers want, deliveries, losses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.resources import wood
from coopsim.resources.wood import GROWTH
from coopsim.scenario.parameters import section_defaults
from tests.system.parts import small

PARAMS = wood.WoodParams(**section_defaults("resources.wood"))


@given(seed=st.integers(0, 2**32 - 1), rounds=st.integers(1, 6))
def test_deliveries_balance(seed, rounds):
    rng = np.random.default_rng(seed)
    sheds, places = int(rng.integers(1, 8)), int(rng.integers(1, 6))
    cut = rng.lognormal(3, 2, sheds) * (rng.random(sheds) < 0.8)
    need = rng.lognormal(3, 2, places) * (rng.random(places) < 0.8)
    home = rng.integers(0, places, sheds)
    access = rng.random((sheds, places)) < 0.6
    weight = np.where(access, wood.attraction(rng.uniform(0, 200, (places, places)), 60.0)[home], 0.0)
    got = wood.deliver(cut, need, weight, rounds)
    scale = 1e-9 * (cut.sum() + need.sum() + 1)
    np.testing.assert_allclose(got.flow.sum(axis=0) + got.imported, need, atol=scale)
    np.testing.assert_allclose(got.flow.sum(axis=1) + got.sold_outside, cut, atol=scale)
    assert got.flow.min() >= 0
    assert got.imported.min() >= 0
    assert got.sold_outside.min() >= 0
    assert np.all(got.flow[~access] == 0)


@given(seed=st.integers(0, 2**32 - 1), places=st.sampled_from([2, 7, 8, 10, 127, 130, 300]))
def test_compiled_deliveries_are_the_array_formula_to_the_last_digit(seed, places):
    """Orders by weight and wood on offer, short sheds ration: written with arrays, summed in their order."""
    rng = np.random.default_rng(seed)
    sheds = int(rng.integers(2, 30))
    home = rng.integers(0, places, sheds)
    weight = wood.attraction(rng.uniform(0, 300, (places, places)), 60.0)
    cut = rng.lognormal(5, 2, sheds) * (rng.random(sheds) < 0.9)
    need = rng.lognormal(6, 2, places) * (rng.random(places) < 0.9)
    flow, left, short = np.zeros((sheds, places)), cut.copy(), need.copy()
    for _ in range(3):
        pull = weight[home] * left[:, None]
        total = pull.sum(axis=0)
        order = np.divide(pull, total, out=np.zeros_like(pull), where=total > 0) * short
        asked = order.sum(axis=1)
        ration = np.minimum(1.0, np.divide(left, asked, out=np.ones_like(left), where=asked > 0))
        sent = order * ration[:, None]
        flow += sent
        left = np.maximum(0.0, left - sent.sum(axis=1))
        short = np.maximum(0.0, short - sent.sum(axis=0))
    got = wood.deliver(cut, need, weight, 3, home)
    np.testing.assert_array_equal(got.flow, flow)
    np.testing.assert_array_equal(got.imported, short)
    np.testing.assert_array_equal(got.sold_outside, left)


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


def price_game(deciders: int) -> float:
    """Return the use left when each of some owners, one after another, sets the price of access that pays it best.

    Demand for the forest falls by one for each unit of the sum of their prices; an owner earns its price times the use.
    """
    prices = np.zeros(deciders)
    for _ in range(20_000):
        before = prices.copy()
        for i in range(deciders):
            others = prices.sum() - prices[i]
            # p·(1 - others - p) is a parabola: highest half-way between its zeros
            prices[i] = 0.5 * max(0.0, 1.0 - others)
        if np.abs(prices - before).max() < 1e-14:
            break
    use = 1.0 - prices.sum()
    for i in range(deciders):  # nobody gains by another price
        for other in np.linspace(0.0, 1.0, 101):
            assert other * max(0.0, use + prices[i] - other) <= prices[i] * use + 1e-12
    return use


@pytest.mark.parametrize("owners", [1, 2, 3, 5, 12])
def test_the_mobilised_share_is_what_owners_who_set_prices_leave(owners):
    """An anticommons: with m separate prices 1/(m + 1) of free use is cut, 1/2 where one price is set for all."""
    share = wood.mobilisable_share(wood.consents(np.array([float(owners)]), np.ones(1)), 0.5)
    assert share[0] == pytest.approx(price_game(owners), abs=1e-9)
    joint = wood.mobilisable_share(wood.consents(np.array([float(owners)]), np.array([float(owners)])), 0.5)
    price = np.linspace(0.0, 1.0, 2001)
    assert joint[0] == pytest.approx(1.0 - price[np.argmax(price * (1.0 - price))], abs=1e-3)


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_groups_set_prices_as_owners_do(groups):
    share = wood.mobilisable_share(wood.consents(np.array([6.0]), np.array([6.0 / groups])), 0.5)
    assert share[0] == pytest.approx(price_game(groups), abs=1e-9)


def test_owners_grouped_from_the_start_offer_more_than_was_observed():
    """Fragmented private forests only; the observed harvest is that of owners who are not grouped."""
    forest = {"group": "broadleaf", "volume_m3": 1e5, "capacity_m3": 2e5, "growth_rate_per_yr": 0.05,
              "harvest_m3_per_yr": 400.0, "owners_per_unit": 4.0, "access": ""}  # fmt: skip
    stocks = [
        {**forest, "ownership": "fragmented_private"},
        {**forest, "ownership": "public", "territory": "T02"},
    ]
    cut = {}
    for grouping in (1.0, 2.0):
        spec = small({"resources.wood.grouping_start": grouping}, stocks=stocks)
        model = CoopModel(spec, 0, views=False)
        model.step()
        cut[grouping] = model.world.wood.harvest[np.argsort(model.world.wood.private)]
        model.release()
    np.testing.assert_allclose(cut[1.0], [100.0, 100.0])
    np.testing.assert_allclose(cut[2.0], [100.0, 100.0 * 5.0 / 3.0])  # consents from 4 to 2
