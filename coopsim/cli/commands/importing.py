"""``import``: official national files become the tables of a case."""

from pathlib import Path
from typing import Annotated, Any

import typer

from coopsim.cli.commands.options import Json
from coopsim.cli.failures import kept
from coopsim.cli.inputs import check_places
from coopsim.cli.output import console, plain, table, write_json
from coopsim.errors import scenario_error
from coopsim.i18n import Text

_WROTE = Text("{table} : {n} lignes", "{table}: {n} rows")
_INTO = Text(
    "Cas : {folder} ; à vérifier par coopsim validate {folder}",
    "Case: {folder}; check it with coopsim validate {folder}",
)


def import_(
    source: Annotated[str, typer.Argument(metavar="SOURCE")] = "",
    sources_files: Annotated[list[Path], typer.Argument(metavar="FILE...")] = [],  # noqa: B006 - typer copies it
    into: Annotated[Path | None, typer.Option("--into", metavar="CASE")] = None,
    source_settings: Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE")] = [],  # noqa: B006
    encoding: Annotated[str, typer.Option("--encoding")] = "utf-8",
    as_json: Json = False,
) -> None:
    """Import official files into a case."""
    from coopsim.importers import SOURCES, import_files

    if not source:
        _list(as_json)
        return
    if source in SOURCES and (not sources_files or into is None):
        raise scenario_error(
            "donner les fichiers et --into CAS", "give the files and --into CASE", key=source,
            allowed=str(SOURCES[source].needs),
        )  # fmt: skip
    folder = into or Path()
    check_places(folder=folder)
    done = import_files(source, sources_files, folder, _options(source_settings), encoding)
    kept(folder)
    if as_json:
        write_json(
            {"case": str(folder), "files": done.files, "rows": done.rows, "remarks": plain(done.remarks)}
        )
        return
    for name, rows in done.rows.items():
        if rows:
            typer.echo(_WROTE.format(table=name, n=rows))
    for remark in done.remarks:
        typer.echo(f"  {remark}")
    typer.echo(_INTO.format(folder=folder))


def _options(texts: list[str]) -> dict[str, str]:
    out = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise scenario_error("clé=valeur attendu", "key=value expected", key="--set", value=text)
        out[name.strip()] = value.strip()
    return out


def _list(as_json: bool) -> None:
    """Show the sources, what they need and what they write."""
    from coopsim.importers import SOURCES

    if as_json:
        rows: list[dict[str, Any]] = [
            {
                "source": name,
                "title": plain(source.title),
                "needs": plain(source.needs),
                "writes": plain(source.writes),
                "options": [*source.options, *source.conventions],
            }
            for name, source in SOURCES.items()
        ]
        write_json(rows)
        return
    heads = (
        Text("source", "source"),
        Text("ce que c'est", "what it is"),
        Text("fichiers", "files"),
        Text("options", "options"),
    )
    cells = [
        (name, str(s.title), str(s.needs), ", ".join([*s.options, *s.conventions]))
        for name, s in SOURCES.items()
    ]
    console().print(table(heads, cells))
