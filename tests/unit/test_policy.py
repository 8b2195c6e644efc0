"""Policy over time: plans that bind, trials that are reviewed, missions that pull; keys and journal."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.errors import ScenarioError
from coopsim.indicators import TERRITORY
from coopsim.model import CoopModel
from coopsim.run import simulate
from coopsim.scenario import load_scenario, section_defaults
from coopsim.schedule.councils import policy as phase
from coopsim.schedule.moves import expectations
from coopsim.society import policy as soc
from coopsim.society.moves import INDEX, KEYS
from coopsim.society.policy import PolicyParams, PolicyState, Trial
from coopsim.world import founded
from tests.system.parts import small

CHOICE = "governance.choice."
ALL = np.ones(3, np.bool_)
M = len(KEYS)
MARKETING, TAX_DOWN, LAND = INDEX["marketing"], INDEX["tax_down"], INDEX["open_land"]
UNEMPLOYED = {"indicator": "unemployment", "ceiling": 0.0}
HOUSED = {"indicator": "population", "floor": 1.0}
SPARED = {"indicator": "artificialised_ha", "ceiling": 0.0}


def world_of(mode, seed=0, **changes):
    keys = {CHOICE + "policy." + key: value for key, value in changes.items()}
    return founded(small({CHOICE + "policy_mode": mode, **keys}), seed)


def state_of(world):
    return PolicyState.founded(world.size, M, world.params.policy)


def adopted(*where):
    out = np.zeros((3, M), np.bool_)
    for i, m in where:
        out[i, m] = True
    return out


class TestReview:
    def test_the_rest_of_the_world_is_taken_off(self):
        trial = Trial(0, MARKETING, 0, 12, 0.1, np.array([1.0, 1.0, 2.0]))
        effect, spread = soc.realised(trial, np.array([1.5, 1.2, 2.4]), np.array([False, True, True]))
        assert_allclose([effect, spread], [0.5 - 0.3, np.std([0.2, 0.4], ddof=1)])

    def test_alone_the_change_is_taken_whole(self):
        trial = Trial(0, MARKETING, 0, 12, 0.1, np.array([1.0, 1.0, 2.0]))
        assert soc.realised(trial, np.array([1.5, 1.2, 2.4]), np.zeros(3, np.bool_)) == (0.5, 0.0)

    def test_without_noise_the_result_is_believed(self):
        assert_allclose(soc.reviewed(1.0, 0.25, 0.1, 0.0, weighed=True), (0.1, 0.0))

    def test_noise_of_the_size_of_the_doubt_counts_for_half(self):
        assert_allclose(soc.reviewed(1.0, 0.25, 0.0, 0.5, weighed=True), (0.5, 0.125))

    def test_raw_takes_it_at_its_word(self):
        assert soc.reviewed(1.0, 0.25, -3.0, 9.0, weighed=False) == (-3.0, 0.25)


class TestPlan:
    def test_nothing_else_is_proposed_and_the_plan_always_is(self):
        world = world_of("plan", plan_years=2)
        now = phase.course(world, expectations(world), ALL)
        assert not now.forbidden.any()
        assert not now.planned.any()
        phase.remember(world, now, adopted((0, MARKETING), (1, TAX_DOWN)), ALL)
        world.tick = 4
        now = phase.course(world, expectations(world), ALL)
        assert_array_equal(~now.forbidden[0], np.arange(M) == MARKETING)
        assert not now.forbidden[2].any()  # nothing passed: it plans anew
        intent = now.intent(np.full((3, M), -5.0))
        assert intent[0, MARKETING] > 0 > intent[0, LAND]
        world.tick = 8
        assert not phase.course(world, expectations(world), ALL).forbidden.any()

    def test_a_run_keeps_to_its_plan(self):
        spec = small({CHOICE + "policy_mode": "plan", CHOICE + "policy.plan_years": 3, "horizon.years": 4})
        votes = [r for r in simulate(spec, seed=1).journal.to_dict("records") if r["kind"] == "vote"]
        first = {(r["body"], r["move"]) for r in votes if r["tick"] == 0 and r["outcome"] == "passed"}
        planning = {body for body, _ in first}
        later = {(r["body"], r["move"]) for r in votes if 0 < r["tick"] < 12 and r["body"] in planning}
        assert later
        assert later <= first


class TestTrials:
    def test_a_trial_opens_with_what_the_services_expect(self):
        world = world_of("adaptive", review_years=2)
        e = expectations(world)
        e.jobs[0, MARKETING] = 5.0
        now = phase.course(world, e, ALL)
        phase.remember(world, now, adopted((0, MARKETING)), ALL)
        (trial,) = now.state.trials
        years = world.params.councils.horizon_years
        assert (trial.council, trial.candidate, trial.due) == (0, MARKETING, 8)
        assert trial.expected == pytest.approx(0.05 * 2 / years)
        world.tick = 4  # a second dose counts for the time that is left
        phase.remember(world, now, adopted((0, MARKETING)), ALL)
        assert now.state.trials[0].expected == pytest.approx(0.05 * 3 / years)

    def _reviewed(self, won, **changes):
        world = world_of("adaptive", review_years=1, review="raw", **changes)
        world.minds.policy = state = state_of(world)
        level = phase.measures(world)[soc.MEASURES.index("arrivals")].copy()
        state.trials = [Trial(0, TAX_DOWN, 0, 4, 0.01, level)]
        world.tick = 4
        world.signals.arrived_total[0] += won * 0.01 * world.places.jobs[0]
        world.finance.tax_pct[:] = 25.0
        before = expectations(world).jobs.copy()
        now = phase.course(world, (e := expectations(world)), ALL)
        return world, now, e, before

    def test_what_works_goes_on_and_is_believed(self):
        world, now, e, before = self._reviewed(1.5)
        assert not now.forbidden.any()
        assert not now.state.trials
        assert now.state.belief[0, TAX_DOWN] == pytest.approx(1.5)
        assert_allclose(e.jobs[0, TAX_DOWN], 1.5 * before[0, TAX_DOWN])
        assert_allclose(e.jobs[1], before[1])
        assert world.finance.tax_pct[0] == 25.0

    def test_what_fails_stops_and_is_undone(self):
        world, now, _, _ = self._reviewed(-1.0)
        assert now.forbidden[0, TAX_DOWN]
        assert now.forbidden.sum() == 1
        step = world.params.councils.tax_step_points
        assert_allclose(world.finance.tax_pct, [25.0 + step, 25.0, 25.0])
        line = world.journal[-1]
        assert (line["kind"], line["move"], line["outcome"]) == ("review", "tax_down", "reversed")
        assert "-1,00 points mesurés, +1,00 attendus" in line["reason_fr"]

    def test_the_stop_rule_is_a_rule(self):
        _, now, _, _ = self._reviewed(-1.0, stop_below=-2.0)
        assert not now.forbidden.any()

    def test_a_review_is_paid(self):
        world, _, _, _ = self._reviewed(1.0)
        keur = world.params.policy.review_keur
        assert_allclose(world.finance.flows[:, LINE["programmes"]], [-keur, 0.0, 0.0])


class TestMission:
    def test_far_targets_count_among_needs(self):
        world = world_of("mission", targets=[UNEMPLOYED], commitment=2.0)
        before = expectations(world).social.copy()
        e = expectations(world)
        now = phase.course(world, e, ALL)
        far = np.clip(world.people.unemployment, 0.0, 1.0)
        sign = soc.served("unemployment", KEYS)
        weight = world.params.councils.weight_social
        assert_allclose(e.social - before, -2.0 * far[:, None] * sign / weight, atol=1e-12)
        assert not (now.forbidden & (sign <= 0)).any()

    def test_a_ceiling_takes_away_what_worsens_it(self):
        now = phase.course(w := world_of("mission", targets=[SPARED]), expectations(w), ALL)
        assert_array_equal(now.forbidden.any(axis=0), soc.served("artificialised_ha", KEYS) > 0)
        free = world_of("mission", targets=[SPARED], ceilings_bind=False)
        assert not phase.course(free, expectations(free), ALL).forbidden.any()

    def test_a_target_that_is_met_moves_nobody(self):
        world = world_of("mission", targets=[HOUSED])
        e, before = expectations(world), expectations(world)
        phase.course(world, e, ALL)
        assert_array_equal(e.social, before.social)
        assert world.journal[-1]["amount"] == 1.0

    def test_it_ends_at_its_horizon(self):
        world = world_of("mission", targets=[UNEMPLOYED], horizon_years=1)
        phase.course(world, expectations(world), ALL)
        world.tick = 4
        phase.course(world, expectations(world), ALL)
        assert [r["outcome"] for r in world.journal[-3:]] == ["ended"] * 3
        world.tick, lines = 8, len(world.journal)
        e, before = expectations(world), expectations(world)
        phase.course(world, e, ALL)
        assert len(world.journal) == lines
        assert_array_equal(e.social, before.social)


class TestKeys:
    def test_by_default_nothing_is_remembered(self):
        world = world_of("yearly")
        assert phase.course(world, expectations(world), ALL) is None
        assert world.minds.policy is None

    @pytest.mark.parametrize(
        ("targets", "said"),
        [
            ([{"indicator": "unemploymnt", "ceiling": 0.1}], "unemployment"),
            ([{"indicator": "unemployment"}], "floor"),
            ([{"indicator": "jobs", "floor": 2.0, "ceiling": 1.0}], "floor"),
            ([UNEMPLOYED, UNEMPLOYED], "targets"),
        ],
    )
    def test_targets_that_make_no_sense_are_refused(self, targets, said):
        with pytest.raises(ScenarioError) as refused:
            small({CHOICE + "policy.targets": targets})
        assert said in str(refused.value)

    def test_every_believed_indicator_and_move_exists(self):
        assert set(soc.BELIEVED) <= set(TERRITORY)
        assert {m for signs in soc.BELIEVED.values() for m in signs} <= set(KEYS)
        assert set(soc.WATCHED) <= set(KEYS)
        assert set(soc.WATCHED.values()) == set(soc.MEASURES)
        assert set(soc.UNDONE) | set(soc.UNDONE.values()) <= set(KEYS)

    def test_parameters_are_those_of_the_files(self):
        assert PolicyParams(**section_defaults("society.policy")).review_keur > 0

    @pytest.mark.parametrize(
        "name", ["mission-ten-years", "mission-ten-years-plan", "mission-ten-years-learning"]
    )
    def test_the_family_differs_by_its_rules(self, name):
        spec = load_scenario(name, {"horizon.years": 4})
        kinds = {"mission-ten-years": "mission", "mission-ten-years-learning": "review"}
        model = CoopModel(spec, 0, views=False)
        for _ in range(spec.ticks):
            model.step()
        seen = {line["kind"] for line in model.world.journal} & {"mission", "review"}
        model.release()
        assert seen == ({kinds[name]} if name in kinds else set())
