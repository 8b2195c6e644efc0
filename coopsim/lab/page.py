"""A laboratory as one page that needs nothing: no installation, no network; a slider over the values that were run."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import coopsim.report
from coopsim import __version__
from coopsim.i18n import Text, lang, tied
from coopsim.lab import figure_style as look
from coopsim.lab.figure_data import Sample
from coopsim.lab.figure_info import unit_text
from coopsim.lab.figure_inline import inline
from coopsim.lab.info import LabInfo
from coopsim.lab.page_texts import PAGE
from coopsim.lab.results import Comparison, LabResult

_FOLDER = Path(__file__).parent
_STYLE = Path(coopsim.report.__file__).parent / "style.css"


def page(found: Sample) -> str:
    """Return a laboratory's page in the language in force.

    Parameters
    ----------
    found : Sample
        Its runs along the horizontal axis of its figure; a figure of bars has a single run.
    """
    figure = inline(found)
    data = {"frames": figure.frames, "start": _start(found)}
    return _rendered(
        "lab.html.j2",
        info=found.info,
        svg=Markup(figure.svg),  # nosec B704  # drawn here, its texts escaped
        data=Markup(json.dumps(data).replace("</", r"<\/")),  # nosec B704  # it cannot end its script
        slider=_slider(found),
        runs=_runs(found),
        held=look.assigned(_held(found)),
        command=_command(found),
    )


def index(infos: list[LabInfo]) -> str:
    """Return the page that leads to the pages of laboratories, each in a file of its name beside it."""
    return _rendered("labs.html.j2", infos=infos)


def _rendered(template: str, **context: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_typeset,
    )
    style = Markup(_STYLE.read_text(encoding="utf-8"))  # nosec B704  # our own file
    texts = {name: str(text) for name, text in PAGE.items()}
    return environment.get_template(template).render(
        lang=lang(), t=texts, style=style, version=__version__, **context
    )


def _typeset(value: Any) -> Any:
    """Return what a page shows: texts in the language in force, French signs tied to their words."""
    if isinstance(value, Markup) or not isinstance(value, str | Text):
        return value
    return tied(str(value)) if lang() == "fr" else str(value)


def _start(found: Sample) -> int:
    """Return the rank of the run at the reader's own value, else of the middle one."""
    here = found.own.parameters.get(found.figure.x)
    ranks = [rank for rank, (x, _) in enumerate(found.runs) if x == here]
    return ranks[0] if ranks else len(found.runs) // 2


def _slider(found: Sample) -> dict[str, str] | None:
    """Return the label of the parameter that the slider moves; None where there is nothing to move."""
    if not found.runs:
        return None
    parameter = found.info.parameters[found.figure.x]
    unit = str(unit_text(parameter.unit))
    return {"label": f"{parameter.text}" + (f" ({unit})" if unit else ""), "name": found.figure.x}


def _held(found: Sample) -> dict[str, Any]:
    return {name: value for name, value in found.own.parameters.items() if name != found.figure.x}


def _runs(found: Sample) -> list[dict[str, Any]]:
    """Return every run: its value, and each result with what the engine and what theory gave."""
    runs: list[tuple[float | None, LabResult]] = [*found.runs] or [(None, found.own)]
    return [
        {"value": "" if x is None else look.written(x), "results": _results(found, run)} for x, run in runs
    ]


def _results(found: Sample, run: LabResult) -> list[dict[str, str]]:
    return [
        {"label": _label(found, name), "mark": "✓" if result.ok else "✗", **_sides(result)}
        for name, result in run.results.items()
    ]


def _label(found: Sample, name: str) -> str:
    result = found.info.results[name]
    unit = str(unit_text(result.unit))
    return f"{result.text}" + (f" ({unit})" if unit else "")


def _sides(result: Comparison) -> dict[str, str]:
    return {"simulated": look.written(result.simulated), "exact": look.written(result.exact)}


def _command(found: Sample) -> str:
    """Return the command that makes this page again."""
    default = {name: parameter.default for name, parameter in found.info.parameters.items()}
    changed = [
        f"-p '{name}={json.dumps(value)}' "
        for name, value in found.own.parameters.items()
        if value != default[name]
    ]
    return f"coopsim lab {found.info.name} {''.join(changed)}--html {found.info.name}.html"
