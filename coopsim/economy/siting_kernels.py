"""Compiled draw of the territories that a request sees.

The keyed Gumbel top-m of weights *w* takes the largest of ln w − ln(−ln u), that is the smallest of −ln(u) / w:
one logarithm a pair, and only the m best are kept (Efraimidis & Spirakis 2006).
"""

import math

import numpy as np
from numba import njit

from coopsim.rng import combine, uniform_at
from coopsim.types import BoolArray, FloatArray, IdArray


@njit(cache=True, nogil=True)
def draw_candidates(
    key: np.uint64, ids: IdArray, territory_ids: IdArray, weight: FloatArray, most: int, out: BoolArray
) -> None:
    """Mark in ``out`` (R, T) the territories, ``most`` of them, that each request draws by ``weight`` (T,)."""
    t = territory_ids.size
    best = np.empty(most)
    place = np.empty(most, np.int64)
    for r in range(ids.size):
        found = 0
        for j in range(t):
            u = uniform_at(key, combine(ids[r], territory_ids[j]))
            # -ln u is at least 1 - u: most territories are out before the logarithm
            if found == most and (1.0 - u) >= best[most - 1] * weight[j]:
                continue
            score = -math.log(u) / weight[j] if weight[j] > 0.0 else np.inf
            if found == most and score >= best[most - 1]:
                continue
            n = found if found < most else most - 1
            while n > 0 and best[n - 1] > score:
                best[n] = best[n - 1]
                place[n] = place[n - 1]
                n -= 1
            best[n] = score
            place[n] = j
            if found < most:
                found += 1
        for n in range(found):
            out[r, place[n]] = True
