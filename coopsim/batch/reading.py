"""Reading a batch: its tables, summaries, paired differences, failures, SQL over all of it, and exports."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import tomlkit

from coopsim.batch import effects
from coopsim.batch.arrays import dataset
from coopsim.batch.experiments import experiments, salib_problem, salib_sample
from coopsim.batch.export import export
from coopsim.batch.extras import missing_extra
from coopsim.batch.files import JOURNAL, POINTS, RESULTS, RUNS, part_files
from coopsim.batch.tables import Tables
from coopsim.errors import scenario_error
from coopsim.types import FloatArray

if TYPE_CHECKING:
    import xarray


class Batch(Tables):
    """The results of a batch.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    ScenarioError
        When the folder holds no batch that this version can read.
    """

    @property
    def failures(self) -> pd.DataFrame:
        """The runs that failed or were lost, each with the command that reproduces it."""
        broken = self.runs[self.runs["status"] != "done"].reset_index(drop=True)
        broken["reproduce"] = [self._command(row) for row in broken.to_dict("records")]
        return broken

    def _command(self, row: Mapping[Any, Any]) -> str:
        """Return the command that lives one run alone, as a shell reads it."""
        lane = self.about["scenarios"][self.scenarios.index(row["scenario"])]
        point = int(row["point"])
        settings = dict(_dotted(lane["set"])) | {key: self.points[key].iloc[point] for key in self.parameters}
        words = ["coopsim", "run", lane["source"]]
        for name, value in settings.items():
            words += ["--set", f"{name}={_toml(value)}"]
        words += ["--years", str(self.about["years"]), "--seed", str(row["seed"])]
        for file in self.about["rules"]:
            words += ["--rules", file]
        return shlex.join(words)

    def summary(self, indicators: Sequence[str] | None = None, *, by_point: bool = False) -> pd.DataFrame:
        """Return median, p05 and p95 of each indicator at the horizon, by scenario (and point).

        Without ``by_point`` the points of the design count alike: the range holds what is uncertain and what is luck.
        """
        return effects.summary(self.horizon(indicators), self.kept(indicators), by_point=by_point)

    def paired(self, indicators: Sequence[str] | None = None, *, by_point: bool = False) -> pd.DataFrame:
        """Return differences b - a at the horizon, paired by point and seed, with 95 % interval and verdict.

        Worlds in which one of the two runs failed are left out.
        """
        columns = self.kept(indicators)
        return effects.paired(self.horizon(columns), columns, self.contrasts, by_point=by_point)

    def sql(self, query: str) -> pd.DataFrame:
        """Return the answer of DuckDB over ``results``, ``runs``, ``points``, ``journal`` and ``trajectories``.

        ``trajectories`` is ``results`` with the scenario, the point and the seed of each row's run.

        Raises
        ------
        ScenarioError
            For a query that DuckDB refuses, or when DuckDB is not installed.
        """
        try:
            import duckdb
        except ImportError:
            raise missing_extra("duckdb", "batch") from None
        offline: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        with duckdb.connect(config=offline) as connection:
            for view in self._views():
                connection.execute(view)
            try:
                answer: pd.DataFrame = connection.sql(query).df()
            except (duckdb.Error, AttributeError) as error:  # a statement that answers nothing has no table
                raise scenario_error(
                    f"requête refusée : {error}", f"query refused: {error}", value=query
                ) from None
        return answer

    def _views(self) -> Iterator[str]:
        files = {name: list(part_files(self.folder, name).values()) for name in (RESULTS, RUNS, JOURNAL)}
        files["points"] = [self.folder / POINTS]
        for name, paths in files.items():
            if paths:
                listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
                yield f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}])"  # nosec B608  # quoted above
        if files[RESULTS]:
            yield (
                "CREATE VIEW trajectories AS SELECT runs.scenario, runs.point, runs.seed, "
                "results.* EXCLUDE (run) FROM results JOIN runs USING (run)"
            )

    def to_xarray(self, indicators: Sequence[str] | None = None) -> "xarray.Dataset":
        """Return an xarray dataset: scenario × point × seed × tick (× territory), one variable an indicator.

        Parameters of the design are coordinates along ``point``; units and labels are attributes; a run that failed
        is NaN.

        Raises
        ------
        ScenarioError
            When xarray is not installed.
        """
        return dataset(self, self.kept(indicators))

    def experiments(self, *, series: bool = False) -> tuple[pd.DataFrame, dict[str, FloatArray]]:
        """Return experiments and outcomes in the form of the EMA Workbench: one row, one entry a run that ended well.

        Parameters
        ----------
        series : bool
            Outcomes over time, shape (runs, ticks kept), with their years under ``TIME``; at the horizon otherwise.
        """
        return experiments(self, series=series)

    def salib_problem(self) -> dict[str, Any]:
        """Return the parameters as SALib wants them: ``num_vars``, ``names``, ``bounds``, ``dists``."""
        return salib_problem(self)

    def salib_sample(
        self, indicator: str, scenario: str | None = None, against: str | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return X and Y for ``SALib.analyze``: one row a point, Y the mean over its worlds at the horizon.

        Parameters
        ----------
        indicator : str
        scenario : str, optional
            The first one when None.
        against : str, optional
            Y is then the difference ``scenario`` - ``against``, paired by seed.

        Raises
        ------
        ScenarioError
            For an unknown name, or a point that has no value.
        """
        return salib_sample(self, indicator, scenario, against)

    def export(self, path: str | Path, form: str) -> Path:
        """Write the results as ``csv`` or ``parquet`` (a folder), ``netcdf`` or ``ema`` (a file); return where.

        Raises
        ------
        ScenarioError
            For an unknown form, or an optional part of coopsim that is not installed.
        OSError
            When the place cannot be written; nothing half written stays.
        """
        return export(self, Path(path), form)


def _dotted(tree: Mapping[str, Any], head: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the settings of a tree by dotted key; the table of a rule is one setting."""
    for name, value in tree.items():
        if isinstance(value, Mapping) and "rule" not in value:
            yield from _dotted(value, f"{head}{name}.")
        else:
            yield f"{head}{name}", value


def _toml(value: Any) -> str:
    """Return a value as TOML writes it on one line."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{tomlkit.key(name).as_string()} = {_toml(x)}" for name, x in value.items())
            + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    text: str = tomlkit.item(value).as_string()
    return text


def open_batch(folder: str | Path) -> Batch:
    """Return the results of a batch, finished or still going.

    Raises
    ------
    ScenarioError
        When the folder holds no batch that this version can read.
    """
    return Batch(Path(folder))


__all__ = ["Batch", "open_batch"]
