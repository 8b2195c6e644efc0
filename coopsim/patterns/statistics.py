"""Statistics of paired runs: each gives one value a world, its mean, its interval, and whether a mark is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import ndtri

from coopsim.comparison.statistics import CONFIDENCE, paired_effect
from coopsim.patterns.spec import Test
from coopsim.types import FloatArray

_Z = float(ndtri(0.5 + CONFIDENCE / 2))


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with its interval.

    Attributes
    ----------
    mean, low, high : float
        NaN where no world has a value; the bounds too with a single one.
    n : int
        Worlds with a value.
    detail : tuple of float
        Means of the runs of a sweep, in its order; empty elsewhere.
    """

    mean: float
    low: float
    high: float
    n: int
    detail: tuple[float, ...] = ()


def taken(values: FloatArray, test: Test) -> FloatArray:
    """Return one value a world from yearly values.

    Parameters
    ----------
    values : FloatArray, shape (R, Y)
        World, year.

    Returns
    -------
    FloatArray, shape (R,)
        The last year looked at, the mean of the years, the change from the first to the last, the mean fall from the
        year before to the year after some years, the first year at half of the last value, or the first year at which a
        level is passed (one year more than the horizon where it never is).
    """
    last = min(test.year or values.shape[1], values.shape[1])
    if test.take == "mean":
        return _mean(values[:, test.start - 1 : last])
    if test.take == "change":
        change: FloatArray = values[:, last - 1] - values[:, test.start - 1]
        return change
    if test.take == "dip":
        inside = np.array([y for y in test.years if 2 <= y < last], dtype=np.int64)  # noqa: PLR2004 - a year before
        return _mean(values[:, inside - 2] - values[:, inside])
    if test.take == "half_time":
        half: FloatArray = 1.0 + np.argmax(values[:, :last] >= 0.5 * values[:, last - 1 : last], axis=1)
        return half
    if test.take == "first_year":
        passed = values[:, :last] > test.reach
        first = 1.0 + np.argmax(passed, axis=1).astype(np.float64)
        year: FloatArray = np.where(passed.any(axis=1), first, last + 1.0)
        return year
    return values[:, last - 1]


def _mean(values: FloatArray) -> FloatArray:
    """Return the mean of each row; NaN for a row without a value."""
    n = np.isfinite(values).sum(axis=1)
    out: FloatArray = np.where(n > 0, np.nansum(values, axis=1) / np.maximum(n, 1), np.nan)
    return out


def figure(test: Test, operands: Sequence[FloatArray], x: Sequence[float] = ()) -> Figure:
    """Return what a test measures.

    Parameters
    ----------
    operands : sequence of FloatArray, shape (R,)
        One value a world of each run, in the order of the statistic.
    x : sequence of float
        Values of the key that a sweep varies.
    """
    if test.statistic == "share":
        return share(operands[0] - operands[1] if len(operands) > 1 else operands[0])
    if test.statistic == "ordering":
        steps = [mean_of(a - b) for a, b in pairwise(operands)]
        return min(steps, key=lambda step: step.low)
    if test.statistic == "inverted_u":
        return inverted_u(operands)
    if test.statistic == "cliff":
        return cliff(operands)
    if test.statistic == "slope":
        found = mean_of(slopes(np.asarray(x), np.stack(operands, axis=1)) * test.unit)
        return Figure(found.mean, found.low, found.high, found.n, _means(operands))
    return mean_of(_value(test, operands))


def _value(test: Test, operands: Sequence[FloatArray]) -> FloatArray:
    """Return one value a world of a level, a difference, a ratio or an interaction."""
    if test.statistic == "ratio":
        nothing = np.full(operands[0].shape, np.nan)
        out: FloatArray = np.divide(operands[0], operands[1], out=nothing, where=operands[1] != 0)
        return out
    if not test.relative:
        gaps = [a if b is None else a - b for a, b in _pairs(operands)]
    else:
        gaps = [a if b is None else (a - b) / np.nanmean(np.abs(b)) for a, b in _pairs(operands)]
    return gaps[0] - gaps[1] if len(gaps) > 1 else gaps[0]


def _pairs(operands: Sequence[FloatArray]) -> list[tuple[FloatArray, FloatArray | None]]:
    """Return the runs two by two; a run alone has nothing to be compared with."""
    if len(operands) == 1:
        return [(operands[0], None)]
    return [(operands[n], operands[n + 1]) for n in range(0, len(operands), 2)]


def mean_of(values: FloatArray) -> Figure:
    """Return the mean of some worlds with its Student interval; worlds without a value are left out."""
    n = int(np.isfinite(values).sum())
    if n == 0:
        return Figure(np.nan, np.nan, np.nan, 0)
    found = paired_effect(values[:, None])
    return Figure(float(found.mean[0]), float(found.low[0]), float(found.high[0]), n)


def share(values: FloatArray) -> Figure:
    """Return the share of worlds whose value is above 0, with the interval of Wilson (1927)."""
    kept = values[np.isfinite(values)]
    n = int(kept.size)
    if n == 0:
        return Figure(np.nan, np.nan, np.nan, 0)
    p = float((kept > 0).mean())
    z2 = _Z * _Z / n
    middle, half = (p + z2 / 2) / (1 + z2), _Z * np.sqrt(p * (1 - p) / n + z2 / (4 * n)) / (1 + z2)
    return Figure(p, float(middle - half), float(middle + half), n)


def slopes(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the least-squares slope of every world.

    Parameters
    ----------
    x : FloatArray, shape (K,)
    y : FloatArray, shape (R, K)
    """
    away = x - x.mean()
    out: FloatArray = (y - y.mean(axis=1, keepdims=True)) @ away / (away @ away)
    return out


def inverted_u(operands: Sequence[FloatArray]) -> Figure:
    """Return how much better the best inner value is than the better of the two ends, with the interval of that gap.

    0 with a null interval where the best value is at an end: there is no inverted U.
    """
    means = _means(operands)
    best = int(np.nanargmax(means))
    n = int(np.isfinite(operands[best]).sum())
    if best in {0, len(operands) - 1}:
        return Figure(0.0, 0.0, 0.0, n, means)
    gaps = [mean_of(operands[best] - operands[end]) for end in (0, -1)]
    worst = min(gaps, key=lambda gap: gap.low)
    return Figure(worst.mean, worst.low, worst.high, worst.n, means)


def cliff(operands: Sequence[FloatArray]) -> Figure:
    """Return the largest step between neighbouring values over the whole range, one value a world.

    1 / (values - 1) for an even slope, 1 for a cliff; worlds where nothing changes have no value.
    """
    y = np.stack(operands, axis=1)
    steps, span = np.abs(np.diff(y, axis=1)).max(axis=1), np.ptp(y, axis=1)
    found = mean_of(np.divide(steps, span, out=np.full(steps.shape, np.nan), where=span > 0))
    return Figure(found.mean, found.low, found.high, found.n, _means(operands))


def _means(operands: Sequence[FloatArray]) -> tuple[float, ...]:
    return tuple(mean_of(values).mean for values in operands)


def reached(found: Figure, mark: tuple[str, Any]) -> bool:
    """Return whether a figure reaches a mark; a figure without a value or an interval reaches none."""
    kind, value = mark
    if kind == "mean_between":
        return bool(value[0] <= found.mean <= value[1])
    tests = {
        "above": lambda: found.low > value,
        "below": lambda: found.high < value,
        "at_least": lambda: found.low >= value,
        "at_most": lambda: found.high <= value,
        "within": lambda: value[0] <= found.low and found.high <= value[1],
    }
    return bool(tests[kind]())
