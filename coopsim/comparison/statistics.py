"""What an ensemble says: medians and ranges, paired differences, verdicts, and what pairing brought."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from coopsim.comparison.ensemble import Ensemble
from coopsim.indicators import INDICATORS, OUTCOMES, SYSTEM
from coopsim.types import FloatArray

CONFIDENCE = 0.95
CLEAR_SHARES = (0.2, 0.8)  # of worlds: as few or as many must agree before a difference is called clear
_ROUNDING = 1e-12  # relative differences below this are sums taken in another order, not effects…
_NOTHING = 1e-9  # … as are differences below this in any unit
DIRECTION = np.array([indicator.direction for indicator in INDICATORS])
_UNITS = [indicator.unit for indicator in INDICATORS]


@dataclass(frozen=True, slots=True)
class PairedEffect:
    """Mean of differences over worlds, with its interval.

    Attributes
    ----------
    mean, low, high : FloatArray, shape (I,)
        Mean and bounds of its 95 % interval; the bounds are NaN with fewer than two worlds.
    """

    mean: FloatArray
    low: FloatArray
    high: FloatArray


def paired_effect(difference: FloatArray) -> PairedEffect:
    """Return the mean difference and its Student interval; worlds without a value are left out.

    Parameters
    ----------
    difference : FloatArray, shape (R, I)
        One row a world: the same seed under two sets of rules.
    """
    with _quiet():
        n = np.isfinite(difference).sum(axis=0)
        mean = np.nanmean(difference, axis=0)
        deviation = np.nanstd(difference, axis=0, ddof=1)
        half = stdtrit(np.maximum(n - 1, 1), 0.5 + CONFIDENCE / 2) * deviation / np.sqrt(n)
    half = np.where(n > 1, half, np.nan)
    return PairedEffect(mean, mean - half, mean + half)


def share_better(difference: FloatArray, direction: FloatArray) -> FloatArray:
    """Return the share of worlds where the difference goes the better way, ties counting half.

    Parameters
    ----------
    difference : FloatArray, shape (R, I)
    direction : FloatArray, shape (I,)
        1 more is better, -1 less is better, 0 neither (then the share where it is higher).
    """
    gain = difference * np.where(direction < 0, -1.0, 1.0)
    with _quiet():
        out: FloatArray = np.nanmean(np.where(np.isnan(gain), np.nan, (np.sign(gain) + 1) / 2), axis=0)
    return out


def verdict(low: float, high: float, share: float, direction: int) -> str:
    """Return the verdict on b against a.

    Clear when the interval excludes 0 and at least four worlds in five agree.

    Parameters
    ----------
    share : float
        Of worlds where b is better (higher, for an indicator without direction).
    """
    few, many = CLEAR_SHARES
    if not (low > 0 or high < 0) or few < share < many:
        return "no clear difference"
    if direction:
        return "better" if share >= many else "worse"
    return "higher" if share >= many else "lower"


def differences(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return b - a, exactly zero where they differ by rounding only; any shape."""
    out: FloatArray = b - a
    with _quiet():
        out[np.abs(out) <= np.maximum(_ROUNDING * np.maximum(np.abs(a), np.abs(b)), _NOTHING)] = 0.0
    return out


def summary(ensemble: Ensemble) -> pd.DataFrame:
    """Return the median and the 90 % range of each indicator at the horizon, one row a lane and indicator."""
    with _quiet():
        quantiles = np.nanquantile(ensemble.horizon[:, :, 0], [0.5, 0.05, 0.95], axis=1)
    parts = [
        pd.DataFrame(
            {
                "scenario": name,
                "indicator": list(SYSTEM),
                "unit": _UNITS,
                "median": quantiles[0, lane],
                "p05": quantiles[1, lane],
                "p95": quantiles[2, lane],
            }
        )
        for lane, name in enumerate(ensemble.scenarios)
    ]
    return pd.concat(parts, ignore_index=True)


def paired(ensemble: Ensemble) -> pd.DataFrame:
    """Return the paired differences b - a at the horizon, one row a pair of lanes and indicator."""
    values = ensemble.horizon[:, :, 0]
    parts = []
    for a, b in combinations(range(len(ensemble.scenarios)), 2):
        difference = differences(values[a], values[b])
        effect = paired_effect(difference)
        share = share_better(difference, DIRECTION)
        parts.append(
            pd.DataFrame(
                {
                    "a": ensemble.scenarios[a],
                    "b": ensemble.scenarios[b],
                    "indicator": list(SYSTEM),
                    "mean_difference": effect.mean,
                    "low": effect.low,
                    "high": effect.high,
                    "share_b_better": share,
                    "verdict": [
                        verdict(*row)
                        for row in zip(effect.low, effect.high, share, DIRECTION.tolist(), strict=True)
                    ],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def variance_ratios(
    ensemble: Ensemble, years: Sequence[int] = (5, 10, 30), indicators: Sequence[str] = OUTCOMES
) -> pd.DataFrame:
    """Return what the common luck of a seed brings: variance of b - a unpaired, paired, and their ratio.

    Unpaired is var(a) + var(b), what independent seeds would give; 20 paired worlds are worth
    20 × ratio unpaired ones. The ratio is NaN where the difference never varies.

    Parameters
    ----------
    years : sequence of int
        Counted from 1; those beyond the horizon are left out.
    """
    columns = [SYSTEM.index(name) for name in indicators]
    rows = []
    for year in (y for y in years if y <= ensemble.years):
        values = ensemble.at_year(year)[:, :, 0][:, :, columns]
        for a, b in combinations(range(len(ensemble.scenarios)), 2):
            with _quiet():
                alone = np.nanvar(values[a], axis=0, ddof=1) + np.nanvar(values[b], axis=0, ddof=1)
                together = np.nanvar(values[b] - values[a], axis=0, ddof=1)
                ratio = np.where(together > 0, alone / together, np.nan)
            rows += [
                (ensemble.scenarios[a], ensemble.scenarios[b], name, year, *numbers)
                for name, *numbers in zip(indicators, alone, together, ratio, strict=True)
            ]
    return pd.DataFrame(
        rows, columns=["a", "b", "indicator", "year", "unpaired_variance", "paired_variance", "ratio"]
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Let an indicator without any value give NaN, without numpy's warnings."""
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        yield
