"""Commands of other packages: entry points of the group ``coopsim.commands``, imported when called."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
import typer.core
import typer.main

from coopsim.errors import scenario_error

GROUP = "coopsim.commands"
_EXTRAS = {"coopsim_viz": "viz", "coopsim_calibration": "calibration"}


@cache
def extra_commands() -> dict[str, EntryPoint]:
    """Return the entry point of each command by its name."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def load_command(point: EntryPoint, kind: type[typer.core.TyperCommand]) -> Any:
    """Return the command of an entry point: a typer application, or a function that typer can read as a ``kind``.

    Raises
    ------
    ScenarioError
        When a package that it needs is not installed; says what to install.
    """
    try:
        found = point.load()
    except ModuleNotFoundError as error:
        package = point.value.partition(".")[0].partition(":")[0]
        missing = (error.name or "").partition(".")[0]
        if missing in {"coopsim", package}:
            raise
        extra = next(iter(point.extras), _EXTRAS.get(package, ""))
        install = f'pip install "coopsim[{extra}]"' if extra else f"pip install {missing}"
        raise scenario_error(
            f"cette commande a besoin de {missing} : {install}",
            f"this command needs {missing}: {install}",
            key=f"coopsim {point.name}",
        ) from error
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    application.command(point.name, cls=kind)(found)
    return typer.main.get_command(application)
