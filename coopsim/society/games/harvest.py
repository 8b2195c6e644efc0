r"""The fish war: shares of a stock that all harvest.

Value of keeping the share :math:`h_i` for ever, the others' shares fixed,
:math:`\sum_t \delta^t \ln(h_i x_t)`, :math:`x_{t+1} = G((1 - \sum h) x_t)`: on a stock with constant
elasticity this is the Bellman problem of the fish war (Levhari & Mirman 1980).
"""

import math
from dataclasses import dataclass, field
from typing import Any

from coopsim.governance.play import Circle
from coopsim.types import BoolArray, FloatArray

_YEARS = 20000  # more than any discount factor below 0.998 needs
_STILL = 1e-15  # relative change of a state at rest
_NOTHING = 1e-18  # weight of a year that no longer counts
_LEAST = 1e-12  # share below which nobody harvests


@dataclass(slots=True)
class HarvestGame:
    """Discounted log harvest from a shared stock.

    Attributes
    ----------
    strategies : FloatArray, shape (n,)
        Yearly shares of the stock.
    circle : Circle
    stock : float
    elasticity : callable
        ``(x) -> (G(x), x·G'(x)/G(x))``: next stock and its elasticity by the escapement.
    """

    strategies: FloatArray
    circle: Circle
    stock: float
    elasticity: "StockMap"
    name: str = "harvest"
    known: dict[object, Any] = field(default_factory=dict)

    def bounds(self, player: int, strategies: FloatArray) -> tuple[float, float]:
        """Return what the others leave."""
        return _LEAST, max(_LEAST, 1.0 - self._others(player, strategies) - _LEAST)

    def _others(self, player: int, strategies: FloatArray) -> float:
        return float(strategies.sum() - strategies[player])

    def payoff(self, player: int, strategies: FloatArray) -> float:
        """Return the log harvest of this year."""
        return math.log(max(float(strategies[player]) * self.stock, _LEAST))

    def marginal(
        self, player: int, strategies: FloatArray, group: BoolArray, discount_factor: float
    ) -> float:
        """Return d value / d log-odds of the share taken of what the others leave.

        The sign and the root are those of the derivative by the share; the scale is bounded, and linear in
        the share on a stock with constant elasticity, so that the root is found in a few steps.
        """
        asked = (
            float(strategies[player]), self._others(player, strategies), int(group.sum()), discount_factor,
        )  # fmt: skip
        if asked not in self.known:  # players who are alike ask the same
            self.known[asked] = self._gain(*asked)
        return float(self.known[asked])

    def situation(self, player: int, strategies: FloatArray, group: BoolArray) -> object:  # noqa: ARG002
        """Return None: single values are known instead."""
        return None

    def _gain(self, own: float, others: float, n: int, discount_factor: float) -> float:
        """Return the sum over years of δ^t·(left + n·own·d): *d* is the stock's loss, left·d log x / d own."""
        left = 1.0 - others - own
        x, d, weight, total = self.stock, 0.0, 1.0, 0.0
        for _ in range(_YEARS):
            total += weight * (left + n * own * d)
            nxt, e = self.elasticity(left * x)
            new = e * (d - 1.0)
            weight *= discount_factor
            # the state of a steady stock stops moving long before δ^t vanishes: sum the rest at once
            if abs(new - d) <= _STILL * (1.0 + abs(new)) and abs(nxt - x) <= _STILL * x:
                return total + weight / (1.0 - discount_factor) * (left + n * own * new)
            x, d = nxt, new
            if weight < _NOTHING:
                break
        return total


class StockMap:
    """Growth of a stock over a year as a map of what was left, with its elasticity.

    Parameters
    ----------
    rule : str
        ``power``: x^α; ``logistic``: x + r·x(1 − x/K).
    """

    def __init__(self, rule: str, a: float, k: float) -> None:
        self.rule, self.a, self.k = rule, a, k

    def __call__(self, x: float) -> tuple[float, float]:
        """Return (next stock, elasticity)."""
        if self.rule == "power":
            return float(x**self.a), self.a
        nxt = x + self.a * x * (1.0 - x / self.k)
        slope = 1.0 + self.a * (1.0 - 2.0 * x / self.k)
        return float(nxt), float(slope * x / nxt) if nxt > 0 else 0.0
