"""Scores of predictions: absolute error of the median, and continuous ranked probability score."""

import numpy as np

from coopsim.types import FloatArray


def crps(draws: FloatArray, observed: float) -> float:
    """Return the continuous ranked probability score of an ensemble (Gneiting and Raftery 2007).

    ``mean|X - z| - mean|X - X'|/2``, fair mean over pairs of different draws (Ferro 2014), so that more draws
    are no advantage; that of a single value is its absolute error.

    Parameters
    ----------
    draws : ndarray, shape (draws,)
    observed : float
    """
    x = np.sort(np.asarray(draws, float))
    n = len(x)
    first = float(np.abs(x - observed).mean())
    if n == 1:
        return first
    ranks = np.arange(1, n + 1)
    pairs = 2.0 * float(((2 * ranks - n - 1) * x).sum()) / (n * (n - 1))
    return first - 0.5 * pairs


def absolute_error(draws: FloatArray, observed: float) -> float:
    """Return the distance from the median of an ensemble to what was observed."""
    return abs(float(np.median(draws)) - observed)


def tail(draws: FloatArray, observed: float) -> float:
    """Return the two-sided predictive p-value of what was observed: small when the ensemble hardly holds it."""
    below = (1.0 + float((draws <= observed).sum())) / (len(draws) + 2.0)
    return 2.0 * min(below, 1.0 - below)
