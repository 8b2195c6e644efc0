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
    "mistrust": Text("retiré par la défiance, % du budget", "taken off by distrust, % of the budget"),
    "decisive": Text("argument décisif", "decisive argument"),
}
_TERMS = {
    "jobs": Text("emplois", "jobs"),
    "resources": Text("eau et ressources", "water and resources"),
    "social": Text("besoins des habitants", "needs of residents"),
    "revenue": Text("recettes", "revenue"),
    "cost": Text("coût", "cost"),
    "image": Text("image", "image"),
    "power": Text("pouvoir", "power"),
    "advice": Text("avis", "advice"),
    "context": Text("actualité de l'année", "news of the year"),
    "noise": Text("le reste, de chacun", "the rest, each one's own"),
}
_SIDES = {
    "yes": Text("{term}, chez les oui (% du budget)", "{term}, among the yes (% of the budget)"),
    "no": Text("{term}, chez les non (% du budget)", "{term}, among the no (% of the budget)"),
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
        label = _label(key, lang)
        shown = names.get(str(value), str(value)) if key == "body" else _shown(value, lang)
        out.append(f"<tr><th scope='row'>{escape(label)}</th><td>{escape(shown)}</td></tr>")
    return "".join(out)


def _label(key: str, lang: Lang) -> str:
    """Return what a column of the journal is; the arguments of a vote come by side."""
    side, _, term = key.partition("_")
    if side in _SIDES and term in _TERMS:
        one, two = _SIDES[side], _TERMS[term]
        return one.said(lang).format(term=two.said(lang))
    text = LABELS.get(key)
    return key if text is None else text.said(lang)


def _shown(value: Any, lang: Lang) -> str:
    if isinstance(value, float):
        text = f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"  # noqa: PLR2004
        return text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text
    return str(value)
