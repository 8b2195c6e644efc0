"""Water and climate: river graph, demand, floors, restriction tables, drinking-water capacity, luck of the year."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.resources import water
from coopsim.resources.climate import ClimateParams, autoregressive, climate
from coopsim.scenario.parameters import section_defaults

PARAMS = water.WaterParams(**section_defaults("resources.water"))
WEATHER = ClimateParams(**section_defaults("climate"))


def test_nodes_come_from_upstream_to_downstream_basin_by_basin():
    down = np.array([2, 2, 4, -1, -1, 3])
    order, starts = water.topology(down)
    place = np.argsort(order)
    for node, below in enumerate(down):
        assert below < 0 or place[node] < place[below]
    basins = [set(order[a:b].tolist()) for a, b in pairwise(starts)]
    assert sorted(map(sorted, basins)) == [[0, 1, 2, 4], [3, 5]]


@pytest.mark.parametrize("down", [[1, 0], [0], [1, 2, 0, -1], [-1, 2, 1]])
def test_a_river_cannot_run_in_a_circle(down):
    with pytest.raises(ValueError, match="circle"):
        water.topology(np.array(down))


def test_flow_accumulates_on_any_leading_axis():
    down = np.array([2, 2, -1])
    order, _ = water.topology(down)
    local = np.array([[1.0, 2.0, 4.0], [0.5, 0.0, 0.0]])
    np.testing.assert_allclose(water.accumulate(order, down, local), [[1, 2, 7], [0.5, 0, 0.5]])


def test_floor_is_absolute_where_given():
    module = np.array([10.0, 10.0, 200.0, 200.0, 200.0])
    share = np.array([0.1, 0.1, 0.1, 0.02, 0.0])
    given_ = np.array([np.nan, 3.0, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(water.legal_floor(module, share, given_, PARAMS), [1.0, 3.0, 20.0, 10.0, 0.0])


def test_demand_of_a_year_adds_up_to_the_yearly_volumes():
    rng = np.random.default_rng(0)
    drink, irrigate = (water.unit_profile(rng.uniform(0.1, 3, 36)) for _ in range(2))
    drinking, industry, irrigation = (rng.uniform(0, 1e6, 3) for _ in range(3))
    demand = water.node_demand(drinking, industry, irrigation, np.array([0.0, 0.5, 1.0]), drink, irrigate)
    volumes = demand.sum(axis=0) * water.SECONDS_PER_DEKAD
    np.testing.assert_allclose(volumes[:, :3], np.transpose([drinking, industry, irrigation]), rtol=1e-12)
    np.testing.assert_allclose(volumes[:, 3], np.array([0.0, 0.5, 1.0]) * 36 * water.SECONDS_PER_DEKAD)


def test_territories_spread_their_intake_over_their_nodes():
    got = water.to_nodes(np.array([10.0, 4.0]), np.array([0, 0, 1]), np.array([0.25, 0.75, 1.0]))
    np.testing.assert_allclose(got, [2.5, 7.5, 4.0])


def test_dry_years_irrigate_more():
    dry, mean, wet = (water.irrigation_per_year(np.array([2.0]), w, PARAMS)[0] for w in (-0.3, 0.0, 0.3))
    assert mean == pytest.approx(2 * PARAMS.irrigation_m3_per_ha)
    assert dry / mean == pytest.approx(mean / wet) == pytest.approx(np.exp(0.3 * PARAMS.irrigation_wetness))


def test_pacts_share_inside_each_basin():
    down = np.array([1, -1, 3, -1])
    graph = water.river_graph(down, np.zeros(4), np.full(4, np.nan), np.ones(4), np.zeros(4), PARAMS)
    group = water.pact_groups(np.array([0, 0, 0, -1]), graph)
    assert group[0] == group[1] >= 0
    assert group[2] not in (group[0], -1)
    assert group[3] == -1
    assert graph.doe.tolist() == [0.0] * 4


def test_thresholds_must_decrease_and_cuts_must_match():
    with pytest.raises(ValueError, match="decrease"):
        replace(PARAMS, stage_thresholds=(1.0, 1.25, 0.8))
    with pytest.raises(ValueError, match="three"):
        replace(PARAMS, cut_industry=(0.1, 0.2))


def test_drinking_water_comes_before_the_floor_only_where_the_parameter_says_so():
    served = []
    for exempt in (True, False):
        params = replace(PARAMS, drinking_exempt=exempt)
        graph = water.river_graph(
            np.array([-1]), np.array([5.0]), np.zeros(1), np.ones(1), np.zeros(1), params
        )
        rules = water.sharing(np.array([2]), np.array([-1]), np.zeros(1), np.ones(1), graph, params)
        demand = np.ones((9, 1, 4))
        ground = water.periodic_groundwater(np.full((36, 1), 3.0), graph.recharge, graph.release)
        got = water.quarter(graph, rules, np.full((9, 1), 3.0), np.zeros((9, 1)), demand, ground)
        served.append(got.withdrawn[0] / got.demanded[0])
    np.testing.assert_allclose(served, [[1, 0, 0, 0], [0, 0, 0, 0]], atol=1e-12)


def test_low_flow_is_charged_to_withdrawals_only_when_they_cause_it():
    """Natural flow 2 above a floor of 1.5 with a drinking intake of 1 all consumed; then natural flow of 1."""
    params = replace(PARAMS, drinking_consumed=1.0, groundwater_share=0.0)
    graph = water.river_graph(np.array([-1]), np.array([1.5]), np.zeros(1), np.ones(1), np.zeros(1), params)
    rules = water.sharing(np.array([2]), np.array([-1]), np.zeros(1), np.ones(1), graph, params)
    runoff = np.array([2.0] * 5 + [1.0] * 4)[:, None]
    demand = np.zeros((9, 1, 4))
    demand[:, :, water.DRINKING] = 1.0
    got = water.quarter(graph, rules, runoff, np.zeros((9, 1)), demand, np.zeros(1))
    assert (got.below[0], got.below_natural[0], got.below_caused[0]) == (9, 4, 5)
    assert got.worst[0] == pytest.approx(0.0)


def test_supply_of_two_bodies():
    """A serves all of the first territory and half of the second; B the other half, short of capacity."""
    served = np.array([[1.0, 0.5], [0.0, 0.5]])
    got = water.supply(np.array([100.0, 200.0]), served, np.array([1000.0, 100.0]), np.array([0.8, 0.5]))
    np.testing.assert_allclose(got.production, [250.0, 200.0])
    np.testing.assert_allclose(got.ratio, [0.25, 2.0])
    np.testing.assert_allclose(got.unmet, [0.0, 0.25])
    np.testing.assert_allclose(got.pressure, [0.25, 1.125])


def test_supply_without_a_stated_capacity_never_binds():
    got = water.supply(np.array([100.0, 5.0]), np.array([[1.0, 0.0]]), np.array([np.nan]), np.array([0.8]))
    assert got.ratio.tolist() == [0.0]
    assert got.unmet.tolist() == [0.0, 0.0]
    assert got.pressure.tolist() == [0.0, 0.0]


@given(demand=st.floats(0, 1e6), capacity=st.floats(0, 1e6), yield_=st.floats(0.05, 1))
def test_what_is_served_never_exceeds_capacity(demand, capacity, yield_):
    got = water.supply(np.array([demand]), np.ones((1, 1)), np.array([capacity]), np.array([yield_]))
    assert 0 <= got.unmet[0] <= 1
    assert (1 - got.unmet[0]) * got.production[0] <= capacity * (1 + 1e-9) + 1e-6


def test_security_remembers():
    assert water.water_security(np.array([1.0]), np.array([0.0]), 0.7)[0] == pytest.approx(0.7)


def test_the_weather_of_a_year_does_not_depend_on_when_the_run_starts_or_ends():
    early, late = climate(5, 2010, 30, WEATHER), climate(5, 2026, 3, WEATHER)
    np.testing.assert_array_equal(early.omega[16:19], late.omega)
    np.testing.assert_array_equal(early.factor[16:19], late.factor)
    assert not np.array_equal(climate(6, 2026, 3, WEATHER).factor, late.factor)
    with pytest.raises(ValueError, match="origin_year"):
        climate(5, 1999, 3, WEATHER)


def test_quarters_of_the_climate():
    got = climate(1, 2026, 2, WEATHER)
    np.testing.assert_array_equal(got.quarter(5), got.factor[1, 9:18])
    assert got.wetness(3) == got.omega[0]
    assert got.wetness(4) == got.omega[1]


def test_flows_keep_their_mean_and_their_spread():
    """200 seeds × 100 years; four standard errors (autocorrelation 0.3 inflates that of the mean by 1.36)."""
    still = replace(WEATHER, trend_ln=0.0)
    runs = [climate(seed, 2000, 100, still) for seed in range(200)]
    omega = np.concatenate([run.omega for run in runs])
    factor = np.array([run.factor for run in runs])
    assert omega.std() == pytest.approx(still.omega_sd, rel=0.03)
    assert factor.mean() == pytest.approx(1.0, abs=4 * 1.36 * still.omega_sd / np.sqrt(omega.size) + 0.003)
    log = np.log(factor)
    both = np.sqrt(still.omega_sd**2 + still.nu_sd**2)
    assert log.std() == pytest.approx(both, rel=0.03)
    lag = np.corrcoef(log[:, 10:, 5].ravel(), log[:, 10:, 6].ravel())[0, 1]
    exact = (still.omega_sd**2 + still.nu_ar * still.nu_sd**2) / both**2
    assert lag == pytest.approx(exact, abs=0.03)


def test_the_trend_reaches_its_total():
    calm = replace(WEATHER, omega_sd=0.0, nu_sd=0.0, trend_ln=-0.3, trend_years=28.0, trend_from=2022)
    got = climate(0, 2020, 40, calm)
    np.testing.assert_allclose(got.factor[:3], 1.0)
    np.testing.assert_allclose(got.factor[30], np.exp(-0.3))


def test_autoregression_starts_in_its_stationary_law():
    shocks = np.array([2.0, 0.0, 0.0])
    np.testing.assert_allclose(autoregressive(shocks, 0.5, 0.1), [0.2, 0.1, 0.05])
