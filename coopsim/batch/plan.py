"""Plans of batches: which scenarios, at which points of a design, on which seeds, and what is kept."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.indicators import SYSTEM
from coopsim.registry import nearest
from coopsim.scenario.places import line_of, places
from coopsim.scenario.reading import file_text, toml_data
from coopsim.scenario.refusals import refusals
from coopsim.scenario.strict import Strict
from coopsim.scenario.strict import key as field

DESIGNS = ("replicates", "grid", "list", "latin_hypercube", "sobol", "morris", "saltelli")
MOST_RUNS = 10_000_000
_RANDOM = ("latin_hypercube", "sobol", "morris", "saltelli")

Scalar = bool | int | float | str


class Parameter(Strict):
    """One key of the scenarios that the design varies."""

    key: str = field("clé pointée du scénario", "dotted key of the scenario", min_length=1)
    role: Literal["uncertainty", "lever"] = field(
        "incertitude (personne ne la choisit) ou levier",
        "uncertainty (nobody chooses it) or lever",
        "uncertainty",
    )
    distribution: Literal["uniform", "log_uniform", "triangular", "normal", "log_normal", "choice"] | None = (
        field("loi de tirage", "distribution", None)
    )
    low: float | None = field("borne basse", "lower bound", None)
    high: float | None = field("borne haute", "upper bound", None)
    mode: float | None = field("mode d'une loi triangulaire", "mode of a triangular distribution", None)
    mean: float | None = field("moyenne", "mean", None)
    sd: float | None = field("écart-type", "standard deviation", None, gt=0)
    integer: bool = field("arrondi à l'entier", "rounded to a whole number", default=False)
    values: tuple[Scalar, ...] = field("valeurs", "values", (), strict=False)
    levels: int | None = field(
        "nombre de niveaux d'une grille", "number of levels of a grid", None, ge=2, le=1000
    )

    @model_validator(mode="after")
    def _complete(self) -> "Parameter":
        needs: dict[str, tuple[str, ...]] = {
            "uniform": ("low", "high"),
            "log_uniform": ("low", "high"),
            "triangular": ("low", "high", "mode"),
            "normal": ("mean", "sd"),
            "log_normal": ("mean", "sd"),
            "choice": ("values",),
        }
        missing = [
            name
            for name in needs.get(self.distribution or "", ())
            if not getattr(self, name) and getattr(self, name) != 0
        ]
        if missing:
            raise scenario_error(
                f"la loi « {self.distribution} » demande : {', '.join(missing)}",
                f"distribution '{self.distribution}' needs: {', '.join(missing)}",
                key=missing[0],
            )
        if self.low is not None and self.high is not None:
            if self.low >= self.high:
                raise scenario_error(
                    "« low » n'est pas sous « high »",
                    "'low' is not below 'high'",
                    value=[self.low, self.high],
                )
            if self.distribution == "log_uniform" and self.low <= 0:
                raise scenario_error(
                    "une loi logarithmique demande low > 0",
                    "a logarithmic law needs low > 0",
                    key="low",
                    value=self.low,
                )
            if self.mode is not None and not self.low <= self.mode <= self.high:
                raise scenario_error(
                    "le mode est hors des bornes", "the mode is out of bounds", key="mode", value=self.mode,
                    allowed=f"{self.low:g} – {self.high:g}",
                )  # fmt: skip
        return self


class Design(Strict):
    """How points are laid over the parameters."""

    kind: Literal["replicates", "grid", "list", "latin_hypercube", "sobol", "morris", "saltelli"] = field(
        "sorte de plan d'expérience", "kind of design", "replicates"
    )
    points: int | None = field(
        "points (trajectoires pour morris, base pour saltelli)",
        "points (trajectories of morris, base of saltelli)",
        None,
        ge=1,
        le=MOST_RUNS,
    )
    seed: int = field("graine du plan", "seed of the design", 0, ge=0, le=2**31 - 1)
    levels: int = field("niveaux de morris", "levels of morris", 4, ge=2, le=100)

    @model_validator(mode="after")
    def _points(self) -> "Design":
        if self.kind in _RANDOM and self.points is None:
            raise scenario_error(
                f"le plan « {self.kind} » demande un nombre de points",
                f"design '{self.kind}' needs a number of points", key="points",
            )  # fmt: skip
        if self.kind == "morris" and self.levels % 2:
            raise scenario_error(
                "le nombre de niveaux est pair",
                "the number of levels is even",
                key="levels",
                value=self.levels,
            )
        return self


class Lane(Strict):
    """One scenario of the plan, with changes of its own."""

    scenario: str = field("nom ou fichier", "name or file", min_length=1)
    label: str = field("nom dans les résultats", "name in the results", "")
    set: dict[str, Any] = field("clés changées", "keys changed", {})


class Record(Strict):
    """What is kept of every run."""

    what: Literal["horizon", "yearly", "quarterly"] = field(
        "pas de temps gardé", "time step that is kept", "yearly"
    )
    indicators: tuple[str, ...] = field(
        "indicateurs, vide : tous", "indicators, empty: all", (), strict=False
    )
    territories: bool = field("garder aussi chaque territoire", "keep each territory too", default=False)
    journal: bool = field("garder le journal des décisions", "keep the journal of decisions", default=False)

    @model_validator(mode="after")
    def _known(self) -> "Record":
        for name in self.indicators:
            if name not in SYSTEM:
                raise scenario_error(
                    "indicateur inconnu", "unknown indicator", key="indicators", value=name,
                    nearest=nearest(name, list(SYSTEM)),
                )  # fmt: skip
        return self


class Runs(Strict):
    """Which worlds are lived."""

    scenarios: tuple[str | Lane, ...] = field("scénarios", "scenarios", strict=False, min_length=1)
    replicates: int = field("mondes par point", "worlds at each point", 1, ge=1, le=100_000)
    seed: int = field("première graine", "first seed", 0, ge=0, le=2**53)
    years: int | None = field(
        "durée, celle des scénarios si absente", "length, that of the scenarios if absent", None, ge=1, le=500
    )

    def lanes(self) -> tuple[Lane, ...]:
        """Return the scenarios, each with its label."""
        found = [lane if isinstance(lane, Lane) else Lane(scenario=lane) for lane in self.scenarios]
        return tuple(
            lane if lane.label else lane.model_copy(update={"label": Path(lane.scenario).stem})
            for lane in found
        )


class Plan(Strict):
    """A plan file."""

    schema_: Literal[1] = Field(1, alias="schema")
    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w .\-]+$")] = field("nom", "name")
    question: dict[str, str] = field("question posée", "question asked", {})
    run: Runs = field("mondes", "worlds")
    design: Design = field("plan d'expérience", "design", Design())
    parameter: tuple[Parameter, ...] = field("paramètres", "parameters", (), strict=False)
    record: Record = field("ce qui est gardé", "what is kept", Record())

    @model_validator(mode="after")
    def _fits(self) -> "Plan":
        labels = [lane.label for lane in self.run.lanes()]
        keys = [parameter.key for parameter in self.parameter]
        for names, what in ((labels, "scenario"), (keys, "parameter")):
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise scenario_error("donné deux fois", "given twice", key=what, value=twice)
        if (self.design.kind == "replicates") != (not self.parameter):
            raise scenario_error(
                "un plan « replicates » n'a pas de paramètres, les autres en ont",
                "design 'replicates' has no parameters, the others have some", key="design.kind",
                value=self.design.kind,
            )  # fmt: skip
        for parameter in self.parameter:
            self._drawn(parameter)
        return self

    def _drawn(self, parameter: Parameter) -> None:
        kind = self.design.kind
        if kind in _RANDOM and parameter.distribution is None:
            raise scenario_error(
                f"le plan « {kind} » demande une loi de tirage", f"design '{kind}' needs a distribution",
                key=f"parameter {parameter.key}",
                allowed="uniform, log_uniform, triangular, normal, log_normal, choice",
            )  # fmt: skip
        spread = parameter.low is not None and parameter.high is not None and parameter.levels is not None
        if kind in ("grid", "list") and not parameter.values and not (kind == "grid" and spread):
            raise scenario_error(
                f"le plan « {kind} » demande des valeurs (ou low, high et levels pour une grille)",
                f"design '{kind}' needs values (or low, high and levels for a grid)", key=f"parameter {parameter.key}",
            )  # fmt: skip
        lengths = {len(p.values) for p in self.parameter}
        if kind == "list" and len(lengths) > 1:
            raise scenario_error(
                "dans une liste, tous les paramètres ont autant de valeurs",
                "in a list all parameters have the same number of values", key="parameter", value=sorted(lengths),
            )  # fmt: skip


def load_plan(path: Path) -> Plan:
    """Return the plan of a TOML file.

    Raises
    ------
    ScenarioError
        With every mistake: file, line, key, value, what is allowed and the nearest name.
    """
    shown = str(path)
    problems: list[Problem] = []
    text = file_text(path, shown, problems)
    data = toml_data(text, shown, problems) if text else None
    if data is None or text is None:
        raise ScenarioError(problems)
    lines = places(text)
    try:
        return TypeAdapter(Plan).validate_python(data)
    except ValidationError as error:
        found = [
            replace(problem, file=shown, line=line_of(lines, place))
            for place, problem in refusals(error, Plan)
        ]
        raise ScenarioError(found) from None
