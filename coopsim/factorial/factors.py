"""Factors: two fragments of rules, off and on, read from a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.reading import file_text, toml_data
from coopsim.scenario.shipped import shipped

_KEYS = {"schema", "name", "title", "off", "on"}


@dataclass(frozen=True, slots=True)
class Factor:
    """What is switched in a factorial design.

    Attributes
    ----------
    name : str
    title : Text
    off, on : dict of str to object
        The same dotted keys of a scenario, with two sets of values.
    """

    name: str
    title: Text
    off: dict[str, Any]
    on: dict[str, Any]


@cache
def shipped_factors() -> dict[str, Path]:
    """Return the file of each shipped factor by its name."""
    return {path.stem: path for path in sorted(shipped("factors").glob("*.toml"))}


def load_factor(name: str | Path) -> Factor:
    """Return a shipped factor by name, or one read from a path.

    Raises
    ------
    ScenarioError
        For an unknown name, an unreadable file, or sides that do not set the same keys.
    """
    known = shipped_factors()
    if str(name) in known:
        return _read(known[str(name)], str(name))
    path = Path(name)
    if path.suffix != ".toml" and "/" not in str(name):
        message = Text("aucun facteur ne porte ce nom", "no factor has this name")
        close = nearest(str(name), list(known))
        raise ScenarioError([Problem(message, value=str(name), allowed=", ".join(known), nearest=close)])
    return _read(path, str(name))


def check_sides(name: str, off: Mapping[str, Any], on: Mapping[str, Any], file: str = "") -> None:
    """Refuse a factor whose two sides do not set the same keys: its effect would depend on the base."""
    odd = sorted(set(off) ^ set(on))
    message = Text(
        f"le facteur « {name} » doit donner cette clé dans « off » et dans « on »",
        f"the factor '{name}' must give this key both in 'off' and in 'on'",
    )
    if not off and not on:
        empty = Text(f"le facteur « {name} » ne change rien", f"the factor '{name}' changes nothing")
        raise ScenarioError([Problem(empty, file=file)])
    if odd:
        raise ScenarioError([Problem(message, file=file, key=key) for key in odd])


def _read(path: Path, shown: str) -> Factor:
    problems: list[Problem] = []
    text = file_text(path, shown, problems)
    data = toml_data(text, shown, problems) if text else None
    if data is None:
        raise ScenarioError(problems)
    unknown = Text("clé inconnue d'un facteur", "unknown key of a factor")
    problems += [
        Problem(unknown, file=shown, key=key, allowed=", ".join(sorted(_KEYS)))
        for key in data
        if key not in _KEYS
    ]
    title = data.get("title", {})
    sides = [data.get(side, {}) for side in ("off", "on")]
    if not all(isinstance(table, dict) for table in (title, *sides)):
        message = Text("title, off et on sont des tables", "title, off and on are tables")
        problems.append(Problem(message, file=shown))
    if problems:
        raise ScenarioError(problems)
    off, on = (dict(_dotted(side, ())) for side in sides)
    name = str(data.get("name", path.stem))
    check_sides(name, off, on, shown)
    return Factor(name, Text(str(title.get("fr", name)), str(title.get("en", name))), off, on)


def _dotted(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of a fragment by dotted key; the table of a named rule is one leaf."""
    if isinstance(tree, Mapping) and "rule" not in tree:
        for name, branch in tree.items():
            yield from _dotted(branch, (*path, name))
    else:
        yield ".".join(path), tree
