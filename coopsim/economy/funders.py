r"""Banks and funders: who gets a loan, what a guarantee and several carriers change, what own funds are worth.

A bank lends for a year's loss that its margin covers: with *h* the chance that a company closes in the year, *l*
what is lost of a loan then and *g* the part that a fund guarantees, it lends where :math:`h\,l\,(1 - g) \le m`. A
work carried by *n* partners, each liable for the whole, is lost to the lender only if all of them fail; with *q*
the chance that one cannot pay, the premium for risk in its rate is :math:`\pi\,(1 - g)\,q^{\,n-1}`: that of a lead
alone for *n* = 1.

Own funds are money given once and kept: of a capital *R* a share *δ* is spent a year, :math:`R' = R + \sigma A -
\delta R`, so that a grant of which the part *σ* comes as own funds pays in the end what it would have paid,
:math:`\delta R^* = \sigma A`, begins more slowly, and goes on for a time when it stops.
"""

from dataclasses import dataclass, field

import numpy as np

from coopsim.metrics import sum_by
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray


@dataclass(frozen=True, slots=True)
class FunderParams:
    """Section ``economy.funders``; units, ranges and sources stand in the parameter file."""

    loan_keur_per_job: float
    loan_years: float
    loss_share: float
    bank_margin_per_yr: float
    take_up_per_yr: float
    operator_premium_per_yr: float
    carrier_fails: float
    work_loan_left: float
    own_funds_draw_per_yr: float


@dataclass(slots=True)
class FunderState:
    """What contracts, programmes and guarantees have done; shape (T,) unless said otherwise.

    Attributes
    ----------
    signed : IntArray, tick
        Of the territorial contract in force; -1 without any.
    met : FloatArray, 0-1
        Share of its targets met at the last review.
    due, own : FloatArray, k€
        Paid by funders and by the territory at the end of the next quarter.
    posted : FloatArray, k€
        Paid by funders in the last quarter.
    received : FloatArray, k€
        From contracts and large programmes since the start.
    grants : list of (int, int, float)
        Last tick, territory, k€/yr of the large programmes under way.
    capital, endowed, claims : FloatArray, k€
        Guarantee fund: what is left, paid in, paid out since the start.
    company : IdArray, shape (L,)
        Borrowers of the loans guaranteed.
    where, since : IntArray, shape (L,)
    loan : FloatArray, shape (L,), k€
    guaranteed : FloatArray, shape (L,), 0-1
    rate : FloatArray, shape (2, T), 1/yr, or None
        Cost of money of the energy works built; None while nothing changes it.
    shared_sites : FloatArray, shape (2, T)
        Establishments of works of which several members of a pact carry the risk.
    carried : FloatArray, k€
        Paid to lenders for works that failed, since the start.
    put, drawn, returned : float, k€
        Own funds of pacts: paid in, spent, given back by those that ended.
    """

    signed: IntArray
    met: FloatArray
    due: FloatArray
    own: FloatArray
    posted: FloatArray
    received: FloatArray
    capital: FloatArray
    endowed: FloatArray
    claims: FloatArray
    shared_sites: FloatArray
    carried: FloatArray
    company: IdArray
    where: IntArray
    since: IntArray
    loan: FloatArray
    guaranteed: FloatArray
    grants: list[tuple[int, int, float]] = field(default_factory=list)
    rate: FloatArray | None = None
    put: float = 0.0
    drawn: float = 0.0
    returned: float = 0.0

    @classmethod
    def founded(cls, territories: int) -> "FunderState":
        """Return the state of a first day."""
        flat = np.zeros((8, territories))
        met, due, own, posted, received, capital, endowed, claims = flat
        none = np.zeros(0, np.int64)
        return cls(
            signed=np.full(territories, -1), met=met + 1.0, due=due, own=own, posted=posted, received=received,
            capital=capital, endowed=endowed, claims=claims, shared_sites=np.zeros((2, territories)),
            carried=np.zeros(territories), company=np.zeros(0, np.uint64), where=none, since=none.copy(),
            loan=np.zeros(0), guaranteed=np.zeros(0),
        )  # fmt: skip

    def committed(self, p: FunderParams, tick: int) -> FloatArray:
        """Return what the fund of each territory may still have to pay on its loans, shape (T,), k€."""
        left = self.guaranteed * p.loss_share * outstanding(p, self.loan, self.since, tick)
        return sum_by(self.where, left, self.capital.size)


def outstanding(p: FunderParams, loan: FloatArray, since: IntArray, tick: int) -> FloatArray:
    """Return what is left to pay back of each loan, k€, shape (L,): it falls in a straight line."""
    out: FloatArray = loan * np.clip(1.0 - (tick - since) / (4.0 * max(p.loan_years, 0.25)), 0.0, 1.0)
    return out


def bankable(p: FunderParams, hazard: FloatArray, guaranteed: FloatArray | float = 0.0) -> BoolArray:
    """Return which companies a bank lends to, shape (n,); ``hazard`` (n,) is their chance to close in a year."""
    out: BoolArray = hazard * p.loss_share * (1.0 - guaranteed) <= p.bank_margin_per_yr
    return out


def operator_rate(
    p: FunderParams, rate: float, guaranteed: FloatArray | float, carriers: FloatArray | float
) -> FloatArray:
    """Return the cost of money of a work, 1/yr: the premium falls with the guarantee and the number of carriers."""
    premium = min(p.operator_premium_per_yr, rate)
    kept = (1.0 - np.asarray(guaranteed)) * p.carrier_fails ** (np.maximum(carriers, 1.0) - 1.0)
    out: FloatArray = rate - premium * (1.0 - kept)
    return out


def own_funds(p: FunderParams, capital: float, grant: float) -> tuple[float, float]:
    """Return what a capital gives in a quarter, and the capital after it and what comes in, k€ each."""
    draw = min(0.25 * p.own_funds_draw_per_yr, 1.0) * capital
    return draw, capital - draw + grant
