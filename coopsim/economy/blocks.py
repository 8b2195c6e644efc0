"""The company step on several cores: blocks of rows, each with sums of its own, which are added in their order.

The quarter of a company needs its own row and its own keyed draws, so any core may live it. Sums by territory and
sector are floating-point numbers, whose last digit depends on their order: blocks are of a fixed length, whatever
the number of threads, so results are the same to the last bit. Cases of fewer companies than a block are one block,
lived as if this module did not exist.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import parent_process
from typing import Any

import numpy as np

from coopsim.types import FloatArray

BLOCK = (
    131_072  # rows: 10 MB of columns, about 5 ms of one core; never change it without a new golden reference
)
_VARIABLE = "COOPSIM_THREADS"


def threads() -> int:
    """Return how many threads one run may use: ``COOPSIM_THREADS``, else all cores, or one inside a worker process."""
    chosen = os.environ.get(_VARIABLE, "")
    if chosen.isdigit() and int(chosen) > 0:
        return int(chosen)
    if parent_process() is not None:  # other runs use the other cores
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def by_blocks(
    kernel: Callable[..., None],
    head: Sequence[Any],
    columns: Sequence[Any],
    tables: Sequence[Any],
    new: Sequence[FloatArray],
    sums: Sequence[FloatArray],
) -> None:
    """Call a kernel, compiled without the GIL, as ``kernel(*head, *columns, *tables, *new, *sums)``, block by block.

    Parameters
    ----------
    kernel : callable
        Reads and changes each row by itself, and adds to ``sums``.
    head, tables : sequence
        Passed whole to every block, read only.
    columns, new : sequence of arrays (N,)
        Rows: each block gets its own.
    sums : sequence of FloatArray
        Added to: the sums of the blocks, in the order of the rows.
    """
    n = len(columns[0])
    if n <= BLOCK:
        kernel(*head, *columns, *tables, *new, *sums)
        return
    starts = range(0, n, BLOCK)
    own = [[np.zeros_like(total) for total in sums] for _ in starts]

    def live(number: int) -> None:
        rows = slice(starts[number], min(starts[number] + BLOCK, n))
        kernel(
            *head,
            *(x[rows] for x in columns),
            *tables,
            *(x[rows] for x in new),
            *own[number],
        )

    count = min(threads(), len(starts))
    if count == 1:
        for number in range(len(starts)):
            live(number)
    else:
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(live, range(len(starts))))
    for part in own:
        for total, some in zip(sums, part, strict=True):
            np.add(total, some, out=total)
