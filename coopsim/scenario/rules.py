"""Named rules as keys of a scenario: a bare name, or a table ``{rule = "name", parameter = …}``."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache, partial
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import PydanticSchemaGenerationError, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.plugins import place_of
from coopsim.registry import Registry, is_ours, kind_label, load_packages, nearest
from coopsim.scenario.refusals import refusals
from coopsim.scenario.strict import finite

Rule = str | dict[str, Any]
C = TypeVar("C", bound=type)
_UNREADABLE = Text(
    "le type « {name} » d'un paramètre de cette règle n'est pas défini dans son module",
    "the type '{name}' of a parameter of this rule is not defined in its module",
)


@cache
def _provided() -> dict[str, type]:
    """Import every module of rules, so that the registries are full; returns the protocol of each kind.

    A registry says it where it is declared: ``VOTING: Registry[VotingRule] = Registry("voting rule")``.
    """
    from coopsim import governance

    found: dict[str, type] = {}
    for info in pkgutil.iter_modules(governance.__path__, f"{governance.__name__}."):
        module = importlib.import_module(info.name)
        for name, hint in get_type_hints(module).items():
            if get_origin(hint) is Registry:
                found[getattr(module, name).kind] = get_args(hint)[0]
    return found


def members(kind: str) -> tuple[str, ...]:
    """Return what a rule of a kind must have: the public names of its protocol, its method among them."""
    protocol = _provided().get(kind)
    if protocol is None:
        return ()
    names = [*protocol.__annotations__, *vars(protocol)]
    return tuple(dict.fromkeys(name for name in names if not name.startswith("_")))


def answers(kind: str, member: str) -> Any:
    """Return the type that a method of a kind of rule answers, as its protocol says; None for none."""
    method = getattr(_provided().get(kind), member, None)
    return get_type_hints(method).get("return") if callable(method) else None


def lacking(kind: str, cls: type) -> list[str]:
    """Return the members of its kind that a class has neither as an attribute nor as a parameter."""
    parameters = getattr(cls, "__dataclass_fields__", {})
    return [name for name in members(kind) if name not in parameters and not hasattr(cls, name)]


def registry(kind: str) -> Registry[Any]:
    """Return the registry of a kind of rule, filled with the rules that coopsim brings.

    Parameters
    ----------
    kind : str
        ``"voting rule"``, also written ``"voting_rule"``.

    Raises
    ------
    ScenarioError
        When no module declares this kind.
    """
    _provided()
    name = kind.replace("_", " ")
    if name not in Registry.all:
        raise scenario_error(
            "aucune règle n'est de cette sorte",
            "there are no rules of this kind",
            value=kind,
            allowed=", ".join(sorted(Registry.all)),
            nearest=nearest(name, list(Registry.all)),
        )
    return Registry.all[name]


def all_rules() -> tuple[dict[str, Registry[Any]], tuple[Problem, ...]]:
    """Return every registry by kind, with the rules of installed packages, and which packages cannot be used."""
    _provided()
    problems = load_packages()
    return dict(sorted(Registry.all.items())), problems


def rule(kind: str, name: str) -> Callable[[C], C]:
    """Class decorator that gives a rule of your own the name by which scenarios call it.

    Parameters
    ----------
    kind : str
        Kind of rule, as ``coopsim list rules`` shows it, such as ``"voting rule"``.
    name : str
        Lower-case letters, digits, - and _.

    Raises
    ------
    ScenarioError
        For an unknown kind, or a name that another rule bears.
    TypeError
        For a class that is no frozen dataclass, has no `coopsim.Traits`, or lacks the method of its kind.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from typing import ClassVar
    >>> import coopsim
    >>> @coopsim.rule("voting rule", "three_quarters")
    ... @dataclass(frozen=True)
    ... class ThreeQuarters:
    ...     share: float = 0.75
    ...     traits: ClassVar[coopsim.Traits] = coopsim.Traits(
    ...         coopsim.Text("trois quarts des présents", "three quarters of those present"), "my own"
    ...     )
    ...
    ...     def adopted(self, ballot) -> bool:
    ...         return ballot.in_favour >= self.share * max(ballot.voters, 1)
    """
    rules = registry(kind)

    def decorate(cls: C) -> C:
        missing = [
            name for name in lacking(rules.kind, cls) if name != "traits"
        ]  # the registry says how to write it
        if missing:
            label = kind_label(rules.kind)
            message = Text(
                f"{label.fr} sans {{missing}} : {{cls}}", f"{label.en} without {{missing}}: {{cls}}"
            )
            raise TypeError(str(message.format(cls=place_of(cls), missing=", ".join(missing))))
        registered: C = rules.register(name)(cls)
        return registered

    return decorate


def checked_rule(kind: str, value: Any) -> Rule:
    """Return a rule as a scenario names it, once accepted: its name, or a table with its parameters.

    Raises
    ------
    ScenarioError
        For what is no rule of this kind, and for refused parameters.
    """
    return _checked(kind, "", value)


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
    cls = rules[name]
    try:
        problems = _typed(cls, parameters)
        if not problems:
            rules.build(table)
    except ScenarioError:
        raise
    except Exception as error:
        if is_ours(cls) and not isinstance(error, TypeError | ValueError):
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
        get_type_hints(cls)
    except NameError as error:
        return [Problem(_UNREADABLE.format(name=error.name), value=place_of(cls))]
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(cls)
    except PydanticSchemaGenerationError:
        return []
    try:
        adapter.validate_json(json.dumps(given, default=str), strict=True)
    except ValidationError as error:
        return [problem for _, problem in refusals(error, None)]
    return []
