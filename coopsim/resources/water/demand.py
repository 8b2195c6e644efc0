"""Demand for water at each node and dekad, in m3/s."""

import numpy as np

from coopsim.resources.water.graph import SECONDS_PER_DEKAD
from coopsim.resources.water.kernel import DRINKING, INDUSTRY, IRRIGATION, OTHER, USES
from coopsim.resources.water.params import WaterParams
from coopsim.types import FloatArray, IntArray

SECONDS_PER_YEAR = 36 * SECONDS_PER_DEKAD


def unit_profile(values: FloatArray) -> FloatArray:
    """Return a yearly profile scaled to average exactly 1, shape of ``values`` (36 on the first axis)."""
    profile: FloatArray = values / values.mean(axis=0)
    return profile


def irrigation_per_year(area: FloatArray, wetness: float, params: WaterParams) -> FloatArray:
    """Return what irrigation asks for in a year of given wetness, ``ha · m3/ha · exp(-c·omega)``.

    Parameters
    ----------
    area : FloatArray, shape (W,), ha
        Irrigated area.
    wetness : float, ln
        Yearly anomaly of the climate, positive when wet.
    params : WaterParams

    Returns
    -------
    FloatArray, shape (W,), m3/yr
    """
    asked: FloatArray = area * params.irrigation_m3_per_ha * np.exp(-params.irrigation_wetness * wetness)
    return asked


def node_demand(
    drinking: FloatArray,
    industry: FloatArray,
    irrigation: FloatArray,
    other: FloatArray,
    drinking_profile: FloatArray,
    irrigation_profile: FloatArray,
) -> FloatArray:
    """Return the demand of every use over the dekads of the profiles.

    Parameters
    ----------
    drinking, industry, irrigation : FloatArray, shape (W,), m3/yr
        Yearly volumes at the intakes of the node.
    other : FloatArray, shape (W,), m3/s
    drinking_profile, irrigation_profile : FloatArray, shape (H,), 1
        The dekads wanted, cut from yearly profiles that average 1.

    Returns
    -------
    FloatArray, shape (H, W, 4), m3/s
    """
    demand = np.empty((drinking_profile.size, drinking.size, USES))
    demand[:, :, DRINKING] = drinking_profile[:, None] * (drinking / SECONDS_PER_YEAR)
    demand[:, :, INDUSTRY] = industry / SECONDS_PER_YEAR
    demand[:, :, IRRIGATION] = irrigation_profile[:, None] * (irrigation / SECONDS_PER_YEAR)
    demand[:, :, OTHER] = other
    return demand


def to_nodes(by_territory: FloatArray, territory: IntArray, intake_share: FloatArray) -> FloatArray:
    """Return yearly volumes of territories spread over their nodes, shape (W,), m3/yr.

    Parameters
    ----------
    by_territory : FloatArray, shape (T,), m3/yr
    territory : IntArray, shape (W,)
        Territory of each node.
    intake_share : FloatArray, shape (W,), 1
        Share of the territory's intake taken at the node; sums to 1 over its nodes.
    """
    spread: FloatArray = by_territory[territory] * intake_share
    return spread
