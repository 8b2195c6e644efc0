"""The widened committee (D4): subjects of members on the agenda, dilution with size, what members tell at home."""

from dataclasses import replace

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.rng import Purpose, uniform
from coopsim.run import simulate
from coopsim.schedule.councils.colleges import members_agenda
from coopsim.schedule.firms.phase import channels
from coopsim.society import colleges as soc
from coopsim.society.colleges import Voices
from coopsim.society.councils import CouncilParams, Seats
from coopsim.society.moves import KEYS
from coopsim.world import founded
from tests.system.parts import params, small

SEATS = "governance.position.extra_seats."
WIDE = {SEATS + "small_firms": 6, SEATS + "associations": 6, SEATS + "citizens": 6}


def council_params(**changes):
    return replace(params(CouncilParams), **changes)


def raised(want, size, agenda, draw, **changes):
    p = council_params(**({"agenda_topics": 20, "agenda_half_size": 1e4} | changes))
    return soc.raised(p, np.atleast_2d(want), np.atleast_1d(size), np.atleast_1d(agenda), np.atleast_2d(draw))


class TestAgenda:
    def test_a_subject_is_raised_as_often_as_the_formula_says(self):
        """1 - (1 - p)^w, in 40,000 draws of the engine's own generator, for 0 to 3 members who want it."""
        draw = uniform(3, Purpose.AGENDA, np.arange(40_000, dtype=np.uint64), 0)[:, None]
        size, agenda = np.ones(draw.size, np.int64), np.full(draw.size, 0.6)  # p = 0.6 / 2
        for want in range(4):
            found = raised(np.full(draw.shape, want), size, agenda, draw, agenda_half_size=1.0)
            exact = 1.0 - 0.7**want
            assert_allclose(found.mean(), exact, atol=4.0 * np.sqrt(exact * (1 - exact) / draw.size))

    def test_more_members_leave_each_less_time(self):
        draw = np.full((1, 1), 0.2)
        assert raised(1, 0, 0.3, draw, agenda_half_size=20.0).all()
        assert not raised(1, 20, 0.3, draw, agenda_half_size=20.0).any()  # 0.15 < 0.2

    def test_no_more_than_the_agenda_holds_and_the_most_wanted_first(self):
        found = raised([1, 3, 2, 0], 3, 1.0, np.zeros((1, 4)), agenda_topics=2)
        assert_array_equal(found, [[False, True, True, False]])

    def test_only_those_in_the_room_and_what_may_be_asked(self):
        world = founded(small({**WIDE, SEATS + "agenda": 1.0, "society.councils.agenda_topics": 20}), 0)
        world.minds.presence[1] = 0.0
        t = np.repeat([0, 1], 60)
        yes = np.ones((120, len(KEYS)), np.bool_)
        seats = Seats(np.arange(120, dtype=np.uint64), t, np.full((120, 3), 0.5))
        spoken = Voices(seats, np.zeros(120, np.int64), np.ones(120, np.bool_), yes)
        menu = np.ones((world.size, len(KEYS)), np.bool_)
        menu[:, 5:] = False
        found = members_agenda(world, spoken, menu)
        assert found[0, :5].all()
        assert found[0].sum() == 5
        assert not found[1:].any()
        assert {line["kind"] for line in world.journal} == {"agenda"}

    def test_members_bring_subjects_that_the_presidency_does_not(self):
        """Paired runs: with the same luck, more subjects reach the vote, and the journal says whose they were."""
        plain, wide = (
            simulate(small({**WIDE, SEATS + "agenda": agenda, "horizon.years": 6}), 2)
            for agenda in (0.0, 1.0)
        )
        votes = [run.journal.query("kind == 'vote'") for run in (plain, wide)]
        assert not len(plain.journal.query("kind == 'agenda'"))
        brought = wide.journal.query("kind == 'agenda'")
        assert len(brought) > 0
        pairs = [set(zip(found["tick"], found["body"], found["move"], strict=True)) for found in votes]
        assert set(zip(brought["tick"], brought["body"], brought["move"], strict=True)) <= pairs[1]
        assert len(pairs[1]) > len(pairs[0])

    def test_without_seats_the_key_changes_nothing(self):
        runs = [simulate(small({SEATS + "agenda": agenda}), 1) for agenda in (0.0, 1.0)]
        assert_array_equal(runs[0].arrays[1], runs[1].arrays[1])


class TestTold:
    def test_members_tell_companies_in_the_share_that_they_can_meet(self):
        p = council_params(member_contacts_per_yr=10.0)
        found = soc.heard_share(p, np.array([0.0, 5.0, 50.0, 5.0]), np.array([100.0, 100.0, 100.0, 0.0]))
        assert_allclose(found, [0.0, 0.5, 1.0, 0.0])

    def test_who_left_tells_nobody_and_inhabitants_are_no_company(self):
        world = founded(small({**WIDE, "society.councils.member_contacts_per_yr": 5.0}), 0)
        world.signals.results[:, 7] = 100.0  # companies counted
        base = founded(small(WIDE), 0)
        base.signals.results[:, 7] = 100.0
        world.minds.presence[1] = 0.0
        more = (channels(world) - channels(base)).sum(axis=1)
        assert_allclose(more, np.where(np.arange(world.size) == 1, 0.0, 0.25 * 5.0 * 6 / 100.0))

    def test_companies_hear_of_the_transition_from_members(self):
        runs = [
            simulate(
                small({**WIDE, "society.councils.member_contacts_per_yr": contacts, "horizon.years": 5}), 1
            )
            for contacts in (0.0, 20.0)
        ]
        reached = [run.system["firms_reached"].iloc[-1] for run in runs]
        assert reached[1] > reached[0]
