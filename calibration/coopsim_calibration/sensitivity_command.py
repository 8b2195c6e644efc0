"""The command ``coopsim sensitivity``: which assumptions move which indicators of a plan or of scenarios."""

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from coopsim.errors import scenario_error
from coopsim.i18n import Text

for _name in ("SALib", "sklearn"):  # told before any work, by the loader of commands
    if find_spec(_name) is None:
        raise ModuleNotFoundError(f"No module named {_name!r}", name=_name)

_STOPPED = 3
_LOW_Q2 = 0.5
_SHOWN = 6  # parameters told of each figure
_INDICATORS = ("jobs", "population", "unemployment", "artificialised_ha")
_HELP = Text(
    "Dit quelles hypothèses font bouger quels indicateurs : effets élémentaires (Morris) sur le modèle, indices de "
    "Sobol sur des émulateurs, dont l'erreur est ajoutée. Avec deux scénarios, leur écart aussi. "
    "Reprend après un arrêt.\n\n"
    "Exemples :\n\n  coopsim sensitivity screening --save out/tri --workers 2      (plan livré, ou fichier)\n\n"
    "  coopsim sensitivity figeac-cooperation --vary economy.siting.outside_share --vary "
    "society.people.mobility_rate_per_yr=0.02:0.05",
    "Tell which assumptions move which indicators: elementary effects (Morris) on the model, Sobol indices on "
    "emulators, with their error. With two scenarios, their difference too. Goes on where it was cut off.\n\n"
    "Examples:\n\n  coopsim sensitivity screening --save out/screening --workers 2      (shipped plan, or file)\n\n"
    "  coopsim sensitivity figeac-cooperation --vary economy.siting.outside_share --vary "
    "society.people.mobility_rate_per_yr=0.02:0.05",
)
_OPTIONS = {
    "words": Text("Plan livré ou fichier de plan ; ou scénarios, avec --vary.",
                  "Shipped plan or plan file; or scenarios, with --vary."),
    "vary": Text("Clé, ou CLÉ=BAS:HAUT ; répétable. Sans bornes : la plage plausible du paramètre.",
                 "Key, or KEY=LOW:HIGH; repeatable. Without bounds: the plausible range of the parameter."),
    "indicator": Text(f"Indicateur à la fin des simulations ; répétable (par défaut {', '.join(_INDICATORS)}).",
                      f"Indicator at the end of the runs; repeatable ({', '.join(_INDICATORS)} by default)."),
    "trajectories": Text("Trajectoires de Morris ; 0 : aucune.", "Trajectories of Morris; 0: none."),
    "points": Text("Points des émulateurs ; 0 : pas d'indices de Sobol.",
                   "Points of the emulators; 0: no Sobol indices."),
    "replicates": Text("Mondes par point, les mêmes partout.", "Worlds at each point, the same everywhere."),
    "years": Text("Années simulées.", "Years simulated."),
    "seed": Text("Graine du plan d'expérience.", "Seed of the design."),
    "save": Text("Dossier des simulations et des tables.", "Folder of runs and tables."),
    "workers": Text("Processus de calcul (par défaut tous les cœurs).", "Worker processes (all cores by default)."),
    "dask": Text("Ordonnanceur Dask, comme tcp://machine:8786.", "Dask scheduler, such as tcp://host:8786."),
    "dry_run": Text("Dire le nombre de simulations, sans rien lancer.", "Tell the number of runs; runs nothing."),
    "as_json": Text("Les tables en JSON sur la sortie.", "The tables as JSON on the output."),
}  # fmt: skip
_STAGES = {"morris": Text("tri de Morris", "Morris screening"), "sample": Text("émulateurs", "emulators")}


def _option(name: str) -> str:
    return str(_OPTIONS[name])


def _command() -> Callable[..., None]:
    """Return the command with its help in the language in force."""

    def sensitivity(  # noqa: PLR0913, PLR0917 - options of a command
        words: Annotated[list[str], typer.Argument(metavar="PLAN|SCENARIO...", help=_option("words"))],
        vary: Annotated[list[str], typer.Option("--vary", metavar="KEY", help=_option("vary"))] = [],  # noqa: B006
        indicator: Annotated[list[str], typer.Option("--indicator", help=_option("indicator"))] = [],  # noqa: B006
        trajectories: Annotated[int, typer.Option(min=0, max=1000, help=_option("trajectories"))] = 10,
        points: Annotated[int, typer.Option(min=0, max=5000, help=_option("points"))] = 100,
        replicates: Annotated[int, typer.Option(min=2, max=1000, help=_option("replicates"))] = 3,
        years: Annotated[int | None, typer.Option(min=1, max=500, help=_option("years"))] = None,
        seed: Annotated[int, typer.Option(min=0, help=_option("seed"))] = 0,
        save: Annotated[Path, typer.Option(metavar="DIR", help=_option("save"))] = Path("out/sensitivity"),
        workers: Annotated[int | None, typer.Option(min=1, help=_option("workers"))] = None,
        dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help=_option("dask"))] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help=_option("dry_run"))] = False,  # noqa: FBT002
        as_json: Annotated[bool, typer.Option("--json", help=_option("as_json"))] = False,  # noqa: FBT002
    ) -> None:
        from coopsim_calibration.screening import Effort

        plan = _plan(words, vary, years)
        effort = Effort(trajectories, points, replicates, seed)
        if dry_run:
            for stage, runs in effort.runs(plan).items():
                typer.echo(f"{_STAGES[stage]!s:<24}{runs:>8}")
            return
        tables = _live(plan, save, list(dict.fromkeys(indicator or _INDICATORS)), effort, workers, dask)
        if as_json:
            rows = {name: json.loads(frame.to_json(orient="records")) for name, frame in tables.items()}
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            typer.echo("\n".join(shown(tables)))
            typer.echo(Text(f"Tables dans {save / 'tables'}", f"Tables in {save / 'tables'}"), err=True)

    sensitivity.__doc__ = str(_HELP)
    return sensitivity


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    app.command("sensitivity")(_command())
    return app


def _plan(words: list[str], vary: list[str], years: int | None) -> Any:
    """Return the plan of a name or file, or one made of scenarios and the keys to vary."""
    from coopsim.batch import load_plan, shipped_plans
    from coopsim_calibration.screening import plan_of

    if vary:
        return plan_of(words, dict(map(_bounds, vary)), years)
    path = Path(words[0])
    is_plan = words[0] in shipped_plans() or (
        path.is_file() and "[run]" in path.read_text(encoding="utf-8-sig")
    )
    if len(words) == 1 and is_plan:
        plan = load_plan(words[0])
        return (
            plan
            if years is None
            else plan.model_copy(update={"run": plan.run.model_copy(update={"years": years})})
        )
    raise scenario_error(
        "dire ce qui varie : --vary CLÉ (répétable), ou donner un plan", "say what varies: --vary KEY (repeatable), or "
        "give a plan", value=words[0], allowed=", ".join(shipped_plans()),
    )  # fmt: skip


def _bounds(word: str) -> tuple[str, tuple[float, float] | None]:
    key, given, text = word.partition("=")
    if not given:
        return key, None
    low, _, high = text.partition(":")
    try:
        return key, (float(low), float(high))
    except ValueError:
        raise scenario_error(
            "deux nombres sont attendus, comme CLÉ=0.1:0.9", "two numbers are expected, as KEY=0.1:0.9",
            key="--vary", value=word,
        ) from None  # fmt: skip


def _live(plan: Any, save: Path, names: list[str], effort: Any, workers: int | None, dask: str | None) -> Any:
    from coopsim_calibration.screening import screen
    from coopsim_calibration.show import teller

    try:
        with teller(lambda stage: str(_STAGES[stage])) as on_runs:
            return screen(plan, save, names, effort, workers, dask, on_runs)
    except KeyboardInterrupt:
        message = Text(
            f"Arrêté ; ce qui est fini est gardé dans {save} : la même commande continue.",
            f"Stopped; what is finished is kept in {save}: the same command goes on.",
        )
        typer.echo(message, err=True)
        raise typer.Exit(_STOPPED) from None


def shown(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return what is told: of each figure, the parameters that move it most, by Morris and by Sobol."""
    from coopsim.indicators import BY_NAME
    from coopsim_calibration.show import aligned

    names = [name for name in ("morris", "sobol") if name in tables]
    if not names:
        return [str(Text("Rien n'a été lancé.", "Nothing was run."))]
    merged = tables[names[0]]
    for name in names[1:]:
        merged = merged.merge(tables[name], on=["scenario", "indicator", "parameter"])
    lines: list[str] = []
    for (scenario, indicator), rows in merged.groupby(["scenario", "indicator"], sort=False):
        known = BY_NAME[str(indicator)]
        lines += ["", f"{scenario} · {known.label} ({known.unit})"]
        best = rows.sort_values("mu_star" if "mu_star" in rows else "ST", ascending=False).head(_SHOWN)
        lines += [f"  {line}" for line in aligned(_cells(best))]
    return [*lines[1:], *_weak(tables)]


def _cells(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the cells of the table of one figure, head first."""
    from coopsim_calibration.sentences import parameter_label
    from coopsim_calibration.show import number

    def cells(row: dict[Any, Any]) -> tuple[str, ...]:
        effects = (number(row["mu_star"]), number(row["mu_star_in_errors"])) if "mu_star" in row else ()
        indices = (
            (f"{number(row['ST'])} ({number(row['ST_low'])} … {number(row['ST_high'])})",)
            if "ST" in row
            else ()
        )
        return str(parameter_label(row["parameter"])), *effects, *indices

    effects = ("µ*", str(Text("en hasards", "in lucks"))) if "mu_star" in rows else ()
    indices = (str(Text("indice total (5–95 %)", "total index (5–95 %)")),) if "ST" in rows else ()
    head = (str(Text("paramètre", "parameter")), *effects, *indices)
    return [head, *map(cells, rows.to_dict("records"))]


def _weak(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return what is told of emulators that explain less than half of the variance."""
    from coopsim_calibration.show import number

    if "emulators" not in tables:
        return []
    lines = []
    for row in tables["emulators"].to_dict("records"):
        if row["q2"] < _LOW_Q2:
            name, q2 = f"{row['scenario']} · {row['indicator']}", number(row["q2"])
            lines.append(str(Text(f"Émulateur faible (Q² {q2}) : indices peu sûrs pour {name}.",
                                  f"Weak emulator (Q² {q2}): indices unsure for {name}.")))  # fmt: skip
    return ["", *lines] if lines else []
