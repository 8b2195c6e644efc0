r"""What forests offer: the mobilisable share of many owners, and the demand that conifer is cut for.

Broadleaf is an anticommons: a harvest unit needs the consent of *m* owners, and when each of them prices
access only ``2/(1 + m)`` of what a single owner would mobilise is cut ([B2000]_, limit case L14). Conifer is
a commons: buyers take what they want of it.

References
----------
.. [B2000] Buchanan & Yoon (2000), *Symmetric tragedies*, Journal of Law and Economics 43.
"""

import numpy as np

from coopsim.types import BoolArray, FloatArray


def consents(owners_per_unit: FloatArray, grouping: FloatArray) -> FloatArray:
    """Return the owners whose consent one harvest unit needs, ``max(1, owners/G)``, shape (S,), 1.

    Parameters
    ----------
    owners_per_unit : FloatArray, shape (S,), 1
        Owners of one harvest unit.
    grouping : FloatArray, shape (S,), 1
        Factor G by which charters and owners' associations group them; 1 where nothing was done.
    """
    needed: FloatArray = np.maximum(1.0, owners_per_unit / grouping)
    return needed


def mobilisable_share(consents_needed: FloatArray, most: float) -> FloatArray:
    """Return the share of the potential that is mobilised, ``most·2/(1 + m)``, shape (S,), 1.

    Parameters
    ----------
    consents_needed : FloatArray, shape (S,), 1
    most : float, 1
        Share mobilised when one owner decides alone.
    """
    share: FloatArray = most * 2.0 / (1.0 + consents_needed)
    return share


def grow_grouping(
    grouping: FloatArray, owners_per_unit: FloatArray, effort: FloatArray, speed: float
) -> FloatArray:
    """Return the grouping factor one quarter later.

    Consents needed fall in a straight line towards one: ``m' = m - speed·effort·(m0 - 1)/4``.

    Parameters
    ----------
    grouping, owners_per_unit : FloatArray, shape (S,), 1
    effort : FloatArray, shape (S,), 1
        Animation at work on the stratum, 0 to 1.
    speed : float, 1/yr
    """
    start = np.maximum(1.0, owners_per_unit)
    needed = consents(owners_per_unit, grouping)
    needed = np.maximum(1.0, needed - 0.25 * speed * effort * (start - 1.0))
    grouped: FloatArray = np.maximum(grouping, owners_per_unit / needed)
    return grouped


def mobilised(
    base_harvest: FloatArray,
    share: FloatArray,
    share_base: FloatArray,
    grown: FloatArray,
    grown_base: FloatArray,
) -> FloatArray:
    """Return what owners put on the market in a quarter, ``H0·(mu/mu0)·(g/g0)``, shape (S,), m3.

    Parameters
    ----------
    base_harvest : FloatArray, shape (S,), m3/yr
        Observed harvest at the start.
    share, share_base : FloatArray, shape (S,), 1
        Mobilisable share now and at the start.
    grown, grown_base : FloatArray, shape (S,), m3
        Net growth of a quarter now and at the start; a stratum that does not grow offers nothing.
    """
    ratio = np.divide(grown, grown_base, out=np.zeros_like(grown), where=grown_base > 0.0)
    more = np.divide(share, share_base, out=np.zeros_like(share), where=share_base > 0.0)
    offered: FloatArray = 0.25 * base_harvest * more * np.maximum(0.0, ratio)
    return offered


def wanted(effort: FloatArray, volume: FloatArray, years: float, growth: float) -> FloatArray:
    """Return what buyers want to cut in a quarter, ``E·V/4·(1 + growth)^years``, shape (S,), m3.

    Parameters
    ----------
    effort : FloatArray, shape (S,), 1/yr
        Observed harvest over observed stock.
    volume : FloatArray, shape (S,), m3
    years : float, yr
        Since the start.
    growth : float, 1/yr
    """
    asked: FloatArray = 0.25 * effort * volume * (1.0 + growth) ** years
    return asked


def price(
    reference: float, demand: FloatArray, offer: FloatArray, elasticity: float, low: float, high: float
) -> FloatArray:
    """Return the price of roundwood, ``p0·clip(demand/offer, low, high)^elasticity``, shape of ``demand``.

    Parameters
    ----------
    reference : float, EUR/m3
    demand, offer : FloatArray, m3
        No offer counts as the upper bound of the ratio; neither demand nor offer as a ratio of one.
    elasticity, low, high : float, 1
    """
    ratio = np.divide(demand, offer, out=np.full_like(demand, high), where=offer > 0.0)
    ratio = np.where((offer <= 0.0) & (demand <= 0.0), 1.0, ratio)
    asked: FloatArray = reference * np.clip(ratio, low, high) ** elasticity
    return asked


def lose(volume: FloatArray, struck: BoolArray, share: float) -> tuple[FloatArray, FloatArray]:
    """Return the stock left by a storm, fire or pest, and the wood destroyed, both shape (S,), m3.

    Parameters
    ----------
    volume : FloatArray, shape (S,), m3
    struck : BoolArray, shape (S,)
    share : float, 1
        Share of the stock destroyed in the strata struck.
    """
    lost: FloatArray = np.where(struck, volume * share, 0.0)
    return volume - lost, lost
