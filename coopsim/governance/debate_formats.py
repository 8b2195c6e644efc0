r"""Formats of debate: rules of deliberation that differ by who speaks with whom, and who is in the room.

They are mechanisms read from descriptions of practice, not from measures: distances and rates are assumptions to sweep.
What a session costs in money and time stands in the parameters ``society.deliberation``.

=================  =========================================  ==========================================================
``committee``      the presidency and members drawn by lot    they hear each other; the others hear their rapporteur
``debate_space``   all seats, and guests                      each hears the case of the other side, dissent stays
``moving_debate``  all seats, two camps on a statement        speakers in turn; a listener of the other camp may cross
``theatre_forum``  all seats, and inhabitants on stage        seats come nearer to what inhabitants live
=================  =========================================  ==========================================================

References
----------
.. [B1974] Boal (1974), *Teatro do oprimido*: forum theatre, inhabitants replay situations that they live.
.. [M1989] Manin (1987), *On legitimacy and political deliberation*, Political Theory 15: hearing the contrary case.
.. [D2000] Deffuant et al. (2000): two who are too far apart do not listen to each other.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from coopsim.governance.deliberation import (
    DELIBERATION,
    MAX_RATE,
    ROUNDING,
    Sitting,
    check_bounds,
    check_share,
    near_means,
    places,
)
from coopsim.i18n import Text
from coopsim.registry import Traits
from coopsim.types import BoolArray, FloatArray, IdArray

MAX_WIDENING = 10.0
# numbers of the keyed draws: one format never shares a draw with another
_LOT, _SPEAKER, _STAGE = 1000, 2000, 3000
_CITIZEN_SD = (
    0.15  # of inhabitants around the voters of their commune; `society.councils.college_sd` at its default
)


def _rate(value: float, key: str) -> None:
    check_share(value, key, high=MAX_RATE)


@DELIBERATION.register("committee")
@dataclass(frozen=True, slots=True)
class Committee:
    """A committee prepares: its members come to terms, the others hear what it reports.

    Attributes
    ----------
    confidence : float, 0-1
    rounds : int
    share : float, 0-1
        Of the seats that sit on it, drawn by lot at each session; the presidency always does.
    report : float, 0-0.5
        Part of the distance to the committee's mean that the others walk, where it is in reach.
    """

    confidence: float = 0.3
    rounds: int = 3
    share: float = 0.2
    report: float = 0.2
    format: ClassVar[str] = "committee"
    traits: ClassVar[Traits] = Traits(
        Text(
            "une commission s'accorde, le conseil entend son rapport",
            "a committee comes to terms, the council hears its report",
        ),
        "CGCT L2121-22 (committees of the council); how opinions move: assumption after Hegselmann & Krause 2002",
        ("LC61",),
    )

    def __post_init__(self) -> None:
        check_bounds(self.confidence, self.rounds)
        check_share(self.share, "share")
        _rate(self.report, "report")

    def after(self, sitting: Sitting) -> FloatArray:
        """Return the opinions after the committee met and reported."""
        from coopsim.rng import Purpose, uniform  # compiled: not needed to read a scenario

        opinions = np.array(sitting.opinions, dtype=np.float64)
        lot = uniform(sitting.seed, Purpose.DELIBERATION, sitting.seat_id, sitting.tick, _LOT) < self.share
        if sitting.presides is not None:
            lot = lot | sitting.presides
        order, start = places(sitting)
        for first, last in pairwise(start):
            rows = order[first:last]
            members, others = rows[lot[rows]], rows[~lot[rows]]
            if members.size == 0:
                continue
            for axis in range(opinions.shape[1]):
                agreed = near_means(opinions[members, axis], self.confidence, self.rounds)
                opinions[members, axis] = agreed
                # where members agree already the mean is theirs, to the last digit
                told = min(max(float(agreed.mean()), float(agreed.min())), float(agreed.max()))
                opinions[others, axis] = _walk(opinions[others, axis], told, self.confidence, self.report)
        return opinions


@DELIBERATION.register("debate_space")
@dataclass(frozen=True, slots=True)
class DebateSpace:
    """A room where contradiction is wanted: each seat hears the case of the other side, and dissent stays.

    In each round a seat walks towards the mean of those across the median of the room who are in reach, guests too; a
    seat that nobody across reaches stays where it is.

    Attributes
    ----------
    confidence : float, 0-1
    rate : float, 0-0.5
    rounds : int
    """

    confidence: float = 0.4
    rate: float = 0.1
    rounds: int = 3
    format: ClassVar[str] = "debate_space"
    traits: ClassVar[Traits] = Traits(
        Text(
            "chacun entend les arguments du camp d'en face, le désaccord reste dit",
            "each hears the case of the other side, disagreement stays said",
        ),
        "Manin 1987 on the contrary case; distances and rates: assumption",
        ("LC75",),
    )

    def __post_init__(self) -> None:
        check_bounds(self.confidence, self.rounds)
        _rate(self.rate, "rate")

    def after(self, sitting: Sitting) -> FloatArray:
        """Return the opinions after rounds of hearing the other side."""
        opinions = np.array(sitting.opinions, dtype=np.float64)
        order, start = places(sitting)
        for c, (first, last) in enumerate(pairwise(start)):
            rows = order[first:last]
            if rows.size == 0:
                continue
            guests = sitting.guests_of(c)
            for axis in range(opinions.shape[1]):
                x = opinions[rows, axis]
                for _ in range(self.rounds):
                    x = self._round(x, guests[:, axis])
                opinions[rows, axis] = x
        return opinions

    def _round(self, x: FloatArray, guests: FloatArray) -> FloatArray:
        room = np.sort(np.concatenate([x, guests]))
        middle = float(np.median(room))
        reach = self.confidence + ROUNDING
        total = np.concatenate(([0.0], np.cumsum(room)))
        below, above = np.searchsorted(room, middle, side="left"), np.searchsorted(room, middle, side="right")
        low = np.where(x < middle, np.maximum(np.searchsorted(room, x - reach), above), 0)
        high = np.where(x < middle, np.searchsorted(room, x + reach, side="right"), 0)
        low = np.where(x > middle, np.searchsorted(room, x - reach), low)
        high = np.where(x > middle, np.minimum(np.searchsorted(room, x + reach, side="right"), below), high)
        heard = high > low
        mean = (total[high] - total[low]) / np.maximum(high - low, 1)
        mean = np.clip(mean, room[np.minimum(low, room.size - 1)], room[np.maximum(high - 1, 0)])  # rounding
        out: FloatArray = np.where(heard, x + self.rate * (mean - x), x)
        return out


@DELIBERATION.register("moving_debate")
@dataclass(frozen=True, slots=True)
class MovingDebate:
    """Two camps on a polemical statement; speakers in turn, and who is convinced crosses the floor.

    A facilitator widens what people are ready to hear: listeners of the other camp within ``confidence × widening`` of
    the speaker walk towards it. Nobody moves on a question on which all are in one camp.

    Attributes
    ----------
    confidence : float, 0-1
    widening : float, 1-10
        By the facilitator.
    rate : float, 0-0.5
    turns : int
        Of speech; the camps alternate, the smaller one begins.
    statement : float, 0-1
        Position of the statement: who is at or above it is for it.
    """

    confidence: float = 0.25
    widening: float = 1.5
    rate: float = 0.15
    turns: int = 6
    statement: float = 0.5
    format: ClassVar[str] = "moving_debate"
    traits: ClassVar[Traits] = Traits(
        Text(
            "deux camps s'expliquent tour à tour, qui est convaincu change de camp",
            "two camps speak in turn, who is convinced crosses",
        ),
        "débat mouvant, a method of popular education; distances and rates: assumption",
        ("LC88",),
    )

    def __post_init__(self) -> None:
        check_bounds(self.confidence, self.turns, "turns")
        _rate(self.rate, "rate")
        check_share(self.statement, "statement")
        check_share(self.widening, "widening", low=1.0, high=MAX_WIDENING)

    def after(self, sitting: Sitting) -> FloatArray:
        """Return the opinions after the turns of speech, whose speakers are keyed by council, tick and turn."""
        opinions = np.array(sitting.opinions, dtype=np.float64)
        order, start = places(sitting)
        for c, (first, last) in enumerate(pairwise(start)):
            rows = order[first:last]
            for axis in range(opinions.shape[1]):
                opinions[rows, axis] = self._debate(opinions[rows, axis], sitting, c)
        return opinions

    def _debate(self, x: FloatArray, sitting: Sitting, c: int) -> FloatArray:
        from coopsim.rng import Purpose, uniform  # compiled: not needed to read a scenario

        who: IdArray = sitting.council_id[c : c + 1]
        speaks = bool(2 * (x >= self.statement).sum() <= x.size)
        for turn in range(self.turns):
            camp: BoolArray = x >= self.statement
            side = np.flatnonzero(camp == speaks)
            if side.size in (0, x.size):
                break
            number = _SPEAKER + turn  # the same lot on every question
            draw = float(uniform(sitting.seed, Purpose.DELIBERATION, who, sitting.tick, number)[0])
            said = float(x[side[int(draw * side.size)]])
            walked = _walk(x, said, self.confidence * self.widening, self.rate)
            x = np.where(camp == speaks, x, walked)
            speaks = not speaks
        return x


@DELIBERATION.register("theatre_forum")
@dataclass(frozen=True, slots=True)
class TheatreForum:
    """Inhabitants play what they live; the council comes nearer to them.

    Each scene is one inhabitant's, drawn around the voters of the commune of a seat drawn by lot: a commune plays as
    often as it has seats. Seats in reach walk towards it. Without inhabitants in the room nobody moves.

    Attributes
    ----------
    confidence : float, 0-1
    rate : float, 0-0.5
    scenes : int
    """

    confidence: float = 0.4
    rate: float = 0.1
    scenes: int = 5
    format: ClassVar[str] = "theatre_forum"
    traits: ClassVar[Traits] = Traits(
        Text(
            "des habitants jouent ce qu'ils vivent, le conseil s'en rapproche",
            "inhabitants play what they live, the council comes nearer",
        ),
        "Boal 1974; distances and rates: assumption",
        ("LC88",),
    )

    def __post_init__(self) -> None:
        check_bounds(self.confidence, self.scenes, "scenes")
        _rate(self.rate, "rate")

    def after(self, sitting: Sitting) -> FloatArray:
        """Return the opinions after the scenes, drawn by council, tick and scene."""
        from coopsim.rng import Purpose, normal, pair_ids, uniform  # compiled: not needed to read a scenario

        opinions = np.array(sitting.opinions, dtype=np.float64)
        if sitting.voters is None:
            return opinions
        order, start = places(sitting)
        for c, (first, last) in enumerate(pairwise(start)):
            rows = order[first:last]
            who = sitting.council_id[c : c + 1]
            for scene in range(self.scenes if rows.size else 0):
                draw = uniform(sitting.seed, Purpose.DELIBERATION, who, sitting.tick, _STAGE + 10 * scene)
                commune = sitting.voters[rows[int(float(draw[0]) * rows.size)]]
                ids = pair_ids(np.repeat(who, commune.size), np.arange(commune.size, dtype=np.uint64))
                own = normal(sitting.seed, Purpose.DELIBERATION, ids, sitting.tick, _STAGE + 10 * scene + 1)
                lived = np.clip(commune + _CITIZEN_SD * own, 0.0, 1.0)
                for axis in range(opinions.shape[1]):
                    x = opinions[rows, axis]
                    opinions[rows, axis] = _walk(x, float(lived[axis]), self.confidence, self.rate)
        return opinions


def _walk(x: FloatArray, towards: float, confidence: float, rate: float) -> FloatArray:
    """Return opinions after those in reach walked a part of the distance."""
    gap = towards - x
    out: FloatArray = np.where(np.abs(gap) <= confidence + ROUNDING, x + rate * gap, x)
    return out
