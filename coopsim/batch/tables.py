"""The tables of a batch's folder, finished or not, as pandas reads them."""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from coopsim.batch.files import FORMAT, JOURNAL, LOST, MANIFEST, POINTS, RESULTS, RUNS, part_files
from coopsim.errors import scenario_error
from coopsim.types import IntArray

KEYS = ("scenario", "point", "seed", "tick", "territory")
_QUARTERS = 4
_ORDER = "order_in_the_plan"


class Tables:
    """What a batch's folder holds.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    ScenarioError
        When the folder holds no batch that this version can read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.about: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            readable = self.about["format"] == FORMAT
        except (OSError, KeyError, ValueError, TypeError) as error:
            raise scenario_error(
                f"ce n'est pas un dossier de campagne lisible ({type(error).__name__}) : "
                "coopsim batch PLAN --out DOSSIER",
                f"not a readable batch folder ({type(error).__name__}): coopsim batch PLAN --out DIR",
                file=str(folder),
            ) from error
        if not readable:
            raise scenario_error(
                "dossier d'une autre version de coopsim", "folder of another version of coopsim",
                file=str(folder), value=self.about["format"], allowed=str(FORMAT),
            )  # fmt: skip

    def __repr__(self) -> str:
        return f"<Batch {self.about['name']}: {len(self.runs)} of {self.about['runs']} runs in {self.folder}>"

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, in the order of the plan."""
        return tuple(lane["label"] for lane in self.about["scenarios"])

    @property
    def seeds(self) -> range:
        """Seeds, one a world; the same at every point of every scenario."""
        return range(*self.about["seeds"])

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators that were kept."""
        return tuple(self.about["columns"])

    @property
    def parameters(self) -> tuple[str, ...]:
        """Keys that the design varies."""
        return tuple(parameter["key"] for parameter in self.about["parameters"])

    @property
    def uncertainties(self) -> tuple[str, ...]:
        """Keys of the design that nobody chooses."""
        return tuple(p["key"] for p in self.about["parameters"] if p["role"] == "uncertainty")

    @property
    def levers(self) -> tuple[str, ...]:
        """Keys of the design that somebody chooses."""
        return tuple(p["key"] for p in self.about["parameters"] if p["role"] == "lever")

    @property
    def contrasts(self) -> tuple[tuple[str, str], ...]:
        """Pairs of scenarios that are compared."""
        return tuple((a, b) for a, b in self.about["contrasts"])

    @property
    def last_tick(self) -> int:
        """Tick of the horizon."""
        return _QUARTERS * int(self.about["years"]) - 1

    @property
    def complete(self) -> bool:
        """Whether every run of the plan was lived, well ended or failed."""
        return int((self.runs["status"] != "lost").sum()) == int(self.about["runs"])

    @cached_property
    def points(self) -> pd.DataFrame:
        """The design: one row a point, one column a parameter."""
        return pd.read_parquet(self.folder / POINTS)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: point, scenario, seed, status (done, failed or lost), error, trace, seconds."""
        files = {**part_files(self.folder, LOST), **part_files(self.folder, RUNS)}
        if not files:
            empty = {"run": "int32", "point": "int32", "scenario": "str", "seed": "int64", "status": "str",
                     "error": "str", "trace": "str", "seconds": "float64"}  # fmt: skip
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()})
        frame: pd.DataFrame = _dataset(list(files.values())).to_table().to_pandas()
        return frame.sort_values("run", ignore_index=True)

    @property
    def trajectories(self) -> pd.DataFrame:
        """Everything that was kept: scenario, point, seed, tick, territory (empty: the whole), indicators."""
        return self.values()

    @property
    def journal(self) -> pd.DataFrame:
        """Decisions of every run, one row each, with scenario, point and seed; empty where the plan kept none."""
        files = list(part_files(self.folder, JOURNAL).values())
        if not files:
            return pd.DataFrame({name: [] for name in ("scenario", "point", "seed")})
        frame: pd.DataFrame = _dataset(files).to_table().to_pandas()
        return self._placed(frame, [], [str(name) for name in frame if name != "run"])

    def horizon(self, indicators: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the whole's values at the last tick: scenario, point, seed, indicators.

        Raises
        ------
        ScenarioError
            For an indicator that was not kept.
        """
        where = (ds.field("tick") == self.last_tick) & (ds.field("territory") == "")
        return self.values(indicators, where).drop(columns=["tick", "territory"])

    def values(self, indicators: Sequence[str] | None = None, where: Any = None) -> pd.DataFrame:
        """Return some indicators: scenario, point, seed, tick, territory (empty: the whole), then one column each.

        Parameters
        ----------
        indicators : sequence of str, optional
            All that were kept when None.
        where : pyarrow.dataset.Expression, optional
            Rows wanted, such as ``pyarrow.dataset.field("tick") == 39``.

        Raises
        ------
        ScenarioError
            For an indicator that was not kept.
        """
        columns = self.kept(indicators)
        files = list(part_files(self.folder, RESULTS).values())
        if not files:
            return pd.DataFrame({name: [] for name in (*KEYS, *columns)})
        table = _dataset(files).to_table(columns=["run", "tick", "territory", *columns], filter=where)
        at = table.column_names.index("territory")
        table = table.set_column(at, "territory", table["territory"].unify_dictionaries())
        return self._placed(table.to_pandas(), ["tick", "territory"], columns)

    def _placed(self, frame: pd.DataFrame, by: list[str], columns: list[str]) -> pd.DataFrame:
        """Return rows with the scenario, point and seed of their run, in the order of the plan."""
        lane, point, seed = self.address(frame["run"].to_numpy())
        frame[_ORDER] = lane
        frame["point"], frame["seed"] = point, seed
        frame = frame.sort_values([_ORDER, "point", "seed", *by], ignore_index=True, kind="stable")
        names = pd.Index(list(self.scenarios), dtype="str")
        frame["scenario"] = pd.Categorical.from_codes(frame[_ORDER].to_numpy(), names)
        return frame[["scenario", "point", "seed", *by, *(name for name in columns if name not in by)]]

    def address(self, run: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Return the lane, the point and the seed of runs, as `Job.address` numbers them."""
        rest, replicate = np.divmod(run.astype(np.int64), len(self.seeds))
        point, lane = np.divmod(rest, len(self.scenarios))
        return lane, point, replicate + self.seeds.start

    def kept(self, indicators: Sequence[str] | None) -> list[str]:
        """Return the indicators asked for, all when None.

        Raises
        ------
        ScenarioError
            For one that the batch did not keep.
        """
        wanted = list(self.indicators if indicators is None else indicators)
        unknown = [name for name in wanted if name not in self.indicators]
        if unknown:
            raise scenario_error(
                "indicateur que la campagne n'a pas gardé", "indicator that the batch did not keep", value=unknown[0],
                allowed=", ".join(self.indicators),
            )  # fmt: skip
        return wanted


def _dataset(files: Sequence[Path]) -> Any:
    return ds.dataset([str(path) for path in files], format="parquet")
