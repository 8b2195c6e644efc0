"""Rules that say how much land each territory may open in one quarter, and from what.

Land is asked for three purposes, in the columns of `PURPOSES`; a rule serves them from brownfield (companies
and housing only) and from natural, farm and forest land, which is what the law's envelope counts. When an
envelope is short, purposes share it in proportion to what they ask.

References
----------
.. [CR] Law 2021-1104 of 22 August 2021, article 191, and law 2023-630 of 20 July 2023.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.types import BoolArray, FloatArray, IntArray

PURPOSES = ("economic", "housing", "other")
_FITS_BROWNFIELD = np.array([1.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True)
class LandContext:
    """The requests of one quarter, as a rule may see them.

    Attributes
    ----------
    asked : FloatArray, shape (T, 3), ha
        New land asked for by purpose.
    naf, brownfield : FloatArray, shape (T,), ha
        What may be opened or recycled.
    envelope : FloatArray, shape (T,), ha
        Land that may be consumed in the period; infinite where no law holds.
    consumed : FloatArray, shape (T,), ha
        Land consumed since the period began.
    pact : IntArray, shape (T,)
        Land pact of each territory, -1 for none.
    brownfield_first : BoolArray, shape (T,)
        Whether the territory must use brownfield before natural land.
    synergy : FloatArray or None, shape (T, 4, 4), 1
        Share of land saved where two services share it, symmetric; None: nothing can be shared.
    energy_share : FloatArray or None, shape (T,), 1
        Part of energy in what is asked for other uses.
    """

    asked: FloatArray
    naf: FloatArray
    brownfield: FloatArray
    envelope: FloatArray
    consumed: FloatArray
    pact: IntArray
    brownfield_first: BoolArray
    synergy: FloatArray | None = None
    energy_share: FloatArray | None = None

    def rows(self, rows: IntArray) -> "LandContext":
        """Return the context of some territories only."""
        chosen: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            chosen[f.name] = None if value is None else value[rows]
        return LandContext(**chosen)


@dataclass(frozen=True, slots=True)
class Opening:
    """What may be opened.

    Attributes
    ----------
    naf, brownfield : FloatArray, shape (T, 3), ha
        From natural, farm and forest land, and from brownfield, by purpose.
    saved : FloatArray or None, shape (T, 3), ha
        Needs met without land of their own, because two uses share a plot; None for none.
    """

    naf: FloatArray
    brownfield: FloatArray
    saved: FloatArray | None = None


@runtime_checkable
class LandRule(Protocol):
    """Say what may be opened.

    Every rule satisfies, and the contract tests check: nothing negative; never more than is asked for, than
    the natural land or than the brownfield of the territory; the context is not modified; a permutation of
    territories permutes the answer.
    """

    traits: ClassVar[Traits]

    def opening(self, context: LandContext) -> Opening:
        """Return what may be opened."""
        ...


LAND: Registry[LandRule] = Registry("land opening")


def recycled_first(context: LandContext, where: BoolArray) -> FloatArray:
    """Return the requests served from brownfield in the territories ``where``, shape (T, 3), ha."""
    fit = np.where(where[:, None], context.asked * _FITS_BROWNFIELD, 0.0)
    return _ration(fit, context.brownfield)


def _ration(asked: FloatArray, room: FloatArray) -> FloatArray:
    """Return requests cut in proportion so that each row fits its room, shape (T, 3), ha."""
    total = asked.sum(axis=1)
    room = np.maximum(room, 0.0)
    share = np.divide(room, total, out=np.ones_like(total), where=total > room)
    served: FloatArray = asked * share[:, None]
    return served


def opened(context: LandContext, room: FloatArray, where: BoolArray) -> Opening:
    """Return what is asked for within a room of natural land, (T,) ha; brownfield first ``where`` it must be."""
    recycled = recycled_first(context, where)
    return Opening(_ration(context.asked - recycled, np.minimum(room, context.naf)), recycled)


@LAND.register("race")
@dataclass(frozen=True, slots=True)
class Race:
    """Each territory opens what it asks for."""

    traits: ClassVar[Traits] = Traits(
        Text("chacun ouvre ce qu'il veut", "each opens what it asks for"), "no envelope", ("LA4",)
    )

    def opening(self, context: LandContext) -> Opening:
        """Return all that is asked for, as far as there is land."""
        return opened(context, context.naf, context.brownfield_first)


@LAND.register("cap")
@dataclass(frozen=True, slots=True)
class Cap:
    """An envelope of consumption per territory and period."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "une enveloppe de consommation par territoire et par période",
            "an envelope per territory and period",
        ),
        "Law 2021-1104 of 22 August 2021, article 191",
        ("LC3",),
    )

    def opening(self, context: LandContext) -> Opening:
        """Return what is asked for, as far as the territory's own envelope reaches."""
        return opened(context, context.envelope - context.consumed, context.brownfield_first)


@LAND.register("shared_reserve")
@dataclass(frozen=True, slots=True)
class SharedReserve:
    """One account for a pact: what one member does not consume, another may; non-members keep their own."""

    traits: ClassVar[Traits] = Traits(
        Text("un compte foncier commun aux membres du pacte", "one land account for the members of a pact"),
        "Law 2023-630 of 20 July 2023 (projects of common interest, pooled guarantee)",
        ("LC3",),
    )

    def opening(self, context: LandContext) -> Opening:
        """Return what is asked for, as far as the pact's account reaches, in proportion to requests."""
        left = context.asked - recycled_first(context, context.brownfield_first)
        wants = np.minimum(left.sum(axis=1), context.naf)
        room = context.envelope - context.consumed
        for pact in np.unique(context.pact[context.pact >= 0]):
            members = context.pact == pact
            account = max(0.0, float(room[members].sum()))
            total = float(wants[members].sum())
            share = min(1.0, account / total) if total > 0.0 else 1.0
            room = np.where(members, wants * share, room)
        return opened(context, room, context.brownfield_first)


@LAND.register("brownfield_first")
@dataclass(frozen=True, slots=True)
class BrownfieldFirst:
    """Natural land is opened only for what brownfield cannot serve.

    Parameters
    ----------
    capped : bool
        Whether the envelope of the period holds as well.
    """

    capped: bool = False

    traits: ClassVar[Traits] = Traits(
        Text("les friches avant les terres", "brownfield before natural land"),
        "Code de l'urbanisme, article L151-5 (mobilisation of already built-up land)",
        ("LC21",),
    )

    def opening(self, context: LandContext) -> Opening:
        """Return brownfield first, then natural land."""
        room = context.envelope - context.consumed if self.capped else context.naf
        return opened(context, room, np.ones_like(context.brownfield_first))


def openings(rules: Sequence[LandRule], context: LandContext) -> Opening:
    """Return what may be opened when each territory has its own rule; one rule pools its own accounts only.

    Parameters
    ----------
    rules : sequence of LandRule, length T
    context : LandContext
    """
    total = Opening(*(np.zeros_like(context.asked) for _ in range(3)))
    assert total.saved is not None
    done: list[LandRule] = []
    for rule in rules:
        if rule in done:
            continue
        done.append(rule)
        rows = np.array([n for n, other in enumerate(rules) if other == rule], dtype=np.int64)
        part = rule.opening(context.rows(rows))
        total.naf[rows], total.brownfield[rows] = part.naf, part.brownfield
        if part.saved is not None:
            total.saved[rows] = part.saved
    return total
