"""Animation: the facilitator's own screen, everything that drives the room."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import solara

from coopsim.i18n import Lang
from coopsim_viz.pages.amend import Amend, Chosen
from coopsim_viz.pages.ask import Ask
from coopsim_viz.pages.common import safe, use_stage, word
from coopsim_viz.pages.fields import Choice
from coopsim_viz.pages.history import History
from coopsim_viz.pages.projected import Projected
from coopsim_viz.pages.shocks import Shocks
from coopsim_viz.room.branches import LANES
from coopsim_viz.room.driver import SPEEDS
from coopsim_viz.stage import Stage, current

Say = Callable[[str], None]


@solara.component_vue("keys.vue")
def _Keys(event_pressed: Callable[[Any], None] | None = None) -> None: ...


@solara.component
def Animation() -> None:
    """Show the controls to who has the token."""
    stage = current()
    lang: Lang = use_stage(lambda s: s.screen.lang) or "fr"
    router = solara.use_router()
    if stage is None:
        solara.Warning(word("no_room", lang))
        return
    token = (parse_qs(router.search or "").get("jeton") or [""])[0]
    solara.Title(f"coopsim – {word('animation', lang)}")
    if not stage.facilitates(token):
        solara.HTML(tag="h1", unsafe_innerHTML=word("animation", lang))
        solara.Warning(word("no_token", lang))
        return
    _Controls(stage, lang)


@solara.component
def _Controls(stage: Stage, lang: Lang) -> None:
    error, say = solara.use_state("")
    fault = use_stage(lambda s: s.driver.state.error)
    nothing: Chosen = ("", "", LANES)
    chosen, choose = solara.use_state(nothing)
    with solara.Div(classes=["cs-animation"]):
        with solara.Row(gap="8px", justify="space-between", style="flex-wrap: wrap"):
            solara.HTML(tag="h1", unsafe_innerHTML=word("animation", lang))
            flip = safe(say, lambda: stage.show(lang="en" if lang == "fr" else "fr"))
            solara.Button(word("language", lang), on_click=flip, text=True)
        Transport(stage, lang, say)
        with solara.Div():  # always there: a message that comes or goes must not empty the forms below
            for text in (error, fault):
                if text:
                    solara.Error(f"{word('error', lang)} : {text}", classes=["cs-error"])
        with solara.Div(classes=["cs-cards"]):
            Amend(stage, lang, say, on_choice=choose)
            Shocks(stage, lang, say)
            Ask(stage, lang, say, chosen)
            Projected(stage, lang, say)
            History(stage, lang, say)


@solara.component
def Transport(stage: Stage, lang: Lang, say: Say) -> None:
    """Play, step, undo, go back, end."""
    room, driver = stage.room, stage.driver
    drive = use_stage(lambda s: s.driver.state)
    year, quarter, finished, can_undo, can_redo = use_stage(
        lambda s: (
            s.room.base["A"].start_year + s.room.tick // 4, s.room.tick % 4 + 1, s.room.finished,
            s.room.tree.can_undo, s.room.tree.can_redo,
        )
    )  # fmt: skip
    live = {1: safe(say, lambda: room.live(1)), 4: safe(say, lambda: room.live(4))}
    undo, redo = safe(say, room.undo), safe(say, room.redo)
    toggle = safe(say, driver.toggle)
    pressed = {" ": toggle, "ArrowRight": live[1], "ArrowUp": live[4], "z": undo, "y": redo}
    _Keys(event_pressed=lambda key: pressed[key]())
    with solara.Div(classes=["cs-drive"], attributes={"role": "group", "aria-label": word("drive", lang)}):
        solara.HTML(tag="strong", unsafe_innerHTML=f"{year} · {quarter}/4", classes=["cs-now"])
        solara.Button(
            word("pause" if drive.playing else "play", lang), color="primary", on_click=toggle, disabled=finished,
            icon_name="mdi-pause" if drive.playing else "mdi-play", classes=["cs-play"],
        )  # fmt: skip
        idle = drive.playing or finished
        solara.Button(word("quarter_step", lang), on_click=live[1], disabled=idle, classes=["cs-step"])
        solara.Button(word("year_step", lang), on_click=live[4], disabled=idle, classes=["cs-year-step"])
        five = safe(say, lambda: driver.play(until=room.tick + 20))
        solara.Button(word("five_years", lang), on_click=five, disabled=idle, classes=["cs-five"])
        for name, act, may in (("undo", undo, can_undo), ("redo", redo, can_redo)):
            solara.Button(
                word(name, lang),
                icon_name=f"mdi-{name}",
                on_click=act,
                disabled=not may,
                classes=[f"cs-{name}"],
            )
        beyond = safe(say, stage.look_beyond)
        solara.Button(word("robust", lang), on_click=beyond, outlined=True, classes=["cs-robust"])
        End(stage, lang, say, finished=room.ended)
    Ways(stage, lang)
    with solara.Div(classes=["cs-drive"]):
        faster: Callable[[float], object] = safe(say, driver.speed)
        pace = [f"{s:g}" for s in SPEEDS]
        Choice(word("speed", lang), pace, f"{drive.speed:g}", lambda text: faster(float(text)))
        Back(stage, lang, say, year=year)
    solara.HTML(tag="p", unsafe_innerHTML=word("keys", lang), classes=["cs-help"])


@solara.component
def Ways(stage: Stage, lang: Lang) -> None:
    """The way to every other page, each in a window of its own."""
    own = f"?jeton={stage.token}"
    pages = {
        "report": f"/bilan{own}", "report_pdf": f"/bilan.pdf{own}", "compare": f"/comparer{own}",
        "explorer": f"/explorer{own}", "stability": f"/stabilite{own}", "labs": "/laboratoire", "data": "/donnees",
    }  # fmt: skip
    with solara.Div(
        classes=["cs-ways"], attributes={"role": "navigation", "aria-label": word("other_pages", lang)}
    ):
        for name, where in pages.items():
            solara.Button(
                word(name, lang), href=where, target="_blank", text=True, small=True,
                classes=[f"cs-{name.replace('_', '-')}"],
            )  # fmt: skip


@solara.component
def Back(stage: Stage, lang: Lang, say: Say, year: int) -> None:
    """Go back to a year."""
    first = stage.room.base["A"].start_year
    wish, wish_for = solara.use_state(first)
    wished = solara.use_ref(
        first
    )  # what a press right after the choice reads, before the page is drawn again
    years = list(range(first, year)) or [first]

    def choose(text: str) -> None:
        wished.current = int(text)
        wish_for(int(text))

    go = safe(say, lambda: stage.room.back(4 * (min(wished.current, years[-1]) - first)))
    with solara.Div(classes=["cs-drive"]):
        Choice(word("back", lang), [str(y) for y in years], str(min(wish, years[-1])), choose)
        solara.Button(word("go_back", lang), on_click=go, disabled=year == first, classes=["cs-back"])


@solara.component
def End(stage: Stage, lang: Lang, say: Say, *, finished: bool) -> None:
    """End the session, asked twice."""
    sure, ask = solara.use_state(False)  # noqa: FBT003

    def end() -> None:
        if not sure:
            ask(not sure)
            return
        stage.driver.pause()
        stage.room.end()
        ask(not sure)

    label = word("end_sure" if sure else "end", lang)
    solara.Button(
        label,
        on_click=safe(say, end),
        disabled=finished,
        outlined=not sure,
        color="#a30000",
        classes=["cs-finish"],
    )
