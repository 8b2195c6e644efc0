"""The ecological filter on the budget: avoid, reduce, adapt, before land is opened for companies.

A council under the filter opens no zone while plots, works and brownfield that are there could hold it (*avoid*), opens
a smaller one otherwise (*reduce*), and pays for soils that stay open and for shade on what it opens (*adapt*). Each
step holds with those before it. The order is that of French impact studies (avoid, reduce, compensate: code de
l'environnement, L110-1 II 2°); *adapt* in place of *compensate* is the source catalogue's (LC30). What the filter does
to jobs, money and land is for the run to show.
"""

import numpy as np

from coopsim.resources.land import Use
from coopsim.types import BoolArray, FloatArray
from coopsim.world.land_rules import ERA
from coopsim.world.state import World

WEARS = frozenset({"open_land"})  # moves of the menu that take natural land
_AVOID, _REDUCE, _ADAPT = (ERA.index(step) for step in ("avoid", "avoid_reduce", "avoid_reduce_adapt"))


def block(world: World) -> FloatArray:
    """Return the zone that one decision opens without any filter, shape (T,), ha."""
    per_head = world.params.councils.land_block_ha_per_1000_inhabitants / 1000.0
    out: FloatArray = per_head * world.people.population
    return out


def avoided(world: World) -> BoolArray:
    """Return where what is open already could hold the zone, so that none is opened, shape (T,)."""
    uses = world.land.uses
    there = uses[:, Use.VACANT] + uses[:, Use.PIPELINE] + uses[:, Use.BROWNFIELD] + world.land.wish
    out: BoolArray = (world.rules.plots.era >= _AVOID) & (there >= block(world))
    return out


def size(world: World) -> FloatArray:
    """Return the part of the zone that is opened where it is not avoided, shape (T,), 0-1."""
    smaller = world.rules.plots.era >= _REDUCE
    out: FloatArray = np.where(smaller, 1.0 - world.params.commitments.era_reduction, 1.0)
    return out


def adapts(world: World) -> BoolArray:
    """Return where what is opened is adapted, shape (T,)."""
    out: BoolArray = world.rules.plots.era >= _ADAPT
    return out


def adapt(world: World, opened: FloatArray) -> None:
    """Adapt the zones opened this quarter, (T,) ha, where the filter asks for it; their council pays."""
    adapted = adapts(world)
    if not (adapted.any() and opened.any()):
        return
    area = np.where(adapted, opened, 0.0)
    world.commitments.adapted = world.commitments.adapted + area
    if world.spec.submodels.finance:
        world.finance.post("land_development", world.params.commitments.era_adapt_keur_per_ha * area)


def unsealed(world: World) -> FloatArray:
    """Return the land opened since the first day that the filter kept from being artificialised, shape (T,), ha."""
    p = world.params
    out: FloatArray = p.commitments.era_open_soil * p.land.sealed_economic * world.commitments.adapted
    return out
