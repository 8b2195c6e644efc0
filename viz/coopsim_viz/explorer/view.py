"""A view of a batch: one indicator of one scenario, or of the difference between two, at every point of the design."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from coopsim.batch import Batch
from coopsim.comparison.labels import key_label
from coopsim.comparison.statistics import differences
from coopsim.comparison.values import value_name, value_said
from coopsim.i18n import Text, lang
from coopsim.indicators import BY_NAME, OUTCOMES, Indicator
from coopsim.types import BoolArray, FloatArray


@dataclass(frozen=True)
class Factor:
    """One parameter of the design.

    Attributes
    ----------
    values : list
        At each point: numbers or words.
    levels : list
        Its distinct values when there are few of them, in order.
    """

    key: str
    label: Text
    unit: str
    values: list[Any]
    numeric: bool
    log: bool

    @cached_property
    def numbers(self) -> FloatArray:
        """Values as numbers, shape (points,); words count from 0 in the order of `levels`."""
        if self.numeric:
            return np.array(self.values, dtype=np.float64)
        return np.array([self.levels.index(value) for value in self.values], dtype=np.float64)

    @cached_property
    def levels(self) -> list[Any]:
        """Distinct values, in order."""
        return sorted(set(self.values), key=lambda v: (isinstance(v, str), v))

    def said(self, level: Any) -> str:
        """Return a level that is a word by the name that people read, in the language in force."""
        if str(level) in _SWITCH:
            return value_said(self.key, _SWITCH[str(level)], lang())
        return str(value_name(self.key, str(level)))


_SWITCH = {"True": True, "False": False}


@dataclass(frozen=True)
class View:
    """What is looked at.

    Attributes
    ----------
    a : str
        The scenario; of a difference, what is subtracted.
    b : str
        The other scenario of a difference b - a; empty for a scenario alone.
    """

    batch: Batch
    indicator: Indicator
    a: str
    b: str = ""

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run (a world of a difference): point, seed, a, b (of a difference), y."""
        name = self.indicator.name
        values = self.batch.horizon([name])
        one = _of(values, self.a, name, "a")
        if not self.b:
            return one.assign(y=one["a"]).dropna(subset="y")
        both = one.merge(_of(values, self.b, name, "b"), on=["point", "seed"])
        gap = differences(both["a"].to_numpy(np.float64), both["b"].to_numpy(np.float64))
        return both.assign(y=gap).dropna(subset="y")

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a point that has values: its mean over worlds, under ``y``."""
        found: pd.DataFrame = self.runs.groupby("point")["y"].mean().reset_index()
        return found

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """Parameters of the design, their values at the points of `points`."""
        rows = self.points["point"].to_numpy()
        return tuple(
            _factor(about, self.batch.points[about["key"]].iloc[rows])
            for about in self.batch.about["parameters"]
        )

    @property
    def better(self) -> FloatArray:
        """Values of `points` turned so that more is better (higher, for an indicator without direction)."""
        found: FloatArray = self.points["y"].to_numpy(np.float64) * (self.indicator.direction or 1)
        return found


def _of(values: pd.DataFrame, scenario: str, name: str, column: str) -> pd.DataFrame:
    rows = values[values["scenario"].astype(str) == scenario]
    return rows[["point", "seed", name]].rename(columns={name: column})


def _factor(about: dict[str, Any], column: "pd.Series[Any]") -> Factor:
    label, unit = key_label(about["key"])
    values = [v.item() if isinstance(v, np.generic) else v for v in column]
    numeric = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    log = about.get("distribution") in ("log_uniform", "log_normal")
    return Factor(about["key"], label, unit, values if numeric else [str(v) for v in values], numeric, log)


def least_settled(batch: Batch, a: str, b: str) -> str:
    """Return the kept outcome on which the two scenarios share the worlds most evenly: there is most to explore."""
    names = [name for name in OUTCOMES if name in batch.indicators] or list(batch.indicators[:1])
    shares = {}
    for name in names:
        view = View(batch, BY_NAME[name], a, b)
        gap = view.runs["y"].to_numpy(np.float64)
        clear = gap[gap != 0.0]
        shares[name] = abs(float((clear > 0).mean()) - 0.5) if len(clear) > len(gap) / 2 else 1.0
    return min(names, key=lambda name: shares[name])


def hits(view: View, aim: str) -> BoolArray:
    """Return at which points of `View.points` something holds, shape (points,).

    Parameters
    ----------
    aim : str
        ``b`` or ``a``: that side does better in the mean of worlds; ``worst`` or ``best``: the fifth of points that
        does worst or best.
    """
    value = view.better
    found: BoolArray
    if aim in ("a", "b"):
        found = value > 0 if aim == "b" else value < 0
    elif aim == "worst":
        found = value <= np.quantile(value, 0.2)
    else:
        found = value >= np.quantile(value, 0.8)
    return found
