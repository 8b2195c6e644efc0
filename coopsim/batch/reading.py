"""Reading a batch, finished or not: tables, summaries, paired differences, and SQL over all of it."""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from coopsim.batch.design import missing_extra
from coopsim.batch.files import PARTS
from coopsim.batch.store import FORMAT, MANIFEST
from coopsim.comparison.statistics import differences, paired_effect, share_better, verdict
from coopsim.errors import scenario_error
from coopsim.indicators import BY_NAME

KEYS = ("scenario", "point", "seed", "tick", "territory")


class Batch:
    """The results of a batch.

    Parameters
    ----------
    folder : Path
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

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Labels of the scenarios, in the order of the plan."""
        return tuple(lane["label"] for lane in self.about["scenarios"])

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators that were kept."""
        return tuple(self.about["columns"])

    @property
    def parameters(self) -> tuple[str, ...]:
        """Keys that the design varies."""
        return tuple(parameter["key"] for parameter in self.about["parameters"])

    @property
    def complete(self) -> bool:
        """Whether every run of the plan is there, well ended or failed."""
        return len(self.runs) == int(self.about["runs"])

    @cached_property
    def points(self) -> pd.DataFrame:
        """The design: one row a point, one column a parameter."""
        return pd.read_parquet(self.folder / "points.parquet")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: point, scenario, seed, status, error, trace, seconds."""
        files = self._files("runs")
        if not files:
            return pd.DataFrame(
                {name: [] for name in ("run", "point", "scenario", "seed", "status", "error")}
            )
        frame = pd.concat([pd.read_parquet(path) for path in files], ignore_index=True)
        return frame.sort_values("run", ignore_index=True)

    @property
    def failures(self) -> pd.DataFrame:
        """The runs that broke, each with the command that reproduces it."""
        broken = self.runs[self.runs["status"] == "failed"].reset_index(drop=True)
        broken["reproduce"] = [self._command(row) for row in broken.to_dict("records")]
        return broken

    def _command(self, row: dict[Any, Any]) -> str:
        lane = next(lane for lane in self._lanes() if lane["label"] == row["scenario"])
        settings = dict(lane.get("set", {}))
        settings |= self.points.drop(columns="point").iloc[int(row["point"])].to_dict()
        years = self.about["years"]
        said = " ".join(f"--set {name}={json.dumps(_plain(value))}" for name, value in settings.items())
        return f"coopsim run {lane['scenario']} {said} --years {years} --seed {row['seed']}".replace(
            "  ", " "
        )

    def _lanes(self) -> list[dict[str, Any]]:
        import tomllib

        plan = tomllib.loads((self.folder / "plan.toml").read_text(encoding="utf-8"))
        lanes = [lane if isinstance(lane, dict) else {"scenario": lane} for lane in plan["run"]["scenarios"]]
        return [{**lane, "label": label} for lane, label in zip(lanes, self.scenarios, strict=True)]

    @property
    def trajectories(self) -> pd.DataFrame:
        """Everything that was kept: scenario, point, seed, tick, territory (empty: the whole), indicators."""
        return self._values(None)

    def horizon(self, indicators: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the whole's values at the last tick: scenario, point, seed, indicators.

        Raises
        ------
        ScenarioError
            For an indicator that was not kept.
        """
        last = 4 * int(self.about["years"]) - 1
        where = (ds.field("tick") == last) & (ds.field("territory") == "")
        return self._values(where, indicators).drop(columns=["tick", "territory"])

    def _values(self, where: Any, indicators: Sequence[str] | None = None) -> pd.DataFrame:
        columns = self._kept(indicators)
        files = self._files("results")
        if not files:
            return pd.DataFrame({name: [] for name in (*KEYS, *columns)})
        table = ds.dataset([str(path) for path in files], format="parquet").to_table(
            columns=["run", "tick", "territory", *columns], filter=where
        )
        frame: pd.DataFrame = table.to_pandas()
        frame["territory"] = frame["territory"].astype("str")
        frame = frame.merge(self.runs[["run", "point", "scenario", "seed"]], on="run")
        frame["order"] = frame["scenario"].map({name: n for n, name in enumerate(self.scenarios)})
        frame = frame.sort_values(["order", "point", "seed", "tick", "territory"], ignore_index=True)
        return frame[[*KEYS, *columns]]

    def _kept(self, indicators: Sequence[str] | None) -> list[str]:
        wanted = list(self.indicators if indicators is None else indicators)
        unknown = [name for name in wanted if name not in self.indicators]
        if unknown:
            raise scenario_error(
                "indicateur que la campagne n'a pas gardé", "indicator that the batch did not keep", value=unknown[0],
                allowed=", ".join(self.indicators),
            )  # fmt: skip
        return wanted

    def summary(self, *, by_point: bool = False) -> pd.DataFrame:
        """Return median, p05 and p95 of each indicator at the horizon, by scenario (and point).

        Without ``by_point`` the points of the design count alike: the range holds what is uncertain and what is luck.
        """
        values = self.horizon()
        keys = ["scenario", "point"] if by_point else ["scenario"]
        tall = values.melt(
            [*keys, "seed"] if by_point else ["scenario", "point", "seed"], var_name="indicator"
        )
        grouped = tall.groupby([*keys, "indicator"], observed=True, sort=False)["value"]
        quantiles = {"median": 0.5, "p05": 0.05, "p95": 0.95}
        out = pd.DataFrame({name: grouped.quantile(q) for name, q in quantiles.items()}).reset_index()
        out.insert(len(keys) + 1, "unit", out["indicator"].map(lambda name: BY_NAME[name].unit))
        return out

    def paired(self, *, by_point: bool = False) -> pd.DataFrame:
        """Return differences b - a at the horizon, paired by point and seed, with 95 % interval and verdict.

        Worlds in which one of the two runs failed are left out.
        """
        values = self.horizon()
        columns = list(self.indicators)
        wide = {
            name: part.set_index(["point", "seed"])[columns]
            for name, part in values.groupby("scenario", observed=True)
        }
        rows = [
            row
            for a, b in combinations(self.scenarios, 2)
            for row in _pairs(a, b, wide, columns, by_point=by_point)
        ]
        head = ["point"] if by_point else []
        names = [*head, "a", "b", "indicator", "mean_difference", "low", "high", "share_b_better", "verdict"]
        return pd.DataFrame(rows, columns=names)

    def sql(self, query: str) -> pd.DataFrame:
        """Return the answer of DuckDB over the tables ``results``, ``runs``, ``points`` and ``journal``.

        Raises
        ------
        ScenarioError
            For a query that DuckDB refuses, or when DuckDB is not installed.
        """
        try:
            import duckdb
        except ImportError:
            raise missing_extra("duckdb", "batch") from None
        with duckdb.connect() as connection:
            for name, files in self._tables():
                paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{paths}])")
            try:
                answer: pd.DataFrame = connection.sql(query).df()
            except duckdb.Error as error:
                raise scenario_error(
                    f"requête refusée : {error}", f"query refused: {error}", value=query
                ) from None
        return answer

    def _tables(self) -> Iterator[tuple[str, list[Path]]]:
        for name in ("results", "runs", "journal"):
            files = self._files(name)
            if files:
                yield name, files
        yield "points", [self.folder / "points.parquet"]

    def _files(self, table: str) -> list[Path]:
        """Return the files of a table, those of complete parts only."""
        parts = self.folder / PARTS
        found = sorted(parts.glob(f"{table}-*.parquet"))
        return [path for path in found if (parts / path.name.replace(f"{table}-", "runs-")).exists()]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _pairs(
    a: str, b: str, wide: dict[Any, pd.DataFrame], columns: list[str], *, by_point: bool
) -> Iterator[list[Any]]:
    if a not in wide or b not in wide:
        return
    first, second = wide[a].align(wide[b], join="inner", axis=0)
    if not len(first):
        return
    gap = differences(first.to_numpy(np.float64), second.to_numpy(np.float64))
    place = first.index.get_level_values("point").to_numpy()
    direction = np.array([BY_NAME[name].direction for name in columns])
    for point in np.unique(place) if by_point else [None]:
        rows = gap if point is None else gap[place == point]
        effect, share = paired_effect(rows), share_better(rows, direction)
        for n, name in enumerate(columns):
            words = verdict(effect.low[n], effect.high[n], share[n], int(direction[n]))
            head = [] if point is None else [int(point)]
            yield [*head, a, b, name, effect.mean[n], effect.low[n], effect.high[n], share[n], words]


def open_batch(folder: str | Path) -> Batch:
    """Return the results of a batch, finished or still going.

    Raises
    ------
    ScenarioError
        When the folder holds no batch that this version can read.
    """
    return Batch(Path(folder))


__all__ = ["Batch", "open_batch"]
