"""Companies: counts, sizes, births and drift by their closed forms; the founding population by its totals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from coopsim.economy import companies as eco
from coopsim.economy import kernels as ker
from coopsim.economy.companies import CompanyParams, class_sizes, local_entrants, poisson_count
from coopsim.rng import entity_id
from coopsim.run import simulate
from coopsim.scenario import load_scenario
from coopsim.tables import CompanyTable
from coopsim.world import founded, founding_companies
from tests.system.parts import params, sectors, small

rates = st.floats(0.0, 2000.0, allow_subnormal=False)
unit = st.floats(1e-12, 1 - 1e-12)


class TestPoisson:
    @given(unit, rates)
    def test_is_the_quantile(self, u, rate):
        """The least count whose distribution function reaches ``u``."""
        k = int(poisson_count(np.array([u]), np.array([rate]))[0])
        slack = 1e-9  # u may fall on the step itself
        assert k == 0 or stats.poisson.cdf(k - 1, rate) <= u * (1 + slack)
        assert stats.poisson.cdf(k, rate) >= u * (1 - slack)

    @given(unit, rates, st.floats(0.0, 50.0))
    def test_more_is_never_less(self, u, rate, more):
        """Monotone in the rate: a lane with a higher rate keeps every birth of the other lane."""
        low, high = poisson_count(np.array([u, u]), np.array([rate, rate + more]))
        assert low <= high

    @pytest.mark.parametrize("rate", [0.3, 4.0, 60.0])
    def test_distribution(self, rate):
        """Quantiles of an even grid instead of a sample: mean and variance are the rate."""
        u = (np.arange(400_000) + 0.5) / 400_000
        k = poisson_count(u, np.full(u.size, rate))
        assert_allclose([k.mean(), k.var()], rate, rtol=2e-3)

    def test_nothing_comes_of_nothing(self):
        assert_array_equal(poisson_count(np.array([0.1, 1 - 1e-16]), np.array([0.0, -3.0])), [0, 0])


counts = st.tuples(st.integers(0, 40), st.integers(0, 60), st.integers(0, 25)).map(np.array)


class TestClassSizes:
    @given(counts, st.floats(1.0, 5000.0))
    def test_sum_and_number(self, count, total):
        assume(count.sum() > 0)
        sizes = class_sizes(params(CompanyParams), count, total)
        assert sizes.size == count.sum()
        assert (sizes > 0).all()
        assert_allclose(sizes.sum(), total, rtol=1e-9)

    @given(counts, st.floats(1.001, 4.0))
    def test_classes_hold_when_the_jobs_leave_room(self, count, room):
        """0 employees below one job, 1-9 below 9.5, 10 and over at ten or more."""
        assume(count[2] > 0)
        p = params(CompanyParams)
        least = class_sizes(p, count * [1, 1, 0], 1.0)
        small_jobs = 0.5 * count[0] + _small_sum(p, count[1])
        sizes = class_sizes(p, count, small_jobs + 10.0 * room * count[2])
        zero, few, many = np.split(sizes, np.cumsum(count)[:2])
        assert least.size == count[:2].sum()
        assert (zero == 0.5).all()
        assert ((few > 0.7) & (few < 9.5)).all()
        assert (many >= 10.0).all()

    def test_the_tail_is_a_pareto(self):
        """With the Pareto's own total the tail is the Pareto: log rank against log size has its exponent."""
        p = params(CompanyParams, size_class_tail_exponent=2.0)
        n = 2000
        u = (np.arange(n) + 0.5) / n
        own = 10.0 * (1.0 - u) ** -0.5
        sizes = class_sizes(p, np.array([0, 0, n]), float(own.sum()))
        assert_allclose(sizes, own, rtol=1e-9)

    def test_no_draw(self):
        assert_array_equal(class_sizes(params(CompanyParams), np.array([3, 8, 2]), 90.0),
                           class_sizes(params(CompanyParams), np.array([3, 8, 2]), 90.0))  # fmt: skip


def _small_sum(p, n):
    """Jobs of ``n`` establishments of 1-9 employees, before any scaling."""
    if n == 0:
        return 0.0
    return float(class_sizes(p, np.array([0, n, 1]), 1e6)[:n].sum())


class TestSplit:
    @given(st.integers(0, 10_000), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8).map(np.array))
    def test_whole_numbers_that_sum(self, count, shares):
        assume(shares.sum() > 1e-6)
        out = founding_companies.split(count, shares)
        assert out.sum() == count
        assert (np.abs(out - count * shares / shares.sum()) < 1.0).all()


class TestBirths:
    def births(self, population=50_000.0, unemployment=0.1, weight=(1.0, 3.0), n=400, **changes):
        p = params(CompanyParams, **changes)
        ids = np.array([entity_id("territory", f"T{i}", 0, 0) for i in range(n)])
        return p, local_entrants(
            p, 0, 5, ids, np.full(n, population), np.full(n, unemployment), np.array(weight)
        )

    def test_number_sector_and_size(self):
        """A Poisson count, sectors by weight, lognormal sizes (mean above the least size), fixed keys."""
        p, b = self.births(min_jobs=0.0)
        rate = (
            0.25
            * p.entry_per_inhabitant_yr
            * 50_000
            * (1 + p.entry_unemployment_sensitivity * (0.1 - p.unemployment_reference))
        )
        expected = 400 * rate
        assert abs(b.id.size - expected) < 4 * np.sqrt(expected)
        assert abs((b.sector == 1).mean() - 0.75) < 4 * np.sqrt(0.75 * 0.25 / b.id.size)
        assert (
            stats.kstest(np.log(b.jobs / p.entrant_size_median) / p.entrant_size_log_sd, "norm").pvalue > 1e-4
        )
        assert abs(b.productivity.mean() - 1.0) < 4 * p.productivity_sd / np.sqrt(b.id.size)
        assert np.unique(b.id).size == b.id.size

    def test_no_entrant_is_below_the_least_size(self):
        _, b = self.births(min_jobs=2.0)
        assert b.jobs.min() == 2.0

    def test_more_people_keep_the_births_of_fewer(self):
        _, few = self.births(population=20_000.0, n=20)
        _, many = self.births(population=30_000.0, n=20)
        kept = np.isin(few.id, many.id)
        assert kept.all()
        assert many.id.size > few.id.size
        same = np.searchsorted(np.sort(many.id), few.id)
        assert_array_equal(few.jobs, many.jobs[np.argsort(many.id)[same]])

    def test_nobody_nowhere(self):
        _, none = self.births(population=0.0)
        assert none.id.size == none.jobs.size == 0
        _, none = self.births(weight=(0.0, 0.0))
        assert none.id.size == 0


class TestDrift:
    def test_sum_of_its_parts(self):
        p = params(CompanyParams)
        k = sectors(export_share=[0.0, 0.5])
        u = np.array([p.unemployment_reference, p.unemployment_reference + 0.02])
        out = eco.drift(p, k, u, np.array([0.1, 0.1]), np.zeros((2, 2)))
        assert_allclose(out[0], p.growth_per_quarter + np.array([0.0, 0.05]))
        assert_allclose(out[1] - out[0], p.labour_sensitivity * 0.02)

    def test_other_costs_leave_the_reference_margin(self):
        p = params(CompanyParams)
        k = sectors(value_added=[50.0, 80.0])
        cost = np.array([1.0, 2.0])
        other = eco.other_costs(p, k, cost)
        assert_allclose((k.value_added - other - cost) / k.value_added, p.reference_margin)


class TestGibrat:
    """The growth kernel alone: no exit, no land, everybody with the reference margin."""

    def grown(self, g, sigma, n=200_000, size=50.0):
        par = np.zeros(ker.N_PARAMS)
        par[[ker.P_SIGMA, ker.P_ASK, ker.P_CASH_MIN, ker.P_CASH_MAX]] = sigma, 1e9, -1e9, 1e9
        one = np.ones(1)
        ids = np.arange(n, dtype=np.uint64)
        jobs, nxt = np.full(n, size), np.zeros(n)
        zero = np.zeros(n, np.int64)
        ker.company_quarter(
            0, np.uint64(11), np.uint64(12), np.uint64(13), np.uint64(14), par, ids, zero, zero, jobs, np.ones(n),
            np.zeros(n), np.zeros(n), np.zeros(n, np.bool_), zero, zero.copy(), np.zeros(n, np.int32),
            np.zeros(n, np.int8), np.ones(n, np.bool_), 60 * one, 54 * one, 0.1 * one, np.zeros((1, 1)), one, one,
            np.ones(1, np.bool_), one, np.ones((1, 1)), np.zeros((1, 1)), np.full((1, 1), g),
            np.zeros((1, ker.N_CHANNELS)), nxt, np.zeros(n), np.zeros((1, 1)), np.zeros((1, ker.N_RESULTS)),
        )  # fmt: skip
        return nxt / size

    def test_expected_jobs_grow_by_g_and_logs_by_less(self):
        g, sigma = 0.02, 0.3
        ratio = self.grown(g, sigma)
        error = ratio.std() / np.sqrt(ratio.size)
        assert abs(ratio.mean() - np.exp(g)) < 4 * error
        assert abs(np.log(ratio).mean() - (g - sigma**2 / 2)) < 4 * sigma / np.sqrt(ratio.size)
        assert np.log(ratio).std() == pytest.approx(sigma, rel=0.01)

    def test_without_noise_exactly(self):
        assert_allclose(self.grown(0.02, 0.0, n=5), np.exp(0.02), rtol=1e-12)


class TestTable:
    def table(self, n=5):
        t = CompanyTable.empty(4)
        t.add(id=np.arange(n, dtype=np.uint64), jobs=np.arange(n) + 1.0)
        return t

    def test_it_grows_and_fills_defaults(self):
        t = self.table()
        assert len(t) == 5
        assert t.alive[:5].all()
        assert_array_equal(t.productivity[:5], 1.0)
        assert_array_equal(t.rows(), np.arange(5))

    def test_a_freed_row_is_used_again_and_left_clean(self):
        t = self.table()
        t.stage[1], t.external[1] = 3, True
        t.remove(np.array([1, 3]))
        assert_array_equal(t.rows(), [0, 2, 4])
        rows = t.add(id=np.array([77, 78, 79], dtype=np.uint64), jobs=np.full(3, 9.0))
        assert_array_equal(rows, [1, 3, 5])
        assert (t.stage[1], bool(t.external[1]), t.jobs[1]) == (0, False, 9.0)
        assert len(t) == 6

    def test_removed_companies_hold_nothing(self):
        t = self.table()
        t.remove(np.array([0]))
        assert t.jobs[0] == t.land[0] == 0.0


class TestSynthesis:
    """The founding population has the totals of the data and no draw in its sizes."""

    @pytest.mark.parametrize("seed", [0, 7])
    def test_figeac(self, seed):
        spec = load_scenario("figeac-status-quo")
        case, world = spec.load_case(), founded(spec, seed)
        c, rows = world.companies, world.companies.rows()
        of = case.establishments.assign(territory=case.establishments["territory"].astype(str))
        for i, code in enumerate(world.places.code):
            mine = rows[c.territory[rows] == i]
            assert mine.size == of.loc[of["territory"] == code, "establishments"].sum()
            salaried = case.territories.set_index(case.territories["code"].astype(str)).loc[
                code, "salaried_jobs"
            ]
            assert_allclose(c.jobs[mine].sum(), salaried, rtol=1e-9)
            groups = case.sectors.set_index("sector")["group"]
            for group, table in of[of["territory"] == code].groupby("group"):
                k = np.array([groups[name] == group for name in world.sectors.name])
                assert k[c.sector[mine]].sum() == table["establishments"].sum()

    @pytest.mark.parametrize(
        "counts", [[[4, 9, 0], [0, 3, 0]], [[0, 0, 3], [2, 5, 1]], [[1, 0, 0], [0, 0, 0]]]
    )
    @pytest.mark.parametrize("total", [20.0, 300.0])
    def test_jobs_by_sector_sum_to_the_total_of_the_data(self, counts, total):
        """Whether or not there are large establishments to carry the rest, and when there are too few jobs."""
        sectors = pd.DataFrame({"mean_size_weight": [1.0, 2.0]})
        totals = founding_companies.job_totals(sectors, np.array(counts), total)
        assert_allclose(totals.sum(), total, rtol=1e-12)
        assert (totals >= 0).all()

    def test_seeds_share_sizes_and_differ_in_traits(self):
        a, b = (founded(load_scenario("figeac-status-quo"), seed).companies for seed in (0, 1))
        assert_array_equal(a.jobs, b.jobs)
        assert_array_equal(a.id, b.id)
        assert (a.productivity != b.productivity).any()
        assert (a.birth[a.alive] < 0).all()

    def test_synthetic_companies_have_the_size_asked_for(self):
        world = founded(small(), 0)
        c, rows = world.companies, world.companies.rows()
        assert_array_equal(c.jobs[rows], 8.0)
        assert_array_equal(np.bincount(c.territory[rows]), [120, 200, 60])


class TestExitAlternatives:
    """Companies that would close: a buyer for old and sound ones, their workers for the others."""

    N = 40_000

    def quarter(
        self, successor=0.0, takeover=0.0, *, age=100, cash=1.0, form=0, size=10.0, scic=0.0, coop=1.0
    ):
        par = np.zeros(ker.N_PARAMS)
        par[[ker.P_ASK, ker.P_CASH_MIN, ker.P_CASH_MAX]] = 1e9, -1e9, 1e9
        par[[ker.P_H_YOUNG, ker.P_H_OLD, ker.P_YOUNG_TICKS, ker.P_TAKEOVER_JOBS]] = 0.4, 0.4, 20.0, 3.0
        par[[ker.P_COOP_EXIT, ker.P_CASH_NEW, ker.P_SCIC_SHARE]] = coop, 2.0, scic
        channels = np.zeros((1, ker.N_CHANNELS))
        channels[0, ker.C_SUCCESSOR], channels[0, ker.C_TAKEOVER] = successor, takeover
        n, one, zero = self.N, np.ones(1), np.zeros(self.N, np.int64)
        results, alive, forms = np.zeros((1, ker.N_RESULTS)), np.ones(n, np.bool_), np.full(n, form, np.int8)
        money = np.full(n, cash)
        ker.company_quarter(
            0, np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4), par, np.arange(n, dtype=np.uint64), zero, zero,
            np.full(n, size), np.ones(n), money, np.zeros(n), np.zeros(n, np.bool_), zero - age, zero.copy(),
            np.zeros(n, np.int32), forms, alive, 60 * one, 60 * one, 0.1 * one, np.zeros((1, 1)), one, one,
            np.ones(1, np.bool_), one, np.ones((1, 1)), np.zeros((1, 1)), np.zeros((1, 1)), channels, np.zeros(n),
            np.zeros(n), np.zeros((1, 1)), results,
        )  # fmt: skip
        return results[0], alive, forms, money

    def test_shares_of_those_that_would_close(self):
        closing = self.quarter()[0][ker.R_EXITS]
        assert closing > 3000
        r, alive, forms, _ = self.quarter(successor=0.3, takeover=0.2, scic=0.25)
        assert r[ker.R_EXITS] + r[ker.R_SUCCESSIONS] + r[ker.R_TAKEOVERS] == closing
        sd = np.sqrt(closing) / 2
        assert r[ker.R_SUCCESSIONS] == pytest.approx(0.3 * closing, abs=4 * sd)
        assert r[ker.R_TAKEOVERS] == pytest.approx(0.7 * 0.2 * closing, abs=4 * sd)
        assert (forms == 3).sum() == pytest.approx(0.25 * r[ker.R_TAKEOVERS], abs=60)
        assert r[ker.R_SAVED_JOBS] == pytest.approx(10.0 * (r[ker.R_SUCCESSIONS] + r[ker.R_TAKEOVERS]))
        assert alive.sum() == self.N - r[ker.R_EXITS]

    def test_the_others_are_the_same_companies(self):
        """Support saves some of those that would close and touches nobody else."""
        plain, kept = self.quarter()[1], self.quarter(successor=0.3, takeover=0.2)[1]
        assert (kept | ~plain).all()
        assert (kept & ~plain).any()

    def test_no_buyer_for_the_young(self):
        assert self.quarter(successor=1.0, age=1)[0][ker.R_SUCCESSIONS] == 0
        assert self.quarter(successor=1.0)[0][ker.R_EXITS] == 0

    def test_workers_bring_cash(self):
        _, alive, forms, money = self.quarter(takeover=1.0, cash=0.5)
        assert alive.all()
        assert_allclose(money[forms == 2], 2.0)
        assert_allclose(money[forms == 0], 0.5)

    @pytest.mark.parametrize("barred", [{"form": 1}, {"form": 2}, {"size": 2.0}])
    def test_who_cannot_be_taken_over(self, barred):
        assert self.quarter(takeover=1.0, **barred)[0][ker.R_TAKEOVERS] == 0

    def test_cooperatives_close_less(self):
        all_of = self.quarter(form=2, coop=1.0)[0][ker.R_EXITS]
        fewer = self.quarter(form=2, coop=0.7)[0][ker.R_EXITS]
        assert fewer == pytest.approx(0.7 * all_of, rel=0.05)
        assert self.quarter(form=0, coop=0.7)[0][ker.R_EXITS] == self.quarter()[0][ker.R_EXITS]

    def test_levels_of_the_programme(self):
        p = params(
            eco.CompanyParams,
            succession_base_share=0.9,
            succession_programme_share=0.2,
            takeover_base_share=0.01,
        )
        successor, takeover = eco.exit_alternatives(p, np.array([0.0, 0.5, 1.0]))
        assert_allclose(successor, [0.9, 1.0, 1.0])
        assert_allclose(takeover, 0.01 + p.takeover_programme_share * np.array([0.0, 0.5, 1.0]))


class TestSocialEntry:
    def births(self, level, **changes):
        p = params(eco.CompanyParams, **changes)
        places = np.arange(50, dtype=np.uint64)
        out = [
            eco.local_entrants(p, 0, tick, places, np.full(50, 4e4), np.full(50, 0.1), np.ones(2), level)
            for tick in range(4)
        ]
        return [np.concatenate([getattr(b, name) for b in out]) for name in ("id", "form")]

    def test_none_without_programme(self):
        assert (self.births(0.0)[1] == 0).all()

    def test_the_programme_adds_social_ones(self):
        plain, more = self.births(0.0), self.births(1.0, social_entry_programme=0.2)
        assert set(plain[0]) <= set(more[0])
        added = more[0].size - plain[0].size
        assert added == pytest.approx(0.2 * plain[0].size, rel=0.1)
        assert (more[1] == 1).mean() == pytest.approx(0.2 / 1.2, abs=0.02)

    def test_share_of_entrants(self):
        form = self.births(0.0, social_entry_share=0.1)[1]
        assert form.mean() == pytest.approx(0.1, abs=0.02)


def test_social_economy_at_the_start():
    world = founded(small({"economy.companies.social_start_share": 0.25}), 0)
    c = world.companies
    assert c.form[c.rows()].mean() == pytest.approx(0.25, abs=0.08)
    assert not founded(small(), 0).companies.form.any()


def test_takeovers_save_jobs_in_the_engine():
    """The scenario of takeovers against the same worlds without its plan."""
    jobs = {}
    for name, moves in (("plan", None), ("none", [])):
        changes = {} if moves is None else {"governance.choice.decision_maker.moves": moves}
        run = simulate(load_scenario("takeovers", changes), seed=0, years=4)
        last = run.territories[run.territories["tick"] == run.territories["tick"].max()]
        jobs[name] = last[["saved_jobs", "social_jobs", "closed_jobs"]].sum()
    assert jobs["none"]["saved_jobs"] == jobs["none"]["social_jobs"] == 0
    assert jobs["plan"]["saved_jobs"] > 100
    assert jobs["plan"]["social_jobs"] > 20
    assert jobs["plan"]["closed_jobs"] < jobs["none"]["closed_jobs"]
