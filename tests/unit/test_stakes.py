"""Public stakes in companies taken over by their workers: more takeovers, and capital that the council pays."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.finance import LINE
from coopsim.schedule.firms import stakes
from coopsim.tables.companies import SCIC, SCOP
from coopsim.world import founded
from tests.system.invariants import live
from tests.system.parts import small

KEY = "governance.position.public_stake"


def world_of(stake, **rules):
    return founded(small({KEY: stake, **rules}), 0)


def test_the_chance_rises_with_the_stake_and_stays_a_chance():
    base = np.array([0.0, 0.5, 1.0])
    world = world_of(0.5)
    more = world.params.commitments.stake_takeovers * 0.5
    assert more > 0.0
    assert_allclose(stakes.helped(world, base), np.minimum(base + more, 1.0))
    assert stakes.helped(world_of(0.0), base) is base


def test_the_council_pays_its_part_of_what_is_taken_over_there():
    world = world_of(0.4)
    c = world.companies
    before = stakes.taken_over(world)
    assert not before.any()
    rows = np.flatnonzero(c.territory[: c.used] == 1)[:3]
    c.form[rows[:2]] = SCOP, SCIC
    stakes.buy(world, before)
    want = 0.4 * world.params.commitments.stake_keur_per_job * c.jobs[rows[:2]].sum()
    assert want > 0.0
    assert_allclose(world.finance.flows[:, LINE["projects"]], [0.0, -want, 0.0])
    assert_allclose(world.commitments.stakes, [0.0, want, 0.0])
    stakes.buy(world, stakes.taken_over(world))  # already owned by the workers: nothing to buy
    assert_allclose(world.commitments.stakes, [0.0, want, 0.0])


def test_without_a_stake_nobody_looks():
    world = world_of(0.0)
    assert stakes.taken_over(world) is None
    stakes.buy(world, None)
    assert_array_equal(world.commitments.stakes, 0.0)


def test_runs_keep_every_balance_and_save_more_jobs():
    many = {"economy.companies.exit_old_per_yr": 0.2, "society.commitments.stake_takeovers": 1.0}
    worlds = [live(small({KEY: stake, **many}, years=3)).world for stake in (0.0, 0.5)]
    assert worlds[1].signals.saved_total.sum() > worlds[0].signals.saved_total.sum()
    assert worlds[1].commitments.stakes.sum() > 0.0
    assert worlds[0].commitments.stakes.sum() == 0.0
