r"""Exact results of sharing, giving and pricing access: pure functions that know nothing of the engine.

References
----------
.. [HM1989] Hart & Mas-Colell (1989), *Potential, value, and consistency*, Econometrica 57: the Shapley value as the
   differences of one potential.
.. [YOH1982] Young, Okada & Hashimoto (1982), *Cost allocation in water resources development*.
.. [C2011] Chaudhuri (2011), *Sustaining cooperation in laboratory public goods experiments*.
.. [BY2000] Buchanan & Yoon (2000), *Symmetric tragedies: commons and anticommons*.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations

Costs = Mapping[frozenset[str], float]


def shapley(costs: Costs) -> dict[str, float]:
    r"""Return the Shapley value of a cost table, in exact arithmetic.

    The potential ``P(S) = (c(S) + Σ_{i in S} P(S \\ i))/|S|``, ``P(∅) = 0``, gives ``x_i = P(N) - P(N \\ i)``
    ([HM1989]_): no marginal cost is ever weighted, unlike in the engine.
    """
    players = sorted(frozenset[str]().union(*costs))
    potential: dict[frozenset[str], Fraction] = {frozenset(): Fraction(0)}
    for size in range(1, len(players) + 1):
        for group in map(frozenset, combinations(players, size)):
            below = sum((potential[group - {i}] for i in group), Fraction(0))
            potential[group] = (Fraction(costs[group]) + below) / size
    everybody = frozenset(players)
    return {i: float(potential[everybody] - potential[everybody - {i}]) for i in players}


def separable_costs(costs: Costs) -> dict[str, float]:
    """Return separable costs and shares of the rest in proportion to remaining benefits ([YOH1982]_).

    Stand-alone costs are taken as benefits; where remaining benefits sum to nothing (1e-9 of the costs), the
    rest is split equally.
    """
    players = sorted(frozenset[str]().union(*costs))
    everybody = frozenset(players)
    total = Fraction(costs[everybody])
    alone = {i: Fraction(costs[frozenset((i,))]) for i in players}
    own = {i: total - Fraction(costs.get(everybody - {i}, 0.0)) for i in players}
    remaining = {i: alone[i] - own[i] for i in players}
    saved, rest = sum(remaining.values(), Fraction(0)), total - sum(own.values(), Fraction(0))
    scale = sum((abs(x) for x in (*alone.values(), *own.values())), Fraction(0))
    if abs(saved) <= Fraction(1, 10**9) * scale:
        return {i: float(own[i] + rest / len(players)) for i in players}
    return {i: float(own[i] + rest * remaining[i] / saved) for i in players}


def contribution(
    share: float, slope: float, bias: float, start: float, years: int, gain: float, penalty: float
) -> float:
    """Return the mean contribution after some years, as a share of the endowment, which bounds it.

    ``c0·(share·slope·(1 - bias))^t``, at most 1; from the first year on everything where the expected fine on a unit
    withheld (``penalty``) is at least what withholding it brings (``gain``, equal to rounding counts).
    """
    if years > 0 and penalty >= gain - 1e-12:
        return 1.0
    factor = share * slope * (1.0 - bias)
    if factor <= 1.0 or start == 0.0:
        return min(1.0, start * factor**years)
    level = start
    for _ in range(years):  # a growing power may leave the range of numbers before it is bounded
        level = min(1.0, level * factor)
    return level


def access_use(deciders: int) -> float:
    """Return the use of a resource when each of n owners prices access, ``1/(n + 1)`` of free use ([BY2000]_).

    Demand is ``x = 1 - Σp``; owner i maximises ``p_i·x``, so ``p_i = x`` for all and ``x = 1 - n·x``.
    """
    return 1.0 / (deciders + 1)


def access_rent_ratio(deciders: int) -> float:
    """Return the owners' joint revenue over its largest value, ``4n/(n + 1)²``."""
    return 4.0 * deciders / (deciders + 1) ** 2
