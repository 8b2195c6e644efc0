"""The levers of a scenario: every rule of the game that could be otherwise, and what it could be instead."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from coopsim.catalogue import key_names, records
from coopsim.catalogue.keys import key_schema
from coopsim.errors import ScenarioError
from coopsim.i18n import Text
from coopsim.scenario import Scenario
from coopsim.scenario.overlay import at
from coopsim.scenario.rules import all_rules

_ROOT = "governance."
_SHARE = 0.3  # changed value of a share that is 0
_AMOUNTS = {"k€": 100.0, "k€/yr": 100.0, "k€/job": 2.0, "seats": 5.0, "persons": 30.0, "yr": 4.0}
_UNKNOWN = Text(
    "aucune autre valeur n'est connue (ni liste, ni bornes, ni scénario livré)",
    "no other value is known (no list, no bounds, no shipped scenario)",
)
_LIST = Text("liste de tables : pas une seule valeur à changer", "list of tables: not one value to change")


@dataclass(frozen=True, slots=True)
class Lever:
    """One rule of the game that could be otherwise.

    Attributes
    ----------
    key : str
        Dotted key.
    label : Text
    unit : str
    now : object
        Value in the scenario; None where the file gives none and the model has none.
    default : object
        Value where no scenario says anything.
    others : tuple of object
        Other values, the most telling first: the default, then those of shipped scenarios, then the rest of a list,
        or one changed number.
    bounds : tuple of float or None
        Legal bounds of a number.
    whole : bool
        Whether the number is whole.
    ids : tuple of str
        Levers of the source catalogue.
    """

    key: str
    label: Text
    unit: str
    now: Any
    default: Any
    others: tuple[Any, ...]
    bounds: tuple[float, float] | None
    whole: bool
    ids: tuple[str, ...]


def levers(spec: Scenario) -> tuple[list[Lever], list[tuple[str, Text]]]:
    """Return the levers of a scenario, and the keys that are left out with the reason."""
    document = spec.document()
    found: list[Lever] = []
    left: list[tuple[str, Text]] = []
    for key, schema in _leaves():
        now = at(document, tuple(key.split(".")))
        others = _others(key, schema, now)
        if not others:
            left.append((key, _LIST if _of_tables(schema) else _UNKNOWN))
            continue
        found.append(
            Lever(
                key=key,
                label=_label(key, schema),
                unit="" if schema.get("unit") == "1" else schema.get("unit", ""),
                now=now,
                default=schema.get("default"),
                others=others,
                bounds=_bounds(schema),
                whole=schema.get("type") == "integer",
                ids=tuple(schema.get("levers", ())),
            )
        )
    return found, left


def changed(spec: Scenario, key: str, value: Any) -> Scenario | None:
    """Return the scenario with one key changed, None when the rules refuse the value."""
    try:
        return spec.but({key: value})
    except ScenarioError:
        return None


def _leaves() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the governance keys that hold a value, not a table of further keys."""
    names = [name for name in key_names() if name.startswith(_ROOT)]
    inner = {name.rpartition(".")[0] for name in names}
    lists = [name for name in names if (key_schema(name) or {}).get("type") == "array"]
    for name in names:
        schema = key_schema(name) or {}
        if name in inner and name not in lists:
            continue
        if any(name.startswith(f"{other}.") for other in lists):
            continue
        yield name, schema


def _label(key: str, schema: Mapping[str, Any]) -> Text:
    """Return the label of a key; of the permission or the bounds of a move, that of the move first."""
    text = Text(schema.get("fr", key), schema.get("en", key))
    above = key_schema(key.rpartition(".")[0]) or {}
    if ".moves." in key or ".body_moves." in key:
        return Text(f"{above.get('fr', '')} : {text.fr}", f"{above.get('en', '')}: {text.en}")
    return text


def _of_tables(schema: Mapping[str, Any]) -> bool:
    return "$ref" in (schema.get("items") or {})


def _bounds(schema: Mapping[str, Any]) -> tuple[float, float] | None:
    for part in (schema, *schema.get("anyOf", ())):
        if part.get("type") in ("number", "integer") and {"minimum", "maximum"} <= part.keys():
            return float(part["minimum"]), float(part["maximum"])
    return None


def _others(key: str, schema: Mapping[str, Any], now: Any) -> tuple[Any, ...]:
    """Return the other values of a key, each once, none that says the same as the scenario."""
    default = schema.get("default")
    options: list[Any] = [default] if default is not None else []
    options += [value for value, _ in Counter(_shipped().get(key, ())).most_common()]
    options = [_thawed(value) for value in options]
    named = [name for part in (schema, *schema.get("anyOf", ())) for name in part.get("enum", ())]
    if named:
        options += named
    elif schema.get("type") == "boolean":
        options += [True, False]
    elif "x-rule" in schema:
        options += list(all_rules()[0][schema["x-rule"]])
    else:
        options += _number(schema, now)
    out: list[Any] = []
    for value in options:
        if not _same(value, now) and not any(_same(value, other) for other in out):
            out.append(value)
    return tuple(out)


def _number(schema: Mapping[str, Any], now: Any) -> list[Any]:
    """Return one changed number inside the legal bounds: the double, a share, or an amount of its unit."""
    bounds = _bounds(schema)
    if bounds is None or isinstance(now, str | bool | list):
        return []
    low, high = bounds
    if any(part.get("type") == "null" for part in schema.get("anyOf", ())):
        return []  # absent stands for the model's own: what another number would mean depends on the move
    value = 2.0 * float(now)
    if now == 0:
        value = _AMOUNTS.get(schema.get("unit", ""), 1.0 if schema.get("type") == "integer" else _SHARE)
    value = min(max(value, low), high)
    if value == now:
        value = 0.5 * (low + float(now))
    return [round(value) if schema.get("type") == "integer" else value]


@cache
def _shipped() -> dict[str, list[Any]]:
    """Return the values that shipped scenarios and presets give each governance key, hashable."""
    found: dict[str, list[Any]] = {}
    for record in records("scenarios"):
        if record["type"] == "lab":
            continue
        for key, value in record["settings"].items():
            if key.startswith(_ROOT):
                found.setdefault(key, []).append(_frozen(value))
    return found


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return ("table", *((k, _frozen(v)) for k, v in sorted(value.items())))
    return ("list", *map(_frozen, value)) if isinstance(value, list | tuple) else value


def _thawed(value: Any) -> Any:
    if isinstance(value, tuple) and value[:1] == ("table",):
        return {k: _thawed(v) for k, v in value[1:]}
    return [_thawed(v) for v in value[1:]] if isinstance(value, tuple) and value[:1] == ("list",) else value


def _same(a: Any, b: Any) -> bool:
    """Return whether two values say the same: a rule's bare name and its table without parameters do."""
    if isinstance(a, bool) != isinstance(b, bool):
        return False
    return bool(_bare(a) == _bare(b))


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping) and set(value) == {"rule"}:
        return value["rule"]
    return list(value) if isinstance(value, tuple) else value
