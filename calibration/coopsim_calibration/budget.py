"""How many runs a study takes, and a study cut down to a number of runs."""

from coopsim.errors import scenario_error
from coopsim_calibration.study import Method

NOISE_POINTS = 3
_SMC_BATCHES = 2  # of twice the particles: what a generation usually takes
_LEAST = {"morris_trajectories": 2, "wave_points": 20, "pool": 60, "draws": 20, "check_seeds": 4, "noise_runs": 6,
          "smc_particles": 20}  # fmt: skip


def stages(method: Method, dimensions: int) -> dict[str, int]:
    """Return the runs of each stage of a study; those of ``smc`` are what they usually are."""
    smc = 2 * method.smc_particles * (1 + _SMC_BATCHES * (method.smc_generations - 1))
    return {
        "noise": NOISE_POINTS * method.noise_runs,
        "morris": method.morris_trajectories * (dimensions + 1) * method.morris_replicates,
        "waves": method.waves * method.wave_points * method.wave_replicates,
        "pool": method.pool,
        "smc": smc if method.posterior == "smc" else 0,
        "predictive": method.draws,
        "check": method.check_seeds,
    }


def within(method: Method, dimensions: int, budget: int | None) -> Method:
    """Return a method that takes at most some runs, every stage cut by the same factor.

    Raises
    ------
    ScenarioError
        When even the smallest study takes more.
    """
    total = sum(stages(method, dimensions).values())
    if budget is None or budget >= total:
        return method
    factor = budget / total
    for _ in range(20):
        cut = {name: min(getattr(method, name), max(least, int(factor * getattr(method, name))))
               for name, least in _LEAST.items()}  # fmt: skip
        if method.morris_trajectories == 0:
            cut["morris_trajectories"] = 0
        if cut["morris_trajectories"] == _LEAST["morris_trajectories"]:
            cut["morris_replicates"] = 1
        cut["truths"] = min(method.truths, cut["pool"])  # they cost no run
        found = method.model_copy(update=cut)
        spent = sum(stages(found, dimensions).values())
        if spent <= budget:
            return found
        factor *= 0.9 * budget / spent
    raise scenario_error(
        "budget trop petit pour cette étude", "budget too small for this study",
        key="--budget", value=budget, allowed=f"≥ {spent}",
    )  # fmt: skip
