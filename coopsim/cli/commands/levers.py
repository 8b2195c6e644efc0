"""``levers``: who pays and who gains, lever by lever."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.cli.commands.options import Json, Replicates, RuleFiles, Seed, Settings, Workers, Years
from coopsim.cli.failures import kept, say
from coopsim.cli.inputs import check_places, checked_seed, scenarios_of, use_rules, write_file
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, table, write_json
from coopsim.cli.progress import progress
from coopsim.errors import scenario_error
from coopsim.i18n import Text, lang
from coopsim.registry import nearest

if TYPE_CHECKING:
    from coopsim.levers import Sheets
    from coopsim.levers.expected import MoveEffect
    from coopsim.scenario import Scenario

_MOST = 10_000
_RUNNING = Text("Simulations", "Runs")
_FORECAST = Text("{n} leviers, {runs} simulations.", "{n} levers, {runs} runs.")
_WRITTEN = Text("Page : {place}", "Page: {place}")
_COLUMNS = (
    Text("Levier", "Lever"),
    Text("Sans → avec", "Without → with"),
    Text("Gagnent", "Gain"),
    Text("Perdent", "Lose"),
    Text("Conseils gagnants / perdants", "Councils gaining / losing"),
    Text("À examiner", "To look at"),
)
_LUNCH = Text("gains sans payeur ({way})", "gains without a payer ({way})")
_WAYS = {"on": Text("avec", "with it"), "off": Text("sans", "without it")}
_DEAD = Text("ne change rien ici", "changes nothing here")


def levers(  # noqa: PLR0913, PLR0917 - options of a command
    scenario: Annotated[str, typer.Argument(metavar="FILE|NAME")],
    lever: Annotated[str, typer.Option("--lever", metavar="TEXT")] = "",
    every_value: Annotated[bool, typer.Option("--every-value")] = False,
    moves: Annotated[bool, typer.Option("--moves")] = False,
    mover: Annotated[str | None, typer.Option("--territory", metavar="CODE|NAME")] = None,
    replicates: Replicates = 10,
    first_seed: Seed = 0,
    years: Years = None,
    settings: Settings = [],  # noqa: B006 - typer copies it
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE")] = None,
    workers: Workers = None,
    rule_files: RuleFiles = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Tell who pays and who gains by each lever of a scenario."""
    check_places(file=save)
    checked_seed(first_seed)
    if not 1 <= replicates <= _MOST:
        raise scenario_error(
            "valeur hors des bornes", "value out of bounds", key="--replicates", value=replicates,
            allowed=f"1 – {_MOST}",
        )  # fmt: skip
    use_rules(rule_files)
    (spec,) = scenarios_of([scenario], settings, years)
    code, name = _territory(spec, mover)
    _check_lever(spec, lever)
    from coopsim.levers import sheets

    compiled()
    seeds = range(first_seed, first_seed + replicates)
    with progress(_RUNNING) as on_done:
        found = sheets(spec, seeds, part=lever, every_value=every_value, workers=workers, on_done=on_done)
    effects = _moves(spec, code, seeds, workers) if moves else []
    _tell(found, effects, as_json=as_json)
    if save is not None:
        from coopsim.levers.markdown import page

        shown = _command(scenario, replicates, first_seed, years, lever=lever, settings=settings)
        shown += " --every-value" if every_value else ""
        shown += f' --moves --territory "{name}"' if moves else ""
        write_file(save, page(found, effects, name, time.strftime("%Y-%m-%d"), shown))
        kept(save)
        say(str(_WRITTEN.format(place=save)))


def _command(
    scenario: str, replicates: int, seed: int, years: int | None, *, lever: str, settings: list[str]
) -> str:
    """Return the command line that a page bears."""
    words = [f"coopsim --lang {lang()} levers", scenario, f"--replicates {replicates}"]
    words += [f"--seed {seed}"] if seed else []
    words += [f"--lever {lever}"] if lever else []
    words += [f"--years {years}"] if years else []
    return " ".join([*words, *(f"--set {text}" for text in settings)])


def _territory(spec: "Scenario", mover: str | None) -> tuple[str, str]:
    """Return the code and the name of the territory that makes moves: the first of the case by default."""
    names = spec.territory_names
    if mover is None:
        code = sorted(names)[0]
        return code, names[code]
    for code, name in names.items():
        if mover in (code, name):
            return code, name
    raise scenario_error(
        "le cas n'a pas ce territoire",
        "the case has no such territory",
        key="--territory",
        value=mover,
        nearest=nearest(mover, [*names.values(), *names]),
    )


def _check_lever(spec: "Scenario", part: str) -> None:
    from coopsim.levers.candidates import levers as all_levers

    known = [lever.key for lever in all_levers(spec)[0]]
    if not any(part in key for key in known):
        ends = {key.rpartition(".")[2]: key for key in reversed(known)}
        near = nearest(part, known) or ends.get(nearest(part, list(ends)), "")
        raise scenario_error("levier inconnu", "unknown lever", key="--lever", value=part, nearest=near)


def _moves(spec: "Scenario", code: str, seeds: range, workers: int | None) -> "list[MoveEffect]":
    from coopsim.levers.expected import move_effects, table
    from coopsim.world.founding import founded

    row = founded(spec, 0).places.code.index(code)
    with progress(_RUNNING) as on_done:
        return move_effects(table(spec, seeds, row, workers, on_done))


def _tell(found: "Sheets", effects: "list[MoveEffect]", *, as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict

        write_json({**found.to_json(), "moves": [asdict(effect) for effect in effects]})
        return
    from coopsim.levers.accounts import ACCOUNTS, NAMES
    from coopsim.levers.markdown import cell, short_key
    from coopsim.levers.markdown import shown as value

    texts = {account.name: account for account in ACCOUNTS}

    def told(sheet: Any, names: list[str]) -> str:
        cells = [cell(sheet, NAMES.index(name)).strip("*") for name in names]
        return "; ".join(
            f"{texts[name].text} {text} {texts[name].unit}" for name, text in zip(names, cells, strict=True)
        )

    rows = []
    for sheet in found.sheets:
        mark = str(_DEAD) if sheet.dead else ""
        if sheet.free_lunch and not sheet.dead:
            mark = str(_LUNCH.format(way=str(_WAYS[sheet.free_lunch])))
        rows.append(
            [
                short_key(sheet.lever.key),
                f"{value(sheet.off)} → {value(sheet.on)}",
                told(sheet, sheet.gainers),
                told(sheet, sheet.payers),
                f"{sheet.councils_gain} / {sheet.councils_lose}",
                mark,
            ]
        )
    screen = console()
    screen.print(table(_COLUMNS, rows))
    if effects:
        screen.print(_moves_table(effects))


def _moves_table(effects: "list[MoveEffect]") -> Any:
    columns = (
        Text("Choix", "Move"),
        Text("Emplois attendus, %", "Jobs expected, %"),
        Text("réalisés, %", "realised, %"),
        Text("± erreur type", "± standard error"),
        Text("Solde attendu, % du budget", "Balance expected, % of the budget"),
        Text("réalisé, %", "realised, %"),
        Text("± erreur type", "± standard error"),
    )
    rows = [
        [
            e.key,
            *(
                float(f"{x:.3g}")
                for x in (
                    e.jobs_expected,
                    e.jobs,
                    e.jobs_error,
                    e.balance_expected,
                    e.balance,
                    e.balance_error,
                )
            ),
        ]
        for e in effects
    ]
    return table(columns, rows)
