"""Distances of the first day: those of the case, and for pairs that it leaves out those its own roads suggest."""

import numpy as np

from coopsim.scenario.case import Case
from coopsim.types import BoolArray, FloatArray

_EARTH_KM = 6371.0
_NEAR_KM = 1e-3


def great_circle_km(lon_a: object, lat_a: object, lon_b: object, lat_b: object) -> FloatArray:
    """Return the great-circle distance (haversine), km; arguments in degrees, broadcast."""
    a, b, c, d = (np.radians(np.asarray(x, dtype=np.float64)) for x in (lon_a, lat_a, lon_b, lat_b))
    h = np.sin(0.5 * (d - b)) ** 2 + np.cos(b) * np.cos(d) * np.sin(0.5 * (c - a)) ** 2
    out: FloatArray = 2.0 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))
    return out


def roads(case: Case, codes: tuple[str, ...]) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return kilometres, minutes and contiguity of every pair of territories, shape (T, T) each.

    A case of more than 200 territories may leave out pairs that are far apart. Those are given the great
    circle between their centres times the median detour of the case's links, at their median speed; a case
    without any usable link gives the great circle itself, at one minute a kilometre.
    """
    n = len(codes)
    row = {code: i for i, code in enumerate(codes)}
    km, minutes = np.zeros((n, n)), np.zeros((n, n))
    adjacent = np.zeros((n, n), np.bool_)
    known = np.eye(n, dtype=np.bool_)
    links = case.links
    a = np.array([row[str(code)] for code in links["from"]], dtype=np.int64)
    b = np.array([row[str(code)] for code in links["to"]], dtype=np.int64)
    for i, j in ((a, b), (b, a)):
        km[i, j] = links["road_km"].to_numpy(dtype=np.float64)
        minutes[i, j] = links["minutes"].to_numpy(dtype=np.float64)
        adjacent[i, j] = links["adjacent"].to_numpy(dtype=np.bool_)
        known[i, j] = True
    if known.all():
        return km, minutes, adjacent
    lon, lat = (case.territories[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
    straight = great_circle_km(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    told = straight[a, b] > _NEAR_KM
    detour = float(np.median(km[a, b][told] / straight[a, b][told])) if told.any() else 1.0
    moving = km[a, b] > _NEAR_KM
    pace = float(np.median(minutes[a, b][moving] / km[a, b][moving])) if moving.any() else 1.0
    return (
        np.where(known, km, detour * straight),
        np.where(known, minutes, detour * pace * straight),
        adjacent,
    )
