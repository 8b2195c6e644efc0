r"""Shapley value of attracting projects: what each member of a pact brings when others already stand.

A group *S* that stood alone against the outside option would win, of the projects of each sector *k*,

.. math:: v(S) = \sum_k w_k \frac{\sum_{j \in S} e^{V_{jk}}}{e^{U_{0k}} + \sum_{j \in S} e^{V_{jk}}}

with the utilities of the siting model. Members who attract the same projects share them: the value of each is its
mean addition over all orders of arrival, exactly up to `EXACT_MEMBERS` members, over `ORDERS` orders above.

References
----------
.. [S1953] Shapley (1953), *A value for n-person games*.
"""

import numpy as np

from coopsim.governance.cost_games import CostTable
from coopsim.rng import Purpose, pair_ids, uniform
from coopsim.schedule.siting.phase import location_utility
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

EXACT_MEMBERS = 10
ORDERS = 256
_SEED = 0  # the same orders in every run: a sampled value is no luck of the world


def attraction_value(world: World, members: BoolArray) -> FloatArray:
    """Return the Shapley value of each member, shape (n,), in shares of the projects of the system; not negative."""
    private = ~world.sectors.public
    utility = location_utility(world, newcomers=True)[np.ix_(members, private)]
    outside = world.outside[private]
    top = np.maximum(utility.max(axis=0), np.where(np.isfinite(outside), outside, -np.inf))
    pull, away = np.exp(utility - top), np.exp(outside - top)
    weight = world.sectors.project_weight[private]
    weight = weight / weight.sum() if weight.sum() > 0 else np.full(weight.size, 1.0 / max(weight.size, 1))
    if pull.shape[0] <= EXACT_MEMBERS:
        return exact_value(pull, away, weight)
    ids = world.places.id[members]
    draws = uniform(
        _SEED, Purpose.SHAPLEY_ORDER, pair_ids(ids[:, None], np.arange(ORDERS, dtype=np.uint64)), 0
    )
    return sampled_value(pull, away, weight, np.argsort(draws, axis=0, kind="stable").T)


def exact_value(pull: FloatArray, away: FloatArray, weight: FloatArray) -> FloatArray:
    """Return the Shapley value over all coalitions, shape (n,).

    Parameters
    ----------
    pull : FloatArray, shape (n, K)
        Exponential of the utility of each member, of any common scale.
    away : FloatArray, shape (K,)
        The same for the outside option.
    weight : FloatArray, shape (K,)
    """
    n = pull.shape[0]
    bits = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    worth = _worth(bits @ pull, away, weight)
    return np.maximum(CostTable(np.zeros(n), worth).shapley(), 0.0)


def sampled_value(pull: FloatArray, away: FloatArray, weight: FloatArray, orders: IntArray) -> FloatArray:
    """Return the mean addition over some orders of arrival, shape (n,); ``orders`` has shape (m, n)."""
    out = np.zeros(pull.shape[0])
    for order in orders:
        worth = _worth(np.cumsum(pull[order], axis=0), away, weight)
        out[order] += np.diff(worth, prepend=0.0)
    return np.maximum(out / len(orders), 0.0)


def _worth(pulled: FloatArray, away: FloatArray, weight: FloatArray) -> FloatArray:
    """Return the share of projects that each sum of pulls wins, shape (m,)."""
    all_of_it = pulled + away
    out: FloatArray = np.divide(pulled, all_of_it, out=np.zeros_like(pulled), where=all_of_it > 0.0) @ weight
    return out
