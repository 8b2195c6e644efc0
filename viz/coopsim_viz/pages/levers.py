"""The keys that a room may amend: the rules of the game by their seven questions, with bounds and present value."""

from functools import cache
from typing import Any

from coopsim.catalogue import key_names, key_record
from coopsim.errors import scenario_error
from coopsim.i18n import Lang, Text
from coopsim.scenario.overlay import at, parse_override
from coopsim_viz.room import Room

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
    question, label = QUESTIONS[key.partition(".")[0]], levers()[key]["label"]
    return f"{question.said(lang)} {label.said(lang)} [{key}]"


def help_of(key: str, lang: Lang) -> str:
    """Return unit and values allowed of a key."""
    record = levers()[key]
    parts = [str(record.get("unit", "")), str(record.get("allowed", ""))]
    allowed = " · ".join(part for part in parts if part)
    return allowed.replace(
        "true, false", "true (oui), false (non)" if lang == "fr" else "true (yes), false (no)"
    )


def present(room: Room, key: str, lane: str) -> Any:
    """Return the value of a key in force on a lane, in the first territory (codes in order)."""
    scenario = room.lanes[lane].scenario
    code = sorted(scenario.territory_names)[0]
    tree = scenario.governance_for(code, room.tick).model_dump(mode="json", by_alias=True)
    return at(tree, tuple(key.split(".")))


def read(key: str, text: str) -> Any:
    """Return a value written as in a scenario file; a comma is a decimal point in a number.

    Raises
    ------
    ScenarioError
        For an empty or badly written value; the scenario itself checks type and bounds.
    """
    words = text.strip()
    if not words:
        raise scenario_error("donner une valeur", "give a value", key=key)
    if words.replace(",", "", 1).lstrip("-").isdigit():
        words = words.replace(",", ".")
    return parse_override(f"{key}={words}")[1]
