r"""Transition of companies: unaware, aware, convinced, acting; reach, own initiative and peers, support.

In a quarter an unaware company is met with probability *ρ*, an aware one convinced with

.. math:: h = \tfrac14\,(p + q\,F), \qquad F \text{ the share of companies that act,}

and a convinced one acts with :math:`\tfrac14 s\,(1 + F)`; a share of those convinced acts at once. Where all are
reached and all act at once, one step is left and the expected share is that of Bass [B1969]_ in discrete time,
:math:`F' = F + h\,(1 - F)`.

Direct outreach (workshops, a platform) meets only the companies in its radar, a fixed trait of each; word of mouth
and relays (`coopsim.economy.relays`) go beyond it.

References
----------
.. [B1969] Bass (1969), *A new product growth model for consumer durables*, Management Science 15: 215-227.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.economy import kernels as ker
from coopsim.types import FloatArray, IntArray

# Whom the programme of a council addresses (``governance.boundary.firms_addressed``).
ADDRESSED = ("all", "large_only", "with_relays")
ALL, LARGE_ONLY, WITH_RELAYS = range(3)


@dataclass(frozen=True, slots=True)
class TransitionParams:
    """Section ``economy.transition``; units, ranges and sources stand in the parameter file."""

    own_initiative_per_yr: float
    peers_per_yr: float
    support_per_yr: float
    support_programme_per_yr: float
    saving_share: float
    act_at_once_share: float
    outreach_base_per_yr: float
    outreach_programme_per_yr: float
    word_of_mouth_per_yr: float
    radar_small_share: float
    radar_large_share: float
    large_jobs: float
    acting_cost_keur_per_job: float
    eit_bonus: float


def vector(p: TransitionParams) -> FloatArray:
    """Return what the company kernel needs of it, in the order of its parameters from ``P_BASS_P`` on, shape (7,)."""
    return np.array(
        [
            p.own_initiative_per_yr,
            p.peers_per_yr,
            p.act_at_once_share,
            p.radar_small_share,
            p.radar_large_share,
            p.large_jobs,
            p.acting_cost_keur_per_job,
        ]
    )


def reach(
    p: TransitionParams, programme: FloatArray, addressed: IntArray, large_share: FloatArray, relayed: float
) -> FloatArray:
    """Return the chance that direct outreach meets a company of its radar in the quarter, shape (T, 2).

    Parameters
    ----------
    programme : FloatArray, shape (T,), 0-1
        Level of the council's support programme.
    addressed : IntArray, shape (T,)
        Row of `ADDRESSED`.
    large_share : FloatArray, shape (T,)
        Share of companies that are large: the same number of places for them alone meets more of them.
    relayed : float, share
        Part of the programme that goes to relays where they are addressed; the rest is left for workshops.

    Returns
    -------
    FloatArray, shape (T, 2)
        Small companies, large companies.
    """
    level = p.outreach_programme_per_yr * programme
    level = np.where(addressed == WITH_RELAYS, (1.0 - relayed) * level, level)
    only = addressed == LARGE_ONLY
    small = np.where(only, 0.0, level)
    large = np.where(only, np.minimum(level / np.maximum(large_share, 1e-3), np.maximum(level, 1.0)), level)
    out: FloatArray = 0.25 * (p.outreach_base_per_yr + np.column_stack([small, large]))
    return out


def channels(
    p: TransitionParams, met: FloatArray, acting_share: FloatArray, programme: FloatArray, eit: FloatArray
) -> FloatArray:
    """Return what territories offer their companies, shape (T, N_CHANNELS); exit alternatives are left at 0.

    Parameters
    ----------
    met : FloatArray, shape (T, 2)
        As `reach` returns it.
    acting_share, programme, eit : FloatArray, shape (T,)
        Share of companies that act; levels of the support programme and of industrial-ecology animation.
    """
    out = np.zeros((acting_share.size, ker.N_CHANNELS))
    out[:, ker.C_HEARD] = 0.25 * p.word_of_mouth_per_yr * acting_share
    out[:, ker.C_SMALL], out[:, ker.C_LARGE] = met[:, 0], met[:, 1]
    out[:, ker.C_PEERS] = acting_share * (1.0 + p.eit_bonus * eit)
    out[:, ker.C_SUPPORT] = p.support_per_yr + p.support_programme_per_yr * programme
    return out


def use_factor(
    p: TransitionParams, acting_posts: FloatArray, posts: FloatArray, exchanged: FloatArray | float = 0.0
) -> FloatArray:
    """Return the factor on water and wood needs, shape (T, K): acting companies save a share.

    Parameters
    ----------
    exchanged : FloatArray, shape (T, K), or 0
        Share of the need covered by by-products of other companies.
    """
    share = acting_posts / np.maximum(posts, 1e-12)
    out: FloatArray = (1.0 - p.saving_share * np.clip(share, 0.0, 1.0)) * (1.0 - exchanged)
    return out
