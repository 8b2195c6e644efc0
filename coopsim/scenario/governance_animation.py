"""Payoff: who pays the people that keep a pact alive."""

from typing import Annotated

from pydantic import Field, model_validator

from coopsim.errors import scenario_error
from coopsim.scenario.strict import Strict, lever

Mark = Annotated[float, Field(ge=0, le=3)]


class FundingMix(Strict):
    """Weights of the sources of the outside money, as in published tables (0 to 3 marks)."""

    public: Mark = lever("subventions publiques", "public subsidies", 1.0, levers="LC36")
    private: Mark = lever("mécénat, subventions privées", "patronage, private grants", 0.0, levers="LC43")
    sales: Mark = lever("ventes", "sales", 0.0, levers="LC35")
    levy: Mark = lever("prélèvement sur le chiffre d'affaires", "levy on turnover", 0.0, levers="LC46")
    citizen: Mark = lever("épargne citoyenne", "citizens' savings", 0.0, levers="LC49")
    loans: Mark = lever("emprunts", "loans", 0.0, levers="LC34")
    non_monetary: Mark = lever("bénévolat, mises à disposition", "volunteers, staff lent", 0.0, levers="LC35")

    @model_validator(mode="after")
    def _some(self) -> "FundingMix":
        if sum(self.model_dump().values()) <= 0.0:
            raise scenario_error("aucune source d'argent", "no source of money", value=0.0)
        return self

    @property
    def public_share(self) -> float:
        """Part of the outside money that a cut of public funding may hit, 0-1."""
        return float(self.public / sum(self.model_dump().values()))


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
    mix: FundingMix = lever(
        "origine de l'argent extérieur ; une coupe des financements publics n'en touche que la part publique",
        "origin of the outside money; a cut of public funding hits only its public part",
        FundingMix(),
        levers="LC35 LC36 LC43",
    )
