"""Costs that several could bear together: what every group of players costs.

Players stand in one order everywhere, costs are in k€.

References
----------
.. [S1953] Shapley (1953), *A value for n-person games*.
.. [LO1973] Littlechild & Owen (1973), *A simple expression for the Shapley value in a special case*: airports.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.types import BoolArray, FloatArray, IntArray

MOST = 12  # players of a cost table: 4,095 coalitions
_LISTED = 5  # coalitions that a message names


class CostGame(Protocol):
    """What a rule may know of a cost; players in one order everywhere, arrays (n,), k€."""

    @property
    def population(self) -> FloatArray:
        """Inhabitants of each player as a share of those of all; sums to 1."""
        ...

    @property
    def total(self) -> float:
        """Cost of all players together."""
        ...

    def alone(self) -> FloatArray:
        """Return what each player costs alone."""
        ...

    def separable(self) -> FloatArray:
        """Return what each player adds to the cost of all others."""
        ...

    def shapley(self) -> FloatArray:
        """Return the mean marginal cost of each player over all orders."""
        ...


def population_shares(population: FloatArray, members: BoolArray) -> FloatArray:
    """Return the share of each member in the inhabitants of all members, 0 outside, shape (T,).

    Equal shares where nobody lives; at least one member.
    """
    weight = np.where(members, population, 0.0)
    if float(weight.sum()) <= 0.0:
        weight = members.astype(np.float64)
    out: FloatArray = weight / float(weight.sum())
    return out


@dataclass(frozen=True, slots=True)
class CostTable:
    """A cost given coalition by coalition.

    Attributes
    ----------
    population : FloatArray, shape (n,)
        Shares of the inhabitants; n at most `MOST`.
    cost : FloatArray, shape (2**n,), k€
        By bit mask: player i is in coalition S when bit i of S is set. ``cost[0]`` is 0.
    """

    population: FloatArray
    cost: FloatArray

    @property
    def total(self) -> float:
        """Cost of all players together."""
        return float(self.cost[-1])

    def alone(self) -> FloatArray:
        """Return what each player costs alone."""
        out: FloatArray = self.cost[1 << np.arange(self.population.size)]
        return out

    def separable(self) -> FloatArray:
        """Return what each player adds to the cost of all others."""
        everybody = self.cost.size - 1
        out: FloatArray = self.total - self.cost[everybody ^ (1 << np.arange(self.population.size))]
        return out

    def shapley(self) -> FloatArray:
        r"""Return :math:`\sum_S \frac{|S|!(n-|S|-1)!}{n!}(c(S \cup i) - c(S))` for each player i."""
        n = self.population.size
        masks = np.arange(self.cost.size)
        size = ((masks[:, None] >> np.arange(n)) & 1).sum(axis=1)
        weight = np.array([1.0 / (n * math.comb(n - 1, s)) for s in range(n)])
        out = np.empty(n)
        for i in range(n):
            without = masks[(masks >> i) & 1 == 0]
            added = self.cost[without | (1 << i)] - self.cost[without]
            out[i] = float((weight[size[without]] * added).sum())
        return out

    def among(self, players: IntArray, population: FloatArray) -> "CostTable":
        """Return the game of some of the players, in their order.

        Parameters
        ----------
        players : IntArray, shape (k,)
        population : FloatArray, shape (k,)
            Their shares of their own inhabitants.
        """
        masks = np.arange(1 << players.size)
        bits = (masks[:, None] >> np.arange(players.size)) & 1
        return CostTable(population, self.cost[bits @ (1 << players)])


@dataclass(frozen=True, slots=True)
class RunwayCost:
    """A cost made for the most demanding of each coalition, and one amount for each member (airport game).

    ``c(S) = Σ_k max_{i in S} need_ik + each·|S|``; any number of players.

    Attributes
    ----------
    population : FloatArray, shape (n,)
    need : FloatArray, shape (n, k), k€
        What each player alone would make of each of k things that all use once made.
    each : float, k€
    total : float, k€
        Cost of all; see `of`.
    """

    population: FloatArray
    need: FloatArray
    each: float
    total: float

    @classmethod
    def of(cls, population: FloatArray, need: FloatArray, each: float) -> "RunwayCost":
        """Return the game with its total."""
        return cls(population, need, each, float(need.max(axis=0).sum()) + each * population.size)

    def unit(self) -> "RunwayCost":
        """Return the same game in units of its total, which is then exactly 1; equal amounts where it was 0."""
        n = self.population.size
        if self.total <= 0.0:
            return RunwayCost(self.population, np.zeros_like(self.need), 1.0 / n, 1.0)
        return replace(self, need=self.need / self.total, each=self.each / self.total, total=1.0)

    def alone(self) -> FloatArray:
        """Return what each player costs alone."""
        out: FloatArray = self.need.sum(axis=1) + self.each
        return out

    def separable(self) -> FloatArray:
        """Return what each player adds to the cost of all others: where it is the only one to need so much."""
        n, things = self.need.shape
        added = np.full(n, self.each)
        for k in range(things):
            order = np.argsort(self.need[:, k], kind="stable")
            second = self.need[order[-2], k] if n > 1 else 0.0
            added[order[-1]] += self.need[order[-1], k] - second
        return added

    def shapley(self) -> FloatArray:
        """Return the shares of [LO1973]_: each step of need is paid equally by all who need it."""
        n, things = self.need.shape
        out = np.full(n, self.each)
        for k in range(things):
            order = np.argsort(self.need[:, k], kind="stable")
            steps = np.diff(self.need[order, k], prepend=0.0)
            out[order] += np.cumsum(steps / np.arange(n, 0, -1))
        return out


def cost_table(coalitions: Sequence[tuple[Sequence[str], float]], players: Sequence[str]) -> FloatArray:
    """Return costs by bit mask, shape (2**n,), of a list of coalitions and costs without mistakes."""
    bit = {player: 1 << i for i, player in enumerate(players)}
    cost = np.zeros(1 << len(players))
    for members, amount in coalitions:
        cost[sum(bit[player] for player in members)] = amount
    return cost


def coalition_mistakes(coalitions: Sequence[Sequence[str]]) -> list[tuple[int, Problem]]:
    """Return what is wrong in a list of coalitions: each non-empty group of players is wanted once.

    Returns
    -------
    list of (place in the list or -1, Problem)
    """
    players = sorted({group[0] for group in coalitions if len(group) == 1})
    out: list[tuple[int, Problem]] = []
    seen: set[frozenset[str]] = set()
    for place, group in enumerate(coalitions):
        shown = "+".join(group)
        if len(set(group)) < len(group) or not all(group) or not group:
            message = Text(
                "coalition mal écrite : un nom vide ou écrit deux fois",
                "badly written coalition: a name that is empty or written twice",
            )
            out.append((place, Problem(message, value=shown)))
        elif frozenset(group) in seen:
            out.append(
                (place, Problem(Text("coalition écrite deux fois", "coalition given twice"), value=shown))
            )
        out += [
            (place, _unknown(player, shown, players)) for player in group if player and player not in players
        ]
        seen.add(frozenset(group))
    if not out and len(players) > MOST:
        message = Text("trop de membres dans la table des coûts", "too many members in the cost table")
        out.append((-1, Problem(message, value=len(players), allowed=f"1 – {MOST}")))
    return out or _missing(players, seen)


def _unknown(player: str, coalition: str, players: list[str]) -> Problem:
    message = Text(
        f"« {player} » n'a pas de coût seul : membre inconnu", f"'{player}' has no cost alone: unknown member"
    )
    known = ", ".join(players[:MOST])
    return Problem(message, value=coalition, allowed=known, nearest=nearest(player, players))


def _missing(players: list[str], seen: set[frozenset[str]]) -> list[tuple[int, Problem]]:
    """Return the coalitions without a cost, in one mistake."""
    absent = []
    for mask in range(1, 1 << len(players)):
        group = [player for i, player in enumerate(players) if mask >> i & 1]
        if frozenset(group) not in seen:
            absent.append("+".join(group))
    if not absent:
        return []
    more = len(absent) - _LISTED
    names = ", ".join(absent[:_LISTED])
    message = Text(
        f"coalitions sans coût : {names}" + (f" et {more} autres" if more > 0 else ""),
        f"coalitions without a cost: {names}" + (f" and {more} more" if more > 0 else ""),
    )
    return [(-1, Problem(message))]
