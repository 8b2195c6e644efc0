"""Reading a study: the file, its scenario, its priors and its targets, every mistake told with its line."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from coopsim.batch.plan import keys_of
from coopsim.catalogue import key_names
from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.indicators import SYSTEM as INDICATOR_NAMES
from coopsim.registry import nearest
from coopsim.scenario import Scenario, load_scenario
from coopsim.scenario.parameters import parameters
from coopsim.scenario.places import Path as Keys
from coopsim.scenario.places import line_of, places
from coopsim.scenario.reading import file_text, toml_data
from coopsim.scenario.refusals import refusals
from coopsim_calibration.budget import within
from coopsim_calibration.diagnostics import Diagnostic, load_diagnostic
from coopsim_calibration.priors import Prior
from coopsim_calibration.replaced import case_with, mistakes
from coopsim_calibration.shipped import shipped_studies
from coopsim_calibration.study import StudyFile, TargetSpec
from coopsim_calibration.targets import Target, targets_of

_HELD = ("schema", "name", "title", "question", "extends", "horizon", "case", "record", "theory")


@dataclass(frozen=True)
class Study:
    """A study, ready to run.

    Attributes
    ----------
    spec : StudyFile
    scenario : Scenario
        With constants, levers and length.
    source : str
        Name or file of the scenario.
    case : str
        Folder of the case with figures replaced; empty where the study replaces none.
    diagnostic : Diagnostic
    priors : tuple of Prior
    targets, held_out : tuple of Target
    """

    spec: StudyFile
    scenario: Scenario
    source: str
    diagnostic: Diagnostic
    priors: tuple[Prior, ...]
    targets: tuple[Target, ...]
    held_out: tuple[Target, ...]
    case: str = ""

    @property
    def aims(self) -> tuple[Target, ...]:
        """Targets, then what is held out: everything that is read from a run."""
        return (*self.targets, *self.held_out)

    def fingerprint(self) -> str:
        """Return a digest of everything that results depend on."""
        said = [
            self.spec.model_dump(mode="json", by_alias=True, exclude={"title", "question", "cannot_say"}),
            self.scenario.hash,
            [target.row() for target in self.aims],
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def load_study(source: str | Path, waves: int | None = None, budget: int | None = None) -> Study:
    """Return a shipped study by its name, or the study of a TOML file.

    Parameters
    ----------
    source : str or Path
    waves : int, optional
        Instead of the study's own number of waves.
    budget : int, optional
        Most runs: every stage is cut by the same factor.

    Raises
    ------
    ScenarioError
        With every mistake: file, line, key, value, what is allowed and the nearest name.
    """
    known, path, shown = shipped_studies(), Path(source), str(source)
    if shown in known:
        path = known[shown]
    elif path.suffix != ".toml" and not path.is_file():
        text = Text("aucune étude livrée ne porte ce nom", "no shipped study has this name")
        raise ScenarioError(
            [Problem(text, value=shown, allowed=", ".join(known), nearest=nearest(shown, list(known)))]
        )
    problems: list[Problem] = []
    text_ = file_text(path, shown, problems)
    data = None if text_ is None else toml_data(text_, shown, problems)
    if data is None or text_ is None:
        raise ScenarioError(problems)
    lines = places(text_)
    if waves is not None:
        data.setdefault("method", {})["waves"] = waves
    try:
        spec = StudyFile.model_validate(data)
    except ValidationError as error:
        found = [_at(problem, problem.key, shown, lines) for _, problem in refusals(error, StudyFile)]
        raise ScenarioError(sorted(found, key=lambda problem: problem.line)) from None
    if budget is not None:
        spec = spec.model_copy(update={"method": within(spec.method, len(spec.uncertainty), budget)})
    return _resolved(spec, path, shown, lines)


def _at(problem: Problem, place: str, shown: str, lines: dict[Keys, int]) -> Problem:
    """Return a problem with the file and the line of a key."""
    if problem.file:
        return problem
    return replace(problem, file=shown, line=line_of(lines, keys_of(place)), key=problem.key or place)


def _resolved(spec: StudyFile, path: Path, shown: str, lines: dict[Keys, int]) -> Study:
    problems = [_at(problem, problem.key, shown, lines) for problem in _keys(spec)]
    scenario = _scenario(spec, path, shown, lines, problems)
    if scenario is None:
        raise ScenarioError(problems)
    priors = tuple(Prior(uncertainty) for uncertainty in spec.uncertainty)
    if not problems:
        problems += [_at(problem, place, shown, lines) for place, problem in _refused(scenario, priors)]
    diagnostic = None
    try:
        diagnostic = load_diagnostic(_beside(spec.diagnostic, path), scenario.load_case())
    except ScenarioError as error:
        problems += [_at(problem, "diagnostic", shown, lines) for problem in error.problems]
    aims: dict[str, tuple[Target, ...]] = {}
    for name in ("target", "held_out"):
        found, wrong = _targets(spec, name, scenario, diagnostic)
        aims[name] = found
        problems += [_at(problem, problem.key, shown, lines) for problem in wrong]
    problems += [_at(problem, problem.key, shown, lines) for problem in _leaks(spec)]
    if problems or diagnostic is None:
        raise ScenarioError(sorted(problems, key=lambda problem: problem.line))
    place = str(scenario.spec.case.name) if spec.replaced else ""
    return Study(
        spec, scenario, _source(spec, path), diagnostic, priors, aims["target"], aims["held_out"], place
    )


def _beside(name: str, study: Path) -> str | Path:
    """Return a file named relative to the study, or a shipped name."""
    place = study.resolve().parent / name
    return place if ("/" in name or name.endswith(".csv")) and place.exists() else name


def _keys(spec: StudyFile) -> Iterator[Problem]:
    """Yield keys that no scenario has, that are given twice, or whose prior leaves the legal range."""
    seen: set[str] = set()
    for table in ("uncertainty", "lever", "constant"):
        for n, item in enumerate(getattr(spec, table)):
            place = f"{table}[{n + 1}].key"
            if item.key in seen:
                yield Problem(Text("clé donnée deux fois", "key given twice"), key=place, value=item.key)
            seen.add(item.key)
            if item.key.partition(".")[0] in _HELD:
                yield Problem(
                    Text("cette clé ne peut pas changer ici", "this key cannot change here"),
                    key=place,
                    value=item.key,
                )
            elif item.key not in key_names():
                near = nearest(item.key, list(key_names()))
                yield Problem(Text("clé inconnue", "unknown key"), key=place, value=item.key, nearest=near)
    yield from _legal(spec)
    for n, name in enumerate(spec.outcomes):
        if name not in INDICATOR_NAMES:
            text = Text("indicateur inconnu", "unknown indicator")
            yield Problem(
                text, key=f"outcomes[{n + 1}]", value=name, nearest=nearest(name, list(INDICATOR_NAMES))
            )


def _legal(spec: StudyFile) -> Iterator[Problem]:
    for n, item in enumerate(spec.uncertainty):
        known = parameters().get(item.key)
        if known is None or known.legal is None:
            continue
        for name in ("low", "high"):
            value = getattr(item, name)
            if value is not None and not known.legal[0] <= value <= known.legal[1]:
                text = Text(
                    "la loi sort des bornes permises du paramètre",
                    "the prior leaves the legal range of the parameter",
                )
                yield Problem(text, key=f"uncertainty[{n + 1}].{name}", value=value, allowed=known.allowed)


def _source(spec: StudyFile, path: Path) -> str:
    """Return the scenario's name, or its file, which is relative to the study."""
    name = spec.model.scenario
    return (path.resolve().parent / name).resolve().as_posix() if name.endswith(".toml") else name


def _scenario(
    spec: StudyFile, path: Path, shown: str, lines: dict[Keys, int], problems: list[Problem]
) -> Scenario | None:
    """Return the scenario of the study with what it holds, or None after noting why it cannot be read."""
    held = {item.key: item.value for item in (*spec.constant, *spec.lever)}
    tables = {"lever": spec.lever, "constant": spec.constant}
    held_at = {item.key: f"{t}[{n + 1}].value" for t, items in tables.items() for n, item in enumerate(items)}
    try:
        scenario = load_scenario(_source(spec, path), dict(spec.model.set))
        if spec.replaced:
            scenario = _with_replaced(spec, scenario, shown, lines, problems)
        scenario.load_case()
        return scenario.but(
            {**held, "name": scenario.name, "horizon.years": spec.model.years, "record.journal": False}
        )
    except ScenarioError as error:
        problems += [
            _at(problem, held_at.get(problem.key, "model.scenario"), shown, lines)
            for problem in error.problems
        ]
        return None


def _with_replaced(
    spec: StudyFile, scenario: Scenario, shown: str, lines: dict[Keys, int], problems: list[Problem]
) -> Scenario:
    """Return the scenario on a case whose figures are replaced, or as it is after noting why they cannot be."""
    case = scenario.spec.case.name
    if case is None:
        text = Text(
            "un cas synthétique n'a pas de table à remplacer", "a synthetic case has no table to replace"
        )
        problems.append(_at(Problem(text, key="replaced"), "replaced", shown, lines))
        return scenario
    found = list(mistakes(str(case), spec.replaced))
    problems += [_at(problem, problem.key, shown, lines) for problem in found]
    if found:
        return scenario
    return scenario.but({"name": scenario.name, "case.name": case_with(str(case), spec.replaced).as_posix()})


def _refused(scenario: Scenario, priors: tuple[Prior, ...]) -> Iterator[tuple[str, Problem]]:
    """Yield why a parameter cannot take its extreme values."""
    for n, prior in enumerate(priors):
        for value in prior.extremes():
            try:
                scenario.but({prior.key: value, "name": scenario.name})
            except ScenarioError as error:
                yield from ((f"uncertainty[{n + 1}].key", problem) for problem in error.problems)
                break


def _targets(
    spec: StudyFile, name: str, scenario: Scenario, diagnostic: Diagnostic | None
) -> tuple[tuple[Target, ...], list[Problem]]:
    found: list[Target] = []
    problems: list[Problem] = []
    for n, item in enumerate(getattr(spec, name)):
        if diagnostic is None and item.low is None:
            continue
        for target in targets_of(item, scenario, diagnostic, spec.model.years):
            if isinstance(target, Target):
                found.append(target)
            else:
                problems.append(replace(target, key=f"{name}[{n + 1}].{target.key}"))
    return tuple(found), problems


def _leaks(spec: StudyFile) -> Iterator[Problem]:
    """Yield what is both aimed at and held out."""

    def keys(items: tuple[TargetSpec, ...]) -> set[tuple[str, str, str]]:
        return {(item.indicator, code, item.period) for item in items for code in item.territories}

    aimed = keys(spec.target)
    for n, item in enumerate(spec.held_out):
        both: set[Any] = keys((item,)) & aimed
        if both:
            text = Text(
                "cette grandeur est aussi une cible : elle n'est pas mise de côté",
                "this figure is a target too: it is not held out",
            )
            yield Problem(text, key=f"held_out[{n + 1}].indicator", value=item.indicator)
