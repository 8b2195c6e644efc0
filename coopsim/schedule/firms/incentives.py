"""What attractiveness moves do to those who choose a place: prospecting, exemptions, welcome, clusters, flagships."""

import numpy as np

from coopsim.rng import Purpose, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.society.moves import INDEX
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def exempt_tax(world: World) -> FloatArray:
    """Return the business tax that one exempt job does not pay over an exemption, shape (T,), k€/job."""
    p = world.params
    yearly = 0.01 * world.finance.tax_pct * p.siting.base_keur_per_job
    out: FloatArray = yearly * p.local.moves.exemption_years
    return out


def newcomer_pull(world: World) -> FloatArray | float:
    """Return what prospecting and exemptions add to the utility of a place for those who arrive, shape (T,), or 0."""
    prospecting, exemption = world.programme("prospecting"), world.programme("tax_exemption")
    if not (prospecting.any() or exemption.any()):
        return 0.0
    p = world.params
    aid = p.siting.gamma_cost * p.siting.annuity * exempt_tax(world) * exemption
    out: FloatArray = aid + p.siting.gamma_marketing * p.local.moves.prospecting_pull * prospecting
    return out


def aid_worth(world: World) -> FloatArray | float:
    """Return what a k€ of aid is worth to a company that arrives, shape (T,), or 1: conditions cost part of it."""
    conditional = world.rules.local.conditional
    if not conditional.any():
        return 1.0
    out: FloatArray = 1.0 - world.params.local.moves.compliance_cost_share * conditional
    return out


def modulated_tax(world: World) -> FloatArray | None:
    """Return the tax that a job in transition is not asked for, shape (T,), k€/job and year; None without any."""
    share = world.rules.local.modulated
    if not share.any():
        return None
    out: FloatArray = share * 0.01 * world.finance.tax_pct * world.params.siting.base_keur_per_job
    return out


def _modulate(world: World) -> None:
    """Post what the modulated tax does not ask for, as an aid to companies in transition."""
    spared = modulated_tax(world)
    if spared is not None:
        paid = 0.25 * spared * world.signals.acting[:, ~world.sectors.public].sum(axis=1)
        world.finance.post("subsidies", paid)
        world.finance.subsidies_paid += paid


def residential_pull(world: World) -> FloatArray | float:
    """Return what the programme to welcome residents adds to the pull of migration, shape (T,), or 0."""
    level = world.programme("residential_programme")
    return world.params.local.moves.residential_pull * level if level.any() else 0.0


def cluster_drift(world: World) -> FloatArray | float:
    """Return what the support of networks of companies adds to the growth of a quarter, shape (T, K), or 0."""
    level = world.programme("cluster_subsidy")
    if not level.any():
        return 0.0
    export = world.sectors.export_share * ~world.sectors.public
    out: FloatArray = 0.25 * world.params.local.moves.cluster_growth_per_yr * np.multiply.outer(level, export)
    return out


def pay_incentives(world: World) -> None:
    """Pay what the incentives of the quarter cost, and let the State give its facility when it is time."""
    _exempt(world)
    _modulate(world)
    _flagship(world)


def _exempt(world: World) -> None:
    state, level = world.local, world.programme("tax_exemption")
    arrived = level * world.signals.arrived
    if arrived.any():
        until = world.tick + max(round(TICKS_PER_YEAR * world.params.local.moves.exemption_years), 1)
        state.exempt.append((until, arrived))
    if not state.exempt:
        return
    state.exempt = [entry for entry in state.exempt if entry[0] > world.tick]
    jobs = sum((entry[1] for entry in state.exempt), start=np.zeros(world.size))
    jobs = np.minimum(jobs, world.signals.posts[:, ~world.sectors.public].sum(axis=1))
    # the tax is posted in full, what is not asked of newcomers as an aid to them
    yearly = 0.01 * world.finance.tax_pct * world.params.siting.base_keur_per_job
    paid = 0.25 * yearly * jobs
    world.finance.post("subsidies", paid)
    world.finance.subsidies_paid += paid


def _flagship(world: World) -> None:
    p, state = world.params.local.moves, world.local
    if not (state.bids.any() or state.flagship.any()):
        return
    every = max(round(TICKS_PER_YEAR * p.flagship_every_years), 1)
    if world.tick % every == every - 1 and state.bids.any():
        _award(world)
    has = state.flagship > 0.0
    world.finance.marketing = np.where(
        has, np.maximum(world.finance.marketing, p.flagship_image), world.finance.marketing
    )
    if world.spec.submodels.finance:
        world.finance.post("services", 0.25 * p.flagship_running_keur * state.flagship)


def award_chances(world: World, bids: BoolArray) -> FloatArray:
    """Return the chance of each candidate to be given the facility, shape (T,): as the square root of its people."""
    weight = np.sqrt(np.maximum(world.people.population, 0.0)) * bids
    out: FloatArray = weight / max(float(weight.sum()), 1e-12)
    return out


def _award(world: World) -> None:
    """Give the facility to one candidate: a race of keyed draws, so that who else bids changes nobody's own luck."""
    chance = award_chances(world, world.local.bids)
    u = uniform(world.seed, Purpose.FLAGSHIP, world.places.id, world.tick)
    wait = np.where(chance > 0.0, -np.log(np.maximum(u, 1e-300)) / np.maximum(chance, 1e-300), np.inf)
    losers = int(world.local.bids.sum()) - 1
    world.local.bids[:] = False
    if not np.isfinite(wait).any():
        return
    i = int(np.argmin(wait))
    world.local.flagship[i] += 1.0
    name = world.places.name[i]
    world.write(
        world.places.code[i], "call", "flagship_bid", amount=1.0, outcome="won",
        reason_fr=f"l'équipement phare va à {name}, {losers} candidats déçus",
        reason_en=f"the flagship facility goes to {name}, {losers} candidates disappointed",
    )  # fmt: skip


def may_bid(world: World) -> BoolArray:
    """Return who may answer the State's next offer: who has no facility and has not answered yet, shape (T,)."""
    out: BoolArray = ~world.local.bids & (world.local.flagship == 0.0)
    return out


def expected_chance(world: World) -> FloatArray:
    """Return the chance that each council may expect if all those that may bid do, shape (T,)."""
    rivals = world.rules.allowed[:, INDEX["flagship_bid"]] & (world.local.flagship == 0.0)
    weight = np.sqrt(np.maximum(world.people.population, 0.0))
    others = float((weight * rivals).sum()) - weight * rivals
    out: FloatArray = weight / np.maximum(weight + others, 1e-12)
    return out
