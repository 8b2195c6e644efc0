"""A batch cut in chunks of about equal cost: what one worker lives at a time and one part keeps."""

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from coopsim.batch.part import ticks_kept
from coopsim.batch.work import Chunk, Job
from coopsim.indicators import SYSTEM
from coopsim.types import FloatArray, IntArray

if TYPE_CHECKING:
    from coopsim.scenario import Scenario

_WORK = 40_000_000  # companies × ticks of one part: some seconds of one core
_FLOOR = 5_000  # companies whose work a tick costs however few there are
_MOST = 200  # runs in one part: more make no file smaller, and a killed worker loses them
_LEAST = 64  # parts of a batch: every worker gets some, and the last ones end together…
_SHORT = 1_000_000  # … unless they would be shorter than this, half a second: writing one takes 10 ms
_VALUES = 8_000_000  # numbers that one part holds in memory, 64 MB


def chunks_of(job: Job) -> list[Chunk]:
    """Return the chunks of a batch; they depend on the plan alone, so a resumed run finds its parts again.

    The cost of a run is its companies (and a floor) × its ticks. A chunk holds runs of consecutive numbers.
    """
    total = len(job)
    costs = _by_run(job, np.array([run_cost(spec) for spec in job.lanes]))
    sizes = _by_run(job, np.array([_values(job, spec) for spec in job.lanes]))
    count = max(
        min(total, _LEAST, math.ceil(float(costs.sum()) / _SHORT)),
        math.ceil(total / _MOST),
        min(math.ceil(float(costs.sum()) / _WORK), total),
        min(math.ceil(float(sizes.sum()) / _VALUES), total),
    )
    edges = _edges(np.cumsum(costs), count)
    return [Chunk(n, int(start), int(stop)) for n, (start, stop) in enumerate(pairwise(edges))]


def _by_run(job: Job, by_lane: FloatArray) -> FloatArray:
    """Return a figure of each lane for each run, in the order of the runs."""
    return np.tile(np.repeat(by_lane, len(job.seeds)), job.point_count)


def _edges(total: FloatArray, count: int) -> IntArray:
    """Return where chunks begin and end: after equal shares of the cost, never an empty chunk."""
    shares = total[-1] * np.arange(1, count) / count
    inner = np.searchsorted(total, shares * (1.0 - 1e-9)) + 1
    inner = np.minimum(
        inner, len(total) - np.arange(count - 1, 0, -1)
    )  # one run at least is left for each chunk
    inner = np.maximum(inner, np.arange(1, count))
    edges: IntArray = np.concatenate([[0], np.maximum.accumulate(inner), [len(total)]]).astype(np.int64)
    return np.unique(edges)


def run_cost(spec: "Scenario") -> float:
    """Return the expected cost of a run, companies × ticks."""
    table = spec.load_case().establishments
    companies = float(table["establishments"].sum()) if len(table) else 0.0
    return spec.ticks * (companies + _FLOOR)


def _values(job: Job, spec: "Scenario") -> int:
    places = 1 + len(spec.territory_names) if job.territories else 1
    return len(ticks_kept(job.what, spec.ticks)) * places * len(job.columns or SYSTEM)
