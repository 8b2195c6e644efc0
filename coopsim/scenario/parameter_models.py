"""Closed models of the sections of parameters, made from the parameter files."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from coopsim.i18n import Text
from coopsim.scenario.parameters import ROOTS, Parameter
from coopsim.scenario.strict import Strict, key

_TITLES = {
    "climate": Text("paramètres du climat", "parameters of the climate"),
    "resources": Text("paramètres des ressources", "parameters of the resources"),
    "resources.water": Text("paramètres de l'eau", "parameters of water"),
    "resources.wood": Text("paramètres du bois", "parameters of wood"),
    "resources.land": Text("paramètres du sol", "parameters of land"),
    "economy": Text("paramètres de l'économie", "parameters of the economy"),
    "economy.companies": Text("paramètres des entreprises", "parameters of companies"),
    "economy.siting": Text("paramètres des implantations", "parameters of siting"),
    "economy.siting_pathway": Text("parcours d'implantation", "siting pathway"),
    "economy.zones": Text("zones d'activité gérées en commun", "business zones managed in common"),
    "economy.transition": Text("paramètres de la transition", "parameters of the transition"),
    "economy.finance": Text("paramètres des finances publiques", "parameters of public finance"),
    "economy.ebe": Text("paramètres des entreprises à but d'emploi", "parameters of employment companies"),
    "economy.energy": Text(
        "paramètres des réseaux de chaleur et boucles", "parameters of heat networks and loops"
    ),
    "economy.procurement": Text("paramètres de la commande publique", "parameters of public purchases"),
    "economy.moves": Text("paramètres des choix économiques", "parameters of economic moves"),
    "economy.reciprocity": Text(
        "paramètres des contrats de réciprocité", "parameters of contracts of reciprocity"
    ),
    "economy.funders": Text(
        "paramètres des prêts, garanties et fonds propres", "parameters of loans, guarantees and own funds"
    ),
    "economy.reuse": Text("paramètres du réemploi et de la réparation", "parameters of re-use and repair"),
    "economy.prices": Text("réponse des usagers aux prix", "answer of users to prices"),
    "economy.french_finance": Text(
        "règles françaises des finances publiques", "French rules of public finance"
    ),
    "society": Text("paramètres de la société", "parameters of society"),
    "society.people": Text("paramètres des habitants", "parameters of people"),
    "society.bodies": Text("paramètres des organismes", "parameters of bodies"),
    "society.councils": Text("paramètres des conseils", "parameters of councils"),
    "society.deliberation": Text("paramètres des débats", "parameters of debates"),
    "society.elections": Text("paramètres des élections", "parameters of elections"),
    "society.ties": Text("paramètres des liens", "parameters of ties"),
    "society.pacts": Text("paramètres des pactes", "parameters of pacts"),
    "society.pact_life": Text("paramètres de la vie d'un pacte", "parameters of the life of a pact"),
    "economy.patronage": Text("paramètres du mécénat", "parameters of patronage"),
    "society.currency": Text("paramètres de la monnaie locale", "parameters of the local currency"),
    "society.social_moves": Text(
        "paramètres des fêtes, visites, récits et formations",
        "parameters of festivals, visits, stories and training",
    ),
    "economy.citizen_capital": Text("paramètres du capital citoyen", "parameters of citizen capital"),
    "economy.boards": Text("paramètres de la codétermination", "parameters of codetermination"),
    "society.crowding": Text(
        "paramètres du poids de l'acteur public", "parameters of the weight of the public actor"
    ),
    "society.commitments": Text(
        "paramètres des engagements durables des conseils", "parameters of standing decisions of councils"
    ),
    "society.policy": Text("paramètres de la politique dans le temps", "parameters of policy over time"),
}


def section_title(path: str) -> Text:
    """Return what a section of parameters holds."""
    return _TITLES.get(path, Text(path, path))


def section_models(table: Mapping[str, Parameter]) -> dict[str, type[Strict]]:
    """Return a closed model for each root (climate, resources, economy, society).

    Parameters
    ----------
    table : mapping of str to Parameter
        As `parameters` returns it.
    """
    return {root: _model(root, table) for root in ROOTS}


def _model(path: str, table: Mapping[str, Parameter]) -> type[Strict]:
    fields: dict[str, Any] = {}
    prefix = path + "."
    for name, parameter in table.items():
        if not name.startswith(prefix):
            continue
        child, _, deeper = name.removeprefix(prefix).partition(".")
        if not deeper:
            fields[child] = _field(parameter)
        elif child not in fields:
            below = _model(prefix + child, table)
            text = section_title(prefix + child)
            fields[child] = (below, key(text.fr, text.en, below()))
    title = "".join(part.capitalize() for part in path.split("."))
    return create_model(title, __base__=Strict, __module__=__name__, **fields)


def _field(parameter: Parameter) -> tuple[Any, Any]:
    """Return the type and the field of one parameter."""
    extra: Any = {
        "fr": parameter.text.fr,
        "en": parameter.text.en,
        "unit": parameter.unit,
        "grade": parameter.grade,
        "source": parameter.source,
    }
    value = parameter.value
    low, high = parameter.legal or (None, None)
    bounds: Any = {} if isinstance(value, bool | str | tuple) else {"ge": low, "le": high}
    field = Field(value, description=parameter.text.fr, json_schema_extra=extra, **bounds)
    if isinstance(value, tuple):
        item = Annotated[float, Field(ge=low, le=high)]
        size = Field(strict=False, min_length=len(value), max_length=len(value))
        return Annotated[tuple[item, ...], size], field
    return (Literal[parameter.choices] if isinstance(value, str) else type(value)), field
