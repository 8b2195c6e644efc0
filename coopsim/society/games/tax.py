r"""The tax race: business tax with logit siting.

:math:`\pi_i = (1-\varphi_i) t_i s_i + \sum_j k_{ij} \varphi_j t_j s_j`, with *s* the exact siting shares
(outside option included), :math:`\varphi_j` the share that *j* pools in its pact and :math:`k_{ij}` what *i*
gets of it; the derivative is exact, :math:`\partial s_j/\partial t_i = -\gamma s_j(1[j=i] - s_i)`.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coopsim.economy.siting import choice_probabilities
from coopsim.governance.play import Circle
from coopsim.types import BoolArray, FloatArray


@dataclass(slots=True)
class TaxGame:
    """Expected business tax from mobile jobs, one siting period.

    Attributes
    ----------
    strategies : FloatArray, shape (n,), %
    circle : Circle
    utility : FloatArray, shape (n, K)
        Utility of each territory without the tax term.
    slope : FloatArray, shape (K,)
        Loss of utility per point of tax.
    weight : FloatArray, shape (K,)
        Taxed jobs at stake by sector × base per point.
    outside : FloatArray, shape (K,)
    phi : FloatArray, shape (n,)
        Share of its business tax that each territory pools in its pact; 0 outside any pact.
    key : FloatArray, shape (n, n)
        Share that the row gets of what the column pools; columns of members sum to 1.
    low, high : FloatArray, shape (n,), %
        Legal rates.
    """

    strategies: FloatArray
    circle: Circle
    utility: FloatArray
    slope: FloatArray
    weight: FloatArray
    outside: FloatArray
    phi: FloatArray
    key: FloatArray
    low: FloatArray
    high: FloatArray
    name: str = "tax"
    known: dict[object, Any] = field(default_factory=dict)

    def bounds(self, player: int, strategies: FloatArray) -> tuple[float, float]:  # noqa: ARG002
        """Return the legal rates."""
        return float(self.low[player]), float(self.high[player])

    def shares(self, taxes: FloatArray) -> FloatArray:
        """Return exact siting shares, shape (n, K)."""
        out: FloatArray = choice_probabilities(
            self.utility - np.multiply.outer(taxes, self.slope), self.outside
        )
        return out

    def _received(self, group: BoolArray) -> FloatArray:
        """Return what a group gets of one euro raised by each territory, shape (n,)."""
        out: FloatArray = (1.0 - self.phi) * group + group @ self.key * self.phi
        return out

    def payoff(self, player: int, strategies: FloatArray) -> float:
        """Return the expected revenue of a player, after sharing."""
        raised = strategies * (self.shares(strategies) @ self.weight)
        one = np.arange(strategies.size) == player
        return float(self._received(one) @ raised)

    def marginal(
        self, player: int, strategies: FloatArray, group: BoolArray, discount_factor: float
    ) -> float:
        """Return d payoff of the group / d own tax; the discount factor has no role in a one-period game."""
        del discount_factor
        s = self.shares(strategies)
        ds = self.slope * s * s[player]
        ds[player] = -self.slope * s[player] * (1.0 - s[player])
        gain = strategies[:, None] * ds
        gain[player] += s[player]
        return float(self._received(group) @ gain @ self.weight)

    def situation(self, player: int, strategies: FloatArray, group: BoolArray) -> object:  # noqa: ARG002
        """Return None: territories differ in their utilities."""
        return None
