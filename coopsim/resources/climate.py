r"""Climate: one wet or dry signal common to the whole basin, a pure function of (seed, calendar year).

.. math:: f_{y,d} = \exp\bigl(\omega_y + \nu_d - \tfrac12(\sigma_\omega^2 + \sigma_\nu^2)
   + \tau\,(y - y_0)^+\bigr)

:math:`\omega` is AR(1) on years and :math:`\nu` AR(1) on dekads, both given by their *stationary* standard
deviation, so that the factor has mean one before the trend :math:`\tau`. Both recursions start in a fixed
calendar year, never at the start of the run: two runs on one seed live the same year 2030 whenever they
begin.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.rng import Purpose, normal, pair_ids, text_id
from coopsim.types import FloatArray

DEKADS_PER_YEAR = 36
DEKADS_PER_TICK = 9
BASIN = text_id("climate:basin")


@dataclass(frozen=True, slots=True)
class ClimateParams:
    """Parameters of section ``climate``.

    Attributes
    ----------
    omega_ar : float, 1
        Autocorrelation of the yearly anomaly, in [0, 1).
    omega_sd : float, ln
        Stationary standard deviation of the yearly anomaly.
    nu_ar : float, 1
        Autocorrelation of the dekad anomaly, in [0, 1).
    nu_sd : float, ln
        Stationary standard deviation of the dekad anomaly.
    trend_ln : float, ln
        Change of the logarithm of flows reached after ``trend_years``; the line goes on afterwards.
    trend_years : float, yr
        Years over which ``trend_ln`` is reached.
    trend_from : int, calendar year
        Year whose mean flow is the one of the case; no trend before it.
    origin_year : int, calendar year
        First year of both recursions; no run may start before it.
    """

    omega_ar: float
    omega_sd: float
    nu_ar: float
    nu_sd: float
    trend_ln: float
    trend_years: float
    trend_from: int
    origin_year: int


@dataclass(frozen=True, slots=True)
class Climate:
    """The climate of a run.

    Attributes
    ----------
    start_year : int, calendar year
    omega : FloatArray, shape (years,), ln
        Yearly anomaly, positive when wet.
    factor : FloatArray, shape (years, 36), 1
        Multiplier of the mean flow of each dekad.
    """

    start_year: int
    omega: FloatArray
    factor: FloatArray

    def quarter(self, tick: int) -> FloatArray:
        """Return the nine factors of a tick, shape (9,), 1; tick 0 is January-March of the start year."""
        year, quarter = divmod(tick, 4)
        return self.factor[year, quarter * DEKADS_PER_TICK : (quarter + 1) * DEKADS_PER_TICK]

    def wetness(self, tick: int) -> float:
        """Return the yearly anomaly in force at a tick, ln."""
        return float(self.omega[tick // 4])


def autoregressive(shocks: FloatArray, ar: float, sd: float) -> FloatArray:
    """Return an AR(1) series of stationary standard deviation ``sd``, its first value drawn from that law.

    Parameters
    ----------
    shocks : FloatArray, shape (n,), 1
        Independent standard normals.
    ar : float, 1
        Autocorrelation, in [0, 1).
    sd : float, any unit

    Returns
    -------
    FloatArray, shape (n,), unit of ``sd``
    """
    series = np.empty_like(shocks)
    innovation = np.sqrt(1.0 - ar * ar)
    state = 0.0
    for n, shock in enumerate(shocks):
        state = shock if n == 0 else ar * state + innovation * shock
        series[n] = state
    return series * sd


def flow_factor(
    omega: FloatArray, nu: FloatArray, years_of_trend: FloatArray, params: ClimateParams
) -> FloatArray:
    """Return the multiplier of mean flow, broadcast over its arguments; mean one before the trend.

    Parameters
    ----------
    omega, nu : FloatArray, ln
    years_of_trend : FloatArray, yr
        Years since ``trend_from``, never negative.
    params : ClimateParams
    """
    variance = params.omega_sd**2 + params.nu_sd**2
    slope = params.trend_ln / params.trend_years
    factor: FloatArray = np.exp(omega + nu - 0.5 * variance + slope * years_of_trend)
    return factor


def climate(seed: int, start_year: int, years: int, params: ClimateParams) -> Climate:
    """Return the climate of ``years`` calendar years from ``start_year``.

    Parameters
    ----------
    seed : int
    start_year : int, calendar year
        Not before ``params.origin_year``.
    years : int, yr
    params : ClimateParams

    Raises
    ------
    ValueError
        When the run starts before the origin of the recursion.
    """
    lead = start_year - params.origin_year
    if lead < 0:
        raise ValueError(f"start year {start_year} is before climate.origin_year {params.origin_year}")
    total = lead + years
    # The date is part of the id, not of the tick, so that one call draws the whole series.
    yearly = normal(seed, Purpose.CLIMATE_YEAR, pair_ids(BASIN, np.arange(total, dtype=np.uint64)), 0)
    dekads = np.arange(total * DEKADS_PER_YEAR, dtype=np.uint64)
    dekadal = normal(seed, Purpose.CLIMATE_DEKAD, pair_ids(BASIN, dekads), 0)
    omega = autoregressive(yearly, params.omega_ar, params.omega_sd)[lead:]
    nu = autoregressive(dekadal, params.nu_ar, params.nu_sd).reshape(total, DEKADS_PER_YEAR)[lead:]
    since = np.maximum(0.0, start_year + np.arange(years, dtype=np.float64) - params.trend_from)
    return Climate(start_year, omega, flow_factor(omega[:, None], nu, since[:, None], params))
