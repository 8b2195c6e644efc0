r"""Games that strategic makers play on the engine: taxes with logit siting, shares of a stock.

Tax: :math:`\pi_i = (1-\varphi) t_i s_i + \varphi k_i \sum_j t_j s_j`, with *s* the exact siting shares
(outside option included) and *k* the key of revenue sharing; the derivative is exact,
:math:`\partial s_j/\partial t_i = -\gamma s_j(1[j=i] - s_i)`.

Harvest: value of keeping the share :math:`h_i` for ever, the others' shares fixed,
:math:`\sum_t \delta^t \ln(h_i x_t)`, :math:`x_{t+1} = G((1 - \sum h) x_t)`: on a stock with constant
elasticity this is the Bellman problem of the fish war (Levhari & Mirman 1980).
"""

from dataclasses import dataclass

import numpy as np

from coopsim.economy.siting import choice_probabilities
from coopsim.types import FloatArray


@dataclass(slots=True)
class TaxGame:
    """Expected business tax from mobile jobs, one siting period.

    Attributes
    ----------
    strategies : FloatArray, shape (n,), %
    utility : FloatArray, shape (n, K)
        Utility of each territory without the tax term.
    slope : FloatArray, shape (K,)
        Loss of utility per point of tax.
    weight : FloatArray, shape (K,)
        Taxed jobs at stake by sector × base per point.
    outside : FloatArray, shape (K,)
    phi : float
    key : FloatArray, shape (n,)
        Sums to 1.
    """

    strategies: FloatArray
    utility: FloatArray
    slope: FloatArray
    weight: FloatArray
    outside: FloatArray
    phi: float
    key: FloatArray
    low: FloatArray
    high: FloatArray
    name: str = "tax"

    def bounds(self, player: int) -> tuple[float, float]:
        """Return the legal rates."""
        return float(self.low[player]), float(self.high[player])

    def shares(self, taxes: FloatArray) -> FloatArray:
        """Return exact siting shares, shape (n, K)."""
        out: FloatArray = choice_probabilities(
            self.utility - np.multiply.outer(taxes, self.slope), self.outside
        )
        return out

    def marginal(self, player: int, own: float, *, joint: bool, discount_factor: float) -> float:
        """Return d payoff / d own tax; the discount factor has no role in a one-period game."""
        del discount_factor
        taxes = self.strategies.copy()
        taxes[player] = own
        s = self.shares(taxes)
        ds = self.slope * s * s[player]
        ds[player] = -self.slope * s[player] * (1.0 - s[player])
        own_gain = s[player] + taxes[player] * ds[player]
        all_gain = s[player] + (taxes[:, None] * ds).sum(axis=0)
        mine = (1.0 - self.phi) * own_gain + self.phi * self.key[player] * all_gain
        return float(((all_gain if joint else mine) * self.weight).sum())


@dataclass(slots=True)
class HarvestGame:
    """Discounted log harvest from a shared stock.

    Attributes
    ----------
    strategies : FloatArray, shape (n,)
        Yearly shares of the stock.
    stock : float
    elasticity : callable
        ``(x) -> (G(x), x·G'(x)/G(x))``: next stock and its elasticity by the escapement.
    """

    strategies: FloatArray
    stock: float
    elasticity: "StockMap"
    name: str = "harvest"

    def bounds(self, player: int) -> tuple[float, float]:
        """Return what the others leave."""
        return 1e-12, max(1e-12, 1.0 - float(self.strategies.sum() - self.strategies[player]) - 1e-12)

    def marginal(self, player: int, own: float, *, joint: bool, discount_factor: float) -> float:
        """Return d value / d own share; each year's log harvest counts δ^t."""
        others = float(self.strategies.sum() - self.strategies[player])
        left = 1.0 - others - own
        n = self.strategies.size if joint else 1
        x, dlog, weight, total = self.stock, 0.0, 1.0, 0.0
        # the state of a steady stock stops moving long before δ^t vanishes: sum the rest at once
        for _ in range(20000):
            total += weight * (1.0 / own + n * dlog)
            nxt, e = self.elasticity(left * x)
            new = e * (dlog - 1.0 / left)
            if abs(new - dlog) <= 1e-15 * (1.0 + abs(new)) and abs(nxt - x) <= 1e-15 * x:
                rest = weight * discount_factor / (1.0 - discount_factor)
                return total + rest * (1.0 / own + n * new)
            x, dlog = nxt, new
            weight *= discount_factor
            if weight < 1e-18:
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
