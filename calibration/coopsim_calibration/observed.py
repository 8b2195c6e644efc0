"""Simulated against observed: whether the status quo is plausible over years for which data exist.

The case's ``observed.csv`` gives indicator, territory, period, value and range. A period of six observed years
is compared with the first six simulated ones: the case describes 2022, so the run cannot start in 2016.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from coopsim.outputs import Run
from coopsim.scenario.case import Case

YEARS = 6


def _yearly_growth(frame: pd.DataFrame, column: str) -> float:
    first, last = float(frame[column].iloc[3]), float(frame[column].iloc[3 + 4 * YEARS])
    return math.log(last / first) / YEARS


def _mean(frame: pd.DataFrame, column: str) -> float:
    return float(frame[column].iloc[: 4 * YEARS].mean())


def simulated(run: Run, indicator: str, territory: str) -> float | None:
    """Return the simulated counterpart of an observed indicator, None when the model has none.

    Parameters
    ----------
    territory : str
        Code; empty for the system.
    """
    frame = run.territories[run.territories["territory"] == territory] if territory else run.system
    if indicator in ("jobs_growth", "population_growth"):
        return _yearly_growth(frame, indicator.removesuffix("_growth"))
    if indicator in ("unemployment", "vacant_dwellings"):
        return _mean(frame, indicator)
    if indicator == "net_artificialisation":
        column = frame["artificialised_ha"]
        return float(column.iloc[4 * YEARS] - column.iloc[0]) / YEARS
    if indicator.startswith("harvest_ratio_"):
        return _mean(frame, f"{indicator.removeprefix('harvest_ratio_')}_ratio")
    if indicator == "young_firm_exit":
        return _mean(frame.iloc[4:], "young_exit_rate")
    return None


def observed_table(case: Case, runs: Sequence[Run]) -> pd.DataFrame:
    """Return one row per observed figure: value, range, simulated mean and 5–95 %, and whether it is inside.

    Rows that the model has no counterpart for are kept, with ``inside`` empty.
    """
    rows = []
    for line in case.observed.to_dict("records"):
        territory = str(line["territory"] or "")
        values = [simulated(run, str(line["indicator"]), territory) for run in runs]
        known = np.array([v for v in values if v is not None])
        mean = float(known.mean()) if known.size else math.nan
        low, high = float(line["low"]), float(line["high"])
        rows.append(
            {
                "indicator": line["indicator"],
                "territory": territory,
                "observed": float(line["value"]),
                "low": low,
                "high": high,
                "simulated": mean,
                "p05": float(np.quantile(known, 0.05)) if known.size else math.nan,
                "p95": float(np.quantile(known, 0.95)) if known.size else math.nan,
                "inside": "" if not known.size else ("yes" if low <= mean <= high else "no"),
                "unit": line["unit"],
                "source": line["source"],
            }
        )
    return pd.DataFrame(rows)
