r"""The static commons: efforts on a resource whose yearly yield is :math:`aX - bX^2`.

A logistic stock under the total effort *X* yields :math:`qXK(1 - qX/r)` for ever (Schaefer 1954), that is
:math:`a = pqK`, :math:`b = pq^2K/r`; each user gets its share of the yield and pays its effort, fee included:
:math:`\pi_i = x_i(a - bX) - (w + f)x_i` (Gordon 1954; Ostrom, Walker & Gardner 1992).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coopsim.governance.play import Circle
from coopsim.types import BoolArray, FloatArray


@dataclass(slots=True)
class CommonsGame:
    """Rent of efforts on a common resource.

    Attributes
    ----------
    strategies : FloatArray, shape (n,)
        Efforts.
    circle : Circle
    a, b : float
        Yield of the first unit of effort, and half its fall per unit.
    cost : FloatArray, shape (n,)
        Cost of one unit of effort, fee included.
    """

    strategies: FloatArray
    circle: Circle
    a: float
    b: float
    cost: FloatArray
    name: str = "commons"
    known: dict[object, Any] = field(default_factory=dict)

    def bounds(self, player: int, strategies: FloatArray) -> tuple[float, float]:  # noqa: ARG002
        """Return any effort."""
        return 0.0, np.inf

    def payoff(self, player: int, strategies: FloatArray) -> float:
        """Return the rent of a year."""
        own, total = float(strategies[player]), float(strategies.sum())
        return own * (max(self.a - self.b * total, 0.0) - float(self.cost[player]))

    def marginal(
        self, player: int, strategies: FloatArray, group: BoolArray, discount_factor: float
    ) -> float:
        """Return d rent of the group / d own effort; the discount factor has no role in a one-period game."""
        del discount_factor
        average = self.a - self.b * float(strategies.sum())
        return float(average - self.b * strategies[group].sum() - self.cost[player])

    def situation(self, player: int, strategies: FloatArray, group: BoolArray) -> object:
        """Return the others' efforts, those of the group apart, and the own cost."""
        own = float(strategies[player])
        total, mine = float(strategies.sum()) - own, float(strategies[group].sum()) - own
        return total, mine, float(self.cost[player])
