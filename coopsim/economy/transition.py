r"""Transition of companies: unaware, aware, convinced, acting; reach, own initiative and peers, support.

In a quarter an unaware company is reached with probability *ρ*, an aware one convinced with

.. math:: h = \tfrac14\,(p + q\,F), \qquad F \text{ the share of companies that act,}

and a convinced one acts with :math:`\tfrac14 s\,(1 + F)`; a share of those convinced acts at once. Where all are
reached and all act at once, one step is left and the expected share is that of Bass [B1969]_ in discrete time,
:math:`F' = F + h\,(1 - F)`.

References
----------
.. [B1969] Bass (1969), *A new product growth model for consumer durables*, Management Science 15: 215-227.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class TransitionParams:
    """Section ``economy.transition``."""

    own_initiative_per_yr: float
    peers_per_yr: float
    support_per_yr: float
    saving_share: float
    act_at_once_share: float
    outreach_base_per_yr: float
    outreach_programme_per_yr: float
    eit_bonus: float


def reach(p: TransitionParams, firm_support: FloatArray) -> FloatArray:
    """Return the probability that an unaware company is reached in the quarter, shape (T,).

    Parameters
    ----------
    firm_support : FloatArray, shape (T,), 0-1
        Level of the council's support programme.
    """
    out: FloatArray = 0.25 * (p.outreach_base_per_yr + p.outreach_programme_per_yr * firm_support)
    return out


def peers(p: TransitionParams, acting_share: FloatArray, eit: FloatArray) -> FloatArray:
    """Return the pull of acting peers, shape (T,), raised by an industrial-ecology animator (0-1)."""
    out: FloatArray = acting_share * (1.0 + p.eit_bonus * eit)
    return out


def use_factor(p: TransitionParams, acting_posts: FloatArray, posts: FloatArray) -> FloatArray:
    """Return the factor on water and wood needs, shape (T, K): acting companies save a share."""
    share = acting_posts / np.maximum(posts, 1e-12)
    out: FloatArray = 1.0 - p.saving_share * np.clip(share, 0.0, 1.0)
    return out
