"""Drinking-water capacity: what a syndicate can produce on a peak day against what its territories ask for.

New jobs and people hardly weigh on a river (1,000 jobs and 1,500 people draw a few litres a second) but they
do weigh on the intake and the plant of their syndicate, which is therefore a state of its own.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class Supply:
    """Drinking water on a peak day.

    Attributes
    ----------
    production : FloatArray, shape (B,), m3/d
        What each body would have to produce, leaks included.
    ratio : FloatArray, shape (B,), 1
        Production over capacity; 0 for a body without a stated capacity.
    unmet : FloatArray, shape (T,), 1
        Share of each territory's demand that its bodies cannot serve; people whom no listed body serves
        are taken as served.
    pressure : FloatArray, shape (T,), 1
        Mean ratio of the bodies that serve the territory, weighted by the people they serve.
    """

    production: FloatArray
    ratio: FloatArray
    unmet: FloatArray
    pressure: FloatArray


def supply(demand: FloatArray, served: FloatArray, capacity: FloatArray, network_yield: FloatArray) -> Supply:
    """Return the peak-day balance of each body and territory.

    Parameters
    ----------
    demand : FloatArray, shape (T,), m3/d
        Water delivered to users of the territory on a peak day.
    served : FloatArray, shape (B, T), 1
        Share of the territory's people that the body serves; columns sum to at most 1.
    capacity : FloatArray, shape (B,), m3/d
        NaN for a body without a stated capacity: it never binds.
    network_yield : FloatArray, shape (B,), 1
        Share of production that reaches users, above 0.
    """
    production = (served @ demand) / network_yield
    stated = np.isfinite(capacity)
    bound = np.where(stated, capacity, 1.0)
    # A body with no capacity left and no demand is not under pressure.
    ratio = np.where(production > 0.0, production / np.maximum(bound, 1e-12), 0.0)
    ratio = np.where(stated, ratio, 0.0)
    lack = 1.0 - 1.0 / np.maximum(ratio, 1.0)
    people = served.sum(axis=0)
    return Supply(
        production=production,
        ratio=ratio,
        unmet=np.clip(lack @ served, 0.0, 1.0),
        pressure=np.divide(ratio @ served, people, out=np.zeros_like(people), where=people > 0.0),
    )


def water_security(before: FloatArray, share_met: FloatArray, memory: float) -> FloatArray:
    """Return the water security that is perceived, a moving average updated once a year, 1.

    Parameters
    ----------
    before : FloatArray, shape (T,), 1
    share_met : FloatArray, shape (T,), 1
        One minus the share of summer dekads below the floor, or another share of needs met, in [0, 1].
    memory : float, 1
        Weight of the past.
    """
    after: FloatArray = memory * before + (1.0 - memory) * share_met
    return after
