"""Compiled year of exchanges of by-products: what ends, and who is brought together."""

import numpy as np
from numba import njit

from coopsim.rng import combine, uniform_at
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray, TickArray


@njit(cache=True, nogil=True)
def end_exchanges(
    key: np.uint64,
    ends: float,
    radius: float,
    minutes: FloatArray,
    ids: IdArray,
    territory: IntArray,
    alive: BoolArray,
    partner: TickArray,
    ended: FloatArray,
) -> int:
    """Break the exchanges whose other side closed or moved away, and some by chance; returns how many are left."""
    left = 0
    for f in range(ids.size):
        p = partner[f] - 1
        if not alive[f] or p < 0:
            continue
        lost = not alive[p] or partner[p] - 1 != f or minutes[territory[f], territory[p]] > radius
        if not lost:
            first = min(ids[f], ids[p])
            lost = uniform_at(key, combine(first, ids[f] ^ ids[p] ^ first)) < ends
        if lost:
            partner[f] = 0
            ended[territory[f]] += 1.0
            if alive[p] and partner[p] - 1 == f:
                partner[p] = 0
        else:
            left += 1
    return left // 2


@njit(cache=True, nogil=True)
def match(
    key: np.uint64,
    radius: float,
    order: IntArray,
    contacts: IntArray,
    minutes: FloatArray,
    trust: FloatArray,
    givers: IntArray,
    first_giver: IntArray,
    takers: IntArray,
    first_taker: IntArray,
    luck: FloatArray,
    ids: IdArray,
    sector: IntArray,
    offered: IntArray,
    wanted: IntArray,
    partner: TickArray,
) -> int:
    """Bring givers and takers together, territory by territory in ``order``; returns the exchanges made.

    Givers and takers are rows sorted by territory, then by ``luck`` (N,); ``first_*`` (T + 1,) are the bounds of each
    territory. A taker must be free, want what is offered, and lie in the radius; the luckiest is asked.
    """
    made = 0
    for i in order:
        left = contacts[i]
        for g in range(first_giver[i], first_giver[i + 1]):
            if left == 0:
                break
            f = givers[g]
            if partner[f] != 0:
                continue
            left -= 1
            what = offered[sector[f]]
            best = -1
            for j in range(minutes.shape[0]):
                if minutes[i, j] > radius and i != j:
                    continue
                for t in range(first_taker[j], first_taker[j + 1]):
                    p = takers[t]
                    if partner[p] == 0 and p != f and wanted[sector[p]] == what:
                        agreed = i == j or uniform_at(key, combine(ids[f], ids[p])) < trust[i, j]
                        if agreed and (best < 0 or luck[p] < luck[best]):
                            best = p
                        break
            if best >= 0:
                partner[f], partner[best] = best + 1, f + 1
                made += 1
    return made
