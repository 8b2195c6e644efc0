"""French rules of public finance: account of the founding, taxes with their lag, bounds, aid, sharing keys."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import COUNTERPARTS, LINE, french, limits
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.schedule.finance import legal
from coopsim.schedule.finance.phase import sharing_key
from coopsim.schedule.siting.aid import claw_back, pay_aid
from coopsim.schedule.siting.attraction import exact_value, sampled_value
from tests.system.parts import small

FRENCH = {"economy.finance.rules": "french"}
CODES = {"Grand-Figeac": "200067361", "Cauvaldor": "200066371"}


def world_of(changes=None, ticks=0, **case):
    model = CoopModel(small(FRENCH | (changes or {}), **case), seed=4)
    for _ in range(ticks):
        model.step()
    return model.world


@pytest.fixture(scope="module")
def figeac():
    model = CoopModel(load_scenario("figeac-status-quo", FRENCH), seed=0)
    for _ in range(4):
        model.step()
    return model.world


def line(world, name):
    """What a line brought or cost over the last four quarters, k€, by territory."""
    return world.finance.year.sum(axis=0)[:, LINE[name]]


class TestAccountOfTheFounding:
    def test_it_closes_at_the_target(self):
        """Nothing moves: the account leaves the balance that the simple rules aim at."""
        w = world_of()
        f, s = w.finance, w.finance.french
        cfe = 0.01 * f.tax_pct * s.taxed_base
        charges = w.params.finance.centrality_per_commuter * w.people.in_commuters
        for _ in range(4):
            french.post(s, f, w.people.population, cfe, charges, w.params.finance.interest_per_yr)
        left = w.params.finance.target_balance_share * f.budget
        assert_allclose(f.flows.sum(axis=1), left, rtol=1e-9, atol=1e-6)
        assert_allclose(f.flows[:, [LINE["river_tax"], LINE["river_works"]]].sum(axis=1), 0.0, atol=1e-9)

    def test_the_published_potential_is_met(self, figeac):
        """The fraction of VAT is what is left of the published potential: Figeac 396.83, Cauvaldor 388.34 €."""
        fresh = CoopModel(load_scenario("figeac-status-quo", FRENCH), seed=0).world
        s, crowd = fresh.finance.french, fresh.people
        law = s.book.of(fresh.year)
        now = french.bases(s.p, s.case, s.value_added, s.public, fresh.companies, crowd.own_account, law)
        found = french.assess(s, law, now, crowd.population, crowd.dwellings, 0.0)
        for name, value in (("Grand-Figeac", 0.39683), ("Cauvaldor", 0.38834)):
            assert found[fresh.places.code.index(CODES[name])] == pytest.approx(value, rel=1e-9)

    def test_cauvaldor_is_near_its_published_account(self, figeac):
        """Cauvaldor, budget 2023: 5.3 M€ of business tax at 27.36 %, a base of 19.4 M€; firms pay 6.8 M€ in all."""
        i = figeac.places.code.index(CODES["Cauvaldor"])
        base = figeac.finance.french.taxed_base[i]
        assert base == pytest.approx(5300.0 / 0.2736, rel=0.05)
        firms = 0.2736 * base + line(figeac, "shop_tax")[i] + line(figeac, "network_tax")[i]
        assert firms == pytest.approx(6800.0, rel=0.10)

    def test_running_revenue_is_the_published_one(self, figeac):
        """Running sections: Grand-Figeac 36.15 M€ (2020), Cauvaldor 48.2 M€ (2024)."""
        revenue = figeac.finance.revenue_per_yr()
        for name, value in (("Grand-Figeac", 36_150.0), ("Cauvaldor", 48_200.0)):
            assert revenue[figeac.places.code.index(CODES[name])] == pytest.approx(value, rel=0.01)

    def test_the_fund_is_paid_by_the_rest_of_the_country(self, figeac):
        f = figeac.finance
        assert f.outside[COUNTERPARTS.index("other_groups")] == pytest.approx(-line(figeac, "fpic").sum())


class TestTaxes:
    def test_the_base_is_that_of_the_year_before_last(self):
        w = world_of()
        s = w.finance.french
        law = s.book.of(w.year)
        start = s.taxed_base.copy()
        rows = w.companies.rows()
        w.companies.jobs[rows] *= 3.0
        legal.new_year(w, s, law)
        assert_array_equal(s.taxed_base, start)
        legal.new_year(w, s, law)
        assert_array_equal(s.taxed_base, start)
        legal.new_year(w, s, law)
        assert (s.taxed_base > 1.5 * start).all()

    def test_equipment_of_public_services_and_farms_is_not_taxed(self):
        w = world_of()
        s = w.finance.french
        law = s.book.of(w.year)
        args = (s.p, s.case, s.value_added, s.public, w.companies, np.zeros(w.size), law)
        whole = french.bases(*args).business
        s.case.exempt[:] = 0.8
        assert_allclose(french.bases(*args).business, 0.2 * whole)
        s.case.exempt[:] = 0.0

    def test_vat_follows_the_nation_first(self):
        """Twice the local staff changes the fraction only through its part of the growth."""
        w = world_of()
        s = w.finance.french
        law, crowd = s.book.of(w.year), w.people
        now = french.bases(s.p, s.case, s.value_added, s.public, w.companies, crowd.own_account, law)
        french.assess(s, law, now, crowd.population, crowd.dwellings, 0.0)
        before = s.amounts["vat_fraction"].copy()
        w.companies.jobs[w.companies.rows()] *= 2.0
        more = french.bases(s.p, s.case, s.value_added, s.public, w.companies, crowd.own_account, law)
        french.assess(s, law, more, crowd.population, crowd.dwellings, 0.0)
        assert_allclose(s.amounts["vat_fraction"], before)
        french.assess(s, law, more, crowd.population, crowd.dwellings, 10.0)
        growth = (1.0 + s.p.vat_growth_per_yr) ** 10 - 1.0
        assert (s.amounts["vat_fraction"] <= before * (1.0 + 2.0 * growth) * (1 + 1e-9)).all()

    def test_a_richer_territory_gets_less_grant(self):
        w = world_of()
        s = w.finance.french
        law, crowd = s.book.of(w.year), w.people
        now = french.bases(s.p, s.case, s.value_added, s.public, w.companies, crowd.own_account, law)
        grants = []
        for factor in (1.0, 1.5):
            s.base_years[:] = factor * now.business
            s.grant_per_head = np.full(w.size, 0.02)
            french.assess(s, law, now, crowd.population, crowd.dwellings, 0.0)
            grants.append(s.amounts["grant"].copy())
        assert (grants[1] <= grants[0]).all()
        assert (grants[1] < grants[0]).any()


class TestBounds:
    def test_rates_rise_only_as_property_taxes_do(self):
        """26.5 % and property taxes that rise by 1 %: 0.265 points this year, four years of rights at most."""
        w = world_of({"governance.payoff.tax_rate_bounds": [0.0, 60.0]}, ticks=1)
        start = w.finance.tax_pct.copy()
        assert_allclose(w.rules.tax_high, 1.01 * start)
        s = w.finance.french
        law = s.book.of(w.year)
        for _ in range(10):
            french.open_rights(s, law, w.finance.tax_pct)
        kept = (1 + law.reserve_years) * 0.01 * start
        assert_allclose(s.rate_high - w.finance.tax_pct, np.minimum(kept, 53.0 - w.finance.tax_pct))

    def test_no_rate_above_twice_the_mean(self):
        w = world_of({"economy.french_finance.property_rate_rise_per_yr": 1.0})
        for _ in range(2):
            french.open_rights(w.finance.french, w.finance.french.book.of(w.year), w.finance.tax_pct)
        assert_allclose(w.finance.french.rate_high, limits.rate_ceiling(w.finance.french.book.of(w.year)))

    def test_the_rules_in_force_carry_the_narrower_bound(self):
        wide = {"governance.payoff.tax_rate_bounds": [0.0, 60.0], "governance.payoff.subsidy.max": 30.0}
        w = world_of(wide, ticks=1)
        assert (w.rules.tax_high < 30.0).all()
        assert_allclose(w.rules.subsidy_high, 0.2 * w.finance.french.p.property_cost_keur_per_job)
        free = world_of(wide | {"governance.payoff.subsidy.region_delegates": True}, ticks=1)
        assert_allclose(free.rules.subsidy_high, 30.0)
        simple = CoopModel(small(wide), seed=4)
        simple.step()
        assert_allclose(simple.world.rules.subsidy_high, 30.0)

    def test_bounds_outlive_a_change_of_other_rules(self):
        """What the law opens later is not lost because rules were replaced in between."""
        w = world_of({"governance.payoff.tax_rate_bounds": [0.0, 60.0]}, ticks=1)
        s = w.finance.french
        w.rules = replace(w.rules, diagnostic=w.rules.diagnostic.copy())
        s.rate_high = s.rate_high + 2.0
        legal.bound(w, s, s.book.of(w.year))
        assert_allclose(w.rules.tax_high, s.rate_high)

    def test_services_are_cut_until_the_budget_balances(self):
        w = world_of()
        f, s = w.finance, w.finance.french
        law = s.book.of(w.year)
        before = f.service_per_head.copy()
        short = np.column_stack((f.budget, 1.01 * f.budget))
        here = np.array([True, True, False])
        cut = french.balance(s, f, law, short, w.people.population, here)
        most = s.p.services_cut_max * np.maximum(s.service_start, 0.0) * w.people.population
        missing = 0.01 * f.budget + f.debt / s.p.repayment_years
        assert_allclose(cut, np.minimum(missing, most) * here)
        assert_allclose((before - f.service_per_head)[:2], (cut / w.people.population)[:2])
        rich = np.column_stack((f.budget, 0.5 * f.budget))
        for _ in range(3):
            french.balance(s, f, law, rich, w.people.population, here)
        assert_allclose(f.service_per_head, before)  # they come back, and no further

    def test_the_journal_names_the_article(self, figeac):
        lines = [entry for entry in figeac.journal if entry["kind"] == "limit"]
        assert lines
        assert any("1636 B" in entry["reason_en"] and "1636 B" in entry["reason_fr"] for entry in lines)


class TestAid:
    def paid(self, jobs, **rules):
        w = world_of({f"governance.payoff.subsidy.{k}": v for k, v in rules.items()} | {
            "governance.payoff.subsidy.max": 10.0})  # fmt: skip
        w.finance.subsidy[:] = 10.0
        ids, where = np.array([7, 8], np.uint64), np.array([0, 1])
        pay_aid(w, ids, where, np.array(jobs), np.array([*jobs, 0.0]))
        return w, -w.finance.flows[:, LINE["subsidies"]]

    def test_de_minimis_cuts_the_aid_of_a_large_company(self):
        w, paid = self.paid([10.0, 60.0], region_delegates=True)
        assert_allclose(paid, [100.0, 300.0, 0.0])
        pay_aid(w, np.array([7], np.uint64), np.array([2]), np.array([30.0]), np.array([0.0, 0.0, 30.0]))
        assert_allclose(-w.finance.flows[2, LINE["subsidies"]], 200.0)  # 100 were received elsewhere
        assert any(entry["move"] == "aid" and entry["amount"] == 300.0 for entry in w.journal)

    def test_only_property_without_a_delegation(self):
        """40 k€ of property a job: 20 % below 50 jobs, 10 % below 250."""
        _, paid = self.paid([10.0, 60.0])
        assert_allclose(paid, [80.0, 240.0, 0.0])

    def test_leavers_pay_back_the_years_that_remain(self):
        w, _ = self.paid([10.0, 20.0], region_delegates=True, clawback_years=5.0)
        w.tick += 8
        claw_back(w, np.array([7, 8, 9], np.uint64), np.array([0, 2, 1]))
        assert_allclose(w.finance.flows[:, LINE["clawback"]], [100.0 * (1 - 2 / 5), 0.0, 0.0])

    def test_simple_rules_pay_by_job(self):
        model = CoopModel(small({"governance.payoff.subsidy.max": 10.0}), seed=4)
        w = model.world
        w.finance.subsidy[:] = 10.0
        pay_aid(w, np.array([7], np.uint64), np.array([0]), np.array([60.0]), np.array([60.0, 0.0, 0.0]))
        assert_allclose(-w.finance.flows[:, LINE["subsidies"]], [600.0, 0.0, 0.0])


class TestSharingKeys:
    def test_the_shapley_value_of_two_by_hand(self):
        """Pulls 1 and 3 against 4 outside: v(1) = 1/5, v(2) = 3/7, v(12) = 1/2; mean additions over two orders."""
        found = exact_value(np.array([[1.0], [3.0]]), np.array([4.0]), np.ones(1))
        one = 0.5 * (1 / 5 + (1 / 2 - 3 / 7))
        assert_allclose(found, [one, 1 / 2 - one])

    def test_all_orders_are_the_exact_value(self):
        rng = np.random.default_rng(3)
        pull, away, weight = rng.random((5, 4)), rng.random(4), np.full(4, 0.25)
        orders = np.array(list(permutations(range(5))))
        assert_allclose(sampled_value(pull, away, weight, orders), exact_value(pull, away, weight))

    def test_who_attracts_more_gets_more(self):
        w = world_of({"governance.payoff.revenue_sharing.key": "shapley"})
        w.finance.subsidy[:] = [20.0, 0.0, 0.0]
        key = sharing_key(w, np.ones(3, np.bool_), np.ones(3))
        assert key.argmax() == 0
        assert (key > 0.0).all()

    def test_solidarity_prefers_the_poor_per_head(self):
        w = world_of({"governance.payoff.revenue_sharing.key": "solidarity"})
        w.finance.income[:] = [10.0, 20.0, 20.0]
        w.signals.cfe[:] = 0.1 * w.people.population
        people = w.people.population
        key = sharing_key(w, np.ones(3, np.bool_), np.ones(3)) / people
        assert key[0] > key[1]
        assert key[1] == pytest.approx(key[2])
