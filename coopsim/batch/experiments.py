"""A batch as experiments: the tables that users of the EMA Workbench and of SALib know.

In their words a run is an experiment; a *policy* is one of our scenarios, a set of rules; a *scenario* is a point of
the design; the seed is one more uncertainty. SALib looks at points: worlds are averaged first.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from coopsim.batch.moments import log_moments
from coopsim.batch.tables import Tables
from coopsim.errors import scenario_error
from coopsim.registry import nearest
from coopsim.types import FloatArray

TIME = "TIME"
_QUARTERS = 4
_UNBOUNDED = 10.0  # standard deviations that stand for an absent bound


def experiments(tables: Tables, *, series: bool = False) -> tuple[pd.DataFrame, dict[str, FloatArray]]:
    """Return one row a run that ended well, and its outcomes.

    Columns: the keys of the design, seed, then scenario (the point), policy (our scenario) and model (the batch).

    Parameters
    ----------
    tables : Tables
    series : bool
        Outcomes over time, shape (runs, ticks kept), with their years under ``TIME``; at the horizon otherwise,
        shape (runs,).
    """
    columns = list(tables.indicators)
    if series:
        frame = tables.values(columns)
        frame = frame[frame["territory"] == ""]
        ticks = np.unique(frame["tick"].to_numpy(np.int64))
    else:
        frame, ticks = tables.horizon(columns), np.array([tables.last_tick])
    first = frame.iloc[:: max(len(ticks), 1)]
    table = pd.DataFrame({key: tables.points[key].to_numpy()[first["point"]] for key in tables.parameters})
    for key in table.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes]]:
        table[key] = table[key].astype("category")
    table["seed"] = first["seed"].to_numpy()
    table["scenario"] = first["point"].to_numpy()
    table["policy"] = pd.Categorical(first["scenario"].astype(str))
    table["model"] = pd.Categorical([str(tables.about["name"])] * len(first))
    if not series:
        return table, {name: frame[name].to_numpy(np.float64) for name in columns}
    shape = (len(first), len(ticks))
    outcomes = {name: frame[name].to_numpy(np.float64).reshape(shape) for name in columns}
    years = int(tables.about["start_year"]) + (ticks + 1) / _QUARTERS
    return table, outcomes | {TIME: np.broadcast_to(years, shape).copy()}


def salib_problem(tables: Tables) -> dict[str, Any]:
    """Return ``num_vars``, ``names``, ``bounds`` and ``dists`` of the design; words count from 0."""
    laws = [_law(parameter) for parameter in tables.about["parameters"]]
    return {
        "num_vars": len(laws),
        "names": list(tables.parameters),
        "bounds": [bounds for bounds, _ in laws],
        "dists": [name for _, name in laws],
    }


def _law(p: Mapping[str, Any]) -> tuple[list[float], str]:
    """Return the bounds of a parameter and its distribution as SALib writes them."""
    law, values = p.get("distribution"), p.get("values", ())
    if values and law in (None, "choice"):
        return (
            [0.0, float(len(values) - 1)] if _worded(p) else [float(min(values)), float(max(values))]
        ), "unif"
    if law in ("normal", "log_normal"):
        return _bell(p, float(p["mean"]), float(p["sd"]))
    low, high = float(p["low"]), float(p["high"])
    if law == "triangular":
        return [low, high, (float(p["mode"]) - low) / (high - low)], "triang"
    return [low, high], "logunif" if law == "log_uniform" else "unif"


def _bell(p: Mapping[str, Any], mean: float, sd: float) -> tuple[list[float], str]:
    if p["distribution"] == "log_normal":
        return list(log_moments(mean, sd)), "lognorm"
    if "low" not in p and "high" not in p:
        return [mean, sd], "norm"
    low, high = (
        float(p.get(end, mean + side * _UNBOUNDED * sd)) for end, side in (("low", -1.0), ("high", 1.0))
    )
    return [low, high, mean, sd], "truncnorm"


def _worded(p: Mapping[str, Any]) -> bool:
    return any(isinstance(value, str | bool) for value in p.get("values", ()))


def salib_sample(
    tables: Tables, indicator: str, scenario: str | None = None, against: str | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return X, shape (points, parameters), and Y, shape (points,): the mean over worlds at the horizon.

    Raises
    ------
    ScenarioError
        For an unknown name, or a point of which no run ended well.
    """
    if not tables.parameters:
        raise scenario_error(
            "ce plan n'a pas de paramètres : rien à analyser",
            "this plan has no parameters: nothing to analyse",
            file=str(tables.folder),
        )
    names = tables.scenarios
    for name in (scenario, against):
        if name is not None and name not in names:
            raise scenario_error(
                "ce scénario n'est pas dans la campagne", "this scenario is not in the batch", value=name,
                allowed=", ".join(names), nearest=nearest(name, list(names)),
            )  # fmt: skip
    values = tables.horizon([indicator]).set_index(["scenario", "point", "seed"])[indicator]
    found = values.xs(scenario or names[0], level="scenario")
    if against is not None:
        found = (found - values.xs(against, level="scenario")).dropna()
    means = found.groupby("point").mean().reindex(range(len(tables.points)))
    if means.isna().any():
        raise scenario_error(
            "un point du plan n'a pas de valeur : voir les échecs", "a point of the design has no value: see failures",
            key=indicator, value=int(means.index[means.isna()][0]),
        )  # fmt: skip
    columns = [_numbers(tables, parameter) for parameter in tables.about["parameters"]]
    return np.stack(columns, axis=1), means.to_numpy(np.float64)


def _numbers(tables: Tables, p: Mapping[str, Any]) -> FloatArray:
    column = tables.points[p["key"]]
    if _worded(p):
        order = {value: float(n) for n, value in enumerate(p["values"])}
        column = column.map(order)
    out: FloatArray = column.to_numpy(np.float64)
    return out
