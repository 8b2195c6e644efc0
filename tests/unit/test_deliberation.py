"""Deliberation: hand-worked debates, starts, and the debate of the councils that meet."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import chi2

from coopsim.errors import ScenarioError
from coopsim.governance.deliberation import (
    DELIBERATION,
    Deffuant,
    HegselmannKrause,
    Sitting,
    group_sizes,
    near_means,
)
from coopsim.model import CoopModel
from coopsim.rng import birth_ids
from coopsim.scenario import load_scenario
from coopsim.schedule.councils.deliberation import deliberate
from coopsim.society.deliberation import spread, starting_opinions

KEY = "governance.aggregation.deliberation"


def sitting(*councils, seed=0, tick=0):
    """Councils that debate one question."""
    opinions = np.array([x for council in councils for x in council], dtype=np.float64)[:, None]
    return Sitting(
        opinions=opinions,
        council=np.repeat(np.arange(len(councils)), [len(c) for c in councils]),
        seat_id=birth_ids(np.uint64(3), 0, np.arange(len(opinions))),
        council_id=birth_ids(np.uint64(4), 0, np.arange(len(councils))),
        seed=seed,
        tick=tick,
    )


# --- the mean of those in reach ---


@pytest.mark.parametrize(
    ("opinions", "confidence", "expected"),
    [
        ([0.0, 0.4, 1.0], 0.5, [0.2, 0.2, 1.0]),
        ([0.0, 0.4, 0.8], 0.5, [0.2, 0.4, 0.6]),
        ([0.8, 0.0, 0.4], 0.5, [0.6, 0.2, 0.4]),
        ([0.1, 0.2, 0.9], 0.0, [0.1, 0.2, 0.9]),
        ([0.1, 0.2, 0.9], 1.0, [0.4, 0.4, 0.4]),
        ([0.7], 0.3, [0.7]),
        ([], 0.3, []),
    ],
)
def test_one_round_of_means(opinions, confidence, expected):
    assert_allclose(near_means(np.array(opinions, dtype=float), confidence, 1), expected, atol=1e-15)


def test_taking_means_moves_the_mean():
    after = near_means(np.array([0.0, 0.4, 1.0]), 0.6, 1)
    assert_allclose(after, [0.2, (0.0 + 0.4 + 1.0) / 3, 0.7], atol=1e-15)
    assert after.mean() != pytest.approx(np.mean([0.0, 0.4, 1.0]), abs=1e-3)


@pytest.mark.parametrize("tenths", range(1, 11))
def test_a_distance_on_the_bound_counts_as_in_reach(tenths):
    """Eleven opinions a tenth apart: some differ by a hair more than the bound in floating point, all must be heard."""
    opinions = np.arange(11) / 10
    after = near_means(opinions, tenths / 10, 1)
    reach = [[j for j in range(11) if abs(i - j) <= tenths] for i in range(11)]
    assert_allclose(after, [np.mean(heard) / 10 for heard in reach], atol=1e-12)


def plain(x, confidence):
    """The rule as it is written: for each seat the mean of those in reach."""
    return np.array([x[np.abs(x - one) <= confidence + 1e-10].mean() for one in x])


@given(
    st.lists(st.integers(0, 40).map(lambda k: k / 40) | st.floats(0.0, 1.0), min_size=1, max_size=30),
    st.integers(0, 40).map(lambda k: k / 40) | st.floats(0.0, 1.0),
    st.integers(1, 4),
)
def test_running_sums_are_the_plain_rule(opinions, confidence, rounds):
    expected = np.array(opinions)
    for _ in range(rounds):
        expected = plain(expected, confidence)
    assert_allclose(near_means(np.array(opinions), confidence, rounds), expected, atol=1e-12)


def test_a_session_ends_when_nobody_moves():
    opinions = np.linspace(0.0, 1.0, 200)
    still = near_means(opinions, 0.15, 1000)
    assert_array_equal(near_means(still, 0.15, 1), still)
    assert group_sizes(still, 0.15).size == np.unique(still).size


# --- meetings two by two ---


@pytest.mark.parametrize(("rate", "expected"), [(0.5, [0.4, 0.4]), (0.25, [0.3, 0.5]), (0.1, [0.24, 0.56])])
def test_two_seats_meet(rate, expected):
    after = Deffuant(confidence=0.4, rate=rate, rounds=1).after(sitting([0.2, 0.6]))
    assert_allclose(after[:, 0], expected, atol=1e-15)


def test_two_seats_too_far_apart_stay():
    before = sitting([0.2, 0.61])
    assert_array_equal(Deffuant(confidence=0.4, rate=0.5, rounds=9).after(before), before.opinions)


def test_a_distance_on_the_bound_counts_as_in_reach_of_two():
    after = Deffuant(confidence=0.2, rate=0.5, rounds=1).after(sitting([0.1, 0.3], [0.7, 0.9]))
    assert_allclose(after[:, 0], [0.2, 0.2, 0.8, 0.8], atol=1e-15)


def test_of_three_one_sits_out():
    """Two of three at most move in a round, by the same distance, and over the seeds all three pairs meet."""
    opinions = [0.0, 0.3, 0.4]
    met = set()
    for seed in range(60):
        after = Deffuant(confidence=1.0, rate=0.5, rounds=1).after(sitting(opinions, seed=seed))[:, 0]
        moved = np.flatnonzero(after != opinions)
        assert moved.size == 2
        assert after[moved[0]] == after[moved[1]] == np.mean(np.array(opinions)[moved])
        met.add(tuple(moved))
    assert met == {(0, 1), (0, 2), (1, 2)}


@pytest.mark.parametrize("n", [5, 6])
def test_every_pair_meets_as_often(n):
    """Counts of the pairs of a round over many sessions, against the share 1/(n - 1), or 1/n with one left out."""
    rounds = 4000
    opinions = 2.0 ** -np.arange(1, n + 1)  # the sum of any two tells them
    counts = np.zeros((n, n))
    for tick in range(rounds):
        after = Deffuant(confidence=1.0, rate=0.5, rounds=1).after(sitting(opinions, tick=tick))[:, 0]
        for i in range(n):
            for j in range(i + 1, n):
                counts[i, j] += after[i] == after[j] == (opinions[i] + opinions[j]) / 2
    pairs = counts[np.triu_indices(n, 1)]
    expected = rounds / (n - 1 + n % 2)
    assert pairs.sum() == rounds * (n // 2)
    assert ((pairs - expected) ** 2 / expected).sum() < chi2.ppf(1 - 1e-5, pairs.size)


@given(
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40),
    st.floats(0.0, 1.0),
    st.floats(0.001, 0.5),
    st.integers(1, 50),
    st.integers(0, 2**31),
)
def test_meetings_conserve_the_mean(opinions, confidence, rate, rounds, seed):
    after = Deffuant(confidence, rate, rounds).after(sitting(opinions, seed=seed))
    assert after.mean() == pytest.approx(np.mean(opinions), abs=1e-13)


def test_rounds_follow_one_another():
    """Ten rounds of meetings draw anew each time: after one, only pairs agree; after ten of six seats, all nearly."""
    opinions = np.linspace(0.0, 1.0, 6)
    one = Deffuant(1.0, 0.5, 1).after(sitting(opinions))[:, 0]
    ten = Deffuant(1.0, 0.5, 10).after(sitting(opinions))[:, 0]
    assert np.unique(one).size == 3
    assert ten.std() < 0.1 * opinions.std()


def test_another_quarter_or_seed_is_another_luck():
    opinions = np.linspace(0.0, 1.0, 30)
    rule = Deffuant(0.3, 0.5, 3)
    here = rule.after(sitting(opinions))
    assert not np.array_equal(rule.after(sitting(opinions, tick=1)), here)
    assert not np.array_equal(rule.after(sitting(opinions, seed=1)), here)
    # seats with the same ranks, in two councils: only the council tells their luck apart
    both = rule.after(replace(sitting(opinions, opinions), seat_id=np.arange(60, dtype=np.uint64)))
    assert not np.array_equal(both[:30], both[30:])


# --- groups, starts ---


@pytest.mark.parametrize(
    ("opinions", "confidence", "sizes"),
    [
        ([0.1, 0.9, 0.15, 0.5], 0.2, [2, 1, 1]),
        ([0.1, 0.3, 0.5], 0.2, [3]),  # 0.3 - 0.1 and 0.5 - 0.3 are on the bound
        ([0.1, 0.31, 0.5], 0.2, [1, 2]),
        ([0.5], 0.0, [1]),
        ([0.5, 0.5], 0.0, [2]),
    ],
)
def test_groups(opinions, confidence, sizes):
    assert_array_equal(group_sizes(np.array(opinions), confidence), sizes)


def test_spread_by_axis():
    found = spread(np.array([[0.1, 0.5], [0.3, 0.5], [0.8, 0.5]]), 0.2)
    assert_allclose(found.mean, [0.4, 0.5])
    assert_allclose(found.deviation, [np.std([0.1, 0.3, 0.8]), 0.0])
    assert_array_equal(found.groups, [2, 1])


def councils(seats=7, territories=2):
    spec = load_scenario("opinion").but(
        {
            "case.synthetic.territories": territories,
            "governance.position.council_seats": seats,
            "name": "small",
        }
    )
    with_model = CoopModel(spec, 0, views=False)
    world = with_model.world
    with_model.release()
    return world


def test_starts():
    world = councils()
    c = world.councils
    for i in range(2):
        mine = c.territory == i
        even = starting_opinions("equidistant", c, 0)[mine]
        assert_allclose(np.sort(even[:, 0]), np.arange(7) / 6, atol=1e-15)
        assert_array_equal(even[:, 0], even[:, 2])
        assert_array_equal(np.argsort(even[:, 0]), np.argsort(c.seat_id[mine]))
        drawn = starting_opinions("uniform", c, 0)[mine]
        assert np.unique(drawn).size == 21
        assert ((drawn > 0.0) & (drawn < 1.0)).all()
    assert not np.array_equal(starting_opinions("uniform", c, 0), starting_opinions("uniform", c, 1))
    assert starting_opinions("elected", c, 0) is c.ideal
    assert_array_equal(starting_opinions("equidistant", councils(1, 1).councils, 0), [[0.5] * 3])


def test_drawn_starts_are_uniform():
    drawn = starting_opinions("uniform", councils(1000, 3).councils, 0)
    counts = np.histogram(drawn, bins=20, range=(0.0, 1.0))[0]
    expected = drawn.size / 20
    assert ((counts - expected) ** 2 / expected).sum() < chi2.ppf(1 - 1e-5, 19)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(3)).max() < 0.1


# --- in the engine ---


def world_of(changes, ticks=0):
    spec = load_scenario("figeac-status-quo").but({**changes, "name": "debating"})
    model = CoopModel(spec, 0, views=False)
    for _ in range(ticks):
        model.step()
    world = model.world
    model.release()
    return world


def test_nobody_moves_without_the_rule():
    world = world_of({})
    before = world.councils
    deliberate(world, np.ones(world.size, np.bool_))
    assert world.councils is before


def test_only_councils_that_meet_debate():
    world = world_of({KEY: {"rule": "deffuant", "confidence": 1.0}})
    before = world.councils.ideal
    session = np.arange(world.size) % 2 == 0
    deliberate(world, session)
    moved = np.any(world.councils.ideal != before, axis=1)
    assert_array_equal(np.unique(world.councils.territory[moved]), np.flatnonzero(session))


def test_each_council_has_its_rule():
    code = world_of({}).places.code
    spec = {
        KEY: "hegselmann_krause",
        "territory": [
            {
                "code": code[1],
                "governance": {"aggregation": {"deliberation": {"rule": "deffuant", "rounds": 2}}},
            },
            {"code": code[2], "governance": {"aggregation": {"deliberation": "none"}}},
        ],
    }
    world = world_of(spec)
    c, before = world.councils, world.councils.ideal
    deliberate(world, np.ones(world.size, np.bool_))

    def alone(i, rule):
        rows = np.flatnonzero(c.territory == i)
        return rule.after(
            Sitting(before[rows], np.zeros(rows.size, np.int64), c.seat_id[rows], world.places.id[[i]], 0, 0)
        )

    rules = [HegselmannKrause()] * world.size
    rules[1], rules[2] = Deffuant(rounds=2), DELIBERATION.build("none")
    for i, rule in enumerate(rules):
        assert_array_equal(world.councils.ideal[c.territory == i], alone(i, rule))


def test_the_session_of_a_year_debates_before_it_votes():
    """Where all listen to all each council is of one mind, and its votes are closer to unanimity."""
    silent = world_of({}, 9)
    debated = world_of({KEY: {"rule": "hegselmann_krause", "confidence": 1.0}}, 9)
    for i in range(debated.size):
        assert np.ptp(debated.councils.ideal[debated.councils.territory == i], axis=0).max() < 1e-12
        assert np.ptp(silent.councils.ideal[silent.councils.territory == i], axis=0).max() > 0.1
    one = {
        (line["tick"], line["body"]): n for n, line in enumerate(debated.journal) if line["kind"] == "vote"
    }
    other = {
        (line["tick"], line["body"]): n
        for n, line in enumerate(debated.journal)
        if line["kind"] == "deliberation"
    }
    assert one
    assert all(other[where] < n for where, n in one.items())

    def divided(world):
        return np.mean([
            2 * min(line["votes_for"], line["votes_against"]) / (line["votes_for"] + line["votes_against"])
            for line in world.journal
            if line["kind"] == "vote" and line["tick"] > 0
        ])  # fmt: skip

    assert divided(debated) < divided(silent)


def test_the_journal_tells_opinions_before_and_after():
    world = world_of({KEY: {"rule": "deffuant", "confidence": 0.3, "rounds": 20}})
    before = world.councils.ideal[world.councils.territory == 0]
    deliberate(world, np.ones(world.size, np.bool_))
    lines = [line for line in world.journal if line["kind"] == "deliberation"]
    assert [line["body"] for line in lines] == list(world.places.code)
    one = lines[0]
    assert one["outcome"] == "moved"
    assert one["amount"] > 0.0
    assert "growth" in one["reason_en"]
    assert "croissance" in one["reason_fr"]
    mine = world.councils.ideal[world.councils.territory == 0]
    for axis, name in enumerate(("growth", "cooperation", "long term")):
        told = one["reason_en"].split(f"{name} ")[1].split(";")[0]
        x, y = before[:, axis], mine[:, axis]
        groups = f"groups {group_sizes(x, 0.3).size} → {group_sizes(y, 0.3).size}"
        spreads = f"deviation {x.std():.2f} → {y.std():.2f}"
        assert told == f"{x.mean():.2f} → {y.mean():.2f} ({spreads}, {groups})"


def test_an_election_renews_opinions():
    """Those re-elected keep a part of where the debate had brought them."""
    rule = {KEY: {"rule": "hegselmann_krause", "confidence": 1.0}}
    before, after = world_of(rule, 24), world_of(rule, 25)
    assert before.tick != after.tick
    assert after.councils.ideal.std() > 10 * max(
        np.ptp(before.councils.ideal[before.councils.territory == i], axis=0).max()
        for i in range(before.size)
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"rule": "deffuant", "confidence": 1.1}, ["confidence", "1.1", "0 – 1"]),
        ({"rule": "deffuant", "rate": 0.0}, ["rate", "0.0", "0.5"]),
        ({"rule": "deffuant", "rate": 0.6}, ["rate", "0.6", "0.5"]),
        ({"rule": "deffuant", "rounds": 0}, ["rounds", "0", "100000"]),
        ({"rule": "hegselmann_krause", "rounds": 100001}, ["rounds", "100001", "100000"]),
        ({"rule": "hegselmann_krause", "rate": 0.5}, ["rate"]),
        ("defuant", ["defuant", "deffuant"]),
    ],
)
def test_wrong_rules(rule, words):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("figeac-status-quo").but({KEY: rule})
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_rule_is_a_value():
    assert replace(Deffuant(), rounds=10) == Deffuant()
    assert {Deffuant(), Deffuant(), HegselmannKrause()} == {Deffuant(), HegselmannKrause()}
