"""Pourquoi ?: everything the journal knows of one thing that happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import solara

from coopsim.comparison.words import UNITS, scale_of
from coopsim.i18n import Lang, Text
from coopsim.indicators import BY_NAME
from coopsim.society.arguments import DIVIDED
from coopsim_viz.pages.common import rule_words, word
from coopsim_viz.room.branches import LANES
from coopsim_viz.room.frame import trace
from coopsim_viz.room.lane import Lived
from coopsim_viz.room.telling import behind, sentence
from coopsim_viz.room.told import told
from coopsim_viz.stage import Stage

LABELS: dict[str, Text] = {
    "when": Text("quand", "when"),
    "body": Text("qui", "who"),
    "amount": Text("ampleur", "size"),
    "votes_for": Text("voix pour", "votes for"),
    "votes_against": Text("voix contre", "votes against"),
    "jobs_pct": Text("emplois attendus, % du budget", "expected jobs, % of the budget"),
    "revenue_pct": Text("recettes attendues, % du budget", "expected revenue, % of the budget"),
    "cost_pct": Text("coût, % du budget", "cost, % of the budget"),
    "members": Text("membres du pacte", "members of the pact"),
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
    "habit": Text("habitude", "habit"),
    "advice": Text("avis", "advice"),
    "context": Text("actualité de l'année", "news of the year"),
    "noise": Text("le reste, propre à chacun", "the rest, each one's own"),
    DIVIDED: Text("aucun : le conseil est partagé", "none: the council is divided"),
}
_ARGUMENTS = Text("Arguments, % du budget", "Arguments, % of the budget")
_SIDES = {"yes": Text("chez les oui", "among the yes"), "no": Text("chez les non", "among the no")}
_SAYS = 0.005  # % of the budget below which an argument says nothing


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked about: a line of a lane's journal, or a point of a curve.

    Attributes
    ----------
    lane : str
    row : int
        Of the journal; -1 for a point of a curve.
    name : str
        Indicator of the curve.
    tick : int
    """

    lane: str = ""
    row: int = -1
    name: str = ""
    tick: int = -1


NOTHING = Asked()


def asked_of(data: Mapping[str, Any]) -> Asked:
    """Return what the board asks about; what is neither a line nor a point of a known curve is nothing."""
    lane, name = str(data.get("lane", "")), str(data.get("name", ""))
    if lane not in LANES:
        return NOTHING
    if "row" in data:
        return Asked(lane, int(data["row"]))
    return Asked(lane, -1, name, int(data.get("tick", -1))) if name in BY_NAME else NOTHING


@solara.component
def Why(
    stage: Stage, asked: Asked, lang: Lang, on_ask: Callable[[Asked], None], on_close: Callable[[], None]
) -> None:
    """Show what was asked for; nothing while nothing is."""
    if asked == NOTHING:
        return
    record = stage.room.lanes[asked.lane].lived()
    if asked.row >= len(record.journal) or (asked.row < 0 and not record.ticks):
        return
    with solara.Div(classes=["cs-why"], attributes={"role": "dialog", "aria-label": word("why", lang)}):
        if asked.row >= 0:
            _Line(stage, asked, record.journal, lang)
        else:
            _Point(stage, asked, record, lang, on_ask)
        solara.Button(word("close", lang), on_click=on_close, classes=["cs-close"])


@solara.component
def _Line(stage: Stage, asked: Asked, journal: list[dict[str, Any]], lang: Lang) -> None:
    """Everything that the journal says of one thing."""
    found = trace(journal, asked.row)
    line = sentence(journal, asked.row, stage.room.base["A"].territory_names)
    text = line[lang] if line is not None else str(found.get(f"reason_{lang}", ""))
    solara.HTML(tag="h2", unsafe_innerHTML=f"{asked.lane} · {escape(word('why', lang))}")
    solara.HTML(tag="p", unsafe_innerHTML=f"<b>{escape(text)}</b>")
    rule = _rule(stage, asked.lane, found, lang)
    if rule:
        solara.HTML(tag="p", unsafe_innerHTML=escape(rule), classes=["cs-rule"])
    solara.HTML(tag="table", unsafe_innerHTML=_rows(stage, found, lang))
    weighed = _arguments(found, lang)
    if weighed:
        solara.HTML(tag="table", unsafe_innerHTML=weighed, classes=["cs-weighed"])


@solara.component
def _Point(stage: Stage, asked: Asked, record: Lived, lang: Lang, on_ask: Callable[[Asked], None]) -> None:
    """What happened before a point of a curve, each with its own trace."""
    names, first = stage.room.base["A"].territory_names, stage.room.base["A"].start_year
    one = BY_NAME[asked.name]
    found = behind(record.series(asked.name), record.journal, asked.tick, names)
    year = first + found["tick"] // 4
    title = word("point", lang, label=one.label.said(lang), lane=asked.lane, year=year)
    solara.HTML(tag="h2", unsafe_innerHTML=escape(title))
    values = " · ".join(
        f"{word(said, lang)} : {_scaled(found[name], one.unit, lang)}"
        for said, name in (("year_before", "before"), ("that_quarter", "at"), ("year_after", "after"))
        if found[name] is not None
    )
    unit = UNITS.get(one.unit, Text(one.unit, one.unit)).said(lang)
    solara.HTML(tag="p", unsafe_innerHTML=escape(f"{values} ({unit})" if unit else values))
    solara.HTML(tag="h3", unsafe_innerHTML=escape(word("around", lang)))
    for text in _made(stage, asked.lane, found["tick"], lang):
        solara.HTML(tag="p", unsafe_innerHTML=f"<b>{escape(text)}</b>")
    for line in found["lines"]:
        text = f"{first + line['tick'] // 4} · {line[lang]}"
        solara.Button(text, text=True, on_click=_ask(on_ask, asked.lane, line["row"]), classes=["cs-behind"])
    if not found["lines"]:
        solara.Text(word("nothing_then", lang))
    elif found["more"] > 0:
        solara.Text(word("more_lines", lang, n=found["more"]))


def _made(stage: Stage, lane: str, tick: int, lang: Lang) -> list[str]:
    """Return what the room changed in the year around a point: rules, events, decisions."""
    room = stage.room
    first, branch = room.base["A"].start_year, room.tree.branches[room.tree.position.on(lane)]
    near = [change for change in branch.changes if tick - 4 < change.tick <= tick + 1]
    return [f"{first + change.tick // 4} · {told(change, lang)}" for change in near]


def _ask(on_ask: Callable[[Asked], None], lane: str, row: int) -> Callable[[], None]:
    return lambda: on_ask(Asked(lane, row))


def _scaled(value: float, unit: str, lang: Lang) -> str:
    return _shown(value * scale_of(unit), lang)


def _rule(stage: Stage, lane: str, found: Mapping[str, Any], lang: Lang) -> str:
    """Return the rule under which a vote was taken."""
    if found.get("kind") not in ("vote", "pact-vote") or not found.get("body"):
        return ""
    scenario = stage.room.lanes[lane].scenario
    if str(found["body"]) not in scenario.territory_names:
        return ""
    rules = scenario.governance_for(str(found["body"]), int(found["tick"])).aggregation
    rule = rules.council_rule if found["kind"] == "vote" else rules.pact_rule
    name = rule if isinstance(rule, str) else str(rule["rule"])
    return word("rule_in_force", lang, rule=rule_words(name, lang))


def _rows(stage: Stage, found: Mapping[str, Any], lang: Lang) -> str:
    """Return the facts of a line, one a row; its sentence has told what it is and how it ended."""
    names, year = stage.room.base["A"].territory_names, stage.room.base["A"].start_year
    when = f"{year + int(found['tick']) // 4} · {word('quarter_of', lang, n=int(found['tick']) % 4 + 1)}"
    shown = {
        "when": when,
        "body": names.get(str(found.get("body")), ""),
        "members": ", ".join(names.get(code, code) for code in str(found.get("members", "")).split(";")),
    }
    for key, value in found.items():
        if key == "decisive":
            shown[key] = _TERMS[str(value)].said(lang) if str(value) in _TERMS else ""
        elif key in LABELS and isinstance(value, int | float):
            shown[key] = _shown(value, lang)
    if str(found.get("kind", "")).endswith("vote"):
        shown.pop("amount", None)  # in the unit of the move, which the sentence tells
    return "".join(
        f"<tr><th scope='row'>{escape(LABELS[key].said(lang))}</th><td>{escape(text)}</td></tr>"
        for key, text in shown.items()
        if text
    )


def _arguments(found: Mapping[str, Any], lang: Lang) -> str:
    """Return what weighed among those for and against, the heaviest first; nothing for what was no vote."""
    means = {
        term: [float(found.get(f"{side}_{term}", 0.0)) for side in _SIDES]
        for term in _TERMS
        if term != DIVIDED
    }
    heavy = sorted(means, key=lambda term: -max(map(abs, means[term])))
    rows = "".join(
        f"<tr><th scope='row'>{escape(_TERMS[term].said(lang))}</th>"
        + "".join(f"<td>{_hundredths(value, lang)}</td>" for value in means[term])
        + "</tr>"
        for term in heavy
        if max(map(abs, means[term])) >= _SAYS
    )
    heads = "".join(
        f"<th scope='col'>{escape(text.said(lang))}</th>" for text in (_ARGUMENTS, *_SIDES.values())
    )
    return f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>" if rows else ""


def _hundredths(value: float, lang: Lang) -> str:
    """Return a share of the budget with its sign, two decimals."""
    text = f"{value:+.2f}".replace("-", "−")
    text = "0" if abs(value) < _SAYS else text
    return text.replace(".", ",") if lang == "fr" else text


def _shown(value: float, lang: Lang) -> str:
    """Return a number of a trace: three significant digits, whole from a thousand."""
    if abs(value) < _SAYS / 10:
        return "0"
    text = f"{abs(value):,.3g}" if abs(value) < 1000 else f"{abs(value):,.0f}"  # noqa: PLR2004
    text = text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text
    return ("−" if value < 0 else "") + text
