"""Compare sets of rules on the same worlds: ensembles paired by seed, with their uncertainty."""

import importlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coopsim.comparison.context import context, texts
from coopsim.comparison.draws import Draws, fit_of, read_draws
from coopsim.comparison.ensemble import Ensemble, other_territories, require_memory, run_ensemble
from coopsim.comparison.statistics import paired, summary, variance_ratios
from coopsim.comparison.store import FORMAT, load_folder, save_folder, trajectories
from coopsim.comparison.table import comparison_table
from coopsim.comparison.theory import Theory, theories, theory_frame, theory_table
from coopsim.errors import scenario_error
from coopsim.executors import OnDone, executor
from coopsim.i18n import Lang, lang

if TYPE_CHECKING:
    from coopsim.scenario import Scenario

__all__ = [
    "Comparison",
    "Draws",
    "Ensemble",
    "check_comparable",
    "compare",
    "comparison_table",
    "fit_of",
    "read_draws",
    "run_ensemble",
    "theory_table",
    "variance_ratio",
]


@dataclass(frozen=True)
class Comparison:
    """Several scenarios run on the same seeds.

    Attributes
    ----------
    manifest : dict
        What `compare.json` holds: scenarios in full, hashes, seeds, versions, platform, duration, context.
    ensemble : Ensemble
        Every run.
    """

    manifest: dict[str, Any]
    ensemble: Ensemble

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios, in the order given."""
        return self.ensemble.scenarios

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles of the scenarios in the language in force."""
        return tuple(scenario["title"][lang()] for scenario in self.manifest["scenarios"])

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds, one a world."""
        return self.ensemble.seeds

    @property
    def last_year(self) -> int:
        """Calendar year of the horizon."""
        return self.ensemble.start_year + self.ensemble.years - 1

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Median, p05 and p95 of each indicator at the horizon, one row a scenario and indicator."""
        return summary(self.ensemble)

    @cached_property
    def paired(self) -> pd.DataFrame:
        """Differences b - a paired by seed, with their 95 % interval and verdict."""
        return paired(self.ensemble)

    @cached_property
    def trajectories(self) -> pd.DataFrame:
        """One row a scenario, seed, tick and territory; the system's rows have an empty territory."""
        return trajectories(self.ensemble)

    @cached_property
    def theories(self) -> list[Theory]:
        """Each theory of change that a scenario promises, held against the runs of every scenario."""
        documents = [scenario["document"] for scenario in self.manifest["scenarios"]]
        return theories(documents, self.ensemble)

    @property
    def theory_of_change(self) -> pd.DataFrame:
        """Promise against proof: one row a scenario, seed and step; empty where no scenario has a theory."""
        return theory_frame(self.theories, self.ensemble)

    @property
    def journal(self) -> pd.DataFrame:
        """Decisions of every run, one row each, with scenario and seed."""
        return self.ensemble.journal

    def pair(self, a: str, b: str) -> pd.DataFrame:
        """Return the paired differences of two scenarios, indexed by indicator."""
        rows = self.paired[(self.paired["a"] == a) & (self.paired["b"] == b)]
        return rows.set_index("indicator")

    def save(self, folder: str | Path) -> None:
        """Write compare.json and the tables as parquet into a folder; nothing is left half written."""
        names = ("summary", "paired", "trajectories", "journal") + (
            ("theory_of_change",) if self.theories else ()
        )
        tables = {name: getattr(self, name) for name in names}
        save_folder(Path(folder), self.manifest, tables)

    @classmethod
    def load(cls, folder: str | Path) -> "Comparison":
        """Return the comparison saved in a folder."""
        return cls(*load_folder(Path(folder)))

    def report(self, path: str | Path, language: Lang | None = None) -> None:
        """Write the report, one HTML file, in a language (the one in force when None)."""
        # The report is an outer layer: it is looked up by name so that nothing here depends on it.
        importlib.import_module("coopsim.report").write_report(self, path, language or lang())


def compare(
    scenarios: Sequence["Scenario"],
    replicates: int = 20,
    seed: int = 0,
    workers: int | None = None,
    progress: OnDone | None = None,
    draws: Draws | None = None,
) -> Comparison:
    """Run scenarios on the same seeds and compare them.

    Replicate k is the run with seed ``seed + k``, for every scenario.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Two or more, of different names and one horizon.
    replicates : int
        Worlds.
    workers : int or None
        Processes; all cores when None, none for 1.
    progress : callable or None
        Called with the runs done and their total.
    draws : Draws or None
        Of a calibration: world k has the parameters of draw k, in every scenario.

    Raises
    ------
    ScenarioError
        For scenarios that cannot be compared or a refused number.
    RunFailure
        When a run breaks.
    """
    from coopsim.outputs import provenance  # with the engine: not needed to read a saved comparison

    check_comparable(scenarios, replicates, seed)
    started = time.perf_counter()
    described = context(scenarios)  # reads the case: its mistakes show before any work
    seeds = range(seed, seed + replicates)
    changes = draws.fitting(scenarios).changes(replicates) if draws else ()
    pool = executor(workers, len(scenarios) * replicates)
    ensemble = run_ensemble(scenarios, seeds, pool, progress, changes=changes)
    versions = provenance()
    manifest = {
        "format": FORMAT,
        "scenarios": [_described(scenario) for scenario in scenarios],
        "seeds": list(seeds),
        "start_year": ensemble.start_year,
        "years": ensemble.years,
        "territories": list(ensemble.territories),
        "versions": versions,
        "platform": versions.pop("platform"),
        "duration_s": round(time.perf_counter() - started, 3),
        "context": described,
    }
    if draws:
        manifest["draws"] = {**draws.about, "count": len(draws.rows)}
    return Comparison(manifest, ensemble)


def variance_ratio(
    comparison: Comparison, years: Sequence[int] = (5, 10, 30), indicators: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the unpaired and paired variance of each contrast, and their ratio.

    Parameters
    ----------
    years : sequence of int
        Counted from 1.
    indicators : sequence of str or None
        The outcomes when None.
    """
    if indicators is None:
        return variance_ratios(comparison.ensemble, years)
    return variance_ratios(comparison.ensemble, years, indicators)


def check_comparable(scenarios: Sequence["Scenario"], replicates: int, seed: int) -> None:
    """Refuse scenarios that cannot be compared, and a number of worlds or a first seed out of bounds.

    Raises
    ------
    ScenarioError
    """
    from coopsim.scenario.limits import check_seed

    if len(scenarios) < 2:  # noqa: PLR2004 - a comparison has two sides
        raise scenario_error("il faut au moins deux scénarios", "at least two scenarios are needed")
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise scenario_error(
            "deux scénarios comparés portent le même nom : changer « name » dans l'un d'eux",
            "two compared scenarios have the same name: change 'name' in one of them",
            key="name",
            value=twice[0],
        )
    for scenario in scenarios[1:]:
        if set(scenario.territory_names) != set(scenarios[0].territory_names):
            raise other_territories(scenario.name, names[0])
    spans = [_span(scenario) for scenario in scenarios]
    for name, span in zip(names, spans, strict=True):
        if span != spans[0]:
            raise scenario_error(
                f"« {name} » et « {names[0]} » n'ont pas le même horizon",
                f"'{name}' and '{names[0]}' do not have the same horizon",
                key="horizon",
                value="{} + {}".format(*span),
                allowed="{} + {}".format(*spans[0]),
            )
    if replicates < 1:
        raise scenario_error(
            "valeur trop petite", "too small", key="replicates", value=replicates, allowed="≥ 1"
        )
    check_seed(seed)
    require_memory(scenarios, replicates)


def _span(scenario: "Scenario") -> tuple[int, int]:
    return scenario.start_year, scenario.years


def _described(scenario: "Scenario") -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": texts(scenario.title),
        "question": texts(scenario.question),
        "hash": scenario.hash,
        "document": scenario.document(),
    }
