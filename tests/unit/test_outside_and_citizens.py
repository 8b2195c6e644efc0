"""Higher levels in pacts, inhabitants in councils, the right to experiment: what each key changes."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coopsim.schedule.councils.phase import seat_arguments
from coopsim.schedule.moves import expectation
from coopsim.world import founded
from tests.system.parts import small


def rules_of(**changes):
    return founded(small({f"governance.{k}": v for k, v in changes.items()}), 0).rules


class TestHigherLevels:
    @pytest.mark.parametrize(("level", "paid"), [("none", 0.0), ("co_funder", 0.3), ("co_decider", 0.5)])
    def test_they_pay_part_of_what_is_left_to_members(self, level, paid):
        share = {"payoff.animation_funding.share": 0.2}
        assert_allclose(rules_of(**{"boundary.outside_level": level}, **share).pacts.funded, 0.2 + paid * 0.8)

    def test_who_decides_too_takes_power(self):
        ceded, cost = {}, {}
        for level in ("none", "co_funder", "co_decider"):
            e = expectation(founded(small({"governance.boundary.outside_level": level}), 0), "propose_pact")
            ceded[level], cost[level] = e.ceded[0, 0], e.cost[0, 0]
        assert ceded["co_funder"] == ceded["none"]
        assert ceded["co_decider"] == pytest.approx(ceded["none"] + 0.1)
        assert cost["co_decider"] < cost["co_funder"] < cost["none"]


class TestCitizens:
    def test_each_step_adds_to_the_one_before(self):
        found = {
            step: rules_of(**{"boundary.citizens": step}).council
            for step in ("none", "consulted", "co_construction", "governance")
        }
        assert [int(r.panel[0]) for r in found.values()] == [0, 20, 20, 20]
        assert [int(r.extra[0, 0]) for r in found.values()] == [0, 0, 6, 6]
        assert [bool(r.deciding[0]) for r in found.values()] == [False, False, False, True]
        assert not found["none"].listens
        assert found["consulted"].listens

    def test_more_seats_than_that_are_kept(self):
        rules = rules_of(**{"boundary.citizens": "governance", "position.extra_seats.citizens": 9}).council
        assert rules.extra[:, 0].tolist() == [9, 9, 9]


def test_the_right_to_experiment_lifts_the_fear_of_costs():
    world = founded(small(), 0)
    expected = expectation(world, "marketing")
    costs = []
    for right in (0.0, 0.5, 1.0):
        council = replace(world.rules.council, experiment=np.full(3, right))
        world.rules = replace(world.rules, council=council)
        costs.append(seat_arguments(world, expected).cost)
    fear = 1.0 + world.params.councils.cost_bias
    assert (costs[0] < 0).all()
    assert_allclose(costs[2] * fear, costs[0])
    assert_allclose(costs[1], (costs[0] + costs[2]) / 2.0)
