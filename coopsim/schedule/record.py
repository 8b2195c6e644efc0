"""Phase 12: indicators of the tick, territory by territory and for the system."""

import numpy as np

from coopsim.economy import finance
from coopsim.economy import kernels as ker
from coopsim.indicators import INDICATORS, SYSTEM, TERRITORY
from coopsim.metrics import gini
from coopsim.schedule import ground, timber, water
from coopsim.tables import SCOPES
from coopsim.types import FloatArray
from coopsim.world.axes import axes
from coopsim.world.state import World


def territory_values(world: World) -> dict[str, FloatArray]:
    """Return every territory indicator at the end of the tick, each (T,)."""
    p, s, f, crowd = world.params, world.signals, world.finance, world.people
    count = np.maximum(s.results[:, ker.R_COUNT], 1.0)
    jobs = np.minimum(crowd.filled, s.posts.sum(axis=1)) + crowd.own_account
    if not world.spec.submodels.people:
        jobs = s.posts.sum(axis=1)
    t = world.ties
    covered = np.array([world.pacts.covered(scope) for scope in SCOPES]).mean(axis=0)
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
    table = np.column_stack([np.asarray(values[name], dtype=np.float64) for name in TERRITORY])
    return table, system_values(world, values)


def system_values(world: World, values: dict[str, FloatArray]) -> FloatArray:
    """Return the system's indicators: sums, or means with the weights of the indicator table."""
    people, jobs = np.maximum(values["population"], 1e-9), np.maximum(values["jobs"], 1e-9)
    only = {
        "pacts": float(world.pacts.active.size),
        "pacts_dissolved": float(world.signals.dissolved),
        "jobs_gini": gini(values["jobs"] / people),
    }
    out = np.empty(len(SYSTEM))
    for i, indicator in enumerate(INDICATORS):
        name = indicator.name
        if indicator.aggregate == "system":
            out[i] = only[name]
        elif indicator.aggregate == "sum":
            out[i] = values[name].sum()
        elif indicator.aggregate == "max":
            out[i] = values[name].max()
        elif indicator.aggregate == "population":
            out[i] = (values[name] * people).sum() / people.sum()
        elif indicator.aggregate == "jobs":
            out[i] = (values[name] * jobs).sum() / jobs.sum()
        else:
            out[i] = values[name].mean()
    return out
