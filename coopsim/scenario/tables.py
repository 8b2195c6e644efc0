"""Strict reading of one CSV table of a case: every mistake with its line and its column."""

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case_columns import Column
from coopsim.scenario.reading import file_text

Cell = str | float | int | bool
MAX_SHOWN = 20


@dataclass
class Rows:
    """A table as it was read: one list of cells for each column, and the line of each row."""

    file: str
    columns: dict[str, list[Cell]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    header: tuple[str, ...] = ()
    sound: bool = True

    def __len__(self) -> int:
        return len(self.lines)

    def texts(self, name: str) -> list[str]:
        """Return a column of texts; empty texts where the column could not be read."""
        return [str(cell) for cell in self.columns.get(name, [""] * len(self.lines))]

    def numbers(self, name: str) -> list[float]:
        """Return a column of numbers; NaN where a cell could not be read."""
        cells = self.columns.get(name, [math.nan] * len(self.lines))
        return [math.nan if isinstance(cell, str) else float(cell) for cell in cells]


def read_table(path: Path, columns: Mapping[str, Column], problems: list[Problem]) -> Rows:
    """Return the rows of a CSV file, noting each mistake; a cell that is refused holds NaN or an empty text.

    Parameters
    ----------
    path : Path
    columns : mapping of str to Column
        As `case_columns` gives them for this table.
    problems : list of Problem
        Receives the mistakes.
    """
    rows = Rows(path.name)
    found: list[Problem] = []
    text = file_text(path, path.name, found)
    if text is not None:
        records = _records(text, path.name, found)
        if records and _header(records[0][1], columns, rows, found):
            _body(records[1:], columns, rows, found)
    rows.sound = not found
    problems += found[:MAX_SHOWN]
    if len(found) > MAX_SHOWN:
        more = len(found) - MAX_SHOWN
        problems.append(
            Problem(Text(f"et {more} autres erreurs", f"and {more} more mistakes"), file=path.name)
        )
    return rows


def _records(text: str, file: str, problems: list[Problem]) -> list[tuple[int, list[str]]]:
    """Return each record with the line on which it starts; blank lines are skipped."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    records = []
    start = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append((start, record))
            start = reader.line_num + 1
    except csv.Error as error:
        message = Text(f"CSV mal écrit : {error}", f"badly written CSV: {error}")
        problems.append(Problem(message, file=file, line=reader.line_num))
        return []
    return records


def _header(names: list[str], columns: Mapping[str, Column], rows: Rows, problems: list[Problem]) -> bool:
    """Check the first line; False when the rest cannot be read."""
    names = [name.strip() for name in names]
    if len(names) == 1 and ";" in names[0]:
        message = Text(
            "les colonnes sont séparées par des points-virgules : enregistrer en CSV à virgules",
            "columns are separated by semicolons: save as CSV with commas",
        )
        problems.append(Problem(message, file=rows.file, line=1))
        return False
    missing = [name for name, column in columns.items() if name not in names and not column.optional]
    for n, name in enumerate(names):
        if name in names[:n]:
            message = Text("colonne donnée deux fois", "column given twice")
            problems.append(Problem(message, file=rows.file, line=1, key=name))
        elif name not in columns:
            message = Text("colonne inconnue", "unknown column")
            close = nearest(name, missing) or nearest(name, list(columns))
            problems.append(Problem(message, file=rows.file, line=1, key=name, nearest=close))
    for name in missing:
        message = Text("colonne manquante : {what}", "missing column: {what}")
        what = columns[name].text
        problems.append(
            Problem(
                Text(message.fr.format(what=what.fr), message.en.format(what=what.en)),
                file=rows.file,
                line=1,
                key=name,
                nearest=nearest(name, [n for n in names if n not in columns]),
            )
        )
    rows.header = tuple(names)
    return True


def _body(
    records: list[tuple[int, list[str]]], columns: Mapping[str, Column], rows: Rows, problems: list[Problem]
) -> None:
    known = [(n, columns[name]) for n, name in enumerate(rows.header) if name in columns]
    cells: dict[str, list[Cell]] = {column.name: [] for _, column in known}
    for line, record in records:
        if len(record) != len(rows.header):
            message = Text(
                "{got} cases au lieu de {want} (un texte avec une virgule se met entre guillemets)",
                "{got} cells instead of {want} (a text with a comma goes between quotes)",
            ).format(got=len(record), want=len(rows.header))
            problems.append(Problem(message, file=rows.file, line=line))
            continue
        rows.lines.append(line)
        for n, column in known:
            cells[column.name].append(_cell(record[n].strip(), column, rows.file, line, problems))
    rows.columns = cells
    for column in columns.values():
        if column.optional and column.name not in cells:
            empty: Cell = math.nan if column.kind in {"float", "int", "bool"} else ""
            default: Cell = empty if column.default is None else column.default
            rows.columns[column.name] = [default] * len(rows)


def _cell(text: str, column: Column, file: str, line: int, problems: list[Problem]) -> Cell:
    """Return the value of a cell, noting what is wrong with it."""
    numeric = column.kind in {"float", "int", "bool"}
    empty: Cell = math.nan if numeric else ""
    if not text:
        message: Text | None = None if column.blank else Text("case vide", "empty cell")
        value = empty
    elif numeric:
        value, message = _number(text, column)
    else:
        value, message = text, _word(text, column)
    if message is None:
        return value
    close = nearest(text, list(column.choices)) if column.choices else ""
    problems.append(
        Problem(
            message,
            file=file,
            line=line,
            key=column.name,
            value=text or None,
            allowed=column.allowed,
            nearest=close,
        )
    )
    return empty


def _word(text: str, column: Column) -> Text | None:
    if column.kind == "choice" and text not in column.choices:
        return Text("choix inconnu", "unknown choice")
    if column.kind == "code" and re.search(r"[\s;,]", text):
        return Text(
            "un code n'a ni blanc, ni virgule, ni point-virgule", "a code has no blank, comma or semicolon"
        )
    return None


_FRENCH = re.compile(r"[-+]?\d[\d\s]*,\d+|\d{1,3}(\s\d{3})+")
_NOT = {
    "bool": Text("0 ou 1 attendu", "0 or 1 expected"),
    "french": Text(
        "nombre à la française : écrire 1234.5, sans espace ni virgule",
        "French notation: write 1234.5, without blank or comma",
    ),
    "number": Text("un nombre est attendu", "a number is expected"),
    "finite": Text("nombre fini attendu (ni nan ni inf)", "finite number expected (neither nan nor inf)"),
    "whole": Text("un nombre entier est attendu", "a whole number is expected"),
    "negative": Text("valeur négative", "negative value"),
    "likely": Text("valeur hors de toute vraisemblance", "value beyond all likelihood"),
}


def _number(text: str, column: Column) -> tuple[Cell, Text | None]:
    """Return the number that a cell holds, and what is wrong with it."""
    if column.kind == "bool":
        return text == "1", None if text in {"0", "1"} else _NOT["bool"]
    try:
        value = math.nan if "_" in text else float(text)  # Python reads 1_000, spreadsheets do not
    except ValueError:
        return math.nan, _NOT["french" if _FRENCH.fullmatch(text) else "number"]
    mistake = _out_of_place(value, column)
    return (int(value) if column.kind == "int" and not mistake else value), _NOT.get(mistake)


def _out_of_place(value: float, column: Column) -> str:
    """Return what is wrong with a number in its column, or an empty text."""
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    if not math.isfinite(value):
        return "finite"
    if column.kind == "int" and value != int(value):
        return "whole"
    if low <= value <= high:
        return ""
    return "negative" if value < 0 <= low else "likely"
