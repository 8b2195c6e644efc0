"""Targets: a figure, its errors, and how a run gives its counterpart."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario import Scenario
from coopsim.types import FloatArray
from coopsim_calibration.diagnostics import Diagnostic
from coopsim_calibration.observables import SYSTEM, Observable, observables
from coopsim_calibration.study import TargetSpec

_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Target:
    """One figure that runs are compared with.

    Attributes
    ----------
    indicator, territory, unit : str
    start, end : int
    value : float
        Middle of the interval where only bounds are known.
    observation : float
        Standard deviation of the error of measurement, besides the interval's.
    half_width : float
        Of an interval all of whose values are equally likely; 0 where there is none.
    discrepancy : float
        Standard deviation of what the model cannot reproduce.
    pattern, source, grade : str
    """

    indicator: str
    territory: str
    unit: str
    start: int
    end: int
    value: float
    observation: float
    half_width: float
    discrepancy: float
    pattern: str = ""
    source: str = ""
    grade: str = ""

    @property
    def name(self) -> str:
        """Name in tables: figure, territory, years."""
        return f"{self.indicator}@{self.territory}@{self.period}"

    @property
    def period(self) -> str:
        """Year or years."""
        return str(self.end) if self.start == self.end else f"{self.start}-{self.end}"

    @property
    def observable(self) -> Observable:
        """What is known of the figure."""
        return observables()[self.indicator]

    @property
    def variance(self) -> float:
        """Variance of the errors that are not luck: measurement, interval (w²/3), discrepancy."""
        return self.observation**2 + self.half_width**2 / 3.0 + self.discrepancy**2

    def errors(self, count: int, rng: np.random.Generator) -> FloatArray:
        """Return draws of these errors, shape (count,)."""
        out: FloatArray = rng.normal(0.0, math.hypot(self.observation, self.discrepancy), count)
        return out + self.half_width * rng.uniform(-1.0, 1.0, count)

    def simulated(self, series: FloatArray) -> FloatArray:
        """Return the figure of runs from their quarterly series.

        Parameters
        ----------
        series : ndarray, shape (runs, ticks)
            The indicator ``observable.model`` of the territory.

        The model starts from the state that the case describes, not from that of the observed years: growth, changes
        and means over as many simulated years as were observed (from the end of the first year on) are compared.
        """
        years = max(self.end - self.start, 1)
        first, last = _QUARTERS - 1, min(_QUARTERS * (years + 1), series.shape[1]) - 1
        how = self.observable.how
        span = (last - first) / _QUARTERS
        if how == "growth":
            out: FloatArray = (
                np.log(np.maximum(series[:, last], 1e-12) / np.maximum(series[:, first], 1e-12)) / span
            )
        elif how == "change":
            out = (series[:, last] - series[:, first]) / span
        elif how == "last":
            out = series[:, -1]
        else:
            out = series[:, _QUARTERS:].mean(axis=1)
        return out

    def row(self) -> dict[str, Any]:
        """Return what tables say of it."""
        return {
            "target": self.name, "indicator": self.indicator, "territory": self.territory, "period": self.period,
            "value": self.value, "unit": self.unit, "observation_sd": self.observation, "half_width": self.half_width,
            "discrepancy_sd": self.discrepancy, "pattern": self.pattern, "grade": self.grade, "source": self.source,
        }  # fmt: skip


def targets_of(
    item: TargetSpec, scenario: Scenario, diagnostic: Diagnostic | None, years: int
) -> Iterator[Target | Problem]:
    """Yield the targets of one entry of a study, or why it has none (key: that of the entry)."""
    start, end = item.years
    if end - start + 1 > years and observables()[item.indicator].how in {"growth", "change"}:
        text = Text("plus d'années que le modèle n'en simule", "more years than the model simulates")
        yield Problem(text, key="year", value=item.year, allowed=f"≤ {years - 1}")
        return
    codes = [SYSTEM, *scenario.territory_names]
    for code in item.territories:
        if code not in codes:
            near = nearest(code, codes)
            yield Problem(Text("le modèle n'a pas ce territoire", "the model does not have this territory"),
                          key="territories", value=code, allowed=", ".join(codes), nearest=near)  # fmt: skip
        elif item.low is not None and item.high is not None:
            known = observables()[item.indicator]
            middle, half = (item.low + item.high) / 2.0, (item.high - item.low) / 2.0
            found = Target(item.indicator, code, known.unit, start, end, middle, 0.0, half, item.discrepancy)
            yield replace(found, pattern=item.pattern, source=item.reason, grade="literature")
        elif diagnostic is not None:
            yield _from(diagnostic, item, code)


def _from(diagnostic: Diagnostic, item: TargetSpec, code: str) -> Target | Problem:
    start, end = item.years
    figure = diagnostic.find(item.indicator, code, start, end)
    if figure is None:
        there = ", ".join(diagnostic.periods(item.indicator, code))
        text = Text(
            f"le diagnostic n'a pas cette grandeur pour {code}",
            f"the diagnostic has no such figure for {code}",
        )
        return Problem(text, key="year", value=item.year, allowed=there or "–")
    value, half = figure.value, 0.0
    if figure.interval:
        value, half = (figure.low + figure.high) / 2.0, (figure.high - figure.low) / 2.0
    found = Target(
        item.indicator, code, figure.unit, start, end, value, figure.uncertainty, half, item.discrepancy
    )
    return replace(found, pattern=item.pattern, source=figure.source, grade=figure.grade)
