"""The scenario file: a closed document whose keys bear their unit."""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema, create_model, model_validator

from coopsim.errors import scenario_error
from coopsim.registry import nearest
from coopsim.scenario.dates import When
from coopsim.scenario.events import EVENTS
from coopsim.scenario.governance import Governance
from coopsim.scenario.merger import Merger
from coopsim.scenario.parameter_models import section_models, section_title
from coopsim.scenario.parameters import parameters
from coopsim.scenario.strict import Local, Strict, finite, key
from coopsim.scenario.synthetic_spec import SyntheticSpec
from coopsim.scenario.theory_of_change import MAX_STEPS, Step
from coopsim.society.moves import KEYS

NAME = r"^[a-z0-9][a-z0-9._+=,-]*$"
FIRST_YEAR, LAST_YEAR, MAX_YEARS = 1900, 2500, 500


class Horizon(Strict):
    """When the simulation starts and how long it lasts."""

    start_year: int = key("première année", "first year", 2026, unit="yr", ge=FIRST_YEAR, le=LAST_YEAR)
    years: int = key("durée", "length", 30, unit="yr", ge=1, le=MAX_YEARS)


class CaseSpec(Strict):
    """The case: a shipped name, the path of a folder, or a few numbers."""

    name: str | None = key(
        "nom d'un cas livré, ou chemin d'un dossier (avec « / »)",
        "name of a shipped case, or path of a folder (with '/')",
        None,
        min_length=1,
    )
    synthetic: SyntheticSpec | None = key("cas synthétique", "synthetic case", None)
    merge: tuple[Merger, ...] | None = key(
        "intercommunalités fusionnées avant le premier jour", "territories merged before the first day", None,
        strict=False,
    )  # fmt: skip

    @model_validator(mode="after")
    def _one(self) -> "CaseSpec":
        if (self.name is None) == (self.synthetic is None):
            raise scenario_error(
                "donner soit « name » soit « synthetic »", "give either 'name' or 'synthetic'"
            )
        return self


class Submodels(Strict):
    """Parts of the model that run; a part switched off changes nothing."""

    water: bool = key("eau", "water", default=True)
    wood: bool = key("bois", "wood", default=True)
    land: bool = key("sol", "land", default=True)
    companies: bool = key("entreprises", "companies", default=True)
    people: bool = key("habitants", "people", default=True)
    finance: bool = key("finances publiques", "public finance", default=True)
    councils: bool = key("conseils", "councils", default=True)
    ties: bool = key("liens entre territoires", "ties between territories", default=True)
    pacts: bool = key("pactes", "pacts", default=True)
    transition: bool = key("transition des entreprises", "transition of companies", default=True)
    elections: bool = key("élections", "elections", default=True)
    bodies: bool = key("syndicats et autres organismes", "syndicates and other bodies", default=True)


class TerritoryRules(Strict):
    """Rules of one territory, from a date on."""

    code: str | None = key("code du territoire", "code of the territory", None)
    name: str | None = key("nom du territoire", "name of the territory", None)
    from_: When = key("date ou trimestre d'effet", "date or quarter of effect", 0, alias="from")
    governance: dict[str, Any] = key("règles changées", "rules changed", min_length=1)

    @model_validator(mode="after")
    def _one(self) -> "TerritoryRules":
        if (self.code is None) == (self.name is None):
            raise scenario_error("donner soit « code » soit « name »", "give either 'code' or 'name'")
        return self


def _event_kind(value: Any) -> str:
    if not isinstance(value, str) or value not in EVENTS:
        raise scenario_error(
            "événement inconnu",
            "unknown event",
            value=str(value),
            allowed=", ".join(EVENTS),
            nearest=nearest(str(value), list(EVENTS)),
        )
    return value


What = Annotated[str, PlainValidator(_event_kind), WithJsonSchema({"enum": list(EVENTS)})]


class EventSpec(Strict):
    """One event: what happens to the world, when, where and how much."""

    when: When = key("date ou trimestre", "date or quarter")
    what: What = key("sorte d'événement", "kind of event")
    amount: float = key("ampleur, dans l'unité de l'événement", "size, in the unit of the event")
    territories: tuple[str, ...] = key(
        "codes touchés (absent : tous)", "codes concerned (absent: all)", (), strict=False
    )
    known: Literal["yes", "range", "no"] = key("su d'avance", "known beforehand", "no")
    duration: int | None = key("durée", "length", None, unit="tick", ge=1, le=4 * MAX_YEARS)

    @model_validator(mode="after")
    def _bounds(self) -> "EventSpec":
        kind = EVENTS[self.what]
        if not kind.low <= self.amount <= kind.high:
            raise scenario_error(
                f"ampleur hors des bornes de « {self.what} »",
                f"amount out of the bounds of '{self.what}'",
                key="amount",
                value=self.amount,
                allowed=f"{kind.low:g} – {kind.high:g}" + (f" {kind.unit}" if kind.unit != "1" else ""),
            )
        if not kind.lasts and (self.duration or 1) > 1:
            raise scenario_error(
                f"« {self.what} » se produit une fois : retirer « duration »",
                f"'{self.what}' happens once: remove 'duration'",
                key="duration",
                value=self.duration,
            )
        return self


def _move(value: Any) -> str:
    if value not in KEYS:
        raise scenario_error(
            "choix inconnu", "unknown move", value=str(value), allowed=", ".join(KEYS),
            nearest=nearest(str(value), list(KEYS)),
        )  # fmt: skip
    return str(value)


class DecidedMove(Strict):
    """One move of the councils' menu, made a number of steps at once."""

    move: Annotated[str, PlainValidator(_move), WithJsonSchema({"enum": list(KEYS)})] = key(
        "choix, de la liste « coopsim list moves »", "move, of the list 'coopsim list moves'"
    )
    times: float = key("nombre de pas", "number of steps", 1.0, gt=0.0, le=1e6)


class DecisionSpec(Strict):
    """What people decided for a territory whose decision maker is ``human``: a workshop can be lived again."""

    when: When = key("date ou trimestre", "date or quarter")
    territory: str = key("code ou nom du territoire", "code or name of the territory")
    moves: tuple[DecidedMove, ...] = key("choix décidés", "moves decided", (), strict=False)
    strategy: float | None = key(
        "stratégie, dans l'unité de son jeu", "strategy, in the unit of its game", None
    )

    @model_validator(mode="after")
    def _something(self) -> "DecisionSpec":
        if not self.moves and self.strategy is None:
            raise scenario_error("donner « moves » ou « strategy »", "give 'moves' or 'strategy'")
        return self


class Record(Strict):
    """What a run keeps."""

    journal: bool = key("journal des décisions", "journal of decisions", default=True)


def _finite_table(table: dict[str, Any]) -> dict[str, Any]:
    if not finite(table):
        raise scenario_error(
            "nombre fini attendu (ni nan ni inf)", "finite number expected (neither nan nor inf)"
        )
    return table


class Head(Strict):
    """Everything in a scenario but the model's parameters."""

    schema_: Literal[1] = key("version du format", "version of the format", 1, alias="schema")
    extends: tuple[str, ...] = key(
        "fichiers prolongés : noms livrés ou chemins (« / » ou .toml)",
        "files extended: shipped names or paths ('/' or .toml)",
        (),
        strict=False,
        exclude=True,
    )
    name: Annotated[str, Field(max_length=200)] = key(
        "nom : minuscules, chiffres, tirets", "name: lower-case letters, digits, hyphens", pattern=NAME
    )
    title: Local | None = key("titre", "title", None)
    question: Local | None = key("question posée", "question asked", None)
    horizon: Horizon = key("durée simulée", "time simulated", Horizon())
    case: CaseSpec = key("cas : territoires et données", "case: territories and data")
    submodels: Submodels = key("parties du modèle", "parts of the model", Submodels())
    governance: Governance = key("règles du jeu", "rules of the game", Governance())
    territory: tuple[TerritoryRules, ...] = key(
        "règles par territoire", "rules by territory", (), strict=False
    )
    event: tuple[EventSpec, ...] = key("événements", "events", (), strict=False)
    decision: tuple[DecisionSpec, ...] = key(
        "décisions des personnes", "decisions of people", (), strict=False
    )
    theory_of_change: tuple[Step, ...] | None = key(
        "théorie du changement : étapes promises, que la simulation prouve ou non",
        "theory of change: steps promised, which the run proves or not",
        None,
        strict=False,
        max_length=MAX_STEPS,
    )
    record: Record = key("ce qui est gardé", "what is kept", Record())
    theory: Annotated[dict[str, Any], AfterValidator(_finite_table)] = key(
        "théorie d'un laboratoire", "theory of a laboratory", {}
    )


@cache
def document_model() -> type[Head]:
    """Return the closed model of a scenario file, with the shipped parameters as its keys."""
    sections: dict[str, Any] = {}
    for name, model in section_models(parameters()).items():
        text = section_title(name)
        sections[name] = (model, key(text.fr, text.en, model()))
    return create_model("Scenario", __base__=Head, __module__=__name__, **sections)
