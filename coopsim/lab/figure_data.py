"""What a laboratory's figure is drawn from: theory through many values, the engine at a few."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from coopsim.errors import ScenarioError, scenario_error
from coopsim.lab.experiments import EXPERIMENTS, admitted, run_lab
from coopsim.lab.figure_info import FigureInfo, Panel
from coopsim.lab.info import LabInfo, ParameterInfo
from coopsim.lab.results import TOLERANCE, Comparison, Expected, LabResult
from coopsim.lab.values import Values
from coopsim.types import FloatArray

OnDone = Callable[[int, int], None]

_FINE = 401  # values of theory along the axis
_HALVINGS = 40  # to find where legal values end


@dataclass(frozen=True, slots=True)
class Sample:
    """A laboratory along its horizontal axis, the other parameters as the user gave them.

    Attributes
    ----------
    info : LabInfo
    figure : FigureInfo
    own : LabResult
        At the user's own values.
    x : FloatArray, shape (G,)
        Fine values of the parameter on the horizontal axis; empty for bars.
    theory : dict of str to FloatArray, shape (G,)
        Exact results there; NaN where theory has no value.
    width : dict of str to FloatArray, shape (G,)
        Half-width of theory where it gives a range, else 0.
    runs : list of (float, LabResult)
        Engine against theory at the values run, the user's own among them, in rising order.
    """

    info: LabInfo
    figure: FigureInfo
    own: LabResult
    x: FloatArray
    theory: dict[str, FloatArray]
    width: dict[str, FloatArray]
    runs: list[tuple[float, LabResult]]


def sample(info: LabInfo, own: LabResult, on_done: OnDone | None = None) -> Sample:
    """Run a laboratory at the values of its figure.

    Parameters
    ----------
    info : LabInfo
    own : LabResult
        Already run at the user's values.
    on_done : callable, optional
        Called with the values done and their number.

    Raises
    ------
    ScenarioError
        For a laboratory without a figure.
    """
    figure = info.figure
    if figure is None:
        raise scenario_error(
            "ce laboratoire n'a pas de figure", "this laboratory has no figure", value=info.name
        )
    if figure.kind == "bars":
        return Sample(info, figure, own, np.empty(0), {}, {}, [])
    here = own.parameters[figure.x]
    values = _values(info, figure, own.parameters)
    runs = []
    for done, value in enumerate(values, start=1):
        again = own if value == here else run_lab(info.name, {**own.parameters, figure.x: value})
        runs.append((float(value), again))
        if on_done:
            on_done(done, len(values))
    grid = _fine(info.parameters[figure.x], figure, values)
    theory, width = _theory(info, figure, own.parameters, grid)
    return Sample(info, figure, own, grid, theory, width, runs)


def _values(info: LabInfo, figure: FigureInfo, own: Values) -> list[float]:
    """Return the values to run, the user's own among them, rising."""
    parameter, here = info.parameters[figure.x], own[figure.x]
    if figure.at:
        found = [value for value in figure.at if _legal(info, own, figure, value)]
    else:
        found = list(_spread(info, figure, own))
    whole = parameter.kind == "integer"
    values = {round(value) if whole else float(value) for value in found}
    if here is None:
        return sorted(values)
    others = {value for value in values if not math.isclose(value, here, rel_tol=1e-9, abs_tol=1e-12)}
    return sorted(others | {here})


def _spread(info: LabInfo, figure: FigureInfo, own: Values) -> Iterator[float]:
    """Yield the values of the range, cut to what the laboratory accepts, stretched to hold the user's own."""
    if figure.range is None:
        return
    low, high, points = figure.range
    factor = own[figure.times] if figure.times else 1.0
    low, high, here = low * factor, high * factor, own[figure.x]
    spread = np.geomspace if figure.log else np.linspace
    if here is None:
        yield from (x for x in spread(low, high, points).tolist() if _legal(info, own, figure, x))
        return
    low, high = min(low, here), max(high, here)
    low, high = (_last_legal(info, own, figure, here, end) for end in (low, high))
    yield from spread(low, high, points).tolist()


def _last_legal(info: LabInfo, own: Values, figure: FigureInfo, here: float, end: float) -> float:
    """Return the value farthest towards an end that is still legal; the user's own is."""
    legal = info.parameters[figure.x].legal
    end = min(max(end, legal[0]), legal[1])
    if _legal(info, own, figure, end):
        return end
    good, bad = float(here), float(end)
    for _ in range(_HALVINGS):
        middle = 0.5 * (good + bad)
        good, bad = (middle, bad) if _legal(info, own, figure, middle) else (good, middle)
    return good


def _legal(info: LabInfo, own: Values, figure: FigureInfo, value: float) -> bool:
    whole = info.parameters[figure.x].kind == "integer"
    try:
        admitted(info, {**own, figure.x: round(value) if whole else value})
    except ScenarioError:
        return False
    return True


def _fine(parameter: ParameterInfo, figure: FigureInfo, values: list[float]) -> FloatArray:
    """Return many values between the first and the last, those that are run among them."""
    low, high = values[0], values[-1]
    if parameter.kind == "integer":
        step = max((high - low) // _FINE, 1)
        return np.unique([*np.arange(low, high + 1, step, dtype=np.float64), *values])
    spread = np.geomspace if figure.log else np.linspace
    return np.unique([*spread(low, high, _FINE), *values])


def _theory(
    info: LabInfo, figure: FigureInfo, own: Values, grid: FloatArray
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return the exact results along the axis, and the half-width of those that are a range."""
    exact = EXPERIMENTS[info.name].exact
    whole = info.parameters[figure.x].kind == "integer"
    rows = [exact({**own, figure.x: int(value) if whole else float(value)}) for value in grid]
    values = {name: np.array([scalar(row[name]) for row in rows]) for name in figure.results}
    width = {name: np.array([_width(row[name]) for row in rows]) for name in figure.results}
    return values, width


def scalar(value: Any) -> float:
    """Return a result as one number: a yes is 1, what has no value is NaN.

    Raises
    ------
    TypeError
        For a list or a table: only bars show those.
    """
    if value is None:
        return math.nan
    return float(value.value if isinstance(value, Expected) else value)


def _width(value: Any) -> float:
    return value.tolerance if isinstance(value, Expected) else 0.0


def luck(found: Sample, name: str, x: float, result: Comparison) -> float:
    """Return how far luck may carry a result from theory: its tolerance less the range of theory; 0 for rounding."""
    width = float(found.width[name][np.searchsorted(found.x, x)]) if found.x.size else 0.0
    exact = list(result.exact.values()) if isinstance(result.exact, dict) else result.exact
    sizes = np.abs(np.asarray(0.0 if exact is None else exact, dtype=np.float64))
    rounding = 2.0 * TOLERANCE * float(np.max(sizes, initial=1.0))
    left = result.tolerance - width
    return left if left > rounding else 0.0


@dataclass(frozen=True, slots=True)
class Series:
    """One result, item by item.

    Attributes
    ----------
    name : str
        In the legend.
    items : list of str, length n
    exact, simulated : FloatArray, shape (n,)
        NaN where there is none.
    tolerance : float
    """

    name: str
    items: list[str]
    exact: FloatArray
    simulated: FloatArray
    tolerance: float


def series(found: Sample, panel: Panel) -> list[Series]:
    """Return the bars of a panel: one series a list or table; plain numbers side by side are one."""
    results = [found.own.results[name] for name in panel.y]
    names = [str(name.text()) for name in panel.names] or [
        str(found.info.results[name].text) for name in panel.y
    ]
    if not any(isinstance(result.exact, list | dict) for result in results):
        exact, simulated = (
            np.array([scalar(getattr(result, side)) for result in results]) for side in ("exact", "simulated")
        )
        return [Series("", names, exact, simulated, max(result.tolerance for result in results))]
    out = []
    for name, result in zip(names, results, strict=True):
        items = _items(panel, result.exact)
        exact, simulated = (_numbers(side, result.exact) for side in (result.exact, result.simulated))
        out.append(Series(name, items, exact, simulated, result.tolerance))
    return out


def _items(panel: Panel, value: Any) -> list[str]:
    """Return the names of the items of a result: those of a table, numbers from 1 for a list."""
    if isinstance(value, dict):
        return list(value)
    names = [str(n) for n in range(1, len(value) + 1)]
    if panel.item is not None:
        names = [str(panel.item.text()).format(n=n) for n in names]
    if panel.last is not None:
        names[-1] = str(panel.last.text())
    return names


def _numbers(value: Any, like: Any) -> FloatArray:
    """Return the items of a list or table in the order of another; NaN where the engine gave none."""
    if value is None:
        return np.full(len(like), np.nan)
    return np.array([value[name] for name in like] if isinstance(like, dict) else value, dtype=np.float64)
