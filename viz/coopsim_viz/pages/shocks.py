"""Events at hand: six that a workshop often wants in one press, and any other with its size."""

from collections.abc import Callable, Sequence
from typing import Any

import solara

from coopsim.comparison.values import unit_said, value_said
from coopsim.errors import scenario_error
from coopsim.i18n import Lang
from coopsim.scenario.events import EVENTS
from coopsim_viz.pages.common import safe, word
from coopsim_viz.pages.fields import Choice, Several
from coopsim_viz.room import Room
from coopsim_viz.room.branches import LANES
from coopsim_viz.stage import Stage
from coopsim_viz.words import EVENT_NAMES, QUICK

AT_HAND: dict[str, tuple[str, float, int | None]] = {
    "drought": ("drought", 0.5, 4),
    "closure": ("firm_closure", 0.1, None),
    "opportunity": ("demand_shock", 0.2, 4),
    "subsidy_cut": ("subsidy_cut", 0.5, 4),
    "founder": ("president_leaves", 1.0, None),
    "elections": ("elections_now", 1.0, None),
}
"""Event, size and quarters of each; the sizes are those that the button says, assumptions to start a talk with."""


def at_hand(room: Room, name: str, lanes: Sequence[str], territories: Sequence[str]) -> None:
    """Let one of the events at hand happen.

    Raises
    ------
    ScenarioError
        When the founder of a pact should leave and no pact is in force.
    """
    what, amount, quarters = AT_HAND[name]
    where = list(territories)
    if name == "founder" and not where:
        where = room.founders(lanes)
        if not where:
            raise scenario_error("aucun pacte n'est en vigueur", "no pact is in force", key=what)
    room.shock(what, amount, lanes, where, quarters)


@solara.component
def Shocks(stage: Stage, lang: Lang, say: Callable[[str], None]) -> None:
    """Choose where; press an event, or choose another and its size."""
    where, at = solara.use_state([])
    lanes, on_lanes = solara.use_state(word("both", lang))
    places = {name: code for code, name in stage.room.base["A"].territory_names.items()}
    on = LANES if lanes not in LANES else (lanes,)

    def there() -> list[str]:
        return [places[name] for name in where]

    with solara.Card(word("shock", lang), classes=["cs-shock"]):
        Several(word("where", lang), list(places), where, at)
        Choice(word("applies_to", lang), [word("both", lang), *LANES], lanes, on_lanes)
        with solara.Div(classes=["cs-quick"]):
            for name in AT_HAND:
                strike = safe(say, _one(stage.room, name, on, there))
                solara.Button(QUICK[name].said(lang), on_click=strike, classes=[f"cs-quick-{name}"])
        _Other(stage, lang, say, on, there)


def sized(what: str, text: str) -> float:
    """Return the size of an event as people write it, with a comma or a point.

    Raises
    ------
    ScenarioError
        For what is no number.
    """
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise scenario_error("un nombre est attendu", "a number is expected", key=what, value=text) from None


def _one(room: Room, name: str, lanes: Sequence[str], there: Callable[[], list[str]]) -> Callable[[], Any]:
    return lambda: at_hand(room, name, lanes, there())


@solara.component
def _Other(
    stage: Stage, lang: Lang, say: Callable[[str], None], lanes: Sequence[str], there: Callable[[], list[str]]
) -> None:
    """Any event with its size."""
    names = {EVENT_NAMES[what].said(lang) if what in EVENT_NAMES else what: what for what in EVENTS}
    label, pick = solara.use_state(next(iter(names)))
    amount, size = solara.use_state("0,3" if lang == "fr" else "0.3")
    what = names.get(label, next(iter(EVENTS)))
    kind = EVENTS[what]
    low, high = (value_said(what, bound, lang) for bound in (kind.low, kind.high))
    bounds = f"{low} – {high} {unit_said(kind.unit, lang)}".rstrip()
    Choice(word("other_event", lang), list(names), label, pick)
    solara.HTML(tag="p", unsafe_innerHTML=kind.text.said(lang), classes=["cs-help"])
    solara.InputText(
        f"{word('amount', lang)} ({bounds})", value=amount, on_value=size, continuous_update=True
    )
    happen = safe(say, lambda: stage.room.shock(what, sized(what, amount), lanes, there()))
    solara.Button(word("happen", lang), on_click=happen, classes=["cs-happen"])
