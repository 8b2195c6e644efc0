"""A run that takes up an amendment on its way is the run that knew it from the first day; decisions live again."""

from dataclasses import fields, is_dataclass

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.run import simulate
from coopsim.scenario.amendments import check_future
from coopsim.scenario.overlay import nested
from coopsim.world.rules import compile_rules
from tests.system.parts import small
from tests.system.random_scenarios import rules_of_the_game

LATER = {
    "territory": [
        {"code": "T01", "from": 6, "governance": {"payoff": {"subsidy": {"max": 0.0}}}},
        {"code": "T02", "from": 8, "governance": {"choice": {"proposals_per_year": 0}}},
    ],
    "event": [{"when": 7, "what": "drought", "amount": 0.5, "territories": ["T01"]}],
}


def lived(spec, ticks, seed=3):
    model = CoopModel(spec, seed, views=False)
    for _ in range(ticks):
        model.step()
    return model


def test_adopted_on_the_way_is_known_from_the_start():
    base = small({})
    amended = base.but({**LATER, "name": base.name})
    whole, plain = lived(amended, 12), lived(base, 12)
    on_the_way = lived(base, 6)
    on_the_way.adopt(amended)
    for _ in range(6):
        on_the_way.step()
    assert (on_the_way.recorder.territory[:12] == whole.recorder.territory[:12]).all()
    assert on_the_way.world.journal == whole.world.journal
    assert (
        plain.recorder.territory[:12] != whole.recorder.territory[:12]
    ).any()  # the amendment does something


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"event": LATER["event"]}, "event"),
        ({"territory": LATER["territory"]}, "territory"),
        ({"governance.payoff.subsidy.max": 1.0}, "governance"),
        ({"horizon.years": 4}, "horizon"),
    ],
)
def test_the_past_cannot_be_amended(changes, key):
    base = small({})
    with pytest.raises(ScenarioError) as caught:
        check_future(base, base.but({**changes, "name": base.name}), 9)
    assert caught.value.problems[0].key == key
    check_future(base, base.but({**LATER, "name": "another-name"}), 6)  # what is to come may change


def same(a, b):
    """Whether two rules in force say the same, arrays by value."""
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if is_dataclass(a) and type(a) is type(b):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


RULES = rules_of_the_game()


def accepted(base, changes):
    """The base with some changes; a value that contradicts another rule of it is none to try."""
    try:
        return base.but({**changes, "name": base.name})
    except ScenarioError:
        reject()


def amended(*without):
    """A key of the rules and a value of it."""
    keys = sorted(set(RULES) - set(without))
    return st.sampled_from(keys).flatmap(lambda key: st.tuples(st.just(key), RULES[key]))


@settings(max_examples=150)
@given(amended())
def test_every_rule_dated_for_all_territories_is_in_force_from_its_date(rule):
    """No key is taken and forgotten: dated for everybody it is the rule that the same key in [governance] would be."""
    key, value = rule
    base = small({})
    at_once = accepted(base, {f"governance.{key}": value})
    governance = nested({key: value})
    dated = [{"code": code, "from": 6, "governance": governance} for code in base.territory_names]
    later = base.but({"territory": dated, "name": base.name})
    codes = tuple(base.territory_names)
    assert same(compile_rules(later, codes, 6), compile_rules(at_once, codes, 6)), key
    assert same(compile_rules(later, codes, 5), compile_rules(base, codes, 5)), key


@settings(max_examples=20)
@given(amended("payoff.joint_project"))
def test_any_rule_may_change_on_the_way(rule):
    """Whatever a room amends, the model goes on as if it had known from the first day."""
    key, value = rule
    governance = nested({key: value})
    base = small({})
    codes = list(base.territory_names)
    later = accepted(base, {"territory": [{"code": c, "from": 5, "governance": governance} for c in codes]})
    on_the_way = lived(base, 5)
    on_the_way.adopt(later)
    for _ in range(5):
        on_the_way.step()
    assert (on_the_way.recorder.territory[:10] == lived(later, 10).recorder.territory[:10]).all(), key


def test_what_concerns_no_territory_alone_needs_all_of_them():
    base = small({})
    one = [{"code": "T01", "from": 6, "governance": {"position": {"pact_presidency": "rotating"}}}]
    assert compile_rules(base.but({"territory": one}), ("T01", "T02", "T03"), 6).pacts.presidency == "none"


def test_nothing_to_adopt_before_the_first_day():
    base = small({})
    with pytest.raises(ScenarioError, match="make a new model"):
        CoopModel(base, 1, views=False).adopt(base.but({**LATER, "name": base.name}))


def human(**more):
    return small({"governance.choice.decision_maker": "human", **more})


def test_decisions_of_a_file_are_those_of_a_room():
    room = CoopModel(human(), 4, views=False)
    for tick in range(10):
        if tick == 5:
            room.decide("T02", moves=[("open_land", 2.0)])
        room.step()
    told = human(decision=[{"when": 5, "territory": "T02", "moves": [{"move": "open_land", "times": 2.0}]}])
    run = simulate(told, 4, years=3)
    assert (run.arrays[0][:10] == room.recorder.territory[:10]).all()
    silent = simulate(human(), 4, years=3)
    assert not np.array_equal(silent.arrays[0], run.arrays[0])


@pytest.mark.parametrize(
    ("decision", "words", "nearest"),
    [
        ({"when": 5, "territory": "T02", "moves": [{"move": "open_lnd"}]}, "unknown move", "open_land"),
        ({"when": 5, "territory": "T2", "strategy": 1.0}, "territory unknown", "T02"),
        ({"when": 5, "territory": "T02"}, "give 'moves' or 'strategy'", ""),
        ({"when": 900, "territory": "T02", "strategy": 1.0}, "date outside", ""),
        ({"when": 5, "territory": "T02", "moves": [{"move": "open_land", "times": 0}]}, "", ""),
    ],
)
def test_wrong_decisions_are_told(decision, words, nearest):
    with pytest.raises(ScenarioError) as caught:
        human(decision=[decision])
    problem = caught.value.problems[0]
    assert problem.key.startswith("decision")
    assert words in problem.message.en
    assert problem.nearest == nearest


def test_who_decides_otherwise_is_no_room():
    with pytest.raises(ScenarioError) as caught:
        small({"decision": [{"when": 5, "territory": "T02", "strategy": 1.0}]})
    assert "does not decide by 'human'" in caught.value.problems[0].message.en
    later = [{"code": "T02", "from": 4, "governance": {"choice": {"decision_maker": "human"}}}]
    small({"territory": later, "decision": [{"when": 5, "territory": "T02", "strategy": 1.0}]})
