"""Measures of distributions against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from coopsim.metrics import gini, sum_by

amounts = st.lists(st.floats(0.0, 1e6, allow_subnormal=False), min_size=1, max_size=30).map(np.array)


@given(amounts)
def test_gini_is_half_the_mean_difference_over_the_mean(x):
    if x.sum() == 0:
        assert gini(x) == 0.0
    else:
        pairs = np.abs(x[:, None] - x[None, :]).mean()
        assert_allclose(gini(x), 0.5 * pairs / x.mean(), rtol=1e-9, atol=1e-12)


@given(amounts, st.floats(1e-3, 1e3))
def test_gini_ignores_scale_and_order(x, scale):
    assert_allclose(gini(x[::-1] * scale), gini(x), atol=1e-12)


@pytest.mark.parametrize("a", [1.5, 2.0, 5.0])
def test_gini_of_a_pareto(a):
    """Quantiles instead of a sample: 1/(2a - 1), up to the tail that a million quantiles cut off."""
    n = 1_000_000
    quantiles = (1 - (np.arange(n) + 0.5) / n) ** (-1 / a)
    assert gini(quantiles) == pytest.approx(1 / (2 * a - 1), rel=6e-3)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_bounds_of_gini(n):
    assert gini(np.full(n, 3.0)) == pytest.approx(0.0, abs=1e-12)
    alone = np.zeros(n)
    alone[0] = 5.0
    assert gini(alone) == pytest.approx(1 - 1 / n)


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-1e3, 1e3)), max_size=40))
def test_sum_by_is_the_sum_of_each_row(pairs):
    rows = np.array([i for i, _ in pairs], dtype=np.int64)
    values = np.array([v for _, v in pairs])
    expected = [sum(v for i, v in pairs if i == row) for row in range(6)]
    found = sum_by(rows, values, 6)
    assert found.dtype == np.float64  # also when there is nothing to sum
    assert_allclose(found, expected, atol=1e-9)
