"""Energy works: heat networks that burn the wood of the massif, and loops of shared power."""

import numpy as np

from coopsim.economy import energy
from coopsim.economy.energy import HEAT, WORKS
from coopsim.schedule.firms import citizens, credit
from coopsim.schedule.shocks import shock_levels
from coopsim.tables import BROADLEAF
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def wood_price(world: World) -> FloatArray:
    """Return what the wood burnt costs, €/m3, shape (T,): local wood at its price, the rest at that of imports."""
    p = world.params
    local = world.signals.wood.get(f"local_{BROADLEAF}", np.ones(world.size))
    out: FloatArray = p.local.energy.wood_price_eur_per_m3 * (1.0 + p.wood.import_premium * (1.0 - local))
    return out


def usual_prices(world: World) -> FloatArray:
    """Return what establishments pay for heat and for power without any work, €/MWh, shape (2, T)."""
    p = world.params.local.energy
    rise = 1.0 + shock_levels(world, "energy_price")
    return np.array([energy.usual_price(p, work) * rise for work in range(len(WORKS))])


def prices(world: World, given: FloatArray, rate: FloatArray | None = None) -> FloatArray:
    """Return the price of a MWh from each work, €/MWh, shape (2, T).

    Parameters
    ----------
    given : FloatArray, shape (2, T)
        Part of the investment that is paid for.
    rate : FloatArray, shape (2, T), 1/yr, optional
        Cost of the operator's money, where it is not the usual one.
    """
    p, wood = world.params.local.energy, wood_price(world)
    return np.array(
        [
            energy.price(p, work, given[work], wood, None if rate is None else rate[work])
            for work in range(len(WORKS))
        ]
    )


def gift(world: World) -> FloatArray:
    """Return the part of an investment that the State and the intercommunalité pay under the rules in force, (T,)."""
    rules = world.rules.local
    out: FloatArray = rules.energy_grant + (1.0 - rules.energy_grant) * rules.energy_share
    return out


def private_posts(world: World) -> FloatArray:
    """Return the posts of private companies, shape (T,)."""
    out: FloatArray = world.signals.posts[:, ~world.sectors.public].sum(axis=1)
    return out


def establishments(world: World) -> FloatArray:
    """Return the establishments large enough to connect, shape (T,)."""
    c = world.companies
    rows = c.rows()
    large = rows[c.jobs[rows] >= world.params.local.energy.site_min_jobs]
    return np.bincount(c.territory[large], minlength=world.size).astype(np.float64)


def paid(world: World, sites: float) -> FloatArray:
    """Return the part of the investment in a new work that is given, or worth a gift: cheaper money, shape (2, T)."""
    given = np.broadcast_to(gift(world), (len(WORKS), world.size))
    lent = citizens.gift(world, gift(world), sites)
    return given if lent is None else given + lent


def offered(world: World, carriers: float = 1.0) -> FloatArray:
    """Return the price of a MWh from a new work whose risk so many councils carry, €/MWh, shape (2, T)."""
    shape = (len(WORKS), world.size)
    rate = credit.rate(world, carriers)
    new = None if rate is None else np.broadcast_to(rate, shape)
    return prices(world, paid(world, world.params.local.energy.core_sites), new)


def worthwhile(world: World, carriers: float = 1.0) -> BoolArray:
    """Return whether establishments would sign for each work at the prices of today, shape (2, T)."""
    p = world.params.local.energy
    asked = usual_prices(world) * (1.0 - p.asked_saving_share)
    out: BoolArray = offered(world, carriers) <= asked
    return out


def room(world: World, work: int) -> FloatArray:
    """Return the establishments that are not connected yet, shape (T,)."""
    out: FloatArray = np.maximum(establishments(world) - world.local.sites[work], 0.0)
    return out


def build(world: World, i: int, work: int, sites: float, carriers: float = 1.0, **journal: str) -> float:
    """Build a work for some establishments of a territory if they find it worth it; returns how many connect.

    The intercommunalité pays the study whatever comes of it, and its share of the investment; the State its grant,
    which never passes through the territory's accounts; the operator the rest, which the price of energy pays back.
    """
    p, state, rules = world.params.local.energy, world.local, world.rules.local
    n = float(min(sites, room(world, work)[i]))
    built = n > 0.0 and bool(worthwhile(world, carriers)[work, i])
    one = np.zeros(world.size)
    one[i] = 1.0
    if world.spec.submodels.finance:
        world.finance.post("programmes", p.study_keur * one)
        if built:
            rest = energy.investment(p, work, n) * (1.0 - rules.energy_grant) * rules.energy_share
            world.finance.post("projects", rest * one)
    if built:
        credit.built(world, i, work, n, carriers)
        before = float(state.sites[work, i])
        state.given[work, i] = (state.given[work, i] * before + paid(world, n)[work, i] * n) / (before + n)
        citizens.subscribe(world, i, work, n, gift(world))
        state.sites[work, i] += n
    _write(world, i, work, n if built else 0.0, **journal)
    return n if built else 0.0


def saving(world: World) -> FloatArray:
    """Return what works save to companies, less what dearer energy costs them, k€/yr, shape (T,)."""
    p, state = world.params.local.energy, world.local
    dearer = shock_levels(world, "energy_price")
    if not state.sites.any() and not dearer.any():
        return np.zeros(world.size)
    total, posts = np.zeros(world.size), private_posts(world)
    cost = prices(world, state.given, credit.rates(world))
    for work, need in enumerate((p.heat_mwh_per_job, p.power_mwh_per_job)):
        usual = energy.usual_price(p, work)
        total += state.sites[work] * energy.mwh_per_site(p, work) * (usual - cost[work]) / 1000.0
        bare = 1.0 - energy.coverage(p, work, state.sites[work], posts)
        total -= dearer * usual * need * posts * bare / 1000.0
    return total


def saving_per_post(world: World) -> FloatArray | None:
    """Return what each private post saves on energy, k€/yr, shape (T, 1); None where nothing does."""
    total = saving(world)
    if not total.any():
        return None
    posts = private_posts(world)
    return np.divide(total, posts, out=np.zeros_like(total), where=posts > 0.0)[:, None]


def energy_quarter(world: World) -> None:
    """Let establishments that closed leave the works, and count what is burnt and saved."""
    state = world.local
    if not state.sites.any():
        return
    p = world.params.local.energy
    # at most all establishments of the size remain connected
    before = state.sites
    state.sites = np.minimum(before, establishments(world)[None, :])
    credit.works_lost(world, before - state.sites)
    state.fuel = state.sites[HEAT] * p.heat_mwh_per_site / p.wood_mwh_per_m3
    cost = prices(world, state.given, credit.rates(world))
    usual = usual_prices(world)
    for work in range(len(WORKS)):
        mwh = state.sites[work] * energy.mwh_per_site(p, work)
        state.energy_saved += 0.25 * mwh * (usual[work] - cost[work]) / 1000.0


def action_delivered(world: World, row: int, size: float, **journal: str) -> None:
    """Let a joint action of a pact that succeeded build a real work, if the rules say so.

    The smallest action is one work of the core number of establishments, larger ones as many times larger; it goes to
    the member where most establishments are not connected.
    """
    kind = world.rules.local.work
    if kind == "none":
        return
    work, p = WORKS.index(kind), world.params
    free = np.where(world.pacts.members[row], room(world, work), -1.0)
    code = world.places.code
    i = min(np.flatnonzero(free >= free.max()), key=lambda j: code[j])
    times = size / max(min(p.pact_life.action_start, 1.0), 1e-9)
    number = float(credit.carriers(world)[i])
    build(world, int(i), work, p.local.energy.core_sites * times, number, **journal)


def _write(world: World, i: int, work: int, sites: float, **journal: str) -> None:
    name = world.places.name[i]
    fr = ("réseau de chaleur au bois", "boucle d'énergie")[work]
    en = ("wood heat network", "energy loop")[work]
    tail_fr = f"{sites:.0f} établissements raccordés" if sites else "pas assez avantageux, personne ne signe"
    tail_en = f"{sites:.0f} establishments connected" if sites else "not worth it, nobody signs"
    world.write(
        world.places.code[i], "project", WORKS[work], amount=sites, outcome="built" if sites else "not built",
        reason_fr=f"{name} : {fr}, {tail_fr}", reason_en=f"{name}: {en}, {tail_en}", **journal,
    )  # fmt: skip
