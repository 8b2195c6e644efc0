"""What the ecological filter on the budget makes of the moves that take natural land."""

from dataclasses import replace

from coopsim.schedule.land import era
from coopsim.schedule.moves.effect import Expected
from coopsim.world.state import World


def filtered(world: World, key: str, found: Expected) -> Expected:
    """Return what a council under the filter expects of a move: less of it, and the price of adapting."""
    if key not in era.WEARS or not world.rules.plots.era.any():
        return found
    p, part, adapted = world.params, era.size(world), era.adapts(world)
    extra = part * era.block(world) * p.commitments.era_adapt_keur_per_ha / p.councils.horizon_years
    open_soil = 1.0 - adapted * p.commitments.era_open_soil
    return replace(
        found,
        jobs_per_yr=found.jobs_per_yr * part,
        cost=found.cost * part + adapted * extra,
        resources=found.resources * part * open_soil,
    )
