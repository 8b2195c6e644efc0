"""Runs of a study through the batch engine: every stage is a batch in its own folder, so it resumes by itself."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coopsim.batch import Plan, job_of, live_batch, open_batch
from coopsim.batch.work import Job
from coopsim.types import FloatArray
from coopsim_calibration.observables import SYSTEM
from coopsim_calibration.priors import table
from coopsim_calibration.study_load import Study

OnRuns = Callable[[str, int, int], None]
"""Called with the stage, the runs of it that are there, and their total."""


@dataclass(frozen=True, slots=True)
class OwnSeeds(Job):
    """A batch whose points do not share their worlds: point p, replicate r has seed first + p·replicates + r."""

    def address(self, run: int) -> tuple[int, int, int]:
        """Return the point, the lane and the seed of a run."""
        point, replicate = divmod(run, len(self.seeds))
        return point, 0, self.seeds.start + point * len(self.seeds) + replicate


@dataclass(frozen=True)
class Stage:
    """One batch of a study.

    Attributes
    ----------
    name : str
        Of its folder.
    u : ndarray, shape (points, parameters)
        In the unit cube.
    replicates, seed : int
    own_seeds : bool
        Whether each point has worlds of its own; the same worlds at every point otherwise.
    """

    name: str
    u: FloatArray
    replicates: int
    seed: int
    own_seeds: bool = True


@dataclass(frozen=True)
class Simulated:
    """What a stage gave; NaN where a run failed.

    Attributes
    ----------
    u : ndarray, shape (points, parameters)
    aims : ndarray, shape (points, replicates, targets and held-out figures)
    outcomes : ndarray, shape (points, replicates, outcomes)
        Indicators of the whole at the end of the runs.
    runs, failed : int
    error : str
        What stopped the first run that failed.
    """

    u: FloatArray
    aims: FloatArray
    outcomes: FloatArray
    runs: int
    failed: int
    error: str = ""


@dataclass(frozen=True)
class Engine:
    """Where and how a study's runs are lived.

    Attributes
    ----------
    study : Study
    folder : Path
    workers : int or None
    dask : str or None
    progress : callable or None
    """

    study: Study
    folder: Path
    workers: int | None = None
    dask: str | None = None
    progress: OnRuns | None = None

    def run(self, stage: Stage) -> Simulated:
        """Live the runs of a stage that are not there yet, and return what they gave."""
        u = self._points(stage)
        place = self.folder / "runs" / stage.name
        plan = self._plan(stage, u)
        job = job_of(plan, place.resolve())
        if stage.own_seeds:
            job = OwnSeeds(**{name: getattr(job, name) for name in Job.__dataclass_fields__})
        live_batch(plan, job, self.workers, self.dask, self._told(stage.name))
        return self._read(u, stage, place)

    def _told(self, name: str) -> Callable[[int, int], None] | None:
        progress = self.progress
        return None if progress is None else lambda done, total: progress(name, done, total)

    def _points(self, stage: Stage) -> FloatArray:
        """Return the points of a stage: those written when it began, so that a resumed study never proposes others."""
        path = self.folder / "points" / f"{stage.name}.npy"
        if path.is_file():
            out: FloatArray = np.load(path)
            return out
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, stage.u)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        return stage.u

    def _plan(self, stage: Stage, u: FloatArray) -> Plan:
        spec = self.study.spec
        models = {aim.observable.model for aim in self.study.aims}
        places = any(aim.territory != SYSTEM for aim in self.study.aims)
        document = {
            "schema": 1,
            "name": f"{spec.name} {stage.name}",
            "run": {
                "scenarios": [self._lane()],
                "replicates": stage.replicates,
                "seed": stage.seed,
                "years": spec.model.years,
            },
            "design": {"kind": "list"},
            "parameter": [
                {"key": key, "values": values} for key, values in table(self.study.priors, u).items()
            ],
            "record": {
                "what": "quarterly",
                "indicators": sorted(models | set(spec.outcomes)),
                "territories": places,
            },
        }
        return Plan.model_validate(document)

    def _lane(self) -> dict[str, object]:
        spec = self.study.spec
        held = {item.key: item.value for item in (*spec.constant, *spec.lever)}
        case = {"case.name": self.study.case} if self.study.case else {}
        return {"scenario": self.study.source, "label": "study", "set": {**spec.model.set, **held, **case}}

    def _read(self, u: FloatArray, stage: Stage, place: Path) -> Simulated:
        """Return the figures of every run of a stage."""
        found = open_batch(place)
        aims, outcomes = self.study.aims, self.study.spec.outcomes
        count = len(u) * stage.replicates
        out_aims = np.full((count, len(aims)), np.nan)
        out_other = np.full((count, len(outcomes)), np.nan)
        frame = found.values()
        ticks = frame["tick"].nunique()
        territory = frame["territory"].astype(str).to_numpy()
        for code in (
            {aim.territory for aim in aims} | {SYSTEM} if ticks else ()
        ):  # no row where every run failed
            rows = frame[territory == ("" if code == SYSTEM else code)]
            run = rows["point"].to_numpy() * stage.replicates + rows["seed"].to_numpy() - stage.seed
            there = run.reshape(-1, ticks)[:, 0]
            for n, aim in enumerate(aims):
                if aim.territory == code:
                    series = rows[aim.observable.model].to_numpy(float).reshape(-1, ticks)
                    out_aims[there, n] = aim.simulated(series)
            if code == SYSTEM:
                for n, name in enumerate(outcomes):
                    out_other[there, n] = rows[name].to_numpy(float).reshape(-1, ticks)[:, -1]
        shape = (len(u), stage.replicates, len(aims))
        broken = found.runs[found.runs["status"] != "done"]
        return Simulated(
            u,
            out_aims.reshape(shape),
            out_other.reshape(len(u), stage.replicates, len(outcomes)),
            count,
            len(broken),
            str(broken["error"].iloc[0]) if len(broken) else "",
        )
