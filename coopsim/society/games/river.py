r"""The river game: users along one river ask for water that those upstream take first.

:math:`\pi_i = a_i w_i - \tfrac{b_i}{2} w_i^2`, with *w* what the flow lets each one take of its demand
(Ambec & Sprumont 2002, *Sharing a river*, Journal of Economic Theory 107; Dinar et al. 2008).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coopsim.governance.play import Circle, plan
from coopsim.types import BoolArray, FloatArray, IntArray


@dataclass(slots=True)
class RiverGame:
    """Benefit of water taken from a river, upstream first.

    Attributes
    ----------
    strategies : FloatArray, shape (n,), m3/s
        Demands.
    circle : Circle
    a, b : FloatArray, shape (n,)
        Benefit of the first unit of water, and its fall per unit.
    territory, downstream : IntArray, shape (W,)
        Owner of each node and the node below (-1 at the outlet); nodes stand upstream first.
    intake : FloatArray, shape (W,)
        Share of its owner's demand that is taken at the node.
    inflow, floor, consumed : FloatArray, shape (W,), m3/s, m3/s, 1
    """

    strategies: FloatArray
    circle: Circle
    a: FloatArray
    b: FloatArray
    territory: IntArray
    downstream: IntArray
    intake: FloatArray
    inflow: FloatArray
    floor: FloatArray
    consumed: FloatArray
    name: str = "river"
    known: dict[object, Any] = field(default_factory=dict)

    def bounds(self, player: int, strategies: FloatArray) -> tuple[float, float]:  # noqa: ARG002
        """Return no more than what it would take if water were free and plenty."""
        return 0.0, float(self.a[player] / self.b[player]) if self.b[player] > 0.0 else 0.0

    def taken(self, demand: FloatArray, player: int = -1) -> tuple[FloatArray, FloatArray]:
        """Return the water each one takes, and what one more unit asked by a player does to it, (n,) each.

        Upstream first with floors: ``w = min(d, max(0, I - E))``. The player's own change is that of its wish,
        as if the water were there, so that a demand that nobody can meet still tells what it is worth.
        """
        n = self.strategies.size
        water, change = np.zeros(n), np.zeros(n)
        flow, dflow = self.inflow.copy(), np.zeros_like(self.inflow)
        for k, i in enumerate(self.territory):
            asked = demand[i] * self.intake[k]
            left = max(flow[k] - self.floor[k], 0.0)
            w = min(asked, left)
            dw = self.intake[k] if i == player else dflow[k] if asked > left else 0.0
            water[i] += w
            change[i] += dw
            below = self.downstream[k]
            if below >= 0:
                flow[below] += flow[k] - self.consumed[k] * w
                dflow[below] += dflow[k] - self.consumed[k] * dw
        return water, change

    def benefits(self, water: FloatArray) -> FloatArray:
        """Return the benefit of the water taken, shape (n,)."""
        out: FloatArray = self.a * water - 0.5 * self.b * water**2
        return out

    def payoff(self, player: int, strategies: FloatArray) -> float:
        """Return the benefit of a year."""
        return float(self.benefits(self.taken(strategies)[0])[player])

    def marginal(
        self, player: int, strategies: FloatArray, group: BoolArray, discount_factor: float
    ) -> float:
        """Return d benefit of the group / d own demand, as if the own demand were met."""
        del discount_factor
        water, change = self.taken(strategies, player)
        water[player] = strategies[player]
        return float(((self.a - self.b * water) * change)[group].sum())

    def situation(self, player: int, strategies: FloatArray, group: BoolArray) -> object:  # noqa: ARG002
        """Return None: places along a river differ."""
        return None

    def upstream_order(self) -> IntArray:
        """Return the players that have a node, by their first node from the source, shape (m,)."""
        _, first = np.unique(self.territory, return_index=True)
        out: IntArray = self.territory[np.sort(first)]
        return out

    def worth(self) -> FloatArray:
        """Return what each one adds to those upstream of it, shape (n,): downstream-incremental shares.

        ``v({1..i}) - v({1..i-1})``, *v* the most that the first users can make of the river by themselves.
        """
        n = self.strategies.size
        share, before = np.zeros(n), 0.0
        first = np.zeros(n, np.bool_)
        for i in self.upstream_order():
            first[i] = True
            groups = np.where(first[:, None], first[None, :], np.eye(n, dtype=np.bool_))
            value = float(self.benefits(self.taken(plan(self, groups, 0.0))[0])[first].sum())
            share[i], before = value - before, value
        return share
