"""The Donut drawn: floors as wedges inside the ring, ceilings as wedges outside, a hatch where nothing is modelled."""

import math
import textwrap
import warnings

import numpy as np
from matplotlib.figure import Figure
from matplotlib.projections.polar import PolarAxes

from coopsim.comparison import Comparison
from coopsim.comparison.words import number
from coopsim.i18n import Text, lang
from coopsim.report.donut import Dimension, counted, dimensions, levels
from coopsim.report.svg import INK, PALE, inline_svg, style
from coopsim.types import FloatArray

# Radii: the hole, the floor, the ceiling, and the farthest that an overshoot is drawn.
_HOLE, _FLOOR, _CEILING, _RIM = 0.2, 1.4, 1.65, 2.2
_MOST = 2.0  # times the ceiling: longer wedges are cut there, their number says by how much they pass it
_SAFE, _SHORT, _OVER = (
    "#009E73",
    "#E69F00",
    "#D55E00",
)  # Okabe & Ito (2008); the side of the ring says the same
_UNKNOWN = "#f2f2f2"
_HALF = 180.0  # degrees
_GROUND = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
_MARGIN = 18  # letters a line beside the figure
_SIZE = (6.6, 5.2)
_SUMMARY = Text(
    "planchers tenus : {fk} sur {fn} calculés (de {fa}) ; plafonds tenus : {ck} sur {cn} calculés (de {ca})",
    "floors met: {fk} of {fn} computed (of {fa}); ceilings kept: {ck} of {cn} computed (of {ca})",
)
_ALTERNATIVE = Text(
    "Donut, {title}, fin {year} : {summary}. {parts}.", "Donut, {title}, end of {year}: {summary}. {parts}."
)
_NOT = Text("non modélisé", "not modelled")


def donuts(comparison: Comparison) -> list[dict[str, str]]:
    """Return one picture a lane: title, summary and SVG; medians of the worlds at the horizon, the whole system."""
    with warnings.catch_warnings():  # what no world has is not a number, and told as not computed
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = np.nanmedian(comparison.ensemble.horizon[:, :, 0], axis=1)
    return [
        {
            "title": title,
            "summary": summary(levels(middle[lane])),
            "svg": draw(levels(middle[lane]), title, comparison.last_year, f"donut-{lane}"),
        }
        for lane, title in enumerate(comparison.titles)
    ]


def summary(found: FloatArray) -> str:
    """Return how many floors and ceilings hold, of those computed, of all."""
    count = counted(found.tolist())
    (fk, fn, fa), (ck, cn, ca) = count["floor"], count["ceiling"]
    return str(_SUMMARY.format(fk=fk, fn=fn, fa=fa, ck=ck, cn=cn, ca=ca))


def draw(found: FloatArray, title: str, year: int, name: str) -> str:
    """Return the Donut of one place as SVG.

    Parameters
    ----------
    found : FloatArray, shape (21,)
        Levels, as `coopsim.report.donut.levels` gives them.
    """
    with style():
        figure = Figure(figsize=_SIZE)
        axes = figure.add_axes((0.2, 0.07, 0.6, 0.86), projection="polar")
        assert isinstance(axes, PolarAxes)
        axes.set_theta_zero_location("N")
        axes.set_theta_direction(-1)
        axes.set_ylim(0.0, _RIM)
        axes.grid(visible=False)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines["polar"].set_visible(False)
        for side in ("floor", "ceiling"):
            mine = [(d, x) for d, x in zip(dimensions(), found.tolist(), strict=True) if d.side == side]
            for place, (dimension, level) in enumerate(mine):
                _wedge(axes, dimension, level, place, len(mine))
        around = np.linspace(0.0, 2.0 * math.pi, 200)
        for radius in (_FLOOR, _CEILING):
            axes.plot(around, np.full_like(around, radius), color=INK, linewidth=1.6)
        return inline_svg(figure, name, _alternative(found, title, year))


def _wedge(axes: PolarAxes, dimension: Dimension, level: float, place: int, total: int) -> None:
    """Draw one floor inwards or one ceiling outwards, with its name."""
    width = 2.0 * math.pi / total
    angle = (place + 0.5) * width
    low, high = (_HOLE, _FLOOR) if dimension.side == "floor" else (_CEILING, _RIM)
    known = dimension.modelled and math.isfinite(level)
    axes.bar(
        angle, high - low, width=width * 0.97, bottom=low, color=_UNKNOWN, edgecolor=PALE, linewidth=0.5,
        hatch=None if known else "///", zorder=1,
    )  # fmt: skip
    if known and dimension.side == "floor":
        met = (_FLOOR - _HOLE) * min(max(level, 0.0), 1.0)
        axes.bar(
            angle,
            met,
            width=width * 0.97,
            bottom=_HOLE,
            color=_SAFE if level >= 1.0 - 1e-9 else _SHORT,
            zorder=2,
        )
    elif known:
        over = (_RIM - _CEILING) * min(max(level, 0.0), _MOST) / _MOST
        axes.bar(
            angle,
            over,
            width=width * 0.97,
            bottom=_CEILING,
            color=_SAFE if level <= 1.0 + 1e-9 else _OVER,
            zorder=2,
        )
        edge = _CEILING + (_RIM - _CEILING) / _MOST
        arc = np.linspace(angle - width / 2, angle + width / 2, 20)
        axes.plot(arc, np.full_like(arc, edge), color=INK, linewidth=1.0, linestyle=(0, (2, 1)), zorder=3)
    text = str(dimension.label) + (f" – {_percent(level)}" if known else "")
    if dimension.side == "floor":
        _inside(axes, angle, text)
    else:
        _outside(axes, angle, text)


def _inside(axes: PolarAxes, angle: float, text: str) -> None:
    """Write along the radius, never upside down, on a pale ground."""
    turn = 90.0 - math.degrees(angle) % 360.0
    turn = turn + 180.0 if math.degrees(angle) % 360.0 > _HALF else turn
    axes.text(
        angle, 0.5 * (_HOLE + _FLOOR) + 0.08, text, fontsize=6, rotation=turn, rotation_mode="anchor", ha="center",
        va="center", zorder=4, bbox=_GROUND,
    )  # fmt: skip


def _outside(axes: PolarAxes, angle: float, text: str) -> None:
    """Write beside the rim, in lines short enough for the margin."""
    turn = math.degrees(angle) % 360.0
    lines = "\n".join(textwrap.wrap(text, _MARGIN, break_long_words=False))
    axes.text(
        angle, _RIM + 0.1, lines, fontsize=7.5, va="center", ha="left" if turn < _HALF else "right", zorder=4
    )


def _percent(level: float) -> str:
    return number(level, "share", 0) + ("\u202f%" if lang() == "fr" else "%")


def _alternative(found: FloatArray, title: str, year: int) -> str:
    parts = [
        f"{d.label} : {_percent(x) if d.modelled and math.isfinite(x) else _NOT}"
        for d, x in zip(dimensions(), found.tolist(), strict=True)
    ]
    return str(_ALTERNATIVE.format(title=title, year=year, summary=summary(found), parts=" ; ".join(parts)))


def not_modelled() -> list[dict[str, str]]:
    """Return the floors and ceilings that the model does not compute, with the reason."""
    return [{"label": str(d.label), "why": str(d.why)} for d in dimensions() if not d.modelled]


def marks() -> list[dict[str, str]]:
    """Return the floors and ceilings computed: label, mark, grade and source of the mark."""
    return [
        {
            "label": str(d.label),
            "indicator": d.indicator,
            "mark": number(d.mark),
            "grade": d.grade,
            "source": d.source,
        }
        for d in dimensions()
        if d.modelled
    ]
