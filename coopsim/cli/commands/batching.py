"""``batch`` and ``export``: thousands of runs from a plan, resumable, and their results in other forms."""

import errno
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.cli.commands.options import Json, Out, RuleFiles, Workers
from coopsim.cli.failures import Code, say
from coopsim.cli.inputs import check_places, use_rules
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, shown, table, write_json
from coopsim.cli.progress import progress
from coopsim.errors import ScenarioError, reason_of
from coopsim.i18n import Text

if TYPE_CHECKING:
    from coopsim.batch import Batch, Plan
    from coopsim.batch.forecast import Forecast
    from coopsim.batch.work import Job

_RUNNING = Text("Simulations", "Runs")
_SHOWN = 5  # failures told in full
_DISK = {errno.ENOSPC, errno.EDQUOT}
_DONE = Text(
    "{total} simulations : {done} réussies, {failed} en échec ({before} étaient déjà là ; {seconds:.0f} s).",
    "{total} runs: {done} ended well, {failed} failed ({before} were there already; {seconds:.0f} s).",
)
_FAILED = Text("{count} × {error}", "{count} × {error}")
_AGAIN = Text("Pour en refaire une : {command}", "To live one again: {command}")
_LOST = Text(
    "{lost} n'ont pas pu être menées au bout (un processus est mort) : la même commande les reprend.",
    "{lost} could not be brought to their end (a worker died): the same command tries them again.",
)
_WHERE = Text(
    'Résultats dans {place}. Les lire : coopsim.open_batch("{place}").summary() en Python, ou\n'
    "  coopsim export {place} --format csv --out {place}-csv",
    'Results in {place}. Read them: coopsim.open_batch("{place}").summary() in Python, or\n'
    "  coopsim export {place} --format csv --out {place}-csv",
)
_STOPPED = Text(
    "Arrêté : {done} simulations sur {total} sont gardées dans {place}. Pour continuer : la même commande.",
    "Stopped: {done} of {total} runs are kept in {place}. To go on: the same command.",
)
_FULL = Text(
    "Écriture impossible ({why}) : {done} simulations sur {total} sont gardées dans {place}.\n"
    "Faire de la place, puis relancer la même commande.",
    "Cannot write ({why}): {done} of {total} runs are kept in {place}.\n"
    "Make room, then run the same command again.",
)
_SIZES = ((1e9, Text("Go", "GB")), (1e6, Text("Mo", "MB")), (1e3, Text("ko", "kB")))


def batch(
    plan_file: Annotated[str, typer.Argument(metavar="PLAN")],
    out: Out = None,
    workers: Workers = None,
    dask: Annotated[str | None, typer.Option("--dask", metavar="ADDRESS")] = None,
    fresh: Annotated[bool, typer.Option("--fresh")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    rule_files: RuleFiles = [],  # noqa: B006 - typer copies it
    as_json: Json = False,
) -> None:
    """Live the runs of a plan that are not there yet."""
    check_places(out)
    use_rules(rule_files)
    from coopsim.batch import job_of, load_plan
    from coopsim.batch.pools import pool_of

    pool_of(workers, dask)  # refuses bad options before a long compilation
    plan = load_plan(plan_file)
    folder = out or Path(plan.name)
    check_places(folder)
    job = job_of(plan, folder.resolve())
    compiled()
    if dry_run:
        _forecast(plan, job, workers, dask, fresh=fresh, as_json=as_json)
    else:
        _live(plan, job, folder, workers, dask, fresh=fresh, as_json=as_json)


def export(
    batch_folder: Annotated[Path, typer.Argument(metavar="DIR")],
    form: Annotated[str, typer.Option("--format", metavar="csv|parquet|netcdf|ema")],
    destination: Annotated[Path, typer.Option("--out", metavar="PLACE")],
) -> None:
    """Write the results of a batch in another form."""
    from coopsim.batch import open_batch
    from coopsim.batch.export import check_export

    check_export(destination, form)
    if form in {"csv", "parquet"}:
        check_places(destination)
    else:
        check_places(file=destination)
    typer.echo(open_batch(batch_folder).export(destination, form))


def names_plan(name: str) -> bool:
    """Return whether a name or a file is that of a plan: its table ``[run]`` says which scenarios are lived."""
    from coopsim.scenario import shipped

    path = Path(name)
    if not path.is_file():
        path = shipped("plans", f"{name}.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False
    return isinstance(data.get("run"), dict) and "case" not in data


def _live(
    plan: "Plan",
    job: "Job",
    folder: Path,
    workers: int | None,
    dask: str | None,
    *,
    fresh: bool,
    as_json: bool,
) -> None:
    from coopsim.batch import live_batch, open_batch
    from coopsim.batch.dask_pool import ClusterGone

    started = time.monotonic()
    so_far = {"done": 0, "total": len(job), "before": -1}
    try:
        with progress(_RUNNING, resumed=True) as on_done:

            def noted(done: int, total: int) -> None:
                so_far["before"] = done if so_far["before"] < 0 else so_far["before"]
                so_far["done"] = done
                on_done(done, total)

            live_batch(plan, job, workers, dask, noted, fresh=fresh)
    except KeyboardInterrupt:
        if so_far["before"] < 0:  # nothing was begun
            raise
        _stop(_STOPPED.format(done=_there(folder, so_far["done"]), total=len(job), place=folder))
    except ClusterGone as error:
        _stop(_STOPPED.format(done=_there(folder, so_far["done"]), total=len(job), place=folder), str(error))
    except OSError as error:
        why = str(reason_of(error))
        if error.errno not in _DISK:
            why = f"{error.filename}: {why}" if error.filename else why
        _stop(_FULL.format(why=why, done=_there(folder, so_far["done"]), total=len(job), place=folder))
    _tell(open_batch(folder), so_far["before"], time.monotonic() - started, as_json=as_json)


def _there(folder: Path, told: int) -> int:
    """Return the runs that are in the folder: workers may have finished some that nobody told us of."""
    from coopsim.batch import open_batch

    try:
        return len(open_batch(folder).runs)
    except ScenarioError:  # stopped before the folder was a batch
        return told


def _stop(*messages: Any) -> None:
    for message in messages:
        say(str(message), fg="red")
    raise typer.Exit(Code.STOPPED)


def _tell(found: "Batch", before: int, seconds: float, *, as_json: bool) -> None:
    """Tell what became of the runs, how to live a failed one again, and how to read the results."""
    failures, place = found.failures, found.folder
    total, lost = int(found.about["runs"]), int((failures["status"] == "lost").sum())
    if as_json:
        columns = ["run", "scenario", "point", "seed", "status", "error", "reproduce"]
        write_json(
            {
                "plan": found.about["name"], "out": str(place), "runs": total, "before": before,
                "done": total - len(failures), "failed": len(failures) - lost, "lost": lost, "seconds": seconds,
                "failures": failures[columns].to_dict("records"),
            }
        )  # fmt: skip
    else:
        done = _DONE.format(
            total=total, done=total - len(failures), failed=len(failures), before=before, seconds=seconds
        )
        typer.echo(done)
        for error, count in list(failures["error"].value_counts().items())[:_SHOWN]:
            lines = str(error).strip().splitlines()
            typer.echo("  " + str(_FAILED.format(count=count, error=lines[-1] if lines else "")))
        if len(failures):
            typer.echo("  " + str(_AGAIN.format(command=failures["reproduce"].iloc[0])))
        if lost:
            typer.echo("  " + str(_LOST.format(lost=lost)))
        typer.echo(_WHERE.format(place=place))
    if len(failures):
        raise typer.Exit(Code.STOPPED)


def _forecast(
    plan: "Plan", job: "Job", workers: int | None, dask: str | None, *, fresh: bool, as_json: bool
) -> None:
    from coopsim.batch.dask_pool import LOCAL, DaskPool
    from coopsim.batch.forecast import forecast
    from coopsim.executors import cores

    shared = min(workers or cores(), cores())
    if dask not in (None, LOCAL):
        shared = DaskPool(str(dask), shared).size()
    found = forecast(plan, job, max(shared, 1), fresh=fresh)
    if as_json:
        costs = [{"scenario": c.label, "seconds": c.seconds, "bytes": c.bytes} for c in found.costs]
        names = ("points", "scenarios", "replicates", "runs", "parts", "there", "workers", "seconds", "bytes")
        warnings = [str(problem) for problem in found.warnings]
        write_json({name: getattr(found, name) for name in names} | {"costs": costs, "warnings": warnings})
        return
    console().print(table([Text("Quoi", "What"), Text("Combien", "How much")], _rows(found)))
    columns = [
        Text("Scénario", "Scenario"),
        Text("Une simulation", "One run"),
        Text("Mesuré sur", "Measured on"),
    ]
    console().print(table(columns, [_cost_row(cost) for cost in found.costs]))
    for problem in found.warnings:
        say(f"{Text('à vérifier', 'to check')} – {problem}")


def _rows(found: "Forecast") -> list[tuple[Any, Any]]:
    product = f"{found.points} × {found.scenarios} × {found.replicates}"
    return [
        (Text("points × scénarios × mondes", "points × scenarios × worlds"), product),
        (Text("simulations", "runs"), f"{found.runs}"),
        (Text("déjà faites", "there already"), f"{found.there}"),
        (Text("morceaux", "parts"), f"{found.parts}"),
        (Text("processus", "workers"), f"{found.workers}"),
        (Text("durée attendue", "expected time"), _duration(found.seconds)),
        (Text("place sur le disque", "size on disk"), _size(found.bytes)),
    ]


def _cost_row(cost: Any) -> tuple[Any, ...]:
    measured = Text("{runs} simulations de {years} ans", "{runs} runs of {years} years")
    spent = f"{shown(float(f'{cost.seconds:.2g}'))} s, {_size(cost.bytes)}"
    return cost.label, spent, measured.format(runs=cost.runs, years=cost.years)


def _duration(seconds: float) -> str:
    for unit, name in ((86_400.0, Text("j", "d")), (3_600.0, Text("h", "h")), (60.0, Text("min", "min"))):
        if seconds >= 2.0 * unit:  # two minutes are still told in minutes
            return f"{shown(float(f'{seconds / unit:.2g}'))} {name}"
    return f"{seconds:.0f} s"


def _size(count: float) -> str:
    for unit, name in _SIZES:
        if count >= unit:
            return f"{shown(float(f'{count / unit:.2g}'))} {name}"
    return f"{count:.0f} {Text('octets', 'bytes')}"
