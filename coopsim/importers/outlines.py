"""Outlines of communes (IGN, Admin Express as GeoJSON): centres of territories, who touches whom, roads."""

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.folder import Note, Value
from coopsim.importers.job import Job
from coopsim.importers.layouts import MEMBERS, MOVES
from coopsim.importers.perimeters import members_of, today
from coopsim.importers.reading import read_sheets
from coopsim.importers.roads import complete
from coopsim.types import FloatArray
from coopsim.world.founding_places import great_circle_km

_CODES = ("code", "INSEE_COM", "CODE_INSEE", "insee_com", "code_insee", "insee")
_METRES_PER_DEGREE = 111_320.0
_TOUCHING = 2  # points of one outline near the other: one alone is a corner
_PLENTY = 5


def import_outlines(job: Job) -> None:
    """Centre of each territory and a link for each pair that touches: distance and time by road, by assumption."""
    maps = [path for path in job.files if path.suffix in {".geojson", ".json"} and _is_map(path)]
    tables = [path for path in job.files if path not in maps]
    if not maps:
        raise ScenarioError(
            [Problem(Text("donner au moins une carte GeoJSON", "give at least one GeoJSON map"))]
        )
    sheets = read_sheets(tables, (MEMBERS, MOVES), job.encoding)
    codes = job.folder.codes()
    home = members_of(sheets.get(MEMBERS.name, []), codes)
    moved = today(sheets.get(MOVES.name, []))
    points: dict[str, list[FloatArray]] = defaultdict(list)
    moments: dict[str, FloatArray] = defaultdict(lambda: np.zeros(3))
    for commune, rings in _communes(maps):
        code = home.get(commune) or home.get(moved.get(commune, ""), "")
        if code:
            points[code].extend(rings)
            moments[code] += sum((_moment(ring) for ring in rings), np.zeros(3))
    missing = [code for code in codes if code not in points]
    if missing:
        message = Text(
            "{n} territoires sans contour : {which}", "{n} territories without an outline: {which}"
        )
        shown = ", ".join(missing[:_PLENTY]) + (" …" if len(missing) > _PLENTY else "")
        raise ScenarioError([Problem(message.format(n=len(missing), which=shown))])
    centres = {code: moments[code][1:] / moments[code][0] for code in codes}
    pairs = touching({code: np.concatenate(points[code]) for code in codes}, job.assumed("contact_m").value)
    _write(job, codes, centres, pairs)


def _is_map(path: Path) -> bool:
    """Return whether a JSON file is a map: its first characters name its type."""
    try:
        return "FeatureCollection" in path.read_text(encoding="utf-8")[:4000]
    except (OSError, UnicodeDecodeError):
        return False


def _communes(maps: Sequence[Path]) -> Iterator[tuple[str, list[FloatArray]]]:
    """Return the rings of each commune of the maps, degrees."""
    for path in maps:
        try:
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
        except (ValueError, KeyError) as error:
            message = Text(f"carte illisible : {error}", f"map cannot be read: {error}")
            raise ScenarioError([Problem(message, path.name)]) from error
        for feature in features:
            facts = feature.get("properties") or {}
            commune = next((str(facts[name]) for name in _CODES if facts.get(name)), "")
            if not commune:
                message = Text("forme sans code de commune", "shape without a code of commune")
                raise ScenarioError(
                    [Problem(message, path.name, key="properties", allowed=", ".join(_CODES))]
                )
            yield commune, list(_rings(feature.get("geometry") or {}))


def _rings(geometry: Mapping[str, Any]) -> Iterator[FloatArray]:
    """Return the outer rings of a polygon or of several."""
    polygons = geometry.get("coordinates") or []
    if geometry.get("type") == "Polygon":
        polygons = [polygons]
    for polygon in polygons:
        if polygon and len(polygon[0]) > 3:  # noqa: PLR2004 - a closed triangle at least
            yield np.asarray(polygon[0], dtype=np.float64)[:, :2]


def _moment(ring: FloatArray) -> FloatArray:
    """Return the area of a ring and its first moments, degrees² and degrees³, by the shoelace formula."""
    origin = ring[0]
    x, y = (ring - origin).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = 0.5 * cross.sum()
    if area == 0.0:
        return np.zeros(3)
    cx = ((x[:-1] + x[1:]) * cross).sum() / (6.0 * area) + origin[0]
    cy = ((y[:-1] + y[1:]) * cross).sum() / (6.0 * area) + origin[1]
    # outlines turn either way: areas count as positive, and with the latitude as on the ground
    size = abs(area) * math.cos(math.radians(cy))
    return np.array([size, size * cx, size * cy])


def touching(outlines: Mapping[str, FloatArray], metres: float) -> list[tuple[str, str]]:
    """Return the pairs of territories whose outlines have several points nearer than a distance."""
    names = list(outlines)
    owner = np.concatenate([np.full(len(outlines[name]), n) for n, name in enumerate(names)])
    xy = np.concatenate(list(outlines.values()))
    flat = np.column_stack([xy[:, 0] * np.cos(np.radians(xy[:, 1])), xy[:, 1]]) * _METRES_PER_DEGREE
    near = cKDTree(flat).query_pairs(metres, output_type="ndarray")
    apart = owner[near[:, 0]] != owner[near[:, 1]]
    pairs = np.sort(owner[near[apart]], axis=1)
    found, count = np.unique(pairs, axis=0, return_counts=True)
    return [(names[int(a)], names[int(b)]) for (a, b), n in zip(found, count, strict=True) if n >= _TOUCHING]


def _write(
    job: Job, codes: Sequence[str], centres: Mapping[str, FloatArray], pairs: Sequence[tuple[str, str]]
) -> None:
    folder = job.folder
    folder.update(
        "territories",
        "code",
        {
            code: {"lon": round(float(centres[code][0]), 4), "lat": round(float(centres[code][1]), 4)}
            for code in codes
        },
    )
    detour, speed = job.assumed("road_detour"), job.assumed("road_speed_km_per_h")
    rows: list[Mapping[str, Value]] = []
    for a, b in pairs:
        km = detour.value * float(great_circle_km(*centres[a], *centres[b]))
        rows.append(
            {
                "from": a,
                "to": b,
                "adjacent": 1,
                "road_km": round(km, 1),
                "minutes": round(60.0 * km / speed.value, 1),
            }
        )
    folder.replace("links", rows)
    complete(folder)
    alone = len(codes) - len({code for pair in pairs for code in pair})
    message = Text(
        "{n} paires limitrophes ; {alone} territoires sans voisin",
        "{n} adjacent pairs; {alone} territories without a neighbour",
    )
    job.remark(message.format(n=len(pairs), alone=alone))
    source = "IGN, Admin Express, outlines of communes joined by territory"
    year = job.option("outline_year")
    folder.cite("territories", Note(("lon", "lat"), f"{source}: centroid", "measured", "degree WGS84", year))
    folder.cite(
        "links",
        Note(("from", "to"), "compiled by the authors", "measured"),
        Note(
            ("adjacent",),
            f"{source}: outlines nearer than {job.assumed('contact_m')}",
            "measured",
            "0/1",
            year,
        ),
        Note(
            ("road_km",),
            f"great circle between centroids, {detour}",
            "assumption",
            "km",
            low=f"×{detour.low:g}",
            high=f"×{detour.high:g}",
            note="pairs without a row: great circle with the same detour and speed",
        ),
        Note(
            ("minutes",),
            f"road_km, {speed}",
            "assumption",
            "min",
            low=f"{speed.low:g} km/h",
            high=f"{speed.high:g} km/h",
        ),
    )
