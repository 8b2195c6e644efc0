"""What the water kernel reads and fills: a few packed arrays, since compiled code is quick to build from few.

Shapes: ``W`` nodes, 4 uses. Flows in m3/s, volumes in m3.
"""

from dataclasses import dataclass

from coopsim.resources.water.kernel import DOE, FLOOR, RECHARGE, RELEASE
from coopsim.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Graph:
    """The river graph and what does not change inside a run.

    Attributes
    ----------
    order : IntArray, shape (W,)
        Nodes from upstream to downstream, one connected basin after the other.
    starts : IntArray, shape (basins + 1,)
        Where each basin starts in ``order``; the last entry is W.
    downstream : IntArray, shape (W,)
        Next node, -1 at an outlet.
    consumed : FloatArray, shape (W, 4), 1
        Share of a withdrawal that does not return to the river, by use.
    traits : FloatArray, shape (5, W)
        Rows `FLOOR` (ecological floor, m3/s), `DOE` (low-flow target that restriction levels are read
        against, m3/s, 0 where there is none), `POPULATION` (people whose withdrawals the node carries),
        `RECHARGE` (share of local runoff that feeds the groundwater), `RELEASE` (share of the groundwater
        that flows out in one dekad, ``1 - exp(-h/k)``).
    """

    order: IntArray
    starts: IntArray
    downstream: IntArray
    consumed: FloatArray
    traits: FloatArray

    @property
    def floor(self) -> FloatArray:
        """Ecological floor, shape (W,), m3/s."""
        row: FloatArray = self.traits[FLOOR]
        return row

    @property
    def doe(self) -> FloatArray:
        """Low-flow target, shape (W,), m3/s; 0 where there is none."""
        row: FloatArray = self.traits[DOE]
        return row

    @property
    def recharge(self) -> FloatArray:
        """Share of local runoff that feeds the groundwater, shape (W,), 1."""
        row: FloatArray = self.traits[RECHARGE]
        return row

    @property
    def release(self) -> FloatArray:
        """Share of the groundwater that flows out in one dekad, shape (W,), 1."""
        row: FloatArray = self.traits[RELEASE]
        return row


@dataclass(frozen=True, slots=True)
class Sharing:
    """The rules in force during a quarter.

    Attributes
    ----------
    rule : IntArray, shape (3, W)
        Rows `CODE` (rule of the node), `GROUP` (members of one pact inside one basin, numbered from 0 in the
        order of basins; -1 outside any pact), `STAGED` (1 where the drought stages are in force).
    guard : FloatArray, shape (W,), m3/s
        Flow that a pact defends at its members' nodes, at least the floor.
    stages : FloatArray, shape (6, 4), 1
        Rows 0-3: share cut by level and use. Row `THRESHOLDS`: decreasing ratios to the target under which
        levels 1, 2 and 3 begin, then 0. Row `EXEMPT`: 1 for uses that the floor does not bind under the
        State's rule, pacts included.
    """

    rule: IntArray
    guard: FloatArray
    stages: FloatArray
