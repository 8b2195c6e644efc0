"""Laboratoire: a limit case, its parameters, the engine's points on the line of theory.

A plain form; one small script moves the sliders, and without it the fields remain.
"""

import base64
import json
import math
import threading
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from coopsim.comparison.values import unit_said, value_name
from coopsim.errors import ScenarioError
from coopsim.i18n import Lang, lang, set_lang
from coopsim.lab import LabInfo, ParameterInfo, labs, run_lab
from coopsim.lab.figure import picture
from coopsim.lab.figure_data import sample
from coopsim.lab.values import lab_info
from coopsim_viz.rendering import rendered
from coopsim_viz.words import LAB, said

_SLIDERS = 3  # as many as a room can follow; the others are fields only
_REACH = 4.0  # a slider goes to so many times the default where the legal bounds are far wider
_STEPS = 100
_ONE_AT_A_TIME = threading.Lock()  # figures share the drawing library's settings


def lab_page(name: str, asked: Mapping[str, str], language: Lang, nonce: str) -> str:
    """Return the page of a laboratory at the values of a form; without a name, the list.

    Parameters
    ----------
    nonce : str
        What the page's policy lets its script run by.

    Raises
    ------
    ScenarioError
        For an unknown laboratory. Refused parameters are told on the page.
    """
    set_lang(language)
    page = partial(rendered, "coopsim_viz.server", "lab.html.j2")
    every = [(info.name, str(info.title), str(info.question)) for info in labs().values()]
    common: dict[str, Any] = {"w": said(LAB, language), "lang": language, "every": every, "nonce": nonce}
    if not name:
        return page(lab=None, fields=[], results=[], figure="", error="", **common)
    info = lab_info(name)
    fields = [_field(key, one, asked) for key, one in info.parameters.items()]
    slid = [field for field in fields if field["slider"]]
    for field in slid[_SLIDERS:]:
        field["slider"] = None
    about = {
        "name": info.name, "title": str(info.title), "question": str(info.question), "change": str(info.change),
        "look": str(info.look), "source": info.source,
    }  # fmt: skip
    error, figure = "", ""
    results: list[dict[str, Any]] = []
    try:
        given = {
            key: _read(info.parameters[key], text) for key, text in asked.items() if key in info.parameters
        }
        results, figure = _lived(info.name, json.dumps(given, sort_keys=True), language)
    except ScenarioError as problem:
        error = str(problem)
    return page(lab=about, fields=fields, results=results, figure=figure, error=error, **common)


def _field(key: str, one: ParameterInfo, asked: Mapping[str, str]) -> dict[str, Any]:
    default = json.dumps(one.default) if not isinstance(one.default, str) else one.default
    simple = one.kind in ("integer", "number")
    return {
        "name": key, "label": str(one.text), "unit": unit_said(one.unit, lang()),
        "allowed": one.allowed.replace(".", ",") if lang() == "fr" else one.allowed,
        "value": asked.get(key, default), "kind": one.kind,
        "choices": [(choice, str(value_name(key, choice))) for choice in one.choices],
        "low": one.legal[0] if simple else "", "high": one.legal[1] if simple else "",
        "step": "1" if one.kind == "integer" else "any", "slider": _slider(one),
    }  # fmt: skip


def _slider(one: ParameterInfo) -> tuple[float, float, float] | None:
    """Return the ends and the step of a parameter's slider; none for what is not one number with a default."""
    if one.kind not in ("integer", "number") or one.default is None:
        return None
    low, high = one.legal
    far = _REACH * max(abs(float(one.default)), 1.0)
    low, high = max(low, -far), min(high, far)
    if one.kind == "integer":
        return low, high, 1
    step = 10.0 ** math.floor(math.log10((high - low) / _STEPS))
    return math.ceil(low / step) * step, high, step


def _read(one: ParameterInfo, text: str) -> Any:
    """Return what a field of the form says; what cannot be read is left to the laboratory to refuse."""
    words = text.strip()[:400]
    if one.kind in ("integer", "number"):
        words = words.replace(",", ".")
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return words


@lru_cache(maxsize=64)
def _lived(name: str, given: str, language: Lang) -> tuple[list[dict[str, Any]], str]:
    """Return the results in words and the figure as a data address; the same question is lived once."""
    set_lang(language)
    with _ONE_AT_A_TIME:
        info = lab_info(name)
        found = run_lab(name, json.loads(given))
        results = [
            {
                "label": str(info.results[key].text) if key in info.results else key,
                "simulated": _few(one.simulated), "exact": _few(one.exact), "ok": one.ok,
            }
            for key, one in found.results.items()
        ]  # fmt: skip
        figure = _figure(info, found) if info.figure is not None else ""
    return results, figure


def _figure(info: LabInfo, found: Any) -> str:
    drawn = picture(sample(info, found), "svg")
    return "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()


def _few(value: Any) -> str:
    if isinstance(value, dict):
        return _few([f"{key} {_few(item)}" for key, item in value.items()])
    if isinstance(value, list | tuple):
        items = [_few(item) for item in value]
        return " ; ".join(items if len(items) <= 8 else [*items[:6], "…", items[-1]])  # noqa: PLR2004 - fits a cell
    if isinstance(value, float):
        return f"{value:.5g}".replace(".", ",") if lang() == "fr" else f"{value:.5g}"
    return "–" if value is None else str(value)
