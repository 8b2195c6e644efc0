"""The driest summer that the rivers have seen, lived again under other rules or works: what river boards judge by."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np

from coopsim.metrics import sum_by
from coopsim.resources import water
from coopsim.resources.water.kernel import RECHARGE
from coopsim.schedule.resources.water import Management, plan_numbers, river_quarter, store_flow, yearly_needs
from coopsim.types import FloatArray, IntArray
from coopsim.world.state import World

_SUMMER = 2
_YEARS_SEEN = 5


@dataclass
class DrySummer:
    """A year as dry as the driest of the last ones; what is common to several boards is worked out once.

    Attributes
    ----------
    world : World
        Must not change while this is in use.
    climate : FloatArray, shape (4, 9)
        Runoff over its mean regime.
    """

    world: World
    climate: FloatArray
    _levels: list[tuple[water.Graph, FloatArray]] = field(default_factory=list)

    @classmethod
    def seen(cls, world: World) -> Self | None:
        """Return the driest of the last years, or None before any summer, or where rivers are off."""
        year = world.tick // 4
        years = range(max(0, year - _YEARS_SEEN), year)
        if not years or not world.spec.submodels.water:
            return None
        worst = min(years, key=lambda y: float(world.climate.quarter(4 * y + _SUMMER).mean()))
        return cls(
            world, np.stack([np.broadcast_to(world.climate.quarter(4 * worst + q), (9,)) for q in range(4)])
        )

    @cached_property
    def planned(self) -> IntArray:
        """Return the bodies that have an abstraction plan, in order."""
        rows: IntArray = np.flatnonzero(self.world.bodies.plan)
        return rows

    @cached_property
    def now(self) -> Management:
        """Return what bodies make of the rivers now, their stores apart."""
        return self.with_plans(self.planned)

    def with_plans(self, rows: IntArray) -> Management:
        """Return the same with the plans of some bodies."""
        plan = plan_numbers(self.world.bodies.nodes[rows], rows) if rows.size else None
        return Management(self.world.rivers.graph, plan)

    @cached_property
    def before(self) -> FloatArray:
        """Return what that year would bring as things are: see `brings`."""
        return self.brings(self.now)

    def brings(self, managed: Management, store: tuple[int, float] | None = None) -> FloatArray:
        """Return what that year would bring each territory: share of summer below the floor, irrigation unmet, (2, T).

        Parameters
        ----------
        managed : Management
        store : tuple of (int, float) or None
            Node and room (m3) of a store, empty at the start of the year.
        """
        world, r = self.world, self.world.rivers
        factor = np.broadcast_to(self.climate[_SUMMER][:, None], (9, len(r.node)))
        if store is not None:
            managed = self._with_store(managed, factor, *store)
        level = self._before_summer(managed.graph)
        q = river_quarter(world, _SUMMER, factor, level, yearly_needs(world), managed)
        asked = sum_by(r.territory, q.demanded[:, water.IRRIGATION], world.size)
        got = sum_by(r.territory, q.withdrawn[:, water.IRRIGATION], world.size)
        nodes = np.maximum(np.bincount(r.territory, minlength=world.size), 1)
        below = sum_by(r.territory, q.below / 9.0, world.size) / nodes
        return np.stack([below, np.where(asked > 0.0, 1.0 - got / np.maximum(asked, 1e-12), 0.0)])

    def _with_store(self, managed: Management, factor: FloatArray, node: int, room: float) -> Management:
        winter = np.broadcast_to(self.climate[0][:, None], factor.shape)
        held = store_flow(self.world, 0, winter, node, 0.0, room)[1]
        released = np.zeros(factor.shape)
        released[:, node] = store_flow(self.world, _SUMMER, factor, node, held, 0.0)[0]
        return replace(
            managed, released=released if managed.released is None else managed.released + released
        )

    def _before_summer(self, graph: water.Graph) -> FloatArray:
        """Return the groundwater at the start of that summer, shape (W,), m3: what is withdrawn does not touch it."""
        for known, level in self._levels:
            if known is graph:
                return level
        r = self.world.rivers
        level = water.periodic_groundwater(r.runoff, graph.recharge, graph.release)
        for dekad in range(9 * _SUMMER):
            born = r.runoff[dekad] * self.climate[dekad // 9, dekad % 9]
            level = (1.0 - graph.release) * level + graph.recharge * born * water.SECONDS_PER_DEKAD
        self._levels.append((graph, level))
        return level


def wetter(world: World, b: int) -> water.Graph:
    """Return the rivers once one more wetland programme sends runoff to the ground in a perimeter."""
    graph = world.rivers.graph
    traits = graph.traits.copy()
    inside = world.bodies.nodes[b]
    traits[RECHARGE, inside] = np.minimum(traits[RECHARGE, inside] + world.params.bodies.wetland_step, 1.0)
    return replace(graph, traits=traits)
