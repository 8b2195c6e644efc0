"""Phase 12: indicators of the tick, territory by territory and for the system."""

import numpy as np

from coopsim.economy import finance
from coopsim.economy import kernels as ker
from coopsim.indicators import INDICATORS, SYSTEM, TERRITORY
from coopsim.metrics import gini
from coopsim.schedule import ground, timber, water
from coopsim.types import FloatArray
from coopsim.world.axes import axes
from coopsim.world.state import World

_VALUED = tuple(i.name for i in INDICATORS if i.aggregate != "system")
# aggregate → columns of the system's table, rows of the territories' values
_BY_AGGREGATE = {
    kind: (
        np.array([SYSTEM.index(i.name) for i in INDICATORS if i.aggregate == kind]),
        np.array([_VALUED.index(i.name) for i in INDICATORS if i.aggregate == kind]),
    )
    for kind in sorted({i.aggregate for i in INDICATORS} - {"system"})
}


def territory_values(world: World) -> dict[str, FloatArray]:
    """Return every territory indicator at the end of the tick, each (T,)."""
    p, s, f, crowd = world.params, world.signals, world.finance, world.people
    count = np.maximum(s.results[:, ker.R_COUNT], 1.0)
    jobs = np.minimum(crowd.filled, s.posts.sum(axis=1)) + crowd.own_account
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
        "dwellings": crowd.dwellings,
        "vacant_dwellings": crowd.vacancy,
        **ground.indicators(world),
        **water.indicators(world),
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
        "proposals": s.proposals,
        "passed": s.passed,
        "attractiveness_moves": s.attractiveness,
    }


def observe(world: World) -> tuple[FloatArray, FloatArray]:
    """Return indicators of territories (T, len(TERRITORY)) and of the system (len(SYSTEM),)."""
    values = territory_values(world)
    values |= axes(world, values)
    rows = np.array([values[name] for name in TERRITORY], dtype=np.float64)
    return rows.T, system_values(world, values)


def system_values(world: World, values: dict[str, FloatArray]) -> FloatArray:
    """Return the system's indicators: sums, or means with the weights of the indicator table."""
    people, jobs = np.maximum(values["population"], 1e-9), np.maximum(values["jobs"], 1e-9)
    only = {
        "pacts": float(world.pacts.active.size),
        "pacts_dissolved": float(world.signals.dissolved),
        "jobs_gini": gini(values["jobs"] / people),
    }
    known = np.array([values[name] for name in _VALUED], dtype=np.float64)
    out = np.empty(len(SYSTEM))
    for aggregate, (places, rows) in _BY_AGGREGATE.items():
        some = known[rows]
        if aggregate == "sum":
            out[places] = some.sum(axis=1)
        elif aggregate == "max":
            out[places] = some.max(axis=1)
        elif aggregate == "population":
            out[places] = (some * people).sum(axis=1) / people.sum()
        elif aggregate == "jobs":
            out[places] = (some * jobs).sum(axis=1) / jobs.sum()
        else:
            out[places] = some.mean(axis=1)
    for name, value in only.items():
        out[SYSTEM.index(name)] = value
    return out
