"""Predictive checks: what fitted worlds give of each figure, before and after the fit."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coopsim.indicators import INDICATORS
from coopsim.types import FloatArray
from coopsim_calibration.scores import tail
from coopsim_calibration.targets import Target

_QUANTILES = (0.05, 0.5, 0.95)


def predictive_table(targets: Sequence[Target], after: FloatArray, before: FloatArray) -> pd.DataFrame:
    """Return what posterior and prior predict of each fitted figure.

    Parameters
    ----------
    targets : sequence of Target
    after, before : ndarray, shape (draws, ≥ targets)
        With errors of measurement and discrepancy; the first columns are the targets'.

    Returns
    -------
    DataFrame
        target, value, unit, prior_p05, prior_median, prior_p95, p05, median, p95, p_value, inside (of the 5–95 %).
    """
    rows = []
    for n, target in enumerate(targets):
        first, said = (np.quantile(y[:, n], _QUANTILES) for y in (before, after))
        rows.append(
            {
                "target": target.name, "value": target.value, "unit": target.unit, "prior_p05": first[0],
                "prior_median": first[1], "prior_p95": first[2], "p05": said[0], "median": said[1], "p95": said[2],
                "p_value": tail(after[:, n], target.value), "inside": bool(said[0] <= target.value <= said[2]),
                "pattern": target.pattern,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def outcome_table(names: Sequence[str], before: FloatArray, after: FloatArray) -> pd.DataFrame:
    """Return the range of each outcome at the end of the runs, before and after the fit."""
    units = {indicator.name: indicator.unit for indicator in INDICATORS}
    rows = []
    for n, name in enumerate(names):
        first, said = (np.nanquantile(y[:, n], _QUANTILES) for y in (before, after))
        rows.append(
            {
                "outcome": name, "unit": units.get(name, ""), "prior_p05": first[0], "prior_median": first[1],
                "prior_p95": first[2], "p05": said[0], "median": said[1], "p95": said[2],
                "narrower_by": 1.0 - float((said[2] - said[0]) / (first[2] - first[0])) if first[2] > first[0] else 0.0,
            }
        )  # fmt: skip
    columns = [
        "outcome",
        "unit",
        "prior_p05",
        "prior_median",
        "prior_p95",
        "p05",
        "median",
        "p95",
        "narrower_by",
    ]
    return pd.DataFrame(rows, columns=columns)
