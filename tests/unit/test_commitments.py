"""Standing decisions of councils: leasing plots, one account of land, functions split between partners."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy import siting
from coopsim.economy.finance import LINE
from coopsim.governance.land_opening import Cap, SharedReserve
from coopsim.resources.land import Use
from coopsim.rng import Purpose, entity_id
from coopsim.scenario import load_scenario
from coopsim.schedule.land import ground, tenure
from coopsim.schedule.land.account import land_pact, rules_in_force
from coopsim.schedule.moves import carry_out, expectation, possible
from coopsim.schedule.siting.functions import lapse, split
from coopsim.schedule.siting.phase import place
from coopsim.society.commitments import functions
from coopsim.society.moves import INDEX
from coopsim.tables import SCOPES
from coopsim.world import founded
from tests.system.invariants import live
from tests.system.parts import small

MOVES = ("lease_land", "shared_reserve", "function_split")
OPEN = {f"governance.choice.moves.{key}.allowed": True for key in MOVES}
CAPPED = OPEN | {"governance.scope.land.opening": "cap"}


def world_of(rules=CAPPED, *, pact=(0, 1, 2), **case):
    world = founded(small(dict(rules), **case), 0)
    if pact:
        members = np.isin(np.arange(world.size), pact)
        world.pacts.found(
            np.uint64(7), members, np.ones(len(SCOPES), np.bool_), 0, pact[0], world.signals.cfe
        )
    return world


def requests(world, n, sector=0, origin=-1):
    ids = np.array([entity_id("project", "world", 0, k) for k in range(n)], np.uint64)
    of = np.full(n, origin)
    return siting.Requests(
        ids, np.full(n, sector), np.full(n, 5.0), np.ones(n), of, np.zeros(n, np.int64), np.full(n, 0.5)
    )


class TestLease:
    def test_what_was_sold_is_leased_and_the_rent_comes_instead(self):
        sold, leased = world_of(), world_of()
        carry_out(leased, 1, "lease_land")
        for world in (sold, leased):
            world.land.public = world.land.uses[:, Use.VACANT].copy()
            ground.occupy(world, np.array([1.0, 1.0, 0.0]))
        row = LINE["land_sales"]
        assert_allclose(leased.finance.flows[:, row], sold.finance.flows[:, row] * [1.0, 0.0, 1.0])
        assert sold.finance.flows[1, row] > 0.0
        assert_array_equal(leased.land.leased > 0.0, [False, True, False])
        assert leased.signals.leases[1] > 0.0
        assert not sold.signals.leases.any()

    def test_selling_again_undoes_it(self):
        world = world_of()
        assert_array_equal(tenure.sold(world), [True] * 3)
        assert not possible(world)[:, INDEX["sell_land"]].any()
        carry_out(world, 1, "lease_land")
        assert_array_equal(tenure.sold(world), [True, False, True])
        assert_array_equal(possible(world)[:, INDEX["lease_land"]], [True, False, True])
        assert_array_equal(possible(world)[:, INDEX["sell_land"]], [False, True, False])
        carry_out(world, 1, "sell_land")
        assert_array_equal(tenure.sold(world), [True] * 3)

    def test_rents_come_later_than_sales(self):
        """Over a short horizon a lease loses money, over a long one it wins: rent yield × (years + 1)/2 against 1."""
        world = world_of()
        world.land.public = world.land.uses[:, Use.VACANT].copy()
        years = 2.0 / world.params.land.rent_yield - 1.0
        assert (expectation(world, "lease_land").revenue < 0.0).all()
        long = world_of(CAPPED | {"society.councils.horizon_years": min(1.5 * years, 60.0)})
        long.land.public = long.land.uses[:, Use.VACANT].copy()
        assert years < 60.0
        assert (expectation(long, "lease_land").revenue > 0.0).all()


class TestAccount:
    def test_members_who_decided_share_the_others_keep_their_own(self):
        world = world_of()
        assert rules_in_force(world, land_pact(world)) is world.rules.land
        carry_out(world, 0, "shared_reserve")
        carry_out(world, 2, "shared_reserve")
        rules = rules_in_force(world, land_pact(world))
        assert [type(rule) for rule in rules] == [SharedReserve, Cap, SharedReserve]
        spent = world.finance.flows[:, LINE["programmes"]]
        assert_allclose(spent, -world.params.commitments.reserve_keur * np.array([1.0, 0.0, 1.0]))

    def test_only_with_an_envelope_and_a_partner(self):
        world = world_of(pact=())
        world.land.period = 0
        column = INDEX["shared_reserve"]
        assert not possible(world)[:, column].any()
        world = world_of(pact=(0, 1))
        world.land.period = 0
        assert_array_equal(possible(world)[:, column], [True, True, False])
        race = world_of(OPEN | {"governance.scope.land.opening": "race"}, pact=(0, 1))
        race.land.period = 0
        assert not possible(race)[:, column].any()

    def test_who_is_short_gains_who_has_more_than_it_wants_loses_nothing(self):
        world = world_of(pact=(0, 1))
        g = world.land
        g.period, g.reference = 0, np.array([1.0, 400.0, 100.0])
        g.communes = np.zeros(3)
        g.period_consumed, g.wish = np.zeros(3), np.array([20.0, 1.0, 1.0])
        jobs = expectation(world, "shared_reserve").jobs[:, 0]
        assert jobs[0] > 0.0
        assert_allclose(jobs[1], 0.0, atol=1e-9)

    def test_it_ends_with_the_pact(self):
        world = world_of(pact=(0, 1))
        carry_out(world, 0, "shared_reserve")
        carry_out(world, 1, "function_split")
        lapse(world)
        assert world.commitments.reserve[0]
        assert world.commitments.split[1]
        world.pacts.ended[:] = 0
        lapse(world)
        assert not world.commitments.reserve.any()
        assert not world.commitments.split.any()


class TestFunctions:
    def test_location_quotients_say_who_keeps_what(self):
        kept = functions(np.array([[90.0, 10.0, 0.0], [10.0, 90.0, 0.0]]))
        assert_array_equal(kept, [[True, False, True], [False, True, True]])
        assert functions(np.array([[1.0, 2.0], [2.0, 4.0]])).all()  # alike: nothing to split

    @pytest.mark.parametrize("n", [2, 5])
    def test_somebody_keeps_every_sector(self, n):
        posts = np.random.default_rng(n).gamma(0.3, 10.0, (n, 7))
        assert functions(posts).any(axis=0).all()

    def test_projects_go_to_the_member_that_keeps_their_sector(self):
        world = founded(load_scenario("figeac-cooperation"), 0)
        pair, farm, plant = [0, 1], 0, 1
        members = np.isin(np.arange(world.size), pair)
        world.pacts.found(np.uint64(7), members, np.ones(len(SCOPES), np.bool_), 0, 0, world.signals.cfe)
        world.signals.posts = np.zeros_like(world.signals.posts)
        world.signals.posts[0, farm], world.signals.posts[1, plant] = 100.0, 100.0
        world.land.uses[:, Use.VACANT] += 1e4
        world.outside = np.full(world.outside.size, -50.0)  # nobody goes abroad
        asked = requests(world, 400, sector=plant)
        assert split(world, asked) is None
        carry_out(world, 0, "function_split")
        assert not split(world, asked)[0].any()  # alone there is nobody to leave them to
        before, _, _ = place(world, asked, Purpose.PROJECT_TASTE)
        carry_out(world, 1, "function_split")
        left, together = split(world, asked)
        assert_array_equal(left.any(axis=0), np.arange(world.size) == 0)
        assert together[0, 1]
        assert not together[0, 2]
        after, first, _ = place(world, asked, Purpose.PROJECT_TASTE)
        assert (before == 0).any()
        assert not (after == 0).any()
        assert ((first == 0) & (after == 1)).any()
        there, _ = split(world, requests(world, 5, sector=plant, origin=2))
        assert not there.any()  # companies that are there choose for themselves


def test_runs_keep_every_balance():
    plan = {"rule": "fixed", "moves": [{"move": key} for key in MOVES]}
    spec = small(
        CAPPED
        | {
            "governance.choice.decision_maker": plan,
            "governance.choice.moves.leave_pact.allowed": False,
            "event": [{"when": 0, "what": "pact_founded", "amount": 1.0}],
        },
        years=4,
    )
    world = live(spec).world
    assert world.commitments.leases.all()
    assert world.commitments.reserve.all()
    assert world.commitments.split.all()
