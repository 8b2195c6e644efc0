"""One row of a diagnostic: its cells read, its unit and its size checked."""

import math
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case import Case
from coopsim.scenario.parameter_checks import GRADES
from coopsim_calibration.observables import SYSTEM, Observable, observables

COLUMNS = ("indicator", "territory", "year", "value", "unit", "uncertainty", "source", "grade")
OPTIONAL = ("low", "high", "note")
FIRST_YEAR, LAST_YEAR = 1900, 2100
_PERIOD = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?")
_FACTOR = 100.0  # between a figure and the case's: a wrong unit, not another year
_SUMMED = ("population", "jobs", "dwellings", "area_ha")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a diagnostic.

    Attributes
    ----------
    indicator, territory, unit : str
        Territory: a code of the case's territories or communes, or ``system``.
    start, end : int
        First and last year; the same for a figure of one date.
    value : float
        Middle of the interval when only ``low`` and ``high`` are given.
    uncertainty : float
        Standard deviation of the error of measurement, in the unit.
    low, high : float
        Interval that holds the true value, all of it equally likely; NaN when there is none.
    source, grade, note, file : str
    line : int
    """

    indicator: str
    territory: str
    start: int
    end: int
    value: float
    unit: str
    uncertainty: float
    source: str
    grade: str
    low: float = math.nan
    high: float = math.nan
    note: str = ""
    file: str = ""
    line: int = 0

    @property
    def key(self) -> tuple[str, str, int, int]:
        """What makes two rows the same figure."""
        return self.indicator, self.territory, self.start, self.end

    @property
    def period(self) -> str:
        """The year or years, as files write them."""
        return str(self.end) if self.start == self.end else f"{self.start}-{self.end}"

    @property
    def interval(self) -> bool:
        """Whether only bounds are known."""
        return not math.isnan(self.low)

    def row(self) -> dict[str, Any]:
        """Return the columns of the file."""
        return {
            "indicator": self.indicator, "territory": self.territory, "year": self.period, "value": self.value,
            "unit": self.unit, "uncertainty": self.uncertainty, "source": self.source, "grade": self.grade,
            "low": self.low, "high": self.high, "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Places:
    """Territories and communes of a case, with the figures that a diagnostic's are weighed against."""

    territories: dict[str, str]
    communes: dict[str, str]
    sizes: dict[str, dict[str, float]]

    @classmethod
    def of(cls, case: Case) -> "Places":
        """Return the places of a case."""
        tables: list[pd.DataFrame] = [case.territories, case.communes]
        names = [
            dict(zip(table["code"].astype(str), table["name"].astype(str), strict=True)) for table in tables
        ]
        sizes: dict[str, dict[str, float]] = {SYSTEM: {}}
        for table in tables:
            for record in table.to_dict("records"):
                sizes[str(record["code"])] = {c: float(record[c]) for c in _SUMMED if c in record}
        sizes[SYSTEM] = {c: float(case.territories[c].sum()) for c in _SUMMED}
        return cls(names[0], names[1], sizes)

    def near(self, word: str) -> str:
        """Return the code nearest to a misspelt one, or that of a place of this name."""
        for names in (self.territories, self.communes):
            for code, name in names.items():
                if name.casefold() == word.casefold():
                    return code
        return nearest(word, [SYSTEM, *self.territories, *self.communes])


class _Row:
    """Cells of one row, with their mistakes."""

    def __init__(
        self, cells: dict[str, str], file: str, line: int, problems: list[Problem], *, comma: bool
    ) -> None:
        self.cells, self.file, self.line, self.problems, self.comma = cells, file, line, problems, comma

    def wrong(self, column: str, fr: str, en: str, **more: Any) -> None:
        value = self.cells.get(column) or None
        self.problems.append(
            Problem(
                Text(fr, en), **{"file": self.file, "line": self.line, "key": column, "value": value, **more}
            )
        )

    def number(self, column: str, default: float) -> float:
        """Return a number; the default where the cell is empty, NaN where it is refused."""
        text = self.cells.get(column, "")
        if not text:
            return default
        if self.comma:
            text = text.replace(",", ".")
        try:
            found = float(text.replace(" ", "").replace("\u202f", "").replace("\u00a0", ""))
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            self.wrong(column, "un nombre est attendu", "a number is expected")
            return math.nan
        return found


def figure_of(
    cells: dict[str, str], file: str, line: int, where: Places, problems: list[Problem], *, comma: bool
) -> Figure | None:
    """Return the figure of a row, or None after noting its mistakes."""
    row = _Row(cells, file, line, problems, comma=comma)
    known = observables().get(cells["indicator"])
    if known is None:
        near = nearest(cells["indicator"], list(observables()))
        row.wrong("indicator", "grandeur inconnue", "unknown figure", nearest=near)
    territory = cells["territory"] or SYSTEM
    if territory not in where.sizes:
        row.wrong("territory", "territoire inconnu de ce cas", "territory unknown to this case",
                  allowed=f"{SYSTEM}, {', '.join(where.territories)}", nearest=where.near(territory))  # fmt: skip
    start, end = _years(row)
    low, high = row.number("low", math.nan), row.number("high", math.nan)
    value = row.number("value", (low + high) / 2.0)
    spread = row.number("uncertainty", 0.0 if cells.get("low") else math.nan)
    _evidence(row, spread)
    if known is not None:
        right = _unit(row, known)
        if right:
            _size(row, known, {"value": value, "low": low, "high": high}, where.sizes.get(territory, {}))
    _interval(row, value, low, high)
    if problems or known is None:
        return None
    return Figure(known.name, territory, start, end, value, known.unit, spread, cells["source"], cells["grade"],
                  low, high, cells.get("note", ""), file, line)  # fmt: skip


def _years(row: _Row) -> tuple[int, int]:
    found = _PERIOD.fullmatch(row.cells["year"])
    start = int(found[1]) if found else 0
    end = int(found[2] or found[1]) if found else 0
    if not found or not FIRST_YEAR <= start <= end <= LAST_YEAR:
        row.wrong("year", "une année, ou deux comme 2016-2022, est attendue", "a year, or two as 2016-2022, expected",
                  allowed=f"{FIRST_YEAR} – {LAST_YEAR}")  # fmt: skip
    return start, end


def _evidence(row: _Row, spread: float) -> None:
    if not row.cells["uncertainty"] and not row.cells.get("low"):
        row.wrong("uncertainty", "donner l'écart-type de l'erreur, ou « low » et « high »",
                  "give the standard deviation of the error, or 'low' and 'high'")  # fmt: skip
    elif spread < 0.0:
        row.wrong(
            "uncertainty",
            "un écart-type n'est pas négatif",
            "a standard deviation is not negative",
            allowed="≥ 0",
        )
    if not row.cells["source"]:
        row.wrong("source", "la source manque", "the source is missing")
    if row.cells["grade"] not in GRADES:
        row.wrong("grade", "qualité inconnue", "unknown grade", allowed=", ".join(GRADES),
                  nearest=nearest(row.cells["grade"], list(GRADES)))  # fmt: skip


def _unit(row: _Row, known: Observable) -> bool:
    """Note a wrong unit; return whether it is right."""
    right = row.cells["unit"] == known.unit
    if not right:
        row.wrong(
            "unit",
            f"mauvaise unité pour « {known.name} »",
            f"wrong unit for '{known.name}'",
            allowed=known.unit,
        )
    return right


def _size(row: _Row, known: Observable, numbers: dict[str, float], sizes: dict[str, float]) -> None:
    """Note impossible values, and those a hundred times the case's figure."""
    for column, value in numbers.items():
        if math.isnan(value) or not row.cells.get(column):
            continue
        if not known.low <= value <= known.high:
            percent = known.unit == "share" and 1.0 < value <= 100.0  # noqa: PLR2004 - a percentage
            hint = (" (un pourcentage ?)", " (a percentage?)") if percent else ("", "")
            row.wrong(
                column, f"valeur impossible{hint[0]}", f"impossible value{hint[1]}", allowed=known.allowed
            )
            continue
        theirs = sizes.get(known.case, 0.0)
        if theirs > 0.0 and value > 0.0 and not 1.0 / _FACTOR < value / theirs < _FACTOR:
            row.wrong(column, "ordre de grandeur : le cas a une valeur 100 fois différente (milliers ?)",
                      "order of magnitude: the case's value differs by more than 100 times (thousands?)",
                      allowed=f"{theirs / _FACTOR:g} – {theirs * _FACTOR:g} {known.unit}")  # fmt: skip
        most = sizes.get(known.at_most, math.inf)
        if value > most:
            row.wrong(column, "plus grand que la surface du territoire", "larger than the area of the territory",
                      allowed=f"≤ {most:g} {known.unit}")  # fmt: skip


def _interval(row: _Row, value: float, low: float, high: float) -> None:
    if math.isnan(low) != math.isnan(high) and bool(row.cells.get("low")) != bool(row.cells.get("high")):
        row.wrong(
            "low" if math.isnan(low) else "high", "un intervalle a deux bornes", "an interval has two bounds"
        )
    elif low >= high:
        row.wrong(
            "low", "« low » n'est pas sous « high »", "'low' is not below 'high'", allowed=f"< {high:g}"
        )
    elif not math.isnan(low) and not low <= value <= high:
        row.wrong("value", "hors de son intervalle", "outside its interval", allowed=f"{low:g} – {high:g}")
