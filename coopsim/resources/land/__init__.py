"""Land: uses that sum to the area, opening with a lag, brownfield, price, the law's envelope."""

from coopsim.resources.land.law import envelope, period_of
from coopsim.resources.land.market import (
    growth_factor,
    housing_request,
    land_price,
    other_request,
    ration,
    release,
    request,
    sale_value,
    vacancy,
    yearly_rent_per_job,
)
from coopsim.resources.land.params import LandParams
from coopsim.resources.land.uses import (
    ECONOMIC,
    Use,
    artificialised_land,
    consumed_land,
    convert,
    develop,
    land_table,
    mature,
    return_brownfield,
    start_pipeline,
    vacate,
)

__all__ = [
    "ECONOMIC",
    "LandParams",
    "Use",
    "artificialised_land",
    "consumed_land",
    "convert",
    "develop",
    "envelope",
    "growth_factor",
    "housing_request",
    "land_price",
    "land_table",
    "mature",
    "other_request",
    "period_of",
    "ration",
    "release",
    "request",
    "return_brownfield",
    "sale_value",
    "start_pipeline",
    "vacancy",
    "vacate",
    "yearly_rent_per_job",
]
