"""Laboratories of a place and its resources: the river, and land under a cap."""

import numpy as np

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.lab import formulas
from coopsim.lab.engine import ROUND, Bench, Changes, play
from coopsim.lab.results import Value
from coopsim.lab.values import Values
from coopsim.resources.water import SECONDS_PER_DEKAD
from coopsim.world import World

_ALLOCATION = "governance.scope.water.allocation"
_LISTS = ("inflow", "demand", "consumed", "floor")
_QUARTER = 9 * SECONDS_PER_DEKAD


def lengths_refused(v: Values) -> list[Problem]:
    """Refuse lists of different lengths: there is one item for each user."""
    users = len(v["inflow"])
    message = Text("une valeur par usager est attendue", "one value for each user is expected")
    return [
        Problem(message, key=name, value=v[name], allowed=str(Text(f"{users} nombres", f"{users} numbers")))
        for name in _LISTS
        if len(v[name]) != users
    ]


def river_changes(v: Values) -> Changes:
    """Return the scenario keys of a chain of users, the first one upstream."""
    codes = [f"T{n + 1:02d}" for n in range(len(v["inflow"]))]
    nodes = [
        {
            "node": _node(n),
            "territory": code,
            "downstream": _node(n + 1) if n + 1 < len(codes) else "",
            "local_module_m3s": v["inflow"][n],
            "other_demand_m3s": v["demand"][n],
            "other_consumed_share": v["consumed"][n],
            "floor_m3s": v["floor"][n],
        }
        for n, code in enumerate(codes)
    ]
    return {"case.synthetic.territories": len(codes), "case.synthetic.nodes": nodes}


def river_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return what each user takes and what flows past the last one, m3/s, under both rules."""
    upstream, upstream_flow = _quarter(bench, "upstream_first")
    shared, shared_flow = _quarter(bench, "proportional")
    asked = sum(v["demand"])
    return {
        "upstream_allocation": upstream,
        "ration": sum(shared) / asked if asked > 0.0 else 1.0,
        "proportional_allocation": shared,
        "upstream_last_flow": upstream_flow,
        "proportional_last_flow": shared_flow,
    }


def _quarter(bench: Bench, rule: str) -> tuple[list[float], float]:
    with bench.model({_ALLOCATION: rule}) as model:
        world = play(model, 1)
    names = world.rivers.node
    rows = [names.index(_node(n)) for n in range(len(names))]  # the engine has its own order
    taken, flow = world.signals.water["withdrawn_other"] / _QUARTER, world.signals.water["flow"]
    return [float(x) for x in taken[rows]], float(flow[rows[-1]])


def _node(n: int) -> str:
    return f"N{n + 1}"


def river_exact(v: Values) -> dict[str, Value]:
    """Return both sharings in closed form."""
    chain = [v[name] for name in _LISTS]
    taken, flow = formulas.upstream_first(*chain)
    ration = formulas.ration(*chain)
    shared = [ration * d for d in v["demand"]]
    used = sum(kappa * w for kappa, w in zip(v["consumed"], shared, strict=True))
    return {
        "upstream_allocation": taken,
        "ration": ration,
        "proportional_allocation": shared,
        "upstream_last_flow": flow,
        "proportional_last_flow": sum(v["inflow"]) - used,
    }


def land_changes(v: Values) -> Changes:
    """Return the scenario keys of land under a cap."""
    return {
        "case.synthetic.area_ha": v["area"],
        "resources.land.opening_lag": v["lag"],
        "resources.land.communal_guarantee_ha": v["cap"],
    }


def land_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return the largest gap of the uses to the area over all ticks, and the land consumed, ha."""
    gap = consumed = 0.0
    with bench.model() as model:
        for _ in range(ROUND * v["t"]):
            world = play(model, 1)
            gap, consumed = max(gap, _gap(world)), float(world.land.consumed.sum())
    return {"sum_error": gap, "consumed": consumed}


def _gap(world: World) -> float:
    return float(np.abs(world.land.uses.sum(axis=1) - world.places.area).max())


def land_exact(v: Values) -> dict[str, Value]:
    """Return no gap, and the whole cap (the whole area where the cap is larger) as soon as a year has passed."""
    return {"sum_error": 0.0, "consumed": min(v["cap"], v["area"]) if v["t"] > 0 else 0.0}
