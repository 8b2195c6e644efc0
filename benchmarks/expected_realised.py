"""Expected against realised effect of every council move, by paired runs (model page, section 1).

One territory makes one move at the end of the first year; nobody else moves (councils are switched off).
The same seed without the move is the twin. Realised effects are read six years later.

    python benchmarks/expected_realised.py [SEEDS] [TERRITORY]
"""

import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.schedule import ground
from coopsim.schedule.councils import apply_move
from coopsim.schedule.outlook import outlook
from coopsim.society.moves import CANDIDATES, INDEX
from coopsim.society.projection import expectations

YEARS = 6
SUBSIDY = 5.0  # k€/job everywhere, so that it can rise or fall
KEYS = [c.key for c in CANDIDATES if c.key != "propose_pact"]


def quiet() -> object:
    """Return the status quo with councils and elections switched off."""
    return load_scenario("figeac-status-quo").but(
        {
            "submodels.councils": False,
            "submodels.elections": False,
            "governance.scope.land.opening": "race",
            "governance.payoff.subsidy": {"min": 0.0, "max": 15.0},
        }
    )


def measure(task: tuple[int, str, int]) -> tuple[float, float, float, float]:
    """Return expected and realised change of own jobs (%) and of the own yearly balance (% of budget)."""
    seed, key, row = task
    twin, moved = (CoopModel(quiet(), seed, views=False) for _ in range(2))
    for model in (twin, moved):
        model.world.finance.subsidy[:] = SUBSIDY
        for _ in range(4):
            model.step()
    w, p = moved.world, moved.world.params
    e = expectations(p.councils, p.siting, p.finance, outlook(w))
    apply_move(w, row, key)
    if key == "open_land":
        assert ground.vacant(w).size
    for model in (twin, moved):
        for _ in range(4 * YEARS):
            model.step()
    a, b = twin.world, moved.world
    jobs = [float(x.people.filled[row] + x.people.own_account[row]) for x in (a, b)]
    money = float(a.finance.debt[row] - b.finance.debt[row]) / YEARS / float(a.finance.budget[row])
    m = INDEX[key]
    for model in (twin, moved):
        model.release()
    return (
        float(e.jobs[row, m]),
        100.0 * (jobs[1] / jobs[0] - 1.0),
        float(e.revenue[row, m] - e.cost[row, m]),
        100.0 * money,
    )


def table(seeds: int, row: int = 0) -> dict[str, np.ndarray]:
    """Return move → array (seeds, 4) of `measure`."""
    tasks = [(seed, key, row) for key in KEYS for seed in range(seeds)]
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(measure, tasks, chunksize=4))
    return {key: np.array(found[i * seeds : (i + 1) * seeds]) for i, key in enumerate(KEYS)}


def main() -> None:
    """Print the table."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    row = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    heads = ("jobs % expected", "realised ± se", "balance % expected", "realised ± se")
    print(f"{'move':20s}" + "".join(f"{head:>21s}" for head in heads))
    for key, x in table(seeds, row).items():
        se = x.std(axis=0, ddof=1) / np.sqrt(seeds)
        mean = x.mean(axis=0)
        print(
            f"{key:20s}{mean[0]:21.3f}{mean[1]:13.3f} ± {se[1]:5.3f}{mean[2]:21.3f}{mean[3]:13.3f} ± {se[3]:5.3f}"
        )


if __name__ == "__main__":
    main()
