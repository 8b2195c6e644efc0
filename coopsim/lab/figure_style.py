"""How figures of laboratories look: letters for a projector, marks that no colour vision confuses, wrapped words."""

import math
import textwrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from coopsim.i18n import Text, lang
from coopsim.report.svg import INK, LANE_COLOURS, number_axis

COLOURS = LANE_COLOURS
SIZES = {1: (10.5, 6.8), 2: (13.5, 6.8)}  # inches, by number of panels
LETTERS: Any = {"font.size": 15, "axes.linewidth": 1.0, "grid.linewidth": 0.8}
TITLE, SMALL, SMALLEST = 19, 14, 13  # size of the question, of the legend, of the parameters, points
DOTS_PER_INCH = 150

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), "-.", (0, (3, 1, 1, 1)), ":", "-")
WIDTH = 2.8  # of a line of theory, points
MARK: Any = {"markersize": 10, "markeredgecolor": "white", "markeredgewidth": 1.2}
OWN: Any = {"marker": "o", "markerfacecolor": "none", "markeredgecolor": INK, "markeredgewidth": 2}
MISS: Any = {"marker": "x", "markeredgecolor": "#D55E00", "markeredgewidth": 3.5, "linestyle": "none"}
BESIDE: Any = {"linestyle": (0, (4, 2)), "linewidth": 1.8}
PALE_BAR, PALE_RANGE = 0.45, 0.2  # opacity
GROUP = 0.82  # width of the bars of one item, of the distance between items

# Characters of a line, by number of panels: the question, the legend, the horizontal axis; on any figure: the vertical
# axis and an entry of the legend.
QUESTION, LEGEND, ACROSS = {1: 58, 2: 75}, {1: 84, 2: 110}, {1: 76, 2: 42}
UP, ENTRY = 36, 44
_LARGE, _SMALL = 1e7, 1e-4  # from here up, and below here, ticks are powers of ten
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_HANDLE = 9  # characters that the mark of a legend entry and the gap to the next column are worth
_LISTED = 4  # items of a list that are written out

YES, NO = Text("oui", "yes"), Text("non", "no")


def balanced(text: str, width: int) -> str:
    """Return a text on as few lines as a width in characters asks for, of about the same length."""
    least = max(map(len, text.split()), default=1)
    lines = len(_wrapped(text, max(width, least)))
    return next(
        "\n".join(_wrapped(text, w)) for w in range(least, width + least) if len(_wrapped(text, w)) == lines
    )


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def columns(labels: list[str], width: int) -> int:
    """Return how many columns of a legend fit a width in characters; matplotlib fills them one after the other."""
    lengths = [max(map(len, label.splitlines())) + _HANDLE for label in labels]
    for count in range(len(labels), 1, -1):
        if sum(int(part.max()) for part in np.array_split(lengths, count)) <= width:
            return count
    return 1


def ticks(axes: Axes, which: str, largest: float, most: int, *, whole: bool = False) -> None:
    """Give an axis at most some ticks in the language in force; very large and very small ones as powers of ten."""
    number_axis(axes, which, "", most)
    axis = axes.yaxis if which == "y" else axes.xaxis
    if whole:
        axis.set_major_locator(MaxNLocator(nbins=most, integer=True))
    if largest >= _LARGE or 0.0 < largest < _SMALL:
        axis.set_major_formatter(FuncFormatter(lambda value, _: _power(value)))


def _power(value: float) -> str:
    """Return a number as 2.5·10⁻⁷."""
    if value == 0.0:
        return "0"
    power = math.floor(math.log10(abs(value)) + 1e-9)
    digits = written(float(f"{value / 10.0**power:.3g}"))
    return f"{digits}·10{str(power).translate(_RAISED)}"


def assigned(values: dict[str, Any]) -> str:
    """Return parameters as people write them: ``n = 4, alpha = 0.5``."""
    return _stop().join(f"{name} = {written(value)}" for name, value in values.items())


def written(value: Any) -> str:
    """Return a value; a long list is cut."""
    if isinstance(value, bool):
        return str(YES if value else NO)
    if value is None:
        return "–"
    if isinstance(value, dict):
        return _cut([f"{name} {written(item)}" for name, item in value.items()])
    if isinstance(value, list | tuple):
        return _cut([written(item) for item in value])
    if isinstance(value, str):
        return value
    text = f"{value:.6g}".replace("-", "−")
    return text.replace(".", ",") if lang() == "fr" else text


def _cut(items: list[str]) -> str:
    more = f"{_stop()}… ({len(items)})" if len(items) > _LISTED else ""
    return f"[{_stop().join(items[:_LISTED])}{more}]"


def _stop() -> str:
    return " ; " if lang() == "fr" else ", "  # the comma is the decimal point in French
