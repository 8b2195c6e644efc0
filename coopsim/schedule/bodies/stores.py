"""Stores of the river boards: where one may stand, how large it is and what it costs."""

import numpy as np

from coopsim.resources import water
from coopsim.schedule.resources.water import store_flow
from coopsim.world.state import World


def sites(world: World, b: int) -> list[int]:
    """Return where a board may store water: the headwaters above most of what ran dry last, times what they can hold.

    The best one below reservoirs that exist upstream of the case, and the best one for a new dam; none for a board
    that has a store.
    """
    r, table = world.rivers, world.bodies
    inside = table.nodes[b]
    if table.store_node[b] >= 0:
        return []
    dry = world.signals.water.get("dry", np.zeros(len(r.node))) + 1e-6 * r.doe
    has_upstream = np.zeros(len(r.node), np.bool_)
    below = r.downstream[inside]
    has_upstream[below[below >= 0]] = True
    best = {True: (-1, 0.0), False: (-1, 0.0)}
    entry = r.boundary.max(axis=0, initial=0.0) > 0.0  # water comes in from outside the case, by reservoirs
    for head in np.flatnonzero(inside & (~has_upstream | entry)).tolist():
        score = float(dry[downstream(world, b, head)].sum()) * store_volume(world, b, head)
        new = _new_dam(world, head)
        if score > best[new][1] and not (table.store_node == head).any():
            best[new] = head, score
    return [head for head, _ in best.values() if head >= 0]


def _new_dam(world: World, node: int) -> bool:
    return bool(world.rivers.boundary[:, node].max() <= 0.0)


def downstream(world: World, b: int, node: int) -> list[int]:
    """Return a node and those below it inside a perimeter."""
    path = []
    while node >= 0 and world.bodies.nodes[b, node]:
        path.append(node)
        node = int(world.rivers.downstream[node])
    return path


def store_volume(world: World, b: int, node: int) -> float:
    """Return the size of a store, m3: a share of a summer at the largest target below it, if winter fills it."""
    p, r = world.params.bodies, world.rivers
    target = float(np.nan_to_num(r.doe[downstream(world, b, node)]).max(initial=0.0))
    winter = np.ones((9, len(r.node)))
    filled = store_flow(world, 0, winter, node, 0.0, np.inf)[1]
    return min(p.store_share * target * 9.0 * water.SECONDS_PER_DEKAD, filled)


def store_cost(world: World, b: int, node: int) -> float:
    """Return what a store at a node costs, k€: water bought in reservoirs upstream of the case, or a new dam."""
    p = world.params.bodies
    factor = p.new_dam_factor if _new_dam(world, node) else 1.0
    return p.store_cost_keur_per_hm3 * factor * store_volume(world, b, node) / 1e6
