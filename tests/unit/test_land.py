"""Land: transfers that conserve hectares, hysteresis, requests, units of the law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.resources import land
from coopsim.resources.land import Use
from coopsim.scenario.parameters import section_defaults

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
