"""Every registered voting rule signs the same contract; a new rule is tested for free."""

import pickle
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.governance import VOTING, Ballot, VotingRule
from coopsim.governance.voting import WeightedGame


@st.composite
def ballots(draw: st.DrawFn, smallest: int = 0) -> Ballot:
    n = draw(st.integers(smallest, 25))
    bits = st.lists(st.booleans(), min_size=n, max_size=n)
    group = np.array(draw(st.lists(st.integers(0, 6), min_size=n, max_size=n)), dtype=np.int64)
    people = np.array(draw(st.lists(st.integers(1, 10_000), min_size=7, max_size=7)), dtype=np.float64)
    return Ballot.of(
        draw(bits),
        weight=draw(st.lists(st.integers(0, 20), min_size=n, max_size=n)),
        population=people[group] if n else np.zeros(0),
        group=group,
        present=draw(bits),
        objects=draw(bits),
    )


@pytest.fixture(params=sorted(VOTING), scope="module")
def rule(request: pytest.FixtureRequest) -> VotingRule:
    return VOTING.build(request.param)


def ordered(ballot: Ballot, order: np.ndarray) -> Ballot:
    return Ballot(**{field.name: getattr(ballot, field.name)[order] for field in fields(Ballot)})


@given(ballot=ballots())
def test_answers_yes_or_no_and_leaves_the_ballot_alone(rule, ballot):
    before = {field.name: getattr(ballot, field.name).copy() for field in fields(Ballot)}
    assert isinstance(rule.adopted(ballot), bool)
    for name, column in before.items():
        np.testing.assert_array_equal(getattr(ballot, name), column)


@given(ballot=ballots(smallest=1), voter=st.integers(0, 24))
def test_one_more_yes_never_undoes_an_adoption(rule, ballot, voter):
    yes = ballot.yes.copy()
    yes[voter % yes.size] = True
    if rule.adopted(ballot):
        assert rule.adopted(replace(ballot, yes=yes))


@given(ballot=ballots(smallest=1))
def test_when_all_take_part_and_agree_it_passes(rule, ballot):
    all_ = np.ones(ballot.yes.size, dtype=bool)
    assert rule.adopted(replace(ballot, yes=all_, present=all_, weight=np.ones(all_.size)))


@given(ballot=ballots(smallest=1))
def test_when_all_take_part_and_refuse_it_fails(rule, ballot):
    none = np.zeros(ballot.yes.size, dtype=bool)
    assert not rule.adopted(replace(ballot, yes=none, present=~none))


@given(ballot=ballots(), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_voters_does_not_count(rule, ballot, seed):
    order = np.random.default_rng(seed).permutation(ballot.yes.size)
    assert rule.adopted(ordered(ballot, order)) == rule.adopted(ballot)


@given(ballot=ballots(), labels=st.permutations(range(7)))
def test_the_names_of_groups_do_not_count(rule, ballot, labels):
    renamed = np.array(labels, dtype=np.int64)[ballot.group]
    assert rule.adopted(replace(ballot, group=renamed)) == rule.adopted(ballot)


@given(ballot=ballots(), scale=st.sampled_from([0.5, 2.0, 1000.0]))
def test_units_of_weight_and_population_do_not_count(rule, ballot, scale):
    scaled = replace(ballot, weight=scale * ballot.weight, population=scale * ballot.population)
    assert rule.adopted(scaled) == rule.adopted(ballot)


@given(ballot=ballots(smallest=1), voter=st.integers(0, 24))
def test_the_opinion_of_an_absent_voter_does_not_count(rule, ballot, voter):
    absent = np.arange(ballot.yes.size) == voter % ballot.yes.size
    present = ballot.present & ~absent
    said = rule.adopted(replace(ballot, present=present))
    assert said == rule.adopted(replace(ballot, present=present, yes=ballot.yes ^ absent))


@given(ballot=ballots(smallest=1))
def test_a_rule_that_comes_down_to_votes_and_a_quota_decides_by_them(rule, ballot):
    full = replace(ballot, present=np.ones(ballot.yes.size, dtype=bool), objects=~ballot.yes)
    game = rule.game(full) if isinstance(rule, WeightedGame) else None
    if game is not None:
        votes, quota = game
        assert rule.adopted(full) == (votes[full.yes].sum() >= quota)
        np.testing.assert_array_equal(rule.game(replace(full, yes=~full.yes))[0], votes)


def test_most_rules_come_down_to_votes_and_a_quota():
    games = {name for name in VOTING if isinstance(VOTING.build(name), WeightedGame)}
    assert games >= {"majority", "supermajority", "unanimity", "weighted", "consent", "quorum"}
    assert "double_majority" not in games


def test_nobody_decides_nothing(rule):
    assert not rule.adopted(Ballot.of([]))


def test_states_its_summary_and_its_source(rule):
    assert rule.traits.summary.fr
    assert rule.traits.summary.en
    assert rule.traits.source
    assert isinstance(rule, VotingRule)


def test_is_a_value(rule):
    assert pickle.loads(pickle.dumps(rule)) == rule
    assert hash(rule) == hash(replace(rule))


@pytest.mark.parametrize("name", sorted(VOTING))
def test_refuses_a_parameter_it_does_not_take(name):
    with pytest.raises(ScenarioError, match="unknown parameter"):
        VOTING.build({"rule": name, "no_such_parameter": 1})


SHARES = [
    (name, key)
    for name in sorted(VOTING)
    for key, default in VOTING.parameters(name).items()
    if isinstance(default, float)
]


@pytest.mark.parametrize(("name", "key"), SHARES)
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_refuses_a_share_outside_its_bounds(name, key, value):
    with pytest.raises(ScenarioError, match=key):
        VOTING.build({"rule": name, key: value})
