"""Quotas of water and their market: closed forms, conservation, and what a quota costs those who hold it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.economy.water_market import clear, wanted
from coopsim.governance import WATER
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.schedule.resources import quotas
from coopsim.schedule.resources.water import allowed, yearly_needs


def world(name: str, ticks: int = 3, **keys):
    changes = {key.replace("__", "."): value for key, value in keys.items()}
    model = CoopModel(load_scenario(name).but({**changes, "name": name}), 1, views=False)
    for _ in range(ticks):
        model.step()
    return model.world


# the market alone

HOLDERS = st.lists(
    st.tuples(st.floats(1.0, 1e6), st.floats(0.0, 1.5), st.floats(0.05, 50.0)), min_size=2, max_size=12
)


def market(holders, cost: float = 0.0):
    asked, share, top = (np.array(column) for column in zip(*holders, strict=True))
    quota, n = asked * share, len(holders)
    return asked, quota, top, clear(asked, quota, top, np.full(n, cost), np.zeros(n, np.int64), 1)


def test_the_price_is_that_of_the_closed_form_and_values_are_equal():
    asked, quota, top, found = market([(10.0, 0.6, 1.0), (10.0, 0.9, 0.5), (5.0, 0.2, 4.0)])
    price = (asked.sum() - quota.sum()) / (asked / top).sum()
    assert found.price[0] == pytest.approx(price, rel=1e-12)
    np.testing.assert_allclose(top * (1.0 - found.used / asked), price, rtol=1e-9)


@given(HOLDERS)
def test_the_market_clears_and_nobody_uses_more_than_asked_or_held(holders):
    asked, quota, _, found = market(holders)
    assert abs(found.bought.sum()) <= 1e-9 * max(quota.sum(), 1.0)
    assert (found.used <= asked * (1 + 1e-12)).all()
    assert (found.used >= 0.0).all()
    assert found.used.sum() <= quota.sum() * (1 + 1e-9)
    assert (found.used <= quota + found.bought + 1e-9 * asked).all()


@given(HOLDERS)
def test_without_cost_who_is_given_the_quotas_changes_nothing_to_who_uses_them(holders):
    """Montgomery (1972): the use after the market depends on the total alone."""
    asked, quota, top, found = market(holders)
    even = np.full_like(quota, quota.mean())
    again = clear(asked, even, top, np.zeros_like(top), np.zeros(len(holders), np.int64), 1)
    if 1e-6 < quota.sum() < asked.sum() * (1 - 1e-6):
        np.testing.assert_allclose(again.used, found.used, rtol=1e-6, atol=1e-6 * asked.max())


def test_a_cost_of_transaction_parts_the_values_and_a_prohibitive_one_leaves_the_quotas():
    holders = [(10.0, 0.9, 1.0), (10.0, 0.1, 1.0)]
    asked, quota, top, found = market(holders, cost=0.2)
    seller, buyer = top * (1.0 - found.used / asked)
    assert buyer - seller == pytest.approx(0.2, rel=1e-9)
    _, _, _, none = market(holders, cost=5.0)
    np.testing.assert_array_equal(none.used, np.minimum(asked, quota))
    assert none.price[0] == 0.0


def test_identical_holders_do_not_trade_and_basins_do_not_meet():
    _, _, _, found = market([(10.0, 0.5, 1.0)] * 3)
    np.testing.assert_allclose(found.bought, 0.0, atol=1e-12)
    two = clear(np.array([10.0, 10.0]), np.array([10.0, 0.0]), np.ones(2), np.zeros(2), np.array([0, 1]), 2)
    np.testing.assert_array_equal(two.bought, 0.0)


@given(HOLDERS)
def test_trade_never_lowers_what_the_water_is_worth(holders):
    asked, quota, top, found = market(holders)

    def worth(used):
        return (top * (used - used**2 / (2.0 * asked))).sum()

    assert worth(found.used) >= worth(np.minimum(asked, quota)) * (1 - 1e-9)


def test_what_is_wanted_falls_in_a_straight_line():
    np.testing.assert_allclose(wanted(np.full(3, 8.0), np.full(3, 2.0), np.array([0.0, 1.0, 3.0])), [8, 4, 0])


def test_bounds_of_the_rules_are_kept():
    with pytest.raises(ValueError, match="volume_share"):
        WATER.build({"rule": "quota", "volume_share": -1.0})
    with pytest.raises(ValueError, match="transaction"):
        WATER.build({"rule": "tradable_quota", "transaction_eur_per_m3": -1.0})


# in the run


def granted(w):
    return allowed(w, 2, yearly_needs(w)[1])


def test_volumes_hold_and_are_those_of_the_first_day():
    w = world("water-quota")
    may = granted(w)
    assert may.trade is None
    assert (may.used <= may.quota * (1 + 1e-12)).all()
    r, p = w.rivers, w.params.water
    summer = 0.25 * r.irrigation_profile[18:27].mean()
    np.testing.assert_allclose(may.quota[1], 0.7 * summer * p.irrigation_m3_per_ha * r.irrigated)
    assert w.signals.water["unmet_irrigation"].max() > 0.2


def test_a_market_conserves_the_volume_of_each_basin_and_payments_balance():
    w = world("water-quota-traded")
    may, state = granted(w), w.local.water_market
    assert may.used.sum() <= may.quota.sum() * (1 + 1e-9)
    assert state.bought.sum() > 0.0
    assert state.balance.sum() == pytest.approx(-state.lost.sum(), rel=1e-9)
    cost = quotas.market_cost(w)
    paid = 0.25 * (cost * w.signals.posts).sum(axis=1)
    np.testing.assert_allclose(paid, state.firms, rtol=0.05, atol=1e-9)  # spread over all users of water
    assert (cost[:, w.sectors.public] == 0.0).all()


def test_companies_lack_what_a_quota_keeps_from_them_and_buy_it_where_they_may():
    free, fixed, traded = (world(f"water-quota{x}") for x in ("-none", "", "-traded"))
    lack = [w.signals.water["river_industry"].mean() for w in (free, fixed, traded)]
    assert lack[1] > lack[0] + 0.1
    assert lack[2] < lack[1] - 0.1


def test_quotas_by_head_move_the_volume_to_where_people_live():
    held = {"rule": "quota", "volume_share": 0.7}
    past = granted(world("water-quota", governance__scope__water__allocation=held)).quota
    head = granted(
        world("water-quota", governance__scope__water__allocation={**held, "per_head": True})
    ).quota
    assert head.sum() == pytest.approx(past.sum(), rel=1e-9)  # one basin
    city = int(np.argmax(world("water-quota", 1).places.population))
    assert head[:, city].sum() > past[:, city].sum()


def test_a_cap_is_missing_to_companies_too():
    """It used to cost nobody anything."""
    w = world("water-quota-none", governance__scope__water__abstraction_cap=0.5)
    assert w.signals.water["river_industry"].min() > 0.3
    assert w.signals.water["unmet_irrigation"].max() > 0.3
