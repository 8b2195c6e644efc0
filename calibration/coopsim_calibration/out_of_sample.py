"""Predictions of figures that the fit has not seen, beside what anyone would say without a model.

Persistence says that nothing changes: growth and change 0, a level as the territory's own earlier figure where there is
one. Trend says that things go on: the same figure of the territory's fitted period, or where the fit has none, the mean
of the fitted territories.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from coopsim.types import FloatArray
from coopsim_calibration.scores import absolute_error, crps, tail
from coopsim_calibration.targets import Target


def persistence(target: Target) -> float | None:
    """Return what persistence says of a figure, None where it says nothing."""
    return 0.0 if target.observable.how in {"growth", "change"} else None


def trend(target: Target, fitted: Sequence[Target]) -> float | None:
    """Return what the trend says of a figure, None where the fit has nothing of its kind."""
    same = [t for t in fitted if t.indicator == target.indicator]
    own = [t.value for t in same if t.territory == target.territory and t.end <= target.start]
    values = own or [t.value for t in same if t.territory != target.territory]
    return float(np.mean(values)) if values else None


Columns = Collection[tuple[str, str]]
"""Columns of the case, with their territory, that a study has replaced."""


def starts_from_it(target: Target, replaced: Columns = ()) -> bool:
    """Return whether the state that runs start from holds the figure already: predicting it is then no test."""
    column = target.observable.starts
    return bool(column) and (column, target.territory) not in replaced


def scored(
    target: Target, draws: FloatArray, fitted: Sequence[Target], replaced: Columns = ()
) -> dict[str, object]:
    """Return one row of the out-of-sample table.

    Parameters
    ----------
    target : Target
        Held out.
    draws : ndarray, shape (draws,)
        Predictions, with errors of measurement and discrepancy.
    fitted : sequence of Target
    replaced : collection of (column, territory)
        Of the case, by the study.
    """
    z = target.value
    model = crps(draws, z)
    row: dict[str, object] = {
        "target": target.name, "indicator": target.indicator, "territory": target.territory, "period": target.period,
        "value": z, "unit": target.unit, "half_width": target.half_width, "median": float(np.median(draws)),
        "p05": float(np.quantile(draws, 0.05)), "p95": float(np.quantile(draws, 0.95)),
        "model_error": absolute_error(draws, z), "model_crps": model,
    }  # fmt: skip
    baselines = {"persistence": persistence(target), "trend": trend(target, fitted)}
    loses = []
    for name, said in baselines.items():
        error = abs(said - z) if said is not None else np.nan
        row[name], row[f"{name}_error"] = said, error
        if said is not None and error < model:
            loses.append(name)
    known = [name for name, said in baselines.items() if said is not None]
    row["inside_90"] = bool(row["p05"] <= z <= row["p95"])  # type: ignore[operator]
    row["p_value"] = tail(draws, z)
    row["loses_to"] = ", ".join(loses)
    row["starts_from_it"] = starts_from_it(target, replaced)
    row["verdict"] = "no baseline" if not known else "loses" if loses else "wins"
    nearest = min((abs(said - z) for said in baselines.values() if said is not None), default=np.inf)
    if row["verdict"] == "wins" and nearest < absolute_error(draws, z):
        row["verdict"] = "unclear"
    if row["starts_from_it"] and not loses:
        row["verdict"] = "no test"
    return row


def table(
    held_out: Sequence[Target], draws: FloatArray, fitted: Sequence[Target], replaced: Columns = ()
) -> pd.DataFrame:
    """Return the out-of-sample table, one row a held-out figure.

    A baseline is one value: its CRPS is its absolute error. The model loses to it when that is below the model's CRPS.
    Where its CRPS is the smaller but its median is farther than a baseline, only its range makes up for it: *unclear*.
    Where runs start from the figure itself a success is no test, and is called so; a loss stays a loss.

    Parameters
    ----------
    held_out : sequence of Target
    draws : ndarray, shape (draws, held-out figures)
    fitted : sequence of Target
    replaced : collection of (column, territory)
    """
    return pd.DataFrame([scored(target, draws[:, n], fitted, replaced) for n, target in enumerate(held_out)])
