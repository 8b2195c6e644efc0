"""Siting: exact logit, the outside option, streams of projects, and the choice kernel against its shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import softmax

from coopsim.economy import kernels as ker
from coopsim.economy import siting
from coopsim.economy.siting import (
    SitingParams,
    calibrated_outside,
    choice_probabilities,
    external_projects,
    visible,
)
from coopsim.rng import Purpose, birth_ids, entity_id, normal, pair_ids, stream_key, text_id, uniform
from coopsim.scenario import load_scenario
from coopsim.schedule.siting import phase
from coopsim.world import founded
from tests.system.parts import params

utilities = st.lists(st.floats(-30.0, 30.0), min_size=1, max_size=8).map(np.array)
PLACES = np.array([entity_id("territory", f"T{i}", 0, 0) for i in range(12)])


class TestLogit:
    @given(utilities)
    def test_without_outside_it_is_softmax(self, v):
        assert_allclose(choice_probabilities(v, -np.inf), softmax(v), rtol=1e-12)

    @given(utilities, st.floats(-30.0, 30.0))
    def test_the_outside_is_one_more_alternative(self, v, outside):
        assert_allclose(choice_probabilities(v, outside), softmax(np.append(v, outside))[:-1], rtol=1e-12)

    @given(utilities, st.floats(-5.0, 5.0), st.floats(-20.0, 20.0))
    def test_a_shift_common_to_all_changes_nothing(self, v, outside, shift):
        assert_allclose(
            choice_probabilities(v + shift, outside + shift), choice_probabilities(v, outside), rtol=1e-9
        )

    @given(st.lists(st.floats(-5.0, 5.0), min_size=3, max_size=6).map(np.array))
    def test_independence_of_irrelevant_alternatives(self, v):
        whole, fewer = choice_probabilities(v, 0.0), choice_probabilities(v[:-1], 0.0)
        assert_allclose(fewer[0] / fewer[1], whole[0] / whole[1], rtol=1e-9)

    def test_by_sector(self):
        v = np.array([[0.0, 1.0], [2.0, -1.0]])
        out = choice_probabilities(v, np.array([-np.inf, 0.5]))
        assert_allclose(out[:, 0], softmax(v[:, 0]))
        assert_allclose(out[:, 1], softmax([1.0, -1.0, 0.5])[:2])

    def test_derivatives_by_complex_step(self):
        """``ds_i/dv_i = s_i (1 - s_i)``, exactly."""
        v = np.array([0.3, -0.2, 1.0])
        s = choice_probabilities(v, 0.1)
        step = choice_probabilities(v + 1e-30j * np.array([1.0, 0, 0]), 0.1 + 0j)
        assert_allclose(step.imag[0] / 1e-30, s[0] * (1 - s[0]), rtol=1e-12)
        assert_allclose(step.imag[1] / 1e-30, -s[0] * s[1], rtol=1e-12)


class TestOutsideOption:
    @given(st.floats(0.01, 0.99), st.lists(st.floats(-20, 20), min_size=2, max_size=6).map(np.array))
    def test_calibrated_to_its_share(self, share, v):
        p = params(SitingParams, outside_share=share)
        v = np.stack([v, v + 3.0], axis=1)
        n = len(v)
        outside = calibrated_outside(p, v, np.zeros((n, n)), np.full(n, 1.0 / n))
        assert_allclose(1.0 - choice_probabilities(v, outside).sum(axis=0), share, rtol=1e-9)

    def test_share_counts_travel_from_drawn_markets(self):
        p = params(SitingParams, outside_share=0.4)
        v = np.array([[0.5, -1.0], [1.5, 0.2]])
        travel = np.array([[0.0, -2.0], [-3.0, 0.0]])
        weight = np.array([0.8, 0.2])
        outside = calibrated_outside(p, v, travel, weight)
        from_market = [1.0 - choice_probabilities(v + d[:, None], outside).sum(axis=0) for d in travel]
        assert_allclose(weight @ np.array(from_market), 0.4, rtol=1e-9)

    def test_absent(self):
        v = np.zeros((2, 3))
        for p in (params(SitingParams, outside_option=False), params(SitingParams, outside_share=0.0)):
            found = calibrated_outside(p, v, np.zeros((2, 2)), np.full(2, 0.5))
            assert_array_equal(found, np.full(3, -np.inf))

    def test_given(self):
        p = params(SitingParams, outside_calibrated=False, outside_utility=-1.5)
        found = calibrated_outside(p, np.zeros((2, 3)), np.zeros((2, 2)), np.full(2, 0.5))
        assert_array_equal(found, np.full(3, -1.5))


class TestCost:
    def test_one_price_for_money(self):
        """Tax + rent − annuity of the aid, k€ per job and year; public services pay no business tax."""
        p = params(SitingParams, base_keur_per_job=2.0, annuity=0.1)
        out = siting.cost_per_job(
            p, 0.05, np.array([20.0, 30.0]), np.array([200.0, 100.0]), np.array([100.0, 400.0]),
            np.array([False, True]), np.array([0.0, 5.0]),
        )  # fmt: skip
        rent = 0.05 * np.array([[2.0, 8.0], [1.0, 4.0]])
        assert_allclose(out, np.array([[0.4, 0.0], [0.6, 0.0]]) + rent - np.array([[0.0], [0.5]]))

    def test_utility_is_linear_in_each_of_its_parts(self):
        p = params(SitingParams)
        one, zero = np.ones(2), np.zeros((2, 1))
        base = {"cost": zero, "water_dependence": np.array([0.5]), "jobs": zero}
        base |= dict.fromkeys(("water_security", "labour", "housing", "marketing", "constant"), 0 * one)
        start = siting.utility(p, **base)
        slopes = {
            "cost": (zero + 1, -p.gamma_cost), "water_security": (one, 0.5 * p.gamma_water),
            "jobs": (zero + np.e - 1, p.gamma_agglomeration), "labour": (one, p.gamma_labour),
            "housing": (one, p.gamma_housing), "marketing": (one, p.gamma_marketing), "constant": (one, 1.0),
        }  # fmt: skip
        for name, (value, slope) in slopes.items():
            assert_allclose(siting.utility(p, **(base | {name: value})) - start, slope, err_msg=name)


def stream(seed=0, tick=0, n=3, weight=None, population=50_000.0, sectors=(1.0, 2.0), **changes):
    p = params(SitingParams, **changes)
    weight = np.ones(n) if weight is None else np.asarray(weight)
    return external_projects(p, seed, tick, PLACES[:n], weight, np.full(n, population), np.array(sectors))


class TestProjects:
    def test_number_sector_market(self):
        """Over 400 ticks: Poisson counts at the rate, sectors and market nodes by weight."""
        many = [stream(tick=t, weight=[1.0, 1.0, 2.0], projects_per_yr=100.0) for t in range(400)]
        rate = 0.25 * 100.0 * 150_000 / params(SitingParams).projects_reference_population
        n = sum(len(r) for r in many)
        assert abs(n - 400 * rate) < 4 * np.sqrt(400 * rate)
        sector = np.concatenate([r.sector for r in many])
        market = np.concatenate([r.market for r in many])
        assert abs((sector == 1).mean() - 2 / 3) < 4 * np.sqrt(2 / 9 / n)
        assert abs((market == 2).mean() - 0.5) < 4 * 0.5 / np.sqrt(n)
        size = np.log(np.concatenate([r.jobs for r in many]))
        p = params(SitingParams)
        assert abs(size.mean() - np.log(p.project_size_median)) < 4 * p.project_size_log_sd / np.sqrt(n)

    def test_a_project_is_the_same_whatever_the_territories_do(self):
        """Traits and ids are keyed by birth: more people only add projects at the end."""
        few, many = stream(projects_per_yr=200.0), stream(projects_per_yr=400.0)
        assert 0 < len(few) < len(many)
        for name in ("id", "sector", "jobs", "market", "score"):
            assert_array_equal(getattr(few, name), getattr(many, name)[: len(few)])

    def test_one_stream_each(self):
        """With a stream per territory a project's market is its territory, and neighbours change nothing."""
        alone = stream(n=1, project_stream="per_territory", projects_per_yr=400.0)
        both = stream(n=3, project_stream="per_territory", projects_per_yr=400.0)
        mine = both.market == 0
        assert mine.sum() > 3
        assert not mine.all()
        for name in ("id", "sector", "jobs", "score", "market"):
            assert_array_equal(getattr(alone, name), getattr(both, name)[mine])

    def test_none(self):
        for empty in (stream(projects_per_yr=0.0), stream(sectors=(0.0, 0.0), projects_per_yr=400.0)):
            assert len(empty) == 0


class TestVisibility:
    def test_all_when_few(self):
        assert visible(
            params(SitingParams, visible_candidates=4), 0, 0, PLACES[:2], PLACES[:4], np.ones(4)
        ).all()

    def test_the_compiled_draw_is_the_gumbel_top_m(self):
        """Among many: the m largest of ln w - ln(-ln u), each pair with its own keyed uniform."""
        p = params(SitingParams, visible_candidates=10)
        ids = birth_ids(np.uint64(1), 0, np.arange(300))
        places = birth_ids(np.uint64(2), 0, np.arange(400))
        w = np.exp(2.0 * normal(0, Purpose.FOUNDING, places, 0))
        u = uniform(7, Purpose.PROJECT_VISIBLE, pair_ids(ids[:, None], places[None, :]), 5)
        best = np.argsort(-(np.log(w) - np.log(-np.log(u))), axis=1)[:, :10]
        expected = np.zeros(u.shape, np.bool_)
        np.put_along_axis(expected, best, values=True, axis=1)
        assert_array_equal(visible(p, 7, 5, ids, places, w), expected)

    def test_exactly_m_and_the_visible_more_often(self):
        p = params(SitingParams, visible_candidates=1)
        ids = birth_ids(np.uint64(1), 0, np.arange(20_000))
        seen = visible(p, 0, 3, ids, PLACES[:3], np.array([1.0, 2.0, 5.0]))
        assert (seen.sum(axis=1) == 1).all()
        share = seen.mean(axis=0)  # the first draw of a keyed Gumbel top-m is proportional to visibility
        assert_allclose(share, [1 / 8, 2 / 8, 5 / 8], atol=4 * 0.5 / np.sqrt(ids.size))

    def test_two_of_three_without_replacement(self):
        """Plackett–Luce: P(j drawn among two) = 1 - P(j last)."""
        p = params(SitingParams, visible_candidates=2)
        w = np.array([1.0, 2.0, 5.0]) / 8
        seen = visible(p, 1, 3, birth_ids(np.uint64(1), 0, np.arange(20_000)), PLACES[:3], w)
        assert (seen.sum(axis=1) == 2).all()
        last = [
            sum(w[a] * w[b] / (1 - w[a]) for a, b in ((i, j), (j, i))) for i, j in ((1, 2), (0, 2), (0, 1))
        ]
        assert_allclose(seen.mean(axis=0), 1 - np.array(last), atol=4 * 0.5 / np.sqrt(20_000))


def site(v, outside=-np.inf, *, n=40_000, need=0.0, vacant=np.inf, tries=3, refused=None, redirect=None, origin=-1,
         stay=0.0):  # fmt: skip
    t = len(v)
    ids = birth_ids(np.uint64(3), 0, np.arange(n))
    chosen, first = np.zeros(n, np.int64), np.zeros(n, np.int64)
    land = np.full(t, vacant, dtype=float)
    ker.place(
        stream_key(5, Purpose.PROJECT_TASTE, 2), tries, stay, ids, np.zeros(n, np.int64), np.full(n, need),
        np.full(n, origin), np.zeros(n, np.int64), np.array(v, float)[:, None], np.array(v, float)[:, None],
        np.zeros((t, t)), np.array([outside]), PLACES[:t], text_id("outside"), np.ones((n, t), np.bool_),
        np.zeros((n, t), np.bool_) if refused is None else np.broadcast_to(refused, (n, t)).copy(),
        np.zeros((t, t), np.bool_) if redirect is None else redirect, land, chosen, first, np.zeros(t),
    )  # fmt: skip
    return chosen, first, land


class TestKernel:
    def test_shares_are_the_exact_logit(self):
        """Frequencies of 40,000 keyed choices within four standard errors of softmax, outside included."""
        v = [0.5, -0.3, 1.1]
        chosen, _, _ = site(v, 0.4)
        expected = softmax([*v, 0.4])
        found = [(chosen == j).mean() for j in (0, 1, 2, -1)]
        assert_allclose(found, expected, atol=4 * 0.5 / np.sqrt(40_000))

    def test_staying_is_worth_its_constant(self):
        chosen, _, _ = site([0.0, 0.0], origin=1, stay=2.0)
        assert abs((chosen == 1).mean() - softmax([0.0, 2.0])[1]) < 4 * 0.5 / 200

    def test_land_is_taken_once(self):
        chosen, _, land = site([0.0, 0.0], n=50, need=1.0, vacant=10.0)
        assert_array_equal([(chosen == 0).sum(), (chosen == 1).sum()], [10, 10])
        assert_array_equal(land, 0.0)
        assert (chosen[-5:] == -2).all()  # lost: somebody wanted them, nobody had room

    def test_a_refused_project_tries_the_next(self):
        chosen, first, _ = site([5.0, 0.0], n=200, refused=np.array([True, False]))
        assert (first == 0).mean() > 0.9
        assert (chosen == 1).all()
        chosen, first, _ = site([5.0, 0.0], n=200, refused=np.array([True, False]), tries=1)
        assert (chosen[first == 0] == -2).all()

    def test_a_partner_takes_what_a_member_cannot(self):
        redirect = np.array([[False, True, False], [True, False, False], [False, False, False]])
        chosen, first, _ = site(
            [5.0, -5.0, 4.0], n=500, refused=np.array([True, False, False]), redirect=redirect
        )
        assert (chosen[first == 0] == 1).all()
        assert (chosen[first == 2] == 2).all()

    def test_a_partner_is_offered_not_imposed(self):
        """Nobody is sent where the outside, or staying at home, is better."""
        redirect = np.array([[False, True], [True, False]])
        refused = np.array([True, False])
        chosen, first, _ = site([3.0, -30.0], 0.0, n=2000, refused=refused, redirect=redirect)
        assert (first == 0).mean() > 0.9
        assert (chosen == -1).all()
        chosen, _, _ = site([3.0, 0.0], 0.0, n=2000, refused=refused, redirect=redirect)
        assert 0.4 < (chosen == 1).mean() < 0.6  # one against one, by Gumbel noise

    def test_a_company_that_finds_nothing_stays(self):
        chosen, _, _ = site([5.0, 0.0], n=200, origin=1, need=1.0, vacant=0.0)
        assert (chosen == 1).all()

    def test_land_never_goes_below_zero(self):
        _, _, land = site([0.0, 1.0, 2.0], n=500, need=0.37, vacant=4.0)
        assert (land >= 0).all()


def test_in_the_case_the_outside_takes_its_share():
    """Figeac on the first day of the status quo, as it is: 10,000 projects choose the outside as often as calibrated.

    Within four standard errors, and two points for land prices that are not the reference ones."""
    world = founded(load_scenario("figeac-status-quo"), 0)
    p = world.params.siting
    assert_array_equal(world.finance.subsidy, p.reference_subsidy)
    asked = outside = 0
    for tick in range(150):
        world.tick = tick
        projects = external_projects(
            p, 0, tick, world.places.id, world.places.market_weight, 20 * world.places.population,
            world.sectors.project_weight,
        )  # fmt: skip
        before = world.land.uses.copy()
        _, first, _ = phase.place(world, projects, Purpose.PROJECT_TASTE)
        world.land.uses = before
        asked += len(projects)
        outside += int((first == -1).sum())
    assert asked > 8000
    assert outside / asked == pytest.approx(p.outside_share, abs=0.02 + 4 * 0.5 / np.sqrt(asked))
