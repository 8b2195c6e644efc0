"""Position, aggregation and information keys that act inside councils: who advises, what is known, what is learnt."""

from typing import Annotated, Any, Literal

from pydantic import PlainValidator, WithJsonSchema

from coopsim.errors import scenario_error
from coopsim.scenario.strict import Strict, lever

MAX_SEATS = 1000
COLLEGES = (
    "citizens", "small_firms", "large_firms", "ess", "associations", "researchers", "nature",
)  # fmt: skip
Posture = Literal["financer", "partner", "initiator", "actor", "regulator"]
DebateFormat = Literal["committee", "debate_space", "moving_debate", "theatre_forum"]
DEBATE_FORMATS: tuple[DebateFormat, ...] = ("committee", "debate_space", "moving_debate", "theatre_forum")
POSTURES: tuple[Posture, ...] = ("financer", "partner", "initiator", "actor", "regulator")


def _seats(value: Any) -> str | int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value in ("legal", "equal") or (whole and 1 <= value <= MAX_SEATS):
        return value  # type: ignore[no-any-return]
    raise scenario_error(
        "« legal », « equal » ou un nombre entier de sièges est attendu",
        "'legal', 'equal' or a whole number of seats is expected",
        value=value,
        allowed=f"legal, equal, 1 – {MAX_SEATS}",
    )


Seats = Annotated[
    str | int,
    PlainValidator(_seats),
    WithJsonSchema(
        {"anyOf": [{"enum": ["legal", "equal"]}, {"type": "integer", "minimum": 1, "maximum": MAX_SEATS}]}
    ),
]


def _places(fr: str, en: str, levers: str) -> Any:
    return lever(fr, en, 0, unit="seats", levers=levers, ge=0, le=100)


class ExtraSeats(Strict):
    """Qui siège avec les élus ? Seats beside those of the elected, and what their voice counts."""

    citizens: int = _places("habitants tirés au sort", "inhabitants drawn by lot", "LC60")
    small_firms: int = _places("petites entreprises", "small companies", "LC61")
    large_firms: int = _places("grandes entreprises", "large companies", "LC61")
    ess: int = _places("économie sociale et solidaire", "social economy", "LC61 LC71")
    associations: int = _places("associations", "associations", "LC61 LC71")
    researchers: int = _places("chercheurs", "researchers", "LC57 LC61")
    nature: int = _places("voix de la nature", "voice of nature", "LC62")
    voice: Literal["advisory", "deciding"] = lever(
        "voix consultative, ou décisionnelle (hors du droit des communautés aujourd'hui)",
        "advisory voice, or deciding (outside the law of communities today)",
        "advisory",
        levers="LC58 LC59 LC71",
    )
    weight: float = lever(
        "poids de chacun de ces sièges dans une règle de vote pondérée",
        "weight of each of these seats in a weighted voting rule",
        1.0,
        levers="LC71",
        ge=0,
        le=100,
    )
    agenda: float = lever(
        "chance qu'un membre mette à l'ordre du jour d'une session un sujet qu'il souhaite (0 : la présidence seule)",
        "chance that a member puts a subject it wants on the agenda of a session (0: the presidency alone does)",
        0.0,
        levers="LC61",
        ge=0,
        le=1,
    )


class CitizenPanel(Strict):
    """Panel citoyen : des habitants tirés au sort et informés disent leur avis sur ce qui est proposé."""

    size: int = lever(
        "habitants du panel", "inhabitants of the panel", 0, unit="persons", levers="LC60", ge=0, le=500
    )
    every_years: int = lever(
        "années entre deux sessions du panel", "years between two sessions of the panel", 1, unit="yr",
        levers="LC60", ge=1, le=20,
    )  # fmt: skip


class Codetermination(Strict):
    """Codétermination : des salariés votent dans les conseils d'administration des entreprises."""

    share: float = lever(
        "part des voix des salariés dans les conseils d'administration (0 : aucune)",
        "share of the workers' votes in the boards of companies (0: none)",
        0.0,
        levers="LC63",
        ge=0,
        le=0.5,
    )
    min_jobs: int = lever(
        "taille à partir de laquelle une entreprise y est tenue (code de commerce L225-27-1 : 1 000)",
        "size from which a company is bound to it (code de commerce L225-27-1: 1,000)",
        1000,
        unit="jobs",
        levers="LC63",
        grade="measured",
        ge=1,
        le=100_000,
    )


class CouncilPosition(Strict):
    """Seats of a council and beside it."""

    council_seats: Seats = lever(
        "sièges du conseil : le tableau légal (CGCT L5211-6-1), un siège par commune (equal) ou un nombre",
        "seats of the council: the legal table (CGCT L5211-6-1), one for each commune (equal) or a number",
        "legal",
        unit="seats",
        levers="LC61",
        grade="measured",
    )
    extra_seats: ExtraSeats = lever(
        "sièges ajoutés à ceux des élus", "seats beside those of the elected", ExtraSeats(), levers="LC58 LC61"
    )  # fmt: skip
    nature_veto: bool = lever(
        "la voix de la nature peut bloquer ce qui entame une ressource",
        "the voice of nature may block what wears a resource down",
        default=False,
        levers="LC62",
    )
    citizen_panel: CitizenPanel = lever("panel citoyen", "citizen panel", CitizenPanel(), levers="LC60")
    codetermination: Codetermination = lever(
        "codétermination dans les entreprises", "codetermination in companies", Codetermination(), levers="LC63"
    )  # fmt: skip
    public_stake: float = lever(
        "part publique au capital des entreprises reprises par leurs salariés (0 : aucune ; la moitié au plus)",
        "public share of the capital of companies taken over by their workers (0: none; half at most)",
        0.0, levers="LC64 LC65", ge=0, le=0.5,
    )  # fmt: skip
    posture: Posture = lever(
        "posture de la collectivité dans les coopérations",
        "posture of the authority in cooperations",
        "partner",
        levers="LC99",
    )


class CouncilAggregation(Strict):
    """What advice weighs."""

    advisory_weight: float = lever(
        "poids d'un avis consultatif unanime dans le vote d'un siège",
        "weight of a unanimous advice in the vote of a seat",
        0.3,
        unit="% of the budget",
        levers="LC60 LC61",
        ge=0,
        le=10,
    )


class CouncilChoice(Strict):
    """What changes how councils dare."""

    experiment_right: float = lever(
        "droit à l'expérimentation : part de la peur des coûts qu'il lève (0 : aucune, 1 : toute)",
        "right to experiment: share of the fear of costs that it lifts (0: none, 1: all)",
        0.0, levers="LC78", ge=0, le=1,
    )  # fmt: skip

    citizen_budget: float = lever(
        "budget citoyen : part du budget dont les habitants choisissent l'emploi (0 : aucun)",
        "citizen budget: part of the budget whose use inhabitants choose (0: none)",
        0.0, unit="€/inhabitant/yr", levers="LC50", ge=0, le=1000,
    )  # fmt: skip
    citizen_capital: float = lever(
        "part du capital privé des ouvrages d'énergie ouverte aux habitants (0 : aucune)",
        "share of the private capital of energy works that is open to inhabitants (0: none)",
        0.0, levers="LC49", ge=0, le=1,
    )  # fmt: skip
    citizen_outreach: float = lever(
        "aller vers les habitants pour qu'ils souscrivent, là où le capital leur est ouvert (0 : ils viennent seuls)",
        "going to meet inhabitants so that they subscribe, where the capital is open to them (0: they come alone)",
        0.0, unit="€/inhabitant/yr", levers="LC49 LC94", ge=0, le=1000,
    )  # fmt: skip
    debate_format: DebateFormat = lever(
        "forme des débats publics que les conseils décident de tenir (choice.moves.debate)",
        "format of the public debates that councils decide to hold (choice.moves.debate)",
        "moving_debate",
        levers="LC75 LC88",
    )


class CouncilInformation(Strict):
    """What councils know, and how they learn."""

    accuracy: float = lever(
        "exactitude du diagnostic (0 : il n'apprend rien)",
        "accuracy of the diagnostic (0: it teaches nothing)",
        1.0, levers="LC12 LC13", ge=0, le=1,
    )  # fmt: skip
    refresh_years: int = lever(
        "années entre deux éditions du diagnostic",
        "years between two editions of the diagnostic",
        1,
        unit="yr",
        levers="LC14",
        ge=1,
        le=30,
    )
    training_keur: float = lever(
        "formation des élus et des agents, par conseil et par an",
        "training of councillors and staff, for each council and year",
        0.0,
        unit="k€/yr",
        levers="LC87",
        ge=0,
        le=10000,
    )
    peer_learning: float = lever(
        "apprentissage entre pairs (visites, communautés apprenantes)",
        "learning between peers (visits, learning communities)",
        0.0, levers="LC90 LC91", ge=0, le=1,
    )  # fmt: skip
    evaluation_period: int = lever(
        "années entre deux évaluations de ce que les décisions ont coûté (0 : jamais)",
        "years between two evaluations of what decisions cost (0: never)",
        0,
        unit="yr",
        levers="LC77",
        ge=0,
        le=30,
    )
    foresight: float = lever(
        "veille et prospective : part des effets lointains que le conseil regarde",
        "foresight: share of distant effects that the council looks at",
        0.0, levers="LC93 LC97", ge=0, le=1,
    )  # fmt: skip
    science_resident: bool = lever(
        "un chercheur en résidence", "a scientist in residence", default=False, levers="LC57"
    )
    participation_rules_clarity: float = lever(
        "clarté de ce que devient un avis (0 : floue, ceux qu'on n'écoute pas s'en vont)",
        "clarity of what becomes of advice (0: unclear, those not heard leave)",
        1.0, levers="LC76", ge=0, le=1,
    )  # fmt: skip
