"""A vote round: the question, the answers, who counts how much, what the last answer brings."""

from collections.abc import Callable
from html import escape
from typing import Any

import solara

from coopsim.i18n import Lang
from coopsim.scenario.rules import all_rules
from coopsim_viz.pages.amend import Chosen
from coopsim_viz.pages.atelier import outcome
from coopsim_viz.pages.common import rule_words, safe, use_stage, word
from coopsim_viz.pages.fields import Area, Choice
from coopsim_viz.pages.levers import read
from coopsim_viz.room import Amendment, Option
from coopsim_viz.room.changes import to_json
from coopsim_viz.room.frame import public
from coopsim_viz.room.votes import ABSENT, TEXTS, WEIGHTS
from coopsim_viz.stage import Stage


@solara.component
def Ask(stage: Stage, lang: Lang, say: Callable[[str], None], chosen: Chosen) -> None:
    """Open and close votes; ``chosen`` is the rule, the value and the lanes of the amendment card."""
    told = use_stage(
        lambda s: public(s.room.assembly.ballots[-1], s.room) if s.room.assembly.ballots else None
    )
    with solara.Card(word("ask", lang), classes=["cs-ask"]):
        if told is not None and told["open"]:
            solara.HTML(tag="p", unsafe_innerHTML=f"<b>{escape(told['question'])}</b>")
            solara.Text(
                word("voted", lang, voted=told["voted"], invited=told["invited"]), classes=["cs-count"]
            )
            if told["seconds"] is not None:
                solara.Text(f" · {told['seconds']} s")
            close = safe(say, stage.room.assembly.close_ballot)
            solara.Button(
                word("close_vote", lang), color="primary", on_click=close, classes=["cs-close-vote"]
            )
            return
        if told is not None:
            solara.Text(f"{word('result', lang)} : {outcome(told, lang)}", classes=["cs-outcome"])
        _Form(stage, lang, say, chosen)


@solara.component
def _Form(stage: Stage, lang: Lang, say: Callable[[str], None], chosen: Chosen) -> None:
    question, ask = solara.use_state("")
    answers, answer = solara.use_state("Non\nOui" if lang == "fr" else "No\nYes")
    brings, bring = solara.use_state(False)  # noqa: FBT003
    rule, govern = solara.use_state("majority")
    weights, weigh = solara.use_state("phone")
    absent, absentees = solara.use_state("abstain")
    quorum, least = solara.use_state(0.0)
    secret, hide = solara.use_state(False)  # noqa: FBT003
    seconds, within = solara.use_state(90)

    def go() -> None:
        labels = [line.strip()[:120] for line in answers.splitlines() if line.strip()]
        changes: tuple[dict[str, Any], ...] = ()
        lanes: tuple[str, ...] = ()
        if brings:
            key, text, lanes = chosen
            changes = (to_json(Amendment(stage.room.tick, ((key, read(key, text, lang)),))),)
        last = len(labels) - 1
        options = [
            Option(name, changes, lanes) if n == last else Option(name) for n, name in enumerate(labels)
        ]
        stage.room.assembly.open_ballot(
            question, options, float(seconds) if seconds > 0 else None,
            rule=rule, weights=weights, absent=absent, quorum=float(quorum), secret=secret,
        )  # fmt: skip

    said = {name: TEXTS[name].said(lang) for name in (*WEIGHTS, *ABSENT)}
    back = {text: name for name, text in said.items()}
    solara.InputText(word("question", lang), value=question, on_value=ask, continuous_update=True)
    Area(word("answers", lang), answers, answer)
    solara.Checkbox(label=word("brings", lang), value=brings, on_value=bring)
    rules = {rule_words(name, lang): name for name in sorted(all_rules()[0]["voting rule"])}
    Choice(word("voting_rule", lang), list(rules), rule_words(rule, lang), lambda text: govern(rules[text]))
    Choice(word("weights", lang), [said[w] for w in WEIGHTS], said[weights], lambda text: weigh(back[text]))
    Choice(word("absent", lang), [said[a] for a in ABSENT], said[absent], lambda text: absentees(back[text]))
    solara.SliderFloat(word("quorum", lang), value=quorum, on_value=least, min=0.0, max=1.0, step=0.05)
    solara.InputInt(word("seconds", lang), value=seconds, on_value=within)
    solara.Checkbox(label=word("secret", lang), value=secret, on_value=hide)
    ready = bool(question.strip())
    solara.Button(
        word("open_vote", lang),
        color="primary",
        on_click=safe(say, go),
        disabled=not ready,
        classes=["cs-open-vote"],
    )
