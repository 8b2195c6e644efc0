"""Moves on land and forest: zones, brownfield, grouped owners."""

import numpy as np

from coopsim.schedule.land import ground
from coopsim.schedule.moves.effect import Always, Expected, effect
from coopsim.schedule.resources import timber
from coopsim.society.projection import Outlook, shortage
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def _jobs_on(world: World, look: Outlook, hectares: FloatArray, *, scarce: FloatArray) -> FloatArray:
    """Return jobs a year that new hectares let in, as far as land is short, shape (T,)."""
    per_ha = np.where(look.m2_per_job > 0, 1e4 / np.maximum(look.m2_per_job, 1e-9), 0.0)
    out: FloatArray = scarce * hectares * per_ha * 0.6 / world.params.councils.horizon_years
    return out


def _scarce(world: World, look: Outlook) -> FloatArray:
    out: FloatArray = np.minimum(shortage(look) + world.params.councils.land_anticipation, 1.0)
    return out


@effect("open_land")
class OpenLand:
    """A block of farm land becomes a business zone after the lag of works."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return where the rules of opening leave room, and brownfield does not come first."""
        g = ground.view(world)
        first = world.rules.brownfield_first & (g["brownfield"] > 0.0)
        first &= g["brownfield"] > 0.05 * g["occupied"]
        return ground.may_open(world) & ~first

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return jobs that land would have kept out, and works less sales."""
        p = world.params.councils
        block = p.land_block_ha_per_1000_inhabitants * look.population / 1000.0
        return Expected(
            jobs_per_yr=_jobs_on(world, look, block, scarce=_scarce(world, look)),
            cost=block * (look.opening_cost - look.price) / p.horizon_years,
            visible=0.3,
            resources=-p.land_resource_penalty,
            delay=1.5,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Open the block."""
        block = world.params.councils.land_block_ha_per_1000_inhabitants
        ground.open_economic(world, council, times * block * world.people.population[council] / 1000.0)


@effect("recycle_brownfield")
class RecycleBrownfield:
    """A part of the brownfield is cleaned and sold."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return where there is brownfield."""
        out: BoolArray = ground.view(world)["brownfield"] > 0.0
        return out

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return jobs that land would have kept out, and works less sales."""
        p = world.params.councils
        clean = p.brownfield_block_share * look.brownfield
        return Expected(
            jobs_per_yr=_jobs_on(world, look, clean, scarce=_scarce(world, look)),
            cost=clean * (look.remediation_cost - look.price) / p.horizon_years,
            visible=0.2,
            resources=0.5 * p.land_resource_penalty,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Clean the part."""
        ground.recycle(world, council, min(times * world.params.councils.brownfield_block_share, 1.0))


@effect("wood_mobilisation")
class WoodMobilisation(Always):
    """Forest owners are grouped, so that more of the growth can be cut."""

    def __init__(self, key: str) -> None:
        self.key = key

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return jobs in the wood chain."""
        p = world.params.councils
        wood = look.broadleaf_m3 * look.grouping_effect * look.jobs_per_m3
        return Expected(
            jobs_per_yr=wood / p.horizon_years,
            cost=p.grouping_cost_keur / p.horizon_years,
            visible=0.1,
            resources=p.wood_resource_gain,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Group owners; the council pays."""
        p, one = world.params.councils, np.zeros(world.size)
        one[council] = times
        timber.group_owners(world, one * p.grouping_step)
        world.finance.post("programmes", one * p.grouping_cost_keur)
