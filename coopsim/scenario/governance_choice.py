"""Choice: what councils may decide, move by move, and who decides for them."""

import math
from typing import Annotated, Any, Literal

from pydantic import model_validator

from coopsim.errors import scenario_error
from coopsim.registry import nearest
from coopsim.scenario.governance_bodies import BodyMoves
from coopsim.scenario.governance_councils import CouncilChoice
from coopsim.scenario.governance_policy import Policy, PolicyMode
from coopsim.scenario.rules import NamedRule, Rule
from coopsim.scenario.strict import Strict, lever
from coopsim.society.moves import KEYS


class Move(Strict):
    """One move of the councils' menu: whether it is allowed."""

    allowed: bool = lever("ce choix est permis", "this move is allowed", default=True)


class BoundedMove(Move):
    """A move that changes an amount, a tax rate or an aid, and the bounds of that amount."""

    min: float | None = lever(
        "plus petite valeur permise (absente : celle du modèle)",
        "smallest amount allowed (absent: the model's own)",
        None,
        unit="unit of the move",
        ge=-1e9,
        le=1e9,
    )
    max: float | None = lever(
        "plus grande valeur permise (absente : celle du modèle)",
        "largest amount allowed (absent: the model's own)",
        None,
        unit="unit of the move",
        ge=-1e9,
        le=1e9,
    )

    @model_validator(mode="after")
    def _ordered(self) -> "BoundedMove":
        if self.low > self.high:
            raise scenario_error(
                "« min » dépasse « max »", "'min' is above 'max'", value=[self.min, self.max]
            )
        return self

    @property
    def low(self) -> float:
        """Smallest amount allowed; minus infinity when the rules set none."""
        return -math.inf if self.min is None else self.min

    @property
    def high(self) -> float:
        """Largest amount allowed; infinity when the rules set none."""
        return math.inf if self.max is None else self.max


def _move(fr: str, en: str, levers: str) -> Any:
    return lever(fr, en, Move(), levers=levers)


def _option(fr: str, en: str, levers: str) -> Any:
    """Return a move that is off the menu until a scenario allows it."""
    return lever(fr, en, Move(allowed=False), levers=levers)


def _amount(fr: str, en: str, levers: str) -> Any:
    return lever(fr, en, BoundedMove(), levers=levers)


class Moves(Strict):
    """The menu: attractiveness moves first, then cooperation moves."""

    tax_change: BoundedMove = _amount("changer le taux de CFE", "change the business tax rate", "LA7 LC29")
    subsidy: BoundedMove = _amount(
        "aider les entreprises qui arrivent", "subsidise arriving companies", "LA6 LC27"
    )
    marketing: Move = _move("faire campagne pour attirer", "campaign to attract", "LA1 LA8 LA9")
    open_land: Move = _move("ouvrir du foncier économique", "open land for companies", "LA2 LA4 LA5")
    housing_programme: Move = _move("bâtir des logements", "build dwellings", "LA12 LC26 LC86")
    recycle_brownfield: Move = _move("recycler des friches", "recycle brownfield land", "LC21")
    wood_mobilisation: Move = _move(
        "regrouper les propriétaires forestiers", "group forest owners", "LC52 LC95"
    )
    propose_pact: Move = _move("proposer un pacte", "propose a pact", "LC1 LC3 LC4 LC9")
    leave_pact: Move = _move("quitter un pacte", "leave a pact", "LC77")
    expand_water_supply: Move = _move(
        "accroître la capacité d'eau potable", "expand the drinking-water supply", "LC19"
    )
    reduce_leaks: Move = _move("réduire les fuites du réseau", "reduce network leaks", "LC19")
    eit_animation: Move = _move(
        "animer l'écologie industrielle et territoriale", "animate industrial ecology", "LC52"
    )
    firm_support: Move = _move(
        "accompagner la transition des entreprises", "support companies' transition", "LC54 LC87"
    )
    coop_takeover: Move = _option(
        "soutenir la reprise d'entreprises (successeur, SCOP, SCIC)",
        "support takeovers (successor, SCOP, SCIC)",
        "LC66",
    )
    ess_foundation: Move = _option(
        "soutenir la création dans l'économie sociale",
        "support start-ups of the social economy",
        "LC44 LC45 LC46",
    )
    skills_programme: Move = _option(
        "former aux métiers recherchés", "train for the skills looked for", "LC83"
    )
    mobility_programme: Move = _option(
        "aider à se déplacer vers l'emploi", "help people to get to work", "LC82"
    )
    heat_network: Move = _option(
        "raccorder des établissements à un réseau de chaleur au bois",
        "connect establishments to a wood heat network",
        "LC56",
    )
    energy_loop: Move = _option("monter une boucle locale d'énergie", "set up a local energy loop", "LC55")
    ebe: Move = _option(
        "demander des postes en entreprise à but d'emploi, dans la limite de payoff.ebe.posts (sinon tous s'ouvrent)",
        "ask for posts in an employment company, within payoff.ebe.posts (else all of them open)",
        "LC84",
    )
    tax_exemption: Move = _option(
        "exonérer de CFE les entreprises qui arrivent", "exempt arriving companies from business tax", "LA7"
    )
    prospecting: Move = _option("prospecter des entreprises", "prospect for companies", "LA9")
    residential_programme: Move = _option("accueillir de nouveaux habitants", "welcome new residents", "LA12")
    cluster_subsidy: Move = _option(
        "aider les réseaux d'entreprises exportatrices", "support networks of exporting companies", "LA16"
    )
    flagship_bid: Move = _option(
        "candidater à un équipement phare de l'État", "bid for a flagship facility of the State", "LA10"
    )
    local_currency: Move = _option("animer une monnaie locale", "animate a local currency", "LC47 LC48")
    conviviality: Move = _option(
        "organiser fêtes et chantiers avec les voisins",
        "hold festivals and work days with neighbours",
        "LC92",
    )
    visits: Move = _option(
        "organiser des visites apprenantes chez les voisins",
        "hold learning visits at neighbours",
        "LC90 LC91",
    )
    narrative: Move = _option(
        "mettre en récit le territoire commun", "tell the story of the common territory", "LC89"
    )
    third_party: Move = _option("jouer le tiers de confiance", "act as a trusted third party", "LC98")
    training: Move = _option("former les élus et les agents", "train councillors and staff", "LC87")
    share_zone: Move = _option(
        "animer le partage d'espaces dans les zones", "help companies of a zone share space", "LC22 LC25"
    )
    temporary_use: Move = _option("prêter des friches pour un temps", "lend brownfield for a time", "LC18")
    fonciere: Move = _option(
        "racheter des terrains économiques (foncière)",
        "buy business plots (public land company)",
        "LC15 LC16",
    )
    lease_land: Move = _option(
        "passer de la vente à la location des terrains publics, ou l'inverse",
        "turn from selling public plots to leasing them, or back",
        "LC17",
    )
    shared_reserve: Move = _option(
        "mettre l'enveloppe foncière en compte commun avec les partenaires d'un pacte (règle d'ouverture « cap »)",
        "put the envelope of land in one account with the partners of a pact (rule of opening 'cap')",
        "LC3",
    )
    function_split: Move = _option(
        "répartir les fonctions économiques entre les partenaires d'un pacte sur les implantations",
        "split economic functions between the partners of a pact on siting",
        "LC4",
    )
    debate: Move = _option(
        "tenir un débat public avant la prochaine séance",
        "hold a public debate before the next session",
        "LC75 LC88",
    )
    mission_coalition: Move = _option(
        "entrer dans une coalition de mission avec d'autres conseils, même lointains",
        "join a coalition on a mission with other councils, even far ones",
        "LC96",
    )
    reuse_support: Move = _option(
        "soutenir le réemploi et la réparation (locaux, accès aux gisements)",
        "support re-use and repair (premises, access to what is thrown away)",
        "LC53",
    )


def _planned_moves(maker: Rule) -> None:
    """Refuse a fixed plan with moves that are not on the menu.

    Raises
    ------
    ScenarioError
        With the nearest move.
    """
    moves = maker.get("moves", []) if isinstance(maker, dict) else []
    for n, move in enumerate(moves):
        name, times = move.get("move"), move.get("times", 1.0)
        where = f"decision_maker.moves[{n + 1}]"
        if name not in KEYS:
            raise scenario_error(
                "choix inconnu", "unknown move", key=f"{where}.move", value=name, allowed=", ".join(KEYS),
                nearest=nearest(str(name), list(KEYS)),
            )  # fmt: skip
        number = isinstance(times, int | float) and not isinstance(times, bool)
        if not (number and 0.0 < times < math.inf) or set(move) - {"move", "times"}:
            raise scenario_error(
                'un choix prévu est une table {move = "…", times = nombre positif}',
                'a planned move is a table {move = "…", times = positive number}',
                key=where, value=str(move),
            )  # fmt: skip


class Choice(CouncilChoice):
    """Que peut-on décider ? What may be decided, by whom and how often."""

    moves: Moves = lever("choix permis et leurs bornes", "moves allowed and their bounds", Moves())
    body_decisions: Literal["water_works", "full"] = lever(
        "organismes : seuls les services d'eau investissent, ou tous décident de leurs compétences",
        "bodies: only water services invest, or all decide on their powers",
        "water_works",
        levers="LC11 LC58",
    )
    body_moves: BodyMoves = lever(
        "choix permis aux organismes (si body_decisions = full)",
        "moves allowed to bodies (where body_decisions = full)",
        BodyMoves(),
    )
    decision_maker: Annotated[Rule, NamedRule("decision maker", "heuristic")] = lever(
        "manière de décider des conseils", "how councils decide", "heuristic", levers="LC68 LC69 LC70"
    )
    policy_mode: PolicyMode = lever(
        "politique dans le temps : année par année, plan fixé d'avance, essais évalués, mission à cibles",
        "policy over time: year by year, a plan fixed ahead, trials that are reviewed, a mission with targets",
        "yearly",
        levers="LC68 LC69 LC70",
    )
    local_currency_form: Literal["household", "b2b", "public", "full"] = lever(
        "monnaie locale : pour les ménages, crédit entre entreprises, aussi payée par les régies, ou les trois",
        "local currency: for households, credit between companies, paid by public services too, or all three",
        "household",
        levers="LC47 LC48",
    )
    patience_years: int = lever(
        "patience : âge d'un pacte avant lequel le conseil ne vote pas son départ, et d'un essai avant sa revue",
        "patience: age of a pact before which the council does not vote on leaving, and of a trial before its review",
        0, unit="yr", levers="LC97", ge=0, le=100,
    )  # fmt: skip
    policy: Policy = lever(
        "réglages du plan, des essais ou de la mission", "settings of the plan, the trials or the mission",
        Policy(), levers="LC68 LC69 LC70",
    )  # fmt: skip
    proposals_per_year: int = lever(
        "propositions mises au vote par conseil et par an",
        "proposals put to the vote by each council each year",
        4,
        unit="1/yr",
        ge=0,
        le=20,
    )
    joint_actions: Literal["none", "small_first", "large_first"] = lever(
        "actions communes des pactes : aucune, petites d'abord, grandes d'abord",
        "joint actions of pacts: none, small ones first, large ones first",
        "none",
        levers="LC10 LC97",
    )
    joint_action_work: Literal["none", "heat_network", "energy_loop"] = lever(
        "ce que bâtit une action commune réussie : rien, un réseau de chaleur au bois, une boucle d'énergie",
        "what a joint action that succeeds builds: nothing, a wood heat network, an energy loop",
        "none",
        levers="LC55 LC56",
    )
    period_ticks: int = lever(
        "trimestres entre deux séances de décision",
        "quarters between two decision sessions",
        4,
        unit="tick",
        grade="measured",  # a budget is voted once a year (CGCT L1612-2)
        ge=1,
        le=40,
    )

    @model_validator(mode="after")
    def _plan(self) -> "Choice":
        _planned_moves(self.decision_maker)
        return self
