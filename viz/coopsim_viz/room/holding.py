"""Does a pact hold? Its members' worlds without it, lived quietly beside the room, one pact at a time."""

import base64
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from coopsim.i18n import lang, set_lang
from coopsim.scenario import Scenario

WORLDS = 8
_NICE = 15
_YEARS = 10  # of the pact that are looked at


@dataclass(frozen=True, slots=True)
class Asking:
    """One pact asked about.

    Attributes
    ----------
    lane : str
    members : tuple of str
        Codes.
    key : str
        Scenario and members: the same question is answered once.
    state : str
        running, done or failed.
    said : dict
        By language: title, setting, lines, picture (a data address).
    error : str
    """

    lane: str
    members: tuple[str, ...]
    key: str
    state: str
    said: dict[str, dict[str, Any]]
    error: str = ""


def judged(spec: Scenario, members: tuple[str, ...], tick: int, worlds: int) -> dict[str, dict[str, Any]]:
    """Return what is known of a pact's stability in words and as a picture, by language."""
    from coopsim.stability import MOST, Pact, stability
    from coopsim.stability.figure import picture
    from coopsim.stability.words import sentences, setting, title

    if hasattr(os, "nice"):
        os.nice(_NICE)
    last_year = min(spec.start_year + tick // 4 + _YEARS, spec.start_year + spec.ticks // 4) - 1
    found = stability(spec, Pact(0, members, tick), range(worlds), last_year, workers=1)
    before = lang()
    out = {}
    try:
        for language in ("fr", "en"):
            set_lang(language)
            drawn = base64.b64encode(picture(found, "svg")).decode()
            out[language] = {
                "title": title(found), "setting": setting(found, spec.start_year), "lines": sentences(found, MOST),
                "picture": f"data:image/svg+xml;base64,{drawn}",
            }  # fmt: skip
    finally:
        set_lang(before)
    return out


class Holdings:
    """Questions about pacts, answered one at a time in one process; answers stay in memory."""

    def __init__(self, told: Callable[[], None], worlds: int = WORLDS) -> None:
        self.asked: list[Asking] = []
        self._told, self._worlds = told, worlds
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def ask(self, lane: str, spec: Scenario, members: tuple[str, ...], tick: int) -> Asking:
        """Begin to look at a pact, unless that was already asked."""
        key = f"{spec.hash}-{'+'.join(members)}-{tick}"
        with self._lock:
            for one in self.asked:
                if one.key == key and one.state != "failed":
                    return one
            asking = Asking(lane, members, key, "running", {})
            self.asked = [one for one in self.asked if one.key != key] + [asking]
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
            future = self._pool.submit(judged, spec, members, tick, self._worlds)
        future.add_done_callback(lambda done: self._done(key, done))
        return asking

    def known(self, lane: str, members: tuple[str, ...]) -> dict[str, dict[str, Any]] | None:
        """Return the newest answer about a pact of these members on a lane."""
        for one in reversed(self.asked):
            if one.state == "done" and one.lane == lane and one.members == members:
                return one.said
        return None

    def close(self) -> None:
        """Stop the work."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = None

    def _done(self, key: str, future: Any) -> None:
        if future.cancelled():
            return
        error = future.exception()
        said = {} if error else future.result()
        state, text = ("failed", str(error)[:300]) if error else ("done", "")
        with self._lock:
            self.asked = [
                replace(one, state=state, said=said, error=text) if one.key == key else one
                for one in self.asked
            ]
        self._told()
