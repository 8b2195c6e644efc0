"""The registry of named rules: what it accepts, what it says when it refuses."""

from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from coopsim.errors import ScenarioError
from coopsim.governance import makers  # noqa: F401 - registers
from coopsim.i18n import Text
from coopsim.registry import KINDS, Registry, Traits
from coopsim.resources import wood  # noqa: F401 - registers
from coopsim.scenario.rules import registry as provided


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
    with pytest.raises(ValueError, match="the greeting rule 'hello' is defined twice"):
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


def test_a_name_that_a_file_could_not_hold_is_refused(greetings):
    for name in ("Hello", "my rule", "", "-hello", "salué"):
        with pytest.raises(ValueError, match="no name for a rule"):
            greetings.register(name)(plain())


def test_a_rule_is_a_frozen_dataclass(greetings):
    class Bare:
        traits = Traits(Text("bonjour", "hello"), "custom")

    for cls in (Bare, dataclass(Bare)):
        with pytest.raises(TypeError, match="frozen dataclass"):
            greetings.register("hello")(cls)
    assert len(greetings) == 0


def test_a_notebook_may_define_its_rule_again(greetings):
    first, second = plain(), plain()
    for cls in (first, second):
        cls.__module__ = "__main__"
        greetings.register("hello")(cls)
    assert greetings["hello"] is second


def test_defaults_made_by_a_function_are_shown(greetings):
    @greetings.register("many")
    @dataclass(frozen=True)
    class Many:
        traits: ClassVar[Traits] = Traits(Text("bonjours", "hellos"), "custom")
        names: list[str] = field(default_factory=lambda: ["Ada"])

    assert greetings.parameters("many") == {"names": ["Ada"]}


@pytest.mark.parametrize("kind", sorted({*Registry.all, *KINDS}))
def test_a_name_that_is_unknown_or_taken_is_told_in_both_languages(kind):
    """Every kind has words of its own, which agree with the sentence."""
    registry = provided(kind)
    with pytest.raises(ScenarioError) as refused:
        registry["no-such-rule"]
    message = refused.value.problems[0].message
    assert message.en == f"no {KINDS[kind].en} has this name (a rule of your own: --rules FILE.py)"
    assert message.fr == f"aucune {KINDS[kind].fr} ne porte ce nom (une règle à soi : --rules FICHIER.py)"
    assert KINDS[kind].fr.split()[0] in {"règle", "manière", "loi", "forme", "croissance"}, (
        "all feminine: 'aucune … ne porte'"
    )
    name = next(iter(registry))
    with pytest.raises(ScenarioError, match=f"'{name}' is defined twice, by coopsim and by") as refused:
        registry.register(name)(plain())
    assert f"la {KINDS[kind].fr} « {name} » est définie deux fois" in refused.value.problems[0].message.fr


def test_a_kind_may_be_written_with_underscores():
    assert provided("voting_rule") is provided("voting rule")
    with pytest.raises(ScenarioError) as refused:
        provided("voting rul")
    (problem,) = refused.value.problems
    assert (problem.nearest, problem.value) == ("voting rule", "voting rul")
