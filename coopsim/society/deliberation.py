"""Where opinions start from when no election says so, and what a debate did to a council."""

from dataclasses import dataclass

import numpy as np

from coopsim.governance.deliberation import group_sizes
from coopsim.rng import Purpose, uniform
from coopsim.society.elections import Councils
from coopsim.types import FloatArray, IntArray

_START = 60  # number of the keyed draws; elections use those of `Purpose.IDEAL_POINT` below


def starting_opinions(kind: str, councils: Councils, seed: int) -> FloatArray:
    """Return the ideal points of the first day, shape (C, 3), 0-1.

    Parameters
    ----------
    kind : str
        ``elected`` as the founding election left them; ``equidistant`` from 0 to 1 inside each council, in the
        order of seat ids, the same on every axis; ``uniform``, a draw for each seat and axis.
    councils : Councils
    seed : int
    """
    if kind == "equidistant":
        return np.repeat(_ranks(councils)[:, None], councils.ideal.shape[1], axis=1)
    if kind == "uniform":
        axes = range(councils.ideal.shape[1])
        draws = [uniform(seed, Purpose.IDEAL_POINT, councils.seat_id, 0, _START + axis) for axis in axes]
        return np.stack(draws, axis=1)
    return councils.ideal


def _ranks(councils: Councils) -> FloatArray:
    """Return the place of each seat in its council by seat id, from 0 to 1; 0.5 when it sits alone."""
    order = np.lexsort((councils.seat_id, councils.territory))
    first = np.searchsorted(councils.territory[order], councils.territory)
    size = np.bincount(councils.territory)[councils.territory]
    place = np.empty(order.size)
    place[order] = np.arange(order.size)
    return np.where(size > 1, (place - first) / np.maximum(size - 1, 1), 0.5)


@dataclass(frozen=True, slots=True)
class DeliberationParams:
    """Section ``society.deliberation``: what a debate costs, and how long it lasts; see the parameter file."""

    opinion_return_per_yr: float
    committee_keur: float
    debate_space_keur: float
    moving_debate_keur: float
    theatre_forum_keur: float
    committee_delay: int
    debate_space_delay: int
    moving_debate_delay: int
    theatre_forum_delay: int

    def cost(self, kind: str) -> float:
        """Return what a session of a debate format costs, k€; 0 for the rules that are no format."""
        return float(getattr(self, f"{kind}_keur", 0.0))

    def delay(self, kind: str) -> int:
        """Return by how many quarters a debate format delays what is adopted."""
        return int(getattr(self, f"{kind}_delay", 0))


@dataclass(frozen=True, slots=True)
class Spread:
    """Opinions of one council, by axis.

    Attributes
    ----------
    mean, deviation : FloatArray, shape (A,)
    groups : IntArray, shape (A,)
        Groups that a gap wider than the confidence bound parts.
    polarisation : FloatArray, shape (A,), 0-1
        Distance between the mean of the upper half of the seats and that of the lower half.
    """

    mean: FloatArray
    deviation: FloatArray
    groups: IntArray
    polarisation: FloatArray


def spread(opinions: FloatArray, confidence: float) -> Spread:
    """Return what the journal tells of the opinions of one council, shape (n, A)."""
    groups = [group_sizes(opinions[:, axis], confidence).size for axis in range(opinions.shape[1])]
    return Spread(
        opinions.mean(axis=0), opinions.std(axis=0), np.array(groups, dtype=np.int64), polarisation(opinions)
    )


def polarisation(opinions: FloatArray) -> FloatArray:
    """Return the distance between the means of the upper and of the lower half of the seats, shape (A,).

    A seat in the middle of an odd number belongs to neither.

    Parameters
    ----------
    opinions : FloatArray, shape (n, A)
    """
    half = opinions.shape[0] // 2
    if half == 0:
        return np.zeros(opinions.shape[1])
    x = np.sort(opinions, axis=0)
    out: FloatArray = x[-half:].mean(axis=0) - x[:half].mean(axis=0)
    return out
