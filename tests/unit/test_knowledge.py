"""What councils know and learn: each key of information acts, by its mechanism, and whoever learns pays."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.run import simulate
from coopsim.schedule.councils import knowledge, phase
from coopsim.schedule.elections import elections_phase
from coopsim.schedule.moves import expectations
from coopsim.society import councils as soc
from coopsim.society import minds
from coopsim.society.councils import CouncilParams
from coopsim.world import founded
from tests.system.parts import params, small

I = "governance.information."  # noqa: E741
P = "society.councils."
ALL = np.ones(3, np.bool_)


def world_of(**changes):
    named = {(P if key in CouncilParams.__dataclass_fields__ else I) + key: x for key, x in changes.items()}
    return founded(small(named), 0)


def utilities(world):
    return phase.seat_utilities(world, expectations(world))


def lived(world, years):
    """Let councils learn for some years, nothing else."""
    for year in range(years):
        world.tick = 4 * year
        knowledge.learn(world, ALL)
    return world


class TestPerception:
    def test_a_perfect_diagnostic_shows_what_its_parameter_says(self):
        p = params(CouncilParams)
        one = np.ones(3)
        found = minds.perception(p, np.array([0, 1, 2]), one)
        assert_array_equal(found, [p.perception_none, p.perception_own, p.perception_shared])
        half = minds.perception(p, np.array([0, 1, 2]), 0.5 * one)
        assert_allclose(half[2], (p.perception_none + p.perception_shared) / 2)
        assert_array_equal(minds.perception(p, np.array([2]), np.zeros(1)), [p.perception_none])

    def test_form_and_agenda_say_how_fast_it_is_taken_in(self):
        """After n years a share 1 - (1 - rate)^n of the diagnostic is in the heads, rate = uptake × form × agenda."""
        p = params(CouncilParams)
        for form, uptake in (
            ("report", p.uptake_report),
            ("map", p.uptake_map),
            ("facilitated_debate", p.uptake_debate),
        ):
            world = lived(
                world_of(diagnostic="own", form=form, agenda_alignment=0.8, diagnostic_uptake="taken_in"), 5
            )
            assert_allclose(world.minds.taken_in, 1 - (1 - p.uptake_per_yr * uptake * 0.8) ** 5)
        nothing = lived(world_of(diagnostic="shared", agenda_alignment=0.0, diagnostic_uptake="taken_in"), 5)
        assert_array_equal(nothing.minds.taken_in, np.zeros(3))
        assert_array_equal(utilities(nothing), utilities(lived(world_of(), 5)))  # as without any (P20)

    def test_immediate_is_the_first_version(self):
        seen = world_of(diagnostic="shared", diagnostic_uptake="immediate")
        assert_array_equal(minds.quality(seen.params.councils, seen.minds, np.ones(3), 0), np.ones(3))

    def test_a_diagnostic_ages_until_the_next_edition(self):
        world = world_of(diagnostic="shared", refresh_years=3, diagnostic_uptake="immediate")
        fading = 1 - world.params.councils.diagnostic_fading_per_yr
        seen = []
        for year in range(5):
            world.tick = 4 * year
            knowledge.learn(world, ALL)
            seen.append(minds.quality(world.params.councils, world.minds, np.ones(3), world.tick)[0])
        assert_allclose(seen, [1.0, fading, fading**2, 1.0, fading])
        world.rules = replace(world.rules, diagnostic=np.zeros(3, np.int64))
        knowledge.learn(world, ALL)
        assert_array_equal(world.minds.edition, [-1, -1, -1])

    def test_a_false_diagnostic_shows_other_dependences(self):
        true, wrong = world_of(diagnostic="shared"), world_of(diagnostic="shared", accuracy=0.2)
        for world in (true, wrong):
            knowledge.learn(world, ALL)
        assert_array_equal(knowledge.shown(true), true.dependence)
        off = wrong.dependence > 0
        assert np.any(knowledge.shown(wrong)[off] != wrong.dependence[off])
        assert_array_equal(knowledge.shown(wrong)[~off], 0.0)
        assert np.any(wrong.perceived != true.perceived)
        shown = knowledge.shown(wrong)
        wrong.tick = 3  # the same edition keeps its error
        assert_array_equal(knowledge.shown(wrong), shown)

    def test_an_accuracy_of_nothing_teaches_nothing(self):
        none = lived(world_of(diagnostic="shared", accuracy=0.0), 4)
        assert_array_equal(none.perceived, world_of().perceived)
        p = none.params.councils
        good = minds.quality(p, none.minds, none.rules.council.accuracy, none.tick)
        assert_array_equal(minds.perception(p, none.rules.diagnostic, good), np.full(3, p.perception_none))
        assert_array_equal(knowledge.error_cut(none, good), np.zeros(3))


class TestCompetence:
    def test_training_saturates_and_is_paid(self):
        gain, spent = [], []
        for keur in (0.0, 10.0, 40.0, 4000.0):
            world = world_of(training_keur=keur)
            knowledge.learn(world, ALL)
            gain.append(world.competence.mean())
            spent.append(-world.finance.flows[0, LINE["programmes"]])
        assert spent == [0.0, 10.0, 40.0, 4000.0]
        assert gain[0] < gain[1] < gain[2] < gain[3]
        assert (gain[2] - gain[1]) / 30.0 < (gain[1] - gain[0]) / 10.0

    def test_half_of_the_effect_at_the_stated_spending(self):
        p = params(CouncilParams)
        found = minds.trained(p, np.array([p.training_half_keur_per_seat * 20]), np.array([20]))
        assert_allclose(found, p.training_gain_per_yr / 2)

    def test_peers_learn_from_the_best_neighbour(self):
        world, alone = world_of(peer_learning=0.5), world_of()
        for one in (world, alone):
            one.competence = np.where(one.councils.territory == 1, 0.9, 0.3)
            knowledge.learn(one, ALL)
        more = world.competence - alone.competence
        near = world.ties.adjacent[:, 1][world.councils.territory]
        rate = world.params.councils.peer_learning_per_yr * 0.5
        base = alone.competence[near]
        best = alone.competence[alone.councils.territory == 1][0]
        assert_allclose(more[near], rate * (best - base))
        assert_allclose(more[world.councils.territory == 1], 0.0)

    def test_singularity_does_not_look_at_others(self):
        world = world_of(peer_learning=1.0, singularity=1.0)
        alone = world_of()
        for one in (world, alone):
            one.competence = np.where(one.councils.territory == 1, 0.9, 0.3)
            knowledge.learn(one, ALL)
        assert_array_equal(world.competence, alone.competence)

    def test_competence_lowers_the_error_of_expectations(self):
        low, high = world_of(), world_of()
        low.competence[:], high.competence[:] = 0.0, 1.0
        calm = replace(low.params, councils=replace(low.params.councils, vote_noise=0.0, context_noise=0.0))
        sure = world_of(expectation_error=0.0)
        for one in (low, high, sure):
            one.params = replace(
                calm, councils=replace(calm.councils, expectation_error=one.params.councils.expectation_error)
            )
        assert_allclose(utilities(high), utilities(sure))
        assert np.abs(utilities(low) - utilities(sure)).max() > 0.01

    def test_a_resident_scientist_lowers_it_too_and_is_paid(self):
        world = world_of(science_resident=True)
        assert_allclose(knowledge.error_cut(world, np.ones(3)), world.params.councils.resident_error_cut)
        knowledge.learn(world, ALL)
        assert_allclose(world.finance.flows[:, LINE["programmes"]], -world.params.councils.resident_cost_keur)
        both = world_of(science_resident=True, diagnostic="shared")
        p = both.params.councils
        left = (1 - p.resident_error_cut) * (1 - p.shared_error_cut)
        assert_allclose(knowledge.error_cut(both, np.ones(3)), 1 - left)


class TestBias:
    def test_evaluation_corrects_the_overestimation_of_costs(self):
        world = lived(world_of(evaluation_period=2), 5)  # at the beginning of years 2 and 4
        p = world.params.councils
        assert_allclose(world.minds.bias, p.cost_bias * (1 - p.evaluation_learning) ** 2)
        assert_array_equal(lived(world_of(), 5).minds.bias, np.full(3, p.cost_bias))
        assert (utilities(world) >= utilities(lived(world_of(), 5)) - 1e-12).mean() > 0.7

    def test_a_new_presidency_brings_it_back_unless_staff_remember(self):
        for continuity in (0.0, 0.6, 1.0):
            world = founded(small({"society.elections.staff_continuity": continuity}), 3)
            world.minds.bias[:] = 0.1
            world.tick = 24
            elections_phase(world)
            bias = world.params.councils.cost_bias
            changed = world.councils.changed
            assert_allclose(world.minds.bias[~changed], 0.1)
            assert_allclose(world.minds.bias[changed], 0.1 + (1 - continuity) * (bias - 0.1))

    def test_foresight_takes_myopia_away(self):
        p = params(CouncilParams)
        near, far = world_of(), world_of(foresight=1.0)
        late = soc.Expectations.zeros(3, 1)
        late.social[:] = 100.0
        late.delay[:] = 4.0
        ratio = phase.seat_arguments(far, late).social / phase.seat_arguments(near, late).social
        myopia = p.discount_myopia * (1 - near.councils.ideal[:, 2])
        assert_allclose(ratio[:, 0], np.exp(4.0 * p.foresight_reach * myopia))


class TestCharacter:
    def test_nobody_differs_by_default(self):
        world = world_of()
        found = minds.character(
            world.params.councils, world.councils, world.minds.bias, np.ones(3), np.zeros(3), world.seed
        )
        assert np.unique(found.bias).tolist() == [world.params.councils.cost_bias]
        assert (found.fear == 1.0).all()
        assert not found.singularity.any()

    def test_seats_differ_around_the_same_mean(self):
        p = params(CouncilParams, fear_sd=0.5, bias_sd=0.3, singularity=0.3, singularity_sd=0.1)
        n = 20_000
        seats = soc.Seats(np.arange(n, dtype=np.uint64), np.zeros(n, np.int64), np.full((n, 3), 0.5))
        found = minds.character(p, seats, np.array([0.5]), np.array([1.2]), np.zeros(1), 0)
        assert found.fear.mean() == pytest.approx(1.2, rel=0.02)
        assert found.bias.mean() == pytest.approx(0.5, rel=0.02)
        assert np.log(found.fear).std() == pytest.approx(0.5, rel=0.02)
        assert found.singularity.mean() == pytest.approx(0.3, rel=0.02)
        assert abs(np.corrcoef(found.fear, found.bias)[0, 1]) < 0.03

    def test_singularity_doubts_what_is_shared_only(self):
        plain, proud = world_of(), world_of(singularity=0.4)
        e = soc.Expectations.zeros(3, 2)
        e.social[:] = 1.0
        e.ceded[:, 1] = 0.1
        a, b = (phase.seat_arguments(w, e) for w in (plain, proud))
        assert_array_equal(a.social[:, 0], b.social[:, 0])
        assert_allclose(b.social[:, 1], 0.6 * a.social[:, 1])
        assert_array_equal(a.power, b.power)

    def test_posture_changes_the_fear_of_ceding_and_the_wish_to_propose(self):
        e = soc.Expectations.zeros(3, 1)
        e.ceded[:] = 0.1
        fear = {}
        for posture in ("financer", "partner", "initiator", "actor", "regulator"):
            world = founded(small({"governance.position.posture": posture}), 0)
            fear[posture] = phase.seat_arguments(world, e).power.mean()
        p = params(CouncilParams)
        assert_allclose([x / fear["partner"] for x in fear.values()], p.posture_fear)


@pytest.mark.parametrize(
    "changes",
    [
        {"diagnostic": "own"}, {"diagnostic": "shared"}, {"diagnostic": "shared", "form": "facilitated_debate"},
        {"diagnostic": "shared", "agenda_alignment": 1.0}, {"diagnostic": "shared", "accuracy": 0.3},
        {"diagnostic": "shared", "refresh_years": 10}, {"training_keur": 200.0}, {"peer_learning": 1.0},
        {"evaluation_period": 1}, {"foresight": 1.0}, {"science_resident": True},
    ],
    ids=lambda c: ",".join(f"{k}={v}" for k, v in c.items()),
)  # fmt: skip
def test_each_key_changes_votes(changes):
    """Against the same rules without the last key named: the counts of votes differ somewhere in sixteen years."""
    last = list(changes)[-1]
    plain = {k: v for k, v in changes.items() if k != last}
    counts = []
    for keys in (plain, changes):
        spec = small({I + k: v for k, v in keys.items()}, years=16)
        votes = simulate(spec, seed=4).journal
        votes = votes[votes["kind"] == "vote"].set_index(["tick", "body", "move"])["votes_for"]
        counts.append(votes[~votes.index.duplicated()])
    both = counts[0].index.intersection(counts[1].index)
    assert (counts[0][both] != counts[1][both]).any() or len(both) < len(counts[0])
