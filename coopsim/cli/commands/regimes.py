"""``regimes``: which of two regimes wins where, on planes of two assumptions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopsim.cli.commands.options import Json, RuleFiles, Workers
from coopsim.cli.failures import Code, kept, say
from coopsim.cli.inputs import check_places, make_room, use_rules, write_file
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, table, write_json
from coopsim.cli.progress import progress
from coopsim.i18n import Text

if TYPE_CHECKING:
    from coopsim.batch import Plan
    from coopsim.batch.reading import Batch
    from coopsim.regimes import Plane

_RUNNING = Text("{name}", "{name}")
_HEADS = [
    Text("Indicateur", "Outcome"),
    Text("Attirer l'emporte", "Attracting wins"),
    Text("Coopérer l'emporte", "Cooperating wins"),
    Text("Indécis", "Undecided"),
]
_TITLE = Text(
    "{title} : cases gagnées sur {cells}, {worlds} mondes appariés",
    "{title}: cells won of {cells}, {worlds} paired worlds",
)
_STOPPED = Text(
    "Arrêté : ce qui est fini est gardé dans {place}. Pour continuer : la même commande.",
    "Stopped: what is finished is kept in {place}. To go on: the same command.",
)
_PLAN = [Text("Plan", "Plan"), Text("Cases", "Cells"), Text("Mondes", "Worlds"), Text("Simulations", "Runs")]
_PAGE = Text("Page : {place}", "Page: {place}")
_LOST = Text(
    "{lost} simulations de « {name} » ont échoué ; leurs mondes sont laissés de côté. Voir {place}.",
    "{lost} runs of '{name}' failed; their worlds are left out. See {place}.",
)
_OUT = Path("out/regimes")


def regimes(
    plan_names: Annotated[list[str], typer.Argument(metavar="[PLAN…]", show_default=False)] = [],  # noqa: B006 - typer copies it
    place: Annotated[Path, typer.Option("--out", metavar="DIR")] = _OUT,
    worlds: Annotated[int | None, typer.Option("--replicates", metavar="N")] = None,
    cells: Annotated[int | None, typer.Option("--cells", metavar="N")] = None,
    workers: Workers = None,
    page_file: Annotated[Path | None, typer.Option("--page", metavar="FILE.md")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    rule_files: RuleFiles = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Tell where each regime wins."""
    check_places(place, page_file)
    if page_file is not None:
        make_room(page_file)
    use_rules(rule_files)
    from coopsim.batch import load_plan
    from coopsim.batch.pools import pool_of
    from coopsim.regimes import PLANES, check_plane, smaller

    pool_of(workers, None)  # refuses bad options before a long compilation
    plans = []
    for name in plan_names or PLANES:
        plan = load_plan(name)
        check_plane(plan)
        plans.append(smaller(plan, cells, worlds))
    if dry_run:
        _list(plans, as_json=as_json)
        return
    compiled()
    planes = _planes(plans, place, workers)
    if as_json:
        write_json([plane.to_json() for plane in planes])
    else:
        _tell(planes)
    if page_file is not None:
        _write(plans, planes, page_file, place, workers)


def _list(plans: "list[Plan]", *, as_json: bool) -> None:
    rows = [[plan.name, plan.point_count, plan.run.replicates, plan.run_count] for plan in plans]
    if as_json:
        write_json([dict(zip(("plan", "cells", "worlds", "runs"), row, strict=True)) for row in rows])
    else:
        console().print(table(_PLAN, rows))


def _planes(plans: "list[Plan]", out: Path, workers: int | None) -> "list[Plane]":
    from coopsim.regimes import plane_folder, plane_of

    return [plane_of(plan, _lived(plan, plane_folder(out, plan), workers)) for plan in plans]


def _lived(plan: "Plan", folder: Path, workers: int | None) -> "Batch":
    """Live what is missing of a plan and return all of it."""
    from coopsim.batch import run_batch

    try:
        with progress(_RUNNING.format(name=plan.name), resumed=True) as on_done:
            found = run_batch(plan, folder, workers, progress=on_done)
    except KeyboardInterrupt:
        say(str(_STOPPED.format(place=folder)), fg="red")
        raise typer.Exit(Code.STOPPED) from None
    if len(found.failures):
        say(str(_LOST.format(lost=len(found.failures), name=plan.name, place=folder)))
    return found


def _tell(planes: "list[Plane]") -> None:
    from coopsim.indicators import BY_NAME

    for plane in planes:
        rows = [[str(BY_NAME[name].label), *plane.count(name)] for name in plane.outcomes]
        title = _TITLE.format(title=str(plane.title), cells=plane.winner[0].size, worlds=plane.worlds)
        console().print(table(_HEADS, rows, title))


def _write(
    plans: "list[Plan]", planes: "list[Plane]", page_file: Path, out: Path, workers: int | None
) -> None:
    """Write the page and its figures; the two halves of the regimes are crossed where one of them never wins."""
    from coopsim.regimes import plane_folder
    from coopsim.regimes.causes import BASE, causes_of, causes_plan
    from coopsim.regimes.figure import picture
    from coopsim.regimes.page import page, silent

    causes = []
    if silent(planes):
        plan = causes_plan(max(2, *(plan.run.replicates for plan in plans)), plans[0].run.years)
        causes = causes_of(_lived(plan, plane_folder(out, plan), workers))
    figures = []
    for plane in planes:
        place = page_file.with_name(f"{plane.name}.svg")
        place.write_bytes(picture(plane))
        kept(place)
        figures.append(place.name)
    write_file(page_file, page(planes, figures, causes, BASE))
    kept(page_file)
    say(str(_PAGE.format(place=page_file)))
