"""Small pictures of the report as SVG: curves of both lanes with what was predicted, maps of the end."""

from collections.abc import Callable, Sequence
from html import escape
from itertools import combinations
from typing import Any

import numpy as np

from coopsim.comparison.words import number, scale_of, shown_scale
from coopsim.i18n import lang
from coopsim.indicators import BY_NAME
from coopsim.types import FloatArray

COLOURS = {"A": "#0072B2", "B": "#C14D00"}
PALETTE = ("#f1eef6", "#c4bcdc", "#9a8dc4", "#7359a8", "#4a2c7d")
_W, _H, _L, _R, _T, _B = 520.0, 230.0, 70.0, 90.0, 14.0, 28.0


def curves(
    series: dict[str, FloatArray],
    indicator: str,
    start_year: int,
    ticks: int,
    predicted: dict[str, dict[int, list[float]]],
) -> str:
    """Return the trajectories of an indicator on both lanes; dots are the medians of what the room predicted."""
    one = BY_NAME[indicator]
    guesses = [v for lane in predicted.values() for values in lane.values() for v in values]
    known = np.concatenate(
        [*(s[np.isfinite(s)] for s in series.values()), np.array(guesses, dtype=np.float64)]
    )
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    pad = 0.06 * (high - low) or 0.05 * abs(high) or 1.0 / scale_of(one.unit)
    low, high = low - pad if low < 0.0 else max(low - pad, 0.0), high + pad

    def x(tick: float) -> float:
        return _L + (_W - _L - _R) * tick / max(ticks, 1)

    def y(value: float) -> float:
        return _H - _B - (_H - _B - _T) * (value - low) / (high - low)

    parts = [f"<svg viewBox='0 0 {_W:.0f} {_H:.0f}' role='img' aria-label='{escape(str(one.label))}'>"]
    for value in steps(low, high):
        at = y(float(value))
        parts.append(f"<line x1='{_L}' x2='{_W - _R}' y1='{at:.1f}' y2='{at:.1f}' stroke='#ccc'/>")
        text = escape(_tick(float(value), one.unit, high - low))
        parts.append(f"<text x='{_L - 5}' y='{at + 4:.1f}' text-anchor='end'>{text}</text>")
    span = ticks // 4
    every = 10 if span > 20 else 5 if span > 8 else 1  # noqa: PLR2004 - years
    years = [4 * n for n in range(span + 1) if (start_year + n) % every == 0]
    parts += [
        f"<text x='{x(t):.1f}' y='{_H - 8}' text-anchor='middle'>{start_year + t // 4}</text>" for t in years
    ]
    parts += _baseline(series, y)
    ends = _apart({lane: y(float(s[-1])) for lane, s in series.items() if s.size and np.isfinite(s[-1])})
    for lane, values in series.items():
        points = " ".join(f"{x(t + 1):.1f},{y(float(v)):.1f}" for t, v in enumerate(values) if np.isfinite(v))
        dash = " stroke-dasharray='7 4'" if lane == "B" else ""
        parts.append(
            f"<polyline points='{points}' fill='none' stroke='{COLOURS[lane]}' stroke-width='2.5'{dash}/>"
        )
        if lane in ends:
            text = escape(f"{lane} {number(float(values[-1]), one.unit)}")
            spot = f"x='{_W - _R + 5}' y='{ends[lane] + 4:.1f}' fill='{COLOURS[lane]}'"
            parts.append(f"<text {spot} font-weight='bold'>{text}</text>")
        for tick, said in predicted.get(lane, {}).items():
            middle = float(np.median(said))
            spot = f"cx='{x(tick):.1f}' cy='{y(middle):.1f}'"
            parts.append(f"<circle {spot} r='5' fill='none' stroke='{COLOURS[lane]}' stroke-width='2'/>")
    return "".join([*parts, "</svg>"])


def _baseline(series: dict[str, FloatArray], y: Callable[[float], float]) -> list[str]:
    """Return the value at the start as a dotted line; nothing before the first quarter."""
    starts = [float(s[0]) for s in series.values() if s.size and np.isfinite(s[0])]
    if not starts:
        return []
    at = f"{y(starts[0]):.1f}"
    return [f"<line x1='{_L}' x2='{_W - _R}' y1='{at}' y2='{at}' stroke='#555' stroke-dasharray='2 4'/>"]


def steps(low: float, high: float, count: int = 4) -> list[float]:
    """Return round numbers inside a range, about ``count`` of them: 1, 2, 2.5 or 5 times a power of ten apart."""
    raw = max((high - low) / count, 1e-12)
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(k * power for k in (1.0, 2.0, 2.5, 5.0, 10.0) if k * power >= raw * (1 - 1e-9))
    return [float(n * step) for n in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def _tick(value: float, unit: str, span: float) -> str:
    """Return a number of an axis with the decimals that tell its neighbours apart."""
    places = int(np.clip(2 - np.floor(np.log10(max(span * shown_scale(unit), 1e-9))), 0, 6))
    text = number(value, unit, places)
    mark = "," if lang() == "fr" else "."
    return text.rstrip("0").rstrip(mark) if mark in text and places else text


def _apart(ends: dict[str, float]) -> dict[str, float]:
    if len(ends) == 2 and abs(ends["A"] - ends["B"]) < 16:  # noqa: PLR2004 - two labels, a line of text
        middle, sign = (ends["A"] + ends["B"]) / 2, -1.0 if ends["A"] <= ends["B"] else 1.0
        return {"A": middle + 8 * sign, "B": middle - 8 * sign}
    return ends


def maps(
    scene: dict[str, Any],
    values: dict[str, FloatArray],
    indicator: str,
    pacts: dict[str, list[list[int]]] | None = None,
) -> dict[str, str]:
    """Return a map of each lane on one scale, classes under it, lines between the members (rows) of pacts."""
    one = BY_NAME[indicator]
    known = np.concatenate([v[np.isfinite(v)] for v in values.values()])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    edges = _classes(low, high, shown_scale(one.unit))
    width, height = scene["size"]
    said = [escape(_tick(float(edge), one.unit, float(edges[-1] - edges[0]))) for edge in edges]
    legend = "".join(
        f"<rect x='{14 + 100 * k}' y='{height + 6:.0f}' width='98' height='12' fill='{colour}'/>"
        for k, colour in enumerate(PALETTE)
    ) + "".join(
        f"<text x='{14 + 100 * k}' y='{height + 36:.0f}' font-size='19' text-anchor='{anchor}'>{text}</text>"
        for k, (text, anchor) in enumerate(zip(said, ("start", *["middle"] * 4, "end"), strict=True))
    )
    label, box = escape(str(one.label)), f"0 0 {width:.0f} {height + 44:.0f}"
    return {
        lane: f"<svg viewBox='{box}' role='img' aria-label='{lane}, {label}'>"
        + "".join(_place(scene, i, float(v), edges) for i, v in enumerate(some))
        + "".join(_links(scene, (pacts or {}).get(lane, [])))
        + "".join(_number(scene, i) for i in range(len(some)))
        + legend
        + "</svg>"
        for lane, some in values.items()
    }


def _classes(low: float, high: float, scale: float) -> FloatArray:
    """Return the bounds of the classes of a map, round numbers in the unit shown, which hold all values."""
    low, high = low * scale, high * scale
    raw = max((high - low) / len(PALETTE), abs(high) * 1e-3, 1e-9)
    while True:
        power = 10.0 ** np.floor(np.log10(raw))
        step = next(k * power for k in (1.0, 2.0, 2.5, 5.0, 10.0) if k * power >= raw * (1 - 1e-9))
        first = np.floor(low / step + 1e-9) * step
        if first + len(PALETTE) * step >= high * (1 - 1e-9):
            bounds: FloatArray = (first + step * np.arange(len(PALETTE) + 1)) / scale
            return bounds
        raw = step * 1.01


def _place(scene: dict[str, Any], i: int, value: float, edges: Sequence[float] | FloatArray) -> str:
    k = (
        int(np.clip(np.searchsorted(edges, value, side="right") - 1, 0, len(PALETTE) - 1))
        if np.isfinite(value)
        else 0
    )
    fill = PALETTE[k] if np.isfinite(value) else "#ddd"
    shape = scene["shapes"][i]
    return f"<path d='{shape}' fill='{fill}' stroke='#fff' stroke-width='1.5' fill-rule='evenodd'/>"


def _links(scene: dict[str, Any], pacts: list[list[int]]) -> list[str]:
    """Return a line for each pair of members, white under green."""
    pairs = {pair for members in pacts for pair in combinations(sorted(members), 2)}
    ends = [(scene["centres"][a], scene["centres"][b]) for a, b in sorted(pairs)]
    return [
        f"<line x1='{a[0]}' y1='{a[1]}' x2='{b[0]}' y2='{b[1]}' stroke='{colour}' stroke-width='{width}'/>"
        for a, b in ends
        for colour, width in (("#fff", 7), ("#00795c", 4))
    ]


def _number(scene: dict[str, Any], i: int) -> str:
    x, y = scene["centres"][i]
    return (
        f"<circle cx='{x}' cy='{y}' r='13' fill='#fff' stroke='#333'/>"
        f"<text x='{x}' y='{y + 5}' text-anchor='middle' font-size='15' font-weight='bold'>{i + 1}</text>"
    )
