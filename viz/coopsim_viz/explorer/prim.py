"""Conditions in words: the patient rule induction method (PRIM) finds a box of factors where something holds.

Friedman and Fisher (1999), *Bump hunting in high-dimensional data*, Statistics and Computing 9; used for scenario
discovery by Bryant and Lempert (2010), *Thinking inside the box*, Technological Forecasting and Social Change 77,
from where the test of each condition comes. The libraries that have it bring eight packages and more with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from coopsim.types import BoolArray, FloatArray
from coopsim_viz.explorer.view import Factor

PEEL = 0.08  # of the points left at most with each step
LEAST = 0.1  # of all points stay in the box
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Condition:
    """One side of a box.

    Attributes
    ----------
    low, high : float
        Kept between them; infinite where the box is open.
    words : tuple of str
        Values kept, for a factor of words.
    chance : float
        Probability that without this condition as many hits fell into the box by luck.
    """

    factor: Factor
    low: float
    high: float
    words: tuple[str, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class Box:
    """Where something holds.

    Attributes
    ----------
    conditions : tuple of Condition
        The strictest first; none when no box says more than the whole.
    density, coverage : float
        Share of the box's points where it holds, and share of where it holds that lies in the box.
    mass, base : float
        Share of points in the box; share of all points where it holds.
    points : int
        In the box.
    """

    conditions: tuple[Condition, ...]
    density: float
    coverage: float
    mass: float
    base: float
    points: int


def prim(factors: Sequence[Factor], hit: BoolArray) -> Box:
    """Return the box that best weighs density against coverage, its needless conditions dropped.

    Parameters
    ----------
    factors : sequence of Factor
    hit : BoolArray, shape (points,)
        Where it holds.
    """
    x = np.stack([factor.numbers for factor in factors], axis=1)
    used = list(range(len(factors)))
    while True:
        inside = _peeled(x, hit, used, [f.numeric for f in factors])
        kept = [n for n in used if not _open(x, inside, n, numeric=factors[n].numeric)]
        chances = {n: _chance(x, hit, inside, n, kept, factors) for n in kept}
        worst = max(kept, key=lambda n: chances[n], default=-1)
        if worst < 0 or chances[worst] <= CHANCE:
            break
        used = [n for n in kept if n != worst]
        if not used:
            inside, kept, chances = np.ones(len(hit), dtype=bool), [], {}
            break
    found = [
        _condition(factors[n], x[:, n], inside, chances[n]) for n in sorted(kept, key=lambda n: chances[n])
    ]
    total = int(hit.sum())
    return Box(
        tuple(found), float(hit[inside].mean()) if inside.any() else 0.0,
        float(hit[inside].sum() / total) if total else 0.0, float(inside.mean()), float(hit.mean()), int(inside.sum()),
    )  # fmt: skip


def _peeled(x: FloatArray, hit: BoolArray, used: Sequence[int], numeric: Sequence[bool]) -> BoolArray:
    """Return the best box of the peeling: F1 of density and coverage."""
    inside = np.ones(len(hit), dtype=bool)
    best, best_score = inside, _score(hit, inside)
    least = max(int(np.ceil(LEAST * len(hit))), 5)
    while True:
        found = [
            rest for n in used for rest in _peels(x[:, n], inside, numeric=numeric[n])
            if least <= rest.sum() < inside.sum()
        ]  # fmt: skip
        if not found:
            return best
        inside = max(found, key=lambda rest: (hit[rest].mean(), rest.sum()))
        score = _score(hit, inside)
        if score > best_score + 1e-12:
            best, best_score = inside, score


def _peels(column: FloatArray, inside: BoolArray, *, numeric: bool) -> list[BoolArray]:
    """Return what is left after each peel of one factor: a slice from below, one from above; a word."""
    values = column[inside]
    if not numeric:
        return [inside & (column != word) for word in np.unique(values)]
    low, high = np.quantile(values, [PEEL, 1.0 - PEEL])
    below, above = inside & (column > low), inside & (column < high)
    if below.sum() == inside.sum():
        below = inside & (column > values.min())
    if above.sum() == inside.sum():
        above = inside & (column < values.max())
    return [below, above]


def _score(hit: BoolArray, inside: BoolArray) -> float:
    held = float(hit[inside].sum())
    return 2.0 * held / (float(inside.sum()) + float(hit.sum())) if held else 0.0


def _open(x: FloatArray, inside: BoolArray, n: int, *, numeric: bool) -> bool:
    """Return whether the box cuts nothing from a factor."""
    values = x[inside, n]
    if not numeric:
        return len(np.unique(values)) == len(np.unique(x[:, n]))
    return bool(values.min() == x[:, n].min() and values.max() == x[:, n].max())


def _keeps(column: FloatArray, inside: BoolArray, *, numeric: bool) -> BoolArray:
    values = column[inside]
    within = (column >= values.min()) & (column <= values.max())
    return within if numeric else np.isin(column, np.unique(values))


def _chance(
    x: FloatArray, hit: BoolArray, inside: BoolArray, n: int, kept: Sequence[int], factors: Sequence[Factor]
) -> float:
    """Return the quasi-p-value of a condition (Bryant and Lempert 2010)."""
    without = np.ones(len(hit), dtype=bool)
    for other in kept:
        if other != n:
            without &= _keeps(x[:, other], inside, numeric=factors[other].numeric)
    density = float(hit[without].mean())
    return float(binom.sf(int(hit[inside].sum()) - 1, int(inside.sum()), density))


def _condition(factor: Factor, column: FloatArray, inside: BoolArray, chance: float) -> Condition:
    values = column[inside]
    if not factor.numeric:
        return Condition(
            factor, -np.inf, np.inf, tuple(factor.levels[int(k)] for k in np.unique(values)), chance
        )
    low = -np.inf if values.min() == column.min() else _between(column, float(values.min()), below=True)
    high = np.inf if values.max() == column.max() else _between(column, float(values.max()), below=False)
    return Condition(factor, low, high, (), chance)


def _between(column: FloatArray, edge: float, *, below: bool) -> float:
    """Return the middle between the edge of the box and the nearest value outside."""
    outside = column[column < edge].max() if below else column[column > edge].min()
    return float((edge + outside) / 2)
