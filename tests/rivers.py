"""A river on which claims on one estate are claims of intakes, run by the compiled kernel."""

import numpy as np

from coopsim.governance import WATER, as_ration, kernel_arrays
from coopsim.resources import water
from coopsim.scenario.parameters import section_defaults

PARAMS = water.WaterParams(**section_defaults("resources.water"))


def shared(rule, estate, claims, *, returned=0.0, floor=0.0, split=(0.0, 0.0, 0.0, 1.0)):
    """Return what each intake withdraws, m3/s: a chain, all water born at the first node.

    Parameters
    ----------
    estate : float
        Flow above the floor of the last node.
    returned : float
        Share of each withdrawal that comes back to the river.
    split : tuple of float
        Shares of the four uses in every demand.
    """
    n = len(claims)
    params = PARAMS
    down = np.array([*range(1, n), -1])
    floors = np.array([0.0] * (n - 1) + [floor])
    graph = water.river_graph(down, floors, np.zeros(n), np.ones(n), np.full(n, 1.0 - returned), params)
    rules = [WATER.build(rule)] * n
    code, share = kernel_arrays(rules)
    sharing = water.sharing(code, np.full(n, -1), share, np.zeros(n), graph, params)
    runoff = np.zeros((9, n))
    runoff[:, 0] = estate + floor
    demand = np.broadcast_to(np.outer(claims, split), (9, n, 4))
    ground = water.periodic_groundwater(np.tile(runoff[:1], (36, 1)), graph.recharge, graph.release)
    got = water.quarter(graph, sharing, runoff, np.zeros((9, n)), demand, ground, as_ration(rules))
    return got.withdrawn.sum(axis=1) / (9 * water.SECONDS_PER_DEKAD)
