"""The rules of bodies in force as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.governance.voting import VOTING, VotingRule
from coopsim.scenario.governance import Governance
from coopsim.society.body_moves import BODY_KEYS
from coopsim.types import BoolArray


@dataclass(frozen=True, slots=True)
class BodyRules:
    """What bodies may do, and how they vote.

    Attributes
    ----------
    act : bool
        Whether all bodies decide on their menu; else only water services invest.
    statutory : bool
        Whether delegates sit by the seats of the statutes everywhere; else water services vote by people served.
    allowed : BoolArray, shape (T, M)
        Moves that the rules of each territory allow to the bodies in which it sits.
    statutes : VotingRule
        Of communes or members, on a change of statutes.
    levy : bool
        Whether members raise the tax for rivers to pay for what a river board asks in addition.
    """

    act: bool
    statutory: bool
    allowed: BoolArray
    statutes: VotingRule
    levy: bool

    @classmethod
    def of(cls, base: Governance, each: Sequence[Governance]) -> "BodyRules":
        """Return the rules of bodies, from the constitution and that of each territory."""
        return cls(
            act=base.choice.body_decisions == "full",
            statutory=base.position.body_seats == "statutory",
            allowed=np.array(
                [[getattr(g.choice.body_moves, key).allowed for key in BODY_KEYS] for g in each]
            ),
            statutes=VOTING.build(base.aggregation.statute_rule),
            levy=base.payoff.river_board_funding == "gemapi_tax",
        )
