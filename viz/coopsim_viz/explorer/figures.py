"""Pictures of the Explorer: bars of what matters, the plane of regimes, the cloud of points with its box."""

import textwrap
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from coopsim.comparison.words import difference_unit, number, shown_scale, unit_words
from coopsim.i18n import Text, lang
from coopsim.report.svg import INK, PALE, inline_svg, lane_colour, number_axis, style
from coopsim.report.tables import parameter_unit
from coopsim.types import BoolArray
from coopsim_viz.explorer.prim import Box
from coopsim_viz.explorer.regimes import Cell, Cut
from coopsim_viz.explorer.sensitivity import Sensitivity
from coopsim_viz.explorer.view import Factor, View

DRAWING = threading.Lock()  # the drawing library's settings are shared
_TINTS = {"a": "#a9cfe6", "b": "#f3b894", "": "#e8e8e8"}
_LINE = 26  # letters of a label on one line
_LEGEND: Any = {
    "loc": "outside upper center", "ncols": 3, "frameon": False, "fontsize": 8.5, "columnspacing": 1.0
}  # fmt: skip
_X = {
    "morris": Text("Effet moyen (μ*), {unit}", "Mean effect (μ*), {unit}"),
    "sobol": Text("Part de la variance (0 à 1)", "Share of variance (0 to 1)"),
    "share": Text("Part de la variance (0 à 1)", "Share of variance (0 to 1)"),
}
_CHANCE = Text("hasard seul, 95 %", "luck alone, 95%")
_TOTAL = Text("avec les interactions", "with interactions")
_WINS = Text("{side} l'emporte", "{side} wins")
_UNCLEAR = Text("pas d'écart net", "no clear difference")
_HIT = Text("vrai", "holds")
_MISS = Text("faux", "does not hold")
_BOX = Text("la boîte", "the box")
_ALTERNATIVES = {
    "bars": Text("Ce qui fait varier « {name} » : {list}.", "What drives “{name}”: {list}."),
    "plane": Text(
        "Régime qui l'emporte pour « {name} » selon {x} et {y} : {a} cases pour A, {b} pour B, {n} sans écart net.",
        "Regime that wins for “{name}” by {x} and {y}: {a} cells for A, {b} for B, {n} without a clear difference.",
    ),
    "cloud": Text(
        "Points du plan selon {x} et {y} ; la boîte en contient {n}, dont {share} % où c'est vrai.",
        "Points of the design by {x} and {y}; the box holds {n} of them, it holds at {share}% of these.",
    ),
}


def labelled(factor: Factor) -> str:
    """Return a factor's label with its unit."""
    unit = parameter_unit(factor.unit)
    label = str(factor.label)
    return f"{label[:1].upper()}{label[1:]}" + (f" ({unit})" if unit else "")


def unit_of(view: View) -> str:
    """Return the unit of what a view looks at."""
    return difference_unit(view.indicator.unit) if view.b else unit_words(view.indicator.unit)


def short(value: float) -> str:
    """Return a value of a factor in the language in force, three significant figures."""
    if value == 0.0:
        return "0"
    places = int(np.clip(2 - np.floor(np.log10(abs(value))), 0, 6))
    text = number(value, "", places)
    mark = "," if lang() == "fr" else "."
    return text.rstrip("0").rstrip(mark) if mark in text else text


def _wrapped(text: str, letters: int = _LINE) -> str:
    return "\n".join(textwrap.wrap(text, letters))


def _wide(factor: Factor) -> str:
    return _wrapped(labelled(factor), 2 * _LINE)


def bars(view: View, found: Sensitivity) -> str:
    """Draw what drives the outcome, the strongest on top."""
    drivers = found.drivers[:12][::-1]
    rows = np.arange(len(drivers))
    scale = shown_scale(view.indicator.unit) if found.method == "morris" else 1.0
    with style():
        figure = Figure(figsize=(4.9, 0.9 + 0.46 * len(drivers)), layout="constrained")
        axes = figure.subplots()
        values = np.array([d.value for d in drivers]) * scale
        axes.barh(rows, values, height=0.55, color=lane_colour(0))
        for row, driver in enumerate(drivers):
            if driver.high > driver.low:
                axes.plot(np.array([driver.low, driver.high]) * scale, [row, row], color=INK, linewidth=1.2)
        if found.method == "sobol":
            axes.plot(
                [d.more for d in drivers], rows, "D", color=lane_colour(1), markersize=6, label=str(_TOTAL)
            )
        if np.isfinite(found.chance):
            axes.axvline(found.chance, color=INK, linestyle=(0, (4, 2)), linewidth=1.2, label=str(_CHANCE))
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="lower right", framealpha=0.95)
        marks = {1: " ↑", -1: " ↓", 0: ""}
        axes.set_yticks(rows, [_wrapped(str(d.factor.label)) + marks[d.sign] for d in drivers])
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: short(float(v))))
        axes.set_xlabel(str(_X[found.method].format(unit=unit_of(view))))
        axes.grid(visible=False, axis="y")
        listed = ", ".join(f"{d.factor.label} {short(d.value * scale)}" for d in found.drivers)
        text = str(_ALTERNATIVES["bars"].format(name=str(view.indicator.label), list=listed))
        return inline_svg(figure, "drivers", text)


def plane(view: View, x: Cut, y: Cut, found: Sequence[Cell]) -> str:
    """Draw where each regime wins: letter, mean difference and interval in each cell."""
    with style():
        figure = Figure(figsize=(5.0, 4.7), layout="constrained")
        axes = figure.subplots()
        for cell in found:
            axes.add_patch(
                Rectangle((cell.x, cell.y), 1, 1, facecolor=_TINTS[cell.winner], edgecolor="white", linewidth=2,
                          hatch="" if cell.winner else "////")
            )  # fmt: skip
            letter = cell.winner.upper() or "≈"
            axes.text(
                cell.x + 0.5, cell.y + 0.62, letter, ha="center", va="center", fontsize=15, fontweight="bold"
            )
            size = number(cell.mean, view.indicator.unit, sign=True)
            box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.5}
            axes.text(cell.x + 0.5, cell.y + 0.28, size, ha="center", va="center", fontsize=8.5, bbox=box)
        axes.set(xlim=(0, x.size), ylim=(0, y.size), xlabel=_wide(x.factor), ylabel=_wide(y.factor))
        for axis, sliced in ((axes.xaxis, x), (axes.yaxis, y)):
            _slices(axis, sliced)
        axes.grid(visible=False)
        handles = [Patch(facecolor=_TINTS[k], label=str(_WINS.format(side=k.upper()))) for k in ("a", "b")]
        handles.append(Patch(facecolor=_TINTS[""], hatch="////", edgecolor="white", label=str(_UNCLEAR)))
        figure.legend(handles=handles, **_LEGEND)
        counts = {k: sum(c.winner == w for c in found) for k, w in (("a", "a"), ("b", "b"), ("n", ""))}
        names = {"x": str(x.factor.label), "y": str(y.factor.label), "name": str(view.indicator.label)}
        return inline_svg(figure, "regimes", str(_ALTERNATIVES["plane"].format(**names, **counts)))


def _slices(axis: Any, sliced: Cut) -> None:
    if sliced.levels:
        texts = [sliced.factor.said(v) if isinstance(v, str) else short(float(v)) for v in sliced.levels]
        axis.set_major_locator(FixedLocator((np.arange(sliced.size) + 0.5).tolist()))
    else:
        texts = [short(float(edge)) for edge in sliced.edges]
        axis.set_major_locator(FixedLocator(np.arange(sliced.size + 1).tolist()))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(
        FuncFormatter(lambda v, p: texts[p] if p is not None and p < len(texts) else str(v))
    )


def cloud(x: Factor, y: Factor, hit: BoolArray, box: Box) -> str:
    """Draw the points where it holds and where it does not, on two factors, with the box."""
    with style():
        figure = Figure(figsize=(4.9, 4.3), layout="constrained")
        axes = figure.subplots()
        for holds, marker, colour, face in (
            (False, "o", PALE, "none"),
            (True, "D", lane_colour(1), lane_colour(1)),
        ):
            some = hit == holds
            axes.scatter(
                x.numbers[some], y.numbers[some], marker=marker, s=34, edgecolors=colour, facecolors=face
            )
        for which, factor in (("x", x), ("y", y)):
            _axis(axes, which, factor)
        _draw_box(axes, x, y, box)
        handles: list[Any] = [
            Line2D([], [], marker="D", linestyle="", color=lane_colour(1), label=str(_HIT)),
            Line2D([], [], marker="o", linestyle="", markerfacecolor="none", color=PALE, label=str(_MISS)),
        ]
        if box.conditions:
            handles.append(Patch(facecolor="none", edgecolor=lane_colour(0), linewidth=2, label=str(_BOX)))
        figure.legend(handles=handles, **_LEGEND)
        share = number(box.density, "share", 0)
        text = _ALTERNATIVES["cloud"].format(x=str(x.label), y=str(y.label), n=box.points, share=share)
        return inline_svg(figure, "conditions", str(text))


def _axis(axes: Axes, which: str, factor: Factor) -> None:
    if not factor.numeric:
        getattr(axes, f"set_{which}ticks")(range(len(factor.levels)), [factor.said(v) for v in factor.levels])
    elif factor.log:
        getattr(axes, f"set_{which}scale")("log")
        axis = getattr(axes, f"{which}axis")
        axis.set_major_locator(
            FixedLocator(np.geomspace(factor.numbers.min(), factor.numbers.max(), 4).tolist())
        )
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda v, _: short(float(v))))
    else:
        number_axis(axes, which, "", 5)
    axes.set(**{f"{which}label": _wide(factor)})


def _draw_box(axes: Axes, x: Factor, y: Factor, box: Box) -> None:
    ends = {c.factor.key: (c.low, c.high) for c in box.conditions if c.factor.numeric}
    if not ends:
        return
    limits = []
    for factor, (low, high) in ((x, axes.get_xlim()), (y, axes.get_ylim())):
        one, other = ends.get(factor.key, (-np.inf, np.inf))
        limits.append((max(one, low), min(other, high)))
    (left, right), (bottom, top) = limits
    axes.add_patch(
        Rectangle((left, bottom), right - left, top - bottom, facecolor=lane_colour(0), alpha=0.12, zorder=0)
    )
    axes.add_patch(
        Rectangle(
            (left, bottom), right - left, top - bottom, fill=False, edgecolor=lane_colour(0), linewidth=2
        )
    )
