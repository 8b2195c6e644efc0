"""Scope: which limits hold on water, wood, land and siting."""

from typing import Annotated, Literal

from pydantic import model_validator

from coopsim.errors import scenario_error
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
    abstraction_cap: float | None = lever(
        "prélèvements permis aux entreprises et à l'irrigation, en part de ceux d'une année moyenne du départ",
        "withdrawals allowed to companies and irrigation, as a share of those of a mean year at the start",
        None,
        levers="LC58",
        ge=0,
        le=10,
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
    protected_share: float = lever(
        "part de chaque forêt laissée sans récolte",
        "share of each forest left without harvest",
        0.0,
        levers="LC58 LC62",
        ge=0,
        le=1,
    )
    local_first: bool = lever(
        "les acheteurs du territoire se servent d'abord dans ses forêts",
        "buyers of the territory are served first in its forests",
        default=False,
        levers="LC95",
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
    pool_guarantee: Literal["none", "epci", "pact"] = lever(
        "hectare garanti à chaque commune : gardé par elle, mis en commun par l'EPCI, ou entre membres d'un pacte",
        "hectare guaranteed to each commune: kept by it, pooled by the EPCI, or among the members of a pact",
        "epci",
        levers="LC3",
    )
    density_min: float = lever(
        "densité minimale des logements neufs (0 : aucune)",
        "least density of new dwellings (0: none)",
        0.0,
        unit="dwellings/ha",
        levers="LC21",
        ge=0,
        le=500,
    )
    protected_share: float = lever(
        "part du territoire protégée de toute ouverture",
        "share of the territory protected from any opening",
        0.0,
        levers="LC3",
        ge=0,
        le=1,
    )
    public_land_priority: float = lever(
        "terrains publics réservés aux activités qui occupent au plus cette surface par emploi (0 : à toutes)",
        "public plots kept for activities that use at most this much land per job (0: open to all)",
        0.0,
        unit="m²/job",
        levers="LC16",
        ge=0,
        le=1e5,
    )


class Criteria(Strict):
    """What a project is judged on, once an interview tells something of it."""

    local_jobs: float = lever(
        "poids des emplois pourvus sur place",
        "weight of jobs filled locally",
        1.0,
        levers="LA14",
        ge=0,
        le=100,
    )
    environment: float = lever(
        "poids des ressources et des nuisances", "weight of resources and nuisances", 1.0,
        levers="LA14 LC19", ge=0, le=100,
    )  # fmt: skip
    anchoring: float = lever(
        "poids de l'ancrage (rester)", "weight of anchoring (staying)", 1.0, levers="LA14", ge=0, le=100
    )

    @model_validator(mode="after")
    def _some(self) -> "Criteria":
        if self.local_jobs + self.environment + self.anchoring <= 0.0:
            raise scenario_error(
                "un critère au moins doit avoir un poids", "at least one criterion needs a weight",
                value=[self.local_jobs, self.environment, self.anchoring],
            )  # fmt: skip
        return self


class SitingScope(Strict):
    """Conditions put to companies that arrive."""

    criteria: Criteria = lever(
        "poids des critères d'accueil", "weights of the criteria", Criteria(), levers="LA14"
    )
    followup_years: int = lever(
        "années de suivi : ce qui a été promis est comparé à ce qui est fait",
        "years of follow-up: what was promised is compared to what is done",
        0,
        unit="yr",
        levers="LA14 LC27",
        ge=0,
        le=20,
    )
    gap_penalty_keur: float = lever(
        "retenue par emploi et par an de suivi, pour un écart de 1 entre promis et réel",
        "charge per job and year of follow-up, for a gap of 1 between promised and real",
        2.0,
        unit="k€/job/yr",
        levers="LC27",
        ge=0,
        le=1000,
    )
    compensation_keur: float = lever(
        "mesures de compensation, par emploi et par point qui manque (0 : non admises)",
        "compensation measures, per job and missing point of the score (0: not accepted)",
        0.0,
        unit="k€/job",
        levers="LC19",
        ge=0,
        le=1000,
    )

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


class BudgetScope(Strict):
    """Limits on what budgets may pay for."""

    era_filter: Literal["none", "avoid", "avoid_reduce", "avoid_reduce_adapt"] = lever(
        "filtre écologique du budget sur les zones : aucun, éviter, aussi réduire, aussi adapter (ERA)",
        "ecological filter of the budget on zones: none, avoid, reduce too, adapt too",
        "none",
        levers="LC30",
    )


class Scope(Strict):
    """Quelles limites ? Limits on water, wood, land and siting."""

    water: WaterScope = lever("limites sur l'eau", "limits on water", WaterScope())
    wood: WoodScope = lever("limites sur le bois", "limits on wood", WoodScope())
    land: LandScope = lever("limites sur le sol", "limits on land", LandScope())
    budget: BudgetScope = lever("limites sur les budgets", "limits on budgets", BudgetScope())
    siting: SitingScope = lever("conditions d'accueil", "conditions of siting", SitingScope())
