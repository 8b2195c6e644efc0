"""One key that a design varies: its values, or the distribution that they are drawn from."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import model_validator

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.scenario.strict import Strict
from coopsim.scenario.strict import key as field

RANDOM = ("latin_hypercube", "sobol", "morris", "saltelli")
"""Designs that draw values from distributions."""

_NEEDS: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "log_uniform": ("low", "high"),
    "triangular": ("low", "high", "mode"),
    "normal": ("mean", "sd"),
    "log_normal": ("mean", "sd"),
    "choice": ("values",),
}
_MAY = {"normal": ("low", "high"), "log_normal": ("low", "high")}
_LAW_KEYS = ("low", "high", "mode", "mean", "sd", "integer")
_VARYING_NEVER = ("schema", "name", "title", "question", "extends", "horizon", "record", "theory")

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
        problems = [*self._mistakes(), *self._ranges()]
        if problems:
            raise ScenarioError(problems)
        return self

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return not self.values or not isinstance(self.values[0], bool | str)

    def _given(self, name: str) -> bool:
        value = getattr(self, name)
        return value is not None and value is not False and value != ()

    def _mistakes(self) -> Iterator[Problem]:
        """Yield what is missing, and what is given and would have no effect."""
        if self.key.partition(".")[0] in _VARYING_NEVER:
            yield Problem(
                Text("cette clé ne peut pas varier", "this key cannot vary"), key="key", value=self.key
            )
        if self.distribution is not None:
            yield from self._law(self.distribution)
        elif any(self._given(name) for name in ("mode", "mean", "sd")):
            message = Text("une loi de tirage manque", "a distribution is missing")
            yield Problem(message, key="distribution", allowed=", ".join(_NEEDS))
        if self.values and self.levels is not None:
            message = Text(
                "donner des valeurs ou des niveaux, pas les deux", "give values or levels, not both"
            )
            yield Problem(message, key="levels", value=self.levels)
        kinds = {"text" if isinstance(v, str) else type(v) is bool for v in self.values}
        if len(kinds) > 1:
            message = Text(
                "des valeurs d'une seule sorte sont attendues (nombres, textes ou true/false)",
                "values of one sort are expected (numbers, texts or true/false)",
            )
            yield Problem(message, key="values", value=list(self.values))

    def _law(self, law: str) -> Iterator[Problem]:
        """Yield what a distribution needs and does not get, or gets and does not use."""
        for name in _NEEDS[law]:
            if not self._given(name):
                message = Text(f"la loi « {law} » demande « {name} »", f"distribution '{law}' needs '{name}'")
                yield Problem(message, key=name)
        used = (*_NEEDS[law], *_MAY.get(law, ()), *(() if law == "choice" else ("integer",)))
        for name in (name for name in _LAW_KEYS if name not in used and self._given(name)):
            message = Text(f"sans effet avec la loi « {law} »", f"has no effect with distribution '{law}'")
            yield Problem(message, key=name, value=getattr(self, name))

    def _ranges(self) -> Iterator[Problem]:
        """Yield numbers that do not fit together."""
        low, high = self.low, self.high
        if low is not None and high is not None:
            if low >= high:
                yield Problem(
                    Text("« low » n'est pas sous « high »", "'low' is not below 'high'"), key="low", value=low
                )
            elif self.mode is not None and not low <= self.mode <= high:
                message = Text("le mode est hors des bornes", "the mode is out of bounds")
                yield Problem(message, key="mode", value=self.mode, allowed=f"{low:g} – {high:g}")
        positive = {"log_uniform": ("low",), "log_normal": ("mean",)}.get(self.distribution or "", ())
        for name in positive:
            value = getattr(self, name)
            if value is not None and value <= 0:
                message = Text(
                    f"la loi « {self.distribution} » demande un nombre positif",
                    f"distribution '{self.distribution}' needs a positive number",
                )
                yield Problem(message, key=name, value=value, allowed="> 0")

    def misfits(self, design: str) -> Iterator[Problem]:
        """Yield what a design needs that is not given."""
        if design in RANDOM and self.distribution is None:
            message = Text(
                f"le plan « {design} » demande une loi de tirage", f"design '{design}' needs a distribution"
            )
            yield Problem(message, key="distribution", allowed=", ".join(_NEEDS))
        spread = self.low is not None and self.high is not None and self.levels is not None
        if design == "list" and not self.values:
            message = Text("le plan « list » demande des valeurs", "design 'list' needs values")
            yield Problem(message, key="values")
        if design == "grid" and not self.values and not spread:
            message = Text(
                "le plan « grid » demande « values », ou « low », « high » et « levels »",
                "design 'grid' needs 'values', or 'low', 'high' and 'levels'",
            )
            yield Problem(message, key="values")

    def about(self) -> dict[str, Any]:
        """Return what was given, in JSON types."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"role": self.role}
