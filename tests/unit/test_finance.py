"""Public finance: the account of the founding closes, lines have a sign and a payer, sharing gives what it takes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy import finance
from coopsim.economy.finance import COUNTERPARTS, LINE, LINES, REVENUES, FinanceParams
from tests.system.parts import params

T = 3
TAX = np.array([20.0, 26.5, 30.0])
PEOPLE = np.array([5e3, 4e4, 1.2e4])
BUDGET = np.array([6e3, 5e4, 1.4e4])
CFE = np.array([800.0, 7000.0, 1500.0])
COMMUTERS = np.array([100.0, 4000.0, 700.0])
keys = hnp.arrays(np.float64, 4, elements=st.floats(0.0, 1e6, allow_subnormal=False))


def state(debt=0.6, **changes):
    p = params(FinanceParams, **changes)
    return p, finance.founded(p, TAX, BUDGET, PEOPLE, CFE, np.full(T, debt), COMMUTERS)


def quarter(p, s, cfe=CFE, people=PEOPLE, commuters=COMMUTERS, tick=0):
    finance.ordinary_lines(p, s, people, cfe, commuters)
    finance.close_quarter(s, tick)


class TestAccountOfTheFounding:
    @pytest.mark.parametrize("target", [0.0, 0.02, -0.05])
    def test_closes_at_the_target(self, target):
        """Four ordinary quarters at the case's own figures leave the target balance (grants correct no gap)."""
        p, s = state(target_balance_share=target, grant_gap_sensitivity=0.0)
        start = s.debt.copy()
        for tick in range(4):
            s.debt = start.copy()  # interest on the founding debt
            quarter(p, s, tick=tick)
        assert_allclose(s.balance_per_yr(), target * s.budget, rtol=1e-9, atol=1e-6)

    def test_the_budget_is_the_revenue(self):
        p, s = state(grant_gap_sensitivity=0.0)
        for tick in range(4):
            quarter(p, s, tick=tick)
        assert_allclose(s.revenue_per_yr(), s.budget, rtol=1e-12)
        assert_allclose(s.budget, BUDGET, rtol=1e-12)

    def test_fees_are_never_negative(self):
        """Where taxes exceed the budget of the case, the budget is theirs."""
        p = params(FinanceParams)
        s = finance.founded(p, TAX, BUDGET, PEOPLE, 2 * BUDGET, np.zeros(T), COMMUTERS)
        assert_array_equal(s.fees_per_head, 0.0)
        assert (s.budget > BUDGET).all()


class TestLines:
    def test_each_has_a_counterpart_and_a_sign(self):
        assert len(LINE) == len(LINES) == len({name for name, _ in LINES})
        assert all(payer for _, payer in LINES)
        _, s = state()
        for name in LINE:
            s.flows[:] = 0.0
            s.post(name, np.ones(T))
            assert_array_equal(np.abs(s.flows).sum(axis=1), 1.0)
        assert set(REVENUES) >= {
            "cfe", "property_tax", "second_home_tax", "shop_tax", "network_tax", "vat_fraction", "grant",
            "compensation_grant", "fpic", "river_tax", "waste_tax", "fees", "land_sales", "leases", "clawback",
            "outside_funding", "shared_revenue",
        }  # fmt: skip
        for name in LINE:
            s.flows[:] = 0.0
            s.post(name, np.ones(T))
            assert (s.flows.sum() > 0) == (name in REVENUES), name

    def test_every_euro_reaches_an_account_outside(self):
        p, s = state()
        before = s.debt.copy()
        s.post("shared_revenue", np.array([3.0, -1.0, -2.0]))
        quarter(p, s)
        assert_allclose(s.outside.sum(), (s.debt - before).sum(), rtol=1e-12)
        assert_allclose(s.outside[COUNTERPARTS.index("territories")], 0.0, atol=1e-12)
        assert_allclose(s.outside[COUNTERPARTS.index("firms")], -0.25 * CFE.sum())
        assert_allclose(
            s.outside[COUNTERPARTS.index("communes")], 0.25 * (s.attribution + s.solidarity).sum()
        )

    def test_debt_is_what_flows_leave(self):
        p, s = state()
        before = s.debt.copy()
        s.post("subsidies", np.array([10.0, 0.0, 0.0]))
        s.post("land_sales", np.array([0.0, 4.0, 0.0]))
        only = s.flows.copy()
        quarter(p, s, tick=6)
        assert_allclose(before - s.debt, s.year[2].sum(axis=1))
        assert_array_equal(s.year[2][:, LINE["subsidies"]], only[:, LINE["subsidies"]])
        assert_array_equal(s.flows, 0.0)

    def test_a_year_forgets_the_fifth_quarter(self):
        p, s = state()
        s.post("subsidies", np.full(T, 1e6))
        quarter(p, s, tick=0)
        assert (s.balance_per_yr() < -9e5).all()
        for tick in range(1, 5):
            quarter(p, s, tick=tick)
        assert (s.balance_per_yr() > -9e5).all()

    def test_works_are_paid_and_members_compensate_each_other(self):
        """A work of 10 paid 12 and -2 costs the payer 12, brings 2 to the other and 10 to the builders."""
        _, s = state()
        builders, others = finance.split_bill(np.array([12.0, -2.0, 0.0]), 10.0)
        s.post("projects", builders)
        s.post("compensation", others)
        assert_allclose(s.flows.sum(axis=1), [-12.0, 2.0, 0.0])
        assert_allclose(s.flows[:, LINE["projects"]].sum(), -10.0)
        assert_allclose(s.flows[:, LINE["compensation"]].sum(), 0.0, atol=1e-12)
        assert dict(LINES)["projects"] == "builders"

    def test_interest_is_paid_on_debt_only(self):
        p, s = state(debt=-0.5)
        quarter(p, s)
        assert_array_equal(s.year[0][:, LINE["interest"]], 0.0)

    def test_the_vat_fraction_does_not_follow_firms(self):
        p, s = state()
        quarter(p, s, tick=0)
        quarter(p, s, cfe=3 * CFE, tick=1)
        for line in ("vat_fraction", "property_tax", "attribution"):
            assert_array_equal(s.year[0][:, LINE[line]], s.year[1][:, LINE[line]])


class TestTax:
    def test_rate_times_rental_value(self):
        posts = np.array([[10.0, 5.0], [0.0, 3.0]])
        out = finance.cfe_per_yr(np.array([20.0, 50.0]), 2.0, posts, np.array([False, True]))
        assert_allclose(out, [0.2 * 2.0 * 10.0, 0.0])

    def test_the_grant_falls_with_capacity(self):
        p, s = state()
        at_mean = finance.grant(p, s, PEOPLE, PEOPLE * 0.2 - s.property_per_head * PEOPLE)
        assert_allclose(at_mean, s.grant_per_head * PEOPLE, rtol=1e-9)  # equal capacities: no correction
        rich = CFE + np.array([5000.0, 0.0, 0.0])
        assert finance.grant(p, s, PEOPLE, rich)[0] < finance.grant(p, s, PEOPLE, CFE)[0]
        assert (finance.grant(p, s, PEOPLE, CFE * 1e6) >= 0).all()


class TestCentrality:
    def test_arrivals_fade(self):
        """A lone arrival is charged κ per job and fades by e in the fading time."""
        p, s = state(centrality_fading_years=2.0, centrality_per_commuter=0.0)
        for _ in range(8):
            finance.fade_centrality(p, s, np.zeros(T))
        assert_array_equal(s.centrality_stock, 0.0)
        finance.fade_centrality(p, s, np.array([100.0, 0.0, 0.0]))
        for _ in range(7):
            finance.fade_centrality(p, s, np.zeros(T))
        assert_allclose(s.centrality_stock[0], 100.0 * p.centrality_per_arrived_job * np.exp(-1.0))

    def test_commuters_are_charged_as_they_come(self):
        p, s = state()
        charge = finance.centrality_per_yr(p, s, COMMUTERS)
        assert_allclose(charge, p.centrality_per_commuter * COMMUTERS)


class TestSharing:
    @given(keys, keys)
    def test_sums_to_zero(self, pooled, key):
        net = finance.share_revenue(pooled, key)
        assert abs(net.sum()) <= 1e-12 * max(pooled.sum(), 1.0) * 4

    @given(keys)
    def test_to_contribution_is_nothing(self, pooled):
        assert_allclose(finance.share_revenue(pooled, pooled), 0.0, atol=1e-9 * max(pooled.sum(), 1.0))

    @given(keys)
    def test_without_a_key_all_get_the_same(self, pooled):
        net = finance.share_revenue(pooled, np.zeros(4))
        assert_allclose(net + pooled, pooled.sum() / 4, rtol=1e-12, atol=1e-9)

    def test_by_population(self):
        assert_allclose(finance.share_revenue(np.array([100.0, 0.0]), np.array([1.0, 3.0])), [-75.0, 75.0])
