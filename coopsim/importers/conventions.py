"""What importers assume where files say nothing: data with a unit, a range and a reason."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from coopsim.errors import scenario_error


@dataclass(frozen=True, slots=True)
class Convention:
    """One assumed value.

    Attributes
    ----------
    name, unit, grade, source : str
    value, low, high : float
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    grade: str
    source: str

    def valued(self, text: str) -> "Convention":
        """Return the convention with the value that a text gives; itself for an empty text.

        Raises
        ------
        ScenarioError
            When the value is no number of the range.
        """
        if not text:
            return self
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not self.low <= value <= self.high:
            raise scenario_error(
                "valeur hors de sa plage",
                "value out of its range",
                key=self.name,
                value=text,
                allowed=f"{self.low:g} – {self.high:g} {self.unit}",
            )
        return replace(self, value=value)

    def __str__(self) -> str:
        return f"{self.name} {self.value:g} {self.unit}".removesuffix(" 1")


@cache
def conventions() -> Mapping[str, Convention]:
    """Return the conventions by name."""
    text = Path(__file__).with_name("conventions.toml").read_text(encoding="utf-8")
    return {name: Convention(name, **row) for name, row in tomllib.loads(text).items()}
