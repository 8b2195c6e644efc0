"""Rules that set how much wood is cut in each stratum in one quarter.

Whatever the rule, no cut exceeds what the stratum holds; and no rule but `effort` and `plan`, which set the
cut itself, exceeds what is wanted: what buyers ask of conifer, what owners mobilise of broadleaf.

References
----------
.. [S1954] Schaefer (1954): harvest by effort.
.. [LM1980] Levhari & Mirman (1980), *The great fish war*: shares of the stock decided by each player.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.types import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class WoodContext:
    """The strata of one quarter, as a rule may see them.

    Attributes
    ----------
    volume : FloatArray, shape (S,), m3
        Stock at the start.
    harvestable : FloatArray, shape (S,), m3
        Most that can be cut.
    increment : FloatArray, shape (S,), m3
        Net growth of the quarter; may be negative.
    wanted : FloatArray, shape (S,), m3
        What buyers ask for or owners mobilise.
    member : BoolArray, shape (S,)
        Whether the stratum's territory belongs to a wood pact.
    breach : BoolArray, shape (S,)
        Whether its territory breaks the pact's cap this year.
    increment_share : FloatArray, shape (S,), 1
        Cap theta of the rules in force in the stratum's territory, as a share of the increment.
    planned_share : FloatArray, shape (T, S), 1
        Share of the stock that each council has decided to cut this quarter; zero without access.
    """

    volume: FloatArray
    harvestable: FloatArray
    increment: FloatArray
    wanted: FloatArray
    member: BoolArray
    breach: BoolArray
    increment_share: FloatArray
    planned_share: FloatArray

    def demand(self) -> FloatArray:
        """Return what would be cut without a rule, shape (S,), m3."""
        cut: FloatArray = np.clip(self.wanted, 0.0, self.harvestable)
        return cut

    def cap(self) -> FloatArray:
        """Return the allowed share of the increment, shape (S,), m3."""
        cap: FloatArray = self.increment_share * np.maximum(0.0, self.increment)
        return cap


@runtime_checkable
class WoodRule(Protocol):
    """Set the harvest of one quarter.

    Every rule satisfies, and the contract tests check: ``0 <= harvest <= harvestable``; the context is not
    modified; a permutation of strata permutes the harvest.
    """

    traits: ClassVar[Traits]

    def harvest(self, context: WoodContext) -> FloatArray:
        """Return the wood cut in each stratum, shape (S,), m3."""
        ...


WOOD: Registry[WoodRule] = Registry("wood harvest")


@WOOD.register("open_access")
@dataclass(frozen=True, slots=True)
class OpenAccess:
    """Cut what is wanted."""

    traits: ClassVar[Traits] = Traits(
        Text("accès libre : la demande décide", "open access: demand decides"), "Gordon (1954)"
    )

    def harvest(self, context: WoodContext) -> FloatArray:
        """Return the demand, as far as there is wood."""
        return context.demand()


@WOOD.register("increment_cap")
@dataclass(frozen=True, slots=True)
class IncrementCap:
    """Cut what is wanted, at most a share of the increment, everywhere."""

    traits: ClassVar[Traits] = Traits(
        Text("récolte plafonnée à une part de l'accroissement", "harvest capped at a share of the increment"),
        "sustained yield, forest management plans (code forestier L312-1)",
        ("LC58",),
    )

    def harvest(self, context: WoodContext) -> FloatArray:
        """Return the demand under the cap."""
        cut: FloatArray = np.minimum(context.demand(), context.cap())
        return cut


@WOOD.register("quota")
@dataclass(frozen=True, slots=True)
class Quota:
    """Cut what is wanted, at most a fixed yearly share of the stock.

    Parameters
    ----------
    stock_share : float, 1/yr
        Quota of a year over the stock at the start of the quarter.
    """

    stock_share: float = 0.02

    traits: ClassVar[Traits] = Traits(
        Text("quota en part du stock sur pied", "quota as a share of the standing stock"),
        "Clark (1990)",
        ("LC58",),
    )

    def __post_init__(self) -> None:
        if not 0.0 <= self.stock_share <= 1.0:
            raise ValueError("stock_share must lie in 0-1")

    def harvest(self, context: WoodContext) -> FloatArray:
        """Return the demand under the quota."""
        cut: FloatArray = np.minimum(context.demand(), 0.25 * self.stock_share * context.volume)
        return cut


@WOOD.register("supply_charter")
@dataclass(frozen=True, slots=True)
class SupplyCharter:
    """Members of a wood pact keep to a share of the increment unless they break it; others cut all demand.

    The charter's other half, grouping owners, acts on what is wanted and not here.
    """

    traits: ClassVar[Traits] = Traits(
        Text(
            "charte d'approvisionnement : les membres du pacte plafonnent leur récolte",
            "supply charter: members of the pact cap their harvest",
        ),
        "chartes forestières de territoire, code forestier L123-1",
        ("LC1", "LC58"),
    )

    def harvest(self, context: WoodContext) -> FloatArray:
        """Return the demand, under the cap for members that keep it."""
        demand = context.demand()
        keeps = context.member & ~context.breach
        cut: FloatArray = np.where(keeps, np.minimum(demand, context.cap()), demand)
        return cut


@WOOD.register("effort")
@dataclass(frozen=True, slots=True)
class Effort:
    """Cut ``(qE/4)·V`` every quarter, whatever is wanted.

    Parameters
    ----------
    catchability : float, 1
        q.
    effort : float, 1/yr
        E, constant.
    """

    catchability: float = 1.0
    effort: float = 0.0

    traits: ClassVar[Traits] = Traits(
        Text("effort constant : une part fixe du stock", "constant effort: a fixed share of the stock"),
        "Schaefer (1954)",
    )

    def __post_init__(self) -> None:
        if self.catchability < 0.0 or self.effort < 0.0:
            raise ValueError("catchability and effort cannot be negative")

    def harvest(self, context: WoodContext) -> FloatArray:
        """Return the same share of each stock, as far as there is wood."""
        cut: FloatArray = np.minimum(
            0.25 * self.catchability * self.effort * context.volume, context.harvestable
        )
        return cut


@WOOD.register("plan")
@dataclass(frozen=True, slots=True)
class Plan:
    """Cut the shares of the stock that councils have decided; too large a total is scaled down for all."""

    traits: ClassVar[Traits] = Traits(
        Text("les conseils décident de parts du stock", "councils decide shares of the stock"),
        "Levhari & Mirman (1980)",
    )

    def harvest(self, context: WoodContext) -> FloatArray:
        """Return the sum of the councils' harvests."""
        cut: FloatArray = np.clip(
            np.maximum(0.0, context.planned_share).sum(axis=0) * context.volume, 0.0, context.harvestable
        )
        return cut


def harvests(rules: Sequence[WoodRule], context: WoodContext) -> FloatArray:
    """Return the harvest when each stratum follows the rule of its territory, shape (S,), m3.

    Parameters
    ----------
    rules : sequence of WoodRule, length S
    context : WoodContext
    """
    cut = np.zeros_like(context.volume)
    done: list[WoodRule] = []
    for rule in rules:
        if rule in done:
            continue
        done.append(rule)
        rows = [n for n, other in enumerate(rules) if other == rule]
        cut[rows] = rule.harvest(context)[rows]
    return cut
