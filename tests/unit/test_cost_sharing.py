"""Sharing a cost: cases worked by hand, orders enumerated one by one, tables with mistakes."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from coopsim.economy.finance import split_bill
from coopsim.errors import ScenarioError
from coopsim.governance.cost_games import (
    CostTable,
    RunwayCost,
    coalition_mistakes,
    cost_table,
    population_shares,
)
from coopsim.governance.cost_sharing import COST_SHARING
from coopsim.lab import formulas_sharing
from coopsim.scenario import load_scenario

# A and B share a pipe of 4; each needs a pump (1 and 3); C is far away and needs only its own (5).
PIPE = [
    ("A", 5.0), ("B", 7.0), ("C", 5.0), ("AB", 8.0), ("AC", 10.0), ("BC", 12.0), ("ABC", 13.0),
]  # fmt: skip
PEOPLE = np.array([0.5, 0.25, 0.25])


def pipe() -> CostTable:
    return CostTable(PEOPLE, cost_table(PIPE, ["A", "B", "C"]))


def pays(rule: str, game) -> list[float]:
    return COST_SHARING.build(rule).payments(game).tolist()


class TestByHand:
    def test_a_table_of_costs(self):
        game = pipe()
        assert game.cost.tolist() == [0.0, 5.0, 7.0, 8.0, 5.0, 10.0, 12.0, 13.0]
        assert game.total == 13.0
        assert game.alone().tolist() == [5.0, 7.0, 5.0]
        assert game.separable().tolist() == [1.0, 3.0, 5.0]

    def test_each_rule(self):
        game = pipe()
        assert pays("population", game) == [6.5, 3.25, 3.25]
        assert pays("equal", game) == pytest.approx([13 / 3] * 3)
        assert pays("shapley", game) == pytest.approx(
            [3.0, 5.0, 5.0]
        )  # half of the pipe each, and their pumps
        # pumps and C's own come first; the pipe is split by what each saves: 4 and 4
        assert pays("separable_costs", game) == pytest.approx([3.0, 5.0, 5.0])

    def test_where_the_two_differ(self):
        """Three stops of a line, 6 long: alone 2, 4, 6 (Shapley 2/3, 5/3, 11/3; separable costs 0, 0, 2)."""
        game = RunwayCost.of(np.full(3, 1 / 3), np.array([[2.0], [4.0], [6.0]]), 0.0)
        assert pays("shapley", game) == pytest.approx([2 / 3, 5 / 3, 11 / 3])
        assert game.separable().tolist() == [0.0, 0.0, 2.0]
        assert pays("separable_costs", game) == pytest.approx(
            [0.8, 1.6, 3.6]
        )  # the rest, 4, by savings 2, 4, 4

    def test_airports(self):
        """Littlechild & Owen (1973): runways of cost 1, 3 and 6."""
        game = RunwayCost.of(np.full(3, 1 / 3), np.array([[3.0], [1.0], [6.0]]), 0.0)
        assert pays("shapley", game) == pytest.approx([4 / 3, 1 / 3, 13 / 3])

    def test_nobody_saves_anything(self):
        """Costs add up, or the remaining benefits do not say how to split the rest: equal parts of it."""
        adding = CostTable(np.full(2, 0.5), np.array([0.0, 3.0, 4.0, 7.0]))
        assert pays("separable_costs", adding) == [3.0, 4.0]
        # every pair costs what one less alone saves: separable costs are the costs alone, yet all cost 1 more
        odd = [("A", 2.0), ("B", 2.0), ("C", 2.0), ("AB", 5.0), ("AC", 5.0), ("BC", 5.0), ("ABC", 7.0)]
        game = CostTable(np.full(3, 1 / 3), cost_table(odd, ["A", "B", "C"]))
        assert pays("separable_costs", game) == pytest.approx([7 / 3] * 3)

    def test_a_project_of_some(self):
        game = pipe().among(np.array([2, 0]), np.array([0.3, 0.7]))
        assert game.cost.tolist() == [0.0, 5.0, 5.0, 10.0]
        assert game.population.tolist() == [0.3, 0.7]


@st.composite
def costs(draw):
    n = draw(st.integers(1, 5))
    return n, np.array([0.0, *draw(st.lists(st.integers(0, 1000), min_size=2**n - 1, max_size=2**n - 1))])


@given(costs())
def test_shapley_is_the_mean_over_orders(drawn):
    n, cost = drawn
    orders = list(permutations(range(n)))
    mean = np.zeros(n)
    for order in orders:
        mask = 0
        for i in order:
            mean[i] += (cost[mask | 1 << i] - cost[mask]) / len(orders)
            mask |= 1 << i
    assert_allclose(CostTable(np.full(n, 1 / n), cost).shapley(), mean, atol=1e-9)
    names = [chr(ord("A") + i) for i in range(n)]
    table = {
        frozenset(names[i] for i in range(n) if mask >> i & 1): cost[mask] for mask in range(1, cost.size)
    }
    assert_allclose([formulas_sharing.shapley(table)[name] for name in names], mean, atol=1e-9)


class TestShares:
    def test_of_inhabitants(self):
        members = np.array([True, False, True])
        assert population_shares(np.array([3.0, 9.0, 1.0]), members).tolist() == [0.75, 0.0, 0.25]
        assert population_shares(np.zeros(3), members).tolist() == [0.5, 0.0, 0.5]

    def test_of_a_cost_of_nothing(self):
        game = RunwayCost.of(np.array([0.9, 0.1]), np.zeros((2, 2)), 0.0).unit()
        assert game.total == 1.0
        assert pays("shapley", game) == pays("separable_costs", game) == [0.5, 0.5]


class TestBill:
    def test_who_pays_the_builders(self):
        builders, others = split_bill(np.array([6.0, 2.0]), 8.0)
        assert builders.tolist() == [6.0, 2.0]
        assert others.tolist() == [0.0, 0.0]

    def test_who_is_paid_for_being_there(self):
        builders, others = split_bill(np.array([9.0, 3.0, -4.0]), 8.0)
        assert_allclose(builders, [6.0, 2.0, 0.0])
        assert_allclose(others, [3.0, 1.0, -4.0])

    def test_nothing_to_build(self):
        builders, others = split_bill(np.array([1.0, -1.0]), 0.0)
        assert builders.tolist() == [0.0, 0.0]
        assert others.tolist() == [1.0, -1.0]


BAD = [
    ([["A"], ["B"]], ["without a cost: A+B"]),
    ([["A"], ["B"], ["A", "B"], ["B", "A"]], ["given twice", "B+A"]),
    ([["A"], ["A", "A"]], ["written twice", "A+A"]),
    ([["A"], [""]], ["empty"]),
    ([["A"], []], ["empty"]),
    ([["Ax"], ["B"], ["Ay", "B"]], ["'Ay' has no cost alone", "did you mean 'Ax'?"]),
    ([[f"P{n}"] for n in range(13)], ["too many members", "13", "1 – 12"]),
    ([["A"], ["B"], ["C"]], ["A+B, A+C, B+C, A+B+C"]),
    ([[x] for x in "ABCD"], ["A+B, A+C, B+C, A+B+C, A+D and 6 more"]),
]


@pytest.mark.parametrize(("coalitions", "words"), BAD)
def test_mistakes_in_a_table(coalitions, words):
    text = "\n".join(str(problem) for _, problem in coalition_mistakes(coalitions))
    assert all(word in text for word in words), text


def test_a_table_without_mistakes():
    assert coalition_mistakes([["A"], ["B"], ["B", "A"]]) == []
    assert coalition_mistakes([]) == []


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        ([{"members": ["T01"], "keur": -1.0}], ["joint_project.costs[1].keur", "-1.0", "0 – 1e+12"]),
        (
            [{"members": ["T01"], "keur": 1.0}, {"members": ["T02"], "keur": 1.0}],
            ["joint_project.costs", "T01+T02"],
        ),
        ([{"members": ["T9"], "keur": 1.0}], ["joint_project.costs[1].members", "T9", "T01, T02"]),
        ([{"members": ["T01", "T02"], "keur": 1.0}], ["joint_project.costs[1].members", "no cost alone"]),
    ],
)
def test_a_scenario_says_which_key_is_wrong(costs, words):
    document = {"schema": 1, "name": "x", "case": {"synthetic": {"territories": 2}}}
    with pytest.raises(ScenarioError) as caught:
        load_scenario(document, {"governance.payoff.joint_project.costs": costs})
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_closed_form_of_contributions():
    of = formulas_sharing.contribution
    assert of(0.5, 1.0, 0.2, 0.5, 0, 0.6, 0.0) == 0.5
    assert of(0.5, 1.0, 0.2, 0.5, 2, 0.6, 0.0) == pytest.approx(0.5 * 0.4**2)
    assert of(0.5, 5.0, 0.0, 0.3, 1, 0.6, 0.0) == pytest.approx(0.75)
    assert of(0.5, 5.0, 0.0, 0.3, 500, 0.6, 0.0) == 1.0
    assert of(1.0, 5.0, 0.0, 1e-300, 499, 0.6, 0.0) == 1.0
    assert of(1.0, 5.0, 0.0, 0.0, 3, 0.6, 0.0) == 0.0
    assert of(0.5, 1.0, 0.2, 0.5, 1, 0.6, 0.6) == 1.0
    assert of(0.5, 1.0, 0.2, 0.5, 0, 0.6, 0.6) == 0.5
    assert of(0.5, 1.0, 0.2, 0.5, 1, 0.6, 0.59) == pytest.approx(0.2)
