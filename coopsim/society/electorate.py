"""Who votes in municipal elections, for which lists, on what record, and when.

References
----------
.. [BC1995] Besley & Case (1995), *Incumbent behavior: vote-seeking, tax-setting, and yardstick
   competition*, AER 85: voters judge outcomes against those of the neighbours.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from coopsim.rng import Purpose, normal, pair_ids, uniform
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

LISTS = 3
AXES = 3  # growth against sobriety, cooperation against autonomy, long against short term
TICKS_PER_YEAR = 4

# Numbers of the keyed draws: one decision never shares a draw with another.
_DEAL, _ABSENT, _LIST, _VOTERS, _TERRITORY = 10, 20, 30, 40, 50


@dataclass(frozen=True, slots=True)
class ElectionParams:
    """Parameters of section ``society.elections``; units and evidence stand in the parameter file."""

    first_year: int
    period_ticks: int
    closeness: float
    incumbency: float
    noise_sd: float
    merger_loyalty: float
    valence_jobs: float
    valence_services: float
    valence_tax: float
    valence_crisis: float
    list_growth: tuple[float, ...]
    list_cooperation: tuple[float, ...]
    list_long: tuple[float, ...]
    list_pairing: str
    list_sd: float
    personal_sd: float
    voter_growth: float
    voter_cooperation: float
    voter_long: float
    voter_sd_territory: float
    voter_sd_commune: float
    candidates: int
    two_lists_from: int
    three_lists_from: int
    persistence: float
    memory_reelected: float
    memory_alternation: float
    staff_continuity: float
    alternation_knowledge_loss: float
    stands_again: float
    personal_vote: float
    leader_hazard_per_yr: float
    leader_memory: float
    leader_ties: float


@dataclass(frozen=True, slots=True, eq=False)
class Electorate:
    """The communes that vote.

    Attributes
    ----------
    commune : IdArray, shape (n,)
        Keyed ids: they, not rows, address randomness.
    territory : IntArray, shape (n,)
        Row of the commune's EPCI, from 0; every EPCI has a commune.
    population : FloatArray, shape (n,), inhabitants
    municipal_seats, community_seats : IntArray, shape (n,)
        Sizes of the municipal council and of the commune's part of the community council.
    voters : FloatArray, shape (n, 3), 0-1
        Mean position of the voters.
    """

    commune: IdArray
    territory: IntArray
    population: FloatArray
    municipal_seats: IntArray
    community_seats: IntArray
    voters: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Mandate:
    """What the outgoing majority is judged on, by territory.

    Attributes
    ----------
    jobs_growth : FloatArray, shape (T,)
        Relative growth of jobs over the mandate.
    services : FloatArray, shape (T,)
        Index of services, 1 the reference.
    tax_rate : FloatArray, shape (T,), percent
    crises : FloatArray, shape (T,), 0-1
        Share of the mandate spent in a resource crisis.
    salience : FloatArray, shape (T,)
        Attention to resources, 1 in ordinary times; shocks raise it.
    near : FloatArray or None, shape (T, T)
        Weight of each territory (column) in what the voters of a row compare with; None compares with the
        mean of all. A row of zeros judges nothing: territories without any link vote as if alone.
    """

    jobs_growth: FloatArray
    services: FloatArray
    tax_rate: FloatArray
    crises: FloatArray
    salience: FloatArray
    near: FloatArray | None = None


def valence(mandate: Mandate, params: ElectionParams) -> FloatArray:
    """Return what the outgoing lists of each territory are credited with, shape (T,), log-odds.

    Each outcome counts against that of the territories that voters compare with (yardstick); resource
    crises weigh with the attention that they get.
    """

    def relative(values: FloatArray) -> FloatArray:
        weight = np.ones((1, values.size)) if mandate.near is None else mandate.near
        total = weight.sum(axis=1)
        mean = np.sort(weight * values, axis=1).sum(axis=1) / np.where(total > 0.0, total, 1.0)  # any order
        return np.where(total > 0.0, values - mean, 0.0)

    return (
        params.valence_jobs * relative(mandate.jobs_growth)
        + params.valence_services * relative(mandate.services)
        - params.valence_tax * relative(mandate.tax_rate)
        - params.valence_crisis * mandate.salience * relative(mandate.crises)
    )


def list_positions(electorate: Electorate, params: ElectionParams, seed: int) -> tuple[FloatArray, BoolArray]:
    """Return where the lists of each commune stand, shape (n, 3, 3), and which exist, shape (n, 3).

    Lists last as long as the run. With the pairing ``keyed`` each commune deals the positions on
    cooperation and on the long term to its lists by chance, so that neither goes with growth on average;
    with ``as_listed`` they keep the order of the parameters.
    """
    ids = list_ids(electorate.commune)
    grid = np.array([params.list_growth, params.list_cooperation, params.list_long])  # axis, list
    centres = np.empty((*ids.shape, AXES))
    for axis in range(AXES):
        if axis and params.list_pairing == "keyed":
            deal = np.argsort(uniform(seed, Purpose.IDEAL_POINT, ids, 0, _DEAL + axis), axis=1)
        else:
            deal = np.broadcast_to(np.arange(LISTS), ids.shape)
        shift = params.list_sd * normal(seed, Purpose.IDEAL_POINT, ids, 0, _LIST + axis)
        centres[:, :, axis] = grid[axis][deal] + shift
    order = np.argsort(np.argsort(uniform(seed, Purpose.IDEAL_POINT, ids, 0, _ABSENT), axis=1), axis=1)
    lists = 1 + (electorate.population >= params.two_lists_from).astype(np.int64)
    lists += electorate.population >= params.three_lists_from
    return np.clip(centres, 0.0, 1.0), order < lists[:, None]


def territory_voter_position(
    commune: IdArray, territory: IdArray, params: ElectionParams, seed: int
) -> FloatArray:
    """Return the mean position of the voters of each commune, shape (n, 3), 0-1.

    An assumption where a case has no survey: one mean for all, plus a keyed deviation of the
    territory and one of the commune.

    Parameters
    ----------
    commune, territory : IdArray, shape (n,)
        Ids of each commune and of its EPCI.
    """
    mean = (params.voter_growth, params.voter_cooperation, params.voter_long)
    out = np.empty((commune.size, AXES))
    for axis in range(AXES):
        shared = normal(seed, Purpose.IDEAL_POINT, territory, 0, _TERRITORY + axis)
        own = normal(seed, Purpose.IDEAL_POINT, commune, 0, _VOTERS + axis)
        out[:, axis] = mean[axis] + params.voter_sd_territory * shared + params.voter_sd_commune * own
    return np.clip(out, 0.0, 1.0)


def is_election(tick: int, start_year: int, params: ElectionParams) -> bool:
    """Return whether municipal elections are held in a quarter."""
    return (tick - first_tick(start_year, params)) % params.period_ticks == 0


def founding_tick(start_year: int, params: ElectionParams) -> int:
    """Return the tick, below 0, of the last election before a run starts."""
    return first_tick(start_year, params) % params.period_ticks - params.period_ticks


def first_tick(start_year: int, params: ElectionParams) -> int:
    """Return the tick of the reference election; elections recur from it both ways."""
    return (params.first_year - start_year) * TICKS_PER_YEAR


def election_day(tick: int, start_year: int) -> date:
    """Return the day on which the law of an election is read: the 30th of the last month of its quarter."""
    return date(start_year + tick // TICKS_PER_YEAR, 3 * (tick % TICKS_PER_YEAR) + 3, 30)


def list_ids(commune: IdArray) -> IdArray:
    """Return the ids of the lists of each commune, shape (n, 3)."""
    return pair_ids(commune[:, None], np.arange(LISTS)[None, :])
