"""Pacts: invitation, animation, cost shares, stages, joining and leaving."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.rng import entity_id
from coopsim.schedule import pacts as phase
from coopsim.schedule import public
from coopsim.society import pacts
from coopsim.society.councils import CouncilParams
from coopsim.society.pacts import PactParams
from coopsim.tables import SCOPES, PactTable
from coopsim.world import founded
from tests.system.parts import params, small

ALL = np.ones(len(SCOPES), np.bool_)


def table(*members, size=4):
    t = PactTable.empty(size)
    for n, group in enumerate(members):
        who = np.zeros(size, np.bool_)
        who[list(group)] = True
        t.found(entity_id("pact", f"T{n}", 0, 0), who, ALL, 0, min(group), np.arange(size) * 100.0)
    return t


class TestInvitation:
    def test_logistic_in_each_argument(self):
        p = params(PactParams)
        zero = np.zeros((2, 2))
        base = np.log(1 / (1 / pacts.invitation(p, *[zero] * 6) - 1))
        assert_allclose(base, p.invite_base)
        weights = (p.invite_trust, p.invite_knowledge, p.invite_identity, p.invite_dependence, -p.invite_rivalry,
                   p.invite_catalyst)  # fmt: skip
        for n, weight in enumerate(weights):
            arguments = [zero.copy() for _ in range(6)]
            arguments[n] += 1.0
            odds = np.log(1 / (1 / pacts.invitation(p, *arguments) - 1))
            assert_allclose(odds - base, weight, rtol=1e-9)


class TestAnimation:
    @given(st.floats(0.0, 20.0), st.integers(2, 12))
    def test_efficiency_is_posts_over_need_up_to_one(self, fte, n):
        p = params(PactParams)
        out = float(pacts.efficiency(p, np.array(fte), np.array(float(n))))
        assert out == pytest.approx(min(1.0, fte / (p.fte_per_member_full * n)))

    @given(
        st.lists(st.floats(1.0, 1e5), min_size=4, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4)
    )
    def test_members_pay_by_population(self, people, members):
        people, members = np.array(people), np.array(members)
        shares = pacts.cost_shares(people, members)
        assert_array_equal(shares[~members], 0.0)
        if members.any():
            assert_allclose(shares.sum(), 1.0)
            assert_allclose(shares[members] / shares[members][0], people[members] / people[members][0])


class TestTable:
    def test_founding_and_pairs(self):
        t = table((0, 2), (1, 3))
        assert len(t) == 2
        together = t.together("water")
        assert together[0, 2]
        assert together[2, 0]
        assert together.sum() == 4
        assert not np.diagonal(together).any()
        assert t.covered("wood").all()
        assert_array_equal(t.tax_at_entry[0], [0.0, 0.0, 200.0, 0.0])

    def test_scopes_count(self):
        t = table((0, 2))
        t.scopes[0] = [s == "water" for s in SCOPES]
        assert t.together("water").any()
        assert not t.together("revenue").any()
        assert not t.covered("revenue").any()

    def test_a_pact_of_one_ends(self):
        t = table((0, 1, 2))
        assert not pacts.shrink(t, 0, 2, 9)
        assert t.ended[0] == -1
        assert pacts.shrink(t, 0, 1, 12)
        assert t.ended[0] == 12
        assert t.active.size == 0
        assert not t.together("water").any()


class TestStages:
    def advanced(self, kept, years, stage=0):
        p = params(PactParams)
        t = table((0, 1))
        t.stage[0], t.kept[0] = stage, kept
        pacts.advance_stages(p, t, int(4 * years))
        return int(t.stage[0])

    def test_time_and_kept_promises(self):
        p = params(PactParams)
        first, least = p.stage_years[0], p.stage_kept[0]
        assert self.advanced(1.0, first) == 1
        assert self.advanced(1.0, first - 0.25) == 0
        assert self.advanced(least - 0.01, first) == 0
        assert self.advanced(1.0, 1000, stage=3) == 3

    def test_broken_promises_lead_back(self):
        least = params(PactParams).stage_kept[0]
        assert self.advanced(0.75 * least - 0.01, 0, stage=1) == 0
        assert self.advanced(0.75 * least + 0.01, 0, stage=1) == 1


@pytest.fixture
def world():
    """Three territories, the first two in a pact on every scope."""
    rules = {
        "governance.payoff.revenue_sharing.share": 0.5,
        "governance.payoff.animation_funding.share": 0.4,
        "governance.boundary.exit": "penalty",
        "governance.boundary.exit_penalty_keur": 90.0,
    }
    w = founded(small(rules), 0)
    members = np.array([True, True, False])
    w.pacts.found(np.uint64(7), members, ALL, 0, 0, w.signals.cfe)
    return w


class TestMoneyOfAPact:
    def test_new_tax_is_pooled_and_given_back(self, world):
        world.signals.cfe = world.signals.cfe + np.array([400.0, 0.0, 400.0])
        public.share_tax(world)
        net = world.finance.flows[:, LINE["shared_revenue"]]
        assert_allclose(net.sum(), 0.0, atol=1e-9)
        people = world.people.population
        pool = 0.25 * 0.5 * 400.0
        assert_allclose(net[1], pool * people[1] / people[:2].sum())
        assert net[2] == 0.0
        assert_allclose(world.finance.shared, net)

    def test_a_loss_is_not_shared(self, world):
        world.signals.cfe = world.signals.cfe - 10.0
        public.share_tax(world)
        assert_array_equal(world.finance.flows[:, LINE["shared_revenue"]], 0.0)

    def test_the_outside_pays_its_share_of_posts_and_nothing_else(self, world):
        public.animate(world)
        f = world.finance
        posts = 0.25 * world.params.finance.animation_cost_per_fte * world.pacts.fte.sum()
        assert_allclose(f.flows[:, LINE["outside_funding"]].sum(), 0.4 * posts)
        assert_allclose(-f.flows[:, LINE["animation"]].sum() - f.flows[:, LINE["outside_funding"]].sum(),
                        f.pact_cost.sum())  # fmt: skip
        assert f.pact_cost[2] == 0.0

    def test_leaving_costs_the_penalty_which_the_others_get(self, world):
        world.pacts.members[0, 2] = True
        phase._leave(world, 0, 1)
        assert_allclose(world.finance.flows[:, LINE["fines"]], [45.0, -90.0, 45.0])
        assert world.pacts.ended[0] == -1
        phase._leave(world, 0, 2)
        assert world.pacts.ended[0] == world.tick
        assert world.signals.dissolved == 1
        assert_allclose(world.finance.flows[:, LINE["fines"]].sum(), 0.0, atol=1e-9)


def test_the_last_two_part_once(world):
    """Both want to leave: one leaves, the pact ends, and nobody pays a penalty to nobody."""
    stubborn = params(CouncilParams, context_noise=0.0, vote_noise=0.0, propose_visibility=-10.0)
    world.params = replace(world.params, councils=stubborn)
    world.tick = 4 * int(world.rules.review_years[0])
    phase.review(world)
    assert world.pacts.ended[0] == world.tick
    assert world.signals.dissolved == 1
    assert_allclose(world.finance.flows[:, LINE["fines"]].sum(), 0.0, atol=1e-9)
    assert sorted(np.round(world.finance.flows[:2, LINE["fines"]], 6)) == [-90.0, 90.0]
