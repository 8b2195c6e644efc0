r"""Inhabitants who put money in local works: who subscribes, and what their money spares.

The share of the inhabitants who would subscribe adds up motives (those of the source catalogue's D19: need, conviction,
economic interest, relations; curiosity and ordinary effort are in :math:`b_0`) and takes off unclear rules and what
effort is left,

.. math::
   z &= b_0 + b_r\,100\,(r - r_s) + b_l\,(l - \tfrac12) + b_n\,n - b_u\,(1 - c) + b_d\,d + b_e\,a \\
   j &= \bar j\,\bigl((1 - f)\,\sigma(z) + f\,\sigma(z - b_f\,(1 - a))\bigr)

*r* the return on their money and *r_s* that of a savings book, *l* the position of the inhabitants between the short
and the long term, *n* the part of what could be subscribed that is subscribed already, *c* how clear the rules of
participation are, *d* the need that the work meets (how much dearer energy is than usual), *f* the share of fragile
people (out of work), whom nobody reaches by default, and :math:`a = 1 - e^{-o/o_0}` the outreach of the council, which
spends *o* an inhabitant to go and meet people (LC94).

Where they ask less than the operator pays for its money, a work costs less: a part *q* of the private capital at the
annuity *A(r)* in place of *A(d)* is worth a gift of :math:`q\,(1 - A(r)/A(d))`.
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
    need: float
    effort: float
    fragile_effort: float
    outreach_eur_per_head: float


def outreach(p: CitizenCapitalParams, eur_per_head: FloatArray) -> FloatArray:
    """Return the share of the effort of joining that outreach spares, shape (T,), 0-1: each euro less than the last."""
    out: FloatArray = -np.expm1(-eur_per_head / p.outreach_eur_per_head)
    return out


def joining(
    p: CitizenCapitalParams,
    long_term: FloatArray,
    subscribed: FloatArray,
    clarity: FloatArray,
    need: FloatArray | float = 0.0,
    spared_effort: FloatArray | float = 0.0,
    fragile: FloatArray | float = 0.0,
) -> FloatArray:
    """Return the share of the inhabitants who would subscribe, shape (T,).

    Parameters
    ----------
    long_term : FloatArray, shape (T,), 0-1
    subscribed : FloatArray, shape (T,), 0-1
        Part of what all who may subscribe could bring.
    clarity : FloatArray, shape (T,), 0-1
    need : FloatArray, shape (T,), at least 0
        Rise of the price of energy over the usual one, as a share of it.
    spared_effort : FloatArray, shape (T,), 0-1
        By the council's outreach.
    fragile : FloatArray, shape (T,), 0-1
        Share of the inhabitants for whom joining is a larger effort.
    """
    z = p.base + p.interest * 100.0 * (p.return_per_yr - p.savings_per_yr) + p.conviction * (long_term - 0.5)
    z = z + p.nearness * subscribed - p.unclear * (1.0 - clarity) + p.need * need + p.effort * spared_effort
    out: FloatArray = p.most_share * expit(z)
    if p.fragile_effort:
        few = p.most_share * expit(z - p.fragile_effort * (1.0 - np.asarray(spared_effort)))
        out = out + fragile * (few - out)
    return out


def spared(part: FloatArray, theirs: float, usual: float) -> FloatArray:
    """Return the gift that a part of the capital at a lower annuity is worth, same shape; 0 where it is dearer."""
    out: FloatArray = part * max(1.0 - theirs / usual, 0.0) if usual > 0.0 else np.zeros_like(part)
    return out
