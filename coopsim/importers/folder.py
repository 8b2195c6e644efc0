"""The tables of a case folder while importers write them: merged by key, sources noted, renamed in one go."""

import csv
import io
import json
import math
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case_columns import case_columns
from coopsim.scenario.reading import file_text

Value = str | float | int | bool | None
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """A row of ``sources.csv`` about one or several columns of a table."""

    columns: tuple[str, ...]
    source: str
    grade: str
    unit: str = ""
    year: str = ""
    scope: str = "*"
    low: str = ""
    high: str = ""
    note: str = ""


@dataclass(slots=True)
class CaseFolder:
    """The tables of a case as rows of texts; blank where nothing is known yet.

    Attributes
    ----------
    path : Path
    tables : dict of str to list of Row
        Tables read or written so far.
    changed : dict of str to int
        Rows of each table that this import touched.
    """

    path: Path
    tables: dict[str, list[Row]] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table, read from its file the first time."""
        if table not in self.tables:
            self.tables[table] = _read(self.path / f"{table}.csv", table)
        return self.tables[table]

    def codes(self) -> list[str]:
        """Return the codes of the territories.

        Raises
        ------
        ScenarioError
            When the case has no territory yet.
        """
        codes = [row["code"] for row in self.rows("territories")]
        if not codes:
            message = Text(
                "ce cas n'a encore aucun territoire : commencer par coopsim import epci",
                "this case has no territory yet: begin with coopsim import epci",
            )
            raise ScenarioError([Problem(message, str(self.path))])
        return codes

    def numbers(self, table: str, column: str) -> dict[str, float]:
        """Return a column of numbers by the first column of its table; NaN where it is blank."""
        key = next(iter(case_columns()[table]))
        return {row[key]: float(row[column]) if row.get(column) else math.nan for row in self.rows(table)}

    def needed(self, column: str) -> dict[str, float]:
        """Return a column of the territories by code.

        Raises
        ------
        ScenarioError
            When it is blank for some of them: another import gives it first.
        """
        values = self.numbers("territories", column)
        missing = [code for code, value in values.items() if math.isnan(value)]
        if missing:
            message = Text(
                "« {column} » manque à {n} territoires, dont {code} : importer d'abord ce qui la donne",
                "'{column}' is missing for {n} territories, such as {code}: import first what gives it",
            ).format(column=column, n=len(missing), code=missing[0])
            raise ScenarioError([Problem(message, "territories.csv", key=column)])
        return values

    def update(
        self, table: str, key: str, values: Mapping[str, Mapping[str, Value]], *, add: bool = False
    ) -> None:
        """Set columns of the rows named by a key; with ``add``, rows that are not there yet are added."""
        rows = {row[key]: row for row in self.rows(table)}
        for code, columns in values.items():
            if code not in rows:
                if not add:
                    continue
                rows[code] = {key: code}
                self.tables[table].append(rows[code])
            rows[code].update({name: written(value) for name, value in columns.items()})
        self.changed[table] = self.changed.get(table, 0) + len(values)

    def replace(self, table: str, rows: Iterable[Mapping[str, Value]]) -> None:
        """Write a table anew."""
        self.tables[table] = [{name: written(value) for name, value in row.items()} for row in rows]
        self.changed[table] = len(self.tables[table])

    def cite(self, table: str, *notes: Note, apart: Collection[str] = ()) -> None:
        """Write where columns come from; what stood there about the same column and scope goes.

        A note about every row replaces those about some of them, unless they are about codes set ``apart``,
        of which this import knows nothing.
        """
        rows = self.rows("sources")
        for note in notes:
            for column in note.columns:
                rows[:] = [row for row in rows if not _replaced(row, table, column, note.scope, apart)]
                facts = (note.unit, note.year, note.source, note.grade, note.low, note.high, note.note)
                values = (f"{table}.csv", column, note.scope, *facts)
                rows.append(dict(zip(case_columns()["sources"], values, strict=True)))
        self.changed.setdefault("sources", 0)

    def write(self, head: str | None = None) -> list[str]:
        """Write what changed: every file under another name first, then all renamed; returns the names.

        Parameters
        ----------
        head : str or None
            Text of ``case.toml``, where the folder has none yet.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        texts = {f"{table}.csv": _csv_text(table, self.tables[table]) for table in sorted(self.changed)}
        if head is not None and not (self.path / "case.toml").exists():
            texts["case.toml"] = head
        stage = Path(tempfile.mkdtemp(prefix=".import-", dir=self.path))
        try:
            for name, text in texts.items():
                (stage / name).write_text(text, encoding="utf-8", newline="")
            for name in texts:
                (stage / name).replace(self.path / name)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        return list(texts)


def _replaced(row: Row, table: str, column: str, scope: str, apart: Collection[str]) -> bool:
    """Return whether a new note about a column and scope replaces a row of sources."""
    if row["column"] != column or row["table"].removesuffix(".csv") != table:
        return False
    if row["scope"] == scope:
        return True
    return scope == "*" and not set(row["scope"].split(";")) <= set(apart)


def head_text(name: str, reference_year: int) -> str:
    """Return the ``case.toml`` of a case that begins."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "-" for c in name.lower()).strip(
        "-_"
    )
    title = json.dumps(name, ensure_ascii=False)
    return (
        f'name = "{plain or "case"}"\nreference_year = {reference_year}\n'
        'licence = "Licence Ouverte 2.0 for the data of the State, see sources.csv"\n\n'
        f"[title]\nfr = {title}\nen = {title}\n"
    )


def written(value: Value) -> str:
    """Return a value as a cell: numbers with at most ten significant digits, blank for None and NaN."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.10g}"  # noqa: PLR2004
    return str(value)


def _read(path: Path, table: str) -> list[Row]:
    """Return the rows of a table of the case; its columns must be the case's."""
    if not path.exists():
        return []
    problems: list[Problem] = []
    text = file_text(path, path.name, problems)
    if text is None:
        raise ScenarioError(problems)
    reader = csv.DictReader(text.splitlines(keepends=True))
    columns = case_columns()[table]
    for head in reader.fieldnames or ():
        if head not in columns:
            message = Text("colonne inconnue", "unknown column")
            problems.append(Problem(message, path.name, 1, head, nearest=nearest(head, list(columns))))
    if problems:
        raise ScenarioError(problems)
    return [{name: (cell or "").strip() for name, cell in row.items()} for row in reader]


def _csv_text(table: str, rows: list[Row]) -> str:
    """Return a table as CSV, columns in the order of the case's; a column that no row has is left out."""
    present = {name for row in rows for name in row}
    columns = [
        name
        for name, column in case_columns()[table].items()
        if name in present or not (column.optional or table == "territories")
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue()
