"""Plans of batches: which scenarios, at which points of a design, on which seeds, and what is kept."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from coopsim.batch.parameter import RANDOM, Parameter
from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.indicators import SYSTEM
from coopsim.registry import nearest
from coopsim.scenario.places import Path as Keys
from coopsim.scenario.places import line_of
from coopsim.scenario.strict import Local, Strict
from coopsim.scenario.strict import key as field

MOST_RUNS = 10_000_000
_TWICE = Text("donné deux fois", "given twice")
_ITEM = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")


def _problem(message: Text, word: str, **where: Any) -> Problem:
    return Problem(Text(message.fr.format(word), message.en.format(word)), **where)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise ScenarioError(problems)


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
        problems = []
        if self.kind in RANDOM and self.points is None:
            message = Text(
                "le plan « {0} » demande un nombre de points", "design '{0}' needs a number of points"
            )
            problems.append(_problem(message, self.kind, key="points"))
        for name, used in (("points", self.kind in RANDOM), ("levels", self.kind == "morris")):
            if name in self.model_fields_set and getattr(self, name) is not None and not used:
                message = Text("sans effet dans le plan « {0} »", "has no effect in design '{0}'")
                problems.append(_problem(message, self.kind, key=name, value=getattr(self, name)))
        if self.kind == "morris" and self.levels % 2:
            message = Text("le nombre de niveaux est pair", "the number of levels is even")
            problems.append(Problem(message, key="levels", value=self.levels))
        _refuse(problems)
        return self


class Lane(Strict):
    """One scenario of the plan, with changes of its own."""

    scenario: str = field("nom ou fichier", "name or file", min_length=1)
    label: str = field("nom dans les résultats", "name in the results", "", max_length=100)
    set: dict[str, Any] = field("clés changées", "keys changed", {})

    @property
    def name(self) -> str:
        """Name in the results: the label, or the scenario's."""
        return self.label or Path(self.scenario).stem


def _lane(value: Any) -> Any:
    return {"scenario": value} if isinstance(value, str) else value


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
        problems = []
        for n, name in enumerate(self.indicators):
            if name not in SYSTEM:
                message = Text("indicateur inconnu", "unknown indicator")
                near = nearest(name, list(SYSTEM))
                problems.append(Problem(message, key=f"indicators[{n + 1}]", value=name, nearest=near))
            elif name in self.indicators[:n]:
                problems.append(Problem(_TWICE, key=f"indicators[{n + 1}]", value=name))
        _refuse(problems)
        return self


class Runs(Strict):
    """Which worlds are lived."""

    scenarios: tuple[Annotated[Lane, BeforeValidator(_lane)], ...] = field(
        "scénarios", "scenarios", strict=False, min_length=1
    )
    replicates: int = field("mondes par point", "worlds at each point", 1, ge=1, le=100_000)
    seed: int = field("première graine", "first seed", 0, ge=0, le=2**53)
    years: int | None = field(
        "durée, celle des scénarios si absente", "length, that of the scenarios if absent", None, ge=1, le=500
    )
    contrasts: tuple[Annotated[tuple[str, ...], Field(strict=False)], ...] = field(
        "paires de scénarios comparées, vide : toutes",
        "pairs of scenarios that are compared, empty: all",
        (),
        strict=False,
    )

    @model_validator(mode="after")
    def _named(self) -> "Runs":
        names = [lane.name for lane in self.scenarios]
        problems = [
            Problem(_TWICE, key=f"scenarios[{n + 1}]", value=name)
            for n, name in enumerate(names)
            if name in names[:n]
        ]
        for n, pair in enumerate(self.contrasts):
            key = f"contrasts[{n + 1}]"
            if len(pair) != 2 or pair[0] == pair[1]:  # noqa: PLR2004 - two sides
                message = Text(
                    "deux scénarios différents sont attendus", "two different scenarios are expected"
                )
                problems.append(Problem(message, key=key, value=list(pair)))
            for name in pair:
                if name not in names:
                    message = Text("ce scénario n'est pas dans le plan", "this scenario is not in the plan")
                    allowed, near = ", ".join(names), nearest(name, names)
                    problems.append(Problem(message, key=key, value=name, allowed=allowed, nearest=near))
        _refuse(problems)
        return self

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the scenarios that are compared two by two, by their names in the results."""
        given = tuple((pair[0], pair[1]) for pair in self.contrasts)
        return given or tuple(combinations([lane.name for lane in self.scenarios], 2))


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a plan was read from.

    Attributes
    ----------
    file : str
        As the user named it.
    folder : Path
        Files of scenarios are relative to it.
    lines : mapping of path to int
        Line of each key.
    """

    file: str
    folder: Path
    lines: Mapping[Keys, int]


class Plan(Strict):
    """A plan file."""

    schema_: Literal[1] = Field(1, alias="schema")
    name: str = field("nom", "name", min_length=1, max_length=100, pattern=r"^\w[\w .\-]*$")
    title: Local | None = field("titre", "title", None)
    question: Local | None = field("question posée", "question asked", None)
    run: Runs = field("mondes", "worlds")
    design: Design = field("plan d'expérience", "design", Design())
    parameter: tuple[Parameter, ...] = field("paramètres", "parameters", (), strict=False)
    record: Record = field("ce qui est gardé", "what is kept", Record())

    _source: Source | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _fits(self) -> "Plan":
        keys = [parameter.key for parameter in self.parameter]
        problems = [
            Problem(_TWICE, key=f"parameter[{n + 1}].key", value=key)
            for n, key in enumerate(keys)
            if key in keys[:n]
        ]
        if (self.design.kind == "replicates") != (not self.parameter):
            message = Text(
                "un plan « replicates » n'a pas de paramètres, les autres en ont",
                "design 'replicates' has no parameters, the others have some",
            )
            problems.append(Problem(message, key="design.kind", value=self.design.kind))
        for n, parameter in enumerate(self.parameter):
            problems += [
                replace(problem, key=f"parameter[{n + 1}].{problem.key}")
                for problem in parameter.misfits(self.design.kind)
            ]
        lengths = [len(p.values) for p in self.parameter]
        if self.design.kind == "list" and len(set(lengths)) > 1:
            message = Text(
                "dans une liste, tous les paramètres ont autant de valeurs",
                "in a list all parameters have the same number of values",
            )
            problems.append(Problem(message, key="parameter", value=lengths))
        _refuse(problems or list(self._too_many()))
        return self

    def _too_many(self) -> Iterator[Problem]:
        if self.run_count > MOST_RUNS:
            yield Problem(
                Text("trop de simulations dans ce plan", "too many runs in this plan"),
                key="design" if self.point_count > self.run.replicates else "run.replicates",
                value=self.run_count,
                allowed=f"≤ {MOST_RUNS}",
            )

    @property
    def point_count(self) -> int:
        """Number of points of the design."""
        base, dimensions = self.design.points or 1, len(self.parameter)
        counts = {
            "replicates": 1,
            "grid": math.prod(len(p.values) or p.levels or 1 for p in self.parameter),
            "list": len(self.parameter[0].values) if self.parameter else 0,
            "morris": base * (dimensions + 1),
            "saltelli": base * (2 * dimensions + 2),
        }
        return counts.get(self.design.kind, base)

    @property
    def run_count(self) -> int:
        """Number of runs: points × scenarios × worlds."""
        return self.point_count * len(self.run.scenarios) * self.run.replicates

    def source_of(self, lane: Lane) -> str:
        """Return the name of a lane's scenario, or its file, whatever folder the plan is in."""
        if not lane.scenario.endswith(".toml"):
            return lane.scenario
        folder = self._source.folder if self._source else Path()
        return (folder / lane.scenario).resolve().as_posix()

    def is_file(self, path: Path) -> bool:
        """Return whether a file is the one that the plan was read from."""
        return (
            self._source is not None and path.resolve() == self._source.folder / Path(self._source.file).name
        )

    def read_from(self, source: Source) -> None:
        """Remember the file of the plan: mistakes found later are told with its lines."""
        self._source = source

    def located(self, problem: Problem, place: str) -> Problem:
        """Return a problem with the file and line of a key such as ``parameter[2].low``.

        A problem that has a file of its own keeps it.
        """
        if problem.file or self._source is None:
            return problem if problem.key else replace(problem, key=place)
        line = line_of(dict(self._source.lines), keys_of(place))
        return replace(problem, file=self._source.file, line=line, key=problem.key or place)


def keys_of(place: str) -> Keys:
    """Return the path of a key as messages write it: ``run.scenarios[2]`` is ("run", "scenarios", 1)."""
    path: list[str | int] = []
    for name, number in _ITEM.findall(place):
        path.append(name)
        if number:
            path.append(int(number) - 1)
    return tuple(path)
