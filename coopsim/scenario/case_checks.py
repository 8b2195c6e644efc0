"""Checks across the rows and the tables of a case."""

import tomllib
from collections.abc import Iterator, Mapping

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case_columns import REQUIRED_TABLES, case_columns
from coopsim.scenario.case_graph import links, rivers
from coopsim.scenario.case_sources import sources
from coopsim.scenario.case_sums import groups, intakes, land, profiles
from coopsim.scenario.rules import registry
from coopsim.scenario.shipped import shipped
from coopsim.scenario.tables import Rows

_ONCE = 1e-4  # shares are written with six digits
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
        *_powers(tables["bodies"]),
        *_served_once(tables),
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


def _powers(rows: Rows) -> Iterator[Problem]:
    """Powers are BANATIC codes, or names of the law of bodies."""
    table = (
        tomllib.loads((shipped("law") / "bodies.toml").read_text(encoding="utf-8"))["power"]
        if len(rows)
        else {}
    )
    known = [*table, *(code for power in table.values() for code in power["codes"] if not code.isdigit())]
    for line, cell in zip(rows.lines, rows.texts("powers"), strict=True):
        for part in (text.strip() for text in cell.split(";")):
            if part and not part.isdigit() and part not in known:
                message = Text("aucune compétence ne porte ce nom", "no power has this name")
                allowed = ", ".join(known)
                yield Problem(message, rows.file, line, "powers", part, allowed, nearest(part, known))


def _served_once(tables: Mapping[str, Rows]) -> Iterator[Problem]:
    """Nobody gets drinking water from two services."""
    kinds = dict(zip(tables["bodies"].texts("body"), tables["bodies"].texts("kind"), strict=True))
    rows = tables["body_members"]
    total: dict[str, float] = {}
    columns = (rows.lines, rows.texts("body"), rows.texts("territory"), rows.numbers("population_share"))
    for line, body, code, share in zip(*columns, strict=True):
        if kinds.get(body) != "water_syndicate":
            continue
        before = total.get(code, 0.0)
        total[code] = before + share
        if before <= 1.0 + _ONCE < total[code]:
            message = Text(
                "les services d'eau desservent plus que les habitants du territoire",
                "water services serve more than the people of the territory",
            )
            yield Problem(message, rows.file, line, "population_share", f"{code}: {total[code]:.6g}", "≤ 1")


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
