r"""Inhabitants who put money in local works: who subscribes, and what their money spares.

The share of the inhabitants who would subscribe adds up motives (needs apart, those of the source catalogue's D19:
conviction, economic interest, relations) and takes off effort and unclear rules,

.. math:: j = \bar j\,\sigma\bigl(b_0 + b_r\,100\,(r - r_s) + b_l\,(l - \tfrac12) + b_n\,n - b_u\,(1 - c)\bigr)

*r* the return on their money and *r_s* that of a savings book, *l* the position of the inhabitants between the short
and the long term, *n* the part of what could be subscribed that is subscribed already, *c* how clear the rules of
participation are. Where they ask less than the operator pays for its money, a work costs less: a part *q* of the
private capital at the annuity :math:`a(r)` in place of :math:`a(d)` is worth a gift of :math:`q\,(1 - a(r)/a(d))`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class CitizenCapitalParams:
    """Section ``economy.citizen_capital``; units, ranges and sources stand in the parameter file."""

    most_share: float
    ticket_keur: float
    return_per_yr: float
    savings_per_yr: float
    base: float
    interest: float
    conviction: float
    nearness: float
    unclear: float


def joining(
    p: CitizenCapitalParams, long_term: FloatArray, subscribed: FloatArray, clarity: FloatArray
) -> FloatArray:
    """Return the share of the inhabitants who would subscribe, shape (T,).

    Parameters
    ----------
    long_term : FloatArray, shape (T,), 0-1
    subscribed : FloatArray, shape (T,), 0-1
        Part of what all who may subscribe could bring.
    clarity : FloatArray, shape (T,), 0-1
    """
    z = p.base + p.interest * 100.0 * (p.return_per_yr - p.savings_per_yr) + p.conviction * (long_term - 0.5)
    out: FloatArray = p.most_share * expit(z + p.nearness * subscribed - p.unclear * (1.0 - clarity))
    return out


def spared(part: FloatArray, theirs: float, usual: float) -> FloatArray:
    """Return the gift that a part of the capital at a lower annuity is worth, same shape; 0 where it is dearer."""
    out: FloatArray = part * max(1.0 - theirs / usual, 0.0) if usual > 0.0 else np.zeros_like(part)
    return out
