"""From sheds to buyers: who gets the wood that was cut, what is imported, what is sold outside."""

from dataclasses import dataclass

import numpy as np

from coopsim.resources.wood.kernel import serve
from coopsim.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Where the wood of one tick went.

    Attributes
    ----------
    flow : FloatArray, shape (S, T), m3
        From stratum to buyers' territory.
    imported : FloatArray, shape (T,), m3
        Demand met from outside.
    sold_outside : FloatArray, shape (S,), m3
        Wood cut that no buyer of the case took.
    """

    flow: FloatArray
    imported: FloatArray
    sold_outside: FloatArray


def attraction(distance_km: FloatArray, haul_km: float) -> FloatArray:
    """Return the weight of the row's strata for the buyers of the column, ``exp(-d/delta)``, shape (T, T), 1.

    Parameters
    ----------
    distance_km : FloatArray, shape (T, T), km
        By road; zero on the diagonal.
    haul_km : float, km
    """
    weight: FloatArray = np.exp(-distance_km / haul_km)
    return weight


def deliver(
    harvest: FloatArray, demand: FloatArray, weight: FloatArray, rounds: int, place: IntArray | None = None
) -> Deliveries:
    """Serve buyers from sheds: orders are spread by weight and wood on offer, and short sheds ration them.

    Buyers left short turn again to the sheds that still have wood, ``rounds`` times in all; then they import.

    Parameters
    ----------
    harvest : FloatArray, shape (S,), m3
    demand : FloatArray, shape (T,), m3
    weight : FloatArray, shape (S, T), 1
        Zero where buyers have no access.
    rounds : int
    place : IntArray or None, shape (S,)
        Row of ``weight`` of each stratum, where strata share rows; None when each has its own.

    Returns
    -------
    Deliveries
        ``flow.sum(0) + imported == demand`` and ``flow.sum(1) + sold_outside == harvest``.
    """
    rows = np.arange(harvest.size) if place is None else place
    flow = np.zeros((harvest.size, demand.size))
    left, short = harvest.astype(np.float64), demand.astype(np.float64)
    serve(np.ascontiguousarray(weight), rows, left, short, rounds, flow)
    return Deliveries(flow, short, left)
