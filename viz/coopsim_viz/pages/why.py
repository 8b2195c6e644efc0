"""Pourquoi ?: everything the journal knows of one thing that happened."""

from collections.abc import Callable
from html import escape
from typing import Any

import solara

from coopsim.i18n import Lang, Text
from coopsim_viz.pages.common import word
from coopsim_viz.room.frame import trace
from coopsim_viz.stage import Stage

LABELS: dict[str, Text] = {
    "tick": Text("trimestre (depuis le début)", "quarter (since the start)"),
    "year": Text("année", "year"),
    "body": Text("qui", "who"),
    "kind": Text("sorte", "kind"),
    "move": Text("quoi", "what"),
    "amount": Text("combien", "how much"),
    "votes_for": Text("voix pour", "votes for"),
    "votes_against": Text("voix contre", "votes against"),
    "outcome": Text("issue", "outcome"),
    "jobs_pct": Text("emplois attendus, % du budget", "expected jobs, % of the budget"),
    "revenue_pct": Text("recettes attendues, % du budget", "expected revenue, % of the budget"),
    "cost_pct": Text("coût, % du budget", "cost, % of the budget"),
    "pact": Text("pacte", "pact"),
    "members": Text("membres", "members"),
}
_HIDDEN = ("reason_fr", "reason_en")


@solara.component
def Why(stage: Stage, asked: tuple[str, int], lang: Lang, on_close: Callable[[], None]) -> None:
    """Show the trace of a journal row; nothing while none is asked for."""
    lane, row = asked
    if row < 0:
        return
    journal = stage.room.lanes[lane].lived().journal
    if row >= len(journal):
        return
    found = trace(journal, row)
    with solara.Div(classes=["cs-why"]):
        solara.HTML(tag="h2", unsafe_innerHTML=f"{lane} · {escape(word('why', lang))}")
        solara.HTML(tag="p", unsafe_innerHTML=f"<b>{escape(str(found.get(f'reason_{lang}', '')))}</b>")
        solara.HTML(tag="table", unsafe_innerHTML=_rows(stage, found, lang))
        solara.Button(word("close", lang), on_click=on_close, classes=["cs-close"])


def _rows(stage: Stage, found: dict[str, Any], lang: Lang) -> str:
    names = stage.room.base["A"].territory_names
    out = []
    for key, value in found.items():
        if key in _HIDDEN:
            continue
        text = LABELS.get(key)
        label = key if text is None else (text.fr if lang == "fr" else text.en)
        shown = names.get(str(value), str(value)) if key == "body" else _shown(value, lang)
        out.append(f"<tr><th scope='row'>{escape(label)}</th><td>{escape(shown)}</td></tr>")
    return "".join(out)


def _shown(value: Any, lang: Lang) -> str:
    if isinstance(value, float):
        text = f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"  # noqa: PLR2004
        return text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text
    return str(value)
