"""A whole study, small: its folder, its passport, its command, and going on after being cut off."""

import importlib.util
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from coopsim.comparison.draws import read_draws
from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang
from coopsim_calibration import command as calibrate_command
from coopsim_calibration import fitting
from coopsim_calibration.abc_pool import Posterior, adjusted
from coopsim_calibration.fitting import calibrate
from coopsim_calibration.out_of_sample import table
from coopsim_calibration.passport import FORMAT
from coopsim_calibration.results import save
from coopsim_calibration.show import shown
from coopsim_calibration.simulate import Engine, Stage
from coopsim_calibration.study_load import load_study
from coopsim_calibration.targets import Target

_spec = importlib.util.spec_from_file_location("small_study", Path(__file__).with_name("small_study.py"))
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fitted")
    study = load_study(small.write(folder))
    told = []
    result = calibrate(study, folder / "out", workers=1, progress=lambda *said: told.append(said))
    save(result, folder / "out")
    return folder / "out", study, result, told


class TestWholeStudy:
    def test_every_run_is_lived_and_told(self, fitted):
        _, study, result, told = fitted
        method = study.spec.method
        assert result.runs == 3 * 4 + 3 * 4 + 2 * 20 * 2 + method.pool + method.draws + method.check_seeds
        assert result.failed == 0
        assert {stage for stage, *_ in told} == {
            "noise",
            "morris",
            "wave-1",
            "wave-2",
            "pool",
            "predictive",
            "check",
        }

    def test_what_moves_nothing_is_named(self, fitted):
        _, _, result, _ = fitted
        said = result.tables["parameters"].set_index("parameter")
        assert not said.loc["resources.wood.mobilisable_max", "identified"]
        assert said.loc["economy.companies.exit_young_per_yr", "identified"]
        effects = result.tables["morris"].set_index(["target", "parameter"])["mu_star"]
        for target in ("jobs_growth@T01@2016-2019", "young_firm_exit@system@2016-2019"):
            assert effects[target, "resources.wood.mobilisable_max"] == pytest.approx(0.0, abs=1e-12)
        indices = result.tables["sobol"].set_index(["target", "parameter"])["ST"]
        assert indices["young_firm_exit@system@2016-2019", "economy.companies.exit_young_per_yr"] > 0.7

    def test_draws_are_legal_and_read_by_the_core(self, fitted):
        folder, study, _, _ = fitted
        draws = read_draws(folder)
        assert len(draws.rows) == study.spec.method.draws
        assert set(draws.rows[0]) == {prior.key for prior in study.priors}
        assert draws.about["study"] == "small"
        for row in draws.rows[:3]:
            study.scenario.but(row)
        assert draws.changes(50)[30] == draws.rows[0]

    def test_passport_says_what_it_cannot_say(self, fitted):
        folder, _, _, _ = fitted
        said = json.loads((folder / "passport.json").read_text(encoding="utf-8"))
        assert said["cannot_say"][0]["en"] == "Nothing on water."
        assert any("do not settle" in s["en"] and "one owner" in s["en"] for s in said["cannot_say"])
        assert {d["indicator"] for d in said["data"]} == {"jobs_growth", "young_firm_exit"}
        for lang, word in (("fr", "Ce que ce modèle ne peut pas dire"), ("en", "What this model cannot say")):
            page = (folder / f"passport-{lang}.html").read_text(encoding="utf-8")
            assert word in page
            assert "http" not in page
            assert all(s[lang].split("'")[0].split("«")[0][:30] in page for s in said["cannot_say"][:2])

    def test_passport_tells_the_recovery_and_what_moves_each_target(self, fitted):
        folder, _, result, _ = fitted
        said = json.loads((folder / "passport.json").read_text(encoding="utf-8"))
        recovery = said["recovery"]
        assert said["format"] == FORMAT
        assert (recovery["truths"], recovery["level"], recovery["binomial_level"]) == (20, 0.9, 0.99)
        assert recovery["passed"] is result.recovery.passed
        assert "resources.wood.mobilisable_max" in [r["parameter"] for r in recovery["unidentified"]]
        assert all(0.0 <= row["chi2_p"] <= 1.0 and row["ecdf_band"] > 0.0 for row in said["parameters"])
        moved = {(row["target"], row["parameter"]): row for row in said["sensitivity"]}
        exits = moved["young_firm_exit@system@2016-2019", "economy.companies.exit_young_per_yr"]
        assert exits["ST_low"] <= exits["ST"] <= exits["ST_high"]
        assert exits["mu_star"] > 0.0
        for lang, word in (("fr", "Vérités retrouvées"), ("en", "Truths found again")):
            assert word in (folder / f"passport-{lang}.html").read_text(encoding="utf-8")

    def test_known_truths_not_found_again_fail_the_command(self, fitted, monkeypatch, tmp_path):
        # a posterior half as wide as it should be: the passport, the exit code and the comparison all say so
        folder, _, _, _ = fitted
        real = fitting.recover

        def narrow(u, y, count, share, seed):
            def infer(us, ys, z):
                right = adjusted(us, ys, z, share)
                return Posterior(right.mean() + 0.2 * (right.u - right.mean()), right.weights)

            return real(u, y, count, share, seed, infer)

        monkeypatch.setattr(fitting, "recover", narrow)
        shutil.copytree(folder, tmp_path / "out")
        words = [str(folder.parent / "study.toml"), "--save", str(tmp_path / "out"), "--workers", "1"]
        said = CliRunner().invoke(calibrate_command.app, words)
        assert said.exit_code == 4
        assert "coverage is refused" in said.stderr
        passport = json.loads((tmp_path / "out" / "passport.json").read_text(encoding="utf-8"))
        assert not passport["recovery"]["passed"]
        assert passport["recovery"]["refused"]
        assert any("do not hold what they promise" in s["en"] for s in passport["cannot_say"])
        assert read_draws(tmp_path / "out").about["recovered"] is False
        monkeypatch.setattr(fitting, "recover", real)
        assert CliRunner().invoke(calibrate_command.app, words).exit_code == 0
        assert read_draws(tmp_path / "out").about["recovered"] is True

    def test_command_line_tells_it_in_both_languages(self, fitted):
        folder, _, result, _ = fitted
        assert "held out" in shown(result, folder)
        set_lang("fr")
        assert "mis de côté" in shown(result, folder)

    def test_same_study_again_runs_nothing_and_finds_the_same(self, fitted):
        folder, study, result, _ = fitted
        runs = sorted((folder / "runs").glob("*/parts/*.parquet"))
        before = [path.stat().st_mtime_ns for path in runs]
        again = calibrate(study, folder, workers=1)
        assert [path.stat().st_mtime_ns for path in runs] == before
        for name, frame in result.tables.items():
            pd.testing.assert_frame_equal(frame, again.tables[name], rtol=1e-6)

    def test_a_folder_of_another_study_is_refused(self, fitted):
        folder, _, _, _ = fitted
        other = load_study(folder.parent / "study.toml", waves=1)
        with pytest.raises(ScenarioError, match="another study"):
            calibrate(other, folder, workers=1)

    def test_predictions_are_scored_against_baselines(self, fitted):
        _, _, result, _ = fitted
        frame = result.tables["out_of_sample"].set_index("indicator")
        assert frame.loc["jobs_growth", "persistence_error"] == pytest.approx(0.01)
        assert frame.loc["jobs_growth", "trend"] == pytest.approx(np.log(1.02) / 3.0)
        assert frame.loc["unemployment", "verdict"] == "no test"  # the state of the start holds it
        assert not frame.loc["jobs_growth", "starts_from_it"]


@pytest.mark.slow
class TestSequential:
    def test_generations_are_batches_and_go_on(self, tmp_path):
        text = small.STUDY + 'posterior = "smc"\nsmc_particles = 20\nsmc_generations = 2\n'
        text = text.replace("morris_trajectories = 3", "morris_trajectories = 0").replace(
            "pool = 100", "pool = 60"
        )
        study = load_study(small.write(tmp_path, text))
        first = calibrate(study, tmp_path / "out", workers=1)
        table = first.tables["generations"]
        assert table["tolerance"].is_monotonic_decreasing
        assert len(table) == 2
        assert len(list((tmp_path / "out" / "runs").glob("generation-*"))) >= 2
        assert "morris" not in first.tables
        parts = [*(tmp_path / "out" / "runs").glob("*/parts/*.parquet")]
        before = [path.stat().st_mtime_ns for path in parts]
        again = calibrate(study, tmp_path / "out", workers=1)
        assert np.allclose(again.draws, first.draws, rtol=1e-9)
        assert [path.stat().st_mtime_ns for path in parts] == before


class TestEngine:
    def test_points_have_worlds_of_their_own(self, tmp_path):
        study = load_study(small.write(tmp_path))
        engine = Engine(study, tmp_path / "out", workers=1)
        u = np.full((3, 3), 0.5)
        own = engine.run(Stage("own", u, 2, 100))
        shared = engine.run(Stage("shared", u, 2, 100, own_seeds=False))
        assert len(np.unique(own.aims[:, :, 0])) == 6  # same point, six worlds
        assert np.array_equal(shared.aims[0], shared.aims[2])
        assert np.array_equal(own.aims[0], shared.aims[0])  # seeds 100 and 101 in both
        seeds = pd.read_parquet(tmp_path / "out" / "runs" / "own" / "manifest.parquet")["seed"]
        assert sorted(seeds) == list(range(100, 106))

    def test_failed_runs_are_told_and_left_out(self, tmp_path, monkeypatch):
        study = load_study(small.write(tmp_path))
        real = __import__("coopsim.run", fromlist=["simulate"]).simulate

        def flaky(spec, seed):
            if seed % 2:
                raise RuntimeError("no")
            return real(spec, seed=seed)

        monkeypatch.setattr("coopsim.run.simulate", flaky)
        found = Engine(study, tmp_path / "out", workers=1).run(Stage("some", np.full((2, 3), 0.5), 2, 100))
        assert found.failed == 2
        assert np.isnan(found.aims[:, 1]).all()
        assert not np.isnan(found.aims[:, 0]).any()

    def test_a_stage_whose_every_run_fails_is_told_with_the_reason(self, tmp_path, monkeypatch):
        study = load_study(small.write(tmp_path))

        def broken(spec, seed):
            raise RuntimeError("the well is dry")

        monkeypatch.setattr("coopsim.run.simulate", broken)
        with pytest.raises(ScenarioError, match=r"every run of this stage failed.*the well is dry"):
            calibrate(study, tmp_path / "out", workers=1)


class TestOutOfSample:
    @staticmethod
    def target(territory, start, end, value):
        return Target("population_growth", territory, "1/yr", start, end, value, 0.001, 0.0, 0.001)

    def test_trend_is_the_own_past_before_the_neighbour(self):
        fitted = [self.target("A", 2016, 2019, 0.01), self.target("B", 2016, 2019, 0.05)]
        held, draws = [self.target("A", 2019, 2022, 0.012)], np.full((50, 1), 0.012)
        rows = table(held, draws, fitted, {("net_migration_per_yr", "A")})
        assert rows["trend"][0] == 0.01
        assert rows["verdict"][0] == "wins"
        # the migration of the case is made of the same censuses: unless it is replaced, being right is no test
        assert table(held, draws, fitted)["verdict"][0] == "no test"
        assert table(held, draws, fitted, {("net_migration_per_yr", "B")})["verdict"][0] == "no test"

    def test_a_median_farther_than_a_baseline_is_no_win(self):
        # observed 0.002, persistence 0.002 away; the model is centred 0.003 away but wide: its CRPS is the smaller
        target = Target("jobs_growth", "A", "1/yr", 2019, 2022, 0.002, 0.001, 0.0, 0.001)
        draws = np.random.default_rng(0).normal(-0.001, 0.003, (2000, 1))
        row = table([target], draws, []).iloc[0]
        assert row["model_crps"] < row["persistence_error"] < row["model_error"]
        assert row["verdict"] == "unclear"
        assert table([target], draws + 0.002, [])["verdict"][0] == "wins"

    def test_a_model_worse_than_persistence_loses(self):
        draws = np.random.default_rng(0).normal(0.2, 0.01, (200, 1))
        rows = table([self.target("A", 2019, 2022, 0.001)], draws, [])
        assert rows["verdict"][0] == "loses"
        assert rows["loses_to"][0] == "persistence"
        assert np.isnan(rows["trend_error"][0])
        assert not rows["inside_90"][0]


def command(*words, **more):
    return [sys.executable, "-c", "from coopsim.cli import main; main()", "calibrate", *map(str, words)]


@pytest.mark.slow
class TestCutOff:
    TABLES = ("noise", "morris", "waves", "sobol", "parameters", "recovery", "ranks", "predictive",
              "out_of_sample", "best_point")  # fmt: skip

    def same(self, out, fitted):
        for name in self.TABLES:
            mine = pd.read_csv(out / "tables" / f"{name}.csv")
            theirs = pd.read_csv(fitted[0] / "tables" / f"{name}.csv")
            pd.testing.assert_frame_equal(mine, theirs, rtol=1e-6)
        assert read_draws(out).rows == read_draws(fitted[0]).rows

    def test_killed_while_the_pool_is_lived_it_goes_on_to_the_same_result(self, tmp_path, fitted):
        # the same command ends with the tables of a run that was not cut off
        study, out = small.write(tmp_path), tmp_path / "out"
        words = command(study, "--save", out, "--workers", 1)
        process = subprocess.Popen(
            words, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        limit = time.monotonic() + 300.0
        while not list((out / "runs" / "pool").glob("parts/runs-*.parquet")) and time.monotonic() < limit:
            assert process.poll() is None
            os.sched_yield()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not (out / "passport.json").exists()
        ended = subprocess.run(words, check=False, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        self.same(out, fitted)

    @pytest.mark.parametrize("seed", [0, 1])
    def test_killed_again_and_again_at_moments_drawn_from_a_seed(self, tmp_path, fitted, seed):
        # up to six times, anywhere between the start of the interpreter and the writing of the passport, with one
        # worker process or two: what was finished is never lived again, and the end is the same
        rng = np.random.default_rng(seed)
        study, out = small.write(tmp_path), tmp_path / "out"
        killed, done = 0, []
        for moment in rng.uniform(1.0, 8.0, 6):
            words = command(study, "--save", out, "--workers", 1 + killed % 2)
            process = subprocess.Popen(
                words, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                process.wait(timeout=float(moment))
                break
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                killed += 1
            parts = {path: path.stat().st_mtime_ns for path in (out / "runs").glob("*/parts/runs-*.parquet")}
            done.append(parts)
        assert killed >= 2
        for before, after in itertools.pairwise(done):
            assert before.items() <= after.items()
        ended = subprocess.run(
            command(study, "--save", out, "--workers", 2), check=False, capture_output=True, text=True
        )
        assert ended.returncode == 0, ended.stderr
        self.same(out, fitted)


class TestCommand:
    def run(self, *words):
        return subprocess.run(command(*words), check=False, capture_output=True, text=True)

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("jobs,200067361,2016,17.4,k€,1,INSEE,measured", ["mine.csv:3", "unit", "wrong unit", "jobs"]),
            ("jobs,200067361,2016,17377,jobs,174,INSEE,measured", ["mine.csv:3", "given twice", "line 2"]),
            (
                "unemployment,200067361,2022,10.1,share,0.5,INSEE,measured",
                ["mine.csv:3", "impossible", "0 – 1 share"],
            ),
            (
                "populaton,200067361,2022,43924,persons,9,INSEE,measured",
                ["mine.csv:3", "unknown figure", "population"],
            ),
        ],
    )
    def test_a_bad_row_of_a_diagnostic_is_one_message_and_exit_2(self, tmp_path, row, words):
        good = "jobs,200067361,2016,17377,jobs,174,INSEE,measured"
        head = "indicator,territory,year,value,unit,uncertainty,source,grade"
        path = tmp_path / "mine.csv"
        path.write_text(f"{head}\n{good}\n", encoding="utf-8")
        assert self.run("check", path, "figeac").returncode == 0
        path.write_text(f"{head}\n{good}\n{row}\n", encoding="utf-8")
        said = self.run("check", path, "figeac")
        assert said.returncode == 2
        assert len(said.stderr.strip().splitlines()) == 1, said.stderr
        for word in words:
            assert word in said.stderr

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            (
                'indicator = "jobs_growth"',
                'indicator = "jobs"',
                ["target[1]", "does not produce", "jobs_growth"],
            ),
            ("high = 0.4", "high = 40.0", ["uncertainty[2].high", "legal range", "0 – 2"]),
        ],
    )
    def test_a_bad_study_is_one_message_and_exit_2(self, tmp_path, old, new, words):
        path = small.write(tmp_path, small.STUDY.replace(old, new, 1))
        said = self.run(path, "--save", tmp_path / "out")
        assert said.returncode == 2
        assert len(said.stderr.strip().splitlines()) == 1, said.stderr
        for word in ("study.toml:", *words):
            assert word in said.stderr
        assert not (tmp_path / "out").exists()

    def test_dry_run_template_and_check(self, tmp_path):
        said = self.run("figeac", "--dry-run", "--lang", "fr")
        assert said.returncode == 0
        assert "fonds commun" in said.stdout
        made = self.run("template", "figeac")
        assert made.returncode == 0
        path = tmp_path / "t.csv"
        path.write_text(
            made.stdout.replace(
                "unemployment,200067361,2022,,share,,,",
                "unemployment,200067361,2022,0.1,share,0.01,x,measured",
                1,
            )
        )
        said = self.run("check", path, "figeac")
        assert said.returncode == 0, said.stderr
        assert said.stdout.startswith("1 figures")

    def test_without_the_extra_it_says_what_to_install(self):
        hidden = (
            "import importlib.util as u; real = u.find_spec; "
            "u.find_spec = lambda n, *a: None if n == 'SALib' else real(n, *a); "
            "from coopsim.cli import main; main()"
        )
        words = [sys.executable, "-c", hidden, "calibrate", "figeac"]
        said = subprocess.run(words, check=False, capture_output=True, text=True)
        assert said.returncode == 2
        assert 'pip install "coopsim[calibration]"' in said.stderr
