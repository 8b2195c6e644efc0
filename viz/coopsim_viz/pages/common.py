"""What pages share: following the room, feeding a widget, handlers that cannot break a page."""

import functools
import json
import logging
import re
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import solara

from coopsim.errors import ScenarioError
from coopsim.i18n import Lang
from coopsim.scenario.rules import all_rules
from coopsim_viz.stage import Stage, current
from coopsim_viz.words import PAGES

P = ParamSpec("P")
R = TypeVar("R")
_LOG = logging.getLogger("coopsim.viewer")
FRAME_SECONDS = 0.08  # between two frames of one page


def word(name: str, lang: Lang, **parts: object) -> str:
    """Return a word of the pages."""
    text = PAGES[name]
    return text.said(lang).format(**parts)


def rule_words(name: str, lang: Lang) -> str:
    """Return what a voting rule asks for, in words; the name of one that no package knows any more."""
    rules = all_rules()[0]["voting rule"]
    return rules[name].traits.summary.said(lang) if name in rules else name


def safe(report: Callable[[str], None], function: Callable[P, R]) -> Callable[P, R | None]:
    """Return a handler whose failure is told on the page: an exception would replace the page by a traceback."""

    @functools.wraps(function)
    def handler(*args: P.args, **kwargs: P.kwargs) -> R | None:
        report("")
        try:
            return function(*args, **kwargs)
        except ScenarioError as error:
            report(told_once(error))
        except Exception as error:
            _LOG.exception("a command failed")
            report(f"{type(error).__name__}: {error}")
        return None

    return handler


def told_once(error: ScenarioError) -> str:
    """Return what is refused, once where every territory says it."""
    lines = (re.sub(r"^territory\[\d+\]\.", "", str(problem)) for problem in error.problems)
    return "\n".join(dict.fromkeys(lines))


def use_stage(select: Callable[[Stage], Any], pause: float = 0.1) -> Any:
    """Return ``select(stage)``, followed: the page is drawn again only when it changes."""
    stage = current()
    value, set_value = solara.use_state(None if stage is None else select(stage))

    def follow(cancelled: threading.Event) -> None:
        if stage is None:
            return
        event, last = stage.room.watch(), None
        try:
            while not cancelled.is_set():
                if event.wait(0.5):
                    event.clear()
                    now = select(stage)
                    if now != last:
                        last = now
                        set_value(now)
                        cancelled.wait(pause)
        finally:
            stage.room.unwatch(event)

    solara.use_thread(follow, dependencies=[id(stage)])
    return value


def use_feed(element: solara.Element, trait: str, make: Callable[[Stage], str]) -> None:
    """Write one trait of a widget whenever the room changed, past the page's drawing: the latest frame wins.

    The trait is never an argument of the element: drawing the page again would put an old frame back.
    """
    stage = current()
    place: Any = solara.use_ref(None)

    def grab() -> None:
        place.current = solara.get_widget(element)

    solara.use_effect(grab)

    def feed(cancelled: threading.Event) -> None:
        if stage is None:
            return
        event = stage.room.watch()
        try:
            while not cancelled.is_set():
                if not event.wait(0.5):
                    continue
                widget = place.current
                if widget is None:
                    cancelled.wait(0.02)
                    continue
                event.clear()
                setattr(widget, trait, make(stage))
                cancelled.wait(FRAME_SECONDS)
        finally:
            stage.room.unwatch(event)

    solara.use_thread(feed, dependencies=[id(stage)])


def dumped(value: Any) -> str:
    """Return compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
