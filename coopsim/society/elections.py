"""Municipal elections and the community councils that follow from them.

In each commune two or three lists stand. The votes are a logit of closeness between list and voters,
of what the outgoing list is credited with, and of chance; the seats are the law's. A ballot list is
also a political family (its number): families make the groups of the community council.

References
----------
.. [EH1984] Enelow & Hinich (1984), *The Spatial Theory of Voting*: closeness and valence.
.. [BC1995] Besley & Case (1995), *Incumbent behavior: vote-seeking, tax-setting, and yardstick
   competition*, AER 85: voters judge outcomes against those of the neighbours.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from coopsim.governance.seats import SeatLaw, list_seats, second_round, table_order_seats
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
    """

    jobs_growth: FloatArray
    services: FloatArray
    tax_rate: FloatArray
    crises: FloatArray
    salience: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Councils:
    """The elected councils.

    Attributes
    ----------
    seat_id : IdArray, shape (C,)
        One per (commune, list, rank): the same seat keeps its id from one election to the next.
    territory, commune, party, rank : IntArray, shape (C,)
        EPCI, commune (rows of the electorate), list and place on it.
    ideal : FloatArray, shape (C, 3), 0-1
    reelected : BoolArray, shape (C,)
        The same (commune, list, rank) sat in the outgoing council.
    votes : FloatArray, shape (n, 3)
        Shares of the deciding round; 0 for a list that did not stand in it.
    municipal : IntArray, shape (n, 3)
        Seats of the municipal council by list.
    winner, rounds : IntArray, shape (n,)
        First list, and 1 or 2 rounds.
    alternation : BoolArray, shape (n,)
        The first list is no longer the outgoing one.
    executive : IntArray, shape (T,)
        Row of the seat that presides: see `presidents`.
    changed : BoolArray, shape (T,)
        The president is not the outgoing one.
    """

    seat_id: IdArray
    territory: IntArray
    commune: IntArray
    party: IntArray
    rank: IntArray
    ideal: FloatArray
    reelected: BoolArray
    votes: FloatArray
    municipal: IntArray
    winner: IntArray
    rounds: IntArray
    alternation: BoolArray
    executive: IntArray
    changed: BoolArray


def elect(
    electorate: Electorate,
    law: SeatLaw,
    params: ElectionParams,
    seed: int,
    tick: int,
    outgoing: Councils | None = None,
    mandate: Mandate | None = None,
) -> Councils:
    """Hold the election of a tick and return the councils.

    Parameters
    ----------
    electorate : Electorate
    law : SeatLaw
        In force on the day of the election.
    params : ElectionParams
    seed, tick : int
        Key of the draws; the election that founds a run has a tick below 0.
    outgoing : Councils or None
        The councils to renew, on the same communes; their `ideal` may have moved since. None at the founding.
    mandate : Mandate or None
        None is a neutral judgement.
    """
    centres, runs = list_positions(electorate, params, seed)
    appeal = _appeal(electorate, centres, runs, params, seed, tick, outgoing, mandate)
    first = np.exp(appeal - appeal.max(axis=1, keepdims=True))
    first /= first.sum(axis=1, keepdims=True)
    needed, stands = second_round(first, law)
    votes = np.where(needed[:, None], _transferred(first, stands, centres, law, params), first)
    winner = np.argmax(votes, axis=1)

    by_name = electorate.population < law.list_from
    municipal = list_seats(votes, electorate.municipal_seats, law, by_name=by_name)
    flagged = list_seats(votes, electorate.community_seats, law)
    ordered = table_order_seats(municipal, votes, electorate.community_seats)
    held = np.where((electorate.population >= law.flagged_from)[:, None], flagged, ordered)

    commune, party, rank = _rows(held)
    seat_id = pair_ids(pair_ids(electorate.commune[commune], party), rank)
    ideal, reelected = _renewed(seat_id, centres[commune, party], params, seed, tick, outgoing)
    executive = presidents(electorate, commune, party, ideal, winner, params.candidates)
    alternation = np.zeros(winner.size, dtype=np.bool_)
    changed = np.zeros(executive.size, dtype=np.bool_)
    if outgoing is not None:
        alternation = winner != outgoing.winner
        changed = seat_id[executive] != outgoing.seat_id[outgoing.executive]
    return Councils(
        seat_id=seat_id,
        territory=electorate.territory[commune],
        commune=commune,
        party=party,
        rank=rank,
        ideal=ideal,
        reelected=reelected,
        votes=votes,
        municipal=municipal,
        winner=winner,
        rounds=1 + needed.astype(np.int64),
        alternation=alternation,
        executive=executive,
        changed=changed,
    )


def valence(mandate: Mandate, params: ElectionParams) -> FloatArray:
    """Return what the outgoing lists of each territory are credited with, shape (T,), log-odds.

    Each outcome counts against the mean of all territories (yardstick); resource crises weigh with
    the attention that they get.
    """

    def relative(values: FloatArray) -> FloatArray:
        out: FloatArray = values - values.mean()
        return out

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
    ids = _list_ids(electorate.commune)
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


def presidents(
    electorate: Electorate,
    commune: IntArray,
    party: IntArray,
    ideal: FloatArray,
    winner: IntArray,
    candidates: int,
) -> IntArray:
    """Return the row of the seat that presides over each community council, shape (T,).

    The heads of the lists that govern the most populous communes stand; each councillor votes for the
    nearest; most votes win, as in the third round that the law sets (CGCT L5211-2 and L2122-7), a tie
    going to the larger commune. A large commune weighs by its seats, which stand near their own head.

    Parameters
    ----------
    electorate : Electorate
    commune, party : IntArray, shape (C,)
        Commune and list of each seat, each list's seats in order.
    ideal : FloatArray, shape (C, 3)
    winner : IntArray, shape (n,)
    candidates : int
        Communes whose head stands, at most.
    """
    territory = electorate.territory[commune]
    head = np.full(winner.size, -1)
    governs = np.flatnonzero(party == winner[commune])[::-1]  # the last written is the first of the list
    head[commune[governs]] = governs
    by_size = np.lexsort((electorate.commune, -electorate.population, electorate.territory))
    first = np.unique(electorate.territory[by_size], return_index=True)[1]
    place = np.arange(by_size.size) - np.repeat(first, np.diff(np.append(first, by_size.size)))
    stands = place < candidates
    standing = np.full((first.size, candidates), -1)
    standing[electorate.territory[by_size[stands]], place[stands]] = head[by_size[stands]]
    distance = ((ideal[:, None, :] - ideal[standing[territory]]) ** 2).sum(axis=2)
    choice = np.argmin(np.where(standing[territory] >= 0, distance, np.inf), axis=1)
    votes = np.zeros(standing.shape)
    np.add.at(votes, (territory, choice), 1.0)
    out: IntArray = standing[np.arange(first.size), np.argmax(votes, axis=1)]
    return out


def memory(councils: Councils, params: ElectionParams) -> FloatArray:
    """Return the share of its competence that each seat keeps through the election, shape (C,), 0-1."""
    return np.where(councils.reelected, params.memory_reelected, params.memory_alternation)


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


def _list_ids(commune: IdArray) -> IdArray:
    return pair_ids(commune[:, None], np.arange(LISTS)[None, :])


def _appeal(
    electorate: Electorate,
    centres: FloatArray,
    runs: BoolArray,
    params: ElectionParams,
    seed: int,
    tick: int,
    outgoing: Councils | None,
    mandate: Mandate | None,
) -> FloatArray:
    """Return the log-odds of each list, shape (n, 3); minus infinity where it does not stand."""
    distance = ((centres - electorate.voters[:, None, :]) ** 2).sum(axis=2)
    chance = normal(seed, Purpose.ELECTION, _list_ids(electorate.commune), tick)
    out = params.noise_sd * chance - params.closeness * distance
    if outgoing is not None:
        credit = np.full(electorate.commune.size, params.incumbency)
        if mandate is not None:
            credit += valence(mandate, params)[electorate.territory]
        out[np.arange(credit.size), outgoing.winner] += credit
    return np.where(runs, out, -np.inf)


def _transferred(
    first: FloatArray, stands: BoolArray, centres: FloatArray, law: SeatLaw, params: ElectionParams
) -> FloatArray:
    """Return the votes of the second round, shape (n, 3), if there were one in every commune.

    Voters of a list that is out go to those that stand by closeness of the lists; where the list may
    merge (L264), a share of them follows it to the nearest.
    """
    distance = ((centres[:, :, None, :] - centres[:, None, :, :]) ** 2).sum(axis=3)  # from, to
    nearest = np.argmin(np.where(stands[:, None, :], distance, np.inf), axis=2)
    least = np.take_along_axis(distance, nearest[:, :, None], axis=2)
    excess = np.where(stands[:, None, :], distance - least, 0.0)
    share = np.exp(-params.closeness * excess) * stands[:, None, :]
    share /= share.sum(axis=2, keepdims=True)
    merges = first >= law.merger_threshold
    follow = np.where(merges, params.merger_loyalty, 0.0)[:, :, None]
    share = (1.0 - follow) * share + follow * (np.arange(LISTS) == nearest[:, :, None])
    lost = np.where(stands, 0.0, first)
    votes: FloatArray = np.where(stands, first, 0.0) + (lost[:, :, None] * share).sum(axis=1)
    return votes


def _rows(held: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return the commune, list and rank of every seat, from the seats by commune and list."""
    number = held.ravel()
    cell = np.repeat(np.arange(number.size), number)
    rank = np.arange(cell.size) - np.repeat(np.cumsum(number) - number, number)
    return cell // LISTS, cell % LISTS, rank


def _renewed(
    seat_id: IdArray,
    centre: FloatArray,
    params: ElectionParams,
    seed: int,
    tick: int,
    outgoing: Councils | None,
) -> tuple[FloatArray, BoolArray]:
    """Return the ideal points, shape (C, 3), and which seats sat before, shape (C,).

    A new seat stands at its list's point with a personal deviation; one that sat before keeps a share
    of where it had come to.
    """
    fresh = np.empty_like(centre)
    for axis in range(AXES):
        fresh[:, axis] = centre[:, axis] + params.personal_sd * normal(
            seed, Purpose.IDEAL_POINT, seat_id, tick, axis
        )
    fresh = np.clip(fresh, 0.0, 1.0)
    if outgoing is None:
        return fresh, np.zeros(seat_id.size, dtype=np.bool_)
    order = np.argsort(outgoing.seat_id)
    place = np.minimum(np.searchsorted(outgoing.seat_id, seat_id, sorter=order), order.size - 1)
    former = order[place]
    sat = outgoing.seat_id[former] == seat_id
    kept = params.persistence * outgoing.ideal[former] + (1.0 - params.persistence) * fresh
    return np.where(sat[:, None], kept, fresh), sat
