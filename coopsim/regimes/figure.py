"""The picture of a plane: one panel an outcome, each cell coloured by the regime that wins, hatched where undecided."""

import io
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from coopsim.comparison.words import difference_unit, number
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME
from coopsim.regimes.plane import Axis, Plane
from coopsim.regimes.words import axis_words, value_words
from coopsim.report.svg import INK, LANE_COLOURS, PALE, style

COLOURS = {-1: LANE_COLOURS[1], 1: LANE_COLOURS[0]}
LETTERS = {-1: "A", 1: "C"}
_ACROSS = 3
_PANEL = (3.0, 2.75)
_TITLE_WIDTH = 40  # letters
_LEGEND = {
    -1: Text("A : attirer l'emporte", "A: attracting wins"),
    1: Text("C : coopérer l'emporte", "C: cooperating wins"),
    0: Text("indécis (taux de fausses découvertes 5 %)", "undecided (false discovery rate 5%)"),
}
_INSIDE = Text(
    "dans chaque case : coopération − attractivité, moyenne de {worlds} mondes appariés, après {years} ans",
    "in each cell: cooperation − attractiveness, mean of {worlds} paired worlds, after {years} years",
)


def picture(plane: Plane, kind: str = "svg") -> bytes:
    """Return the picture as ``svg`` or ``png`` in the language in force; the same plane gives the same bytes."""
    rows = -(-len(plane.outcomes) // _ACROSS)
    with style():
        figure = Figure(figsize=(_PANEL[0] * _ACROSS, _PANEL[1] * rows + 1.0), layout="constrained")
        frames = figure.subplots(rows, _ACROSS, squeeze=False).ravel()
        for number_, axes in enumerate(frames):
            if number_ < len(plane.outcomes):
                _panel(axes, plane, number_)
            else:
                axes.set_axis_off()
        figure.suptitle(str(plane.title), x=0.01, ha="left", fontsize=11, fontweight="bold")
        frames[-_ACROSS + _ACROSS // 2].set_xlabel(axis_words(plane.x), fontsize=9)
        figure.supylabel(axis_words(plane.y), fontsize=9)
        inside = _INSIDE.format(worlds=plane.worlds, years=plane.years)
        figure.legend(
            handles=_handles(), loc="outside lower center", ncols=3, frameon=False, fontsize=8.5, title=str(inside),
            title_fontsize=8.0,
        )  # fmt: skip
        buffer = io.BytesIO()
        metadata: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        metadata = metadata | {"Title": str(plane.title)} if kind == "svg" else {"Software": None}
        figure.savefig(buffer, format=kind, dpi=150, metadata=metadata, facecolor="white")
    return buffer.getvalue()


def _handles() -> list[Patch]:
    won = [Patch(facecolor=COLOURS[side], label=str(_LEGEND[side])) for side in (1, -1)]
    return [*won, Patch(facecolor="white", edgecolor=PALE, hatch="////", label=str(_LEGEND[0]))]


def _panel(axes: Axes, plane: Plane, outcome: int) -> None:
    """Draw the cells of one outcome."""
    indicator = BY_NAME[plane.outcomes[outcome]]
    winner, mean = plane.winner[outcome], plane.mean[outcome]
    for j in range(winner.shape[0]):
        for i in range(winner.shape[1]):
            side = int(winner[j, i])
            _cell(axes, i, j, side)
            if np.isfinite(mean[j, i]):
                told = number(float(mean[j, i]), indicator.unit, sign=True)
                told = f"{LETTERS[side]}\n{told}" if side else told
                colour = "white" if side else INK
                axes.text(i, j, told, ha="center", va="center", fontsize=6.2, color=colour, linespacing=1.1)
    _ticks(axes, "x", plane.x)
    _ticks(axes, "y", plane.y)
    axes.set_xlim(-0.5, winner.shape[1] - 0.5)
    axes.set_ylim(-0.5, winner.shape[0] - 0.5)
    axes.grid(visible=False)
    title = fill(f"{indicator.label} ({difference_unit(indicator.unit)})", _TITLE_WIDTH)
    axes.set_title(title, fontsize=8.5, loc="left")


def _cell(axes: Axes, i: int, j: int, side: int) -> None:
    look: dict[str, Any] = (
        {"facecolor": COLOURS[side], "edgecolor": "white"}
        if side
        else {"facecolor": "white", "edgecolor": "#bbbbbb", "hatch": "////"}
    )
    axes.add_patch(Rectangle((i - 0.5, j - 0.5), 1.0, 1.0, linewidth=0.8, **look))


def _ticks(axes: Axes, which: str, axis: Axis) -> None:
    places, labels = list(range(len(axis.values))), [value_words(value) for value in axis.values]
    if which == "x":
        axes.set_xticks(places, labels, fontsize=7.5)
    else:
        axes.set_yticks(places, labels, fontsize=7.5)
