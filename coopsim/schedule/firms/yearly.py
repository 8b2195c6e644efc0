"""Once a year, companies: relays talk to their clients, by-products find takers."""

import numpy as np

from coopsim.economy import relay_kernels, relays, synergies, synergy_kernels
from coopsim.economy.transition import WITH_RELAYS
from coopsim.rng import Purpose, stream_key
from coopsim.schedule.firms.credit import guarantees
from coopsim.schedule.firms.foundation import foundation_year
from coopsim.types import FloatArray
from coopsim.world.state import World

# Spring: the accounts of the year before are settled, and accountants meet their clients.
QUARTER_OF_ACCOUNTS = 1


def firms_year(world: World) -> None:
    """Run what happens to companies once a year; skipped at once where no rule asks for it."""
    if world.tick % 4 != QUARTER_OF_ACCOUNTS:
        return
    if world.spec.submodels.transition:
        talk(world)
    exchange(world)
    foundation_year(world)
    guarantees(world)


def exchange(world: World) -> None:
    """End what exchanges of by-products no longer hold, let animators bring companies together, and count."""
    p, c = world.params.synergies, world.companies
    running = bool(world.exchanges.linked.any())
    if p.contacts_per_yr == 0.0 and not running:
        return
    if running:
        rows = slice(0, c.used)
        synergy_kernels.end_exchanges(
            stream_key(world.seed, Purpose.SYNERGY, world.tick, 4), p.ends_per_yr, p.radius_minutes,
            world.places.minutes, c.id[rows], c.territory[rows], c.alive[rows], c.partner[rows],
            world.exchanges.ended,
        )  # fmt: skip
    synergies.seek(
        p, c, world.sectors, world.places.id, world.places.minutes, world.ties.trust,
        world.programme("eit_animation"), world.seed, world.tick,
    )  # fmt: skip
    synergies.tally(c, world.sectors, world.exchanges)


def relay_budget(world: World) -> FloatArray:
    """Return what the support programme leaves for relays in the year, k€, shape (T,)."""
    p = world.params
    level = world.programme("firm_support") * (world.rules.firms_addressed == WITH_RELAYS)
    cost = p.councils.firm_support_cost_per_inhabitant * world.people.population
    out: FloatArray = p.relays.budget_share * level * cost
    return out


def client_pull(world: World) -> FloatArray:
    """Return the yearly chance that large clients take a supplier a step further, shape (T, K)."""
    p, c, sectors = world.params.relays, world.companies, world.sectors
    bought, acting = np.zeros(world.size), np.zeros(world.size)
    rows = slice(0, c.used)
    relay_kernels.large_clients(
        world.params.transition.large_jobs, c.territory[rows], c.sector[rows], c.jobs[rows], c.stage[rows],
        c.alive[rows], sectors.local_purchase, bought, acting,
    )  # fmt: skip
    share = acting / np.maximum(bought, 1e-12)
    out: FloatArray = p.large_pull_per_yr * share[:, None] * (1.0 - sectors.export_share)[None, :]
    return out


def talk(world: World) -> None:
    """Enlist relays with the money of the year; they and large clients take companies a step further."""
    p, relay = world.params.relays, world.relays
    budget = relay_budget(world)
    relays.enlist(p, relay, budget, world.seed, world.tick)
    if not relay.active.any() and p.large_pull_per_yr == 0.0:
        return
    pull = client_pull(world) if p.large_pull_per_yr > 0.0 else np.zeros((world.size, len(world.sectors)))
    c, rows = world.companies, slice(0, world.companies.used)
    relay_kernels.relay_year(
        world.tick, stream_key(world.seed, Purpose.RELAY_TALK, world.tick), relays.client_keys(world.seed),
        np.array([p.aware_per_yr, p.convinced_per_yr, p.acting_per_yr]), p.accountant_max_jobs, p.banker_min_jobs,
        relay.first, relay.count, relay.active, pull,
        c.id[rows], c.territory[rows], c.sector[rows], c.jobs[rows], c.stage[rows], c.since[rows], c.alive[rows],
        ~world.sectors.public,
    )  # fmt: skip
