"""Bankruptcy rules as rules of sharing: how to serve the intakes of a basin when there is too little for all.

Each intake claims its demand. A rule says what every claim is awarded at a common *level*; the level is the
highest that keeps every floor of the basin. Where the reach that binds is one that all the water must pass, and
nothing comes back to the river, that is the bankruptcy problem itself: the estate is the flow above the floor. On
other rivers the same level is asked of everybody, wherever water is short and however much of a withdrawal
returns, as the common ration of `proportional` is. The uses of one intake are cut alike.

All three are parametric [Y1987]_. With claims ``d_i``, the largest ``d``, and a level from 0 to d:

- constrained equal awards: ``min(d_i, level)``;
- constrained equal losses: ``max(0, d_i - (d - level))``;
- Talmud: equal awards of the half-claims up to half of d, equal losses of the half-claims above [AM1985]_.

References
----------
.. [AM1985] Aumann & Maschler (1985), *Game theoretic analysis of a bankruptcy problem from the Talmud*, Journal of
   Economic Theory 36.
.. [ON1982] O'Neill (1982), *A problem of rights arbitration from the Talmud*, Mathematical Social Sciences 2.
.. [Y1987] Young (1987), *On dividing an amount according to individual claims or liabilities*, Mathematics of
   Operations Research 12.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from coopsim.governance.water_allocation import WATER, WaterContext
from coopsim.i18n import Text
from coopsim.registry import Traits
from coopsim.types import BoolArray, FloatArray


class Bankruptcy(ABC):
    """A rule that awards the claims of the intakes of a basin at a common level."""

    __slots__ = ()
    kernel_code: ClassVar[int] = -1  # solved in closed form, between the points where an award bends

    @abstractmethod
    def awards(self, claims: FloatArray, level: float) -> FloatArray:
        """Return what each claim is awarded at a level, shape (n,); nothing at 0, all at the largest claim.

        Non-decreasing in the level, and linear between two of the `bends`.
        """

    @abstractmethod
    def bends(self, claims: FloatArray) -> FloatArray:
        """Return the levels at which some award bends."""

    def ration(self, context: WaterContext) -> FloatArray:
        """Return the highest level's awards, spread over the uses of each intake by demand, shape (W, 4), m3/s."""
        asked = context.demand.sum(axis=1)
        used = (context.consumed * context.demand).sum(axis=1)
        lost = np.divide(used, asked, out=np.zeros_like(asked), where=asked > 0.0)
        out = np.zeros_like(context.demand)
        for nodes in context.basins():
            claims = asked[nodes]
            weight = _upstream(tuple(nodes.tolist()), tuple(context.downstream[nodes].tolist())) * lost[nodes]
            weight[np.diag_indices(nodes.size)] = 1.0
            room = context.natural[nodes] - context.floor[nodes]
            drawn = _taken(weight, claims) > 0.0
            level = self._level(claims, weight[drawn], room[drawn])
            share = np.divide(
                self.awards(claims, level), claims, out=np.zeros_like(claims), where=claims > 0.0
            )
            out[nodes] = np.minimum(share, 1.0)[:, None] * context.demand[nodes]
        return out

    def _level(self, claims: FloatArray, weight: FloatArray, room: FloatArray) -> float:
        """Return the highest level at which what the awards take of every reach stays within ``room``; else 0.

        Parameters
        ----------
        claims : FloatArray, shape (n,)
        weight : FloatArray, shape (reaches, n)
            What each unit withdrawn takes of each reach.
        room : FloatArray, shape (reaches,)
            Flow above the floor if nobody withdrew.
        """
        top = float(claims.max(initial=0.0))
        room = np.maximum(room, 0.0)
        levels = np.unique(np.clip(np.concatenate([[0.0, top], self.bends(claims)]), 0.0, top))
        low, high = 0, levels.size - 1
        if np.all(_taken(weight, self.awards(claims, top)) <= room):
            return top
        while high - low > 1:
            middle = (low + high) // 2
            if np.all(_taken(weight, self.awards(claims, float(levels[middle]))) <= room):
                low = middle
            else:
                high = middle
        below, above = (_taken(weight, self.awards(claims, float(levels[k]))) for k in (low, high))
        over = above > room
        part = (room[over] - below[over]) / (above[over] - below[over])
        return float(levels[low] + max(0.0, part.min(initial=1.0)) * (levels[high] - levels[low]))


def _taken(weight: FloatArray, awards: FloatArray) -> FloatArray:
    out: FloatArray = np.einsum("ij,j->i", weight, awards)  # not by a library whose sums depend on threads
    return out


@lru_cache(maxsize=256)
def _upstream(nodes: tuple[int, ...], downstream: tuple[int, ...]) -> BoolArray:
    """Return which nodes of a basin stand above each, shape (n, n): row below, column above.

    Parameters
    ----------
    nodes, downstream : tuple of int
        From upstream to downstream, and the next node of each.
    """
    row = {node: n for n, node in enumerate(nodes)}
    above = np.zeros((len(nodes), len(nodes)), dtype=np.bool_)
    for n, below in enumerate(downstream):
        if below >= 0:
            above[row[below]] |= above[n]
            above[row[below], n] = True
    return above


@WATER.register("constrained_equal_awards")
@dataclass(frozen=True, slots=True)
class ConstrainedEqualAwards(Bankruptcy):
    """The same award for every intake, none above its demand: the small are served first."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "le même volume pour chaque prise, dans la limite de sa demande", "the same award to every intake"
        ),
        "Maimonides; constrained equal awards, Aumann & Maschler (1985)",
        ("LC58",),
    )

    def awards(self, claims: FloatArray, level: float) -> FloatArray:
        """Return ``min(d_i, level)``."""
        return np.minimum(claims, level)

    def bends(self, claims: FloatArray) -> FloatArray:
        """Return the claims."""
        return claims


@WATER.register("constrained_equal_losses")
@dataclass(frozen=True, slots=True)
class ConstrainedEqualLosses(Bankruptcy):
    """The same loss for every intake, none above its demand: the large are served first."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "la même perte pour chaque prise, dans la limite de sa demande", "the same loss to every intake"
        ),
        "Maimonides; constrained equal losses, Aumann & Maschler (1985)",
        ("LC58",),
    )

    def awards(self, claims: FloatArray, level: float) -> FloatArray:
        """Return ``max(0, d_i - (d - level))``."""
        out: FloatArray = np.maximum(claims - (claims.max(initial=0.0) - level), 0.0)
        return out

    def bends(self, claims: FloatArray) -> FloatArray:
        """Return what the largest claim exceeds each by."""
        out: FloatArray = claims.max(initial=0.0) - claims
        return out


@WATER.register("talmud")
@dataclass(frozen=True, slots=True)
class Talmud(Bankruptcy):
    """Equal awards up to half of each demand, then equal losses: any two share as over a contested garment."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "règle du Talmud : à égalité jusqu'à la moitié de chaque demande, puis à perte égale",
            "the Talmud's rule: equal awards up to half of each demand, then equal losses",
        ),
        "Mishna, Ketubot 93a; Aumann & Maschler (1985)",
        ("LC58",),
    )

    def awards(self, claims: FloatArray, level: float) -> FloatArray:
        """Return ``min(d_i/2, level)`` up to half of the largest claim, then ``d_i - min(d_i/2, d - level)``."""
        top = claims.max(initial=0.0)
        if level <= 0.5 * top:
            return np.minimum(0.5 * claims, level)
        out: FloatArray = claims - np.minimum(0.5 * claims, top - level)
        return out

    def bends(self, claims: FloatArray) -> FloatArray:
        """Return half of each claim, and the largest less these (half of the largest is both)."""
        half = 0.5 * claims
        out: FloatArray = np.concatenate([half, claims.max(initial=0.0) - half])
        return out
