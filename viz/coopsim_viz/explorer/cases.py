"""Runs that one looks at again: the worst and the best, as scenarios that open anywhere."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from coopsim.batch import Batch
from coopsim.batch.work import varied
from coopsim.errors import scenario_error
from coopsim.registry import nearest
from coopsim.scenario import Scenario, load_scenario
from coopsim_viz.explorer.view import View

MOST = 8


@dataclass(frozen=True, slots=True)
class Case:
    """One run, or one world of a difference.

    Attributes
    ----------
    point, seed : int
    y, a, b : float
        What is looked at, and the values of the two scenarios (b is NaN without a second one).
    values : dict
        Of the design's parameters.
    """

    point: int
    seed: int
    y: float
    a: float
    b: float
    values: dict[str, Any]


def worst(view: View, most: int = MOST) -> list[Case]:
    """Return the runs that do worst for B (or for the only scenario), at most one world of each point."""
    direction = view.indicator.direction or 1
    rows = view.runs.assign(rank=view.runs["y"] * direction).sort_values(["rank", "point", "seed"])
    rows = rows.drop_duplicates("point").head(most)
    return [
        Case(
            int(row["point"]), int(row["seed"]), float(row["y"]), float(row["a"]), float(row.get("b", np.nan)),
            {key: view.batch.points[key].iloc[int(row["point"])] for key in view.batch.parameters},
        )
        for row in rows.to_dict("records")
    ]  # fmt: skip


def scenario_of(batch: Batch, label: str, point: int) -> Scenario:
    """Return the scenario that a run of a batch lived; with the run's seed it is the same run.

    Raises
    ------
    ScenarioError
        For a scenario or a point that the batch does not have, or one that this version refuses.
    """
    if label not in batch.scenarios:
        raise scenario_error(
            "ce scénario n'est pas dans la campagne", "this scenario is not in the batch", value=label,
            allowed=", ".join(batch.scenarios), nearest=nearest(label, list(batch.scenarios)),
        )  # fmt: skip
    if not 0 <= point < len(batch.points):
        raise scenario_error(
            "la campagne n'a pas ce point", "the batch has no such point", key="point", value=point,
            allowed=f"0 – {len(batch.points) - 1}",
        )  # fmt: skip
    lane = batch.about["scenarios"][batch.scenarios.index(label)]
    values = batch.points[list(batch.parameters)].iloc[point].to_dict() if batch.parameters else {}
    plain = {str(key): v.item() if isinstance(v, np.generic) else v for key, v in values.items()}
    return varied(load_scenario(lane["document"]), plain)
