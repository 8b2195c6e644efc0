"""Robustness: is what the room saw luck? The two present branches live in other worlds, quietly in the background."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from coopsim.comparison.statistics import paired_effect
from coopsim.indicators import SYSTEM
from coopsim.run import simulate
from coopsim.scenario import Scenario
from coopsim.types import FloatArray
from coopsim_viz.room.branches import LANES

WORLDS = 30
_FIRST_SEED = 1001  # none that a room is likely to have been given
_NICE = 15


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How often one lane ends above the other.

    Attributes
    ----------
    done, worlds : int
        Worlds lived in both lanes, and all of them.
    above : dict of str to int
        For each indicator of the system: worlds in which B ends above A.
    below : dict of str to int
        Worlds in which B ends below A; the rest end even.
    mean, low, high : dict of str to float
        Difference of B and A in the same world, and bounds of its 95 % interval; NaN with fewer than two worlds.
    """

    done: int = 0
    worlds: int = WORLDS
    above: dict[str, int] = field(default_factory=dict)
    below: dict[str, int] = field(default_factory=dict)
    mean: dict[str, float] = field(default_factory=dict)
    low: dict[str, float] = field(default_factory=dict)
    high: dict[str, float] = field(default_factory=dict)


def verdicts(ends: dict[int, dict[str, FloatArray]], worlds: int = WORLDS) -> Verdicts:
    """Return the count of worlds from the last values (indicators,) of both lanes by seed."""
    both = [ends[seed] for seed in sorted(ends) if set(ends[seed]) == set(LANES)]
    if not both:
        return Verdicts(worlds=worlds)
    gap = np.array([pair["B"] - pair["A"] for pair in both])
    scale = np.array([np.abs(pair["A"]) + np.abs(pair["B"]) for pair in both])
    clear = np.abs(gap) > 1e-9 * scale
    above, below = (clear & (gap > 0)).sum(axis=0), (clear & (gap < 0)).sum(axis=0)
    effect = paired_effect(gap)
    return Verdicts(
        len(both), worlds,
        {name: int(above[j]) for j, name in enumerate(SYSTEM)}, {name: int(below[j]) for j, name in enumerate(SYSTEM)},
        *({name: float(side[j]) for j, name in enumerate(SYSTEM)} for side in (effect.mean, effect.low, effect.high)),
    )  # fmt: skip


def last_values(spec: Scenario, seed: int) -> FloatArray:
    """Return the system's indicators at the end of a run, shape (indicators,)."""
    last: FloatArray = simulate(spec, seed).arrays[1][-1]
    return last


def _quietly() -> None:
    """Give way to whatever the room itself needs."""
    if hasattr(os, "nice"):
        os.nice(_NICE)


class Robustness:
    """Lives the present branches in other worlds; a new pair of branches replaces the work on an older one.

    Parameters
    ----------
    told : callable
        Called when a world more is known.
    worlds : int
    """

    def __init__(self, told: Callable[[], None], worlds: int = WORLDS) -> None:
        self._told, self._worlds = told, worlds
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._asked: tuple[str, ...] = ()
        self._futures: list[Future[FloatArray]] = []
        self._known: dict[tuple[str, int], FloatArray] = {}
        self._ends: dict[int, dict[str, FloatArray]] = {}
        self.now = Verdicts(worlds=worlds)

    def ask(self, lanes: dict[str, Scenario]) -> None:
        """Begin with a pair of branches, unless it is the pair already asked for."""
        key = tuple(lanes[lane].hash for lane in LANES)
        with self._lock:
            if key == self._asked:
                return
            self._asked, self._ends = key, {}
            for future in self._futures:
                future.cancel()
            self._futures = []
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_quietly)
            for seed in range(_FIRST_SEED, _FIRST_SEED + self._worlds):
                for lane, name in zip(LANES, key, strict=True):
                    if (name, seed) in self._known:
                        self._ends.setdefault(seed, {})[lane] = self._known[name, seed]
                        continue
                    future = self._pool.submit(last_values, lanes[lane], seed)
                    future.add_done_callback(self._receiver(key, lane, name, seed))
                    self._futures.append(future)
            self.now = verdicts(self._ends, self._worlds)
        self._told()

    def close(self) -> None:
        """Stop the work."""
        with self._lock:
            self._asked = ()
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None

    def _receiver(
        self, key: tuple[str, ...], lane: str, name: str, seed: int
    ) -> "Callable[[Future[FloatArray]], None]":
        def receive(future: "Future[FloatArray]") -> None:
            if future.cancelled() or future.exception() is not None:
                return  # a branch that fails in some world shows as a world less
            with self._lock:
                self._known[name, seed] = future.result()
                if key != self._asked:
                    return
                self._ends.setdefault(seed, {})[lane] = future.result()
                self.now = verdicts(self._ends, self._worlds)
            self._told()

        return receive
