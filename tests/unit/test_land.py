"""Land: transfers that conserve hectares, hysteresis, requests, units of the law."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.economy import kernels as ker
from coopsim.economy import siting
from coopsim.resources import land
from coopsim.resources.land import Use
from coopsim.rng import Purpose
from coopsim.scenario.parameters import section_defaults
from coopsim.schedule.land import ground
from coopsim.schedule.siting import phase as sites
from coopsim.world import World, founded
from tests.system.parts import small

PARAMS = land.LandParams(**section_defaults("resources.land"))


def some_land(seed: int = 1, territories: int = 4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    area = rng.uniform(1e3, 1e5, territories)
    parts = {k: area * rng.uniform(0, 0.1, territories)
             for k in ("protected", "housing", "other", "occupied", "vacant", "brownfield")}  # fmt: skip
    return land.land_table(area, **parts)


def test_uses_larger_than_the_area_are_refused():
    full = {k: np.array([30.0, 10.0]) for k in ("protected", "housing", "other", "occupied")}
    with pytest.raises(ValueError, match=r"\[0\]"):
        land.land_table(np.array([100.0, 100.0]), vacant=np.zeros(2), brownfield=np.zeros(2), **full)


@given(
    seed=st.integers(0, 2**32 - 1),
    moves=st.lists(
        st.tuples(st.sampled_from(list(Use)), st.sampled_from(list(Use)), st.floats(-10, 1e5)), max_size=20
    ),
)
def test_no_transfer_creates_or_overdraws_land(seed, moves):
    uses = some_land(seed)
    area, before = uses.sum(axis=1), uses.copy()
    after = uses
    for source, target, ha in moves:
        after, moved = land.convert(after, source, target, np.full(area.size, ha))
        assert moved.min() >= 0
        assert after.min() >= 0
    np.testing.assert_allclose(after.sum(axis=1), area, rtol=1e-12)
    np.testing.assert_array_equal(uses, before)


@given(leased=st.floats(0, 50), owned=st.floats(0, 50), resold=st.floats(0, 1))
def test_leavers_free_leased_land_and_leave_unsold_land_as_brownfield(leased, owned, resold):
    uses = land.land_table(
        np.array([1000.0]), occupied=np.array([100.0]),
        **{k: np.zeros(1) for k in ("protected", "housing", "other", "vacant", "brownfield")},
    )  # fmt: skip
    after, abandoned = land.vacate(uses, np.array([leased]), np.array([owned]), resold)
    assert abandoned[0] == pytest.approx((1 - resold) * owned)
    assert after[0, Use.VACANT] == pytest.approx(leased + resold * owned)
    assert after[0, Use.BROWNFIELD] == pytest.approx((1 - resold) * owned)


def test_recycled_brownfield_goes_through_development():
    uses, ring = some_land(), land.start_pipeline(4, 3)
    after, later, moved = land.develop(uses, ring, 5, Use.BROWNFIELD, np.full(4, 2.0))
    np.testing.assert_allclose(after[:, Use.PIPELINE], moved)
    np.testing.assert_allclose(later.sum(axis=1), moved)
    assert later[:, 2].tolist() == moved.tolist()  # slot 5 modulo 3
    assert ring.sum() == 0


def test_development_stops_at_the_land_there_is():
    uses, ring = some_land(), land.start_pipeline(4, 3)
    after, later, moved = land.develop(uses, ring, 0, Use.NAF, np.full(4, 1e9))
    np.testing.assert_allclose(moved, uses[:, Use.NAF])
    assert np.all(after[:, Use.NAF] == 0)
    np.testing.assert_allclose(later.sum(axis=1), after[:, Use.PIPELINE])


def test_companies_ask_and_release_outside_a_band_only():
    held = np.full(5, 10.0)
    need = np.array([13.1, 13.0, 10.0, 6.0, 5.0])
    np.testing.assert_allclose(land.request(need, held, PARAMS), [3.1, 0, 0, 0, 0])
    np.testing.assert_allclose(land.release(need, held, PARAMS), [0, 0, 0, 0, 0.06 * 5.0])
    assert land.request(np.array([2.0]), np.zeros(1), PARAMS)[0] == 2.0  # a newcomer holds nothing


def test_scarce_land_rations_requests_and_growth():
    served = land.ration(np.array([10.0, 10.0, 0.0, 5.0]), np.array([4.0, 50.0, 0.0, 0.0]))
    np.testing.assert_allclose(served, [0.4, 1.0, 1.0, 0.0])
    np.testing.assert_allclose(land.growth_factor(served, PARAMS), [0.64, 1.0, 1.0, 0.4])


def dear(elasticity: float) -> World:
    """Three territories: land at its dearest, at its reference price, and none that is free."""
    world = founded(small().but({"resources.land.density_elasticity": elasticity}), seed=0)
    u, p = world.land.uses, world.params.land
    every = u[:, Use.OCCUPIED] + u[:, Use.VACANT]
    free = every * np.array([p.price_vacancy_least, p.price_vacancy, 0.0])
    u[:, Use.OCCUPIED], u[:, Use.VACANT] = every - free, free
    return world


def test_where_land_is_dear_companies_put_less_of_it_under_a_job():
    world = dear(0.5)
    high = (world.params.land.price_vacancy / world.params.land.price_vacancy_least) ** (
        world.params.land.price_elasticity
    )
    np.testing.assert_allclose(ground.density(world), [high**-0.5, 1.0, high**-0.5])
    np.testing.assert_allclose(
        ground.land_per_job(world), np.outer([high**-0.5, 1.0, high**-0.5], world.sectors.land)
    )
    assert ground.price(world)[0] == pytest.approx(high * ground.price(world)[1])
    assert ground.price(world)[1] < ground.cost_price(world)[0] < ground.price(world)[0]
    fixed = dear(0.0)
    np.testing.assert_array_equal(ground.density(fixed), 1.0)
    np.testing.assert_allclose(ground.cost_price(fixed), ground.price(fixed), rtol=1e-12)


def test_start_ups_take_the_land_that_they_want_at_its_price():
    for elasticity in (0.0, 0.5):
        world = dear(elasticity)
        before, dense = world.land.uses[:, Use.VACANT].copy(), ground.density(world)
        need = np.array([1e-3, 1e-3, 1e-3])
        got = need * ground.take_vacant(world, np.arange(3), need)
        np.testing.assert_allclose(got, [1e-3 * dense[0], 1e-3, 0.0], rtol=1e-12)
        np.testing.assert_allclose(before - world.land.uses[:, Use.VACANT], got, atol=1e-12)


def test_projects_settle_on_less_land_where_it_is_dear():
    """What a project holds is what leaves the market: two thirds of the reference at the highest price."""
    world = dear(0.5)
    u = world.land.uses
    u[:, Use.OCCUPIED] *= 1e3  # room for a project, at the same vacancies
    u[:, Use.VACANT] *= 1e3
    before, dense = u[:, Use.VACANT].copy(), ground.density(world)
    n = 40
    ids = np.arange(n, dtype=np.uint64) + np.uint64(1)
    flat = np.zeros(n, np.int64)
    project = siting.Requests(ids, flat, np.full(n, 5.0), np.ones(n), flat - 1, np.arange(n) % 3, np.ones(n))
    chosen, _, area = sites.place(world, project, Purpose.PROJECT_TASTE)
    here = [area[chosen == i] for i in range(2)]
    assert min(h.size for h in here) > 0
    assert not (chosen == 2).any()
    for i, held in enumerate(here):
        np.testing.assert_allclose(held, 5.0 * world.sectors.land[0] * 1e-4 * dense[i], rtol=1e-12)
        assert before[i] - world.land.uses[i, Use.VACANT] == pytest.approx(held.sum(), abs=1e-9)
    assert area[chosen < 0].sum() == 0.0


@pytest.mark.parametrize(("elasticity", "welcome"), [(0.0, False), (0.5, True)])
def test_a_plot_too_small_at_the_reference_density_does_where_land_is_dear(elasticity, welcome):
    world = dear(elasticity)
    world.outside[:] = -np.inf
    world.places = replace(world.places, constant=np.array([50.0, 0.0, 0.0]))  # all want the first territory
    need = 5.0 * world.sectors.land[0] * 1e-4
    u = world.land.uses
    u[0, Use.VACANT] = 0.8 * need
    u[0, Use.OCCUPIED] = u[0, Use.VACANT] * (1.0 / world.params.land.price_vacancy_least - 1.0)
    u[1:, Use.VACANT] = 0.0
    one = np.zeros(1, np.int64)
    project = siting.Requests(
        np.ones(1, np.uint64), one, np.full(1, 5.0), np.ones(1), one - 1, one, np.ones(1)
    )
    chosen, first, _ = sites.place(world, project, Purpose.PROJECT_TASTE)
    assert first[0] == 0
    assert (chosen[0] == 0) == welcome


def test_a_company_asks_for_the_land_of_its_own_territory():
    """Twice the need at the reference price, half the land per job in one territory: only the other one asks."""
    par = np.zeros(ker.N_PARAMS)
    par[[ker.P_ASK, ker.P_CASH_MIN, ker.P_CASH_MAX]] = 1.3, -1e9, 1e9
    one, ids = np.ones((2, 1)), np.arange(2, dtype=np.uint64)
    zero = np.zeros(2, np.int64)
    results = np.zeros((2, ker.N_RESULTS))
    need = np.zeros(2)
    ker.company_quarter(
        0, np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4), par, ids, np.arange(2), zero, np.full(2, 10.0),
        np.ones(2), np.zeros(2), np.full(2, 0.1), np.zeros(2, np.bool_), zero.copy(), zero.copy(),
        np.zeros(2, np.int32), np.zeros(2, np.int8), np.ones(2, np.bool_),
        60 * one[0], 54 * one[0], 0.1 * one[0], np.array([[100.0], [200.0]]), one[0], one[0], np.ones(1, np.bool_),
        np.ones(2), one, 0 * one, 0 * one, np.zeros((2, ker.N_CHANNELS)), np.zeros(2), need, np.zeros((2, 1)), results,
    )  # fmt: skip
    np.testing.assert_allclose(need, [0.0, 0.1], rtol=1e-12)
    np.testing.assert_allclose(results[:, ker.R_LAND_ASKED], need)


def test_requests_of_dwellings_and_roads_are_quarterly():
    uses = some_land()
    np.testing.assert_allclose(4 * land.housing_request(uses, 0.0048), 0.0048 * uses[:, Use.HOUSING])
    year = 4 * land.other_request(np.array([128_000.0]), PARAMS)
    assert year[0] == pytest.approx(15.0, rel=0.01)


def test_money_of_land():
    assert land.sale_value(np.array([2.0]), np.array([25.0]))[0] == 500.0
    rent = land.yearly_rent_per_job(np.array([25.0]), np.array([400.0]), PARAMS)
    assert rent[0] == pytest.approx(0.05 * 25 * 400 / 1000)


def test_consumption_and_artificialisation_are_two_measures():
    opened = np.array([[10.0, 10.0, 10.0]])
    assert land.consumed_land(opened)[0] == 30.0
    assert land.artificialised_land(opened, (0.85, 0.7, 1.0))[0] == pytest.approx(25.5)
