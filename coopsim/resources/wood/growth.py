r"""Growth of a forest stratum: named rules, all of which keep the stock at zero or more.

Growth and harvest are computed on the stock at the start of the tick; a harvest never exceeds `harvestable`.

References
----------
.. [S1954] Schaefer (1954): logistic growth, maximum sustainable yield ``rK/4``.
.. [LM1980] Levhari & Mirman (1980), *The great fish war*, Bell Journal of Economics 11: power growth.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.resources.wood.params import WoodParams
from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class GrowthContext:
    """The strata at the start of a tick.

    Attributes
    ----------
    volume, capacity : FloatArray, shape (S,), m3
    rate : FloatArray, shape (S,), 1/yr
        Growth rate of a sparse stand.
    harvest : FloatArray, shape (S,), m3
        Wood cut during the tick, at most `harvestable`.
    due : bool
        Whether this tick ends a period of play; only the ``power`` rule moves by periods.
    """

    volume: FloatArray
    capacity: FloatArray
    rate: FloatArray
    harvest: FloatArray
    due: bool = True


@runtime_checkable
class GrowthRule(Protocol):
    """How a stock grows in one tick."""

    traits: ClassVar[Traits]

    def after(self, context: GrowthContext) -> FloatArray:
        """Return the stock at the end of the tick, shape (S,), m3."""
        ...


GROWTH: Registry[GrowthRule] = Registry("wood growth")


def increment(volume: FloatArray, capacity: FloatArray, rate: FloatArray) -> FloatArray:
    """Return the net logistic growth of one quarter, ``(r/4)·V·(1 - V/K)``, m3; negative above capacity.

    No stand loses more than its stock, however far above capacity it begins.

    Parameters
    ----------
    volume, capacity : FloatArray, shape (S,), m3
    rate : FloatArray, shape (S,), 1/yr
    """
    grown: FloatArray = np.maximum(-volume, 0.25 * rate * volume * (1.0 - volume / capacity))
    return grown


def harvestable(volume: FloatArray, grown: FloatArray) -> FloatArray:
    """Return the most that can be cut in a quarter: the stock, less what it loses by itself, shape (S,), m3.

    Parameters
    ----------
    volume : FloatArray, shape (S,), m3
        Stock at the start.
    grown : FloatArray, shape (S,), m3
        Net growth of the quarter.
    """
    most: FloatArray = np.maximum(0.0, volume + np.minimum(grown, 0.0))
    return most


@GROWTH.register("logistic")
@dataclass(frozen=True, slots=True)
class Logistic:
    """``V' = V + (r/4)·V·(1 - V/K) - H``."""

    traits: ClassVar[Traits] = Traits(Text("croissance logistique", "logistic growth"), "Schaefer (1954)")

    def after(self, context: GrowthContext) -> FloatArray:
        """Return the stock after growth and harvest, both on the stock at the start."""
        grown = increment(context.volume, context.capacity, context.rate)
        left: FloatArray = np.maximum(0.0, context.volume + grown - context.harvest)
        return left


@GROWTH.register("power")
@dataclass(frozen=True, slots=True)
class Power:
    """``V' = K·((V - H)/K)^alpha``, once per period of play; in between, only the harvest counts.

    Parameters
    ----------
    exponent : float, 1
        Alpha, between 0 and 1.
    """

    exponent: float = 0.5

    traits: ClassVar[Traits] = Traits(
        Text("croissance en puissance, une fois par période", "power growth, once a period"),
        "Levhari & Mirman (1980)",
    )

    def __post_init__(self) -> None:
        if not 0.0 < self.exponent < 1.0:
            raise ValueError("exponent must lie strictly between 0 and 1")

    def after(self, context: GrowthContext) -> FloatArray:
        """Return the stock after the harvest and, at the end of a period, the growth of what was left."""
        left = np.maximum(0.0, context.volume - context.harvest)
        if not context.due:
            return left
        grown: FloatArray = context.capacity * (left / context.capacity) ** self.exponent
        return grown


@GROWTH.register("steady")
@dataclass(frozen=True, slots=True)
class Steady:
    """``V' = K·(1 - u/(r/4))``, *u* the share cut in the quarter: a stock that renews within the season.

    Where the logistic stock would come to rest under the same harvest rate; without a harvest rate that it
    could bear (``u ≥ r/4``) nothing is left.
    """

    traits: ClassVar[Traits] = Traits(
        Text(
            "stock à l'équilibre de sa récolte (ressource rapide)",
            "stock at rest under its harvest (fast resource)",
        ),
        "Gordon (1954), Schaefer (1954)",
    )

    def after(self, context: GrowthContext) -> FloatArray:
        """Return the stock that the harvest rate of the tick sustains."""
        cut = np.divide(
            context.harvest, context.volume, out=np.zeros_like(context.volume), where=context.volume > 0.0
        )
        share = np.divide(
            4.0 * cut, context.rate, out=np.where(cut > 0.0, 1.0, 0.0), where=context.rate > 0.0
        )
        left: FloatArray = context.capacity * np.maximum(0.0, 1.0 - share)
        return left


def growth_rule(params: WoodParams) -> GrowthRule:
    """Return the growth rule that the parameters name."""
    if params.growth == "power":
        return Power(params.growth_exponent)
    return GROWTH.build(params.growth)
