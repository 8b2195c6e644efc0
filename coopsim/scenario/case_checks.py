"""Checks across the rows and the tables of a case."""

from collections.abc import Iterator, Mapping

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case_columns import REQUIRED_TABLES, case_columns
from coopsim.scenario.case_graph import links, rivers
from coopsim.scenario.case_sources import sources
from coopsim.scenario.case_sums import groups, intakes, land, profiles
from coopsim.scenario.rules import registry
from coopsim.scenario.tables import Rows

# Columns that name a row of each table.
KEYS = {
    "territories": ("code",),
    "communes": ("code",),
    "establishments": ("territory", "group", "size_class"),
    "sectors": ("sector",),
    "forest": ("territory", "group", "ownership", "access"),
    "water_nodes": ("node",),
    "water_regimes": ("regime", "kind", "dekad"),
    "commuting": ("from", "to"),
    "bodies": ("body",),
    "body_members": ("body", "territory"),
}
# Values that cannot exceed another one of the same row.
PARTS = {
    "territories": (("active", "population"), ("unemployed", "active"), ("salaried_jobs", "jobs"),
                    ("vacant_dwellings", "dwellings")),
    "communes": (("vacant_dwellings", "dwellings"), ("forest_ha", "area_ha")),
    "observed": (("year_from", "year_to"), ("low", "high")),
}  # fmt: skip


def check_tables(tables: Mapping[str, Rows], *, sourced: bool) -> list[Problem]:
    """Return what is wrong between rows, columns and tables that were read.

    Parameters
    ----------
    tables : mapping of str to Rows
    sourced : bool
        Whether every column must have its source.
    """
    problems = [
        *_empty(tables),
        *_twice(tables),
        *_references(tables),
        *_parts(tables),
        *land(tables["territories"]),
        *groups(tables),
        *intakes(tables["water_nodes"]),
        *profiles(tables),
        *rivers(tables["water_nodes"]),
        *links(tables),
        *_rules(tables["bodies"]),
    ]
    return problems + (sources(tables) if sourced else [])


def _empty(tables: Mapping[str, Rows]) -> Iterator[Problem]:
    for table in REQUIRED_TABLES:
        rows = tables[table]
        alone = table == "links" and len(tables["territories"]) <= 1
        if rows.header and not len(rows) and rows.sound and not alone:
            yield Problem(Text("la table n'a aucune ligne", "the table has no row"), file=rows.file)


def _twice(tables: Mapping[str, Rows]) -> Iterator[Problem]:
    for table, names in KEYS.items():
        rows = tables[table]
        seen: dict[tuple[str, ...], int] = {}
        for n, parts in enumerate(zip(*(rows.texts(name) for name in names), strict=True)):
            if parts in seen and all(parts[:1]):
                message = Text("donné deux fois, déjà ligne {line}", "given twice, already on line {line}")
                yield Problem(
                    message.format(line=seen[parts]),
                    rows.file,
                    rows.lines[n],
                    ", ".join(names),
                    " ".join(parts),
                )
            seen.setdefault(parts, rows.lines[n])


def _rules(rows: Rows) -> Iterator[Problem]:
    """Bodies decide by a registered rule."""
    rules = list(registry("voting rule")) if len(rows) else []
    for line, name in zip(rows.lines, rows.texts("decision_rule"), strict=True):
        if name and name not in rules:
            message = Text("aucune règle de vote ne porte ce nom", "no voting rule has this name")
            allowed = ", ".join(rules)
            yield Problem(message, rows.file, line, "decision_rule", name, allowed, nearest(name, rules))


def _references(tables: Mapping[str, Rows]) -> Iterator[Problem]:
    for table, columns in case_columns().items():
        rows = tables[table]
        for column in columns.values():
            target = column.of or column.many_of
            if not target or column.name not in rows.columns or not tables[target].columns:
                continue
            known = tables[target].texts(next(iter(case_columns()[target])))
            for line, cell in zip(rows.lines, rows.texts(column.name), strict=True):
                parts = cell.split(";") if column.many_of else [cell]
                unknown = [
                    p for p in parts if p and p not in known and not (column.outside and p == "outside")
                ]
                for part in unknown:
                    message = Text("« {target} » n'a pas ce code", "'{target}' has no such code")
                    close = nearest(part, known)
                    yield Problem(
                        message.format(target=target), rows.file, line, column.name, part, nearest=close
                    )


def _parts(tables: Mapping[str, Rows]) -> Iterator[Problem]:
    for table, pairs in PARTS.items():
        rows = tables[table]
        for small, large in pairs:
            for line, x, y in zip(rows.lines, rows.numbers(small), rows.numbers(large), strict=True):
                if x > y * (1 + 1e-9) + 1e-9:
                    message = Text("dépasse « {large} »", "is above '{large}'").format(large=large)
                    yield Problem(message, rows.file, line, small, x, f"≤ {y:g}")
