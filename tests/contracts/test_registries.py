"""What every named rule promises, whatever its kind: a rule inherits these tests by being registered.

The same checks are open to packages of third parties (`coopsim.testing.check_rule`); the laws of each kind stand in the
other files of this folder.
"""

import json
from collections import Counter
from dataclasses import MISSING, dataclass, field
from typing import Any, ClassVar, get_type_hints

import pytest

from coopsim.catalogue.keys import rule_keys
from coopsim.errors import ScenarioError
from coopsim.i18n import Text
from coopsim.registry import KINDS, Registry, Traits, is_ours
from coopsim.resources import wood  # noqa: F401 - registers
from coopsim.scenario.rules import all_rules, members
from coopsim.scenario.schema_file import json_schema
from coopsim.testing import check_rule

RULES = [
    (kind, name)
    for kind, rules in all_rules()[0].items()
    for name, cls in rules.classes().items()
    if is_ours(cls)
]


@pytest.mark.parametrize(("kind", "name"), RULES)
def test_every_rule_keeps_its_promises(kind, name):
    check_rule(kind, name, years=0)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), RULES)
def test_every_rule_runs_under_every_key_that_takes_it(kind, name):
    check_rule(kind, name)


@pytest.mark.parametrize("kind", sorted(all_rules()[0]))
def test_every_kind_has_words_a_protocol_and_rules(kind):
    assert KINDS[kind].fr != KINDS[kind].en
    assert len(Registry.all[kind]) > 0
    if rule_keys(kind):  # scenarios may name it: third parties may write one
        assert {"traits"} < set(members(kind))


def test_the_schema_names_the_rules_of_every_key():
    found = {}
    for table in json_schema()["$defs"].values():
        for key in table.get("properties", {}).values():
            if "x-rule" in key:
                found.setdefault(key["x-rule"], set()).update(key["examples"])
    for kind, names in found.items():
        assert names == {name for k, name in RULES if k == kind}
    assert json.dumps(sorted(found))


@pytest.mark.parametrize(("kind", "name"), RULES)
def test_every_parameter_has_a_type_that_a_file_can_hold(kind, name):
    """Said in its annotation; Any alone would let everything in."""
    cls = all_rules()[0][kind][name]
    hints = get_type_hints(cls)
    for parameter in all_rules()[0][kind].parameters(name):
        assert hints[parameter] is not Any, parameter


@pytest.fixture
def broken():
    """Registers a voting rule for the time of a test."""
    rules = all_rules()[0]["voting rule"]
    kept = rules.classes()

    def register(cls):
        globals()["Broken"] = rules.register("broken")(dataclass(frozen=True)(cls))  # pickle looks it up here

    yield register
    globals().pop("Broken", None)
    rules.restore(kept)


def made(**attributes):
    """A voting rule that would do, with some of it changed."""
    body = {
        "traits": Traits(Text("règle d'essai", "a rule for tests"), "this test"),
        "adopted": lambda self, ballot: bool(ballot.in_favour * 2 > ballot.voters),
        "__annotations__": {"traits": ClassVar[Traits]},
        "__module__": __name__,
    }
    hints = {**body["__annotations__"], **attributes.get("hints", {})}
    names = {**body, **attributes, "__annotations__": hints}
    return type("Broken", (), {key: value for key, value in names.items() if value is not MISSING})


class Memory:
    """What a rule must not have."""

    calls = 0
    seen: ClassVar[Counter[bytes]] = Counter()


def _hidden_state(self, ballot):
    Memory.calls += 1
    return Memory.calls % 2 == 0


def _memory(self, ballot):
    """The same answer twice in a row, another one in the next run."""
    key = ballot.yes.tobytes() + ballot.population.tobytes()
    Memory.seen[key] += 1
    return Memory.seen[key] <= 2


def _changing(self, ballot):
    ballot.weight[:] = 2.0
    return True


def _refusing(self):
    raise ScenarioError([])


WRONG = {
    "no French": ({"traits": Traits(Text("", "x"), "y")}, "summary is missing in French"),
    "no English": ({"traits": Traits(Text("x", " "), "y")}, "summary is missing in English"),
    "no source": ({"traits": Traits(Text("x", "y"), "")}, "source is empty"),
    "no such lever": ({"traits": Traits(Text("x", "y"), "z", ("LX1",))}, "'LX1' is no lever id"),
    "no method": ({"adopted": MISSING}, "it has no 'adopted'"),
    "stops": ({"adopted": lambda self, ballot: ballot.no_such_thing}, "the run stops"),
    "no default": ({"hints": {"share": float}}, "every parameter needs a default"),
    "refuses its defaults": (
        {"hints": {"share": float}, "share": 0.5, "__post_init__": _refusing},
        "cannot be built from its name alone",
    ),
    "mistyped": ({"hints": {"share": float}, "share": "half"}, "its own defaults are refused"),
    "changes its ballot": ({"adopted": _changing}, "changes the context"),
    "a local class": ({"__qualname__": "made.<locals>.Broken"}, "cannot travel to a worker process"),
    "hidden state": ({"adopted": _hidden_state}, "answers the same question in two ways"),
    "no yes and no no": ({"adopted": lambda self, ballot: "yes"}, "True or False is expected"),
    "memory of a run": ({"adopted": _memory}, "two runs of one seed differ"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_broken_promise_is_told(name, broken):
    attributes, said = WRONG[name]
    broken(made(**attributes))
    with pytest.raises(AssertionError) as told:
        check_rule("voting rule", "broken", years=1)
    assert said in str(told.value)


def test_a_sound_rule_passes(broken):
    broken(made(hints={"share": float, "names": list[str]}, share=0.5, names=field(default_factory=list)))
    check_rule("voting rule", "broken", years=1)
