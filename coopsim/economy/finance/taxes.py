"""Taxes of an intercommunalité: pure functions of bases, rates and the law; k€ per year unless said otherwise."""

import numpy as np

from coopsim.economy.finance.law import FinanceLaw
from coopsim.metrics import sum_by
from coopsim.types import FloatArray, IntArray


def minimum_base(turnover: FloatArray, level: float, law: FinanceLaw) -> FloatArray:
    """Return the minimum base of the business tax by turnover, k€, shape of ``turnover`` (CGI 1647 D).

    Parameters
    ----------
    turnover : FloatArray, k€/yr
    level : float
        Where the council stands between the lower (0) and the upper bound (1) of each bracket.
    """
    bracket = np.searchsorted(np.asarray(law.minimum_turnover), turnover, side="left")
    high = np.asarray(law.minimum_high)[bracket]
    base = law.minimum_low + level * (high - law.minimum_low)
    out: FloatArray = np.where(turnover <= law.minimum_exempt_turnover, 0.0, base)
    return out


def business_base(
    rental: FloatArray, turnover: FloatArray, territory: IntArray, level: float, law: FinanceLaw, size: int
) -> FloatArray:
    """Return the base of the business tax of each territory, k€, shape (T,): rental values, at least the minimum.

    Equipment has been out of the base since 2010.

    Parameters
    ----------
    rental, turnover : FloatArray, shape (n,), k€
        Rental value of the premises and land of each company, and its turnover.
    territory : IntArray, shape (n,)
    """
    return sum_by(territory, np.maximum(rental, minimum_base(turnover, level, law)), size)


def shop_tax(surface: FloatArray, turnover: FloatArray, law: FinanceLaw) -> FloatArray:
    """Return the tax on each shop, k€, shape of ``surface``: a rate per m² that rises with turnover per m².

    Parameters
    ----------
    surface : FloatArray, m²
    turnover : FloatArray, k€/yr
    """
    per_m2 = 1000.0 * turnover / np.maximum(surface, 1e-9)
    slope = law.shop_low_eur_per_m2 + law.shop_slope * (per_m2 - law.shop_from_eur_per_m2)
    rate = np.where(per_m2 < law.shop_from_eur_per_m2, law.shop_low_eur_per_m2, slope)
    rate = np.where(per_m2 > law.shop_to_eur_per_m2, law.shop_high_eur_per_m2, rate)
    liable = (surface > law.shop_surface_m2) & (turnover >= law.shop_turnover)
    out: FloatArray = np.where(liable, 0.001 * rate * surface, 0.0)
    return out


def river_tax(wanted: FloatArray, inhabitants: FloatArray, law: FinanceLaw) -> FloatArray:
    """Return the product of the river tax, k€, cut at the legal ceiling per inhabitant (CGI 1530 bis)."""
    return np.minimum(wanted, law.river_tax_ceiling * inhabitants)


def spread(product: float, taxes: FloatArray, bases: FloatArray) -> FloatArray:
    """Return the additional rate on each local tax, as a fraction of its base, shape (n,).

    A product is spread in proportion to what each tax brought the year before (CGI 1530 bis, 1636 B octies).
    """
    out: FloatArray = product * taxes / taxes.sum() / bases
    return out


def vat_fraction(
    base: FloatArray, growth: float, key: FloatArray, key_start: FloatArray, law: FinanceLaw
) -> FloatArray:
    """Return the fraction of national VAT, k€, shape (T,): a frozen base, and its part of the national growth.

    The growth goes to a fund shared by rental values and staff: a territory whose part of them rises gets more
    of the growth, never of the base.

    Parameters
    ----------
    growth : float
        Growth of national VAT since the start, as a fraction.
    key, key_start : FloatArray, shape (T, 2)
        Rental values and staff, now and at the start.
    """
    ratio = key / np.maximum(key_start, 1e-9)
    local = law.vat_rental_weight * ratio[:, 0] + law.vat_staff_weight * ratio[:, 1]
    out: FloatArray = base * (1.0 + max(growth, 0.0) * local)
    return out
