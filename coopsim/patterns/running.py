"""Living the runs of patterns: each once, however many patterns look at it, and never again once it is kept."""

import hashlib
import json
import math
import os
import tempfile
import tomllib
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.executors import Executor, OnDone, rule_places
from coopsim.i18n import Text
from coopsim.patterns.measures import missing, series
from coopsim.patterns.spec import Pattern, RunSpec, Writer, changed
from coopsim.registry import nearest
from coopsim.scenario import load_scenario
from coopsim.scenario.shipped import shipped_scenarios
from coopsim.types import FloatArray

if TYPE_CHECKING:
    from coopsim.scenario import Scenario

_NO_MEASURE = Text("cette mesure n'existe pas", "there is no such measure")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pattern and its scenarios by label, as it is or under the writer's value; or why it cannot be run.

    Attributes
    ----------
    reason : tuple of Problem
        Empty when it can be run.
    """

    pattern: Pattern
    scenarios: Mapping[str, "Scenario"]
    reason: tuple[Problem, ...] = ()

    def measures(self) -> dict[str, set[str]]:
        """Return the measures that each label needs."""
        wanted: dict[str, set[str]] = {}
        for test in self.pattern.test:
            labels = self.pattern.labels(test)
            for label, name in zip(labels, test.measures_of(labels), strict=True):
                wanted.setdefault(label, set()).add(name)
        return wanted


def prepared(pattern: Pattern, writer: Writer | None = None) -> Prepared:
    """Return the scenarios of a pattern; a scenario, key or measure that does not exist is why it cannot be run."""
    problems: list[Problem] = []
    scenarios: dict[str, Scenario] = {}
    for label, run in pattern.all_runs().items():
        try:
            scenarios[label] = _scenario(label, run, writer, pattern.years)
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    names = {name for test in pattern.test for name in test.measures_of(pattern.labels(test))}
    problems += [Problem(_NO_MEASURE, value=name, nearest=near) for name, near in missing(sorted(names))]
    return Prepared(pattern, scenarios, tuple(problems))


def _scenario(label: str, run: RunSpec, writer: Writer | None, years: int | None) -> "Scenario":
    base = load_scenario(run.scenario)
    for name in run.over:
        base = base.but({**_fragment(name), "name": base.name})
    length = {} if years is None else {"horizon.years": years}
    return base.but({**length, **changed(label, run, writer), "name": base.name})


def _fragment(name: str) -> dict[str, Any]:
    """Return the rules and parameters of a shipped fragment."""
    known = shipped_scenarios()
    if name not in known:
        raise scenario_error("aucun fragment livré ne porte ce nom", "no shipped fragment has this name", value=name,
                             nearest=nearest(name, list(known)))  # fmt: skip
    data = tomllib.loads(known[name].read_text(encoding="utf-8"))
    return {
        key: value
        for key, value in data.items()
        if key not in {"schema", "name", "title", "question", "extends"}
    }


Values = dict[tuple[str, int, str], list[float]]
"""Yearly values by hash of the scenario, seed and measure."""


@dataclass
class Lived:
    """What the runs showed.

    Attributes
    ----------
    values : Values
    broken : dict of (str, int) to str
        Last line of the error of a run that failed, by hash and seed.
    """

    values: Values
    broken: dict[tuple[str, int], str]

    def yearly(self, spec: "Scenario", seeds: Iterable[int], measure: str) -> FloatArray:
        """Return the values of a measure, shape (R, Y)."""
        return np.array([self.values[spec.hash, seed, measure] for seed in seeds], dtype=np.float64)

    def failure(self, group: Prepared, seeds: Iterable[int]) -> str:
        """Return what stopped a run of a pattern; empty when all ended."""
        hashes = {spec.hash for spec in group.scenarios.values()}
        return next(
            (why for (name, seed), why in self.broken.items() if name in hashes and seed in set(seeds)), ""
        )


@dataclass(frozen=True, slots=True)
class _Task:
    scenario: int
    seed: int
    measures: tuple[str, ...]


def live(
    groups: Sequence[tuple[Prepared, range]],
    pool: Executor,
    folder: Path | None = None,
    on_done: OnDone | None = None,
) -> Lived:
    """Live the runs that some patterns need, each once.

    Parameters
    ----------
    groups : sequence of (Prepared, range)
        Patterns that can be run, and their seeds.
    folder : Path, optional
        Each run is kept there as soon as it ends, and read again from there under the same code.
    """
    wanted: dict[tuple[str, int], set[str]] = {}
    specs: dict[str, Scenario] = {}
    for group, seeds in groups:
        for label, names in group.measures().items():
            spec = group.scenarios[label]
            specs[spec.hash] = spec
            for seed in seeds:
                wanted.setdefault((spec.hash, seed), set()).update(names)
    order = list(specs)
    tasks = [_Task(order.index(name), seed, tuple(sorted(names))) for (name, seed), names in wanted.items()]
    function = partial(_live, tuple(specs.values()), folder, _code())
    out = Lived({}, {})
    for task, found in zip(tasks, pool.map(function, tasks, on_done), strict=True):
        name = order[task.scenario]
        if isinstance(found, str):
            out.broken[name, task.seed] = found
        else:
            out.values |= {(name, task.seed, measure): values for measure, values in found.items()}
    return out


@cache
def _code() -> str:
    """Return the version of the code that makes runs and measures."""
    from coopsim.batch.versions import code_version
    from coopsim.patterns import measures

    digest = hashlib.sha256(Path(measures.__file__).read_bytes()).hexdigest()[:12]
    return f"{code_version(*rule_places())}.{digest}"


def _live(specs: tuple["Scenario", ...], folder: Path | None, code: str, task: _Task) -> Any:
    """Return the measures of one run, or the last line of what broke it."""
    spec = specs[task.scenario]
    place = folder / f"{spec.hash[:24]}-{task.seed}.json" if folder else None
    there = _read(place, code) if place else {}
    if all(name in there for name in task.measures):
        return {name: there[name] for name in task.measures}
    try:
        found = series(spec, task.seed, task.measures)
    except Exception:  # one run that breaks must not lose a night of others
        return traceback.format_exc().strip().splitlines()[-1]
    if place:
        _keep(place, code, there | found)
    return found


def _read(place: Path, code: str) -> dict[str, list[float]]:
    """Return what is kept of a run; nothing where it was made by other code or half written."""
    try:
        data = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if data.get("code") != code:
        return {}
    return {name: [math.nan if x is None else x for x in values] for name, values in data["values"].items()}


def _keep(place: Path, code: str, values: dict[str, list[float]]) -> None:
    """Write a run through a file that is renamed into place."""
    place.parent.mkdir(parents=True, exist_ok=True)
    finite = {name: [x if math.isfinite(x) else None for x in row] for name, row in values.items()}
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".run-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"code": code, "values": finite}, file)
    Path(name).replace(place)
