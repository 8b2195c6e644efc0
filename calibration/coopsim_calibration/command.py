"""The command ``coopsim calibrate``: a study fitted, a template written, a diagnostic checked."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from coopsim.errors import ScenarioError, scenario_error
from coopsim.i18n import Text

for _name in ("SALib", "sklearn"):  # told before any work, by the loader of commands
    if find_spec(_name) is None:
        raise ModuleNotFoundError(f"No module named {_name!r}", name=_name)

_STOPPED = 3
_NOT_RECOVERED = 4  # fitted, but known truths are not found again: intervals are not to be trusted
_HELP = Text(
    "Ajuste une étude aux données d'un diagnostic, dit ce que le modèle ne peut pas dire, reprend après un arrêt.\n\n"
    "Exemples :\n\n  coopsim calibrate figeac --save out/figeac --workers 2\n\n"
    "  coopsim calibrate template figeac > diagnostic.csv   (tableau à remplir)\n\n"
    "  coopsim calibrate check diagnostic.csv figeac        (vérifie un tableau)\n\n"
    "Codes de sortie : 0 fini ; 2 erreur dans un fichier ; 3 arrêté ; 4 fini, mais des vérités connues ne sont pas "
    "retrouvées : ses intervalles ne sont pas à citer.",
    "Fit a study to the data of a diagnostic and tell what the model cannot say; goes on where it was cut off.\n\n"
    "Examples:\n\n  coopsim calibrate figeac --save out/figeac --workers 2\n\n"
    "  coopsim calibrate template figeac > diagnostic.csv   (a table to fill in)\n\n"
    "  coopsim calibrate check diagnostic.csv figeac        (checks a table)\n\n"
    "Exit codes: 0 done; 2 mistake in a file; 3 stopped; 4 done, but known truths are not found again: its intervals "
    "are not to be quoted.",
)
_OPTIONS = {
    "words": Text("Étude livrée ou fichier ; ou template CAS ; ou check DIAGNOSTIC CAS.",
                  "Shipped study or file; or template CASE; or check DIAGNOSTIC CASE."),
    "save": Text("Dossier des simulations et des résultats (par défaut out/calibration-ÉTUDE).",
                 "Folder of runs and results (out/calibration-STUDY by default)."),
    "workers": Text("Processus de calcul (par défaut tous les cœurs).", "Worker processes (all cores by default)."),
    "waves": Text("Vagues d'écartement, au lieu de celles de l'étude.",
                  "Waves of history matching, instead of the study's."),
    "budget": Text("Nombre de simulations à ne pas dépasser.", "Number of runs not to exceed."),
    "dask": Text("Ordonnanceur Dask, comme tcp://machine:8786.", "Dask scheduler, such as tcp://host:8786."),
    "fresh": Text("Tout recommencer : efface les simulations du dossier.", "Start over: deletes the folder's runs."),
    "dry_run": Text("Dire le nombre de simulations par étape, sans rien lancer.",
                    "Tell the runs of each stage; runs nothing."),
    "as_json": Text("Le passeport en JSON sur la sortie.", "The passport as JSON on the output."),
}  # fmt: skip
_STAGES = {
    "noise": Text("hasard", "luck"), "morris": Text("tri de Morris", "Morris screening"),
    "pool": Text("fonds commun", "common pool"), "predictive": Text("prédictions", "predictions"),
    "check": Text("mondes neufs", "unseen worlds"), "wave": Text("écartement", "history matching"),
    "generation": Text("génération", "generation"), "waves": Text("écartement", "history matching"),
    "smc": Text("générations", "generations"),
}  # fmt: skip


def _option(name: str) -> str:
    return str(_OPTIONS[name])


def _calibrate() -> Callable[..., None]:
    """Return the command with its help in the language in force."""

    def calibrate(
        words: Annotated[list[str], typer.Argument(metavar="STUDY", help=_option("words"))],
        save: Annotated[Path | None, typer.Option("--save", metavar="DIR", help=_option("save"))] = None,
        workers: Annotated[int | None, typer.Option("--workers", help=_option("workers"))] = None,
        waves: Annotated[int | None, typer.Option("--waves", min=1, max=10, help=_option("waves"))] = None,
        budget: Annotated[
            int | None, typer.Option("--budget", metavar="RUNS", help=_option("budget"))
        ] = None,
        dask: Annotated[str | None, typer.Option("--dask", metavar="ADDRESS", help=_option("dask"))] = None,
        fresh: Annotated[bool, typer.Option("--fresh", help=_option("fresh"))] = False,  # noqa: FBT002 - typer reads it
        dry_run: Annotated[bool, typer.Option("--dry-run", help=_option("dry_run"))] = False,  # noqa: FBT002
        as_json: Annotated[bool, typer.Option("--json", help=_option("as_json"))] = False,  # noqa: FBT002
    ) -> None:
        if words[0] == "template":
            _template(words[1:])
        elif words[0] == "check":
            _check(words[1:])
        elif len(words) > 1:
            raise scenario_error("une étude à la fois", "one study at a time", value=words[1])
        elif dry_run:
            _forecast(words[0], waves, budget)
        else:
            _fit(words[0], save, workers, waves, budget, dask, fresh=fresh, as_json=as_json)

    calibrate.__doc__ = str(_HELP)
    return calibrate


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    app.command("calibrate")(_calibrate())
    return app


def _case(words: list[str], place: int, usage: Text) -> Any:
    from coopsim.scenario.case import load_case

    if len(words) != place + 1:
        raise scenario_error(usage.fr, usage.en)
    return load_case(words[place])


def _template(words: list[str]) -> None:
    from coopsim_calibration.template import template

    usage = Text(
        "écrire : coopsim calibrate template CAS > fichier.csv",
        "write: coopsim calibrate template CASE > file.csv",
    )
    typer.echo(template(_case(words, 0, usage)), nl=False)


def _check(words: list[str]) -> None:
    from coopsim_calibration.diagnostics import load_diagnostic

    usage = Text(
        "écrire : coopsim calibrate check DIAGNOSTIC CAS", "write: coopsim calibrate check DIAGNOSTIC CASE"
    )
    found = load_diagnostic(words[0] if words else "", _case(words, 1, usage))
    kinds = len({figure.indicator for figure in found.figures})
    places = len({figure.territory for figure in found.figures})
    typer.echo(
        Text(
            f"{len(found.figures)} valeurs de {kinds} sortes pour {places} lieux, sans erreur ; "
            f"{len(found.missing)} manques déclarés.",
            f"{len(found.figures)} figures of {kinds} kinds for {places} places, no mistake; "
            f"{len(found.missing)} declared missing.",
        )
    )


def _stage(name: str) -> str:
    word, _, number = name.partition("-")
    return f"{_STAGES.get(word, Text(word, word))} {number}".strip()


def _forecast(name: str, waves: int | None, budget: int | None) -> None:
    from coopsim_calibration.budget import stages
    from coopsim_calibration.study_load import load_study

    study = load_study(name, waves, budget)
    found = stages(study.spec.method, len(study.priors))
    for stage, runs in found.items():
        if runs:
            typer.echo(f"{_stage(stage):<24}{runs:>8}")
    typer.echo(f"{Text('total', 'total')!s:<24}{sum(found.values()):>8}")


def _fit(
    name: str, save: Path | None, workers: int | None, waves: int | None, budget: int | None, dask: str | None,
    *, fresh: bool, as_json: bool,
) -> None:  # fmt: skip
    from coopsim_calibration.fitting import calibrate
    from coopsim_calibration.results import save as write
    from coopsim_calibration.show import recovered, shown, teller
    from coopsim_calibration.study_load import load_study

    if workers is not None and workers < 1:
        raise scenario_error("valeur trop petite", "too small", key="--workers", value=workers, allowed="≥ 1")
    study = load_study(name, waves, budget)
    folder = save or Path("out") / f"calibration-{study.spec.name}"
    try:
        with teller(_stage) as on_runs:
            result = calibrate(study, folder, workers, dask, on_runs, fresh=fresh)
        write(result, folder)
    except KeyboardInterrupt:
        message = Text(
            f"Arrêté ; les simulations finies sont gardées dans {folder} : la même commande continue.",
            f"Stopped; the runs that are finished are kept in {folder}: the same command goes on.",
        )
        typer.echo(message, err=True)
        raise typer.Exit(_STOPPED) from None
    except OSError as error:
        raise ScenarioError(_unwritable(error, folder)) from error
    typer.echo((folder / "passport.json").read_text(encoding="utf-8") if as_json else shown(result, folder))
    if not result.recovery.passed:
        typer.echo(recovered(result), err=True)
        raise typer.Exit(_NOT_RECOVERED)


def _unwritable(error: OSError, folder: Path) -> list[Any]:
    from coopsim.errors import Problem

    reason = error.strerror or str(error)
    message = Text(
        f"écriture impossible ({reason}) ; ce qui est fini est gardé",
        f"cannot write ({reason}); what is finished is kept",
    )
    return [Problem(message, file=error.filename or str(folder))]
