"""What a laboratory is: its question, parameters and results, as its scenario file states them."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter, model_validator

from coopsim.errors import scenario_error
from coopsim.i18n import Text
from coopsim.lab.figure_info import FigureInfo, unit_text
from coopsim.scenario import load_scenario, shipped
from coopsim.scenario.strict import Local, Strict, key


class ParameterInfo(Strict):
    """One parameter of a laboratory, in the ``[theory]`` table of its scenario."""

    fr: str = key("libellé français", "French label")
    en: str = key("libellé anglais", "English label")
    unit: str = key("unité", "unit", "1")
    kind: Literal["integer", "number", "numbers", "integers", "boolean", "choice", "table"] = key(
        "sorte de valeur", "kind of value", "number"
    )
    legal: tuple[float, float] = key(
        "bornes, de chaque élément", "bounds, of each item", (0.0, 0.0), strict=False
    )
    choices: tuple[str, ...] = key("mots permis d'un choix", "words allowed in a choice", (), strict=False)
    length: tuple[int, int] = key("nombre d'éléments d'une liste", "items of a list", (1, 1), strict=False)
    optional: bool = key("peut manquer", "may be absent", default=False)
    default: Any = key("valeur par défaut", "default", None)
    keys: tuple[str, ...] = key(
        "clés du scénario qu'il fixe", "keys of the scenario that it sets", strict=False
    )

    @property
    def text(self) -> Text:
        """Label."""
        return Text(self.fr, self.en)

    @property
    def allowed(self) -> str:
        """Legal values in words."""
        if self.kind == "choice":
            words = ", ".join(self.choices)
        elif self.kind == "boolean":
            words = str(Text("true ou false", "true or false"))
        else:
            words = self._numbers()
        return words + (str(Text(", ou absent (null)", ", or absent (null)")) if self.optional else "")

    def _numbers(self) -> str:
        low, high = (f"{x:g}" for x in self.legal)
        bounds = f"{low} – {high} {unit_text(self.unit)}".rstrip()
        if self.kind in ("integer", "integers"):
            bounds += str(Text(", entier", ", whole number"))
        if self.kind in ("integer", "number"):
            return bounds
        least, most = self.length
        many = str(
            Text(f"{least} à {most} nombres, chacun {bounds}", f"{least} to {most} numbers, each {bounds}")
        )
        return str(Text(f"une table de {many}", f"a table of {many}")) if self.kind == "table" else many


class ResultInfo(Strict):
    """One result of a laboratory."""

    fr: str = key("libellé français", "French label")
    en: str = key("libellé anglais", "English label")
    unit: str = key("unité", "unit", "1")
    relative: bool = key("écart jugé relativement", "judged by its relative gap", default=False)

    @property
    def text(self) -> Text:
        """Label."""
        return Text(self.fr, self.en)


class Theory(Strict):
    """The ``[theory]`` table."""

    source: str = key("source du résultat exact", "source of the exact result")
    max_rounds: int = key("tours au plus avant d'échouer", "rounds at most before it fails", ge=1, le=500)
    change: Local = key("que changer", "what to change")
    look: Local = key("que regarder", "what to look at")
    parameters: dict[str, ParameterInfo] = key("paramètres", "parameters")
    results: dict[str, ResultInfo] = key("résultats", "results")
    figure: FigureInfo | None = key("figure", "figure", None)

    @model_validator(mode="after")
    def _figured(self) -> "Theory":
        """Refuse a figure of results or parameters that the laboratory does not have."""
        if self.figure is not None:
            unknown = [name for name in self.figure.results if name not in self.results]
            unknown += [name for name in self.figure.parameters if name not in self.parameters]
            if unknown:
                raise scenario_error(
                    "la figure nomme ce qui n'est ni résultat ni paramètre",
                    "the figure names what is neither a result nor a parameter",
                    value=", ".join(unknown),
                )
        return self


@dataclass(frozen=True, slots=True)
class LabInfo:
    """A laboratory as its page shows it.

    Attributes
    ----------
    name : str
        Also the name of the scenario that the ordinary engine runs.
    title, question, change, look : Text
        Its title, what it asks, what to change and what to look at.
    source : str
        Where the exact result is proved.
    max_rounds : int
        Rounds (years) after which a laboratory that has not settled fails.
    parameters : dict of str to ParameterInfo
    results : dict of str to ResultInfo
    figure : FigureInfo or None
        What ``--figure`` draws.
    """

    name: str
    title: Text
    question: Text
    change: Text
    look: Text
    source: str
    max_rounds: int
    parameters: dict[str, ParameterInfo]
    results: dict[str, ResultInfo]
    figure: FigureInfo | None


@cache
def labs() -> dict[str, LabInfo]:
    """Return every shipped laboratory by name."""
    return {path.stem: _lab(path.stem) for path in sorted(shipped("lab").glob("*.toml"))}


def _lab(name: str) -> LabInfo:
    spec = load_scenario(name)
    theory = TypeAdapter(Theory).validate_python(spec.theory)
    return LabInfo(
        name=name,
        title=spec.title,
        question=spec.question,
        change=theory.change.text(),
        look=theory.look.text(),
        source=theory.source,
        max_rounds=theory.max_rounds,
        parameters=theory.parameters,
        results=theory.results,
        figure=theory.figure,
    )
