"""The story strip, landmarks, kinks of curves and what lies behind them."""

import json

import numpy as np
import pytest

from coopsim.errors import ScenarioError
from coopsim_viz.pages.shocks import at_hand
from coopsim_viz.pages.why import NOTHING, Asked, asked_of
from coopsim_viz.room import Room
from coopsim_viz.room.frame import frame
from coopsim_viz.room.replay import replayed
from coopsim_viz.room.telling import STORY, behind, kinks, landmark, landmarks, sentence, story
from tests.system.parts import small


def line(tick, kind, move="", outcome="", body="T01", text="quelque chose", **more):
    return {"tick": tick, "body": body, "kind": kind, "move": move, "outcome": outcome,
            "reason_fr": text, "reason_en": "something", **more}  # fmt: skip


NAMES = {"T01": "Nord", "T02": "Sud"}


class TestStory:
    def test_who_acted_begins_the_sentence_unless_it_is_named(self):
        journal = [line(0, "pact", "founded"), line(1, "pact", "founded", text="fondé par Nord")]
        assert [s["fr"] for s in story(journal, 5, NAMES)] == ["fondé par Nord", "Nord\u202f: quelque chose"]
        assert story(journal, 5, NAMES)[1]["en"] == "Nord: something"

    def test_turning_points_of_two_years_come_before_votes(self):
        journal = [line(3, "pact", "founded"), *(line(4, "vote", f"m{k}", "passed") for k in range(40))]
        told = story(journal, 6)
        assert len(told) == 6
        assert told[-1]["row"] == 0  # in order of time, but there
        assert [s["row"] for s in told] == sorted((s["row"] for s in told), reverse=True)

    def test_an_old_turning_point_gives_way(self):
        journal = [line(3, "pact", "founded"), *(line(40, "vote", f"m{k}", "passed") for k in range(40))]
        assert 0 not in [s["row"] for s in story(journal, 6)]

    def test_each_council_is_heard_before_one_is_heard_twice(self):
        votes = [line(4, "vote", f"m{k}", "passed", body="T01") for k in range(5)]
        journal = [line(4, "vote", "x", "passed", body="T02"), *votes]
        assert {s["body"] for s in story(journal, 2)} == {"T01", "T02"}

    def test_what_is_refused_every_year_comes_last(self):
        """Bodies refuse the same moves year after year: pacts, shocks and votes that passed are told first."""
        yearly = [
            line(t, "body-vote", f"m{k}", "rejected", body=f"B{k}") for t in (0, 4, 8, 12) for k in range(9)
        ]
        journal = [
            *yearly[:18], line(7, "pact", "founded", body="T09"), line(8, "event", "drought", "fired", amount=1.0),
            line(8, "vote", "x", "passed", body="T02"), *yearly[18:], line(12, "limit", "tax_up", "bound", body="T03"),
        ]  # fmt: skip
        told = story(journal, 4)
        assert [s["kind"] for s in sorted(told, key=lambda s: s["order"])][:3] == ["event", "pact", "vote"]
        assert [s["row"] for s in told] == sorted((s["row"] for s in told), reverse=True)
        assert {s["order"] for s in told} == {0, 1, 2, 3}
        assert "limit" not in {s["kind"] for s in told}

    def test_a_vote_that_turns_comes_before_one_that_passes_every_year(self):
        usual = [line(t, "vote", "usual", "passed", body=f"T0{t}") for t in range(1, 4)]
        journal = [line(2, "vote", "new", "rejected", body="T05"), line(3, "vote", "usual", "passed", body="T01"),
                   *usual, line(6, "vote", "usual", "passed", body="T01"),
                   line(6, "vote", "new", "passed", body="T05")]  # fmt: skip
        assert story(journal, 1)[0]["body"] == "T05"

    def test_a_vote_taken_again_in_its_session_is_told_once(self):
        again = [line(4, "pact-vote", "accept", "passed") for _ in range(3)]
        assert len(story(again, 6)) == 1

    def test_a_wall_shows_no_numbers_of_a_trace(self):
        text = "rejeté, 4 voix pour, 16 contre ; le coût (−0,27 % du budget) l'emporte ; la défiance en retire 0,07 %"
        told = story([line(0, "vote", "m", "rejected", text=text)], 1)[0]
        assert told["fr"] == "rejeté, 4 voix pour, 16 contre ; le coût l'emporte"
        assert (
            sentence([line(0, "vote", "m", "rejected", text=text)], 0, {})["fr"] == text
        )  # the trace keeps them

    def test_an_event_is_named_as_people_name_it(self):
        told = sentence([line(4, "event", "drought", "fired", body="T01,T02", amount=0.5)], 0, NAMES)
        assert (told["fr"], told["en"]) == ("Sécheresse (0,5)", "Drought (0.5)")

    def test_a_line_without_a_sentence_is_not_told(self):
        assert story([line(0, "vote", text="")], 3) == []
        assert story([], 3) == []


class TestLandmarks:
    @pytest.mark.parametrize(
        ("kind", "move", "outcome", "mark"),
        [
            ("pact", "action", "delivered", "win"),
            ("project", "built", "", "win"),
            ("pact", "action", "failed", "broke"),
            ("pact", "dissolved", "dissolved", "broke"),
            ("pact", "left", "left", "broke"),
            ("pact", "founded", "founded", ""),
            ("vote", "open_land", "passed", ""),
        ],
    )
    def test_what_is_a_win_and_what_broke(self, kind, move, outcome, mark):
        assert landmark(line(0, kind, move, outcome)) == mark

    def test_only_the_first_win_is_marked(self):
        journal = [line(t, "pact", "action", "delivered") for t in (2, 5, 9)]
        journal.append(line(10, "pact", "dissolved", "dissolved"))
        assert [(m["tick"], m["kind"]) for m in landmarks(journal)] == [(2, "win"), (10, "broke")]


class TestKinks:
    def test_a_broken_line_bends_where_it_breaks(self):
        t = np.arange(40.0)
        assert kinks(np.where(t < 20, t, 20 - 2 * (t - 20))) == [20]

    @pytest.mark.parametrize(
        "values",
        [np.arange(40.0), np.sin(np.arange(80.0) / 8), np.full(40, 7.0), np.arange(5.0), np.full(40, np.nan)],
    )
    def test_what_is_straight_gently_curved_short_or_unknown_has_none(self, values):
        assert kinks(values) == []

    def test_at_most_three_a_year_apart(self):
        t = np.arange(120.0)
        zigzag = np.abs((t % 40) - 20)
        found = kinks(zigzag)
        assert 0 < len(found) <= 3
        assert (np.diff(found) >= 4).all()


def test_behind_a_point_are_the_year_before_and_the_events_of_the_next_quarter():
    journal = [
        line(2, "pact", "founded"), line(7, "vote", "a", "passed"), line(8, "vote", "b", "rejected"),
        line(9, "pact", "left", "left"), line(10, "event", "drought", "fired", amount=0.5), line(12, "pact", "founded"),
    ]  # fmt: skip
    found = behind(np.arange(20.0), journal, 9, NAMES)
    assert (found["before"], found["at"], found["after"]) == (5.0, 9.0, 13.0)
    assert [one["row"] for one in found["lines"]] == [4, 3, 1]
    assert found["more"] == 1  # the vote that was rejected
    edge = behind(np.arange(3.0), [], 99, NAMES)
    assert (edge["before"], edge["at"], edge["after"]) == (None, 2.0, None)


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        ({"lane": "A", "row": 3}, Asked("A", 3)),
        ({"lane": "B", "name": "jobs", "tick": 4}, Asked("B", -1, "jobs", 4)),
        ({"lane": "C", "row": 3}, NOTHING),
        ({"lane": "A", "name": "nothing", "tick": 4}, NOTHING),
        ({}, NOTHING),
    ],
)
def test_what_a_board_may_ask(data, asked):
    assert asked_of(data) == asked


@pytest.fixture
def room(tmp_path):
    made = Room({"A": small({"name": "a"}), "B": small({"name": "b"})}, tmp_path / "session", seed=2)
    made.opened()
    yield made
    made.close()


class TestRoom:
    def test_a_frame_tells_marks_kinks_and_story(self, room):
        room.live(8)
        room.shock("drought", 0.5, ["A"])
        room.live(4)
        shown = frame(room)
        json.dumps(shown, allow_nan=False)
        for lane in "AB":
            about = shown["lanes"][lane]
            assert len(about["story"]) <= STORY
            assert set(about["kinks"]) == set(about["series"])
        assert [m["kind"] for m in shown["lanes"]["A"]["marks"] if m["row"] < 0] == ["shock"]
        assert not [m for m in shown["lanes"]["B"]["marks"] if m["row"] < 0]
        assert any(s["fr"].startswith("Sécheresse") for s in shown["lanes"]["A"]["story"])

    def test_a_lane_visits_another_branch_and_comes_back(self, room):
        room.live(4)
        room.amend({"payoff.subsidy.max": 0.0}, ["B"])
        room.live(4)
        changed = room.lanes["B"].lived().territory
        room.visit(1)  # the trunk of B
        assert (room.tick, room.tree.position.on("B")) == (8, 1)
        assert room.lanes["B"].scenario.hash == room.base["B"].hash
        trunk = room.lanes["B"].lived().territory
        room.visit(2)
        assert (room.lanes["B"].lived().territory == changed).all()
        assert set(room.tree.branches) == {0, 1, 2}
        room.undo()
        assert room.tree.position.on("B") == 1
        again = replayed(room.folder)
        assert again.tree.position == room.tree.position
        assert (again.lanes["B"].lived().territory == trunk).all()
        again.close()
        with pytest.raises(ScenarioError):
            room.visit(99)

    @pytest.mark.parametrize("name", ["drought", "closure", "opportunity", "subsidy_cut", "elections"])
    def test_events_at_hand_happen(self, room, name):
        room.live(5)
        at_hand(room, name, ["A", "B"], ["T02"])
        room.live(4)
        for lane in "AB":
            fired = [row for row in room.lanes[lane].lived().journal if row["kind"] == "event"]
            assert [(row["tick"], row["body"]) for row in fired] == [(5, "T02")]

    def test_the_founder_leaves_where_there_is_one(self, room):
        room.live(4)
        with pytest.raises(ScenarioError):
            at_hand(room, "founder", ["A", "B"], [])
        room.shock("pact_founded", 1.0, ["A"], ["T01", "T02"])
        room.live(1)
        founders = room.founders()
        assert len(founders) == 1
        at_hand(room, "founder", ["A", "B"], [])
        room.live(1)
        for lane in "AB":
            left = [row for row in room.lanes[lane].lived().journal if row["kind"] == "succession"]
            assert [row["body"] for row in left] == founders
