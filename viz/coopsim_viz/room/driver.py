"""The driver: lets time pass while the room plays, and closes votes whose time is over."""

import logging
import threading
import time
from dataclasses import dataclass, replace

from coopsim_viz.room.room import Room

_LOG = logging.getLogger("coopsim.viewer")
SPEEDS = (1.0, 2.0, 4.0, 10.0)  # quarters a second
_IDLE = 0.5  # s between looks at the clock of an open vote


@dataclass(frozen=True, slots=True)
class Drive:
    """How time passes: playing, at how many quarters a second, until which tick; why it stopped, if it failed."""

    playing: bool = False
    speed: float = 2.0
    until: int | None = None
    error: str = ""


class Driver:
    """One thread for one room."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.state = Drive()
        self._wake = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="coopsim-driver", daemon=True)
        self._thread.start()

    def play(self, until: int | None = None) -> None:
        """Let time pass, up to a tick if one is given."""
        self._set(playing=not self.room.finished, until=until, error="")

    def pause(self) -> None:
        """Stop time."""
        self._set(playing=False, until=None)

    def toggle(self) -> None:
        """Play or pause."""
        if self.state.playing:
            self.pause()
        else:
            self.play()

    def speed(self, quarters_a_second: float) -> None:
        """Set how fast time passes."""
        self._set(speed=min(max(quarters_a_second, SPEEDS[0]), SPEEDS[-1]))

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._wake.set()
        self._thread.join(timeout=5.0)

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self.room.touched()
        self._wake.set()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._closed:
            self._tend()
            if not self.state.playing:
                self._wake.wait(_IDLE)
                self._wake.clear()
                due = time.monotonic()
                continue
            self._live()
            due = max(due + 1.0 / self.state.speed, time.monotonic() - 1.0 / self.state.speed)
            wait = due - time.monotonic()
            if wait > 0:
                self._wake.wait(wait)
                self._wake.clear()

    def _tend(self) -> None:
        try:
            self.room.assembly.tend()
        except Exception as error:
            _LOG.exception("closing a vote failed")
            self._set(error=f"{type(error).__name__}: {error}")

    def _live(self) -> None:
        """Live one quarter; a fault of the model stops time and is shown, the room stays."""
        try:
            self.room.live()
        except Exception as error:
            _LOG.exception("a quarter failed")
            self._set(playing=False, error=f"{type(error).__name__}: {error}")
            return
        until = self.state.until
        if self.room.finished or (until is not None and self.room.tick >= until):
            self._set(playing=False, until=None)
