r"""Games that strategic makers play on the engine: taxes with logit siting, shares of a stock.

Tax: :math:`\pi_i = (1-\varphi_i) t_i s_i + \sum_j k_{ij} \varphi_j t_j s_j`, with *s* the exact siting shares
(outside option included), :math:`\varphi_j` the share that *j* pools in its pact and :math:`k_{ij}` what *i*
gets of it; the derivative is exact, :math:`\partial s_j/\partial t_i = -\gamma s_j(1[j=i] - s_i)`.

Harvest: value of keeping the share :math:`h_i` for ever, the others' shares fixed,
:math:`\sum_t \delta^t \ln(h_i x_t)`, :math:`x_{t+1} = G((1 - \sum h) x_t)`: on a stock with constant
elasticity this is the Bellman problem of the fish war (Levhari & Mirman 1980).
"""

from dataclasses import dataclass, field

import numpy as np

from coopsim.economy.siting import choice_probabilities
from coopsim.types import FloatArray

_YEARS = 20000  # more than any discount factor below 0.998 needs
_STILL = 1e-15  # relative change of a state at rest
_NOTHING = 1e-18  # weight of a year that no longer counts


_NEGLIGIBLE = 1e-18


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
    phi : FloatArray, shape (n,)
        Share of its business tax that each territory pools in its pact; 0 outside any pact.
    key : FloatArray, shape (n, n)
        Share that the row gets of what the column pools; columns of members sum to 1.
    low, high : FloatArray, shape (n,), %
        Legal rates.
    """

    strategies: FloatArray
    utility: FloatArray
    slope: FloatArray
    weight: FloatArray
    outside: FloatArray
    phi: FloatArray
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
        gain = taxes[:, None] * ds
        gain[player] += s[player]
        mine = (1.0 - self.phi[player]) * gain[player] + (self.key[player] * self.phi) @ gain
        return float(((gain.sum(axis=0) if joint else mine) * self.weight).sum())


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
    _known: dict[tuple[float, float, int, float], float] = field(default_factory=dict)

    def bounds(self, player: int) -> tuple[float, float]:
        """Return what the others leave."""
        return 1e-12, max(1e-12, 1.0 - float(self.strategies.sum() - self.strategies[player]) - 1e-12)

    def marginal(self, player: int, own: float, *, joint: bool, discount_factor: float) -> float:
        """Return d value / d log-odds of the share taken of what the others leave.

        The sign and the root are those of the derivative by the share; the scale is bounded, and linear in
        the share on a stock with constant elasticity, so that the root is found in a few steps.
        """
        others = float(self.strategies.sum() - self.strategies[player])
        asked = (own, others, self.strategies.size if joint else 1, discount_factor)
        if asked not in self._known:  # players who are alike ask the same
            self._known[asked] = self._gain(*asked)
        return self._known[asked]

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
