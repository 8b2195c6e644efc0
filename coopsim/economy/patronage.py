r"""Company patronage: who gives, how much, and what the law takes off the tax.

A donor budgets a net amount, a share *g* of its turnover *Y*; with a reduction *r* it gives :math:`gY / (1 - r)` as
long as that is inside the ceiling that the law counts, since beyond it a gift costs its whole. Which companies are
donors is a fixed trait, at the rates by size that a barometer reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Self

import numpy as np

from coopsim.errors import scenario_error
from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class PatronageParams:
    """Section ``economy.patronage``."""

    donors_micro: float
    donors_small: float
    donors_large: float
    given_share: float
    turnover_over_value_added: float
    skills_share: float


@dataclass(frozen=True, slots=True)
class PatronageLaw:
    """The law in force on one day.

    Attributes
    ----------
    reduction, reduction_above : float
        Share of a gift taken off the tax, below and above an amount.
    above_keur : float, k€
    turnover_share : float
        Ceiling of what counts, as a share of turnover.
    ceiling_keur : float, k€
        The ceiling where it is higher than that.
    """

    reduction: float
    reduction_above: float
    above_keur: float
    turnover_share: float
    ceiling_keur: float

    @classmethod
    def from_table(cls, table: Mapping[str, Any], on: date) -> Self:
        """Return the law in force on a day.

        Raises
        ------
        ScenarioError
            When no version is in force yet.
        """
        known = [v for v in table["patronage"] if v["from"] <= on]
        if not known:
            raise scenario_error(
                "aucune version de la loi sur le mécénat n'est encore en vigueur",
                "no version of the law of patronage is in force yet",
                key="patronage",
                value=str(on),
            )
        version = max(known, key=lambda v: v["from"])
        return cls(**{f.name: float(version[f.name]) for f in fields(cls)})


@dataclass(slots=True)
class FoundationState:
    """Accounts of the foundations since the start; arrays (T,), k€.

    Attributes
    ----------
    given, matched, levied, lent : FloatArray
        Gifts, public money, levy, and the worth of the time lent.
    spent : FloatArray
        On start-ups of the social economy; what is lent goes to takeovers.
    donors, first : FloatArray
        Of the last year: number of donors, and share of the gifts that comes from the largest.
    """

    given: FloatArray
    matched: FloatArray
    levied: FloatArray
    lent: FloatArray
    spent: FloatArray
    donors: FloatArray = field(default_factory=lambda: np.zeros(0))
    first: FloatArray = field(default_factory=lambda: np.zeros(0))


def turnover(
    p: PatronageParams, value_added: FloatArray, jobs: FloatArray, productivity: FloatArray
) -> FloatArray:
    """Return the turnover of companies, k€/yr, shape kept."""
    out: FloatArray = p.turnover_over_value_added * value_added * jobs * productivity
    return out


def donor_rate(p: PatronageParams, jobs: FloatArray) -> FloatArray:
    """Return the share of donors among companies of each size, shape kept: below 10, below 250, larger."""
    out: FloatArray = np.select([jobs < 10.0, jobs < 250.0], [p.donors_micro, p.donors_small], p.donors_large)  # noqa: PLR2004 - legal classes of size
    return out


def reduced(law: PatronageLaw, gift: FloatArray, sales: FloatArray) -> FloatArray:
    """Return what gifts take off the tax, k€, shape kept."""
    counted = np.minimum(gift, np.maximum(law.turnover_share * sales, law.ceiling_keur))
    high = np.minimum(counted, law.above_keur)
    out: FloatArray = law.reduction * high + law.reduction_above * (counted - high)
    return out


def gifts(p: PatronageParams, law: PatronageLaw | None, sales: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what donors give and what it costs them after tax, k€, shape kept each.

    Parameters
    ----------
    law : PatronageLaw or None
        None where gifts give no right to a reduction.
    """
    net = p.given_share * sales
    if law is None:
        return net, net
    most = np.maximum(law.turnover_share * sales, law.ceiling_keur)
    # the gift whose cost after tax is the budget: at the first rate, at the second, then without any
    first = np.minimum(most, law.above_keur)
    cost = first * (1.0 - law.reduction)
    second = cost + (most - first) * (1.0 - law.reduction_above)
    gift = np.where(
        net <= cost,
        net / (1.0 - law.reduction),
        np.where(net <= second, first + (net - cost) / (1.0 - law.reduction_above), most + net - second),
    )
    return gift, gift - reduced(law, gift, sales)
