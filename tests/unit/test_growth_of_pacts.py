"""Growth of pacts: deepening, inviting, linking happen when the rule asks and councils agree, never otherwise."""

from dataclasses import replace

import numpy as np
import pytest

from coopsim.schedule import ties as ties_phase
from coopsim.schedule.pacts import growth
from coopsim.society.councils import CouncilParams
from coopsim.tables import SCOPES
from coopsim.world import founded
from tests.system.parts import params, small


def world_of(rule, pacts, territories=5, agree=True, subjects=2):
    """Return a world whose councils say yes (or no) to everything, with pacts of the given members."""
    spec = small(
        {"governance.boundary.growth": rule, "governance.boundary.admission": "open"},
        territories=territories, population=15000.0, companies=20, vacant_ha=5.0, nodes=[],
    )  # fmt: skip
    world = founded(spec, 0)
    mood = params(
        CouncilParams, context_noise=0.0, vote_noise=0.0, propose_visibility=10.0 if agree else -10.0
    )
    sure = replace(world.params.pacts, invite_base=50.0)
    world.params = replace(world.params, councils=mood, pacts=sure)
    for n, group in enumerate(pacts):
        members = np.isin(np.arange(territories), group)
        scopes = np.arange(len(SCOPES)) < subjects
        row = world.pacts.found(np.uint64(7 + n), members, scopes, 0, min(group), world.signals.cfe)
        world.pacts.fte[row] = 5.0
    world.tick = 12
    world.pacts.reviewed[:] = 12
    return world


@pytest.mark.parametrize(("rule", "deepens"), [("on_request", 0), ("concentration", 1), ("diffusion", 1)])
def test_one_more_subject_at_a_review(rule, deepens):
    world = world_of(rule, [(0, 1, 2, 3, 4)])
    growth.grow(world)
    assert world.pacts.scopes[0].sum() == 2 + deepens
    world.pacts.reviewed[:] = 8
    growth.grow(world)
    assert world.pacts.scopes[0].sum() == 2 + deepens


def test_no_subject_that_a_member_s_rules_forbid():
    world = world_of("concentration", [(0, 1)])
    world.rules.pacts.scopes[1, 2:] = False
    growth.grow(world)
    assert world.pacts.scopes[0].sum() == 2


@pytest.mark.parametrize(("rule", "size"), [("on_request", 2), ("concentration", 2), ("diffusion", 3)])
def test_one_neighbour_a_year_is_invited(rule, size):
    world = world_of(rule, [(0, 1)])
    growth.grow(world)
    assert world.pacts.members[0].sum() == size
    assert world.pacts.followers[0] == size - 2


def test_those_in_another_pact_are_not_invited():
    world = world_of("diffusion", [(0, 1), (2, 3, 4)])
    growth.grow(world)
    assert world.pacts.members.sum() == 5


def test_pacts_federate_and_then_meet():
    known = {}
    for rule in ("on_request", "networking"):
        world = world_of(rule, [(0, 1), (2, 3)])
        world.ties.adjacent[:] = ~np.eye(5, dtype=np.bool_)
        world.tick = 12
        growth.grow(world)
        together = world.pacts.federation[0] == world.pacts.federation[1]
        assert together == (rule == "networking")
        assert world.pacts.followers.tolist() == [int(together)] * 2
        world.tick = 15
        ties_phase.ties_phase(world)
        known[rule] = world.ties.knowledge[0, 2]
    assert known["networking"] > known["on_request"]


@pytest.mark.parametrize("rule", ["concentration", "diffusion", "networking"])
def test_nothing_grows_against_the_councils(rule):
    world = world_of(rule, [(0, 1), (2, 3)], agree=False)
    world.ties.adjacent[:] = ~np.eye(5, dtype=np.bool_)
    growth.grow(world)
    assert world.pacts.scopes.sum() == 4
    assert world.pacts.members.sum() == 4
    assert world.pacts.federation[0] != world.pacts.federation[1]


@pytest.mark.parametrize("count", [0, 3])
def test_a_pact_of_the_first_day(count):
    spec = small({"society.pact_life.start_members": count, "governance.boundary.admission": "open"})
    world = founded(spec, 0)
    growth.start(world)
    assert len(world.pacts) == (count > 0)
    if count:
        assert world.pacts.members[0].sum() == 3
        assert world.places.code[int(world.pacts.founder[0])] == "T02"  # the largest
