"""What pydantic refuses, said in French and English with the allowed values and the nearest name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.places import Path

_NUMBER = Text("un nombre est attendu", "a number is expected")
_OUTSIDE = Text("valeur hors des bornes", "value out of bounds")
_LIST = Text("une liste est attendue", "a list is expected")
_TABLE = Text("une table est attendue", "a table is expected")
_LENGTH = Text("nombre d'éléments refusé", "wrong number of items")
_MESSAGES = {
    "extra_forbidden": Text("clé inconnue", "unknown key"),
    "missing": Text("clé obligatoire absente", "required key missing"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_type": Text("un nombre entier est attendu", "a whole number is expected"),
    "int_from_float": Text("un nombre entier est attendu", "a whole number is expected"),
    "bool_type": Text("true ou false est attendu", "true or false is expected"),
    "string_type": Text("un texte est attendu", "a text is expected"),
    "finite_number": Text(
        "nombre fini attendu (ni nan ni inf)", "finite number expected (neither nan nor inf)"
    ),
    "greater_than_equal": _OUTSIDE,
    "greater_than": _OUTSIDE,
    "less_than_equal": _OUTSIDE,
    "less_than": _OUTSIDE,
    "literal_error": Text("choix inconnu", "unknown choice"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "dict_type": _TABLE,
    "string_pattern_mismatch": Text("caractères refusés", "characters refused"),
    "string_too_short": Text("texte vide", "empty text"),
    "too_short": _LENGTH,
    "too_long": _LENGTH,
    "unexpected_keyword_argument": Text("clé inconnue", "unknown key"),
}
_WRONG_UNIT = Text(
    "cette grandeur s'écrit avec son unité : « {right} » ({unit})",
    "this quantity is written with its unit: '{right}' ({unit})",
)
_WIDE = 80  # characters of a value that a message shows
_MANY = 20  # names that a message lists
# Endings that tell a unit; "…_per_yr" is made of two of them.
_UNITS = frozenset(
    {"m3", "m3s", "m2", "m", "ha", "km", "km2", "l", "mm", "d", "day", "days", "dekads", "hours", "minutes"}
    | {"quarter", "quarters", "month", "months", "yr", "year", "years", "tick", "ticks", "per", "eur", "keur"}
    | {"meur", "pct", "percent", "share", "job", "jobs", "fte", "persons", "head"}
)


def refusals(error: ValidationError, model: type[BaseModel] | None) -> list[tuple[Path, Problem]]:
    """Return each mistake with the path of its key.

    Parameters
    ----------
    error : ValidationError
    model : type of BaseModel or None
        Model that refused the data; gives bounds, choices and known names.
    """
    out: list[tuple[Path, Problem]] = []
    for item in error.errors():
        path: Path = tuple(item["loc"])
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, ScenarioError):
            out += [_below(path, problem) for problem in cause.problems]
        else:
            out.append((path, _problem(item["type"], path, item, model)))
    return out


def dotted(path: Path) -> str:
    """Return a path as a reader writes it; items of lists count from 1."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _below(path: Path, problem: Problem) -> tuple[Path, Problem]:
    """Return a problem found inside a value, moved to the path of that value."""
    parts = tuple(part for part in problem.key.split(".") if part)
    return (*path, *parts), replace(problem, key=dotted((*path, *parts)))


def _problem(kind: str, path: Path, item: Any, model: type[BaseModel] | None) -> Problem:
    reason = str(item.get("ctx", {}).get("error", item["msg"]))
    message = _MESSAGES.get(kind, Text(f"valeur refusée : {reason}", f"value refused: {reason}"))
    value = None if kind in {"missing", "model_type", "dict_type"} else _shown(item["input"])
    problem = Problem(message, key=dotted(path), value=value)
    if model is None:
        return problem
    if kind == "extra_forbidden":
        return _unknown(problem, path, model)
    field = field_at(model, path)
    choices = [str(choice) for choice in choices_of(annotation_at(model, path))]
    close = nearest(str(item["input"]), choices) if choices else ""
    return replace(problem, allowed=", ".join(choices) or _allowed(field, item), nearest=close)


def _shown(value: Any) -> Any:
    """Return a value short enough to be shown."""
    if isinstance(value, str):
        return value if len(value) <= _WIDE else value[:_WIDE] + "…"
    return "…" if len(repr(value)) > _WIDE else value


def _unknown(problem: Problem, path: Path, model: type[BaseModel]) -> Problem:
    """Return the problem of an unknown key with the key that was probably meant."""
    parent, name = path[:-1], str(path[-1])
    below = model_at(model, parent)
    known = names_of(below) if below else []
    stem = _stem(name)
    for right in known:
        if stem and _stem(right) == stem and below:
            extra = field_at(below, (right,))
            unit = _extra(extra).get("unit", "") or "1"
            return replace(problem, message=_WRONG_UNIT.format(right=right, unit=unit), nearest=right)
    close = nearest(name, known)
    if not close:
        elsewhere = [dotted(found) for found in paths_of(model) if found[-1] == name]
        close = elsewhere[0] if len(elsewhere) == 1 else ""
    listed = ", ".join(known[:_MANY]) + (", …" if len(known) > _MANY else "")
    return replace(problem, nearest=close, allowed="" if close else listed)


def _stem(name: str) -> tuple[str, ...]:
    """Return the words of a key without the unit that ends it."""
    words = name.split("_")
    while words and words[-1] in _UNITS:
        words.pop()
    return tuple(words)


def _allowed(field: FieldInfo | None, item: Any) -> str:
    """Return the bounds of a number, the length of a list or the pattern of a text, in words."""
    ctx = item.get("ctx", {})
    if "pattern" in ctx:
        return str(ctx["pattern"]).rpartition("[")[2].partition("]")[0]  # the characters that it allows
    if "actual_length" in ctx:
        return str(ctx.get("max_length", ctx.get("min_length")))
    bounds: dict[str, float] = {}
    for constraint in _constraints(field):
        bounds |= {n: getattr(constraint, n) for n in ("ge", "gt", "le", "lt") if hasattr(constraint, n)}
    bounds |= {n: ctx[n] for n in ("ge", "gt", "le", "lt") if n in ctx}
    low = f"≥ {bounds['ge']:g}" if "ge" in bounds else f"> {bounds['gt']:g}" if "gt" in bounds else ""
    high = f"≤ {bounds['le']:g}" if "le" in bounds else f"< {bounds['lt']:g}" if "lt" in bounds else ""
    if "ge" in bounds and "le" in bounds:
        low, high = f"{bounds['ge']:g} – {bounds['le']:g}", ""
    unit = _extra(field).get("unit", "") if low or high else ""
    return " ".join(x for x in (low, high, unit if unit != "1" else "") if x)


def _extra(field: FieldInfo | None) -> dict[str, Any]:
    extra = field.json_schema_extra if field else None
    return dict(extra) if isinstance(extra, dict) else {}


def _constraints(field: FieldInfo | None) -> Iterator[Any]:
    if field is not None:
        yield from field.metadata
        for part in get_args(field.annotation):  # the items of a list carry their own bounds
            for extra in getattr(part, "__metadata__", ()):
                yield from getattr(extra, "metadata", ())


def _inner(annotation: Any) -> Any:
    """Return a type without its wrapping: Annotated, optional."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType):
            rest = [part for part in get_args(annotation) if part is not NoneType]
            if len(rest) != 1:
                return annotation
            annotation = rest[0]
        else:
            return annotation


def annotation_at(model: type[BaseModel], path: Path) -> Any:
    """Return the type of the value at a path, or None when the path leaves the schema."""
    annotation: Any = model
    for part in path:
        annotation = _inner(annotation)
        if isinstance(part, int):
            annotation = next(iter(get_args(annotation)), None)
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            field = _field(annotation, part)
            annotation = field.annotation if field else None
        else:
            return None
    return _inner(annotation)


def field_at(model: type[BaseModel], path: Path) -> FieldInfo | None:
    """Return the field that holds the value at a path; the field of the list for an item of it."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    parent = model_at(model, path[:-1]) if path else None
    return _field(parent, str(path[-1])) if parent else None


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Return the model of the table at a path."""
    found = annotation_at(model, path)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _field(model: type[BaseModel], name: str) -> FieldInfo | None:
    for attribute, field in model.model_fields.items():
        if (field.alias or attribute) == name:
            return field
    return None


def names_of(model: type[BaseModel]) -> list[str]:
    """Return the keys of a table, as files write them."""
    return [field.alias or attribute for attribute, field in model.model_fields.items()]


def choices_of(annotation: Any) -> tuple[Any, ...]:
    """Return the names that a key accepts, none when it is not a choice."""
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def paths_of(model: type[BaseModel], prefix: Path = ()) -> Iterator[Path]:
    """Return the path of every key of a model, tables before what they hold."""
    for attribute, field in model.model_fields.items():
        path = (*prefix, field.alias or attribute)
        yield path
        below = _inner(field.annotation)
        if isinstance(below, type) and issubclass(below, BaseModel):
            yield from paths_of(below, path)


_WORDS = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Return a text in the characters that names allow."""
    return _WORDS.sub("-", text.lower()).strip("-")
