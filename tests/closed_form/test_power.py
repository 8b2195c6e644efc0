"""Power indices where the answer can be counted or derived."""

from fractions import Fraction
from itertools import combinations, pairwise
from math import comb, factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.governance.power import (
    banzhaf,
    banzhaf_absolute,
    banzhaf_exact,
    majority_quota,
    shapley_shubik,
    shapley_shubik_exact,
    swings,
)


@st.composite
def games(draw: st.DrawFn, largest: int = 12) -> tuple[list[int], int]:
    weights = draw(st.lists(st.integers(0, largest), min_size=1, max_size=8).filter(any))
    return weights, draw(st.integers(1, sum(weights)))


def counted(weights: list[int], quota: int) -> tuple[list[int], list[Fraction]]:
    """Swings and Shapley–Shubik by listing every coalition."""
    n = len(weights)
    swing, index = [0] * n, [Fraction(0)] * n
    for member in range(n):
        others = [j for j in range(n) if j != member]
        for size in range(n):
            for coalition in combinations(others, size):
                weight = sum(weights[j] for j in coalition)
                if quota - weights[member] <= weight < quota:
                    swing[member] += 1
                    index[member] += Fraction(factorial(size) * factorial(n - 1 - size), factorial(n))
    return swing, index


@given(game=games())
def test_equal_to_the_list_of_all_coalitions(game):
    swing, index = counted(*game)
    assert swings(*game) == swing
    assert shapley_shubik_exact(*game) == index
    np.testing.assert_allclose(banzhaf(*game), np.array(swing) / sum(swing), rtol=1e-14)
    np.testing.assert_allclose(banzhaf_absolute(*game), np.array(swing) / 2 ** (len(swing) - 1), rtol=1e-14)


@given(game=games(largest=400))
def test_both_indices_sum_to_one_and_rank_by_weight(game):
    weights, quota = game
    for index in (banzhaf_exact(weights, quota), shapley_shubik_exact(weights, quota)):
        assert sum(index) == 1
        order = np.argsort(weights, kind="stable")
        assert all(index[a] <= index[b] for a, b in pairwise(order))


@given(game=games(), scale=st.integers(1, 1000), seed=st.integers(0, 2**32 - 1))
def test_units_and_order_of_members_do_not_count(game, scale, seed):
    weights, quota = game
    order = np.random.default_rng(seed).permutation(len(weights))
    scaled = [scale * weights[j] for j in order]
    assert swings(scaled, scale * quota) == [swings(weights, quota)[j] for j in order]
    again = shapley_shubik_exact(scaled, scale * quota)
    assert again == [shapley_shubik_exact(weights, quota)[j] for j in order]


@given(game=games())
def test_a_game_and_its_dual_give_the_same_power(game):
    weights, quota = game
    dual = sum(weights) - quota + 1
    assert swings(weights, dual) == swings(weights, quota)
    assert shapley_shubik_exact(weights, dual) == shapley_shubik_exact(weights, quota)


@pytest.mark.parametrize("n", [1, 2, 7, 200])
def test_equal_members_share_power_equally(n):
    quota = majority_quota([1] * n)
    assert banzhaf_exact([1] * n, quota) == [Fraction(1, n)] * n
    assert shapley_shubik_exact([1] * n, quota) == [Fraction(1, n)] * n
    # decisive when the others split just short of the quota
    np.testing.assert_allclose(banzhaf_absolute([1] * n, quota), comb(n - 1, quota - 1) / 2 ** (n - 1))


def test_a_dictator_leaves_dummies():
    assert banzhaf_exact([51, 30, 19], 51) == [1, 0, 0]
    assert shapley_shubik_exact([51, 30, 19], 51) == [1, 0, 0]


def test_unanimity_makes_every_voice_equal_whatever_its_weight():
    weights = [50, 30, 15, 5]
    assert banzhaf_exact(weights, 100) == [Fraction(1, 4)] * 4
    assert shapley_shubik_exact(weights, 100) == [Fraction(1, 4)] * 4


@given(n=st.integers(2, 40))
def test_apex_game(n):
    """One large member wins with any other, the others only all together: it holds (n − 2)/n."""
    weights = [n - 2] + [1] * (n - 1) if n > 2 else [1, 1]
    quota = n - 1 if n > 2 else 1
    expected = Fraction(n - 2, n) if n > 2 else Fraction(1, 2)
    assert shapley_shubik_exact(weights, quota)[0] == expected


@given(small=st.integers(1, 199), large=st.integers(1, 60), quota=st.integers(1, 250))
def test_one_bloc_among_small_members(small, large, quota):
    """The bloc decides at the places where it carries the count over the quota: w of n + 1 of them."""
    quota = min(quota, small + large)
    places = min(quota - 1, small) - max(quota - large, 0) + 1
    assert shapley_shubik_exact([large] + [1] * small, quota)[0] == Fraction(places, small + 1)


def test_two_hundred_members_are_counted_exactly():
    weights = np.random.default_rng(5).integers(1, 9, 200)
    quota = majority_quota(weights)
    assert sum(banzhaf_exact(weights, quota)) == 1
    assert sum(shapley_shubik_exact(weights, quota)) == 1
    assert shapley_shubik(weights, quota).sum() == pytest.approx(1.0)


def test_members_without_a_vote_change_nobodys_power():
    assert shapley_shubik_exact([3, 0, 2, 2, 0], 4)[::2][:2] == shapley_shubik_exact([3, 2, 2], 4)[:2]
    assert swings([3, 0, 2, 2, 0], 4)[1] == 0
    assert swings([3, 0, 2, 2, 0], 4)[0] == 4 * swings([3, 2, 2], 4)[0]


@pytest.mark.parametrize(
    ("weights", "quota", "message"),
    [
        ([], 1, "not an empty one"),
        ([1, 2.5], 1, "whole numbers"),
        ([1, -2], 1, "whole numbers"),
        ([1, float("nan")], 1, "whole numbers"),
        ([[1, 2]], 1, "a list of weights"),
        ([1, 2], 0, "between 1 and the total"),
        ([1, 2], 4, "between 1 and the total"),
        ([0, 0], 1, "between 1 and the total"),
    ],
)
def test_a_game_that_is_none_is_refused(weights, quota, message):
    with pytest.raises(ScenarioError, match=message):
        banzhaf(weights, quota)
