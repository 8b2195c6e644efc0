"""Strict reading of the files of national producers: real column names, every mistake at once.

A producer's file is told from its first line by a `Layout`: the columns that are read, each with its unit and
its bounds, and the others that the producer writes. A column that is neither is refused, with the nearest name.
"""

import csv
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from coopsim.errors import Problem, ScenarioError, reason_of
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.reading import file_text
from coopsim.scenario.tables import MAX_SHOWN
from coopsim.types import FloatArray

Records = list[tuple[int, list[str]]]
_ENCODING = Text(
    "encodage refusé : ce fichier n'est pas en {encoding} ; l'enregistrer en UTF-8, ou donner --encoding latin-1 "
    "si son producteur l'écrit ainsi",
    "wrong encoding: this file is no {encoding}; save it as UTF-8, or give --encoding latin-1 if its producer "
    "writes it so",
)
_UNLIKE = Text(
    "ce fichier ne ressemble à aucun de ceux attendus ({titles})",
    "this file is like none of those expected ({titles})",
)


@dataclass(frozen=True, slots=True)
class Field:
    """One column that is read.

    Attributes
    ----------
    name : str
        What importers call it.
    head : str
        Name that the producer writes, as a regular expression; a group ``year`` is the vintage.
    shown : str
        The same for people.
    kind : str
        ``code`` (no blank), ``text`` or ``number``.
    low, high : float
        Bounds beyond which the unit is wrong.
    blank, optional : bool
        Whether a cell may be empty; whether the column may be absent.
    earliest : bool
        Of several vintages, take the earliest; with one only, none.
    """

    name: str
    head: str
    shown: str
    kind: Literal["code", "text", "number"] = "number"
    unit: str = ""
    low: float = 0.0
    high: float = math.inf
    blank: bool = False
    optional: bool = False
    earliest: bool = False

    def choose(self, heads: Sequence[str]) -> int | None:
        """Return which head is this field's: of several vintages the latest, or the earliest; None without."""
        found = []
        for n, head in enumerate(heads):
            match = re.fullmatch(self.head, head)
            if match is not None:
                found.append((int(match.groupdict().get("year") or 0), n))
        if not found or (self.earliest and len(found) == 1):
            return None
        return (min(found) if self.earliest else max(found))[1]


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file.

    Attributes
    ----------
    also : tuple of str
        Other columns that the producer writes, as regular expressions; they are not read.
    key : tuple of str
        Fields that name a row; two rows of one name are refused unless ``repeated``.
    """

    name: str
    title: Text
    fields: tuple[Field, ...]
    also: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    repeated: bool = False

    def place(self, head: str) -> Field | None:
        """Return the field of a column, or None."""
        return next((f for f in self.fields if re.fullmatch(f.head, head)), None)


@dataclass(slots=True)
class Sheet:
    """A file that was read: texts by field, and the line of each row."""

    file: str
    layout: Layout
    heads: dict[str, str] = field(default_factory=dict)
    cells: dict[str, list[str]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def texts(self, name: str) -> list[str]:
        """Return the cells of a field; empty where the file lacks it."""
        return self.cells.get(name, [""] * len(self))

    def numbers(self, name: str) -> FloatArray:
        """Return the numbers of a field; NaN where it is blank or absent."""
        return np.array([_number(cell) if cell else math.nan for cell in self.texts(name)], dtype=np.float64)

    def year(self, name: str) -> int:
        """Return the vintage that the head of a field bears, such as 2022 for ``P22_POP``; 0 without."""
        spec = next(f for f in self.layout.fields if f.name == name)
        found = re.fullmatch(spec.head, self.heads.get(name, ""))
        digits = found.groupdict().get("year") if found else None
        return (int(digits) if len(digits) > 2 else 2000 + int(digits)) if digits else 0  # noqa: PLR2004 - two digits

    def keep(self, rows: Sequence[int]) -> "Sheet":
        """Return the sheet with some of its rows."""
        cells = {name: [column[n] for n in rows] for name, column in self.cells.items()}
        return Sheet(self.file, self.layout, self.heads, cells, [self.lines[n] for n in rows])


def read_sheets(
    paths: Sequence[Path], layouts: Sequence[Layout], encoding: str = "utf-8"
) -> dict[str, list[Sheet]]:
    """Return the sheets of files by the name of their layout, in the order of the files.

    Raises
    ------
    ScenarioError
        With every mistake of every file.
    """
    problems: list[Problem] = []
    out: dict[str, list[Sheet]] = {}
    for path in paths:
        for sheet in _sheets(path, layouts, encoding, problems):
            out.setdefault(sheet.layout.name, []).append(sheet)
    if problems:
        raise ScenarioError(problems)
    return out


def _sheets(path: Path, layouts: Sequence[Layout], encoding: str, problems: list[Problem]) -> list[Sheet]:
    tables = _tables(path, encoding, problems)
    if tables is None:
        return []
    found = []
    for records in tables:
        heads = [head.strip() for head in records[0][1]]
        found += [
            _sheet(path.name, layout, heads, records, problems) for layout in layouts if _fits(layout, heads)
        ]
    if not found:
        problems.append(_unlike(path.name, [head.strip() for head in tables[0][0][1]], layouts))
    return found


def _tables(path: Path, encoding: str, problems: list[Problem]) -> list[Records] | None:
    """Return the tables of a file, each with its first line; None after noting a mistake."""
    text = _text(path, encoding, problems)
    if text is None:
        return None
    if path.suffix == ".json":
        return _json_tables(text, path.name, problems)
    first = next((line for line in text.splitlines() if not line.startswith("# ")), "")
    delimiter = max(";,\t", key=first.count)
    try:
        reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
        records = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
        records = [(line, row) for line, row in records if not row[0].startswith("# ")]  # a remark
    except csv.Error as error:
        problems.append(
            Problem(
                Text(f"CSV mal écrit : {error}", f"badly written CSV: {error}"), path.name, reader.line_num
            )
        )
        return None
    if not records:
        problems.append(Problem(Text("le fichier n'a aucune ligne", "the file has no row"), path.name))
        return None
    return [records]


def _text(path: Path, encoding: str, problems: list[Problem]) -> str | None:
    if encoding in {"utf-8", "utf8"}:
        found: list[Problem] = []
        text = file_text(path, path.name, found)
        for problem in found:
            wrong = "UTF-8" in str(problem.message)
            message = _ENCODING.format(encoding="UTF-8") if wrong else problem.message
            problems.append(Problem(message, problem.file, problem.line))
        return text
    try:
        return path.read_text(encoding=encoding)
    except OSError as error:
        message = Text("fichier illisible : {why}", "file cannot be read: {why}").format(why=reason_of(error))
    except (UnicodeDecodeError, LookupError):
        message = _ENCODING.format(encoding=encoding)
    problems.append(Problem(message, path.name))
    return None


def _json_tables(text: str, file: str, problems: list[Problem]) -> list[Records] | None:
    """Return the list of objects of a JSON file as a table, and the list ``membres`` of each as another."""
    try:
        data = json.loads(text)
    except ValueError as error:
        problems.append(Problem(Text(f"ce n'est pas du JSON : {error}", f"this is no JSON: {error}"), file))
        return None
    if not isinstance(data, list) or not data or not all(isinstance(row, dict) for row in data):
        problems.append(
            Problem(Text("une liste d'objets est attendue", "a list of objects is expected"), file)
        )
        return None
    heads = [key for key, value in data[0].items() if not isinstance(value, list | dict)]
    tables: list[Records] = [
        [(1, heads), *((n, [_plain(row.get(head)) for head in heads]) for n, row in enumerate(data, 1))]
    ]
    if isinstance(data[0].get("membres"), list):
        parts = [(row, part) for row in data for part in row.get("membres", ())]
        of = ["code", "nom", "populationMunicipale"]
        rows = [
            (n, [_plain(row.get("code")), *(_plain(part.get(key)) for key in of)])
            for n, (row, part) in enumerate(parts, 1)
        ]
        tables.append([(1, ["epci", "membre", "nomMembre", "populationMembre"]), *rows])
    return tables


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _fits(layout: Layout, heads: list[str]) -> bool:
    """Return whether a file has every column that a layout needs."""
    return all(f.optional or any(re.fullmatch(f.head, head) for head in heads) for f in layout.fields)


def _unlike(file: str, heads: list[str], layouts: Sequence[Layout]) -> Problem:
    """Return what the layout nearest to a file misses."""
    close = max(layouts, key=lambda layout: sum(layout.place(h) is not None for h in heads))
    missing = [f for f in close.fields if not f.optional and not any(re.fullmatch(f.head, h) for h in heads)]
    titles = ", ".join(str(layout.title) for layout in layouts)
    if not any(close.place(head) for head in heads):
        return Problem(_UNLIKE.format(titles=titles), file, 1, value=", ".join(heads[:6]))
    message = Text("colonnes manquantes pour « {title} »", "missing columns for '{title}'")
    left = [head for head in heads if close.place(head) is None]
    return Problem(
        message.format(title=close.title),
        file,
        1,
        ", ".join(f.shown for f in missing),
        nearest=nearest(missing[0].shown, left),
    )


def _sheet(file: str, layout: Layout, heads: list[str], records: Records, problems: list[Problem]) -> Sheet:
    sheet = Sheet(file, layout)
    found = list(_head_problems(file, layout, heads))
    places = {f.name: n for f in layout.fields if (n := f.choose(heads)) is not None}
    sheet.heads = {name: heads[n] for name, n in places.items()}
    sheet.cells = {name: [] for name in places}
    for line, row in records[1:]:
        if len(row) != len(heads):
            message = Text("{got} cases au lieu de {want}", "{got} cells instead of {want}")
            found.append(Problem(message.format(got=len(row), want=len(heads)), file, line))
            continue
        sheet.lines.append(line)
        for name, n in places.items():
            sheet.cells[name].append(row[n].strip())
    found += [problem for f in layout.fields if f.name in places for problem in _cell_problems(sheet, f)]
    found += [] if layout.repeated else _twice(sheet)
    if not len(sheet) and not found:
        found.append(Problem(Text("le fichier n'a aucune ligne", "the file has no row"), file))
    problems += found[:MAX_SHOWN]
    if len(found) > MAX_SHOWN:
        more = len(found) - MAX_SHOWN
        problems.append(Problem(Text(f"et {more} autres erreurs", f"and {more} more mistakes"), file))
    return sheet


def _head_problems(file: str, layout: Layout, heads: list[str]) -> Iterator[Problem]:
    for n, head in enumerate(heads):
        if head in heads[:n]:
            yield Problem(Text("colonne donnée deux fois", "column given twice"), file, 1, head)
        elif layout.place(head) is None and not any(re.fullmatch(other, head) for other in layout.also):
            message = Text("colonne inconnue dans « {title} »", "unknown column in '{title}'")
            close = nearest(head, [f.shown for f in layout.fields])
            yield Problem(message.format(title=layout.title), file, 1, head, nearest=close)


def _cell_problems(sheet: Sheet, spec: Field) -> Iterator[Problem]:
    head = sheet.heads[spec.name]
    for line, cell in zip(sheet.lines, sheet.cells[spec.name], strict=True):
        message = _mistake(cell, spec)
        if message is not None:
            allowed = f"{spec.low:g} – {spec.high:g} {spec.unit}".strip() if spec.kind == "number" else ""
            yield Problem(message, sheet.file, line, head, cell or None, allowed)


def _mistake(cell: str, spec: Field) -> Text | None:
    """Return what is wrong with a cell, or None."""
    if not cell:
        return None if spec.blank else Text("case vide", "empty cell")
    if spec.kind == "code" and re.search(r"[\s;,]", cell):
        return Text("un code n'a ni blanc, ni virgule", "a code has neither blank nor comma")
    if spec.kind != "number":
        return None
    value = _number(cell)
    if math.isnan(value):
        return Text("un nombre est attendu", "a number is expected")
    if not spec.low <= value <= spec.high:
        return Text(
            "hors de toute vraisemblance : l'unité est-elle la bonne ?",
            "beyond all likelihood: is the unit right?",
        )
    return None


def _number(cell: str) -> float:
    """Return the number of a cell, written with a point or, as French producers do, with a comma."""
    try:
        value = float(cell.replace(",", ".", 1)) if "_" not in cell else math.nan
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _twice(sheet: Sheet) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    keys = zip(*(sheet.texts(name) for name in sheet.layout.key), strict=True) if sheet.layout.key else ()
    for line, parts in zip(sheet.lines, keys, strict=False):
        if parts in seen:
            message = Text("donné deux fois, déjà ligne {line}", "given twice, already on line {line}")
            heads = ", ".join(sheet.heads[name] for name in sheet.layout.key)
            yield Problem(message.format(line=seen[parts]), sheet.file, line, heads, " ".join(parts))
        seen.setdefault(parts, line)
