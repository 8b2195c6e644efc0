"""Voting power: how often a member is decisive, in a game of whole weights and a quota.

The game is ``[quota; w_1, …, w_n]``: a coalition wins when its weight reaches the quota. A member is decisive
when the others weigh less than the quota without it and reach it with it. `decisive` gives the probability of
that when each of the others says yes with one chance; at one half it is the Banzhaf measure, and its mean over
all chances is the Shapley–Shubik index, since Owen's multilinear extension is a polynomial of degree n in the
chance [O1972]_. The mean is taken at the nodes of Gauss and Legendre, as many as bound the error below 1e-13.

The probabilities are counted, not sampled: by weight, one number for every weight up to the quota; or, for few
members with huge weights, by the coalitions of each half of the members. A game too large for both is refused.

References
----------
.. [FM1998] Felsenthal & Machover (1998), *The Measurement of Voting Power*, Edward Elgar.
.. [BA1976] Brams & Affuso (1976), *Power and size: a new paradox*, Theory and Decision 7 (coalitions by weight).
.. [O1972] Owen (1972), *Multilinear extensions of games*, Management Science 18.
.. [HS1974] Horowitz & Sahni (1974), *Computing partitions…*, Journal of the ACM 21 (by halves).
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from coopsim.errors import scenario_error
from coopsim.types import FloatArray, IntArray

MOST_MEMBERS = 1000  # one coalition of more would be rarer than the smallest number
MOST_WORK = 4e10  # additions: one or two minutes
MOST_WEIGHTS = 50_000_000  # weights counted apart, 400 MB
_HALVED = 42  # members that may be halved
_BATCH = 1 << 17  # numbers worked on at once
_PRECISION = math.log(1e-13)
_NOISE = 1e-15


@dataclass(frozen=True, slots=True)
class _Game:
    """A game in its smallest form.

    Attributes
    ----------
    weights : IntArray, shape (n,)
        Of the members that have votes; none above the quota or its dual.
    quota, dual : int
        Weight that wins, and weight that keeps the others from winning.
    """

    weights: IntArray
    quota: int
    dual: int


def decisive(weights: ArrayLike, quota: int, chance: float = 0.5) -> FloatArray:
    """Return the probability that each member is decisive when the others say yes independently.

    Parameters
    ----------
    weights : array of int, shape (n,)
        Votes of each member, 0 or more.
    quota : int
        Weight that wins, between 1 and the total.
    chance : float, 0-1
        Of a yes; one half gives the Banzhaf measure (Penrose's).

    Raises
    ------
    ScenarioError
        For weights or a quota that make no game, and for a game too large to be counted.
    """
    return _each_member(weights, quota, np.array([chance]), np.ones(1))


def banzhaf(weights: ArrayLike, quota: int) -> FloatArray:
    """Return the normalised Banzhaf index, shape (n,): the share of each member in all swings; it sums to 1."""
    found = decisive(weights, quota)
    out: FloatArray = found / found.sum()
    return out


def shapley_shubik(weights: ArrayLike, quota: int) -> FloatArray:
    """Return the Shapley–Shubik index, shape (n,): the share of orders of arrival in which a member decides."""
    chances, shares = _nodes(int(np.count_nonzero(weights)))
    out = _each_member(weights, quota, chances, shares)
    out[np.abs(out) < _NOISE] = 0.0  # a member that never decides has none, not a rounding error
    return out


def majority_quota(weights: ArrayLike, share: Fraction = Fraction(1, 2)) -> int:
    """Return the smallest weight that is strictly more than ``share`` of the total."""
    return int(int(_whole(weights).sum()) * share) + 1


def _each_member(weights: ArrayLike, quota: int, chances: FloatArray, shares: FloatArray) -> FloatArray:
    """Return the mean over some chances, with their shares, of being decisive; shape (n,)."""
    members = _whole(weights)
    game = _reduced(members, quota)
    by_weight, by_half = _work(game, chances)
    if min(by_weight, by_half) > MOST_WORK:
        raise scenario_error(
            "le jeu est trop grand pour être compté : compter les voix en unités plus grandes",
            "the game is too large to be counted: count votes in larger units",
            key="weights",
            value=f"{members.size} × {game.quota}",
        )
    found = (_by_weight if by_weight <= by_half else _by_halves)(game, chances, shares)
    out = np.zeros(members.size)
    out[members > 0] = found
    return out


def _whole(weights: ArrayLike) -> IntArray:
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
    if values.size > MOST_MEMBERS or sum(whole) > 2**53:
        raise scenario_error(
            "trop de membres ou de voix",
            "too many members or votes",
            key="weights",
            value=f"{values.size} × {max(whole)}",
            allowed=f"≤ {MOST_MEMBERS}, ≤ 2^53",
        )
    return np.array(whole, dtype=np.int64)


def _reduced(members: IntArray, quota: int) -> _Game:
    """Return the same game with the smallest weights that this takes no search to find.

    A member that wins alone needs no more than the quota, one that can block alone no more than the dual.
    """
    total = int(members.sum())
    if not 1 <= quota <= total:
        raise scenario_error(
            "le seuil va de 1 au total des poids",
            "the quota lies between 1 and the total of the weights",
            key="quota",
            value=quota,
            allowed=f"1 – {total}",
        )
    weights = members[members > 0]
    dual = total - quota + 1
    while True:
        unit = int(np.gcd.reduce(weights))
        weights, quota, dual = weights // unit, -(-quota // unit), -(-dual // unit)
        capped = np.minimum(weights, quota)
        dual = int(capped.sum()) - quota + 1
        capped = np.minimum(capped, dual)
        quota = int(capped.sum()) - dual + 1
        if np.array_equal(capped, weights):
            return _Game(weights, quota, dual)
        weights = capped


def _work(game: _Game, chances: FloatArray) -> tuple[float, float]:
    """Return the additions that both ways take; infinite where one cannot be taken."""
    n, nodes = game.weights.size, -(-chances.size // 2)
    top = max(game.quota, game.dual) if chances.size > 1 else _top(game, float(chances[0]))
    half = -(-n // 2)
    return (
        float(n) * nodes * top if top <= MOST_WEIGHTS else math.inf,
        2.0**half * 4.0 * (half + 1) * chances.size if n <= _HALVED else math.inf,
    )


def _top(game: _Game, chance: float) -> int:
    """Return how many weights one chance needs: those of the game or of its dual (see `_by_weight`)."""
    if chance == 0.5:  # noqa: PLR2004 - both give the same
        return min(game.quota, game.dual)
    return game.quota if chance < 0.5 else game.dual  # noqa: PLR2004


def _nodes(members: int) -> tuple[FloatArray, FloatArray]:
    """Return chances and shares that integrate being decisive over [0, 1].

    Half as many nodes as members integrate the polynomial exactly; far fewer do to rounding. On the ellipse of
    parameter exp(t) around [0, 1] the chance p of a yes and of a no have a sum of moduli cosh t, so that the
    integrand is at most cosh(t)^(n-1), and m nodes miss the mean by at most (32/15) cosh(t)^(n-1) exp(-2mt)
    over 1 - exp(-2t): Trefethen (2008), *Is Gauss quadrature better than Clenshaw–Curtis?*, theorem 4.5.
    """
    t = np.geomspace(1e-3, 5.0, 200)
    bound = math.log(32 / 15) + max(members - 1, 0) * np.log(np.cosh(t)) - np.log(-np.expm1(-2.0 * t))
    enough = int(np.ceil(np.min((bound - _PRECISION) / (2.0 * t))))
    x, shares = np.polynomial.legendre.leggauss(max(1, min(enough, -(-members // 2))))
    return 0.5 * (1.0 + x), 0.5 * shares


def _by_weight(game: _Game, chances: FloatArray, shares: FloatArray) -> FloatArray:
    """Count coalitions by weight; see `_each_member`.

    Being decisive at chance p is being decisive in the dual game at 1 - p: what the others lack counts instead
    of what they have. Chances above one half are taken so, since `_without` is stable up to one half.
    """
    low = chances <= 0.5  # noqa: PLR2004
    if chances.size == 1 and chances[0] == 0.5:  # noqa: PLR2004
        low = np.array([game.quota <= game.dual])
    folded = np.minimum(chances, 1.0 - chances)
    out = np.zeros(game.weights.size)
    pairs: dict[float, FloatArray] = {}
    for p, share, mine in zip(folded.tolist(), shares, low, strict=True):
        pairs.setdefault(p, np.zeros(2))[0 if mine else 1] += share
    top = max(game.quota if low.any() else 0, game.dual if not low.all() else 0)
    kinds, rank = np.unique(game.weights, return_inverse=True)
    batch = max(1, _BATCH // top)
    nodes = sorted(pairs)
    for first in range(0, len(nodes), batch):
        p = np.array(nodes[first : first + batch])[:, None]
        part = np.array([pairs[x] for x in nodes[first : first + batch]])
        below = _below(game.weights, top, p)
        signs = np.repeat(-p / (1.0 - p), top // int(kinds[0]) + 2, axis=1)
        signs[:, 0] = 1.0
        np.cumprod(signs, axis=1, out=signs)
        for limit, share in ((game.quota, part[:, 0]), (game.dual, part[:, 1])):
            if share.any():
                scale = share / (1.0 - p[:, 0])
                out += np.array([scale @ _without(below, int(w), limit, signs) for w in kinds])[rank]
    return out


def _below(weights: IntArray, top: int, chance: FloatArray) -> FloatArray:
    """Return the probability that all members together weigh less than s, s = 0 … top, one row a chance.

    A yes is first counted as often as the odds say, a no once: at most 2^1000 for chances up to one half.
    """
    odds = chance / (1.0 - chance)
    found = np.zeros((chance.size, top + 1))
    found[:, 1] = 1.0  # one place on, where the sum below will stand
    reached = 1
    for w in np.sort(weights).tolist():
        after = min(top, reached + w)
        if after > w:
            found[:, 1 + w : 1 + after] += odds * found[:, 1 : 1 + after - w]
        reached = after
    np.cumsum(found, axis=1, out=found)
    found *= (1.0 - chance) ** weights.size
    return found


def _without(below: FloatArray, weight: int, limit: int, signs: FloatArray) -> FloatArray:
    """Return 1 - p times the probability that the others weigh limit - weight to limit - 1, one number a chance.

    With ``c`` all coalitions and ``c'`` those of the others, ``c'(s) = (c(s) - p·c'(s - w))/(1 - p)``: a window
    of ``c'`` is that window of ``c``, less the window just below times p/(1 - p), and so on down; ``signs`` holds
    the powers of -p/(1 - p).
    """
    edges = below[:, limit::-weight]
    if limit % weight:  # the last window is cut at 0
        edges = np.concatenate([edges, np.zeros((len(below), 1))], axis=1)
    windows = edges[:, :-1] - edges[:, 1:]
    out: FloatArray = np.einsum("ij,ij->i", windows, signs[:, : windows.shape[1]])
    return out


def _by_halves(game: _Game, chances: FloatArray, shares: FloatArray) -> FloatArray:
    """Count the coalitions of each half of the members; see `_each_member`.

    For each coalition of one half, the other half must weigh at least what is missing: a place in its sorted
    coalitions. Being decisive is what one member of the coalition changes to that probability.
    """
    out = np.zeros(game.weights.size)
    halves = np.arange(out.size) % 2
    for half in (0, 1):
        mine, other = np.flatnonzero(halves == half), np.flatnonzero(halves != half)
        if not mine.size:
            continue
        sums, others = _subsets(game.weights[mine]), _subsets(game.weights[other])
        order = np.argsort(others, kind="stable")
        place = np.searchsorted(others[order], game.quota - sums)
        size, sizes = _subsets(np.ones_like(mine[1:])), _subsets(np.ones_like(other))[order]
        for p, share in zip(chances.tolist(), shares, strict=True):
            heavier = np.zeros(others.size + 1)
            heavier[:-1] = np.cumsum(_chance_of(sizes, other.size, p)[::-1])[::-1]
            wins = heavier[place]
            among = _chance_of(size, mine.size - 1, p)
            for bit, member in enumerate(mine):
                pairs = wins.reshape(-1, 2, 1 << bit)
                gained = pairs[:, 1] - pairs[:, 0]
                out[member] += share * float((gained * among.reshape(gained.shape)).sum())
    return out


def _subsets(weights: IntArray) -> IntArray:
    """Return the weight of every subset, member i being in it where bit i of its number is set."""
    sums = np.zeros(1, dtype=np.int64)
    for w in weights:
        sums = np.concatenate([sums, sums + w])
    return sums


def _chance_of(size: IntArray, members: int, chance: float) -> FloatArray:
    """Return the probability of coalitions from how many say yes."""
    k = np.arange(members + 1)
    out: FloatArray = (chance**k * (1.0 - chance) ** (members - k))[size]
    return out
