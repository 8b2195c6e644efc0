"""Laboratories of one stock: harvest under constant effort, and the fish war."""

import numpy as np

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.lab import formulas
from coopsim.lab.engine import ROUND, STILL, Bench, Changes, moved, play, settled
from coopsim.lab.results import Value
from coopsim.lab.values import Values
from coopsim.types import FloatArray
from coopsim.world import World

_HARVESTED = 0.9  # of the growth rate: beyond, a stock takes too long to settle
_YEARS = 25  # over which a stock must stand still
_HARVEST = "governance.scope.wood.harvest"
_MAKER = "governance.choice.decision_maker"
_STOCKS = "case.synthetic.stocks"


def effort_refused(v: Values) -> list[Problem]:
    """Refuse an effort that takes more than nine tenths of the growth rate."""
    most = _HARVESTED * v["r"] / v["q"]
    if v["E"] <= most * (1.0 + 1e-12):
        return []
    message = Text("l'effort dépasse 0,9 r/q", "the effort is above 0.9 r/q")
    return [Problem(message, key="E", value=v["E"], allowed=f"0 – {most:g}")]


def effort_changes(v: Values) -> Changes:
    """Return the scenario keys of a harvest under effort."""
    return {_STOCKS: _stock(v, v["K"]), _HARVEST: _effort(v, v["E"])}


def _stock(v: Values, volume: float) -> list[dict[str, object]]:
    return [{"volume_m3": volume, "capacity_m3": v["K"], "growth_rate_per_yr": v["r"]}]


def _effort(v: Values, effort: float) -> dict[str, object]:
    return {"rule": "effort", "catchability": v["q"], "effort": effort}


def effort_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return steady yields and stock."""
    best = _steady(bench, v, 0.5 * v["r"] / v["q"])
    chosen = _steady(bench, v, v["E"])
    return {
        "msy": None if best is None else best[0],
        "yield_at_effort": None if chosen is None else chosen[0],
        "stock_at_effort": None if chosen is None else chosen[1],
    }


def _steady(bench: Bench, v: Values, effort: float) -> tuple[float, float] | None:
    """Return yearly yield and stock once the engine stands still.

    The first run starts from the unharvested stock. While a run of some years still moves, the next one starts
    where the growth of the first and last quarters, extrapolated along a straight line in the stock, vanishes.
    """
    start = v["K"]
    for _ in range(bench.max_rounds // _YEARS):
        with bench.model({_STOCKS: _stock(v, start), _HARVEST: _effort(v, effort)}) as model:
            x = [start, _volume(play(model, 1))]
            x += [_volume(play(model, ROUND * _YEARS - 2)), _volume(play(model, 1))]
            harvest = float(model.world.wood.harvest[0])
        if moved(np.array(x[:1]), np.array(x[-1:])) < STILL:
            return ROUND * harvest, x[-1]
        first, last = x[1] / x[0] - 1.0, x[3] / x[2] - 1.0
        guess = x[2] - last * (x[2] - x[0]) / (last - first) if last != first else x[3]
        start = guess if 0.0 < guess < 2.0 * v["K"] else x[3]
    return None


def _volume(world: World) -> float:
    return float(world.wood.volume[0])


def effort_exact(v: Values) -> dict[str, Value]:
    """Return the yields and the stock of Schaefer's model."""
    removed = v["q"] * v["E"]
    return {
        "msy": formulas.yield_at(v["r"], v["K"], 0.5 * v["r"]),
        "yield_at_effort": formulas.yield_at(v["r"], v["K"], removed),
        "stock_at_effort": formulas.stock_at(v["r"], v["K"], removed),
    }


def fleet_changes(v: Values) -> Changes:
    """Return the scenario keys of the fish war."""
    return {
        "case.synthetic.territories": v["n"],
        "resources.wood.growth_exponent": v["alpha"],
        f"{_MAKER}.discount_factor": v["beta"],
    }


def fleet_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return the share of the stock taken in a year and the stock: each replies, then all maximise the sum."""
    out: dict[str, Value] = {}
    for maker, name in (("best_reply", "nash"), ("joint", "joint")):
        rule = {"rule": maker, "objective": "log_harvest", "discount_factor": v["beta"]}
        share, stock = _war(bench, rule)
        out |= {f"{name}_total_share": share, f"{name}_steady_stock": stock}
    return out


def _war(bench: Bench, rule: dict[str, object]) -> tuple[float | None, float | None]:
    def state(world: World) -> FloatArray:
        return np.append(world.strategies, world.wood.volume[0])

    with bench.model({_MAKER: rule}) as model:
        if not settled(model, state, bench.max_rounds):
            return None, None
        before = _volume(model.world)
        wood = play(model).wood
        return float(wood.harvest[0]) / before, float(wood.volume[0] / wood.capacity[0])


def fleet_exact(v: Values) -> dict[str, Value]:
    """Return the shares and stocks of Levhari and Mirman."""
    nash, joint = formulas.nash_share(v["n"], v["alpha"], v["beta"]), 1.0 - v["alpha"] * v["beta"]
    return {
        "nash_total_share": nash,
        "joint_total_share": joint,
        "nash_steady_stock": formulas.steady_stock(nash, v["alpha"]),
        "joint_steady_stock": formulas.steady_stock(joint, v["alpha"]),
    }
