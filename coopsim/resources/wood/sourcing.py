"""From sheds to buyers: who gets the wood that was cut, what is imported, what is sold outside."""

from dataclasses import dataclass

import numpy as np

from coopsim.types import BoolArray, FloatArray, IntArray


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


def attraction(distance_km: FloatArray, territory: IntArray, access: BoolArray, haul_km: float) -> FloatArray:
    """Return the weight of each stratum for the buyers of each territory, ``exp(-d/delta)``, shape (S, T), 1.

    Parameters
    ----------
    distance_km : FloatArray, shape (T, T), km
        By road; zero on the diagonal.
    territory : IntArray, shape (S,)
        Where each stratum stands.
    access : BoolArray, shape (S, T)
        Whether buyers of a territory may buy there.
    haul_km : float, km
    """
    weight: FloatArray = np.where(access, np.exp(-distance_km[territory] / haul_km), 0.0)
    return weight


def deliver(harvest: FloatArray, demand: FloatArray, weight: FloatArray, rounds: int) -> Deliveries:
    """Serve buyers from sheds: orders are spread by weight and wood on offer, and short sheds ration them.

    Buyers left short turn again to the sheds that still have wood, ``rounds`` times in all; then they import.

    Parameters
    ----------
    harvest : FloatArray, shape (S,), m3
    demand : FloatArray, shape (T,), m3
    weight : FloatArray, shape (S, T), 1
        Zero where buyers have no access.
    rounds : int

    Returns
    -------
    Deliveries
        ``flow.sum(0) + imported == demand`` and ``flow.sum(1) + sold_outside == harvest``.
    """
    flow = np.zeros_like(weight)
    left, short = harvest.astype(np.float64), demand.astype(np.float64)
    for _ in range(rounds):
        pull = weight * left[:, None]
        total = pull.sum(axis=0)
        order = np.divide(pull, total, out=np.zeros_like(pull), where=total > 0.0) * short
        asked = order.sum(axis=1)
        ration = np.minimum(1.0, np.divide(left, asked, out=np.ones_like(left), where=asked > 0.0))
        sent = order * ration[:, None]
        flow += sent
        left = np.maximum(0.0, left - sent.sum(axis=1))
        short = np.maximum(0.0, short - sent.sum(axis=0))
    return Deliveries(flow, short, left)
