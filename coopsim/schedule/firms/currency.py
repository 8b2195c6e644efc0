"""Phase 5, local currency: users change once a year, local demand and mutual credit every quarter."""

import numpy as np

from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.society import currency as soc
from coopsim.types import FloatArray
from coopsim.world.state import World


def serves_locally(world: World) -> FloatArray:
    """Return the share of each sector's demand that is local and private, shape (K,)."""
    out: FloatArray = (1.0 - world.sectors.export_share) * ~world.sectors.public
    return out


def impulse(world: World, change: FloatArray) -> FloatArray | float:
    """Return what the local currency adds to the growth of companies this quarter, shape (T, K), or 0 without one.

    Parameters
    ----------
    change : FloatArray, shape (K,)
        Change of external demand this quarter, relative.
    """
    effort = world.programme("local_currency")
    state = world.currency
    if state is None:
        if not effort.any():
            return 0.0
        state = world.currency = soc.CurrencyState.founded(world.size, len(world.sectors))
    p, form = world.params.currency, world.rules.currency_form
    more = np.zeros(world.size)
    if world.tick % TICKS_PER_YEAR == 0:
        state.households, state.companies = soc.used(p, state.households, state.companies, effort, form)
        level = soc.relocated(p, state.households, state.companies, form)
        more, state.level = level - state.level, level
    out = more[:, None] * serves_locally(world)[None, :]
    if form in ("b2b", "full"):
        lent = soc.borrowed(p, state.credit, state.companies, world.sectors.export_share * change)
        state.credit = state.credit + lent
        out = out + np.where(world.sectors.public[None, :], 0.0, lent)
    return out


def expected_jobs(world: World, step: float) -> FloatArray:
    """Return the jobs that one more decision adds by the horizon, with the functions of the engine, shape (T,)."""
    p, form = world.params.currency, world.rules.currency_form
    fade = 4.0 * world.params.councils.programme_fading_per_quarter
    level = world.programme("local_currency")
    state = world.currency
    start = (state.households, state.companies) if state is not None else (np.zeros(world.size),) * 2
    reached = []
    for effort in (level, level + step * (1.0 - level)):
        h, f = start
        for year in range(round(world.params.councils.horizon_years)):
            h, f = soc.used(p, h, f, effort * np.exp(-fade * year), form)
        reached.append(soc.relocated(p, h, f, form))
    serving = (world.signals.posts * serves_locally(world)[None, :]).sum(axis=1)
    out: FloatArray = (reached[1] - reached[0]) * serving
    return out
