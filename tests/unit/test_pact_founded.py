"""The event that founds a pact without a vote."""

import pytest

from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.tables import SCOPES


def world(events, **governance):
    document = {
        "name": "pacts",
        "case": {"synthetic": {"territories": 4}},
        "governance": {"boundary": {"pacts_allowed": ["wood", "revenue"]}, **governance},
        "event": [{"what": "pact_founded", "amount": 1.0, **event} for event in events],
        "submodels": {"councils": False},
    }
    model = CoopModel(load_scenario(document), 0, views=False)
    for _ in range(2):
        model.step()
    return model.world


def members(found):
    return [[int(i) for i in row.nonzero()[0]] for row in found.pacts.members]


def test_among_all():
    found = world([{"when": 0}])
    assert members(found) == [[0, 1, 2, 3]]
    assert [s for s, on in zip(SCOPES, found.pacts.scopes[0], strict=True) if on] == ["wood", "revenue"]
    assert found.pacts.founder.tolist() == [0]
    kinds = [(row["kind"], row["move"]) for row in found.journal]
    assert ("event", "pact_founded") in kinds
    assert ("pact", "founded") in kinds


def test_among_those_named_who_are_in_none():
    found = world(
        [
            {"when": 0, "territories": ["T03", "T02"]},
            {"when": 1, "territories": ["T01", "T02", "T04"]},
        ]
    )
    assert members(found) == [[1, 2], [0, 3]]
    assert found.pacts.founder.tolist() == [1, 0]


@pytest.mark.parametrize(
    "events",
    [
        [{"when": 0, "territories": ["T01"]}],
        [{"when": 0, "territories": ["T01", "T02", "T03"]}, {"when": 1}],
    ],
)
def test_one_alone_makes_no_pact(events):
    assert all(len(pact) > 1 for pact in members(world(events)))
    assert len(world(events).pacts) == len(events) - 1


def test_no_subject_no_pact():
    assert len(world([{"when": 0}], boundary={"pacts_allowed": []}).pacts) == 0


def test_the_amount_is_one_pact():
    with pytest.raises(ScenarioError, match="pact_founded"):
        world([{"when": 0, "amount": 2.0}])
