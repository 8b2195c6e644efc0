"""What the vote of each commune is worth when statutes change: the double majority of councils and people, counted.

Communes that refuse are counted by number and by people: a move passes when few enough refuse, who hold few enough
people. Only those coalitions are counted: one table of at most half of the communes by half of the people.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coopsim.governance.voting import DoubleMajority, least_above, least_reaching
from coopsim.types import FloatArray, IntArray

MOST_COMMUNES = 1000  # one coalition of more would be rarer than the smallest number
MOST_WORK = 3e9  # additions: some seconds


@dataclass(frozen=True, slots=True)
class Statutes:
    """The double majority among some communes.

    Attributes
    ----------
    passes : float, 0-1
        Share of random votes that pass, each council for or against by a fair coin.
    decisive : FloatArray, shape (n,), 0-1
        Probability that each commune is decisive then: the absolute Banzhaf measure.
    """

    passes: float
    decisive: FloatArray


def statutes(rule: DoubleMajority, people: ArrayLike) -> Statutes | None:
    """Return how hard a change of statutes is and who decides it; None where counting would take too long.

    Parameters
    ----------
    rule : DoubleMajority
    people : array, shape (n,)
        Inhabitants of each commune, counted as whole.

    Notes
    -----
    With P the share of votes that pass and P⁺ its value when a commune agrees, ``P = (P⁺ + P⁻)/2``: the commune is
    decisive with probability ``P⁺ - P⁻ = 2(P⁺ - P)``.
    """
    inhabitants = np.rint(np.asarray(people, dtype=np.float64)).astype(np.int64)
    n = inhabitants.size
    most = _most_refused(rule, inhabitants)
    if most.size == 0:  # one way or another, somebody must always be missing
        return Statutes(0.0, np.zeros(n))
    if n > MOST_COMMUNES or float(n) * most.size * (int(most.max()) + 1) > MOST_WORK:
        return None
    veto = np.array([rule.vetoed(inhabitants.astype(np.float64), np.arange(n) != i) for i in range(n)])
    refused = _refused(inhabitants[~veto], most)
    passes = float(refused[np.arange(most.size), most].sum())  # when those with a veto agree
    agree = 0.5 ** int(veto.sum())
    decisive = np.full(n, 2.0 * agree * passes)
    for p in np.unique(inhabitants[~veto]).tolist():
        found = 2.0 * (_passing_with(refused, most, p) - passes) * agree
        decisive[~veto & (inhabitants == p)] = found
    return Statutes(agree * passes, decisive)


def _most_refused(rule: DoubleMajority, inhabitants: IntArray) -> IntArray:
    """Return the most people that refusing communes may hold, for 0, 1, 2, … of them, as long as a move passes."""
    n, total = inhabitants.size, int(inhabitants.sum())
    both = (
        (n - least_reaching(n, rule.councils), total - least_above(total, rule.people_half)),
        (n - least_reaching(n, rule.councils_half), total - least_reaching(total, rule.people)),
    )
    ways = [(communes, held) for communes, held in both if held >= 0]
    most = max((communes for communes, _ in ways), default=-1)
    return np.array(
        [max(held for communes, held in ways if k <= communes) for k in range(most + 1)], dtype=np.int64
    )


def _refused(inhabitants: IntArray, most: IntArray) -> FloatArray:
    """Return the probability that k communes refuse, who hold at most x people, shape (k, x)."""
    top = int(most.max()) + 1
    found = np.zeros((most.size, top))
    found[0, 0] = 1.0
    reached = 1
    for p in np.sort(inhabitants).tolist():
        after = min(top, reached + p)
        if after > p:
            found[1:, p:after] += found[:-1, : after - p]
        reached = after
    found *= 0.5**inhabitants.size
    return np.cumsum(found, axis=1, out=found)


def _passing_with(refused: FloatArray, most: IntArray, people: int) -> float:
    """Return the share of votes that pass when one commune of that size agrees.

    With ``F`` the table of all and ``F'`` that of the others, ``F(k, x) = (F'(k, x) + F'(k - 1, x - p))/2``, hence
    ``F'(k, x) = 2F(k, x) - 2F(k - 1, x - p) + 2F(k - 2, x - 2p) - …``
    """
    total = 0.0
    for k, held in enumerate(most.tolist()):
        steps = np.arange(k + 1)
        left = held - steps * people
        steps = steps[left >= 0]
        total += 2.0 * float(((-1.0) ** steps * refused[k - steps, left[left >= 0]]).sum())
    return total
