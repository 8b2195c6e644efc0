r"""Levies on water and wood, and water sold by increasing blocks: how users answer, and what is raised.

By blocks a user who would take *x* at the ordinary price takes :math:`a_1 x` as long as this stays below the threshold
*k*, stops at *k*, or takes :math:`a_2 x` where even at the higher price it wants more: the answers :math:`a_1 \ge a_2`
to the two prices bend at the threshold. Users differ: volumes are log-normal around their mean, so that the volumes
asked and those above the threshold have a closed form. France: CGCT L2224-12-4 allows prices that rise with the volume.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class PriceParams:
    """Section ``economy.prices``; units, ranges and sources stand in the parameter file."""

    water_eur_per_m3: float
    drinking_elasticity: float
    industry_elasticity: float
    wood_elasticity: float
    household_spread: float
    company_spread: float


def answer(levy: FloatArray, price: FloatArray | float, elasticity: float) -> FloatArray:
    """Return demand over that without a levy, ``((p + levy)/p)^(-elasticity)``, shape of ``levy``, at most 1."""
    out: FloatArray = (1.0 + levy / np.maximum(price, 1e-9)) ** -elasticity
    return out


@dataclass(frozen=True, slots=True)
class Blocks:
    """Volumes per unit under two prices; same shape as the means.

    Attributes
    ----------
    asked, above : FloatArray
        What is taken in all, and the part of it above the threshold.
    """

    asked: FloatArray
    above: FloatArray


def blocks(
    mean: FloatArray, spread: float, threshold: FloatArray, low: FloatArray, high: FloatArray
) -> Blocks:
    """Return the mean volumes of users of different sizes when those above a threshold cost more.

    Parameters
    ----------
    mean : FloatArray
        Volume per unit at the ordinary price, any unit.
    spread : float, above 0
        Standard deviation of the logarithm of the volumes of users.
    threshold : FloatArray, unit of ``mean``
        Volume per unit from which the higher price holds.
    low, high : FloatArray, 0-1
        Demand at the first and at the higher price over that at the ordinary one, ``high`` at most ``low``.
    """
    k = np.maximum(threshold, 1e-300)
    kept, cut = k / np.maximum(low, 1e-300), k / np.maximum(high, 1e-300)  # who reaches k, who stays above it
    size = np.maximum(mean, 1e-300)

    def part(limit: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the share of users below a volume, and what they take together at the ordinary price."""
        z = np.log(limit / size) / spread
        return ndtr(z + 0.5 * spread), size * ndtr(z - 0.5 * spread)

    (below, first), (most, two) = part(kept), part(cut)
    over = high * (size - two)
    used = np.asarray(mean) > 0.0
    return Blocks(
        np.where(used, low * first + k * (most - below) + over, 0.0),
        np.where(used, np.maximum(over - k * (1.0 - most), 0.0), 0.0),
    )
