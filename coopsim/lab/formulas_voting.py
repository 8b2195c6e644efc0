"""Exact results of votes: power indices counted coalition by coalition, and seats as the electoral code says.

Nothing here is shared with the engine, which finds the same indices from the weights of all coalitions at once
(`coopsim.governance.power`) and the same seats by array operations (`coopsim.governance.seats`).

References
----------
.. [SS1954] Shapley & Shubik (1954), *A method for evaluating the distribution of power in a committee system*.
.. [B1965] Banzhaf (1965), *Weighted voting doesn't work*, Rutgers Law Review 19.
.. [O1972] Owen (1972), *Multilinear extensions of games*, Management Science 18.
.. [CE] Code électoral, L262: half of the seats to the first list, the rest by quotient and highest averages.
"""

import math
from collections import defaultdict
from fractions import Fraction

import numpy as np

from coopsim.types import FloatArray, IntArray

COUNTED = 32  # members up to which every coalition is counted
_BLOCK = 32  # members between two distributions that are kept
_FIVE_PERCENT = 20  # lists below a twentieth of the votes get no seat
_FEW_SEATS = 4  # up to which half of the seats is rounded down


def indices(weights: list[int], quota: int) -> tuple[list[float], list[float]]:
    """Return the normalised Banzhaf and the Shapley–Shubik index of the game ``[quota; weights]``."""
    voting = [w for w in weights if w > 0]
    found = _counted(voting, quota) if len(voting) <= COUNTED else _multilinear(voting, quota)
    rank = iter(range(len(voting)))
    order = [next(rank) if w > 0 else -1 for w in weights]
    banzhaf, shapley = ([0.0 if n < 0 else one[n] for n in order] for one in found)
    return banzhaf, shapley


def work(weights: list[int], quota: int) -> float:
    """Return about how many additions `indices` makes."""
    voting = [w for w in weights if w > 0]
    if len(voting) <= COUNTED:
        return 0.0
    return float(len(voting)) * len(_nodes(len(voting))[0]) * min(quota, sum(voting) - quota + 1)


def _counted(weights: list[int], quota: int) -> tuple[list[float], list[float]]:
    """Count the coalitions of the others, by size, that each member turns into winning ones."""
    n = len(weights)
    swings: list[int] = []
    orders: list[Fraction] = []
    for i, weight in enumerate(weights):
        others = weights[:i] + weights[i + 1 :]
        size = [0] * n
        left, right = _by_size(others[::2]), _by_size(others[1::2])
        for a, sums in left.items():
            for b, rest in right.items():
                reach = np.searchsorted(rest, quota - sums) - np.searchsorted(rest, quota - weight - sums)
                size[a + b] += int(reach.sum())
        swings.append(sum(size))
        weighed = (math.factorial(k) * math.factorial(n - 1 - k) * c for k, c in enumerate(size))
        orders.append(Fraction(sum(weighed), math.factorial(n)))
    return [s / sum(swings) for s in swings], [float(x) for x in orders]


def _by_size(weights: list[int]) -> dict[int, IntArray]:
    """Return the weights of all coalitions, in order, by how many members they have."""
    found: dict[int, list[IntArray]] = {0: [np.zeros(1, dtype=np.int64)]}
    for w in weights:
        after: dict[int, list[IntArray]] = defaultdict(list)
        for k, parts in found.items():
            after[k] += parts
            after[k + 1] += [part + w for part in parts]
        found = {k: [np.concatenate(parts)] for k, parts in after.items()}
    return {k: np.sort(parts[0]) for k, parts in found.items()}


def _multilinear(weights: list[int], quota: int) -> tuple[list[float], list[float]]:
    """Return both indices from Owen's multilinear extension: its derivatives at 1/2, and their mean over [0, 1].

    A game and its dual have the same indices; the one with the smaller quota is taken.
    """
    limit = min(quota, sum(weights) - quota + 1)
    at_half = _derivatives(weights, limit, 0.5)
    shapley = sum(
        share * _derivatives(weights, limit, p) for p, share in zip(*_nodes(len(weights)), strict=True)
    )
    return [float(x) for x in at_half / at_half.sum()], [float(x) for x in np.asarray(shapley)]


def _nodes(n: int) -> tuple[list[float], list[float]]:
    """Return nodes and shares over [0, 1]: enough for a polynomial of degree n - 1 up to n = 128, to rounding above."""
    nodes = min(-(-n // 2), 30 + math.ceil(3.0 * math.sqrt(n)))
    x, share = np.polynomial.legendre.leggauss(nodes)
    return (0.5 + 0.5 * x).tolist(), (0.5 * share).tolist()


def _derivatives(weights: list[int], quota: int, chance: float) -> FloatArray:
    """Return the derivative of the chance to win by each member's chance, at the same chance for all.

    Members vote one after the other. ``before`` is the distribution of the weight reached, ``lost`` the chance
    that those to come do not reach the quota: a member changes the second, on average over the first.
    """
    kept = {0: _join(np.ones(1), [], quota, chance)}
    for start in range(0, len(weights), _BLOCK):
        kept[start + _BLOCK] = _join(kept[start], weights[start : start + _BLOCK], quota, chance)
    lost = np.ones(quota)
    out = np.zeros(len(weights))
    for start in reversed(range(0, len(weights), _BLOCK)):
        block = weights[start : start + _BLOCK]
        before = [kept[start]]
        for w in block[:-1]:
            before.append(_join(before[-1], [w], quota, chance))
        for n in reversed(range(len(block))):
            with_it = np.zeros(quota)
            with_it[: max(quota - block[n], 0)] = lost[block[n] :]
            reached = before[n]
            out[start + n] = float((reached * (lost - with_it)[: reached.size]).sum())
            lost = (1.0 - chance) * lost + chance * with_it
    return out


def _join(before: FloatArray, weights: list[int], quota: int, chance: float) -> FloatArray:
    """Return the distribution of the weight reached, below the quota, after some more members."""
    for w in weights:
        after = np.zeros(min(quota, before.size + w))
        after[: before.size] = (1.0 - chance) * before
        after[w:] += chance * before[: max(after.size - w, 0)]
        before = after
    return before


def seats_by_list(votes: list[int], seats: int) -> list[int]:
    """Return the seats of each list under the municipal rule, as the circular on the election works it out.

    Half of the seats go to the list with most votes, rounded up above four seats and down below; the others to
    the lists with 5 % of the votes, one for each electoral quotient, then one by one to the highest average of
    votes by seat, one more counted; equal averages to the list with more votes. Equal votes go by age, which the
    candidates have and a list of numbers has not: the list written first counts as the older.
    """
    total = sum(votes)
    first = votes.index(max(votes))
    half = Fraction(seats, 2)
    bonus = math.ceil(half) if seats > _FEW_SEATS else math.floor(half)
    left = seats - bonus
    heard = [n for n, v in enumerate(votes) if _FIVE_PERCENT * v >= total]
    shared = dict.fromkeys(heard, 0)
    if left:
        quotient = Fraction(total, left)
        shared = {n: math.floor(votes[n] / quotient) for n in heard}
    while sum(shared.values()) < left:
        best = max(heard, key=lambda n: (Fraction(votes[n], shared[n] + 1), votes[n], -n))
        shared[best] += 1
    return [shared.get(n, 0) + (bonus if n == first else 0) for n in range(len(votes))]
