"""Municipal elections and the community councils that follow from them.

In each commune two or three lists stand. The votes are a logit of closeness between list and voters,
of what the outgoing list is credited with, and of chance; the seats are the law's. A ballot list is
also a political family (its number): families make the groups of the community council.

References
----------
.. [EH1984] Enelow & Hinich (1984), *The Spatial Theory of Voting*: closeness and valence.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.governance.seats import SeatLaw, list_seats, second_round, table_order_seats
from coopsim.rng import Purpose, normal, pair_ids, uniform
from coopsim.society.electorate import (
    AXES,
    LISTS,
    ElectionParams,
    Electorate,
    Mandate,
    election_day,
    first_tick,
    founding_tick,
    is_election,
    list_ids,
    list_positions,
    territory_voter_position,
    valence,
)
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

__all__ = [
    "Councils",
    "ElectionParams",
    "Electorate",
    "Mandate",
    "elect",
    "election_day",
    "first_tick",
    "founding_tick",
    "is_election",
    "list_positions",
    "memory",
    "merged",
    "newcomer",
    "presidents",
    "territory_voter_position",
    "valence",
]


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


def merged(
    old: Councils, new: Councils, voted: BoolArray, electorate: Electorate
) -> tuple[Councils, IntArray]:
    """Return councils of which some territories have just voted, and the row of each seat in ``old`` then ``new``.

    Parameters
    ----------
    old, new : Councils
        On the same communes.
    voted : BoolArray, shape (T,)
        Territories whose councils are those of ``new``.
    electorate : Electorate

    Returns
    -------
    councils : Councils
    row : IntArray, shape (C,)
        Row among the seats of ``old`` followed by those of ``new``.
    """
    sitting = np.concatenate([~voted[old.territory], voted[new.territory]])
    both = {
        name: np.concatenate([getattr(old, name), getattr(new, name)])
        for name in ("seat_id", "territory", "commune", "party", "rank", "ideal", "reelected")
    }
    row = np.flatnonzero(sitting)
    row = row[np.lexsort((both["rank"][row], both["party"][row], both["commune"][row]))]
    place = np.full(sitting.size, -1)
    place[row] = np.arange(row.size)
    executive = place[np.where(voted, new.executive + old.seat_id.size, old.executive)]
    here = voted[electorate.territory]
    by_commune = {
        name: np.where(
            here[:, None] if getattr(old, name).ndim > 1 else here, getattr(new, name), getattr(old, name)
        )
        for name in ("votes", "municipal", "winner", "rounds", "alternation")
    }
    seats = {name: column[row] for name, column in both.items()}
    return Councils(**seats, **by_commune, executive=executive, changed=new.changed & voted), row


def memory(councils: Councils, params: ElectionParams) -> FloatArray:
    """Return the share of its competence that each seat keeps through the election, shape (C,), 0-1.

    Staff, whose tenure is longer than a mandate, keep a part of what would be lost.
    """
    own = np.where(councils.reelected, params.memory_reelected, params.memory_alternation)
    out: FloatArray = own + params.staff_continuity * (1.0 - own)
    return out


def newcomer(
    electorate: Electorate, councils: Councils, seat: int, params: ElectionParams, seed: int, tick: int
) -> FloatArray:
    """Return the ideal point of the next on the list, who takes a seat that falls vacant, shape (3,)."""
    centres, _ = list_positions(electorate, params, seed)
    middle = centres[councils.commune[seat], councils.party[seat]]
    own = [
        normal(seed, Purpose.SUCCESSION, councils.seat_id[seat : seat + 1], tick, 10 + axis)[0]
        for axis in range(AXES)
    ]
    out: FloatArray = np.clip(middle + params.personal_sd * np.array(own), 0.0, 1.0)
    return out


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
    chance = normal(seed, Purpose.ELECTION, list_ids(electorate.commune), tick)
    out = params.noise_sd * chance - params.closeness * distance
    if outgoing is not None:
        credit = np.full(electorate.commune.size, params.incumbency)
        if mandate is not None:
            credit += valence(mandate, params)[electorate.territory]
        if params.stands_again < 1.0:  # a head who does not stand again takes a personal vote along
            draw = uniform(seed, Purpose.SUCCESSION, electorate.commune, tick)
            credit -= np.where(draw >= params.stands_again, params.personal_vote, 0.0)
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
