"""The bench of the laboratories: the ordinary engine on the laboratory's scenario, run until it stands still."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from coopsim.model import CoopModel
from coopsim.scenario import Scenario
from coopsim.types import FloatArray
from coopsim.world import World

ROUND = 4  # ticks: councils and promises play once a year
STILL = 1e-10  # largest relative change, over a round, of a world that has settled
Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """A laboratory's scenario with its parameters set.

    Attributes
    ----------
    spec : Scenario
    max_rounds : int
    """

    spec: Scenario
    max_rounds: int

    @contextmanager
    def model(self, changes: Mapping[str, Any] | None = None, seed: int = 0) -> Iterator[CoopModel]:
        """Give the engine at the first tick, and let Mesa forget it afterwards.

        Parameters
        ----------
        changes : mapping of str to object, optional
            Further scenario keys.
        seed : int
        """
        model = CoopModel(varied(self.spec, changes or {}), seed, views=False)
        try:
            yield model
        finally:
            model.release()


def varied(spec: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return a scenario with some keys changed, under its own name."""
    return spec.but({**changes, "name": spec.name}) if changes else spec


def play(model: CoopModel, ticks: int = ROUND) -> World:
    """Live some ticks; returns the world."""
    for _ in range(ticks):
        model.step()
    world: World = model.world
    return world


def settled(model: CoopModel, read: Callable[[World], FloatArray], rounds: int) -> bool:
    """Play rounds until what is read changes by less than `STILL`, relatively; False when it never does.

    Parameters
    ----------
    model : CoopModel
    read : callable
        Strategies and stocks of a world, positive, shape (n,).
    rounds : int
        At most.
    """
    before = read(model.world)
    for _ in range(rounds):
        after = read(play(model))
        if moved(before, after) < STILL:
            return True
        before = after
    return False


def moved(before: FloatArray, after: FloatArray) -> float:
    """Return the largest relative change."""
    scale = np.maximum(np.abs(before), np.abs(after))
    change = np.abs(after - before)
    return float(np.max(np.divide(change, scale, out=np.zeros_like(scale), where=scale > 0.0), initial=0.0))
