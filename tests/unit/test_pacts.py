"""Pacts: invitation, animation, cost shares, stages, joining and leaving."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.governance.cost_sharing import COST_SHARING
from coopsim.model import CoopModel
from coopsim.rng import entity_id
from coopsim.schedule.finance import phase as public
from coopsim.schedule.finance import projects
from coopsim.schedule.pacts import accession, exits
from coopsim.schedule.pacts import votes as pact_votes
from coopsim.society import pacts
from coopsim.society.councils import CouncilParams
from coopsim.society.pacts import PactParams
from coopsim.tables import SCOPES, PactTable
from coopsim.world import founded
from tests.system.invariants import live
from tests.system.parts import params, small
from tests.system.random_scenarios import scenarios

ALL = np.ones(len(SCOPES), np.bool_)
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # a world takes seconds


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

    def test_a_year_costs_what_the_most_demanding_asks_and_something_for_each(self):
        people, members = np.array([10.0, 30.0, 60.0, 5.0]), np.array([True, True, True, False])
        posts, watch = np.array([60.0, 30.0, 90.0, 500.0]), np.array([0.0, 20.0, 10.0, 7.0])
        game = pacts.yearly_cost(people, members, posts, watch, 35.0, founder=0)
        assert game.total == 60.0 + 0.0 + 3 * 35.0  # the founder's rules: one post, no monitoring
        assert_allclose(game.population, [0.1, 0.3, 0.6])
        assert_allclose(game.alone(), [95.0, 65.0, 95.0])  # who asks for less alone pays for less
        game = pacts.yearly_cost(people, members, posts, watch, 35.0, founder=2)
        assert game.total == 90.0 + 10.0 + 3 * 35.0
        assert_allclose(game.alone(), [95.0, 75.0, 135.0])

    def test_rules_of_a_founder_that_has_left_hold_and_cost_all_members(self):
        people, members = np.array([10.0, 30.0, 60.0]), np.array([False, True, True])
        posts = np.array([100.0, 30.0, 60.0])
        game = pacts.yearly_cost(people, members, posts, np.zeros(3), 0.0, founder=0)
        assert game.total == 100.0
        assert_allclose(game.alone(), [70.0, 100.0])

    @given(
        st.lists(st.floats(0.0, 1e3), min_size=4, max_size=4),
        st.lists(st.booleans(), min_size=4, max_size=4).filter(any),
        st.integers(0, 3),
    )
    def test_the_game_costs_what_the_pact_costs(self, posts, members, founder):
        posts, members = np.array(posts), np.array(members)
        game = pacts.yearly_cost(np.ones(4), members, posts, posts[::-1], 35.0, founder)
        assert game.total == pytest.approx(posts[founder] + posts[::-1][founder] + 35.0 * members.sum())
        # the need of what is asked for together never falls
        assert (game.separable() >= -1e-9).all()


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


PENALTY = {"governance.boundary.exit": "penalty", "governance.boundary.exit_penalty_keur": 90.0}


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

    @pytest.mark.parametrize(
        ("rule", "shares"),
        [("population", [12 / 32, 20 / 32]), ("equal", [0.5, 0.5]), ("shapley", [0.5, 0.5]),
         ("separable_costs", [0.5, 0.5])],
    )  # fmt: skip
    def test_members_pay_by_the_rule(self, rule, shares):
        """Set-up and yearly costs; members with the same rules weigh alike but by population."""
        world = founded(small({"governance.payoff.cost_sharing": rule, **PENALTY}), 0)
        accession.impose(world, np.array([0, 1]))
        public.animate(world)
        paid = -world.finance.flows[:, LINE["animation"]]
        p = world.params.finance
        total = p.setup_cost + 0.25 * (p.animation_cost_per_fte + 2 * p.coordination_cost_per_member)
        assert_allclose(paid, [*(total * np.array(shares)), 0.0])
        assert_allclose(world.finance.pact_cost, paid)

    def test_who_asks_for_more_pays_more(self):
        """T02 wants three posts, T01 one: under Shapley T01 pays half of the first and nothing of the others."""
        rules = {"governance.payoff.cost_sharing": "shapley", **PENALTY}
        spec = small(rules)
        wants = {"governance": {"payoff": {"animation_funding": {"fte_per_pact": 3.0}}}}
        spec = spec.but({"territory": [{"code": "T02", **wants}], "name": "wants"})
        world = founded(spec, 0)
        members = np.array([True, True, False])
        world.pacts.found(np.uint64(7), members, ALL, 0, 1, world.signals.cfe)
        public.animate(world)
        paid = -world.finance.flows[:, LINE["animation"]]
        assert_allclose(paid, [0.25 * (30.0 + 35.0), 0.25 * (150.0 + 35.0), 0.0])

    def test_councils_expect_what_the_rule_asks(self):
        """A large member pays less under equal shares than by population, and thinks better of the pact."""
        members, seen = np.array([True, True, False]), {}
        for rule in ("population", "equal"):
            world = founded(small({"governance.payoff.cost_sharing": rule, **PENALTY}), 0)
            seen[rule] = pact_votes.accession_utility(world, members, ALL, 1, 0, setup=True)
            owner = world.councils.territory
        gain = seen["equal"] - seen["population"]
        assert (gain[owner == 1] > 0.0).all()
        assert (gain[owner == 0] < 0.0).all()

    def test_leaving_costs_the_penalty_which_the_others_get(self, world):
        world.pacts.members[0, 2] = True
        exits.leave(world, 0, 1)
        assert_allclose(world.finance.flows[:, LINE["fines"]], [45.0, -90.0, 45.0])
        assert world.pacts.ended[0] == -1
        exits.leave(world, 0, 2)
        assert world.pacts.ended[0] == world.tick
        assert world.signals.dissolved == 1
        assert_allclose(world.finance.flows[:, LINE["fines"]].sum(), 0.0, atol=1e-9)


def test_the_last_two_part_once(world):
    """Both want to leave: one leaves, the pact ends, and nobody pays a penalty to nobody."""
    stubborn = params(CouncilParams, context_noise=0.0, vote_noise=0.0, propose_visibility=-10.0)
    world.params = replace(world.params, councils=stubborn)
    world.tick = 4 * int(world.rules.pacts.review_years[0])
    exits.review(world)
    assert world.pacts.ended[0] == world.tick
    assert world.signals.dissolved == 1
    assert_allclose(world.finance.flows[:, LINE["fines"]].sum(), 0.0, atol=1e-9)
    assert sorted(np.round(world.finance.flows[:2, LINE["fines"]], 6)) == [-90.0, 90.0]


# A and B share a pipe of 4 and have pumps of 1 and 3; C needs only its own work, of 5.
PIPE = {
    "T01": 5.0,
    "T02": 7.0,
    "T03": 5.0,
    "T01+T02": 8.0,
    "T01+T03": 10.0,
    "T02+T03": 12.0,
    "T01+T02+T03": 13.0,
}


def needing(changes=None, costs=PIPE, pact=("T01", "T02"), **case):
    """Return a world whose territories need a work, some of them bound by a pact from the first day."""
    table = [{"members": group.split("+"), "keur": cost} for group, cost in costs.items()]
    spec = small({"governance.payoff.joint_project.costs": table, **STILL, **(changes or {})}, **case)
    event = {"when": 0, "what": "pact_founded", "amount": 1.0, "territories": list(pact)}
    return spec.but({"event": [event] if pact else [], "name": "needing"})


STILL = {
    "governance.choice.moves.propose_pact.allowed": False,
    "governance.choice.moves.leave_pact.allowed": False,
}


def bills(spec, years=3):
    """Return what each paid for works, and to the other members, in each quarter."""
    model = CoopModel(spec, 0, views=False)
    works, others = [], []
    for tick in range(4 * years):
        model.step()
        flows = model.world.finance.year[tick % 4]
        works.append(-flows[:, LINE["projects"]])
        others.append(-flows[:, LINE["compensation"]])
    model.release()
    return np.array(works), np.array(others), model.world


class TestProject:
    @pytest.mark.parametrize(
        ("rule", "first"),
        [("population", [3.0, 5.0]), ("equal", [4.0, 4.0]), ("shapley", [3.0, 5.0]), ("separable_costs", [3.0, 5.0])],
    )  # fmt: skip
    def test_members_build_once_and_the_others_when_it_is_due(self, rule, first):
        works, others, world = bills(
            needing({"governance.payoff.cost_sharing": rule, "governance.payoff.joint_project.due_years": 2})
        )
        assert_allclose(works[0], [*first, 0.0], rtol=1e-5)  # people move within the quarter
        assert_allclose(works[8], [0.0, 0.0, 5.0])
        assert_array_equal(np.delete(works, [0, 8], axis=0), 0.0)
        assert_array_equal(others, 0.0)
        assert world.finance.served.all()
        lines = [line for line in world.journal if line["kind"] == "project"]
        assert [(line["tick"], line["amount"], line["members"]) for line in lines] == [
            (0, 8.0, "T01;T02"), (8, 5.0, ""),
        ]  # fmt: skip

    def test_without_a_pact_each_builds_its_own(self):
        works, _, _ = bills(needing({"governance.payoff.joint_project.due_years": 1}, pact=()))
        assert_allclose(works.sum(axis=0), [5.0, 7.0, 5.0])
        assert_allclose(works[4], [5.0, 7.0, 5.0])

    def test_a_work_not_due_in_time_is_not_built_alone(self):
        works, _, world = bills(needing())
        assert_allclose(works.sum(axis=0), [3.0, 5.0, 0.0], rtol=1e-5)
        assert world.finance.served.tolist() == [True, True, False]

    def test_a_late_member_is_not_served_twice(self):
        """T03 comes when the others have built: what is left for it to do, it does alone."""
        spec = needing({"governance.payoff.joint_project.due_years": 2})
        model = CoopModel(spec, 0, views=False)
        model.step()
        model.world.pacts.members[0, 2] = True
        for _ in range(7):
            model.step()
            assert model.world.finance.year[(model.world.tick - 1) % 4][:, LINE["projects"]].sum() == 0.0
        model.step()
        assert_allclose(model.world.finance.year[0][:, LINE["projects"]], [0.0, 0.0, -5.0])
        model.release()

    def test_who_is_paid_to_be_there_is_paid_by_the_others(self):
        """T01 makes the work of T02 cheap: its Shapley value is negative, and the builders get what the work costs."""
        costs = {"T01": 1.0, "T02": 9.0, "T01+T02": 2.0}
        rules = {"governance.payoff.cost_sharing": "shapley"}
        works, others, _ = bills(needing(rules, costs), years=1)
        assert_allclose(works[0], [0.0, 2.0, 0.0])
        assert_allclose(others[0], [-3.0, 3.0, 0.0])
        assert_allclose(others.sum(axis=1), 0.0, atol=1e-12)

    def test_councils_count_what_they_save(self):
        """A pact that spares both of them 200 k€ is worth more to all their seats than one without a work to build."""
        costs = {"T01": 500.0, "T02": 700.0, "T01+T02": 800.0}
        members = np.array([True, True, False])
        rules = {"governance.payoff.cost_sharing": "shapley"}
        plain = founded(small({**STILL, **rules}), 0)
        world = founded(needing(rules, costs, pact=()), 0)
        assert_allclose(projects.saving(world, members), [200.0, 200.0, 0.0])
        with_work = pact_votes.accession_utility(world, members, ALL, 1, 0, setup=True)
        without = pact_votes.accession_utility(plain, members, ALL, 1, 0, setup=True)
        where = world.councils.territory < 2
        assert (with_work[where] > without[where]).all()
        assert_array_equal(with_work[~where], without[~where])
        world.finance.served[0] = True
        assert_array_equal(projects.saving(world, members), 0.0)
        world.finance.served[0] = False
        world.tick = 40  # due: everybody has built alone
        assert_array_equal(projects.saving(world, members), 0.0)

    def test_an_order_of_territories_in_the_file_changes_nothing(self):
        mixed = {"+".join(reversed(group.split("+"))): cost for group, cost in reversed(PIPE.items())}
        rules = {"governance.payoff.cost_sharing": "shapley"}
        assert_array_equal(bills(needing(rules), 1)[0], bills(needing(rules, mixed), 1)[0])


@given(scenarios(), st.sampled_from(sorted(COST_SHARING)), st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
def test_money_balances_whoever_builds_what(drawn, rule, data):
    """Every invariant of every tick in any world with a project of any costs, by any rule."""
    spec, seed = drawn
    codes = list(spec.territory_names)[: data.draw(st.integers(1, 4))]
    groups = [[c for i, c in enumerate(codes) if mask >> i & 1] for mask in range(1, 1 << len(codes))]
    money = st.floats(0.0, 1e5)
    costs = [{"members": group, "keur": data.draw(money)} for group in groups]
    spec = spec.but(
        {
            "governance.payoff.cost_sharing": rule,
            "governance.payoff.joint_project": {"costs": costs, "due_years": data.draw(st.integers(1, 3))},
            "event": [*spec.document()["event"], {"when": 0, "what": "pact_founded", "amount": 1.0}],
            "submodels": {"finance": True, "pacts": True},
            "name": "random",
        }
    )
    world = live(spec, seed).world
    built = [line["amount"] for line in world.journal if line["kind"] == "project"]
    assert all(any(amount == cost["keur"] for cost in costs) for amount in built)
    assert bool(built) == world.finance.served.any()
    assert world.finance.served.sum() <= len(codes)
