"""The rules of the game: seven kinds, each a section of ``[governance]``.

The kinds follow the institutional analysis of Ostrom (2005), *Understanding Institutional
Diversity*. A rule says what may be done, never what comes of it. Each key carries its help in
French and English, its unit, the levers it stands for and the evidence behind its default.
"""

from typing import Annotated, Literal

from pydantic import model_validator

from coopsim.errors import scenario_error
from coopsim.scenario.governance_choice import Choice
from coopsim.scenario.governance_councils import CouncilAggregation, CouncilInformation, CouncilPosition
from coopsim.scenario.governance_payoff import Payoff
from coopsim.scenario.governance_scope import Scope
from coopsim.scenario.rules import NamedRule, Rule
from coopsim.scenario.strict import Strict, lever

PactScope = Literal["water", "wood", "land", "siting", "revenue", "engineering"]
PACT_SCOPES: tuple[PactScope, ...] = ("water", "wood", "land", "siting", "revenue", "engineering")


class Boundary(Strict):
    """Qui participe ? Who may join and leave pacts."""

    pacts_allowed: tuple[PactScope, ...] = lever(
        "objets permis aux pactes",
        "scopes that pacts may have",
        PACT_SCOPES,
        levers="LC1 LC3 LC4 LC9",
        strict=False,
    )
    admission: Literal["open", "adjacent", "same_basin"] = lever(
        "qui peut entrer dans un pacte : tous, les limitrophes, ceux du même bassin (les membres votent toujours)",
        "who may join a pact: anybody, adjacent ones, those of the same basin (members always vote)",
        "adjacent",
        levers="LC5 LC11",
    )
    exit: Literal["free", "notice", "penalty"] = lever(
        "comment on sort d'un pacte", "how a pact is left", "free", levers="LC1"
    )
    exit_penalty_keur: float = lever(
        "pénalité de sortie", "penalty on leaving", 0.0, unit="k€", levers="LC1", ge=0, le=1e7
    )
    growth: Annotated[Rule, NamedRule("pact growth", "on_request")] = lever(
        "comment un pacte grandit", "how a pact grows", "on_request", levers="LC1 LC11 LC91"
    )

    outside_level: Literal["none", "co_funder", "co_decider"] = lever(
        "département et région dans les pactes : absents, cofinanceurs, ou codécideurs (paient plus, décident aussi)",
        "higher levels (département, région) in pacts: absent, co-funders, or co-deciders (pay more, decide too)",
        "none",
        levers="LC2 LC6",
    )
    citizens: Literal["none", "consulted", "co_construction", "governance"] = lever(
        "habitants dans les conseils : absents, consultés (panel annuel), associés (sièges consultatifs), ou décideurs",
        "inhabitants in councils: absent, consulted (yearly panel), associated (advisory seats), or deciding",
        "none",
        levers="LC59 LC60",
    )
    firms_addressed: Literal["all", "large_only", "with_relays"] = lever(
        "entreprises auxquelles s'adresse l'accompagnement : toutes, les grandes, ou aussi par des relais",
        "companies that support addresses: all, the large ones, or through relays too",
        "all",
        levers="LC79 LC80 LC94",
    )

    @model_validator(mode="after")
    def _once(self) -> "Boundary":
        if len(set(self.pacts_allowed)) < len(self.pacts_allowed):
            raise scenario_error(
                "un objet est écrit deux fois",
                "a scope is written twice",
                key="pacts_allowed",
                value=list(self.pacts_allowed),
            )
        return self


class Position(CouncilPosition):
    """Qui siège ? Seats and facilitators."""

    body_seats: Literal["served", "statutory"] = lever(
        "voix dans les organismes : services d'eau par habitants desservis, ou tous par les sièges des statuts",
        "votes in bodies: water services by people served, or all by the seats of the statutes",
        "served",
        levers="LC71",
    )
    catalyst: Literal["none", "territory", "organisation", "hired"] = lever(
        "qui anime la coopération : personne, le territoire, une organisation (PTCE, association), un recruté",
        "who drives cooperation: nobody, the territory, an organisation (association, PTCE), a hired facilitator",
        "none",
        levers="LC36 LC98",
    )
    zone_manager: Literal["none", "epci", "charter"] = lever(
        "gestion des zones d'activité : aucune, l'EPCI, ou une charte entre occupants",
        "management of business zones: none, the EPCI, or a charter of the occupants",
        "none",
        levers="LC22 LC24",
    )
    zone_majority: float = lever(
        "part des emplois de la zone dont l'accord fait adopter la charte",
        "share of the zone's jobs whose agreement adopts the charter",
        0.5,
        levers="LC24",
        ge=0,
        le=1,
    )
    pact_presidency: Literal["none", "founder", "rotating", "shared", "election_without_candidate"] = lever(
        "présidence d'un pacte : aucune, le fondateur, chacun son tour, partagée, élection sans candidat",
        "presidency of a pact: none, the founder, each in turn, shared, election without candidate",
        "none",
        levers="LC73 LC74",
    )
    pact_initiator: Literal["public", "civil", "hybrid"] = lever(
        "qui porte un pacte : un conseil, la société civile, les deux (compte si quelqu'un préside)",
        "who carries a pact: a council, civil society, both (counts where someone presides)",
        "public",
        levers="LC98 LC99",
    )


class Aggregation(CouncilAggregation):
    """Comment décide-t-on ? Voting rules and delays."""

    council_rule: Annotated[Rule, NamedRule("voting rule", "majority")] = lever(
        "règle de vote d'un conseil (CGCT L2121-20)",
        "voting rule of a council (CGCT L2121-20)",
        "majority",
        levers="LC71",
        grade="measured",
    )
    pact_rule: Annotated[Rule, NamedRule("voting rule", "unanimity")] = lever(
        "règle de vote d'un pacte", "voting rule of a pact", "unanimity", levers="LC71"
    )
    body_rule: Annotated[Rule, NamedRule("voting rule", "majority")] = lever(
        "règle de vote d'un syndicat", "voting rule of a body", "majority", levers="LC71", grade="measured"
    )
    statute_rule: Annotated[Rule, NamedRule("voting rule", "double_majority")] = lever(
        "règle de vote des communes ou des membres sur les statuts d'un organisme (CGCT L5211-5 et L5211-17)",
        "voting rule of communes or members on the statutes of a body (CGCT L5211-5 and L5211-17)",
        "double_majority",
        levers="LC71",
        grade="measured",
    )
    deliberation: Annotated[Rule, NamedRule("deliberation", "none")] = lever(
        "débat des sièges avant le vote, qui rapproche leurs avis",
        "debate of the seats before the vote, which moves their opinions",
        "none",
        levers="LC75 LC88",
    )
    delay_ticks: int = lever(
        "trimestres entre le vote et l'effet", "quarters from vote to effect", 1, unit="tick", ge=0, le=20
    )
    institutionalisation: float = lever(
        "part de la vie d'un pacte réglée par écrit : protège des départs, coûte et fige",
        "share of a pact's life ruled in writing: protects from exits, costs and freezes",
        0.0,
        levers="LC72",
        ge=0,
        le=1,
    )

    @model_validator(mode="after")
    def _colleges_of_pacts(self) -> "Aggregation":
        for key in ("council_rule", "body_rule", "statute_rule"):
            if _weighs_colleges(getattr(self, key)):
                raise scenario_error(
                    "des poids de collèges ne valent que dans un pacte (pact_rule)",
                    "weights of colleges hold in a pact only (pact_rule)",
                    key=key, value=getattr(self, key),
                )  # fmt: skip
        return self


def _weighs_colleges(rule: Rule) -> bool:
    return not isinstance(rule, str) and rule["rule"] == "by_colleges" and bool(rule.get("weights"))


class Information(CouncilInformation):
    """Que sait-on ? What councils know of their own and others' resources."""

    diagnostic: Literal["none", "own", "shared"] = lever(
        "diagnostic des ressources", "diagnostic of resources", "none", levers="LC12 LC13 LC14"
    )
    form: Literal["report", "map", "facilitated_debate"] = lever(
        "forme du diagnostic", "form of the diagnostic", "report", levers="LC12 LC88"
    )
    siting_interview: Literal["none", "internal_grid", "guided", "shared_analysis"] = lever(
        "premier entretien d'un projet : aucun, grille interne, guidé, analyse partagée avec l'entreprise",
        "first interview of a project: none, internal grid, guided, analysis shared with the company",
        "none",
        levers="LA14",
    )
    agenda_alignment: float = lever(
        "accord du diagnostic avec les sujets du conseil",
        "fit of the diagnostic with the council's agenda",
        0.5,
        levers="LC12",
        ge=0,
        le=1,
    )
    monitoring_budget_keur: float = lever(
        "budget de suivi, par pacte et par an",
        "monitoring budget, for each pact and year",
        0.0,
        unit="k€/yr",
        levers="LC14 LC77",
        ge=0,
        le=10000,
    )


class Governance(Strict):
    """The constitution: what a scenario sets and no council changes."""

    boundary: Boundary = lever("Qui participe ?", "Who takes part?", Boundary())
    position: Position = lever("Qui siège ?", "Who sits?", Position())
    choice: Choice = lever("Que peut-on décider ?", "What may be decided?", Choice())
    aggregation: Aggregation = lever("Comment décide-t-on ?", "How is it decided?", Aggregation())
    information: Information = lever("Que sait-on ?", "What is known?", Information())
    payoff: Payoff = lever("Qui paie, qui gagne ?", "Who pays, who gains?", Payoff())
    scope: Scope = lever("Quelles limites ?", "Which limits?", Scope())

    @model_validator(mode="after")
    def _bounds_meet(self) -> "Governance":
        """Refuse a rate or an aid that no amount can respect: its bounds stand in two places."""
        moves, payoff = self.choice.moves, self.payoff
        for name, move, bounds in (
            ("tax_change", moves.tax_change, payoff.tax_rate_bounds),
            ("subsidy", moves.subsidy, (payoff.subsidy.min, payoff.subsidy.max)),
        ):
            if max(move.low, bounds[0]) > min(move.high, bounds[1]):
                raise scenario_error(
                    "les bornes de ce choix et celles de « payoff » n'ont aucune valeur commune",
                    "the bounds of this move and those of 'payoff' have no value in common",
                    key=f"choice.moves.{name}",
                    value=[x for x in (move.min, move.max) if x is not None],
                    allowed=f"{bounds[0]:g} – {bounds[1]:g}",
                )
        return self
