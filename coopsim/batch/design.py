"""Designs: the points that a plan lays over its parameters, with the samplers of SciPy and SALib.

Points depend on the plan alone (its design seed), never on the runs: every scenario and every replicate sees the
same points, and every point the same worlds (common random numbers).
"""

import itertools
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats
from scipy.stats import qmc

from coopsim.batch.extras import missing_extra
from coopsim.batch.moments import log_moments
from coopsim.batch.parameter import Parameter
from coopsim.batch.plan import Plan
from coopsim.errors import scenario_error
from coopsim.types import FloatArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Point = dict[str, Any]

_EDGE = 1e-12  # quantiles at 0 and 1 of an unbounded law are infinite
_LEAST = 1e-9  # of a law between its bounds: below it, quantiles are rounding


def points(plan: Plan) -> list[Point]:
    """Return the points of a plan, by dotted key; one empty point for a design of replicates alone.

    Raises
    ------
    ScenarioError
        When the design needs SALib and it is not installed.
    """
    kind, parameters = plan.design.kind, plan.parameter
    if kind == "replicates":
        return [{}]
    if kind == "grid":
        axes = [_levels(p) for p in parameters]
        return [
            dict(zip(_keys(parameters), combination, strict=True)) for combination in itertools.product(*axes)
        ]
    if kind == "list":
        return [
            dict(zip(_keys(parameters), row, strict=True))
            for row in zip(*(p.values for p in parameters), strict=True)
        ]
    unit = unit_sample(kind, len(parameters), plan.design.points or 1, plan.design.seed, plan.design.levels)
    columns = [quantiles(p, unit[:, n]) for n, p in enumerate(parameters)]
    return [dict(zip(_keys(parameters), row, strict=True)) for row in zip(*columns, strict=True)]


def _keys(parameters: "Sequence[Parameter]") -> list[str]:
    return [p.key for p in parameters]


def _levels(p: Parameter) -> list[Any]:
    if p.values:
        return list(p.values)
    low, high, count = float(p.low or 0.0), float(p.high or 0.0), int(p.levels or 2)
    grid = (
        np.geomspace(low, high, count) if p.distribution == "log_uniform" else np.linspace(low, high, count)
    )
    return [_plain(p, x) for x in grid]


def _plain(p: Parameter, x: float) -> float | int:
    return round(float(x)) if p.integer else float(x)


def unit_sample(kind: str, dimensions: int, count: int, seed: int, levels: int) -> FloatArray:
    """Return the sample of a design in the unit cube, shape (points, dimensions).

    ``latin_hypercube`` and ``sobol`` (scrambled sequence, Owen 1998) have ``count`` points; ``morris`` (Morris 1991)
    has ``count``·(dimensions + 1), ``saltelli`` (Saltelli et al. 2010, with second order) ``count``·(2·dimensions + 2).
    """
    if kind == "latin_hypercube":
        out: FloatArray = qmc.LatinHypercube(dimensions, rng=seed).random(count)
        return out
    if kind == "sobol":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # balance asks for a power of two: told by --dry-run
            sample: FloatArray = qmc.Sobol(dimensions, rng=seed).random(count)
        return sample
    return _salib(kind, dimensions, count, seed, levels)


def _salib(kind: str, dimensions: int, count: int, seed: int, levels: int) -> FloatArray:
    try:
        from SALib.sample import morris, sobol
    except ImportError:
        raise missing_extra("SALib", "batch") from None
    problem = {
        "num_vars": dimensions,
        "names": [f"x{n}" for n in range(dimensions)],
        "bounds": [[0.0, 1.0]] * dimensions,
    }
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a base that is no power of two is told by --dry-run; the rest is SALib's own
        if kind == "morris":
            out: FloatArray = morris.sample(problem, count, num_levels=levels, seed=seed)
        else:
            out = sobol.sample(problem, count, calc_second_order=True, seed=seed)
    return out


def quantiles(p: Parameter, u: FloatArray) -> list[Any]:
    """Return the values of a parameter at the quantiles ``u`` of its distribution."""
    if p.distribution == "choice":
        rows = np.minimum((u * len(p.values)).astype(int), len(p.values) - 1)
        return [p.values[row] for row in rows]
    low = -np.inf if p.low is None else p.low
    high = np.inf if p.high is None else p.high
    if p.distribution == "uniform":
        x = low + u * (high - low)
    elif p.distribution == "log_uniform":
        x = np.exp(np.log(low) + u * (np.log(high) - np.log(low)))
    elif p.distribution == "triangular":
        x = stats.triang.ppf(u, (float(p.mode or 0.0) - low) / (high - low), low, high - low)
    else:
        x = _bell(p, np.clip(u, _EDGE, 1.0 - _EDGE))
    return [_plain(p, value) for value in np.clip(x, low, high)]


def _bell(p: Parameter, u: FloatArray) -> FloatArray:
    """Return normal or log-normal quantiles, of the part between ``low`` and ``high`` where these are given.

    ``mean`` and ``sd`` of a log-normal law are those of the values, not of their logarithm.

    Raises
    ------
    ScenarioError
        When the bounds leave nothing of the distribution.
    """
    mean, sd = float(p.mean or 0.0), float(p.sd or 1.0)
    if p.distribution == "log_normal":
        centre, spread = log_moments(mean, sd)
        law = stats.lognorm(spread, scale=np.exp(centre))
    else:
        law = stats.norm(mean, sd)
    bottom = law.cdf(p.low) if p.low is not None else 0.0
    top = law.cdf(p.high) if p.high is not None else 1.0
    out: FloatArray = law.ppf(bottom + u * (top - bottom))
    if top - bottom < _LEAST or not np.isfinite(out).all():
        raise scenario_error(
            "les bornes ne laissent rien de cette loi", "the bounds leave nothing of this distribution",
            key=p.key, value=[p.low, p.high],
        )  # fmt: skip
    return out
