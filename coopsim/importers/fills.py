"""Columns that no file gives: assumptions written down in a TOML file, with a range and a reason each.

::

    [[fill]]
    table = "territories"
    column = "cfe_rate_pct"
    value = 26.5                      # or: of = "population", value = 0.43
    blanks_only = false               # true: only cells that are still blank
    territories = ["200060457"]       # absent: all
    unit = "%"
    low = "20"
    high = "34"
    why = "national mean; local rates not gathered"
"""

import math
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.folder import Note, Row, written
from coopsim.importers.job import Job
from coopsim.registry import nearest
from coopsim.scenario.case_columns import case_columns
from coopsim.scenario.places import line_of, places
from coopsim.scenario.reading import file_text, toml_data
from coopsim.scenario.refusals import refusals
from coopsim.scenario.strict import Strict

GRADES = ("measured", "literature", "assumption")


class Fill(Strict):
    """One assumption."""

    table: str = "territories"
    column: str
    value: float | str
    of: str = ""
    blanks_only: bool = False
    territories: tuple[str, ...] = Field((), strict=False)
    digits: int = Field(1, ge=0, le=6)
    unit: str = ""
    year: str = ""
    grade: str = "assumption"
    low: str = ""
    high: str = ""
    why: str = Field(min_length=3)


class Cite(Strict):
    """Where columns that were written by hand come from."""

    table: str
    columns: tuple[str, ...] = Field(strict=False, min_length=1)
    source: str = Field(min_length=3)
    grade: str
    unit: str = ""
    year: str = ""
    low: str = ""
    high: str = ""
    note: str = ""


class FillFile(Strict):
    """The file of assumptions."""

    fill: tuple[Fill, ...] = Field((), strict=False)
    cite: tuple[Cite, ...] = Field((), strict=False)


def import_assumptions(job: Job) -> None:
    """Fill columns of the case's tables by the rules of TOML files, and cite columns written by hand."""
    for path in job.files:
        found = _read(path)
        _check(found, path.name, job)
        for fill in found.fill:
            codes = _apply(job, fill)
            message = Text("{column} : {n} cases", "{column}: {n} cells")
            job.remark(message.format(column=fill.column, n=len(codes)))
            if codes:
                job.folder.cite(fill.table, _note(fill, codes))
        for cite in found.cite:
            facts = (cite.source, cite.grade, cite.unit, cite.year, "*", cite.low, cite.high, cite.note)
            job.folder.cite(cite.table, Note(cite.columns, *facts))


def _note(fill: Fill, codes: Sequence[str]) -> Note:
    """Return the row of sources of a rule; its scope is what it filled, unless that is every row."""
    rule = f"{fill.value} × {fill.of}" if fill.of else f"{fill.value}"
    scope = ";".join(codes) if fill.territories or fill.blanks_only else "*"
    return Note((fill.column,), fill.why, fill.grade, fill.unit, fill.year, scope, fill.low, fill.high, rule)


def _read(path: Path) -> FillFile:
    problems: list[Problem] = []
    text = file_text(path, path.name, problems)
    data = None if text is None else toml_data(text, path.name, problems)
    if text is None or data is None:
        raise ScenarioError(problems)
    try:
        return FillFile.model_validate(data)
    except ValidationError as error:
        found = [
            Problem(p.message, path.name, line_of(places(text), keys), p.key, p.value, p.allowed, p.nearest)
            for keys, p in refusals(error, FillFile)
        ]
        raise ScenarioError(found) from None


def _check(found: FillFile, file: str, job: Job) -> None:
    """Refuse unknown tables, columns and territories."""
    known = job.folder.codes()
    wrong: list[tuple[str, str, list[str]]] = []
    for n, fill in enumerate(found.fill, 1):
        columns = _columns(f"fill[{n}]", fill.table, (fill.column, fill.of), wrong)
        wrong += [
            (f"fill[{n}].territories", code, known)
            for code in fill.territories
            if columns and code not in known
        ]
    for n, cite in enumerate(found.cite, 1):
        _columns(f"cite[{n}]", cite.table, cite.columns, wrong)
        if cite.grade not in GRADES:
            wrong.append((f"cite[{n}].grade", cite.grade, list(GRADES)))
    if wrong:
        raise ScenarioError(
            [
                Problem(Text("inconnu", "unknown"), file, 0, key, value, nearest=nearest(value, names))
                for key, value, names in wrong
            ]
        )


def _columns(
    key: str, table: str, names: Sequence[str], wrong: list[tuple[str, str, list[str]]]
) -> Sequence[str]:
    """Return the columns of a table, noting a table or a column that there is not."""
    columns = list(case_columns().get(table, ()))
    if not columns:
        wrong.append((f"{key}.table", table, list(case_columns())))
    wrong += [(f"{key}.column", name, columns) for name in names if columns and name and name not in columns]
    return columns


def _apply(job: Job, fill: Fill) -> list[str]:
    """Fill the cells; returns the codes of the territories concerned."""
    rows: Sequence[Row] = job.folder.rows(fill.table)
    owner = "code" if fill.table == "territories" else "territory"
    filled: list[str] = []
    for row in rows:
        if fill.territories and row.get(owner, "") not in fill.territories:
            continue
        if fill.blanks_only and row.get(fill.column):
            continue
        row[fill.column] = _value(fill, row)
        if row[fill.column]:
            filled.append(row.get(owner, ""))
    job.folder.changed[fill.table] = job.folder.changed.get(fill.table, 0) + len(filled)
    return filled


def _value(fill: Fill, row: Row) -> str:
    if not fill.of:
        return written(fill.value)
    base = float(row[fill.of]) if row.get(fill.of) else math.nan
    return written(round(float(fill.value) * base, fill.digits) if not math.isnan(base) else None)
