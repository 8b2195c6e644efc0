"""Laboratory of an anticommons: owners who each price access to one forest, and owners who have grouped."""

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.lab import formulas_sharing
from coopsim.lab.engine import ROUND, Bench, Changes, play
from coopsim.lab.results import Value
from coopsim.lab.values import Values

_FREE = 100.0  # m3/yr: what would be cut if access were free, a small part of the growth of the stock
_GROUPING = "resources.wood.grouping_start"


def groups_refused(v: Values) -> list[Problem]:
    """Refuse more deciding groups than owners."""
    if v["groups"] <= v["n"]:
        return []
    message = Text("plus de groupes que de propriétaires", "more groups than owners")
    return [Problem(message, key="groups", value=v["groups"], allowed=f"1 – {v['n']}")]


def owners_changes(v: Values) -> Changes:
    """Return the scenario keys of n owners, whose observed harvest is that of n separate prices, and their groups."""
    forest = {
        "group": "broadleaf",
        "ownership": "fragmented_private",
        "volume_m3": 1e5,
        "capacity_m3": 2e5,
        "growth_rate_per_yr": 0.05,
        "owners_per_unit": float(v["n"]),
        "harvest_m3_per_yr": _FREE * formulas_sharing.access_use(v["n"]),
    }
    return {"case.synthetic.stocks": [forest], _GROUPING: v["n"] / v["groups"]}


def owners_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return the use of the forest with G deciding groups and with one, and what it earns, price times use."""
    use, best = _use(bench, v["n"] / v["groups"]), _use(bench, float(v["n"]))
    return {"nash_use": use, "optimum_use": best, "rent_ratio": use * (1.0 - use) / (best * (1.0 - best))}


def _use(bench: Bench, grouping: float) -> float:
    with bench.model({_GROUPING: grouping}) as model:
        world = play(model, 1)
    return ROUND * float(world.wood.harvest[0]) / _FREE


def owners_exact(v: Values) -> dict[str, Value]:
    """Return the use when each group sets its own price, and when one does."""
    return {
        "nash_use": formulas_sharing.access_use(v["groups"]),
        "optimum_use": formulas_sharing.access_use(1),
        "rent_ratio": formulas_sharing.access_rent_ratio(v["groups"]),
    }
