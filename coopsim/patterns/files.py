"""The files of patterns: those that coopsim ships, or the user's own, with the line of every mistake."""

from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.patterns.spec import Pattern, PatternFile
from coopsim.registry import nearest
from coopsim.scenario.places import line_of, places
from coopsim.scenario.reading import file_text, toml_data
from coopsim.scenario.refusals import refusals
from coopsim.scenario.shipped import shipped

_TWICE = Text("cet identifiant est déjà pris", "this identifier is taken already")
_UNKNOWN = Text("aucun motif ne porte ce nom", "no pattern has this name")


def pattern_files() -> list[Path]:
    """Return the shipped files: patterns of the sources, the same on scenario families, facts of the literature."""
    return sorted(shipped("patterns").glob("*.toml"), key=lambda path: (path.stem != "sources", path.stem))


def load_patterns(files: list[Path] | None = None) -> dict[str, Pattern]:
    """Return the patterns of some files (the shipped ones when None) by identifier, in their order.

    Raises
    ------
    ScenarioError
        With every mistake: file, line, key, value, what is allowed and the nearest name.
    """
    found: dict[str, Pattern] = {}
    problems: list[Problem] = []
    for path in pattern_files() if files is None else files:
        try:
            patterns = _read(path)
        except ScenarioError as error:
            problems += error.problems
            continue
        for pattern in patterns:
            if pattern.id in found:
                problems.append(Problem(_TWICE, file=str(path), key="pattern.id", value=pattern.id))
            found[pattern.id] = pattern
    if problems:
        raise ScenarioError(problems)
    return found


def chosen(patterns: dict[str, Pattern], names: list[str]) -> list[Pattern]:
    """Return the patterns named, all without a name.

    Raises
    ------
    ScenarioError
        For every unknown name, with the nearest one.
    """
    known = list(patterns)
    unknown = [Problem(_UNKNOWN, value=n, nearest=nearest(n, known)) for n in names if n not in patterns]
    if unknown:
        raise ScenarioError(unknown)
    return [patterns[name] for name in dict.fromkeys(names)] if names else list(patterns.values())


def _read(path: Path) -> tuple[Pattern, ...]:
    problems: list[Problem] = []
    shown = path.name if path in pattern_files() else str(path)
    text = file_text(path, shown, problems)
    data = None if text is None else toml_data(text, shown, problems)
    if data is None or text is None:
        raise ScenarioError(problems)
    try:
        return PatternFile.model_validate(data).pattern
    except ValidationError as error:
        lines = places(text)
        found = [
            replace(problem, file=shown, line=line_of(lines, where))
            for where, problem in refusals(error, PatternFile)
        ]
        raise ScenarioError(sorted(found, key=lambda problem: problem.line)) from None
