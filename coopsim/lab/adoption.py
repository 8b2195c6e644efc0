"""The laboratory of adoption: Bass diffusion in the engine's own step.

The first quarter reaches every company; from the second on each takes the only step left. A share outside its
tolerance is looked at again with three more seeds, the four pooled (see `coopsim.lab.chances`).
"""

import math

import numpy as np

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.lab import formulas_adoption as theory
from coopsim.lab.engine import ROUND, Bench, Changes, play
from coopsim.lab.results import Estimate, Expected, Value, compare
from coopsim.lab.values import Values
from coopsim.tables.companies import ACTING

_SEEDS = (0, 1, 2, 3)
_FIRST = 10.0  # adopters expected in the first step: with fewer, their luck decides when adoption takes off


def adoption_refused(v: Values) -> list[Problem]:
    """Refuse probabilities above 1, and so few first adopters that no run shows the expectation."""
    problems = []
    if v["p"] + v["q"] > 1.0 + 1e-12:  # 1 of sums such as 0.7 + 0.3 is rounded
        message = Text("p + q dépasse 1 : ce n'est plus une probabilité", "p + q is above 1: no probability")
        problems.append(Problem(message, key="q", value=v["q"], allowed=f"0 – {1.0 - v['p']:g}"))
    least = _FIRST / v["n"]
    if 0.0 < v["p"] < least:
        message = Text(
            "trop peu d'entreprises commencent : le hasard de la première décide de tout",
            "too few companies begin: the luck of the first decides everything",
        )
        allowed = Text("0, ou {least:g} – 1", "0, or {least:g} – 1").format(least=least)
        problems.append(Problem(message, key="p", value=v["p"], allowed=str(allowed)))
    return problems


def adoption_changes(v: Values) -> Changes:
    """Return the scenario keys of one step of transition; rates of a year from those of a quarter."""
    return {
        "economy.transition.own_initiative_per_yr": ROUND * v["p"],
        "economy.transition.peers_per_yr": ROUND * v["q"],
        "case.synthetic.companies": v["n"],
        "horizon.years": math.ceil((1 + v["t"]) / ROUND),
    }


def adoption_measured(bench: Bench, v: Values) -> dict[str, Value | Estimate]:
    """Return the share of companies that act."""
    found = adoption_estimate(bench, v, _SEEDS[:1])
    if not compare(found, adoption_exact(v)["adopted_share"], relative=False).ok:
        found = adoption_estimate(bench, v, _SEEDS)
    return {"adopted_share": found}


def adoption_estimate(bench: Bench, v: Values, seeds: tuple[int, ...]) -> Estimate:
    """Return the share over the companies of some seeds, pooled."""
    error, _ = theory.bass_margin(v["p"], v["q"], v["n"], v["t"])
    return Estimate(float(np.mean([_look(bench, v, seed) for seed in seeds])), error / math.sqrt(len(seeds)))


def _look(bench: Bench, v: Values, seed: int) -> float:
    with bench.model(seed=seed) as model:
        table = play(model, 1 + v["t"]).companies
        return float(np.mean(table.stage[table.rows()] >= ACTING))


def adoption_exact(v: Values) -> dict[str, Value | Expected]:
    """Return Bass's share in discrete time, which holds up to order 1/n."""
    _, bias = theory.bass_margin(v["p"], v["q"], v["n"], v["t"])
    return {"adopted_share": Expected(theory.bass_share(v["p"], v["q"], v["t"]), bias)}
