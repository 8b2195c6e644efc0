"""``sheet``: the one-page French sheet of a scenario."""

from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.commands.options import Replicates, Workers
from coopsim.cli.failures import kept, say
from coopsim.cli.inputs import check_places, each, write_file
from coopsim.cli.kernels import compiled
from coopsim.cli.progress import progress
from coopsim.errors import scenario_error
from coopsim.i18n import Text, lang, set_lang

_FOLDER = Path("docs/fr/fiches")
_RUNNING = Text("Simulations", "Runs")
_WRITTEN = Text("Fiche : {place}", "Sheet: {place}")
_INDEX = "README.md"


def sheet(
    sheets: Annotated[list[str], typer.Argument(metavar="[NAME...]", show_default=False)] = [],  # noqa: B006 - typer copies it
    every_sheet: Annotated[bool, typer.Option("--all")] = False,
    replicates: Replicates = 20,
    years: Annotated[int, typer.Option("--years")] = 30,
    workers: Workers = None,
    sheet_folder: Annotated[Path, typer.Option("--out", metavar="DIR")] = _FOLDER,
    html_too: Annotated[bool, typer.Option("--html")] = False,
) -> None:
    """Write the one-page French sheet of scenarios."""
    from coopsim.sheets import html, index, line_of, make_sheet, markdown, partner_of, sheet_names

    names = list(sheet_names()) if every_sheet else sheets
    if not names:
        raise scenario_error("nommer un scénario, ou --all", "name a scenario, or --all", key="sheet")
    each(partner_of, names)  # every unknown name is told before any run
    check_places(sheet_folder)
    compiled()
    spoken = lang()
    for name in names:
        with progress(_RUNNING) as on_done:
            made = make_sheet(name, replicates, years, workers, on_done)
        set_lang(spoken)
        _write(sheet_folder / f"{name}.md", markdown(made))
        if html_too:
            _write(sheet_folder / f"{name}.html", html(made))
    known = [name for name in sheet_names() if (sheet_folder / f"{name}.md").is_file()]
    _write(sheet_folder / _INDEX, index([line_of(name) for name in known]))


def _write(place: Path, text: str) -> None:
    write_file(place, text)
    kept(place)
    say(str(_WRITTEN.format(place=place)))
