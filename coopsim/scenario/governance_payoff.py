"""Payoff: who pays and who gains."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from coopsim.errors import scenario_error
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
    key: Literal["population", "need", "contribution"] = lever(
        "clé de partage du produit commun", "key that splits the pool", "population", levers="LC4"
    )


class Subsidy(Strict):
    """Bounds of the aid to companies."""

    min: float = lever("aide minimale", "smallest aid", 0.0, unit="k€/job", levers="LA6", ge=0, le=1000)
    max: float = lever("aide maximale", "largest aid", 5.0, unit="k€/job", levers="LA6 LC27", ge=0, le=1000)

    @model_validator(mode="after")
    def _ordered(self) -> "Subsidy":
        if self.min > self.max:
            raise scenario_error(
                "« min » dépasse « max »", "'min' is above 'max'", value=[self.min, self.max]
            )
        return self


class AnimationFunding(Strict):
    """Money for the people who keep a pact alive."""

    share: float = lever(
        "part des postes d'animation payée par l'État ou la Région",
        "share of animation posts paid by the State or the Region",
        0.0,
        levers="LC36",
        ge=0,
        le=1,
    )
    fte_per_pact: float = lever(
        "postes d'animation par pacte",
        "animation posts in each pact",
        1.0,
        unit="FTE",
        levers="LC36 LC9",
        ge=0,
        le=20,
    )


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


class Sanctions(Strict):
    """What a detected breach of a pact costs."""

    fine_share: float = lever(
        "amende, en part du budget",
        "fine, as a share of the budget",
        0.0015,
        levers="LC1",
        ge=0,
        le=1,
    )


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
    animation_funding: AnimationFunding = lever(
        "financement de l'animation", "funding of animation", AnimationFunding(), levers="LC36"
    )
    calls: Calls = lever("appels à projets", "calls for projects", Calls(), levers="LA13 LC38 LC39")
    sanctions: Sanctions = lever("sanctions dans un pacte", "sanctions in a pact", Sanctions(), levers="LC1")
    balanced_budget: bool = lever(
        "budget de fonctionnement en équilibre (CGCT L1612-4)",
        "running budget must balance (CGCT L1612-4)",
        default=True,
        grade="measured",
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
