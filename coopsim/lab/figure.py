"""The figure of a laboratory: what the engine gives, marked on what theory says, ready for a projector."""

import io
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from coopsim.errors import Problem, ScenarioError, reason_of
from coopsim.i18n import Text
from coopsim.lab import figure_style as look
from coopsim.lab.figure_data import Sample, luck, scalar, series
from coopsim.lab.figure_info import Panel, unit_text
from coopsim.lab.figure_legend import draw_legend, ranks
from coopsim.lab.results import Comparison
from coopsim.report.svg import PALE, style

SUFFIXES = (".svg", ".png")
_UNWRITABLE = Text("impossible d'écrire ici", "cannot write here")
_MOST_NAMED, _MOST_NUMBERED = 16, 20  # items that have room for a name, for a number


def check_figure_place(path: Path, suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Refuse, before any work, a place where no figure (or page, with its own suffixes) can be written.

    Raises
    ------
    ScenarioError
        For another suffix, a missing folder, a folder in the place of the file, or one that cannot be written.
    """
    message, allowed = None, ""
    if path.suffix.lower() not in suffixes:
        message, allowed = Text("format de fichier inconnu", "unknown format of file"), ", ".join(suffixes)
    elif path.is_dir():
        message = Text("c'est un dossier", "this is a folder")
    elif not path.absolute().parent.is_dir():
        message = Text("ce dossier n'existe pas", "this folder does not exist")
    elif path.exists() and not os.access(path, os.W_OK):
        message = _UNWRITABLE
    if message is not None:
        raise ScenarioError([Problem(message, file=str(path), allowed=allowed)])
    put_in_place(path, None)


def write_figure(found: Sample, path: Path) -> None:
    """Draw a laboratory in the language in force and write it, whole or not at all.

    Parameters
    ----------
    found : Sample
    path : Path
        ``.svg`` or ``.png``.
    """
    put_in_place(path, picture(found, path.suffix.lower().removeprefix(".")))


def put_in_place(path: Path, content: bytes | None) -> None:
    """Put a content in a file under a name of its own, then rename it; without a content, only try to write."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content or b"")
        if content is not None:
            part.replace(path)
    except OSError as error:
        raise ScenarioError([Problem(_UNWRITABLE, file=str(path), value=str(reason_of(error)))]) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def picture(found: Sample, kind: str) -> bytes:
    """Return the figure as ``svg`` or ``png``; the same sample gives the same bytes."""
    question = str(found.info.question)
    with style(), mpl.rc_context(look.LETTERS):
        figure, _ = drawn(found)
        title = look.balanced(question, look.QUESTION[len(found.figure.panels)])
        figure.suptitle(title, x=0.012, ha="left", fontsize=look.TITLE, fontweight="bold")
        buffer = io.BytesIO()
        nothing: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        metadata = {**nothing, "Title": question} if kind == "svg" else {"Software": None}
        figure.savefig(buffer, format=kind, dpi=look.DOTS_PER_INCH, metadata=metadata, facecolor="white")
    return buffer.getvalue()


def drawn(found: Sample) -> tuple[Figure, list[Axes]]:
    """Return the figure without its question, and its axes, panel by panel."""
    panels = found.figure.panels
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1)
    figure = Figure(figsize=look.SIZES[len(panels)], layout=layout)
    frames = list(figure.subplots(1, len(panels), squeeze=False)[0])
    for axes, panel in zip(frames, panels, strict=True):
        (_bars if found.figure.kind == "bars" else _lines)(axes, found, panel)
        axes.set_ylabel(look.balanced(_vertical(found, panel), look.UP))
    draw_legend(figure, found)
    return figure, frames


def _lines(axes: Axes, found: Sample, panel: Panel) -> None:
    """Draw theory as a line and the engine as points, one colour, dash and mark a result."""
    for name, rank in zip(panel.y, ranks(found, panel), strict=True):
        line = {"color": look.COLOURS[rank], "linestyle": look.DASHES[rank], "linewidth": look.WIDTH}
        axes.plot(found.x, found.theory[name], **line, zorder=3)
        if found.width[name].any():
            low, high = (found.theory[name] + side * found.width[name] for side in (-1.0, 1.0))
            shade: Any = {"color": look.COLOURS[rank], "alpha": look.PALE_RANGE, "linewidth": 0}
            axes.fill_between(found.x, low, high, **shade, zorder=2)
        for x, run in found.runs:
            _point(axes, x, run.results[name], luck(found, name, x, run.results[name]), rank)
    _own(axes, found, panel)
    if found.figure.log:
        axes.set_xscale("log")
    else:
        whole = found.info.parameters[found.figure.x].kind == "integer"
        look.ticks(axes, "x", float(np.abs(found.x).max()), 8, whole=whole)
    axes.set_xlabel(look.balanced(_horizontal(found), look.ACROSS[len(found.figure.panels)]))
    if all(isinstance(run.results[name].exact, bool) for _, run in found.runs for name in panel.y):
        axes.set_yticks([0.0, 1.0], [str(look.NO), str(look.YES)])
        axes.set_ylim(-0.15, 1.15)
    else:
        _from_zero(axes)


def _own(axes: Axes, found: Sample, panel: Panel) -> None:
    """Ring the user's own point, and draw the parameter that the panel sets beside the results."""
    given = found.own.parameters
    if panel.level and given[panel.level] is not None:
        axes.axhline(given[panel.level], color=PALE, **look.BESIDE)
    here = given[found.figure.x]
    if here is None:
        return
    axes.axvline(here, color=PALE, linewidth=1.2, linestyle=(0, (2, 2)), zorder=1)
    for name in panel.y:
        y = scalar(found.own.results[name].simulated)
        axes.plot(here, y, **look.OWN, markersize=20, linestyle="none", clip_on=False, zorder=5)


def _point(axes: Axes, x: float, result: Comparison, bar: float, rank: int) -> None:
    """Mark what the engine gave; where it disagrees with theory, or never settled, a cross says so."""
    y = scalar(result.simulated)
    if np.isfinite(y):
        mark = {"fmt": look.MARKERS[rank], "color": look.COLOURS[rank], **look.MARK}
        axes.errorbar(x, y, yerr=bar or None, elinewidth=2.5, clip_on=False, zorder=4, **mark)
    if not result.ok:
        at = y if np.isfinite(y) else scalar(result.exact)
        axes.plot(x, at, **look.MISS, markersize=15, clip_on=False, zorder=6)


def _bars(axes: Axes, found: Sample, panel: Panel) -> None:
    """Draw theory as bars and the engine as marks, item by item, one colour and mark a result."""
    drawn = series(found, panel)
    items = drawn[0].items
    width = look.GROUP / len(drawn)
    places = np.arange(len(items))
    frame = _frame(found, panel)
    if frame:
        axes.bar(places, frame, look.GROUP + 0.1, facecolor="none", edgecolor=PALE, **look.BESIDE)
    for side, (one, rank) in enumerate(zip(drawn, ranks(found, panel), strict=True)):
        at = places + (side - 0.5 * (len(drawn) - 1)) * width
        colour = look.COLOURS[rank]
        axes.bar(at, one.exact, 0.94 * width, color=colour, alpha=look.PALE_BAR, zorder=3)
        mark = {"color": colour, "linestyle": "none", "clip_on": False, **look.MARK}
        mark["markersize"] *= min(1.0, _MOST_NAMED / len(items))
        axes.plot(at, one.simulated, look.MARKERS[rank], **mark, zorder=4)
        wrong = ~np.isclose(one.simulated, one.exact, rtol=0.0, atol=one.tolerance)
        seen = np.where(np.isnan(one.simulated), one.exact, one.simulated)
        axes.plot(at[wrong], seen[wrong], **look.MISS, markersize=15, zorder=6)
    _name_items(axes, items, look.ACROSS[1] // (len(items) * len(found.figure.panels)))
    axes.grid(visible=False, axis="x")
    if panel.across is not None:
        axes.set_xlabel(str(panel.across.text()))
    _from_zero(axes)


def _name_items(axes: Axes, items: list[str], room: int) -> None:
    """Name the items below their bars, slanted where words are too long; of many, every so many by its number."""
    if len(items) > _MOST_NAMED:
        step = -(-len(items) // _MOST_NUMBERED)
        places = list(range(step - 1, len(items), step))
        axes.set_xticks(places, [str(place + 1) for place in places])
    elif max(len(word) for item in items for word in item.split()) < room:
        axes.set_xticks(range(len(items)), [look.balanced(item, room) for item in items])
    else:
        axes.set_xticks(range(len(items)), items, rotation=45, ha="right", rotation_mode="anchor")


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
    axes.set_ylim(min(low, 0.0) - (0.6 * room if low < 0.0 else 0.0), max(high, 0.0) + room)
    look.ticks(axes, "y", max(abs(low), abs(high)), 7)


def _vertical(found: Sample, panel: Panel) -> str:
    results = [found.info.results[name] for name in panel.y]
    units = {result.unit for result in results}
    unit = panel.unit or (units.pop() if len(units) == 1 else "1")
    return _with_unit(panel.label.text() if panel.label else results[0].text, unit)


def _horizontal(found: Sample) -> str:
    parameter = found.info.parameters[found.figure.x]
    label = found.figure.horizontal.text() if found.figure.horizontal else parameter.text
    return _with_unit(label, parameter.unit)


def _with_unit(label: Text, unit: str) -> str:
    text, shown = str(label), str(unit_text(unit))
    told = not shown or shown in text.lower()  # "years after the first (years)" says it twice
    return text[:1].upper() + text[1:] + ("" if told else f" ({shown})")
