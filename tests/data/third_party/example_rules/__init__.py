"""A voting rule with two quorums, and water rights in shares of the flow."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

import coopsim


@coopsim.rule("voting rule", "double_quorum")
@dataclass(frozen=True, slots=True)
class DoubleQuorum:
    """A majority of the voters present, who must be enough and must speak for enough people.

    Attributes
    ----------
    voters : float
        Share of all voters who must be present.
    population : float
        Share of the people that those present must speak for.
    """

    voters: float = 0.5
    population: float = 0.5

    traits: ClassVar[coopsim.Traits] = coopsim.Traits(
        coopsim.Text(
            "majorité des présents, sous un quorum de voix et un quorum de population",
            "majority of those present, under a quorum of voters and a quorum of population",
        ),
        "example: the quorum of French councils (CGCT L2121-17) and a second one on population",
        ("LC71",),
    )

    def __post_init__(self) -> None:
        for name in ("voters", "population"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must lie between 0 and 1")

    def adopted(self, ballot) -> bool:
        """Return whether the move passes; nobody present decides nothing."""
        seats = ballot.present.size
        people = float(ballot.population.sum())
        there = float(ballot.population[ballot.present].sum())
        quorate = ballot.voters >= self.voters * seats and there >= self.population * people * (1 - 1e-12)
        return bool(quorate and 2 * ballot.in_favour > ballot.voters)


@coopsim.rule("water allocation", "flow_share")
@dataclass(frozen=True, slots=True)
class FlowShare:
    """Nobody may take more than a share of the flow that arrives above the ecological floor.

    Attributes
    ----------
    share : float
        Of the flow above the floor; all uses of a place are cut alike.
    """

    share: float = 0.3

    traits: ClassVar[coopsim.Traits] = coopsim.Traits(
        coopsim.Text(
            "au plus une part du débit qui arrive au-dessus du plancher écologique",
            "at most a share of the flow that arrives above the ecological floor",
        ),
        "example: abstraction limits written as a share of the flow",
        ("LC58",),
    )
    kernel_code: ClassVar[int] = -1

    def ration(self, context) -> np.ndarray:
        """Return the withdrawals, shape (nodes, 4), m3/s."""

        def wish(node, arriving):
            room = self.share * max(0.0, arriving - context.floor[node])
            asked = float(context.demand[node].sum())
            return context.demand[node] * min(1.0, room / asked if asked > 0.0 else 1.0)

        return context.walk(wish, state=False)[0]
