"""Checks across the parts of a scenario: dates, territories and the rules of each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.case_places import case_problem, territory_names, unmerged_names
from coopsim.scenario.dates import TICKS_PER_YEAR, tick_of
from coopsim.scenario.document import CaseSpec, DecisionSpec, EventSpec, Head, Horizon, TerritoryRules
from coopsim.scenario.governance import Governance
from coopsim.scenario.merger import mistakes as merger_mistakes
from coopsim.scenario.overlay import at, overlay
from coopsim.scenario.places import Path
from coopsim.scenario.refusals import dotted, refusals
from coopsim.scenario.theory_of_change import Step
from coopsim.scenario.theory_of_change import mistakes as theory_mistakes

Mistakes = list[tuple[Path, Problem]]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a scenario that are sound, even where others are not; lists keep their places."""

    horizon: Horizon
    case: CaseSpec | None
    governance: Governance
    territory: dict[int, TerritoryRules]
    event: dict[int, EventSpec]
    decision: dict[int, DecisionSpec]
    theory: dict[int, Step]
    theory_whole: bool


def parts_of(raw: Mapping[str, Any]) -> Parts:
    """Return the sound parts of a tree read from files."""
    steps = raw.get("theory_of_change")
    theory = _sound_items(Step, steps)
    return Parts(
        horizon=_sound(Horizon, raw.get("horizon", {})) or Horizon(),
        case=_sound(CaseSpec, raw.get("case")),
        governance=_sound(Governance, raw.get("governance", {})) or Governance(),
        territory=_sound_items(TerritoryRules, raw.get("territory")),
        event=_sound_items(EventSpec, raw.get("event")),
        decision=_sound_items(DecisionSpec, raw.get("decision")),
        theory=theory,
        theory_whole=isinstance(steps, list) and len(theory) == len(steps),
    )


def parts_of_document(document: Head) -> Parts:
    """Return the parts of a valid document."""
    return Parts(
        horizon=document.horizon,
        case=document.case,
        governance=document.governance,
        territory=dict(enumerate(document.territory)),
        event=dict(enumerate(document.event)),
        decision=dict(enumerate(document.decision)),
        theory=dict(enumerate(document.theory_of_change or ())),
        theory_whole=True,
    )


def _sound(model: Any, value: Any) -> Any:
    try:
        return TypeAdapter(model).validate_python(value)
    except ValidationError:
        return None


def _sound_items(model: Any, items: Any) -> dict[int, Any]:
    found = {n: _sound(model, item) for n, item in enumerate(items if isinstance(items, list) else [])}
    return {n: item for n, item in found.items() if item is not None}


def cross_mistakes(parts: Parts) -> Mistakes:
    """Return what is wrong between parts that are sound in themselves."""
    mistakes: Mistakes = []
    names: dict[str, str] | None = None
    if parts.case is not None:
        missing = case_problem(parts.case)
        if missing is not None:
            path: Path = ("case", "name")
            mistakes += [(path, replace(p, key=dotted(path))) for p in missing.problems]
        else:
            names = territory_names(parts.case)
            mistakes += _unmergeable(parts.case)
    states, wrong = rule_states(parts, names or {})
    mistakes += _dated(parts, states, names)
    there = ("governance", "payoff", "reciprocity", "offers")
    for n, offer in enumerate(parts.governance.payoff.reciprocity.offers if names else ()):
        for side in ("giver", "taker"):
            mistakes += _unknown_code((*there, n, side), getattr(offer, side), names or {})
    path = ("governance", "payoff", "joint_project", "costs")
    for n, cost in enumerate(parts.governance.payoff.joint_project.costs if names else ()):
        if len(cost.members) == 1:  # every territory concerned has its cost alone
            mistakes += _unknown_code((*path, n, "members"), cost.members[0], names or {})
    mistakes += _unpromisable(parts, names)
    return mistakes + wrong


def _unpromisable(parts: Parts, names: Mapping[str, str] | None) -> Mistakes:
    """Return what is wrong with the theory of change: its graph, its dates, its places."""
    found = theory_mistakes(parts.theory, parts.horizon.start_year, whole=parts.theory_whole)
    for n, step in parts.theory.items() if names else ():
        if step.territory is not None:
            found += _unknown_code(("theory_of_change", n, "territory"), step.territory, names or {})
    return found


def _unmergeable(case: CaseSpec) -> Mistakes:
    """Return what is wrong with the mergers of the case."""
    codes = list(unmerged_names(case))
    found: Mistakes = []
    for n, fr, en in merger_mistakes(case.merge or (), codes) if codes else []:
        path: Path = ("case", "merge", n)
        found.append((path, Problem(Text(fr, en), key=dotted(path))))
    return found


def _dated(parts: Parts, states: "States", names: Mapping[str, str] | None) -> Mistakes:
    """Return what is wrong with dates and places of rules, events and decisions."""
    mistakes: Mistakes = []
    for n, rules in parts.territory.items():
        mistakes += _outside(("territory", n, "from"), rules.from_, parts.horizon)
        mistakes += _unknown_territory(n, rules, names) if names else []
    for n, event in parts.event.items():
        mistakes += _outside(("event", n, "when"), event.when, parts.horizon)
        for m, code in enumerate(event.territories):
            mistakes += _unknown_code(("event", n, "territories", m), code, names) if names else []
    for n, decision in parts.decision.items():
        mistakes += _outside(("decision", n, "when"), decision.when, parts.horizon)
        mistakes += _undecidable(n, decision, parts, states, names) if names else []
    return mistakes


def _undecidable(
    n: int, decision: DecisionSpec, parts: Parts, states: "States", names: Mapping[str, str]
) -> Mistakes:
    """Return what is wrong with a decision: no such territory, or one where people do not decide at that date."""
    path: Path = ("decision", n, "territory")
    code = next((code for code, name in names.items() if decision.territory in (code, name)), None)
    if code is None:
        return _unknown_code(path, decision.territory, names)
    tick, governance = tick_of(decision.when, parts.horizon.start_year), parts.governance
    for start, found in states.get(code, ()):
        governance = found if start <= tick else governance
    maker: Any = governance.choice.decision_maker
    if (maker.get("rule") if isinstance(maker, Mapping) else maker) == "human":
        return []
    message = Text(
        "à cette date ce territoire ne décide pas par « human » (governance.choice.decision_maker)",
        "at that date this territory does not decide by 'human' (governance.choice.decision_maker)",
    )
    return [(path, Problem(message, key=dotted(path), value=decision.territory))]


def _outside(path: Path, when: int | str, horizon: Horizon) -> Mistakes:
    last = TICKS_PER_YEAR * horizon.years - 1
    if 0 <= tick_of(when, horizon.start_year) <= last:
        return []
    end = horizon.start_year + horizon.years - 1
    message = Text("date hors de la durée simulée", "date outside the time simulated")
    allowed = f"{horizon.start_year}-01-01 – {end}-12-31, 0 – {last}"
    return [(path, Problem(message, key=dotted(path), value=when, allowed=allowed))]


def _unknown_code(path: Path, code: str, names: Mapping[str, str]) -> Mistakes:
    if code in names:
        return []
    message = Text("territoire inconnu de ce cas", "territory unknown in this case")
    known = [*names, *names.values()]
    close = nearest(code, known)
    by_name = {name: code for code, name in names.items()}
    return [
        (
            path,
            Problem(
                message,
                key=dotted(path),
                value=code,
                allowed=", ".join(names) if len(names) <= 20 else "",  # noqa: PLR2004 - a line of text
                nearest=by_name.get(close, close),
            ),
        )
    ]


def _unknown_territory(n: int, rules: TerritoryRules, names: Mapping[str, str]) -> Mistakes:
    if rules.code is not None:
        return _unknown_code(("territory", n, "code"), rules.code, names)
    if rules.name in names.values():
        return []
    path: Path = ("territory", n, "name")
    message = Text("territoire inconnu de ce cas", "territory unknown in this case")
    close = nearest(str(rules.name), list(names.values()))
    return [(path, Problem(message, key=dotted(path), value=rules.name, nearest=close))]


def code_of(rules: TerritoryRules, names: Mapping[str, str]) -> str:
    """Return the code of the territory that dated rules name."""
    if rules.code is not None:
        return rules.code
    return next((code for code, name in names.items() if name == rules.name), str(rules.name))


States = dict[str, list[tuple[int, Governance]]]


def rule_states(parts: Parts, names: Mapping[str, str]) -> tuple[States, Mistakes]:
    """Return the rules of each territory that has its own, by tick of effect, and what is wrong in them.

    Rules that start later are written over earlier ones, and for one date in the order of the file.
    """
    base = parts.governance.model_dump(mode="json", by_alias=True, exclude_none=True)
    start = parts.horizon.start_year
    trees: dict[str, dict[str, Any]] = {}
    states: States = {}
    mistakes: Mistakes = []
    for n, rules in sorted(
        parts.territory.items(), key=lambda item: (tick_of(item[1].from_, start), item[0])
    ):
        code = code_of(rules, names)
        tree = overlay(trees.get(code, base), rules.governance, ("governance",))
        try:
            governance = Governance.model_validate(tree)
        except ValidationError as error:
            mistakes += _placed(error, n, rules)
            continue
        trees[code] = tree
        states.setdefault(code, []).append((tick_of(rules.from_, start), governance))
    return states, mistakes


def _placed(error: ValidationError, n: int, rules: TerritoryRules) -> Mistakes:
    """Return the mistakes of one territory's rules, at their place in the file."""
    out = []
    for path, problem in refusals(error, Governance):
        full: Path = ("territory", n, "governance", *path)
        close = problem.nearest
        if "." in close and at(rules.governance, path) is not None:
            close = f"governance.{close}"
        out.append((full, replace(problem, key=dotted(full), nearest=close)))
    return out
