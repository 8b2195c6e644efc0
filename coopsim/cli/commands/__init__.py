"""The commands by name, in the order of the help."""

from collections.abc import Callable
from typing import Any

from coopsim.cli.commands.batching import batch, export
from coopsim.cli.commands.beginning import new
from coopsim.cli.commands.checking import schema, validate
from coopsim.cli.commands.comparing import compare, factorial, report
from coopsim.cli.commands.flip import flip
from coopsim.cli.commands.importing import import_
from coopsim.cli.commands.lab import lab
from coopsim.cli.commands.levers import levers
from coopsim.cli.commands.odd import odd
from coopsim.cli.commands.patterns import patterns
from coopsim.cli.commands.regimes import regimes
from coopsim.cli.commands.resilience import resilience
from coopsim.cli.commands.running import run
from coopsim.cli.commands.sheet import sheet
from coopsim.cli.commands.showing import explain, list_
from coopsim.cli.commands.stability import stability

COMMANDS: dict[str, Callable[..., Any]] = {
    "list": list_,
    "explain": explain,
    "validate": validate,
    "run": run,
    "compare": compare,
    "factorial": factorial,
    "report": report,
    "batch": batch,
    "export": export,
    "stability": stability,
    "levers": levers,
    "flip": flip,
    "odd": odd,
    "resilience": resilience,
    "sheet": sheet,
    "patterns": patterns,
    "regimes": regimes,
    "lab": lab,
    "new": new,
    "import": import_,
    "schema": schema,
}
