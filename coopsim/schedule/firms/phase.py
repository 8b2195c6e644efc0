"""Phases 5 and 6, companies: production, growth, transition, exit, entry; and the labour market."""

import numpy as np

from coopsim.economy import companies as eco
from coopsim.economy import kernels as ker
from coopsim.economy import siting, transition
from coopsim.economy.blocks import by_blocks
from coopsim.rng import Purpose, normal, stream_key, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.firms import currency, incentives, loops, procurement, reuse, stakes
from coopsim.schedule.firms.ebe import employment_companies
from coopsim.schedule.firms.leases import sign_leases
from coopsim.schedule.firms.yearly import firms_year
from coopsim.schedule.land import ground, tenure
from coopsim.schedule.land.zones import zones_year
from coopsim.schedule.resources import timber
from coopsim.schedule.resources.levies import water_cost
from coopsim.schedule.resources.quotas import market_cost
from coopsim.society import labour as market
from coopsim.society import people
from coopsim.society.colleges import FROM_COMPANIES, PANEL, heard_share
from coopsim.types import FloatArray, FormArray, IdArray, IntArray
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


def running_cost(world: World) -> FloatArray:
    """Return tax + rent less what exchanges of by-products and energy works save, k€ per job and year, shape (T, K)."""
    cost = job_cost(world)
    if world.zones.share.any():  # services that occupants of zones share
        cost = cost - np.multiply.outer(world.zones.net, ~world.sectors.public)
    spared = loops.saving_per_post(world)
    if spared is not None:
        cost = cost - np.where(world.sectors.public[None, :], 0.0, spared)
    spared_tax = incentives.modulated_tax(world)
    if spared_tax is not None:
        share = world.signals.acting / np.maximum(world.signals.posts, 1e-12)
        cost = cost - spared_tax[:, None] * share * ~world.sectors.public
    levy = water_cost(world)
    if levy is not None:
        cost = cost + levy
    rights = market_cost(world)
    if rights is not None:
        cost = cost + rights
    if not world.exchanges.linked.any():
        return cost
    saving = world.params.synergies.cost_saving_keur_per_job
    return cost - saving * world.exchanges.share(world.signals.posts)


def rations(world: World) -> FloatArray:
    """Return the resource ration of production, shape (T, K): the scarcer of water and wood, at its exponent."""
    s, sectors = world.signals, world.sectors
    water = s.water_ration[:, None] ** sectors.water_dependence[None, :]
    wood = np.ones_like(water)
    for k in np.flatnonzero(sectors.wood_group >= 0):
        wood[:, k] = s.wood_ration[:, sectors.wood_group[k]] ** sectors.wood_dependence[k]
    out: FloatArray = np.minimum(1.0, np.minimum(water, wood))
    return out


def channels(world: World) -> FloatArray:
    """Return what territories offer their companies this quarter, shape (T, N_CHANNELS)."""
    p, s = world.params, world.signals
    support = world.programme("firm_support")
    met = transition.reach(
        p.transition, support, world.rules.firms_addressed, world.relays.large_share, p.relays.budget_share
    )
    acting = s.results[:, ker.R_ACTING] / np.maximum(s.results[:, ker.R_COUNT], 1.0)
    out = transition.channels(p.transition, met, acting, support, world.programme("eit_animation"))
    spared_tax = incentives.modulated_tax(world)
    if spared_tax is not None:
        out[:, ker.C_SUPPORT] += p.local.moves.modulation_response * spared_tax
    if world.params.councils.member_contacts_per_yr > 0.0 and world.rules.council.extra.any():
        members = (world.rules.council.extra * world.minds.presence[:, :PANEL])[:, FROM_COMPANIES].sum(axis=1)
        told = heard_share(world.params.councils, members, s.results[:, ker.R_COUNT])
        out[:, ker.C_HEARD] += told / TICKS_PER_YEAR
    if not world.spec.submodels.transition:
        out[:, [ker.C_HEARD, ker.C_SMALL, ker.C_LARGE]] = 0.0
    out[:, ker.C_SUCCESSOR], out[:, ker.C_TAKEOVER] = eco.exit_alternatives(
        p.companies, world.programme("coop_takeover")
    )
    out[:, ker.C_TAKEOVER] = stakes.helped(world, out[:, ker.C_TAKEOVER])
    return out


def production_and_growth(world: World) -> None:
    """Run the compiled company step: output, cash, exit, transition, growth, land; in spring, what is yearly first."""
    if not world.spec.submodels.companies:
        return
    firms_year(world)
    zones_year(world)
    loops.energy_quarter(world)
    ordered = procurement.purchases(world)
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
    par = eco.vector(
        p.companies,
        (p.land.ask_above, p.land.release_below, p.land.release_speed, p.land.growth_floor),
        transition.vector(p.transition),
    )
    workers_own = stakes.taken_over(world)
    noise = np.where(sectors.public, p.companies.public_noise_factor, 1.0)
    s.output[:] = 0.0
    results = np.zeros((world.size, ker.N_RESULTS))
    jobs_next, land_need = np.zeros(n), np.zeros(n)
    by_blocks(
        ker.company_quarter,
        (
            tick,
            stream_key(seed, Purpose.GROWTH, tick),
            stream_key(seed, Purpose.EXIT, tick),
            stream_key(seed, Purpose.TRANSITION, tick),
            stream_key(seed, Purpose.RADAR, 0),
            par,
        ),
        (
            c.id[rows], c.territory[rows], c.sector[rows], c.jobs[rows], c.productivity[rows], c.cash[rows],
            c.land[rows], c.owned[rows], c.birth[rows], c.stage[rows],
            c.since[rows], c.form[rows], c.alive[rows],
        ),
        (
            sectors.value_added, world.other_cost,
            np.full(len(sectors), p.companies.reference_margin),
            ground.land_per_job(world), sectors.exit_factor, noise, ~sectors.public,
            filled, rations(world), running_cost(world),
            eco.drift(
                p.companies, sectors, world.people.unemployment, shock, timber.supply_per_post(world)
            ) + ordered + incentives.cluster_drift(world) + currency.impulse(world, shock),
            channels(world),
        ),
        (jobs_next, land_need),
        (s.output, results),
    )  # fmt: skip
    stakes.buy(world, workers_own)
    ground.company_land(world, results)
    s.posts[:] = 0.0
    s.acting[:] = 0.0
    by_blocks(
        ker.company_settle,
        (s.land_ration, p.land.growth_floor),
        (
            c.territory[rows], c.sector[rows], c.jobs[rows], c.land[rows], c.stage[rows], c.form[rows],
            c.alive[rows], jobs_next, land_need,
        ),
        (),
        (),
        (s.posts, s.acting, results),
    )  # fmt: skip
    s.results = results
    s.closed_total += results[:, ker.R_EXIT_JOBS]
    s.saved_total += results[:, ker.R_SAVED_JOBS]
    s.closing[tick % 4] = results[:, ker.R_EXIT_JOBS] + results[:, ker.R_SAVED_JOBS]
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
        world.programme("ess_foundation"),
    )
    settle_new(
        world, born.id, born.territory, born.sector, born.jobs, born.productivity, external=False,
        form=born.form,
    )  # fmt: skip
    np.add.at(s.created_total, born.territory, born.jobs)
    more = reuse.starts(world)
    if more is not None:
        ids, where, sector, jobs, productivity, form = more
        settle_new(world, ids, where, sector, jobs, productivity, external=False, form=form)
        np.add.at(s.created_total, where, jobs)


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
    form: FormArray | None = None,
) -> None:
    """Put new companies in the table; without ``land`` they take their need as far as land is vacant."""
    if ids.size == 0:
        return
    p, s = world.params.companies, world.signals
    need = jobs * world.sectors.land[sector] * 1e-4
    if land is None:
        land = need * ground.take_vacant(world, territory, need)
    own = uniform(world.seed, Purpose.TENURE, ids, world.tick) < p.owned_share
    sold, leased = tenure.sold(world)[territory], tenure.leased(world)[territory]
    owned = own & sold
    owned = np.where(sold & ~leased & external, np.True_, owned)
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
        since=np.full(ids.size, world.tick),
        form=np.zeros(ids.size, np.int8) if form is None else form,
        external=np.full(ids.size, external),
    )
    sign_leases(world, ids, territory, jobs, land)
    np.add.at(s.posts, (territory, sector), jobs)
    np.add.at(s.results[:, ker.R_COUNT], territory, 1.0)


def labour(world: World) -> None:
    """End contracts of vanished posts, hire, move, build; closure of the labour market."""
    if not world.spec.submodels.people:
        return
    p, state = world.params.people, world.people
    posts = world.signals.posts.sum(axis=1)
    bonus = world.pacts.together("engineering") * world.ties.knowledge
    market.rehire(p, state, posts, bonus)
    market.separate(p, state, posts)
    market.turn_over(p, state)
    reach = market.mobile(p, world.programme("mobility_programme")) if p.mobile_share < 1.0 else None
    ease = 1.0 + p.match_pact_bonus * bonus
    others = employment_companies(world)
    if others is not None:
        ease = ease * others[:, None]
    market.hire(p, state, posts, ease, world.programme("skills_programme"), reach)
    market.relocate(p, state, posts)
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
    people.live(
        p, state, world.signals.vacancies, services, world.signals.built, signals_newcomers(world),
        incentives.residential_pull(world),
    )  # fmt: skip
    # people who left gave up their posts; those who stay and lost theirs look for work
    market.separate(p, state, posts)


def signals_newcomers(world: World) -> FloatArray:
    """Return people brought by events this quarter and by companies that arrived in the last one, shape (T,)."""
    out = world.pathway.people.copy()
    for until, what, amount, where in world.shocks:
        if what == "population_inflow" and until >= world.tick:
            out[where] += amount
    return out
