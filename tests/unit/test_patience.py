"""Patience: how old a pact or a trial must be before a council judges it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.schedule.councils import policy as phase
from coopsim.schedule.moves import expectations
from coopsim.schedule.pacts import exits
from coopsim.schedule.pacts.membership import may_leave
from coopsim.society.councils import CouncilParams
from coopsim.society.moves import INDEX, KEYS
from coopsim.tables import SCOPES
from coopsim.world import founded
from tests.system.parts import params, small

PATIENCE = "governance.choice.patience_years"
ALL = np.ones(3, np.bool_)


def pact_of_the_unwilling(territory: tuple = (), **keys: object):
    """Three members, all of whom want to leave."""
    world = founded(small(dict(keys)).but({"territory": list(territory), "name": "small"}), 0)
    world.params = replace(
        world.params,
        councils=params(CouncilParams, context_noise=0.0, vote_noise=0.0, propose_visibility=-10.0),
    )
    world.pacts.found(np.uint64(7), ALL.copy(), np.ones(len(SCOPES), np.bool_), 0, 0, world.signals.cfe)
    return world


@pytest.mark.parametrize(("patience", "leaves"), [(0, True), (3, True), (4, False), (20, False)])
def test_nobody_votes_on_leaving_before_its_patience_is_over(patience, leaves):
    world = pact_of_the_unwilling(**{PATIENCE: patience, "governance.payoff.review_years": 3})
    world.tick = 12
    exits.review(world)
    assert bool(world.pacts.ended[0] >= 0) is leaves
    assert bool(world.signals.proposals.any()) is leaves
    assert world.pacts.reviewed[0] == 12


def test_the_impatient_leave_and_the_patient_stay():
    patient = {"governance": {"choice": {"patience_years": 10}}}
    world = pact_of_the_unwilling(
        ({"code": "T01", **patient}, {"code": "T02", **patient}), **{"governance.payoff.review_years": 3}
    )
    world.tick = 12
    assert_array_equal(may_leave(world, 0), [False, False, True])
    exits.review(world)
    assert_array_equal(world.pacts.members[0], [True, True, False])
    world.tick = 40
    assert may_leave(world, 0).all()


def test_patience_does_not_allow_what_the_rules_forbid():
    world = pact_of_the_unwilling(**{"governance.choice.moves.leave_pact.allowed": False})
    world.tick = 100
    assert not may_leave(world, 0).any()


@pytest.mark.parametrize(("patience", "due"), [(0, 8), (2, 8), (5, 20)])
def test_a_trial_is_not_reviewed_before(patience, due):
    keys = {"governance.choice.policy_mode": "adaptive", "governance.choice.policy.review_years": 2}
    world = founded(small({**keys, PATIENCE: patience}), 0)
    now = phase.course(world, expectations(world), ALL)
    passed = np.zeros((3, len(KEYS)), np.bool_)
    passed[0, INDEX["marketing"]] = True
    phase.remember(world, now, passed, ALL)
    (trial,) = world.minds.policy.trials
    assert trial.due == due


def test_members_that_reckon_wait_too():
    """The agreement of six shrinks to three by payoffs, when patience with it is over."""

    def members(patience: int, ticks: int) -> int:
        model = CoopModel(load_scenario("coalition", {PATIENCE: patience}), 0, views=False)
        for _ in range(ticks):
            model.step()
        pacts = model.world.pacts
        return int(pacts.members[pacts.active].sum())

    every = load_scenario("coalition").governance.choice.period_ticks
    assert members(0, every + 1) == 3
    assert members(100, every + 1) == 6
