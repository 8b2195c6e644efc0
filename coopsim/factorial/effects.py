"""Effects of a two-level factorial design, paired by seed, and the zero-sum share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from coopsim.comparison.statistics import DIRECTION, differences, paired_effect, share_better, verdict
from coopsim.indicators import SYSTEM
from coopsim.types import BoolArray, FloatArray

_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Contrast:
    """Weights of the cells that make an effect.

    Attributes
    ----------
    name : str
        Such as ``pacts``, ``attractiveness × pacts`` or ``pacts | attractiveness=on``.
    kind : str
        main, interaction or simple.
    weights : FloatArray, shape (C,)
    """

    name: str
    kind: str
    weights: FloatArray


def contrasts(names: Sequence[str], levels: Sequence[Sequence[bool]]) -> Iterator[Contrast]:
    """Yield main effects, interactions of two factors, and simple effects with the others all off or all on.

    A main effect is the mean over the levels of the other factors of (on - off); an interaction is the
    mean of (on, on) - (on, off) - (off, on) + (off, off).

    Parameters
    ----------
    levels : sequence of sequence of bool, shape (C, F)
    """
    on = np.asarray(levels, dtype=np.bool_)
    sign = np.where(on, 1.0, -1.0)
    cells = len(levels)
    for f, name in enumerate(names):
        yield Contrast(name, "main", sign[:, f] / (cells / 2))
    for f, g in combinations(range(len(names)), 2):
        yield Contrast(f"{names[f]} × {names[g]}", "interaction", sign[:, f] * sign[:, g] / (cells / 4))
    for f, name in enumerate(names):
        others = [g for g in range(len(names)) if g != f]
        for level in (False, True) if others else ():
            chosen: BoolArray = (on[:, others] == level).all(axis=1)
            given = ", ".join(f"{names[g]}={'on' if level else 'off'}" for g in others)
            yield Contrast(f"{name} | {given}", "simple", np.where(chosen, sign[:, f], 0.0))


def effect_table(names: Sequence[str], levels: Sequence[Sequence[bool]], values: FloatArray) -> pd.DataFrame:
    """Return each effect on each indicator: mean, 95 % interval, share of worlds, verdict.

    Parameters
    ----------
    values : FloatArray, shape (C, R, I)
        Cells, worlds, indicators.
    """
    parts = []
    for contrast in contrasts(names, levels):
        plus, minus = np.maximum(contrast.weights, 0.0), np.maximum(-contrast.weights, 0.0)
        # Both sums keep the order of the cells, so that equal cells cancel to rounding.
        difference = differences(_weighted(minus, values), _weighted(plus, values))
        effect = paired_effect(difference)
        # An interaction is no gain in itself: it is said to be higher or lower, never better.
        direction = np.zeros_like(DIRECTION) if contrast.kind == "interaction" else DIRECTION
        share = share_better(difference, direction)
        parts.append(
            pd.DataFrame(
                {
                    "effect": contrast.name,
                    "kind": contrast.kind,
                    "indicator": list(SYSTEM),
                    "mean": effect.mean,
                    "low": effect.low,
                    "high": effect.high,
                    "share_better": share,
                    "verdict": [
                        verdict(*row)
                        for row in zip(effect.low, effect.high, share, direction.tolist(), strict=True)
                    ],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _weighted(weights: FloatArray, values: FloatArray) -> FloatArray:
    out: FloatArray = np.einsum("c,cri->ri", weights, values)
    return out


@dataclass(frozen=True, slots=True)
class ZeroSum:
    """Gain of a territory that plays alone, and what the system keeps of it.

    Attributes
    ----------
    own, system : tuple of float
        Mean, low and high of the paired gains, in jobs.
    share : tuple of float
        1 - system gain / own gain, with its 95 % bootstrap interval: 0 when nobody loses, 1 when others lose
        as much, more when they lose more. NaN when the own gain is not clearly positive.
    """

    own: tuple[float, float, float]
    system: tuple[float, float, float]
    share: tuple[float, float, float]


def zero_sum(own: FloatArray, system: FloatArray) -> ZeroSum:
    """Return the zero-sum share of paired gains.

    Parameters
    ----------
    own, system : FloatArray, shape (R,)
        Gains of the territory and of all together, by world.
    """
    effect = paired_effect(np.stack([own, system], axis=1))
    gains = [(float(effect.mean[k]), float(effect.low[k]), float(effect.high[k])) for k in (0, 1)]
    nan = float("nan")
    if not gains[0][1] > 0:
        return ZeroSum(gains[0], gains[1], (nan, nan, nan))
    draws = np.random.default_rng(0).integers(own.size, size=(_RESAMPLES, own.size))
    ratios = 1.0 - system[draws].mean(axis=1) / own[draws].mean(axis=1)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return ZeroSum(gains[0], gains[1], (1.0 - gains[1][0] / gains[0][0], float(low), float(high)))
