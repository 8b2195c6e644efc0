"""Laboratories of siting: the tax race, and the shares of a logit choice."""

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.lab import formulas
from coopsim.lab.engine import Bench, Changes, play, settled
from coopsim.lab.results import Value
from coopsim.lab.values import Values
from coopsim.schedule.councils.phase import siting_shares

_OUTSIDE = "economy.siting.outside_option"
_UTILITY = "economy.siting.outside_utility"
_PLACES = "case.synthetic.territories"
_CONSTANT = "case.synthetic.site_constant"


def race_changes(v: Values) -> Changes:
    """Return the scenario keys of the tax race."""
    return {
        _PLACES: v["n"],
        "economy.siting.gamma_cost": v["gamma"],
        "governance.payoff.revenue_sharing.share": v["phi"],
        _OUTSIDE: v["U0"] is not None,
        _UTILITY: v["U0"] or 0.0,
    }


def race_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return the tax when each replies to the others, and when all maximise the sum."""
    return {
        "nash_tax": _settled_tax(bench, "best_reply"),
        # without an outside option projects cannot leave: the joint tax rises without limit
        "joint_tax": None if v["U0"] is None else _settled_tax(bench, "joint"),
    }


def _settled_tax(bench: Bench, maker: str) -> float | None:
    table = bench.spec.document()["governance"]["choice"]["decision_maker"]
    with bench.model({"governance.choice.decision_maker": {**table, "rule": maker}}) as model:
        if not settled(model, lambda world: world.finance.tax_pct.copy(), bench.max_rounds):
            return None
        return float(model.world.finance.tax_pct.mean())


def race_exact(v: Values) -> dict[str, Value]:
    """Return the taxes of the symmetric race."""
    return {
        "nash_tax": formulas.nash_tax(v["n"], v["gamma"], v["phi"], v["U0"]),
        "joint_tax": formulas.joint_tax(v["n"], v["gamma"], v["U0"]),
    }


def drop_refused(v: Values) -> list[Problem]:
    """Refuse to drop an option that is not there."""
    if v["drop"] < len(v["V"]):
        return []
    message = Text("aucune option n'a ce rang", "no option has this index")
    return [Problem(message, key="drop", value=v["drop"], allowed=f"0 – {len(v['V']) - 1}")]


def shares_changes(v: Values) -> Changes:
    """Return the scenario keys of the siting shares; the last utility is the outside option's."""
    return _options(v["V"])


def _options(utilities: list[float]) -> Changes:
    return {_PLACES: len(utilities) - 1, _CONSTANT: list(utilities[:-1]), _UTILITY: utilities[-1]}


def shares_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return the engine's exact siting shares: as given, all utilities shifted, and one option dropped."""
    shares = _shares(bench, {})
    left = [x for n, x in enumerate(v["V"]) if n != v["drop"]]
    after = _shares(bench, {_OUTSIDE: False} if v["drop"] == len(v["V"]) - 1 else _options(left))
    kept = [x for n, x in enumerate(shares) if n != v["drop"]]
    return {
        "shares": shares,
        "shares_shifted": _shares(bench, _options([x + v["shift"] for x in v["V"]])),
        "ratio_kept": (after[0] / after[1]) / (kept[0] / kept[1]),
    }


def _shares(bench: Bench, changes: Changes) -> list[float]:
    with bench.model(changes) as model:
        world = play(model, 1)
    found = siting_shares(world)[:, 0]
    code = world.places.code
    rows = [code.index(name) for name in world.spec.territory_names]  # the engine has its own order
    return [float(x) for x in (*found[rows], found[-1])]


def shares_exact(v: Values) -> dict[str, Value]:
    """Return the softmax; the ratio of two shares does not depend on a third option."""
    shares = formulas.softmax(v["V"])
    return {"shares": shares, "shares_shifted": shares, "ratio_kept": 1.0}
