"""Parameters of a laboratory as the user gives them: checked, completed, refused with their legal range."""

import json
import math
from collections.abc import Mapping
from typing import Any

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.lab.info import LabInfo, ParameterInfo, labs
from coopsim.registry import nearest

Values = dict[str, Any]

_LONG = 60  # characters of a refused value that a message shows
_NUMBER = Text("un nombre est attendu", "a number is expected")
_WHOLE = Text("un nombre entier est attendu", "a whole number is expected")
_LIST = Text("une liste de nombres est attendue", "a list of numbers is expected")
_TABLE = Text("une table de nombres est attendue", "a table of numbers is expected")
_BOOLEAN = Text("true ou false est attendu", "true or false is expected")
_CHOICE = Text("mot inconnu", "unknown word")
_LENGTH = Text("nombre d'éléments refusé", "wrong number of items")
_OUTSIDE = Text("valeur hors des bornes", "value out of bounds")


def lab_info(name: str) -> LabInfo:
    """Return a laboratory by name.

    Raises
    ------
    ScenarioError
        With the nearest name.
    """
    known = labs()
    if name not in known:
        raise scenario_error(
            "aucun laboratoire ne porte ce nom",
            "no laboratory has this name",
            value=name,
            allowed=", ".join(known),
            nearest=nearest(str(name), list(known)),
        )
    return known[name]


def checked(info: LabInfo, given: Mapping[str, Any]) -> Values:
    """Return the value of every parameter, defaults included.

    Raises
    ------
    ScenarioError
        With every refused parameter: name, value and legal range.
    """
    problems = [_unknown(info, name, value) for name, value in given.items() if name not in info.parameters]
    values: Values = {}
    for name, parameter in info.parameters.items():
        value = given.get(name, parameter.default)
        found = _one(parameter, value)
        if isinstance(found, Text):
            problems.append(_refused(parameter, name, value, found))
        else:
            values[name] = found
    if problems:
        raise ScenarioError(problems)
    return values


def shown(value: Any) -> Any:
    """Return a refused value as a message can show it: an absent one has a word too, a long one is cut."""
    try:
        text = json.dumps(value)
    except TypeError:  # given from Python: no JSON
        return value
    except ValueError:  # a whole number of thousands of digits
        return "…"
    if value is None or len(text) > _LONG:
        return text if value is None else f"{text[:_LONG]}…"
    return value


def _refused(parameter: ParameterInfo, name: str, value: Any, message: Text) -> Problem:
    """Return the problem of one parameter; of a list or table, that of its first refused item."""
    if message is not _LENGTH and parameter.kind in ("numbers", "integers", "table"):
        items = (
            value.items() if isinstance(value, Mapping) else enumerate(value, 1) if _is_list(value) else ()
        )
        wrong = (
            (f"{name}[{where}]", item) for where, item in items if isinstance(_item(parameter, item), Text)
        )
        name, value = next(wrong, (name, value))
    close = nearest(value, list(parameter.choices)) if isinstance(value, str) else ""
    return Problem(message, key=name, value=shown(value), allowed=parameter.allowed, nearest=close)


def _unknown(info: LabInfo, name: str, value: Any) -> Problem:
    known = list(info.parameters)
    message = Text("paramètre inconnu de ce laboratoire", "unknown parameter of this laboratory")
    return Problem(
        message,
        key=str(name),
        value=shown(value),
        allowed=", ".join(known),
        nearest=nearest(str(name), known),
    )


def _one(parameter: ParameterInfo, value: Any) -> Any:
    """Return a value in the form that the laboratory uses, or what is wrong with it."""
    if value is None and parameter.optional:
        return None
    if parameter.kind in ("integer", "number"):
        return _number(parameter, value, whole=parameter.kind == "integer")
    if parameter.kind in ("numbers", "integers"):
        return _items(parameter, value)
    if parameter.kind == "table":
        return _table(parameter, value)
    if parameter.kind == "boolean":
        return value if isinstance(value, bool) else _BOOLEAN
    return value if value in parameter.choices else _CHOICE


def _items(parameter: ParameterInfo, value: Any) -> Any:
    if not _is_list(value):
        return _LIST
    if not parameter.length[0] <= len(value) <= parameter.length[1]:
        return _LENGTH
    items = [_item(parameter, item) for item in value]
    return next((item for item in items if isinstance(item, Text)), items)


def _table(parameter: ParameterInfo, value: Any) -> Any:
    if not isinstance(value, Mapping):
        return _TABLE
    if not parameter.length[0] <= len(value) <= parameter.length[1]:
        return _LENGTH
    table = {str(name): _item(parameter, item) for name, item in value.items()}
    return next((item for item in table.values() if isinstance(item, Text)), table)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _item(parameter: ParameterInfo, value: Any) -> float | int | Text:
    return _number(parameter, value, whole=parameter.kind == "integers")


def _number(parameter: ParameterInfo, value: Any, *, whole: bool) -> float | int | Text:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _WHOLE if whole else _NUMBER
    if isinstance(value, float) and not math.isfinite(value):
        return _WHOLE if whole else _NUMBER
    if whole and value != int(value):
        return _WHOLE
    if not parameter.legal[0] <= value <= parameter.legal[1]:
        return _OUTSIDE
    return int(value) if whole else float(value)
