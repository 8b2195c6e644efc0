"""``lab``: the engine against an exact result, as a table, as JSON and as a figure."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.cli.commands.options import Json
from coopsim.cli.commands.showing import Kind, list_
from coopsim.cli.failures import Code, kept, say
from coopsim.cli.inputs import check_places, each
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, shown, table, write_json
from coopsim.cli.progress import progress
from coopsim.errors import scenario_error
from coopsim.i18n import Text, lang

if TYPE_CHECKING:
    from coopsim.lab import LabInfo, LabResult
    from coopsim.lab.figure_data import Sample

_PARAMETER = Text("paramètre mal écrit : écrire nom=valeur", "badly written parameter: write name=value")
_JSON = Text("ni du JSON ni un mot", "neither JSON nor a word")
_NAMELESS = Text("il manque le nom du laboratoire", "the name of the lab is missing")
_FIGURE = Text("Figure : {place}", "Figure: {place}")
_PAGE = Text("Page : {place}", "Page: {place}")
_PAGES = Text("Pages", "Pages")
_POINTS = Text("Simulations de la figure", "Runs of the figure")
_LOOK = Text("À regarder : {look}", "What to look at: {look}")
_LISTED = 5  # items of a list that are written out


def lab(
    laboratory: Annotated[str, typer.Argument(metavar="[NAME]", show_default=False)] = "",
    values: Annotated[list[str], typer.Option("-p", metavar="NAME=JSON")] = [],  # noqa: B006 - typer copies it
    figure: Annotated[Path | None, typer.Option("--figure", metavar="FILE.svg|.png")] = None,
    lab_page: Annotated[Path | None, typer.Option("--html", metavar="FILE.html|DIR")] = None,
    as_json: Json = False,
) -> None:
    """Run a lab and compare it with its exact result; exit 1 when they differ. Without a name, list the labs."""
    given = dict(each(_parameter, values))
    if not laboratory:
        if given or figure is not None:
            raise scenario_error(_NAMELESS.fr, _NAMELESS.en)
        if lab_page is not None:
            _every_page(lab_page)
            return
        list_(Kind.LABS, as_json=as_json)
        return
    info = _checked(laboratory, given, figure, lab_page)
    from coopsim.lab import run_lab

    compiled()
    found = run_lab(laboratory, given)
    if figure is not None or lab_page is not None:
        _draw(info, found, figure, lab_page)
    if as_json:
        write_json(found.to_json())
    else:
        _show(info, found)
    if not found.ok:
        raise typer.Exit(Code.FAULT)


def _checked(laboratory: str, given: dict[str, Any], figure: Path | None, lab_page: Path | None) -> "LabInfo":
    """Refuse a name, parameters or a place of the figure or page before a long compilation."""
    from coopsim.lab.experiments import admitted
    from coopsim.lab.values import lab_info

    info = lab_info(laboratory)
    admitted(info, given)
    if figure is not None or lab_page is not None:
        from coopsim.lab.figure import check_figure_place

        if figure is not None:
            check_figure_place(figure)
        if lab_page is not None:
            check_figure_place(lab_page, (".html",))
    return info


def _draw(info: "LabInfo", found: "LabResult", figure: Path | None, lab_page: Path | None) -> None:
    from coopsim.lab.figure import write_figure
    from coopsim.lab.figure_data import sample

    with progress(_POINTS) as on_done:
        drawn = sample(info, found, on_done)
    if figure is not None:
        write_figure(drawn, figure)
        kept(figure)
        say(str(_FIGURE.format(place=figure)))
    if lab_page is not None:
        _write_page(drawn, lab_page)


def _write_page(drawn: "Sample", place: Path) -> None:
    from coopsim.lab.figure import put_in_place
    from coopsim.lab.page import page

    put_in_place(place, page(drawn).encode())
    kept(place)
    say(str(_PAGE.format(place=place)))


def _every_page(folder: Path) -> None:
    """Write the page of every laboratory into a folder, and the page that leads to them."""
    from coopsim.lab import labs, run_lab
    from coopsim.lab.figure import put_in_place
    from coopsim.lab.figure_data import sample
    from coopsim.lab.page import index

    check_places(folder)
    compiled()
    folder.mkdir(parents=True, exist_ok=True)
    infos = [info for info in labs().values() if info.figure is not None]
    with progress(_PAGES) as on_done:
        for done, info in enumerate(infos, start=1):
            _write_page(sample(info, run_lab(info.name, {})), folder / f"{info.name}.html")
            on_done(done, len(infos))
    put_in_place(folder / "index.html", index(infos).encode())
    kept(folder / "index.html")


def _parameter(text: str) -> tuple[str, Any]:
    """Return the name and the value of ``name=JSON``; a bare word is a text."""
    name, equal, value = text.partition("=")
    if not (name.strip() and equal and value.strip()):
        raise scenario_error(_PARAMETER.fr, _PARAMETER.en, key="-p", value=text)
    try:
        return name.strip(), json.loads(value)
    except (ValueError, RecursionError):  # brackets nested by the thousand
        word = value.strip()
        if not word.replace("-", "").replace("_", "").isalpha():
            raise scenario_error(_JSON.fr, _JSON.en, key=f"-p {name}", value=_cut(word)) from None
        return name.strip(), word


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004 - what a message can show


def _show(info: "LabInfo", found: "LabResult") -> None:
    """Print the question, what to look at, the parameters, and each result with a mark."""
    from rich.text import Text as Cell

    screen = console()
    can_mark = screen.encoding.lower().startswith("utf")
    marks = (
        {True: "✓", False: "✗"}
        if can_mark
        else {True: str(Text("oui", "yes")), False: str(Text("non", "no"))}
    )
    columns = [
        Text("Accord", "Agrees"),
        Text("Résultat", "Result"),
        Text("Simulé", "Simulated"),
        Text("Exact", "Exact"),
        Text("Tolérance", "Tolerance"),
    ]
    rows = [
        [
            marks[result.ok],
            _label(info, name),
            *map(_few, (result.simulated, result.exact)),
            shown(float(f"{result.tolerance:.2g}")),
        ]
        for name, result in found.results.items()
    ]
    screen.print(Cell.assemble((str(info.title), "bold"), f" – {info.name}"))
    screen.print(Cell(str(info.question)))
    stop = " ; " if lang() == "fr" else ", "
    screen.print(
        Cell(stop.join(f"{name} = {_few(value)}" for name, value in found.parameters.items()), "dim")
    )
    screen.print(table(columns, rows))
    screen.print(Cell(str(_LOOK.format(look=info.look))))


def _label(info: "LabInfo", name: str) -> str:
    """Return what a result is, with its unit and the name that JSON gives it."""
    if name not in info.results:
        return name
    result = info.results[name]
    unit = "" if result.unit == "1" else f", {result.unit}"
    return f"{result.text}{unit} [{name}]"


def _few(value: Any) -> str:
    """Return a value as people read it; of a long list or table the first items, the last and their number."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        return _some([f"{name} {shown(item)}" for name, item in value.items()])
    if isinstance(value, list | tuple):
        return _some([shown(item) for item in value])
    return shown(value)


def _some(items: list[str]) -> str:
    stop = " ; " if lang() == "fr" else ", "
    if len(items) <= _LISTED:
        return stop.join(items)
    return stop.join([*items[: _LISTED - 2], "…", items[-1]]) + f" ({len(items)})"
