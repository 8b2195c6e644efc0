"""Phase 12: indicators of the tick, territory by territory and for the system."""

import numpy as np

from coopsim.economy import finance
from coopsim.economy import kernels as ker
from coopsim.indicators import INDICATORS, SYSTEM, TERRITORY
from coopsim.metrics import gini
from coopsim.schedule import body_state, observations
from coopsim.schedule.firms import reuse
from coopsim.schedule.land import ground, zones
from coopsim.schedule.resources import quotas, timber, water
from coopsim.schedule.resources.pledges import in_force
from coopsim.schedule.siting import path as siting_path
from coopsim.types import FloatArray
from coopsim.world.axes import axes
from coopsim.world.state import World

SYSTEM_ONLY = tuple(i.name for i in INDICATORS if i.aggregate == "system")
_ONLY = np.array([SYSTEM.index(name) for name in SYSTEM_ONLY])
# aggregate → columns of the system's table, columns of the territories' table
_BY_AGGREGATE = {
    kind: (
        np.array([SYSTEM.index(i.name) for i in INDICATORS if i.aggregate == kind]),
        np.array([TERRITORY.index(i.name) for i in INDICATORS if i.aggregate == kind]),
    )
    for kind in sorted({i.aggregate for i in INDICATORS} - {"system"})
}


def territory_values(world: World) -> dict[str, FloatArray]:
    """Return every territory indicator at the end of the tick, each (T,)."""
    p, s, f, crowd = world.params, world.signals, world.finance, world.people
    count = np.maximum(s.results[:, ker.R_COUNT], 1.0)
    jobs = np.minimum(crowd.filled, s.posts.sum(axis=1)) + crowd.own_account + crowd.sheltered
    if not world.spec.submodels.people:
        jobs = s.posts.sum(axis=1)
    t = world.ties
    covered = world.pacts.coverage()
    return {
        "population": crowd.population,
        "jobs": jobs,
        "unemployment": crowd.unemployment,
        "vacancies": s.vacancies,
        "companies": s.results[:, ker.R_COUNT],
        "arrived_jobs": s.arrived_total,
        "departed_jobs": s.departed_total,
        "created_jobs": s.created_total,
        "closed_jobs": s.closed_total,
        "young_exit_rate": s.young_exits.sum(axis=0) / np.maximum(s.young.mean(axis=0), 1.0),
        "firms_reached": s.results[:, ker.R_AWARE] / count,
        "firms_acting": s.results[:, ker.R_ACTING] / count,
        "firms_convinced": s.results[:, ker.R_CONVINCED] / count,
        "active_relays": world.relays.active_count(),
        "exchanges": world.exchanges.count,
        "saved_jobs": s.saved_total,
        "social_jobs": s.results[:, ker.R_SOCIAL_JOBS],
        "dwellings": crowd.dwellings,
        "vacant_dwellings": crowd.vacancy,
        **ground.indicators(world),
        **siting_path.indicators(world),
        **zones.indicators(world),
        **water.indicators(world),
        **quotas.indicators(world),
        **timber.indicators(world),
        "tax_rate_pct": f.tax_pct,
        "subsidy_keur_per_job": f.subsidy,
        "revenue_keur": f.revenue_per_yr(),
        "balance_keur": f.balance_per_yr(),
        "net_budget_eur_per_head": 1000.0 * (f.debt_start - f.debt) / np.maximum(crowd.population, 1.0),
        "debt_keur": f.debt,
        "centrality_keur": finance.centrality_per_yr(p.finance, f, crowd.in_commuters),
        "subsidies_keur": f.subsidies_paid,
        "pact_cost_keur": f.pact_cost,
        "shared_revenue_keur": f.shared,
        "trust": t.neighbour_mean(t.trust),
        "knowledge": t.neighbour_mean(t.knowledge),
        "rivalry": t.neighbour_mean(t.rivalry),
        "pact_coverage": covered,
        "promises_kept": s.kept.mean(axis=0),
        "contracts": in_force(world),
        "ebe_jobs": crowd.sheltered,
        "ebe_paid_keur": world.local.ebe_paid,
        "ebe_avoided_keur": world.local.ebe_avoided,
        "energy_sites": world.local.sites.sum(axis=0),
        "energy_saved_keur": world.local.energy_saved,
        "heat_wood_m3": world.local.fuel,
        "reused_t": reuse.tonnes(world),
        "proposals": s.proposals,
        "passed": s.passed,
        "attractiveness_moves": s.attractiveness,
        **body_state.indicators(world),
        **observations.indicators(world),
    }


def observe(world: World) -> tuple[FloatArray, FloatArray]:
    """Return indicators of territories, (T, len(TERRITORY)), and those only the system has, (len(SYSTEM_ONLY),)."""
    values = territory_values(world)
    values |= axes(world, values)
    rows = np.array([values[name] for name in TERRITORY], dtype=np.float64)
    only = system_only(world, values)
    return rows.T, np.array([only[name] for name in SYSTEM_ONLY])


def system_only(world: World, values: dict[str, FloatArray]) -> dict[str, float]:
    """Return the indicators that exist only for the whole system."""
    return {
        "pacts": float(world.pacts.active.size),
        "pacts_dissolved": float(world.signals.dissolved),
        "jobs_gini": gini(values["jobs"] / np.maximum(values["population"], 1e-9)),
        **body_state.system_indicators(world),
        **observations.system_indicators(world, values),
    }


def system_table(territory: FloatArray, only: FloatArray) -> FloatArray:
    """Return the system's indicators: sums, or means with the weights of the indicator table.

    Parameters
    ----------
    territory : FloatArray, shape (n, T, len(TERRITORY))
        One row per tick.
    only : FloatArray, shape (n, len(SYSTEM_ONLY))

    Returns
    -------
    FloatArray, shape (n, len(SYSTEM))
    """
    out = np.empty((territory.shape[0], len(SYSTEM)))
    out[:, _ONLY] = only
    weights = {
        name: np.maximum(territory[:, :, TERRITORY.index(name)], 1e-9)[:, :, None]
        for name in ("population", "jobs")
    }
    for aggregate, (places, columns) in _BY_AGGREGATE.items():
        some = territory[:, :, columns]
        if aggregate == "sum":
            out[:, places] = some.sum(axis=1)
        elif aggregate == "max":
            out[:, places] = some.max(axis=1)
        elif aggregate == "mean":
            out[:, places] = some.mean(axis=1)
        else:
            weight = weights[aggregate]
            out[:, places] = (some * weight).sum(axis=1) / weight.sum(axis=1)
    return out
