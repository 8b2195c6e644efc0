"""Figures as SVG that stands in a page: text kept as text, identifiers unique, no date, no address."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, MaxNLocator

from coopsim.comparison.words import number, shown_scale

# Okabe & Ito (2008), Color Universal Design: distinct for all common forms of colour vision.
LANE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
LANE_DASHES = ("-", (0, (5, 1.5)), (0, (1, 1)), "-.", (0, (3, 1, 1, 1)), ":", "-")
INK, PALE, GRID = "#1a1a1a", "#595959", "#dddddd"

_STYLE: Any = {
    "svg.fonttype": "none",  # letters stay letters: searchable, small, read aloud
    "svg.hashsalt": "coopsim",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"],
    "font.size": 9.5,
    "text.color": INK,
    "axes.edgecolor": PALE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "path.simplify_threshold": 0.3,
}
_MOST_DECIMALS = 6
_PROLOGUE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_OPENING = re.compile(r"<svg[^>]*viewBox=\"([^\"]*)\"[^>]*>")
_IDENTIFIER = re.compile(r"(\bid=\"|url\(#|xlink:href=\"#)")
_BLANKS = re.compile(r"\n\s*")


def lane_colour(lane: int) -> str:
    """Return the colour of a lane."""
    return LANE_COLOURS[lane % len(LANE_COLOURS)]


@contextmanager
def style() -> Iterator[None]:
    """Draw in the report's style inside the block."""
    with mpl.rc_context(_STYLE):
        yield


def inline_svg(figure: Figure, name: str, alternative: str) -> str:
    """Return a figure as an SVG element for a page.

    Parameters
    ----------
    name : str
        Prefix of every identifier inside, unique in the page.
    alternative : str
        What the picture shows, for readers who do not see it.
    """
    buffer = io.StringIO()
    FigureCanvasSVG(figure)
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(buffer, format="svg", metadata=nothing, transparent=True)
    text = _METADATA.sub("", _PROLOGUE.sub("", buffer.getvalue()), count=1)
    box = _OPENING.search(text)
    viewbox = box.group(1) if box else ""
    opening = f'<svg viewBox="{viewbox}" role="img" aria-label="{escape(alternative)}" focusable="false">'
    text = _OPENING.sub(lambda _: opening, text, count=1)
    text = _IDENTIFIER.sub(lambda m: f"{m.group(1)}{name}-", text)
    return _BLANKS.sub("\n", text.replace("xlink:href", "href")).strip()


class Numbers(Formatter):
    """Tick labels in the language in force, with as many decimals as the step between ticks needs."""

    def __init__(self, unit: str) -> None:
        self._unit = unit

    def __call__(self, value: float, position: int | None = None) -> str:  # noqa: ARG002 - matplotlib's form
        """Return the label of a single value."""
        return number(value, self._unit)

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the labels of all ticks."""
        step = abs(values[1] - values[0]) * shown_scale(self._unit) if len(values) > 1 else 1.0
        shown = (n for n in range(_MOST_DECIMALS) if abs(step * 10**n - round(step * 10**n)) < 1e-6)  # noqa: PLR2004
        places = next(shown, _MOST_DECIMALS)
        return [number(value, self._unit, places) for value in values]


def number_axis(axes: Axes, which: str, unit: str, most: int) -> None:
    """Give an axis at most some ticks, labelled in the language in force."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(Numbers(unit))


def year_axis(axes: Axes) -> None:
    """Give the horizontal axis whole years."""
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10], integer=True))
    axes.xaxis.set_major_formatter("{x:.0f}")
