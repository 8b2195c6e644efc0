"""Plans as files: those that coopsim ships, and the user's own, with the line of every mistake."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from coopsim.batch.job import mistakes_beside
from coopsim.batch.plan import Plan, Source, keys_of
from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.places import line_of, places
from coopsim.scenario.reading import file_text, toml_data
from coopsim.scenario.refusals import refusals
from coopsim.scenario.shipped import shipped

_UNKNOWN = Text(
    "aucun plan livré ne porte ce nom (voir : coopsim list plans)",
    "no shipped plan has this name (see: coopsim list plans)",
)


@cache
def shipped_plans() -> dict[str, Path]:
    """Return the file of each shipped plan by its name."""
    return {path.stem: path for path in sorted(shipped("plans").glob("*.toml"))}


def load_plan(source: str | Path) -> Plan:
    """Return a shipped plan by its name, or the plan of a TOML file.

    Raises
    ------
    ScenarioError
        With every mistake: file, line, key, value, what is allowed and the nearest name.
    """
    known, path, shown = shipped_plans(), Path(source), str(source)
    if isinstance(source, str) and source in known:
        path = known[source]
    elif path.suffix != ".toml" and len(path.parts) == 1 and not path.is_file():
        raise ScenarioError([Problem(_UNKNOWN, value=shown, nearest=nearest(shown, list(known)))])
    problems: list[Problem] = []
    text = file_text(path, shown, problems)
    data = None if text is None else toml_data(text, shown, problems)
    if data is None or text is None:
        raise ScenarioError(problems)
    lines = places(text)
    try:
        plan = Plan.model_validate(data)
    except ValidationError as error:
        found = [
            replace(problem, file=shown, line=line_of(lines, keys_of(problem.key)))
            for _, problem in refusals(error, Plan)
        ]
        found += mistakes_beside(data, Source(shown, path.resolve().parent, lines))
        raise ScenarioError(sorted(found, key=lambda problem: problem.line)) from None
    plan.read_from(Source(shown, path.resolve().parent, lines))
    return plan
