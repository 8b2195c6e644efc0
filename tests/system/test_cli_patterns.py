"""``coopsim patterns`` and ``coopsim regimes`` as users call them: tiny runs, going on after a stop, clear mistakes."""

import json

import pytest
from typer.testing import CliRunner

from coopsim.cli.root import app

TWO = """schema = 1

[[pattern]]
id = "A1"
title = { fr = "les appels concurrentiels font des rivaux", en = "competitive calls make rivals" }
source = "test"
status = "validation"
written = 2026-11-21
seeds = 3
years = 2
runs.rival = { scenario = "calls-competitive" }
runs.together = { scenario = "calls-cooperative" }
writer = { key = "society.ties.rivalry_call_gain", value = 0.0, fr = "gain de rivalité", en = "gain of rivalry" }

[[pattern.test]]
label = { fr = "rivalité", en = "rivalry" }
statistic = "difference"
runs = ["rival", "together"]
measure = "ties.rivalry"
above = 0.0

[[pattern]]
id = "A2"
title = { fr = "une règle qui n'existe pas", en = "a rule that does not exist" }
source = "test"
status = "validation"
written = 2026-11-21
seeds = 3
years = 2
runs.base = { scenario = "calls-competitive", set = { "governance.payoff.callz" = 1 } }
writer = { key = "society.ties.rivalry_call_gain", value = 0.0, fr = "gain", en = "gain" }

[[pattern.test]]
label = { fr = "emplois", en = "jobs" }
statistic = "level"
runs = ["base"]
measure = "jobs"
above = 0.0
"""


def coopsim(*words):
    return CliRunner().invoke(app, list(words), env={"LC_ALL": "C", "COLUMNS": "200"})


@pytest.fixture
def two(tmp_path):
    path = tmp_path / "two.toml"
    path.write_text(TWO, encoding="utf-8")
    return path


def test_two_patterns_judged_flipped_kept_and_written(two, tmp_path):
    out, page = tmp_path / "out", tmp_path / "page.md"
    words = ("patterns", "--file", str(two), "--workers", "1", "--out", str(out))
    done = coopsim(*words, "--page", str(page), "--json")
    assert done.exit_code == 0, done.output
    first, second = json.loads(done.stdout)
    (test,) = first["tests"]
    assert first["verdict"] == "pass"
    assert test["passed"]
    assert 0.0 < test["low"] <= test["mean"]
    assert test["worlds"] == 3
    assert first["flip"]["origin"] == "built in"  # without the gain no call feeds rivalry
    assert first["flip"]["figure"]["mean"] == pytest.approx(0.0, abs=1e-12)
    assert second["verdict"] == "cannot be run"
    assert "callz" in second["reason"][0]
    assert second["tests"] == []
    text = page.read_text(encoding="utf-8")
    assert "1 pass, 0 fail, 1 cannot be run, of 2." in text
    assert "built in (`society.ties.rivalry_call_gain` = 0.0" in text

    runs = {path: path.stat().st_mtime_ns for path in out.glob("*.json")}
    assert len(runs) == 12  # two scenarios, as they are and flipped, in three worlds
    again = coopsim(*words, "--json")
    assert json.loads(again.stdout) == json.loads(done.stdout)
    assert {path: path.stat().st_mtime_ns for path in out.glob("*.json")} == runs  # nothing was lived again


def test_a_run_that_is_half_written_is_lived_again(two, tmp_path):
    out = tmp_path / "out"
    words = ("patterns", "A1", "--file", str(two), "--workers", "1", "--no-flip", "--out", str(out), "--json")
    before = coopsim(*words)
    broken = sorted(out.glob("*.json"))[0]
    whole = broken.read_text(encoding="utf-8")
    broken.write_text(whole[: len(whole) // 2], encoding="utf-8")
    assert json.loads(coopsim(*words).stdout) == json.loads(before.stdout)
    assert broken.read_text(encoding="utf-8") == whole


def test_tables_and_lists_in_french(two):
    listed = coopsim("patterns", "--file", str(two), "--dry-run", "--lang", "fr")
    assert listed.exit_code == 0
    assert "2 motifs, 6 simulations." in listed.output
    told = coopsim("patterns", "A1", "--file", str(two), "--workers", "1", "--no-flip", "--lang", "fr")
    assert "1 vérifiés, 0 non vérifiés, 0 impossibles à essayer, sur 1." in told.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("P99",), "no pattern has this name"),
        (("--seeds", "1"), "--seeds"),
        (("--file", "nowhere.toml"), "nowhere.toml"),
        (("--workers", "0"), "workers"),
        (("--page", "tests"), "this is a folder"),
        (("--page", "/proc/none/page.md"), "cannot write here"),
    ],
)
def test_mistakes_of_patterns_end_with_code_2(words, said):
    done = coopsim("patterns", *words)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_a_bad_file_is_told_with_its_line(two):
    two.write_text(TWO.replace("above = 0.0", "above = yes", 1), encoding="utf-8")
    done = coopsim("patterns", "--file", str(two))
    assert done.exit_code == 2
    assert "two.toml" in done.output
    two.write_text(TWO.replace('statistic = "level"', 'statistic = "levle"'), encoding="utf-8")
    done = coopsim("patterns", "--file", str(two))
    assert done.exit_code == 2
    line = 1 + TWO[: TWO.index('statistic = "level"')].count("\n")
    assert f"two.toml:{line}" in done.output
    assert "'level'" in done.output


PLAN = """schema = 1
name = "tiny"
[run]
scenarios = ["figeac-attractiveness", "figeac-cooperation"]
replicates = 2
years = 2
[design]
kind = "grid"
[[parameter]]
key = "economy.siting.reconsider_per_quarter"
values = [0.001, 0.004, 0.02]
[[parameter]]
key = "society.ties.trust_start"
values = [0.1, 0.4, 0.7]
[record]
what = "horizon"
"""


def test_a_map_of_two_by_two_cells(tmp_path):
    plan, out, page = tmp_path / "tiny.toml", tmp_path / "out", tmp_path / "docs" / "map.md"
    plan.write_text(PLAN, encoding="utf-8")
    words = ("regimes", str(plan), "--cells", "2", "--workers", "1", "--out", str(out))
    done = coopsim(*words, "--json")
    assert done.exit_code == 0, done.output
    (plane,) = json.loads(done.stdout)
    assert plane["x"]["values"] == [0.001, 0.02]
    assert plane["y"]["values"] == [0.1, 0.7]
    assert plane["worlds"] == 2
    for found in plane["outcomes"].values():
        assert found["won_by_a"] + found["won_by_b"] + found["undecided"] == 4
    assert (out / "tiny-4x2").is_dir()

    parts = {path: path.stat().st_mtime_ns for path in (out / "tiny-4x2").rglob("*.parquet")}
    assert parts
    listed = coopsim(*words, "--dry-run", "--json")
    assert json.loads(listed.stdout) == [{"plan": "tiny", "cells": 4, "worlds": 2, "runs": 16}]
    told = coopsim(*words, "--page", str(page), "--lang", "fr")
    assert told.exit_code == 0, told.output
    same = {path: path.stat().st_mtime_ns for path in (out / "tiny-4x2").rglob("part*.parquet")}
    assert all(parts[path] == when for path, when in same.items())  # nothing was lived again
    text = page.read_text(encoding="utf-8")
    assert "![tiny" in text
    assert "## Pourquoi" in text  # two years: each regime stays without a cell on some outcome
    svg = (page.parent / "tiny.svg").read_text(encoding="utf-8")
    assert svg.startswith("<?xml")
    assert "C : coopérer l'emporte" in svg


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("screening",), "two parameters"),
        (("regimes-cost-mobilty",), "regimes-cost-mobility"),
        (("--cells", "1"), "--cells"),
        (("--replicates", "0"), "--replicates"),
    ],
)
def test_mistakes_of_regimes_end_with_code_2(words, said):
    done = coopsim("regimes", *words)
    assert done.exit_code == 2
    assert said in done.output
