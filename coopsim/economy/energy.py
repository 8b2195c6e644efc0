r"""Wood heat networks and local energy loops: what they cost, what they save to the establishments connected.

The price of heat follows from what it is made of, in euros a MWh of heat delivered,

.. math:: p = 1000\,c\,(1 - g)\,a(d, n) + o + \frac{w}{e},

*c* the investment per MWh a year, *g* the part that grants and the intercommunalité pay, *a* the annuity over the life
*n* at the rate *d*, *o* running costs, *w* the price of a cubic metre of wood and *e* the heat it gives. A loop of
shared renewable power has no fuel. Establishments connect where that beats what they pay by a margin that they ask
for; whether it does is a matter of prices, and may change after they have signed.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray

HEAT, LOOP = 0, 1
WORKS = ("heat_network", "energy_loop")


@dataclass(frozen=True, slots=True)
class EnergyParams:
    """Section ``economy.energy``; units, ranges and sources stand in the parameter file."""

    core_sites: float
    site_min_jobs: float
    heat_mwh_per_site: float
    heat_mwh_per_job: float
    heat_investment_keur_per_mwh: float
    heat_running_eur_per_mwh: float
    heat_price_eur_per_mwh: float
    wood_mwh_per_m3: float
    wood_price_eur_per_m3: float
    loop_mwh_per_site: float
    power_mwh_per_job: float
    loop_investment_keur_per_mwh: float
    loop_running_eur_per_mwh: float
    power_price_eur_per_mwh: float
    life_years: float
    discount_per_yr: float
    asked_saving_share: float
    study_keur: float


def annuity(rate: FloatArray | float, years: float) -> FloatArray | float:
    """Return the yearly payment on a loan of 1 over ``years`` at ``rate``; ``1/years`` at a rate of 0."""
    if isinstance(rate, np.ndarray):
        return np.array([annuity(float(r), years) for r in rate])
    return 1.0 / years if rate == 0.0 else rate / (1.0 - (1.0 + rate) ** -years)


def investment(p: EnergyParams, work: int, sites: float) -> float:
    """Return what a work for a number of establishments costs to build, k€."""
    per_mwh = (p.heat_investment_keur_per_mwh, p.loop_investment_keur_per_mwh)[work]
    return sites * mwh_per_site(p, work) * per_mwh


def mwh_per_site(p: EnergyParams, work: int) -> float:
    """Return what one establishment takes from a work, MWh/yr."""
    return (p.heat_mwh_per_site, p.loop_mwh_per_site)[work]


def usual_price(p: EnergyParams, work: int) -> float:
    """Return what establishments pay without the work, €/MWh, before any event."""
    return (p.heat_price_eur_per_mwh, p.power_price_eur_per_mwh)[work]


def price(
    p: EnergyParams,
    work: int,
    paid_for: FloatArray,
    wood_eur_per_m3: FloatArray,
    rate: FloatArray | None = None,
) -> FloatArray:
    """Return the price of a MWh from a work, €/MWh, shape (T,).

    Parameters
    ----------
    paid_for : FloatArray, shape (T,), 0-1
        Part of the investment that is given.
    wood_eur_per_m3 : FloatArray, shape (T,)
        What the wood burnt costs, delivered.
    rate : FloatArray, shape (T,), 1/yr, optional
        Cost of the operator's money; that of the parameters where absent.
    """
    money = p.discount_per_yr if rate is None else rate
    built = 1000.0 * (1.0 - paid_for) * annuity(money, p.life_years)
    if work == LOOP:
        return p.loop_running_eur_per_mwh + p.loop_investment_keur_per_mwh * built
    fuel = wood_eur_per_m3 / p.wood_mwh_per_m3
    out: FloatArray = p.heat_running_eur_per_mwh + p.heat_investment_keur_per_mwh * built + fuel
    return out


def coverage(p: EnergyParams, work: int, sites: FloatArray, posts: FloatArray) -> FloatArray:
    """Return the share of the companies' need that a work covers, 0-1, shape (T,).

    Parameters
    ----------
    sites, posts : FloatArray, shape (T,)
        Establishments connected; posts of private companies.
    """
    need = posts * (p.heat_mwh_per_job, p.power_mwh_per_job)[work]
    made = sites * mwh_per_site(p, work)
    out: FloatArray = np.minimum(np.divide(made, need, out=np.zeros_like(made), where=need > 0.0), 1.0)
    return out
