"""Land and companies: hysteresis of requests, rationing of vacant plots, price, costs."""

import numpy as np

from coopsim.resources.land.params import LandParams
from coopsim.resources.land.uses import Use
from coopsim.types import FloatArray

_LOGARITHM = 1e-9  # below it (r^a - 1)/a is ln r to the last digit


def request(reference: FloatArray, held: FloatArray, params: LandParams) -> FloatArray:
    """Return the land that companies ask for: their gap, once their need is well above what they hold.

    Without the band between asking and releasing, growth noise is a ratchet that exhausts land.

    Parameters
    ----------
    reference, held : FloatArray, any shape, ha
        Land that the present jobs would use, and land held.
    params : LandParams
    """
    asked: FloatArray = np.where(reference > params.ask_above * held, reference - held, 0.0)
    return asked


def release(reference: FloatArray, held: FloatArray, params: LandParams) -> FloatArray:
    """Return the land that companies give back in a quarter, well below what they hold, any shape, ha."""
    freed = params.release_speed * (held - reference)
    given: FloatArray = np.where(reference < params.release_below * held, freed, 0.0)
    return given


def ration(asked: FloatArray, vacant: FloatArray) -> FloatArray:
    """Return the share of requests that vacant land can serve, ``min(1, vacant/asked)``, shape (T,), 1."""
    served: FloatArray = np.divide(
        np.minimum(vacant, asked), asked, out=np.ones_like(asked), where=asked > 0.0
    )
    return served


def growth_factor(served: FloatArray, params: LandParams) -> FloatArray:
    """Return the share of their growth that companies asking for land keep, same shape, 1."""
    factor: FloatArray = params.growth_floor + (1.0 - params.growth_floor) * served
    return factor


def vacancy(uses: FloatArray, params: LandParams) -> FloatArray:
    """Return vacant over occupied and vacant land, shape (T,), 1; the reference where there is neither."""
    vacant = uses[:, Use.VACANT]
    market = uses[:, Use.OCCUPIED] + vacant
    rate: FloatArray = np.divide(
        vacant, market, out=np.full_like(vacant, params.price_vacancy), where=market > 0.0
    )
    return rate


def land_price(uses: FloatArray, params: LandParams) -> FloatArray:
    """Return the price of developed land, reference × `price_ratio`, shape (T,), EUR/m2; uses (T, 9) in ha."""
    price: FloatArray = params.price_reference * price_ratio(uses, params)
    return price


def price_ratio(uses: FloatArray, params: LandParams) -> FloatArray:
    """Return the price over its reference, ``clip((v*/max(v, least))^eta, low, high)``, shape (T,), 1.

    Parameters
    ----------
    uses : FloatArray, shape (T, 9), ha
    params : LandParams
    """
    scarcity = params.price_vacancy / np.maximum(vacancy(uses, params), params.price_vacancy_least)
    raw = scarcity**params.price_elasticity
    ratio: FloatArray = np.minimum(np.maximum(raw, params.price_low), params.price_high)
    return ratio


def density(ratio: FloatArray, params: LandParams) -> FloatArray:
    r"""Return the land that companies want per job over the reference, :math:`r^{-\varepsilon}`, same shape, 1.

    Where land is dear they build higher, share yards and car parks and use plots in full. ``ratio`` is that of
    prices, `price_ratio`.
    """
    wanted: FloatArray = ratio**-params.density_elasticity
    return wanted


def cost_ratio(ratio: FloatArray, params: LandParams) -> FloatArray:
    r"""Return the cost of a site over its cost at the reference price, same shape, 1.

    What is saved on land is partly spent on buildings. By Shephard's lemma the slope of the cost is the land used,
    so the cost is :math:`1 + \int_1^r x^{-\varepsilon} dx`: the price ratio itself with fixed land per job
    (:math:`\varepsilon = 0`), :math:`1 + \ln r` at :math:`\varepsilon = 1`.
    """
    power, log = 1.0 - params.density_elasticity, np.log(ratio)
    cost: FloatArray = 1.0 + (np.expm1(power * log) / power if abs(power) > _LOGARITHM else log)
    return cost


def sale_value(area: FloatArray, price: FloatArray) -> FloatArray:
    """Return the value of developed land, kEUR, from ha and EUR/m2: one EUR/m2 is ten kEUR/ha."""
    value: FloatArray = 10.0 * area * price
    return value


def yearly_rent_per_job(price: FloatArray, m2_per_job: FloatArray, params: LandParams) -> FloatArray:
    """Return the yearly cost of land per job, kEUR, broadcast over its arguments (EUR/m2 and m2/job)."""
    rent: FloatArray = params.rent_yield * price * m2_per_job / 1000.0
    return rent


def housing_request(uses: FloatArray, rate: FloatArray | float) -> FloatArray:
    """Return the new land that dwellings ask for in a quarter, shape (T,), ha; ``rate`` is per year."""
    asked: FloatArray = 0.25 * rate * uses[:, Use.HOUSING]
    return asked


def other_request(area: FloatArray, params: LandParams) -> FloatArray:
    """Return the new land for roads and other artificial uses in a quarter, shape (T,), ha; area in ha."""
    asked: FloatArray = 0.25 * params.other_ha_per_km2 * area / 100.0
    return asked
