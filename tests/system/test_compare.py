"""The main job on the real engine: compare, save, report; processes change nothing; a factorial design runs."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from coopsim.comparison import Comparison, compare
from coopsim.errors import ScenarioError
from coopsim.executors import RunFailure
from coopsim.factorial import factorial, load_factor
from coopsim.indicators import SYSTEM, TERRITORY
from coopsim.report import report_html
from coopsim.run import simulate
from coopsim.scenario import load_scenario

YEARS = 3
OUTSIDE = "economy.siting.outside_share"


@pytest.fixture(scope="module")
def lanes():
    names = ("figeac-attractiveness", "figeac-cooperation")
    return [load_scenario(name, {"horizon.years": YEARS, "name": name}) for name in names]


@pytest.fixture(scope="module")
def comparison(lanes):
    return compare(lanes, replicates=3, seed=5, workers=1)


def test_replicate_k_is_the_run_with_seed_s_plus_k(lanes, comparison):
    assert comparison.seeds == (5, 6, 7)
    run = simulate(lanes[1], seed=6)
    frame = comparison.trajectories
    at = (frame["scenario"] == lanes[1].name) & (frame["seed"] == 6)
    system = frame[at & (frame["territory"] == "")]
    local = frame[at & (frame["territory"] != "")]
    np.testing.assert_array_equal(system[list(SYSTEM)].to_numpy(), run.system[list(SYSTEM)].to_numpy())
    np.testing.assert_array_equal(
        local[list(TERRITORY)].to_numpy(), run.territories[list(TERRITORY)].to_numpy()
    )
    assert local["territory"].astype(str).tolist() == run.territories["territory"].tolist()
    told = comparison.journal
    told = told[(told["scenario"] == lanes[1].name) & (told["seed"] == 6)]
    assert told["reason_fr"].tolist() == run.journal["reason_fr"].tolist()


def test_processes_change_nothing(lanes, comparison, tmp_path):
    seen = []
    again = compare(
        lanes, replicates=3, seed=5, workers=2, progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1] == (6, 6)
    np.testing.assert_array_equal(again.ensemble.cube, comparison.ensemble.cube)
    pd.testing.assert_frame_equal(again.paired, comparison.paired)
    pd.testing.assert_frame_equal(again.journal, comparison.journal)
    for side, one in (("a", comparison), ("b", again)):
        one.save(tmp_path / side)
    for name in ("summary", "paired", "trajectories", "journal"):
        files = [(tmp_path / side / f"{name}.parquet").read_bytes() for side in ("a", "b")]
        assert files[0] == files[1]


def test_two_names_for_one_set_of_rules_give_no_difference(lanes):
    twin = lanes[0].but({"name": "twin"})
    paired = compare([lanes[0], twin], replicates=2, workers=1).paired
    assert set(paired["verdict"]) == {"no clear difference"}
    assert set(paired["share_b_better"]) == {0.5}
    assert (paired["mean_difference"] == 0.0).all()


def test_what_is_saved_is_enough_for_the_report(comparison, tmp_path):
    comparison.save(tmp_path)
    again = Comparison.load(tmp_path)
    text = report_html(again, "fr")
    assert text == report_html(comparison, "fr")
    assert "Grand-Figeac" in text
    assert all(scenario["hash"] in text for scenario in comparison.manifest["scenarios"])
    assert "coopsim compare figeac-attractiveness figeac-cooperation --replicates 3 --seed 5" in text


def test_different_territories_are_refused(lanes):
    case = {"synthetic": {"territories": 2}}
    other = load_scenario({"name": "other", "case": case, "horizon": {"years": YEARS}})
    with pytest.raises(ScenarioError, match="same territories"):
        compare([lanes[0], other], replicates=1, workers=1)


def test_a_run_that_breaks_says_which(lanes, monkeypatch):
    import coopsim.run

    def broken(spec, seed):
        raise ZeroDivisionError

    monkeypatch.setattr(coopsim.run, "simulate", broken)
    with pytest.raises(RunFailure, match="figeac-attractiveness") as caught:
        compare(lanes, replicates=2, seed=40, workers=1)
    assert caught.value.seed == 40


def test_a_factorial_design_runs_from_its_files(lanes, tmp_path):
    base = lanes[0].but({"name": "base", "horizon.years": 2})
    factors = [load_factor("attractiveness"), load_factor("pacts")]
    result = factorial(base, factors, replicates=2, workers=1, sweep={OUTSIDE: [0.9]})
    points = ["", f"{OUTSIDE}=0.9"]
    assert result.effects["sweep"].drop_duplicates().tolist() == points
    assert set(result.effects["kind"]) == {"main", "interaction", "simple"}
    assert len(result.cells) == 2 * 4 * len(SYSTEM)
    assert result.zero_sum["territory"].unique().tolist() == ["200067361"]
    assert result.zero_sum[OUTSIDE].tolist() == [0.5, 0.9]
    cells = result.cells[(result.cells["sweep"] == "") & (result.cells["indicator"] == "subsidies_keur")]
    spent = cells.set_index(["attractiveness", "pacts"])["median"]
    assert spent[("off", "off")] == spent[("off", "on")] == 0.0
    result.save(tmp_path)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["cells.parquet", "effects.parquet", "factorial.json", "zero_sum.parquet"]
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "effects.parquet"), result.effects, check_dtype=False
    )


SCRIPT = """
import coopsim.comparison as c
from coopsim.scenario import load_scenario
names = ("figeac-attractiveness", "figeac-cooperation")
lanes = [load_scenario(name, {"horizon.years": 1, "name": name}) for name in names]
print(len(c.compare(lanes, replicates=2, workers=2).paired))
"""


def test_a_plain_script_may_use_all_cores(tmp_path):
    script = tmp_path / "plain.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == str(len(SYSTEM))
