"""The territorial foundation: the law of gifts, who gives, what it costs them, what the money buys; balances."""

import tomllib
from datetime import date

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy import patronage
from coopsim.economy.finance import LINE
from coopsim.economy.patronage import PatronageLaw, PatronageParams
from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario, section_defaults
from coopsim.scenario.shipped import shipped
from coopsim.schedule import climate
from coopsim.schedule.firms.foundation import foundation_year
from coopsim.society.moves import PROGRAMMES
from coopsim.world import founded
from tests.system.parts import small

KEY = "governance.payoff.foundation."
TABLE = tomllib.loads((shipped("law") / "patronage.toml").read_text(encoding="utf-8"))
LAW = PatronageLaw.from_table(TABLE, date(2026, 1, 1))
P = PatronageParams(**section_defaults("economy.patronage"))


def world_of(**changes):
    everybody = {f"economy.patronage.donors_{size}": 1.0 for size in ("micro", "small", "large")}
    return founded(small({KEY + "active": True, **{KEY + k: v for k, v in changes.items()}, **everybody}), 0)


class TestLaw:
    def test_versions(self):
        before = PatronageLaw.from_table(TABLE, date(2018, 6, 1))
        assert (before.ceiling_keur, before.reduction_above) == (0.0, 0.6)
        assert PatronageLaw.from_table(TABLE, date(2020, 6, 1)).ceiling_keur == 10.0
        assert (LAW.ceiling_keur, LAW.reduction, LAW.reduction_above) == (20.0, 0.6, 0.4)
        with pytest.raises(ScenarioError):
            PatronageLaw.from_table(TABLE, date(1990, 1, 1))

    @pytest.mark.parametrize(
        ("gift", "sales", "off"),
        [
            (10.0, 1000.0, 6.0),  # inside the ceiling of 20 k€
            (30.0, 1000.0, 12.0),  # 20 k€ count, 0.5 % of turnover being less
            (30.0, 10000.0, 18.0),  # 50 k€ would count
            (3000.0, 1e6, 0.6 * 2000.0 + 0.4 * 1000.0),  # 2 M€ at 60 %, the rest at 40 %
        ],
    )
    def test_what_a_gift_takes_off_the_tax(self, gift, sales, off):
        assert_allclose(patronage.reduced(LAW, np.array([gift]), np.array([sales])), [off])

    def test_a_donor_spends_its_budget_whatever_its_size(self):
        sales = np.geomspace(10.0, 1e8, 60)
        for share in (0.0005, 0.004, 0.02):
            p = PatronageParams(**{**section_defaults("economy.patronage"), "given_share": share})
            gift, net = patronage.gifts(p, LAW, sales)
            assert_allclose(net, share * sales, rtol=1e-9)
            assert (gift >= net).all()
            assert_allclose(gift - patronage.reduced(LAW, gift, sales), net, rtol=1e-9)
        bare, cost = patronage.gifts(P, None, sales)
        assert_array_equal(bare, cost)


class TestYear:
    def test_without_a_foundation_nothing_happens(self):
        world = founded(small(), 0)
        foundation_year(world)
        assert world.foundation is None

    def test_gifts_buy_what_a_council_would_buy(self):
        world = world_of(public_match=1.0)
        cash = world.companies.cash.copy()
        foundation_year(world)
        state = world.foundation
        assert (state.given > 0).all()
        assert_allclose(state.matched, state.given)
        assert_allclose(state.spent, state.given + state.matched + state.levied)
        assert_allclose(world.finance.flows[:, LINE["programmes"]], -state.matched)
        price = world.params.councils.ess_foundation_cost_per_inhabitant * world.people.population
        left = (1.0 - world.params.councils.programme_step) ** (state.spent / price)
        assert_allclose(world.programme("ess_foundation"), 1.0 - left)
        assert (world.companies.cash <= cash).all()
        assert (world.companies.cash < cash).sum() == state.donors.sum()

    @pytest.mark.parametrize("skills", [False, True])
    def test_what_a_donor_pays_is_its_budget_after_tax_and_its_time(self, skills):
        world = world_of(skills_patronage=skills)
        c, before = world.companies, world.companies.cash.copy()
        foundation_year(world)
        rows = np.flatnonzero(c.cash < before)
        cost = 0.25 * world.sectors.value_added[c.sector[rows]] * c.jobs[rows] * c.productivity[rows]
        paid = (before - c.cash)[rows] * cost * (1.0 - world.params.companies.reference_margin)
        p = world.params.patronage
        sales = patronage.turnover(
            p, world.sectors.value_added[c.sector[rows]], c.jobs[rows], c.productivity[rows]
        )
        assert_allclose(paid, p.given_share * sales * (1.0 + p.skills_share * skills))

    def test_without_the_right_to_a_reduction_less_is_given(self):
        free, bare = world_of(), world_of(patronage_eligibility=False)
        for world in (free, bare):
            foundation_year(world)
        assert_allclose(bare.foundation.given, free.foundation.given * (1.0 - LAW.reduction))

    def test_time_lent_helps_takeovers(self):
        world = world_of(skills_patronage=True)
        foundation_year(world)
        assert_allclose(world.foundation.lent, world.params.patronage.skills_share * world.foundation.given)
        assert (world.programme("coop_takeover") > 0).all()
        assert not world_of().programmes[:, PROGRAMMES.index("coop_takeover")].any()

    def test_a_levy_is_paid_by_the_social_economy(self):
        world = world_of(levy=0.01)
        c = world.companies
        social = np.flatnonzero(c.alive)[:5]
        c.form[social] = 1
        before = c.cash.copy()
        foundation_year(world)
        assert world.foundation.levied.sum() > 0
        assert (c.cash[social] < before[social]).all()

    def test_the_largest_employer_takes_its_gift_away(self):
        kept, lost = world_of(), world_of()
        climate.fire(lost, "main_employer_leaves", 1.0, 1, np.arange(3))
        for world in (kept, lost):
            foundation_year(world)
        share = 1.0 - lost.foundation.given / kept.foundation.given
        assert (share > 0).all()
        assert (share <= kept.foundation.first + 1e-9).all()  # the largest by jobs may not be the first donor

    def test_the_journal_tells_who_gives(self):
        world = world_of()
        foundation_year(world)
        line = world.journal[-1]
        assert (line["kind"], line["move"]) == ("foundation", "gifts")
        assert "mécènes donnent" in line["reason_fr"]


def test_a_run_keeps_its_accounts():
    spec = load_scenario("foundation-full", {"horizon.years": 3, "event": []})
    model = CoopModel(spec, 0, views=False)
    for _ in range(spec.ticks):
        model.step()
    state = model.world.foundation
    assert_allclose(state.spent, state.given + state.matched + state.levied)
    assert (state.given > 0).all()
    model.release()
