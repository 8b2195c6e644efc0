"""Names of variants: the name of the base and what differs."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from coopsim.scenario.overlay import at

_LONGEST = 120
_REFUSED = re.compile(r"[^a-z0-9._=,-]+")


def named(base: str, changes: Mapping[str, Any], before: Any, after: Any) -> str:
    """Return a name that says which keys differ, such as ``figeac-cooperation+share=0.3``.

    Parameters
    ----------
    base : str
    changes : mapping of str to object
        Dotted keys asked for; those that change nothing are left out.
    before, after : trees
        Full documents.
    """
    paths = [tuple(key.split(".")) for key in changes]
    differing = [path for path in paths if at(before, path) != at(after, path)]
    name = base
    for path in differing:
        name += f"+{_short(path, paths)}={_value(at(after, path))}"
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(name.encode("utf-8")).hexdigest()[:8]
    return f"{name[: _LONGEST - 9]}+{digest}"


def _short(path: tuple[str, ...], paths: list[tuple[str, ...]]) -> str:
    """Return the shortest end of a path that no other path shares."""
    for n in range(1, len(path) + 1):
        if sum(other[-n:] == path[-n:] for other in paths) == 1:
            return _clean(".".join(path[-n:]))
    return _clean(".".join(path))


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(_value(part) for part in value.values())
    if isinstance(value, list | tuple):
        return ",".join(_value(part) for part in value)
    if isinstance(value, float):
        return f"{value:.12g}".replace("e+", "e")
    return _clean(str(value))


def _clean(text: str) -> str:
    return _REFUSED.sub("-", text.lower()) or "-"
