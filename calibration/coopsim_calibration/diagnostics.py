"""Diagnostics: what is known of a territory, one figure a row, read with every mistake told at once.

A diagnostic is a CSV file, or a folder of them (``missing.csv`` of a folder lists what was looked for and not found).
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case import Case
from coopsim.scenario.reading import file_text
from coopsim_calibration.figures import COLUMNS, OPTIONAL, Figure, Places, figure_of
from coopsim_calibration.observables import SYSTEM, observables
from coopsim_calibration.shipped import shipped_diagnostics

MISSING = "missing.csv"
_TWICE = Text(
    "cette valeur est donnée deux fois, aussi ligne {line}", "this figure is given twice, also in line {line}"
)
_MOST = 30  # mistakes told of one file


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What is known of the territories of a case.

    Attributes
    ----------
    name : str
    files : tuple of str
    figures : tuple of Figure
    missing : DataFrame
        ``indicator``, ``what_fr``, ``what_en``, ``where``: looked for and not found.
    """

    name: str
    files: tuple[str, ...]
    figures: tuple[Figure, ...]
    missing: pd.DataFrame

    def find(self, indicator: str, territory: str, start: int, end: int) -> Figure | None:
        """Return a figure of a territory over a period, derived from two dates where the table has no such row.

        A growth a year of a count comes from the counts of the two years: ``ln(x_end/x_start)/years``, with the
        standard deviation of a difference of independent relative errors.
        """
        for figure in self.figures:
            if (figure.indicator, figure.territory, figure.start, figure.end) == (
                indicator,
                territory,
                start,
                end,
            ):
                return figure
        base = observables()[indicator].of
        if not base or start >= end:
            return None
        first, last = (self.find(base, territory, year, year) for year in (start, end))
        if first is None or last is None or min(first.value, last.value) <= 0.0:
            return None
        years = end - start
        spread = math.hypot(first.uncertainty / first.value, last.uncertainty / last.value) / years
        return replace(
            last, indicator=indicator, unit=observables()[indicator].unit, start=start,
            value=math.log(last.value / first.value) / years, uncertainty=spread, low=math.nan, high=math.nan,
        )  # fmt: skip

    def periods(self, indicator: str, territory: str) -> list[str]:
        """Return the periods for which a figure is given or can be derived, as a study writes them."""
        found = [f.period for f in self.figures if (f.indicator, f.territory) == (indicator, territory)]
        base = observables()[indicator].of
        if base:
            years = sorted(f.end for f in self.figures if (f.indicator, f.territory) == (base, territory))
            found += [f"{a}-{b}" for n, a in enumerate(years) for b in years[n + 1 :]]
        return found

    def frame(self) -> pd.DataFrame:
        """Return the figures, one row each."""
        columns = (*COLUMNS, *OPTIONAL)
        return pd.DataFrame([figure.row() for figure in self.figures], columns=list(columns))


def load_diagnostic(source: str | Path, case: Case) -> Diagnostic:
    """Return a shipped diagnostic by its name, or that of a file or folder, checked against a case.

    Raises
    ------
    ScenarioError
        With every mistake of every file: file, line, column, value, what is allowed and the nearest name.
    """
    place = _place(source)
    files = (
        [path for path in sorted(place.glob("*.csv")) if path.name != MISSING] if place.is_dir() else [place]
    )
    problems: list[Problem] = []
    if not files:
        problems.append(
            Problem(Text("aucun fichier CSV dans ce dossier", "no CSV file in this folder"), file=str(place))
        )
    where = Places.of(case)
    found: list[Figure] = []
    seen: dict[tuple[str, str, int, int], Figure] = {}
    for path in files:
        mistakes: list[Problem] = []
        for figure in _figures(path, where, mistakes):
            other = seen.setdefault(figure.key, figure)
            if other is not figure:
                there = f"{other.file}:{other.line}" if other.file != figure.file else str(other.line)
                message = _TWICE.format(line=there)
                mistakes.append(
                    Problem(
                        message, file=path.name, line=figure.line, key="indicator", value=figure.indicator
                    )
                )
            found.append(figure)
        problems += _first(sorted(mistakes, key=lambda problem: problem.line), path.name)
    if problems:
        raise ScenarioError(problems)
    if not found:
        raise scenario_error("aucune valeur n'est remplie", "no value is filled in", file=str(source))
    return Diagnostic(place.stem, tuple(path.name for path in files), tuple(found), _missing(place))


def _place(source: str | Path) -> Path:
    known = shipped_diagnostics()
    if isinstance(source, str) and source in known:
        return known[source]
    path = Path(source)
    if not path.exists():
        raise scenario_error(
            "ce diagnostic n'existe pas", "this diagnostic does not exist", value=str(source),
            allowed=", ".join(known), nearest=nearest(path.name, list(known)),
        )  # fmt: skip
    return path


def _first(problems: list[Problem], file: str) -> list[Problem]:
    """Return the first mistakes of a file, and how many more there are."""
    if len(problems) <= _MOST:
        return problems
    more = len(problems) - _MOST
    note = Text(f"et {more} autres erreurs dans ce fichier", f"and {more} more mistakes in this file")
    return [*problems[:_MOST], Problem(note, file=file)]


def _figures(path: Path, where: Places, problems: list[Problem]) -> Iterator[Figure]:
    """Yield the figures of a file that are filled in, noting every mistake."""
    text = file_text(path, path.name, problems)
    if text is None:
        return
    head = text.splitlines()[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(text.splitlines(), delimiter=separator)
    header = [name.strip() for name in next(reader)]
    if not _sound(header, path.name, problems):
        return
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            message = Text("nombre de colonnes différent de l'en-tête", "not as many columns as the header")
            problems.append(
                Problem(message, file=path.name, line=line, value=len(cells), allowed=str(len(header)))
            )
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        if not (row["value"] or row.get("low") or row.get("high")):
            continue  # a line of the template that nobody filled
        mistakes: list[Problem] = []
        figure = figure_of(row, path.name, line, where, mistakes, comma=separator == ";")
        problems += mistakes
        if figure is not None:
            yield figure


def _sound(header: list[str], file: str, problems: list[Problem]) -> bool:
    """Note columns that are missing, unknown or given twice."""
    before = len(problems)
    known = [*COLUMNS, *OPTIONAL]
    for name in COLUMNS:
        if name not in header:
            message = Text("colonne obligatoire absente", "required column missing")
            problems.append(Problem(message, file=file, line=1, key=name, nearest=nearest(name, header)))
    for n, name in enumerate(header):
        if name not in known:
            message = Text("colonne inconnue", "unknown column")
            problems.append(
                Problem(
                    message,
                    file=file,
                    line=1,
                    key=name,
                    allowed=", ".join(known),
                    nearest=nearest(name, known),
                )
            )
        elif name in header[:n]:
            problems.append(
                Problem(Text("colonne donnée deux fois", "column given twice"), file=file, line=1, key=name)
            )
    return len(problems) == before


def _missing(place: Path) -> pd.DataFrame:
    path = place / MISSING
    if place.is_dir() and path.is_file():
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    return pd.DataFrame({name: pd.Series(dtype=str) for name in ("indicator", "what_fr", "what_en", "where")})


__all__ = ["SYSTEM", "Diagnostic", "Figure", "load_diagnostic"]
