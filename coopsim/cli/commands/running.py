"""``run`` and ``lab``: one scenario once, one exact result."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.cli.commands.options import Json, Out, RuleFiles, Seed, Settings, Years
from coopsim.cli.failures import Code, kept, say
from coopsim.cli.inputs import check_places, checked_seed, each, scenarios_of, use_rules
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, table, write_json
from coopsim.errors import scenario_error
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, OUTCOMES, SYSTEM

if TYPE_CHECKING:
    from coopsim.outputs import Run
    from coopsim.scenario import Scenario

MAIN = ("population", *OUTCOMES, "trust", "pacts", "attractiveness_index", "cooperation_index")
"""Indicators that `run` shows."""

_TITLE = Text("{title} – graine {seed}", "{title} – seed {seed}")
_WRITTEN = Text("Écrit dans {place} : {files}", "Written to {place}: {files}")
_UNKEPT = Text("Rien n'est gardé : ajouter --out DOSSIER.", "Nothing is kept: add --out DIR.")
_PARAMETER = Text("paramètre mal écrit : écrire nom=valeur", "badly written parameter: write name=value")


def run(
    scenario: Annotated[str, typer.Argument(metavar="NAME|FILE")],
    settings: Settings = [],  # noqa: B006 - typer copies it
    seed: Seed = 0,
    years: Years = None,
    rule_files: RuleFiles = [],  # noqa: B006
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Run a scenario once, show its main indicators, keep its tables."""
    checked_seed(seed)
    check_places(out)
    use_rules(rule_files)
    (spec,) = scenarios_of([scenario], settings, years)
    compiled()
    from coopsim.run import simulate

    done = simulate(spec, seed)
    if out is not None:
        kept(done.save(out))
    rows = _main_rows(done, spec)
    if as_json:
        files = sorted(path.name for path in out.iterdir()) if out else []
        head = {"scenario": done.scenario, "hash": done.hash, "seed": seed, "years": spec.years}
        write_json({**head, "indicators": rows, "out": out and str(out), "files": files})
        return
    _show(rows, done, spec)
    if out is None:
        say(str(_UNKEPT))
    else:
        names = ", ".join(sorted(path.name for path in out.iterdir() if path.is_file()))
        typer.echo(_WRITTEN.format(place=out, files=names))


def lab(
    laboratory: Annotated[str, typer.Argument(metavar="NAME")],
    values: Annotated[list[str], typer.Option("-p", metavar="NAME=JSON")] = [],  # noqa: B006 - typer copies it
    as_json: Json = False,
) -> None:
    """Run a lab and compare it with its exact result; exit 1 when they differ."""
    given = dict(each(_parameter, values))
    from coopsim.lab import run_lab
    from coopsim.lab.values import checked, lab_info

    checked(lab_info(laboratory), given)  # before a long compilation
    compiled()

    found = run_lab(laboratory, given)
    if as_json:
        write_json(found.to_json())
    else:
        _show_lab(found.to_json())
    if not found.ok:
        raise typer.Exit(Code.FAULT)


def _main_rows(done: "Run", spec: "Scenario") -> list[dict[str, Any]]:
    """Return the main indicators of the whole system after the first quarter and after the last."""
    values = done.arrays[1]
    rows = []
    for name in MAIN:
        column = SYSTEM.index(name)
        start, end = float(values[0, column]), float(values[-1, column])
        rows.append({"indicator": name, "unit": BY_NAME[name].unit, "start": start, "end": end})
    years = {"start_year": spec.start_year, "end_year": spec.start_year + spec.years - 1}
    return [row | years for row in rows]


def _show(rows: list[dict[str, Any]], done: "Run", spec: "Scenario") -> None:
    from coopsim.comparison.words import decimals, difference_unit, number, unit_words

    columns = [
        Text("Indicateur", "Indicator"),
        Text("Unité", "Unit"),
        Text("Début {year}", "Start of {year}").format(year=rows[0]["start_year"]),
        Text("Fin {year}", "End of {year}").format(year=rows[0]["end_year"]),
        Text("Écart", "Change"),
    ]
    cells = []
    for row in rows:
        unit = row["unit"]
        places = 0 if unit == "count" else decimals([row["start"], row["end"]], unit)
        change = number(row["end"] - row["start"], unit, places, sign=True)
        points = "" if difference_unit(unit) != "points" else " pts"
        shown = (number(row[side], unit, places) for side in ("start", "end"))
        cells.append([str(BY_NAME[row["indicator"]].label), unit_words(unit), *shown, change + points])
    found = table(columns, cells, _TITLE.format(title=spec.title, seed=done.seed))
    for column in found.columns[2:]:
        column.justify = "right"
        column.no_wrap = True
    console().print(found)


def _parameter(text: str) -> tuple[str, Any]:
    """Return the name and the value of ``name=JSON``; a bare word is a text."""
    name, equal, value = text.partition("=")
    if not (name.strip() and equal and value.strip()):
        raise scenario_error(_PARAMETER.fr, _PARAMETER.en, key="-p", value=text)
    try:
        return name.strip(), json.loads(value)
    except ValueError:
        if not value.strip().replace("-", "").replace("_", "").isalpha():
            raise scenario_error(
                "ni du JSON ni un mot", "neither JSON nor a word", key=f"-p {name}", value=value
            ) from None
        return name.strip(), value.strip()


def _show_lab(found: dict[str, Any]) -> None:
    columns = [
        Text("Résultat", "Result"),
        Text("Moteur", "Engine"),
        Text("Exact", "Exact"),
        Text("Tolérance", "Tolerance"),
        Text("Accord", "Agrees"),
    ]
    rows = [
        [name, result["simulated"], result["exact"], result["tolerance"], result["ok"]]
        for name, result in found["results"].items()
    ]
    given = ", ".join(f"{name}={json.dumps(value)}" for name, value in found["parameters"].items())
    console().print(
        table(columns, rows, Text("{lab} : {given}", "{lab}: {given}").format(lab=found["lab"], given=given))
    )
