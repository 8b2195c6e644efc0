"""Options that several commands share; their help stands in `coopsim.cli.texts`."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json")]
Settings = Annotated[list[str], typer.Option("--set", metavar="KEY=VALUE")]
Seed = Annotated[int, typer.Option("--seed")]
Years = Annotated[int | None, typer.Option("--years")]
Replicates = Annotated[int, typer.Option("--replicates")]
Workers = Annotated[int | None, typer.Option("--workers")]
RuleFiles = Annotated[list[Path], typer.Option("--rules", metavar="FILE.py")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR")]
