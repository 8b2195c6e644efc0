r"""Companies with a purpose of employment (EBE): parameters, and who they can hire.

In the French experiment *Territoires zéro chômeur de longue durée* (laws 2016-231 and 2020-1577) such a company hires
people long out of work, under open-ended contracts, on needs that nobody covers; the State and the département pay a
contribution for each post, in place of what unemployment would have cost them. The local committee that looks for the
people and the activities is paid by the intercommunalité.

People long out of work find a job on the market less often than the others (``search_efficiency``): those who are hired
take away from the market less than their number. What is left of it, the posts that others fill in their place or do
not, comes out of the labour market and is never written here.

The public employment agency sends a share *s* of the people whom the committee finds, as far as its attitude *a* goes:
the pace of hiring is :math:`1 - s\,(1 - a)` of what it could be. Associated when the experiment was designed it comes
in with interest, told afterwards with reserve; trust *w* is won while people work there, the slower the less the
experiment fits the agency's own perimeter (share *o* of it; D20 of the source catalogue, two territories of the
experiment),

.. math:: a = 1 - (1 - a_0)(1 - w), \qquad w_{t+1} = w_t + \tfrac14\,g\,o\,(1 - w_t)
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class EbeParams:
    """Section ``economy.ebe``; units, ranges and sources stand in the parameter file."""

    contribution_keur: float
    avoided_keur: float
    long_term_share: float
    willing_share: float
    leave_per_yr: float
    search_efficiency: float
    team_fte_per_post: float
    agency_share: float
    agency_reserve: float
    agency_interest: float
    agency_trust_per_yr: float


def staff(
    p: EbeParams, now: FloatArray, seekers: FloatArray, posts: FloatArray, pace_per_yr: FloatArray
) -> FloatArray:
    """Return the employees a quarter later, shape (T,), persons.

    Some leave for an ordinary job or for good; the posts left are filled as fast as the committee finds people, from
    those long out of work who are willing.

    Parameters
    ----------
    now, seekers : FloatArray, shape (T,), persons
        Employees, and residents out of work beside them.
    posts : FloatArray, shape (T,)
        Posts that are paid for.
    pace_per_yr : FloatArray, shape (T,)
        Most that are filled in a year.
    """
    stay = np.minimum(now * (1.0 - p.leave_per_yr) ** 0.25, posts)
    pool = p.long_term_share * p.willing_share * (seekers + now) - stay
    hired = np.minimum(np.minimum(0.25 * pace_per_yr, posts - stay), pool)
    out: FloatArray = stay + np.maximum(hired, 0.0)
    return out


def ease_of_others(p: EbeParams, employees: FloatArray, seekers: FloatArray) -> FloatArray:
    """Return the factor on the matching rate of those who still seek, shape (T,), at least 1.

    The mean seeker searches with efficiency 1; those hired searched with less, so the mean of the others is higher.
    """
    factor: FloatArray = 1.0 + np.divide(
        (1.0 - p.search_efficiency) * employees, seekers, out=np.zeros_like(seekers), where=seekers > 0.0
    )
    return factor


def attitude(p: EbeParams, associated: BoolArray, won: FloatArray) -> FloatArray:
    """Return how far the employment agency sends people, shape (T,), 0-1.

    Parameters
    ----------
    associated : BoolArray, shape (T,)
        Since the experiment was designed; else told afterwards.
    won : FloatArray, shape (T,), 0-1
        Trust won since.
    """
    start = np.where(associated, p.agency_interest, p.agency_reserve)
    out: FloatArray = 1.0 - (1.0 - start) * (1.0 - won)
    return out


def trust_won(p: EbeParams, won: FloatArray, overlap: FloatArray, working: BoolArray) -> FloatArray:
    """Return the trust won a quarter later, shape (T,), 0-1.

    Parameters
    ----------
    overlap : FloatArray, shape (T,), 0-1
        Fit of the experiment with the perimeter of the agency.
    working : BoolArray, shape (T,)
        Where the company has employees.
    """
    gain = np.minimum(0.25 * p.agency_trust_per_yr * overlap, 1.0) * working
    out: FloatArray = won + gain * (1.0 - won)
    return out
