"""Levies on water and wood: how users answer, and what is raised."""

from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class PriceParams:
    """Section ``economy.prices``; units, ranges and sources stand in the parameter file."""

    water_eur_per_m3: float
    drinking_elasticity: float
    industry_elasticity: float
    wood_elasticity: float


def answer(levy: FloatArray, price: FloatArray | float, elasticity: float) -> FloatArray:
    """Return demand over that without a levy, ``((p + levy)/p)^(-elasticity)``, shape of ``levy``, at most 1."""
    out: FloatArray = (1.0 + levy / np.maximum(price, 1e-9)) ** -elasticity
    return out
