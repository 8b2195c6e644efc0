"""What every named rule must satisfy, for the tests of packages that bring rules of their own, and for ours.

In the tests of such a package::

    from coopsim.testing import check_rule

    def test_my_rule():
        check_rule("voting rule", "my_rule")

The laws of a kind (nobody gets more water than was asked for, an absent voter does not count) stand in the docstring
of its protocol; what can be told from running the rule is checked here for every kind.
"""

import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any, get_type_hints

import numpy as np

from coopsim.catalogue import explain, records
from coopsim.catalogue.keys import rule_keys
from coopsim.errors import ScenarioError
from coopsim.registry import Registry
from coopsim.run import simulate
from coopsim.scenario import Scenario, load_scenario
from coopsim.scenario.rules import answers, checked_rule, lacking, members, registry

_LEVER = re.compile(r"L[AC]\d+")
_SCENARIO = "figeac-cooperation"  # meets every kind of rule: pacts, plans, calls, drought
_CALLS = 40  # of a rule's method looked at in a run


def check_rule(kind: str, name: str, *, years: int = 2) -> None:
    """Check that a rule keeps its promises: what it declares, how it is built, how it runs.

    Parameters
    ----------
    kind, name : str
        As ``coopsim list rules`` shows them.
    years : int
        Length of the runs; 0 leaves them out.

    Raises
    ------
    AssertionError
        With every promise that is broken, in words.
    ScenarioError
        When there is no such kind or rule.
    """
    rules = registry(kind)
    cls = rules[name]
    broken = [f"{word}" for check in _FORM for word in check(rules, name, cls)]
    if not broken and years:
        broken = [word for key in rule_keys(rules.kind) for word in _run(rules, name, key, years)]
    if broken:
        lines = "\n".join(f"- {word}" for word in broken)
        raise AssertionError(f"{rules.kind} {name!r} ({cls.__module__}):\n{lines}")


def _declared(rules: Registry[Any], name: str, cls: Any) -> Iterator[str]:  # noqa: ARG001 - the form of a check
    """Traits: a summary in both languages, a source, levers of the two families; the members of the protocol."""
    traits = cls.traits
    for code, text in (("French", traits.summary.fr), ("English", traits.summary.en)):
        if not text.strip():
            yield f"its summary is missing in {code}"
    if not traits.source.strip():
        yield "its source is empty: say where it comes from, or that it is an assumption"
    yield from (f"{lever!r} is no lever id" for lever in traits.levers if not _LEVER.fullmatch(lever))
    yield from (f"it has no {member!r}" for member in lacking(rules.kind, cls))


def _value(rules: Registry[Any], name: str, cls: Any) -> Iterator[str]:
    """Built from its name alone; equal to itself built again; frozen; travels to worker processes."""
    try:
        rule = rules.build(name)
    except Exception as error:
        yield f"it cannot be built from its name alone (every parameter needs a default): {error}"
        return
    if rule != rules.build({"rule": name}):
        yield "built twice from the same name, it is not equal to itself"
    try:
        again = pickle.loads(pickle.dumps(rule))  # nosec B301  # dumped here
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        yield f"it cannot travel to a worker process: {error}"
    else:
        if again != rule:
            yield "it does not come back from a worker process as it went"
    for field in fields(cls):
        try:
            setattr(rule, field.name, getattr(rule, field.name))
        except FrozenInstanceError:
            continue
        yield f"its parameter {field.name!r} can be changed: use @dataclass(frozen=True)"


def _parameters(rules: Registry[Any], name: str, cls: Any) -> Iterator[str]:
    """Typed, accepted at their defaults in a scenario file, refused when unknown or no number."""
    try:
        hints = get_type_hints(cls)
    except NameError as error:
        yield f"the type of a parameter is not defined in its module: {error}"
        return
    given = {key: value for key, value in rules.parameters(name).items() if value is not None}
    yield from _unless_accepted(rules.kind, {"rule": name, **given}, "its own defaults are refused")
    for key in given:
        if hints[key] is float:
            yield from _unless_refused(
                rules.kind, {"rule": name, key: float("nan")}, f"{key} = nan is accepted"
            )
        if hints[key] in (int, float, bool):
            yield from _unless_refused(rules.kind, {"rule": name, key: "x"}, f'{key} = "x" is accepted')
    unknown = {"rule": name, "no_such_parameter": 1}
    yield from _unless_refused(rules.kind, unknown, "a parameter that it does not have is accepted")


def _unless_accepted(kind: str, table: dict[str, Any], message: str) -> Iterator[str]:
    try:
        checked_rule(kind, table)
    except ScenarioError as error:
        yield f"{message}: {error}"


def _unless_refused(kind: str, table: dict[str, Any], message: str) -> Iterator[str]:
    try:
        checked_rule(kind, table)
    except ScenarioError:
        return
    yield message


def _shown(rules: Registry[Any], name: str, cls: Any) -> Iterator[str]:
    """In the list of rules, and explained in both languages."""
    found = [r for r in records("rules") if (r["rule_kind"], r["name"]) == (rules.kind, name)]
    if len(found) != 1:
        yield f"the list of rules has it {len(found)} times"
    told = [record.get("label") for record in explain(name) if record.get("rule_kind") == rules.kind]
    if told != [cls.traits.summary]:
        yield f"coopsim explain {name} does not tell its summary"


_FORM: tuple[Callable[[Registry[Any], str, Any], Iterator[str]], ...] = (
    _declared,
    _value,
    _parameters,
    _shown,
)


def _run(rules: Registry[Any], name: str, key: str, years: int) -> Iterator[str]:
    """Two runs of a scenario that names it are the same; it changes nothing of what it is shown."""
    spec = load_scenario(_SCENARIO, {key: name}).but({"horizon.years": years, "name": "checked-rule"})
    calls: list[str] = []
    try:
        with _watched(rules, name, calls):
            first = _outcome(spec)
    except Exception:
        yield f"{key}: the run stops:\n{traceback.format_exc(limit=-2)}"
        return
    if not np.array_equal(first, _outcome(spec), equal_nan=True):
        yield f"{key}: two runs of one seed differ (hidden state, or chance that is not keyed?)"
    yield from (f"{key}: {word}" for word in dict.fromkeys(calls))


def _outcome(spec: Scenario) -> Any:
    return np.concatenate([values.ravel() for values in simulate(spec, seed=0).arrays])


@contextmanager
def _watched(rules: Registry[Any], name: str, said: list[str]) -> Iterator[None]:
    """Look at what the rule's methods are given and answer, in the block."""
    cls: Any = rules[name]
    methods = {m: getattr(cls, m) for m in members(rules.kind) if callable(getattr(cls, m, None))}
    left = _CALLS

    def watching(method: Callable[..., Any], answer_type: Any) -> Callable[..., Any]:
        def call(rule: Any, *shown: Any) -> Any:
            nonlocal left
            if left <= 0 or not all(is_dataclass(item) for item in shown):
                return method(rule, *shown)
            left -= 1
            answer, word = _answered(method, rule, shown)
            said.extend(word)
            if answer_type is bool and not isinstance(answer, bool | np.bool_):
                said.append(f"{method.__name__} answers {answer!r}: True or False is expected")
            return answer

        return call

    for member, method in methods.items():
        setattr(cls, member, watching(method, answers(rules.kind, member)))
    try:
        yield
    finally:
        for member, method in methods.items():
            setattr(cls, member, method)


def _answered(method: Callable[..., Any], rule: Any, shown: tuple[Any, ...]) -> tuple[Any, list[str]]:
    """Return what a method answers, and what is wrong with the way it does."""
    before = pickle.dumps(shown)
    answer = method(rule, *shown)
    if pickle.dumps(shown) != before:
        return answer, ["it changes the context that it is given"]
    if pickle.dumps(method(rule, *shown)) != pickle.dumps(answer):
        return answer, ["it answers the same question in two ways"]
    return answer, []
