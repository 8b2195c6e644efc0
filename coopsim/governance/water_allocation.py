"""Rules that share water along a river, dekad by dekad.

Each rule says what every use may withdraw; whatever the rule, the run then cuts what would bring the flow
below the ecological floor at the intake. The rules here run compiled (``kernel_code``); their ``ration``
is the readable reference that the contract test holds the compiled code to, and the only method that other
rules need (``kernel_code = -1``), those of `coopsim.governance.water_bankruptcy` and of third parties.

Shapes: ``W`` nodes, 4 uses in the order drinking, industry, irrigation, other. Flows in m3/s.

References
----------
.. [AS2002] Ambec & Sprumont (2002), *Sharing a river*, Journal of Economic Theory 107.
.. [CE] Code de l'environnement, articles L211-3, R211-66 and L214-18.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.types import BoolArray, FloatArray, IntArray

DRINKING = 0
_EXACT = 60  # halvings of the readable reference: exact to rounding

Wish = Callable[[int, float], FloatArray]


@dataclass(frozen=True, slots=True)
class WaterContext:
    """One dekad of the river, as a rule may see it.

    Attributes
    ----------
    order : IntArray, shape (W,)
        Nodes from upstream to downstream, one basin after the other.
    starts : IntArray, shape (basins + 1,)
        Where each basin starts in ``order``.
    downstream : IntArray, shape (W,)
        Next node, -1 at an outlet.
    consumed : FloatArray, shape (W, 4), 1
        Share of a withdrawal that does not return to the river.
    floor, doe, guard : FloatArray, shape (W,), m3/s
        Ecological floor, low-flow target (0: none), flow that the node's pact defends.
    population : FloatArray, shape (W,), inhabitants
    group : IntArray, shape (W,)
        Pact of the node inside its basin, -1 for none.
    staged : IntArray, shape (W,)
        1 where the drought stages are in force.
    thresholds : FloatArray, shape (3,), 1
    cuts : FloatArray, shape (4, 4), 1
        Share cut by level (row) and use (column).
    exempt : FloatArray, shape (4,), 1
        1 for uses that the floor does not bind under the State's rule.
    local, natural : FloatArray, shape (W,), m3/s
        Flow born at the node, and flow past it if nobody withdrew.
    demand : FloatArray, shape (W, 4), m3/s
    """

    order: IntArray
    starts: IntArray
    downstream: IntArray
    consumed: FloatArray
    floor: FloatArray
    doe: FloatArray
    guard: FloatArray
    population: FloatArray
    group: IntArray
    staged: IntArray
    thresholds: FloatArray
    cuts: FloatArray
    exempt: FloatArray
    local: FloatArray
    natural: FloatArray
    demand: FloatArray

    def level(self, node: int, arriving: float) -> int:
        """Return the restriction level of a node, 0 none to 3 crisis."""
        if not self.staged[node] or self.doe[node] <= 0.0:
            return 0
        net = float(self.consumed[node] @ self.demand[node])
        return int(np.sum(arriving - net < self.thresholds * self.doe[node]))

    def state_wish(self, node: int, arriving: float) -> FloatArray:
        """Return what the uses of a node may ask for under the State's drought stages, shape (4,)."""
        wish: FloatArray = self.demand[node] * (1.0 - self.cuts[self.level(node, arriving)])
        return wish

    def walk(self, wish: Wish, *, state: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Follow the river with the withdrawals wished for, cut to the floor at each intake.

        Parameters
        ----------
        wish : callable of (node, arriving flow) returning FloatArray, shape (4,)
        state : bool
            Whether the exemptions of the State's rule hold.

        Returns
        -------
        withdrawals : FloatArray, shape (W, 4)
        outflow : FloatArray, shape (W,)
        spare : FloatArray, shape (W,)
            Flow left above the floor at the intake if all wishes were granted.
        """
        size = self.order.size
        taken, out, spare = np.zeros((size, 4)), np.zeros(size), np.zeros(size)
        inflow = np.zeros(size)
        exempt: BoolArray = (self.exempt > 0.0) & state
        for node in self.order.tolist():
            arriving = float(inflow[node] + self.local[node])
            taken[node], spare[node] = at_intake(wish(node, arriving), arriving, self.floor[node], exempt)
            out[node] = max(0.0, arriving - float(self.consumed[node] @ taken[node]))
            if self.downstream[node] >= 0:
                inflow[self.downstream[node]] += out[node]
        return taken, out, spare

    def basins(self) -> list[IntArray]:
        """Return the nodes of each connected basin, from upstream to downstream."""
        return [self.order[a:b] for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)]

    def above(self, values: FloatArray) -> FloatArray:
        """Return the sum of ``values`` over the nodes strictly upstream of each node, shape (W,)."""
        total = np.zeros(self.order.size)
        for node in self.order.tolist():
            if self.downstream[node] >= 0:
                total[self.downstream[node]] += total[node] + values[node]
        return total


def at_intake(wish: FloatArray, arriving: float, floor: float, exempt: BoolArray) -> tuple[FloatArray, float]:
    """Return what an intake may take, and the flow above the floor before that cut.

    Exempt uses come first and only need the water to be there; then drinking water, then the other uses in
    proportion, as far as the flow stays at its floor.
    """
    taken = np.array(wish, dtype=np.float64)
    for use in np.flatnonzero(exempt):
        taken[use] = min(taken[use], arriving - float(taken[:use][exempt[:use]].sum()))
    free = arriving - float(taken[exempt].sum())
    spare = free - floor - float(taken[~exempt].sum())
    room = max(0.0, free - floor)
    others = ~exempt
    if others[DRINKING]:
        taken[DRINKING] = min(taken[DRINKING], room)
        room -= taken[DRINKING]
        others = others & (np.arange(4) != DRINKING)
    asked = float(taken[others].sum())
    if asked > room:
        taken[others] *= room / asked
    return taken, spare


@runtime_checkable
class WaterRule(Protocol):
    """Share the water of one dekad among the uses of every node.

    Every rule satisfies, and the contract tests check, for all rivers: withdrawals are non-negative and never
    above demand; the context is not modified; the order in which nodes are numbered does not matter.
    """

    traits: ClassVar[Traits]
    kernel_code: ClassVar[int]

    def ration(self, context: WaterContext) -> FloatArray:
        """Return the withdrawals wished for, shape (W, 4), m3/s."""
        ...


WATER: Registry[WaterRule] = Registry("water allocation")


@WATER.register("upstream_first")
@dataclass(frozen=True, slots=True)
class UpstreamFirst:
    """``w_i = min(d_i, max(0, I_i - E_i))``: the first along the river serves itself."""

    traits: ClassVar[Traits] = Traits(
        Text("l'amont se sert d'abord", "upstream serves itself first"), "Ambec & Sprumont (2002)"
    )
    kernel_code: ClassVar[int] = 0

    def ration(self, context: WaterContext) -> FloatArray:
        """Return full demand wherever the floor allows it."""
        return context.walk(lambda node, _: context.demand[node], state=False)[0]


@WATER.register("proportional")
@dataclass(frozen=True, slots=True)
class Proportional:
    """One ration for the basin: the largest share of demand that keeps every floor."""

    traits: ClassVar[Traits] = Traits(
        Text("une même part de la demande pour tout le bassin", "one share of demand for the whole basin"),
        "Ambec & Sprumont (2002); rationing rules, O'Neill (1982)",
        ("LC58",),
    )
    kernel_code: ClassVar[int] = 1

    def ration(self, context: WaterContext) -> FloatArray:
        """Return ``demand · clip(min_i (natural_i - floor_i)/(d_i + net demand above i), 0, 1)``."""
        net_above = context.above((context.consumed * context.demand).sum(axis=1))
        asked = context.demand.sum(axis=1) + net_above
        share = np.ones(context.order.size)
        for nodes in context.basins():
            drawn = nodes[asked[nodes] > 0.0]
            ratios = (context.natural[drawn] - context.floor[drawn]) / asked[drawn]
            share[nodes] = np.clip(ratios.min(initial=1.0), 0.0, 1.0)
        return context.walk(lambda node, _: share[node] * context.demand[node], state=False)[0]


@WATER.register("priority")
@dataclass(frozen=True, slots=True)
class Priority:
    """The State's order: drinking water, then the environment, then the economy, by drought stages."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "restrictions de l'État par niveaux de gravité : eau potable, milieux, économie",
            "the State's restrictions by drought stage: drinking water, environment, economy",
        ),
        "Code de l'environnement, articles L211-3 and R211-66",
        ("LC58",),
    )
    kernel_code: ClassVar[int] = 2

    def ration(self, context: WaterContext) -> FloatArray:
        """Return demand cut by the level that unrestricted net use of the same dekad would cause."""
        return context.walk(context.state_wish, state=True)[0]


@WATER.register("equal_per_capita")
@dataclass(frozen=True, slots=True)
class EqualPerCapita:
    """One allowance per inhabitant for the basin, the largest that keeps every floor."""

    traits: ClassVar[Traits] = Traits(
        Text("une même dotation par habitant", "the same allowance per inhabitant"),
        "equal awards, Aumann & Maschler (1985)",
        ("LC58",),
    )
    kernel_code: ClassVar[int] = 3

    def ration(self, context: WaterContext) -> FloatArray:
        """Return each node's demand up to the allowance, drinking water first."""
        allowance = np.zeros(context.order.size)
        drawn = context.demand.sum(axis=1)
        touched = drawn + context.above(drawn) > 0.0
        for nodes in context.basins():
            people = nodes[context.population[nodes] > 0.0]
            most = float((drawn[people] / context.population[people]).max(initial=0.0))
            watched = nodes[touched[nodes]]

            def keeps(head: float, nodes: IntArray = nodes, watched: IntArray = watched) -> bool:
                allowance[nodes] = head
                spare = context.walk(lambda node, _: _per_head(context, node, allowance[node]), state=False)[
                    2
                ]
                return bool(np.all(spare[watched] >= -1e-12 * context.floor[watched]))

            allowance[nodes] = _largest(keeps, most)
        return context.walk(lambda node, _: _per_head(context, node, allowance[node]), state=False)[0]


def _per_head(context: WaterContext, node: int, head: float) -> FloatArray:
    wish: FloatArray = context.demand[node].copy()
    allowance = head * float(context.population[node])
    wish[DRINKING] = min(wish[DRINKING], allowance)
    rest = float(wish[1:].sum())
    if rest > 0.0:
        wish[1:] *= min(1.0, (allowance - wish[DRINKING]) / rest)
    return wish


def _largest(keeps: Callable[[float], bool], top: float) -> float:
    """Return the largest value in [0, top] that a decreasing test accepts; 0 when it accepts none."""
    if keeps(top):
        return top
    low, high = 0.0, top
    for _ in range(_EXACT):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if keeps(middle) else (low, middle)
    return low


@WATER.register("pact")
@dataclass(frozen=True, slots=True)
class Pact:
    """Members of a water pact share one cut, the smallest that keeps their rivers at the flow they defend.

    The cut falls on industry, irrigation and other uses of the members instead of the drought stages, so that
    no member is cut alone at its intake; non-members stay under the State's rule. Never worse than the State's
    rule on a node below its floor: it leaves at least as much water there, and brings no other node below. A
    reach that members cannot bring back to its floor is owed what the State's rule would leave.

    Parameters
    ----------
    doe_share : float, 1
        Flow that the pact defends, as a share of the low-flow target; the floor wherever that is higher.
    """

    doe_share: float = 0.0

    traits: ClassVar[Traits] = Traits(
        Text(
            "les membres d'un pacte partagent la plus petite coupe commune qui tient leur débit",
            "members of a pact share the smallest common cut that keeps their flow",
        ),
        "collective management bodies, code de l'environnement, articles R211-112 and R211-117-1",
        ("LC1", "LC58"),
    )
    kernel_code: ClassVar[int] = 4

    def __post_init__(self) -> None:
        if not 0.0 <= self.doe_share <= 2.0:  # noqa: PLR2004 - twice the target is beyond any plan
            raise ValueError("doe_share must lie in 0-2")

    def ration(self, context: WaterContext) -> FloatArray:
        """Return the State's withdrawals with, for members, the common cut in place of the stages."""
        share = np.full(context.order.size, -1.0)  # -1: under the State's rule

        def wish(node: int, arriving: float) -> FloatArray:
            asked = context.state_wish(node, arriving)
            if share[node] >= 0.0:
                asked[1:] = share[node] * context.demand[node, 1:]
            return asked

        for group in range(int(context.group.max(initial=-1)) + 1):
            members = np.flatnonzero(context.group == group)
            owed = np.minimum(context.floor, context.walk(wish, state=True)[1]) * (1.0 - 1e-12)
            share[members] = 0.0
            _, out, spare = context.walk(wish, state=True)
            if np.any(out < owed):
                share[members] = -1.0
                continue
            # Above the floor, at the intake: what the pact defends, else the floor, else nothing.
            slack = 1e-12 * context.guard
            aim = np.where(spare >= -slack, -slack, -np.inf)
            defended = context.guard - context.floor - slack
            aim = np.where(spare >= defended, defended, aim)[members]

            def keeps(
                kept: float, members: IntArray = members, owed: FloatArray = owed, aim: FloatArray = aim
            ) -> bool:
                share[members] = kept
                _, out, spare = context.walk(wish, state=True)
                return bool(np.all(out >= owed) and np.all(spare[members] >= aim))

            share[members] = _largest(keeps, 1.0)
        return context.walk(wish, state=True)[0]


def kernel_arrays(rules: Sequence[WaterRule]) -> tuple[IntArray, FloatArray]:
    """Return the code and the defended share of the target of the rule of each node.

    Parameters
    ----------
    rules : sequence of WaterRule, length W

    Returns
    -------
    code : IntArray, shape (W,)
    doe_share : FloatArray, shape (W,), 1
    """
    code = np.array([rule.kernel_code for rule in rules], dtype=np.int64)
    share = np.array([rule.doe_share if isinstance(rule, Pact) else 0.0 for rule in rules])
    return code, share


def as_ration(rules: Sequence[WaterRule]) -> Callable[..., FloatArray] | None:
    """Return what the water run calls for the nodes whose rule is written in Python; None if there is none.

    Parameters
    ----------
    rules : sequence of WaterRule, length W
    """
    custom = [(rule, [n for n, other in enumerate(rules) if other == rule]) for rule in _distinct(rules)]
    if not custom:
        return None

    def ration(**facts: Any) -> FloatArray:
        context = WaterContext(**facts)
        wish = context.demand.copy()
        for rule, nodes in custom:
            wish[nodes] = rule.ration(context)[nodes]
        return wish

    return ration


def _distinct(rules: Sequence[WaterRule]) -> list[WaterRule]:
    found: list[WaterRule] = []
    for rule in rules:
        if rule.kernel_code < 0 and rule not in found:
            found.append(rule)
    return found
