"""Phase 2, the grid between services: they meet now and then, with a table of synergies, at the council's cost."""

import numpy as np

from coopsim.governance.land_services import SERVICES, Grid
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def synergy_table(world: World) -> FloatArray:
    """Return the share of land saved by each pair of `SERVICES`, symmetric, shape (4, 4), 1."""
    p, n = world.params.land, len(SERVICES)
    out = np.zeros((n, n))
    for a in range(n):
        for b in range(a + 1, n):
            out[a, b] = out[b, a] = getattr(p, f"synergy_{SERVICES[a]}_{SERVICES[b]}")
    return out


def on_grid(world: World) -> BoolArray:
    """Return the territories whose services negotiate, shape (T,)."""
    return np.array([isinstance(rule, Grid) for rule in world.rules.land])


def meeting(world: World, asked: FloatArray) -> FloatArray:
    """Return what is put on the table this quarter, (T, 3) ha: between two meetings requests wait.

    The wish of councils for economic land waits by itself (``wish``); the rest adds up in ``held``.
    """
    grid, g, p = on_grid(world), world.land, world.params.land
    if not grid.any() and not g.held.any():
        return asked
    if world.spec.submodels.finance:
        world.finance.post("animation", np.where(grid, 0.25 * p.grid_keur, 0.0))
    waits = grid & (world.tick % p.grid_rounds != 0)
    table = asked.copy()
    table[:, 1:] += g.held[:, 1:]
    held = np.zeros_like(asked)
    held[waits, 1:] = table[waits, 1:]
    g.held = held
    table[waits] = 0.0
    return table
