r"""Rules that share a cost between those who could also bear it alone or in smaller groups.

A game gives the cost of every coalition of *n* players. The rules read what a player costs alone, what it adds
to all others (its *separable* cost), or all marginal costs:

.. math::
   \text{SCRB}_i = m_i + \frac{r_i}{\sum_j r_j}\Big(c(N) - \sum_j m_j\Big), \quad m_i = c(N) - c(N \setminus i),
   \quad r_i = c(i) - m_i

with stand-alone costs taken as benefits; the Shapley value is the mean of a player's marginal cost over all
orders of arrival.

References
----------
.. [S1953] Shapley (1953), *A value for n-person games*.
.. [YOH1982] Young, Okada & Hashimoto (1982), *Cost allocation in water resources development*, Water Resources
   Research 18: separable costs, remaining benefits.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from coopsim.governance.cost_games import CostGame
from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.types import FloatArray

_NONE = 1e-9  # share of the costs below which remaining benefits are rounding


@runtime_checkable
class CostSharingRule(Protocol):
    """Share the cost of all players.

    Every rule satisfies, and the contract tests check: payments sum to the total; a permutation of players
    permutes the payments; players alike in every respect pay alike; the game is not modified.
    """

    traits: ClassVar[Traits]

    def payments(self, game: CostGame) -> FloatArray:
        """Return what each player pays, shape (n,), k€."""
        ...


COST_SHARING: Registry[CostSharingRule] = Registry("cost sharing")


@COST_SHARING.register("population")
@dataclass(frozen=True, slots=True)
class ByPopulation:
    """Every inhabitant pays the same."""

    traits: ClassVar[Traits] = Traits(
        Text("au prorata des habitants", "in proportion to inhabitants"),
        "proportional division, the usual key of joint services (Young 1994)",
        ("LC4", "LC9"),
    )

    def payments(self, game: CostGame) -> FloatArray:
        """Return the total split by inhabitants."""
        out: FloatArray = game.total * game.population
        return out


@COST_SHARING.register("equal")
@dataclass(frozen=True, slots=True)
class Equal:
    """Every member pays the same."""

    traits: ClassVar[Traits] = Traits(
        Text("à parts égales", "in equal parts"), "equal division (Moulin 1988)", ("LC9",)
    )

    def payments(self, game: CostGame) -> FloatArray:
        """Return the total split by heads."""
        n = game.population.size
        return np.full(n, game.total / n)


@COST_SHARING.register("shapley")
@dataclass(frozen=True, slots=True)
class Shapley:
    """Each pays its mean marginal cost over all orders of arrival."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "valeur de Shapley : coût marginal moyen sur tous les ordres d'arrivée",
            "Shapley value: mean marginal cost over all orders of arrival",
        ),
        "Shapley (1953)",
        ("LC4", "LC9"),
    )

    def payments(self, game: CostGame) -> FloatArray:
        """Return the Shapley value; never negative where a larger coalition never costs less."""
        return game.shapley()


@COST_SHARING.register("separable_costs")
@dataclass(frozen=True, slots=True)
class SeparableCosts:
    """Each pays what it adds to all others; the rest is split by what it saves against being alone."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "coûts séparables et bénéfices restants : son coût propre, plus une part du reste selon l'économie faite",
            "separable costs, remaining benefits: its own cost, and a part of the rest by what it saves",
        ),
        "Federal Inter-Agency River Basin Committee (1950); Young, Okada & Hashimoto (1982)",
        ("LC4", "LC9"),
    )

    def payments(self, game: CostGame) -> FloatArray:
        """Return separable costs and the share of the rest; equal shares of it where nobody saves anything.

        The formula is applied as it stands where a player adds more than it costs alone (no remaining benefit).
        """
        own, alone = game.separable(), game.alone()
        remaining, rest = alone - own, game.total - float(own.sum())
        saved = float(remaining.sum())
        scale = float(np.abs(alone).sum() + np.abs(own).sum())
        part = remaining / saved if abs(saved) > _NONE * scale else np.full(own.size, 1.0 / own.size)
        out: FloatArray = own + rest * part
        return out
