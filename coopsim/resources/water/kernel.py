r"""Compiled core of the water sub-model: one call runs the dekads of a quarter over the whole river graph.

In one dekad, from upstream to downstream, with :math:`I_i` the flow arriving at intake *i* (inflow from
upstream plus local runoff and base flow), :math:`w_{iu}` withdrawals and :math:`\kappa_{iu}` consumed shares:

.. math:: I_{i+1} = I_i - \sum_u \kappa_{iu} w_{iu} + q_{i+1}, \qquad G' = G + R - G(1 - e^{-h/k})

Rules differ only in what each use may want; then one and the same cut applies to all of them: no withdrawal
subject to the floor may bring the flow below it at the intake. Rules with a common ration (`PROPORTIONAL`,
`PER_CAPITA`, `PACT`) are solved by repeating the sweep of the same dekad, so that no ration is ever read off
the flows of the day before, which would make restrictions chatter.

Everything is one dekad of one basin at a time. All compiled code and the names of the rows it indexes stand in
this one file: numba's cache looks at no other to know that it is stale.
"""

import numpy as np
from numba import njit

from coopsim.types import FloatArray, IntArray

DRINKING, INDUSTRY, IRRIGATION, OTHER = 0, 1, 2, 3
USES = 4
LEVELS = 4

# Codes of the rules; `coopsim.governance.water_allocation` declares the same (a contract test compares them).
GIVEN, UPSTREAM_FIRST, PROPORTIONAL, PRIORITY, PER_CAPITA, PACT = -1, 0, 1, 2, 3, 4

# Rows of `Graph.traits`, `Sharing.rule` and `Sharing.stages`; rows 0-3 of the last are the cuts by level.
FLOOR, DOE, POPULATION, RECHARGE, RELEASE = 0, 1, 2, 3, 4
CODE, GROUP, STAGED = 0, 1, 2
THRESHOLDS, EXEMPT = 4, 5

# Rows of the working arrays: flows, whole numbers, and the tallies of a quarter.
LOCAL, NATURAL, INFLOW, OUT, SPARE, TARGET, AIM, TOP, RATION, BEFORE, UNCUT = range(11)
LEVEL, APPLIED = 0, 1
FLOWED_IN, CAME_IN, FLOWED_OUT, FLOWED_NATURALLY, WORST = range(5)
WITHDRAWN, DEMANDED, CONSUMED = 0, 1, 2
BELOW, BELOW_NATURAL, BELOW_CAUSED, AT_LEVEL = 0, 1, 2, 3

_FINE = 1e-11  # precision of a common cut, as a share of demand
_SLACK = 1e-12  # rounding of flows, relative to the target
_STEPS = 200  # of the search; a few tens are enough
_SECANT, _NUDGE, _HALVE = 0, 1, 2
_TURNS = (_NUDGE, _HALVE, _SECANT)  # by step of the search, modulo 3
_BELOW = 1e-9  # a flow is below its floor when it misses it by more than this share


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
def _sweep(
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


@njit(cache=True, error_model="numpy")
def _margin(order: IntArray, work: FloatArray, row: int, target: int) -> float:
    """Return the worst distance of a row of ``work`` to the row of its targets, m3/s."""
    worst = np.inf
    for i in order:
        worst = min(worst, work[row, i] - work[target, i])
    return worst


@njit(cache=True, error_model="numpy")
def _relax(order: IntArray, floor: FloatArray, work: FloatArray) -> None:
    """Drop the aims that members of a pact miss even when their economy takes nothing.

    A member that cannot leave the flow that the pact defends aims at its floor; one that cannot leave its
    floor aims at nothing, and `TARGET` alone says what the others owe its reach.
    """
    for i in order:
        if work[SPARE, i] < work[AIM, i]:
            work[AIM, i] = -_SLACK * floor[i]
            if work[SPARE, i] < work[AIM, i]:
                work[AIM, i] = -np.inf


@njit(cache=True, error_model="numpy")
def _search(
    order: IntArray, downstream: IntArray, consumed: FloatArray, traits: FloatArray, staged: IntArray,
    stages: FloatArray, demand: FloatArray, given: FloatArray,
    work: FloatArray, whole: IntArray, taken: FloatArray, pact: bool,
) -> float:  # fmt: skip
    """Sweep with the smallest common cut, at the nodes where ``TOP`` > 0, that keeps every target; return it.

    Targets are flows left (``OUT`` against ``TARGET``) and flows left above the floor at the intake
    (``SPARE`` against ``AIM``). The margin is continuous and piecewise linear in the cut, except where a
    neighbour under drought stages changes stage, so secant steps are mixed with halvings. When no cut keeps
    the targets the dekad is left swept with a cut of 1, and -1 is returned.
    """
    low, high, cut = 0.0, 1.0, 0.0
    margin_low, margin_high = 0.0, 0.0
    step = 0
    while True:
        for i in order:
            if work[TOP, i] > 0.0:
                work[RATION, i] = (1.0 - cut) * work[TOP, i]
        _sweep(order, downstream, consumed, traits, staged, stages, demand, given, work, whole, taken)
        if step == 1 and pact:
            _relax(order, traits[FLOOR], work)
        left = _margin(order, work, OUT, TARGET)
        margin = min(left, _margin(order, work, SPARE, AIM))
        if step == 0:
            if margin >= 0.0:
                return 0.0
            margin_low = left
            for i in order:
                work[UNCUT, i] = work[SPARE, i]
            cut, step = 1.0, 1
            continue
        if step == 1:
            if margin < 0.0:
                return -1.0
            margin_high = margin
            margin_low = min(margin_low, _margin(order, work, UNCUT, AIM))
            if margin_low >= 0.0:  # only what no cut can mend was missing
                high = 0.0
        elif margin >= 0.0:
            high, margin_high = cut, margin
        else:
            low, margin_low = cut, margin
        if high - low <= 4.0 * _FINE or step > _STEPS:
            if cut == high:
                return high
            low = cut = high
            step += 1
            continue
        step += 1
        kind = _TURNS[step % 3]
        if kind == _SECANT:
            cut = low - margin_low * (high - low) / (margin_high - margin_low) + _FINE
        elif kind == _NUDGE:
            cut = high - 3.0 * _FINE
        else:
            cut = 0.5 * (low + high)
        cut = min(max(cut, low + _FINE), high - _FINE)


@njit(cache=True, error_model="numpy")
def _prepare(
    order: IntArray, downstream: IntArray, consumed: FloatArray, traits: FloatArray,
    rule: IntArray, demand: FloatArray, work: FloatArray, whole: IntArray,
) -> tuple[int, int]:  # fmt: skip
    """Set codes, rations and targets before any pact; return the range of the basin's pact groups.

    A basin wholly under `PROPORTIONAL` has its ration in closed form,
    ``min_i (local flows above i - floor_i) / (d_i + net demand above i)``; where other rules are mixed in, or
    the ration is per head, it is searched for with the others as they are. ``UNCUT`` holds the net demand above
    each node, ``BEFORE`` tells whether a node or one above it draws under the common ration.
    """
    pure, common = True, False
    ration, most = 1.0, 0.0
    low, high = rule.shape[1], -1
    for i in order:
        work[UNCUT, i] = work[BEFORE, i] = 0.0
    for i in order:
        code = rule[CODE, i]
        total, net = 0.0, 0.0
        for u in range(USES):
            total += demand[i, u]
            net += consumed[i, u] * demand[i, u]
        is_common = code in (PROPORTIONAL, PER_CAPITA)
        # Until a pact is solved, and for non-members, the State's rule holds.
        whole[APPLIED, i] = PRIORITY if code == PACT else code
        if code == PACT and rule[GROUP, i] >= 0:
            low, high = min(low, rule[GROUP, i]), max(high, rule[GROUP, i])
        if code == PER_CAPITA and traits[POPULATION, i] > 0.0:
            most = max(most, total / traits[POPULATION, i])
        if code != PROPORTIONAL and total > 0.0:
            pure = False
        common = common or is_common
        if total + work[UNCUT, i] > 0.0:
            ration = min(ration, (work[NATURAL, i] - traits[FLOOR, i]) / (total + work[UNCUT, i]))
        if is_common:
            work[BEFORE, i] += total
        work[TARGET, i] = work[AIM, i] = -np.inf
        # Nodes under other rules answer for themselves; those without demand still need their floor.
        if work[BEFORE, i] > 0.0 and (is_common or total == 0.0):
            work[AIM, i] = -_SLACK * traits[FLOOR, i]
        if downstream[i] >= 0:
            work[UNCUT, downstream[i]] += work[UNCUT, i] + net
            work[BEFORE, downstream[i]] += work[BEFORE, i]
    for i in order:
        work[TOP, i] = 0.0
        work[RATION, i] = max(0.0, ration)
        if pure or not common:
            work[AIM, i] = -np.inf
        elif rule[CODE, i] == PROPORTIONAL:
            work[TOP, i] = 1.0
        elif rule[CODE, i] == PER_CAPITA:
            work[TOP, i] = most
            work[RATION, i] = 0.0
    return (low, high + 1) if high >= 0 else (0, 0)


@njit(cache=True, error_model="numpy")
def _enter(
    order: IntArray, group: IntArray, number: int, traits: FloatArray, guard: FloatArray,
    work: FloatArray, whole: IntArray,
) -> None:  # fmt: skip
    """Put the members of a pact under their common cut; all other nodes stay as they are.

    No node that is below its floor may lose water and no node above it may fall below; members aim at leaving
    the flow that the pact defends without any of them being cut at its intake.
    """
    floor = traits[FLOOR]
    for i in order:
        work[TOP, i] = 0.0
        work[TARGET, i] = min(floor[i], work[OUT, i]) * (1.0 - _SLACK)
        work[AIM, i] = -np.inf
        if group[i] == number:
            whole[APPLIED, i] = PACT
            work[TOP, i] = 1.0
            work[AIM, i] = guard[i] - floor[i] - _SLACK * guard[i]


@njit(cache=True, error_model="numpy")
def _leave(order: IntArray, work: FloatArray, whole: IntArray) -> None:
    """Give the members of a pact whose cut would harm another reach back to the State's rule."""
    for i in order:
        work[TARGET, i] = work[AIM, i] = -np.inf
        if work[TOP, i] > 0.0:
            whole[APPLIED, i] = PRIORITY


@njit(cache=True, error_model="numpy")
def _count(
    consumed: FloatArray, floor: FloatArray, boundary: FloatArray, demand: FloatArray, seconds: float,
    work: FloatArray, whole: IntArray, taken: FloatArray,
    volumes: FloatArray, terms: FloatArray, counts: IntArray,
) -> None:  # fmt: skip
    """Add one dekad to the tallies of the quarter."""
    for i in range(floor.size):
        for u in range(USES):
            volumes[DEMANDED, i, u] += seconds * demand[i, u]
            volumes[WITHDRAWN, i, u] += seconds * taken[i, u]
            volumes[CONSUMED, i, u] += seconds * consumed[i, u] * taken[i, u]
        terms[FLOWED_IN, i] += seconds * work[INFLOW, i]
        terms[CAME_IN, i] += seconds * boundary[i]
        terms[FLOWED_OUT, i] += seconds * work[OUT, i]
        terms[FLOWED_NATURALLY, i] += seconds * work[NATURAL, i]
        edge = floor[i] * (1.0 - _BELOW) - _SLACK * work[NATURAL, i]
        counts[BELOW, i] += work[OUT, i] < edge
        counts[BELOW_NATURAL, i] += work[NATURAL, i] < edge
        counts[BELOW_CAUSED, i] += work[OUT, i] < edge and work[NATURAL, i] >= edge
        counts[AT_LEVEL + whole[LEVEL, i], i] += 1
        if floor[i] > 0.0:
            terms[WORST, i] = min(terms[WORST, i], work[OUT, i] / floor[i])


@njit(cache=True, error_model="numpy")
def dekads(
    order: IntArray, starts: IntArray, downstream: IntArray, consumed: FloatArray, traits: FloatArray,
    rule: IntArray, guard: FloatArray, stages: FloatArray,
    runoff: FloatArray, boundary: FloatArray, demand: FloatArray, given: FloatArray, storage: FloatArray,
    seconds: float, work: FloatArray, whole: IntArray, taken: FloatArray,
    volumes: FloatArray, terms: FloatArray, counts: IntArray,
) -> None:  # fmt: skip
    """Run the dekads of ``runoff`` one after the other; update ``storage`` and the tallies in place.

    Parameters
    ----------
    order, starts, downstream, consumed, traits
        As in `Graph`.
    rule, guard, stages
        As in `Sharing`.
    runoff, boundary : FloatArray, shape (H, W), m3/s
        Water born inside the node, and inflow of the main stem from outside the case.
    demand, given : FloatArray, shape (H, W, 4), m3/s
        Unrestricted demand, and wishes of nodes under a `GIVEN` rule.
    storage : FloatArray, shape (W,), m3
        Groundwater.
    seconds : float, s
        Length of a dekad.
    work, whole, taken, volumes, terms, counts
        Scratch, shapes (11, W), (2, W), (W, 4); tallies, shapes (3, W, 4), (5, W), (7, W).
    """
    for h in range(runoff.shape[0]):
        for i in range(order.size):
            work[NATURAL, i] = 0.0
            base = storage[i] * traits[RELEASE, i]
            recharge = traits[RECHARGE, i] * runoff[h, i] * seconds
            storage[i] += recharge - base
            work[LOCAL, i] = runoff[h, i] + (base - recharge) / seconds + boundary[h, i]
        for i in order:
            work[NATURAL, i] += work[LOCAL, i]
            if downstream[i] >= 0:
                work[NATURAL, downstream[i]] += work[NATURAL, i]
        for b in range(starts.size - 1):
            basin = order[starts[b] : starts[b + 1]]
            low, high = _prepare(basin, downstream, consumed, traits, rule, demand[h], work, whole)
            number, pact = low - 1, False
            # First the rules without pacts (number low - 1), then one pact after the other.
            while number < high:
                cut = _search(
                    basin, downstream, consumed, traits, rule[STAGED], stages, demand[h], given[h],
                    work, whole, taken, pact,
                )  # fmt: skip
                if pact and cut < 0.0:
                    _leave(basin, work, whole)
                    pact = False
                    continue
                number += 1
                pact = True
                if number < high:
                    _enter(basin, rule[GROUP], number, traits, guard, work, whole)
        _count(
            consumed,
            traits[FLOOR],
            boundary[h],
            demand[h],
            seconds,
            work,
            whole,
            taken,
            volumes,
            terms,
            counts,
        )
