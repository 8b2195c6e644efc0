"""Sequential approximate Bayesian computation (Toni et al. 2009; Beaumont et al. 2009), generation by generation.

Particles live in the unit cube, where the prior is uniform. Each generation proposes whole batches of points, which the
batch engine runs: a calibration that is cut off finds them again, so it goes on and ends with the same result.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray
from coopsim_calibration.abc_pool import Posterior, scales

Simulate = Callable[[FloatArray, str], FloatArray]
"""From points of the unit cube and the name of their batch to figures, errors included, shape (points, figures)."""

_FIRST = 2  # first batch: this many times the particles
_MOST = 25  # batches in one generation
_LEAST = 0.02  # of a batch accepted: below it the tolerance is left where it is
_QUANTILE = 0.5  # of the distances of a generation: tolerance of the next


@dataclass(frozen=True)
class Generation:
    """One generation: its tolerance, the runs it took, and its particles."""

    tolerance: float
    simulated: int
    posterior: Posterior


def _distances(y: FloatArray, observed: FloatArray, scale: FloatArray) -> FloatArray:
    out: FloatArray = np.sqrt((((y - observed) / scale) ** 2).sum(axis=1))
    return out


def smc(
    simulate: Simulate,
    dimensions: int,
    observed: FloatArray,
    particles: int,
    generations: int,
    seed: int,
    tolerances: Sequence[float] = (),
    scale: FloatArray | None = None,
) -> list[Generation]:
    """Return the generations, the last one being the posterior.

    Parameters
    ----------
    simulate : callable
    dimensions : int
        Parameters.
    observed : ndarray, shape (figures,)
    particles, generations, seed : int
    tolerances : sequence of float
        Of each generation, the first included, in units of ``scale``; by default the first keeps half of twice the
        particles and each next one is the median distance of the one before.
    scale : ndarray, shape (figures,), optional
        Median absolute deviation over the first batch when None.
    """
    rng = np.random.default_rng(seed)
    u = rng.random((_FIRST * particles, dimensions))
    y = simulate(u, "generation-0-0")
    scale = scales(y) if scale is None else scale
    distance = _distances(y, observed, scale)
    simulated = len(u)
    tolerance = float(tolerances[0]) if len(tolerances) else float(np.sort(distance)[particles - 1])
    batch = 1
    while (distance <= tolerance).sum() < particles and batch < _MOST:
        more = rng.random((_FIRST * particles, dimensions))
        u = np.concatenate([u, more])
        distance = np.concatenate(
            [distance, _distances(simulate(more, f"generation-0-{batch}"), observed, scale)]
        )
        simulated, batch = simulated + len(more), batch + 1
    kept = np.flatnonzero(distance <= tolerance)[:particles]
    found = [Generation(tolerance, simulated, Posterior(u[kept], np.full(len(kept), 1.0 / len(kept))))]
    near = distance[kept]
    for number in range(1, len(tolerances) if len(tolerances) else generations):
        tolerance = float(tolerances[number]) if len(tolerances) else float(np.quantile(near, _QUANTILE))
        step = _generation(simulate, found[-1].posterior, observed, scale, tolerance, particles, number, rng)
        if step is None:
            break
        found.append(step[0])
        near = step[1]
    return found


def _generation(
    simulate: Simulate, before: Posterior, observed: FloatArray, scale: FloatArray, tolerance: float,
    particles: int, number: int, rng: np.random.Generator,
) -> tuple[Generation, FloatArray] | None:  # fmt: skip
    """Return one generation and its distances, None when too few proposals come near enough."""
    root: FloatArray = np.asarray(np.linalg.cholesky(2.0 * _covariance(before)), np.float64)
    us, distances, simulated = [], [], 0
    for batch in range(_MOST):
        proposed = _proposals(before, root, _FIRST * particles, rng)
        distance = _distances(simulate(proposed, f"generation-{number}-{batch}"), observed, scale)
        simulated += len(proposed)
        near = distance <= tolerance
        if near.mean() < _LEAST:
            return None
        us.append(proposed[near])
        distances.append(distance[near])
        if sum(map(len, us)) >= particles:
            break
    u = np.concatenate(us)[:particles]
    weights = 1.0 / _density(u, before, root)
    return Generation(tolerance, simulated, Posterior(u, weights / weights.sum())), np.concatenate(distances)[
        :particles
    ]


def _covariance(found: Posterior) -> FloatArray:
    centred = found.u - found.mean()
    out: FloatArray = (centred * found.weights[:, None]).T @ centred + 1e-10 * np.eye(found.u.shape[1])
    return out


def _proposals(before: Posterior, root: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """Return particles moved by a normal kernel; a move out of the prior is drawn again, its particle too."""
    kept: list[FloatArray] = []
    while sum(map(len, kept)) < count:
        rows = rng.choice(len(before.u), size=count, p=before.weights)
        moved = before.u[rows] + rng.normal(size=(count, root.shape[0])) @ root.T
        kept.append(moved[((moved > 0.0) & (moved < 1.0)).all(axis=1)])
    return np.concatenate(kept)[:count]


def _density(u: FloatArray, before: Posterior, root: FloatArray) -> FloatArray:
    """Return the density of the proposals at points, up to a factor."""
    inverse = np.linalg.inv(root)
    gap = (u[:, None, :] - before.u[None, :, :]) @ inverse.T
    out: FloatArray = np.exp(-0.5 * (gap**2).sum(axis=2)) @ before.weights
    return out
