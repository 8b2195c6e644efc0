"""Atelier: what the room sees on the wall."""

import io
from html import escape

import segno
import solara

from coopsim.i18n import Lang
from coopsim_viz.pages.board import Board
from coopsim_viz.pages.common import safe, use_stage, word
from coopsim_viz.pages.why import NOTHING, Why
from coopsim_viz.room.frame import public
from coopsim_viz.stage import Stage, current


@solara.component
def Atelier() -> None:
    """Show the projected screen of the room."""
    stage = current()
    screen = use_stage(lambda s: s.screen)
    asked, set_asked = solara.use_state(NOTHING)
    _, set_error = solara.use_state("")
    if stage is None or screen is None:
        solara.Warning(word("no_room", "fr"))
        return
    solara.Title(f"coopsim – {word('atelier', screen.lang)}")
    with solara.Column(gap="0px", classes=["cs-atelier"]):
        if screen.joining:
            _Join(stage, screen.lang)
        _Vote(screen.lang)
        Board(stage, screen, screen.lang, safe(set_error, set_asked))
        Why(stage, asked, screen.lang, on_ask=set_asked, on_close=lambda: set_asked(NOTHING))


@solara.component
def _Join(stage: Stage, lang: Lang) -> None:
    """Show the code that phones read."""
    picture = solara.use_memo(lambda: qr(stage.seat_address), [stage.seat_address])
    phones = use_stage(lambda s: len(s.room.assembly.phones))
    with solara.Div(classes=["cs-join"]):
        solara.HTML(tag="div", unsafe_innerHTML=picture)
        with solara.Column(gap="4px"):
            solara.HTML(tag="h2", unsafe_innerHTML=word("join", lang))
            solara.Text(word("join_how", lang))
            solara.HTML(tag="p", unsafe_innerHTML=f"<b>{stage.seat_address}</b>", classes=["cs-address"])
            solara.Text(word("phones", lang, n=phones))


def qr(address: str) -> str:
    """Return the QR code of an address as an SVG."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, light="#fff"
    )
    return out.getvalue().decode()


@solara.component
def _Vote(lang: Lang) -> None:
    """Show the open question, or the last result until time passes."""
    told = use_stage(_asked)
    if told is None:
        return
    with solara.Div(classes=["cs-vote"]):
        solara.HTML(tag="h2", unsafe_innerHTML=escape(told["question"]))
        if told["open"]:
            count = word("voted", lang, voted=told["voted"], invited=told["invited"])
            rest = "" if told["seconds"] is None else f" · {told['seconds']} s"
            options = "".join(f"<b class='cs-option'>{escape(o)}</b>" for o in told["options"])
            solara.HTML(tag="p", unsafe_innerHTML=options)
            for name, brings in zip(told["options"], told["brings"], strict=True):
                if brings is not None:
                    solara.HTML(
                        tag="p", unsafe_innerHTML=escape(f"{name} → {brings[lang]}"), classes=["cs-brings"]
                    )
            solara.HTML(tag="p", unsafe_innerHTML=escape(count + rest), classes=["cs-voted"])
        else:
            solara.HTML(tag="p", unsafe_innerHTML=f"<b>{escape(outcome(told, lang))}</b>")
            total = sum(told["shares"]) or 1.0
            for name, heads, share in zip(told["options"], told["phones"], told["shares"], strict=True):
                _bar(name, word("heads", lang, n=heads), share / total)


def _bar(name: str, heads: str, share: float) -> None:
    width = f"{100 * share:.0f}"
    solara.HTML(
        tag="div",
        classes=["cs-bar"],
        unsafe_innerHTML=f"<span>{escape(name)}</span><i style='width:{width}%'></i><b>{width} % ({escape(heads)})</b>",
    )


def outcome(told: dict, lang: Lang) -> str:  # type: ignore[type-arg]
    """Return the result of a counted ballot in words."""
    if not told["quorate"]:
        return word("no_quorum", lang)
    if told["winner"] < 0:
        return word("nothing", lang)
    return word("adopted", lang, label=told["options"][told["winner"]])


def _asked(stage: Stage) -> dict | None:  # type: ignore[type-arg]
    """Return the open ballot, or the last one while the room stands where it was counted."""
    room = stage.room
    with room.lock:
        if room.assembly.ballot is not None:
            return public(room.assembly.ballot, room)
        if room.assembly.ballots and room.assembly.counted_at == room.tick:
            return public(room.assembly.ballots[-1], room)
    return None
