r"""Public purchases: to whom the orders of intercommunalités and of large public employers go.

Buyer *i* orders from companies of territory *j* in proportion to their weight

.. math:: w_{ij} = s_j\,e^{-t_{ij}/\delta}\,b_{ij}, \qquad w_{i0} = \text{the rest of the country},

*s* posts that serve such markets, *t* minutes by road, *b* what the rules of purchase change (1 without any): smaller
lots and clauses that small companies can meet, orders pooled by the members of a pact, contracts given directly. The
weight of the rest of the country leaves the observed share of orders in the buyer's territory. An order that comes to
one territory leaves another one: the sum over all, the rest of the country included, is what was bought, whatever the
rules.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class ProcurementParams:
    """Section ``economy.procurement``; units, ranges and sources stand in the parameter file."""

    budget_share: float
    anchor_keur_per_post: float
    local_share_start: float
    reach_minutes: float
    lots_gain: float
    clauses_gain: float
    pooling_gain: float
    premium: float
    lots_cost_share: float
    adjust_per_yr: float


def weights(p: ProcurementParams, supply: FloatArray, minutes: FloatArray) -> FloatArray:
    """Return the weight of the companies of each territory for each buyer, shape (T, T), before the rules.

    Parameters
    ----------
    supply : FloatArray, shape (T,), posts
    minutes : FloatArray, shape (T, T)
    """
    out: FloatArray = supply[None, :] * np.exp(-minutes / p.reach_minutes)
    return out


def outside_weight(p: ProcurementParams, base: FloatArray) -> FloatArray:
    """Return the weight of the rest of the country for each buyer, shape (T,): it leaves the observed share at home."""
    home = np.diagonal(base)
    out: FloatArray = np.maximum(home / p.local_share_start - base.sum(axis=1), 0.0)
    return out


def shares(base: FloatArray, outside: FloatArray, favour: FloatArray, direct: FloatArray) -> FloatArray:
    """Return the share of each buyer's orders that goes to each territory, shape (T, T); rows sum to at most 1.

    Parameters
    ----------
    favour : FloatArray, shape (T, T), at least 1
        What the rules of purchase multiply the weights by.
    direct : FloatArray, shape (T,), 0-1
        Part given directly to companies at home.
    """
    w = base * favour
    total = w.sum(axis=1) + outside
    open_part = np.divide(w, total[:, None], out=np.zeros_like(w), where=total[:, None] > 0.0)
    out: FloatArray = open_part * (1.0 - direct)[:, None]
    has = np.diagonal(base) > 0.0  # nobody to give to: nothing is given
    out += np.diag(direct * has) + open_part * (direct * ~has)[:, None]
    return out
