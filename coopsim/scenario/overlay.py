"""Merge a change into a tree, leaving what it does not mention alone."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.scenario.limits import DEEP, LARGE, oversized

APPENDED = ("territory", "event", "decision")
_CASES = {"name", "synthetic"}


def overlay(base: Mapping[str, Any], change: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return ``base`` with ``change`` written over it, branch by branch; lists are replaced.

    A table that names a ``rule`` replaces the rule it meets, parameters included; a table of
    parameters written over the bare name of a rule keeps that rule.
    """
    merged = dict(base)
    for name, value in change.items():
        merged[name] = _merge(merged.get(name), value, (*path, name))
    return merged


def _merge(below: Any, value: Any, path: tuple[str, ...]) -> Any:
    if not isinstance(value, Mapping) or "rule" in value:
        return value
    if path == ("case",) and isinstance(below, Mapping) and not _CASES & below.keys() & value.keys():
        return dict(value)  # another kind of case takes the place of the first
    if isinstance(below, Mapping):
        return overlay(below, value, path)
    if isinstance(below, str) and path[0] == "governance":
        return {"rule": below, **value}
    return dict(value)


def extend(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` overlaid by a file that extends it; its dated rules and events are added."""
    merged = overlay(base, change)
    for name in APPENDED:
        before, after = base.get(name), change.get(name)
        if isinstance(before, list) and isinstance(after, list):
            merged[name] = [*before, *after]
    return merged


def nested(dotted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tree of a table of dotted keys."""
    tree: dict[str, Any] = {}
    for name, value in dotted.items():
        branch: Any = value
        for part in reversed(name.split(".")):
            branch = {part: branch}
        tree = overlay(tree, branch)
    return tree


def agreed(base: Mapping[str, Any], trees: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return ``base`` with each value on which all trees agree in its place, branch by branch; a rule is one value."""
    merged: dict[str, Any] = {}
    for name, value in base.items():
        found = [tree[name] for tree in trees]
        if all(other == found[0] for other in found):
            merged[name] = found[0]
        elif (
            isinstance(value, Mapping) and "rule" not in value and all(isinstance(f, Mapping) for f in found)
        ):
            merged[name] = agreed(value, found)
        else:
            merged[name] = value
    return merged


def at(tree: Any, path: tuple[str | int, ...]) -> Any:
    """Return the value at a path of a tree, or None where there is none."""
    for part in path:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def parse_override(text: str) -> tuple[str, Any]:
    """Return the dotted key and the value of ``key=value``.

    The value is written as in TOML; a bare word is a text.

    Raises
    ------
    ScenarioError
        When there is no ``=``, no key, or a value that is neither TOML nor a bare word.
    """
    name, equal, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not (name and equal and value) or not all(part.strip() for part in name.split(".")):
        raise scenario_error(
            "réglage mal écrit : écrire clé=valeur", "badly written setting: write key=value", value=text
        )
    try:
        read = tomllib.loads(f"value = {value}")["value"]
    except (RecursionError, ValueError) as error:
        if not isinstance(error, tomllib.TOMLDecodeError):
            raise _too_large(name, DEEP if isinstance(error, RecursionError) else LARGE) from None
        if value[0] in "[{\"'" or "\n" in value:
            raise scenario_error(
                "valeur mal écrite : ni du TOML ni un mot",
                "badly written value: neither TOML nor a word",
                key=name,
                value=value,
            ) from None
        return name, value
    large = oversized(read)
    if large:
        raise _too_large(name, large)
    return name, read


def _too_large(name: str, why: Text) -> ScenarioError:
    return ScenarioError([Problem(why, key=name)])
