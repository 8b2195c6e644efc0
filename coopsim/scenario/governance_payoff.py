"""Payoff: who pays and who gains."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, model_validator

from coopsim.errors import ScenarioError, scenario_error
from coopsim.governance.cost_games import coalition_mistakes
from coopsim.scenario.governance_animation import AnimationFunding
from coopsim.scenario.governance_economy import Ebe, Energy, Procurement, Reciprocity, WaterPrice, WoodPrice
from coopsim.scenario.governance_foundation import Foundation
from coopsim.scenario.governance_funders import Guarantee, LargeProgramme, TerritorialContract
from coopsim.scenario.rules import NamedRule, Rule
from coopsim.scenario.strict import Strict, lever

Rate = Annotated[float, Field(ge=0, le=1000)]


class RevenueSharing(Strict):
    """Business tax that the members of a pact share, on top of the law's transfers."""

    share: float = lever(
        "part de la CFE mise en commun dans un pacte",
        "share of business tax pooled in a pact",
        0.0,
        levers="LC1 LC4",
        ge=0,
        le=0.9,
    )
    base: Literal["new", "all"] = lever(
        "sur les recettes nouvelles ou sur toutes", "on new revenue or on all", "new", levers="LC4"
    )
    key: Literal["population", "need", "contribution", "shapley", "solidarity"] = lever(
        "clé de partage du produit commun (solidarity : écarts de revenu et de richesse fiscale, CGCT L5211-28-4)",
        "key that splits the pool (solidarity: income and fiscal gaps, CGCT L5211-28-4)",
        "population",
        levers="LC4",
    )


class Subsidy(Strict):
    """Bounds of the aid to companies."""

    min: float = lever("aide minimale", "smallest aid", 0.0, unit="k€/job", levers="LA6", ge=0, le=1000)
    max: float = lever("aide maximale", "largest aid", 5.0, unit="k€/job", levers="LA6 LC27", ge=0, le=1000)
    region_delegates: bool = lever(
        "la Région délègue ses aides (sinon, sous les règles françaises, l'immobilier seulement : CGCT L1511-3)",
        "the Région delegates its aids (else, under the French rules, property only: CGCT L1511-3)",
        default=False,
        levers="LA6",
    )
    clawback_years: float = lever(
        "années pendant lesquelles une entreprise aidée qui part rembourse la part restante",
        "years during which an aided company that leaves pays back the remaining part",
        0.0,
        unit="yr",
        levers="LC27",
        ge=0,
        le=50,
    )

    conditionality: float = lever(
        "part des entreprises aidées tenues à des engagements (contrats longs, dialogue, sobriété)",
        "share of aided companies bound to commitments (long contracts, dialogue, sobriety)",
        0.0,
        levers="LC27 LC28",
        ge=0,
        le=1,
    )

    @model_validator(mode="after")
    def _ordered(self) -> "Subsidy":
        if self.min > self.max:
            raise scenario_error(
                "« min » dépasse « max »", "'min' is above 'max'", value=[self.min, self.max]
            )
        return self


class Lease(Strict):
    """Criteria in the leases of public plots: commitments in exchange for a lower rent."""

    criteria: float = lever(
        "part des baux de terrains publics proposés avec des critères écologiques et sociaux contre un loyer réduit",
        "share of leases of public plots offered with ecological and social criteria in exchange for a lower rent",
        0.0, levers="LC28", ge=0, le=1,
    )  # fmt: skip
    rent_reduction: float = lever(
        "baisse de loyer de qui accepte les critères, en part du loyer",
        "cut of the rent of who accepts the criteria, as a share of the rent",
        0.0, levers="LC28", ge=0, le=1,
    )  # fmt: skip


class Calls(Strict):
    """Calls for projects of the State and the Region."""

    type: Literal["none", "competitive", "cooperative", "commons"] = lever(
        "sorte d'appel à projets", "kind of call for projects", "none", levers="LA13 LC37 LC38 LC39"
    )
    envelope_keur_per_yr: float = lever(
        "enveloppe annuelle des appels",
        "yearly envelope of the calls",
        0.0,
        unit="k€/yr",
        levers="LA13 LC38",
        ge=0,
        le=1e7,
    )
    prefund: float = lever(
        "part versée d'avance ; le reste un an après",
        "share paid in advance; the rest a year later",
        1.0,
        levers="LC40",
        ge=0,
        le=1,
    )
    dossier_cost_keur: float = lever(
        "coût d'un dossier (un par territoire, un par pacte si l'appel est coopératif, aucun si communs)",
        "cost of a file for who answers (one a territory, one a pact in a cooperative call, none in a call to commons)",
        0.0,
        unit="k€/yr",
        levers="LC37",
        ge=0,
        le=10000,
    )
    coop_bonus: float = lever(
        "surcroît de part par membre au-delà de deux, dans un appel coopératif",
        "additional share for each member beyond two, in a cooperative call",
        0.0,
        levers="LC38",
        ge=0,
        le=5,
    )


class Sanctions(Strict):
    """What a detected breach of a pact costs."""

    ladder: tuple[Literal["warning", "fine", "quota", "exclusion"], ...] = lever(
        "échelle des sanctions, de la première parole non tenue à la dernière",
        "ladder of sanctions, from the first broken word to the last",
        ("warning", "fine", "exclusion"),
        levers="LC1",
        strict=False,
        min_length=1,
    )
    suspension_years: int = lever(
        "années sans part des produits communs (sanction « quota »)",
        "years without a share of common proceeds (sanction 'quota')",
        2,
        unit="yr",
        levers="LC1",
        ge=1,
        le=20,
    )
    fine_share: float = lever(
        "amende, en part du budget",
        "fine, as a share of the budget",
        0.0015,
        levers="LC1",
        ge=0,
        le=1,
    )
    withholding_fine: float = lever(
        "amende pour chaque k€ d'animation dû et non versé, si le suivi le voit (contributions volontaires)",
        "fine for each k€ of animation owed and not paid, where monitoring sees it (voluntary contributions)",
        0.0,
        unit="k€/k€",
        levers="LC1 LC14",
        ge=0,
        le=1e6,
    )


class CoalitionCost(Strict):
    """What a project costs those who build it together."""

    members: tuple[str, ...] = lever(
        "codes des territoires qui construisent ensemble",
        "codes of the territories that build together",
        (),
        levers="LC9",
        strict=False,
    )
    keur: float = lever("coût du projet pour eux", "cost of the project for them", 0.0, unit="k€", levers="LC9",
                        ge=0, le=1e12)  # fmt: skip


class JointProject(Strict):
    """A work that territories need once, alone or with the other members of their pact."""

    costs: tuple[CoalitionCost, ...] = lever(
        "coût du projet pour chaque groupe des territoires concernés, chacun seul compris (aucun : pas de projet)",
        "cost of the project for every group of the territories concerned, each alone included (none: no project)",
        (),
        levers="LC9",
        strict=False,
    )
    due_years: int = lever(
        "années au bout desquelles un territoire encore sans ouvrage construit le sien seul",
        "years after which a territory still without the work builds its own alone",
        10,
        unit="yr",
        levers="LC9",
        ge=1,
        le=500,
    )

    @model_validator(mode="after")
    def _complete(self) -> "JointProject":
        mistakes = coalition_mistakes([cost.members for cost in self.costs])
        if mistakes:
            keys = [f"costs[{n + 1}].members" if n >= 0 else "costs" for n, _ in mistakes]
            raise ScenarioError([replace(p, key=key) for key, (_, p) in zip(keys, mistakes, strict=True)])
        return self


class Payoff(Strict):
    """Qui paie, qui gagne ? Taxes, aids, sharing, calls and sanctions."""

    tax_rate_bounds: tuple[Rate, Rate] = lever(
        "taux de CFE le plus bas et le plus haut",
        "lowest and highest business tax rate",
        (15.0, 40.0),
        unit="%",
        levers="LA7",
        strict=False,
    )
    revenue_sharing: RevenueSharing = lever(
        "partage de la fiscalité dans un pacte", "tax sharing in a pact", RevenueSharing(), levers="LC1 LC4"
    )
    subsidy: Subsidy = lever("bornes des aides", "bounds of the aids", Subsidy(), levers="LA6 LC27")
    lease: Lease = lever("critères des baux publics", "criteria of public leases", Lease(), levers="LC28")
    animation_funding: AnimationFunding = lever(
        "financement de l'animation", "funding of animation", AnimationFunding(), levers="LC36"
    )
    compensation: Literal["none", "outside_option", "downstream"] = lever(
        "paiements entre membres d'un pacte : aucun, de quoi valoir leur départ, ou selon l'apport de l'aval",
        "payments between members of a pact: none, what leaving is worth to them, or what downstream adds",
        "none",
        levers="LC1",
    )
    effort_fee_keur: float = lever(
        "redevance par unité d'effort sur une ressource commune",
        "fee on each unit of effort on a common resource",
        0.0,
        unit="k€/yr",
        levers="LC58",
        ge=0,
        le=1e9,
    )
    cost_sharing: Annotated[Rule, NamedRule("cost sharing", "population")] = lever(
        "règle qui partage les coûts d'un pacte et de son projet entre ses membres",
        "rule that shares the costs of a pact and of its project between its members",
        "population",
        levers="LC4 LC9",
    )
    pact_contribution: Literal["assessed", "voluntary"] = lever(
        "parts de l'animation d'un pacte : dues, ou versées selon ce que les autres ont versé",
        "shares of a pact's animation: owed, or paid according to what the others paid",
        "assessed",
        levers="LC1 LC36",
    )
    joint_project: JointProject = lever(
        "ouvrage commun à construire une fois", "joint work to build once", JointProject(), levers="LC9"
    )
    calls: Calls = lever("appels à projets", "calls for projects", Calls(), levers="LA13 LC38 LC39")
    sanctions: Sanctions = lever("sanctions dans un pacte", "sanctions in a pact", Sanctions(), levers="LC1")
    river_board_funding: Literal["budget", "gemapi_tax"] = lever(
        "supplément demandé par les syndicats de rivière : sur le budget des membres, ou la taxe GEMAPI plafonnée",
        "what river boards ask in addition: from the members' budget, or by the GEMAPI tax up to its ceiling",
        "budget",
        levers="LC58",
    )
    ebe: Ebe = lever("entreprises à but d'emploi", "employment companies", Ebe(), levers="LC84")
    energy: Energy = lever(
        "financement des réseaux de chaleur et des boucles d'énergie",
        "funding of heat networks and energy loops",
        Energy(),
        levers="LC55 LC56",
    )
    procurement: Procurement = lever(
        "commande publique", "public purchases", Procurement(), levers="LC8 LC31 LC32 LC33 LC95"
    )
    reciprocity: Reciprocity = lever(
        "contrats de réciprocité proposés aux conseils", "contracts of reciprocity offered to councils",
        Reciprocity(), levers="LC1 LC2",
    )  # fmt: skip
    foundation: Foundation = lever(
        "fondation territoriale", "territorial foundation", Foundation(), levers="LC43 LC44 LC45 LC46"
    )
    territorial_contract: TerritorialContract = lever(
        "contrat territorial avec l'État et la Région", "territorial contract with the State and the Région",
        TerritorialContract(), levers="LC2",
    )  # fmt: skip
    large_programme: LargeProgramme = lever(
        "grand programme pour quelques lauréats", "large programme for a few winners", LargeProgramme(),
        levers="LC51",
    )  # fmt: skip
    guarantee: Guarantee = lever("fonds de garantie", "guarantee fund", Guarantee(), levers="LC34")
    shared_bank_risk: bool = lever(
        "les membres d'un pacte portent ensemble le risque de leurs ouvrages d'énergie (sinon un seul chef de file)",
        "members of a pact carry together the risk of the energy works that they build (else one lead alone)",
        default=False,
        levers="LC41",
    )
    own_funds_share: float = lever(
        "part de l'argent extérieur de l'animation apportée en fonds propres, gardés et dépensés peu à peu",
        "part of the outside money of animation given as own funds, kept and spent little by little",
        0.0, levers="LC35", ge=0, le=1,
    )  # fmt: skip
    tax_modulation: float = lever(
        "baisse de CFE pour les entreprises en transition, en part de la taxe",
        "cut of business tax for companies in transition, as a share of the tax",
        0.0,
        levers="LC29",
        ge=0,
        le=1,
    )
    water_price: WaterPrice = lever("prix de l'eau", "price of water", WaterPrice(), levers="LC58")
    wood_price: WoodPrice = lever("prix du bois", "price of wood", WoodPrice(), levers="LC58")
    balanced_budget: bool = lever(
        "budget de fonctionnement en équilibre (CGCT L1612-4)",
        "running budget must balance (CGCT L1612-4)",
        default=True,
        grade="measured",
    )
    land_price_policy: float = lever(
        "prix des terrains publics, en part du prix du marché",
        "price of public plots, as a share of the market price",
        1.0,
        levers="LA4 LA5",
        ge=0,
        le=2,
    )
    remediation_provision: float = lever(
        "provision de remise en état que bloque une entreprise qui arrive",
        "provision for restoration that an arriving company locks up",
        0.0,
        unit="k€/ha",
        levers="LC20",
        ge=0,
        le=10000,
    )
    review_years: int = lever(
        "années entre deux revues d'un pacte",
        "years between two reviews of a pact",
        3,
        unit="yr",
        levers="LC77",
        ge=1,
        le=30,
    )

    @model_validator(mode="after")
    def _ordered(self) -> "Payoff":
        low, high = self.tax_rate_bounds
        if low > high:
            raise scenario_error(
                "la borne basse dépasse la borne haute",
                "the lower bound is above the upper bound",
                key="tax_rate_bounds",
                value=[low, high],
            )
        return self
