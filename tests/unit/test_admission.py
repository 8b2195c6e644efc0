"""Who may share a pact: anybody, adjacent territories, or those whose water ends in the same river."""

import numpy as np
from numpy.testing import assert_array_equal

from coopsim.schedule.neighbours import basin_partners, partners
from coopsim.world import founded
from tests.system.parts import SMALL, small

OFF = ~np.eye(3, dtype=np.bool_)


def world_of(admission, downstream=("N2", "N3", "")):
    nodes = []
    for node, below in zip(SMALL["nodes"], downstream, strict=True):
        kept = {key: value for key, value in node.items() if key != "downstream"}
        nodes.append(kept | ({"downstream": below} if below else {}))
    return founded(small({"governance.boundary.admission": admission}, nodes=nodes), 0)


def test_one_river_makes_one_basin():
    world = world_of("same_basin")
    world.ties.adjacent = np.zeros((3, 3), np.bool_)
    assert_array_equal(partners(world), OFF)


def test_rivers_that_do_not_meet_part_neighbours():
    world = world_of("same_basin", ("N2", "", ""))
    world.ties.adjacent = OFF.copy()
    want = np.zeros((3, 3), np.bool_)
    want[0, 1] = want[1, 0] = True
    assert_array_equal(partners(world), want)
    near = world_of("adjacent", ("N2", "", ""))
    near.ties.adjacent = OFF.copy()
    assert_array_equal(partners(near), OFF)


def test_a_basin_is_symmetric_and_holds_oneself():
    for rivers in (("N2", "N3", ""), ("N3", "N3", ""), ("", "", "")):
        shared = basin_partners(world_of("same_basin", rivers))
        assert_array_equal(shared, shared.T)
        assert shared.diagonal().all()
