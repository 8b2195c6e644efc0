"""What commands print: tables for people on a terminal, JSON for programs."""

import json
import math
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from coopsim.i18n import Text, lang

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_FILE_WIDTH = 140  # columns where the output is no terminal and COLUMNS says nothing


def console() -> "Console":
    """Return the console of the standard output; a file is as wide as tables need."""
    from rich.console import Console

    found = Console(highlight=False)
    if not found.is_terminal and "COLUMNS" not in os.environ:
        found = Console(highlight=False, width=_FILE_WIDTH)
    return found


def error_console() -> "Console":
    """Return the console of the error stream, where progress is shown."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def table(columns: Sequence[Text], rows: Sequence[Sequence[Any]], title: Text | None = None) -> "Table":
    """Return a table with heads in the language in force; its cells are no markup.

    Parameters
    ----------
    columns : sequence of Text
        Heads; the first column never wraps.
    """
    from rich.table import Table
    from rich.text import Text as Cell

    found = Table(title=str(title) if title else None, title_justify="left")
    for number, column in enumerate(columns):
        found.add_column(str(column), no_wrap=number == 0, overflow="fold")
    for row in rows:
        found.add_row(*(Cell(shown(value)) for value in row))
    return found


def shown(value: Any) -> str:
    """Return a value as people read it in the language in force."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(Text("oui", "yes") if value else Text("non", "no"))
    if isinstance(value, float):
        return f"{value:.6g}".replace(".", ",") if lang() == "fr" else f"{value:.6g}"
    if isinstance(value, Mapping):
        return "; ".join(f"{name} = {shown(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(shown, value)) if lang() == "fr" else ", ".join(map(shown, value))
    return str(value)


def write_json(value: Any) -> None:
    """Print a value as JSON; a number that is not finite becomes null."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def plain(value: Any) -> Any:
    """Return a value in JSON types."""
    if isinstance(value, Text):
        return {"fr": value.fr, "en": value.en}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):  # numpy
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)
