"""Données: where each figure of the case and each parameter comes from, and what the model cannot say."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any

from coopsim.comparison.context import case_grades
from coopsim.comparison.values import unit_said, value_said
from coopsim.i18n import Lang, Text
from coopsim.scenario import Scenario
from coopsim.scenario.parameters import parameters
from coopsim_viz.rendering import rendered
from coopsim_viz.server.data_words import SECTIONS, TABLES, section_of
from coopsim_viz.server.passport import passport_of
from coopsim_viz.words import DATA, said

GRADES = {
    "measured": Text("mesuré", "measured"),
    "literature": Text("littérature", "literature"),
    "assumption": Text("hypothèse", "assumption"),
}


def data_page(spec: Scenario, lang: Lang, nonce: str = "") -> str:
    """Return the page of a scenario's case: sources by table, parameters by section, grades in words.

    ``nonce`` allows the one script of the page, which searches it.
    """
    passport = passport_of(spec, lang)
    return rendered(
        "coopsim_viz.server", "data.html.j2", **_still(spec, lang), passport=passport, nonce=nonce
    )


@lru_cache(maxsize=4)
def _still(spec: Scenario, lang: Lang) -> dict[str, Any]:
    """Return what of the page does not change while the server runs."""
    case = spec.load_case()
    rows = case.sources.fillna("").to_dict("records")
    title = case.title.said(lang)
    return {
        "w": said(DATA, lang), "grades": said(GRADES, lang), "lang": lang, "title": title, "counts": case_grades(case),
        "tables": _folded([_figure(row, lang) for row in rows], "table", TABLES, lang),
        "sections": _folded(
            [_parameter(name, spec, lang) for name in sorted(parameters())], "section", SECTIONS, lang
        ),
    }  # fmt: skip


def _folded(
    rows: list[dict[str, Any]], key: str, names: Mapping[str, Text], lang: Lang
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return rows by group, each group under its name, in the order of names."""
    groups = {group: list(some) for group, some in groupby(rows, lambda row: row[key])}
    return sorted(
        (names[group].said(lang) if group in names else group, some) for group, some in groups.items()
    )


def _figure(row: Mapping[Any, Any], lang: Lang) -> dict[str, Any]:
    shown = {key: value_said("", value, lang) for key, value in row.items()}
    return shown | {"unit": unit_said(str(row["unit"]), lang)}


def _parameter(name: str, spec: Scenario, lang: Lang) -> dict[str, Any]:
    one = parameters()[name]
    section, _, key = name.rpartition(".")
    bounds = " – ".join(value_said(name, bound, lang) for bound in one.range) if one.range else ""
    return {
        "name": name, "section": section_of(name), "label": one.text.said(lang), "unit": unit_said(one.unit, lang),
        "grade": one.grade, "value": value_said(name, spec.section(section)[key], lang), "range": bounds,
        "source": one.source,
    }  # fmt: skip
