"""The keys that a room may amend: the rules of the game by their seven questions, with bounds and present value."""

from functools import cache
from typing import Any

from coopsim.catalogue import key_names, key_record
from coopsim.comparison.values import unit_said, value_said
from coopsim.errors import scenario_error
from coopsim.i18n import Lang, Text
from coopsim.scenario.overlay import at, parse_override
from coopsim_viz.room import Room

_RANGE = " – "  # between the bounds of a number

QUESTIONS: dict[str, Text] = {
    "boundary": Text("Qui participe ?", "Who takes part?"),
    "position": Text("Qui siège ?", "Who sits?"),
    "choice": Text("Que peut-on décider ?", "What may be decided?"),
    "aggregation": Text("Comment décide-t-on ?", "How is it decided?"),
    "information": Text("Que sait-on ?", "What is known?"),
    "payoff": Text("Qui paie, qui gagne ?", "Who pays, who gains?"),
    "scope": Text("Quelles limites ?", "Which limits?"),
}


@cache
def levers() -> dict[str, dict[str, Any]]:
    """Return the amendable keys without ``governance``, each with what the catalogue knows of it; tables left out."""
    found: dict[str, dict[str, Any]] = {}
    for name in key_names():
        if not name.startswith("governance."):
            continue
        record = key_record(name)
        if record is not None and "keys" not in record and record.get("label"):
            found[name.removeprefix("governance.")] = record
    return found


def shown(key: str, lang: Lang) -> str:
    """Return a key as it is offered: its question and its label."""
    return f"{QUESTIONS[key.partition('.')[0]].said(lang)} {_label(key, lang)}"


@cache
def _label(key: str, lang: Lang) -> str:
    """Return the label of a key, behind that of its table where several keys have the same."""
    own = levers()[key]["label"].said(lang)
    alike = sum(record["label"].said(lang) == own for record in levers().values())
    table = key_record(f"governance.{key.rpartition('.')[0]}") if alike > 1 else None
    colon = " : " if lang == "fr" else ": "
    return f"{table['label'].said(lang)}{colon}{own}" if table and table.get("label") else own


def help_of(key: str, lang: Lang) -> str:
    """Return unit and values allowed of a key, by the names that people read."""
    record = levers()[key]
    words = list(_named(key, lang))
    allowed = ", ".join(words) if words else _decimal(str(record.get("allowed", "")), lang)
    return " · ".join(part for part in (unit_said(str(record.get("unit", "")), lang), allowed) if part)


def choices(key: str, lang: Lang) -> list[str]:
    """Return the values that may be chosen when they are words and one of them is taken; nothing else."""
    record = levers()[key]
    listed = isinstance(record.get("default"), list)
    bounded = _RANGE in str(record.get("allowed", ""))
    return [] if listed or bounded else list(_named(key, lang))


@cache
def _named(key: str, lang: Lang) -> dict[str, str]:
    """Return the words allowed by the names that people read; bounds of numbers stay as they are."""
    parts = [part for part in str(levers()[key].get("allowed", "")).split(", ") if part]
    if all(_RANGE in part for part in parts):
        return {}
    return {_said(key, part, lang): part for part in parts}


def _said(key: str, part: str, lang: Lang) -> str:
    value: Any = part == "true" if part in ("true", "false") else part
    return _decimal(part, lang) if _RANGE in part else value_said(key, value, lang)


def _decimal(text: str, lang: Lang) -> str:
    return text.replace(".", ",") if lang == "fr" else text


def present(room: Room, key: str, lane: str) -> Any:
    """Return the value of a key in force on a lane, in the first territory (codes in order)."""
    scenario = room.lanes[lane].scenario
    code = sorted(scenario.territory_names)[0]
    tree = scenario.governance_for(code, room.tick).model_dump(mode="json", by_alias=True)
    return at(tree, tuple(key.split(".")))


def read(key: str, text: str, lang: Lang = "fr") -> Any:
    """Return a value written as people read it or as in a scenario file; a comma is a decimal point in a number.

    Several names are written one after another, with commas.

    Raises
    ------
    ScenarioError
        For an empty or badly written value; the scenario itself checks type and bounds.
    """
    words = text.strip()
    if not words:
        raise scenario_error("donner une valeur", "give a value", key=key)
    known = _named(key, lang)
    if words in known:
        words = known[words]
    elif isinstance(levers()[key].get("default"), list) and words[0] != "[":
        some = [part.strip() for part in words.split(",")]
        if all(part in known for part in some):
            return [known[part] for part in some]
    if words.replace(",", "", 1).lstrip("-").isdigit():
        words = words.replace(",", ".")
    return parse_override(f"{key}={words}")[1]
