"""What drives an outcome: the method of the design, else the share of variance that each factor tells."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import fdtri
from scipy.stats import rankdata

from coopsim.batch.experiments import salib_problem
from coopsim.errors import scenario_error
from coopsim.types import FloatArray, IntArray
from coopsim_viz.explorer.view import Factor, View

Method = Literal["morris", "sobol", "share"]
LEAST_POINTS = 10
_BINS = 8


@dataclass(frozen=True, slots=True)
class Driver:
    """How much one factor drives an outcome.

    Attributes
    ----------
    value, low, high : float
        Strength and its 95 % interval (low and high equal to the value where there is none).
    more : float
        Strength with interactions (total index), or their size (Morris: sigma); NaN where the method has none.
    sign : int
        1 when the outcome grows with the factor, -1 when it falls, 0 when neither is clear.
    """

    factor: Factor
    value: float
    low: float
    high: float
    more: float
    sign: int


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Drivers of an outcome, the strongest first.

    Attributes
    ----------
    method : str
        ``morris`` (mu*, in the unit of the outcome), ``sobol`` (first-order and total indices) or ``share``
        (adjusted correlation ratio).
    chance : float
        What a factor without any effect stays below in 95 % of cases; NaN where the method has no such line.
    """

    method: Method
    drivers: tuple[Driver, ...]
    chance: float


def sensitivity(view: View) -> Sensitivity:
    """Return the drivers of what a view looks at.

    Raises
    ------
    ScenarioError
        Without parameters, with too few points, or when SALib made the design and is no longer installed.
    """
    if not view.factors:
        raise scenario_error(
            "ce plan n'a pas de paramètres : il n'y a rien à parcourir",
            "this plan has no parameters: there is nothing to sweep", file=str(view.batch.folder),
        )  # fmt: skip
    if len(view.points) < LEAST_POINTS:
        raise scenario_error(
            "trop peu de points finis pour dire ce qui compte", "too few finished points to say what matters",
            key="points", value=len(view.points), allowed=f"≥ {LEAST_POINTS}",
        )  # fmt: skip
    kind = view.batch.about["design"]["kind"]
    whole = len(view.points) == len(view.batch.points)  # those methods need every point
    if kind in ("morris", "saltelli") and whole:
        return _by_salib(view, kind)
    return _by_share(view)


def _by_salib(view: View, kind: str) -> Sensitivity:
    try:
        from SALib.analyze import morris, sobol
    except ImportError:
        from coopsim.batch.extras import missing_extra

        raise missing_extra("SALib", "batch") from None
    problem = salib_problem(view.batch)
    y = view.points["y"].to_numpy(np.float64)
    x = np.stack([factor.numbers for factor in view.factors], axis=1)
    if not np.ptp(y):
        zero = np.zeros(len(view.factors))
        return _sorted("morris" if kind == "morris" else "sobol", view, zero, zero, zero)
    if kind == "morris":
        levels = int(view.batch.about["design"].get("levels", 4))
        found = morris.analyze(problem, x, y, num_levels=levels, seed=0)
        value, half, more = found["mu_star"], found["mu_star_conf"], found["sigma"]
        return _sorted("morris", view, value, half, more)
    found = sobol.analyze(problem, y, calc_second_order=True, seed=0)
    return _sorted("sobol", view, found["S1"], found["S1_conf"], found["ST"])


def _by_share(view: View) -> Sensitivity:
    """Return the adjusted correlation ratio of each factor (Kelley 1935, *An unbiased correlation ratio measure*)."""
    y = view.points["y"].to_numpy(np.float64)
    values, chances = [], []
    for factor in view.factors:
        value, chance = correlation_ratio(groups(factor), y)
        values.append(value)
        chances.append(chance)
    nothing = np.zeros(len(values))
    found = _sorted("share", view, np.array(values), nothing, np.full(len(values), np.nan))
    return Sensitivity("share", found.drivers, float(max(chances)))


def groups(factor: Factor) -> IntArray:
    """Return the group of each point: its level when there are few, else one of bins of about equal count."""
    numbers = factor.numbers
    levels = np.unique(numbers)
    if len(levels) <= _BINS:
        found: IntArray = np.searchsorted(levels, numbers).astype(np.int64)
        return found
    bins = int(np.clip(len(numbers) // 8, 3, _BINS))
    rank: IntArray = rankdata(numbers, method="ordinal").astype(np.int64) - 1
    return rank * bins // len(numbers)


def correlation_ratio(group: IntArray, y: FloatArray) -> tuple[float, float]:
    """Return the share of variance between groups, freed of what chance adds, and what chance stays below.

    Parameters
    ----------
    group : IntArray, shape (n,)
    y : FloatArray, shape (n,)

    Returns
    -------
    tuple of float
        Adjusted correlation ratio, not below 0, and its value at the 95 % point of the F distribution.
    """
    n, k = len(y), len(np.unique(group))
    total = float(((y - y.mean()) ** 2).sum())
    if k < 2 or n <= k or total <= 0.0:  # noqa: PLR2004 - one group tells nothing
        return 0.0, 0.0
    within = sum(float(((y[group == g] - y[group == g].mean()) ** 2).sum()) for g in np.unique(group))

    def adjusted(left: float) -> float:
        return max(0.0, 1.0 - left * (n - 1) / (n - k))

    f = float(fdtri(k - 1, n - k, 0.95))
    return adjusted(within / total), adjusted(1.0 / (1.0 + f * (k - 1) / (n - k)))


def _sorted(method: Method, view: View, value: FloatArray, half: FloatArray, more: FloatArray) -> Sensitivity:
    y = view.points["y"].to_numpy(np.float64)
    drivers = [
        Driver(
            factor, float(value[n]), float(value[n] - half[n]), float(value[n] + half[n]), float(more[n]),
            _sign(factor, y),
        )
        for n, factor in enumerate(view.factors)
    ]  # fmt: skip
    drivers.sort(key=lambda driver: -driver.value)
    return Sensitivity(method, tuple(drivers), float("nan"))


def _sign(factor: Factor, y: FloatArray) -> int:
    """Return the sign of the rank correlation where it is beyond chance (95 %, normal approximation)."""
    if not factor.numeric or not np.ptp(factor.numbers) or not np.ptp(y):
        return 0
    rho = float(np.corrcoef(rankdata(factor.numbers), rankdata(y))[0, 1])
    return int(np.sign(rho)) if abs(rho) * np.sqrt(len(y) - 1) > 1.96 else 0  # noqa: PLR2004
