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
            0, np.uint64(11), np.uint64(12), np.uint64(13), par, ids, zero, zero, jobs, np.ones(n), np.zeros(n),
            np.zeros(n), np.zeros(n, np.bool_), zero, zero.copy(), np.ones(n, np.bool_), 60 * one, 54 * one, 0.1 * one,
            np.zeros((1, 1)), one, one, one, np.ones((1, 1)), np.zeros((1, 1)), np.full((1, 1), g), 0 * one, 0 * one,
            nxt, np.zeros(n), np.zeros((1, 1)), np.zeros((1, ker.N_RESULTS)),
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
