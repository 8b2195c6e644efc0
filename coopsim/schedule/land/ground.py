"""Phase 2, land: pipeline, brownfield, openings for firms, dwellings and other uses; and land of companies."""

import numpy as np

from coopsim.economy import kernels as ker
from coopsim.governance.land_opening import LandContext, Race, openings
from coopsim.metrics import sum_by
from coopsim.resources import land
from coopsim.resources.land import Use
from coopsim.schedule.land import account as land_account
from coopsim.schedule.land import era, tenure, zones
from coopsim.schedule.land import grid as land_grid
from coopsim.schedule.land import rights as land_rights
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_ECONOMIC, _HOUSING, _OTHER = 0, 1, 2


def land_phase(world: World) -> None:
    """Let the pipeline ripen, brownfield return, and open what the rules let through."""
    if not world.spec.submodels.land:
        return
    g, p = world.land, world.params.land
    period = land.period_of(world.year, p)
    if period != g.period:
        g.period = period
        g.lent = np.zeros(world.size)
        # a run that starts inside a period takes its envelope as used up in proportion to the time gone
        gone = (world.year - p.period_from) % p.period_years / p.period_years if world.tick == 0 else 0.0
        used = period_envelope(world) * gone if period >= 0 else np.zeros(world.size)
        g.period_consumed = np.where(np.isfinite(used), used, 0.0)
    g.uses, g.ring, ready = land.mature(g.uses, g.ring, world.tick)
    g.public = g.public + ready
    g.uses, _ = land.return_brownfield(g.uses, _brownfield_return(world))
    land_rights.protect(world)
    _open(world)


def _brownfield_return(world: World) -> float | FloatArray:
    """Return the share of brownfield that comes back to the market by itself or lent for a time, 1/yr."""
    alone, lent = world.params.land.brownfield_return, world.programme("temporary_use")
    return np.minimum(alone + world.params.zones.temporary_return * lent, 1.0) if lent.any() else alone


def envelope(world: World, asked: FloatArray) -> FloatArray:
    """Return the land each territory may have consumed by now in the law's period, shape (T,), ha.

    Planning documents spread the envelope over its years (``spread_envelope``); without them the first
    years would take it all. ``asked`` (T, 3) is what is asked for now.
    """
    p, opened = world.params.land, 1.0
    if p.spread_envelope:
        years = (world.year - p.period_from) % p.period_years + 0.25 * world.quarter
        opened = min(1.0, years / p.period_years)
    total = period_envelope(world) * opened
    return land_rights.usable(world, total, opened, world.land.period_consumed + asked.sum(axis=1))


def period_envelope(world: World) -> FloatArray:
    """Return the land each territory may consume in the whole period of the law, shape (T,), ha."""
    g, p = world.land, world.params.land
    if g.period < 0:
        return np.full(world.size, np.inf)
    share = world.rules.cap_share
    own = g.reference * share * p.next_period_factor ** max(g.period, 0)
    guarantee = p.communal_guarantee_ha * g.communes if g.period == 0 else np.zeros(world.size)
    out: FloatArray = np.maximum(own, guarantee)
    return out


def _open(world: World) -> None:
    g, p = world.land, world.params.land
    asked = np.zeros((world.size, 3))
    asked[:, _ECONOMIC] = g.wish
    asked[:, _HOUSING] = land.housing_request(g.uses, p.housing_rate)
    asked[:, _OTHER] = land.other_request(world.places.area, p)
    usual = world.params.people.dwellings_per_ha
    denser = np.maximum(world.rules.plots.density_min / usual, 1.0)
    asked[:, _HOUSING] *= denser ** -(1.0 + p.dense_demand_elasticity)
    g.asked[:, _HOUSING:] += asked[:, _HOUSING:]
    asked = land_grid.meeting(world, asked)
    pact = land_account.land_pact(world)
    sharing = land_grid.synergy_table(world)
    context = LandContext(
        asked=asked,
        naf=g.uses[:, Use.NAF],
        brownfield=g.uses[:, Use.BROWNFIELD],
        envelope=envelope(world, asked),
        consumed=g.period_consumed,
        pact=pact,
        brownfield_first=world.rules.brownfield_first,
        synergy=np.broadcast_to(sharing, (world.size, *sharing.shape)),
        energy_share=np.full(world.size, p.energy_share),
    )
    granted = openings(land_account.rules_in_force(world, pact), context)
    g.uses, g.ring, opened = land.develop(g.uses, g.ring, world.tick, Use.NAF, granted.naf[:, _ECONOMIC])
    g.uses, g.ring, recycled = land.develop(
        g.uses, g.ring, world.tick, Use.BROWNFIELD, granted.brownfield[:, _ECONOMIC]
    )
    g.uses, built = land.convert(g.uses, Use.NAF, Use.HOUSING, granted.naf[:, _HOUSING])
    g.uses, rebuilt = land.convert(g.uses, Use.BROWNFIELD, Use.HOUSING, granted.brownfield[:, _HOUSING])
    g.uses, other = land.convert(g.uses, Use.NAF, Use.OTHER_ARTIFICIAL, granted.naf[:, _OTHER])
    g.consumed += np.column_stack([opened, built, other])
    # what was moved, not the difference of what is left: a small envelope is not lost in the rounding of a large area
    g.period_consumed = g.period_consumed + opened + built + other
    g.opened = g.opened + opened
    era.adapt(world, opened)
    # what the envelope delays stays on the programme, and fades as councils move on
    g.wish = np.maximum(g.wish - opened - recycled, 0.0) * (1.0 - p.programme_fading)
    saved = np.zeros_like(asked) if granted.saved is None else granted.saved
    g.taken = g.taken + opened + recycled + built + rebuilt + other
    g.met += np.column_stack([opened + recycled, built + rebuilt, other]) + saved
    world.signals.built = (built + rebuilt + saved[:, _HOUSING]) * (usual * denser)
    if world.spec.submodels.finance:
        world.finance.post("land_development", p.opening_cost * opened)
        world.finance.post("remediation", p.remediation_cost * (recycled + rebuilt))


def company_land(world: World, results: FloatArray) -> None:
    """Free the land of exits and releases, then serve the companies that ask for land."""
    g = world.land
    if not world.spec.submodels.land:
        world.signals.land_ration = np.ones(world.size)
        return
    leased = results[:, ker.R_LEASED_FREED]
    _leave(world, leased, results[:, ker.R_OWNED_FREED])
    _end_leases(world, leased)
    asked = results[:, ker.R_LAND_ASKED]
    ration = land.ration(asked, g.uses[:, Use.VACANT])
    world.signals.land_ration = ration
    occupy(world, asked * ration)


def vacant(world: World) -> FloatArray:
    """Return vacant economic land, shape (T,), ha (without limit when land is switched off)."""
    if not world.spec.submodels.land:
        return np.full(world.size, np.inf)
    out: FloatArray = world.land.uses[:, Use.VACANT]
    return out


def occupy(world: World, area: FloatArray, frugal: FloatArray | None = None) -> None:
    """Move vacant land to companies, shape (T,), ha; the public part of it is sold or leased.

    ``frugal`` (T,) is the part of ``area`` of those who may take public plots where these are kept for some; they
    take public plots first, the others only where there is nothing else.
    """
    if not world.spec.submodels.land:
        return
    g = world.land
    before = g.uses[:, Use.VACANT]
    value = price(world)
    g.uses, moved = land.convert(g.uses, Use.VACANT, Use.OCCUPIED, area)
    public = moved * np.minimum(g.public / np.maximum(before, 1e-12), 1.0)
    if frugal is not None:
        least = np.maximum(moved - np.maximum(before - g.public, 0.0), 0.0)
        first = np.minimum(np.maximum(np.minimum(frugal, g.public), least), np.minimum(moved, g.public))
        public = np.where(world.rules.plots.priority > 0.0, first, public)
    g.public = np.maximum(g.public - public, 0.0)
    _sell(world, public, value)
    _let(world, moved, public, value)


def reserve(world: World, i: int, area: float, *, public_plot: bool) -> float:
    """Keep a plot for a company that will come; returns its public part, ha (0 when land is switched off)."""
    if not world.spec.submodels.land:
        return 0.0
    g = world.land
    before, asked = float(g.uses[i, Use.VACANT]), np.zeros(world.size)
    asked[i] = area
    g.uses, moved = land.convert(g.uses, Use.VACANT, Use.RESERVE, asked)
    share = min(float(g.public[i]) / max(before, 1e-12), 1.0)
    public = float(moved[i]) * share
    if world.rules.plots.priority[i] > 0.0:
        private = max(before - float(g.public[i]), 0.0)
        public = (
            min(float(moved[i]), float(g.public[i])) if public_plot else max(float(moved[i]) - private, 0.0)
        )
    g.public = g.public.copy()
    g.public[i] = max(float(g.public[i]) - public, 0.0)
    return public


def take_reserved(world: World, i: int, area: float, public: float) -> None:
    """Give a company the plot that was kept for it, and sell or lease its public part."""
    if not world.spec.submodels.land:
        return
    asked, part = np.zeros(world.size), np.zeros(world.size)
    asked[i], part[i] = area, public
    world.land.uses, _ = land.convert(world.land.uses, Use.RESERVE, Use.OCCUPIED, asked)
    value = price(world)
    _sell(world, part, value)
    _let(world, asked, part, value)


def take_vacant(world: World, territory: IntArray, need: FloatArray) -> FloatArray:
    """Give entrants vacant land; returns what each gets over its ``need`` (ha) at the reference price."""
    if not world.spec.submodels.land:
        return np.ones(need.size)
    dense = density(world)
    total = sum_by(territory, need, world.size) * dense
    ration = land.ration(total, world.land.uses[:, Use.VACANT])
    occupy(world, total * ration)
    out: FloatArray = (dense * ration)[territory]
    return out


def vacate(world: World, territory: IntArray, area: FloatArray, owned: BoolArray) -> None:
    """Free the land of companies that leave; arrays one entry per company."""
    if not world.spec.submodels.land or area.size == 0:
        return
    leased = sum_by(territory, np.where(owned, 0.0, area), world.size)
    held = sum_by(territory, np.where(owned, area, 0.0), world.size)
    _leave(world, leased, held)
    _end_leases(world, leased)


def _leave(world: World, leased: FloatArray, owned: FloatArray) -> None:
    """Free land, (T,) ha: owned plots without a buyer become brownfield, unless a provision restores them."""
    g, c, resold = world.land, world.companies, world.params.land.resold_share
    if not g.provisioned.any():
        g.uses, _ = land.vacate(g.uses, leased, owned, resold)
        return
    rows = c.rows()
    rows = rows[c.owned[rows]]
    held = sum_by(c.territory[rows], c.land[rows], world.size) + owned
    covered = np.minimum(g.provisioned / np.maximum(held, 1e-12), 1.0)
    g.uses, _ = land.vacate(g.uses, leased, owned, resold + (1.0 - resold) * covered)
    g.provisioned = np.maximum(g.provisioned - covered * owned, 0.0)


def provide(world: World, where: IntArray, area: FloatArray) -> None:
    """Note the plots of arrivals whose restoration is paid in advance, as far as the provision covers its cost."""
    rules, p = world.rules, world.params
    if not (rules.plots.provision.any() and world.spec.submodels.land):
        return
    covered = np.minimum(rules.plots.provision / max(p.land.remediation_cost, 1e-12), 1.0)
    sold, leased = tenure.sold(world), tenure.leased(world)
    owned = np.where(sold, np.where(leased, p.companies.owned_share, 1.0), 0.0)
    world.land.provisioned = world.land.provisioned + covered * owned * sum_by(where, area, world.size)


def _sell(world: World, area: FloatArray, price_per_ha: FloatArray) -> None:
    """Post the sale of public plots, or start their lease; area (T,) in ha."""
    rules, g = world.rules, world.land
    sold = 1.0 - tenure.leased_share(world)
    g.leased = g.leased + area * (1.0 - sold)
    if not world.spec.submodels.finance:
        return
    value = area * price_per_ha * rules.plots.price
    world.finance.post("land_sales", value * sold)
    # leases: the same present value as a yearly income for as long as the plot is leased
    yearly = value * (1.0 - sold) * world.params.land.rent_yield
    world.signals.leases = world.signals.leases + yearly


def _let(world: World, given: FloatArray, public: FloatArray, price_per_ha: FloatArray) -> None:
    """Note which part of the plots just given is public and leased, and at what rent, for who bargains on it."""
    rules, g = world.rules.plots, world.land
    if not rules.bargains:
        return
    let = public * tenure.leased_share(world)
    g.let_share = np.divide(let, given, out=np.zeros(world.size), where=given > 0.0)
    rent = price_per_ha * rules.price * world.params.land.rent_yield * world.spec.submodels.finance
    g.let_rent = g.let_share * rent


def _end_leases(world: World, freed: FloatArray) -> None:
    """Give public plots whose lease ends back to the council, with their rent; private landlords keep theirs.

    ``freed`` (T,) is leased land that companies gave up; its public part is that of all leased land.
    """
    g, c = world.land, world.companies
    if not g.leased.any():
        return
    rows = c.rows()
    held = sum_by(c.territory[rows], np.where(c.owned[rows], 0.0, c.land[rows]), world.size)
    share = np.minimum(g.leased / np.maximum(held + freed, 1e-12), 1.0)
    back = np.minimum(freed * share, g.leased)
    keep = 1.0 - back / np.maximum(g.leased, 1e-12)
    world.signals.leases = world.signals.leases * keep
    g.leased = g.leased - back
    g.public = g.public + back


def open_economic(world: World, i: int, area: float) -> None:
    """Note a council's decision to open economic land; the rule in force serves it next quarter."""
    world.land.wish[i] += area


def recycle(world: World, i: int, share: float) -> None:
    """Develop a share of a territory's brownfield at the council's cost."""
    area = np.zeros(world.size)
    area[i] = share * world.land.uses[i, Use.BROWNFIELD]
    g = world.land
    g.uses, g.ring, moved = land.develop(g.uses, g.ring, world.tick, Use.BROWNFIELD, area)
    world.finance.post("remediation", world.params.land.remediation_cost * moved)


def may_open(world: World) -> BoolArray:
    """Return which councils may still put land on their programme under the period's envelope, shape (T,)."""
    free = np.array([isinstance(rule, Race) for rule in world.rules.land])
    left: BoolArray = free | (period_envelope(world) - world.land.period_consumed > 0.0)
    out: BoolArray = left & (world.land.uses[:, Use.NAF] > 0.0) & world.spec.submodels.land
    return out


def price(world: World) -> FloatArray:
    """Return the price of economic land, shape (T,), k€/ha."""
    out: FloatArray = (10.0 * world.params.land.price_reference) * _ratio(world)
    return out


def _ratio(world: World) -> FloatArray:
    """Return the price of land over its reference, shape (T,); worked out once for each state of the land table."""
    g, p = world.land, world.params.land
    if g.priced is None or g.priced[0] is not g.uses or g.priced[1] is not p:
        g.priced = (g.uses, p, land.price_ratio(g.uses, p))
    return g.priced[2]


def cost_price(world: World) -> FloatArray:
    """Return the price that gives a site's yearly cost at the reference land per job, shape (T,), k€/ha.

    Below the price of land where land is dear: companies put less of it under a job, and more buildings.
    """
    p = world.params.land
    out: FloatArray = 10.0 * p.price_reference * land.cost_ratio(_ratio(world), p)
    return out


def density(world: World) -> FloatArray:
    """Return the land wanted per job now over that of the sectors, shape (T,), 1; 1 when land is switched off."""
    if not world.spec.submodels.land:
        return np.ones(world.size)
    market = land.density(_ratio(world), world.params.land)
    out: FloatArray = world.places.land_intensity * market * zones.density_factor(world)
    return out


def land_per_job(world: World) -> FloatArray:
    """Return the land wanted per job now, shape (T, K), m²."""
    out: FloatArray = np.multiply.outer(density(world), world.sectors.land)
    return out


def view(world: World) -> dict[str, FloatArray]:
    """Return what councils see of their land, each (T,)."""
    u = world.land.uses
    occupied = np.maximum(u[:, Use.OCCUPIED], 1e-9)
    return {
        "vacancy": land.vacancy(u, world.params.land),
        "pipeline_share": u[:, Use.PIPELINE] / occupied,
        "brownfield": u[:, Use.BROWNFIELD],
        "occupied": u[:, Use.OCCUPIED],
    }


def indicators(world: World) -> dict[str, FloatArray]:
    """Return the land indicators, each (T,)."""
    g, p = world.land, world.params.land
    u = g.uses
    sealed = (p.sealed_economic, p.sealed_housing, p.sealed_other)
    return {
        "naf_consumed_ha": g.consumed.sum(axis=1),
        "artificialised_ha": g.artificial_start
        + land.artificialised_land(g.consumed, sealed)
        - era.unsealed(world),
        "economic_opened_ha": g.opened,
        "economic_vacant_ha": u[:, Use.VACANT],
        "brownfield_ha": u[:, Use.BROWNFIELD],
        "land_needs_met_share": np.minimum(
            g.met[:, _HOUSING:].sum(axis=1) / np.maximum(g.asked[:, _HOUSING:].sum(axis=1), 1e-9), 1.0
        ),
        "land_needs_per_ha": np.where(g.taken > 0.0, g.met.sum(axis=1) / np.maximum(g.taken, 1e-9), 1.0),
        "land_price_keur_per_ha": price(world),
    }
