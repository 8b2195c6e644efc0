"""Levies and prices of water and wood, and caps on what is taken: what users ask for, and who pays what to whom."""

import numpy as np

from coopsim.economy.prices import Blocks, answer, blocks
from coopsim.economy.transition import use_factor
from coopsim.metrics import sum_by
from coopsim.tables import CONIFER
from coopsim.types import FloatArray
from coopsim.world.state import World


def asked_under_levy(
    world: World, drinking: FloatArray, industry: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return drinking water and industrial water asked for under the levies in force, each (T,), m3/yr."""
    levy = world.rules.local.water_levy
    if world.rules.local.water_block.any():
        home, work = _homes(world, drinking), _works(world)
        usual = (world.signals.posts * _per_job(world)).sum(axis=1)
        now = (world.signals.posts * work.asked).sum(axis=1)
        share = np.divide(now, usual, out=np.ones(world.size), where=usual > 0.0)
        return home.asked * world.people.population, industry * share
    if not levy.any():
        return drinking, industry
    p = world.params.local.prices
    return (
        drinking * answer(levy, p.water_eur_per_m3, p.drinking_elasticity),
        industry * answer(levy, p.water_eur_per_m3, p.industry_elasticity),
    )


def _answers(world: World, elasticity: float) -> tuple[FloatArray, FloatArray]:
    """Return demand at the first and at the higher price over that at the ordinary one, each (T,)."""
    rules, price = world.rules.local, world.params.local.prices.water_eur_per_m3
    levy = rules.water_levy
    return answer(levy, price, elasticity), answer(levy + rules.water_block, price, elasticity)


def _homes(world: World, drinking: FloatArray) -> Blocks:
    """Return what an inhabitant takes where drinking water is sold by blocks, (T,) each, m3/yr."""
    p = world.params.local.prices
    people = world.people.population
    mean = np.divide(drinking, people, out=np.zeros(world.size), where=people > 0.0)
    low, high = _answers(world, p.drinking_elasticity)
    return blocks(mean, p.household_spread, world.rules.local.water_thresholds[0], low, high)


def _works(world: World) -> Blocks:
    """Return what a job takes where water is sold by blocks, (T, K) each, m3/yr."""
    p = world.params.local.prices
    low, high = _answers(world, p.industry_elasticity)
    threshold = world.rules.local.water_thresholds[1]
    return blocks(_per_job(world), p.company_spread, threshold[:, None], low[:, None], high[:, None])


def _per_job(world: World) -> FloatArray:
    """Return the water of a job at the ordinary price, shape (T, K), m3/yr."""
    s = world.signals
    factor = use_factor(world.params.transition, s.acting, s.posts, world.exchanged("water"))
    return np.broadcast_to(world.sectors.water[None, :] * factor, s.posts.shape)


def above_threshold(world: World, drinking: FloatArray) -> FloatArray:
    """Return the water taken above the thresholds, shape (T,), m3/yr.

    Parameters
    ----------
    drinking : FloatArray, shape (T,), m3/yr
        At the ordinary price.
    """
    home = world.people.population * _homes(world, drinking).above
    out: FloatArray = home + (world.signals.posts * _works(world).above).sum(axis=1)
    return out


def block_receipts(world: World) -> FloatArray:
    """Return what volumes above the thresholds bring to who sells the water, shape (T,), k€/yr."""
    above = world.signals.water.get("above")
    if above is None:
        return np.zeros(world.size)
    out: FloatArray = world.rules.local.water_block * above / 1000.0
    return out


def sold_by_bodies(world: World) -> FloatArray:
    """Return the share of the people whose water a body sells and counts, shape (T,), 0-1; elsewhere the EPCI does."""
    spec, table = world.spec.submodels, world.bodies
    if not (spec.bodies and spec.councils and world.rules.bodies.act):
        return np.zeros(world.size)
    out: FloatArray = np.minimum(table.share[table.alive & (table.service >= 0)].sum(axis=0), 1.0)
    return out


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
    levy, block = world.rules.local.water_levy, world.rules.local.water_block
    if not (levy.any() or block.any()):
        return None
    out: FloatArray
    if block.any():
        work = _works(world)
        out = (levy[:, None] * work.asked + block[:, None] * work.above) / 1000.0 * ~world.sectors.public
    else:
        p = world.params.local.prices
        used = answer(levy, p.water_eur_per_m3, p.industry_elasticity)
        private = world.sectors.water * ~world.sectors.public
        out = np.multiply.outer(levy * used / 1000.0, private)
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
    if rules.water_block.any():
        kept = 1.0 - sold_by_bodies(world)
        world.finance.post("fees", 0.25 * kept * block_receipts(world))
    if rules.wood_levy.any() and len(world.wood):
        cut = sum_by(world.wood.territory, world.wood.harvest * (world.wood.group == CONIFER), world.size)
        world.finance.post("fees", rules.wood_levy * cut / 1000.0)
