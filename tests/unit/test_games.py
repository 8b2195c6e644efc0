"""Games on the engine: exact marginal payoffs, Nash and joint solutions against their closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from coopsim.governance.makers import MAKERS, BestReply, Joint
from coopsim.governance.play import Circle, stationary
from coopsim.society.games import HarvestGame, StockMap, TaxGame


def tax_game(n, gamma=0.4, phi=0.0, outside=-np.inf, taxes=None, utility=None) -> TaxGame:
    return TaxGame(
        strategies=np.full(n, 1.0) if taxes is None else np.asarray(taxes, float), circle=Circle.alone(n),
        utility=np.zeros((n, 1)) if utility is None else np.asarray(utility, float)[:, None],
        slope=np.array([gamma]), weight=np.array([1.0]), outside=np.array([outside]),
        phi=np.full(n, phi), key=np.full((n, n), 1.0 / n), low=np.zeros(n), high=np.full(n, 1e6),
    )  # fmt: skip


def payoff(game: TaxGame, player: int, joint: bool, taxes) -> float:
    s = game.shares(np.asarray(taxes, float))[:, 0]
    raised = taxes * s
    if joint:
        return float(raised.sum())
    return float((1 - game.phi[player]) * raised[player] + game.key[player] @ (game.phi * raised))


class TestTax:
    @given(st.lists(st.floats(0.1, 6.0), min_size=3, max_size=3), st.floats(0.1, 2.0), st.floats(0.0, 0.9),
           st.booleans(), st.integers(0, 2))  # fmt: skip
    def test_marginal_is_the_derivative(self, taxes, gamma, phi, joint, player):
        """Against a central difference of the payoff, whose own error is about 1e-9."""
        game = tax_game(3, gamma, phi, outside=0.3, taxes=taxes, utility=[0.2, -0.4, 0.0])
        h, taxes = 1e-6, np.array(taxes)
        step = np.eye(3)[player] * h
        slope = (payoff(game, player, joint, taxes + step) - payoff(game, player, joint, taxes - step)) / (
            2 * h
        )
        group = np.full(3, True) if joint else np.arange(3) == player
        exact = game.marginal(player, taxes, group, 0.0)
        assert_allclose(exact, slope, atol=1e-8)

    @given(st.integers(2, 8), st.floats(0.1, 3.0), st.floats(0.0, 0.9))
    @settings(max_examples=20)
    def test_nash_without_outside_option(self, n, gamma, phi):
        """t = n/(γ(n−1))·(1 + φ/(n(1−φ))): every reply to it is itself."""
        t = n / (gamma * (n - 1)) * (1 + phi / (n * (1 - phi)))
        game = tax_game(n, gamma, phi, taxes=np.full(n, t))
        for player in (0, n - 1):
            assert BestReply(inertia=1.0).play(game, player) == pytest.approx(t, rel=1e-9)

    @given(st.integers(2, 6), st.floats(0.2, 2.0), st.floats(-1.0, 1.0))
    @settings(max_examples=20)
    def test_joint_with_outside_option(self, n, gamma, outside):
        """t = 1/(γ(1 − n·s(t))): raising one rate alone cannot help the sum."""

        def share(t):
            return 1.0 / (n + np.exp(outside + gamma * t))

        t = brentq(lambda x: x - 1 / (gamma * (1 - n * share(x))), 1e-9, 200 / gamma)
        game = tax_game(n, gamma, outside=outside, taxes=np.full(n, t))
        assert Joint(inertia=1.0).play(game, 0) == pytest.approx(t, rel=1e-7)

    def test_damped_replies_converge(self):
        game = tax_game(5, 0.7)
        makers = [BestReply() for _ in range(5)]
        for _ in range(400):
            game.strategies = np.array([maker.play(game, i) for i, maker in enumerate(makers)])
        assert_allclose(game.strategies, 5 / (0.7 * 4), rtol=1e-9)


def harvest_game(n, alpha, share, stock=0.3) -> HarvestGame:
    return HarvestGame(np.full(n, share), Circle.alone(n), stock, StockMap("power", alpha, 1.0))


class TestHarvest:
    @given(st.integers(1, 10), st.floats(0.05, 0.9), st.floats(0.3, 0.99))
    @settings(max_examples=25)
    def test_fish_war(self, n, alpha, beta):
        """Levhari & Mirman (1980): Nash total share n(1−αβ)/(n − (n−1)αβ), joint 1 − αβ."""
        ab = alpha * beta
        nash = (1 - ab) / (n - (n - 1) * ab)
        reply = BestReply(objective="log_harvest", discount_factor=beta, inertia=1.0)
        assert reply.play(harvest_game(n, alpha, nash), 0) == pytest.approx(nash, rel=1e-7)
        together = Joint(objective="log_harvest", discount_factor=beta, inertia=1.0)
        assert together.play(harvest_game(n, alpha, (1 - ab) / n), 0) == pytest.approx((1 - ab) / n, rel=1e-7)

    def test_the_shortsighted_take_what_is_left(self):
        game = harvest_game(2, 0.5, 0.2)
        taken = BestReply(objective="log_harvest", discount_factor=0.0, inertia=1.0).play(game, 0)
        assert taken == pytest.approx(0.8, abs=1e-6)

    def test_bounds_are_what_the_others_leave(self):
        shares = np.array([0.3, 0.5])
        game = HarvestGame(shares, Circle.alone(2), 1.0, StockMap("power", 0.5, 1.0))
        assert game.bounds(0, shares) == pytest.approx((0.0, 0.5), abs=1e-9)


class TestStockMap:
    @given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
    def test_elasticity_of_power(self, x, alpha):
        nxt, e = StockMap("power", alpha, 1.0)(x)
        assert_allclose(nxt, x**alpha)
        assert e == alpha

    @given(st.floats(0.01, 0.99), st.floats(0.01, 0.5))
    def test_elasticity_of_logistic(self, x, r):
        """x·G'(x)/G(x) by complex step."""
        g = StockMap("logistic", r, 1.0)
        nxt, e = g(x)
        z = x + 1e-30j
        slope = (z + r * z * (1 - z)).imag / 1e-30
        assert_allclose(nxt, x + r * x * (1 - x))
        assert_allclose(e, x * slope / nxt, rtol=1e-12)


class TestStationary:
    def test_inside(self):
        assert stationary(lambda x: 3.0 - x, 0.0, 10.0) == pytest.approx(3.0, abs=1e-12)

    def test_at_the_bounds(self):
        assert stationary(lambda x: -1.0, 2.0, 10.0) == 2.0
        assert stationary(lambda x: 1.0, 2.0, 10.0) == 10.0

    def test_far_away(self):
        assert stationary(lambda x: 1e5 - x, 0.0, np.inf) == pytest.approx(1e5)


def test_the_others_leave_the_votes_in_charge():
    assert MAKERS.build("heuristic").play(tax_game(2), 0) is None
    assert MAKERS.build({"rule": "fixed", "strategy": 12.0}).play(tax_game(2), 0) == 12.0
    assert MAKERS.build("fixed").play(tax_game(2, taxes=[3.0, 4.0]), 1) is None
    assert (
        MAKERS.build({"rule": "fixed", "strategy": -1.0}).play(tax_game(2), 0) == 0.0
    )  # the lowest legal rate
