"""Laboratories of agreements: who stays in one that others enjoy for free, and a treaty along a river."""

import numpy as np

from coopsim.economy.finance import LINE
from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.lab import formulas_games as theory
from coopsim.lab.engine import ROUND, Bench, Changes, play, settled
from coopsim.lab.results import Value
from coopsim.lab.values import Values
from coopsim.types import FloatArray
from coopsim.world import World

_PLACES = "case.synthetic.territories"
_BENEFIT = "case.synthetic.effort_benefit"
_PENALTY = "governance.boundary.exit_penalty_keur"
_PAID = "governance.payoff.compensation"
_MAKER = "governance.choice.decision_maker"
_SECONDS = 876_600.0 * 9.0  # of a quarter


def cost_refused(v: Values) -> list[Problem]:
    """Refuse a cost of effort that leaves no rent."""
    if v["w"] < v["a"]:
        return []
    message = Text("l'effort coûte au moins ce qu'il rapporte", "effort costs at least what it yields")
    return [Problem(message, key="w", value=v["w"], allowed=f"0 – {v['a']:g} (w < a)")]


def coalition_changes(v: Values) -> Changes:
    """Return the scenario keys of an agreement among identical territories."""
    return {
        _PLACES: v["n"],
        _BENEFIT: v["b"],
        "society.councils.effort_cost": v["c"],
        _PENALTY: v["exit_penalty"],
        _PAID: "outside_option" if v["transfers"] else "none",
    }


def coalition_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return how many stay when all start in, and whether all stay in the tried coalition when they can pay."""
    benefits = [float(x) for x in v["benefits"]]
    tried = {_PLACES: len(benefits), _BENEFIT: benefits, _PENALTY: 0.0, _PAID: "outside_option"}
    return {
        "stable_size": _left(bench, {}),
        "transfers_stable": _left(bench, tried) == len(benefits),
    }


def _left(bench: Bench, changes: Changes) -> float | None:
    """Return the members of the agreement once nobody comes or goes; a lone player agrees with itself."""

    def members(world: World) -> FloatArray:
        inside: FloatArray = np.any(world.pacts.members[world.pacts.active], axis=0).astype(np.float64)
        return inside

    with bench.model(changes) as model:
        play(model, ROUND)  # founded at the first tick, first review a year later
        play(model, ROUND)
        if not settled(model, members, bench.max_rounds):
            return None
        return float(max(1.0, members(model.world).sum()))


def coalition_exact(v: Values) -> dict[str, Value]:
    """Return the stable size, and the criterion of stability under transfers."""
    return {
        "stable_size": float(theory.stable_size(v["n"], v["b"], v["c"], v["exit_penalty"])),
        "transfers_stable": theory.stable_with_transfers([float(x) for x in v["benefits"]]),
    }


def treaty_changes(v: Values) -> Changes:
    """Return the scenario keys of two users along a river."""
    nodes = [
        {
            "node": "N1",
            "territory": "T01",
            "downstream": "N2",
            "local_module_m3s": v["E"],
            "other_consumed_share": 1.0,
        },
        {"node": "N2", "territory": "T02", "other_consumed_share": 1.0},
    ]
    return {
        "case.synthetic.nodes": nodes,
        "case.synthetic.water_benefit": [v["a1"], v["a2"]],
        "case.synthetic.water_saturation": [v["b1"], v["b2"]],
    }


def treaty_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return what each takes without and with the treaty, and what it gets under it, payment included."""
    out: dict[str, Value] = dict.fromkeys(theory.treaty(1.0, 1.0, 1.0, 1.0, 1.0))
    alone = _taken(bench, v, "best_reply", "none")
    together = _taken(bench, v, "joint", "downstream")
    if alone is not None:
        out |= {"nash_1": alone[0][0], "nash_2": alone[0][1]}
    if together is not None:
        water, paid = together
        out |= {"optimum_1": water[0], "optimum_2": water[1]}
        for k in (1, 2):
            x = water[k - 1]
            out[f"share_{k}"] = v[f"a{k}"] * x - 0.5 * v[f"b{k}"] * x * x + paid[k - 1]
    return out


def _taken(bench: Bench, v: Values, maker: str, paid: str) -> tuple[list[float], list[float]] | None:
    """Return the water that the engine's river gave each user, m3/s, and the yearly payment that it received."""
    del v
    rule = {"rule": maker, "objective": "water_benefit", "inertia": 1.0}
    with bench.model({_MAKER: rule, _PAID: paid}) as model:
        if not settled(model, lambda world: world.strategies.copy(), bench.max_rounds):
            return None
        world = play(model, 1)  # the session of the year: payments are posted now
        received = world.finance.flows[:, LINE["compensation"]].copy()
        world = play(model, ROUND - 1)
        taken = world.signals.water["withdrawn_other"] / _SECONDS
        rows = [world.places.code.index(code) for code in ("T01", "T02")]
        nodes = [world.rivers.node.index(name) for name in ("N1", "N2")]
        return [float(taken[k]) for k in nodes], [float(received[i]) for i in rows]


def treaty_exact(v: Values) -> dict[str, Value]:
    """Return the takes, and the downstream-incremental shares."""
    return dict(theory.treaty(v["a1"], v["b1"], v["a2"], v["b2"], v["E"]))
