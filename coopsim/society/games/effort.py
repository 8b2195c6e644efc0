r"""Efforts for a common good: everybody's effort benefits all, each pays its own.

:math:`\pi_i = b_i Q - \tfrac{c}{2} q_i^2`, :math:`Q = \sum q`: the benchmark of self-enforcing agreements
(Barrett 1994, *Self-enforcing international environmental agreements*, Oxford Economic Papers 46).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coopsim.governance.play import Circle
from coopsim.types import BoolArray, FloatArray


@dataclass(slots=True)
class EffortGame:
    """Linear benefit of the total effort, quadratic cost of one's own.

    Attributes
    ----------
    strategies : FloatArray, shape (n,)
        Efforts.
    circle : Circle
    benefit : FloatArray, shape (n,)
        Benefit of one unit of total effort.
    cost : float
        Slope of the marginal cost.
    """

    strategies: FloatArray
    circle: Circle
    benefit: FloatArray
    cost: float
    name: str = "effort"
    known: dict[object, Any] = field(default_factory=dict)

    def bounds(self, player: int, strategies: FloatArray) -> tuple[float, float]:  # noqa: ARG002
        """Return any effort."""
        return 0.0, np.inf

    def payoff(self, player: int, strategies: FloatArray) -> float:
        """Return the net benefit of a year."""
        own = float(strategies[player])
        return float(self.benefit[player] * strategies.sum()) - 0.5 * self.cost * own * own

    def payoffs(self, strategies: FloatArray) -> FloatArray:
        """Return the net benefit of everybody, shape (n,)."""
        out: FloatArray = self.benefit * strategies.sum() - 0.5 * self.cost * strategies**2
        return out

    def marginal(
        self, player: int, strategies: FloatArray, group: BoolArray, discount_factor: float
    ) -> float:
        """Return d net benefit of the group / d own effort."""
        del discount_factor
        return float(self.benefit[group].sum() - self.cost * strategies[player])

    def situation(self, player: int, strategies: FloatArray, group: BoolArray) -> object:  # noqa: ARG002
        """Return what the group gains by one unit of effort."""
        return float(self.benefit[group].sum())

    def efforts(self, members: BoolArray) -> FloatArray:
        """Return the efforts when members of one agreement maximise their sum and the others act alone, (n,)."""
        out: FloatArray = np.where(members, self.benefit[members].sum(), self.benefit) / self.cost
        return out
