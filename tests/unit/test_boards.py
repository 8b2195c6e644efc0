"""Workers on boards: what their votes change in the choice of a place."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.economy.boards import BoardParams, pull, running
from coopsim.rng import Purpose
from coopsim.scenario import section_defaults
from coopsim.schedule.siting import boards
from coopsim.schedule.siting.phase import place
from coopsim.world import founded
from tests.system.invariants import live
from tests.system.parts import small
from tests.unit.test_commitments import requests

P = BoardParams(**section_defaults("economy.boards"))
SHARED = {"governance.position.codetermination": {"share": 0.5, "min_jobs": 5}}


@given(st.floats(0.0, 0.5), st.floats(0.0, 3.0), st.floats(0.0, 200.0))
def test_workers_pull_home_and_to_where_they_can_follow(share, u, minutes):
    out = pull(P, np.array([share]), np.array([u]), np.array([[0.0, minutes]]))[0]
    assert_allclose(out[0], share / (1.0 - share) * P.worker_loss_keur * u)
    assert_allclose(out[1], out[0] * np.exp(-minutes / P.follow_minutes))


def test_no_share_no_pull_and_seats_weigh_less_on_large_companies():
    assert not pull(P, np.zeros(2), np.ones(2), np.zeros((2, 3))).any()
    assert_allclose(running(P, np.array([10.0, 1000.0])), [P.seats_keur / 10.0, P.seats_keur / 1000.0])


def test_only_companies_of_the_size_have_a_board():
    world = founded(small(SHARED | {"governance.position.codetermination.min_jobs": 6}), 0)
    assert not boards.seated(world, requests(world, 3, origin=0)).any()
    world = founded(small(SHARED), 0)
    assert boards.seated(world, requests(world, 3, origin=0)).all()
    assert not boards.seated(world, requests(world, 3)).any()  # a project has no workers yet


def test_one_territory_alone_may_have_it():
    changed = {
        "territory": [
            {
                "code": "T02",
                "from": 0,
                "governance": {"position": {"codetermination": {"share": 0.5, "min_jobs": 1}}},
            }
        ]
    }
    world = founded(small(changed), 0)
    assert_array_equal(boards.seated(world, requests(world, 1, origin=1)), [True])
    assert_array_equal(boards.seated(world, requests(world, 1, origin=0)), [False])
    # who comes counts what the seats cost there, and nowhere else
    assert_array_equal(boards.votes(world, requests(world, 1))[0] < 0.0, [False, True, False])


def test_fewer_companies_leave_and_without_a_share_nothing_changes():
    plain, shared = founded(small(), 0), founded(small(SHARED), 0)
    assert boards.votes(plain, requests(plain, 2)) is None
    asked = requests(plain, 300, origin=0)
    stay = [(place(world, asked, Purpose.MOVE_TASTE)[0] == 0).sum() for world in (plain, shared)]
    assert stay[1] > stay[0]


def test_a_great_loss_keeps_everybody():
    """Limit case: parity and a loss without measure leave nobody to go where no worker can follow."""
    world = founded(
        small(SHARED | {"economy.boards.worker_loss_keur": 100.0, "economy.boards.follow_minutes": 0.1}), 0
    )
    chosen, _, _ = place(world, requests(world, 300, origin=0), Purpose.MOVE_TASTE)
    assert_array_equal(chosen, np.zeros(300))


def test_runs_keep_every_balance():
    live(small(SHARED, years=3))
