"""Games of strategic makers: the marginal payoff is that of the payoff; a pact's sharing enters as it is paid."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.economy.siting import choice_probabilities
from coopsim.governance.play import Circle, reply
from coopsim.lab.engine import play
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.schedule.councils.phase import siting_shares
from coopsim.schedule.councils.strategy import tax_game
from coopsim.society.games import HarvestGame, StockMap, TaxGame

RATES = st.lists(st.floats(0.0, 5.0), min_size=3, max_size=3)
SHARES = st.floats(0.0, 0.9)


def tax(taxes, phi, key, outside=0.2):
    rng = np.random.default_rng(7)
    return TaxGame(
        strategies=np.array(taxes),
        circle=Circle.alone(3),
        utility=rng.normal(size=(3, 2)),
        slope=np.array([0.7, 1.3]),
        weight=np.array([0.4, 0.6]),
        outside=np.array([outside, -np.inf]),
        phi=np.array(phi),
        key=np.array(key),
        low=np.zeros(3),
        high=np.full(3, 100.0),
    )


def payoffs(game, taxes):
    shares = choice_probabilities(game.utility - np.multiply.outer(taxes, game.slope), game.outside)
    revenue = (taxes[:, None] * shares) @ game.weight
    return (1.0 - game.phi) * revenue + game.key @ (game.phi * revenue)


@given(RATES, st.lists(SHARES, min_size=3, max_size=3), st.floats(0.1, 0.9))
def test_tax_marginal_is_the_slope_of_the_payoff(taxes, phi, weight):
    """Two members of a pact share by unequal weights; the third is alone."""
    phi = [phi[0], phi[1], 0.0]
    key = [[weight, weight, 0.0], [1.0 - weight, 1.0 - weight, 0.0], [0.0, 0.0, 1.0]]
    game = tax(taxes, phi, key)
    step = 1e-6
    for player in range(3):
        up, down = np.array(taxes), np.array(taxes)
        up[player] += step
        down[player] -= step
        slope = (payoffs(game, up) - payoffs(game, down)) / (2.0 * step)
        mine = game.marginal(player, np.array(taxes), np.arange(3) == player, 0.0)
        everybody = game.marginal(player, np.array(taxes), np.full(3, True), 0.0)
        assert game.payoff(player, np.array(taxes)) == pytest.approx(payoffs(game, np.array(taxes))[player])
        assert mine == pytest.approx(slope[player], abs=1e-7)
        assert everybody == pytest.approx(slope.sum(), abs=1e-7)


def value(rule, a, start, shares, own, delta, n):
    """Discounted sum of the log harvests of n players, less what does not depend on ``own``, by brute force."""
    grow, x, total, weight = StockMap(rule, a, 1.0), start, 0.0, 1.0
    left = 1.0 - shares - own
    for _ in range(400):
        total += weight * (math.log(own) + n * math.log(x))  # the others' shares are constants
        x = grow(left * x)[0]
        weight *= delta
    return total


@pytest.mark.parametrize(("rule", "a"), [("power", 0.4), ("logistic", 0.8)])
@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("delta", [0.0, 0.6, 0.9])
def test_harvest_reply_maximises_the_discounted_value(rule, a, joint, delta):
    shares = np.array([0.1, 0.05, 0.15])
    game = HarvestGame(shares, Circle.alone(3), 0.6, StockMap(rule, a, 1.0))
    share = reply(game, 0, shares, np.full(3, True) if joint else np.arange(3) == 0, delta)
    if delta == 0.0:
        assert share == pytest.approx(0.8, abs=1e-9)  # nothing counts but this year: take what is left
        return
    n = 3 if joint else 1
    best = value(rule, a, 0.6, 0.2, share, delta, n)
    for other in share + np.array([-0.02, -0.005, 0.005, 0.02]):
        assert value(rule, a, 0.6, 0.2, float(other), delta, n) < best


def test_players_who_are_alike_share_one_computation():
    calls = []

    class Counting(StockMap):
        def __call__(self, x):
            calls.append(x)
            return super().__call__(x)

    shares = np.full(5, 0.1)
    game = HarvestGame(shares, Circle.alone(5), 0.5, Counting("power", 0.5, 1.0))
    first = game.marginal(0, shares, np.arange(5) == 0, 0.9)
    seen = len(calls)
    assert game.marginal(3, shares, np.arange(5) == 3, 0.9) == first
    assert len(calls) == seen
    shares[3] = 0.2
    assert game.marginal(3, shares, np.arange(5) == 3, 0.9) != first


# --- the game that the engine sets up ---


def model(**changes):
    made = CoopModel(load_scenario("tax-race", changes), 0, views=False)
    play(made, 1)
    return made


def test_the_pact_that_shares_revenue_enters_the_tax_game():
    made = model(**{"governance.payoff.revenue_sharing.share": 0.3})
    game = tax_game(made.world)
    assert game.phi.tolist() == [0.3] * 3
    assert game.key == pytest.approx(np.full((3, 3), 1.0 / 3.0))


@pytest.mark.parametrize(
    "changes",
    [
        {"event": []},  # no pact
        {"governance.boundary.pacts_allowed": ["water"]},  # a pact about something else
        {"governance.payoff.revenue_sharing.key": "contribution"},  # everybody gets back what it pooled
    ],
)
def test_without_sharing_in_a_pact_each_keeps_its_tax(changes):
    made = model(**{"governance.payoff.revenue_sharing.share": 0.3, **changes})
    game = tax_game(made.world)
    assert game.phi.tolist() == [0.0] * 3
    assert game.key.tolist() == np.eye(3).tolist()


def test_legal_limits_bind_strategic_councils():
    start = 2.0
    changes = {"case.synthetic.cfe_rate_pct": start, "economy.finance.tax_rise_max_points": 0.25}
    made = CoopModel(load_scenario("tax-race", {**changes, "economy.siting.gamma_cost": 0.1}), 0, views=False)
    play(made, 4)
    assert made.world.finance.tax_pct == pytest.approx(np.full(3, start + 0.25))
    play(made, 4)
    assert made.world.finance.tax_pct == pytest.approx(np.full(3, start + 0.5))
    made = CoopModel(load_scenario("tax-race", {"economy.finance.tax_ceiling_pct": 1.25}), 0, views=False)
    play(made, 4)
    assert made.world.finance.tax_pct == pytest.approx(np.full(3, 1.25))


def test_an_outside_option_of_given_utility():
    changes = {"economy.siting.outside_option": True, "economy.siting.outside_utility": 1.25}
    world = model(**changes).world
    assert world.outside.tolist() == [1.25]
    shares = siting_shares(world)
    assert shares.sum() == pytest.approx(1.0, rel=1e-14)
    v = [*(-world.finance.tax_pct), 1.25]
    assert shares[:, 0] == pytest.approx(np.exp(v) / np.exp(v).sum(), rel=1e-12)


def test_a_calibrated_outside_option_still_has_its_share():
    """At the reference policies of the parameters: here no aid, as the councils of the race give none."""
    changes = {"economy.siting.outside_option": True, "economy.siting.outside_calibrated": True}
    changes["economy.siting.reference_subsidy"] = 0.0
    spec = load_scenario("tax-race", {**changes, "economy.siting.outside_share": 0.4})
    world = CoopModel(spec, 0, views=False).world
    assert siting_shares(world)[-1, 0] == pytest.approx(0.4, rel=1e-12)


def test_strategies_start_at_the_observed_harvest():
    stocks = [
        {"volume_m3": 80.0, "capacity_m3": 100.0, "growth_rate_per_yr": 0.1, "harvest_m3_per_yr": 6.0},
        {"volume_m3": 20.0, "capacity_m3": 50.0, "growth_rate_per_yr": 0.1, "access": "T01",
         "ownership": "large_private", "harvest_m3_per_yr": 1.0},
    ]  # fmt: skip
    spec = load_scenario("fish-war", {"case.synthetic.stocks": stocks})
    world = CoopModel(spec, 0, views=False).world
    assert world.strategies == pytest.approx([(3.0 + 1.0) / 100.0, 3.0 / 80.0])
