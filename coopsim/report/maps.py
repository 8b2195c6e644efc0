"""Maps: one per lane and indicator on a common scale; outlines where known, else circles of the same area."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PatchCollection, PathCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.path import Path

from coopsim.comparison import Comparison
from coopsim.comparison.words import number, unit_words
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, SYSTEM, Indicator
from coopsim.report.links import pact_links
from coopsim.report.svg import INK, Numbers, inline_svg, style
from coopsim.types import FloatArray

MAPPED = ("unemployment", "naf_consumed_ha", "supply_pressure", "low_flow_share", "trust", "pact_coverage")
_SIZE = (4.5, 4.3)
_MAP, _BAR = (0.01, 0.15, 0.98, 0.84), (0.05, 0.115, 0.9, 0.03)  # left, bottom, width, height
_LEVELS = 40  # of colour
_KM_PER_DEGREE = 111.2
_HECTARES_PER_KM2 = 100.0
_ALTERNATIVE = Text("Carte, {title} : {label} en {year}, médiane des mondes : {values}.",
                    "Map, {title}: {label} in {year}, median of worlds: {values}.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One territory on the plane, in kilometres.

    Attributes
    ----------
    name : str
    centre : tuple of float
    rings : list of FloatArray, shape (n, 2)
        Empty when the outline is not known.
    radius : float
        Of a circle with the territory's area.
    """

    name: str
    centre: tuple[float, float]
    rings: list[FloatArray]
    radius: float


def places(case: Mapping[str, Any]) -> list[Place]:
    """Return the territories on a plane (equirectangular around their middle latitude)."""
    rows = case["territories"]
    middle = float(np.mean([row["lat"] for row in rows]))
    scale = np.array([_KM_PER_DEGREE * np.cos(np.radians(middle)), _KM_PER_DEGREE])
    return [
        Place(
            name=row["name"],
            centre=(row["lon"] * scale[0], row["lat"] * scale[1]),
            rings=[np.asarray(ring) * scale for ring in case["outlines"].get(str(row["code"]), [])],
            radius=float(np.sqrt(row["area_ha"] / _HECTARES_PER_KM2 / np.pi)),
        )
        for row in rows
    ]


def maps(comparison: Comparison) -> list[dict[str, Any]]:
    """Return each mapped indicator that has values, with one SVG a lane; none without coordinates."""
    case = comparison.manifest["context"]["case"]
    if any(row["lon"] is None or row["lat"] is None for row in case["territories"]):
        return []
    ground = places(case)
    links = [pact_links(comparison, name) for name in comparison.names]
    horizon = comparison.ensemble.horizon[:, :, 1:]
    out = []
    for name in MAPPED:
        indicator = BY_NAME[name]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            values = np.nanmedian(horizon[..., SYSTEM.index(name)], axis=1)
        if not np.isfinite(values).any():
            continue
        lanes = [
            {"title": title, "svg": _map(comparison, ground, indicator, values, lane, links[lane])}
            for lane, title in enumerate(comparison.titles)
        ]
        rows = _rows(ground, indicator, values)
        out.append({"name": name, "label": str(indicator.label), "lanes": lanes, "rows": rows})
    return out


def _rows(ground: Sequence[Place], indicator: Indicator, values: FloatArray) -> list[dict[str, Any]]:
    return [
        {"name": place.name, "values": [number(lane[i], indicator.unit) for lane in values]}
        for i, place in enumerate(ground)
    ]


def _map(
    comparison: Comparison,
    ground: Sequence[Place],
    indicator: Indicator,
    values: FloatArray,
    lane: int,
    links: Mapping[tuple[int, int], float],
) -> str:
    """Draw one lane.

    Parameters
    ----------
    values : FloatArray, shape (L, T)
        The colour scale spans all lanes.
    """
    scale = _scale(values)
    with style():
        figure = Figure(figsize=_SIZE)
        axes = figure.add_axes(_MAP)
        axes.set_aspect("equal")
        axes.set_axis_off()
        colours = ScalarMappable(scale, mpl.colormaps["viridis_r"].resampled(_LEVELS))
        fills = colours.to_rgba(values[lane])
        _shapes(axes, ground, fills)
        _links(axes, ground, links)
        _numbers(axes, ground)
        axes.autoscale_view()
        bar = figure.colorbar(colours, cax=figure.add_axes(_BAR), orientation="horizontal")
        bar.ax.xaxis.set_major_formatter(Numbers(indicator.unit))
        bar.set_label(unit_words(indicator.unit))
        bar.outline.set_visible(False)
        if bar.solids:
            bar.solids.set(rasterized=False, edgecolor="face")  # shapes, not a picture inside the picture
        alternative = _ALTERNATIVE.format(
            title=comparison.titles[lane],
            label=indicator.label,
            year=comparison.last_year,
            values=", ".join(
                f"{place.name} {number(value, indicator.unit)}"
                for place, value in zip(ground, values[lane], strict=True)
            ),
        )
        return inline_svg(figure, f"map-{indicator.name}-{lane}", str(alternative))


def _scale(values: FloatArray) -> Normalize:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if high - low < 1e-9:  # noqa: PLR2004 - one value everywhere: a scale around it
        low, high = low - 0.5 * max(abs(low), 0.01), high + 0.5 * max(abs(high), 0.01)
    return Normalize(low, high)


def _shapes(axes: Axes, ground: Sequence[Place], fills: FloatArray) -> None:
    """Fill outlines first, then circles, the largest first so that none hides another."""
    for place, fill in zip(ground, fills, strict=True):
        if place.rings:
            path = Path.make_compound_path(*(Path(ring, closed=True) for ring in place.rings))
            axes.add_collection(PathCollection([path], facecolors=[fill], edgecolors="white", linewidths=1.0))
    rounds = [i for i, place in enumerate(ground) if not place.rings]
    rounds.sort(key=lambda i: -ground[i].radius)
    circles = [Circle(ground[i].centre, ground[i].radius) for i in rounds]
    axes.add_collection(
        PatchCollection(circles, facecolors=fills[rounds], edgecolors="white", linewidths=1.0, alpha=0.92)
    )


def _links(axes: Axes, ground: Sequence[Place], links: Mapping[tuple[int, int], float]) -> None:
    """Draw a line between members of a pact, the wider the more worlds have it."""
    for (i, j), share in links.items():
        x, y = zip(ground[i].centre, ground[j].centre, strict=True)
        axes.plot(x, y, color="white", linewidth=2.0 + 4.0 * share, solid_capstyle="round", zorder=3)
        axes.plot(x, y, color=INK, linewidth=0.4 + 3.0 * share, solid_capstyle="round", zorder=4)


def _numbers(axes: Axes, ground: Sequence[Place]) -> None:
    for rank, place in enumerate(ground, start=1):
        axes.annotate(
            str(rank),
            place.centre,
            ha="center",
            va="center",
            fontsize=9,
            fontweight="bold",
            zorder=5,
            bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": INK, "linewidth": 0.6},
        )
