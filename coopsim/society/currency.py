r"""Local currency: who uses it, what it moves to local suppliers, and mutual credit between companies.

A currency lives on two sides, households :math:`h` and companies :math:`f`; each side is won by the other, by the
association that animates it (effort *e*) and by payments of public services, and some give up every year:

.. math:: h' = h + e\,(s + c f)(1 - h) - d h, \qquad f' = f + e\,(s + c h + g)(1 - f) - d f

What is spent in it is spent near: a share of the purchases of its users goes to local suppliers instead of outside, on
the side that is short, :math:`\min(h, f)`. Mutual credit between companies (WIR) replaces part of a fall of external
demand and is paid back when the fall is over: Stodder (2009), *Complementary credit networks and macroeconomic
stability: Switzerland's Wirtschaftsring*, J. Econ. Behav. Organ. 72, finds it to move against the cycle; how much is
an assumption.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from coopsim.types import FloatArray

FORMS = ("household", "b2b", "public", "full")


@dataclass(frozen=True, slots=True)
class CurrencyParams:
    """Section ``society.currency``."""

    seed_per_yr: float
    contact_per_yr: float
    public_per_yr: float
    dropout_per_yr: float
    relocated_share: float
    credit_share: float
    repayment_years: float
    keur_per_head: float


@dataclass(slots=True)
class CurrencyState:
    """Users and credit.

    Attributes
    ----------
    households, companies : FloatArray, shape (T,), 0-1
        Share of each that uses the currency.
    credit : FloatArray, shape (T, K)
        Demand met by mutual credit and not yet paid back, over that of a year.
    level : FloatArray, shape (T,)
        Share of local demand that the currency has brought so far.
    """

    households: FloatArray
    companies: FloatArray
    credit: FloatArray
    level: FloatArray

    @classmethod
    def founded(cls, territories: int, sectors: int) -> Self:
        """Return the state before anybody uses it."""
        users = np.zeros((2, territories))
        return cls(users[0], users[1], np.zeros((territories, sectors)), np.zeros(territories))


def used(
    p: CurrencyParams, households: FloatArray, companies: FloatArray, effort: FloatArray, form: str
) -> tuple[FloatArray, FloatArray]:
    """Return the users a year later, households and companies, shape (T,) each.

    Parameters
    ----------
    effort : FloatArray, shape (T,), 0-1
        Level of the association that animates it.
    form : str
        One of `FORMS`.
    """
    consumers = form != "b2b"
    peers = companies if form == "b2b" else households
    public = p.public_per_yr if form in ("public", "full") else 0.0
    h = households + consumers * effort * (p.seed_per_yr + p.contact_per_yr * companies) * (1.0 - households)
    f = companies + effort * (p.seed_per_yr + p.contact_per_yr * peers + public) * (1.0 - companies)
    return (
        np.clip(h - p.dropout_per_yr * households, 0.0, 1.0),
        np.clip(f - p.dropout_per_yr * companies, 0.0, 1.0),
    )


def relocated(p: CurrencyParams, households: FloatArray, companies: FloatArray, form: str) -> FloatArray:
    """Return the share of local demand that comes from purchases moved to local suppliers, shape (T,)."""
    side = companies if form == "b2b" else np.minimum(households, companies)
    out: FloatArray = p.relocated_share * side
    return out


def borrowed(p: CurrencyParams, credit: FloatArray, companies: FloatArray, change: FloatArray) -> FloatArray:
    """Return what mutual credit adds to the demand of a quarter, shape (T, K): above 0 in a fall, below 0 after it.

    Parameters
    ----------
    credit : FloatArray, shape (T, K)
        Outstanding; what is lent and paid back is added by the caller.
    change : FloatArray, shape (K,)
        Change of external demand in the quarter, felt by the exported share.
    """
    lent = p.credit_share * companies[:, None] * np.maximum(-change, 0.0)[None, :]
    paid = np.where(change[None, :] >= 0.0, 0.25 / p.repayment_years * credit, 0.0)
    out: FloatArray = lent - paid
    return out
