"""Forests against algebra: limit cases L1 (constant effort), L2 (fish war), L14 (anticommons), price and haul."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopsim.governance import WOOD, WoodContext
from coopsim.resources import wood
from coopsim.resources.wood import GROWTH, GrowthContext


def context(volume, capacity, rate, planned=None):
    grown = wood.increment(volume, capacity, rate)
    return WoodContext(
        volume=volume,
        harvestable=wood.harvestable(volume, grown),
        increment=grown,
        wanted=np.zeros_like(volume),
        member=np.zeros(volume.size, dtype=bool),
        breach=np.zeros(volume.size, dtype=bool),
        increment_share=np.ones(volume.size),
        planned_share=np.zeros((1, volume.size)) if planned is None else planned,
    )


def settle(volume, capacity, rate, rule, ticks):
    """Run the logistic stock under a rule; return the last stock and the harvest of a year."""
    grow, volume = GROWTH.build("logistic"), np.array([volume])
    capacity, rate = np.array([capacity]), np.array([rate])
    for _ in range(ticks):
        cut = rule.harvest(context(volume, capacity, rate))
        volume = grow.after(GrowthContext(volume, capacity, rate, cut))
    return volume[0], 4.0 * cut[0]


@settings(max_examples=20)
@given(
    r=st.floats(0.05, 1.0), capacity=st.floats(1.0, 1e7), q=st.floats(1e-4, 1.0), part=st.floats(0.0, 0.9)
)  # fmt: skip
def test_constant_effort_settles_at_the_schaefer_yield(r, capacity, q, part):
    """L1: stock ``K(1 - qE/r)`` and yearly yield ``qEK(1 - qE/r)`` for any qE up to 0.9 r."""
    effort = part * r / q
    rule = WOOD.build({"rule": "effort", "catchability": q, "effort": effort})
    stock, harvest = settle(0.5 * capacity, capacity, r, rule, ticks=int(4 * 30 / (r * (1 - part))) + 8)
    assert stock == pytest.approx(capacity * (1 - q * effort / r), rel=1e-9)
    assert harvest == pytest.approx(q * effort * capacity * (1 - q * effort / r), rel=1e-9, abs=1e-12)


@settings(max_examples=10)
@given(r=st.floats(0.05, 1.0), capacity=st.floats(1.0, 1e7))
def test_the_largest_yield_is_a_quarter_of_r_times_capacity(r, capacity):
    """L1: reached at ``E = r/2q`` and measured there."""
    ticks = int(4 * 30 / (0.45 * r))
    rules = [WOOD.build({"rule": "effort", "effort": part * r}) for part in (0.45, 0.5, 0.55)]
    low, best, high = (settle(0.5 * capacity, capacity, r, rule, ticks)[1] for rule in rules)
    assert best == pytest.approx(r * capacity / 4, rel=1e-9)
    assert max(low, high) < best


def play(share: float, alpha: float, n: int, periods: int = 400) -> tuple[float, float]:
    """Run *n* councils that each cut an equal part of ``share``; return the steady stock and the total share."""
    grow = GROWTH.build({"rule": "power", "exponent": alpha})
    plan = WOOD.build("plan")
    volume, one = np.array([0.5]), np.ones(1)
    for _ in range(periods):
        planned = np.full((n, 1), share / n)
        cut = plan.harvest(context(volume, one, one * 0.1, planned))
        before, volume = volume, grow.after(GrowthContext(volume, one, one, cut))
    return float(volume[0]), float(cut[0] / before[0])


@given(n=st.integers(1, 20), alpha=st.floats(0.05, 0.9), beta=st.floats(0.3, 0.99))
def test_fish_war_stocks(n, alpha, beta):
    """L2 (Levhari & Mirman 1980): the stock settles at ``(1 - share)^(alpha/(1 - alpha))``."""
    nash = n * (1 - alpha * beta) / (n - (n - 1) * alpha * beta)
    joint = 1 - alpha * beta
    for share in (nash, joint):
        stock, taken = play(share, alpha, n)
        assert taken == pytest.approx(share, rel=1e-9)
        assert stock == pytest.approx((1 - share) ** (alpha / (1 - alpha)), rel=1e-6)
    assert nash >= joint * (1 - 1e-12)


def test_power_growth_waits_for_the_end_of_the_period():
    rule = GROWTH.build({"rule": "power", "exponent": 0.5})
    half = GrowthContext(np.array([0.5]), np.ones(1), np.ones(1), np.array([0.25]), due=False)
    assert rule.after(half)[0] == 0.25
    capacity = GrowthContext(np.array([50.0]), np.full(1, 100.0), np.ones(1), np.array([25.0]))
    assert rule.after(capacity)[0] == pytest.approx(100 * np.sqrt(0.25))


@pytest.mark.parametrize(("owners", "exact"), [(1, 1.0), (2, 2 / 3), (4, 0.4), (9, 0.2)])
def test_the_anticommons_mobilises_two_over_one_plus_m(owners, exact):
    """L14 against a single owner: use ``1/(m + 1)`` over ``1/2``."""
    share = wood.mobilisable_share(wood.consents(np.array([float(owners)]), np.ones(1)), 1.0)
    assert share[0] == pytest.approx(exact)
    assert share[0] == pytest.approx((1 / (owners + 1)) / (1 / 2))


def test_thirty_eight_percent_is_about_four_consents():
    """The observed share of net growth (0.38 with 82 % accessible) is what 3.3 consents give."""
    needed = wood.consents(np.array([3.32]), np.ones(1))
    assert wood.mobilisable_share(needed, 0.82)[0] == pytest.approx(0.38, abs=0.005)


@given(owners=st.floats(1.0, 50.0), speed=st.floats(0.001, 0.2), years=st.integers(1, 30))
def test_consents_fall_in_a_straight_line(owners, speed, years):
    grouping = np.ones(1)
    for _ in range(4 * years):
        grouping = wood.grow_grouping(grouping, np.array([owners]), np.ones(1), speed)
    line = max(1.0, owners - speed * years * (owners - 1))
    assert wood.consents(np.array([owners]), grouping)[0] == pytest.approx(line, rel=1e-9)


@pytest.mark.parametrize(
    ("demand", "offer", "ratio"),
    [(1, 1, 1), (3, 2, 1.5), (1, 10, 0.5), (10, 1, 2), (1, 0, 2), (0, 0, 1), (0, 5, 0.5)],
)
def test_price(demand, offer, ratio):
    got = wood.price(60.0, np.array([float(demand)]), np.array([float(offer)]), 0.4, 0.5, 2.0)
    assert got[0] == pytest.approx(60.0 * ratio**0.4)


def test_two_sheds_share_one_buyer_by_distance_and_stock():
    """One round: orders are as ``offer·exp(-d/haul)``."""
    km = np.array([[0.0, 30.0], [30.0, 0.0]])
    weight = wood.attraction(km, 60.0)
    got = wood.deliver(np.array([100.0, 300.0]), np.array([40.0, 0.0]), weight, rounds=1)
    far = 300 * np.exp(-0.5)
    np.testing.assert_allclose(got.flow[:, 0], 40 * np.array([100, far]) / (100 + far), rtol=1e-12)
    assert got.imported.tolist() == [0.0, 0.0]
