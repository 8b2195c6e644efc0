"""Compiled deliveries of wood: one pass over strata and territories a round.

Sums are made in the order that array functions make them, strata one after the other and territories by pairs
of halves, so that small cases keep their last digit.
"""

import numpy as np
from numba import njit

from coopsim.types import FloatArray, IntArray

_BLOCK = 128  # terms summed by eight running sums; above, by halves
_LANES = 8
_DEPTH = 128


@njit(cache=True)
def block_sum(a: FloatArray, low: int, n: int) -> float:
    """Return the sum of at most 128 terms from ``low``, by eight running sums."""
    total = 0.0
    whole = n - n % _LANES
    if n >= _LANES:
        r0, r1, r2, r3 = a[low], a[low + 1], a[low + 2], a[low + 3]
        r4, r5, r6, r7 = a[low + 4], a[low + 5], a[low + 6], a[low + 7]
        for i in range(low + _LANES, low + whole, _LANES):
            r0 += a[i]
            r1 += a[i + 1]
            r2 += a[i + 2]
            r3 += a[i + 3]
            r4 += a[i + 4]
            r5 += a[i + 5]
            r6 += a[i + 6]
            r7 += a[i + 7]
        total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    for i in range(low + whole, low + n):
        total += a[i]
    return total


@njit(cache=True)
def pairwise(a: FloatArray, n: int) -> float:
    """Return the sum of ``n`` terms by halves of at most 128 (Higham 1993), as sums of arrays are made.

    The halves wait on a stack: a part whose length is marked by a minus sign adds the two sums last made.
    """
    if n <= _BLOCK:
        return block_sum(a, 0, n)
    low, size = np.empty(_DEPTH, np.int64), np.empty(_DEPTH, np.int64)
    sums = np.empty(_DEPTH)
    low[0], size[0] = 0, n
    waiting, made = 1, 0
    while waiting > 0:
        waiting -= 1
        start, length = low[waiting], size[waiting]
        if length < 0:
            made -= 1
            sums[made - 1] += sums[made]
        elif length <= _BLOCK:
            sums[made] = block_sum(a, start, length)
            made += 1
        else:
            half = length // 2
            half -= half % _LANES
            size[waiting] = -1
            low[waiting + 1], size[waiting + 1] = start + half, length - half
            low[waiting + 2], size[waiting + 2] = start, half
            waiting += 3
    return float(sums[0])


@njit(cache=True, nogil=True)
def serve(
    weight: FloatArray, place: IntArray, left: FloatArray, short: FloatArray, rounds: int, flow: FloatArray
) -> None:
    """Serve buyers from sheds, ``rounds`` times; ``left`` (S,), ``short`` (T,) and ``flow`` (S, T) are changed.

    ``place`` (S,) is the row of ``weight`` (…, T) of each shed. One without wood sends nothing: its terms are
    zeros, which change no sum.
    """
    strata, territories = flow.shape
    total = np.empty(territories)
    came = np.empty(territories)
    row = np.empty(territories)
    for _ in range(rounds):
        total[:] = 0.0
        for s in range(strata):
            if left[s] != 0.0:
                for t in range(territories):
                    total[t] += weight[place[s], t] * left[s]
        came[:] = 0.0
        for s in range(strata):
            have = left[s]
            if have == 0.0:
                continue
            for t in range(territories):
                row[t] = (weight[place[s], t] * have) / total[t] * short[t] if total[t] > 0.0 else 0.0
            asked = pairwise(row, territories)
            ration = min(1.0, have / asked) if asked > 0.0 else 1.0
            for t in range(territories):
                row[t] *= ration
                flow[s, t] += row[t]
                came[t] += row[t]
            left[s] = max(0.0, have - pairwise(row, territories))
        for t in range(territories):
            short[t] = max(0.0, short[t] - came[t])
