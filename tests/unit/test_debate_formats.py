"""Formats of debate: rooms worked by hand, what each costs, how its effect wears off."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.errors import ScenarioError
from coopsim.governance.debate_formats import Committee, DebateSpace, MovingDebate, TheatreForum
from coopsim.governance.deliberation import DELIBERATION, Sitting
from coopsim.rng import birth_ids
from coopsim.schedule.councils.deliberation import debate_delay, deliberate
from coopsim.schedule.councils.phase import adopt
from coopsim.society.deliberation import polarisation
from coopsim.society.moves import INDEX
from coopsim.world import founded
from tests.system.parts import small

KEY = "governance.aggregation.deliberation"
FORMATS = ("committee", "debate_space", "moving_debate", "theatre_forum")


def room(opinions, seed=0, tick=0, **more):
    x = np.array(opinions, dtype=np.float64)[:, None]
    n = x.shape[0]
    return Sitting(
        opinions=x, council=np.zeros(n, np.int64), seat_id=birth_ids(np.uint64(3), 0, np.arange(n)),
        council_id=birth_ids(np.uint64(4), 0, np.arange(1)), seed=seed, tick=tick, **more,
    )  # fmt: skip


def after(rule, *args, **more):
    return rule.after(room(*args, **more))[:, 0]


class TestCommittee:
    def test_the_presidency_alone_reports_to_the_others(self):
        """With nobody drawn, the committee is the presidency: those in reach walk towards it, the far one does not."""
        rule = Committee(confidence=0.3, share=0.0, report=0.5)
        presides = np.array([False, True, False])
        assert_allclose(after(rule, [0.2, 0.4, 0.9], presides=presides), [0.3, 0.4, 0.9])

    def test_members_who_disagree_report_their_mean(self):
        """Two members out of each other's reach stay apart; the third seat walks to their mean, not to one of them."""
        presides = np.array([True, True, False])
        found = after(Committee(confidence=0.2, share=0.0, report=0.5), [0.3, 0.6, 0.6], presides=presides)
        assert_allclose(found, [0.3, 0.6, 0.525])

    def test_all_sit_on_it(self):
        assert_allclose(
            after(Committee(confidence=0.5, rounds=1, share=1.0), [0.1, 0.3, 0.5]), [0.3, 0.3, 0.3]
        )

    def test_nobody_sits_on_it(self):
        assert_array_equal(after(Committee(share=0.0), [0.1, 0.3, 0.5]), [0.1, 0.3, 0.5])

    def test_the_lot_is_its_share(self):
        """Opinions on two points only meet inside the committee: those who moved sit on it."""
        rule = Committee(confidence=1.0, rounds=1, share=0.3, report=0.0)
        moved = after(rule, np.tile([0.0, 1.0], 500)) % 1.0 > 0.0
        assert moved.mean() == pytest.approx(0.3, abs=0.05)


class TestDebateSpace:
    def test_each_walks_towards_the_other_side(self):
        """Median 0.5; the two below hear 0.7 and 0.8, the two above hear 0.2 and 0.3."""
        found = after(DebateSpace(confidence=1.0, rate=0.1, rounds=1), [0.2, 0.3, 0.7, 0.8])
        assert_allclose(found, [0.2 + 0.055, 0.3 + 0.045, 0.7 - 0.045, 0.8 - 0.055])

    def test_a_camp_out_of_reach_does_not_move_it(self):
        assert_array_equal(
            after(DebateSpace(confidence=0.3, rate=0.1), [0.1, 0.2, 0.8, 0.9]), [0.1, 0.2, 0.8, 0.9]
        )

    def test_guests_speak_and_are_not_moved(self):
        guests = {"guests": np.array([[0.9], [0.9], [0.9]]), "guest_council": np.zeros(3, np.int64)}
        rule = DebateSpace(confidence=1.0, rate=0.1, rounds=1)
        # the room is 0.2, 0.4, 0.9, 0.9, 0.9: whoever is below its median hears nobody above, whoever is at it neither
        assert_allclose(after(rule, [0.2, 0.4], **guests), [0.2, 0.4])
        two = {"guests": np.array([[0.9]]), "guest_council": np.zeros(1, np.int64)}
        assert_allclose(after(rule, [0.2, 0.4], **two), [0.2 + 0.07, 0.4])

    def test_dissent_stays_longer_than_in_a_committee_of_all(self):
        opinions = np.linspace(0.0, 1.0, 21)
        space, one = after(DebateSpace(), opinions), after(Committee(confidence=0.4, share=1.0), opinions)
        assert np.ptp(space) > np.ptp(one)


class TestMovingDebate:
    def test_the_smaller_camp_speaks_first_and_the_other_crosses(self):
        """0.55 alone is for the statement; 0.45 and 0.4 are within 0.25 × 1.5 of it and walk; 0.1 is not."""
        found = after(MovingDebate(rate=0.5, turns=1), [0.55, 0.45, 0.4, 0.1])
        assert_allclose(found, [0.55, 0.5, 0.475, 0.1])

    def test_speakers_alternate(self):
        found = after(MovingDebate(rate=0.5, turns=2, confidence=1.0, widening=1.0), [0.8, 0.2, 0.2])
        # first 0.8 speaks: 0.2 goes to 0.5, which is for; all are then in one camp
        assert_allclose(found, [0.8, 0.5, 0.5])
        again = after(MovingDebate(rate=0.25, turns=2, confidence=1.0, widening=1.0), [0.8, 0.2, 0.2])
        assert_allclose(again, [0.8 - 0.25 * 0.45, 0.35, 0.35])

    def test_widening_lets_more_listen(self):
        narrow = after(MovingDebate(widening=1.0, turns=1), [0.6, 0.3])
        wide = after(MovingDebate(widening=2.0, turns=1), [0.6, 0.3])
        assert_array_equal(narrow, [0.6, 0.3])
        assert np.any(wide != [0.6, 0.3])

    def test_one_camp_does_not_debate(self):
        assert_array_equal(after(MovingDebate(confidence=1.0), [0.6, 0.7, 0.9]), [0.6, 0.7, 0.9])


class TestTheatreForum:
    def test_without_inhabitants_nobody_moves(self):
        assert_array_equal(after(TheatreForum(confidence=1.0), [0.1, 0.9]), [0.1, 0.9])

    def test_the_council_comes_nearer_to_its_inhabitants(self):
        x = np.linspace(0.5, 1.0, 11)
        voters = np.full((11, 1), 0.3)
        moved = [after(TheatreForum(confidence=1.0), x, voters=voters, tick=k).mean() for k in range(60)]
        left = (1.0 - 0.1) ** 5
        # the mean walks to 0.3, where inhabitants stand on average (a little above: nobody stands below 0)
        assert np.mean(moved) == pytest.approx(0.3 + left * (x.mean() - 0.3), abs=0.02)

    def test_out_of_reach(self):
        voters = np.full((2, 1), 0.0)
        assert_array_equal(after(TheatreForum(confidence=0.05), [0.9, 1.0], voters=voters), [0.9, 1.0])


@pytest.mark.parametrize(
    ("rule", "key"),
    [({"rule": "committee", "share": 1.5}, "share"), ({"rule": "committee", "report": 0.7}, "report"),
     ({"rule": "debate_space", "rate": -0.1}, "rate"), ({"rule": "moving_debate", "widening": 0.5}, "widening"),
     ({"rule": "moving_debate", "turns": 0}, "turns"), ({"rule": "theatre_forum", "scenes": 0}, "scenes"),
     ({"rule": "theatre_forum", "confidence": 2.0}, "confidence")],
)  # fmt: skip
def test_bad_parameters_are_refused(rule, key):
    with pytest.raises(ScenarioError, match=key):
        small({KEY: rule})


def test_polarisation():
    assert_allclose(polarisation(np.array([[0.1], [0.2], [0.6], [0.8], [0.9]])), [0.85 - 0.15])
    assert_array_equal(polarisation(np.array([[0.4]])), [0.0])


@pytest.fixture(params=FORMATS)
def debating(request):
    return founded(small({KEY: request.param}), 0), request.param


class TestSessions:
    everybody = np.ones(3, np.bool_)

    def test_opinions_move_and_the_journal_tells_each_axis(self, debating):
        world, _ = debating
        before = world.councils.ideal
        deliberate(world, self.everybody)
        assert np.any(world.councils.ideal != before)
        lines = [line for line in world.journal if line["kind"] == "opinion"]
        assert {line["move"] for line in lines} == {"growth", "cooperation", "long_term"}
        assert len(lines) == 3 * world.size
        mine = world.councils.territory == 1
        one = next(x for x in lines if (x["body"], x["move"]) == (world.places.code[1], "cooperation"))
        x, y = before[mine, 1], world.councils.ideal[mine, 1]
        told = [one["before"], one["after"], one["spread_before"], one["spread_after"]]
        assert_allclose(told, [x.mean(), y.mean(), x.std(), y.std()])
        told = [one["polarisation_before"], one["polarisation_after"], one["amount"]]
        assert_allclose(
            told, [polarisation(x[:, None])[0], polarisation(y[:, None])[0], np.abs(y - x).mean()]
        )

    def test_a_session_is_paid_and_takes_its_time(self, debating):
        world, name = debating
        p = world.params.deliberation
        deliberate(world, np.array([True, False, True]))
        cost = getattr(p, f"{name}_keur")
        assert cost > 0.0
        assert_allclose(world.finance.flows[:, LINE["programmes"]], [-cost, 0.0, -cost])
        assert debate_delay(world, 0) == getattr(p, f"{name}_delay")
        adopt(world, 0, INDEX["marketing"])
        assert world.pending[-1][0] == world.tick + world.rules.delay[0] + getattr(p, f"{name}_delay")

    def test_who_does_not_meet_does_not_move(self, debating):
        world, _ = debating
        before = world.councils.ideal
        deliberate(world, np.array([True, False, True]))
        away = world.councils.territory == 1
        assert_array_equal(world.councils.ideal[away], before[away])


def test_what_a_debate_moved_wears_off():
    world = founded(small({KEY: "debate_space", "society.deliberation.opinion_return_per_yr": 0.4}), 0)
    home = world.councils.ideal
    deliberate(world, np.ones(3, np.bool_))
    moved = world.councils.ideal
    assert np.any(moved != home)
    world.rules = replace(world.rules, deliberation=[DELIBERATION.build("none")] * 3)
    deliberate(world, np.array([True, True, False]))
    met = world.councils.territory < 2
    assert_allclose(world.councils.ideal[met], (home + 0.6 * (moved - home))[met])
    assert_array_equal(world.councils.ideal[~met], moved[~met])


def test_guests_of_the_rules_sit_in_the_debate():
    plain = founded(small({KEY: "debate_space"}), 0)
    wide = founded(small({KEY: "debate_space", "governance.position.extra_seats": {"nature": 30}}), 0)
    for world in (plain, wide):
        deliberate(world, np.ones(3, np.bool_))
    assert wide.councils.ideal[:, 2].mean() > plain.councils.ideal[:, 2].mean()
