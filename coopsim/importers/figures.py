"""Figures that a territory knows better: cells of a case and their sources, from one spreadsheet.

One row a figure::

    table,column,code,value,unit,year,source,grade,low,high,note
    territories,cfe_rate_pct,200066371,27.36,%,2023,budget 2023,literature,,,

Rows without a value are passed over, so a sheet that lists what to look for may be filled in bit by bit.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.fills import GRADES
from coopsim.importers.folder import CaseFolder, Note, Row
from coopsim.importers.job import Job
from coopsim.importers.layouts import FIGURES
from coopsim.importers.reading import Sheet
from coopsim.registry import nearest
from coopsim.scenario.case_columns import Column, case_columns

KEYED = ("territories", "communes", "sectors", "water_nodes", "bodies")  # their first column names a row
SHEET = (
    "table", "column", "code", "name", "what", "now", "value", "unit", "year", "source", "grade", "low", "high", "note",
)  # fmt: skip
_LOOKED_FOR = "assumption"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the sheet that has a value."""

    line: int
    table: str
    column: str
    code: str
    value: str
    note: Note


def import_figures(job: Job) -> None:
    """Write figures over the cells of a case, and where each comes from over what stood in ``sources.csv``.

    Raises
    ------
    ScenarioError
        With every row that names no cell of the case, gives no source, or leaves the bounds of its column.
    """
    figures: list[Figure] = []
    problems: list[Problem] = []
    for sheet in job.read(FIGURES).get(FIGURES.name, []):
        rows = list(_figures(sheet))
        problems += [problem for row in rows for problem in _mistakes(row, sheet.file, job.folder)]
        figures += rows
    if problems:
        raise ScenarioError(problems)
    if not figures:
        message = Text(
            "aucune ligne n'a de valeur : remplir la colonne value", "no row has a value: fill column value"
        )
        raise ScenarioError([Problem(message, job.files[0].name, key="value")])
    for figure in figures:
        key = next(iter(case_columns()[figure.table]))
        job.folder.update(figure.table, key, {figure.code: {figure.column: figure.value}})
    _cite(job.folder, figures)
    job.remark(Text("{n} chiffres", "{n} figures").format(n=len(figures)))


def _figures(sheet: Sheet) -> Iterator[Figure]:
    names = ("table", "column", "code", "value", "unit", "year", "source", "grade", "low", "high", "note")
    for line, *cells in zip(sheet.lines, *(sheet.texts(name) for name in names), strict=True):
        row = dict(zip(names, cells, strict=True))
        if not row["value"]:
            continue
        table = row["table"].removesuffix(".csv") or "territories"
        note = Note(
            (row["column"],), row["source"], row["grade"], row["unit"], row["year"], row["code"],
            row["low"], row["high"], row["note"],
        )  # fmt: skip
        column = case_columns().get(table, {}).get(row["column"])
        value = row["value"].replace(",", ".", 1) if column and _is_number(column) else row["value"]
        yield Figure(line, table, row["column"], row["code"], value, note)


def _mistakes(figure: Figure, file: str, folder: CaseFolder) -> Iterator[Problem]:
    """Give what is wrong with a row: where it points, its value, its source."""
    if figure.table not in KEYED:
        yield _unknown(figure, file, "table", figure.table, KEYED)
        return
    columns = case_columns()[figure.table]
    key = next(iter(columns))
    if figure.column not in columns or figure.column == key:
        yield _unknown(figure, file, "column", figure.column, [name for name in columns if name != key])
        return
    rows = {row[key]: row for row in folder.rows(figure.table)}
    if figure.code not in rows:
        yield _unknown(figure, file, "code", figure.code, list(rows))
    column = columns[figure.column]
    if not _accepts(column, figure.value):
        message = Text("valeur refusée pour « {what} »", "refused value for '{what}'").format(
            what=column.text
        )
        yield Problem(message, file, figure.line, figure.column, figure.value, column.allowed)
    if not figure.note.source:
        message = Text("un chiffre sans source", "a figure without a source")
        yield Problem(message, file, figure.line, "source")
    if figure.note.grade not in GRADES:
        yield _unknown(figure, file, "grade", figure.note.grade, GRADES)


def _unknown(figure: Figure, file: str, key: str, value: str, names: Sequence[str]) -> Problem:
    shown = ", ".join(names) if len(names) <= len(GRADES) + len(KEYED) else ""
    return Problem(
        Text("inconnu", "unknown"), file, figure.line, key, value, shown, nearest(value, list(names))
    )


def _is_number(column: Column) -> bool:
    return column.kind in ("float", "int")


def _accepts(column: Column, value: str) -> bool:
    """Return whether a cell of a column may hold a text."""
    if column.choices:
        return value in column.choices
    if column.kind == "bool":
        return value in ("0", "1")
    if not _is_number(column):
        return True
    try:
        number = float(value)
    except ValueError:
        return False
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    return low <= number <= high


def _cite(folder: CaseFolder, figures: Sequence[Figure]) -> None:
    """Write a row of sources for the figures that share one, and take their rows out of the older ones."""
    groups: dict[tuple[str, Note], list[str]] = {}
    for figure in figures:
        same = Note(figure.note.columns, *_facts(figure.note))
        groups.setdefault((figure.table, same), []).append(figure.code)
    for (table, note), codes in groups.items():
        (column,) = note.columns
        key = next(iter(case_columns()[table]))
        everyone = {row[key] for row in folder.rows(table)} == set(codes)
        _leave(folder.rows("sources"), table, column, set(codes))
        scope = "*" if everyone else ";".join(dict.fromkeys(codes))
        folder.cite(
            table,
            Note(
                note.columns,
                note.source,
                note.grade,
                note.unit,
                note.year,
                scope,
                note.low,
                note.high,
                note.note,
            ),
        )


def _facts(note: Note) -> tuple[str, ...]:
    return (note.source, note.grade, note.unit, note.year, "*", note.low, note.high, note.note)


def _leave(sources: list[Row], table: str, column: str, codes: set[str]) -> None:
    """Take codes out of the scopes of older rows about a column; a row of nobody goes."""
    for row in list(sources):
        if row["column"] != column or row["table"].removesuffix(".csv") != table or row["scope"] == "*":
            continue
        left = [code for code in row["scope"].split(";") if code not in codes]
        if left:
            row["scope"] = ";".join(left)
        else:
            sources.remove(row)


def wanted(folder: CaseFolder) -> list[dict[str, str]]:
    """Return the rows of a sheet to fill in: every figure of a territory that is assumed, and what stands there now.

    Parameters
    ----------
    folder : CaseFolder

    Returns
    -------
    list of dict
        By the columns of `SHEET`; ``value`` is blank.
    """
    rows = []
    for name, column in case_columns()["territories"].items():
        for territory in folder.rows("territories"):
            source = _source(folder, name, territory["code"])
            if source.get("grade") != _LOOKED_FOR:
                continue
            rows.append(
                dict.fromkeys(SHEET, "")
                | {
                    "table": "territories",
                    "column": name,
                    "code": territory["code"],
                    "name": territory["name"],
                }
                | {"what": str(column.text), "now": territory.get(name, ""), "unit": source["unit"]}
                | {"low": source["low"], "high": source["high"]}
            )
    return rows


def _source(folder: CaseFolder, column: str, code: str) -> Row:
    """Return the row of sources about a cell of a territory: one that names it goes before one about all."""
    about = [
        row
        for row in folder.rows("sources")
        if row["column"] == column and row["table"].removesuffix(".csv") == "territories"
    ]
    named = [row for row in about if code in row["scope"].split(";")]
    return next(iter([*named, *(row for row in about if row["scope"] == "*")]), {})
