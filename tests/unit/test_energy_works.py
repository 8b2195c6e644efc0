"""Heat networks and energy loops: prices, who signs, who pays, what is burnt, what is saved."""

import numpy as np
import pytest

from coopsim.economy import energy
from coopsim.economy.energy import HEAT, LOOP, EnergyParams
from coopsim.economy.finance import LINE
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.scenario.parameters import section_defaults
from coopsim.schedule.climate import fire
from coopsim.schedule.firms import loops
from coopsim.schedule.moves import EFFECTS, carry_out, expectation

P = EnergyParams(**section_defaults("economy.energy"))
ONE = np.ones(1)


def test_the_price_is_made_of_investment_upkeep_and_wood() -> None:
    a = P.discount_per_yr / (1.0 - (1.0 + P.discount_per_yr) ** -P.life_years)
    by_hand = (
        1000.0 * P.heat_investment_keur_per_mwh * 0.5 * a
        + P.heat_running_eur_per_mwh
        + 50.0 / P.wood_mwh_per_m3
    )
    assert energy.price(P, HEAT, 0.5 * ONE, 50.0 * ONE)[0] == pytest.approx(by_hand)
    assert energy.annuity(0.0, 20.0) == pytest.approx(0.05)


def test_dearer_wood_makes_heat_dearer_and_leaves_power_alone() -> None:
    assert energy.price(P, HEAT, ONE, 80.0 * ONE) > energy.price(P, HEAT, ONE, 40.0 * ONE)
    assert energy.price(P, LOOP, ONE, 80.0 * ONE) == energy.price(P, LOOP, ONE, 40.0 * ONE)


def test_cover_stops_at_the_whole_need() -> None:
    assert energy.coverage(P, HEAT, np.array([1e6]), np.array([100.0]))[0] == 1.0
    assert energy.coverage(P, HEAT, np.array([8.0]), np.zeros(1))[0] == 0.0


@pytest.fixture
def world():
    spec = load_scenario("heat-network-none").but({"name": "x", "submodels.councils": False})
    model = CoopModel(spec, 1, views=False)
    model.step()
    return model.world


def test_a_work_connects_establishments_and_pays_the_study(world) -> None:
    assert loops.build(world, 0, HEAT, 8.0) == 8.0
    assert world.local.sites[HEAT, 0] == 8.0
    assert world.finance.flows[0, LINE["programmes"]] == pytest.approx(-P.study_keur)
    assert world.finance.flows[0, LINE["projects"]] == 0.0
    assert world.journal[-1]["outcome"] == "built"


def test_the_intercommunalite_pays_its_share_of_what_grants_leave(world) -> None:
    world.rules.local.energy_share[:] = 0.25
    loops.build(world, 0, HEAT, 8.0)
    rest = energy.investment(P, HEAT, 8.0) * 0.5 * 0.25
    assert world.finance.flows[0, LINE["projects"]] == pytest.approx(-rest)
    assert world.local.given[HEAT, 0] == pytest.approx(0.5 + 0.5 * 0.25)


def test_nobody_signs_for_a_work_that_is_dearer_and_the_study_is_lost(world) -> None:
    world.rules.local.energy_grant[:] = 0.0
    assert not loops.worthwhile(world)[HEAT].any()
    assert loops.build(world, 0, HEAT, 8.0) == 0.0
    assert world.local.sites.sum() == 0.0
    assert world.finance.flows[0, LINE["programmes"]] == pytest.approx(-P.study_keur)
    assert world.journal[-1]["outcome"] == "not built"


def test_a_shock_of_energy_is_what_bare_companies_pay_and_the_connected_do_not(world) -> None:
    everywhere = np.arange(world.size)
    bare = loops.saving(world)
    assert not bare.any()
    fire(world, "energy_price", 0.5, 4, everywhere)
    posts = loops.private_posts(world)
    need = P.heat_mwh_per_job * P.heat_price_eur_per_mwh + P.power_mwh_per_job * P.power_price_eur_per_mwh
    np.testing.assert_allclose(loops.saving(world), -0.5 * need * posts / 1000.0)
    before = loops.saving(world)
    loops.build(world, 0, LOOP, 8.0)
    gained = loops.saving(world) - before
    cost = loops.prices(world, world.local.given)[LOOP, 0]
    spared = 8.0 * P.loop_mwh_per_site * (1.5 * P.power_price_eur_per_mwh - cost) / 1000.0
    assert gained[0] == pytest.approx(spared)
    assert not gained[1:].any()


def test_what_is_saved_is_what_posts_save_together(world) -> None:
    loops.build(world, 0, HEAT, 8.0)
    per_post = loops.saving_per_post(world)
    assert per_post is not None
    np.testing.assert_allclose(per_post[:, 0] * loops.private_posts(world), loops.saving(world))


def test_networks_burn_wood_that_companies_then_lack() -> None:
    spec = load_scenario("heat-network-none").but({"name": "x", "submodels.councils": False})
    plain, burning = CoopModel(spec, 1, views=False), CoopModel(spec, 1, views=False)
    for i in range(burning.world.size):
        loops.build(burning.world, i, HEAT, 1000.0)
    for _ in range(3):
        plain.step()
        burning.step()
    fuel = burning.world.local.fuel
    np.testing.assert_allclose(
        fuel, burning.world.local.sites[HEAT] * P.heat_mwh_per_site / P.wood_mwh_per_m3
    )
    assert (burning.world.signals.wood["local_0"] <= plain.world.signals.wood["local_0"] + 1e-12).all()
    assert burning.world.signals.wood["local_0"].sum() < plain.world.signals.wood["local_0"].sum()
    assert burning.world.local.energy_saved.sum() > 0.0


def test_the_move_builds_what_it_says_and_expects_a_gain(world) -> None:
    assert EFFECTS["heat_network"].possible(world).any()
    e = expectation(world, "heat_network")
    assert (e.jobs[:, 0] > 0.0).all()
    assert (e.cost[:, 0] > 0.0).all()
    carry_out(world, 1, "heat_network")
    assert world.local.sites[HEAT].tolist()[:2] == [0.0, P.core_sites]


def test_a_joint_action_builds_as_many_times_the_core_as_it_is_large() -> None:
    model = CoopModel(load_scenario("heat-network-small"), 0, views=False)
    for _ in range(40):
        model.step()
    lines = [line for line in model.world.journal if line["move"] == "heat_network"]
    assert lines
    assert lines[0]["pact"]
    assert model.world.local.sites[HEAT].sum() <= sum(line["amount"] for line in lines)
