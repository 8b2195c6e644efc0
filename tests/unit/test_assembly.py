"""Votes by colleges: each college counts the same, whatever its number of voices, and its voices are heard."""

import numpy as np
import pytest

from coopsim.errors import ScenarioError
from coopsim.governance import Ballot
from coopsim.governance.college_vote import ByColleges
from coopsim.schedule.pacts import assembly as module
from coopsim.schedule.pacts.votes import accession_expected, members_agree
from coopsim.tables import SCOPES
from coopsim.world import founded
from tests.system.parts import small

BY = {"governance.aggregation.pact_rule": "by_colleges", "record.journal": True}


@pytest.mark.parametrize(
    ("yes", "group", "adopted"),
    [
        ([1, 0, 0, 0, 0, 1, 1], [0, 1, 1, 1, 1, 2, 2], True),  # two colleges of three, though 3 voices of 7
        ([1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 1, 2], False),  # one large college cannot carry it alone
        ([1, 1, 0, 1, 0, 0], [0, 0, 0, 1, 1, 1], False),  # 2/3 and 1/3: half is not more than half
        ([1, 1, 0, 1, 1, 0], [0, 0, 0, 1, 1, 1], True),
    ],
)
def test_colleges_count_the_same_and_are_split_as_their_voices_are(yes, group, adopted):
    assert ByColleges().adopted(Ballot.of(np.array(yes, np.bool_), group=group)) is adopted


def test_a_share_asks_for_more_and_one_is_refused():
    ballot = Ballot.of([True, True, False], group=[0, 1, 2])
    assert ByColleges(0.6).adopted(ballot)
    assert not ByColleges(0.7).adopted(ballot)
    with pytest.raises(ScenarioError):
        ByColleges(1.0)


def world_with_pact():
    world = founded(small(BY), 0)
    members = np.array([True, True, False])
    row = world.pacts.found(np.uint64(7), members, np.ones(len(SCOPES), np.bool_), 0, 0, world.signals.cfe)
    return world, row, members


def test_an_assembly_has_four_colleges_of_the_members():
    world, row, members = world_with_pact()
    scopes = world.pacts.scopes[row]
    expected = accession_expected(world, members, scopes, 0, setup=False, asked=members, row=row)
    ballot = module.assembly(world, row, np.array([True, False]), expected, "deepen")
    assert np.bincount(ballot.group).tolist() == [2, 6, 6, 6]
    assert ballot.yes[:2].tolist() == [True, False]
    line = world.journal[-1]
    assert line["kind"] == "assembly"
    assert "collectivités 50 %" in line["reason_fr"]


@pytest.mark.parametrize("willing", [True, False])
def test_what_the_other_colleges_say_decides(monkeypatch, willing):
    world, row, members = world_with_pact()
    real = module.opinions

    def all_alike(*args):
        seats, college, utility = real(*args)
        return seats, college, np.full(utility.shape, 1.0 if willing else -1.0)

    monkeypatch.setattr(module, "opinions", all_alike)
    # three colleges of four against whatever councils say
    assert members_agree(world, row, members, world.pacts.scopes[row], "deepen") is willing


def test_other_rules_ask_nobody_but_the_members(monkeypatch):
    world, row, members = world_with_pact()
    plain = founded(small(), 0)
    plain.pacts = world.pacts

    def never(*_args):
        raise AssertionError("the colleges were asked")

    monkeypatch.setattr(module, "opinions", never)
    members_agree(plain, row, members, world.pacts.scopes[row], "deepen")


def test_weights_count_by_their_ratios_over_the_colleges_present():
    yes, group = np.array([1, 0, 0, 0], np.bool_), np.arange(4)
    ballot = Ballot.of(yes, group=group)  # authorities alone are in favour
    assert not ByColleges().adopted(ballot)
    assert ByColleges(weights=(60.0, 20.0, 10.0, 10.0)).adopted(ballot)
    assert not ByColleges(weights=(0.5, 0.3, 0.1, 0.1)).adopted(ballot)  # half is not more than half
    absent = Ballot.of(yes, group=group, present=np.array([1, 0, 1, 1], np.bool_))
    assert ByColleges(weights=(0.5, 0.3, 0.1, 0.1)).adopted(absent)
    nobody = Ballot.of(yes, group=group, present=np.array([1, 0, 0, 0], np.bool_))
    assert not ByColleges(weights=(0.0, 1.0, 1.0, 1.0)).adopted(nobody)


@pytest.mark.parametrize("weight", [0.1, 2.0, 7.0])
def test_equal_weights_are_no_weights(weight):
    rng = np.random.default_rng(3)
    for _ in range(200):
        ballot = Ballot.of(rng.random(12) < 0.5, group=rng.integers(0, 4, 12))
        assert ByColleges(weights=(weight,) * 4).adopted(ballot) is ByColleges().adopted(ballot)


@pytest.mark.parametrize("weights", [[1.0, 1.0], [1.0, -1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(ScenarioError, match="weights"):
        small({"governance.aggregation.pact_rule": {"rule": "by_colleges", "weights": weights}})


def test_weights_hold_in_a_pact_only():
    with pytest.raises(ScenarioError, match="council_rule"):
        small(
            {"governance.aggregation.council_rule": {"rule": "by_colleges", "weights": [1.0, 1.0, 1.0, 1.0]}}
        )


@pytest.mark.parametrize(("weights", "agreed"), [([1.0, 0.0, 0.0, 0.0], False), ([0.0, 1.0, 1.0, 1.0], True)])
def test_the_college_that_weighs_decides_in_a_pact(monkeypatch, weights, agreed):
    rule = {"rule": "by_colleges", "weights": weights}
    world = founded(small({"governance.aggregation.pact_rule": rule, "record.journal": True}), 0)
    members = np.array([True, True, False])
    world.pacts.found(np.uint64(7), members, np.ones(len(SCOPES), np.bool_), 0, 0, world.signals.cfe)
    expected = accession_expected(world, members, world.pacts.scopes[0], 0, setup=False, asked=members, row=0)
    real = module.opinions

    def in_favour(*args):
        seats, college, utility = real(*args)
        return seats, college, np.ones_like(utility)

    monkeypatch.setattr(module, "opinions", in_favour)
    ballot = module.assembly(world, 0, np.array([False, False]), expected, "deepen")
    assert world.rules.pacts.voting.adopted(ballot) is agreed
    assert world.journal[-1]["amount"] == (100.0 if agreed else 0.0)
