"""Phases 5 and 6, companies: production, growth, transition, exit, entry; and the labour market."""

import numpy as np

from coopsim.economy import companies as eco
from coopsim.economy import kernels as ker
from coopsim.economy import siting, transition
from coopsim.rng import Purpose, normal, stream_key, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule import ground, timber
from coopsim.society import people
from coopsim.types import FloatArray, IdArray, IntArray
from coopsim.world.state import World


def job_cost(world: World, *, subsidy: bool = False) -> FloatArray:
    """Return tax + rent (− subsidy annuity for newcomers), k€ per job and year, shape (T, K)."""
    aid = world.finance.subsidy if subsidy else 0.0
    return siting.cost_per_job(
        world.params.siting,
        world.params.land.rent_yield,
        world.finance.tax_pct,
        ground.cost_price(world),
        world.sectors.land,
        world.sectors.public,
        aid,
    )


def rations(world: World) -> FloatArray:
    """Return the resource ration of production, shape (T, K): the scarcer of water and wood, at its exponent."""
    s, sectors = world.signals, world.sectors
    water = s.water_ration[:, None] ** sectors.water_dependence[None, :]
    wood = np.ones_like(water)
    for k in np.flatnonzero(sectors.wood_group >= 0):
        wood[:, k] = s.wood_ration[:, sectors.wood_group[k]] ** sectors.wood_dependence[k]
    out: FloatArray = np.minimum(1.0, np.minimum(water, wood))
    return out


def production_and_growth(world: World) -> None:
    """Run the compiled company step: output, cash, exit, transition, growth, land."""
    if not world.spec.submodels.companies:
        return
    c, s, sectors, p = world.companies, world.signals, world.sectors, world.params
    n = c.used
    rows = slice(0, n)
    tick, seed = world.tick, world.seed
    posts = s.posts.sum(axis=1)
    # posts may have left since people were hired: nobody works twice
    filled = np.where(posts > 0, np.minimum(world.people.filled / np.maximum(posts, 1e-12), 1.0), 1.0)
    if not world.spec.submodels.people:
        filled = np.ones_like(filled)
    shock = p.companies.demand_sd * _sector_shock(world) + s.demand
    acting_share = s.results[:, ker.R_ACTING] / np.maximum(s.results[:, ker.R_COUNT], 1.0)
    par = eco.vector(
        p.companies,
        (p.land.ask_above, p.land.release_below, p.land.release_speed, p.land.growth_floor),
        np.array(
            [
                p.transition.own_initiative_per_yr,
                p.transition.peers_per_yr,
                p.transition.support_per_yr,
                p.transition.saving_share,
                p.transition.act_at_once_share,
            ]
        ),
    )
    reach = transition.reach(p.transition, world.programme("firm_support"))
    if not world.spec.submodels.transition:
        reach = np.zeros_like(reach)
    noise = np.where(sectors.public, p.companies.public_noise_factor, 1.0)
    s.output[:] = 0.0
    results = np.zeros((world.size, ker.N_RESULTS))
    jobs_next, land_need = np.zeros(n), np.zeros(n)
    ker.company_quarter(
        tick,
        stream_key(seed, Purpose.GROWTH, tick),
        stream_key(seed, Purpose.EXIT, tick),
        stream_key(seed, Purpose.TRANSITION, tick),
        par,
        c.id[rows], c.territory[rows], c.sector[rows], c.jobs[rows], c.productivity[rows], c.cash[rows],
        c.land[rows], c.owned[rows], c.birth[rows], c.stage[rows], c.alive[rows],
        sectors.value_added, world.other_cost,
        np.full(len(sectors), p.companies.reference_margin),
        ground.land_per_job(world), sectors.exit_factor, noise,
        filled, rations(world), job_cost(world),
        eco.drift(
            p.companies, sectors, world.people.unemployment, shock, timber.supply_per_post(world)
        ),
        reach, transition.peers(p.transition, acting_share, world.programme("eit_animation")),
        jobs_next, land_need, s.output, results,
    )  # fmt: skip
    ground.company_land(world, results)
    s.posts[:] = 0.0
    s.acting[:] = 0.0
    ker.company_settle(
        s.land_ration, p.land.growth_floor,
        c.territory[rows], c.sector[rows], c.jobs[rows], c.land[rows], c.stage[rows], c.alive[rows],
        jobs_next, land_need, s.posts, s.acting, results,
    )  # fmt: skip
    s.results = results
    s.closed_total += results[:, ker.R_EXIT_JOBS]
    s.young[tick % 4] = results[:, ker.R_YOUNG]
    s.young_exits[tick % 4] = results[:, ker.R_YOUNG_EXITS]


def _sector_shock(world: World) -> FloatArray:
    return normal(world.seed, Purpose.EXTERNAL_DEMAND, world.sectors.id, world.tick)


def entry(world: World) -> None:
    """Create local start-ups; they lease what vacant land there is."""
    if not world.spec.submodels.companies:
        return
    p, s = world.params, world.signals
    born = eco.local_entrants(
        p.companies,
        world.seed,
        world.tick,
        world.places.id,
        world.people.population,
        world.people.unemployment,
        world.sectors.entry_weight,
    )
    settle_new(world, born.id, born.territory, born.sector, born.jobs, born.productivity, external=False)
    np.add.at(s.created_total, born.territory, born.jobs)


def settle_new(
    world: World,
    ids: IdArray,
    territory: IntArray,
    sector: IntArray,
    jobs: FloatArray,
    productivity: FloatArray,
    *,
    external: bool,
    land: FloatArray | None = None,
) -> None:
    """Put new companies in the table; without ``land`` they take their need as far as land is vacant."""
    if ids.size == 0:
        return
    p, s = world.params.companies, world.signals
    need = jobs * world.sectors.land[sector] * 1e-4
    if land is None:
        land = need * ground.take_vacant(world, territory, need)
    own = uniform(world.seed, Purpose.TENURE, ids, world.tick) < p.owned_share
    owned = own & world.rules.sold[territory]
    owned = np.where(world.rules.sold[territory] & ~world.rules.leased[territory] & external, np.True_, owned)
    world.companies.add(
        id=ids,
        territory=territory,
        sector=sector,
        jobs=jobs,
        productivity=productivity,
        cash=np.full(ids.size, p.initial_cash_quarters),
        land=land,
        owned=owned,
        birth=np.full(ids.size, world.tick),
        stage=np.zeros(ids.size, np.int64),
        external=np.full(ids.size, external),
    )
    np.add.at(s.posts, (territory, sector), jobs)
    np.add.at(s.results[:, ker.R_COUNT], territory, 1.0)


def labour(world: World) -> None:
    """End contracts of vanished posts, hire, move, build; closure of the labour market."""
    if not world.spec.submodels.people:
        return
    p, state = world.params.people, world.people
    posts = world.signals.posts.sum(axis=1)
    people.separate(p, state, posts)
    bonus = p.match_pact_bonus * world.pacts.together("engineering") * world.ties.knowledge
    people.hire(p, state, posts, 1.0 + bonus)
    world.signals.vacancies = np.maximum(posts - state.filled, 0.0)
    spread = state.habitable_share + 0.25 * p.renovation_per_yr * (1.0 - state.habitable_share) * np.minimum(
        1.0, world.programme("housing_programme") + 0.25
    )
    state.habitable_share = np.minimum(spread, 1.0)
    services = (
        np.clip(world.finance.balance_per_yr() / world.finance.budget, -0.2, 0.2)
        if world.tick >= TICKS_PER_YEAR
        else np.zeros(world.size)
    )
    people.live(p, state, world.signals.vacancies, services, world.signals.built, signals_newcomers(world))
    # people who left gave up their posts; those who stay and lost theirs look for work
    people.separate(p, state, posts)


def signals_newcomers(world: World) -> FloatArray:
    """Return people brought by events this quarter, shape (T,)."""
    out = np.zeros(world.size)
    for until, what, amount, where in world.shocks:
        if what == "population_inflow" and until >= world.tick:
            out[where] += amount
    return out
