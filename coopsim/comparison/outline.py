"""Simpler outlines for small maps."""

import numpy as np

from coopsim.types import FloatArray

TOLERANCE = 0.002  # degrees: about 200 m, under a pixel of the report's maps


def simplified(ring: FloatArray, tolerance: float = TOLERANCE) -> FloatArray:
    """Return a ring with fewer points, none of those left out farther than the tolerance.

    Ramer (1972), *An iterative procedure for the polygonal approximation of plane curves*;
    Douglas & Peucker (1973).

    Parameters
    ----------
    ring : FloatArray, shape (n, 2), degree
        Closed: the last point is the first.

    Returns
    -------
    FloatArray, shape (m, 2), degree
        Rounded to four decimals.
    """
    keep = np.zeros(len(ring), np.bool_)
    keep[[0, -1]] = True
    spans = [(0, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:  # noqa: PLR2004 - no point between
            continue
        distance = _distances(ring[first + 1 : last], ring[first], ring[last])
        farthest = int(np.argmax(distance))
        if distance[farthest] > tolerance:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return np.round(ring[keep], 4)


def _distances(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the distance of points to a segment; to its start when it has no length."""
    along = end - start
    length2 = float(along @ along)
    offset = points - start
    at = np.clip(offset @ along / length2, 0.0, 1.0) if length2 > 0.0 else np.zeros(len(points))
    gap = offset - at[:, None] * along
    out: FloatArray = np.hypot(gap[:, 0], gap[:, 1])
    return out
