"""Decision makers on small games with known answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.governance.makers import MAKERS, BestReply, Imitate, Joint, Trigger
from coopsim.governance.play import Circle, plan, reply
from coopsim.society.games import CommonsGame, EffortGame, RiverGame

SIZES = st.integers(2, 6)


def commons(n, efforts=None, a=1.0, b=1.0, cost=0.0, detection=1.0) -> CommonsGame:
    circle = Circle.alone(n)
    circle.detection[:] = detection
    efforts = np.zeros(n) if efforts is None else np.asarray(efforts, float)
    return CommonsGame(efforts, circle, a, b, np.broadcast_to(np.asarray(cost, float), (n,)).copy())


def slope(game, player, strategies, group, h=1e-6):
    step = h * (np.arange(strategies.size) == player)

    def total(at):
        return sum(game.payoff(int(j), at) for j in np.flatnonzero(group))

    return (total(strategies + step) - total(strategies - step)) / (2.0 * h)


class TestMarginals:
    """The marginal payoff is the slope of the summed payoffs."""

    @given(
        st.lists(st.floats(0.01, 0.1), min_size=4, max_size=4),
        st.lists(st.booleans(), min_size=4, max_size=4),
    )
    def test_commons(self, efforts, group):
        game = commons(4, cost=[0.1, 0.2, 0.0, 0.3])
        group = np.array(group) | (np.arange(4) == 1)
        at = np.array(efforts)
        assert game.marginal(1, at, group, 0.0) == pytest.approx(slope(game, 1, at, group), abs=1e-7)

    @given(
        st.lists(st.floats(0.1, 5.0), min_size=3, max_size=3), st.lists(st.booleans(), min_size=3, max_size=3)
    )
    def test_effort(self, efforts, group):
        game = EffortGame(np.zeros(3), Circle.alone(3), np.array([1.0, 0.5, 2.0]), 1.5)
        group = np.array(group) | (np.arange(3) == 2)
        at = np.array(efforts)
        assert game.marginal(2, at, group, 0.0) == pytest.approx(slope(game, 2, at, group), abs=1e-6)
        assert game.payoffs(at) == pytest.approx([game.payoff(i, at) for i in range(3)])

    @pytest.mark.parametrize("demand", [[1.0, 2.0, 3.0], [3.0, 2.5, 2.5], [2.0, 1.0, 9.0]])
    def test_river(self, demand):
        """Where the own demand is met; the last user is short in the second and third."""
        game = river(inflow=[5.0, 1.0, 0.5])
        at, everybody = np.array(demand), np.full(3, True)
        for player in (0, 1):
            assert game.marginal(player, at, everybody, 0.0) == pytest.approx(
                slope(game, player, at, everybody)
            )


def river(inflow, a=(10.0, 8.0, 9.0), b=(1.0, 2.0, 1.5), floor=(0.0, 0.0, 0.0)) -> RiverGame:
    n = len(inflow)
    return RiverGame(
        np.zeros(n), Circle.alone(n), np.array(a[:n]), np.array(b[:n]), np.arange(n),
        np.append(np.arange(1, n), -1), np.ones(n), np.array(inflow), np.array(floor[:n]), np.ones(n),
    )  # fmt: skip


class TestRiver:
    def test_upstream_takes_first(self):
        water, _ = river(inflow=[5.0, 1.0, 0.5], floor=[1.0, 0.0, 0.0]).taken(np.array([3.0, 4.0, 2.0]))
        assert water == pytest.approx([3.0, 3.0, 0.5])  # 5 - 3 = 2, + 1 = 3 all taken, + 0.5

    def test_a_wish_that_the_river_cannot_meet_is_still_a_wish(self):
        game = river(inflow=[2.0, 0.0, 0.0])
        assert reply(game, 1, np.array([2.0, 0.0, 0.0]), np.arange(3) == 1, 0.0) == pytest.approx(4.0)

    def test_what_each_adds_sums_to_what_all_make(self):
        game = river(inflow=[4.0, 1.0, 0.5])
        everybody = np.full((3, 3), True)
        best = game.benefits(game.taken(plan(game, everybody, 0.0))[0]).sum()
        worth = game.worth()
        assert worth.sum() == pytest.approx(best)
        assert worth[0] == pytest.approx(10.0 * 4.0 - 0.5 * 16.0)  # alone, user 1 takes all four

    def test_together_marginal_benefits_are_equal_where_water_is_short(self):
        game = river(inflow=[6.0, 0.0, 0.0])
        water = game.taken(plan(game, np.full((3, 3), True), 0.0))[0]
        assert water.sum() == pytest.approx(6.0)
        marginal = game.a - game.b * water
        assert marginal == pytest.approx(np.full(3, marginal[0]), abs=1e-9)


class TestPlans:
    @given(SIZES, st.floats(0.2, 5.0), st.floats(0.2, 5.0), st.floats(0.0, 0.9))
    @settings(max_examples=15)
    def test_nash_and_joint_of_the_commons(self, n, a, b, share):
        game = commons(n, a=a, b=b, cost=share * a)
        nash = plan(game, np.eye(n, dtype=bool), 0.0)
        assert nash == pytest.approx(np.full(n, (a - share * a) / b / (n + 1)), rel=1e-9)
        joint = plan(game, np.full((n, n), True), 0.0)
        assert joint == pytest.approx(np.full(n, (a - share * a) / b / (2 * n)), rel=1e-9)

    def test_unequal_costs(self):
        """x_i = (a - (n+1)·c_i + Σc)/((n+1)·b) where all take part."""
        cost = np.array([0.1, 0.2, 0.15])
        nash = plan(commons(3, cost=cost), np.eye(3, dtype=bool), 0.0)
        assert nash == pytest.approx((1.0 - 4 * cost + cost.sum()) / 4.0, rel=1e-9)

    def test_those_who_do_not_play_keep_their_strategy(self):
        game = commons(3, efforts=[0.0, 0.0, 0.3])
        game.circle.playing[2] = False
        nash = plan(game, np.eye(3, dtype=bool), 0.0)
        assert nash == pytest.approx([0.7 / 3, 0.7 / 3, 0.3])


class TestJoint:
    def test_of_a_pact_counts_only_its_members(self):
        game = EffortGame(np.zeros(4), Circle.alone(4), np.array([1.0, 2.0, 4.0, 8.0]), 2.0)
        game.circle.allies[:2, :2] = True
        maker = Joint(objective="net_benefit", among="pact", inertia=1.0)
        assert [maker.play(game, i) for i in range(4)] == pytest.approx([1.5, 1.5, 2.0, 4.0])
        every = Joint(objective="net_benefit", inertia=1.0)
        assert every.play(game, 0) == pytest.approx(7.5)

    def test_default_damping_counts_the_players(self):
        game = commons(4, efforts=[0.1, 0.1, 0.1, 0.1])
        game.circle.playing[3] = False
        best = reply(game, 0, game.strategies, np.arange(4) == 0, 0.0)
        assert BestReply(objective="rent").play(game, 0) == pytest.approx(0.1 + (best - 0.1) / 3.0)


def holds(n, delta, p, years=None) -> bool:
    game = commons(n, detection=p)
    part = 1.0 / (2 * n)
    maker = Trigger(objective="rent", discount_factor=delta, punishment_years=years)
    return maker.play(game, 0) == pytest.approx(part)


class TestTrigger:
    @given(SIZES, st.floats(0.05, 1.0), st.floats(1e-6, 0.2))
    @settings(max_examples=25)
    def test_critical_discount(self, n, p, away):
        gain = ((n + 1) / (4 * n)) ** 2 - 1 / (4 * n)
        critical = gain / (gain + p * (1 / (4 * n) - 1 / (n + 1) ** 2))
        assert holds(n, min(critical + away, 1.0), p)
        assert not holds(n, max(critical - away, 0.0), p)

    def test_a_short_punishment_deters_less(self):
        """n = 2: gain 1/64, loss 1/72 a year: two years at 0.9 cost 1.71/72 > 1/64 > 0.9/72."""
        assert holds(2, 0.9, 1.0, years=2)
        assert not holds(2, 0.9, 1.0, years=1)

    def test_the_breach_is_the_best_reply_to_those_who_keep_the_plan(self):
        game = commons(3)
        assert Trigger(objective="rent").play(game, 1) == pytest.approx((1.0 - 2.0 / 6.0) / 2.0)

    def test_punishment_is_the_nash_plan(self):
        game = commons(3)
        game.circle.punishing[:] = True
        assert Trigger(objective="rent", discount_factor=0.99).play(game, 1) == pytest.approx(0.25)

    def test_games_of_many_periods_are_refused(self):
        with pytest.raises(ScenarioError, match="log_harvest"):
            MAKERS.build({"rule": "trigger", "objective": "log_harvest"})


class TestImitate:
    def test_copies_who_does_best_within_sight(self):
        game = commons(4, efforts=[0.1, 0.3, 0.05, 0.2])
        game.circle.near[0, 2] = game.circle.near[0, 3] = True  # does not see 1, who does best
        assert Imitate(objective="rent").play(game, 0) == pytest.approx(0.2)
        assert Imitate(objective="rent").play(game, 1) == pytest.approx(0.3)

    def test_stays_when_nobody_does_better(self):
        game = commons(3, efforts=[0.2, 0.2, 0.1])
        game.circle.near[:] = True
        assert Imitate(objective="rent").play(game, 0) == pytest.approx(0.2)


@pytest.mark.parametrize(
    "table",
    [
        {"rule": "best_reply", "inertia": 1.5},
        {"rule": "joint", "discount_factor": -0.1},
        {"rule": "trigger", "objective": "rent", "punishment_years": 0},
    ],
)
def test_out_of_bounds(table):
    with pytest.raises(ScenarioError):
        MAKERS.build(table)
