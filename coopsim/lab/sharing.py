"""Laboratory of cost sharing: a work that some territories build together, paid by two rules."""

from dataclasses import replace

import numpy as np

from coopsim.economy.finance import LINE
from coopsim.errors import Problem
from coopsim.governance.cost_games import coalition_mistakes
from coopsim.lab import formulas_sharing
from coopsim.lab.engine import ROUND, Bench, Changes, play
from coopsim.lab.results import Value
from coopsim.lab.values import Values

_JOIN = "+"
_RULE = "governance.payoff.cost_sharing"
_RULES = {"shapley": "shapley", "scrb": "separable_costs"}


def sharing_refused(v: Values) -> list[Problem]:
    """Refuse a table that does not give each group of its members one cost."""
    mistakes = coalition_mistakes([_group(name) for name in v["costs"]])
    return [replace(problem, key="costs") for _, problem in mistakes]


def _group(name: str) -> list[str]:
    return [part.strip() for part in name.split(_JOIN)]


def _codes(v: Values) -> dict[str, str]:
    """Return the territory that stands for each member of the table."""
    names = sorted({part for name in v["costs"] for part in _group(name)})
    return {name: f"T{n + 1:02d}" for n, name in enumerate(names)}


def sharing_changes(v: Values) -> Changes:
    """Return the scenario keys of a joint project; each member of the table is a territory."""
    codes = _codes(v)
    costs = [
        {"members": [codes[part] for part in _group(name)], "keur": cost} for name, cost in v["costs"].items()
    ]
    return {"case.synthetic.territories": len(codes), "governance.payoff.joint_project.costs": costs}


def sharing_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return what each paid to the builders and to the other members, under both rules."""
    return {result: _paid(bench, v, rule) for result, rule in _RULES.items()}


def _paid(bench: Bench, v: Values, rule: str) -> dict[str, float]:
    lines = [LINE["projects"], LINE["compensation"]]
    with bench.model({_RULE: rule}) as model:
        paid = np.zeros(len(_codes(v)))
        for tick in range(ROUND + 1):  # a single member has no pact: it builds alone when the work is due
            world = play(model, 1)
            paid -= world.finance.year[tick % ROUND][:, lines].sum(axis=1)
    row = {code: i for i, code in enumerate(world.places.code)}
    return {name: float(paid[row[code]]) for name, code in _codes(v).items()}


def sharing_exact(v: Values) -> dict[str, Value]:
    """Return the Shapley value, and separable costs with remaining benefits."""
    costs = {frozenset(_group(name)): cost for name, cost in v["costs"].items()}
    return {"shapley": formulas_sharing.shapley(costs), "scrb": formulas_sharing.separable_costs(costs)}
