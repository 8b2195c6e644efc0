"""The dotted keys of scenario files, with label, unit, bounds, default, grade and levers of each."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from coopsim.i18n import Text
from coopsim.scenario.document import document_model
from coopsim.scenario.rules import all_rules

Record = dict[str, Any]


def key_record(key: str) -> Record | None:
    """Return what is known of a dotted key, a table's own keys included; None when there is no such key."""
    found = _at(key)
    if found is None:
        return None
    below = _table(found)
    record: Record = {"kind": "key", "name": key, **_described(found)}
    if below is not None:
        record.pop("default", None)  # the keys of the table bear their own
        record["keys"] = [{"name": f"{key}.{name}", **_described(part)} for name, part in below.items()]
    return record


@cache
def key_names() -> tuple[str, ...]:
    """Return every dotted key, tables before the keys that they hold."""
    return tuple(_walk(_schema(), ""))


def key_schema(key: str) -> dict[str, Any] | None:
    """Return the JSON Schema of a dotted key, its label, unit and levers among it; None when there is none."""
    return _at(key)


def rule_keys(kind: str) -> list[str]:
    """Return the keys that name a rule of a kind."""
    return [key for key in key_names() if (_at(key) or {}).get("x-rule") == kind]


@cache
def _schema() -> dict[str, Any]:
    return document_model().model_json_schema(by_alias=True)


def _table(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the keys of a table, or of the items of a list of tables; None for a plain value."""
    for part in (found, found.get("items", {}), *found.get("anyOf", ())):
        name = part.get("$ref", "").rpartition("/")[2]
        if name:
            keys: dict[str, Any] = _schema()["$defs"][name]["properties"]
            return keys
    return None


def _at(key: str) -> dict[str, Any] | None:
    here: dict[str, Any] | None = {}
    keys: dict[str, Any] | None = _schema()["properties"]
    for part in key.split("."):
        here = None if keys is None else keys.get(part)
        if here is None:
            return None
        keys = _table(here)
    return here


def _walk(found: Mapping[str, Any], head: str) -> Iterator[str]:
    keys = found["properties"] if not head else _table(found)
    for name, part in (keys or {}).items():
        yield head + name
        yield from _walk(part, f"{head}{name}.")


def _described(found: Mapping[str, Any]) -> Record:
    """Return the facts of one key, those that it has."""
    facts: Record = {
        "label": Text(found.get("fr", ""), found.get("en", "")),
        "unit": "" if found.get("unit") == "1" else found.get("unit", ""),
        "default": found.get("default"),
        "allowed": _allowed(found),
        "grade": found.get("grade", ""),
        "source": found.get("source", ""),
        "levers": list(found.get("levers", ())),
    }
    if "x-rule" in found:
        facts["rule_kind"] = found["x-rule"]
        facts["allowed"] = ", ".join(all_rules()[0][found["x-rule"]])
    return {name: value for name, value in facts.items() if value not in ("", None, [])}


def _allowed(found: Mapping[str, Any]) -> str:
    """Return the values allowed, in a notation of both languages."""
    if "enum" in found:
        return ", ".join(str(value) for value in found["enum"])
    if "const" in found:
        return str(found["const"])
    if "minimum" in found or "maximum" in found:
        return _bounds(found.get("minimum"), found.get("maximum"))
    if found.get("type") == "boolean":
        return "true, false"
    parts = [_allowed(part) for part in found.get("anyOf", ()) if part.get("type") != "null"]
    parts += [_allowed(part) for part in found.get("prefixItems", ())[:1]]
    if isinstance(found.get("items"), Mapping):
        parts.append(_allowed(found["items"]))
    return ", ".join(part for part in parts if part)


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return f"≤ {high:g}"
    return f"≥ {low:g}" if high is None else f"{low:g} – {high:g}"
