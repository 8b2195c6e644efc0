"""Which parameters move which indicators of any plan or scenario: Morris on the model, Sobol on emulators of it.

Two batches: trajectories of Morris, then a Latin hypercube on which a Gaussian process is fitted for each indicator of
each scenario, and for each difference between two of them (paired by point and world). Both go on when cut off.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from coopsim.batch import Plan, job_of, live_batch, open_batch
from coopsim.batch.design import unit_sample
from coopsim.batch.files import write_text
from coopsim.batch.plan import Design, Record
from coopsim.batch.reading import Batch
from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.indicators import SYSTEM
from coopsim.registry import nearest
from coopsim.scenario.parameters import parameters
from coopsim.types import FloatArray
from coopsim_calibration import sensitivity
from coopsim_calibration.emulator import fit, quality

OnRuns = Callable[[str, int, int], None]
_SOBOL_BASE = 128
_LEAST_WORLDS = 2


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is run.

    Attributes
    ----------
    trajectories : int
        Of Morris.
    points : int
        Of the Latin hypercube that emulators are fitted on; 0: no Sobol indices.
    replicates : int
        Worlds at each point, the same ones at all points.
    seed : int
    """

    trajectories: int = 10
    points: int = 100
    replicates: int = 3
    seed: int = 0

    def runs(self, plan: Plan) -> dict[str, int]:
        """Return the runs of each stage."""
        each = len(plan.run.scenarios) * self.replicates
        found = {"morris": self.trajectories * (len(plan.parameter) + 1) * each, "sample": self.points * each}
        return {stage: runs for stage, runs in found.items() if runs}


@dataclass(frozen=True)
class Series:
    """One figure over the points of a design.

    Attributes
    ----------
    scenario : str
        Name, or ``B - A`` for a difference.
    indicator : str
    y : ndarray, shape (points,)
        Mean over worlds at the horizon.
    luck : float
        Variance from one world to another at the same point, mean over points.
    """

    scenario: str
    indicator: str
    y: FloatArray
    luck: float


def plan_of(
    scenarios: Sequence[str], ranges: dict[str, tuple[float, float] | None], years: int | None
) -> Plan:
    """Return a plan that sweeps keys of scenarios; without bounds, over the plausible range of the parameter files.

    Raises
    ------
    ScenarioError
        For a key that has no plausible range and no bounds, and for what a plan refuses.
    """
    problems, rows = [], []
    for key, given in ranges.items():
        known = parameters().get(key)
        bounds = given or (known.range if known else None)
        if bounds is None:
            text = Text(
                "pas de plage plausible pour cette clé : écrire CLÉ=BAS:HAUT",
                "no plausible range for this key: write KEY=LOW:HIGH",
            )
            near = nearest(key, [name for name, p in parameters().items() if p.range]) if not known else ""
            problems.append(Problem(text, key="--vary", value=key, nearest=near))
            continue
        whole = known is not None and isinstance(known.value, int) and not isinstance(known.value, bool)
        law = {"distribution": "uniform", "low": float(bounds[0]), "high": float(bounds[1]), "integer": whole}
        rows.append({"key": key, **law})
    if problems:
        raise ScenarioError(problems)
    try:
        return Plan.model_validate(
            {
                "schema": 1, "name": "sensitivity", "parameter": rows,
                "run": {"scenarios": list(scenarios), "years": years},
                "design": {"kind": "latin_hypercube", "points": 2},
            }
        )  # fmt: skip
    except ValueError as error:
        found = getattr(error, "problems", None)
        raise ScenarioError(found) if found else _refused(error) from None


def _refused(error: ValueError) -> ScenarioError:
    from pydantic import ValidationError

    from coopsim.scenario.refusals import refusals

    if not isinstance(error, ValidationError):
        raise error
    return ScenarioError([problem for _, problem in refusals(error, Plan)])


def screen(
    plan: Plan,
    folder: Path,
    indicators: Sequence[str],
    effort: Effort,
    workers: int | None = None,
    dask: str | None = None,
    progress: OnRuns | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the tables ``morris``, ``sobol`` and ``emulators``, and write them in ``folder/tables``.

    Parameters
    ----------
    plan : Plan
        Its scenarios, contrasts and parameters; its own design is not used.
    folder : Path
        Runs are kept there (``runs/morris``, ``runs/sample``): the same call goes on.
    indicators : sequence of str
        Of the whole, at the horizon.
    effort : Effort
    workers, dask, progress
        As in `coopsim_calibration.calibrate`.

    Returns
    -------
    dict of str to DataFrame
        ``morris``: scenario, indicator, parameter, mu_star, mu_star_conf, sigma, mu_star_in_errors (here: in standard
        deviations of one world's luck). ``sobol``: S1, ST with their range over functions of the emulator.
        ``emulators``: cross-validation.

    Raises
    ------
    ScenarioError
        For a plan without laws, an unknown indicator, a folder of another plan.
    """
    _check(plan, indicators, effort)
    keys = [parameter.key for parameter in plan.parameter]
    tables: dict[str, list[pd.DataFrame]] = {}
    stages = {"morris": effort.trajectories, "sample": effort.points}
    for stage, count in stages.items():
        if not count:
            continue
        kind = "morris" if stage == "morris" else "latin_hypercube"
        batch = _lived(
            plan, folder / "runs" / stage, indicators, effort, (kind, count), workers, dask, progress
        )
        u = unit_sample(kind, len(keys), count, effort.seed, sensitivity.LEVELS)
        for series in _series(batch, indicators):
            for name, frame in _analysed(stage, keys, u, series, effort):
                frame.insert(0, "scenario", series.scenario)
                frame.insert(1, "indicator", series.indicator)
                tables.setdefault(name, []).append(frame)
    found = {name: pd.concat(frames, ignore_index=True) for name, frames in tables.items()}
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, frame in found.items():
        write_text(frame.to_csv(index=False), folder / "tables" / f"{name}.csv")
    return found


def _check(plan: Plan, indicators: Sequence[str], effort: Effort) -> None:
    problems = []
    if not plan.parameter:
        problems.append(
            Problem(Text("rien ne varie dans ce plan", "nothing varies in this plan"), value=plan.name)
        )
    for parameter in plan.parameter:
        problems += [*parameter.misfits("morris")]
    for name in indicators:
        if name not in SYSTEM:
            text = Text("indicateur inconnu", "unknown indicator")
            problems.append(Problem(text, key="--indicator", value=name, nearest=nearest(name, list(SYSTEM))))
    if effort.replicates < _LEAST_WORLDS:
        text = Text("deux mondes au moins, pour connaître le hasard", "two worlds at least, to know luck")
        problems.append(
            Problem(text, key="--replicates", value=effort.replicates, allowed=f"≥ {_LEAST_WORLDS}")
        )
    if problems:
        raise ScenarioError(problems)


def _lived(
    plan: Plan, place: Path, indicators: Sequence[str], effort: Effort, design: tuple[str, int],
    workers: int | None, dask: str | None, progress: OnRuns | None,
) -> Batch:  # fmt: skip
    kind, count = design
    mine = plan.model_copy(
        update={
            "design": Design.model_validate({"kind": kind, "points": count, "seed": effort.seed}),
            "run": plan.run.model_copy(update={"replicates": effort.replicates}),
            "record": Record(what="horizon", indicators=tuple(dict.fromkeys(indicators))),
        }
    )
    told = None if progress is None else lambda done, total: progress(place.name, done, total)
    live_batch(mine, job_of(mine, place.resolve()), workers, dask, told)
    return open_batch(place)


def _series(batch: Batch, indicators: Sequence[str]) -> Iterator[Series]:
    """Yield each indicator of each scenario, then of each difference, over the points of a batch."""
    values = batch.horizon(indicators).set_index(["scenario", "point", "seed"])
    for indicator in indicators:
        by_name = {name: values.xs(name, level="scenario")[indicator] for name in batch.scenarios}
        gaps = {f"{b} - {a}": (by_name[b] - by_name[a]).dropna() for a, b in batch.contrasts}
        for name, found in {**by_name, **gaps}.items():
            points = found.groupby("point")
            means = points.mean().reindex(range(len(batch.points)))
            if means.isna().any():
                raise scenario_error(
                    "un point n'a pas de valeur : voir les échecs", "a point has no value: see failures",
                    key=indicator, value=int(means.index[means.isna()][0]), file=str(batch.folder),
                )  # fmt: skip
            luck = float(np.nan_to_num(points.var(ddof=1).mean()))
            yield Series(name, indicator, means.to_numpy(np.float64), luck)


def _analysed(
    stage: str, keys: Sequence[str], u: FloatArray, series: Series, effort: Effort
) -> Iterator[tuple[str, pd.DataFrame]]:
    if stage == "morris":
        yield "morris", sensitivity.morris(keys, u, series.y, float(np.sqrt(series.luck)) or 1.0)
        return
    emulator = fit(u, series.y, series.luck / effort.replicates)
    yield "sobol", sensitivity.sobol(keys, emulator, _SOBOL_BASE, effort.seed)
    yield "emulators", pd.DataFrame([quality(series.indicator, emulator)]).drop(columns="target")
