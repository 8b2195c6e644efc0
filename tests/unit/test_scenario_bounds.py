"""Rules that no world can live by are refused: bounds that leave no amount, games without their stock."""

import numpy as np
import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario import load_scenario
from coopsim.world import founded

TREES = {
    "territory": "T01", "group": "conifer", "volume_m3": 1e5, "capacity_m3": 2e5, "growth_rate_per_yr": 0.1,
    "harvest_m3_per_yr": 100.0, "access": "all",
}  # fmt: skip


def scenario(rules, territory=(), stocks=()):
    return load_scenario(
        {
            "schema": 1, "name": "x", "horizon": {"years": 3},
            "case": {"synthetic": {"territories": 2, "stocks": list(stocks)}},
            "territory": list(territory), "governance": rules,
        }
    )  # fmt: skip


def refused(rules, territory=()):
    with pytest.raises(ScenarioError) as error:
        scenario(rules, territory)
    (problem,) = error.value.problems
    return problem


@pytest.mark.parametrize(
    ("move", "bounds", "payoff"),
    [
        ("subsidy", {"max": -5.0}, {}),  # an aid that companies would pay
        ("subsidy", {"min": 6.0}, {}),
        ("subsidy", {"max": 1.0}, {"subsidy": {"min": 2.0, "max": 5.0}}),
        ("tax_change", {"min": 45.0}, {}),
        ("tax_change", {"max": 10.0}, {}),
        ("tax_change", {"min": 20.0}, {"tax_rate_bounds": [5.0, 15.0]}),
    ],
)
def test_bounds_of_a_move_that_leave_no_amount_are_refused(move, bounds, payoff):
    rules = {"choice": {"moves": {move: bounds}}, "payoff": payoff}
    assert refused(rules).key == f"governance.choice.moves.{move}"
    local = {"code": "T01", "from": 4, "governance": rules}
    assert refused({}, [local]).key == f"territory[1].governance.choice.moves.{move}"


def test_the_narrower_of_the_two_bounds_holds():
    rules = {
        "choice": {"moves": {"tax_change": {"min": 20.0, "max": 60.0}, "subsidy": {"max": 3.0}}},
        "payoff": {"tax_rate_bounds": [15.0, 30.0], "subsidy": {"min": 3.0, "max": 9.0}},
    }
    world = founded(scenario(rules), 0)
    np.testing.assert_array_equal(world.rules.tax_low, 20.0)
    np.testing.assert_array_equal(world.rules.tax_high, 30.0)
    np.testing.assert_array_equal(world.finance.subsidy, 3.0)  # the only amount that both allow


@pytest.mark.parametrize("bound", ["min", "max"])
def test_a_move_without_an_amount_has_no_bounds(bound):
    problem = refused({"choice": {"moves": {"open_land": {bound: 1.0}}}})
    assert problem.key == f"governance.choice.moves.open_land.{bound}"


@pytest.mark.parametrize("objective", ["log_harvest", "rent"])
@pytest.mark.parametrize("local", [False, True])
def test_a_game_on_a_stock_needs_a_stock(objective, local):
    rules = {"choice": {"decision_maker": {"rule": "best_reply", "objective": objective}}}
    where = [{"code": "T02", "from": 4, "governance": rules}] if local else []
    bare, wooded = (scenario({} if local else rules, where, stocks) for stocks in ((), (TREES,)))
    with pytest.raises(ScenarioError) as error:
        founded(bare, 0)
    (problem,) = error.value.problems
    assert (problem.key, problem.value) == ("governance.choice.decision_maker", objective)
    assert founded(wooded, 0).size == 2


def test_other_games_need_none():
    founded(scenario({"choice": {"decision_maker": {"rule": "best_reply", "objective": "revenue"}}}), 0)
