"""What the law lets an intercommunalité do: bounds of rates, aids and deficits."""

import numpy as np

from coopsim.economy.finance.law import FinanceLaw
from coopsim.types import FloatArray


def rate_ceiling(law: FinanceLaw) -> float:
    """Return the highest legal rate of the business tax, % (CGI 1636 B septies)."""
    return law.ceiling_multiple * law.mean_rate_pct


def tied_rise(rate: FloatArray, property_rise: float, law: FinanceLaw) -> FloatArray:
    """Return the rise that a rise of property taxes opens, points, shape of ``rate`` (CGI 1636 B decies).

    Parameters
    ----------
    rate : FloatArray, %
        Rate of the year before.
    property_rise : float
        Relative rise of the mean property tax rate of the year before; a fall opens nothing and forces nothing.
    """
    out: FloatArray = rate * law.link_elasticity * max(property_rise, 0.0)
    return out


def special_rise(rate: FloatArray, law: FinanceLaw) -> FloatArray:
    """Return the special increase, points: 5 % of the national mean at most, never above that mean (1636 B sexies)."""
    out: FloatArray = np.clip(law.mean_rate_pct - rate, 0.0, law.special_rise_share * law.mean_rate_pct)
    return out


def use_rights(rights: FloatArray, used: FloatArray) -> FloatArray:
    """Return the rights that a rise leaves, oldest used first, shape (years, T); the last row is this year's.

    Parameters
    ----------
    rights : FloatArray, shape (years, T), points
    used : FloatArray, shape (T,), points
    """
    out, left = rights.copy(), np.maximum(used, 0.0)
    for year in range(rights.shape[0]):
        taken = np.minimum(out[year], left)
        out[year] -= taken
        left = left - taken
    return out


def aid_per_job(jobs: FloatArray, property_cost: float, law: FinanceLaw) -> FloatArray:
    """Return the largest aid to the property of a company, k€/job, by size; 0 for large companies (L1511-3).

    Parameters
    ----------
    property_cost : float, k€/job
    """
    share = np.where(
        jobs < law.aid_small_jobs, law.aid_small_share, np.where(jobs < law.aid_medium_jobs, law.aid_medium_share, 0.0)
    )  # fmt: skip
    out: FloatArray = share * property_cost
    return out


def de_minimis_left(received: FloatArray, law: FinanceLaw) -> FloatArray:
    """Return what a company may still receive, k€, given what it received over the period (Regulation 2023/2831)."""
    out: FloatArray = np.maximum(law.de_minimis - received, 0.0)
    return out


def deficit(
    running_revenue: FloatArray, running_spending: FloatArray, repayment: FloatArray, law: FinanceLaw
) -> FloatArray:
    """Return what is missing to the real balance, k€/yr, shape (T,); 0 where the budget balances (CGCT L1612-4).

    Running revenue must cover running spending and the repayment of capital: debt pays for investment only.
    """
    allowed = law.running_deficit_allowed * running_revenue
    out: FloatArray = np.maximum(running_spending + repayment - running_revenue - allowed, 0.0)
    return out
