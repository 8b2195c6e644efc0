"""What a batch says: medians and ranges, and differences paired by point and seed."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from coopsim.comparison.statistics import differences, paired_effect, share_better, verdict
from coopsim.indicators import BY_NAME
from coopsim.types import FloatArray

_QUANTILES = (0.5, 0.05, 0.95)


def summary(values: pd.DataFrame, columns: Sequence[str], *, by_point: bool) -> pd.DataFrame:
    """Return scenario (point), indicator, unit, median, p05, p95; runs without a value are left out.

    Parameters
    ----------
    values : DataFrame
        scenario, point, seed, then one column an indicator.
    """
    keys = ["scenario", "point"] if by_point else ["scenario"]
    parts = []
    for key, rows in _groups(values, keys):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an indicator without any value is NaN
            found = np.nanquantile(rows[list(columns)].to_numpy(np.float64), _QUANTILES, axis=0)
        head = {name: np.repeat(value, len(columns)) for name, value in zip(keys, key, strict=True)}
        units = [BY_NAME[name].unit for name in columns]
        body = {
            "indicator": list(columns),
            "unit": units,
            "median": found[0],
            "p05": found[1],
            "p95": found[2],
        }
        parts.append(pd.DataFrame(head | body))
    names = [*keys, "indicator", "unit", "median", "p05", "p95"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({name: [] for name in names})


def _groups(values: pd.DataFrame, keys: list[str]) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    for key, rows in values.groupby(keys, observed=True, sort=True):
        yield key if isinstance(key, tuple) else (key,), rows


def paired(
    values: pd.DataFrame, columns: Sequence[str], contrasts: Sequence[tuple[str, str]], *, by_point: bool
) -> pd.DataFrame:
    """Return (point), a, b, indicator, mean_difference, low, high (95 %), share_b_better, verdict.

    Parameters
    ----------
    values : DataFrame
        scenario, point, seed, then one column an indicator.
    contrasts : sequence of pairs
        Scenarios a and b; a difference is b - a in the same world at the same point.
    """
    wide = {
        name: part.set_index(["point", "seed"])[list(columns)]
        for name, part in values.groupby("scenario", observed=True)
    }
    rows = [row for a, b in contrasts for row in _pair(a, b, wide, columns, by_point=by_point)]
    head = ["point"] if by_point else []
    names = [*head, "a", "b", "indicator", "mean_difference", "low", "high", "share_b_better", "verdict"]
    return pd.DataFrame(rows, columns=names)


def _pair(
    a: str, b: str, wide: dict[Any, pd.DataFrame], columns: Sequence[str], *, by_point: bool
) -> Iterator[list[Any]]:
    if a not in wide or b not in wide:
        return
    first, second = wide[a].align(wide[b], join="inner", axis=0)
    if not len(first):
        return
    gap = differences(first.to_numpy(np.float64), second.to_numpy(np.float64))
    place = first.index.get_level_values("point").to_numpy()
    for point in np.unique(place) if by_point else [None]:
        rows = gap if point is None else gap[place == point]
        for line in _effects(rows, columns):
            yield [*([] if point is None else [int(point)]), a, b, *line]


def _effects(gap: FloatArray, columns: Sequence[str]) -> Iterator[list[Any]]:
    direction = np.array([BY_NAME[name].direction for name in columns])
    effect, share = paired_effect(gap), share_better(gap, direction)
    for n, name in enumerate(columns):
        words = verdict(effect.low[n], effect.high[n], share[n], int(direction[n]))
        yield [name, effect.mean[n], effect.low[n], effect.high[n], share[n], words]
