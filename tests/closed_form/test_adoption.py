"""Mean and variance of Bass adoption among n, against the whole distribution of the chain; and the curve's limit."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from coopsim.lab import formulas_adoption as theory


def distribution(p, q, n, steps):
    """Probability of every number of adopters, step by step from none."""
    counts = np.arange(n + 1)
    jump = np.zeros((n + 1, n + 1))
    for k in counts:
        jump[k, k:] = binom.pmf(np.arange(n - k + 1), n - k, min(p + q * k / n, 1.0))
    found = np.zeros(n + 1)
    found[0] = 1.0
    for _ in range(steps):
        found = found @ jump
    mean = float(found @ counts) / n
    return mean, float(found @ (counts / n - mean) ** 2)


@pytest.mark.parametrize("steps", [1, 3, 8, 20])
@pytest.mark.parametrize(("p", "q"), [(0.05, 0.3), (0.05, 0.9), (0.3, 0.0), (0.1, 0.1)])
def test_moments_are_those_of_the_whole_distribution(p, q, steps):
    n = 1200
    mean, variance = theory.bass_moments(p, q, n, steps)
    exact_mean, exact_variance = distribution(p, q, n, steps)
    assert mean == pytest.approx(exact_mean, abs=2e-5)
    assert variance == pytest.approx(exact_variance, rel=0.05, abs=1e-9)
    # what is of order 1/n is not nothing: the mean lies off Bass's share by what the recursion says
    if q > 0.0 and steps == 8:
        bass = theory.bass_share(p, q, steps)
        assert exact_mean - bass == pytest.approx(mean - bass, rel=0.1, abs=1e-6)


@pytest.mark.parametrize(("p", "q"), [(0.05, 0.9), (0.05, 0.3)])
def test_the_bias_is_of_order_one_over_n(p, q):
    biases = [theory.bass_margin(p, q, n, 6)[1] * n for n in (10**5, 10**6, 10**7)]
    assert biases == pytest.approx([biases[-1]] * 3, rel=1e-3)


def test_without_imitation_adoption_is_binomial():
    mean, variance = theory.bass_moments(0.2, 0.0, 1000, 5)
    kept = 0.8**5
    assert mean == pytest.approx(1.0 - kept, rel=1e-12)
    assert variance == pytest.approx(kept * (1.0 - kept) / 1000, rel=1e-12)


def test_small_steps_tend_to_the_curve_of_bass():
    """Steps twice as small halve the distance to (1 - e^-(p+q)t) / (1 + (q/p) e^-(p+q)t)."""
    p, q, t = 0.03, 0.38, 8.0
    decay = math.exp(-(p + q) * t)
    curve = (1.0 - decay) / (1.0 + q / p * decay)
    gaps = [abs(theory.bass_share(p / k, q / k, int(t * k)) - curve) for k in (64, 128, 256)]
    assert gaps[2] < 1e-3
    assert gaps[0] / gaps[1] == pytest.approx(2.0, rel=0.02)
    assert gaps[1] / gaps[2] == pytest.approx(2.0, rel=0.02)
