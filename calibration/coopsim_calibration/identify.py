"""Can these figures tell these parameters apart? Truths drawn from the prior are sought again, and counted.

Contraction is 1 - variance of the posterior over that of the prior (1: known; 0: nothing learnt). Recovery takes
simulations of the common pool as if they had been observed and infers their parameters from the others (leave one out).
Ranks of the truths among draws of their posteriors are uniform when the method is right (Talts et al. 2018).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binom, binomtest, chisquare, norm

from coopsim.types import FloatArray, IntArray
from coopsim_calibration.abc_pool import Posterior, adjusted

LEVEL = 0.9
"""Of the intervals whose coverage is counted."""

SURE = 0.99
"""Of the binomial interval that a coverage must be inside of."""

_RANKS = 99  # draws that a truth is ranked among
_PRIOR_VARIANCE = 1.0 / 12.0
_LEARNT = 0.1  # contraction below which a parameter is called unidentified


@dataclass(frozen=True)
class Recovery:
    """Truths sought again.

    Attributes
    ----------
    truths : ndarray, shape (truths, parameters)
        In the unit cube.
    means, low, high : ndarray, shape (truths, parameters)
        Of the posterior: mean and bounds of the 90 % interval.
    contraction : ndarray, shape (truths, parameters)
    ranks : ndarray, shape (truths, parameters)
        Of each truth among 99 draws of its posterior, 0 to 99.
    """

    truths: FloatArray
    means: FloatArray
    low: FloatArray
    high: FloatArray
    contraction: FloatArray
    ranks: IntArray

    def table(self, keys: Sequence[str]) -> pd.DataFrame:
        """Return one row a parameter.

        Returns
        -------
        DataFrame
            parameter, truths, covered (share in their 90 % interval), covered_low, covered_high (99 % binomial interval
            of Clopper and Pearson 1934), sound (90 % lies inside), contraction, correlation (truth and posterior mean),
            identified (mean contraction of 0.1 or more, and truths and estimates more correlated than independent
            ones are 99 times in 100: a small pool contracts what it knows nothing of).
        """
        rows = []
        inside = (self.low <= self.truths) & (self.truths <= self.high)
        least = float(norm.ppf(SURE)) / np.sqrt(
            max(len(inside) - 1, 1)
        )  # of independent truths and estimates
        for n, name in enumerate(keys):
            hits = int(inside[:, n].sum())
            interval = binomtest(hits, len(inside)).proportion_ci(SURE)
            gain = float(self.contraction[:, n].mean())
            tied = _correlation(self.truths[:, n], self.means[:, n])
            rows.append(
                {
                    "parameter": name, "truths": len(inside), "covered": hits / len(inside),
                    "covered_low": float(interval.low), "covered_high": float(interval.high),
                    "sound": bool(interval.low <= LEVEL <= interval.high), "contraction": gain,
                    "correlation": tied, "identified": bool(gain >= _LEARNT and tied > least),
                }
            )  # fmt: skip
        return pd.DataFrame(rows)


@dataclass(frozen=True)
class Verdict:
    """Whether a calibration finds known truths again.

    Attributes
    ----------
    truths : int
    refused : tuple of str
        Parameters whose coverage differs from 90 % beyond luck: the 99 % binomial interval does not hold 0.9.
    not_uniform : tuple of str
        Parameters whose ranks leave the 99 % band.
    unidentified : tuple of str
        Parameters that the data do not settle: see ``identified`` in `Recovery.table`.
    by_luck : float
        Chance that a right method has one parameter or more refused.
    """

    truths: int
    refused: tuple[str, ...]
    not_uniform: tuple[str, ...]
    unidentified: tuple[str, ...]
    by_luck: float

    @property
    def passed(self) -> bool:
        """Whether no coverage is refused."""
        return not self.refused


def verdict(recovery: pd.DataFrame, ranks: pd.DataFrame) -> Verdict:
    """Return the verdict of the tables of `Recovery.table` and `uniformity`.

    ``by_luck`` takes the exact size of the binomial test at this number of truths, and parameters as independent.
    """
    names = recovery["parameter"].astype(str)
    truths = int(recovery["truths"].iloc[0])
    hits = np.arange(truths + 1)
    ends = [binomtest(int(h), truths).proportion_ci(SURE) for h in hits]
    out = np.array([not end.low <= LEVEL <= end.high for end in ends])
    size = float(binom.pmf(hits[out], truths, LEVEL).sum())
    return Verdict(
        truths,
        tuple(names[~recovery["sound"].astype(bool)]),
        tuple(ranks["parameter"].astype(str)[~ranks["uniform"].astype(bool)]),
        tuple(names[~recovery["identified"].astype(bool)]),
        1.0 - (1.0 - size) ** len(recovery),
    )


def _correlation(a: FloatArray, b: FloatArray) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0.0 and b.std() > 0.0 else 0.0


def contraction(posterior: Posterior) -> FloatArray:
    """Return the contraction of each parameter, on the scale where its prior is uniform."""
    out: FloatArray = 1.0 - posterior.variance() / _PRIOR_VARIANCE
    return out


Infer = Callable[[FloatArray, FloatArray, FloatArray], Posterior]
"""From the other simulations (u, y) and the figures of one to its posterior."""


def recover(
    u: FloatArray, y: FloatArray, count: int, share: float, seed: int, infer: Infer | None = None
) -> Recovery:
    """Return what is found of some simulations of a pool when each is taken for the truth.

    Parameters
    ----------
    u : ndarray, shape (pool, parameters)
        Draws of the prior in the unit cube.
    y : ndarray, shape (pool, figures)
        Errors included.
    count : int
        Truths, drawn from the pool.
    share : float
        Of the pool that `abc_pool.adjusted` keeps.
    seed : int
    infer : callable, optional
        Another method.
    """
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(u), size=min(count, len(u)), replace=False)
    means, ends, gains, ranks = [], [], [], []
    for row in chosen:
        others = np.arange(len(u)) != row
        found = (
            infer(u[others], y[others], y[row]) if infer else adjusted(u[others], y[others], y[row], share)
        )
        means.append(found.mean())
        ends.append(found.quantile(np.array([(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])))
        gains.append(contraction(found))
        ranks.append((found.sample(_RANKS, rng) < u[row]).sum(axis=0))
    bounds = np.array(ends)
    return Recovery(u[chosen], np.array(means), bounds[:, 0], bounds[:, 1], np.array(gains), np.array(ranks))


def uniformity(keys: Sequence[str], ranks: IntArray, bins: int = 10) -> pd.DataFrame:
    """Return whether ranks of truths are uniform: simulation-based calibration.

    Parameters
    ----------
    keys : sequence of str
    ranks : ndarray, shape (truths, parameters)
        From 0 to 99.
    bins : int
        Must divide 100.

    Returns
    -------
    DataFrame
        parameter, chi2_p (that of equal bins), ecdf_gap (largest distance of the empirical distribution to the uniform
        one), ecdf_band (99 % band of Dvoretzky, Kiefer, Wolfowitz and Massart 1990), uniform (gap inside the band).
    """
    count = len(ranks)
    band = float(np.sqrt(np.log(2.0 / (1.0 - SURE)) / (2.0 * count)))
    steps = np.arange(_RANKS + 1)
    rows = []
    for n, name in enumerate(keys):
        observed = np.bincount(ranks[:, n] * bins // (_RANKS + 1), minlength=bins)
        ecdf = (ranks[:, n][None, :] <= steps[:, None]).mean(axis=1)
        gap = float(np.abs(ecdf - (steps + 1) / (_RANKS + 1)).max())
        p = float(chisquare(observed).pvalue)
        rows.append(
            {"parameter": name, "chi2_p": p, "ecdf_gap": gap, "ecdf_band": band, "uniform": gap <= band}
        )
    return pd.DataFrame(rows)
