"""The legend of a laboratory's figure: results by name, what lines and points are, what is held fixed."""

import textwrap
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from coopsim.i18n import Text
from coopsim.lab import figure_style as look
from coopsim.lab.figure_data import Sample, luck, series
from coopsim.lab.figure_info import Panel
from coopsim.report.svg import INK, PALE

_THEORY = Text("théorie", "theory")
_ENGINE = Text("simulation", "simulation")
_ERRORS = Text("simulation ± 3 erreurs types", "simulation ± 3 standard errors")
_RANGE = Text("fourchette de la théorie", "range of theory")
_YOURS = Text("vos valeurs", "your values")
_MISSED = Text("désaccord", "disagreement")
_HELD = Text("Fixés : {held}", "Held fixed: {held}")
_GIVEN = Text("Paramètres : {held}", "Parameters: {held}")


def draw_legend(figure: Figure, found: Sample) -> None:
    """Put the legend below the axes, titled with the parameters that the figure does not vary."""
    handles = [*_results(found), *_kinds(found), *_beside(found)]
    width = look.LEGEND[len(found.figure.panels)]
    legend = figure.legend(
        handles=handles,
        loc="outside lower left",
        ncols=look.columns([str(handle.get_label()) for handle in handles], width),
        frameon=False,
        title=textwrap.fill(_held(found), width),
        alignment="left",
        fontsize=look.SMALL,
        title_fontsize=look.SMALLEST,
        columnspacing=1.6,
        handlelength=2.6,
    )
    legend.get_title().set_color(PALE)


def ranks(found: Sample, panel: Panel) -> list[int]:
    """Return the rank of the colour, dash and mark of each result of a panel: one for each name in the figure."""
    names = list(dict.fromkeys(name for one in found.figure.panels for name in _names(found, one)))
    return [names.index(name) for name in _names(found, panel)]


def _names(found: Sample, panel: Panel) -> list[str]:
    """Return the name of each result of a panel; bars of plain numbers bear theirs below."""
    if found.figure.kind == "bars":
        return [one.name for one in series(found, panel)]
    return [str(name.text()) for name in panel.names] or [str(found.info.results[n].text) for n in panel.y]


def _results(found: Sample) -> list[Any]:
    """Return one entry a result, where there are several; results of one name share theirs."""
    entries: dict[str, Any] = {}
    for panel in found.figure.panels:
        names = _names(found, panel)
        drawn = [_has_values(found, name) for name in panel.y] if found.x.size else [True] * len(names)
        for name, rank, shown in zip(names, ranks(found, panel), drawn, strict=True):
            label = textwrap.fill(name, look.ENTRY)
            if shown:
                entries.setdefault(label, _entry(found, rank, label))
    return list(entries.values()) if len(entries) > 1 else []


def _has_values(found: Sample, name: str) -> bool:
    simulated = any(run.results[name].simulated is not None for _, run in found.runs)
    return simulated or bool(np.isfinite(found.theory[name]).any())


def _entry(found: Sample, rank: int, label: str) -> Any:
    colour = look.COLOURS[rank]
    if found.figure.kind == "bars":
        return Patch(facecolor=colour, alpha=look.PALE_BAR + 0.3, label=label)
    return _line(label, color=colour, linestyle=look.DASHES[rank], marker=look.MARKERS[rank], **look.MARK)


def _line(label: str, **properties: Any) -> Line2D:
    return Line2D([], [], label=label, **{"linewidth": look.WIDTH, **properties})


def _kinds(found: Sample) -> list[Any]:
    """Return what a line or bar, a point, a ring and a cross are."""
    colour = INK if _results(found) else look.COLOURS[0]
    runs = found.runs or [(0.0, found.own)]
    shown = [(name, x, run.results[name]) for x, run in runs for name in found.figure.results]
    engine = str(_ERRORS if any(luck(found, *one) for one in shown) else _ENGINE)
    handles: list[Any] = [_line(engine, color=colour, marker="o", linestyle="none", **look.MARK)]
    if found.figure.kind == "bars":
        handles.insert(0, Patch(facecolor=colour, alpha=look.PALE_BAR, label=str(_THEORY)))
    else:
        handles.insert(0, _line(str(_THEORY), color=colour))
        if found.own.parameters[found.figure.x] is not None:
            handles.append(_line(str(_YOURS), **look.OWN, markersize=15, linestyle="none"))
    if any(width.any() for width in found.width.values()):
        handles.insert(1, Patch(facecolor=colour, alpha=look.PALE_RANGE, label=str(_RANGE)))
    if not all(result.ok for _, _, result in shown):
        handles.append(_line(str(_MISSED), **look.MISS, markersize=11))
    return handles


def _beside(found: Sample) -> list[Any]:
    """Return the frames and levels that panels draw from parameters."""
    handles: list[Any] = []
    for panel in found.figure.panels:
        if panel.beside is None:
            continue
        label = textwrap.fill(str(panel.beside.text()), look.ENTRY)
        if panel.frame:
            handles.append(Patch(facecolor="none", edgecolor=PALE, label=label, **look.BESIDE))
        else:
            handles.append(_line(label, color=PALE, **look.BESIDE))
    return handles


def _held(found: Sample) -> str:
    given = {name: value for name, value in found.own.parameters.items() if name != found.figure.x}
    return str((_HELD if found.figure.x else _GIVEN).format(held=look.assigned(given))) if given else ""
