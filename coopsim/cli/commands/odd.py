"""``odd``: the ODD description of a scenario."""

from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.commands.options import Json, RuleFiles, Settings
from coopsim.cli.failures import kept, say
from coopsim.cli.inputs import check_places, scenarios_of, use_rules, write_file
from coopsim.cli.output import write_json
from coopsim.errors import scenario_error
from coopsim.i18n import Text

_SUFFIXES = (".md", ".html")
_WRITTEN = Text("Description ODD : {place}", "ODD description: {place}")


def odd(
    scenario: Annotated[str, typer.Argument(metavar="FILE|NAME")],
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE.md|.html")] = None,
    settings: Settings = [],  # noqa: B006 - typer copies it
    rule_files: RuleFiles = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Write the ODD description of a scenario."""
    check_places(file=save)
    if save is not None and save.suffix.lower() not in _SUFFIXES:
        raise scenario_error(
            "format de fichier inconnu",
            "unknown format of file",
            file=str(save),
            allowed=", ".join(_SUFFIXES),
        )
    use_rules(rule_files)
    (spec,) = scenarios_of([scenario], settings, None)
    from coopsim.odd import html, markdown
    from coopsim.odd import odd as blocks_of

    if as_json:
        from dataclasses import asdict

        write_json([{"kind": type(block).__name__.lower(), **asdict(block)} for block in blocks_of(spec)])
    elif save is None:
        typer.echo(markdown(spec), nl=False)
    if save is not None:
        text = html(spec) if save.suffix.lower() == ".html" else markdown(spec)
        write_file(save, text)
        kept(save)
        say(str(_WRITTEN.format(place=save)))
