"""A calibration study as a file: what is uncertain, what is aimed at, what is held out, and how much work is done."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.parameter_checks import GRADES
from coopsim.scenario.strict import Local, Strict
from coopsim.scenario.strict import key as field
from coopsim_calibration.observables import observables, produced

FITTED_PATTERNS = ("P2", "P10", "P21", "P30")
"""Patterns that a fit may use; the others only judge the model afterwards."""

_PERIOD = re.compile(r"\d{4}(-\d{4})?")
_NEEDS: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "log_uniform": ("low", "high"),
    "normal": ("mean", "sd", "low", "high"),
    "beta": ("alpha", "beta", "low", "high"),
    "choice": ("values",),
}
_NUMBERS = ("low", "high", "mean", "sd", "alpha", "beta", "values")

Scalar = bool | int | float | str


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise ScenarioError(problems)


class Uncertainty(Strict):
    """One parameter of the model that is fitted, with what was believed of it before."""

    key: str = field("clé pointée du scénario", "dotted key of the scenario", min_length=1)
    prior: Literal["uniform", "log_uniform", "normal", "beta", "choice"] = field(
        "loi a priori", "prior law", "uniform"
    )
    low: float | None = field("borne basse", "lower bound", None)
    high: float | None = field("borne haute", "upper bound", None)
    mean: float | None = field(
        "moyenne d'une loi normale, avant troncature", "mean of a normal law before truncation", None
    )
    sd: float | None = field("son écart-type", "its standard deviation", None, gt=0)
    alpha: float | None = field("premier exposant d'une loi bêta", "first exponent of a beta law", None, gt=0)
    beta: float | None = field("second exposant d'une loi bêta", "second exponent of a beta law", None, gt=0)
    values: tuple[Scalar, ...] = field(
        "choix également probables", "choices, equally likely", (), strict=False
    )
    integer: bool = field("arrondi à l'entier", "rounded to a whole number", default=False)
    source: str = field("d'où vient cette loi", "where this law comes from", min_length=1)
    grade: Literal["measured", "literature", "assumption"] = field("qualité", "grade", "assumption")

    @model_validator(mode="after")
    def _complete(self) -> "Uncertainty":
        _refuse([*self._mistakes()])
        return self

    def _mistakes(self) -> Iterator[Problem]:
        needs = _NEEDS[self.prior]
        for name in _NUMBERS:
            given = getattr(self, name) not in (None, ())
            if name in needs and not given:
                yield Problem(
                    Text(
                        f"la loi « {self.prior} » demande « {name} »", f"prior '{self.prior}' needs '{name}'"
                    ),
                    key=name,
                )
            elif given and name not in needs:
                text = Text(
                    f"sans effet avec la loi « {self.prior} »", f"has no effect with prior '{self.prior}'"
                )
                yield Problem(text, key=name, value=getattr(self, name))
        if self.low is not None and self.high is not None and self.low >= self.high:
            yield Problem(
                Text("« low » n'est pas sous « high »", "'low' is not below 'high'"),
                key="low",
                value=self.low,
            )
        if self.prior == "log_uniform" and self.low is not None and self.low <= 0.0:
            text = Text(
                "la loi « log_uniform » demande un nombre positif",
                "prior 'log_uniform' needs a positive number",
            )
            yield Problem(text, key="low", value=self.low, allowed="> 0")
        if self.prior == "choice" and len(set(self.values)) == 1:
            yield Problem(
                Text("deux choix au moins", "two choices at least"), key="values", value=list(self.values)
            )


class Setting(Strict):
    """A key that the fit holds at one value."""

    key: str = field("clé pointée du scénario", "dotted key of the scenario", min_length=1)
    value: Any = field("valeur tenue pendant l'ajustement", "value held during the fit")
    source: str = field("d'où vient cette valeur", "where this value comes from", "")


class Replaced(Strict):
    """A figure of the case's table of territories that is replaced, because it holds what the study holds out."""

    column: str = field("colonne de territories.csv", "column of territories.csv", min_length=1)
    territory: str = field("code du territoire", "code of the territory", min_length=1)
    value: float = field("valeur mise à la place", "value put instead")
    reason: str = field(
        "pourquoi, et d'où vient la valeur", "why, and where the value comes from", min_length=1
    )


class TargetSpec(Strict):
    """A figure of the diagnostic that runs are compared with."""

    indicator: str = field("grandeur du diagnostic", "figure of the diagnostic", min_length=1)
    territories: tuple[str, ...] = field("codes, ou system", "codes, or system", strict=False, min_length=1)
    year: int | str = field("année, ou deux comme 2016-2022", "year, or two as 2016-2022")
    discrepancy: float = field(
        "écart-type de ce que le modèle ne peut pas reproduire, dans l'unité",
        "standard deviation of what the model cannot reproduce, in the unit", gt=0,
    )  # fmt: skip
    reason: str = field("pourquoi cet écart", "why this discrepancy", min_length=1)
    pattern: str = field("motif P1–P30 dont la cible vient", "pattern P1–P30 that the target comes from", "")
    low: float | None = field("borne basse, sans diagnostic", "lower bound, without a diagnostic", None)
    high: float | None = field("borne haute, sans diagnostic", "upper bound, without a diagnostic", None)

    @property
    def period(self) -> str:
        """The year or years as text."""
        return str(self.year)

    @property
    def years(self) -> tuple[int, int]:
        """First and last year."""
        words = self.period.split("-")
        return int(words[0]), int(words[-1])

    @model_validator(mode="after")
    def _known(self) -> "TargetSpec":
        _refuse([*self._mistakes()])
        return self

    def _mistakes(self) -> Iterator[Problem]:
        found = observables().get(self.indicator)
        if found is None:
            near = nearest(self.indicator, list(observables()))
            yield Problem(
                Text("grandeur inconnue", "unknown figure"),
                key="indicator",
                value=self.indicator,
                nearest=near,
            )
        elif not found.produced:
            near = found.targets or nearest(self.indicator, produced())
            text = Text("le modèle ne produit pas cette grandeur : elle ne peut pas être une cible",
                        "the model does not produce this figure: it cannot be a target")  # fmt: skip
            yield Problem(
                text, key="indicator", value=self.indicator, allowed=", ".join(produced()), nearest=near
            )
        if not _PERIOD.fullmatch(self.period):
            text = Text(
                "une année, ou deux comme 2016-2022, est attendue", "a year, or two as 2016-2022, is expected"
            )
            yield Problem(text, key="year", value=self.year)
        if self.pattern and self.pattern not in FITTED_PATTERNS:
            text = Text(
                "ce motif sert à juger le modèle, jamais à l'ajuster",
                "this pattern judges the model and never fits it",
            )
            yield Problem(text, key="pattern", value=self.pattern, allowed=", ".join(FITTED_PATTERNS))
        if (self.low is None) != (self.high is None) or (self.low is not None and not self.pattern):
            text = Text(
                "« low » et « high » vont ensemble, avec « pattern »",
                "'low' and 'high' go together, with 'pattern'",
            )
            yield Problem(text, key="low", value=self.low)
        elif self.low is not None and self.high is not None and self.low >= self.high:
            yield Problem(
                Text("« low » n'est pas sous « high »", "'low' is not below 'high'"),
                key="low",
                value=self.low,
            )


class Model(Strict):
    """What is run."""

    scenario: str = field("scénario : nom ou fichier", "scenario: name or file", min_length=1)
    years: int = field(
        "années simulées pour la comparaison", "years simulated for the comparison", 7, ge=3, le=100
    )
    set: dict[str, Any] = field("clés changées", "keys changed", {})


class Method(Strict):
    """How much is run."""

    seed: int = field("première graine", "first seed", 0, ge=0, le=2**31 - 1)
    noise_runs: int = field("mondes pour mesurer le hasard", "worlds to measure luck", 20, ge=4, le=1000)
    morris_trajectories: int = field(
        "trajectoires de Morris, 0 : aucune", "trajectories of Morris, 0: none", 8, ge=0, le=200
    )
    morris_replicates: int = field(
        "mondes par point de Morris", "worlds at each point of Morris", 3, ge=1, le=100
    )
    waves: int = field("vagues d'écartement", "waves of history matching", 2, ge=1, le=10)
    wave_points: int = field("points par vague", "points in a wave", 120, ge=10, le=5000)
    wave_replicates: int = field(
        "mondes par point d'une vague", "worlds at each point of a wave", 3, ge=1, le=100
    )
    implausible_from: float = field("invraisemblable à partir de", "implausible from", 3.0, gt=0, le=20)
    pool: int = field(
        "simulations du fonds commun", "simulations of the common pool", 2000, ge=50, le=1_000_000
    )
    accepted_share: float = field("part retenue du fonds", "share of the pool that is kept", 0.2, gt=0, le=1)
    draws: int = field("tirages a posteriori gardés", "posterior draws that are kept", 200, ge=20, le=10_000)
    truths: int = field("vérités retrouvées", "truths recovered", 100, ge=10, le=1000)
    check_seeds: int = field(
        "mondes neufs au meilleur point", "unseen worlds at the best point", 20, ge=2, le=1000
    )
    posterior: Literal["pool", "smc"] = field("méthode a posteriori", "method of the posterior", "pool")
    smc_particles: int = field(
        "particules par génération", "particles in a generation", 200, ge=20, le=100_000
    )
    smc_generations: int = field("générations", "generations", 4, ge=1, le=50)


class StudyFile(Strict):
    """A study file."""

    schema_: Literal[1] = Field(1, alias="schema")
    name: str = field("nom", "name", min_length=1, max_length=100, pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: Local = field("titre", "title")
    question: Local | None = field("question posée", "question asked", None)
    model: Model = field("ce qui est simulé", "what is run")
    diagnostic: str = field("diagnostic : nom ou chemin", "diagnostic: name or path", min_length=1)
    uncertainty: tuple[Uncertainty, ...] = field(
        "paramètres ajustés", "fitted parameters", strict=False, min_length=1
    )
    lever: tuple[Setting, ...] = field(
        "leviers tenus à leur valeur observée", "levers held at their observed value", (), strict=False
    )
    constant: tuple[Setting, ...] = field("constantes", "constants", (), strict=False)
    replaced: tuple[Replaced, ...] = field(
        "valeurs du cas remplacées, pour que ce qui est mis de côté n'y soit pas",
        "figures of the case replaced, so that what is held out is not in it", (), strict=False,
    )  # fmt: skip
    outcomes: tuple[str, ...] = field("indicateurs rapportés", "indicators reported", (), strict=False)
    target: tuple[TargetSpec, ...] = field("cibles", "targets", strict=False, min_length=1)
    held_out: tuple[TargetSpec, ...] = field("données mises de côté", "data held out", (), strict=False)
    cannot_say: tuple[Local, ...] = field(
        "ce que ce modèle ne peut pas dire", "what this model cannot say", (), strict=False
    )
    method: Method = field("moyens", "means", Method())


__all__ = [
    "FITTED_PATTERNS",
    "GRADES",
    "Method",
    "Replaced",
    "Setting",
    "StudyFile",
    "TargetSpec",
    "Uncertainty",
]
