"""Where each regime wins: the plane of two factors cut in cells, a verdict in each."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from coopsim.comparison.statistics import paired_effect, share_better, verdict
from coopsim.types import FloatArray, IntArray
from coopsim_viz.explorer.view import Factor, View

_LEVELS = 7
_MOST = 5
_ENOUGH = 3  # points of a cell from which they, not the worlds, are its sample


@dataclass(frozen=True, slots=True)
class Cut:
    """One factor cut in slices.

    Attributes
    ----------
    edges : FloatArray, shape (slices + 1,)
        In the unit of the factor; of levels, half-way between them.
    levels : list
        The values themselves when each slice is one of them; else empty.
    slice : IntArray, shape (points,)
    """

    factor: Factor
    edges: FloatArray
    levels: list[Any]
    slice: IntArray

    @property
    def size(self) -> int:
        """Slices."""
        return len(self.edges) - 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the plane.

    Attributes
    ----------
    winner : str
        ``a``, ``b``, or empty where no difference is clear.
    mean, low, high : float
        Of b - a, with its 95 % interval.
    points, worlds : int
        What it rests on.
    """

    x: int
    y: int
    winner: str
    mean: float
    low: float
    high: float
    share: float
    points: int
    worlds: int


def cut(factor: Factor, points: int) -> Cut:
    """Return a factor cut at its levels when there are few, else in equal slices of its range (of its logarithm)."""
    numbers = factor.numbers
    levels = np.unique(numbers)
    if len(levels) <= _LEVELS or not factor.numeric:
        places = np.searchsorted(levels, numbers)
        middle = (levels[1:] + levels[:-1]) / 2
        ends = (middle[:1] * 2 - levels[1:2], middle[-1:] * 2 - levels[-2:-1])
        edges = (
            np.concatenate([ends[0], middle, ends[1]])
            if len(levels) > 1
            else levels[0] + np.array([-0.5, 0.5])
        )
        return Cut(factor, edges, factor.levels, places)
    slices = int(np.clip(np.sqrt(points / 4), 2, _MOST))
    scaled = np.log(numbers) if factor.log else numbers
    edges = np.linspace(scaled.min(), scaled.max(), slices + 1)
    places = np.clip(np.searchsorted(edges, scaled, side="right") - 1, 0, slices - 1)
    return Cut(factor, np.exp(edges) if factor.log else edges, [], places)


def cells(view: View, x: Cut, y: Cut) -> list[Cell]:
    """Return the verdict of every cell that has points.

    In a cell with three points or more each point counts once (its mean over worlds); with fewer, each world does.
    """
    table = view.points.assign(x=x.slice, y_=y.slice)
    place = table.set_index("point")[["x", "y_"]]
    runs = view.runs.join(place, on="point")
    out = []
    for key in sorted(set(zip(runs["x"].tolist(), runs["y_"].tolist(), strict=True))):
        rows = runs[(runs["x"] == key[0]) & (runs["y_"] == key[1])]
        by_point = rows.groupby("point")["y"].mean().to_numpy(np.float64)
        worlds = rows["y"].to_numpy(np.float64)
        sample = by_point if len(by_point) >= _ENOUGH else worlds
        out.append(
            _cell(int(key[0]), int(key[1]), sample, view.indicator.direction, len(by_point), len(worlds))
        )
    return out


def _cell(i: int, j: int, sample: FloatArray, direction: int, points: int, worlds: int) -> Cell:
    gap = sample[:, None]
    effect = paired_effect(gap)
    share = float(share_better(gap, np.array([direction]))[0])
    mean, low, high = float(effect.mean[0]), float(effect.low[0]), float(effect.high[0])
    said = verdict(low, high, share, direction)
    winner = {"better": "b", "higher": "b", "worse": "a", "lower": "a"}.get(said, "")
    return Cell(i, j, winner, mean, low, high, share, points, worlds)
