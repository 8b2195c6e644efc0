"""Figures that a diagnostic may hold, and what the model has to compare with each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from coopsim.i18n import Text

How = Literal["", "mean", "last", "growth", "change"]
SYSTEM = "system"
"""The territory of a figure that describes the whole of a case."""


@dataclass(frozen=True, slots=True)
class Observable:
    """One kind of figure.

    Attributes
    ----------
    name, unit : str
    low, high : float
        Values that can be true.
    text : Text
    model : str
        Indicator of the model; empty where the model has no counterpart.
    how : str
        How a run gives the figure: ``mean`` over the years compared, value at their end (``last``), ``growth`` of the
        logarithm a year, ``change`` a year.
    of : str
        Figure whose values at two dates give this one.
    case : str
        Column of the case's territories and communes that the figure is weighed against.
    at_most : str
        Column of the case's territories that the figure cannot exceed.
    targets : str
        Figure to aim at instead of this one.
    starts : str
        Column of the case that fixes this figure in the state that runs start from, or is made of the same
        observations: a prediction of it is no test unless a study replaces that column.
    """

    name: str
    unit: str
    low: float
    high: float
    text: Text
    model: str = ""
    how: How = ""
    of: str = ""
    case: str = ""
    at_most: str = ""
    targets: str = ""
    starts: str = ""

    @property
    def allowed(self) -> str:
        """Values that can be true, in words."""
        return f"{self.low:g} – {self.high:g} {self.unit}"

    @property
    def produced(self) -> bool:
        """Whether the model has a counterpart."""
        return bool(self.model)


@cache
def observables() -> Mapping[str, Observable]:
    """Return every kind of figure by its name."""
    data = tomllib.loads((Path(__file__).parent / "observables.toml").read_text(encoding="utf-8"))
    return {
        name: Observable(name=name, text=Text(table.pop("fr"), table.pop("en")), **table)
        for name, table in data.items()
    }


def produced() -> list[str]:
    """Return the names of the figures that the model produces: the possible targets of a fit."""
    return [name for name, found in observables().items() if found.produced]
