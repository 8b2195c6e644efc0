"""The plane of the two indices: a trail per territory, one picture per lane on the same axes."""

import warnings
from math import hypot

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coopsim.comparison import Comparison
from coopsim.comparison.words import number
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, SYSTEM
from coopsim.report.svg import PALE, inline_svg, lane_colour, number_axis, style
from coopsim.types import FloatArray

_AXES = ("attractiveness_index", "cooperation_index")
_SIZE = (4.5, 4.2)
_GRID = {"left": 0.13, "right": 0.985, "bottom": 0.115, "top": 0.985}
_PLOT_POINTS = 260.0  # side of the plotting area, in points: where labels repel each other
_APART = 13.0  # points between two labels
_ALTERNATIVE = Text(
    "Plan attractivité × coopération, {title} : une trace par territoire, de {first} à {last}, médiane des "
    "mondes. En {last} : {ends}.",
    "Attractiveness × cooperation plane, {title}: a trail per territory, {first} to {last}, median of "
    "worlds. In {last}: {ends}.",
)


def phase_planes(comparison: Comparison) -> list[dict[str, str]]:
    """Return one picture a lane; none where the indices have no value."""
    columns = [SYSTEM.index(name) for name in _AXES]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        trails = np.nanmedian(comparison.ensemble.yearly()[:, :, :, 1:][..., columns], axis=1)
    if not np.isfinite(trails).all():
        return []
    limits = _limits(trails)
    return [
        {"title": title, "svg": _plane(comparison, lane, trails[lane], limits)}
        for lane, title in enumerate(comparison.titles)
    ]


def _limits(trails: FloatArray) -> FloatArray:
    """Return the common limits, shape (2, 2): low and high of each axis, with a margin."""
    points = trails.reshape(-1, 2)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.maximum(0.12 * (high - low), 0.1)
    return np.stack([low - margin, high + margin])


def _plane(comparison: Comparison, lane: int, trails: FloatArray, limits: FloatArray) -> str:
    """Draw one lane.

    Parameters
    ----------
    trails : FloatArray, shape (Y, T, 2)
    limits : FloatArray, shape (2, 2)
    """
    colour = lane_colour(lane)
    with style():
        figure = Figure(figsize=_SIZE)
        axes = figure.subplots(gridspec_kw=_GRID)
        for place in range(trails.shape[1]):
            trail = trails[:, place]
            axes.plot(trail[:, 0], trail[:, 1], color=colour, linewidth=1.1, alpha=0.65)
            axes.plot(*trail[0], "o", markersize=3.5, markerfacecolor="white", markeredgecolor=colour)
            axes.plot(*trail[-1], "o", markersize=5, color=colour)
        axes.set_xlim(*limits[:, 0])
        axes.set_ylim(*limits[:, 1])
        for which, name in zip("xy", _AXES, strict=True):
            number_axis(axes, which, "IQR", 6)
            axes.set(**{f"{which}label": str(BY_NAME[name].label)})
        axes.axhline(0, color=PALE, linewidth=0.8)
        axes.axvline(0, color=PALE, linewidth=0.8)
        _number_ends(axes, trails[-1], limits)
        return inline_svg(figure, f"phase-{lane}", _alternative(comparison, lane, trails[-1]))


def _number_ends(axes: Axes, ends: FloatArray, limits: FloatArray) -> None:
    """Write the number of each territory beside the end of its trail, labels pushed apart."""
    span = limits[1] - limits[0]
    anchors = (ends - limits[0]) / span * _PLOT_POINTS
    labels = spread_labels(anchors)
    for number_, (anchor, label) in enumerate(zip(anchors, labels, strict=True), start=1):
        axes.annotate(
            str(number_),
            xy=tuple(anchor / _PLOT_POINTS * span + limits[0]),
            xytext=tuple(label / _PLOT_POINTS * span + limits[0]),
            ha="center",
            va="center",
            fontsize=9,
            fontweight="bold",
            bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
            arrowprops={"arrowstyle": "-", "color": PALE, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0},
        )


def spread_labels(anchors: FloatArray, rounds: int = 200) -> FloatArray:
    """Return places for labels near their anchors where none covers another or a point.

    Parameters
    ----------
    anchors : FloatArray, shape (n, 2), point
    """
    centre = anchors.mean(axis=0)
    labels = np.empty_like(anchors)
    for i, anchor in enumerate(anchors):
        away = anchor - centre
        length = hypot(*away)
        # A tiny turn by rank separates labels whose anchors coincide.
        direction = away / length if length > 1e-9 else np.array([np.cos(i), np.sin(i)])  # noqa: PLR2004
        labels[i] = anchor + _APART * direction + 1e-3 * np.array([np.cos(i), np.sin(i)])
    for _ in range(rounds):
        push = np.zeros_like(labels)
        for others in (labels, anchors):
            gap = labels[:, None] - others[None]
            distance = np.hypot(gap[..., 0], gap[..., 1])
            near = (distance < _APART) & (distance > 0)
            force = np.where(near, (_APART - distance) / np.maximum(distance, 1e-6), 0.0)
            push += (gap * force[..., None]).sum(axis=1) / 2
        if not push.any():
            break
        labels = np.clip(labels + 0.5 * push, 4.0, _PLOT_POINTS - 4.0)
    return labels


def _alternative(comparison: Comparison, lane: int, ends: FloatArray) -> str:
    names = [place["name"] for place in comparison.manifest["context"]["case"]["territories"]]
    points = zip(names, ends, strict=True)
    parts = [f"{name} ({number(x, 'IQR')} ; {number(y, 'IQR')})" for name, (x, y) in points]
    first = comparison.ensemble.start_year
    return str(
        _ALTERNATIVE.format(
            title=comparison.titles[lane], first=first, last=comparison.last_year, ends=", ".join(parts)
        )
    )
