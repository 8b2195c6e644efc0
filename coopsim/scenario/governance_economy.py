"""Payoff and limits of the local economy: employment companies, energy works, purchases, prices of water and wood."""

from typing import Literal

from pydantic import model_validator

from coopsim.errors import scenario_error
from coopsim.scenario.strict import Strict, lever


class Ebe(Strict):
    """Employment companies (EBE) of the experiment on long-term unemployment (laws 2016-231 and 2020-1577)."""

    posts: int = lever(
        "postes d'entreprise à but d'emploi financés dans le territoire (0 : aucun)",
        "posts in employment companies paid for in the territory (0: none)",
        0,
        unit="posts",
        levers="LC84",
        ge=0,
        le=100000,
    )
    posts_per_yr: float = lever(
        "postes pourvus par an au plus (870 embauches en cinq ans sur dix territoires)",
        "most posts filled in a year (870 hires in five years in ten territories)",
        17.4,
        unit="posts/yr",
        levers="LC84",
        grade="literature",
        ge=0,
        le=100000,
    )
    local_share: float = lever(
        "part de la contribution payée par l'intercommunalité ; le reste par l'État et le département",
        "share of the contribution paid by the intercommunalité; the rest by the State and the département",
        0.0,
        levers="LC84",
        ge=0,
        le=1,
    )

    agency: Literal["aside", "associated", "told"] = lever(
        "agence publique de l'emploi : sans rôle, associée dès la conception, informée après coup",
        "public employment agency: without a part, associated from the design, told afterwards",
        "aside", levers="LC84",
    )  # fmt: skip
    agency_overlap: float = lever(
        "accord du périmètre de l'expérimentation avec celui de l'agence (0 : elle n'y vient jamais, 1 : le même)",
        "fit of the experiment's perimeter with that of the agency (0: it never comes round, 1: the same)",
        1.0, levers="LC84", ge=0, le=1,
    )  # fmt: skip


class Energy(Strict):
    """Who pays for wood heat networks and energy loops."""

    grant_share: float = lever(
        "part de l'investissement payée par l'État (Fonds chaleur)",
        "share of the investment paid by the State (Fonds chaleur)",
        0.5,
        levers="LC55 LC56",
        grade="literature",  # half of the cost of La Chantrerie (Environnement Magazine 2012)
        ge=0,
        le=1,
    )
    local_share: float = lever(
        "part du reste payée par l'intercommunalité (l'opérateur paie les autres)",
        "share of the rest paid by the intercommunalité (the operator pays the others)",
        0.0,
        levers="LC55 LC56",
        ge=0,
        le=1,
    )


class Procurement(Strict):
    """How intercommunalités and large public employers buy; 0 everywhere: as at the start."""

    lots: float = lever(
        "part des achats découpée en petits lots (code de la commande publique L2113-10)",
        "share of purchases cut in small lots (code de la commande publique L2113-10)",
        0.0,
        levers="LC32",
        ge=0,
        le=1,
    )
    clauses: float = lever(
        "part des achats avec des clauses sociales et écologiques (SPASER)",
        "share of purchases with social and ecological clauses (SPASER)",
        0.0,
        levers="LC31",
        ge=0,
        le=1,
    )
    direct_award: float = lever(
        "part des achats confiée sans appel d'offres à qui a bâti le projet sur place",
        "share of purchases given without a tender to those who built the project locally",
        0.0,
        levers="LC33",
        ge=0,
        le=0.5,
    )
    pooled: bool = lever(
        "marchés groupés entre les membres d'un pacte", "orders pooled by the members of a pact", default=False,
        levers="LC8",
    )  # fmt: skip
    anchors: bool = lever(
        "les grands employeurs publics achètent selon les mêmes règles",
        "large public employers buy by the same rules",
        default=False,
        levers="LC95",
    )


class WaterPrice(Strict):
    """Levy on the water that households and companies use, and what volumes above a threshold cost in addition."""

    levy_eur_per_m3: float = lever(
        "redevance locale par m³ d'eau potable et industrielle, versée à l'intercommunalité",
        "local levy on each m³ of drinking and industrial water, paid to the intercommunalité",
        0.0,
        unit="EUR/m3",
        levers="LC58",
        ge=0,
        le=100,
    )
    block_eur_per_m3: float = lever(
        "supplément par m³ au-delà du seuil (tarif progressif, CGCT L2224-12-4), versé à qui vend l'eau",
        "supplement on each m³ above the threshold (price by blocks, CGCT L2224-12-4), paid to who sells the water",
        0.0, unit="EUR/m3", levers="LC58", ge=0, le=100,
    )  # fmt: skip
    household_threshold_m3: float = lever(
        "seuil du tarif progressif des ménages, par habitant et par an",
        "threshold of the price by blocks for households, per inhabitant and year",
        40.0, unit="m³/inhabitant/yr", levers="LC58", ge=0, le=10000,
    )  # fmt: skip
    company_threshold_m3: float = lever(
        "seuil du tarif progressif des entreprises, par emploi et par an",
        "threshold of the price by blocks for companies, per job and year",
        50.0, unit="m³/job/yr", levers="LC58", ge=0, le=100000,
    )  # fmt: skip


class WoodPrice(Strict):
    """Levy on conifer wood cut."""

    levy_eur_per_m3: float = lever(
        "redevance locale par m³ de résineux récolté, versée à l'intercommunalité",
        "local levy on each m³ of conifer cut, paid to the intercommunalité",
        0.0,
        unit="EUR/m3",
        levers="LC58",
        ge=0,
        le=1000,
    )


class ReciprocityOffer(Strict):
    """One contract that two councils may sign: what one gives, what the other pays."""

    giver: str = lever("code du territoire qui donne", "code of the territory that gives", "", levers="LC1")
    taker: str = lever("code du territoire qui paie", "code of the territory that pays", "", levers="LC1")
    gives: Literal["water", "wood"] = lever(
        "ce qui est donné : de l'eau laissée à la rivière, ou du bois mobilisé",
        "what is given: water left to the river, or wood mobilised",
        "water",
        levers="LC1",
    )
    share: float = lever(
        "part de l'irrigation à laquelle renoncent les agriculteurs de qui donne (eau)",
        "share of irrigation that the giver's farmers give up (water)",
        0.3,
        levers="LC1",
        ge=0,
        le=1,
    )
    keur_per_yr: float = lever(
        "paiement annuel", "yearly payment", 100.0, unit="k€/yr", levers="LC1", ge=0, le=1e7
    )
    years: int = lever("durée du contrat", "length of the contract", 6, unit="yr", levers="LC1", ge=1, le=50)
    penalty_keur: float = lever(
        "pénalité de qui ne tient pas sa parole", "penalty of who does not keep its word", 0.0, unit="k€",
        levers="LC1", ge=0, le=1e7,
    )  # fmt: skip

    @model_validator(mode="after")
    def _two(self) -> "ReciprocityOffer":
        if self.giver == self.taker:
            raise scenario_error(
                "un contrat se signe à deux", "a contract is between two", key="taker", value=self.taker
            )
        return self


class Reciprocity(Strict):
    """Contracts of reciprocity that councils may sign."""

    offers: tuple[ReciprocityOffer, ...] = lever(
        "contrats proposés chaque hiver aux deux conseils (aucun : pas de contrat)",
        "contracts put to both councils every winter (none: no contract)",
        (),
        levers="LC1 LC2",
        strict=False,
    )
