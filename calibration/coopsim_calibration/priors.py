"""Priors: from the unit cube to values and back."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from scipy import stats

from coopsim.types import FloatArray
from coopsim_calibration.study import Uncertainty

_EDGE = 1e-9


class Prior:
    """The law of one parameter before any fit.

    Values are mapped to the unit interval by the distribution function, so that every prior is uniform there.

    Parameters
    ----------
    spec : Uncertainty
    """

    def __init__(self, spec: Uncertainty) -> None:
        self.spec = spec

    @property
    def key(self) -> str:
        """Dotted key of the parameter."""
        return self.spec.key

    @cached_property
    def _law(self) -> Any:
        p = self.spec
        low, high = float(p.low or 0.0), float(p.high or 0.0)
        if p.prior == "uniform":
            return stats.uniform(low, high - low)
        if p.prior == "log_uniform":
            return stats.loguniform(low, high)
        if p.prior == "beta":
            return stats.beta(p.alpha, p.beta, low, high - low)
        mean, sd = float(p.mean or 0.0), float(p.sd or 1.0)
        return stats.truncnorm((low - mean) / sd, (high - mean) / sd, mean, sd)

    def values(self, u: FloatArray) -> list[Any]:
        """Return the values at quantiles ``u``, as a scenario takes them."""
        if self.spec.prior == "choice":
            count = len(self.spec.values)
            return [self.spec.values[row] for row in np.minimum((u * count).astype(int), count - 1)]
        x = self.numbers(u)
        return [round(float(v)) if self.spec.integer else float(v) for v in x]

    def numbers(self, u: FloatArray) -> FloatArray:
        """Return values as numbers; a choice counts from 0."""
        if self.spec.prior == "choice":
            count = len(self.spec.values)
            rows: FloatArray = np.minimum((u * count).astype(int), count - 1).astype(float)
            return rows
        out: FloatArray = np.clip(
            self._law.ppf(np.clip(u, _EDGE, 1.0 - _EDGE)), self.spec.low, self.spec.high
        )
        return out

    def extremes(self) -> list[Any]:
        """Return the values that are tried before any run."""
        if self.spec.prior == "choice":
            return list(self.spec.values)
        ends = [float(self.spec.low or 0.0), float(self.spec.high or 0.0)]
        return [round(x) for x in ends] if self.spec.integer else ends


def table(priors: Sequence[Prior], u: FloatArray) -> dict[str, list[Any]]:
    """Return the values of points of the unit cube, one list a parameter.

    Parameters
    ----------
    priors : sequence of Prior
        One for each column.
    u : ndarray, shape (points, parameters)
    """
    return {prior.key: prior.values(u[:, n]) for n, prior in enumerate(priors)}


def numbers(priors: Sequence[Prior], u: FloatArray) -> FloatArray:
    """Return the values of points of the unit cube as numbers, shape (points, parameters)."""
    return np.stack([prior.numbers(u[:, n]) for n, prior in enumerate(priors)], axis=1)
