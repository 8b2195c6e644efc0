"""Rules of opening that share the last parcels between the services of one council: strongest first, or a grid.

The grid is that of the metropolis of Lille (La 27e Région): each service says what it would do with the land, a table
crosses the proposals and shows synergies, the planning service coordinates.
"""

from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np

from coopsim.governance.land_opening import LAND, PURPOSES, LandContext, Opening, opened, recycled_first
from coopsim.i18n import Text
from coopsim.registry import Traits
from coopsim.types import FloatArray

# Services that negotiate; energy and mobility share the land asked for other uses.
SERVICES = ("economy", "housing", "energy", "mobility")


@LAND.register("services")
@dataclass(frozen=True, slots=True)
class Services:
    """Services that do not talk to each other: the strongest takes what it asks for, then the next.

    Parameters
    ----------
    order : tuple of str
        Purposes, the strongest first; those left out come last.
    capped : bool
        Whether the envelope of the period holds.
    """

    order: tuple[str, ...] = PURPOSES
    capped: bool = True

    traits: ClassVar[Traits] = Traits(
        Text("chaque service pour soi, le plus fort d'abord", "each service for itself, the strongest first"),
        "La 27e Région, Lille (lack of coordination between services before Haubourdin)",
        ("LA4",),
    )

    def __post_init__(self) -> None:
        """Refuse an unknown purpose.

        Raises
        ------
        ValueError
            With the purposes.
        """
        unknown = [name for name in self.order if name not in PURPOSES]
        if unknown or len(set(self.order)) < len(self.order):
            raise ValueError(f"order: {', '.join(PURPOSES)}")

    def opening(self, context: LandContext) -> Opening:
        """Return what is asked for, service after service, as far as there is room."""
        recycled = recycled_first(context, context.brownfield_first)
        left = context.asked - recycled
        room = np.maximum(context.envelope - context.consumed, 0.0) if self.capped else context.naf
        room = np.minimum(room, context.naf)
        naf = np.zeros_like(left)
        for name in (*self.order, *(name for name in PURPOSES if name not in self.order)):
            column = PURPOSES.index(name)
            naf[:, column] = np.minimum(left[:, column], room)
            room = room - naf[:, column]
        return Opening(naf, recycled)


@LAND.register("grid")
@dataclass(frozen=True, slots=True)
class Grid:
    """Services put their needs in one table and look for uses that can share a plot, led by a coordinator.

    Pairs of uses are matched from the strongest synergy down, each hectare of need at most once; the coordinator
    brings about a part of the matches. What is saved is land of the partner that is not the economy (dwellings
    above shops, a heat plant in a yard, one car park for two). Needs that land cannot serve are cut in proportion.

    Parameters
    ----------
    coordinator : float
        Part of the possible matches that come about, 0-1.
    capped : bool
        Whether the envelope of the period holds.
    """

    coordinator: float = 0.7
    capped: bool = True

    traits: ClassVar[Traits] = Traits(
        Text(
            "les services négocient sur une grille de synergies", "services negotiate on a grid of synergies"
        ),
        "La 27e Région, Lille (negotiation of the last parcels, Haubourdin)",
        ("LC23",),
    )

    def __post_init__(self) -> None:
        """Refuse a coordinator outside 0-1.

        Raises
        ------
        ValueError
            With the bounds.
        """
        if not 0.0 <= self.coordinator <= 1.0:
            raise ValueError("coordinator: 0 - 1")

    def opening(self, context: LandContext) -> Opening:
        """Return the land opened for the needs, and the needs met on land of another use."""
        saved = self.coordinator * shared_needs(context)
        land = LandContext(**{f.name: getattr(context, f.name) for f in fields(context)} | {
            "asked": context.asked - saved
        })  # fmt: skip
        room = context.envelope - context.consumed if self.capped else context.naf
        got = opened(land, room, context.brownfield_first)
        taken = (got.naf + got.brownfield).sum(axis=1)
        wanted = land.asked.sum(axis=1)
        share = np.divide(taken, wanted, out=np.ones_like(taken), where=wanted > 0.0)
        return Opening(got.naf, got.brownfield, saved * np.minimum(share, 1.0)[:, None])


def shared_needs(context: LandContext) -> FloatArray:
    """Return the needs that could be met on land of another use, by purpose, shape (T, 3), ha.

    Raises
    ------
    ValueError
        Where the context has no table of synergies.
    """
    if context.synergy is None or context.energy_share is None:
        raise ValueError("a grid needs a table of synergies")
    other = context.asked[:, 2]
    energy = other * context.energy_share
    left = np.column_stack([context.asked[:, 0], context.asked[:, 1], energy, other - energy])
    saved = np.zeros_like(left)
    pairs = [(a, b) for a in range(len(SERVICES)) for b in range(a + 1, len(SERVICES))]
    strength = np.array([[table[a, b] for a, b in pairs] for table in context.synergy]).reshape(
        -1, len(pairs)
    )
    order = np.argsort(-strength, axis=1, kind="stable")
    rows = np.arange(left.shape[0])
    ends = np.array(pairs)
    for rank in range(len(pairs)):
        a, b = ends[order[:, rank]].T
        s = np.maximum(strength[rows, order[:, rank]], 0.0)
        matched = np.where(s > 0.0, np.minimum(left[rows, a], left[rows, b]), 0.0)
        left[rows, a] -= matched
        left[rows, b] -= matched
        # a is the lower number: the economy keeps its plot, two others share what is saved
        half = np.where(a == 0, 0.0, 0.5)
        saved[rows, a] += half * s * matched
        saved[rows, b] += (1.0 - half) * s * matched
    return np.column_stack([saved[:, 0], saved[:, 1], saved[:, 2] + saved[:, 3]])
