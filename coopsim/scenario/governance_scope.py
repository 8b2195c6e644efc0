"""Scope: which limits hold on water, wood, land and siting."""

from typing import Annotated, Literal

from coopsim.scenario.rules import NamedRule, Rule
from coopsim.scenario.strict import Strict, lever


class WaterScope(Strict):
    """Limits on water."""

    allocation: Annotated[Rule, NamedRule("water allocation", "priority")] = lever(
        "règle de partage de l'eau", "rule that shares water", "priority", levers="LC1 LC58", grade="measured"
    )
    pact_sharing: Literal["common_cut", "treaty"] = lever(
        "dans un pacte de l'eau : tous se restreignent ensemble, ou chacun s'en tient à ce qu'il a annoncé",
        "in a water pact: all cut together, or each keeps to what it has announced",
        "common_cut",
        levers="LC1",
    )
    ecological_flow: float = lever(
        "débit laissé à la rivière, en part du module (code de l'environnement L214-18)",
        "flow left to the river, as a share of the mean flow (code de l'environnement L214-18)",
        0.10,
        grade="measured",
        levers="LC62",
        ge=0,
        le=1,
    )
    drought_stages: bool = lever(
        "restrictions par niveaux de gravité (code de l'environnement R211-66)",
        "restrictions by drought stage (code de l'environnement R211-66)",
        default=True,
        grade="measured",
        levers="LC58",
    )


class WoodScope(Strict):
    """Limits on wood."""

    harvest: Annotated[Rule, NamedRule("wood harvest", "open_access")] = lever(
        "règle de récolte du bois", "rule of wood harvest", "open_access", levers="LC58 LC95"
    )
    increment_share: float = lever(
        "récolte permise, en part de l'accroissement",
        "harvest allowed, as a share of the increment",
        0.9,
        levers="LC58",
        ge=0,
        le=2,
    )


class LandScope(Strict):
    """Limits on land."""

    opening: Annotated[Rule, NamedRule("land opening", "race")] = lever(
        "règle d'ouverture du foncier", "rule that opens land", "race", levers="LA4 LC3 LC23"
    )
    consumption_cap_share: float = lever(
        "consommation d'espaces permise, en part de la décennie de référence (loi du 22 août 2021, art. 191)",
        "land consumption allowed, as a share of the reference decade (law of 22 August 2021, art. 191)",
        0.5,
        grade="measured",
        levers="LC3 LC21",
        ge=0,
        le=2,
    )
    tenure: Literal["sale", "lease", "mixed"] = lever(
        "terrains vendus, loués ou les deux", "land sold, leased or both", "sale", levers="LA5 LC17"
    )
    brownfield_first: bool = lever(
        "friches avant terrains neufs", "brownfield before new land", default=False, levers="LC21"
    )


class SitingScope(Strict):
    """Conditions put to companies that arrive."""

    resource_check: bool = lever(
        "diagnostic des ressources avant d'accueillir",
        "resources checked before a company is welcomed",
        default=False,
        levers="LC19",
    )
    redirect: bool = lever(
        "orienter vers le partenaire le mieux placé",
        "redirect to the better placed partner",
        default=False,
        levers="LC4",
    )
    min_score: float = lever(
        "note minimale d'un projet pour être accueilli",
        "lowest score of a project that is welcomed",
        0.0,
        levers="LA14",
        ge=0,
        le=1,
    )


class Scope(Strict):
    """Quelles limites ? Limits on water, wood, land and siting."""

    water: WaterScope = lever("limites sur l'eau", "limits on water", WaterScope())
    wood: WoodScope = lever("limites sur le bois", "limits on wood", WoodScope())
    land: LandScope = lever("limites sur le sol", "limits on land", LandScope())
    siting: SitingScope = lever("conditions d'accueil", "conditions of siting", SitingScope())
