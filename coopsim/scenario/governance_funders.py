"""Payoff: contracts, large programmes and guarantees: money of the State, the Région, banks and companies' lenders."""

from typing import Literal

from pydantic import model_validator

from coopsim.errors import scenario_error
from coopsim.scenario.governance_policy import Target
from coopsim.scenario.strict import Strict, lever


class TerritorialContract(Strict):
    """Un contrat territorial : l'État et la Région cofinancent des actions, en partie selon des cibles tenues."""

    eur_per_head: float = lever(
        "actions financées par habitant et par an, part du territoire comprise (0 : pas de contrat)",
        "actions paid for by inhabitant and year, the territory's part included (0: no contract)",
        0.0, unit="EUR/head/yr", levers="LC2", ge=0, le=10000,
    )  # fmt: skip
    years: int = lever("durée du contrat", "length of the contract", 6, unit="yr", levers="LC2", ge=1, le=30)
    conditional: float = lever(
        "part du financement extérieur versée selon les cibles tenues l'année d'avant",
        "part of the outside money that is paid by the targets met the year before",
        0.3, levers="LC2", ge=0, le=1,
    )  # fmt: skip
    own_share: float = lever(
        "part des actions payée par le territoire",
        "part of the actions that the territory pays",
        0.2, levers="LC2", ge=0, le=0.9,
    )  # fmt: skip
    targets: tuple[Target, ...] = lever(
        "cibles du contrat ; l'argent va aux actions que le conseil croit y servir",
        "targets of the contract; the money goes to actions that the council believes to serve them",
        (), levers="LC2", strict=False,
    )  # fmt: skip

    @model_validator(mode="after")
    def _sound(self) -> "TerritorialContract":
        names = [target.indicator for target in self.targets]
        if len(set(names)) < len(names):
            raise scenario_error(
                "un indicateur a deux cibles", "an indicator has two targets", key="targets", value=names
            )
        if self.eur_per_head > 0.0 and not self.targets:
            raise scenario_error(
                "un contrat territorial a une cible au moins", "a territorial contract has at least one target",
                key="targets", value=[],
            )  # fmt: skip
        return self


class LargeProgramme(Strict):
    """Un grand programme (TIGA, GPRA) : beaucoup d'argent sur plusieurs années, pour quelques lauréats."""

    envelope_keur: float = lever(
        "enveloppe de chaque lauréat, sur toute la durée (0 : pas de programme)",
        "envelope of each winner over the whole time (0: no programme)",
        0.0, unit="k€", levers="LC51", ge=0, le=1e7,
    )  # fmt: skip
    years: int = lever("années de financement", "years of funding", 6, unit="yr", levers="LC51", ge=1, le=30)
    every_years: int = lever(
        "années entre deux sélections", "years between two selections", 10, unit="yr", levers="LC51", ge=1, le=50
    )  # fmt: skip
    winners: int = lever(
        "lauréats par sélection", "winners of each selection", 1, levers="LC51", ge=1, le=1000
    )
    own_share: float = lever(
        "part des actions payée par le lauréat", "part of the actions that the winner pays", 0.3,
        levers="LC51", ge=0, le=0.9,
    )  # fmt: skip
    carriers: Literal["territories", "pacts"] = lever(
        "qui peut candidater : un territoire seul, ou les membres d'un pacte",
        "who may apply: a territory alone, or the members of a pact",
        "territories",
        levers="LC51 LC37",
    )


class Guarantee(Strict):
    """Un fonds de garantie : il prend à sa charge une part des pertes des prêteurs."""

    share: float = lever(
        "part garantie des pertes sur les prêts de transition et les ouvrages d'énergie (0 : pas de fonds)",
        "guaranteed share of losses on loans for the transition and on energy works (0: no fund)",
        0.0, levers="LC34", ge=0, le=1,
    )  # fmt: skip
    endowment_eur_per_head: float = lever(
        "dotation du fonds par habitant, versée une fois par l'intercommunalité",
        "endowment of the fund by inhabitant, paid once by the intercommunalité",
        5.0, unit="EUR/head", levers="LC34", ge=0, le=10000,
    )  # fmt: skip
    leverage: float = lever(
        "euros garantis pour un euro du fonds", "euros guaranteed for a euro of the fund", 5.0,
        levers="LC34", ge=0, le=100,
    )  # fmt: skip
