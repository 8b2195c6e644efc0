"""The shared indicators by their definitions, each against a case worked by hand."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coopsim.indicators import BY_NAME, INDICATORS
from coopsim.model import CoopModel
from coopsim.resources.land import Use
from coopsim.schedule import observations as obs
from coopsim.schedule.record import territory_values
from tests.system.parts import small


def test_shannon_of_one_kind_of_equal_kinds_and_of_nothing():
    assert_allclose(
        obs.shannon(np.array([[5.0, 0.0, 0.0], [2.0, 2.0, 2.0], [0.0, 0.0, 0.0], [1.0, 3.0, 0.0]])),
        [0.0, math.log(3), 0.0, -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))],
        atol=1e-12,
    )


def test_shannon_does_not_depend_on_the_unit():
    amounts = np.random.default_rng(1).random((4, 9))
    assert_allclose(obs.shannon(1000.0 * amounts), obs.shannon(amounts))


def test_a_ratio_to_nothing_is_nothing():
    assert_allclose(obs.ratio(np.array([1.0, 0.0, 3.0]), np.array([0.0, 0.0, 4.0])), [0.0, 0.0, 0.75])


def test_density_counts_pairs_once():
    members = np.array([[1, 1, 1, 0], [1, 1, 0, 0]])
    assert obs._density(members) == pytest.approx(3 / 6)


def test_reciprocity_is_the_share_returned():
    assert obs._reciprocity(np.array([[0.0, 4.0], [1.0, 0.0]])) == pytest.approx(2 / 5)
    assert obs._reciprocity(np.array([[0.0, 2.0], [2.0, 0.0]])) == 1.0
    assert obs._reciprocity(np.array([[0.0, 2.0], [0.0, 0.0]])) == 0.0
    assert obs._reciprocity(np.zeros((2, 2))) == 0.0


def lived(changes=None, ticks=6):
    model = CoopModel(small(changes), seed=1, views=False)
    for _ in range(ticks):
        model.step()
    model.release()
    return model


@pytest.fixture(scope="module")
def world():
    return lived().world


def test_the_indicators_say_what_the_state_holds(world):
    v = territory_values(world)
    crowd, s = world.people, world.signals
    assert_allclose(v["groundwater_m3"].sum(), world.rivers.groundwater.sum())
    assert_allclose(v["wood_need_m3"].sum(), (s.posts * world.sectors.wood).sum())
    assert_allclose(v["revenue_eur_per_head"] * crowd.population / 1000.0, world.finance.revenue_per_yr())
    assert_allclose(v["land_m2_per_job"] * s.posts.sum(axis=1), 1e4 * world.land.uses[:, Use.OCCUPIED])
    held = v["resident_jobs_share"] * (crowd.filled + crowd.own_account)
    assert_allclose(held, np.diagonal(crowd.workers)[:-1] + crowd.own_account)
    assert_allclose(held + crowd.in_commuters, crowd.filled + crowd.own_account)
    assert ((v["diversity"] >= 0.0) & (v["diversity"] <= math.log(len(world.sectors.name)) + 1e-9)).all()
    years = (world.tick - 1 + 1) / 4.0
    pace = v["land_pace"] * world.land.reference / world.params.land.period_years
    assert_allclose(pace * (years + 0.25), world.land.consumed.sum(axis=1) * (world.land.reference > 0))


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, 0.0),
        ({"governance.information.diagnostic": "shared"}, 1.0),
        ({"governance.position.citizen_panel.size": 10}, 2.0),
        ({"governance.position.extra_seats": {"citizens": 2, "voice": "advisory"}}, 3.0),
        ({"governance.position.extra_seats": {"citizens": 2, "voice": "deciding"}}, 4.0),
    ],
)
def test_participation_climbs_with_the_rules(changes, level):
    assert_allclose(obs.participation(lived(changes, ticks=1).world), level)


def test_a_pact_makes_a_network_and_its_first_action_ends_the_wait():
    event = [{"when": 0, "what": "pact_founded", "amount": 1.0}]
    spec = small({"governance.choice.joint_actions": "small_first"}, years=10).but({"event": event})
    model = CoopModel(spec, seed=2, views=False)
    found = []
    for tick in range(40):
        model.step()
        world = model.world
        world.tick -= 1  # as at the record of the tick
        only = obs.system_indicators(world, territory_values(world))
        world.tick += 1
        found.append(only["years_to_first_win"])
        if not only["joint_actions_delivered"]:
            assert only["years_to_first_win"] == pytest.approx((tick + 1) / 4)
            assert only["co_decided_share"] == 0.0 or world.bodies.passed.any()
        if tick == 0:
            assert only["network_density"] == 1.0
    model.release()
    assert model.world.pacts.delivered.any()
    assert found[-1] == 0.25 * (model.world.signals.first_win + 1)
    assert found == sorted(found)


def test_every_indicator_says_its_baseline():
    for indicator in INDICATORS:
        assert indicator.baseline.fr
        assert indicator.baseline.en
    assert "0" in BY_NAME["naf_consumed_ha"].baseline.en
    assert "median" in BY_NAME["cooperation_index"].baseline.en
