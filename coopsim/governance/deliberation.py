r"""Deliberation: how the opinions of seats move in a session, before the vote.

Two seats listen to each other when their opinions differ by no more than a confidence bound
:math:`\varepsilon`. Each axis of opinion is a question debated on its own. Two published rules:

.. math::

   x_i' &= x_i + \mu\,(x_j - x_i), \quad x_j' = x_j - \mu\,(x_j - x_i)
   && \text{for pairs that meet at random, where } |x_i - x_j| \le \varepsilon \quad [D2000] \\
   x_i' &= \text{mean of } x_j \text{ with } |x_i - x_j| \le \varepsilon
   && \text{all at once} \quad [HK2002]

The first conserves the mean of a council, the second does not.

References
----------
.. [D2000] Deffuant, Neau, Amblard & Weisbuch (2000), *Mixing beliefs among interacting agents*, Advances in
   Complex Systems 3: 87-98; Weisbuch, Deffuant, Amblard & Nadal (2002), *Meet, discuss, and segregate!*,
   Complexity 7: 55-63.
.. [HK2002] Hegselmann & Krause (2002), *Opinion dynamics and bounded confidence: models, analysis and
   simulation*, JASSS 5(3) 2.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from coopsim.errors import scenario_error
from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

# A bound counts as reached within this distance. Evenly spaced opinions tie with the bound (0.1 and 0.3 differ by
# 0.2 or by 0.19999999999999998): published counts include ties, and sums over 1,000 seats are rounded at 1e-13.
ROUNDING = 1e-10
MAX_ROUNDS = 100_000
MAX_RATE = 0.5  # beyond, two seats would walk past each other


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """A session of one or more councils: everything a rule may look at.

    Attributes
    ----------
    opinions : FloatArray, shape (S, A), 0-1
        Of each seat on each axis.
    council : IntArray, shape (S,)
        Council of each seat, a row of ``council_id``.
    seat_id : IdArray, shape (S,)
        One for each seat; they, not rows, address randomness.
    council_id : IdArray, shape (C,)
    seed, tick : int
    presides : BoolArray, shape (S,), or None
        Seats that preside.
    voters : FloatArray, shape (S, A), 0-1, or None
        Where the voters of the commune of each seat stand.
    guests : FloatArray, shape (G, A), 0-1, or None
        Opinions of those who sit with the elected, who speak but are not moved.
    guest_council : IntArray, shape (G,), or None
        Council of each guest.
    """

    opinions: FloatArray
    council: IntArray
    seat_id: IdArray
    council_id: IdArray
    seed: int
    tick: int
    presides: BoolArray | None = None
    voters: FloatArray | None = None
    guests: FloatArray | None = None
    guest_council: IntArray | None = None

    def guests_of(self, council: int) -> FloatArray:
        """Return the opinions of the guests of a council, shape (g, A)."""
        if self.guests is None or self.guest_council is None:
            return np.zeros((0, self.opinions.shape[1]))
        out: FloatArray = self.guests[self.guest_council == council]
        return out


@runtime_checkable
class DeliberationRule(Protocol):
    """How a session moves the opinions of its seats.

    Laws: an opinion stays among those of the room (the council, and whoever sits or plays there), and one that all
    share stays; councils do not hear each other; what becomes of a seat does not depend on its row; the sitting itself
    is not changed.

    Attributes
    ----------
    confidence : float, 0-1
        Distance beyond which two seats do not listen to each other; the journal counts the groups that it parts.
    """

    traits: ClassVar[Traits]

    @property
    def confidence(self) -> float:
        """Distance beyond which two seats do not listen to each other."""
        ...

    def after(self, sitting: Sitting) -> FloatArray:
        """Return the opinions after the session, shape (S, A)."""
        ...


DELIBERATION: Registry[DeliberationRule] = Registry("deliberation")


@DELIBERATION.register("none")
@dataclass(frozen=True, slots=True)
class NoDeliberation:
    """A session votes without a debate that moves anybody."""

    confidence: ClassVar[float] = 0.0
    traits: ClassVar[Traits] = Traits(
        Text("le conseil vote sans que nul ne change d'avis", "the council votes, nobody changes their mind"),
        "assumption: opinions change at elections only",
    )

    def after(self, sitting: Sitting) -> FloatArray:
        """Return the opinions as they were."""
        return sitting.opinions.copy()


@DELIBERATION.register("deffuant")
@dataclass(frozen=True, slots=True)
class Deffuant:
    """Seats meet two by two; those who listen to each other come closer. The mean of a council stays.

    Attributes
    ----------
    confidence : float, 0-1
    rate : float, above 0 and up to 0.5
        Part of the distance that each of the two walks (mu).
    rounds : int
        In each, every seat meets another (but one, when their number is odd).
    """

    confidence: float = 0.2
    rate: float = 0.5
    rounds: int = 10
    traits: ClassVar[Traits] = Traits(
        Text(
            "les sièges se rencontrent deux à deux et se rapprochent, si peu les sépare",
            "seats meet two by two and come closer, where little parts them",
        ),
        "Deffuant et al. 2000; Weisbuch et al. 2002",
        ("LC75", "LC88"),
    )

    def __post_init__(self) -> None:
        check_bounds(self.confidence, self.rounds)
        if not 0.0 < self.rate <= MAX_RATE:
            raise scenario_error(
                "valeur hors des bornes", "value out of bounds",
                key="rate", value=self.rate, allowed=f"0 < … ≤ {MAX_RATE}",
            )  # fmt: skip

    def after(self, sitting: Sitting) -> FloatArray:
        """Return the opinions after rounds of meetings, whose pairs are keyed by council, tick and round."""
        from coopsim.governance.debate_kernels import meetings  # compiled: not needed to read a scenario
        from coopsim.rng import Purpose

        opinions = np.array(sitting.opinions, dtype=np.float64, order="C")
        order, start = places(sitting)
        meetings(
            opinions, order, start, sitting.council_id, self.rounds, sitting.seed, int(Purpose.DELIBERATION),
            sitting.tick, self.confidence + ROUNDING, self.rate,
        )  # fmt: skip
        return opinions


@DELIBERATION.register("hegselmann_krause")
@dataclass(frozen=True, slots=True)
class HegselmannKrause:
    """Each seat takes the mean opinion of all those that it listens to, itself included, all at once.

    Attributes
    ----------
    confidence : float, 0-1
    rounds : int
        A session ends before when nobody moves any more.
    """

    confidence: float = 0.2
    rounds: int = 5
    traits: ClassVar[Traits] = Traits(
        Text(
            "chaque siège prend la moyenne des avis assez proches du sien",
            "each seat takes the mean of the opinions near enough to its own",
        ),
        "Hegselmann & Krause 2002",
        ("LC75", "LC88"),
    )

    def __post_init__(self) -> None:
        check_bounds(self.confidence, self.rounds)

    def after(self, sitting: Sitting) -> FloatArray:
        """Return the opinions after rounds of taking means."""
        opinions = np.array(sitting.opinions, dtype=np.float64)
        order, start = places(sitting)
        for first, last in pairwise(start):
            rows = order[first:last]
            for axis in range(opinions.shape[1]):
                opinions[rows, axis] = near_means(opinions[rows, axis], self.confidence, self.rounds)
        return opinions


def near_means(opinions: FloatArray, confidence: float, rounds: int) -> FloatArray:
    """Return opinions after everybody took the mean of those in reach, some times or until nobody moves.

    Means are differences of running sums over the sorted opinions: n·log n a round. Whoever is within reach of
    the lower of two is no further from the higher, so order is kept.

    Parameters
    ----------
    opinions : FloatArray, shape (n,), 0-1
    confidence : float
    rounds : int
    """
    order = np.argsort(opinions, kind="stable")
    x = opinions[order]
    reach = confidence + ROUNDING
    for _ in range(rounds if x.size else 0):
        total = np.concatenate(([0.0], np.cumsum(x - 0.5)))  # small sums are rounded less
        low = np.searchsorted(x, x - reach, side="left")
        high = np.searchsorted(x, x + reach, side="right")
        mean = 0.5 + (total[high] - total[low]) / (high - low)
        # those who agree already stay, to the last digit
        mean = np.where(x[low] == x[high - 1], x, np.clip(mean, x[low], x[high - 1]))
        after = np.maximum.accumulate(mean)
        if np.array_equal(after, x):
            break
        x = after
    out = np.empty_like(x)
    out[order] = x
    return out


def group_sizes(opinions: FloatArray, confidence: float) -> IntArray:
    """Return the sizes of the groups that a gap wider than the confidence bound parts, from the lowest opinion.

    Parameters
    ----------
    opinions : FloatArray, shape (n,)
    confidence : float
    """
    cuts = np.flatnonzero(np.diff(np.sort(opinions)) > confidence + ROUNDING) + 1
    out: IntArray = np.diff(np.concatenate(([0], cuts, [opinions.size])))
    return out


def places(sitting: Sitting) -> tuple[IntArray, IntArray]:
    """Return rows by council and seat id, shape (S,), and the first place of each council, shape (C + 1,)."""
    order = np.lexsort((sitting.seat_id, sitting.council))
    start = np.searchsorted(sitting.council[order], np.arange(sitting.council_id.size + 1))
    return order.astype(np.int64), start.astype(np.int64)


def check_share(value: float, key: str, low: float = 0.0, high: float = 1.0) -> None:
    """Refuse a value out of its bounds.

    Raises
    ------
    ScenarioError
    """
    if not low <= value <= high:
        raise scenario_error(
            "valeur hors des bornes",
            "value out of bounds",
            key=key,
            value=value,
            allowed=f"{low:g} – {high:g}",
        )


def check_bounds(confidence: float, rounds: int, key: str = "rounds") -> None:
    """Refuse a confidence or a number of rounds out of its bounds.

    Raises
    ------
    ScenarioError
    """
    if not 0.0 <= confidence <= 1.0:
        raise scenario_error(
            "une part va de 0 à 1", "a share lies between 0 and 1",
            key="confidence", value=confidence, allowed="0 – 1",
        )  # fmt: skip
    if not 1 <= rounds <= MAX_ROUNDS:
        raise scenario_error(
            "valeur hors des bornes", "value out of bounds", key=key, value=rounds, allowed=f"1 – {MAX_ROUNDS}"
        )  # fmt: skip
