"""Every registered rule that shares costs signs the same contract; a new rule is tested for free."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.governance.cost_games import CostTable, RunwayCost, population_shares
from coopsim.governance.cost_sharing import COST_SHARING, CostSharingRule

money = st.floats(0.0, 1e6, allow_subnormal=False)


@pytest.fixture(params=sorted(COST_SHARING), scope="module")
def rule(request: pytest.FixtureRequest) -> CostSharingRule:
    return COST_SHARING.build(request.param)


def people(draw: st.DrawFn, n: int) -> np.ndarray:
    counts = np.array(draw(st.lists(st.integers(0, 50_000), min_size=n, max_size=n)), dtype=np.float64)
    return population_shares(counts, np.ones(n, np.bool_))


@st.composite
def tables(draw: st.DrawFn) -> CostTable:
    """Any costs, however absurd."""
    n = draw(st.integers(1, 5))
    cost = [0.0, *draw(st.lists(money, min_size=2**n - 1, max_size=2**n - 1))]
    return CostTable(people(draw, n), np.array(cost))


@st.composite
def concave(draw: st.DrawFn) -> CostTable:
    """Things that serve some players each, and cost the same however many use them: nobody costs more in company."""
    n = draw(st.integers(1, 5))
    things = draw(st.lists(st.tuples(st.integers(1, 2**n - 1), money), min_size=1, max_size=6))
    masks = np.arange(2**n)
    cost = np.array([sum(price for users, price in things if users & mask) for mask in masks.tolist()])
    return CostTable(people(draw, n), cost)


@st.composite
def runways(draw: st.DrawFn) -> RunwayCost:
    n, k = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    need = np.array(draw(st.lists(money, min_size=n * k, max_size=n * k))).reshape(n, k)
    return RunwayCost.of(people(draw, n), need, draw(money))


games = st.one_of(tables(), concave(), runways())


def tolerance(game) -> float:
    """Rounding of sums of all costs, magnified where remaining benefits nearly cancel."""
    own, alone = game.separable(), game.alone()
    size = float(np.abs(own).sum() + np.abs(alone).sum() + abs(game.total)) + 1e-300
    cost = game.cost if isinstance(game, CostTable) else game.need
    size = max(size, float(np.abs(cost).max(initial=0.0)) * cost.size)
    return 1e-12 * size * max(1.0, size / max(abs(float((alone - own).sum())), 1e-9 * size))


def permuted(game, order: np.ndarray):
    """Return the game with player ``order[k]`` in place k."""
    if isinstance(game, RunwayCost):
        return RunwayCost(game.population[order], game.need[order], game.each, game.total)
    return game.among(order, game.population[order])


@given(game=games)
def test_payments_cover_the_cost_and_leave_the_game_alone(rule, game):
    before = [np.copy(x) for x in (game.population, game.alone(), game.separable())]
    paid = rule.payments(game)
    assert paid.shape == game.population.shape
    assert_allclose(paid.sum(), game.total, rtol=0, atol=tolerance(game))
    for old, new in zip(before, (game.population, game.alone(), game.separable()), strict=True):
        assert_array_equal(old, new)


@given(game=games, seed=st.integers(0, 2**32 - 1))
def test_the_order_of_players_does_not_matter(rule, game, seed):
    order = np.random.default_rng(seed).permutation(game.population.size)
    assert_allclose(
        rule.payments(permuted(game, order)), rule.payments(game)[order], rtol=0, atol=tolerance(game)
    )


@given(by_size=st.lists(money, min_size=1, max_size=5), each=money)
def test_players_alike_in_every_respect_pay_the_same(rule, by_size, each):
    n = len(by_size)
    size = np.array([mask.bit_count() for mask in range(2**n)])
    share = np.full(n, 1.0 / n)
    for game in (
        CostTable(share, np.array([0.0, *by_size])[size]),
        RunwayCost.of(share, np.tile(by_size, (n, 1)), each),
    ):
        assert_allclose(rule.payments(game), game.total / n, rtol=0, atol=tolerance(game))


@given(game=st.one_of(concave(), runways()))
def test_nobody_is_paid_where_a_larger_group_never_costs_less(rule, game):
    paid = rule.payments(game)
    assert (paid >= -tolerance(game)).all()


@pytest.mark.parametrize("name", ["shapley", "separable_costs"])
@given(game=st.one_of(concave(), runways()))
def test_nobody_pays_more_than_alone_where_company_never_costs_more(name, game):
    paid = COST_SHARING.build(name).payments(game)
    assert (paid <= game.alone() + tolerance(game)).all()


@given(game=tables(), extra=money)
def test_who_adds_the_same_to_every_group_pays_just_that(game, extra):
    """A dummy player under the Shapley value; the others pay as without it."""
    n = game.population.size
    wider = CostTable(np.append(game.population, 0.0), np.concatenate([game.cost, game.cost + extra]))
    paid, before = COST_SHARING.build("shapley").payments(wider), COST_SHARING.build("shapley").payments(game)
    assert_allclose(paid[n], extra, rtol=0, atol=tolerance(wider))
    assert_allclose(paid[:n], before, rtol=0, atol=tolerance(wider))


@given(game=tables(), factor=st.floats(0.01, 100.0))
def test_payments_have_the_unit_of_the_cost(rule, game, factor):
    scaled = CostTable(game.population, factor * game.cost)
    assert_allclose(
        rule.payments(scaled), factor * rule.payments(game), rtol=0, atol=tolerance(game) * max(factor, 1.0)
    )


@given(game=runways())
def test_a_runway_is_a_table_like_any_other(game):
    n = game.population.size
    cost = np.zeros(2**n)
    for mask in range(1, 2**n):
        group = [i for i in range(n) if mask >> i & 1]
        cost[mask] = game.need[group].max(axis=0).sum() + game.each * len(group)
    table = CostTable(game.population, cost)
    for name in ("alone", "separable", "shapley"):
        assert_allclose(getattr(game, name)(), getattr(table, name)(), rtol=0, atol=1e-12 * cost.sum())
    assert_allclose(game.total, table.total)


@given(game=runways())
def test_shares_of_a_cost_do_not_depend_on_its_unit(rule, game):
    shares = rule.payments(game.unit())
    assert shares.sum() == pytest.approx(1.0, rel=1e-9)
    if game.total > 0.0:
        assert_allclose(shares * game.total, rule.payments(game), rtol=1e-9, atol=tolerance(game))
