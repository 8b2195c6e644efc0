"""History matching: rule out, wave by wave, the points that cannot have given the figures observed.

Implausibility ``|z - E f| / sqrt(V_emulator + V_luck + V_observation + V_discrepancy)`` (Craig et al. 1997; Andrianakis
et al. 2015); a point is ruled out when that of any figure reaches 3 in any wave (Pukelsheim's three-sigma rule).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist
from scipy.stats import qmc

from coopsim.types import FloatArray
from coopsim_calibration.emulator import Emulator

CUT = 3.0
_CANDIDATES = 20_000
_SPREAD_FROM = 1_000  # candidates among which a wave's points are spread
_MOVES = 30  # rounds of small moves around points that are not ruled out


@dataclass(frozen=True)
class Wave:
    """The emulators of one wave, and what they are compared with.

    Attributes
    ----------
    emulators : sequence of Emulator, one a figure
    observed : ndarray, shape (figures,)
    variance : ndarray, shape (figures,)
        Of luck, observation and discrepancy together.
    """

    emulators: Sequence[Emulator]
    observed: FloatArray
    variance: FloatArray

    def implausibility(self, u: FloatArray) -> FloatArray:
        """Return the implausibility of points by figure, shape (points, figures)."""
        columns = []
        for emulator, z, other in zip(self.emulators, self.observed, self.variance, strict=True):
            mean, variance = emulator.predict(u)
            columns.append(np.abs(z - mean) / np.sqrt(variance + other))
        return np.stack(columns, axis=1)


def worst(waves: Sequence[Wave], u: FloatArray) -> FloatArray:
    """Return the largest implausibility of each point over figures and waves, shape (points,)."""
    out: FloatArray = np.max([wave.implausibility(u).max(axis=1) for wave in waves], axis=0)
    return out


@dataclass(frozen=True)
class Remaining:
    """What is not ruled out.

    Attributes
    ----------
    share : float
        Of the prior's volume.
    points : ndarray, shape (points, parameters)
        Points that are not ruled out; empty when everything is.
    """

    share: float
    points: FloatArray


def remaining(waves: Sequence[Wave], dimensions: int, seed: int, cut: float = CUT) -> Remaining:
    """Return the share of the prior that is not ruled out, from a Latin hypercube, and points of it.

    Where few points are left, others are found by small moves around them; the share stays that of the hypercube.
    """
    rng = np.random.default_rng(seed)
    u = qmc.LatinHypercube(dimensions, rng=rng).random(_CANDIDATES)
    kept = u[worst(waves, u) < cut]
    share = len(kept) / _CANDIDATES
    for _ in range(_MOVES):
        if not 0 < len(kept) < _SPREAD_FROM:
            break
        step = np.maximum(kept.std(axis=0), 0.02)
        moved = kept[rng.integers(len(kept), size=2_000)] + 0.5 * step * rng.normal(size=(2_000, dimensions))
        moved = moved[((moved > 0.0) & (moved < 1.0)).all(axis=1)]
        kept = np.concatenate([kept, moved[worst(waves, moved) < cut]]) if len(moved) else kept
    return Remaining(share, kept)


def spread(points: FloatArray, count: int, seed: int) -> FloatArray:
    """Return some of the points, far from one another (greedy maximin), shape (≤ count, parameters)."""
    rng = np.random.default_rng(seed)
    pool = points[rng.permutation(len(points))[:_SPREAD_FROM]]
    chosen = [0]
    distance = cdist(pool, pool[:1])[:, 0]
    while len(chosen) < min(count, len(pool)):
        best = int(distance.argmax())
        chosen.append(best)
        distance = np.minimum(distance, cdist(pool, pool[best : best + 1])[:, 0])
    return pool[chosen]


def ranges(keys: Sequence[str], points: FloatArray) -> pd.DataFrame:
    """Return the range of each parameter that is not ruled out, as quantiles of its prior.

    Returns
    -------
    DataFrame
        parameter, low, high (5 and 95 % of what is left), ruled_out (1 - their distance over 0.9).
    """
    if not len(points):
        return pd.DataFrame({"parameter": list(keys), "low": np.nan, "high": np.nan, "ruled_out": 1.0})
    low, high = np.quantile(points, [0.05, 0.95], axis=0)
    gone = np.clip(1.0 - (high - low) / 0.9, 0.0, 1.0)
    return pd.DataFrame({"parameter": list(keys), "low": low, "high": high, "ruled_out": gone})
