"""The laboratory of opinions: councils that debate until nobody can be moved any more."""

import math

import numpy as np

from coopsim.governance.deliberation import MAX_ROUNDS, group_sizes
from coopsim.lab import formulas_opinion as theory
from coopsim.lab.engine import Bench, Changes, play
from coopsim.lab.results import Estimate, Expected, Value
from coopsim.lab.values import Values
from coopsim.types import FloatArray
from coopsim.world import World

_PAIRS = "deffuant"
_LEAST_ROUNDS = 20
_SESSIONS = 8.0  # sessions that the slowest move of an ordinary debate is spread over
_COUNCILS = (
    9  # of which the median is read; one where few seats are in reach, for theory leaves room enough there
)


def opinion_changes(v: Values) -> Changes:
    """Return the scenario keys of one way of debating."""
    pairs = v["rule"] == _PAIRS
    rule = {"rule": v["rule"].replace("-", "_"), "confidence": v["epsilon"], "rounds": _rounds(v)}
    return {
        "case.synthetic.territories": _alike(v),
        "governance.position.council_seats": v["n"],
        "governance.aggregation.deliberation": rule | ({"rate": v["mu"]} if pairs else {}),
    }


def _alike(v: Values) -> int:
    if v["rule"] != _PAIRS or v["n"] * v["epsilon"] < theory.FEW:
        return 1
    return _COUNCILS


def _rounds(v: Values) -> int:
    """Return the rounds of a session: more where few that meet are in reach, or they take small steps."""
    if v["rule"] != _PAIRS:
        return _LEAST_ROUNDS
    wanted = _SESSIONS / (v["mu"] * max(2.0 * v["epsilon"], 1.0 / v["n"]))
    return int(min(max(wanted, _LEAST_ROUNDS), MAX_ROUNDS))


def opinion_measured(bench: Bench, v: Values) -> dict[str, Value | Estimate]:
    """Return the number of groups, and how far the mean opinion went; None where the debate did not end."""
    with bench.model() as model:
        start = _means(model.world)
        rounds = 0
        while not _still(model.world, v["epsilon"]):
            if rounds == bench.max_rounds:
                return {"clusters": None, "mean_drift": None}
            play(model)
            rounds += 1
        world = model.world
        counted = [_groups(council, v) for council in _councils(world)]
        drift = float(np.abs(_means(world) - start).max())
    pairs = v["rule"] == _PAIRS
    return {"clusters": float(np.median(counted)), "mean_drift": drift if pairs else None}


def opinion_exact(v: Values) -> dict[str, Value | Expected]:
    """Return the number of groups of theory; for meetings two by two its range, and a mean that stays."""
    if v["rule"] != _PAIRS:
        return {"clusters": float(theory.mean_groups(v["n"], v["epsilon"])), "mean_drift": None}
    low, high = theory.pair_groups(v["n"], v["epsilon"])
    return {"clusters": Expected((low + high) / 2.0, (high - low) / 2.0), "mean_drift": 0.0}


def _councils(world: World) -> list[FloatArray]:
    """Return the opinions of each council, shape (n, 3)."""
    return [world.councils.ideal[world.councils.territory == i] for i in range(world.size)]


def _means(world: World) -> FloatArray:
    """Return the mean opinion of each council on each axis, shape (T, 3)."""
    return np.array([[math.fsum(axis) / axis.size for axis in council.T] for council in _councils(world)])


def _still(world: World, epsilon: float) -> bool:
    """Return whether groups can neither split nor meet: all in each listen to all, and to nobody else."""
    return all(_decided(axis, epsilon) for council in _councils(world) for axis in council.T)


def _decided(opinions: FloatArray, epsilon: float) -> bool:
    last = np.cumsum(group_sizes(opinions, epsilon)) - 1
    first = np.concatenate(([0], last[:-1] + 1))
    inside = np.sort(opinions)
    return bool(np.all(inside[last] - inside[first] <= epsilon))


def _groups(council: FloatArray, v: Values) -> int:
    """Return the groups on the first axis; of meetings two by two, those that are not minor."""
    sizes = group_sizes(council[:, 0], v["epsilon"])
    least = theory.MINOR * min(2.0 * v["epsilon"], 1.0) * v["n"] if v["rule"] == _PAIRS else 0.0
    return int(np.count_nonzero(sizes >= least))
