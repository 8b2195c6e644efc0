"""Water sold by increasing blocks: who takes what above the threshold, who is paid, what moves."""

import numpy as np
import pytest
from scipy.special import ndtri

from coopsim.economy.finance import LINE
from coopsim.economy.prices import blocks
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.schedule.bodies.accounts import settle_accounts
from coopsim.schedule.resources import levies
from coopsim.tables.bodies import ENTRY


def world(name: str = "figeac-status-quo", ticks: int = 4, **keys: object):
    changes = {key.replace("__", "."): value for key, value in keys.items()}
    model = CoopModel(load_scenario(name).but({**changes, "name": name}), 1, views=False)
    for _ in range(ticks):
        model.step()
    return model.world


def by_blocks(ticks: int = 4, name: str = "figeac-status-quo", **more: object):
    return world(name, ticks, governance__payoff__water_price__block_eur_per_m3=4.0, **more)


def test_the_closed_form_is_the_mean_over_users_of_every_size() -> None:
    spread, mean, k, low, high = 0.6, 55.0, 45.0, 0.95, 0.7
    z = (np.arange(200_000) + 0.5) / 200_000
    x = mean * np.exp(spread * ndtri(z) - 0.5 * spread**2)
    taken = np.where(low * x <= k, low * x, np.maximum(k, high * x))
    found = blocks(np.array([mean]), spread, np.array([k]), np.array([low]), np.array([high]))
    assert found.asked[0] == pytest.approx(taken.mean(), rel=1e-4)
    assert found.above[0] == pytest.approx(np.maximum(taken - k, 0.0).mean(), rel=1e-3)


def test_no_threshold_is_one_price_and_a_high_one_touches_nobody() -> None:
    mean, low, high = np.array([0.0, 10.0, 60.0]), np.full(3, 0.9), np.full(3, 0.6)
    all_dear = blocks(mean, 0.6, np.zeros(3), low, high)
    np.testing.assert_allclose(all_dear.asked, 0.6 * mean)
    np.testing.assert_allclose(all_dear.above, 0.6 * mean)
    nobody = blocks(mean, 0.6, np.full(3, 1e6), low, high)
    np.testing.assert_allclose(nobody.asked, 0.9 * mean)
    np.testing.assert_allclose(nobody.above, 0.0, atol=1e-9)


def test_users_spare_water_and_the_epci_is_paid_for_what_is_above() -> None:
    plain, dear = world("hinterland"), by_blocks(name="hinterland")
    assert not levies.sold_by_bodies(dear).any()
    assert (dear.signals.water["needs"] < plain.signals.water["needs"]).all()
    fees = (dear.finance.year - plain.finance.year)[3, :, LINE["fees"]]
    np.testing.assert_allclose(fees, 0.25 * levies.block_receipts(dear), rtol=0.01)
    assert (fees > 0.0).all()
    cost = levies.water_cost(dear)
    assert cost is not None
    assert (cost[:, dear.sectors.public] == 0.0).all()
    assert cost.max() > 0.0


def test_a_higher_threshold_leaves_more_water_at_the_first_price() -> None:
    low = by_blocks(1)
    for key in ("household", "company"):
        high = by_blocks(1, **{f"governance__payoff__water_price__{key}_threshold_m3": 500.0})
        assert (high.signals.water["above"] < low.signals.water["above"]).all()


def test_no_supplement_changes_nothing_at_all() -> None:
    plain = world(ticks=2)
    same = world(ticks=2, governance__payoff__water_price__household_threshold_m3=1.0)
    np.testing.assert_array_equal(plain.signals.water["needs"], same.signals.water["needs"])
    assert "above" not in same.signals.water


def test_a_body_that_sells_the_water_gets_it_and_its_first_price_falls() -> None:
    plain, dear = world("figeac-bodies", 5), by_blocks(5, "figeac-bodies")
    sold = levies.sold_by_bodies(dear)
    assert sold.max() > 0.0
    fees = (dear.finance.year - plain.finance.year)[3, :, LINE["fees"]]
    assert (fees[sold > 1.0 - 1e-9] <= 1.0).all()
    before, debt = dear.bodies.total.copy(), dear.bodies.debt.copy()
    settle_accounts(dear)
    services = dear.bodies.alive & (dear.bodies.service >= 0)
    assert (dear.bodies.price[services] < plain.bodies.price[services]).all()
    gained = dear.bodies.total - before
    users = gained[services, ENTRY["users"]]
    got = (dear.bodies.share @ levies.block_receipts(dear))[services]
    assert (users >= got - 1e-9).all()
    assert (got > 0.0).all()
    # what its account moves is what its debt moves, to the last euro
    np.testing.assert_allclose(dear.bodies.debt, debt - gained.sum(axis=1), atol=1e-6)
