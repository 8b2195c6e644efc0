"""Local currency: two sides that draw each other, purchases moved near, credit lent in a fall and paid back."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.model import CoopModel
from coopsim.scenario import section_defaults
from coopsim.schedule.firms import currency as phase
from coopsim.schedule.moves import carry_out, expectation, possible
from coopsim.society import currency as soc
from coopsim.society.currency import CurrencyParams
from coopsim.society.moves import INDEX, PROGRAMMES
from coopsim.world import founded
from tests.system.parts import small

MOVE = "governance.choice.moves.local_currency.allowed"
FORM = "governance.choice.local_currency_form"
P = CurrencyParams(**section_defaults("society.currency"))
FULL = np.ones(1)


def years(p, form, n, effort=FULL):
    h = f = np.zeros(1)
    for _ in range(n):
        h, f = soc.used(p, h, f, effort, form)
    return float(h[0]), float(f[0])


def world_of(form="household", **changes):
    world = founded(small({MOVE: True, FORM: form, **changes}), 0)
    world.programmes[:, PROGRAMMES.index("local_currency")] = 1.0
    return world


class TestUsers:
    def test_the_first_year_is_that_of_direct_work(self):
        assert years(P, "household", 1) == pytest.approx((P.seed_per_yr, P.seed_per_yr))

    def test_without_an_association_users_give_up(self):
        h, f = soc.used(P, np.array([0.2]), np.array([0.1]), np.zeros(1), "full")
        assert_allclose([h[0], f[0]], np.array([0.2, 0.1]) * (1.0 - P.dropout_per_yr))

    def test_each_side_draws_the_other(self):
        assert years(P, "household", 10)[0] > 10 * P.seed_per_yr
        assert years(replace(P, contact_per_yr=0.0), "household", 10)[0] < 10 * P.seed_per_yr

    def test_public_services_bring_companies_and_they_bring_households(self):
        plain, public = years(P, "household", 10), years(P, "public", 10)
        assert public[1] > 2.0 * plain[1]
        assert public[0] > plain[0]

    def test_mutual_credit_is_among_companies(self):
        assert years(P, "b2b", 10)[0] == 0.0
        assert years(P, "b2b", 10)[1] > 0.0

    def test_users_are_a_share(self):
        wild = replace(P, seed_per_yr=1.0, contact_per_yr=10.0, public_per_yr=1.0, dropout_per_yr=0.0)
        assert years(wild, "full", 5) == (1.0, 1.0)

    def test_what_moves_is_bound_by_the_short_side(self):
        h, f = np.array([0.4]), np.array([0.1])
        assert_allclose(soc.relocated(P, h, f, "household"), P.relocated_share * 0.1)
        assert_allclose(soc.relocated(P, h, np.array([0.3]), "b2b"), P.relocated_share * 0.3)


class TestCredit:
    def test_it_replaces_part_of_a_fall_and_is_paid_back_to_the_last(self):
        members, fall = np.array([0.5]), np.array([-0.1, 0.0])
        credit = np.zeros((1, 2))
        lent = soc.borrowed(P, credit, members, fall)
        assert_allclose(lent, [[P.credit_share * 0.5 * 0.1, 0.0]])
        credit = credit + lent
        total = lent.sum()
        for _ in range(400):
            paid = soc.borrowed(P, credit, members, np.zeros(2))
            assert (paid <= 0.0).all()
            credit, total = credit + paid, total + paid.sum()
        assert total == pytest.approx(0.0, abs=1e-9)


class TestPhase:
    def test_without_the_move_there_is_none(self):
        world = founded(small(), 0)
        assert phase.impulse(world, np.zeros(len(world.sectors))) == 0.0
        assert world.currency is None

    def test_nobody_animates_nobody_uses(self):
        world = founded(small({MOVE: True}), 0)
        assert phase.impulse(world, np.zeros(len(world.sectors))) == 0.0

    def test_local_demand_rises_by_what_is_moved_and_no_more(self):
        world = world_of()
        export = world.sectors.export_share
        total = 0.0
        for world.tick in range(8):
            total = total + phase.impulse(world, np.zeros(len(world.sectors)))
        assert_allclose(
            total, world.currency.level[:, None] * ((1.0 - export) * ~world.sectors.public)[None, :]
        )
        assert (world.currency.level > 0).all()

    def test_a_fall_is_softened_only_with_mutual_credit(self):
        fall = -0.1
        for form, softened in (("household", False), ("b2b", True), ("full", True)):
            world = world_of(form)
            world.sectors = replace(world.sectors, export_share=np.full(len(world.sectors), 0.5))
            phase.impulse(world, np.zeros(len(world.sectors)))
            world.tick = 1
            found = phase.impulse(world, np.full(len(world.sectors), fall))
            assert (np.max(found) > 0.0) == softened


class TestMove:
    def test_its_council_pays_by_head_and_its_level_rises(self):
        world = founded(small({MOVE: True}), 0)
        assert possible(world)[:, INDEX["local_currency"]].all()
        carry_out(world, 1, "local_currency")
        bill = P.keur_per_head * world.people.population[1]
        assert_allclose(world.finance.flows[:, LINE["programmes"]], [0.0, -bill, 0.0])
        assert_allclose(world.programme("local_currency"), [0.0, world.params.councils.programme_step, 0.0])

    def test_what_is_expected_is_what_the_engine_then_does(self):
        world = founded(small({MOVE: True}), 0)
        world.sectors = replace(world.sectors, export_share=np.full(len(world.sectors), 0.4))
        p = world.params.councils
        expected = expectation(world, "local_currency").jobs[0, 0]
        carry_out(world, 0, "local_currency")
        column = PROGRAMMES.index("local_currency")
        grown = 0.0
        for world.tick in range(int(4 * p.horizon_years)):
            grown += float(
                np.sum(phase.impulse(world, np.zeros(len(world.sectors)))[0] * world.signals.posts[0])
            )
            world.programmes[:, column] *= 1.0 - p.programme_fading_per_quarter
        share = 100.0 * grown * (1.0 - p.crowding_out) / (world.people.filled + world.people.own_account)[0]
        assert expected == pytest.approx(share, rel=0.25)

    def test_a_run_with_it_differs_and_its_money_balances(self):
        worlds = []
        for allowed in (False, True):
            model = CoopModel(small({MOVE: allowed, FORM: "public", "horizon.years": 6}), 3, views=False)
            if allowed:
                model.world.programmes[:, PROGRAMMES.index("local_currency")] = 1.0
            for _ in range(24):
                model.step()
            worlds.append(model.world)
            model.release()
        assert worlds[0].currency is None
        assert (worlds[1].currency.companies > 0).all()
        assert not np.array_equal(worlds[0].signals.posts, worlds[1].signals.posts)
        assert_array_equal(np.isfinite(worlds[1].finance.debt), True)
