"""Measures of distributions: pure functions from arrays to numbers, each with an analytic check."""

import numpy as np

from coopsim.types import FloatArray, IntArray


def gini(values: FloatArray) -> float:
    """Return the Gini coefficient of non-negative values, 0 (equal) to 1 - 1/n (one owns all).

    Parameters
    ----------
    values : FloatArray, shape (n,)
        Returns 0 when all are zero.
    """
    x = np.sort(values)
    total = float(x.sum())
    if total == 0.0:
        return 0.0
    rank = np.arange(1, x.size + 1)
    return float(2 * (rank @ x) / (x.size * total) - (x.size + 1) / x.size)


def sum_by(rows: IntArray, values: FloatArray, size: int) -> FloatArray:
    """Return the sum of values by row, shape (size,), in the order given (no parallel reduction)."""
    out: FloatArray = np.bincount(rows, weights=values, minlength=size).astype(np.float64, copy=False)
    return out
