r"""Voluntary contributions: what the members of a pact pay of their assessed share when nobody can make them.

A share :math:`\phi` of a council's seats are *conditional cooperators*: they want to give as the others gave last
year, a little less in their own favour. The other seats want to give nothing. The council gives the mean of what its
seats want, at most its whole share:

.. math:: c_{i,t} = \min\big(1,\ \phi \cdot \text{slope} \cdot (1 - \text{bias}) \cdot \bar c_{-i,t-1}\big)

Where a unit withheld costs at least what withholding it brings, ``fine·detection ≥ 1 - return``, every seat wants to
pay in full. Among alike members this is :math:`c_t = c_0 (\phi \cdot \text{slope} (1 - \text{bias}))^t`, up to 1.
:math:`\phi` is a share of seats as a real number, not a count, so that one council behaves as many do on average.

References
----------
.. [FG2010] Fischbacher & Gächter (2010), *Social preferences, beliefs, and the dynamics of free riding in public goods
   experiments*, American Economic Review 100.
.. [C2011] Chaudhuri (2011), *Sustaining cooperation in laboratory public goods experiments*, Experimental Economics 14.
.. [B1968] Becker (1968), *Crime and punishment: an economic approach*, Journal of Political Economy 76.
.. [OWG1992] Ostrom, Walker & Gardner (1992), *Covenants with and without a sword*, APSR 86.
"""

import numpy as np

from coopsim.society.pacts import PactParams
from coopsim.types import BoolArray, FloatArray

_ROUNDING = 1e-12  # an indifferent council pays


def deterred(p: PactParams, fine: float, detection: float) -> bool:
    """Return whether the expected fine on a unit withheld is at least what withholding it brings [B1968]_.

    Parameters
    ----------
    fine : float, k€/k€
    detection : float
        Probability that monitoring sees it.
    """
    return fine * detection >= 1.0 - p.contribution_return - _ROUNDING


def contributions(
    p: PactParams, last: FloatArray, known: BoolArray, *, comply: bool, kept: float = 1.0
) -> FloatArray:
    """Return the share of its assessed part that each member pays this year, shape (n,), 0-1.

    Parameters
    ----------
    last : FloatArray, shape (n,)
        What each paid last year.
    known : BoolArray, shape (n,)
        Whether it was a member last year; a newcomer starts with ``start_contribution``, and so does a member
        that has seen nobody else pay.
    comply : bool
        Whether withholding is deterred.
    kept : float, 0-1
        Share of the conditional cooperators whom the weight of the public actor does not put off: see `crowding`.
    """
    others = known.sum() - known
    mean = (np.where(known, last, 0.0).sum() - np.where(known, last, 0.0)) / np.maximum(others, 1)
    wanted = kept * p.conditional_share * p.conditional_slope * (1.0 - p.self_serving_bias) * mean
    decided = np.ones_like(last) if comply else np.minimum(wanted, 1.0)
    out: FloatArray = np.where(known & (others > 0), decided, kept * p.start_contribution)
    return out
