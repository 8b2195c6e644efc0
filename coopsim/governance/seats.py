"""Seats by French law: of the community council among communes, of a municipal council among lists.

The tables and thresholds are dated data; this module holds the arithmetic of the articles.

References
----------
.. [CGCT] Code général des collectivités territoriales, L2121-2 (municipal councils), L5211-6-1 (community
   councils); Conseil d'État, 15 November 2017, n° 410338 (the added tenth).
.. [CE] Code électoral, L260 to L264 (two rounds, half of the seats to the first list), L273-8 and
   L273-11 (community seats); L252 as amended by law n° 2025-444.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from coopsim.errors import scenario_error
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

ABSOLUTE_MAJORITY = 0.5  # to be passed, in share of the votes cast
EQUAL_SEATS = -1  # code of a council with one seat for each commune
DUEL = 2  # lists that may stand in the second round whatever their votes


@dataclass(frozen=True, slots=True)
class SeatLaw:
    """The law in force on one day.

    Attributes
    ----------
    municipal_population, municipal_seats : tuple of int
        Members of a municipal council from each population on (CGCT L2121-2).
    community_population, community_seats : tuple of int
        Seats shared among communes from each population of the EPCI on (CGCT L5211-6-1, III).
    added_when_above : float, share of the table's seats
        Seats given to communes too small for one (IV, 2°) above which seats are added (V).
    added_share : float
        Seats added, as a share of those that result from III and IV.
    agreement_added : float
        Seats that a local agreement may add, as a share of those that result from III and IV (I, 2°).
    agreement_gap : float
        By how much it may let a commune's share of seats stray from its share of inhabitants.
    list_from : int, inhabitants
        Communes below voted by name (Code électoral L252 before 2026).
    bonus_share : float
        Share of the seats that goes to the first list before the rest is shared.
    bonus_rounded_up_above : int
        Number of seats above which that share is rounded up; it is rounded down at or below.
    seats_threshold, second_round_threshold, merger_threshold : float, share of the votes cast
    flagged_from : int, inhabitants
        Communes at or above elect community councillors on their lists (L273-6); in the others they
        follow the order of the municipal table (L273-11).
    """

    municipal_population: tuple[int, ...]
    municipal_seats: tuple[int, ...]
    community_population: tuple[int, ...]
    community_seats: tuple[int, ...]
    added_when_above: float
    added_share: float
    agreement_added: float
    agreement_gap: float
    list_from: int
    bonus_share: float
    bonus_rounded_up_above: int
    seats_threshold: float
    second_round_threshold: float
    merger_threshold: float
    flagged_from: int

    @classmethod
    def from_table(cls, table: Mapping[str, Any], on: date) -> Self:
        """Return the law in force on a day, from the parsed data file of dated versions.

        Raises
        ------
        ScenarioError
            When no version of a section is in force yet, or a value is missing.
        """
        municipal = _in_force(table, "municipal_council", on)
        community = _in_force(table, "community_council", on)
        found: dict[str, Any] = {
            **community,
            **_in_force(table, "local_agreement", on),
            **_in_force(table, "municipal_election", on),
            **_in_force(table, "community_election", on),
            "municipal_population": tuple(municipal["population"]),
            "municipal_seats": tuple(municipal["seats"]),
            "community_population": tuple(community["population"]),
            "community_seats": tuple(community["seats"]),
        }
        names = [field.name for field in fields(cls)]
        if missing := [name for name in names if name not in found]:
            raise scenario_error(
                "valeurs de droit manquantes", "values of law are missing", key=", ".join(missing)
            )
        return cls(**{name: found[name] for name in names})

    def municipal_council(self, population: ArrayLike) -> IntArray:
        """Return the legal number of municipal councillors; shape of ``population``."""
        return _by_population(population, self.municipal_population, self.municipal_seats)

    def community_table(self, population: ArrayLike) -> IntArray:
        """Return the seats that an EPCI shares among its communes (III); shape of ``population``."""
        return _by_population(population, self.community_population, self.community_seats)


def _in_force(table: Mapping[str, Any], section: str, on: date) -> dict[str, Any]:
    versions = [version for version in table.get(section, ()) if version["from"] <= on]
    if not versions:
        raise scenario_error(
            "aucune version de ce texte n'est en vigueur à cette date",
            "no version of this text is in force on this day",
            key=section,
            value=on.isoformat(),
        )
    return dict(max(versions, key=lambda version: version["from"]))


def _by_population(population: ArrayLike, since: tuple[int, ...], seats: tuple[int, ...]) -> IntArray:
    row = np.searchsorted(np.asarray(since), np.asarray(population, dtype=np.float64), side="right") - 1
    out: IntArray = np.asarray(seats, dtype=np.int64)[np.maximum(row, 0)]
    return out


def community_seats(
    population: ArrayLike, law: SeatLaw, size: int | None = None, *, added: bool = True
) -> IntArray:
    """Return the seats of each commune in the council of one EPCI (CGCT L5211-6-1, III to V).

    Parameters
    ----------
    population : array, shape (n,), inhabitants
        Municipal population of each commune.
    law : SeatLaw
    size : int or None
        A number of seats that replaces the table's (a local agreement, a rule of the scenario). It is
        then the whole council: every commune has a seat if there are enough, and nothing is added.
    added : bool
        Whether V applies; without it, what III and IV give.

    Returns
    -------
    IntArray, shape (n,)
        At least 1 each by law, none above half of the council when there are two communes or more.

    Notes
    -----
    The seats of the table go to the highest averages (IV, 1°); communes left out get one more each
    (2°); no commune may hold above half, what it loses goes to the others (3°), or above its number of
    municipal councillors, the council then shrinks (4°); all communes that tie for the last seat get
    one (5°). If the seats of 2° pass 30 % of the table, a tenth is added (V), shared with the table's in
    one go; a commune's own seat of 2° counts in its average, otherwise small communes would overtake
    larger ones.
    """
    people = np.asarray(population, dtype=np.float64)
    if people.size == 0:
        return np.zeros(0, dtype=np.int64)
    if size is not None:
        held = np.full(people.size, 1 if size >= people.size else 0, dtype=np.int64)
        shared = highest_averages(people, size - int(held.sum()), held, share_ties=False)
        return _at_most_half(people, shared, share_ties=False)
    councillors = law.municipal_council(people)
    table = int(law.community_table(people.sum()))
    if people.size == 1:
        return np.minimum(councillors, table)
    for base in range(table, 0, -1):
        seats = _legal_seats(people, base, table, law, added=added)
        if np.all(seats <= councillors):
            return seats
    return seats


def _legal_seats(people: FloatArray, base: int, table: int, law: SeatLaw, *, added: bool) -> IntArray:
    """Return the seats by III to V when ``base`` seats are shared first."""
    shared = highest_averages(people, base)
    own = shared == 0
    seats = shared + own
    if added and own.sum() > law.added_when_above * table:
        more = int(law.added_share * seats.sum() + 1e-9)
        seats = highest_averages(people, more, seats)
    return _at_most_half(people, seats, share_ties=True)


def highest_averages(
    votes: ArrayLike,
    seats: int,
    held: IntArray | None = None,
    *,
    most: int | None = None,
    share_ties: bool = True,
) -> IntArray:
    """Return the seats of each claimant by the rule of the highest average (d'Hondt, Jefferson).

    Parameters
    ----------
    votes : array, shape (n,)
        Inhabitants or votes of each claimant.
    seats : int
        Seats to share, on top of those held.
    held : IntArray or None, shape (n,)
        Seats that each holds already; they count in its average.
    most : int or None
        Seats that no claimant may pass; what finds no taker is left out.
    share_ties : bool
        Give a seat to every claimant that ties for the last one (L5211-6-1, IV, 5°); otherwise the
        one with most votes, then the first row, takes it.

    Notes
    -----
    Equal averages of whole numbers below 2^26 are equal as floats, and different ones differ.
    """
    claim = np.asarray(votes, dtype=np.float64)
    if not np.all(np.isfinite(claim) & (claim >= 0.0)):
        raise scenario_error(
            "voix et habitants sont des nombres positifs ou nuls",
            "votes and inhabitants are numbers, 0 or more",
            key="votes",
        )
    out = np.zeros(claim.size, dtype=np.int64) if held is None else held.copy()
    left = seats
    while left > 0:
        open_to = np.flatnonzero(out < most) if most is not None else np.arange(claim.size)
        if open_to.size == 0:
            break
        average = claim[open_to] / (out[open_to] + 1)
        tied = open_to[average == average.max()]
        if tied.size > left and not share_ties:
            tied = tied[np.argsort(-claim[tied], kind="stable")][:left]
        out[tied] += 1
        left -= tied.size
    return out


def _at_most_half(people: FloatArray, seats: IntArray, *, share_ties: bool) -> IntArray:
    """Return the seats with no commune above half, the excess shared among the others (IV, 3°).

    Two communes then hold as many each: the odd seat would put one above half and is left out.
    """
    total = int(seats.sum())
    limit = total // 2
    if seats.size == 1 or limit == 0 or seats.max() <= limit:
        return seats
    out = np.minimum(seats, limit)
    return highest_averages(people, total - int(out.sum()), out, most=limit, share_ties=share_ties)


def council_size(rule: str | int) -> int:
    """Return the code of a rule for the size of a council: 0 legal, `EQUAL_SEATS`, or its number of seats."""
    return {"legal": 0, "equal": EQUAL_SEATS}[rule] if isinstance(rule, str) else rule


def seats_by_territory(
    territory: IntArray, population: FloatArray, ids: IdArray, law: SeatLaw, size: IntArray | None = None
) -> IntArray:
    """Return the community seats of every commune of every EPCI.

    Parameters
    ----------
    territory : IntArray, shape (n,)
        EPCI of each commune, from 0.
    population : FloatArray, shape (n,), inhabitants
    ids : IdArray, shape (n,)
        Settle ties between communes where the law gives the last seat to one, whatever the row order.
    law : SeatLaw
    size : IntArray or None, shape (T,)
        Size of each council where a rule sets it; 0 or None for the legal one, `EQUAL_SEATS` for one seat each.

    Returns
    -------
    IntArray, shape (n,)
    """
    out = np.zeros(territory.size, dtype=np.int64)
    for epci in np.unique(territory):
        rows = np.flatnonzero(territory == epci)
        rows = rows[np.argsort(ids[rows])]
        chosen = int(size[epci]) if size is not None else 0
        if chosen == EQUAL_SEATS:
            chosen = rows.size
        out[rows] = community_seats(population[rows], law, chosen or None)
    return out


def winner_bonus(seats: ArrayLike, law: SeatLaw) -> IntArray:
    """Return the seats that the first list takes before the rest is shared (L262); shape of ``seats``."""
    number = np.asarray(seats, dtype=np.float64)
    half = number * law.bonus_share
    rounded = np.where(number > law.bonus_rounded_up_above, np.ceil(half - 1e-9), np.floor(half + 1e-9))
    out: IntArray = rounded.astype(np.int64)
    return out


def list_seats(
    votes: ArrayLike, seats: ArrayLike, law: SeatLaw, *, by_name: ArrayLike | None = None
) -> IntArray:
    """Return the seats of each list in each commune, from the votes of the deciding round (L262).

    Parameters
    ----------
    votes : array, shape (n, L)
        Votes or shares of votes; a row may be given alone, as shape (L,).
    seats : array of int, shape (n,)
    law : SeatLaw
    by_name : array of bool or None, shape (n,)
        Communes that vote by name: the first team takes every seat (its candidates all pass in a
        majority vote, mixing of lists left out).

    Returns
    -------
    IntArray, shape (n, L)
        Rows sum to ``seats``; the first list holds at least half.

    Notes
    -----
    The first list takes the bonus, then shares in the rest by highest averages with the lists that
    reached the threshold, its bonus left out of its average (Conseil d'État, 30 January 2015,
    n° 382627). Equal averages go to the list with most votes, then to the first one.
    """
    cast = np.atleast_2d(np.asarray(votes, dtype=np.float64))
    number = np.broadcast_to(np.atleast_1d(np.asarray(seats, dtype=np.int64)), cast.shape[:1])
    rows = np.arange(cast.shape[0])
    order = np.argsort(-cast, axis=1, kind="stable")
    ranked = np.take_along_axis(cast, order, axis=1)
    eligible = ranked >= law.seats_threshold * ranked.sum(axis=1, keepdims=True)
    claim = np.where(eligible, ranked, 0.0)
    bonus = winner_bonus(number, law)
    if by_name is not None:
        bonus = np.where(np.asarray(by_name, dtype=np.bool_), number, bonus)
    left = number - bonus
    shared = np.zeros_like(order)
    for _ in range(int(left.max(initial=0))):
        best = np.argmax(claim / (shared + 1), axis=1)  # ranked: a tie goes to most votes
        shared[rows, best] += left > 0
        left = left - (left > 0)
    shared[:, 0] += bonus
    out = np.zeros_like(shared)
    np.put_along_axis(out, order, shared, axis=1)
    return np.reshape(out, np.shape(votes))


def table_order_seats(municipal: IntArray, votes: FloatArray, seats: IntArray) -> IntArray:
    """Return the community seats of each list where they follow the municipal table (L273-11).

    The mayor, the deputies and then the councillors by the votes of their list: the whole of the
    first list sits before the second.

    Parameters
    ----------
    municipal : IntArray, shape (n, L)
        Seats of each list in the municipal council.
    votes : FloatArray, shape (n, L)
    seats : IntArray, shape (n,)
        Community seats of the commune; above the size of its council all go to the first list.
    """
    order = np.argsort(-votes, axis=1, kind="stable")
    ranked = np.take_along_axis(municipal, order, axis=1)
    before = np.cumsum(ranked, axis=1) - ranked
    given = np.clip(seats[:, None] - before, 0, ranked)
    given[:, 0] += seats - given.sum(axis=1)
    out = np.zeros_like(given)
    np.put_along_axis(out, order, given, axis=1)
    return out


def second_round(votes: FloatArray, law: SeatLaw) -> tuple[BoolArray, BoolArray]:
    """Return which communes need a second round and which lists may stand in it (L262, L264).

    Parameters
    ----------
    votes : FloatArray, shape (n, L), share of the votes cast

    Returns
    -------
    needed : BoolArray, shape (n,)
        No list holds more than half.
    stands : BoolArray, shape (n, L)
        Lists at the threshold; the first two if fewer than two reach it.
    """
    rank = np.argsort(np.argsort(-votes, axis=1, kind="stable"), axis=1)
    stands = votes >= law.second_round_threshold
    few = stands.sum(axis=1) < DUEL
    stands = np.where(few[:, None], rank < DUEL, stands) & (votes > 0)
    return votes.max(axis=1) <= ABSOLUTE_MAJORITY, stands
