"""Runs of several scenarios on the same seeds, as one array."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coopsim.errors import ScenarioError, scenario_error
from coopsim.executors import Executor, OnDone, failing_as
from coopsim.indicators import SYSTEM, TERRITORY
from coopsim.types import FloatArray

if TYPE_CHECKING:
    from coopsim.outputs import Run
    from coopsim.scenario import Scenario

QUARTERS = 4
_COPIES = 2  # of the results: run by run, and as one array

_TERRITORY_COLUMNS = np.array([SYSTEM.index(name) for name in TERRITORY])


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Every run of a comparison.

    Attributes
    ----------
    scenarios : tuple of str, length L
    seeds : tuple of int, length R
    territories : tuple of str, length T
        Codes.
    start_year : int
    cube : FloatArray, shape (L, R, N, 1 + T, I)
        Scenario, seed, tick, place (the system first, then the territories), indicator as in
        `coopsim.indicators.SYSTEM`; NaN where an indicator has no value for a territory.
    journal : pandas.DataFrame
        scenario and seed, then the columns of `Run.journal`.
    """

    scenarios: tuple[str, ...]
    seeds: tuple[int, ...]
    territories: tuple[str, ...]
    start_year: int
    cube: FloatArray
    journal: pd.DataFrame

    @property
    def years(self) -> int:
        """Length of the runs."""
        return int(self.cube.shape[2]) // QUARTERS

    @property
    def horizon(self) -> FloatArray:
        """Values of the last quarter, shape (L, R, 1 + T, I)."""
        return self.at_year(self.years)

    def at_year(self, year: int) -> FloatArray:
        """Return the values at the end of a year counted from 1, shape (L, R, 1 + T, I)."""
        out: FloatArray = self.cube[:, :, year * QUARTERS - 1]
        return out

    def yearly(self) -> FloatArray:
        """Return the value at the end of each year, shape (L, R, Y, 1 + T, I)."""
        out: FloatArray = self.cube[:, :, QUARTERS - 1 :: QUARTERS]
        return out


@dataclass(frozen=True, slots=True)
class _Result:
    """One run, as it travels from a worker: numbers in one block."""

    territories: tuple[str, ...]
    cube: FloatArray
    journal: pd.DataFrame

    def last_year(self) -> "_Result":
        """Return the last year alone, without the journal."""
        return _Result(self.territories, self.cube[-QUARTERS:].copy(), self.journal.iloc[:0])


def other_territories(name: str, first: str) -> ScenarioError:
    """Return the refusal of a scenario whose territories are not those of the first."""
    return scenario_error(
        f"« {name} » n'a pas les mêmes territoires que « {first} »",
        f"'{name}' does not have the same territories as '{first}'",
        key="case",
    )


def run_ensemble(
    scenarios: Sequence["Scenario"],
    seeds: Sequence[int],
    executor: Executor,
    on_done: OnDone | None = None,
    *,
    horizon_only: bool = False,
    changes: Sequence[Mapping[str, Any]] = (),
) -> Ensemble:
    """Run every scenario on every seed.

    Parameters
    ----------
    scenarios : sequence of Scenario, length L
        Of one horizon.
    seeds : sequence of int, length R
    horizon_only : bool
        Keep the last year only, and no journal: a design of hundreds of runs stays small.
    changes : sequence of mapping, length R or 0
        Dotted keys of each seed's world, the same in every scenario: draws of parameters.

    Raises
    ------
    ScenarioError
        When two scenarios do not have the same territories.
    RunFailure
        When a run breaks; the others are stopped.
    """
    require_memory(scenarios, len(seeds), QUARTERS if horizon_only else None)
    tasks = [(lane, seed) for lane in range(len(scenarios)) for seed in seeds]
    by_seed = dict(zip(seeds, changes, strict=True)) if changes else {}
    results = executor.map(partial(_run, tuple(scenarios), horizon_only, by_seed), tasks, on_done)
    codes = results[0].territories
    for (lane, _), result in zip(tasks, results, strict=True):
        if result.territories != codes:
            raise other_territories(scenarios[lane].name, scenarios[0].name)
    shape = (len(scenarios), len(seeds), *results[0].cube.shape)
    first = scenarios[0]
    return Ensemble(
        scenarios=tuple(scenario.name for scenario in scenarios),
        seeds=tuple(seeds),
        territories=codes,
        start_year=first.start_year + (first.years - 1 if horizon_only else 0),
        cube=np.stack([result.cube for result in results]).reshape(shape),
        journal=_journal([(scenarios[lane].name, seed) for lane, seed in tasks], results),
    )


def require_memory(scenarios: Sequence["Scenario"], replicates: int, ticks: int | None = None) -> None:
    """Refuse more worlds than the memory of a comparison can hold; ``ticks`` kept of each run, all when None.

    Raises
    ------
    ScenarioError
        With the memory, the time, and the largest number that fits.
    """
    from coopsim.scenario.limits import require_runs, run_seconds

    size, seconds = 0.0, 0.0
    for scenario in scenarios:
        places, case = 1 + len(scenario.territory_names), scenario.load_case()
        size += _COPIES * 8 * (ticks or scenario.ticks) * places * len(SYSTEM)
        seconds += run_seconds(float(case.establishments["establishments"].sum()), places - 1, scenario.ticks)
    require_runs("replicates", replicates, size, seconds)


def _run(
    scenarios: tuple["Scenario", ...],
    horizon_only: object,
    changes: Mapping[int, Mapping[str, Any]],
    task: tuple[int, int],
) -> _Result:
    from coopsim.run import simulate  # compiled kernels: not needed to read a saved comparison

    lane, seed = task
    with failing_as(scenarios[lane].name, seed):
        spec = scenarios[lane]
        if changes:
            spec = spec.but({**changes[seed], "name": spec.name})
        result = _compact(simulate(spec, seed=seed))
    return result.last_year() if horizon_only else result


def _compact(run: "Run") -> _Result:
    """Return the tables of a run as one array."""
    local, system = run.arrays
    cube = np.full((len(system), 1 + len(run.codes), len(SYSTEM)), np.nan)
    cube[:, 0] = system
    cube[:, 1:, _TERRITORY_COLUMNS] = local
    return _Result(run.codes, cube, run.journal)


def _journal(keys: list[tuple[str, int]], results: list[_Result]) -> pd.DataFrame:
    """Return the journals under one another, each row with the scenario and seed of its run."""
    parts = []
    for (name, seed), result in zip(keys, results, strict=True):
        part = result.journal.copy(deep=False)
        part.insert(0, "scenario", name)
        part.insert(1, "seed", seed)
        parts.append(part)
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]
