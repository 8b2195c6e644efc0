"""Voting power of blocs of voters under any voting rule.

Where a rule comes down to votes and a quota, the votes of a bloc are the sum of its members' and its power is
counted by `coopsim.governance.power`. Any other rule is asked about every coalition, as long as these are few.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from coopsim.governance import power
from coopsim.governance.voting import Ballot, VotingRule, WeightedGame
from coopsim.types import BoolArray, FloatArray, IntArray

MOST_BLOCS = 12  # asked about every coalition: 4,096 votes


@dataclass(frozen=True, slots=True)
class Power:
    """What the votes of some blocs are worth.

    Attributes
    ----------
    votes : IntArray, shape (n,)
        Votes of each bloc: what the rule counts, or its number of voters.
    quota : int or None
        Votes that adopt; None for a rule that does not come down to votes and a quota.
    banzhaf, shapley_shubik : FloatArray, shape (n,)
        Both sum to 1; zeros where nothing is ever adopted.
    """

    votes: IntArray
    quota: int | None
    banzhaf: FloatArray
    shapley_shubik: FloatArray

    @property
    def centres(self) -> float:
        """How many blocs of equal power would be as concentrated, ``1/Σ banzhaf²`` [LT1979]_; 0 without power.

        .. [LT1979] Laakso & Taagepera (1979), *Effective number of parties*, Comparative Political Studies 12.
        """
        squares = float(np.square(self.banzhaf).sum())
        return 1.0 / squares if squares > 0.0 else 0.0

    def taken(self, order: Sequence[int]) -> Self:
        """Return the same blocs in another order."""
        rows = np.array(order, dtype=np.int64)
        return type(self)(self.votes[rows], self.quota, self.banzhaf[rows], self.shapley_shubik[rows])


def bloc_power(rule: VotingRule, ballot: Ballot, bloc: IntArray, blocs: int) -> Power | None:
    """Return the power of blocs of voters when all take part, each bloc with one voice.

    Parameters
    ----------
    rule : VotingRule
    ballot : Ballot
        Who is in favour does not count.
    bloc : IntArray, shape (voters,)
        Bloc of each voter.
    blocs : int
        Number of blocs; one without voters has no power.

    Returns
    -------
    Power or None
        None for a rule without a quota among more than `MOST_BLOCS` blocs.
    """
    heads = np.bincount(bloc, minlength=blocs)
    game = rule.game(ballot) if isinstance(rule, WeightedGame) else None
    if game is not None:
        votes = np.bincount(bloc, weights=game[0], minlength=blocs).astype(np.int64)
        if game[1] > votes.sum():
            return Power(votes, game[1], np.zeros(blocs), np.zeros(blocs))
        return Power(votes, game[1], power.banzhaf(votes, game[1]), power.shapley_shubik(votes, game[1]))
    if blocs > MOST_BLOCS:
        return None
    return Power(heads, None, *_asked(_wins(rule, ballot, bloc, blocs)))


def _wins(rule: VotingRule, ballot: Ballot, bloc: IntArray, blocs: int) -> BoolArray:
    """Return which coalitions adopt, bloc i being in favour where bit i of the coalition's number is set."""
    everybody = np.ones(bloc.size, dtype=np.bool_)
    out = np.zeros(1 << blocs, dtype=np.bool_)
    for coalition in range(out.size):
        yes = (coalition >> bloc & 1).astype(np.bool_)
        out[coalition] = rule.adopted(replace(ballot, yes=yes, present=everybody, objects=~yes))
    return out


def _asked(wins: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return both indices from which coalitions adopt."""
    blocs = wins.size.bit_length() - 1
    number = np.arange(wins.size)
    size = np.array([int(x).bit_count() for x in number])
    orders = np.array([math.factorial(k) * math.factorial(blocs - 1 - k) for k in range(blocs)])
    swings, shapley = np.zeros(blocs), np.zeros(blocs)
    for i in range(blocs):
        without = number[(number >> i & 1) == 0]
        decides = wins[without | 1 << i] & ~wins[without]
        swings[i] = np.count_nonzero(decides)
        shapley[i] = orders[size[without[decides]]].sum() / math.factorial(blocs)
    return swings / max(float(swings.sum()), 1.0), shapley
