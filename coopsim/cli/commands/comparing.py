"""``compare``, ``factorial`` and ``report``: several sets of rules on the same worlds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.cli.commands.options import Json, Out, Replicates, RuleFiles, Seed, Settings, Workers, Years
from coopsim.cli.failures import kept, say
from coopsim.cli.inputs import check_places, each, scenarios_of, settings_of, use_rules
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, write_json
from coopsim.cli.progress import progress
from coopsim.errors import scenario_error
from coopsim.i18n import Text, lang
from coopsim.indicators import SYSTEM
from coopsim.registry import nearest

if TYPE_CHECKING:
    from coopsim.comparison import Draws
    from coopsim.scenario import Scenario

_UNIDENTIFIED = "UNIDENTIFIED"  # how the source of a parameter says that no data settle it
_FACTORS = ("attractiveness", "pacts")
_RUNNING = Text("Simulations", "Runs")
_TABLES = Text("Tables dans {place}", "Tables in {place}")
_REPORT = Text("Rapport : {place}", "Report: {place}")
_UNKEPT = Text(
    "Rien n'est gardé : ajouter --out DOSSIER ou --report FICHIER.",
    "Nothing is kept: add --out DIR or --report FILE.",
)
_UNSOUND = Text(
    "Attention : l'ajustement dont ces tirages viennent ne retrouve pas des vérités connues : intervalles peu sûrs.",
    "Caution: the fit that these draws come from does not find known truths again; its intervals are unsure.",
)


def compare(  # noqa: PLR0913, PLR0917 - options of a command
    scenarios: Annotated[list[str], typer.Argument(metavar="A B [C...]")],
    settings: Settings = [],  # noqa: B006 - typer copies it
    replicates: Replicates = 20,
    first_seed: Seed = 0,
    years: Years = None,
    workers: Workers = None,
    rule_files: RuleFiles = [],  # noqa: B006
    out: Out = None,
    html: Annotated[Path | None, typer.Option("--report", metavar="FILE")] = None,
    ensemble: Annotated[str | None, typer.Option("--ensemble", metavar="calibrated|DIR")] = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
    as_json: Json = False,
) -> None:
    """Compare scenarios on the same worlds."""
    check_places(out, html)
    use_rules(rule_files)
    specs = scenarios_of(scenarios, settings, years)
    from coopsim.comparison import check_comparable, compare, comparison_table, theory_table

    check_comparable(specs, replicates, first_seed)  # before a long compilation
    draws = _draws(ensemble, specs)
    compiled()
    with progress(_RUNNING) as on_done:
        result = compare(specs, replicates, first_seed, workers, on_done, draws)
    if out is not None:
        result.save(out)
        kept(out)
    if html is not None:
        _write_report(result, html)
    if as_json:
        head = {"scenarios": result.names, "seeds": result.seeds, "year": result.last_year}
        told = {"theory_of_change": _records(result.theory_of_change)} if result.theories else {}
        write_json({**head, "summary": _records(result.summary), "paired": _records(result.paired), **told})
    else:
        screen = console()
        screen.print(comparison_table(result, outcomes_only=not everything, width=screen.width))
        for theory in result.theories:
            screen.print(theory_table(result, theory))
    _tell_places(out, html)


def _draws(ensemble: str | None, specs: "list[Scenario]") -> "Draws | None":
    """Return the posterior draws of a calibration: that of the case, or that of a folder."""
    from coopsim.comparison import fit_of, read_draws

    if ensemble is None:
        return None
    place = fit_of(specs[0]) if ensemble == "calibrated" else Path(ensemble)
    draws = read_draws(place).fitting(specs)
    if draws.about.get("recovered") is False:
        say(str(_UNSOUND))
    return draws


def factorial(  # noqa: PLR0913, PLR0917 - options of a command
    base: Annotated[str, typer.Argument(metavar="CASE|SCENARIO")],
    factors: Annotated[list[str], typer.Option("--factor", metavar="NAME|FILE")] = [],  # noqa: B006 - typer copies it
    sweep: Annotated[bool, typer.Option("--sweep")] = False,
    vary: Annotated[list[str], typer.Option("--vary", metavar="KEY=[VALUES]")] = [],  # noqa: B006
    cross: Annotated[bool, typer.Option("--cross")] = False,
    player: Annotated[str | None, typer.Option("--player", metavar="CODE")] = None,
    indicator: Annotated[str, typer.Option("--indicator", metavar="NAME")] = "jobs",
    settings: Settings = [],  # noqa: B006
    replicates: Replicates = 20,
    first_seed: Seed = 0,
    years: Years = None,
    workers: Workers = None,
    rule_files: RuleFiles = [],  # noqa: B006
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Cross factors and tell their effects."""
    check_places(out)
    _check_indicator(indicator)
    use_rules(rule_files)
    (spec,) = scenarios_of([_base(base)], settings, years)
    from coopsim.factorial import check_factorial, factorial, factorial_tables, load_factor

    chosen = each(load_factor, factors or _FACTORS)
    values = _sweep(vary, all_=sweep)
    check_factorial(spec, chosen, values, replicates=replicates, seed=first_seed, player=player, cross=cross)
    compiled()
    with progress(_RUNNING) as on_done:
        result = factorial(
            spec,
            chosen,
            replicates,
            first_seed,
            workers,
            values,
            cross=cross,
            player=player,
            progress=on_done,
        )
    if out is not None:
        result.save(out)
        kept(out)
    if as_json:
        names = ("cells", "effects", "zero_sum")
        write_json({name: _records(getattr(result, name)) for name in names})
    else:
        screen = console()
        for shown in factorial_tables(result, indicator):
            screen.print(shown)
    _tell_places(out, None)


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    out_file: Annotated[Path | None, typer.Option("--out", metavar="FILE")] = None,
) -> None:
    """Write the report of a saved comparison."""
    place = out_file or folder / "report.html"
    check_places(file=place)
    from coopsim.comparison import Comparison

    _write_report(Comparison.load(folder), place)
    typer.echo(_REPORT.format(place=place))


def _write_report(result: Any, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    result.report(place, lang())
    kept(place)


def _tell_places(out: Path | None, html: Path | None) -> None:
    if out is not None:
        say(str(_TABLES.format(place=out)))
    if html is not None:
        say(str(_REPORT.format(place=html)))
    if out is None and html is None:
        say(str(_UNKEPT))


def _records(frame: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = frame.to_dict("records")
    return found


def _base(name: str) -> str:
    """Return the scenario that a factorial design starts from: of a case, its observed practice."""
    from coopsim.scenario import shipped_cases, shipped_scenarios

    scenarios = shipped_scenarios()
    if name not in scenarios and name in shipped_cases():
        return f"{name}-status-quo"
    return name


def _check_indicator(name: str) -> None:
    if name not in SYSTEM:
        raise scenario_error(
            "indicateur inconnu (voir : coopsim list indicators)",
            "unknown indicator (see: coopsim list indicators)",
            key="--indicator",
            value=name,
            nearest=nearest(name, list(SYSTEM)),
        )


def _sweep(texts: list[str], *, all_: bool) -> dict[str, list[Any]]:
    """Return the values of each swept key: the bounds of what no data settle, and those asked for."""
    from coopsim.scenario import parameters

    found: dict[str, list[Any]] = {}
    for parameter in parameters().values() if all_ else ():
        if parameter.source.startswith(_UNIDENTIFIED) and parameter.range:
            found[parameter.key] = [parameter.range[0], parameter.value, parameter.range[1]]
    for key, values in settings_of(texts).items():
        found[key] = values if isinstance(values, list) else [values]
    return found
