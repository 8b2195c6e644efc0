"""Checks of a case's evidence: every column of every table has a source."""

from collections.abc import Iterator, Mapping

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case_columns import case_columns
from coopsim.scenario.tables import MAX_SHOWN, Rows

_UNCHECKED = ("geometry", "geometry.geojson")  # no table, but it may have a source
_NO_SOURCE = Text("colonne sans source", "column without a source")
_NO_TABLE = Text("aucune table ne porte ce nom", "no table has this name")
_NO_COLUMN = Text("la table n'a pas cette colonne", "the table has no such column")


def sources(tables: Mapping[str, Rows]) -> list[Problem]:
    """Return the columns without a source, and the sources of no column."""
    rows = tables["sources"]
    if not rows.columns:
        return []
    names = [table.removesuffix(".csv") for table in rows.texts("table")]
    given = list(zip(names, rows.texts("column"), strict=True))
    missing = [
        Problem(_NO_SOURCE, rows.file, 0, f"{table}.{column}")
        for table, read in tables.items()
        for column in read.header
        if table != "sources" and column in case_columns()[table] and (table, column) not in given
    ]
    return [*missing[:MAX_SHOWN], *_of_nothing(rows, given)]


def _of_nothing(rows: Rows, given: list[tuple[str, str]]) -> Iterator[Problem]:
    for line, (table, column) in zip(rows.lines, given, strict=True):
        columns = case_columns().get(table)
        if table in _UNCHECKED:
            continue
        if columns is None:
            close = nearest(table, list(case_columns()))
            yield Problem(_NO_TABLE, rows.file, line, "table", table, nearest=close)
        elif column not in columns:
            close = nearest(column, list(columns))
            yield Problem(_NO_COLUMN, rows.file, line, "column", f"{table}.{column}", nearest=close)
