"""Compiled pass over one river in one dekad, from upstream to downstream, under given rules and rations."""

from numba import njit

from coopsim.resources.water.river import (
    APPLIED,
    DOE,
    DRINKING,
    EXEMPT,
    FLOOR,
    GIVEN,
    INFLOW,
    LEVEL,
    LEVELS,
    LOCAL,
    OUT,
    PACT,
    PER_CAPITA,
    POPULATION,
    PRIORITY,
    PROPORTIONAL,
    RATION,
    SPARE,
    THRESHOLDS,
    USES,
)
from coopsim.types import FloatArray, IntArray


@njit(cache=True, error_model="numpy")
def _want(
    code: int, ration: float, head: float, cuts: FloatArray, demand: FloatArray, want: FloatArray
) -> None:
    """Turn ``want`` into what each use of a node may ask for before the floor; ``head`` is its population."""
    if code == GIVEN:
        for u in range(USES):
            want[u] = min(demand[u], max(0.0, want[u]))
    elif code in (PRIORITY, PACT):
        for u in range(USES):
            want[u] = demand[u] * (ration if code == PACT and u != DRINKING else 1.0 - cuts[u])
    elif code == PER_CAPITA:
        # Drinking water first; the other uses share what is left of the allowance.
        want[DRINKING] = min(demand[DRINKING], ration * head)
        rest = 0.0
        for u in range(DRINKING + 1, USES):
            rest += demand[u]
        share = min(1.0, (ration * head - want[DRINKING]) / rest) if rest > 0.0 else 0.0
        for u in range(DRINKING + 1, USES):
            want[u] = share * demand[u]
    else:
        for u in range(USES):
            want[u] = demand[u] * (ration if code == PROPORTIONAL else 1.0)


@njit(cache=True, error_model="numpy")
def _bind(want: FloatArray, arriving: float, floor: float, exempt: FloatArray, lawful: bool) -> float:
    """Cut ``want`` in place to what the intake may take; return the flow left above the floor before the cut.

    Exempt uses come first and only need the water to be there; then drinking water; then the other uses.
    """
    free = arriving
    for u in range(USES):
        if lawful and exempt[u] > 0.0:
            want[u] = min(want[u], free)
            free -= want[u]
    room = max(0.0, free - floor)
    spare = free - floor
    others = 0.0
    for u in range(USES):
        if not (lawful and exempt[u] > 0.0):
            spare -= want[u]
            if u == DRINKING:
                want[u] = min(want[u], room)
                room -= want[u]
            else:
                others += want[u]
    if others > room:
        for u in range(DRINKING + 1, USES):
            if not (lawful and exempt[u] > 0.0):
                want[u] *= room / others
    return spare


@njit(cache=True, error_model="numpy")
def sweep(
    order: IntArray, downstream: IntArray, consumed: FloatArray, traits: FloatArray, staged: IntArray,
    stages: FloatArray, demand: FloatArray, given: FloatArray,
    work: FloatArray, whole: IntArray, taken: FloatArray,
) -> None:  # fmt: skip
    """Run one dekad over the nodes of ``order``, from upstream to downstream."""
    for i in order:
        work[INFLOW, i] = 0.0
    for i in order:
        arriving = work[INFLOW, i] + work[LOCAL, i]
        level = 0
        if staged[i] == 1 and traits[DOE, i] > 0.0:
            net = 0.0
            for u in range(USES):
                net += consumed[i, u] * demand[i, u]
            for u in range(LEVELS - 1):
                level += arriving - net < stages[THRESHOLDS, u] * traits[DOE, i]
        whole[LEVEL, i] = level
        code = whole[APPLIED, i]
        for u in range(USES):
            taken[i, u] = given[i, u]
        _want(code, work[RATION, i], traits[POPULATION, i], stages[level], demand[i], taken[i])
        lawful = code in (PRIORITY, PACT, GIVEN)
        work[SPARE, i] = _bind(taken[i], arriving, traits[FLOOR, i], stages[EXEMPT], lawful)
        flow = arriving
        for u in range(USES):
            flow -= consumed[i, u] * taken[i, u]
        work[OUT, i] = max(0.0, flow)
        if downstream[i] >= 0:
            work[INFLOW, downstream[i]] += work[OUT, i]
