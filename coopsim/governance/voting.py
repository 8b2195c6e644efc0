"""Voting rules: whether a body adopts a move, from who said yes.

A rule reads one `Ballot` and answers yes or no. Votes are one array; a council of 200 seats costs a few
microseconds. Absent voters count neither way, except where the law makes silence an agreement.

Most rules come down to votes and a quota when all take part: those say so by `game`, from which the power of the
voters is counted (`coopsim.governance.power`).
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from coopsim.errors import scenario_error
from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.types import BoolArray, FloatArray, IntArray

_ROUNDING = 1e-12  # of a sum of weights, as a share: less than one vote in a billion


@dataclass(frozen=True, slots=True, eq=False)
class Ballot:
    """One vote of one body: everything a rule may look at.

    Attributes
    ----------
    yes : BoolArray, shape (n,)
        Voters in favour.
    weight : FloatArray, shape (n,)
        Votes that each voter carries; at least 0.
    population : FloatArray, shape (n,), inhabitants
        People of the commune or member that the voter speaks for (the same for all its voters).
    group : IntArray, shape (n,)
        That commune or member.
    present : BoolArray, shape (n,)
        Voters who took part.
    objects : BoolArray, shape (n,)
        Voters who raise a reasoned objection, stronger than not being in favour.
    """

    yes: BoolArray
    weight: FloatArray
    population: FloatArray
    group: IntArray
    present: BoolArray
    objects: BoolArray

    @classmethod
    def of(
        cls,
        yes: ArrayLike,
        *,
        weight: ArrayLike | None = None,
        population: ArrayLike | None = None,
        group: ArrayLike | None = None,
        present: ArrayLike | None = None,
        objects: ArrayLike | None = None,
    ) -> Self:
        """Return a ballot; by default all are present, each with one vote, one inhabitant and its own group.

        Without ``objects`` every no is an objection.
        """
        favour = np.asarray(yes, dtype=np.bool_)
        ones = np.ones(favour.size)
        return cls(
            yes=favour,
            weight=ones if weight is None else np.asarray(weight, dtype=np.float64),
            population=ones if population is None else np.asarray(population, dtype=np.float64),
            group=np.arange(favour.size) if group is None else np.asarray(group, dtype=np.int64),
            present=ones > 0 if present is None else np.asarray(present, dtype=np.bool_),
            objects=~favour if objects is None else np.asarray(objects, dtype=np.bool_),
        )

    @property
    def voters(self) -> int:
        """Number of voters who took part."""
        return int(np.count_nonzero(self.present))

    @property
    def in_favour(self) -> int:
        """Number of voters who took part and said yes."""
        return int(np.count_nonzero(self.yes & self.present))


@runtime_checkable
class VotingRule(Protocol):
    """What every voting rule offers."""

    traits: ClassVar[Traits]

    def adopted(self, ballot: Ballot) -> bool:
        """Return whether the move passes."""
        ...


@runtime_checkable
class WeightedGame(Protocol):
    """What a rule that comes down to votes and a quota offers too."""

    def game(self, ballot: Ballot) -> tuple[IntArray, int] | None:
        """Return the votes of each voter, shape (n,), and how many votes adopt when all take part.

        Who is in favour does not count. Nothing is ever adopted when the quota is above the sum of the votes;
        None is for a rule that after all does not come down to votes and a quota.
        """
        ...


VOTING: Registry[VotingRule] = Registry("voting rule")


def _share(value: float, key: str) -> None:
    if not 0.0 <= value <= 1.0:
        raise scenario_error(
            "une part va de 0 à 1", "a share lies between 0 and 1", key=key, value=value, allowed="0 – 1"
        )


def _heads(ballot: Ballot, needed: int) -> tuple[IntArray, int]:
    return np.ones(ballot.yes.size, dtype=np.int64), max(needed, 1)


def least_above(whole: float, share: float) -> int:
    """Return the smallest whole number that is more than a share of a whole."""
    return math.floor(share * whole + _ROUNDING * max(whole, 1.0)) + 1


def least_reaching(whole: float, share: float) -> int:
    """Return the smallest whole number that is at least a share of a whole."""
    return math.ceil(share * whole - _ROUNDING * max(whole, 1.0))


def _above(part: float, whole: float, share: float) -> bool:
    """Return whether a part is strictly more than a share of a whole."""
    return part > share * whole + _ROUNDING * max(whole, 1.0)


def _reaches(part: float, whole: float, share: float) -> bool:
    """Return whether a part is at least a share of a whole."""
    return part >= share * whole - _ROUNDING * max(whole, 1.0)


@VOTING.register("majority")
@dataclass(frozen=True, slots=True)
class Majority:
    """More yes than no among the voters present; a tie rejects."""

    traits: ClassVar[Traits] = Traits(
        Text(fr="plus de oui que de non", en="more yes than no"),
        "CGCT L2121-20, applied to community councils by L5211-1",
    )

    def adopted(self, ballot: Ballot) -> bool:
        """Return whether more than half of the voters present say yes."""
        return 2 * ballot.in_favour > ballot.voters

    def game(self, ballot: Ballot) -> tuple[IntArray, int]:
        """Return one vote each, and half of them and one."""
        return _heads(ballot, ballot.yes.size // 2 + 1)


@VOTING.register("supermajority")
@dataclass(frozen=True, slots=True)
class Supermajority:
    """At least a share of the voters present say yes.

    Attributes
    ----------
    share : float, 0-1
    """

    share: float = 2 / 3
    traits: ClassVar[Traits] = Traits(
        Text(
            fr="au moins une part des voix, deux tiers par défaut",
            en="at least a share, two thirds by default",
        ),
        "Black (1948); Krehbiel (1998) on the gridlock that grows with the share",
    )

    def __post_init__(self) -> None:
        _share(self.share, "share")

    def adopted(self, ballot: Ballot) -> bool:
        """Return whether the share of yes among the voters present reaches the threshold."""
        return ballot.in_favour > 0 and _reaches(ballot.in_favour, ballot.voters, self.share)

    def game(self, ballot: Ballot) -> tuple[IntArray, int]:
        """Return one vote each, and the smallest number that reaches the threshold."""
        return _heads(ballot, least_reaching(ballot.yes.size, self.share))


@VOTING.register("unanimity")
@dataclass(frozen=True, slots=True)
class Unanimity:
    """Every voter present says yes."""

    traits: ClassVar[Traits] = Traits(
        Text(fr="tous les présents disent oui", en="all present say yes"),
        "Tsebelis (2002), Veto Players: each member can keep the status quo",
    )

    def adopted(self, ballot: Ballot) -> bool:
        """Return whether nobody present refuses and somebody is present."""
        return 0 < ballot.voters == ballot.in_favour

    def game(self, ballot: Ballot) -> tuple[IntArray, int]:
        """Return one vote each, all of them needed."""
        return _heads(ballot, ballot.yes.size)


@VOTING.register("weighted")
@dataclass(frozen=True, slots=True)
class Weighted:
    """More than a share of the weight present says yes: seats by member, population, contributions.

    Attributes
    ----------
    share : float, 0-1
    quota : int, votes
        Weight of yes that adopts, in place of the share, whoever is absent; 0 for none. A quota above the weight
        of all adopts nothing.
    """

    share: float = 0.5
    quota: int = 0
    traits: ClassVar[Traits] = Traits(
        Text(fr="plus d'une part du poids des présents", en="more than a share of the weight present"),
        "Weighted game [share; weights], Felsenthal & Machover (1998)",
        ("LC71",),
    )

    def __post_init__(self) -> None:
        _share(self.share, "share")
        if self.quota < 0:
            raise scenario_error(
                "un seuil est positif ou nul",
                "a quota is 0 or more",
                key="quota",
                value=self.quota,
                allowed="≥ 0",
            )

    def adopted(self, ballot: Ballot) -> bool:
        """Return whether the weight of yes reaches the quota, or passes the share of the weight present."""
        present = np.where(ballot.present, ballot.weight, 0.0)
        favour = float(present[ballot.yes].sum())
        if self.quota:
            return _reaches(favour, self.quota, 1.0)
        return _above(favour, float(present.sum()), self.share)

    def game(self, ballot: Ballot) -> tuple[IntArray, int]:
        """Return the weights, in whole votes, and the smallest sum that adopts."""
        votes = np.rint(ballot.weight).astype(np.int64)
        return votes, self.quota or least_above(float(votes.sum()), self.share)


@VOTING.register("consent")
@dataclass(frozen=True, slots=True)
class Consent:
    """Nobody raises a reasoned objection, and somebody is in favour: the indifferent do not block."""

    traits: ClassVar[Traits] = Traits(
        Text(fr="nul n'a d'objection raisonnée", en="no reasoned objection"),
        "Endenburg (1998), Sociocracy; Rau & Koch-Gonzalez (2018), Many Voices One Song",
    )

    def adopted(self, ballot: Ballot) -> bool:
        """Return whether no voter present objects and one at least is in favour."""
        objections = ballot.objects & ~ballot.yes & ballot.present
        return ballot.in_favour > 0 and not bool(objections.any())

    def game(self, ballot: Ballot) -> tuple[IntArray, int]:
        """Return one vote each, all of them needed: whoever is not in favour may object."""
        return _heads(ballot, ballot.yes.size)


@VOTING.register("double_majority")
@dataclass(frozen=True, slots=True)
class DoubleMajority:
    """Communes and people: the qualified majority for creating, changing or widening an EPCI.

    Each group is a municipal council and approves by a majority of its voters present. Adopted when
    ``councils`` of the councils approve with more than ``people_half`` of the population, or
    ``councils_half`` of them with ``people``; the council of the most populous commune must be among
    them when its commune is above ``veto`` of the population.

    Attributes
    ----------
    councils, people_half, councils_half, people, veto : float, 0-1
    silence_is_yes : bool
        A council that has not voted in three months is held to agree (L5211-5, I).
    """

    councils: float = 2 / 3
    people_half: float = 1 / 2
    councils_half: float = 1 / 2
    people: float = 2 / 3
    veto: float = 1 / 4
    silence_is_yes: bool = True
    traits: ClassVar[Traits] = Traits(
        Text(
            fr="deux tiers des conseils et la moitié des habitants, ou l'inverse",
            en="two thirds of councils with half of the people, or the reverse",
        ),
        "CGCT L5211-5, I and II",
    )

    def __post_init__(self) -> None:
        for name in ("councils", "people_half", "councils_half", "people", "veto"):
            _share(getattr(self, name), name)

    def adopted(self, ballot: Ballot) -> bool:
        """Return whether councils and people both approve, the largest commune included."""
        if ballot.yes.size == 0:
            return False
        _, first, group = np.unique(ballot.group, return_index=True, return_inverse=True)
        people = ballot.population[first]
        voting = np.bincount(group, weights=ballot.present)
        favour = np.bincount(group, weights=ballot.present & ballot.yes)
        approves = np.where(voting > 0, 2 * favour > voting, self.silence_is_yes)
        councils, total = int(np.count_nonzero(approves)), float(people.sum())
        agreed = float(people[approves].sum())
        if self.vetoed(people, approves):
            return False
        return (
            _reaches(councils, approves.size, self.councils) and _above(agreed, total, self.people_half)
        ) or (_reaches(councils, approves.size, self.councils_half) and _reaches(agreed, total, self.people))

    def vetoed(self, people: FloatArray, approves: BoolArray) -> bool:
        """Return whether the most populous commune is large enough for a veto, and refuses."""
        largest = people == people.max()
        return _above(float(people.max()), float(people.sum()), self.veto) and not bool(
            approves[largest].all()
        )


@VOTING.register("quorum")
@dataclass(frozen=True, slots=True)
class Quorum:
    """A rule that needs enough voters present: more than a share of all.

    Attributes
    ----------
    share : float, 0-1
    then : str
        The rule that decides when the quorum is met.
    """

    share: float = 0.5
    then: str = "majority"
    traits: ClassVar[Traits] = Traits(
        Text(fr="la majorité, si plus de la moitié des membres est présente", en="a majority, with a quorum"),
        "CGCT L2121-17, applied to community councils by L5211-1",
    )

    def __post_init__(self) -> None:
        _share(self.share, "share")
        if self.then not in VOTING:
            VOTING[self.then]  # raises with the names that exist

    def adopted(self, ballot: Ballot) -> bool:
        """Return whether enough voters are present and the inner rule adopts."""
        enough = _above(ballot.voters, ballot.yes.size, self.share)
        return enough and VOTING.build(self.then).adopted(ballot)

    def game(self, ballot: Ballot) -> tuple[IntArray, int] | None:
        """Return the game of the inner rule, if it has one: the quorum is met when all take part."""
        inner = VOTING.build(self.then)
        if not _above(ballot.yes.size, ballot.yes.size, self.share):
            return _heads(ballot, ballot.yes.size + 1)
        return inner.game(ballot) if isinstance(inner, WeightedGame) else None
