"""Choice, over time: whether a council decides year by year, by a plan, by trials it reviews, or by a mission."""

from typing import Literal

from pydantic import model_validator

from coopsim.errors import scenario_error
from coopsim.indicators import TERRITORY
from coopsim.registry import nearest
from coopsim.scenario.strict import Strict, lever

PolicyMode = Literal["yearly", "plan", "adaptive", "mission"]
POLICY_MODES: tuple[PolicyMode, ...] = ("yearly", "plan", "adaptive", "mission")


class Target(Strict):
    """Une cible de la mission : un plancher, un plafond, ou les deux."""

    indicator: str = lever(
        "indicateur du territoire, comme dans les résultats",
        "indicator of the territory, as in the results",
        "unemployment",
        levers="LC68 LC69",
    )
    floor: float | None = lever(
        "plancher : le moins qu'il faut", "floor: the least that is needed", None,
        unit="unit of the indicator", levers="LC68 LC69", ge=-1e12, le=1e12,
    )  # fmt: skip
    ceiling: float | None = lever(
        "plafond : le plus que l'on s'autorise", "ceiling: the most that is allowed", None,
        unit="unit of the indicator", levers="LC68 LC69", ge=-1e12, le=1e12,
    )  # fmt: skip

    @model_validator(mode="after")
    def _sound(self) -> "Target":
        if self.indicator not in TERRITORY:
            raise scenario_error(
                "aucun indicateur des territoires ne porte ce nom",
                "no indicator of territories has this name",
                key="indicator",
                value=self.indicator,
                nearest=nearest(self.indicator, list(TERRITORY)),
            )
        if self.floor is None and self.ceiling is None:
            raise scenario_error(
                "une cible a un plancher (floor), un plafond (ceiling) ou les deux",
                "a target has a floor, a ceiling or both",
                key="floor",
                value=self.indicator,
            )
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise scenario_error(
                "le plancher dépasse le plafond",
                "the floor is above the ceiling",
                key="floor",
                value=[self.floor, self.ceiling],
            )
        return self


class Policy(Strict):
    """Comment la politique tient dans le temps : plan, essais évalués, mission."""

    plan_years: int = lever(
        "plan : années entre deux plans, qui fixent les choix de toute la période",
        "plan: years between two plans, which fix the moves of the whole period",
        6, unit="yr", levers="LC70", ge=1, le=40,
    )  # fmt: skip
    review_years: int = lever(
        "projet apprenant : années entre un essai et sa revue",
        "learning project: years from a trial to its review",
        3, unit="yr", levers="LC70 LC77", ge=1, le=20,
    )  # fmt: skip
    review: Literal["raw", "weighed"] = lever(
        "revue : résultat pris tel quel, ou pesé selon ce que le hasard explique",
        "review: the result as it is, or weighed by what chance explains",
        "weighed",
        levers="LC70",
    )
    stop_below: float = lever(
        "règle d'arrêt : part de l'effet attendu sous laquelle l'essai s'arrête",
        "stop rule: share of the expected effect below which a trial stops",
        0.25, levers="LC70", ge=-10, le=10,
    )  # fmt: skip
    stopped_years: int = lever(
        "années pendant lesquelles un choix arrêté n'est plus proposé",
        "years during which a stopped move is not proposed again",
        6, unit="yr", levers="LC70", ge=0, le=40,
    )  # fmt: skip
    horizon_years: int = lever(
        "mission : années pour atteindre les cibles",
        "mission: years to reach the targets",
        10, unit="yr", levers="LC69", ge=1, le=100,
    )  # fmt: skip
    targets: tuple[Target, ...] = lever(
        "mission : cibles (planchers et plafonds)",
        "mission: targets (floors and ceilings)",
        (),
        levers="LC68 LC69",
        strict=False,
    )
    commitment: float = lever(
        "mission : ce que vaut, pour un siège, un choix qui sert une cible encore loin",
        "mission: what a move that serves a target still far away is worth to a seat",
        0.3, unit="% of the budget", levers="LC68 LC96", ge=0, le=10,
    )  # fmt: skip
    ceilings_bind: bool = lever(
        "mission : un plafond dépassé retire les choix qui l'aggravent",
        "mission: a ceiling that is passed takes away the moves that worsen it",
        default=True,
        levers="LC30 LC69",
    )

    @model_validator(mode="after")
    def _once(self) -> "Policy":
        names = [target.indicator for target in self.targets]
        if len(set(names)) < len(names):
            raise scenario_error(
                "un indicateur a deux cibles", "an indicator has two targets", key="targets", value=names
            )
        return self
