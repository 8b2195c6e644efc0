"""Named rules as keys of a scenario: a bare name, or a table ``{rule = "name", parameter = …}``."""

import importlib
import json
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, partial
from typing import Any

from pydantic import PydanticSchemaGenerationError, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.registry import Registry
from coopsim.scenario.refusals import refusals
from coopsim.scenario.strict import finite

Rule = str | dict[str, Any]


@cache
def _provided() -> None:
    """Import every module of rules, so that the registries are full."""
    from coopsim import governance

    for module in pkgutil.iter_modules(governance.__path__, f"{governance.__name__}."):
        importlib.import_module(module.name)


def registry(kind: str) -> Registry[Any]:
    """Return the registry of a kind of rule, filled.

    Raises
    ------
    ScenarioError
        When no module declares this kind.
    """
    _provided()
    if kind not in Registry.all:
        raise scenario_error(f"aucune règle de sorte « {kind} »", f"there are no rules of kind '{kind}'")
    return Registry.all[kind]


@dataclass(frozen=True, slots=True)
class NamedRule:
    """Marks a key that names a rule.

    Attributes
    ----------
    kind : str
        Kind of the registry.
    default : str
        The key's default, accepted as it is.
    """

    kind: str
    default: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(partial(_checked, self.kind, self.default))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        table = {"type": "object", "properties": {"rule": {"type": "string"}}, "required": ["rule"]}
        return {"anyOf": [{"type": "string"}, table], "x-rule": self.kind}


def _checked(kind: str, default: str, value: Any) -> Rule:
    """Return a rule's name, or a table of its name and parameters, once accepted by its registry."""
    if value == default:
        return default
    if isinstance(value, str):
        value = {"rule": value}
    if not isinstance(value, Mapping):
        raise scenario_error(
            'une règle est un nom ou une table {rule = "nom", …}',
            'a rule is a name or a table {rule = "name", …}',
            value=value,
        )
    if not isinstance(value.get("rule"), str):
        raise scenario_error(
            'la table ne nomme pas sa règle : ajouter rule = "…"',
            'the table does not name its rule: add rule = "…"',
            allowed=", ".join(registry(kind)),
        )
    return _built(registry(kind), dict(value))


def _built(rules: Registry[Any], table: dict[str, Any]) -> Rule:
    name = table["rule"]
    parameters = {key: value for key, value in table.items() if key != "rule"}
    problems = [*_typed(rules[name], parameters)]
    if not problems:
        try:
            rules.build(table)
        except (TypeError, ValueError) as error:
            if isinstance(error, ScenarioError):
                raise
            problems = [Problem(Text(f"règle refusée : {error}", f"rule refused: {error}"), value=name)]
    if problems:
        raise ScenarioError(problems)
    return table if parameters else str(name)


def _typed(cls: type, parameters: dict[str, Any]) -> list[Problem]:
    """Return the mistakes of type among the parameters that the rule knows."""
    known = {f.name for f in fields(cls)}
    given = {key: value for key, value in parameters.items() if key in known}
    if not finite(given):
        message = Text("nombre fini attendu (ni nan ni inf)", "finite number expected (neither nan nor inf)")
        return [Problem(message, key=key) for key, value in given.items() if not finite(value)]
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(cls)
    except PydanticSchemaGenerationError:
        return []
    try:
        adapter.validate_json(json.dumps(given, default=str), strict=True)
    except ValidationError as error:
        return [problem for _, problem in refusals(error, None)]
    return []
