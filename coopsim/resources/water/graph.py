"""The river graph: order of nodes, natural mean flow, legal floor and initial groundwater."""

import numpy as np

from coopsim.resources.water.kernel import (
    DOE,
    DRINKING,
    FLOOR,
    INDUSTRY,
    IRRIGATION,
    OTHER,
    POPULATION,
    RECHARGE,
    RELEASE,
    USES,
)
from coopsim.resources.water.params import WaterParams
from coopsim.resources.water.river import Graph
from coopsim.types import FloatArray, IntArray

SECONDS_PER_DEKAD = 876_600.0
DAYS_PER_DEKAD = SECONDS_PER_DEKAD / 86_400.0


def topology(downstream: IntArray) -> tuple[IntArray, IntArray]:
    """Return the nodes from upstream to downstream, one basin after the other, and where each basin starts.

    Parameters
    ----------
    downstream : IntArray, shape (W,)
        Next node, -1 at an outlet.

    Returns
    -------
    order : IntArray, shape (W,)
    starts : IntArray, shape (basins + 1,)

    Raises
    ------
    ValueError
        When the river runs in a circle; the message lists the nodes.
    """
    size = downstream.size
    above: list[list[int]] = [[] for _ in range(size)]
    for node, below in enumerate(downstream.tolist()):
        if below >= 0:
            above[below].append(node)
    order: list[int] = []
    starts = [0]
    for outlet in np.flatnonzero(downstream < 0).tolist():
        basin = [outlet]
        for node in basin:  # grows while read: breadth first, away from the outlet
            basin.extend(above[node])
        order.extend(reversed(basin))
        starts.append(len(order))
    if len(order) != size:
        circle = sorted(set(range(size)) - set(order))
        raise ValueError(f"the river runs in a circle through or above nodes {circle}")
    return np.array(order, dtype=np.int64), np.array(starts, dtype=np.int64)


def accumulate(order: IntArray, downstream: IntArray, local: FloatArray) -> FloatArray:
    """Return what flows past each node when nothing is withdrawn.

    Parameters
    ----------
    order, downstream : IntArray, shape (W,)
    local : FloatArray, shape (..., W), m3/s

    Returns
    -------
    FloatArray, shape (..., W), m3/s
    """
    flow = np.array(local, dtype=np.float64)
    for node in order.tolist():
        if downstream[node] >= 0:
            flow[..., downstream[node]] += flow[..., node]
    return flow


def legal_floor(
    module: FloatArray, share: FloatArray, absolute: FloatArray, params: WaterParams
) -> FloatArray:
    """Return the ecological floor: an absolute value where given, else a share of the natural mean flow.

    The tenth of the mean flow that the law asks for (code de l'environnement L214-18) is the default of the
    rules, and a scenario may explore less. On rivers large enough for the authority to accept a twentieth, a
    positive share is never less than that.

    Parameters
    ----------
    module : FloatArray, shape (W,), m3/s
        Natural mean flow past the node.
    share : FloatArray, shape (W,), 1
        Share asked by the rules or the case.
    absolute : FloatArray, shape (W,), m3/s
        Floor given by the case; NaN where there is none.
    params : WaterParams
    """
    large = (module > params.module_floor_from_m3s) & (share > 0.0)
    asked = np.where(large, np.maximum(share, params.module_floor_large), share) * module
    floor: FloatArray = np.where(np.isnan(absolute), asked, absolute)
    return floor


def release_share(reservoir_days: float | FloatArray) -> FloatArray:
    """Return the share of a linear reservoir that flows out in one dekad, ``1 - exp(-h/k)``, 1."""
    share: FloatArray = -np.expm1(-DAYS_PER_DEKAD / np.asarray(reservoir_days, dtype=np.float64))
    return share


def periodic_groundwater(runoff: FloatArray, recharge: FloatArray, release: FloatArray) -> FloatArray:
    """Return the groundwater with which a mean year ends as it began, at the start of its first dekad.

    Parameters
    ----------
    runoff : FloatArray, shape (36, W), m3/s
        Mean runoff of the year.
    recharge, release : FloatArray, shape (W,), 1
        Shares of `Graph`.

    Returns
    -------
    FloatArray, shape (W,), m3
        Solves ``G' = (1 - release)·G + recharge`` over the year for ``G(36) = G(0)``.
    """
    keep = 1.0 - release
    end = np.zeros(runoff.shape[1])
    for flow in runoff:
        end = keep * end + recharge * flow * SECONDS_PER_DEKAD
    start: FloatArray = end / (1.0 - keep ** runoff.shape[0])
    return start


def river_graph(
    downstream: IntArray,
    floor: FloatArray,
    doe: FloatArray,
    population: FloatArray,
    other_consumed: FloatArray,
    params: WaterParams,
) -> Graph:
    """Return the graph that the kernel reads.

    Parameters
    ----------
    downstream : IntArray, shape (W,)
    floor, doe : FloatArray, shape (W,), m3/s
        ``doe`` NaN or 0 where there is no low-flow target.
    population : FloatArray, shape (W,), inhabitants
    other_consumed : FloatArray, shape (W,), 1
    params : WaterParams
    """
    size = downstream.size
    order, starts = topology(downstream)
    consumed = np.empty((size, USES))
    consumed[:, DRINKING] = params.drinking_consumed
    consumed[:, INDUSTRY] = params.industry_consumed
    consumed[:, IRRIGATION] = params.irrigation_consumed
    consumed[:, OTHER] = other_consumed
    traits = np.empty((5, size))
    traits[FLOOR], traits[DOE], traits[POPULATION] = floor, np.nan_to_num(doe), population
    traits[RECHARGE] = params.groundwater_share
    traits[RELEASE] = release_share(params.reservoir_days)
    return Graph(
        order=order,
        starts=starts,
        downstream=np.ascontiguousarray(downstream, dtype=np.int64),
        consumed=consumed,
        traits=traits,
    )
