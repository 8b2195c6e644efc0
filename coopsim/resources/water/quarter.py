"""One quarter of water: the kernel's inputs and outputs, and the path for rules written in Python."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from coopsim.resources.water.graph import SECONDS_PER_DEKAD, accumulate
from coopsim.resources.water.kernel import (
    AT_LEVEL,
    BELOW,
    BELOW_CAUSED,
    BELOW_NATURAL,
    CAME_IN,
    CODE,
    CONSUMED,
    DEMANDED,
    EXEMPT,
    FLOWED_IN,
    FLOWED_NATURALLY,
    FLOWED_OUT,
    GIVEN,
    GROUP,
    LEVELS,
    PACT,
    POPULATION,
    STAGED,
    THRESHOLDS,
    USES,
    WITHDRAWN,
    WORST,
    dekads,
)
from coopsim.resources.water.params import WaterParams
from coopsim.resources.water.river import Graph, Sharing
from coopsim.types import FloatArray, IntArray


class Ration(Protocol):
    """A sharing rule written in Python: the facts of one dekad in, withdrawals wished for out.

    The facts are keyword arguments, those of `coopsim.governance.water_allocation.WaterContext`; the answer
    has shape (W, 4), in m3/s. The kernel then applies the floor at each intake, whatever the rule.
    """

    def __call__(self, **facts: Any) -> FloatArray:
        """Return the withdrawals."""
        ...


@dataclass(frozen=True, slots=True)
class Quarter:
    """What the rivers did in one tick; every array has one row per node.

    Attributes
    ----------
    withdrawn, demanded, consumed : FloatArray, shape (W, 4), m3
        By use (drinking, industry, irrigation, other).
    below, below_natural, below_caused : IntArray, shape (W,), dekads
        Below the floor in the run, in the twin without withdrawals, and in the run only.
    levels : IntArray, shape (W, 4), dekads
        At each restriction level as the authority reads it (0 none … 3 crisis), whatever the rule.
    worst : FloatArray, shape (W,), 1
        Lowest flow over floor; infinite where there is no floor.
    flow, flow_natural : FloatArray, shape (W,), m3/s
        Mean flow past the node, in the run and in the twin without withdrawals.
    groundwater : FloatArray, shape (W,), m3
        At the end of the tick.
    inflow, boundary, runoff, outflow : FloatArray, shape (W,), m3
        From upstream, from outside the case, born in the node, past the node.
    stored : FloatArray, shape (W,), m3
        Change of groundwater.
    """

    withdrawn: FloatArray
    demanded: FloatArray
    consumed: FloatArray
    below: IntArray
    below_natural: IntArray
    below_caused: IntArray
    levels: IntArray
    worst: FloatArray
    flow: FloatArray
    flow_natural: FloatArray
    groundwater: FloatArray
    inflow: FloatArray
    boundary: FloatArray
    runoff: FloatArray
    outflow: FloatArray
    stored: FloatArray

    @property
    def imbalance(self) -> FloatArray:
        """Relative gap of the water balance of each node, shape (W,), 1; rounding only."""
        entered = self.inflow + self.boundary + self.runoff
        left = self.outflow + self.consumed.sum(axis=1) + self.stored
        gap: FloatArray = np.abs(entered - left) / np.maximum(entered + np.abs(self.stored), 1.0)
        return gap


def sharing(
    code: IntArray,
    pact: IntArray,
    doe_share: FloatArray,
    staged: IntArray,
    graph: Graph,
    params: WaterParams,
) -> Sharing:
    """Return the rules in force as the kernel reads them.

    Parameters
    ----------
    code : IntArray, shape (W,)
        Code of the rule of each node.
    pact : IntArray, shape (W,)
        Water pact of the node's territory, -1 for none.
    doe_share : FloatArray, shape (W,), 1
        Flow that the node's pact defends, as a share of the low-flow target; the floor where it is higher.
    staged : IntArray, shape (W,)
        1 where the drought stages are in force.
    graph : Graph
    params : WaterParams
    """
    stages = np.zeros((6, USES))
    stages[1:LEVELS] = np.transpose(
        (params.cut_drinking, params.cut_industry, params.cut_irrigation, params.cut_other)
    )
    stages[THRESHOLDS, : LEVELS - 1] = params.stage_thresholds
    stages[EXEMPT, 0] = float(params.drinking_exempt)
    members = np.where(np.asarray(code) == PACT, pact, -1)
    rule = np.array([code, pact_groups(members, graph), staged], dtype=np.int64)
    return Sharing(rule, np.maximum(graph.floor, doe_share * graph.doe), stages)


def pact_groups(pact: IntArray, graph: Graph) -> IntArray:
    """Return the number of the (basin, pact) that each node belongs to, -1 for none, shape (W,).

    A common cut has no purpose between rivers that do not meet, so a pact shares within each basin.
    """
    group = np.full(pact.size, -1, dtype=np.int64)
    count = 0
    for first, last in zip(graph.starts[:-1], graph.starts[1:], strict=True):
        nodes = graph.order[first:last]
        for number in np.unique(pact[nodes]).tolist():
            if number >= 0:
                group[nodes[pact[nodes] == number]] = count
                count += 1
    return group


def quarter(
    graph: Graph,
    rules: Sharing,
    runoff: FloatArray,
    boundary: FloatArray,
    demand: FloatArray,
    groundwater: FloatArray,
    ration: Ration | None = None,
) -> Quarter:
    """Return one quarter of water over the whole graph.

    Parameters
    ----------
    graph : Graph
    rules : Sharing
    runoff, boundary : FloatArray, shape (9, W), m3/s
        Water born in the nodes and inflow of main stems from outside, climate included.
    demand : FloatArray, shape (9, W, 4), m3/s
    groundwater : FloatArray, shape (W,), m3
        At the start of the tick; not modified.
    ration : Ration, optional
        Rule for the nodes whose code is `GIVEN`.

    Raises
    ------
    ValueError
        When a node has a rule written in Python and ``ration`` is absent.
    """
    size, storage = graph.order.size, np.array(groundwater, dtype=np.float64)
    volumes, terms = np.zeros((3, size, USES)), np.zeros((5, size))
    counts = np.zeros((7, size), dtype=np.int64)
    terms[WORST] = np.inf
    scratch = np.zeros((11, size)), np.zeros((2, size), dtype=np.int64), np.zeros((size, USES))
    fixed = graph.order, graph.starts, graph.downstream, graph.consumed, graph.traits
    runoff, boundary, demand = _block(runoff), _block(boundary), _block(demand)
    wish = demand
    if np.any(rules.rule[CODE] == GIVEN):
        if ration is None:
            raise ValueError("a node has a rule written in Python: pass its ration")
        wish = _wishes(graph, rules, runoff, boundary, demand, groundwater, ration)
    dekads(
        *fixed, rules.rule, rules.guard, rules.stages, runoff, boundary, demand, wish, storage,
        SECONDS_PER_DEKAD, *scratch, volumes, terms, counts,
    )  # fmt: skip
    return _quarter(volumes, terms, counts, runoff, groundwater, storage)


def _wishes(
    graph: Graph,
    rules: Sharing,
    runoff: FloatArray,
    boundary: FloatArray,
    demand: FloatArray,
    groundwater: FloatArray,
    ration: Ration,
) -> FloatArray:
    """Return what the rules written in Python ask for in each dekad, shape (H, W, 4), m3/s."""
    wishes, storage = np.empty_like(demand), groundwater
    for h, born in enumerate(runoff):
        base = storage * graph.release
        recharge = graph.recharge * born * SECONDS_PER_DEKAD
        local = born + (base - recharge) / SECONDS_PER_DEKAD + boundary[h]
        wishes[h] = ration(**_facts(graph, rules, local, demand[h]))
        # Withdrawals are taken from the river, so the groundwater of the next dekad does not depend on them.
        storage = storage + recharge - base
    return wishes


def _facts(graph: Graph, rules: Sharing, local: FloatArray, demand: FloatArray) -> dict[str, Any]:
    """Return what a rule written in Python may look at, as copies: it cannot change the run."""
    facts = {
        "order": graph.order,
        "starts": graph.starts,
        "downstream": graph.downstream,
        "consumed": graph.consumed,
        "floor": graph.floor,
        "doe": graph.doe,
        "guard": rules.guard,
        "population": graph.traits[POPULATION],
        "group": rules.rule[GROUP],
        "staged": rules.rule[STAGED],
        "thresholds": rules.stages[THRESHOLDS, : LEVELS - 1],
        "cuts": rules.stages[:LEVELS],
        "exempt": rules.stages[EXEMPT],
        "local": local,
        "demand": demand,
        "natural": accumulate(graph.order, graph.downstream, local),
    }
    return {name: values.copy() for name, values in facts.items()}


def _block(values: FloatArray) -> FloatArray:
    return np.ascontiguousarray(values, dtype=np.float64)


def _quarter(
    volumes: FloatArray,
    terms: FloatArray,
    counts: IntArray,
    runoff: FloatArray,
    before: FloatArray,
    after: FloatArray,
) -> Quarter:
    seconds = runoff.shape[0] * SECONDS_PER_DEKAD
    return Quarter(
        withdrawn=volumes[WITHDRAWN],
        demanded=volumes[DEMANDED],
        consumed=volumes[CONSUMED],
        below=counts[BELOW],
        below_natural=counts[BELOW_NATURAL],
        below_caused=counts[BELOW_CAUSED],
        levels=counts[AT_LEVEL:].T,
        worst=terms[WORST],
        flow=terms[FLOWED_OUT] / seconds,
        flow_natural=terms[FLOWED_NATURALLY] / seconds,
        groundwater=after,
        inflow=terms[FLOWED_IN],
        boundary=terms[CAME_IN],
        runoff=runoff.sum(axis=0) * SECONDS_PER_DEKAD,
        outflow=terms[FLOWED_OUT],
        stored=after - before,
    )
