r"""Relays of the transition: accountants, bankers, large clients that reach the companies a council does not.

The loops over companies stand in `coopsim.economy.relay_kernels`.

An accountant or a banker serves a fixed set of clients, drawn once by the client's id among those of its territory.
A council that addresses relays spends part of its support programme on approaching them; each one approached is
willing with a given chance, is trained, and then raises the subject once a year with its clients: a step further
(unaware → aware → convinced → acting) with a chance that depends on the step. With *m* active relays and a pull
of large clients *ℓ*, the chance of a step is :math:`1 - (1 - c)^m (1 - \ell)`.

Large clients pull their suppliers: :math:`\ell_{ik} = \lambda (1 - x_k) \sum_k P^{act}_{ik} / \sum_k P_{ik}`, with
*P* the local purchases (posts times the local purchase share of the sector), *act* those of large companies that
act, and :math:`x_k` the share that sector *k* sells outside.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.rng import Purpose, birth_ids, pair_ids, stream_key, text_id, uniform
from coopsim.tables import CompanyTable, SectorTable
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

KINDS = ("accountant", "banker")


@dataclass(frozen=True, slots=True)
class RelayParams:
    """Section ``economy.relays``; units, ranges and sources stand in the parameter file."""

    clients_per_accountant: float
    clients_per_banker: float
    accountant_max_jobs: float
    banker_min_jobs: float
    budget_share: float
    cost_keur: float
    willing_share: float
    turnover_per_yr: float
    aware_per_yr: float
    convinced_per_yr: float
    acting_per_yr: float
    large_pull_per_yr: float


@dataclass(slots=True)
class Relays:
    """Accountants and bankers, ordered by kind and territory.

    Attributes
    ----------
    id : IdArray, shape (R,)
    territory : IntArray, shape (R,)
    active : BoolArray, shape (R,)
        Trained and willing.
    first, count : IntArray, shape (2, T)
        First row and number of the relays of a kind in a territory.
    large_share : FloatArray, shape (T,)
        Share of companies that were large on the first day.
    """

    id: IdArray
    territory: IntArray
    active: BoolArray
    first: IntArray
    count: IntArray
    large_share: FloatArray

    def active_count(self) -> FloatArray:
        """Return the number of active relays, shape (T,)."""
        return np.bincount(self.territory[self.active], minlength=self.large_share.size).astype(np.float64)


def founded(
    p: RelayParams, companies: CompanyTable, sectors: SectorTable, places: IdArray, large_jobs: float
) -> Relays:
    """Return the relays of the first day: as many as the private companies of a territory keep busy."""
    rows = companies.rows()
    private = rows[~sectors.public[companies.sector[rows]]]
    clients = np.bincount(companies.territory[private], minlength=places.size)
    all_of = np.bincount(companies.territory[rows], minlength=places.size)
    large = np.bincount(companies.territory[rows[companies.jobs[rows] >= large_jobs]], minlength=places.size)
    ids, territory, count = [], [], []
    for kind, size in zip(KINDS, (p.clients_per_accountant, p.clients_per_banker), strict=True):
        n = np.ceil(clients / size).astype(np.int64)
        where = np.repeat(np.arange(places.size), n)
        serial = np.arange(where.size) - np.repeat(np.cumsum(n) - n, n)
        ids.append(birth_ids(pair_ids(text_id(kind), places[where]), -1, serial))
        territory.append(where)
        count.append(n)
    counts = np.array(count, dtype=np.int64)
    return Relays(
        id=np.concatenate(ids),
        territory=np.concatenate(territory).astype(np.int64),
        active=np.zeros(sum(x.size for x in ids), np.bool_),
        first=(np.cumsum(counts.ravel()) - counts.ravel()).reshape(counts.shape),
        count=counts,
        large_share=large / np.maximum(all_of, 1),
    )


def enlist(p: RelayParams, relays: Relays, budget: FloatArray, seed: int, tick: int) -> None:
    """Approach relays as far as the money of the year reaches; some active ones turn over.

    Parameters
    ----------
    budget : FloatArray, shape (T,), k€
        Spent in the year on relays: it pays first for those active, then approaches others.
    """
    if relays.id.size == 0:
        return
    stays = uniform(seed, Purpose.RELAY, relays.id, tick) >= p.turnover_per_yr
    order = uniform(seed, Purpose.RELAY, relays.id, tick, 1)
    willing = uniform(seed, Purpose.RELAY, relays.id, tick, 2) < p.willing_share
    active = relays.active & stays
    # the active come first, then the others in an order of luck: what the money pays for, rounded down
    rank = np.lexsort((order, ~active, relays.territory))
    start = np.searchsorted(relays.territory[rank], np.arange(budget.size))
    place = np.empty(rank.size, np.int64)
    place[rank] = np.arange(rank.size) - start[relays.territory[rank]]
    paid = place < np.floor(budget / max(p.cost_keur, 1e-9))[relays.territory]
    relays.active = paid & (active | willing)


def client_keys(seed: int) -> IdArray:
    """Return the keys that say which relay of each kind a company has, shape (2,)."""
    return np.array([stream_key(seed, Purpose.RELAY_CLIENT, 0, kind) for kind in range(2)], dtype=np.uint64)
