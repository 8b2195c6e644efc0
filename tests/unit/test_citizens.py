"""Citizen budgets and inhabitants' money in energy works: who chooses, who pays, what is spared."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy import citizen_capital as cit
from coopsim.economy import energy
from coopsim.economy.finance import LINE
from coopsim.scenario import load_scenario, section_defaults
from coopsim.schedule.councils.citizen_budget import citizens_choose, prices
from coopsim.schedule.councils.phase import councils_phase
from coopsim.schedule.firms import citizens, loops
from coopsim.schedule.moves import expectations
from coopsim.society.moves import CANDIDATES
from coopsim.world import founded
from tests.system.invariants import live
from tests.system.parts import small

P = cit.CitizenCapitalParams(**section_defaults("economy.citizen_capital"))
ALL = np.ones(3, np.bool_)
BUDGET = {
    "governance.choice.citizen_budget": 20.0,
    "governance.choice.moves.conviviality.allowed": True,
    "governance.choice.moves.temporary_use.allowed": True,
    "record.journal": True,
}


class TestBudget:
    def test_without_a_purse_nobody_chooses(self):
        world = founded(small({**BUDGET, "governance.choice.citizen_budget": 0.0}), 0)
        assert citizens_choose(world, ALL) == []
        assert not world.commitments.purse.any()

    def test_what_is_chosen_fits_the_purse_and_is_a_project_of_the_council(self):
        world = founded(small(BUDGET), 0)
        yearly = 0.001 * 20.0 * world.people.population
        chosen = citizens_choose(world, ALL)
        assert chosen
        price = prices(world, expectations(world))
        spent = np.zeros(3)
        for i, m in chosen:
            assert CANDIDATES[m].payer == "council"
            assert CANDIDATES[m].family != "attractiveness"
            spent[i] += price[i, m]
        assert_allclose(world.commitments.purse, yearly - spent)
        assert (world.commitments.purse >= 0.0).all()
        told = [line for line in world.journal if line["kind"] == "citizens"]
        assert len(told) == len(chosen)

    def test_only_where_and_when_the_council_meets(self):
        world = founded(small(BUDGET), 0)
        chosen = citizens_choose(world, np.array([False, True, False]))
        assert {i for i, _ in chosen} == {1}
        assert_array_equal(world.commitments.purse > 0.0, [False, True, False])

    def test_what_is_not_spent_is_kept_for_two_years_at_most(self):
        world = founded(
            small({**BUDGET, "governance.choice.citizen_budget": 0.01}), 0
        )  # too little for anything
        for year in range(1, 5):
            assert citizens_choose(world, ALL) == []
            assert_allclose(world.commitments.purse, min(year, 2) * 1e-5 * world.people.population)

    def test_what_the_council_has_just_adopted_is_not_bought_twice(self):
        world = founded(small(BUDGET), 0)
        taken = [(i, m) for i in range(3) for m in range(len(CANDIDATES))]
        world.pending = [(1, i, m) for i, m in taken]
        assert citizens_choose(world, ALL) == []

    def test_the_council_carries_out_and_pays(self):
        world, base = (
            founded(small(BUDGET), 0),
            founded(small({**BUDGET, "governance.choice.citizen_budget": 0.0}), 0),
        )
        for each in (world, base):
            councils_phase(each)
        more = {(i, m) for _, i, m in world.pending} - {(i, m) for _, i, m in base.pending}
        assert more

    def test_nobody_is_made_to_take_what_most_refuse(self, monkeypatch):
        from coopsim.schedule.councils import citizen_budget as module

        world = founded(small(BUDGET), 0)
        real = module.opinions

        def against(*args):
            seats, college, utility = real(*args)
            return seats, college, -np.abs(utility) - 1.0

        monkeypatch.setattr(module, "opinions", against)
        assert citizens_choose(world, ALL) == []


class TestWhoSubscribes:
    @given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
    def test_motives_add_up_and_effort_holds_back(self, conviction, near, clarity):
        def share(p=P, c=conviction, n=near, clear=clarity):
            return float(cit.joining(p, np.array([c]), np.array([n]), np.array([clear]))[0])

        here = share()
        assert 0.0 <= here <= P.most_share
        assert share(c=min(conviction + 0.2, 1.0)) >= here
        assert share(n=min(near + 0.2, 1.0)) >= here
        assert share(clear=max(clarity - 0.2, 0.0)) <= here
        assert share(p=replace(P, return_per_yr=P.return_per_yr + 0.01)) > here

    def test_need_draws_and_outreach_spares_effort(self):
        p = replace(P, need=1.0, fragile_effort=2.0)
        half = np.array([0.5])

        def share(need=0.0, spared=0.0, fragile=0.0, p=p):
            return float(cit.joining(p, half, half, half, np.array([need]), np.array([spared]), fragile)[0])

        assert share(need=0.8) > share()
        assert share(spared=0.5) > share()
        assert share(fragile=0.2) < share()
        # fully met, the fragile join as the others do
        assert share(spared=1.0, fragile=0.2) == pytest.approx(share(spared=1.0))
        # outreach that spares nobody any ordinary effort still reaches the fragile, and only them
        bare = replace(p, effort=0.0)
        assert share(spared=0.5, p=bare) == share(p=bare)
        assert share(spared=0.5, fragile=0.2, p=bare) > share(fragile=0.2, p=bare)

    def test_without_them_people_join_as_before(self):
        x = np.linspace(0.0, 1.0, 7)
        before = cit.joining(P, x, x, x)
        assert_array_equal(before, cit.joining(P, x, x, x, 0.8, 0.0, 0.3))

    def test_each_euro_of_outreach_spares_less(self):
        spent = np.array([0.0, 1.0, 2.0, 3.0, 1e6])
        spared = cit.outreach(P, spent)
        assert spared[0] == 0.0
        assert spared[-1] == 1.0
        assert (np.diff(np.diff(spared[:4])) < 0.0).all()
        assert spared[2] == pytest.approx(1.0 - np.exp(-2.0 / P.outreach_eur_per_head))

    def test_cheaper_money_is_worth_a_gift_dearer_money_nothing(self):
        q = np.array([0.0, 0.5, 1.0])
        assert_allclose(cit.spared(q, 0.06, 0.08), [0.0, 0.125, 0.25])
        assert_array_equal(cit.spared(q, 0.09, 0.08), 0.0)


def open_world(share, **params):
    spec = load_scenario(
        "energy-loop",
        {
            "governance.choice.citizen_capital": share,
            **{f"economy.citizen_capital.{k}": v for k, v in params.items()},
        },
    )
    return founded(spec, 0)


class TestCapital:
    def test_the_price_falls_by_what_their_money_spares(self):
        closed, opened = open_world(0.0), open_world(0.3, ticket_keur=50.0)
        p, c = opened.params.local.energy, opened.params.citizen_capital
        paid = loops.gift(opened)
        ratio = energy.annuity(c.return_per_yr, p.life_years) / energy.annuity(
            p.discount_per_yr, p.life_years
        )
        assert ratio < 1.0
        want = loops.prices(
            opened, np.broadcast_to(paid + (1.0 - paid) * 0.3 * (1.0 - ratio), (2, opened.size))
        )
        assert_allclose(loops.offered(opened), want)
        assert (loops.offered(opened) < loops.offered(closed)).all()

    def test_they_bring_no_more_than_they_have(self):
        world = open_world(1.0, ticket_keur=0.001)
        share = citizens.part(world, loops.gift(world), 8.0)
        assert (share < 1.0).all()
        needed = energy.investment(world.params.local.energy, 0, 8.0) * (1.0 - loops.gift(world))
        assert_allclose(share[0] * needed, citizens.left(world))

    def test_what_is_subscribed_is_counted_once(self):
        world = open_world(0.2)
        before = citizens.left(world)
        raised = citizens.subscribe(world, 1, 0, 8.0, loops.gift(world))
        assert raised > 0.0
        assert_allclose(world.commitments.capital, np.where(np.arange(world.size) == 1, raised, 0.0))
        assert citizens.left(world)[1] < before[1]
        assert_array_equal(np.delete(citizens.left(world), 1), np.delete(before, 1))

    def test_outreach_costs_the_council_and_brings_more_money(self):
        plain = open_world(0.3)
        met = founded(
            load_scenario(
                "energy-loop",
                {"governance.choice.citizen_capital": 0.3, "governance.choice.citizen_outreach": 2.0},
            ),
            0,
        )
        assert (citizens.left(met) > citizens.left(plain)).all()
        citizens.pay_outreach(met)
        line = met.finance.flows[:, LINE["programmes"]]
        assert_allclose(line, -0.25 * 0.002 * met.people.population)
        citizens.pay_outreach(plain)
        assert not plain.finance.flows[:, LINE["programmes"]].any()

    def test_outreach_without_an_offer_costs_nothing(self):
        world = founded(load_scenario("energy-loop", {"governance.choice.citizen_outreach": 2.0}), 0)
        citizens.pay_outreach(world)
        assert not world.finance.flows[:, LINE["programmes"]].any()

    def test_dear_energy_and_idle_people_change_who_joins(self):
        world = open_world(0.3, need=1.0)
        before = citizens.left(world)
        world.shocks.append((10, "energy_price", 0.8, np.ones(world.size, np.bool_)))
        assert (citizens.left(world) > before).all()
        shy = open_world(0.3, fragile_effort=3.0)
        some = citizens.left(shy)
        shy.people.active_rate = 1.2 * shy.people.active_rate
        assert (citizens.left(shy) < some).all()

    def test_closed_means_as_before(self):
        world = open_world(0.0)
        assert citizens.part(world, loops.gift(world), 8.0) is None
        assert citizens.subscribe(world, 0, 0, 8.0, loops.gift(world)) == 0.0
        assert_array_equal(loops.paid(world, 8.0), np.broadcast_to(loops.gift(world), (2, world.size)))


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_runs_keep_every_balance(share):
    rules = {
        **BUDGET,
        "governance.choice.citizen_capital": share,
        "governance.choice.moves.heat_network.allowed": True,
        "governance.choice.moves.energy_loop.allowed": True,
    }
    live(small(rules, years=3))
