"""Coalitions on a mission and public debates that councils call: what each changes, who pays, and nothing else."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.scenario.governance_councils import DEBATE_FORMATS
from coopsim.schedule.coalition import learn_together, meetings
from coopsim.schedule.councils.deliberation import debate_delay, rules_of
from coopsim.schedule.councils.phase import councils_phase
from coopsim.schedule.moves import carry_out, expectation, possible
from coopsim.schedule.ties import ties_phase
from coopsim.society.moves import INDEX, KEYS, PROGRAMMES
from coopsim.society.policy import PolicyState
from coopsim.world import founded
from tests.system.invariants import live
from tests.system.parts import small

YEAR, ALL = np.ones(3), np.ones(3, np.bool_)


def world_of(level=(0.0, 0.0, 0.0), **rules):
    world = founded(small({f"governance.{key.replace('__', '.')}": value for key, value in rules.items()}), 0)
    world.programmes[:, PROGRAMMES.index("mission_coalition")] = level
    world.tick = 3
    return world


class TestCoalition:
    def test_members_meet_wherever_they_are(self):
        world = world_of((1.0, 0.0, 0.4))
        found = np.zeros((3, 3))
        meetings(world, found)
        want = np.zeros((3, 3))
        want[0, 2] = want[2, 0] = 0.4 * world.params.commitments.coalition_meeting
        assert_allclose(found, want)
        base = world_of()
        for each in (world, base):
            each.ties.adjacent = np.zeros((3, 3), np.bool_)
            ties_phase(each)
        assert world.ties.knowledge[0, 2] > base.ties.knowledge[0, 2]
        assert world.ties.knowledge[0, 1] == base.ties.knowledge[0, 1]

    def test_members_learn_from_the_most_competent_of_them(self):
        world = world_of((1.0, 1.0, 0.0))
        where = world.councils.territory
        world.competence = np.where(where == 0, 0.9, np.where(where == 2, 0.99, 0.2))
        learn_together(world, ALL, YEAR)
        p = world.params
        rate = p.commitments.coalition_learning * (1.0 - p.councils.singularity)
        assert_allclose(world.competence[where == 1], 0.2 + rate * 0.7)
        assert_allclose(world.competence[where == 0], 0.9)
        assert_allclose(world.competence[where == 2], 0.99)  # outside, though it knows more

    def test_alone_or_without_a_session_nothing_is_learnt(self):
        for world, session in ((world_of((1.0, 0.0, 0.0)), ALL), (world_of((1.0, 1.0, 1.0)), ~ALL)):
            world.competence = np.linspace(0.1, 0.9, world.competence.size)
            before = world.competence.copy()
            learn_together(world, session, YEAR)
            assert_array_equal(world.competence, before)

    def test_what_a_trial_taught_is_shared_by_how_sure_who_tried_is(self):
        world = world_of((1.0, 1.0, 1.0), choice__policy_mode="adaptive")
        state = world.minds.policy = PolicyState.founded(3, len(KEYS), world.params.policy)
        m, prior = INDEX["open_land"], world.params.policy.belief_sd**2
        state.belief[0, m], state.doubt[0, m] = 0.2, prior / 8.0
        learn_together(world, ALL, YEAR)
        pooled = (8.0 * 0.2 + 1.0 + 1.0) / 10.0
        rate = world.params.commitments.coalition_learning
        assert_allclose(state.belief[1:, m], 1.0 + rate * (pooled - 1.0))
        assert 0.2 < state.belief[0, m] < pooled
        assert_array_equal(np.delete(state.belief, m, axis=1), 1.0)
        assert_allclose(state.doubt[1:, m], prior)  # repeating what others say makes nobody surer

    def test_the_council_that_decides_pays(self):
        world = world_of()
        carry_out(world, 2, "mission_coalition")
        cost = world.params.commitments.coalition_keur_per_head * world.people.population[2]
        assert_allclose(world.finance.flows[:, LINE["programmes"]], [0.0, 0.0, -cost])
        assert world.programme("mission_coalition")[2] > 0.0


class TestDebate:
    @pytest.mark.parametrize("form", DEBATE_FORMATS)
    def test_it_is_held_once_and_paid_when_it_is_held(self, form):
        world = world_of(choice__debate_format=form)
        assert possible(world)[:, INDEX["debate"]].any() is np.False_  # not on the menu unless allowed
        carry_out(world, 1, "debate")
        assert not world.finance.flows.any()
        held = rules_of(world)
        assert [getattr(rule, "format", "") for rule in held] == ["", form, ""]
        assert debate_delay(world, 1) == world.params.deliberation.delay(form)
        assert debate_delay(world, 0) == 0
        quiet, before = world_of(choice__debate_format=form), world.councils.ideal.copy()
        world.tick = quiet.tick = 4
        for each in (world, quiet):
            councils_phase(each)
        spent = quiet.finance.flows[:, LINE["programmes"]] - world.finance.flows[:, LINE["programmes"]]
        assert spent[1] >= world.params.deliberation.cost(form) - 1e-9
        assert not world.commitments.debate.any()
        moved = (world.councils.ideal != before).any(axis=1)
        assert not moved[world.councils.territory != 1].any()

    def test_none_where_the_rules_hold_one_before_every_session(self):
        world = world_of(aggregation__deliberation="moving_debate", choice__moves__debate__allowed=True)
        assert not possible(world)[:, INDEX["debate"]].any()
        world = world_of(choice__moves__debate__allowed=True)
        assert possible(world)[:, INDEX["debate"]].all()
        carry_out(world, 0, "debate")
        assert_array_equal(possible(world)[:, INDEX["debate"]], [False, True, True])
        e = expectation(world, "debate")
        assert (e.cost > 0.0).all()
        assert not e.jobs.any()


def test_runs_keep_every_balance():
    plan = {"rule": "fixed", "moves": [{"move": "debate"}, {"move": "mission_coalition"}]}
    world = live(small({"governance.choice.decision_maker": plan}, years=3)).world
    assert (world.programme("mission_coalition") > 0.0).all()
