"""Festivals, visits, stories, trusted third parties, training: what each one changes, and nothing else."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.schedule.councils.knowledge import learn
from coopsim.schedule.moves import carry_out, expectation
from coopsim.schedule.pacts.accession import invitations
from coopsim.schedule.ties import ties_phase
from coopsim.society import social_moves as soc
from coopsim.society.moves import PROGRAMMES
from coopsim.world import founded
from tests.system.parts import small

KEYS = ("conviviality", "visits", "narrative", "third_party", "training")
ROWS = np.arange(3)


def world_of(key=None, level=1.0):
    world = founded(small(), 0)
    if key is not None:
        world.programmes[:, PROGRAMMES.index(key)] = level
    world.tick = 3
    return world


def ties_after(key, level=1.0):
    world = world_of(key, level)
    ties_phase(world)
    return world.ties


@pytest.mark.parametrize("key", KEYS)
def test_the_council_that_decides_pays(key):
    world = world_of()
    carry_out(world, 2, key)
    spent = world.finance.flows[:, LINE["programmes"]]
    per_head = getattr(world.params.social_moves, f"{key}_keur_per_head")
    assert_allclose(spent, [0.0, 0.0, -per_head * world.people.population[2]])
    e = expectation(world, key)
    assert (e.cost > 0).all()
    assert not e.jobs.any()
    assert not e.resources.any()


def test_festivals_and_visits_make_neighbours_know_each_other():
    base = ties_after(None)
    for key in ("conviviality", "visits"):
        more = ties_after(key)
        near = base.adjacent
        assert (more.knowledge[near] > base.knowledge[near]).all()
        assert_array_equal(more.knowledge[~near], base.knowledge[~near])
        assert_array_equal(more.identity, base.identity)


def test_one_side_that_invites_is_enough():
    p, near = world_of().params.social_moves, ~np.eye(3, dtype=np.bool_)
    met = soc.met(p, near, np.array([1.0, 0.0, 0.0]), np.zeros(3))
    assert_allclose(met[0], [0.0, p.conviviality_meeting, p.conviviality_meeting])
    assert met[1, 2] == 0.0
    assert_array_equal(met, met.T)


def test_a_story_counts_where_both_sides_tell_it():
    base, told = ties_after(None), ties_after("narrative")
    assert (told.identity[base.adjacent] > base.identity[base.adjacent]).all()
    assert_array_equal(ties_after("narrative", np.array([1.0, 0.0, 0.0])).identity, base.identity)


def test_a_third_party_invites_as_a_catalyst_does():
    base, helped = world_of(), world_of("third_party", np.array([1.0, 0.0, 0.0]))
    before, after = invitations(base, ROWS), invitations(helped, ROWS)
    assert (after[0] > before[0]).all()
    assert_array_equal(after[1:], before[1:])


def test_training_and_visits_make_councils_competent():
    def learnt(key):
        world = world_of(key)
        world.competence[world.councils.territory == 0] = 0.9
        learn(world, np.ones(3, np.bool_))
        mine = world.councils.territory == 1
        return float(world.competence[mine].mean()), world.finance.flows[:, LINE["programmes"]].copy()

    base, trained, visited = learnt(None), learnt("training"), learnt("visits")
    assert trained[0] > base[0]
    assert visited[0] > base[0]
    for found in (base, trained, visited):
        assert not found[1].any()  # paid when decided, not twice
