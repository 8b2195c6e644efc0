"""A run that takes up an amendment on its way is the run that knew it from the first day; decisions live again."""

import numpy as np
import pytest

from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.run import simulate
from coopsim.scenario.amendments import check_future
from tests.system.parts import small

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
