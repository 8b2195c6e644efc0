"""Voices beside the elected: who they are, advice, votes, the veto of nature, panels, and those who leave unheard."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.errors import ScenarioError
from coopsim.governance.voting import VOTING
from coopsim.run import simulate
from coopsim.schedule.councils import colleges as phase
from coopsim.schedule.councils import phase as councils
from coopsim.schedule.moves import expectations
from coopsim.society import colleges as soc
from coopsim.society.colleges import CITIZENS, NATURE, PANEL, Voices
from coopsim.society.councils import CouncilParams, Seats
from coopsim.society.minds import VOICES
from coopsim.world import founded
from tests.system.parts import params, small

POSITION = "governance.position."
ALL = np.ones(3, np.bool_)


def world_of(seed=0, **changes):
    return founded(small({POSITION + key: value for key, value in changes.items()}), seed)


def expected(world):
    return expectations(world)


def said(yes, college, territory, counts=None):
    yes = np.array(yes, np.bool_)
    yes = yes[:, None] if yes.ndim == 1 else yes
    n = len(yes)
    seats = Seats(np.arange(n, dtype=np.uint64), np.array(territory), np.full((n, 3), 0.5))
    return Voices(seats, np.array(college), np.ones(n, np.bool_) if counts is None else np.array(counts), yes)


class TestWho:
    def test_nobody_by_default(self):
        world = world_of()
        assert phase.voices(world, expected(world), ALL) is None

    def test_colleges_sit_where_their_parameters_say(self):
        p = params(CouncilParams, college_sd=0.0)
        number = np.zeros((2, VOICES), np.int64)
        number[0, 1], number[1, NATURE], number[1, CITIZENS] = 2, 1, 3
        people = np.array([[0.1, 0.2, 0.3], [0.6, 0.5, 0.4]])
        seats, college = soc.seated(p, number, np.array([7, 8], np.uint64), people, 0, 0)
        assert seats.territory.tolist() == [0, 0, 1, 1, 1, 1]
        assert college.tolist() == [1, 1, 0, 0, 0, 6]
        firms = [p.college_growth[0], p.college_cooperation[0], p.college_long[0]]
        nature = [p.college_growth[5], p.college_cooperation[5], p.college_long[5]]
        assert_allclose(seats.ideal, [firms, firms, *[people[1]] * 3, nature])
        assert np.unique(seats.seat_id).size == 6

    def test_citizens_are_drawn_around_the_voters_a_panel_anew(self):
        p = params(CouncilParams)
        number = np.zeros((1, VOICES), np.int64)
        number[0, CITIZENS] = number[0, PANEL] = 2000
        people = np.array([[0.5, 0.5, 0.5]])
        one, _ = soc.seated(p, number, np.array([7], np.uint64), people, 0, 0)
        two, college = soc.seated(p, number, np.array([7], np.uint64), people, 0, 4)
        assert one.ideal.std() == pytest.approx(p.college_sd, rel=0.05)
        assert_array_equal(one.ideal[college == CITIZENS], two.ideal[college == CITIZENS])
        assert np.any(one.ideal[college == PANEL] != two.ideal[college == PANEL])

    def test_people_count_in_the_position_of_the_inhabitants(self):
        world = world_of()
        e = world.electorate
        mine = e.territory == 0
        by_hand = (e.population[mine, None] * e.voters[mine]).sum(axis=0) / e.population[mine].sum()
        assert_allclose(soc.people_position(e, 3)[0], by_hand)

    def test_a_panel_meets_in_its_years_and_is_paid(self):
        world = world_of(citizen_panel={"size": 12, "every_years": 3})
        for year, meets in enumerate([True, False, False, True]):
            world.tick = 4 * year
            world.finance.flows[:] = 0.0
            found = phase.voices(world, expected(world), ALL)
            assert (found is not None) == meets
            cost = 12 * world.params.councils.panel_cost_keur_per_person if meets else 0.0
            assert_allclose(world.finance.flows[:, LINE["programmes"]], -cost)


class TestAdvice:
    def test_the_mean_of_who_is_asked(self):
        found = soc.advice(
            said([True, True, True, False], [1, 1, 2, 2], [0, 0, 0, 0]), np.ones((1, VOICES)), 1
        )
        assert_allclose(found, [[0.5]])

    def test_who_left_weighs_nothing(self):
        presence = np.ones((1, VOICES))
        presence[0, 2] = 0.0
        found = soc.advice(said([True, True, False, False], [1, 1, 2, 2], [0, 0, 0, 0]), presence, 1)
        assert_allclose(found, [[0.5]])

    def test_it_moves_the_seats_by_its_weight(self):
        rules = {"extra_seats": {"associations": 8, "voice": "advisory"}}
        world = world_of(**rules)
        spoken = phase.voices(world, expected(world), ALL)
        moved = phase.advised(world, spoken)
        share = np.array([spoken.yes[spoken.seats.territory == i].mean(axis=0) for i in range(3)])
        weight = world.rules.council.advisory_weight[0]
        assert_allclose(moved, weight * (2 * share - 1))
        deciding = world_of(extra_seats={"associations": 8, "voice": "deciding"})
        spoken = phase.voices(deciding, expected(deciding), ALL)
        assert not phase.advised(deciding, spoken).any()
        assert phase.deciding(deciding, spoken).all()

    def test_it_is_an_argument_of_the_journal(self):
        world = world_of(extra_seats={"nature": 9})
        councils.vote(world, ALL)
        votes = [line for line in world.journal if line["kind"] == "vote"]
        assert votes
        assert any(line["yes_advice"] or line["no_advice"] for line in votes)


class TestVotes:
    def test_they_count_with_the_elected(self):
        world = world_of(extra_seats={"citizens": 5, "voice": "deciding"})
        rows = np.flatnonzero(world.councils.territory == 0)
        n = rows.size
        yes = np.arange(n) < n // 2  # half or just less: rejected alone
        assert not councils.ballot(world, 0, rows, yes)
        assert phase.decided_with(world, 0, rows, yes, np.ones(5, np.bool_))
        assert not phase.decided_with(world, 0, rows, yes, np.zeros(5, np.bool_))

    def test_their_weight_counts_where_weights_do(self):
        world = world_of(extra_seats={"citizens": 1, "voice": "deciding", "weight": 50.0})
        world.rules = replace(world.rules, council_rule=[VOTING.build("weighted")] * 3)
        rows = np.flatnonzero(world.councils.territory == 0)
        nobody = np.zeros(rows.size, np.bool_)
        assert phase.decided_with(world, 0, rows, nobody, np.ones(1, np.bool_)) == (rows.size < 50)
        light = world_of(extra_seats={"citizens": 1, "voice": "deciding", "weight": 0.5})
        light.rules = replace(light.rules, council_rule=[VOTING.build("weighted")] * 3)
        assert not phase.decided_with(light, 0, rows, nobody, np.ones(1, np.bool_))

    def test_the_journal_counts_them(self):
        world = world_of(extra_seats={"citizens": 7, "voice": "deciding"})
        councils.vote(world, ALL)
        seats = np.bincount(world.councils.territory)
        for line in (x for x in world.journal if x["kind"] == "vote"):
            i = world.places.code.index(line["body"])
            assert line["votes_for"] + line["votes_against"] == seats[i] + 7


class TestVeto:
    def test_nature_blocks_what_wears_a_resource_down(self):
        world = world_of(nature_veto=True)
        against = said([False], [NATURE], [1], [False])
        assert phase.vetoed(world, against, 1, 0, -0.02)
        assert not phase.vetoed(world, against, 1, 0, 0.0)
        assert not phase.vetoed(world, said([True], [NATURE], [1]), 1, 0, -0.02)
        assert not phase.vetoed(world_of(), against, 1, 0, -0.02)

    def test_a_guardian_without_a_seat_only_vetoes(self):
        world = world_of(nature_veto=True)
        spoken = phase.voices(world, expected(world), ALL)
        assert spoken.college.tolist() == [NATURE] * 3
        assert not phase.advised(world, spoken).any()
        assert not phase.deciding(world, spoken).any()

    def test_land_opens_less_often(self):
        plain, guarded = small(years=12), small({POSITION + "nature_veto": True}, years=12)
        opened = []
        for spec in (plain, guarded):
            votes = simulate(spec, seed=1).journal
            votes = votes[(votes["kind"] == "vote") & (votes["move"] == "open_land")]
            opened.append(votes)
        assert (opened[0]["outcome"] == "passed").any()
        blocked = opened[1][opened[1]["reason_fr"].str.contains("bloqué par la voix de la nature")]
        assert len(blocked) > 0
        assert (blocked["outcome"] == "rejected").all()
        others = simulate(guarded, seed=1).journal
        others = others[(others["kind"] == "vote") & (others["move"] != "open_land")]
        assert not others["reason_fr"].str.contains("bloqué").any()


class TestPresence:
    def test_who_is_not_followed_leaves_where_nothing_is_clear(self):
        """Two of three advices not followed, frustration 0.3 at no clarity: 20 % leave; at full clarity nobody does."""
        drafts = np.ones((3, 3), np.bool_)
        passed = np.array([[True, False, False]] * 3)
        spoken = said(np.ones((3, 3), np.bool_), [2, 2, 2], [0, 1, 2])
        for clarity, left in ((0.0, 0.3 * 2 / 3), (1.0, 0.0)):
            world = world_of(extra_seats={"large_firms": 1})
            world.rules = replace(
                world.rules, council=replace(world.rules.council, clarity=np.full(3, clarity))
            )
            phase.followed(world, spoken, drafts, passed, np.array([True, True, False]))
            assert_allclose(world.minds.presence[:2, 2], 1.0 - left)
            assert world.minds.presence[2, 2] == 1.0
            assert (np.delete(world.minds.presence, 2, axis=1) == 1.0).all()

    def test_they_come_back_little_by_little(self):
        world = world_of(extra_seats={"large_firms": 1})
        world.minds.presence[:, 2] = 0.5
        spoken = said([True] * 3, [2, 2, 2], [0, 1, 2])
        phase.followed(world, spoken, np.ones((3, 1), np.bool_), np.ones((3, 1), np.bool_), ALL)
        assert_allclose(world.minds.presence[:, 2], 0.5 + world.params.councils.presence_return * 0.5)

    def test_seats_empty_with_them(self):
        presence = np.ones((1, VOICES))
        presence[0, 1] = 0.5
        found = soc.attends(said([True] * 6, [1, 1, 1, 1, 2, 2], [0] * 6), presence)
        assert found.tolist() == [True, True, False, False, True, True]


def test_equal_seats_are_one_for_each_commune():
    world = world_of(council_seats="equal")
    assert_array_equal(world.electorate.community_seats, 1)
    assert world.councils.territory.size == world.electorate.commune.size


@pytest.mark.parametrize(
    ("key", "value"),
    [("council_seats", "fair"), ("council_seats", 0), ("extra_seats", {"citizens": -1}),
     ("extra_seats", {"voice": "loud"}), ("extra_seats", {"trees": 3}), ("posture", "boss"),
     ("citizen_panel", {"size": 1000})],
)  # fmt: skip
def test_bad_values_are_refused(key, value):
    with pytest.raises(ScenarioError, match=key):
        world_of(**{key: value})
