"""The columns of a case's tables, read from ``columns.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from coopsim.i18n import Text

Kind = Literal["code", "text", "float", "int", "bool", "choice"]

REQUIRED_TABLES = ("territories", "establishments", "sectors", "links", "sources")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table.

    Attributes
    ----------
    name : str
    kind : Kind
    text : Text
        What it holds.
    unit : str
    low, high : float or None
        Bounds.
    choices : tuple of str
    optional : bool
        Whether the column may be absent; it then holds ``default``.
    blank : bool
        Whether a cell may be empty: NaN in a column of numbers, an empty text in others.
    of : str
        Table whose codes it refers to.
    many_of : str
        Table whose codes, separated by semicolons, it refers to.
    outside : bool
        Whether ``outside`` is accepted besides those codes.
    """

    name: str
    kind: Kind
    text: Text
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    blank: bool = False
    default: float | None = None
    of: str = ""
    many_of: str = ""
    outside: bool = False

    @property
    def allowed(self) -> str:
        """Allowed values in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.kind == "bool":
            return "0, 1"
        if self.low is None or self.high is None:
            return ""
        return f"{self.low:g} – {self.high:g} {self.unit if self.unit != '1' else ''}".strip()


@cache
def case_columns() -> Mapping[str, Mapping[str, Column]]:
    """Return the columns of each table of a case, in the order of the files."""
    text = Path(__file__).with_name("columns.toml").read_text(encoding="utf-8")
    return {
        table: {name: _column(name, row) for name, row in rows.items()}
        for table, rows in tomllib.loads(text).items()
    }


def _column(name: str, row: dict[str, object]) -> Column:
    rest = {key: value for key, value in row.items() if key not in {"type", "fr", "en"}}
    if "choices" in rest:
        rest["choices"] = tuple(rest["choices"])  # type: ignore[arg-type]
    return Column(name, row["type"], Text(str(row["fr"]), str(row["en"])), **rest)  # type: ignore[arg-type]
