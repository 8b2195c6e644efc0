"""The people of a room: phones and seats, vote rounds, predictions."""

import threading
from collections.abc import Sequence
from typing import Any, Protocol

from coopsim.errors import scenario_error
from coopsim.governance.voting import VOTING
from coopsim.scenario import Scenario
from coopsim_viz.room.branches import LANES
from coopsim_viz.room.changes import Change, from_json
from coopsim_viz.room.predictions import Predictions
from coopsim_viz.room.seats import MOST_PHONES, Seat, new_token, seats_of
from coopsim_viz.room.votes import ABSENT, WEIGHTS, Ballot, Option, Result, VoteError, nameless


class Host(Protocol):
    """What an assembly needs of the room that it sits in."""

    base: dict[str, Scenario]

    @property
    def lock(self) -> threading.RLock: ...  # noqa: D102
    @property
    def tick(self) -> int: ...  # noqa: D102
    @property
    def horizon(self) -> int: ...  # noqa: D102
    @property
    def finished(self) -> bool: ...  # noqa: D102
    def now(self) -> float: ...  # noqa: D102
    def note(self, do: str, *, sync: bool = True, **what: Any) -> None: ...  # noqa: D102
    def touched(self) -> None: ...  # noqa: D102
    def change(self, changes: Sequence[Change], lanes: Sequence[str] = LANES) -> None: ...  # noqa: D102


class Assembly:
    """Who sits in a room and what they said; every command holds the room's lock and stands in its log.

    Attributes
    ----------
    seats : dict of str to Seat
    phones : dict of str to str
        Seat of each phone, by the digest of its token.
    ballots : list of Ballot
    predictions : Predictions
    counted_at : int
        Tick at which the last ballot was counted.
    """

    def __init__(self, room: Host) -> None:
        self._room = room
        self.seats: dict[str, Seat] = seats_of(room.base["A"])
        self.phones: dict[str, str] = {}
        self.ballots: list[Ballot] = []
        self.predictions = Predictions()
        self.counted_at = -1

    def join(self, seat: str, token: str = "") -> str:  # nosec B107  # no token yet
        """Take a seat; returns the phone's token. A phone that joins again keeps its token and changes seat.

        Raises
        ------
        VoteError
            unknown_seat, or full.
        """
        with self._room.lock:
            if seat not in self.seats:
                raise VoteError("unknown_seat")
            if nameless(token) not in self.phones:
                if len(self.phones) >= MOST_PHONES:
                    raise VoteError("full")
                token = new_token()
            self.phones[nameless(token)] = seat
            self._room.note("join", phone=nameless(token), seat=seat)
            return token

    def seat_of(self, token: str) -> Seat | None:
        """Return the seat of a phone, or none."""
        seat = self.phones.get(nameless(token))
        return None if seat is None else self.seats[seat]

    def open_ballot(
        self, question: str, options: Sequence[Option], seconds: float | None = None, **how: Any
    ) -> Ballot:
        """Ask the room; an open ballot is closed first."""
        with self._room.lock:
            if self.ballot is not None:
                self.close_ballot()
            ends = None if seconds is None else self._room.now() + seconds
            ballot = Ballot(len(self.ballots), question[:300], tuple(options), ends=ends, **how)
            _sound(ballot)
            self.ballots.append(ballot)
            self._room.note(
                "ask", ballot=ballot.id, question=ballot.question, secret=ballot.secret, rule=ballot.rule,
                weights=ballot.weights, quorum=ballot.quorum, absent=ballot.absent, seconds=seconds,
                options=[{"label": o.label, "changes": list(o.changes), "lanes": list(o.lanes)} for o in options],
            )  # fmt: skip
            return ballot

    @property
    def ballot(self) -> Ballot | None:
        """The open ballot, if there is one."""
        return self.ballots[-1] if self.ballots and self.ballots[-1].result is None else None

    def vote(self, token: str, ballot: int, option: int) -> None:
        """Take the vote of a phone.

        Raises
        ------
        VoteError
            unknown_phone, closed, unknown_option or already_voted.
        """
        with self._room.lock:
            phone = nameless(token)
            if phone not in self.phones:
                raise VoteError("unknown_phone")
            open_one = self.ballot
            if open_one is None or open_one.id != ballot or self._over(open_one):
                raise VoteError("closed")
            open_one.cast(phone, option)
            # a secret vote is nowhere on disk: after a crash a secret ballot begins again
            if not open_one.secret:
                self._room.note("vote", ballot=ballot, phone=phone, option=option)
            else:
                self._room.touched()

    def close_ballot(self) -> Result | None:
        """Count the open ballot and make the changes of the answer that won."""
        with self._room.lock:
            ballot = self.ballot
            if ballot is None:
                return None
            population = {seat.id: seat.population for seat in self.seats.values()}
            result = ballot.close(self.phones, population)
            self.counted_at = self._room.tick
            self._room.note(
                "count", ballot=ballot.id, winner=result.winner, phones=result.phones, weights=result.weights,
                invited=result.invited, voted=result.voted, quorate=result.quorate,
            )  # fmt: skip
            won = ballot.options[result.winner] if result.winner >= 0 else None
            if won is not None and won.changes and not self._room.finished:
                dated = [from_json({**change, "tick": self._room.tick}) for change in won.changes]
                self._room.change(dated, won.lanes or LANES)
            return result

    def _over(self, ballot: Ballot) -> bool:
        return ballot.ends is not None and self._room.now() >= ballot.ends

    def tend(self) -> None:
        """Close a ballot whose time is over."""
        with self._room.lock:
            ballot = self.ballot
            if ballot is not None and self._over(ballot):
                self.close_ballot()

    def predict(self, token: str, lane: str, indicator: str, tick: int, value: float) -> None:
        """Keep what a phone expects of an indicator at a tick that is still to come.

        Raises
        ------
        VoteError
            unknown_phone, or refused: an unknown lane or indicator, a tick that is past, a number that is none.
        """
        with self._room.lock:
            phone = nameless(token)
            if phone not in self.phones:
                raise VoteError("unknown_phone")
            last = self._room.horizon - 1
            if (
                lane not in LANES
                or not self._room.tick <= tick <= last
                or not self.predictions.sound(indicator, value)
            ):
                raise VoteError("refused")
            self.predictions.add(phone, lane, indicator, tick, value)
            self._room.note("predict", phone=phone, lane=lane, indicator=indicator, tick=tick, value=value)


def _sound(ballot: Ballot) -> None:
    VOTING.build(ballot.rule)
    good = (
        2 <= len(ballot.options) <= 6  # noqa: PLR2004 - what fits a phone
        and ballot.weights in WEIGHTS
        and ballot.absent in ABSENT
        and 0.0 <= ballot.quorum <= 1.0
        and ballot.question.strip()
    )
    if not good:
        raise scenario_error(
            "vote mal posé : une question, deux à six réponses, un quorum de 0 à 1",
            "badly put vote: a question, two to six answers, a quorum of 0 to 1", key="ballot",
        )  # fmt: skip
