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
    """Return the distance of points to a segment's line, or to its start when it has no length."""
    along = end - start
    length = float(np.hypot(*along))
    offset = points - start
    if length == 0.0:
        return np.hypot(offset[:, 0], offset[:, 1])
    out: FloatArray = np.abs(offset[:, 0] * along[1] - offset[:, 1] * along[0]) / length
    return out
