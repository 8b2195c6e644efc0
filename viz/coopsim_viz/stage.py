"""The stage: the one room of this server, and what its projected screen shows. Pages and phones find it here."""

import hmac
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

from coopsim.i18n import Lang
from coopsim_viz.room import Room
from coopsim_viz.room.comparing import Comparisons
from coopsim_viz.room.driver import Driver
from coopsim_viz.room.frame import SLOTS
from coopsim_viz.room.robust import Robustness

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no letter or figure that looks like another
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Screen:
    """What the projected screen shows.

    Attributes
    ----------
    mapped : str
        Indicator that fills the maps.
    slots : tuple of str
        Indicators of the four charts.
    big, dark, joining : bool
        Large type, dark background, the code to join in front.
    """

    mapped: str = "unemployment"
    slots: tuple[str, ...] = SLOTS
    big: bool = False
    dark: bool = False
    joining: bool = False
    lang: Lang = "fr"


@dataclass
class Stage:
    """A room, its driver, its screen, its secrets.

    Attributes
    ----------
    code : str
        Of the room, for phones.
    token : str
        Of the facilitator.
    address : str
        Where phones find the server.
    """

    room: Room
    driver: Driver
    address: str = ""
    code: str = field(default_factory=lambda: "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH)))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    screen: Screen = field(default_factory=Screen)
    robust: Robustness | None = None
    comparisons: Comparisons | None = None

    def __post_init__(self) -> None:
        if self.robust is None:
            self.robust = Robustness(self.room.touched)
        if self.comparisons is None:
            self.comparisons = Comparisons(self.room.folder, self.room.touched)

    def look_beyond(self) -> None:
        """Ask whether the present difference between the lanes holds in other worlds."""
        room = self.room
        if self.robust is not None:
            self.robust.ask({lane: room.scenario(branch) for lane, branch in room.tree.position.branches})

    def compare(self, one: int, other: int) -> bool:
        """Ask for the comparison of two branches on many worlds; returns whether there are two such branches."""
        room = self.room
        if self.comparisons is None or one == other or not {one, other} <= set(room.tree.branches):
            return False
        pair = [(branch, room.scenario(branch)) for branch in (one, other)]
        self.comparisons.ask(pair[0], pair[1], self.screen.lang)
        return True

    def show(self, **changes: object) -> None:
        """Change the projected screen."""
        self.screen = replace(self.screen, **changes)  # type: ignore[arg-type]
        self.room.touched()

    def facilitates(self, token: str) -> bool:
        """Return whether a token is the facilitator's."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def write_report(self) -> Path:
        """Write the report of the session as it stands; returns its place."""
        from coopsim_viz.report import write_report

        beyond = self.robust.now if self.robust is not None else None
        return write_report(self.room, self.screen.slots, self.screen.mapped, self.screen.lang, beyond)

    @property
    def seat_address(self) -> str:
        """Address that phones open."""
        return f"{self.address}/siege/{self.code}"

    @property
    def folder(self) -> Path:
        """Where the session is kept."""
        return self.room.folder

    def close(self) -> None:
        """End the driver and let the room go."""
        self.driver.close()
        if self.robust is not None:
            self.robust.close()
        if self.comparisons is not None:
            self.comparisons.close()
        self.room.close()


_STAGE: list[Stage] = []


def put(stage: Stage) -> None:
    """Make a stage the one of this server."""
    _STAGE[:] = [stage]


def current() -> Stage | None:
    """Return the stage of this server, if a room is open."""
    return _STAGE[0] if _STAGE else None
