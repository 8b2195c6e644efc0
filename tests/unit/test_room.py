"""The room: lanes, tree, undo, votes, predictions, log; what a crash loses, what a replay rebuilds."""

import json
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.run import simulate
from coopsim.scenario import load_scenario
from coopsim.schedule.journal import told
from coopsim_viz.room import Option, Room
from coopsim_viz.room.changes import Amendment, Choice, Shock, from_json, scenario_of, to_json
from coopsim_viz.room.export import branch_tables, export
from coopsim_viz.room.frame import frame, public, trace, tree
from coopsim_viz.room.log import FILE, entries, purge
from coopsim_viz.room.replay import replayed
from coopsim_viz.room.telling import story
from coopsim_viz.room.votes import Ballot, VoteError
from tests.system.parts import small

NO_SUBSIDY = {"payoff.subsidy.max": 0.0}
CHANGE = ({"kind": "amendment", "settings": [["payoff.subsidy.max", 0.0]], "territories": []},)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def lanes():
    return {"A": small({"name": "a"}), "B": small({"name": "b", "governance.payoff.subsidy.max": 5.0})}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def room(tmp_path, clock):
    made = Room(lanes(), tmp_path / "session", seed=5, clock=clock)
    made.opened()
    yield made
    made.close()


def state(room):
    """Everything a room shows, as text: NaN equals NaN."""
    lived = {
        branch: (
            record.territory.tobytes(),
            record.system.tobytes(),
            json.dumps(told(record.journal), default=str),
        )
        for branch, record in ((b, room.lived(b)) for b in room.tree.branches if known(room, b))
    }
    return lived, room.tree.position, room.tree.branches


def known(room, branch):
    return branch in room.past or branch in dict(room.tree.position.branches).values()


def test_lanes_share_the_world_and_live_as_alone(room):
    room.live(6)
    for lane, spec in lanes().items():
        alone = simulate(spec, 5)
        assert (room.lanes[lane].lived().territory == alone.arrays[0][:6]).all()


def test_an_amendment_is_a_branch_that_undo_takes_back(room):
    room.live(4)
    room.amend(NO_SUBSIDY, ["A"])
    assert [b.parent for b in room.tree.branches.values()] == [None, None, 0]
    room.live(6)
    changed = room.lanes["A"].lived().territory.copy()
    room.undo()
    assert room.tick == 4
    assert dict(room.tree.position.branches)["A"] == 0
    room.live(6)
    assert (room.lanes["A"].lived().territory == simulate(lanes()["A"], 5).arrays[0][:10]).all()
    room.redo()  # nothing was decided since: the undone decision can be taken again
    assert (room.tick, dict(room.tree.position.branches)["A"]) == (10, 2)
    assert (room.lanes["A"].lived().territory == changed).all()


def test_a_branch_is_an_ordinary_scenario(room):
    room.live(4)
    room.amend(NO_SUBSIDY, ["B"], ["T01"])
    room.shock("drought", 0.4, ["B"])
    room.choose("T02", [("open_land", 1.0)], ["B"])
    room.live(8)
    branch = dict(room.tree.position.branches)["B"]
    alone = simulate(room.scenario(branch, "evening"), 5)
    assert (room.lanes["B"].lived().territory == alone.arrays[0][:12]).all()
    assert room.scenario(branch, "evening").name == "evening"


def test_a_rule_changed_before_the_first_day_holds_from_it(room):
    room.amend({"choice.proposals_per_year": 0})
    room.live(8)
    for lane in "AB":
        alone = simulate(room.scenario(room.tree.position.on(lane)), 5)
        assert (room.lanes[lane].lived().territory == alone.arrays[0][:8]).all()
        assert room.lanes[lane].lived().series("proposals")[-1] == 0.0


def test_back_keeps_what_was_decided_before_and_leaves_the_rest_in_the_tree(room):
    room.live(4)
    room.amend(NO_SUBSIDY)
    room.live(4)
    room.shock("drought", 0.4, ["A"])
    room.live(4)
    room.back(6)
    assert room.tick == 6
    for lane in "AB":
        changes = room.tree.branches[room.tree.position.on(lane)].changes
        assert [type(c) for c in changes] == [Amendment]
    shocked = next(b for b in room.tree.branches.values() if any(isinstance(c, Shock) for c in b.changes))
    assert room.lived(shocked.id).ticks == 12  # what followed can still be looked at
    with pytest.raises(ScenarioError):
        room.back(6)
    room.undo()
    assert room.tick == 12


def test_a_refused_change_changes_nothing(room):
    room.live(2)
    before = state(room)
    for settings_, lane in (
        ({"payoff.subsidy.max": -3.0}, "A"),
        ({"payoff.subsidi": 1.0}, "A"),
        (NO_SUBSIDY, "C"),
    ):
        with pytest.raises(ScenarioError):
            room.amend(settings_, [lane])
    with pytest.raises(ScenarioError):
        room.shock("drought", 7.0)
    with pytest.raises(ScenarioError):
        room.choose("T99", [("open_land", 1.0)])
    assert state(room) == before
    room.live(1)


def test_the_end_is_the_end(room):
    room.live(500)
    assert room.tick == room.horizon
    assert room.finished
    with pytest.raises(ScenarioError):
        room.amend(NO_SUBSIDY)
    room.end()
    room.live()
    assert room.tick == room.horizon


def test_lanes_are_of_one_case_and_one_time(tmp_path):
    with pytest.raises(ScenarioError, match=r"same|même"):
        Room({"A": small({}), "B": small({"horizon.years": 4})}, tmp_path)


# votes


def phones(room, n, seats=("T01", "T02", "T03")):
    return [room.assembly.join(seats[i % len(seats)]) for i in range(n)]


def asked(room, **how):
    options = [Option("No"), Option("Yes", CHANGE, ("A",))]
    return room.assembly.open_ballot("No subsidy?", options, **how)


def test_everybody_sees_what_an_answer_would_change_and_where(room):
    told = public(asked(room), room)
    assert told["brings"][0] is None
    assert told["brings"][1]["en"].startswith("A – ")
    assert told["brings"][1]["en"].endswith(": 0")
    everywhere = Ballot(1, "?", (Option("No"), Option("Yes", CHANGE)))
    assert public(everywhere, room)["brings"][1]["fr"].startswith("A, B – ")


def test_a_vote_that_wins_amends_the_rules(room):
    room.live(2)
    ballot, tokens = asked(room), phones(room, 3)
    for token, option in zip(tokens, (1, 1, 0), strict=True):
        room.assembly.vote(token, ballot.id, option)
    result = room.assembly.close_ballot()
    assert (result.winner, result.phones, result.voted, result.invited) == (1, (1, 2), 3, 3)
    changes = room.tree.branches[room.tree.position.on("A")].changes
    assert changes == (Amendment(2, (("payoff.subsidy.max", 0.0),), ()),)
    assert room.tree.branches[room.tree.position.on("B")].changes == ()


@pytest.mark.parametrize(
    ("votes", "how", "winner"),
    [
        ((1, 0), {}, 0),  # a tie adopts nothing: things stay as they are
        ((1, 1, None, None, None), {"quorum": 0.5}, -1),
        ((1, 1, None, None, None), {"quorum": 0.4}, 1),
        ((1, 1, None, None, None), {"absent": "against"}, 0),
        ((1, 1, 1, 0), {"rule": {"rule": "supermajority", "share": 0.8}}, 0),
        ((1, 1, 0), {"rule": "unanimity"}, 0),
        ((None, None), {}, -1),  # nobody voted
    ],
)
def test_rules_quorum_and_absentees(room, votes, how, winner):
    tokens, ballot = phones(room, len(votes)), asked(room, **how)
    for token, option in zip(tokens, votes, strict=True):
        if option is not None:
            room.assembly.vote(token, ballot.id, option)
    assert room.assembly.close_ballot().winner == winner


@pytest.mark.parametrize(
    ("weights", "votes", "shares", "winner"),
    [
        ("seat", (1, 1, 0, 0), (1.0, 1.0), 0),  # two seats, even: things stay as they are
        ("seat", (1, 1, 0, 1), (0.0, 2.0), 1),
        ("seat", (1, 0, None, 1), (0.0, 1.0), 1),  # the first seat is divided: silent
        ("population", (1, 1, 1, 0), (20000.0, 12000.0), 0),
        ("population", (0, 0, 0, 1), (12000.0, 20000.0), 1),
    ],
)
def test_a_seat_speaks_with_the_voice_of_most_of_its_phones(room, weights, votes, shares, winner):
    tokens, ballot = phones(room, 4, ("T01", "T01", "T01", "T02")), asked(room, weights=weights)
    for token, option in zip(tokens, votes, strict=True):
        if option is not None:
            room.assembly.vote(token, ballot.id, option)
    result = room.assembly.close_ballot()
    assert (result.winner, result.weights) == (winner, shares)


def test_phones_of_a_seat_share_its_weight_among_many_answers(room):
    tokens = phones(room, 4, ("T01", "T01", "T01", "T02"))
    ballot = room.assembly.open_ballot("Which?", [Option("a"), Option("b"), Option("c")], weights="seat")
    for token, option in zip(tokens, (0, 0, 0, 1), strict=True):
        room.assembly.vote(token, ballot.id, option)
    result = room.assembly.close_ballot()
    assert result.weights == (1.0, 1.0, 0.0)  # three thirds are one: a tie, nothing is adopted
    assert result.winner == -1


def test_many_answers_need_more_than_half(room):
    tokens = phones(room, 5)
    for votes, winner in (((0, 1, 2, 2, 2), 2), ((0, 1, 2, 2, 1), -1)):
        ballot = room.assembly.open_ballot("Which?", [Option("a"), Option("b"), Option("c")])
        for token, option in zip(tokens, votes, strict=True):
            room.assembly.vote(token, ballot.id, option)
        assert room.assembly.close_ballot().winner == winner


def test_a_phone_votes_once_and_only_while_it_may(room, clock):
    token = phones(room, 1)[0]
    ballot = asked(room, seconds=30.0)
    refusals = [
        (("forged", ballot.id, 1), "unknown_phone"),
        ((token, ballot.id + 1, 1), "closed"),
        ((token, ballot.id, 2), "unknown_option"),
        ((token, ballot.id, -1), "unknown_option"),
        ((token, ballot.id, True), "unknown_option"),
    ]
    for arguments, code in refusals:
        with pytest.raises(VoteError, match=code):
            room.assembly.vote(*arguments)
    room.assembly.vote(token, ballot.id, 1)
    with pytest.raises(VoteError, match="already_voted"):
        room.assembly.vote(token, ballot.id, 0)
    clock.now = 31.0
    with pytest.raises(VoteError, match="closed"):
        room.assembly.vote(phones(room, 1)[0], ballot.id, 0)
    room.assembly.tend()
    assert ballot.result.voted == 1
    with pytest.raises(VoteError, match="closed"):
        room.assembly.vote(token, ballot.id, 0)


def test_badly_put_votes_are_refused(room):
    for how in ({"weights": "money"}, {"quorum": 2.0}, {"absent": "yes"}, {"rule": "majorty"}):
        with pytest.raises(ScenarioError):
            asked(room, **how)
    with pytest.raises(ScenarioError):
        room.assembly.open_ballot("One answer?", [Option("Yes")])
    assert room.assembly.ballot is None


@given(
    st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 2))), max_size=30), st.randoms()
)
@settings(max_examples=60)
def test_the_count_is_that_of_the_votes_in_any_order(cast, random):
    seats = {f"p{i}": f"s{seat}" for i, (seat, _) in enumerate(cast)}
    people = {f"s{i}": 100.0 * (i + 1) for i in range(4)}
    votes = [(f"p{i}", option) for i, (_, option) in enumerate(cast) if option is not None]
    results = []
    for _ in range(2):
        ballot = Ballot(0, "?", (Option("a"), Option("b"), Option("c")), weights="population")
        for phone, option in votes:
            ballot.cast(phone, option)
        results.append(ballot.close(seats, people))
        random.shuffle(votes)
    assert results[0] == results[1]
    assert sum(results[0].phones) == results[0].voted == len(votes)
    seated = {seats[phone] for phone, _ in votes}
    assert sum(results[0].weights) <= sum(people[s] for s in seated) + 1e-9


def test_a_secret_ballot_leaves_its_total_only(room):
    tokens = phones(room, 3)
    ballot = asked(room, secret=True)
    for token, option in zip(tokens, (1, 0, 1), strict=True):
        room.assembly.vote(token, ballot.id, option)
    on_disk = (room.folder / FILE).read_text()
    assert '"vote"' not in on_disk
    assert not any(token in on_disk for token in tokens)
    room.assembly.close_ballot()
    assert ballot.votes == {}
    lines = [line for line in entries(room.folder) if line["do"] == "count"]
    assert lines[0]["phones"] == [1, 2]


# predictions


def test_predictions_are_kept_and_shown_against_what_comes(room):
    token = phones(room, 1)[0]
    room.live(2)
    room.assembly.predict(token, "A", "jobs", 8, 1234.0)
    room.assembly.predict(token, "A", "jobs", 8, 1300.0)  # thought better of it
    wrong_ones = [
        ("C", "jobs", 8, 1.0),
        ("A", "jbos", 8, 1.0),
        ("A", "jobs", 1, 1.0),
        ("A", "jobs", 900, 1.0),
    ]
    for wrong in (*wrong_ones, ("A", "jobs", 8, float("nan")), ("A", "jobs", 8, "1")):
        with pytest.raises(VoteError):
            room.assembly.predict(token, *wrong)
    assert frame(room)["lanes"]["A"]["predicted"]["jobs"] == {8: [1300.0]}


# the log


def evening(room):
    tokens = phones(room, 3)
    room.live(4)
    room.amend(NO_SUBSIDY, ["A"])
    room.live(3)
    room.assembly.predict(tokens[0], "B", "jobs", 9, 500.0)
    ballot = asked(room)
    for token in tokens:
        room.assembly.vote(token, ballot.id, 1)
    room.assembly.close_ballot()
    room.shock("drought", 0.3)
    room.live(2)
    room.back(5)
    room.rename(0, "as it was")
    room.live(2)
    room.undo()
    room.redo()
    return tokens


def test_a_replay_is_the_session(room):
    evening(room)
    again = replayed(room.folder)
    assert state(again) == state(room)
    assert list(again.assembly.predictions) == list(room.assembly.predictions)
    assert [b.result for b in again.assembly.ballots] == [b.result for b in room.assembly.ballots]
    again.close()


def test_a_killed_room_opens_where_it_was_and_phones_are_still_known(room, clock):
    tokens = evening(room)
    ballot = asked(room)
    room.assembly.vote(tokens[0], ballot.id, 1)
    room.live(1)
    tick = room.tick
    with (room.folder / FILE).open("a", encoding="utf-8") as file:
        file.write('{"do":"live","t')  # the power went while a line was written
    again = replayed(room.folder, clock, keep=True)
    assert again.tick == tick
    assert again.assembly.ballot.votes == room.assembly.ballot.votes
    with pytest.raises(VoteError, match="already_voted"):
        again.assembly.vote(tokens[0], ballot.id, 0)
    again.assembly.vote(tokens[1], ballot.id, 0)
    again.assembly.close_ballot()
    again.live(1)
    again.close()
    third = replayed(room.folder)
    assert third.tick == tick + 1
    assert third.assembly.ballots[-1].result.voted == 2
    third.close()


def test_purging_removes_people_and_keeps_the_trajectory(room):
    evening(room)
    room.end()
    before = state(room)
    assert purge(room.folder) == 3 + 1 + 3  # joined, predicted, voted
    text = (room.folder / FILE).read_text()
    assert not any(word in text for word in ('"join"', '"predict"', '"vote"', '"phone":'))
    again = replayed(room.folder)
    assert state(again) == before
    again.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json\n",
        '{"do":"live","to":3}\n',
        '{"do":"open","format":99,"seed":1,"scenarios":{}}\n',
        '{"do":1}\n{"do":"x"}\n',
    ],
)
def test_a_log_that_is_none_is_told(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ScenarioError):
        replayed(tmp_path)
    with pytest.raises(ScenarioError):
        replayed(tmp_path / "nowhere")


def test_an_unknown_line_of_a_log_is_told_by_number(room):
    room.live(1)
    with (room.folder / FILE).open("a", encoding="utf-8") as file:
        file.write('{"do":"fly"}\n{"do":"live","to":2}\n')
    with pytest.raises(ScenarioError) as caught:
        replayed(room.folder)
    assert caught.value.problems[0].key == "3"


def test_export_gives_tables_and_scenarios_that_run(room, tmp_path):
    evening(room)
    out = tmp_path / "out"
    export(room, out)
    tables = branch_tables(room)
    assert set(tables["system"]["branch"]) == {b for b in room.tree.branches if known(room, b)}
    for lane in "AB":
        branch = room.tree.position.on(lane)
        file = out / "scenarios" / f"session-{lane.lower()}{branch}.toml"
        spec = load_scenario(str(file))
        ticks = room.lanes[lane].lived().ticks
        assert (simulate(spec, 5).arrays[0][:ticks] == room.lanes[lane].lived().territory).all()


def test_a_room_that_never_lived_has_empty_tables(room):
    assert {name: len(table) for name, table in branch_tables(room).items()} == {
        "territories": 0,
        "system": 0,
        "journal": 0,
    }


# frames


def test_frames_are_plain_and_small(room):
    evening(room)
    shown = frame(room, ("jobs", "unemployment"), "jobs")
    text = json.dumps(shown, allow_nan=False)
    assert len(text) < 60_000
    assert shown["lanes"]["A"]["series"]["jobs"][-1] == pytest.approx(shown["lanes"]["A"]["now"]["jobs"])
    assert shown["lanes"]["A"]["map"] == pytest.approx(
        room.lanes["A"].lived().places("jobs").tolist(), rel=1e-4
    )
    here = [branch for branch in tree(room) if branch["here"]]
    assert sorted(branch["lane"] for branch in here) == ["A", "B"]


def test_every_sentence_has_its_trace(room):
    room.live(8)
    journal = room.lanes["B"].lived().journal
    told = story(journal, 5)
    assert told
    for sentence in told:
        found = trace(journal, sentence["row"])
        # the wall leaves out the numbers and the third clause, the trace has them all
        words = re.findall(r"\w+", sentence["fr"])
        said = iter(re.findall(r"\w+", found["reason_fr"]))
        assert words
        assert all(word in said for word in words)
        json.dumps(found, allow_nan=False)


@given(st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_survive_the_log(data):
    numbers = st.floats(0.0, 1.0, allow_nan=False)
    codes = st.lists(st.sampled_from(["T01", "T02"]), max_size=2).map(tuple)
    change = data.draw(
        st.one_of(
            st.builds(
                Amendment,
                st.integers(0, 7),
                st.tuples(st.tuples(st.just("payoff.subsidy.max"), numbers)),
                codes,
            ),
            st.builds(Shock, st.integers(0, 7), st.just("drought"), numbers, codes, st.integers(1, 4)),
            st.builds(
                Choice, st.integers(0, 7), st.sampled_from(["T01", "T02"]), st.just((("open_land", 1.0),))
            ),
        )
    )
    again = from_json(json.loads(json.dumps(to_json(change))))
    assert again == change
    scenario = scenario_of(small({}), [again], "x")
    assert np.isfinite(scenario.ticks)
