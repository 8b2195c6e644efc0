r"""The game of a pact: what its members are worth in each group, and what holds them together.

A coalition *S* of the members is worth :math:`v(S) = \sum_{i \in S} (u_i(S) - u_i(\emptyset))`: what its members gain
when they alone are in the pact, over a world without it. What a member really gets in the whole pact is
:math:`x_i = u_i(N) - u_i(\emptyset)`. The pact is in the *core* when no group gets more on its own:
:math:`\sum_{i \in S} x_i \ge v(S)` for every *S*.

References
----------
.. [G1959] Gillies (1959), *Solutions to general non-zero-sum games*: the core.
.. [S1953] Shapley (1953), *A value for n-person games*.
.. [MPS1979] Maschler, Peleg & Shapley (1979), *Geometric properties of the kernel, nucleolus, and related solution
   concepts*, Mathematics of Operations Research 4: the least core.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from coopsim.comparison.statistics import paired_effect
from coopsim.governance.cost_games import CostTable
from coopsim.types import BoolArray, FloatArray, IntArray

_SAME = 1e-9  # share of the largest worth below which an excess is rounding


@dataclass(frozen=True, slots=True)
class Blocking:
    """A group of members that would gain by a pact of its own.

    Attributes
    ----------
    members : tuple of int
        Places in the pact's list.
    gain : float
        What the group gains over what its members get in the whole pact; with transfers the sum, without the
        smallest of their gains.
    low, high : float
        Bounds of its 95 % interval over the worlds; NaN with fewer than two.
    """

    members: tuple[int, ...]
    gain: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval of the gain lies above 0."""
        return bool(self.low > 0.0)


@dataclass(frozen=True, slots=True)
class PactGame:
    """The game of one pact over several worlds.

    Attributes
    ----------
    worth : FloatArray, shape (R, 2**n)
        v(S) by world and bit mask: member i is in S when bit i is set.
    received : FloatArray, shape (R, n)
        x, what each member gains in the whole pact over a world without it; its sum is v(N).
    """

    worth: FloatArray
    received: FloatArray

    @classmethod
    def of(cls, payoff: FloatArray) -> "PactGame":
        """Return the game of payoffs of shape (R, 2**n, n): what each member gets when a coalition has the pact."""
        n = payoff.shape[2]
        gain = payoff - payoff[:, :1]
        inside = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
        return cls((gain * inside).sum(axis=2), gain[:, -1].copy())

    @property
    def members(self) -> int:
        """Number of members."""
        return int(self.received.shape[1])

    def mean_worth(self) -> FloatArray:
        """Return v(S) averaged over the worlds, shape (2**n,)."""
        out: FloatArray = self.worth.mean(axis=0)
        return out

    def excess(self) -> FloatArray:
        """Return v(S) - x(S) by world and coalition, shape (R, 2**n); 0 for nobody and for all."""
        out: FloatArray = self.worth - self.received @ bits(self.members).T
        return out

    def in_core(self) -> bool:
        """Return whether the mean allocation is in the core of the mean game."""
        mean = self.excess().mean(axis=0)
        scale = max(float(np.abs(self.mean_worth()).max()), 1e-12)
        return bool((mean <= _SAME * scale).all())

    def blocking(self) -> Blocking | None:
        """Return the smallest group with a positive mean excess, among equals the one that gains most."""
        excess = self.excess()
        mean = excess.mean(axis=0)
        scale = max(float(np.abs(self.mean_worth()).max()), 1e-12)
        return _smallest(excess, mean > _SAME * scale, self.members)

    def least_core(self) -> float:
        """Return the smallest amount that every proper group must be charged for the core not to be empty.

        At most 0 where the core has allocations; see [MPS1979]_. NaN for a pact of fewer than two members.
        """
        n = self.members
        if n < 2:  # noqa: PLR2004 - a pact needs two
            return float("nan")
        v = self.mean_worth()
        scale = max(float(np.abs(v).max()), 1e-12)
        proper = np.arange(1, v.size - 1)
        # variables x_1 … x_n, e: minimise e with x(S) + e >= v(S), x(N) = v(N)
        rows = np.column_stack([-bits(n)[proper], -np.ones(proper.size)])
        found = linprog(
            np.append(np.zeros(n), 1.0),
            A_ub=rows,
            b_ub=-v[proper] / scale,
            A_eq=np.append(np.ones(n), 0.0)[None, :],
            b_eq=[v[-1] / scale],
            bounds=[(None, None)] * (n + 1),
        )
        return float(found.fun) * scale

    def slack(self) -> float:
        """Return the largest mean excess of a proper group under the actual allocation; at most 0 in the core."""
        return float(self.excess().mean(axis=0)[1:-1].max())

    def shapley(self) -> FloatArray:
        """Return the Shapley value of the mean game, shape (n,); it sums to v(N)."""
        return CostTable(np.full(self.members, 1.0 / self.members), self.mean_worth()).shapley()


def bits(n: int) -> IntArray:
    """Return who is in each coalition, shape (2**n, n), 0 or 1."""
    out: IntArray = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    return out


def blocking_without_transfers(utility: FloatArray) -> Blocking | None:
    """Return the smallest group of which every member is better off in a pact of its own.

    Parameters
    ----------
    utility : FloatArray, shape (R, 2**n, n)
        What each member gets when a coalition has the pact.
    """
    n = utility.shape[2]
    gain = utility - utility[:, -1:]
    worst = np.where(bits(n) == 1, gain, np.inf).min(axis=2)
    worst[:, 0] = -np.inf
    mean = np.where(bits(n) == 1, gain.mean(axis=0), np.inf).min(axis=1)
    scale = max(float(np.abs(gain).max()), 1e-12)
    found = mean > _SAME * scale
    found[[0, -1]] = False
    return _smallest(worst, found, n)


def _smallest(gain: FloatArray, found: BoolArray, n: int) -> Blocking | None:
    """Return the smallest of the coalitions found, among equals the one that gains most."""
    masks = np.flatnonzero(found)
    if not masks.size:
        return None
    size = bits(n)[masks].sum(axis=1)
    mean = gain[:, masks].mean(axis=0)
    best = masks[np.lexsort((masks, -mean, size))[0]]
    effect = paired_effect(gain[:, [best]])
    return Blocking(
        members=tuple(int(i) for i in np.flatnonzero(bits(n)[best])),
        gain=float(effect.mean[0]),
        low=float(effect.low[0]),
        high=float(effect.high[0]),
    )
