"""A laboratory's figure as it stands in a page, with the places of the values run."""

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coopsim.lab import figure_style as look
from coopsim.lab.figure import drawn
from coopsim.lab.figure_data import Sample, scalar
from coopsim.lab.figure_info import Panel
from coopsim.report.svg import inline_svg, style

_POINTS_PER_INCH = 72.0  # units of a view box


@dataclass(frozen=True, slots=True)
class Inline:
    """A figure that stands in a page, and where the values run stand in it.

    Attributes
    ----------
    svg : str
        One ``<svg>`` element.
    frames : list of dict
        Panel by panel, in the units of its view box: ``x`` of each value run, ``top`` and ``bottom`` of the axes,
        and ``y`` of each result at each value, None where the engine gave none.
    """

    svg: str
    frames: list[dict[str, Any]]


def inline(found: Sample) -> Inline:
    """Return the figure for a page that asks the question in its own heading."""
    with style(), mpl.rc_context(look.LETTERS):
        figure, axes = drawn(found)
        svg = inline_svg(figure, found.info.name, str(found.info.title))
        pairs = zip(axes, found.figure.panels, strict=True)
        frames = [_frame_of(figure, *pair, found) for pair in pairs] if found.runs else []
    return Inline(svg, frames)


def _frame_of(figure: Figure, axes: Axes, panel: Panel, found: Sample) -> dict[str, Any]:
    """Return where the values run stand in the drawn figure, in points from its top left."""
    width, height = _POINTS_PER_INCH * figure.get_size_inches()
    across, up = width / figure.bbox.width, height / figure.bbox.height

    def place(x: float, y: float) -> tuple[float, float]:
        at = axes.transData.transform((x, y))
        return round(float(at[0] * across), 1), round(float(height - at[1] * up), 1)

    def level(x: float, value: float) -> float | None:
        return place(x, value)[1] if np.isfinite(value) else None

    low, high = axes.get_ylim()
    values = {name: [scalar(run.results[name].simulated) for _, run in found.runs] for name in panel.y}
    places = [x for x, _ in found.runs]
    return {
        "x": [place(x, low)[0] for x in places],
        "top": place(places[0], high)[1],
        "bottom": place(places[0], low)[1],
        "y": [[level(x, y) for x, y in zip(places, values[name], strict=True)] for name in panel.y],
    }
