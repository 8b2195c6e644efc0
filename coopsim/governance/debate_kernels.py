"""Compiled meetings two by two: a session of a large council is thousands of rounds, each after the other."""

import numpy as np
from numba import njit

from coopsim.rng import _stream_key, combine, uniform_at
from coopsim.types import FloatArray, IdArray, IntArray


@njit(cache=True, nogil=True)
def meetings(
    opinions: FloatArray,
    order: IntArray,
    start: IntArray,
    council_id: IdArray,
    rounds: int,
    seed: int,
    purpose: int,
    tick: int,
    reach: float,
    rate: float,
) -> None:
    """Let seats meet in pairs drawn anew each round, and move towards each other where they are in reach.

    Parameters
    ----------
    opinions : FloatArray, shape (S, A)
        Changed in place.
    order : IntArray, shape (S,)
        Rows by council, and by seat id inside each.
    start : IntArray, shape (C + 1,)
        First place of each council in ``order``.
    council_id : IdArray, shape (C,)
        With the round, the key of a council's draws.
    reach : float
        Largest distance at which two seats listen to each other.
    rate : float
        Part of the distance that each of the two walks.
    """
    axes = opinions.shape[1]
    for c in range(council_id.size):
        rows = order[start[c] : start[c + 1]]
        n = rows.size
        seats = np.arange(n)
        x = opinions[rows]  # a copy, side by side
        for r in range(rounds):
            key = combine(_stream_key(seed, purpose, tick, r), council_id[c])
            left = n
            if n % 2:  # one sits out
                j = int(uniform_at(key, np.uint64(n)) * n)
                left -= 1
                seats[left], seats[j] = seats[j], seats[left]
            while left > 0:
                # the last of those left meets any other of them: every way of pairing all is as likely
                j = int(uniform_at(key, np.uint64(left)) * (left - 1))
                a, b = seats[left - 1], seats[j]
                seats[j], seats[left - 2] = seats[left - 2], b
                left -= 2
                for axis in range(axes):
                    gap = x[b, axis] - x[a, axis]
                    step = rate * gap if abs(gap) <= reach else 0.0  # no branch to guess wrong
                    x[a, axis] += step
                    x[b, axis] -= step
        opinions[rows] = x
