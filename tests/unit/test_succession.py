"""Succession: presidents who leave by event, by chance or at elections, and what staff keep."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.run import simulate
from coopsim.schedule.councils.succession import departures, forget, leader_leaves
from coopsim.schedule.elections import elections_phase
from coopsim.society import elections
from coopsim.world import founded
from tests.system.parts import small

P = "society.elections."


def world_of(seed=0, **changes):
    return founded(small({P + key: value for key, value in changes.items()}), seed)


class TestLeaving:
    def test_the_next_on_the_list_sits_and_a_president_is_elected(self):
        world = world_of()
        before, seat = world.councils, int(world.councils.executive[1])
        leader_leaves(world, np.array([1]))
        after = world.councils
        others = np.arange(before.territory.size) != seat
        assert_array_equal(after.ideal[others], before.ideal[others])
        assert np.any(after.ideal[seat] != before.ideal[seat])
        assert_array_equal(after.executive[[0, 2]], before.executive[[0, 2]])
        chosen = elections.presidents(
            world.electorate,
            after.commune,
            after.party,
            after.ideal,
            after.winner,
            world.params.elections.candidates,
        )
        assert after.executive[1] == chosen[1]
        assert after.territory[after.executive[1]] == 1

    def test_successors_stand_around_the_point_of_their_list(self):
        world = world_of()
        seat = int(world.councils.executive[0])
        p = world.params.elections
        centres, _ = elections.list_positions(world.electorate, p, world.seed)
        middle = centres[world.councils.commune[seat], world.councils.party[seat]]
        drawn = np.array([
            elections.newcomer(world.electorate, world.councils, seat, p, world.seed, tick) for tick in range(400)
        ])  # fmt: skip
        inside = (middle > 0.2) & (middle < 0.8)  # points near 0 or 1 are clipped
        assert inside.any()
        assert_allclose(drawn.mean(axis=0)[inside], middle[inside], atol=4 * p.personal_sd / 20)

    @pytest.mark.parametrize("continuity", [0.0, 0.5, 1.0])
    def test_staff_damp_the_loss_of_competence_and_of_acquaintance(self, continuity):
        world = world_of(staff_continuity=continuity, leader_memory=0.4, leader_ties=0.2)
        world.competence[:] = 0.9
        world.ties.knowledge[:] = 0.5
        seat = int(world.councils.executive[0])
        leader_leaves(world, np.array([0]))
        start = world.params.councils.competence_start
        mine = (world.councils.territory == 0) & (np.arange(world.competence.size) != seat)
        assert_allclose(world.competence[mine], start + (0.9 - start) * (1 - 0.4 * (1 - continuity)))
        assert world.competence[seat] == start
        assert_allclose(world.competence[world.councils.territory > 0], 0.9)
        left = 0.5 * (1 - 0.2 * (1 - continuity))
        assert_allclose(world.ties.knowledge[0, 1:], left)
        assert_allclose(world.ties.knowledge[1:, 0], left)
        assert world.ties.knowledge[1, 2] == 0.5

    def test_the_journal_tells_it(self):
        world = world_of()
        leader_leaves(world, np.array([2, 0]))
        lines = [line for line in world.journal if line["kind"] == "succession"]
        assert [line["body"] for line in lines] == [world.places.code[2], world.places.code[0]]
        assert all("la présidence s'en va" in line["reason_fr"] for line in lines)

    def test_nobody_leaves_by_chance_at_no_hazard(self):
        world = world_of()
        before = world.councils
        departures(world)
        assert world.councils is before

    def test_the_hazard_is_a_share_of_the_years(self):
        spec = small({P + "leader_hazard_per_yr": 0.3}, years=12)
        left = sum((simulate(spec, seed).journal["kind"] == "succession").sum() for seed in range(6))
        tried = 3 * 12 * 6
        assert left == pytest.approx(0.3 * tried, abs=4 * np.sqrt(0.21 * tried))

    def test_the_event_is_the_same_as_the_call(self):
        change = {"event": [{"when": 3, "what": "president_leaves", "territories": ["T02"], "amount": 1.0}]}
        run = simulate(small(change), seed=1)
        lines = run.journal[run.journal["kind"] == "succession"]
        assert lines[["tick", "body"]].to_numpy().tolist() == [[3, "T02"]]


class TestElections:
    def elected(self, seed=0, **changes):
        world = world_of(seed, **changes)
        world.competence[:] = 0.9
        world.ties.knowledge[:] = 0.5
        world.tick = 24
        elections_phase(world)
        return world

    def test_staff_keep_a_part_of_what_is_lost(self):
        none, all_ = self.elected(), self.elected(staff_continuity=1.0)
        assert (none.competence <= 0.9 + 1e-12).all()
        assert (none.competence < 0.9 - 1e-9).any()
        assert_allclose(all_.competence, 0.9)
        half = self.elected(staff_continuity=0.5)
        assert_allclose(half.competence, (none.competence + 0.9) / 2)

    def test_alternation_loses_acquaintance_only_where_a_rule_says_so(self):
        assert (self.elected().ties.knowledge == 0.5).all()
        world = self.elected(seed=2, alternation_knowledge_loss=0.3)
        changed = world.councils.changed
        assert changed.any()
        pairs = changed[:, None] | changed[None, :]
        off = ~np.eye(3, dtype=np.bool_)
        assert_allclose(world.ties.knowledge[pairs & off], 0.35)
        assert_allclose(world.ties.knowledge[~pairs & off], 0.5)

    def test_heads_who_do_not_stand_again_lose_more_often(self):
        lost = {}
        for share in (1.0, 0.0):
            found = [self.elected(seed, stands_again=share, personal_vote=1.5).councils for seed in range(12)]
            lost[share] = np.mean(np.concatenate([c.alternation for c in found]))
        assert lost[0.0] > lost[1.0] + 0.1

    def test_opinions_start_from_the_election_again(self):
        world = world_of()
        world.minds.home = world.councils.ideal
        world.tick = 24
        elections_phase(world)
        assert world.minds.home is None


def test_nothing_is_forgotten_where_nothing_is_lost():
    world = world_of(leader_ties=0.0)
    knowledge = world.ties.knowledge
    forget(world, np.ones(3, np.bool_), 0.0)
    assert world.ties.knowledge is knowledge
    world.params = replace(world.params, elections=replace(world.params.elections, staff_continuity=1.0))
    forget(world, np.ones(3, np.bool_), 0.9)
    assert world.ties.knowledge is knowledge


class TestEarlyElections:
    def test_only_the_territories_named_vote(self):
        world = world_of(seed=3)
        world.tick, world.competence[:] = 7, 0.8
        world.shocks.append((7, "elections_now", 1.0, np.array([1])))
        before, told = world.councils, len(list(world.journal))
        elections_phase(world)
        after = world.councils
        assert [row["body"] for row in list(world.journal)[told:] if row["kind"] == "election"] == ["T02"]
        for i in (0, 2):
            was, now = before.territory == i, after.territory == i
            assert_array_equal(before.seat_id[was], after.seat_id[now])
            assert_array_equal(before.ideal[was], after.ideal[now])
            assert_array_equal(world.competence[now], 0.8)
            assert before.seat_id[before.executive[i]] == after.seat_id[after.executive[i]]
            assert not after.changed[i]
        assert after.territory[after.executive[1]] == 1
        assert (world.competence[after.territory == 1] < 0.8).any()
        assert_array_equal(after.commune, np.sort(after.commune))

    def test_the_same_people_are_elected_as_at_an_ordinary_election(self):
        """Voting everywhere by the event is an election like another: the same keys, the same draws."""
        called, due = world_of(seed=3), world_of(seed=3)
        called.tick = due.tick = 24
        due.tick = 24
        elections_phase(due)
        new = elections.elect(
            called.electorate, called.law, called.params.elections, called.seed, 24, called.councils
        )
        whole, row = elections.merged(called.councils, new, np.ones(3, dtype=np.bool_), called.electorate)
        for name in ("seat_id", "commune", "party", "rank", "ideal", "executive", "winner", "changed"):
            assert_array_equal(getattr(whole, name), getattr(new, name))
        assert row.min() == called.councils.seat_id.size

    def test_an_ordinary_election_takes_no_notice_of_the_event(self):
        change = {"event": [{"when": 4, "what": "elections_now", "amount": 1.0}]}
        run = simulate(small(change, years=2), seed=1)
        held = run.journal[run.journal["kind"] == "election"]
        assert sorted(held[held["tick"] == 4]["body"]) == ["T01", "T02", "T03"]
