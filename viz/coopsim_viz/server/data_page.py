"""Données: where each figure of the case and each parameter comes from, and what the model cannot say."""

from functools import lru_cache
from typing import Any

from coopsim.comparison.context import case_grades
from coopsim.i18n import Lang, Text
from coopsim.scenario import Scenario
from coopsim.scenario.parameters import parameters
from coopsim_viz.rendering import rendered
from coopsim_viz.server.passport import passport_of
from coopsim_viz.words import DATA, said

GRADES = {
    "measured": Text("mesuré", "measured"),
    "literature": Text("littérature", "literature"),
    "assumption": Text("hypothèse", "assumption"),
}


def data_page(spec: Scenario, lang: Lang) -> str:
    """Return the page of a scenario's case: sources by column, parameters by section, grades in words."""
    return rendered(
        "coopsim_viz.server", "data.html.j2", **_still(spec, lang), passport=passport_of(spec.case_name, lang)
    )


@lru_cache(maxsize=4)
def _still(spec: Scenario, lang: Lang) -> dict[str, Any]:
    """Return what of the page does not change while the server runs."""
    case = spec.load_case()
    rows = case.sources.fillna("").to_dict("records")
    title = case.title.said(lang)
    return {
        "w": said(DATA, lang), "grades": said(GRADES, lang), "lang": lang, "title": title, "counts": case_grades(case),
        "sources": [{key: _shown(value, lang) for key, value in row.items()} for row in rows],
        "parameters": [_parameter(name, spec, lang) for name in sorted(parameters())],
    }  # fmt: skip


def _parameter(name: str, spec: Scenario, lang: Lang) -> dict[str, Any]:
    one = parameters()[name]
    section, _, key = name.rpartition(".")
    bounds = " – ".join(_shown(bound, lang) for bound in one.range) if one.range else ""
    return {
        "name": name, "label": one.text.said(lang), "unit": one.unit, "grade": one.grade,
        "value": _shown(spec.section(section)[key], lang), "range": bounds, "source": one.source,
    }  # fmt: skip


def _shown(value: Any, lang: Lang) -> str:
    if isinstance(value, float):
        text = f"{value:g}"
        return text.replace(".", ",") if lang == "fr" else text
    return str(value)
