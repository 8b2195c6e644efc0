"""Votes of the room: who may vote with which weight, under which rule; a phone that is late blocks nobody."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coopsim.governance.voting import VOTING, Majority, Supermajority, Weighted
from coopsim.governance.voting import Ballot as RuleBallot
from coopsim.i18n import Text

ABSENT = ("abstain", "against", "first")
WEIGHTS = ("phone", "seat", "population")
TEXTS = {
    "abstain": Text("ne comptent pas", "do not count"),
    "against": Text("comptent contre", "count against"),
    "first": Text("comptent pour la première réponse", "count for the first answer"),
    "phone": Text("une voix par téléphone", "one vote a phone"),
    "seat": Text(
        "une voix par siège, partagée entre ses téléphones", "one vote a seat, shared by its phones"
    ),
    "population": Text("au nombre d'habitants du siège", "by the seat's inhabitants"),
}


class VoteError(ValueError):
    """A vote that is not accepted; ``code`` says why in one word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Option:
    """One answer, and the changes that the room makes if it wins (as plain data, see `changes.to_json`)."""

    label: str
    changes: tuple[dict[str, Any], ...] = ()
    lanes: tuple[str, ...] = ()


@dataclass(slots=True)
class Ballot:
    """One vote round.

    Attributes
    ----------
    id : int
    question : str
    options : tuple of Option
        Two or more. With two, the rule decides whether the second, the change, is adopted over the first; with
        more, the most votes win if there are more than half of the votes cast, else nothing is adopted.
    rule : object
        Name or table of a voting rule, as in ``governance.aggregation``.
    weights : str
        phone, seat or population.
    quorum : float
        Share of the invited phones that must take part.
    secret : bool
        A secret ballot keeps its tally only: who voted and what was voted never stand together on disk.
    absent : str
        What phones that stay silent count as.
    ends : float, optional
        Time (of the room's clock) when it closes by itself.
    """

    id: int
    question: str
    options: tuple[Option, ...]
    rule: Any = "majority"
    weights: str = "phone"
    quorum: float = 0.0
    secret: bool = False
    absent: str = "abstain"
    ends: float | None = None
    votes: dict[str, int] = field(default_factory=dict)
    result: "Result | None" = None

    def cast(self, phone: str, option: int) -> None:
        """Take a vote, once a phone.

        Raises
        ------
        VoteError
            closed, unknown_option or already_voted.
        """
        if self.result is not None:
            raise VoteError("closed")
        if not isinstance(option, int) or isinstance(option, bool) or not 0 <= option < len(self.options):
            raise VoteError("unknown_option")
        if phone in self.votes:
            raise VoteError("already_voted")
        self.votes[phone] = option

    def has_voted(self, token: str) -> bool:
        """Return whether a phone has voted."""
        return nameless(token) in self.votes

    def close(self, phones: Mapping[str, str], population: Mapping[str, float]) -> "Result":
        """Count, and forget who voted what if the ballot is secret.

        Parameters
        ----------
        phones : mapping of str to str
            Seat of each phone that was invited.
        population : mapping of str to float
            Inhabitants of each seat.
        """
        if self.result is None:
            self.result = counted(self, phones, population)
            if self.secret:
                self.votes.clear()
        return self.result


@dataclass(frozen=True, slots=True)
class Result:
    """The count of a ballot.

    Attributes
    ----------
    winner : int
        Number of the option; -1 when nothing is adopted.
    phones, weights : tuple
        Phones and weight for each option.
    invited, voted : int
    quorate : bool
    """

    winner: int
    phones: tuple[int, ...]
    weights: tuple[float, ...]
    invited: int
    voted: int
    quorate: bool


def counted(ballot: Ballot, phones: Mapping[str, str], population: Mapping[str, float]) -> Result:
    """Return the result of a ballot; the order of phones does not count."""
    names = sorted({*phones, *ballot.votes})
    said = np.array([ballot.votes.get(name, -1) for name in names], dtype=np.int64)
    voted = int((said >= 0).sum())
    if ballot.absent != "abstain":
        said = np.where(said < 0, 0, said)  # the first answer is to leave things as they are
    seats = [phones.get(name, "") for name in names]
    heads = tuple(int((said == k).sum()) for k in range(len(ballot.options)))
    quorate = voted >= ballot.quorum * len(phones) - 1e-9 and voted > 0
    count = _leave_or_change if len(ballot.options) == 2 else _plurality  # noqa: PLR2004
    winner, tally = count(ballot, said, seats, population)
    return Result(winner if quorate else -1, heads, tally, len(phones), voted, quorate)


def _leave_or_change(
    ballot: Ballot, said: Any, seats: Sequence[str], population: Mapping[str, float]
) -> tuple[int, tuple[float, ...]]:
    """Return whether the rule adopts the second answer over the first, and the weight of each.

    A seat with several phones speaks with one voice, that of most of them, and is silent when they are even.
    """
    rule = VOTING.build(ballot.rule)
    if ballot.weights != "phone":
        each = sorted(set(seats))
        lean = np.array([_lean(said, seats, seat) for seat in each])
        said = np.select([lean > 0, lean < 0], [1, 0], -1)
        weight = np.array(
            [population.get(seat, 0.0) if ballot.weights == "population" else 1.0 for seat in each]
        )
    else:
        weight = np.ones(len(seats))
    if ballot.weights == "population":  # rules that count heads count inhabitants here
        rule = Weighted(0.5) if isinstance(rule, Majority) else rule
        rule = Weighted(rule.share) if isinstance(rule, Supermajority) else rule
    case = RuleBallot.of(said == 1, weight=weight, population=weight, present=said >= 0)
    tally = tuple(float(weight[said == k].sum()) for k in (0, 1))
    return int(bool(rule.adopted(case))), tally


def _lean(said: Any, seats: Sequence[str], seat: str) -> int:
    mine = np.array([name == seat for name in seats])
    return int((said[mine] == 1).sum()) - int((said[mine] == 0).sum())


def _plurality(
    ballot: Ballot, said: Any, seats: Sequence[str], population: Mapping[str, float]
) -> tuple[int, tuple[float, ...]]:
    """Return the answer with more than half of the weight given, else -1, and the weight of each."""
    weight, vote = _weights(ballot.weights, seats, population)
    tally = np.array([weight[said == k].sum() for k in range(len(ballot.options))])
    best = int(np.argmax(tally))
    return (best if tally[best] > 0.5 * tally.sum() else -1), tuple(float(x / vote) for x in tally)


def _weights(kind: str, seats: Sequence[str], population: Mapping[str, float]) -> tuple[Any, float]:
    """Return the weight of each phone, shape (n,), and the weight of one vote; phones of one seat share its weight.

    In whole numbers, of which a vote is many: a third of a vote three times is a vote, and a tie stays one.
    """
    if kind == "phone":
        return np.ones(len(seats)), 1.0
    counts = [seats.count(seat) for seat in seats]
    people = [round(population.get(seat, 0.0)) if kind == "population" else 1 for seat in seats]
    vote = math.lcm(*counts)
    whole = [who * (vote // count) for who, count in zip(people, counts, strict=True)]
    return np.array(whole, dtype=np.float64), float(vote)


def nameless(token: str) -> str:
    """Return what stands for a phone in the log: a digest that does not lead back to it."""
    return hashlib.sha256(f"phone {token}".encode()).hexdigest()[:16]
