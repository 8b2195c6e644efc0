"""Sensitivity of any plan or scenario: effects equal those of runs made one by one, idle parameters are named."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from coopsim import load_scenario, simulate
from coopsim.batch import load_plan
from coopsim.batch.design import unit_sample
from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang
from coopsim_calibration import sensitivity_command
from coopsim_calibration.screening import Effort, plan_of, screen

_spec = importlib.util.spec_from_file_location("small_study", Path(__file__).with_name("small_study.py"))
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)

EXITS, WOOD = "economy.companies.exit_young_per_yr", "resources.wood.mobilisable_max"
BOUNDS = {EXITS: (0.05, 0.4), WOOD: (0.7, 0.9)}


@pytest.fixture(scope="module")
def screened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("screened")
    small.write(folder)
    path = str(folder / "small.toml")
    plan = plan_of([path], BOUNDS, None)
    effort = Effort(trajectories=4, points=20, replicates=2)
    return folder, plan, effort, screen(plan, folder / "out", ["companies"], effort, workers=1)


def test_effects_are_those_of_runs_made_one_by_one(screened):
    folder, _, effort, tables = screened
    u = unit_sample("morris", 2, effort.trajectories, effort.seed, 4)
    base = load_scenario(str(folder / "small.toml"))

    def companies(row):
        values = {
            key: low + x * (high - low) for x, (key, (low, high)) in zip(row, BOUNDS.items(), strict=True)
        }
        specs = base.but({**values, "name": base.name})
        return np.mean(
            [simulate(specs, seed=seed).system["companies"].iloc[-1] for seed in range(effort.replicates)]
        )

    y = np.array([companies(row) for row in u])
    effects = []
    for first in range(0, len(u), 3):
        for n in range(first, first + 2):
            (moved,) = np.flatnonzero(np.abs(u[n + 1] - u[n]) > 1e-12)
            if moved == 0:
                effects.append((y[n + 1] - y[n]) / (u[n + 1, 0] - u[n, 0]))
    found = tables["morris"].set_index("parameter")
    assert len(effects) == effort.trajectories
    assert found.loc[EXITS, "mu_star"] == pytest.approx(np.mean(np.abs(effects)), rel=1e-9)
    assert found.loc[EXITS, "mu_star"] > 0.0
    assert found.loc[WOOD, "mu_star"] == 0.0  # nothing of the wood is in this scenario


def test_indices_name_what_acts(screened):
    _, _, _, tables = screened
    found = tables["sobol"].set_index("parameter")
    assert found.loc[EXITS, "ST"] > 0.8
    assert found.loc[WOOD, "ST"] < 0.2
    assert (found["ST_low"] <= found["ST"]).all()
    assert set(tables["emulators"].columns) >= {"scenario", "indicator", "q2", "within_2"}


def test_the_same_call_lives_nothing_again(screened):
    folder, plan, effort, tables = screened
    parts = {path: path.stat().st_mtime_ns for path in (folder / "out" / "runs").glob("*/parts/*.parquet")}
    again = screen(plan, folder / "out", ["companies"], effort, workers=1)
    assert parts == {p: p.stat().st_mtime_ns for p in (folder / "out" / "runs").glob("*/parts/*.parquet")}
    assert all(again[name].equals(frame) for name, frame in tables.items())
    assert (folder / "out" / "tables" / "morris.csv").is_file()


def test_differences_between_scenarios_are_screened_too(tmp_path):
    # the effect on a difference is the difference of the effects, so it is at most their sum
    small.write(tmp_path)
    other = small.SCENARIO.replace('name = "small"', 'name = "other"')
    (tmp_path / "other.toml").write_text(other + "\n[economy.companies]\ngrowth_per_quarter = 0.004\n")
    plan = plan_of([str(tmp_path / "small.toml"), str(tmp_path / "other.toml")], {EXITS: (0.05, 0.4)}, 2)
    tables = screen(plan, tmp_path / "out", ["jobs"], Effort(2, 0, 2), workers=1)
    assert set(tables) == {"morris"}
    found = tables["morris"].set_index("scenario")["mu_star"]
    assert list(found.index) == ["small", "other", "other - small"]
    assert 0.0 < found["other - small"] <= found["small"] + found["other"] + 1e-9


def test_ranges_come_from_the_parameter_files():
    plan = plan_of(["figeac-status-quo"], {"economy.siting.outside_share": None}, 3)
    assert (plan.parameter[0].low, plan.parameter[0].high) == (0.05, 0.95)
    assert not plan.parameter[0].integer


@pytest.mark.parametrize(
    ("ranges", "indicators", "words"),
    [
        ({"economy.siting.outside_shore": None}, ["jobs"], "no plausible range"),
        ({EXITS: (0.4, 0.1)}, ["jobs"], "not below"),
        ({EXITS: (0.1, 0.4)}, ["jbs"], "unknown indicator"),
        ({EXITS: (0.1, 40.0)}, ["jobs"], "out of bounds"),
    ],
)
def test_mistakes(tmp_path, ranges, indicators, words):
    with pytest.raises(ScenarioError) as caught:
        screen(
            plan_of(["figeac-status-quo"], ranges, 1),
            tmp_path / "out",
            indicators,
            Effort(2, 0, 2),
            workers=1,
        )
    assert any(words in problem.message.en for problem in caught.value.problems)


class TestCommand:
    def run(self, *words):
        return CliRunner().invoke(sensitivity_command.app, [*map(str, words)])

    def test_scenario_in_both_languages_and_as_data(self, screened):
        folder, *_ = screened
        words = [folder / "small.toml", "--vary", f"{EXITS}=0.05:0.4", "--vary", f"{WOOD}=0.7:0.9"]
        words += ["--indicator", "companies", "--trajectories", 4, "--points", 20, "--replicates", 2]
        words += ["--save", folder / "out", "--workers", 1]
        said = self.run(*words)
        assert said.exit_code == 0, said.output
        assert "total index" in said.stdout
        data = json.loads(self.run(*words, "--json").stdout)
        assert {row["parameter"] for row in data["morris"]} == {EXITS, WOOD}
        set_lang("fr")
        assert "indice total" in self.run(*words).stdout

    def test_dry_run_of_a_shipped_plan(self):
        said = self.run("screening", "--dry-run", "--trajectories", 8, "--points", 50, "--replicates", 4)
        plan = load_plan("screening")
        runs = [int(line.split()[-1]) for line in said.stdout.splitlines()]
        assert runs == [8 * (len(plan.parameter) + 1) * 2 * 4, 50 * 2 * 4]

    def test_what_is_missing_is_said(self):
        said = self.run("figeac-status-quo")
        assert isinstance(said.exception, ScenarioError)
        assert "--vary" in said.exception.problems[0].message.en
