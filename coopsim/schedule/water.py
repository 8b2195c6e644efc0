"""Phases 2 to 4, water: runoff, demand of each node, sharing under the rules, supply of the services."""

import numpy as np

from coopsim.economy.transition import use_factor
from coopsim.governance.water_allocation import Pact, as_ration, kernel_arrays
from coopsim.metrics import sum_by
from coopsim.resources import water
from coopsim.schedule.public import shock_levels
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_DEKADS = 9
_SUMMER = 2  # third quarter


def water_phase(world: World) -> None:
    """Run nine dekads of the rivers, then the peak day of the water services."""
    if not world.spec.submodels.water or not world.rivers.node:
        return
    r, p = world.rivers, world.params.water
    part = slice((world.tick % 4) * _DEKADS, (world.tick % 4 + 1) * _DEKADS)
    factor = world.climate.quarter(world.tick)[:, None] * (1.0 - shock_levels(world, "drought")[r.territory])
    drinking, industry = yearly_needs(world)
    irrigation = water.irrigation_per_year(r.irrigated, world.climate.wetness(world.tick), p)
    demand = water.node_demand(
        water.to_nodes(drinking, r.territory, r.intake_share),
        water.to_nodes(industry, r.territory, r.intake_share),
        irrigation,
        r.other + asked_by_councils(world),
        r.drinking_profile[part],
        r.irrigation_profile[part],
    )
    together = world.pacts.covered("water") & world.rules.common_cut
    rules = [Pact(p.pact_doe_share) if covered else world.rules.water[i] for i, covered in zip(
        r.territory, together[r.territory], strict=True)]  # fmt: skip
    code, share = kernel_arrays(rules)
    sharing = water.sharing(
        code,
        _pact_of_nodes(world),
        share,
        world.rules.drought_stages[r.territory].astype(np.int64),
        r.graph,
        p,
    )
    q = water.quarter(
        r.graph,
        sharing,
        r.runoff[part] * factor,
        r.boundary[part] * factor,
        demand,
        r.groundwater,
        as_ration(rules),
    )
    r.groundwater = q.groundwater
    _tell(world, q)
    _services(world, drinking, industry)
    _remember(world)


def asked_by_councils(world: World) -> FloatArray:
    """Return the water that councils with objective ``water_benefit`` ask of their river, shape (W,), m3/s."""
    here = np.array([getattr(m, "objective", "") == "water_benefit" for m in world.rules.makers])
    r = world.rivers
    out: FloatArray = (world.strategies * here)[r.territory] * r.intake_share
    return out


def yearly_needs(world: World) -> tuple[FloatArray, FloatArray]:
    """Return drinking water (at users) and industrial water of each territory, m3/yr, each (T,)."""
    p, s = world.params, world.signals
    drinking = p.water.drinking_m3_per_head * world.people.population
    factor = use_factor(p.transition, s.acting, s.posts)
    industry = (s.posts * world.sectors.water[None, :] * factor).sum(axis=1)
    return drinking, industry


def _pact_of_nodes(world: World) -> IntArray:
    out = np.full(world.size, -1)
    for row in world.pacts.active:
        if world.pacts.scopes[row, 0]:
            out[world.pacts.members[row] & world.rules.common_cut] = row
    return out[world.rivers.territory]


def _tell(world: World, q: water.Quarter) -> None:
    """Turn what happened at nodes into shares by territory (intakes weigh where water is used)."""
    r, s = world.rivers, world.signals
    n = np.maximum(np.bincount(r.territory, minlength=world.size), 1)

    def mean(values: FloatArray) -> FloatArray:
        out: FloatArray = sum_by(r.territory, values, world.size) / n
        return out

    def asked(use: int) -> FloatArray:
        out: FloatArray = sum_by(r.territory, q.demanded[:, use], world.size)
        return out

    def unmet(use: int) -> FloatArray:
        got = sum_by(r.territory, q.withdrawn[:, use], world.size)
        need = asked(use)
        out: FloatArray = np.where(need > 0, 1.0 - got / np.maximum(need, 1e-12), 0.0)
        return out

    below = mean(q.below / _DEKADS)
    s.water["below"] = below
    s.water["caused"] = mean(q.below_caused / _DEKADS)
    s.water["level"] = mean((q.levels * np.arange(4)).sum(axis=1) / _DEKADS)
    s.water["unmet_drinking"] = unmet(water.DRINKING)
    s.water["unmet_irrigation"] = unmet(water.IRRIGATION)
    s.water["asked_irrigation"] = asked(water.IRRIGATION)
    s.water["river_industry"] = unmet(water.INDUSTRY)
    s.water["imbalance"] = q.imbalance
    s.water["withdrawn_other"] = q.withdrawn[:, water.OTHER]
    s.water["flow"] = q.flow
    if world.tick % 4 == _SUMMER:
        memory = world.params.water.security_memory
        r.security = water.water_security(r.security, 1.0 - below, memory)
        crisis = below > 0.2  # noqa: PLR2004 - two dekads of a summer
        s.crisis_ticks += crisis
        s.salience = np.where(crisis, np.minimum(1.0, s.salience + 0.3), s.salience)


def _remember(world: World) -> None:
    """Keep five years of the shares that indicators average: one season says nothing of a regime."""
    s = world.signals
    row = world.tick % s.water_years.shape[0]
    s.water_years[row] = np.stack(
        [
            s.water["below"],
            s.water["caused"],
            s.water["level"],
            s.water["unmet_drinking"],
            s.water["unmet_irrigation"] * s.water["asked_irrigation"],
            s.water["asked_irrigation"],
            1.0 - s.water_ration,
        ]
    )


def indicators(world: World) -> dict[str, FloatArray]:
    """Return the water indicators, five-year means, each (T,)."""
    s = world.signals
    lived = min(world.tick + 1, s.water_years.shape[0])
    mean = s.water_years[:lived].mean(axis=0)
    summers = s.water_years[_SUMMER:lived:4]
    if len(summers):
        mean[:3] = summers[:, :3].mean(axis=0)
    return {
        "low_flow_share": mean[0],
        "low_flow_caused_share": mean[1],
        "restriction_level": mean[2],
        "unmet_drinking_share": mean[3],
        "unmet_irrigation_share": mean[4] / np.maximum(mean[5], 1e-12),
        "unmet_industry_share": mean[6],
        "supply_pressure": s.water.get("pressure", np.zeros(world.size)),
        "water_security": world.rivers.security,
    }


def _services(world: World, drinking: FloatArray, industry: FloatArray) -> None:
    """Compare the peak day with the capacity of the services; short services ration people and firms alike."""
    r, s, p = world.rivers, world.signals, world.params.water
    if not r.body:
        s.water_ration = 1.0 - s.water["river_industry"]
        return
    # the coefficient per inhabitant and the capacities count water produced, leaks included
    delivered = r.yield_start * p.drinking_peak * (drinking + industry) / 365.0
    found = water.supply(delivered, r.served, r.capacity, r.network_yield)
    s.water["pressure"] = found.pressure
    s.water["ratio"] = found.ratio
    s.water["capacity"] = (r.served.T * np.nan_to_num(r.capacity)[None, :]).sum(axis=1)
    pooled = found.unmet
    for row in world.pacts.active:
        if world.pacts.scopes[row, 0]:
            m = world.pacts.members[row]
            pooled = np.where(m, _pooled(world, m, delivered), pooled)
    s.water["unmet_drinking"] = np.maximum(s.water["unmet_drinking"], pooled)
    s.water_ration = np.clip(1.0 - np.maximum(s.water["river_industry"], pooled), 0.0, 1.0)


def _pooled(world: World, members: BoolArray, delivered: FloatArray) -> FloatArray:
    """Return the unmet share when the services of a pact's members are interconnected: one pool, one ration."""
    r = world.rivers
    have = float((r.served[:, members].sum(axis=1) / np.maximum(r.served.sum(axis=1), 1e-12)
                  * np.nan_to_num(r.capacity) * r.network_yield).sum())  # fmt: skip
    need = float(delivered[members].sum())
    short = max(0.0, 1.0 - have / need) if need > 0 else 0.0
    return np.full(world.size, short)
