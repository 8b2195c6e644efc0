"""Which keys move a trajectory: the values to try, the scenario that makes a key active, and the comparison.

``key_activity.toml`` says, as data, on which *stage* a key is tried: a shipped scenario with the partner settings
without which the key has nothing to act on. A key without an entry is tried on the first stages of the file.
"""

import fnmatch
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from coopsim.catalogue.keys import key_names, key_schema
from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.registry import is_ours
from coopsim.scenario import Scenario, load_scenario, parameters
from coopsim.scenario.parameters import Parameter
from coopsim.scenario.rules import all_rules

ROOTS = ("governance", "climate", "resources", "economy", "society")
FILE = Path(__file__).with_name("key_activity.toml")
RELATIVE = 1e-9  # below, two values differ by the order of a sum


@cache
def activity() -> dict[str, Any]:
    """Return the file: stages by name, and the entries of keys."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def all_keys() -> tuple[str, ...]:
    """Return every governance key and parameter that bears a value."""
    names = key_names()
    tables = {name.rpartition(".")[0] for name in names}
    return tuple(name for name in names if name.split(".")[0] in ROOTS and name not in tables)


def entry(key: str) -> dict[str, Any]:
    """Return what the file says of a key: its own line, or the narrowest pattern that holds it."""
    found = [e for e in activity().get("key", ()) if any(fnmatch.fnmatchcase(key, p) for p in e["keys"])]
    return max(found, key=lambda e: max(len(p.rstrip("*")) for p in e["keys"] if fnmatch.fnmatchcase(key, p)),
               default={})  # fmt: skip


def stages_of(key: str) -> list[str]:
    """Return the names of the stages on which a key is tried, in order."""
    return list(entry(key).get("stages", activity()["first"]))


def other_stages(key: str) -> list[str]:
    """Return the stages that are tried last, when a key moves nothing on its own ones."""
    return [name for name in activity()["stage"] if name not in stages_of(key)]


@cache
def stage(name: str) -> Scenario:
    """Return the scenario of a stage, as long as its events need."""
    table = activity()["stage"][name]
    spec = load_scenario(table["scenario"], dict(table.get("set", {})))
    last = max((event.tick for event in spec.events), default=0)
    years = max(-(-table["ticks"] // 4), last // 4 + 1)
    return spec.but({"horizon.years": years, "name": spec.name}) if years != spec.years else spec


@cache
def base(name: str) -> tuple[np.ndarray, ...]:
    """Return the trajectory of a stage: one row of all indicators a tick, then the journal."""
    return tuple(_lived(stage(name), activity()["stage"][name]["ticks"]))


def _lived(spec: Scenario, ticks: int) -> Iterator[Any]:
    """Yield all indicators of each tick, then the journal."""
    model = CoopModel(spec, 0, views=False)
    try:
        for tick in range(ticks):
            model.step()
            r = model.recorder
            yield np.concatenate([r.territory[tick].ravel(), r._only[tick]])
        yield [dict(line) for line in model.world.journal]
    finally:
        model.release()


def moves(name: str, key: str, value: Any) -> bool | None:
    """Tell whether a value of a key changes the trajectory of a stage; None when the stage refuses it.

    The run stops at the first tick that differs.
    """
    try:
        spec = stage(name).but({entry(key).get("target", key): value, "name": stage(name).name})
        spec.load_case()
    except ScenarioError:
        return None
    known = base(name)
    for before, after in zip(known, _lived(spec, len(known) - 1), strict=True):
        if isinstance(before, list):
            return before != after
        if not np.allclose(before, after, rtol=RELATIVE, atol=1e-12, equal_nan=True):
            return True
    return False


def current(name: str, key: str) -> Any:
    """Return the value that a key has on a stage; None when the file of the stage has none."""
    here: Any = stage(name).document()
    for part in key.split("."):
        if not isinstance(here, dict) or part not in here:
            return None
        here = here[part]
    return here


def values(key: str) -> list[Any]:
    """Return the values to try: every one of an enumeration or a registry; the ends of a number's plausible range.

    A number needs one of its values to move something, an enumeration needs each.
    """
    own = entry(key).get("values")
    if own is not None:
        return list(own)
    found = key_schema(key) or {}
    known = parameters().get(key)
    if "x-rule" in found:
        registry = all_rules()[0][found["x-rule"]]
        return [name for name, cls in registry.classes().items() if is_ours(cls)]
    return _of_parameter(known) if known is not None else _of_schema(found)


def _of_parameter(known: Parameter) -> list[Any]:
    if known.choices:
        return list(known.choices)
    if isinstance(known.value, bool):
        return [True, False]
    ends = [*(known.range or ()), *(known.legal or ())]
    if isinstance(known.value, tuple):
        return [[x + (end - x) * 0.5 for x in known.value] for end in ends]
    if isinstance(known.value, int):
        return [int(min(max(e, known.value - 20), known.value + 20)) for e in ends]
    return [float(min(max(e, -10 * abs(known.value) - 10), 10 * abs(known.value) + 10)) for e in ends]


def _of_schema(found: dict[str, Any]) -> list[Any]:
    if "enum" in found:
        return list(found["enum"])
    if found.get("type") == "boolean":
        return [True, False]
    for part in found.get("anyOf", ()):
        if part.get("type") != "null":
            return _of_schema({**part, "default": found.get("default")})
    low = found.get("minimum", found.get("exclusiveMinimum"))
    high = found.get("maximum", found.get("exclusiveMaximum"))
    if low is None or high is None:
        return []
    start = found.get("default") or 0
    if found.get("type") == "integer":
        return [v for v in (start + 1, start + 3, low, min(high, start + 20)) if low <= v <= high]
    some = [
        start + (high - start) * 0.5 if high <= 1000 else start * 3 + 100.0,
        low,
        high if high <= 1e4 else 1e4,
    ]
    return [float(v) for v in some if low <= v <= high]


def is_list_of_names(key: str) -> bool:
    """Tell whether every value of a key must move something, not only one."""
    found = key_schema(key) or {}
    known = parameters().get(key)
    return "x-rule" in found or "enum" in found or bool(known and known.choices)


def still(key: str, stages: list[str] | None = None) -> list[Any]:
    """Return the values of a key that change nothing on any of its stages; empty where the key is alive.

    For a number, one living value is enough. A value that a stage already has lives where another one moves it.

    Parameters
    ----------
    stages : list of str, optional
        In place of the stages of the key.
    """
    tried = values(key)
    if not tried:
        return ["no value to try"]
    named = is_list_of_names(key)
    left = list(tried)
    for name in stages_of(key) if stages is None else stages:
        now = current(name, key)
        moved = False
        for value in [v for v in (tried if now in left else left) if v != now]:
            if value not in left and moved:
                continue
            if moves(name, key, value):
                moved = True
                left = [v for v in left if v not in (value, now)]
                if not named:
                    return []
        if not left:
            break
    return left
