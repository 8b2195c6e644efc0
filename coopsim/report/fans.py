"""Trajectories: fans of worlds for each lane, and under them the paired differences."""

import warnings

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coopsim.comparison import Comparison
from coopsim.comparison.statistics import differences
from coopsim.comparison.words import difference_unit, interval, number, unit_words
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, SYSTEM, Indicator
from coopsim.report.svg import INK, LANE_DASHES, inline_svg, lane_colour, number_axis, style, year_axis
from coopsim.types import FloatArray

FANS = (
    "jobs",
    "unemployment",
    "naf_consumed_ha",
    "low_flow_share",
    "supply_pressure",
    "broadleaf_ratio",
    "conifer_ratio",
    "net_budget_eur_per_head",
)
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_SIZE = (4.5, 4.1)  # inches: at a phone's width a letter stays near its size here
_GRID = {
    "height_ratios": (2.2, 1),
    "left": 0.225,
    "right": 0.985,
    "bottom": 0.065,
    "top": 0.985,
    "hspace": 0.1,
}
_LABEL = (-0.205, 0.5)  # of the vertical axis: left of the widest tick labels
_ALTERNATIVE = Text(
    "{label} de {first} à {last}. Médiane en {last} et 90 % des mondes : {values}.",
    "{label}, {first} to {last}. Median in {last} and 90% of worlds: {values}.",
)


def fans(comparison: Comparison) -> list[dict[str, str]]:
    """Return one picture for each main trajectory that has values: its title, unit and SVG."""
    return [picture for name in FANS if (picture := fan(comparison, name)) is not None]


def fan(comparison: Comparison, name: str) -> dict[str, str] | None:
    """Return the picture of one indicator's trajectories: its title, unit and SVG; none without any value."""
    values = comparison.ensemble.yearly()[:, :, :, 0, SYSTEM.index(name)]
    if not np.isfinite(values).any():
        return None
    indicator = BY_NAME[name]
    return {
        "label": str(indicator.label),
        "unit": unit_words(indicator.unit),
        "svg": _fan(comparison, indicator, values),
    }


def _fan(comparison: Comparison, indicator: Indicator, values: FloatArray) -> str:
    """Draw one indicator.

    Parameters
    ----------
    values : FloatArray, shape (L, R, Y)
    """
    years = comparison.ensemble.start_year + np.arange(values.shape[2], dtype=np.float64)
    with style():
        figure = Figure(figsize=_SIZE)
        above, below = figure.subplots(2, 1, sharex=True, gridspec_kw=_GRID)
        for lane in range(values.shape[0]):
            _bands(above, years, values[lane], lane)
        number_axis(above, "y", indicator.unit, 6)
        above.set_ylabel(unit_words(indicator.unit))
        gaps = differences(np.broadcast_to(values[:1], values[1:].shape), values[1:])
        for lane, gap in enumerate(gaps, start=1):
            _bands(below, years, gap, lane)
        below.axhline(0.0, color=INK, linewidth=0.9)
        number_axis(below, "y", indicator.unit, 4)
        if not np.nan_to_num(gaps).any():  # the rules change nothing: a line at zero, without a scale
            below.set_ylim(-1, 1)
            below.set_yticks([0.0])
        below.set_ylabel(f"{_contrast(values.shape[0])}\n{difference_unit(indicator.unit)}")
        year_axis(below)
        for axes in (above, below):
            axes.yaxis.set_label_coords(*_LABEL)
        return inline_svg(figure, f"fan-{indicator.name}", _alternative(comparison, indicator, values))


def _contrast(lanes: int) -> str:
    letters = "BCDEFG"[: lanes - 1]
    return f"{letters} − A" if lanes == 2 else f"{letters[0]}…{letters[-1]} − A"  # noqa: PLR2004 - two lanes


def _bands(axes: Axes, years: FloatArray, values: FloatArray, lane: int) -> None:
    """Draw the median, the middle half and 90 % of worlds; values of shape (R, Y)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an indicator may have no value in some years
        low, lower, median, upper, high = np.nanquantile(values, _QUANTILES, axis=0)
    colour = lane_colour(lane)
    axes.fill_between(years, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.fill_between(years, lower, upper, color=colour, alpha=0.28, linewidth=0)
    axes.plot(years, median, color=colour, linewidth=1.8, linestyle=LANE_DASHES[lane % len(LANE_DASHES)])


def _alternative(comparison: Comparison, indicator: Indicator, values: FloatArray) -> str:
    last = values[:, :, -1]
    parts = []
    for lane, title in enumerate(comparison.titles):
        finite = last[lane][np.isfinite(last[lane])]
        if finite.size:
            low, median, high = np.quantile(finite, (0.05, 0.5, 0.95))
            spread = interval(low, high, indicator.unit)
            parts.append(f"{title} {number(median, indicator.unit)} ({spread})")
    values_text = "; ".join(parts)
    first = comparison.ensemble.start_year
    label = f"{indicator.label} ({unit_words(indicator.unit)})"
    return str(_ALTERNATIVE.format(label=label, first=first, last=comparison.last_year, values=values_text))
