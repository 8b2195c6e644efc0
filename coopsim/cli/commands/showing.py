"""``list`` and ``explain``: what there is."""

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer

from coopsim.cli.commands.options import Json
from coopsim.cli.output import console, shown, table, write_json
from coopsim.errors import ScenarioError
from coopsim.i18n import Text
from coopsim.registry import KINDS as RULE_KINDS


class Kind(StrEnum):
    """What can be listed."""

    SCENARIOS = "scenarios"
    RULES = "rules"
    INDICATORS = "indicators"
    PARAMETERS = "parameters"
    LABS = "labs"
    MOVES = "moves"
    EVENTS = "events"
    CASES = "cases"
    PLANS = "plans"
    INACTIVE = "inactive"


HEADS: dict[str, Text] = {
    "name": Text("Nom", "Name"),
    "type": Text("Sorte", "Kind"),
    "title": Text("Titre", "Title"),
    "question": Text("Question", "Question"),
    "rule_kind": Text("Sorte de règle", "Kind of rule"),
    "label": Text("Libellé", "Label"),
    "summary": Text("Résumé", "Summary"),
    "value": Text("Valeur par défaut", "Default"),
    "default": Text("Valeur par défaut", "Default"),
    "unit": Text("Unité", "Unit"),
    "values_without_effect": Text("Valeurs sans effet", "Values without effect"),
    "why": Text("Sans effet, car", "No effect, because"),
    "legal": Text("Bornes", "Bounds"),
    "allowed": Text("Permis", "Allowed"),
    "choices": Text("Choix", "Choices"),
    "range": Text("Valeurs plausibles", "Plausible values"),
    "grade": Text("Qualité", "Grade"),
    "source": Text("Source", "Source"),
    "levers": Text("Leviers", "Levers"),
    "parameters": Text("Paramètres", "Parameters"),
    "used_by": Text("Clés", "Keys"),
    "package": Text("Paquet", "Package"),
    "key": Text("Clé", "Key"),
    "direction": Text("Sens", "Direction"),
    "aggregate": Text("Ensemble", "Whole system"),
    "outcome": Text("Reçoit un verdict", "Gets a verdict"),
    "group": Text("Groupe", "Group"),
    "formula": Text("Formule", "Formula"),
    "baseline": Text("Point de départ", "Baseline"),
    "family": Text("Famille", "Family"),
    "payer": Text("Payé par", "Paid by"),
    "duration": Text("Durée (trimestres)", "Length (quarters)"),
    "submodel": Text("Sous-modèle", "Sub-model"),
    "extends": Text("Prolonge", "Extends"),
    "case": Text("Cas", "Case"),
    "settings": Text("Règles fixées", "Rules set"),
    "year": Text("Année des données", "Year of the data"),
    "design": Text("Plan d'expérience", "Design"),
    "scenarios": Text("Scénarios", "Scenarios"),
    "varied": Text("Clés qui varient", "Keys that vary"),
    "runs": Text("Simulations", "Runs"),
    "change": Text("Que changer", "What to change"),
    "look": Text("Que regarder", "What to look at"),
    "values": Text("Paramètres", "Parameters"),
    "results": Text("Résultats", "Results"),
    "assemblies": Text("Qui pèse dans les assemblées", "Who weighs in the assemblies"),
    "members": Text("Membres", "Members"),
    "votes": Text("Voix", "Votes"),
    "first": Text("Le plus gros", "The largest"),
    "share": Text("Ses voix, %", "Its votes, %"),
    "banzhaf": Text("Son pouvoir, %", "Its power, %"),
    "shapley_shubik": Text("Selon Shapley, %", "By Shapley, %"),
    "centres": Text("Centres", "Centres"),
    "statutes_pass": Text("Statuts : votes qui passent, %", "Statutes: votes that pass, %"),
    "statutes_power": Text("Statuts : son pouvoir, %", "Statutes: its power, %"),
}

_COLUMNS: dict[str, tuple[str, ...]] = {
    "scenarios": ("name", "type", "title"),
    "rules": ("name", "rule_kind", "label", "source"),
    "indicators": ("name", "unit", "label", "direction", "outcome"),
    "parameters": ("name", "value", "unit", "range", "grade", "label"),
    "labs": ("name", "title", "values", "results"),
    "moves": ("name", "label", "family", "payer", "levers"),
    "events": ("name", "label", "unit", "legal"),
    "cases": ("name", "title", "year"),
    "plans": ("name", "title", "design", "runs"),
    "inactive": ("name", "values_without_effect", "why"),
}
_BELOW: dict[str, tuple[str, ...]] = {
    "keys": ("name", "label", "default", "allowed", "unit", "grade", "levers"),
    "values": ("name", "label", "default", "allowed"),
    "results": ("name", "label", "unit"),
    "assemblies": (
        "name",
        "members",
        "votes",
        "first",
        "share",
        "banzhaf",
        "shapley_shubik",
        "centres",
        "statutes_pass",
        "statutes_power",
    ),
}
_KINDS: dict[str, Text] = {
    "scenario": Text("scénario", "scenario"),
    "rule": Text("règle", "rule"),
    "indicator": Text("indicateur", "indicator"),
    "parameter": Text("paramètre", "parameter"),
    "lab": Text("laboratoire", "lab"),
    "move": Text("choix d'un conseil", "move of a council"),
    "event": Text("événement", "event"),
    "case": Text("cas", "case"),
    "plan": Text("plan d'expérience", "plan of a batch"),
    "key": Text("clé de scénario", "scenario key"),
    "inactive": Text("clé sans effet", "key without effect"),
}
_WORDS: dict[str, Text] = {
    "preset": Text("jeu de règles", "preset"),
    "place": Text("lieu", "place"),
    "dynamic": Text("dynamique de départ", "initial dynamics"),
    "scenario": Text("scénario", "scenario"),
    "lab": Text("laboratoire", "lab"),
    "family": Text("famille", "family"),
    "measured": Text("mesuré", "measured"),
    "literature": Text("littérature", "literature"),
    "assumption": Text("hypothèse", "assumption"),
    "attractiveness": Text("attractivité", "attractiveness"),
    "cooperation": Text("coopération", "cooperation"),
    "own": Text("pour soi", "own"),
    "council": Text("le conseil", "the council"),
    "members": Text("les membres", "the members"),
    "none": Text("–", "–"),
    "sum": Text("somme", "sum"),
    "mean": Text("moyenne", "mean"),
    "population": Text("moyenne par habitant", "mean by resident"),
    "jobs": Text("moyenne par emploi", "mean by job"),
    "max": Text("plus grande valeur", "largest value"),
    "system": Text("n'existe que pour l'ensemble", "only for the whole"),
    **RULE_KINDS,
}
_DIRECTIONS = {
    1: Text("plus est mieux", "more is better"),
    -1: Text("moins est mieux", "less is better"),
    0: Text("aucun", "none"),
}


def list_(
    kind: Annotated[Kind, typer.Argument()],
    part: Annotated[str, typer.Argument(metavar="[TEXT]", show_default=False)] = "",
    as_json: Json = False,
) -> None:
    """List what there is of one kind."""
    from coopsim.catalogue import broken_packages, flat, records

    every = records(kind)
    found = [record for record in every if part in record["name"]] or [
        record
        for record in every
        if part.lower() in str(record.get("label") or record.get("title", "")).lower()
    ]
    if as_json:
        write_json([flat(record) for record in found])
    else:
        names = _COLUMNS[kind]
        if any(record.get("package", "coopsim") != "coopsim" for record in found):
            names = (*names, "package")
        rows = [[_cell(record, name) for name in names] for record in found]
        console().print(table([HEADS[name] for name in names], rows))
    if kind == Kind.RULES and broken_packages():  # what works is listed first
        raise ScenarioError(list(broken_packages()))


def explain(name: Annotated[str, typer.Argument()], as_json: Json = False) -> None:
    """Tell what is known under a name."""
    from rich.table import Table
    from rich.text import Text as Cell

    from coopsim.catalogue import explain, flat

    found = explain(name)
    if as_json:
        write_json([flat(record) for record in found])
        return
    screen = console()
    for record in found:
        screen.print(Cell.assemble((record["name"], "bold"), f"  {_KINDS[record['kind']]}"))
        facts = Table(box=None, show_header=False, padding=(0, 2))
        for field, head in HEADS.items():
            value = _cell(record, field)
            if field != "name" and field not in _BELOW and shown(value):
                facts.add_row(Cell(str(head), "dim"), Cell(shown(value)))
        screen.print(facts)
        for field, columns in _BELOW.items():
            if record.get(field):
                rows = [[_cell(below, column) for column in columns] for below in record[field]]
                title = HEADS.get(field)
                screen.print(table([HEADS[column] for column in columns], rows, title))


def _cell(record: dict[str, Any], field: str) -> Any:
    """Return a field of a record as it is shown."""
    if field in ("legal", "range"):
        low, high = record.get(f"{field}_low"), record.get(f"{field}_high")
        return "" if low is None or high is None else f"{low:g} – {high:g}"
    value = record.get(field)
    if value is None:
        return ""
    return _SHOWN[field](value) if field in _SHOWN else value


def _literal(value: Any) -> str:
    """Return a value as a scenario file writes it, a text without its quotes."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _literals(values: dict[str, Any]) -> str:
    return "\n".join(f"{key} = {_literal(value)}" for key, value in values.items())


def _words(value: str) -> str:
    return ", ".join(str(_WORDS.get(word, word)) for word in value.split(", "))


def _names(below: list[dict[str, Any]]) -> str:
    return ", ".join(record["name"] for record in below)


def _group(name: str) -> Text:
    from coopsim.comparison.words import GROUPS

    return GROUPS[name]


def _percent(share: float) -> float:
    return round(100.0 * share, 1)


_SHOWN: dict[str, Callable[[Any], Any]] = {
    "direction": _DIRECTIONS.__getitem__,
    "group": _group,
    "settings": _literals,
    "parameters": _literals,
    "value": _literal,
    "default": _literal,
    "values": _names,
    "results": _names,
    "centres": lambda number: round(number, 1),
    **dict.fromkeys(("share", "banzhaf", "shapley_shubik", "statutes_pass", "statutes_power"), _percent),
    **dict.fromkeys(("type", "grade", "family", "payer", "aggregate", "rule_kind"), _words),
}
