"""Laboratories of a commons: what independent users take, and whether a promise to take less is kept."""

import numpy as np

from coopsim.lab import formulas_games as theory
from coopsim.lab.engine import ROUND, Bench, Changes, play, settled
from coopsim.lab.results import Value
from coopsim.lab.values import Values
from coopsim.types import FloatArray
from coopsim.world import World

_RATE = 2.0  # growth of the stock, 1/yr: with it a quarter never cuts more than half of the stock
_MAKER = "governance.choice.decision_maker"
_FEE = "governance.payoff.effort_fee_keur"
_DELTA = 1e-6  # distance from the critical discount at which the engine must hold, or break
_A, _B, _W = (
    1.0,
    1.0,
    0.0,
)  # commons on which promises are tried: the critical discount depends on none of them


def commons_changes(v: Values) -> Changes:
    """Return the scenario keys of a commons that yields ``aX - bX²``: ``a = qK``, ``b = q²K/r``."""
    q = _RATE * v["b"] / v["a"]
    stock = {"volume_m3": v["a"] / q, "capacity_m3": v["a"] / q, "growth_rate_per_yr": _RATE}
    return {
        "case.synthetic.territories": v["n"],
        "case.synthetic.stocks": [stock],
        "resources.wood.catchability": q,
        "resources.wood.effort_cost": v["w"],
    }


def efforts(world: World) -> FloatArray:
    """Return the efforts and the stock under them: what must come to rest."""
    return np.append(world.strategies, world.wood.volume[0])


def rent(world: World, w: float) -> float:
    """Return the yearly rent of all users, from the wood the engine cut."""
    return float(ROUND * world.wood.harvest[0] - w * world.strategies.sum())


def _rest(bench: Bench, v: Values, maker: str, fee: float) -> tuple[float, float] | None:
    """Return total effort and rent once nobody moves any more."""
    changes = {_MAKER: {"rule": maker, "objective": "rent"}, _FEE: fee}
    with bench.model(changes) as model:
        if not settled(model, efforts, bench.max_rounds):
            return None
        world = play(model)
        return float(world.strategies.sum()), rent(world, v["w"])


def commons_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return efforts alone and together, the ratio of rents, and the fee that makes the first the second.

    Effort falls along a straight line with the fee: two runs tell the fee, and a third one must confirm it.
    """
    none: dict[str, Value] = dict.fromkeys(("nash_effort", "optimum_effort", "rent_ratio", "corrective_fee"))
    alone, together = _rest(bench, v, "best_reply", 0.0), _rest(bench, v, "joint", 0.0)
    trial = 0.5 * (v["a"] - v["w"])
    taxed = _rest(bench, v, "best_reply", trial)
    if alone is None or together is None or taxed is None:
        return none
    fee = trial * (alone[0] - together[0]) / (alone[0] - taxed[0])
    fee = max(fee, 0.0)  # a single user needs none, give or take rounding
    confirmed = _rest(bench, v, "best_reply", fee)
    if confirmed is None or abs(confirmed[0] - together[0]) > 1e-9 * together[0]:
        fee = float("nan")
    return {
        "nash_effort": alone[0],
        "optimum_effort": together[0],
        "rent_ratio": alone[1] / together[1],
        "corrective_fee": fee,
    }


def commons_exact(v: Values) -> dict[str, Value]:
    """Return the efforts, the ratio and the fee of Gordon's commons."""
    n, a, b, w = v["n"], v["a"], v["b"], v["w"]
    return {
        "nash_effort": theory.nash_effort(n, a, b, w),
        "optimum_effort": theory.optimum_effort(a, b, w),
        "rent_ratio": theory.rent_ratio(n),
        "corrective_fee": theory.corrective_fee(n, a, w),
    }


def promise_changes(v: Values) -> Changes:
    """Return the scenario keys of a promise to take the joint plan's part of a commons."""
    commons = commons_changes({"n": v["n"], "a": _A, "b": _B, "w": _W})
    maker = {"rule": "trigger", "objective": "rent", "discount_factor": v["delta"]}
    return {**commons, "society.ties.detection_base": v["p"], _MAKER: maker}


def promise_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return the discount at which breaking the promise stops paying, and whether it is kept at the given one.

    The gain of one year and the cost of punishment are read from the engine: all keep the plan, one replies
    best to the others' plan, all think of themselves. At the discount that follows the engine's own players
    must hold, and a little below they must break.
    """
    critical = _critical(bench, v)
    if critical is None:
        return {"critical_discount": None, "pact_holds": None}
    above, below = min(critical + _DELTA, 1.0), critical - _DELTA
    if not _holds(bench, above) or (below > 0.0 and _holds(bench, below)):
        critical = None
    return {"critical_discount": critical, "pact_holds": _holds(bench, v["delta"])}


def _holds(bench: Bench, delta: float) -> bool:
    """Return whether nobody has left the joint plan after some years."""
    rule = {"rule": "trigger", "objective": "rent", "discount_factor": delta}
    with bench.model({_MAKER: rule}) as model:
        first = play(model).strategies.copy()
        with bench.model({_MAKER: {"rule": "joint", "objective": "rent"}}) as other:
            plan = play(other).strategies.copy()
        later = play(model, 2 * ROUND).strategies
    near = 1e-9 * max(float(np.abs(plan).max()), 1e-300)
    return bool((np.abs(first - plan) < near).all() and (np.abs(later - plan) < near).all())


def _critical(bench: Bench, v: Values) -> float | None:
    """Return ``g/(g + p(πC - πN))`` with the gain of a breach and both yearly rents of a player as they were."""
    joint = _lived(bench, {_MAKER: {"rule": "joint", "objective": "rent"}})
    nash = _lived(bench, {_MAKER: {"rule": "best_reply", "objective": "rent"}})
    if joint is None or nash is None:
        return None
    first = next(iter(bench.spec.territory_names))
    tempted = {"rule": "best_reply", "objective": "rent", "inertia": 1.0}
    others = {"rule": "fixed", "objective": "rent", "strategy": joint[1]}
    alone = {"code": first, "governance": {"choice": {"decision_maker": tempted}}}
    broken = _lived(bench, {_MAKER: others, "territory": [alone]})
    if broken is None:
        return None
    gain = broken[0] - joint[0]
    return float(gain / (gain + v["p"] * (joint[0] - nash[0])))


def _lived(bench: Bench, changes: Changes) -> tuple[float, float] | None:
    """Return the yearly rent and the effort of the first player once nobody moves any more."""
    with bench.model(changes) as model:
        if not settled(model, efforts, bench.max_rounds):
            return None
        world = play(model)
        own = float(world.strategies[world.places.code.index(next(iter(bench.spec.territory_names)))])
        return rent(world, _W) * own / float(world.strategies.sum()), own


def promise_exact(v: Values) -> dict[str, Value]:
    """Return Friedman's critical discount for the commons, and whether the given one reaches it."""
    critical = theory.critical_discount(v["n"], v["p"])
    return {"critical_discount": critical, "pact_holds": v["delta"] >= critical}
