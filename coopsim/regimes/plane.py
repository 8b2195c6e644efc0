"""A plane of two assumptions on which two regimes meet: its plan, made smaller on demand, and who wins in each cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtr

from coopsim.batch.plan import Plan
from coopsim.catalogue import key_record
from coopsim.comparison.statistics import differences, paired_effect
from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, OUTCOMES
from coopsim.types import FloatArray, IntArray

if TYPE_CHECKING:
    from coopsim.batch.reading import Batch

RATE = 0.05
"""False discovery rate: expected part of the cells said to be won that are not."""
_AXES = 2
_NO_PLANE = Text(
    "une carte des régimes demande deux scénarios comparés et deux paramètres aux valeurs données (grid ou list)",
    "a map of regimes needs two compared scenarios and two parameters with given values (grid or list)",
)


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the two assumptions.

    Attributes
    ----------
    values : tuple
        In increasing order where they are numbers, else in the order of the plan.
    """

    key: str
    label: Text
    unit: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Plane:
    """Who wins where.

    Attributes
    ----------
    lanes : tuple of str
        The two regimes, A and B.
    x, y : Axis
    outcomes : tuple of str, length O
    mean, low, high : FloatArray, shape (O, Y, X)
        Paired difference B - A at the horizon and its 95 % interval, cell by cell.
    adjusted : FloatArray, shape (O, Y, X)
        p-values after Benjamini and Hochberg (1995), over all cells and outcomes of the plane; NaN without any runs.
    winner : IntArray, shape (O, Y, X)
        1 where B is better, -1 where A is, 0 where it is undecided.
    worlds : int
        Worlds of the cell that has the fewest.
    """

    name: str
    title: Text
    question: Text
    lanes: tuple[str, str]
    years: int
    x: Axis
    y: Axis
    outcomes: tuple[str, ...]
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    adjusted: FloatArray
    winner: IntArray
    worlds: int

    def count(self, outcome: str) -> tuple[int, int, int]:
        """Return the cells won by A, won by B and undecided."""
        won = self.winner[self.outcomes.index(outcome)]
        return int((won < 0).sum()), int((won > 0).sum()), int((won == 0).sum())

    def to_json(self) -> dict[str, Any]:
        """Return it in JSON types."""
        return {
            "name": self.name, "regimes": list(self.lanes), "years": self.years, "worlds": self.worlds,
            "x": {"key": self.x.key, "values": list(self.x.values)},
            "y": {"key": self.y.key, "values": list(self.y.values)},
            "outcomes": {
                name: {"won_by_a": a, "won_by_b": b, "undecided": c, "mean": self.mean[o], "low": self.low[o],
                       "high": self.high[o], "adjusted_p": self.adjusted[o], "winner": self.winner[o]}
                for o, name in enumerate(self.outcomes) for a, b, c in [self.count(name)]
            },
        }  # fmt: skip


def check_plane(plan: Plan) -> None:
    """Refuse a plan that is no plane of two regimes.

    Raises
    ------
    ScenarioError
    """
    fits = plan.design.kind in {"grid", "list"} and len(plan.parameter) >= _AXES
    fits = fits and all(p.values for p in plan.parameter) and len(plan.run.pairs()) == 1
    if not fits or (plan.design.kind == "grid" and len(plan.parameter) != _AXES):
        raise ScenarioError([plan.located(Problem(_NO_PLANE, value=plan.name), "design.kind")])


def smaller(plan: Plan, cells: int | None, replicates: int | None) -> Plan:
    """Return a plan with at most some values on each axis, spread over its own, and another number of worlds.

    Raises
    ------
    ScenarioError
        For less than two values on an axis, or no world.
    """
    for key, value, least in (("--cells", cells, 2), ("--replicates", replicates, 1)):
        if value is not None and value < least:
            raise scenario_error(
                "valeur trop petite", "too small", key=key, value=value, allowed=f"≥ {least}"
            )
    changes: dict[str, Any] = {}
    if replicates is not None:
        changes["run"] = plan.run.model_copy(update={"replicates": replicates})
    if cells is not None:
        changes["parameter"] = _thinned(plan, cells)
    return plan.model_copy(update=changes)


def _thinned(plan: Plan, cells: int) -> tuple[Any, ...]:
    axes = plan.parameter[:_AXES]
    kept = [set(_spread(list(dict.fromkeys(p.values)), cells)) for p in axes]
    if plan.design.kind == "grid":
        return tuple(
            p.model_copy(update={"values": tuple(v for v in p.values if v in keep)})
            for p, keep in zip(axes, kept, strict=True)
        )
    rows = [
        n
        for n in range(len(axes[0].values))
        if all(p.values[n] in k for p, k in zip(axes, kept, strict=True))
    ]
    return tuple(p.model_copy(update={"values": tuple(p.values[n] for n in rows)}) for p in plan.parameter)


def _spread(values: list[Any], count: int) -> list[Any]:
    """Return some of the values, the first and the last among them."""
    if len(values) <= count:
        return values
    return [values[round(n)] for n in np.linspace(0, len(values) - 1, count)]


def plane_folder(out: Path, plan: Plan) -> Path:
    """Return where the runs of a plan are kept: another size of it has another folder."""
    return out / f"{plan.name}-{plan.point_count}x{plan.run.replicates}"


def plane_of(plan: Plan, batch: "Batch", outcomes: Sequence[str] = OUTCOMES) -> Plane:
    """Return who wins where, from the runs of a plan.

    Worlds in which one of the two runs failed are left out.
    """
    a, b = plan.run.pairs()[0]
    names = [name for name in outcomes if name in batch.indicators]
    table = batch.horizon(names)
    wide = {
        lane: rows.set_index(["point", "seed"])[names]
        for lane, rows in table.groupby("scenario", observed=True)
    }
    first, second = wide[a].align(wide[b], join="inner", axis=0)
    gap = differences(first.to_numpy(np.float64), second.to_numpy(np.float64))
    point = first.index.get_level_values("point").to_numpy()
    axes = [_axis(p.key, p.values) for p in plan.parameter[:_AXES]]
    shape = (len(names), len(axes[1].values), len(axes[0].values))
    mean, low, high, p_value = (np.full(shape, np.nan) for _ in range(4))
    worlds = []
    for row in range(len(batch.points)):
        i, j = (axis.values.index(_plain(batch.points[axis.key].iloc[row])) for axis in axes)
        rows = gap[point == row]
        worlds.append(len(rows))
        if len(rows):
            effect = paired_effect(rows)
            mean[:, j, i], low[:, j, i], high[:, j, i] = effect.mean, effect.low, effect.high
            p_value[:, j, i] = p_values(rows)
    adjusted = benjamini_hochberg(p_value)
    direction = np.array([BY_NAME[name].direction for name in names])[:, None, None]
    winner = np.where(adjusted <= RATE, np.sign(np.nan_to_num(mean)) * direction, 0.0).astype(np.int64)
    none = Text("", "")
    return Plane(
        plan.name, plan.title.text() if plan.title else Text(plan.name, plan.name),
        plan.question.text() if plan.question else none, (a, b), int(batch.about["years"]), axes[0], axes[1],
        tuple(names), mean, low, high, adjusted, winner, min(worlds, default=0),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _axis(key: str, values: Sequence[Any]) -> Axis:
    found = list(dict.fromkeys(values))
    if all(isinstance(value, int | float) for value in found):
        found = sorted(found)
    record = key_record(key) or {}
    return Axis(key, record.get("label", Text(key, key)), record.get("unit", ""), tuple(found))


def p_values(gap: FloatArray) -> FloatArray:
    """Return the two-sided p-value of Student's paired test.

    1 where all worlds agree on no difference or there is a single world; 0 where all worlds have the same difference.

    Parameters
    ----------
    gap : FloatArray, shape (R, O)

    Returns
    -------
    FloatArray, shape (O,)
    """
    n = np.isfinite(gap).sum(axis=0)
    mean = np.where(n > 0, np.nansum(gap, axis=0) / np.maximum(n, 1), 0.0)
    away = np.where(np.isfinite(gap), gap - mean, 0.0)
    error = np.sqrt((away**2).sum(axis=0) / np.maximum(n - 1, 1) / np.maximum(n, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(error > 0, np.abs(mean) / error, np.where(mean == 0.0, 0.0, np.inf))
    out: FloatArray = np.where(n > 1, 2.0 * stdtr(np.maximum(n - 1, 1), -t), 1.0)
    return out


def benjamini_hochberg(p: FloatArray) -> FloatArray:
    """Return p-values adjusted for the rate of false discoveries (Benjamini and Hochberg 1995), in the same shape.

    Of the cells said to be won at an adjusted value of at most q, a share q at most is wrong, in expectation.
    """
    flat = p.ravel()
    there = np.isfinite(flat)
    count = int(there.sum())
    out = np.full(flat.shape, np.nan)
    order = np.argsort(flat[there])
    scaled = flat[there][order] * count / np.arange(1, count + 1)
    lowest = np.minimum.accumulate(scaled[::-1])[::-1]
    back = np.empty(count)
    back[order] = np.minimum(lowest, 1.0)
    out[there] = back
    return out.reshape(p.shape)
