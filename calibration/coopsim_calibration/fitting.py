"""A calibration, stage by stage: luck, screening, ruling out, posterior, identifiability, prediction, unseen worlds."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import qmc

from coopsim.batch.files import write_text
from coopsim.errors import scenario_error
from coopsim.types import FloatArray
from coopsim_calibration import history, sensitivity
from coopsim_calibration.abc_pool import Posterior, adjusted
from coopsim_calibration.abc_smc import smc
from coopsim_calibration.budget import NOISE_POINTS
from coopsim_calibration.emulator import Emulator, fit, quality_table
from coopsim_calibration.identify import Recovery, Verdict, contraction, recover, uniformity, verdict
from coopsim_calibration.simulate import Engine, OnRuns, Simulated, Stage
from coopsim_calibration.study_load import Study

_BLOCK = 10_000_000  # between the first seeds of two stages: no world is lived twice
_SOBOL_BASE = 128
_NAMES = ("noise", "morris", "pool", "predictive", "check")


@dataclass
class Result:
    """What a calibration found.

    Attributes
    ----------
    study : Study
    tables : dict of str to DataFrame
        By the name of their file.
    posterior : Posterior
    draws : ndarray, shape (draws, parameters)
        Of equal weight, in the unit cube.
    best : ndarray, shape (parameters,)
    share_left : float
        Of the prior's volume, not ruled out.
    runs, failed : int
    """

    study: Study
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    posterior: Posterior = field(default_factory=lambda: Posterior(np.empty((0, 0)), np.empty(0)))
    draws: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    best: FloatArray = field(default_factory=lambda: np.empty(0))
    share_left: float = 1.0
    runs: int = 0
    failed: int = 0

    @property
    def recovery(self) -> Verdict:
        """Whether known truths are found again."""
        return verdict(self.tables["recovery"], self.tables["ranks"])


def calibrate(
    study: Study,
    folder: str | Path,
    workers: int | None = None,
    dask: str | None = None,
    progress: OnRuns | None = None,
    *,
    fresh: bool = False,
) -> Result:
    """Fit a study, or go on with one that was cut off.

    Parameters
    ----------
    study : Study
    folder : Path
        Where runs and points are kept: each stage is a batch.
    workers : int, optional
        Processes; all cores when None.
    dask : str, optional
        Address of a Dask scheduler, or ``local``.
    progress : callable, optional
        Called with the stage, the runs there and their total.
    fresh : bool
        Delete what the folder holds of another calibration.

    Raises
    ------
    ScenarioError
        When the folder holds another study.
    """
    folder = Path(folder)
    _claim(study, folder, fresh=fresh)
    return _Calibration(study, Engine(study, folder, workers, dask, progress)).run()


def _claim(study: Study, folder: Path, *, fresh: bool) -> None:
    """Make a folder that of a study, or refuse one of another study."""
    path = folder / "study.json"
    if folder.exists() and not folder.is_dir():
        raise scenario_error("un fichier porte déjà ce nom", "a file already has this name", file=str(folder))
    if fresh:
        for name in ("runs", "points"):
            shutil.rmtree(folder / name, ignore_errors=True)
        path.unlink(missing_ok=True)
    said = {"study": study.spec.name, "fingerprint": study.fingerprint()}
    if path.is_file():
        theirs = json.loads(path.read_text(encoding="utf-8"))
        if theirs.get("fingerprint") != said["fingerprint"]:
            raise scenario_error(
                "ce dossier contient une autre étude (ou un autre budget) : autre --save, ou --fresh",
                "this folder holds another study (or another budget): another --save, or --fresh",
                file=str(folder), value=theirs.get("study"),
            )  # fmt: skip
        return
    folder.mkdir(parents=True, exist_ok=True)
    write_text(json.dumps(said), path)


class _Calibration:
    """One calibration in progress."""

    def __init__(self, study: Study, engine: Engine) -> None:
        self.study, self.engine, self.method = study, engine, study.spec.method
        self.keys = [prior.key for prior in study.priors]
        self.fitted = len(study.targets)
        self.observed = np.array([target.value for target in study.targets])
        self.errors = np.array([aim.variance for aim in study.aims])
        self.result = Result(study)
        self.luck = np.zeros(len(study.aims))
        self.stage_number = 0

    def run(self) -> Result:
        """Go through the stages."""
        self._noise()
        self._morris()
        waves = self._waves()
        pool = self._pool()
        self._posterior(pool)
        self._identify(pool)
        self._predict(pool)
        self._best(waves)
        return self.result

    def _live(self, name: str, u: FloatArray, replicates: int, *, own_seeds: bool = True) -> Simulated:
        self.stage_number += 1
        seed = self.method.seed + self.stage_number * _BLOCK
        found = self.engine.run(Stage(name, u, replicates, seed, own_seeds))
        self.result.runs += found.runs
        self.result.failed += found.failed
        if np.isnan(found.aims).all():
            raise scenario_error(
                f"toutes les simulations de cette étape ont échoué ({found.error}) ; corriger, puis --fresh",
                f"every run of this stage failed ({found.error}); mend it, then --fresh",
                value=name, file=str(self.engine.folder / "runs" / name),
            )  # fmt: skip
        return found

    def _hypercube(self, count: int, stage: int) -> FloatArray:
        rng = np.random.default_rng([self.method.seed, stage])
        out: FloatArray = qmc.LatinHypercube(len(self.keys), rng=rng).random(count)
        return out

    def _noise(self) -> None:
        """Measure luck first: no emulator and no index means anything without it."""
        u = np.concatenate([np.full((1, len(self.keys)), 0.5), self._hypercube(NOISE_POINTS - 1, 0)])
        found = self._live("noise", u, self.method.noise_runs)
        by_point = np.nanvar(found.aims, axis=1, ddof=1)
        self.luck = np.nanmean(by_point, axis=0)
        rows = []
        for n, aim in enumerate(self.study.aims):
            low, mean, high = np.sqrt([by_point[:, n].min(), self.luck[n], by_point[:, n].max()])
            rows.append(
                {
                    "target": aim.name, "held_out": n >= self.fitted, "value": aim.value, "unit": aim.unit,
                    "mean_at_centre": float(np.nanmean(found.aims[0, :, n])), "luck_sd": float(mean),
                    "luck_sd_low": float(low), "luck_sd_high": float(high),
                    "error_sd": float(np.sqrt(aim.variance)), "worlds": self.method.noise_runs,
                }
            )  # fmt: skip
        self.result.tables["noise"] = pd.DataFrame(rows)

    def _morris(self) -> None:
        if not self.method.morris_trajectories:
            return
        u = sensitivity.morris_points(len(self.keys), self.method.morris_trajectories, self.method.seed)
        found = self._live("morris", u, self.method.morris_replicates, own_seeds=False)
        means = _means(found)
        frames = []
        for n, target in enumerate(self.study.targets):
            y = np.where(np.isnan(means[:, n]), np.nanmean(means[:, n]), means[:, n])
            scale = float(np.sqrt(self.errors[n] + self.luck[n]))
            frame = sensitivity.morris(self.keys, found.u, y, scale)
            frame.insert(0, "target", target.name)
            frames.append(frame)
        self.result.tables["morris"] = pd.concat(frames, ignore_index=True)

    def _waves(self) -> list[history.Wave]:
        """Rule out points wave by wave; indices of Sobol come from the first wave, which covers the whole prior."""
        waves: list[history.Wave] = []
        rows: list[dict[str, object]] = []
        checks: list[pd.DataFrame] = []
        left = history.Remaining(1.0, np.empty((0, len(self.keys))))
        for number in range(1, self.method.waves + 1):
            u = self._hypercube(self.method.wave_points, number) if number == 1 else (
                history.spread(left.points, self.method.wave_points, self.method.seed + number)
            )  # fmt: skip
            emulators, used = self._emulators(self._live(f"wave-{number}", u, self.method.wave_replicates))
            waves.append(history.Wave(emulators, self.observed, (self.errors + self.luck)[: self.fitted]))
            check = quality_table([target.name for target in self.study.targets], emulators)
            check.insert(0, "wave", number)
            checks.append(check)
            if number == 1:
                self._sobol(emulators)
            left = history.remaining(waves, len(self.keys), self.method.seed, self.method.implausible_from)
            rows.append({"wave": number, "points": used, "share_left": left.share, "found": len(left.points)})
            self.result.share_left = left.share
            if not len(left.points):
                break
        self.result.tables["waves"] = pd.DataFrame(rows)
        self.result.tables["emulators"] = pd.concat(checks, ignore_index=True)
        self.result.tables["not_ruled_out"] = self._in_values(history.ranges(self.keys, left.points))
        self.left = left
        return waves

    def _emulators(self, found: Simulated) -> tuple[list[Emulator], int]:
        means = _means(found)[:, : self.fitted]
        good = ~np.isnan(means).any(axis=1)
        luck = self.luck / self.method.wave_replicates
        return [fit(found.u[good], means[good, n], float(luck[n])) for n in range(self.fitted)], int(
            good.sum()
        )

    def _sobol(self, emulators: list[Emulator]) -> None:
        frames = []
        for target, emulator in zip(self.study.targets, emulators, strict=True):
            frame = sensitivity.sobol(self.keys, emulator, _SOBOL_BASE, self.method.seed)
            frame.insert(0, "target", target.name)
            frames.append(frame)
        self.result.tables["sobol"] = pd.concat(frames, ignore_index=True)

    def _in_values(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table of quantiles with their values beside them."""
        for end in ("low", "high"):
            ends = frame[end].to_numpy(float)
            frame[f"{end}_value"] = [
                float(prior.numbers(np.array([q]))[0]) if np.isfinite(q) else np.nan
                for prior, q in zip(self.study.priors, ends, strict=True)
            ]
        return frame

    def _pool(self) -> tuple[FloatArray, FloatArray, Simulated]:
        """Return the common pool: quantiles of parameters, and figures with errors."""
        u = np.random.default_rng([self.method.seed, 1000]).random((self.method.pool, len(self.keys)))
        found = self._live("pool", u, 1)
        y = self._with_errors(found.aims[:, 0], 1001)
        good = ~np.isnan(y).any(axis=1)
        return found.u[good], y[good], found

    def _with_errors(self, figures: FloatArray, stage: int) -> FloatArray:
        """Return figures as they would be measured: discrepancy and errors of measurement added."""
        rng = np.random.default_rng([self.method.seed, stage])
        return figures + np.stack([aim.errors(len(figures), rng) for aim in self.study.aims], axis=1)

    def _posterior(self, pool: tuple[FloatArray, FloatArray, Simulated]) -> None:
        u, y, _ = pool
        if self.method.posterior == "smc":
            found = self._smc()
        else:
            found = adjusted(u, y[:, : self.fitted], self.observed, self.method.accepted_share)
        rng = np.random.default_rng([self.method.seed, 2000])
        self.result.posterior = found
        self.result.draws = found.sample(self.method.draws, rng)

    def _smc(self) -> Posterior:
        def simulate(u: FloatArray, name: str) -> FloatArray:
            found = self._live(name, u, 1)
            y = self._with_errors(found.aims[:, 0], 3000 + self.stage_number)[:, : self.fitted]
            return np.where(np.isnan(y), np.inf, y)

        generations = smc(simulate, len(self.keys), self.observed, self.method.smc_particles,
                          self.method.smc_generations, self.method.seed)  # fmt: skip
        rows = [{"generation": n, "tolerance": g.tolerance, "runs": g.simulated, "effective": g.posterior.effective}
                for n, g in enumerate(generations)]  # fmt: skip
        self.result.tables["generations"] = pd.DataFrame(rows)
        return generations[-1].posterior

    def _identify(self, pool: tuple[FloatArray, FloatArray, Simulated]) -> None:
        u, y, _ = pool
        share = self.method.accepted_share
        found: Recovery = recover(u, y[:, : self.fitted], self.method.truths, share, self.method.seed)
        table = found.table(self.keys)
        self.result.tables["recovery"] = table
        self.result.tables["ranks"] = uniformity(self.keys, found.ranks)
        said = self.result.posterior.quantile(np.array([0.05, 0.5, 0.95]))
        gains = contraction(self.result.posterior)
        rows = []
        for n, prior in enumerate(self.study.priors):
            ends = prior.numbers(np.array([0.05, 0.5, 0.95]))
            after = prior.numbers(said[:, n])
            rows.append(
                {
                    "parameter": prior.key, "prior": prior.spec.prior, "prior_p05": ends[0], "prior_median": ends[1],
                    "prior_p95": ends[2], "p05": after[0], "median": after[1], "p95": after[2],
                    "contraction": float(gains[n]),
                    "contraction_expected": float(table["contraction"].iloc[n]),
                    "identified": bool(table["identified"].iloc[n]), "source": prior.spec.source,
                    "grade": prior.spec.grade,
                }
            )  # fmt: skip
        self.result.tables["parameters"] = pd.DataFrame(rows)

    def _predict(self, pool: tuple[FloatArray, FloatArray, Simulated]) -> None:
        from coopsim_calibration import out_of_sample
        from coopsim_calibration.predictive import outcome_table, predictive_table

        found = self._live("predictive", self.result.draws, 1)
        y = self._with_errors(found.aims[:, 0], 4000)
        y = y[~np.isnan(y).any(axis=1)]
        self.result.tables["predictive"] = predictive_table(self.study.targets, y, pool[1])
        held = self.study.held_out
        replaced = {(item.column, item.territory) for item in self.study.spec.replaced}
        self.result.tables["out_of_sample"] = out_of_sample.table(
            held, y[:, self.fitted :], self.study.targets, replaced
        )
        self.result.tables["outcomes"] = outcome_table(
            self.study.spec.outcomes, pool[2].outcomes[:, 0], found.outcomes[:, 0]
        )

    def _best(self, waves: list[history.Wave]) -> None:
        """Run the most likely point again in worlds that no stage has seen."""
        candidates = np.concatenate([self.result.draws, self.left.points])
        misfit = np.sum([(wave.implausibility(candidates) ** 2).sum(axis=1) for wave in waves[-1:]], axis=0)
        self.result.best = candidates[int(np.argmin(misfit))]
        found = self._live("check", self.result.best[None, :], self.method.check_seeds)
        expected = [emulator.predict(self.result.best[None, :])[0][0] for emulator in waves[-1].emulators]
        rows = []
        for n, aim in enumerate(self.study.aims):
            runs = found.aims[0, :, n]
            error = float(np.sqrt(self.errors[n] + self.luck[n]))
            rows.append(
                {
                    "target": aim.name, "held_out": n >= self.fitted, "value": aim.value, "unit": aim.unit,
                    "emulated": expected[n] if n < self.fitted else np.nan, "mean": float(np.nanmean(runs)),
                    "p05": float(np.nanquantile(runs, 0.05)), "p95": float(np.nanquantile(runs, 0.95)),
                    "errors_away": abs(float(np.nanmean(runs)) - aim.value) / error, "worlds": self.method.check_seeds,
                }
            )  # fmt: skip
        self.result.tables["best_point"] = pd.DataFrame(rows)


def _means(found: Simulated) -> FloatArray:
    """Return the mean over worlds of each point, NaN where all of them failed."""
    count = (~np.isnan(found.aims)).sum(axis=1)
    total = np.nansum(found.aims, axis=1)
    out: FloatArray = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return out
