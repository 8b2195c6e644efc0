"""People: commuting margins, hires, separations and moves by their bounds and closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.society import labour, people
from coopsim.society.people import PeopleParams, PeopleState
from tests.system.parts import params

T = 3
MINUTES = np.array([[0.0, 20.0, 50.0], [20.0, 0.0, 30.0], [50.0, 30.0, 0.0]])
margins = hnp.arrays(np.float64, T, elements=st.floats(1.0, 5e4))
shares = hnp.arrays(np.float64, T, elements=st.floats(0.0, 1.0, allow_subnormal=False))


def crowd(population=(4000.0, 9000.0, 2500.0), work=0.9, own=0.1, dwellings=1.1) -> PeopleState:
    """Residents of whom a share ``work`` of the active have a post, spread by the gravity model."""
    population = np.array(population)
    active_rate = np.full(T, 0.45)
    own_account = own * active_rate * population
    employed = np.maximum(work - own, 0.0) * active_rate * population
    workers = people.gravity(employed, employed, MINUTES, 15.0, 0.05)
    return PeopleState(
        population=population, active_rate=active_rate, workers=workers,
        commuting=people.search_shares(workers, MINUTES, 15.0), own_account=own_account,
        own_account_rate=own * active_rate, natural_growth=np.zeros(T), net_migration=np.zeros(T),
        dwellings=population / 2 * dwellings, habitable_share=np.full(T, 0.5),
        persons_per_dwelling=np.full(T, 2.0), building=np.zeros((0, T)), balance=np.zeros((4, T)),
    )  # fmt: skip


class TestGravity:
    @given(margins, margins, st.floats(0.01, 0.5), st.floats(10.0, 60.0))
    def test_margins(self, employed, posts, outside, decay):
        """Posts of each column are filled exactly; residents of each row work somewhere, to what the fitting reaches.

        The fitting stops after a thousand rounds: almost separate territories of very unequal needs, which no
        case has, leave more than rounding."""
        w = people.gravity(employed, posts, MINUTES, decay, outside)
        assert (w >= 0).all()
        assert_allclose(w[:, :T].sum(axis=0), posts, rtol=1e-12)
        assert_allclose(w[:T].sum(axis=1), employed, rtol=1e-6, atol=1e-6 * employed.max())
        assert w[T, T] == 0.0

    def test_the_gap_is_closed_by_the_outside(self):
        employed, posts = np.array([100.0, 50.0, 30.0]), np.array([40.0, 20.0, 10.0])
        w = people.gravity(employed, posts, MINUTES, 15.0, 0.1)
        assert_allclose(w[:T, T].sum() - w[T, :T].sum(), 110.0)

    def test_nearer_takes_more(self):
        w = people.gravity(np.full(T, 100.0), np.full(T, 100.0), MINUTES, 15.0, 0.05)
        assert w[0, 0] > w[0, 1] > w[0, 2]

    def test_symmetric_places_send_the_same(self):
        w = people.gravity(np.full(2, 100.0), np.full(2, 100.0), MINUTES[:2, :2], 15.0, 0.0)
        assert_allclose(w, w.T, rtol=1e-9)
        assert_allclose(w[0, 1] / w[0, 0], np.exp(-20 / 15), rtol=1e-9)

    def test_nobody(self):
        assert_array_equal(
            people.gravity(np.zeros(T), np.zeros(T), MINUTES, 15.0, 0.1), np.zeros((T + 1, T + 1))
        )

    def test_search_shares_sum_to_one(self):
        out = people.search_shares(crowd().workers, MINUTES, 15.0)
        assert_allclose(out.sum(axis=1), 1.0)
        empty = people.search_shares(np.zeros((T + 1, T + 1)), MINUTES, 15.0)
        assert_allclose(empty.sum(axis=1), 1.0)


class TestHiring:
    @given(margins, shares, st.floats(0.0, 1.0), st.floats(1.0, 5.0))
    def test_never_more_than_vacancies_or_seekers(self, vacancies, work, match, ease):
        s = crowd(work=0.5)
        s.workers[:T] *= work[:, None]
        p = params(PeopleParams, match_per_quarter=match)
        posts = s.filled + vacancies
        seekers, before = s.seekers.copy(), s.workers.copy()
        hired = labour.hire(p, s, posts, np.full((T, T), ease))
        assert (s.filled <= posts * (1 + 1e-12)).all()
        assert (hired <= vacancies * (1 + 1e-9) + 1e-9).all()
        assert_allclose(s.filled - before[:, :T].sum(axis=0), hired, rtol=1e-6, atol=1e-6)
        gained = (s.workers - before)[:T].sum(axis=1)
        assert (gained <= seekers * (1 + 1e-9) + 1e-9).all()
        assert (s.workers >= before).all()

    def test_a_short_market_shares_applicants_in_proportion(self):
        """With fewer vacancies than applicants, hires of *j* from *i* are in proportion to s_i c_ij m."""
        s = crowd(work=0.5)
        p = params(PeopleParams, match_per_quarter=0.5, outside_hire_share=0.0)
        before = s.workers.copy()
        applicants = s.seekers[:, None] * s.commuting * 0.5
        labour.hire(p, s, s.filled + 10.0, np.ones((T, T)))
        hires = (s.workers - before)[:T, :T]
        assert_allclose(hires, applicants / applicants.sum(axis=0) * 10.0, rtol=1e-6)

    def test_the_outside_fills_its_share_of_what_is_left(self):
        s = crowd(work=1.0, own=0.1)
        p = params(PeopleParams, outside_hire_share=0.25)
        before = s.workers[T, :T].sum()
        labour.hire(p, s, s.filled + 100.0, np.zeros((T, T)))
        assert_allclose(s.workers[T, :T].sum() - before, 0.25 * 300.0, rtol=1e-9)


class TestSeparations:
    @given(shares, st.floats(0.0, 0.2))
    def test_closure(self, kept, friction):
        s = crowd(work=1.0)
        p = params(PeopleParams, frictional_share=friction)
        posts = s.filled * kept
        labour.separate(p, s, posts)
        assert (s.filled <= posts * (1 + 1e-9) + 1e-9).all()
        assert_allclose(s.employed + s.seekers, s.active, rtol=1e-9)
        assert (s.seekers >= friction * s.active * (1 - 1e-9) - 1e-9).all()

    def test_nothing_when_posts_suffice(self):
        s = crowd(work=0.8)
        before = s.workers.copy()
        labour.separate(params(PeopleParams), s, s.filled + 1.0)
        assert_array_equal(s.workers, before)

    def test_lost_posts_are_shared_by_where_people_live(self):
        s = crowd(work=0.8)
        before = s.workers.copy()
        labour.separate(params(PeopleParams), s, s.filled * np.array([0.5, 1.0, 1.0]))
        assert_allclose(s.workers[:, 0], 0.5 * before[:, 0])
        assert_allclose(s.workers[:, 1:], before[:, 1:])


def lived(s, p, vacancies=0.0, services=0.0, built=0.0, event=0.0):
    whole = [np.broadcast_to(x, T).astype(float).copy() for x in (vacancies, services, built, event)]
    return people.live(p, s, *whole)


class TestMoves:
    def test_at_the_reference_nobody_gains(self):
        """With unemployment, vacancies and housing at their references, arrivals equal departures."""
        s = crowd()
        p = params(
            PeopleParams, unemployment_reference=float(s.unemployment[0]), housing_reference=float(s.vacancy[0]),
            household_size_trend_per_yr=0.0,
        )  # fmt: skip
        assert_allclose(lived(s, p), 0.0, atol=1e-9)
        assert_allclose(s.population, crowd().population)

    @pytest.mark.parametrize("pull", ["vacancies", "services"])
    def test_exponential_in_the_pull(self, pull):
        """came − went = (m0/4)·P·(e^x − e^{−x})."""
        s = crowd(dwellings=3.0)
        p = params(
            PeopleParams, unemployment_reference=float(s.unemployment[0]), housing_reference=float(s.vacancy[0]),
            household_size_trend_per_yr=0.0,
        )  # fmt: skip
        amount = {"vacancies": 0.02 * s.active, "services": 0.1}[pull]
        x = {"vacancies": p.migration_vacancy * 0.02, "services": p.migration_services * 0.1}[pull]
        base = 0.25 * p.mobility_rate_per_yr * s.population
        assert_allclose(lived(s, p, **{pull: amount}), base * (np.exp(x) - np.exp(-x)), rtol=1e-9)

    def test_nobody_comes_where_nobody_can_live(self):
        """Arrivals are capped by habitable vacant dwellings and those that movers leave."""
        s = crowd(dwellings=1.0)
        p = params(PeopleParams, household_size_trend_per_yr=0.0)
        net = lived(s, p, vacancies=s.active)
        assert (net <= 1e-9).all()
        s = crowd(dwellings=1.0)
        built = np.array([10.0, 0.0, 0.0])
        net = lived(s, p, vacancies=s.active, built=built)
        assert_allclose(net[0], 10.0 * 0.5 * 2.0)

    def test_natural_growth_and_events(self):
        s = crowd()
        s.natural_growth = np.array([0.04, 0.0, 0.0])
        before = s.population.copy()
        p = params(PeopleParams, mobility_rate_per_yr=0.0)
        lived(s, p, event=np.array([0.0, 500.0, 0.0]))
        assert_allclose(s.population - before, [0.01 * 4000.0, 500.0, 0.0])

    def test_leavers_give_up_their_posts(self):
        s = crowd()
        p = params(PeopleParams, mobility_rate_per_yr=0.4, leavers_employed_share=1.0)
        before, population = s.workers.copy(), s.population.copy()
        lived(s, p)
        pull = p.migration_unemployment * (
            p.unemployment_reference - crowd().unemployment
        ) + p.migration_housing * (crowd().vacancy * 0 + _vacancy(p) - p.housing_reference)
        gone = 0.1 * np.exp(-pull)
        assert_allclose(s.workers[:T], before[:T] * (1 - gone)[:, None], rtol=1e-6)
        assert population.shape == gone.shape

    def test_smaller_households_need_more_dwellings(self):
        s = crowd()
        before = s.vacancy.copy()
        lived(s, params(PeopleParams, mobility_rate_per_yr=0.0, household_size_trend_per_yr=-0.04))
        assert (s.vacancy < before).all()


def _vacancy(p):
    """Vacant share at the moment of the pull: before households shrink."""
    return crowd().vacancy
