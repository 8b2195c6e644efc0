"""Re-use companies that supported chains make room for, and the waste that need not be treated."""

import numpy as np

from coopsim.economy import reuse
from coopsim.economy.companies import poisson_count
from coopsim.rng import Purpose, birth_ids, normal, pair_ids, text_id, uniform
from coopsim.tables.companies import SOCIAL
from coopsim.types import FloatArray, FormArray, IdArray, IntArray
from coopsim.world.state import World


def sector(world: World) -> int:
    """Return the sector of re-use and repair in the case, -1 where it has none."""
    names = world.sectors.name
    return names.index(reuse.SECTOR) if reuse.SECTOR in names else -1


def gained(world: World) -> FloatArray:
    """Return the jobs of the sector beyond those of the first day, shape (T,)."""
    s, k = world.signals, sector(world)
    out: FloatArray = np.maximum(s.posts[:, k] - s.posts_start[:, k], 0.0)
    return out


def tonnes(world: World) -> FloatArray:
    """Return what is used again thanks to the support, shape (T,), t/yr."""
    level = world.programme("reuse_support")
    if not level.any() or sector(world) < 0:
        return np.zeros(world.size)
    p = world.params.reuse
    return reuse.reused(p, reuse.opened(p, world.people.population, level), gained(world))


def starts(
    world: World,
) -> tuple[IdArray, IntArray, IntArray, FloatArray, FloatArray, FormArray] | None:
    """Return the re-use companies of the quarter: id, territory, sector, jobs, productivity, form; None without any."""
    level, k = world.programme("reuse_support"), sector(world)
    if not level.any() or k < 0:
        return None
    p, c = world.params.reuse, world.params.companies
    left = reuse.room(p, reuse.opened(p, world.people.population, level), gained(world))
    mean = c.entrant_size_median * np.exp(0.5 * c.entrant_size_log_sd**2)
    rate = 0.25 * p.pace_per_yr * left / mean
    count = poisson_count(uniform(world.seed, Purpose.REUSE, world.places.id, world.tick), rate)
    if not count.any():
        return None
    where = np.repeat(np.arange(world.size), count)
    serial = np.arange(where.size) - np.repeat(np.cumsum(count) - count, count)
    ids = birth_ids(pair_ids(text_id("reuse"), world.places.id[where]), world.tick, serial)
    size = c.entrant_size_median * np.exp(
        c.entrant_size_log_sd * normal(world.seed, Purpose.REUSE, ids, world.tick, 1)
    )
    luck = normal(world.seed, Purpose.REUSE, ids, world.tick, 2)
    productivity = np.exp(c.productivity_sd * luck - 0.5 * c.productivity_sd**2)
    form = np.full(ids.size, SOCIAL, np.int8)
    return ids, where, np.full(ids.size, k), np.maximum(size, c.min_jobs), productivity, form


def saving(world: World) -> FloatArray:
    """Return what less waste to treat saves, k€/yr, shape (T,)."""
    out: FloatArray = tonnes(world) * world.params.reuse.treatment_eur_per_tonne / 1000.0
    return out


def spare_waste(world: World) -> None:
    """Post what the quarter saves; where a tax pays for waste and nothing else, households are those who save."""
    if not world.programme("reuse_support").any():
        return
    f, saved = world.finance, 0.25 * saving(world)
    if f.french is None:
        f.post("services", -saved)
        return
    saved = np.minimum(saved, 0.25 * f.french.amounts["waste_tax"])
    f.post("waste_tax", -saved)
    f.post("waste", -saved)
