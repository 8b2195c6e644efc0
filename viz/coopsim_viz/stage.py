"""The stage: the one room of this server, and what its projected screen shows. Pages and phones find it here."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coopsim.i18n import Lang
from coopsim_viz.compare import Comparisons
from coopsim_viz.room import Room
from coopsim_viz.room.driver import Driver
from coopsim_viz.room.frame import SLOTS
from coopsim_viz.room.holding import Holdings
from coopsim_viz.room.robust import Robustness

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none looks like another  # pragma: allowlist secret
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
    batches : tuple of Path
        Folders of results that the Explorer opens besides those it finds.
    """

    room: Room
    driver: Driver
    address: str = ""
    code: str = field(default_factory=lambda: "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH)))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    screen: Screen = field(default_factory=Screen)
    robust: Robustness | None = None
    comparisons: Comparisons | None = None
    batches: tuple[Path, ...] = ()
    holdings: Holdings = field(init=False)

    def __post_init__(self) -> None:
        self.holdings = Holdings(self.room.touched)
        if self.robust is None:
            self.robust = Robustness(self.room.touched)
        if self.comparisons is None:
            self.comparisons = Comparisons(self.room.folder, self.room.touched)

    def look_beyond(self) -> None:
        """Ask whether the present difference between the lanes holds in other worlds."""
        room = self.room
        if self.robust is not None:
            self.robust.ask({lane: room.scenario(branch) for lane, branch in room.tree.position.branches})

    def codes(self, pact: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the codes of a pact's members, in the order of the case."""
        every = sorted(self.room.base["A"].territory_names)
        members = {every[row] for row in pact["members"]}
        return tuple(code for code in self.room.base["A"].territory_names if code in members)

    def holds(self, lane: str, members: str) -> bool:
        """Ask whether a pact in force holds; returns whether there is one with these members, codes joined by +."""
        room = self.room
        if lane not in room.lanes:
            return False
        with room.lock:
            for pact in room.lanes[lane].pacts():
                codes = self.codes(pact)
                if "+".join(codes) == members:
                    spec = room.scenario(room.tree.position.on(lane))
                    self.holdings.ask(lane, spec, codes, pact["founded"])
                    return True
        return False

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

    def write_pdf(self) -> Path:
        """Write the report as PDF beside the page; returns its place.

        Raises
        ------
        ScenarioError
            When nothing on this computer can make a PDF.
        """
        from coopsim_viz.report import write_pdf
        from coopsim_viz.report.pdf import FILE

        target = self.folder.resolve() / FILE
        write_pdf(self.write_report().resolve(), target)
        return target

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
        self.holdings.close()
        self.room.close()


_STAGE: list[Stage] = []


def put(stage: Stage) -> None:
    """Make a stage the one of this server."""
    _STAGE[:] = [stage]


def current() -> Stage | None:
    """Return the stage of this server, if a room is open."""
    return _STAGE[0] if _STAGE else None
