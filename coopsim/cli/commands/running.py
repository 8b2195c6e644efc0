"""``run``: one scenario once."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.cli.commands.options import Json, Out, RuleFiles, Seed, Settings, Years
from coopsim.cli.failures import kept, say
from coopsim.cli.inputs import check_places, checked_seed, scenarios_of, use_rules
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, table, write_json
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
        proved = done.theory_of_change.to_dict("records")
        told = {"theory_of_change": proved} if proved else {}
        write_json({**head, "indicators": rows, **told, "out": out and str(out), "files": files})
        return
    _show(rows, done, spec)
    _show_proofs(done, spec)
    if out is None:
        say(str(_UNKEPT))
    else:
        names = ", ".join(sorted(path.name for path in out.iterdir() if path.is_file()))
        typer.echo(_WRITTEN.format(place=out, files=names))


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


def _show_proofs(done: "Run", spec: "Scenario") -> None:
    """Show which steps of the theory of change were met, and when, if the scenario has one."""
    found = done.proofs
    if not found:
        return
    from coopsim.comparison.theory import COLUMNS, TITLE, needs_words, promise_words, proof_words

    rows = [
        [
            str(proof.step.said),
            promise_words(proof.step, spec.territory_names),
            needs_words(proof.step, spec.theory_of_change),
            proof_words(proof),
        ]
        for proof in found
    ]
    console().print(table(COLUMNS, rows, TITLE))
