"""Events at hand: what may happen to the world now."""

from collections.abc import Callable

import solara

from coopsim.i18n import Lang
from coopsim.scenario.events import EVENTS
from coopsim_viz.pages.common import safe, word
from coopsim_viz.pages.fields import Choice, Several
from coopsim_viz.room.branches import LANES
from coopsim_viz.stage import Stage


@solara.component
def Shocks(stage: Stage, lang: Lang, say: Callable[[str], None]) -> None:
    """Choose an event, its size, where."""
    names = {
        f"{kind.text.fr if lang == 'fr' else kind.text.en} [{what}]": what for what, kind in EVENTS.items()
    }
    label, pick = solara.use_state(next(iter(names)))
    amount, size = solara.use_state(0.3)
    where, at = solara.use_state([])
    lanes, on_lanes = solara.use_state(word("both", lang))
    what = names.get(label, next(iter(EVENTS)))
    places = {name: code for code, name in stage.room.base["A"].territory_names.items()}

    def happen() -> None:
        on = LANES if lanes not in LANES else (lanes,)
        stage.room.shock(what, float(amount), on, [places[name] for name in where])

    with solara.Card(word("shock", lang), classes=["cs-shock"]):
        Choice(word("shock", lang), list(names), label, pick)
        kind = EVENTS[what]
        bounds = f"{kind.low:g} – {kind.high:g}" + ("" if kind.unit == "1" else f" {kind.unit}")
        solara.InputFloat(f"{word('amount', lang)} ({bounds})", value=amount, on_value=size)
        Several(word("where", lang), list(places), where, at)
        Choice(word("applies_to", lang), [word("both", lang), *LANES], lanes, on_lanes)
        solara.Button(word("happen", lang), on_click=safe(say, happen), classes=["cs-happen"])
