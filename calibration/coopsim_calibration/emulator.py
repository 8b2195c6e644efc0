"""Gaussian-process emulators: what the model would give at a point that was not run, and how surely.

A linear trend plus a Gaussian process with one length scale a parameter (Rasmussen and Williams 2006, chapters 2 and
5), on points of the unit cube; the luck of the runs is white noise, estimated around what replicates say.
Matrices are worked on by one thread: results do not depend on the cores of a machine, and small ones go faster.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.linalg import cho_solve, cholesky
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from threadpoolctl import threadpool_limits

from coopsim.types import FloatArray

_JITTER = 1e-9
_LEAST_NOISE = 1e-8  # of the variance of the results: below it matrices cannot be inverted
_STARTS = 2  # searches of the length scales besides the first


@dataclass(frozen=True)
class Emulator:
    """One emulated figure.

    Attributes
    ----------
    centre, scale : float
        Results were brought to mean 0 and variance 1.
    trend : ndarray, shape (1 + parameters,)
    process : GaussianProcessRegressor
    u : ndarray, shape (points, parameters)
    """

    centre: float
    scale: float
    trend: FloatArray
    process: GaussianProcessRegressor
    u: FloatArray

    @property
    def noise(self) -> float:
        """Variance of the luck left in one point's mean, on the scale of the process."""
        return float(self.process.kernel_.k2.noise_level)

    def predict(self, u: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the mean and the variance of the expected result at points, each of shape (points,).

        The variance is that of the emulator's ignorance; the luck of one run comes on top.
        """
        with threadpool_limits(1):
            mean, spread = self.process.predict(u, return_std=True)
        variance = np.maximum(spread**2 - self.noise, 0.0)
        return self.centre + self.scale * (mean + _design(u) @ self.trend), self.scale**2 * variance

    def draws(self, u: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
        """Return functions that agree with the runs, drawn jointly at points, shape (count, points)."""
        with threadpool_limits(1):
            mean, cov = self.process.predict(u, return_cov=True)
            cov[np.diag_indices_from(cov)] -= self.noise
            sample = mean + (_root(cov) @ rng.normal(size=(len(u), count))).T
        out: FloatArray = self.centre + self.scale * (sample + _design(u) @ self.trend)
        return out

    def standardised_errors(self) -> FloatArray:
        """Return each run point's error when it is left out, over its predicted standard deviation.

        Closed form (Rasmussen and Williams 2006, 5.12); about 95 % lie within ±2 where the emulator is sound.
        """
        inverse = cho_solve((self.process.L_, True), np.eye(len(self.u)))
        out: FloatArray = (inverse @ self.process.y_train_) / np.sqrt(np.diag(inverse))
        return out


def _root(cov: FloatArray) -> FloatArray:
    """Return a lower root of a covariance, with as much jitter as its rounding needs."""
    jitter = _JITTER
    while True:
        try:
            out: FloatArray = cholesky(cov + jitter * np.eye(len(cov)), lower=True, check_finite=False)
        except np.linalg.LinAlgError:
            jitter *= 10.0
        else:
            return out


def _design(u: FloatArray) -> FloatArray:
    return np.column_stack([np.ones(len(u)), u - 0.5])


def fit(u: FloatArray, y: FloatArray, noise: float) -> Emulator:
    """Return the emulator of one figure.

    Parameters
    ----------
    u : ndarray, shape (points, parameters)
        In the unit cube.
    y : ndarray, shape (points,)
        Mean over the worlds of each point.
    noise : float
        Variance of such a mean from one set of worlds to another; the fit may move it by a factor of 10.
    """
    centre, scale = float(y.mean()), float(y.std()) or 1.0
    z = (y - centre) / scale
    design = _design(u)
    trend: FloatArray = np.zeros(design.shape[1])
    if len(y) > 2 * len(trend):
        trend = np.asarray(np.linalg.lstsq(design, z, rcond=None)[0], np.float64)
    level = max(noise / scale**2, _LEAST_NOISE)
    dimensions = u.shape[1]
    kernel = ConstantKernel(0.5, (1e-4, 1e2)) * RBF(np.full(dimensions, 0.7), (0.05, 30.0)) + WhiteKernel(
        min(level, 2.0), (max(level / 10.0, _LEAST_NOISE), max(level * 10.0, 1e-5))
    )
    process = GaussianProcessRegressor(kernel, n_restarts_optimizer=_STARTS, random_state=0, alpha=_JITTER)
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter(
            "ignore", ConvergenceWarning
        )  # a length scale at its bound: the parameter has no effect
        process.fit(u, z - design @ trend)
    return Emulator(centre, scale, trend, process, u)


def quality(name: str, emulator: Emulator) -> dict[str, float | str]:
    """Return what cross-validation says: share within ±2, root mean square, share of the variance explained."""
    errors = emulator.standardised_errors()
    inverse = cho_solve((emulator.process.L_, True), np.eye(len(emulator.u)))
    missed = emulator.scale * (inverse @ emulator.process.y_train_) / np.diag(inverse)
    return {
        "target": name,
        "points": len(errors),
        "within_2": float((np.abs(errors) <= 2.0).mean()),  # noqa: PLR2004 - two standard deviations
        "rms": float(np.sqrt((errors**2).mean())),
        "q2": 1.0 - float((missed**2).mean()) / emulator.scale**2,
    }


def quality_table(names: list[str], emulators: list[Emulator]) -> pd.DataFrame:
    """Return the cross-validation of several emulators, one row each."""
    return pd.DataFrame([quality(name, found) for name, found in zip(names, emulators, strict=True)])
