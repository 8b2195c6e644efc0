"""What a sheet says beside the results, from ``scenarios/reference/sheets.toml``: partner, indicators, questions."""

import fnmatch
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from coopsim.errors import scenario_error
from coopsim.indicators import BY_NAME
from coopsim.registry import nearest
from coopsim.scenario.shipped import shipped, shipped_scenarios

_FOLDERS = ("scenarios", "families", "_scenarios")
_NATIONAL = ("france-status-quo",)  # millions of companies: no thirty years on one machine


@dataclass(frozen=True, slots=True)
class Guide:
    """Texts of one sheet, in French.

    Attributes
    ----------
    contrast : str
        Name of the partner; empty for the natural one.
    look : tuple of str
        Names of the indicators to look at first.
    discuss : tuple of str
        Questions, three of them.
    cannot : tuple of str
        What the model cannot say here.
    """

    contrast: str
    look: tuple[str, ...]
    discuss: tuple[str, ...]
    cannot: tuple[str, ...]


def sheet_names() -> tuple[str, ...]:
    """Return the shipped scenarios that get a sheet: those of towns and families; no preset, lab or whole country."""
    found = shipped_scenarios()
    return tuple(
        sorted(n for n, path in found.items() if path.parent.name in _FOLDERS and n not in _NATIONAL)
    )


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(shipped("reference", "sheets.toml").read_text(encoding="utf-8"))


def guide_of(name: str) -> Guide:
    """Return the texts of a scenario: those of the first group that names it, completed by the general ones."""
    data = _file()
    groups = [g for g in data.get("group", ()) if any(fnmatch.fnmatchcase(name, p) for p in g["scenarios"])]
    group: dict[str, Any] = groups[0] if groups else {}
    general = data["general"]
    look = tuple(group.get("look", general["look"]))
    unknown = [i for i in look if i not in BY_NAME]
    if unknown:
        raise KeyError(f"sheets.toml: unknown indicators {unknown}")
    return Guide(
        contrast=data.get("contrast", {}).get(name, ""),
        look=look,
        discuss=tuple(group.get("discuss", general["discuss"])),
        cannot=(*group.get("cannot", ()), *general["cannot"]),
    )


def partner_of(name: str) -> str:
    """Return the scenario that a sheet compares with: that of the file, else the base it extends, else the status quo.

    Raises
    ------
    ScenarioError
        When no shipped scenario bears this name.
    """
    known = shipped_scenarios()
    if name not in known:
        raise scenario_error(
            "aucun scénario livré ne porte ce nom (voir : coopsim list scenarios)",
            "no shipped scenario bears this name (see: coopsim list scenarios)",
            value=name,
            nearest=nearest(name, list(known)),
        )
    given = guide_of(name).contrast
    if given:
        return given
    data = tomllib.loads(known[name].read_text(encoding="utf-8-sig"))
    extends = data.get("extends", [])
    bases = [b for b in ([extends] if isinstance(extends, str) else extends) if b in sheet_names()]
    return bases[0] if bases else "figeac-status-quo"
