"""Regression-adjusted approximate Bayesian computation from a common pool of prior simulations.

Beaumont, Zhang and Balding (2002): keep those nearest to the figures observed, weigh them (Epanechnikov), and move
their parameters along a local linear regression to where they would be had they given these figures. Parameters are
logits of their quantiles under the prior, so that no draw leaves it. Residuals are widened for the coefficients that
were fitted, without which a small pool seems to know what it does not. One pool serves any number of observations.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from coopsim.types import FloatArray

_EDGE = 1e-6
_PER_FIGURE = 10  # simulations kept for each coefficient of the regression, at least
_RIDGE = 1e-6  # keeps the regression solvable when a figure does not vary among those kept


@dataclass(frozen=True)
class Posterior:
    """Weighted draws in the unit cube, where the prior is uniform.

    Attributes
    ----------
    u : ndarray, shape (draws, parameters)
    weights : ndarray, shape (draws,)
        Sum to 1.
    """

    u: FloatArray
    weights: FloatArray

    def mean(self) -> FloatArray:
        """Return the mean by parameter."""
        out: FloatArray = self.weights @ self.u
        return out

    def variance(self) -> FloatArray:
        """Return the variance by parameter."""
        out: FloatArray = self.weights @ (self.u - self.mean()) ** 2
        return out

    def quantile(self, probabilities: FloatArray) -> FloatArray:
        """Return weighted quantiles, shape (probabilities, parameters)."""
        columns = []
        for n in range(self.u.shape[1]):
            order = np.argsort(self.u[:, n])
            total = np.cumsum(self.weights[order]) - 0.5 * self.weights[order]
            columns.append(np.interp(probabilities, total, self.u[order, n]))
        return np.stack(columns, axis=1)

    def sample(self, count: int, rng: np.random.Generator) -> FloatArray:
        """Return draws of equal weight by systematic resampling, in random order, shape (count, parameters)."""
        places = (rng.random() + np.arange(count)) / count
        rows = np.minimum(np.searchsorted(np.cumsum(self.weights), places), len(self.u) - 1)
        out: FloatArray = self.u[rng.permutation(rows)]
        return out

    @property
    def effective(self) -> float:
        """Number of draws of equal weight that would say as much."""
        return float(1.0 / (self.weights**2).sum())


def scales(y: FloatArray) -> FloatArray:
    """Return the spread of each figure over the pool: median absolute deviation, 1 where nothing varies."""
    spread = np.median(np.abs(y - np.median(y, axis=0)), axis=0)
    return np.where(spread > 0.0, spread, 1.0)


def adjusted(u: FloatArray, y: FloatArray, observed: FloatArray, share: float) -> Posterior:
    """Return the posterior given the figures observed.

    Parameters
    ----------
    u : ndarray, shape (pool, parameters)
        Draws of the prior in the unit cube.
    y : ndarray, shape (pool, figures)
        Simulated figures, errors of measurement and discrepancy included.
    observed : ndarray, shape (figures,)
    share : float
        Of the pool that is kept.
    """
    gap = (y - observed) / scales(y)
    distance = np.sqrt((gap**2).sum(axis=1))
    count = min(len(u), max(round(share * len(u)), _PER_FIGURE * (gap.shape[1] + 1)))
    kept = np.argsort(distance, kind="stable")[:count]
    width = float(distance[kept[-1]]) or 1.0
    weights = np.maximum(1.0 - (distance[kept] / width) ** 2, 0.0)
    if not weights.any():  # all at one distance
        weights = np.ones(count)
    x = np.column_stack([np.ones(count), gap[kept]])
    place = logit(np.clip(u[kept], _EDGE, 1.0 - _EDGE))
    weighted = x * weights[:, None]
    beta = np.linalg.solve(weighted.T @ x + _RIDGE * np.eye(x.shape[1]), weighted.T @ place)
    residuals = place - x @ beta
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    residuals *= np.sqrt(effective / max(effective - x.shape[1], 1.0))
    return Posterior(expit(beta[0] + residuals), weights / weights.sum())
