"""Phase 7, boards with workers: which companies have one, and what it makes of the places that they compare."""

import numpy as np

from coopsim.economy import boards, siting
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def seated(world: World, requests: siting.Requests) -> BoolArray:
    """Return which companies that reconsider their place have workers on their board, shape (R,)."""
    rules = world.rules.council
    there = requests.origin >= 0
    home = np.maximum(requests.origin, 0)
    out: BoolArray = there & (rules.worker_share[home] > 0.0) & (requests.jobs >= rules.worker_jobs[home])
    return out


def votes(world: World, requests: siting.Requests) -> FloatArray | None:
    """Return what boards with workers add to the utility of each territory, shape (R, T); None where there is none.

    Companies that are there weigh what their workers lose; all that would have a board count what its seats cost.
    """
    rules, p = world.rules.council, world.params.boards
    if not rules.worker_share.any():
        return None
    large = requests.jobs[:, None] >= rules.worker_jobs[None, :]
    cost = boards.running(p, requests.jobs)[:, None] * (large & (rules.worker_share > 0.0)[None, :])
    home = np.maximum(requests.origin, 0)
    u = world.people.unemployment[home] / world.params.companies.unemployment_reference
    share = rules.worker_share[home] * seated(world, requests)
    minutes = world.places.minutes[home].copy()
    minutes[np.arange(home.size), home] = 0.0
    out: FloatArray = world.params.siting.gamma_cost * (boards.pull(p, share, u, minutes) - cost)
    return out
