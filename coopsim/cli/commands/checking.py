"""``validate`` and ``schema``: files before they are used."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from coopsim.cli.commands.batching import names_plan
from coopsim.cli.commands.options import Json, RuleFiles
from coopsim.cli.failures import Code, problems_text, say
from coopsim.cli.inputs import check_places, make_room, use_rules
from coopsim.cli.output import plain, write_json
from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text

_RIGHT = Text("{name} : rien à corriger", "{name}: nothing to correct")
_WRONG = Text("{name} : refusé", "{name}: refused")
_ODD = Text("à vérifier", "to check")


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE|NAME|CASE...")],
    rule_files: RuleFiles = [],  # noqa: B006 - typer copies it
    as_json: Json = False,
) -> None:
    """Check files without running them."""
    use_rules(rule_files)
    checks = [_checked(name) for name in files]
    if as_json:
        write_json(
            [
                {**check, "errors": _rows(check["errors"]), "warnings": _rows(check["warnings"])}
                for check in checks
            ]
        )
    else:
        for check in checks:
            _tell(check)
    if any(check["errors"] for check in checks):
        raise typer.Exit(Code.INPUT)


def schema(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE")] = None,
    write: Annotated[bool, typer.Option("--write")] = False,
) -> None:
    """Print or write the JSON Schema of scenario files."""
    from coopsim.scenario.schema_file import json_schema, write_schema

    check_places(file=out)
    if out is not None:
        make_room(out)
    if out is None and not write:
        typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return
    typer.echo(write_schema(out))


def _checked(name: str) -> dict[str, Any]:
    """Return what is wrong and what looks wrong in a scenario or a case."""
    errors: tuple[Problem, ...] = ()
    warnings: list[Problem] = []
    try:
        warnings = _warnings(name)
    except ScenarioError as error:
        errors = error.problems
    return {"name": name, "ok": not errors, "errors": errors, "warnings": warnings}


def _warnings(name: str) -> list[Problem]:
    from coopsim.scenario import load_scenario, shipped_cases, shipped_scenarios
    from coopsim.scenario.case import load_case
    from coopsim.scenario.plausibility import case_plausibility, plausibility

    if names_plan(name):
        from coopsim.batch import job_of, load_plan

        plan = load_plan(name)
        job_of(plan, Path(plan.name))
        return []
    cases = shipped_cases()
    if name in cases and name not in shipped_scenarios():
        load_case(name)
        return case_plausibility(name)
    path = Path(name)
    if (path / "territories.csv").is_file():
        load_case(path)
        return case_plausibility(path)
    scenario = load_scenario(path if path.is_dir() else name)
    scenario.load_case()
    return plausibility(scenario)


def _tell(check: dict[str, Any]) -> None:
    if check["errors"]:
        if len(check["errors"]) > 1:
            say(str(_WRONG.format(name=check["name"])), fg="red")
        say(problems_text(ScenarioError(list(check["errors"]))), fg="red")
        return
    typer.echo(_RIGHT.format(name=check["name"]))
    for problem in check["warnings"]:
        typer.echo(f"  {_ODD} – {problem}")


def _rows(problems: list[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "message": plain(problem.message),
            "file": problem.file,
            "line": problem.line,
            "key": problem.key,
            "value": plain(problem.value),
            "allowed": problem.allowed,
            "nearest": problem.nearest,
        }
        for problem in problems
    ]
