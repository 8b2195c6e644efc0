"""What may be wrong in the table of one parameter."""

import math
from collections.abc import Mapping
from typing import Any

from coopsim.i18n import Text

GRADES = ("measured", "literature", "assumption")
_REQUIRED = ("value", "unit", "grade", "source", "fr", "en")
_OPTIONAL = ("legal", "range", "choices")


def mistakes(table: Mapping[str, Any]) -> list[Text]:
    """Return what is wrong in the table of one parameter."""
    absent = [name for name in _REQUIRED if name not in table]
    unknown = [name for name in table if name not in (*_REQUIRED, *_OPTIONAL)]
    out = [Text(f"« {name} » manque", f"'{name}' is missing") for name in absent]
    out += [Text(f"« {name} » inconnu", f"'{name}' is unknown") for name in unknown]
    if absent or unknown:
        return out
    if table["grade"] not in GRADES:
        out.append(Text(f"grade parmi {', '.join(GRADES)}", f"grade is one of {', '.join(GRADES)}"))
    if any(not isinstance(table[n], str) or (n != "unit" and not table[n].strip()) for n in _REQUIRED[1:]):
        out.append(Text("unit, source, fr et en sont des textes", "unit, source, fr and en are texts"))
    return out + _value_mistakes(table)


def _value_mistakes(table: Mapping[str, Any]) -> list[Text]:
    value, choices = table["value"], table.get("choices")
    if isinstance(value, bool):
        return []
    if isinstance(value, str):
        known = isinstance(choices, list) and value in choices
        return [] if known else [Text("« choices » doit contenir value", "'choices' must contain value")]
    numbers = value if isinstance(value, list) else [value]
    if not numbers or not all(_number(x) for x in numbers):
        return [Text("value : nombre, liste, booléen ou nom", "value: number, list, boolean or name")]
    names = ["legal", "range"] if "range" in table else ["legal"]
    out = [mistake for name in names if (mistake := _bounds_mistake(table.get(name), name, numbers))]
    if not out and "range" in table and not _inside(table["range"], table["legal"]):
        out.append(Text("« range » hors de « legal »", "'range' outside 'legal'"))
    return out


def _bounds_mistake(bounds: Any, name: str, numbers: list[float]) -> Text | None:
    if not _pair(bounds):
        return Text(f"« {name} » : [bas, haut] attendu", f"'{name}': [low, high] expected")
    if not all(bounds[0] <= x <= bounds[1] for x in numbers):
        return Text(f"value hors de « {name} »", f"value outside '{name}'")
    return None


def _number(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x)


def _pair(bounds: Any) -> bool:
    return (
        isinstance(bounds, list)
        and len(bounds) == 2  # noqa: PLR2004 - low and high
        and all(_number(x) for x in bounds)
        and bounds[0] <= bounds[1]
    )


def _inside(inner: list[float], outer: list[float]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
