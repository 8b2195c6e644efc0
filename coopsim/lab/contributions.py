"""Laboratory of a public good: what members of a pact pay when they give as the others gave."""

from coopsim.economy.finance import LINE
from coopsim.lab import formulas_sharing
from coopsim.lab.engine import ROUND, Bench, Changes, play
from coopsim.lab.results import Value
from coopsim.lab.values import Values


def giving_changes(v: Values) -> Changes:
    """Return the scenario keys of conditional cooperators and of the sanction."""
    return {
        "society.pacts.conditional_share": v["phi"],
        "society.pacts.conditional_slope": v["slope"],
        "society.pacts.self_serving_bias": v["bias"],
        "society.pacts.start_contribution": v["c0"],
        "society.pacts.contribution_return": v["mpcr"],
        "governance.payoff.sanctions.withholding_fine": v["fine"],
        "society.ties.detection_base": v["detection"],
    }


def giving_measured(bench: Bench, v: Values) -> dict[str, Value]:
    """Return what all members pay for the animation of the pact after t years, over what they owe."""
    with bench.model() as model:
        world = play(model, ROUND * v["t"] + 1)
    payoff = world.spec.governance.payoff
    paid = -float(world.finance.year[0][:, LINE["animation"]].sum())  # the winter just lived
    owed = payoff.animation_funding.fte_per_pact * world.params.finance.animation_cost_per_fte / ROUND
    return {"contribution": paid / owed}


def giving_exact(v: Values) -> dict[str, Value]:
    """Return the contribution of alike conditional cooperators."""
    level = formulas_sharing.contribution(
        v["phi"], v["slope"], v["bias"], v["c0"], v["t"], 1.0 - v["mpcr"], v["fine"] * v["detection"]
    )
    return {"contribution": level}
