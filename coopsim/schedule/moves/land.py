"""Moves on plots and zones: shared zones, temporary use of brownfield, a public land company."""

import numpy as np

from coopsim.economy import siting_zones as zone
from coopsim.resources.land import Use
from coopsim.schedule.land import ground
from coopsim.schedule.moves.effect import Always, Expected, effect
from coopsim.society.moves import PROGRAMMES
from coopsim.society.projection import Outlook, shortage
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def _jobs_on(world: World, look: Outlook, hectares: FloatArray) -> FloatArray:
    """Return jobs a year that hectares let in, as far as land is short, shape (T,)."""
    per_ha = np.where(look.m2_per_job > 0, 1e4 / np.maximum(look.m2_per_job, 1e-9), 0.0)
    out: FloatArray = shortage(look) * hectares * per_ha * 0.6 / world.params.councils.horizon_years
    return out


def _mean_level(world: World, key: str) -> FloatArray:
    """Return what one more decision adds to a level, averaged over the horizon while it fades, shape (T,)."""
    p = world.params.councils
    fade = 4.0 * p.programme_fading_per_quarter * p.horizon_years
    added: FloatArray = (
        p.programme_step * (1.0 - world.programme(key)) * (1.0 - np.exp(-fade)) / max(fade, 1e-9)
    )
    return added


def _raise(world: World, council: int, key: str, cost: float) -> None:
    """Raise a level by the step of programmes; the council pays."""
    column = PROGRAMMES.index(key)
    level = world.programmes[council, column]
    world.programmes[council, column] += world.params.councils.programme_step * (1.0 - level)
    bill = np.zeros(world.size)
    bill[council] = cost
    world.finance.post("programmes", bill)


@effect("share_zone")
class ShareZone:
    """Occupants are helped to share yards, car parks and workshops, where nobody manages the zones yet."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return where no manager of zones does it already."""
        out: BoolArray = (world.rules.plots.manager == 0) & world.spec.submodels.land
        return out

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return jobs on the land that shared plots free, and the cost of animation."""
        p = world.params.zones
        freed = (
            p.land_saving * p.epci_take_up * world.land.uses[:, Use.OCCUPIED] * _mean_level(world, self.key)
        )
        return Expected(
            jobs_per_yr=_jobs_on(world, look, freed),
            cost=self._cost(world) / world.params.councils.horizon_years,
            visible=0.1,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Raise the level; the council pays a year of animation."""
        _raise(world, council, self.key, times * float(self._cost(world)[council]))

    @staticmethod
    def _cost(world: World) -> FloatArray:
        posts = world.signals.posts[:, ~world.sectors.public].sum(axis=1)
        return zone.animation_keur(world.params.zones, posts, world.params.finance.animation_cost_per_fte)


@effect("temporary_use")
class TemporaryUse:
    """Brownfield is lent for a time, as it is: some of it comes back to the market without clean-up."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return where there is brownfield."""
        out: BoolArray = world.land.uses[:, Use.BROWNFIELD] > 0.0
        return out & world.spec.submodels.land

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return jobs on the plots that come back over the horizon, and the cost of agreements."""
        years = world.params.councils.horizon_years
        back = world.params.zones.temporary_return * years * look.brownfield * _mean_level(world, self.key)
        return Expected(
            jobs_per_yr=_jobs_on(world, look, np.minimum(back, look.brownfield)),
            cost=world.params.zones.temporary_keur / years,
            visible=0.15,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Raise the level; the council pays the agreements."""
        _raise(world, council, self.key, times * world.params.zones.temporary_keur)


@effect("fonciere")
class PublicLandCompany(Always):
    """A public land company buys private plots that are free, to sell or lease them under the council's rules."""

    def __init__(self, key: str) -> None:
        self.key = key

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return what plots cost, and what they fetch when a company takes them within the horizon."""
        years = world.params.councils.horizon_years
        value = self._area(world) * look.price / years
        return Expected(revenue=value * world.rules.plots.price, cost=value, visible=0.1)

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Buy the block at the market price."""
        if not world.spec.submodels.land:
            return
        area, g = np.zeros(world.size), world.land
        private = max(float(g.uses[council, Use.VACANT] - g.public[council]), 0.0)
        area[council] = min(times * float(self._area(world)[council]), private)
        g.public = g.public + area
        world.finance.post("land_development", area * ground.price(world))

    @staticmethod
    def _area(world: World) -> FloatArray:
        g = world.land
        out: FloatArray = world.params.zones.land_company_share * np.maximum(
            g.uses[:, Use.VACANT] - g.public, 0.0
        )
        return out
