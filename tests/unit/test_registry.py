"""The registry of named rules: what it accepts, what it says when it refuses."""

from dataclasses import FrozenInstanceError, dataclass, fields
from importlib.metadata import EntryPoint
from typing import ClassVar

import pytest

import coopsim.registry as module
from coopsim.errors import ScenarioError
from coopsim.governance import makers  # noqa: F401 - registers
from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.resources import wood  # noqa: F401 - registers


@pytest.fixture
def greetings():
    before = dict(Registry.all)
    yield Registry("greeting")
    Registry.all.clear()
    Registry.all.update(before)


def plain(**attributes):
    @dataclass(frozen=True)
    class Hello:
        loud: bool = False
        times: int = 1

    Hello.traits = attributes.get("traits", Traits(Text("bonjour", "hello"), "custom"))
    return Hello


def test_a_rule_is_found_by_name_and_by_table(greetings):
    cls = greetings.register("hello")(plain())
    assert greetings.build("hello") == cls()
    assert greetings.build({"rule": "hello", "times": 3}) == cls(times=3)
    assert "hello" in greetings
    assert list(greetings) == ["hello"]
    assert len(greetings) == 1
    assert greetings.parameters("hello") == {"loud": False, "times": 1}
    assert Registry.all["greeting"] is greetings


def test_a_name_is_taken_once(greetings):
    greetings.register("hello")(plain())
    with pytest.raises(ValueError, match="already"):
        greetings.register("hello")(plain())


def test_a_rule_says_what_it_is(greetings):
    with pytest.raises(TypeError, match="traits"):
        greetings.register("mute")(plain(traits=None))
    assert "mute" not in greetings


def test_an_unknown_name_gives_the_nearest(greetings):
    greetings.register("hello")(plain())
    with pytest.raises(ScenarioError) as refused:
        greetings.build("helo")
    (problem,) = refused.value.problems
    assert (problem.value, problem.nearest, problem.allowed) == ("helo", "hello", "hello")


def test_every_unknown_parameter_is_named(greetings):
    greetings.register("hello")(plain())
    with pytest.raises(ScenarioError) as refused:
        greetings.build({"rule": "hello", "time": 2, "volume": 11})
    assert [(p.key, p.nearest) for p in refused.value.problems] == [("time", "times"), ("volume", "")]


def test_the_table_given_is_not_changed(greetings):
    greetings.register("hello")(plain())
    table = {"rule": "hello", "times": 2}
    greetings.build(table)
    assert table == {"rule": "hello", "times": 2}


def test_plug_ins_are_found_by_their_entry_point(greetings, monkeypatch):
    asked = []

    def points(group):
        asked.append(group)
        return [Point()]

    class Point(EntryPoint):
        def __new__(cls):
            return object.__new__(cls)

        def __init__(self):
            pass

        def load(self):
            greetings.register("guest")(plain())

    monkeypatch.setattr(module, "entry_points", points)
    assert greetings.build("guest").times == 1
    assert asked == ["coopsim.greeting"]


KINDS = sorted(Registry.all)


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_of_the_package_is_sound(kind):
    """Frozen, comparable, described in both languages, and built from its name alone where defaults exist."""
    registry = Registry.all[kind]
    assert len(registry) > 0
    for name in registry:
        cls = registry[name]
        traits: ClassVar[Traits] = cls.traits
        assert traits.summary.fr
        assert traits.summary.en
        assert traits.source
        assert set(registry.parameters(name)) == {field.name for field in fields(cls)}
        rule = registry.build(name)
        assert rule == registry.build({"rule": name})
        for field in fields(cls):
            with pytest.raises(FrozenInstanceError):
                setattr(rule, field.name, None)
