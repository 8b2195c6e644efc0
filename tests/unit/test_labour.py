"""Limits of the labour market: skills, mobility, housing, turnover; workers of closing firms taken by partners."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.run import simulate
from coopsim.scenario import load_scenario
from coopsim.society import labour, people
from coopsim.society.people import PeopleParams
from tests.system.parts import params
from tests.unit.test_people import T, crowd, margins, shares

ONE = np.ones((T, T))
level = st.floats(0.0, 1.0)


class TestMatching:
    @given(margins, shares, level, level, level)
    def test_urn_ball_never_beats_the_short_side(self, vacancies, work, suits, skills, reach):
        out = {}
        for rule in labour.MATCHING:
            s = crowd(work=0.5)
            s.workers[:T] *= work[:, None]
            p = params(PeopleParams, matching=rule, suitable_share=suits, outside_hire_share=0.0)
            posts, seekers, before = s.filled + vacancies, s.seekers.copy(), s.workers.copy()
            out[rule] = labour.hire(p, s, posts, ONE, np.full(T, skills), np.full(T, reach))
            assert (s.filled <= posts * (1 + 1e-12)).all()
            assert ((s.workers - before)[:T].sum(axis=1) <= seekers * (1 + 1e-9) + 1e-9).all()
        assert (out["urn_ball"] <= out["short_side"] * (1 + 1e-9) + 1e-9).all()

    def test_urn_ball_is_its_formula(self):
        s, p = (
            crowd(work=0.6),
            params(PeopleParams, matching="urn_ball", suitable_share=0.4, outside_hire_share=0.0),
        )
        applicants = (s.seekers[:, None] * s.commuting * p.match_per_quarter).sum(axis=0)
        vacancies = np.array([50.0, 80.0, 400.0])
        hired = labour.hire(p, s, s.filled + vacancies, ONE)
        assert_allclose(hired, vacancies * (1 - np.exp(-0.4 * applicants / vacancies)), rtol=1e-9)

    def test_skills_fill_more(self):
        p = params(PeopleParams, matching="urn_ball", suitable_share=0.3)
        few, more = (self.hired(p, x) for x in (0.0, 1.0))
        assert (more > few).all()

    def hired(self, p, skills):
        s = crowd(work=0.6)
        return labour.hire(p, s, s.filled + 200.0, ONE, np.full(T, skills))

    def test_who_cannot_travel_looks_at_home_only(self):
        s, p = crowd(work=0.6), params(PeopleParams, outside_hire_share=0.0)
        before = s.workers.copy()
        labour.hire(p, s, s.filled + 1e5, ONE, reach=np.array([1.0, 0.5, 0.0]))
        hires = (s.workers - before)[:T, :T]
        whole = crowd(work=0.6)
        asked = whole.seekers[:, None] * whole.commuting * p.match_per_quarter
        away = ~np.eye(T, dtype=bool)
        assert_allclose(hires[~away], asked[~away])
        assert_allclose(hires[away], (asked * np.array([1.0, 0.5, 0.0])[:, None])[away])

    def test_mobile_share(self):
        p = params(PeopleParams, mobile_share=0.7, mobility_programme_gain=0.2)
        assert_allclose(labour.mobile(p, np.array([0.0, 0.5, 1.0])), [0.7, 0.8, 0.9])


class TestTurnover:
    def test_residents_leave_and_seek(self):
        s = crowd(work=0.8)
        before, seekers = s.workers.copy(), s.seekers.copy()
        labour.turn_over(params(PeopleParams, turnover_per_quarter=0.03), s)
        assert_allclose(s.workers[:T, :T], 0.97 * before[:T, :T])
        assert_array_equal(s.workers[T], before[T])
        assert_allclose(s.seekers - seekers, 0.03 * before[:T, :T].sum(axis=1))

    def test_none_by_default(self):
        s = crowd()
        before = s.workers.copy()
        labour.turn_over(params(PeopleParams), s)
        assert_array_equal(s.workers, before)


class TestRelocation:
    P = params(PeopleParams, relocation_share=0.5)

    @given(st.floats(0.8, 1.6), st.floats(0.0, 500.0))
    def test_housing_and_closure(self, dwellings, vacancies):
        s = crowd(dwellings=dwellings)
        free = s.habitable_share * np.maximum(s.dwellings - s.occupied, 0.0)
        seekers, population = s.seekers.copy(), s.population.copy()
        posts = s.filled + vacancies
        hired = labour.relocate(self.P, s, posts)
        assert (hired <= 0.5 * vacancies + 1e-9).all()
        taken = (s.population - population) / s.persons_per_dwelling
        assert (taken <= free + 1e-9).all()
        # newcomers bring as many active as they take posts: nobody here finds or loses one
        assert_allclose(s.seekers, seekers, rtol=1e-9, atol=1e-6)
        assert_allclose(s.balance[2], s.population - population, atol=1e-6)
        assert (s.filled <= posts + 1e-6).all()

    def test_nobody_without_a_dwelling(self):
        s = crowd(dwellings=1.0)
        assert_array_equal(labour.relocate(self.P, s, s.filled + 100.0), np.zeros(T))

    def test_off_by_default(self):
        s = crowd(dwellings=2.0)
        assert_array_equal(labour.relocate(params(PeopleParams), s, s.filled + 100.0), np.zeros(T))


class TestRehiring:
    P = params(PeopleParams, pact_rehire_share=0.8)
    ALL = np.ones((T, T)) - np.eye(T)

    @given(shares, margins, level)
    def test_nobody_works_twice(self, kept, vacancies, willing):
        s = crowd(work=0.9)
        filled, employed = s.filled.copy(), s.employed.copy()
        posts = filled * kept + np.where(kept > 0.9, vacancies, 0.0)
        moved = labour.rehire(self.P, s, posts, willing * self.ALL)
        assert_allclose(s.employed, employed, rtol=1e-9)
        assert_allclose(s.filled, filled - moved.sum(axis=1) + moved.sum(axis=0), rtol=1e-9, atol=1e-9)
        lost, room = np.maximum(filled - posts, 0.0), np.maximum(posts - filled, 0.0)
        asked = 0.8 * min(willing * (T - 1), 1.0) * lost
        assert (moved.sum(axis=1) <= asked * (1 + 1e-9) + 1e-9).all()
        assert (moved.sum(axis=0) <= room * (1 + 1e-9) + 1e-9).all()
        assert (s.workers >= -1e-9).all()

    def test_a_closure_beside_a_willing_partner(self):
        s = crowd(work=0.9)
        filled = s.filled.copy()
        posts = filled * np.array([0.5, 1.0, 1.0]) + np.array([0.0, 1e6, 1e6])
        willing = np.zeros((T, T))
        willing[0, 2] = 0.5
        moved = labour.rehire(self.P, s, posts, willing)
        assert_allclose(moved[0, 2], 0.8 * 0.5 * 0.5 * filled[0])
        assert moved.sum() == moved[0, 2]

    @pytest.mark.parametrize("p", [params(PeopleParams), P])
    def test_nothing_without_the_channel_or_a_partner(self, p):
        s = crowd(work=0.9)
        before = s.workers.copy()
        willing = self.ALL if p.pact_rehire_share == 0.0 else np.zeros((T, T))
        moved = labour.rehire(p, s, 0.5 * s.filled, willing)
        assert moved.sum() == 0.0
        assert_array_equal(s.workers, before)


class TestBuilding:
    def test_a_dwelling_takes_its_time(self):
        s = crowd()
        s.building = np.zeros((3, T))
        started = [np.full(T, float(n)) for n in (5, 7, 0, 0, 0)]
        done = [people.completed(s, x)[0] for x in started]
        assert done == [0.0, 0.0, 0.0, 5.0, 7.0]
        assert not s.building.any()

    def test_without_lag_at_once(self):
        s = crowd()
        assert_array_equal(people.completed(s, np.full(T, 4.0)), np.full(T, 4.0))


@pytest.mark.parametrize("change", ["housing", "mobility"])
def test_lifting_a_limit_fills_posts(change):
    """P16 in one world: unfilled posts fall while people look for work all along."""
    ends = {}
    for name in ("recruiting", f"recruiting-{change}"):
        run = simulate(load_scenario(name), seed=0, years=6)
        last = run.territories[run.territories["tick"] >= 12]
        ends[name] = last.groupby("tick")["vacancies"].sum().mean()
        assert last["unemployment"].min() > 0.03
    assert ends[f"recruiting-{change}"] < ends["recruiting"]
