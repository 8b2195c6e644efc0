"""Comparisons on posterior draws: each world has its own parameters, the same in every scenario."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coopsim import compare, load_scenario, simulate
from coopsim.comparison import fit_of, read_draws
from coopsim.errors import ScenarioError
from coopsim_calibration.draws import write_draws
from coopsim_calibration.fitting import Result
from coopsim_calibration.study_load import load_study
from tests.system import parts as synthetic

_spec = importlib.util.spec_from_file_location("small_study", Path(__file__).with_name("small_study.py"))
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)

KEY = "economy.companies.growth_per_quarter"


@pytest.fixture
def drawn(tmp_path):
    """Three draws of the small study, and two scenarios of its case."""
    study = load_study(small.write(tmp_path))
    u = np.array([[0.1, 0.5, 0.5], [0.5, 0.5, 0.5], [0.9, 0.5, 0.5]])
    write_draws(Result(study, draws=u), tmp_path / "draws.parquet")
    one = load_scenario(str(tmp_path / "small.toml"))
    return tmp_path, [one, one.but({"name": "other", "society.people.mobility_rate_per_yr": 0.05})]


def test_each_world_has_its_draw_in_every_scenario(drawn):
    folder, scenarios = drawn
    draws = read_draws(folder / "draws.parquet")
    found = compare(scenarios, replicates=4, workers=1, draws=draws)
    assert [row[KEY] for row in draws.changes(4)] == pytest.approx([-0.008, 0.0, 0.008, -0.008])
    for scenario in scenarios:
        for world, row in enumerate(draws.changes(4)):
            alone = simulate(scenario.but({**row, "name": scenario.name}), seed=world).system["jobs"].iloc[-1]
            rows = found.trajectories
            mine = rows[
                (rows["scenario"] == scenario.name) & (rows["seed"] == world) & (rows["territory"] == "")
            ]
            assert mine["jobs"].iloc[-1] == alone
    assert found.manifest["draws"]["study"] == "small"
    assert found.manifest["draws"]["count"] == 3


def test_parameter_uncertainty_widens_the_range(drawn):
    folder, scenarios = drawn
    plain = compare(scenarios, replicates=6, workers=1)
    drawn_ = compare(scenarios, replicates=6, workers=1, draws=read_draws(folder / "draws.parquet"))

    def width(found):
        row = found.summary[found.summary["indicator"] == "jobs"].iloc[0]
        return row["p95"] - row["p05"]

    assert width(drawn_) > 1.2 * width(plain)
    assert "draws" not in plain.manifest


@pytest.mark.parametrize("sound", [True, False])
def test_draws_of_a_fit_that_does_not_find_known_truths_are_told(drawn, capsys, sound):
    from coopsim.cli.commands.comparing import _draws

    folder, scenarios = drawn
    study = load_study(folder / "study.toml")
    recovery = pd.DataFrame({"parameter": [KEY], "truths": [100], "sound": [sound], "identified": [True]})
    ranks = pd.DataFrame({"parameter": [KEY], "uniform": [True]})
    result = Result(study, draws=np.full((2, 3), 0.5), tables={"recovery": recovery, "ranks": ranks})
    write_draws(result, folder / "draws.parquet")
    assert len(_draws(str(folder), scenarios).rows) == 2
    assert ("does not find known truths again" in capsys.readouterr().err) is not sound


def test_draws_of_another_case_are_refused(drawn):
    folder, _ = drawn
    figeac = [load_scenario("figeac-status-quo"), load_scenario("figeac-cooperation")]
    with pytest.raises(ScenarioError, match="not of the case"):
        compare(figeac, replicates=1, draws=read_draws(folder))


@pytest.mark.parametrize("content", [None, b"not parquet"])
def test_unreadable_draws(tmp_path, content):
    if content:
        (tmp_path / "draws.parquet").write_bytes(content)
    with pytest.raises(ScenarioError, match="no readable draws"):
        read_draws(tmp_path)


def test_command_line(drawn):
    folder, _ = drawn
    other = folder / "other.toml"
    other.write_text((folder / "small.toml").read_text().replace('"small"', '"other"'), encoding="utf-8")
    words = [
        "compare",
        str(folder / "small.toml"),
        str(other),
        "--replicates",
        "2",
        "--workers",
        "1",
        "--json",
    ]
    start = [sys.executable, "-c", "from coopsim.cli import main; main()"]
    said = subprocess.run(
        [*start, *words, "--ensemble", str(folder)], check=False, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    missing = subprocess.run([*start, *words, "--ensemble", "calibrated"], check=False, capture_output=True, text=True,
                             cwd=folder)  # fmt: skip
    assert missing.returncode == 2
    assert "coopsim calibrate" in missing.stderr


def test_the_shipped_fit_of_a_case_is_used_where_nobody_made_another(tmp_path):
    """Its draws are sound, of this case, and every Figeac scenario takes them; a fit made here comes first."""
    specs = [load_scenario("figeac-attractiveness"), load_scenario("figeac-cooperation")]
    shipped = fit_of(specs[0], tmp_path)
    assert shipped.name == "calibration"
    draws = read_draws(shipped).fitting(specs)
    assert draws.about["recovered"] is True
    assert len({tuple(row.values()) for row in draws.rows}) > 100
    own = tmp_path / "calibration-figeac"
    own.mkdir()
    assert fit_of(specs[0], tmp_path) == own
    assert fit_of(synthetic.small(), tmp_path).name == "calibration-synthetic"
