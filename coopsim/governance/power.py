"""Voting power: how often a member is decisive, exactly, for any integer weights.

The game is ``[quota; w_1, …, w_n]``: a coalition wins when its weight reaches the quota. The generating
function ``∏(1 + x^w_i)`` counts coalitions by weight [BA1976]_, ``∏(1 + t·x^w_i)`` by weight and size
[MS1962]_; without one member's factor it counts the coalitions of the others. A polynomial is packed
into one Python integer, so that a product by ``1 + x^w`` is a shift and an addition and every count is
exact: 200 members take a fraction of a second.

References
----------
.. [FM1998] Felsenthal & Machover (1998), *The Measurement of Voting Power*, Edward Elgar.
.. [BA1976] Brams & Affuso (1976), *Power and size: a new paradox*, Theory and Decision 7.
.. [MS1962] Mann & Shapley (1962), *Values of large games VI*, RAND RM-3158.
"""

from fractions import Fraction
from itertools import accumulate
from math import comb, factorial, gcd

import numpy as np
from numpy.typing import ArrayLike

from coopsim.errors import scenario_error
from coopsim.types import FloatArray


def swings(weights: ArrayLike, quota: int) -> list[int]:
    """Return, for each member, the number of coalitions of the others that it turns into winning ones.

    Parameters
    ----------
    weights : array of int, shape (n,)
        Votes of each member, 0 or more.
    quota : int
        Weight that wins, between 1 and the total.
    """
    members, limit = _game(weights, quota)
    voting = [w for w in members if w > 0]
    below = _coalitions_below(voting, limit, bits=len(voting) + 1, shift=0)
    counts = {weight: _decisive(below, weight, limit, shift=0) for weight in set(voting)}
    silent = 1 << (len(members) - len(voting))  # a member without votes doubles the coalitions
    return [silent * counts[w] if w else 0 for w in members]


def banzhaf_exact(weights: ArrayLike, quota: int) -> list[Fraction]:
    """Return the normalised Banzhaf index: the share of each member in all swings; it sums to 1."""
    counts = swings(weights, quota)
    return [Fraction(count, sum(counts)) for count in counts]


def banzhaf(weights: ArrayLike, quota: int) -> FloatArray:
    """Return the normalised Banzhaf index as floats, shape (n,); it sums to 1."""
    return np.array([float(share) for share in banzhaf_exact(weights, quota)])


def banzhaf_absolute(weights: ArrayLike, quota: int) -> FloatArray:
    """Return the probability that each member is decisive when the others vote by fair coins, shape (n,)."""
    counts = swings(weights, quota)
    return np.array([float(Fraction(count, 1 << (len(counts) - 1))) for count in counts])


def shapley_shubik_exact(weights: ArrayLike, quota: int) -> list[Fraction]:
    """Return the Shapley–Shubik index: the share of orders of arrival in which a member decides; sums to 1.

    Notes
    -----
    ``Σ_k k!(n−1−k)!/n! · c_k`` with ``c_k`` the swings in coalitions of k others.
    """
    members, limit = _game(weights, quota)
    voting = [w for w in members if w > 0]  # a member without votes changes nobody's index
    n = len(voting)
    bits = comb(n, n // 2).bit_length() + 1  # holds any count of coalitions of one size
    below = _coalitions_below(voting, limit, bits=bits * (n + 1), shift=bits)
    orders = [factorial(k) * factorial(n - 1 - k) for k in range(n)]
    digit = (1 << bits) - 1
    index: dict[int, Fraction] = {0: Fraction(0)}
    for weight in set(voting):
        by_size = _decisive(below, weight, limit, shift=bits)
        decisive = sum(order * (by_size >> k * bits & digit) for k, order in enumerate(orders))
        index[weight] = Fraction(decisive, factorial(n))
    return [index[w] for w in members]


def shapley_shubik(weights: ArrayLike, quota: int) -> FloatArray:
    """Return the Shapley–Shubik index as floats, shape (n,); it sums to 1."""
    return np.array([float(share) for share in shapley_shubik_exact(weights, quota)])


def majority_quota(weights: ArrayLike, share: Fraction = Fraction(1, 2)) -> int:
    """Return the smallest weight that is strictly more than ``share`` of the total."""
    total = sum(_integers(weights))
    return int(total * share) + 1


def _integers(weights: ArrayLike) -> list[int]:
    values = np.asarray(weights)
    if values.ndim != 1 or values.size == 0:
        raise scenario_error(
            "il faut une liste de poids non vide",
            "a list of weights is needed, not an empty one",
            key="weights",
        )
    try:
        whole = [int(value) for value in values]
    except (OverflowError, TypeError, ValueError):  # infinite, not a number, a word
        whole = [-1]
    if len(whole) != values.size or any(w < 0 or w != v for w, v in zip(whole, values, strict=True)):
        raise scenario_error(
            "les poids sont des entiers positifs ou nuls",
            "weights are whole numbers, 0 or more",
            key="weights",
        )
    return whole


def _game(weights: ArrayLike, quota: int) -> tuple[list[int], int]:
    """Return the weights in lowest terms and the smaller of the quota and its dual.

    A game and its dual (a coalition wins unless its complement does) give every member the same
    swings, and only weights below the quota are counted: the smaller quota is the cheaper one.
    """
    members = _integers(weights)
    total = sum(members)
    if not 1 <= quota <= total:
        raise scenario_error(
            "le seuil va de 1 au total des poids",
            "the quota lies between 1 and the total of the weights",
            key="quota",
            value=quota,
            allowed=f"1 – {total}",
        )
    unit = gcd(*members)
    members = [w // unit for w in members]
    quota = -(-quota // unit)
    return members, min(quota, total // unit - quota + 1)


def _coalitions_below(weights: list[int], limit: int, bits: int, shift: int) -> list[int]:
    """Return, for s = 0 … limit, the number of coalitions lighter than s.

    A number packs the counts by size when ``shift`` is not 0: size k stands ``k·shift`` bits up.
    ``bits`` is the room of one weight in the packed product.
    """
    room = -(-bits // 8) * 8  # whole bytes, so that the product is cut in one pass
    mask = (1 << room * limit) - 1
    product = 1
    for weight in weights:
        product = (product + (product << room * weight + shift)) & mask
    width = room // 8
    packed = memoryview(product.to_bytes(width * limit, "little"))
    exact = (int.from_bytes(packed[s * width : (s + 1) * width], "little") for s in range(limit))
    return list(accumulate(exact, initial=0))


def _decisive(below: list[int], weight: int, limit: int, shift: int) -> int:
    """Return the coalitions of the others, of weight ``limit − weight`` to ``limit − 1``.

    With ``c`` all coalitions and ``c'`` those of the others, ``c'(s) = c(s) − t·c'(s − w)``: the sum over
    a window is the window of ``c`` less ``t`` times the sum over the window just below.
    """
    total, sign, power = 0, 1, 0
    for top in range(limit, 0, -weight):
        total += sign * (below[top] - below[max(top - weight, 0)] << power)
        sign, power = -sign, power + shift
    return total
