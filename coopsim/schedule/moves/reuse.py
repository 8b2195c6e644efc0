"""The move that supports chains of re-use and repair."""

from dataclasses import dataclass

import numpy as np

from coopsim.economy.reuse import opened
from coopsim.schedule.firms import reuse
from coopsim.schedule.moves.effect import Expected, Programme, Raised, add, by_head
from coopsim.society.projection import Outlook
from coopsim.types import BoolArray
from coopsim.world.state import World


def _started(world: World, look: Outlook, raised: Raised) -> Expected:
    """Return the jobs that the stream opened gives within the horizon, and the waste that it spares."""
    p, years = world.params.reuse, world.params.councils.horizon_years
    tonnes = opened(p, look.population, raised.mean)
    jobs = p.jobs_per_tonne * tonnes * (1.0 - np.exp(-p.pace_per_yr * years))
    # who pays for waste by a tax of its own saves it for the taxpayers, not for the council's budget
    own = world.finance.french is None
    saved = 0.5 * own * p.treatment_eur_per_tonne / 1000.0 * jobs / max(p.jobs_per_tonne, 1e-12)
    gain = world.params.councils.programme_social_gain
    return Expected(jobs_per_yr=jobs / years, revenue=saved, visible=0.1, social=gain * raised.left)


@dataclass(frozen=True, slots=True)
class _Reuse(Programme):
    """The programme, where the case has a sector of re-use and repair."""

    def possible(self, world: World) -> BoolArray:
        """Return nowhere, or everywhere."""
        return np.full(world.size, reuse.sector(world) >= 0)


add("reuse_support", _Reuse("reuse_support", by_head(lambda p: p.reuse.keur_per_head), _started))
