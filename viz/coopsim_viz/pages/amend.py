"""A rule to change: which, to what, where, on which lane."""

from collections.abc import Callable

import solara

from coopsim.comparison.values import value_said
from coopsim.i18n import Lang
from coopsim_viz.pages.common import safe, word
from coopsim_viz.pages.fields import Choice, Search
from coopsim_viz.pages.levers import choices, help_of, levers, present, read, shown
from coopsim_viz.room.branches import LANES
from coopsim_viz.stage import Stage

Chosen = tuple[str, str, tuple[str, ...]]  # a rule, its value as written, the lanes


@solara.component
def Amend(stage: Stage, lang: Lang, say: Callable[[str], None], on_choice: Callable[[Chosen], None]) -> None:
    """Choose a rule, its value and where; ``on_choice`` tells the vote card what could be voted."""
    names = {shown(key, lang): key for key in levers()}
    label, pick = solara.use_state(next(iter(names)))
    text, write = solara.use_state("")
    lanes, on_lanes = solara.use_state(word("both", lang))
    key = names.get(label, next(iter(names.values())))

    def where(lane: str) -> tuple[str, ...]:
        return LANES if lane not in LANES else (lane,)

    def told(value: str) -> None:
        write(value)
        on_choice((key, value, where(lanes)))

    def picked(name: str) -> None:
        chosen = names.get(name, name)  # a key is taken as well, written as in a scenario file
        pick(shown(chosen, lang))
        write("")
        on_choice((chosen, "", where(lanes)))

    def moved(lane: str) -> None:
        on_lanes(lane)
        on_choice((key, text, where(lane)))

    def apply() -> None:
        stage.room.amend({key: read(key, text, lang)}, where(lanes))
        told("")

    with solara.Card(word("amend", lang), classes=["cs-amend"]):
        Search(word("rule", lang), list(names), label, picked, also=levers())
        values = " · ".join(
            f"{lane} : {value_said(key, present(stage.room, key, lane), lang)}" for lane in LANES
        )
        solara.Text(f"{word('now', lang)} – {values}", classes=["cs-present"])
        solara.HTML(tag="p", unsafe_innerHTML=f"{help_of(key, lang)} <code>{key}</code>", classes=["cs-help"])
        offered = choices(key, lang)
        if offered:
            Choice(word("value", lang), ["", *offered], text, told)
        else:
            solara.InputText(word("value", lang), value=text, on_value=told, continuous_update=True)
        Choice(word("applies_to", lang), [word("both", lang), *LANES], lanes, moved)
        solara.Button(word("apply", lang), color="primary", on_click=safe(say, apply), classes=["cs-apply"])
