r"""Workers on the boards of companies: what their votes change in the choice of a place.

A board in which workers hold the share *s* of the votes weighs the owners' utility of a place by :math:`1 - s` and
that of the workers by *s*. Divided by :math:`1 - s`, so that the owners' taste keeps its scale, a place *j* gains

.. math:: \frac{s}{1 - s}\,\gamma_c\,\ell\,\frac{u_i}{\bar u}\,e^{-d_{ij}/\delta}

:math:`\ell` what a worker loses a year with the post at the unemployment :math:`\bar u`, :math:`u_i` unemployment at
home, and the last term the part of the workers who can follow: all at home, few far away, none outside. A board also
costs: time of the delegates, training. French law puts two representatives of the employees on boards of companies of
1,000 employees (code de commerce, L225-27-1); parity from 2,000 is German. That boards shared with workers leave wages
and investment about as they were is the finding of Jäger, Schoefer and Heining (2021, *Quarterly Journal of
Economics* 136(2)); here nothing but the place is put to their vote.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class BoardParams:
    """Section ``economy.boards``; units, ranges and sources stand in the parameter file."""

    worker_loss_keur: float
    follow_minutes: float
    seats_keur: float


def pull(p: BoardParams, share: FloatArray, unemployment: FloatArray, minutes: FloatArray) -> FloatArray:
    """Return what workers' votes add to the utility of each place, k€/job/yr, shape (n, T).

    Parameters
    ----------
    share : FloatArray, shape (n,), 0-0.5
        Votes of the workers on the board of each company.
    unemployment : FloatArray, shape (n,)
        At home, over its reference.
    minutes : FloatArray, shape (n, T)
        From home to each place; 0 at home.
    """
    stake = share / (1.0 - share) * p.worker_loss_keur * unemployment
    out: FloatArray = stake[:, None] * np.exp(-minutes / p.follow_minutes)
    return out


def running(p: BoardParams, jobs: FloatArray) -> FloatArray:
    """Return what the workers' seats cost a company that has them, k€/job/yr, shape (n,)."""
    return p.seats_keur / np.maximum(jobs, 1.0)
