"""Expected against realised effect of every council move, by paired runs (model page, section 1).

One territory makes one move at the end of the first year; nobody else moves (councils are switched off). The same
seed without the move is the twin. Realised effects are read six years later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from coopsim.executors import OnDone, executor
from coopsim.i18n import Text
from coopsim.model import CoopModel
from coopsim.scenario import Scenario
from coopsim.schedule.moves import carry_out, expectation
from coopsim.society.moves import CANDIDATES
from coopsim.types import FloatArray

YEARS = 6
SUBSIDY = 5.0  # k€/job everywhere, so that it can rise or fall
KEYS: tuple[str, ...] = tuple(c.key for c in CANDIDATES if c.key != "propose_pact")
_QUIET = {
    "submodels.councils": False,
    "submodels.elections": False,
    "governance.scope.land.opening": "race",
    "governance.payoff.subsidy": {"min": 0.0, "max": 15.0},
}


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """What a council expected of one move and what came of it, over the worlds.

    Attributes
    ----------
    jobs_expected, jobs, jobs_error : float, % of the territory's jobs
        Mean expected, mean realised and its standard error.
    balance_expected, balance, balance_error : float, % of the yearly budget
    """

    key: str
    label: Text
    worlds: int
    jobs_expected: float
    jobs: float
    jobs_error: float
    balance_expected: float
    balance: float
    balance_error: float


def quiet(spec: Scenario) -> Scenario:
    """Return a scenario in which nobody decides, with room for an aid to rise or fall."""
    return spec.but({**_QUIET, "horizon.years": YEARS + 1, "name": f"{spec.name}-quiet"})


def measure(spec: Scenario, row: int, task: tuple[int, str]) -> tuple[float, float, float, float]:
    """Return expected and realised change of own jobs (%), then of the own yearly balance (% of budget)."""
    seed, key = task
    twin, moved = (CoopModel(spec, seed, views=False) for _ in range(2))
    for model in (twin, moved):
        model.world.finance.subsidy[:] = SUBSIDY
        for _ in range(4):
            model.step()
    w = moved.world
    e = expectation(w, key)
    carry_out(w, row, key)
    for model in (twin, moved):
        for _ in range(4 * YEARS):
            model.step()
    a, b = twin.world, moved.world
    jobs = [float(x.people.filled[row] + x.people.own_account[row]) for x in (a, b)]
    money = float(a.finance.debt[row] - b.finance.debt[row]) / YEARS / float(a.finance.budget[row])
    for model in (twin, moved):
        model.release()
    return (
        float(e.jobs[row, 0]),
        100.0 * (jobs[1] / jobs[0] - 1.0),
        float(e.revenue[row, 0] - e.cost[row, 0]),
        100.0 * money,
    )


def table(
    spec: Scenario,
    seeds: Sequence[int],
    row: int = 0,
    workers: int | None = None,
    on_done: OnDone | None = None,
    keys: Sequence[str] = KEYS,
) -> dict[str, FloatArray]:
    """Return the measures of each move, shape (R, 4), for a territory by its row in the world."""
    tasks = [(seed, key) for key in keys for seed in seeds]
    found = executor(workers, len(tasks)).map(partial(measure, quiet(spec), row), tasks, on_done)
    n = len(seeds)
    return {key: np.array(found[i * n : (i + 1) * n]) for i, key in enumerate(keys)}


def move_effects(found: dict[str, FloatArray]) -> list[MoveEffect]:
    """Return the mean and standard error of the measures of each move."""
    labels = {c.key: c.label for c in CANDIDATES}
    out = []
    for key, x in found.items():
        error = x.std(axis=0, ddof=1) / np.sqrt(len(x)) if len(x) > 1 else np.full(4, np.nan)
        m = x.mean(axis=0)
        out.append(
            MoveEffect(
                key, labels[key], len(x), float(m[0]), float(m[1]), float(error[1]), float(m[2]), float(m[3]),
                float(error[3]),
            )
        )  # fmt: skip
    return out
