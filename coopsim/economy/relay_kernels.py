"""Compiled year of relays: what large clients buy, and a talk with every client."""

import numpy as np
from numba import njit

from coopsim.rng import uniform_at
from coopsim.tables.companies import ACTING
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray, TickArray


@njit(cache=True, nogil=True)
def large_clients(
    large_jobs: float,
    territory: IntArray,
    sector: IntArray,
    jobs: FloatArray,
    stage: IntArray,
    alive: BoolArray,
    local_purchase: FloatArray,
    bought: FloatArray,
    acting: FloatArray,
) -> None:
    """Sum local purchases by territory: of all companies (``bought``), and of large ones that act (``acting``)."""
    for f in range(alive.size):
        if alive[f]:
            amount = jobs[f] * local_purchase[sector[f]]
            bought[territory[f]] += amount
            if jobs[f] >= large_jobs and stage[f] == ACTING:
                acting[territory[f]] += amount


@njit(cache=True, nogil=True)
def relay_year(
    tick: int,
    key: np.uint64,
    key_clients: IdArray,
    steps: FloatArray,
    accountant_max: float,
    banker_min: float,
    first: IntArray,
    count: IntArray,
    active: BoolArray,
    pull: FloatArray,
    ids: IdArray,
    territory: IntArray,
    sector: IntArray,
    jobs: FloatArray,
    stage: IntArray,
    since: TickArray,
    alive: BoolArray,
    private: BoolArray,
) -> None:
    """Let relays talk to their clients once: a step further with the chance given in the module.

    ``steps`` (3,) is the yearly chance of each step by one relay, ``pull`` (T, K) that of large clients.
    """
    for f in range(ids.size):
        if not alive[f] or stage[f] >= ACTING or not private[sector[f]]:
            continue
        i = territory[f]
        none = 1.0 - pull[i, sector[f]]
        for kind in range(2):
            served = jobs[f] < accountant_max if kind == 0 else jobs[f] >= banker_min
            n = count[kind, i]
            if served and n > 0:
                mine = first[kind, i] + int(uniform_at(key_clients[kind], ids[f]) * n)
                if active[mine]:
                    none *= 1.0 - steps[stage[f]]
        if none < 1.0 and uniform_at(key, ids[f]) < 1.0 - none:
            stage[f] += 1
            since[f] = tick
