"""From a plan to its runs: scenarios read, points laid, every key tried before anything is lived."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from coopsim.batch.design import points
from coopsim.batch.parameter import Parameter
from coopsim.batch.plan import Lane, Plan, Source
from coopsim.batch.versions import code_version
from coopsim.batch.work import Job, varied
from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.executors import rule_places
from coopsim.i18n import Text, lang
from coopsim.indicators import SYSTEM
from coopsim.registry import nearest
from coopsim.scenario import Scenario, load_scenario

_HORIZON = Text(
    "les scénarios n'ont pas le même horizon : donner run.years, ou le même début",
    "the scenarios do not have the same horizon: give run.years, or the same start",
)


def job_of(plan: Plan, folder: Path) -> Job:
    """Return the runs of a plan; its scenarios are read and its parameters tried at their extremes.

    Raises
    ------
    ScenarioError
        With every scenario, key or value that cannot be used, and the line of the plan where it stands.
    """
    lanes = _lanes(plan)
    try:
        laid = points(plan)
    except ScenarioError as error:
        keys = [parameter.key for parameter in plan.parameter]
        raise ScenarioError([_in_parameter(plan, keys, problem) for problem in error.problems]) from None
    refused = list(_refused(plan, lanes, laid))
    if refused:
        raise ScenarioError(refused)
    modules, files = rule_places()
    return Job(
        folder=folder,
        lanes=lanes,
        labels=tuple(lane.name for lane in plan.run.scenarios),
        points=dict(enumerate(laid)),
        point_count=len(laid),
        seeds=range(plan.run.seed, plan.run.seed + plan.run.replicates),
        what=plan.record.what,
        columns=plan.record.indicators or SYSTEM,
        territories=plan.record.territories,
        journal=plan.record.journal,
        code=code_version(modules, files),
        lang=lang(),
        modules=modules,
        files=files,
    )


def _lanes(plan: Plan) -> tuple[Scenario, ...]:
    """Return the scenarios of a plan with its changes, their cases read, all of one horizon."""
    found: list[Scenario] = []
    problems: list[Problem] = []
    for n, lane in enumerate(plan.run.scenarios):
        place = f"run.scenarios[{n + 1}]"
        try:
            _there(plan, lane)
            spec = _lane(plan, lane)
            spec.load_case()
        except ScenarioError as error:
            problems += [plan.located(problem, place) for problem in error.problems]
        else:
            found.append(spec)
            if (spec.start_year, spec.years) != (found[0].start_year, found[0].years):
                span = [spec.start_year, spec.years]
                allowed = f"{found[0].start_year}, {found[0].years}"
                problems.append(plan.located(Problem(_HORIZON, value=span, allowed=allowed), place))
    if problems:
        raise ScenarioError(problems)
    return tuple(found)


def _there(plan: Plan, lane: Lane) -> None:
    """Refuse a scenario file that does not exist, as a mistake of the plan that names it."""
    path = Path(plan.source_of(lane))
    if path.suffix == ".toml" and not path.exists():
        beside = [other.name for other in path.parent.glob("*.toml") if not plan.is_file(other)]
        raise scenario_error(
            "ce fichier de scénario n'existe pas", "this scenario file does not exist",
            value=lane.scenario, nearest=nearest(path.name, beside),
        )  # fmt: skip


def _lane(plan: Plan, lane: Lane) -> Scenario:
    spec = load_scenario(plan.source_of(lane), lane.set)
    years = {} if plan.run.years is None else {"horizon.years": plan.run.years}
    return spec.but({"name": spec.name, "record.journal": plan.record.journal, **years})


def _in_parameter(plan: Plan, keys: Sequence[str], problem: Problem) -> Problem:
    place = f"parameter[{keys.index(problem.key) + 1}].key" if problem.key in keys else "design"
    return plan.located(problem, place)


def _refused(plan: Plan, lanes: Sequence[Scenario], laid: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield why a parameter cannot take its extreme values: better now than in a thousand failed runs."""
    for n, parameter in enumerate(plan.parameter):
        yield from _tried(plan, lanes, n, parameter, [point[parameter.key] for point in laid])


def _tried(
    plan: Plan, lanes: Sequence[Scenario], n: int, parameter: Parameter, values: Sequence[Any]
) -> Iterator[Problem]:
    told: set[tuple[str, str]] = set()
    for value in _extremes(parameter, values):
        for spec in lanes:
            try:
                varied(spec, {parameter.key: value})
            except ScenarioError as error:
                for problem in error.problems:
                    if (problem.key, problem.message.en) not in told:
                        told.add((problem.key, problem.message.en))
                        yield plan.located(problem, f"parameter[{n + 1}].key")


def _extremes(parameter: Parameter, values: Sequence[Any]) -> list[Any]:
    """Return the values that are tried: every word, the smallest and the largest number, the bounds given."""
    if not parameter.numeric:
        return list(dict.fromkeys(values))
    bounds = [x for x in (parameter.low, parameter.high) if x is not None]
    if parameter.integer:
        bounds = [round(x) for x in bounds]
    return list(dict.fromkeys([*bounds, *([min(values), max(values)] if values else [])]))


def mistakes_beside(data: Mapping[str, Any], source: Source) -> list[Problem]:
    """Return the mistakes of the scenarios and of the keys of a plan that other mistakes refuse already.

    All are told at once; what cannot be read yet is left out.
    """
    run = data.get("run")
    kept = {key: run[key] for key in ("scenarios", "years") if key in run} if isinstance(run, dict) else {}
    try:
        plan = Plan.model_validate({"name": "plan", "run": kept})
    except ValidationError:
        return []
    plan.read_from(source)
    try:
        lanes = _lanes(plan)
    except ScenarioError as error:
        return list(error.problems)
    tables = data.get("parameter")
    problems: list[Problem] = []
    for n, table in enumerate(tables if isinstance(tables, list) else []):
        try:
            parameter = Parameter.model_validate(table)
        except ValidationError:
            continue
        problems += _tried(plan, lanes, n, parameter, parameter.values)
    return problems


def refused_together(job: Job, most: int = 50) -> tuple[int, int, str]:
    """Return how many of some points, spread over the design, their scenarios refuse, how many were tried, and why.

    Values that are legal one by one may not be so together; such runs fail and the others go on.
    """
    step = max(job.point_count // most, 1)
    refused, tried, why = 0, 0, ""
    for number in range(0, job.point_count, step):
        tried += 1
        try:
            for spec in job.lanes:
                varied(spec, job.points[number])
        except ScenarioError as error:
            refused, why = refused + 1, why or str(error.problems[0])
    return refused, tried, why
