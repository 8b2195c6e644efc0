"""Levies on water and wood, and caps on what is taken: what users ask for under them, and who pays what to whom."""

import numpy as np

from coopsim.economy.prices import answer
from coopsim.metrics import sum_by
from coopsim.tables import CONIFER
from coopsim.types import FloatArray
from coopsim.world.state import World


def asked_under_levy(
    world: World, drinking: FloatArray, industry: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return drinking water and industrial water asked for under the levies in force, each (T,), m3/yr."""
    levy = world.rules.local.water_levy
    if not levy.any():
        return drinking, industry
    p = world.params.local.prices
    return (
        drinking * answer(levy, p.water_eur_per_m3, p.drinking_elasticity),
        industry * answer(levy, p.water_eur_per_m3, p.industry_elasticity),
    )


def capped(world: World, industry: FloatArray, irrigation: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return industrial water, (T,), and irrigation, (W,), in m3/yr, within the cap of each territory.

    The cap is a share of what companies of the start and irrigation of a mean year take; drinking water is not in it.
    """
    cap = world.rules.local.abstraction_cap
    if not np.isfinite(cap).any():
        return industry, irrigation
    r = world.rivers
    usual = (world.signals.posts_start * world.sectors.water[None, :]).sum(axis=1)
    usual = usual + world.params.water.irrigation_m3_per_ha * sum_by(r.territory, r.irrigated, world.size)
    now = industry + sum_by(r.territory, irrigation, world.size)
    room = np.divide(cap * usual, now, out=np.ones(world.size), where=now > 0.0)
    share = np.where(np.isfinite(cap), np.minimum(room, 1.0), 1.0)
    return industry * share, irrigation * share[r.territory]


def water_cost(world: World) -> FloatArray | None:
    """Return what the levy costs companies, k€ per job and year, shape (T, K); None without any."""
    levy = world.rules.local.water_levy
    if not levy.any():
        return None
    p = world.params.local.prices
    used = answer(levy, p.water_eur_per_m3, p.industry_elasticity)
    private = world.sectors.water * ~world.sectors.public
    out: FloatArray = np.multiply.outer(levy * used / 1000.0, private)
    return out


def wanted_under_levy(world: World, wanted: FloatArray) -> FloatArray:
    """Return what is wanted of each stratum under the levies and the protected shares in force, shape (S,), m3."""
    rules, f = world.rules.local, world.wood
    if rules.wood_levy.any():
        reference = world.params.wood.price_conifer
        less = answer(rules.wood_levy, reference, world.params.local.prices.wood_elasticity)
        # buyers of conifer answer to the price; owners of broadleaf are not the ones who pay it
        wanted = np.where(f.group == CONIFER, wanted * less[f.territory], wanted)
    if rules.wood_protected.any():
        wanted = wanted * (1.0 - rules.wood_protected[f.territory])
    return wanted


def raise_levies(world: World) -> None:
    """Post what the levies of the quarter bring to the intercommunalités; users pay them."""
    rules, s = world.rules.local, world.signals
    if rules.water_levy.any() and "needs" in s.water:
        world.finance.post("fees", 0.25 * rules.water_levy * s.water["needs"] / 1000.0)
    if rules.wood_levy.any() and len(world.wood):
        cut = sum_by(world.wood.territory, world.wood.harvest * (world.wood.group == CONIFER), world.size)
        world.finance.post("fees", rules.wood_levy * cut / 1000.0)
