"""The board: both lanes with maps, planes, charts and stories, drawn in the browser from one text a frame."""

from collections.abc import Callable
from typing import Any

import solara

from coopsim.comparison.words import UNITS
from coopsim.i18n import Lang, Text
from coopsim.indicators import INDICATORS
from coopsim_viz.pages.common import dumped, use_feed
from coopsim_viz.pages.why import Asked, asked_of
from coopsim_viz.room.frame import frame, label
from coopsim_viz.room.scene import scene
from coopsim_viz.stage import Screen, Stage
from coopsim_viz.words import BOARD, said


@solara.component_vue("board.vue")
def _Board(
    frame_json: str = "{}",
    scene_json: str = "{}",
    screen_json: str = "{}",
    words_json: str = "{}",
    lang: str = "fr",
    dark: bool = False,
    event_why: Callable[[Any], None] | None = None,
) -> None: ...


@solara.component
def Board(stage: Stage, screen: Screen, lang: Lang, on_why: Callable[[Asked], None]) -> None:
    """Show the room; ``on_why`` gets the lane, and the journal row or the point of a curve that was asked about."""
    still = solara.use_memo(lambda: dumped(_still(stage)), [id(stage)])
    element = _Board(
        scene_json=still,
        screen_json=dumped({"slots": list(screen.slots), "big": screen.big}),
        words_json=dumped(said(BOARD, lang)),
        lang=lang,
        dark=screen.dark,
        event_why=lambda asked: on_why(asked_of(asked)),
    )
    use_feed(element, "frame_json", _framed)


def _framed(stage: Stage) -> str:
    now = stage.robust.now if stage.robust is not None else None
    shown = frame(stage.room, stage.screen.slots, stage.screen.mapped)
    if now is not None and now.done:
        counts = {name: [now.above.get(name, 0), now.below.get(name, 0)] for name in stage.screen.slots}
        shown["robust"] = {"done": now.done, "worlds": now.worlds, "counts": counts}
    for lane, about in shown["lanes"].items():
        known = [stage.holdings.known(lane, stage.codes(pact)) for pact in about["pacts"]]
        about["holds"] = [{la: said[la]["lines"][0] for la in said} for said in known if said]
    return dumped(shown)


def _still(stage: Stage) -> dict[str, Any]:
    labels = {i.name: label(i.name) | {"words": _units(i.name)} for i in INDICATORS}
    return scene(stage.room.base) | {"indicators": labels}


def _units(name: str) -> dict[str, str]:
    unit = next(i.unit for i in INDICATORS if i.name == name)
    text = UNITS.get(unit, Text(unit, unit))
    return {"fr": text.fr, "en": text.en}
