"""Indicators that several sub-models share: who works where, what is spread, what is decided together."""

import numpy as np

from coopsim.metrics import sum_by
from coopsim.resources.land import Use
from coopsim.tables import SCOPES, STAGES
from coopsim.types import FloatArray
from coopsim.world.state import World

_RESOURCES = np.array([SCOPES.index(name) for name in ("water", "wood", "land")])
_ENTERS_SYSTEM = len(STAGES) - 1


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return a quotient, 0 where there is nothing to divide by; any shape."""
    out: FloatArray = part / np.where(whole > 0.0, whole, np.inf)
    return out


def shannon(amounts: FloatArray) -> FloatArray:
    """Return the Shannon entropy of each row, in nats, shape (T,): 0 for a single kind, ln K for K equal ones.

    Shannon (1948), A mathematical theory of communication, Bell System Technical Journal 27.

    Parameters
    ----------
    amounts : FloatArray, shape (T, K)
        Not negative; a row of zeros gives 0.
    """
    total = amounts.sum(axis=1)
    # -Σ p ln p = ln N - Σ n ln n / N
    spread = (amounts * np.log(np.where(amounts > 0.0, amounts, 1.0))).sum(axis=1)
    out: FloatArray = np.log(np.where(total > 0.0, total, 1.0)) - ratio(spread, total)
    return np.maximum(out, 0.0)


def indicators(world: World) -> dict[str, FloatArray]:
    """Return the shared indicators of territories, each (T,)."""
    s, f, crowd, sectors = world.signals, world.finance, world.people, world.sectors
    posts = s.posts.sum(axis=1)
    value = s.posts * sectors.value_added
    here = np.diagonal(crowd.workers)[:-1]
    work = crowd.filled + crowd.own_account
    people = np.maximum(crowd.population, 1.0)
    return {
        "resident_jobs_share": ratio(here + crowd.own_account, work),
        "local_creation_share": ratio(s.created_total, s.created_total + s.arrived_total),
        "diversity": shannon(s.posts),
        "local_sales_share": ratio((value * (1.0 - sectors.export_share)).sum(axis=1), value.sum(axis=1)),
        "wood_need_m3": s.posts @ sectors.wood,
        "land_m2_per_job": 1e4 * ratio(world.land.uses[:, Use.OCCUPIED], posts),
        "land_pace": _land_pace(world),
        "groundwater_m3": sum_by(world.rivers.territory, world.rivers.groundwater, world.size),
        "tax_base_keur_per_head": 100.0 * ratio(s.cfe, f.tax_pct * people),
        "revenue_eur_per_head": 1000.0 * f.revenue_per_yr() / people,
        "subsidy_keur_per_arrived_job": ratio(f.subsidies_paid, s.arrived_total),
        "decision_delay_ticks": world.rules.delay.astype(np.float64),
        "participation_level": participation(world),
        **_together(world),
    }


def _land_pace(world: World) -> FloatArray:
    """Return the yearly land consumed since the start over that of the reference decade, shape (T,)."""
    years = 0.25 * (world.tick + 1)
    before = world.land.reference * (years / world.params.land.period_years)
    return ratio(world.land.consumed.sum(axis=1), before)


def _together(world: World) -> dict[str, FloatArray]:
    """Return what territories put under joint rules, and where they stand on the ladder of sanctions, (T,) each."""
    pacts, rows = world.pacts, world.pacts.active
    if rows.size == 0:
        zero = np.zeros(world.size)
        return {"joint_resources_share": zero, "sanction_steps": zero}
    members = pacts.members[rows]
    inside = pacts.scopes[rows][:, _RESOURCES].astype(np.int64).T @ members > 0
    return {
        "joint_resources_share": inside.mean(axis=0),
        "sanction_steps": (pacts.ladder[rows] * members).sum(axis=0).astype(np.float64),
    }


def participation(world: World) -> FloatArray:
    """Return how far the rules let others than the elected take part, shape (T,), 0-4.

    0 nobody; 1 informed (a shared diagnostic); 2 consulted (a citizen panel); 3 seats that advise; 4 seats that vote:
    the rungs of Arnstein (1969), A ladder of citizen participation, Journal of the AIP 35, as far as rules tell them.
    """
    c = world.rules.council
    shared = (world.rules.diagnostic > 1).astype(np.float64)
    if not c.listens:
        return shared
    seated = c.extra.any(axis=1)
    out: FloatArray = np.where(seated, np.where(c.deciding, 4.0, 3.0), np.where(c.panel > 0, 2.0, shared))
    return out


def system_indicators(world: World, values: dict[str, FloatArray]) -> dict[str, float]:
    """Return the shared indicators that only the whole system has.

    Parameters
    ----------
    values : dict of str to FloatArray, shape (T,)
        Indicators of the territories.
    """
    pacts, rows = world.pacts, world.pacts.active
    size = world.size
    delivered = float(pacts.delivered.sum())
    joint = delivered + float(world.bodies.passed.sum())
    decided = joint + float(world.signals.passed.sum())
    first = world.signals.first_win
    return {
        "network_density": _density(pacts.members[rows].astype(np.int64)) if rows.size and size > 1 else 0.0,
        "awareness_reciprocity": _reciprocity(world.perceived),
        "joint_actions_delivered": delivered,
        "joint_actions_failed": float(pacts.failed.sum()),
        "pacts_as_system": float((pacts.stage[rows] >= _ENTERS_SYSTEM).sum()) if rows.size else 0.0,
        "co_decided_share": joint / decided if decided > 0.0 else 0.0,
        "years_to_first_win": 0.25 * (1 + (world.tick if first < 0 else first)),
        "jobs_spread": float(np.std(values["jobs"] / np.maximum(values["population"], 1.0))),
        "unemployment_spread": float(np.std(values["unemployment"])),
        "net_budget_spread": float(np.std(values["net_budget_eur_per_head"])),
    }


def _density(members: FloatArray) -> float:
    """Return the share of pairs of territories with a pact in force together."""
    together = members.T @ members > 0
    n = together.shape[0]
    return float((together.sum() - np.trace(together)) / (n * (n - 1)))


def _reciprocity(directed: FloatArray) -> float:
    """Return the reciprocity of a directed weighted network, 0-1; 0 for an empty one.

    Share of the weight that is returned, Σ min(w_ij, w_ji) / Σ w_ij (Squartini et al. 2013, Reciprocity of weighted
    networks, Scientific Reports 3:2729).
    """
    total = float(directed.sum())
    return float(np.minimum(directed, directed.T).sum()) / total if total > 0.0 else 0.0
