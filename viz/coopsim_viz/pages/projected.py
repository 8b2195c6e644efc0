"""What the wall shows: map, charts, type size, background, the code to join."""

from collections.abc import Callable

import solara

from coopsim.comparison.words import ordered_indicators
from coopsim.i18n import Lang
from coopsim.indicators import INDICATORS
from coopsim_viz.pages.common import safe, use_stage, word
from coopsim_viz.pages.fields import Grouped
from coopsim_viz.stage import Stage


@solara.component
def Projected(stage: Stage, lang: Lang, say: Callable[[str], None]) -> None:
    """Choose what the projected screen shows."""
    screen = use_stage(lambda s: s.screen)
    phones = use_stage(lambda s: len(s.room.assembly.phones))
    names = {i.label.said(lang): i.name for i in INDICATORS}
    label = {name: text for text, name in names.items()}
    groups = [(title.said(lang), some) for title, some in ordered_indicators()]
    every = [(title, [i.label.said(lang) for i in some]) for title, some in groups]
    placed = [
        (title, [i.label.said(lang) for i in some if i.aggregate != "system"]) for title, some in groups
    ]
    with solara.Card(word("screen", lang), classes=["cs-screen"]):
        Grouped(
            word("map_shows", lang), placed, label[screen.mapped],
            safe(say, lambda text: stage.show(mapped=names[text])),
        )  # fmt: skip
        for n in range(4):
            Grouped(
                f"{word('charts', lang)} {n + 1}", every, label[screen.slots[n]],
                safe(say, _slot(stage, screen.slots, n, names)),
            )  # fmt: skip
        for name in ("big", "dark", "joining"):
            text = word({"joining": "show_join"}.get(name, name), lang)
            solara.Checkbox(label=text, value=getattr(screen, name), on_value=safe(say, _switch(stage, name)))
        solara.Text(f"{stage.seat_address} · {word('phones', lang, n=phones)}", classes=["cs-address"])


def _slot(stage: Stage, slots: tuple[str, ...], n: int, names: dict[str, str]) -> Callable[[str], None]:
    return lambda text: stage.show(slots=_with(slots, n, names[text]))


def _switch(stage: Stage, name: str) -> Callable[[bool], None]:
    return lambda on: stage.show(**{name: on})


def _with(slots: tuple[str, ...], n: int, name: str) -> tuple[str, ...]:
    return (*slots[:n], name, *slots[n + 1 :])
