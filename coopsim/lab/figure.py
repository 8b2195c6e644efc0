"""The figure of a laboratory: what the engine gives, marked on what theory says, ready for a projector."""

import io
import os
import textwrap
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text, lang
from coopsim.lab.figure_data import Sample, scalar, series
from coopsim.lab.figure_info import Panel, unit_text
from coopsim.lab.results import TOLERANCE, Comparison
from coopsim.report.svg import INK, LANE_COLOURS, PALE, number_axis, style

SUFFIXES = (".svg", ".png")
_SIZES = {1: (10.5, 6.8), 2: (13.5, 6.8)}  # inches, by number of panels
_LETTERS: Any = {"font.size": 15, "axes.linewidth": 1.0, "grid.linewidth": 0.8}
_DOTS_PER_INCH = 150
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), "-.", (0, (3, 1, 1, 1)), ":", "-")
_OWN: Any = {
    "marker": "o",
    "markersize": 20,
    "markerfacecolor": "none",
    "markeredgecolor": INK,
    "markeredgewidth": 2,
}
_MISS: Any = {"marker": "x", "markersize": 15, "markeredgecolor": "#D55E00", "markeredgewidth": 3.5}
_MARK: Any = {"markersize": 10, "markeredgecolor": "white", "markeredgewidth": 1.2}
_LINE_BESIDE: Any = {"linestyle": (0, (4, 2)), "linewidth": 1.8}
_PALE_BAR = 0.45  # opacity
_GROUP = 0.82  # width of the bars of one item
_MOST_NAMED = 16  # items that have room for a name
_TITLE, _AXIS, _NAME, _LINE = (
    {1: 62, 2: 82},
    46,
    44,
    96,
)  # characters of a line: question, axis, legend entry, legend
_HANDLE = 9  # characters that the mark of a legend entry and the gap to the next column are worth
_LISTED = 4  # items of a list that are written out

_THEORY = Text("théorie", "theory")
_ENGINE = Text("simulation", "simulation")
_ERRORS = Text("simulation ± 3 erreurs types", "simulation ± 3 standard errors")
_YOURS = Text("vos valeurs", "your values")
_MISSED = Text("désaccord", "disagreement")
_HELD = Text("Fixés : {held}", "Held fixed: {held}")
_GIVEN = Text("Paramètres : {held}", "Parameters: {held}")
_NO, _YES = Text("non", "no"), Text("oui", "yes")


def check_figure_place(path: Path) -> None:
    """Refuse, before any work, a place where no figure can be written.

    Raises
    ------
    ScenarioError
        For another suffix, a missing folder, a folder in the place of the file, or one that cannot be written.
    """
    message, allowed = None, ""
    if path.suffix.lower() not in SUFFIXES:
        message, allowed = Text("format de figure inconnu", "unknown format of figure"), ", ".join(SUFFIXES)
    elif path.is_dir():
        message = Text("c'est un dossier", "this is a folder")
    elif not path.absolute().parent.is_dir():
        message = Text("ce dossier n'existe pas", "this folder does not exist")
    elif not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        message = Text("impossible d'écrire ici", "cannot write here")
    if message is not None:
        raise ScenarioError([Problem(message, file=str(path), allowed=allowed)])


def write_figure(found: Sample, path: Path) -> None:
    """Draw a laboratory in the language in force and write it, whole or not at all.

    Parameters
    ----------
    found : Sample
    path : Path
        ``.svg`` or ``.png``.
    """
    content = picture(found, path.suffix.lower().removeprefix("."))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def picture(found: Sample, kind: str) -> bytes:
    """Return the figure as ``svg`` or ``png``; the same sample gives the same bytes."""
    panels = found.figure.panels
    with style(), mpl.rc_context(_LETTERS):
        figure = Figure(figsize=_SIZES[len(panels)], layout="constrained")
        figure.get_layout_engine().set(w_pad=0.12, h_pad=0.1)  # type: ignore[union-attr]
        frames = figure.subplots(1, len(panels), squeeze=False)[0]
        for axes, panel in zip(frames, panels, strict=True):
            if found.figure.kind == "bars":
                _bars(axes, found, panel)
            else:
                _lines(axes, found, panel)
            axes.set_ylabel(textwrap.fill(_vertical(found, panel), _AXIS))
        question = str(found.info.question)
        title = _balanced(question, _TITLE[len(panels)])
        figure.suptitle(title, x=0.012, ha="left", fontsize=19, fontweight="bold")
        _legend(figure, found)
        buffer = io.BytesIO()
        nothing: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        metadata = {**nothing, "Title": question} if kind == "svg" else {"Software": None}
        figure.savefig(buffer, format=kind, dpi=_DOTS_PER_INCH, metadata=metadata, facecolor="white")
    return buffer.getvalue()


def _lines(axes: Axes, found: Sample, panel: Panel) -> None:
    """Draw theory as a line and the engine as points, one colour, dash and mark a result."""
    for name, rank in zip(panel.y, _ranks(found, panel), strict=True):
        colour = LANE_COLOURS[rank]
        axes.plot(found.x, found.theory[name], color=colour, linestyle=_DASHES[rank], linewidth=2.8, zorder=3)
        for x, run in found.runs:
            _point(axes, x, run.results[name], rank)
    _own(axes, found, panel)
    if found.figure.log:
        axes.set_xscale("log")
    else:
        number_axis(axes, "x", "", 8)
        whole = found.info.parameters[found.figure.x].kind == "integer"
        axes.xaxis.get_major_locator().set_params(integer=whole)
    axes.set_xlabel(textwrap.fill(_horizontal(found), 2 * _AXIS))
    if all(isinstance(run.results[name].exact, bool) for _, run in found.runs for name in panel.y):
        axes.set_yticks([0.0, 1.0], [str(_NO), str(_YES)])
        axes.set_ylim(-0.15, 1.15)
    else:
        _from_zero(axes)


def _own(axes: Axes, found: Sample, panel: Panel) -> None:
    """Ring the user's own point, and draw the parameter that the panel sets beside the results."""
    given = found.own.parameters
    if panel.level and given[panel.level] is not None:
        axes.axhline(given[panel.level], color=PALE, **_LINE_BESIDE)
    here = given[found.figure.x]
    if here is None:
        return
    axes.axvline(here, color=PALE, linewidth=1.2, linestyle=(0, (2, 2)), zorder=1)
    for name in panel.y:
        y = scalar(found.own.results[name].simulated)
        axes.plot(here, y, **_OWN, linestyle="none", clip_on=False, zorder=5)


def _point(axes: Axes, x: float, result: Comparison, rank: int) -> None:
    """Mark what the engine gave; where it disagrees with theory, or never settled, a cross says so."""
    y = scalar(result.simulated)
    if np.isfinite(y):
        axes.errorbar(
            x,
            y,
            yerr=result.tolerance if _is_random(result) else None,
            fmt=_MARKERS[rank],
            color=LANE_COLOURS[rank],
            elinewidth=2.5,
            clip_on=False,
            zorder=4,
            **_MARK,
        )
    if not result.ok:
        axes.plot(
            x,
            y if np.isfinite(y) else scalar(result.exact),
            **_MISS,
            linestyle="none",
            clip_on=False,
            zorder=6,
        )


def _is_random(result: Comparison) -> bool:
    """Return whether a tolerance is the luck of a sample rather than rounding."""
    size = max(abs(scalar(result.exact)), 1.0) if isinstance(result.exact, float) else 1.0
    return result.tolerance > 2.0 * TOLERANCE * size


def _bars(axes: Axes, found: Sample, panel: Panel) -> None:
    """Draw theory as bars and the engine as marks, item by item, one colour and mark a result."""
    drawn = series(found, panel)
    items = drawn[0].items
    width = _GROUP / len(drawn)
    places = np.arange(len(items))
    frame = _frame(found, panel)
    if frame:
        axes.bar(places, frame, _GROUP + 0.1, facecolor="none", edgecolor=PALE, **_LINE_BESIDE)
    for side, (one, rank) in enumerate(zip(drawn, _ranks(found, panel), strict=True)):
        at = places + (side - 0.5 * (len(drawn) - 1)) * width
        colour = LANE_COLOURS[rank]
        axes.bar(at, one.exact, 0.94 * width, color=colour, alpha=_PALE_BAR, zorder=3)
        axes.plot(at, one.simulated, _MARKERS[rank], color=colour, linestyle="none", **_MARK, zorder=4)
        wrong = ~np.isclose(one.simulated, one.exact, rtol=0.0, atol=one.tolerance)
        axes.plot(
            at[wrong],
            np.where(np.isnan(one.simulated), one.exact, one.simulated)[wrong],
            **_MISS,
            linestyle="none",
        )
    if len(items) <= _MOST_NAMED:
        axes.set_xticks(places, [textwrap.fill(item, max(80 // len(items), 8)) for item in items])
    axes.grid(visible=False, axis="x")
    if found.figure.horizontal is not None:
        axes.set_xlabel(str(found.figure.horizontal.text()))
    _from_zero(axes)


def _frame(found: Sample, panel: Panel) -> list[float]:
    """Return the parameter drawn around the bars, item by item; empty when there is none."""
    given = found.own.parameters.get(panel.frame)
    items = [float(x) for x in (given.values() if isinstance(given, dict) else given or ())]
    whole = (sum(items) if panel.frame_share else 0.0) or 1.0
    return [item / whole for item in items]


def _from_zero(axes: Axes) -> None:
    """Let the vertical axis start at zero where nothing is below, with room above for the ring of a point."""
    low, high = axes.dataLim.intervaly
    if not np.isfinite([low, high]).all():
        return
    room = 0.12 * (max(high, 0.0) - min(low, 0.0)) or 1.0
    axes.set_ylim(min(low, 0.0) - (0.6 * room if low < 0.0 else 0.02 * room), max(high, 0.0) + room)
    number_axis(axes, "y", "", 7)


def _vertical(found: Sample, panel: Panel) -> str:
    results = [found.info.results[name] for name in panel.y]
    label = panel.label.text() if panel.label else results[0].text
    units = {result.unit for result in results}
    unit = panel.unit or (units.pop() if len(units) == 1 else "1")
    return _with_unit(label, unit)


def _horizontal(found: Sample) -> str:
    parameter = found.info.parameters[found.figure.x]
    label = found.figure.horizontal.text() if found.figure.horizontal else parameter.text
    return _with_unit(label, parameter.unit)


def _with_unit(label: Text, unit: str) -> str:
    shown = str(unit_text(unit))
    text = str(label)
    return text[:1].upper() + text[1:] + (f" ({shown})" if shown else "")


def _legend(figure: Figure, found: Sample) -> None:
    """Put the legend below the axes, titled with the parameters that are held fixed."""
    handles = [*_series_handles(found), *_kind_handles(found)]
    columns = _columns([str(handle.get_label()) for handle in handles], _LINE * len(found.figure.panels))
    legend = figure.legend(
        handles=handles,
        loc="outside lower left",
        ncols=columns,
        frameon=False,
        title=textwrap.fill(_held(found), _LINE * len(found.figure.panels)),
        alignment="left",
        fontsize=14,
        title_fontsize=13,
        columnspacing=1.6,
        handlelength=2.6,
    )
    legend.get_title().set_color(PALE)


def _balanced(text: str, width: int) -> str:
    """Return a text on as few lines as the width asks for, of about the same length."""
    lines = len(textwrap.wrap(text, width))
    return textwrap.fill(
        text, next(w for w in range(len(text) // lines, width + 1) if len(textwrap.wrap(text, w)) == lines)
    )


def _columns(labels: list[str], width: int) -> int:
    """Return how many columns of a legend, filled one after the other, fit a width in characters."""
    lengths = [max(map(len, label.splitlines())) + _HANDLE for label in labels]
    for columns in range(len(labels), 1, -1):
        rows = -(-len(labels) // columns)
        if sum(max(lengths[i : i + rows]) for i in range(0, len(labels), rows)) <= width:
            return columns
    return 1


def _names(found: Sample, panel: Panel) -> list[str]:
    """Return the name of each result of a panel in the legend; bars of plain numbers bear theirs below."""
    if found.figure.kind == "bars":
        return [one.name for one in series(found, panel)]
    return [str(name.text()) for name in panel.names] or [str(found.info.results[n].text) for n in panel.y]


def _ranks(found: Sample, panel: Panel) -> list[int]:
    """Return the rank of the colour, dash and mark of each result of a panel: one for each name in the figure."""
    names = list(dict.fromkeys(name for one in found.figure.panels for name in _names(found, one)))
    return [names.index(name) for name in _names(found, panel)]


def _series_handles(found: Sample) -> list[Any]:
    """Return one entry a result, where there are several; panels that name theirs alike share entries."""
    entries: dict[str, Any] = {}
    for panel in found.figure.panels:
        names, ranks = _names(found, panel), _ranks(found, panel)
        drawn = [_is_drawn(found, name) for name in panel.y] if found.x.size else [True] * len(names)
        for name, rank, shown in zip(names, ranks, drawn, strict=True):
            label = textwrap.fill(name, _NAME)
            if shown:
                entries.setdefault(label, _entry(found, rank, label))
    return list(entries.values()) if len(entries) > 1 else []


def _is_drawn(found: Sample, name: str) -> bool:
    """Return whether a result has a value somewhere in the figure."""
    return bool(np.isfinite(found.theory[name]).any()) or any(
        run.results[name].simulated is not None for _, run in found.runs
    )


def _entry(found: Sample, rank: int, label: str) -> Any:
    colour = LANE_COLOURS[rank]
    if found.figure.kind == "bars":
        return Patch(facecolor=colour, alpha=_PALE_BAR + 0.3, label=label)
    return Line2D(
        [],
        [],
        color=colour,
        linestyle=_DASHES[rank],
        linewidth=2.8,
        marker=_MARKERS[rank],
        label=label,
        **_MARK,
    )


def _kind_handles(found: Sample) -> list[Any]:
    """Return what a line, a point, a ring and a cross are."""
    several = bool(_series_handles(found))
    colour = INK if several else LANE_COLOURS[0]
    shown = [result for _, run in found.runs for result in _shown_results(found, run.results)]
    shown += _shown_results(found, found.own.results)
    engine = _ERRORS if any(_is_random(result) for result in shown) else _ENGINE
    bars = found.figure.kind == "bars"
    theory: Any = Line2D([], [], color=colour, linewidth=2.8, label=str(_THEORY))
    if bars:
        theory = Patch(facecolor=colour, alpha=_PALE_BAR, label=str(_THEORY))
    handles = [theory, Line2D([], [], color=colour, marker="o", linestyle="none", label=str(engine), **_MARK)]
    if found.figure.x and found.own.parameters[found.figure.x] is not None:
        handles.append(Line2D([], [], linestyle="none", label=str(_YOURS), **{**_OWN, "markersize": 15}))
    if not all(result.ok for result in shown):
        handles.append(Line2D([], [], linestyle="none", label=str(_MISSED), **{**_MISS, "markersize": 11}))
    for panel in found.figure.panels:
        name = str(panel.beside.text()) if panel.beside else ""
        if panel.frame:
            handles.append(Patch(facecolor="none", edgecolor=PALE, label=name, **_LINE_BESIDE))
        elif name:
            handles.append(Line2D([], [], color=PALE, label=name, **_LINE_BESIDE))
    return handles


def _shown_results(found: Sample, results: dict[str, Comparison]) -> list[Comparison]:
    return [results[name] for name in found.figure.results]


def _held(found: Sample) -> str:
    """Return the parameters that the figure does not vary, as the user gave them."""
    given = {name: value for name, value in found.own.parameters.items() if name != found.figure.x}
    if not given:
        return ""
    stop = " ; " if lang() == "fr" else ", "
    text = stop.join(f"{name} = {_number(value)}" for name, value in given.items())
    return str((_HELD if found.figure.x else _GIVEN).format(held=text))


def _number(value: Any) -> str:
    """Return a parameter as people write it; a long list is cut."""
    if isinstance(value, bool):
        return str(_YES if value else _NO)
    if value is None:
        return "–"
    if isinstance(value, dict):
        return _cut([f"{name} {_number(item)}" for name, item in value.items()])
    if isinstance(value, list | tuple):
        return _cut([_number(item) for item in value])
    if isinstance(value, str):
        return value
    text = f"{value:.6g}".replace("-", "−")
    return text.replace(".", ",") if lang() == "fr" else text


def _cut(items: list[str]) -> str:
    stop = " ; " if lang() == "fr" else ", "
    more = f"{stop}… ({len(items)})" if len(items) > _LISTED else ""
    return f"[{stop.join(items[:_LISTED])}{more}]"
