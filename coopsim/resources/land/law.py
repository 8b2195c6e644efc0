"""The French envelope of land consumption (laws of 22 August 2021, art. 191, and of 20 July 2023, art. 4).

Consumption of natural, farm and forest land in 2021-2031 is at most half of that of 2011-2021; no commune may
be denied a first hectare, which communes can pool. What follows 2031 is counted in artificialised land and is
not set yet: the model lets each period be a fraction of the one before.
"""

import numpy as np

from coopsim.resources.land.params import LandParams
from coopsim.types import FloatArray, IntArray


def period_of(year: int, params: LandParams) -> int:
    """Return the number of the law's period of a calendar year; 0 is the first, negative before it."""
    return (year - params.period_from) // params.period_years


def envelope(
    reference: FloatArray,
    territory: IntArray,
    territories: int,
    share: FloatArray,
    period: int,
    params: LandParams,
    *,
    pooled: bool = False,
) -> FloatArray:
    """Return the land that each territory may consume in a period, shape (T,), ha.

    Parameters
    ----------
    reference : FloatArray, shape (M,), ha
        Consumption of each commune over the reference decade.
    territory : IntArray, shape (M,)
        Territory of each commune.
    territories : int
    share : FloatArray, shape (T,), 1
        Share of the reference allowed in the first period.
    period : int
        0 for the first.
    params : LandParams
    pooled : bool
        Whether communes pool their guarantee: it then only lifts a territory whose own envelope is below the
        sum of its guarantees; kept apart, each commune has the greater of its share and its guarantee.
    """
    own = reference * share[territory] * params.next_period_factor**period
    guarantee = np.full_like(own, params.communal_guarantee_ha if period == 0 else 0.0)
    if pooled:
        totals = [np.bincount(territory, weights=v, minlength=territories) for v in (own, guarantee)]
        total: FloatArray = np.maximum(*totals)
        return total
    apart = np.bincount(territory, weights=np.maximum(own, guarantee), minlength=territories)
    return apart.astype(np.float64)  # bincount of nothing counts in whole numbers
