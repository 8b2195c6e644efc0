"""Comparison: pairing, intervals, verdicts, folders, and the table that people read."""

import io
import json
import math
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rich.console import Console
from scipy import stats

from coopsim.comparison import Comparison, compare, comparison_table, store, variance_ratio
from coopsim.comparison.context import case_grades, differing_rules
from coopsim.comparison.outline import simplified
from coopsim.comparison.statistics import DIRECTION, differences, paired_effect, share_better, verdict
from coopsim.comparison.words import count_words, decimals, number, quantity, unit_words
from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang
from coopsim.indicators import BY_NAME, OUTCOMES, SYSTEM
from coopsim.scenario import load_scenario
from tests.fake_comparison import fake_comparison, fake_ensemble

DOCUMENT = {"name": "one", "case": {"synthetic": {"territories": 2}}, "horizon": {"years": 2}}


# Statistics


@given(arrays(np.float64, (9, 3), elements=st.floats(-1e3, 1e3)))
def test_the_interval_is_that_of_the_paired_t_test(difference):
    effect = paired_effect(difference)
    for column in range(3):
        values = difference[:, column]
        if np.ptp(values) > 1e-6:
            exact = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
            assert (effect.low[column], effect.high[column]) == pytest.approx(
                tuple(exact), rel=1e-9, abs=1e-9
            )
        assert effect.mean[column] == pytest.approx(values.mean(), abs=1e-9)


def test_a_world_without_a_value_is_left_out_and_a_single_world_has_no_interval():
    effect = paired_effect(np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan], [2.0, 5.0]]))
    assert effect.mean.tolist() == [2.0, 5.0]
    assert effect.low[0] == pytest.approx(2.0 - stats.t.ppf(0.975, 2) / math.sqrt(3))
    assert math.isnan(effect.low[1])


def test_ties_count_half_and_less_can_be_better():
    difference = np.array([[1.0, 1.0, 1.0], [-1.0, -1.0, -1.0], [0.0, 0.0, 0.0], [2.0, 2.0, 2.0]])
    assert share_better(difference, np.array([1, -1, 0])).tolist() == [0.625, 0.375, 0.625]


@pytest.mark.parametrize(
    ("low", "high", "share", "direction", "expected"),
    [
        (1.0, 2.0, 0.8, 1, "better"),
        (1.0, 2.0, 0.2, -1, "worse"),
        (-2.0, -1.0, 0.8, -1, "better"),
        (-2.0, -1.0, 4 / 20, 1, "worse"),
        (1.0, 2.0, 0.79, 1, "no clear difference"),
        (-1.0, 2.0, 0.9, 1, "no clear difference"),
        (0.0, 0.0, 0.5, 1, "no clear difference"),
        (0.5, 0.9, 1.0, 0, "higher"),
        (-0.9, -0.5, 0.0, 0, "lower"),
        (math.nan, math.nan, 1.0, 1, "no clear difference"),
    ],
)
def test_a_verdict_needs_an_interval_and_four_worlds_in_five(low, high, share, direction, expected):
    assert verdict(low, high, share, direction) == expected


def test_sums_in_another_order_are_no_difference():
    assert differences(np.array([0.3, 1e6, 1.0]), np.array([0.1 + 0.2, 1e6 + 1e-7, 1.1])).tolist()[:2] == [
        0.0,
        0.0,
    ]


def test_differences_are_b_minus_a_for_every_pair_of_lanes():
    comparison = fake_comparison(lanes=3, shift={"jobs": 0.10, "unemployment": 0.10})
    paired = comparison.paired
    assert list(paired.columns) == [
        "a", "b", "indicator", "mean_difference", "low", "high", "share_b_better", "verdict",
    ]  # fmt: skip
    pairs = paired[["a", "b"]].drop_duplicates().to_numpy().tolist()
    assert pairs == [["lane-a", "lane-b"], ["lane-a", "lane-c"], ["lane-b", "lane-c"]]
    row = comparison.pair("lane-a", "lane-c")
    level = comparison.ensemble.horizon[0, :, 0, SYSTEM.index("jobs")]
    assert row.loc["jobs", "mean_difference"] == pytest.approx(0.20 * level.mean())
    assert row.loc["jobs", ["share_b_better", "verdict"]].tolist() == [1.0, "better"]
    assert row.loc["unemployment", ["share_b_better", "verdict"]].tolist() == [0.0, "worse"]
    assert row.loc["population", ["mean_difference", "share_b_better"]].tolist() == [0.0, 0.5]


def test_summary_holds_the_quantiles_of_the_system_at_the_horizon():
    comparison = fake_comparison()
    assert list(comparison.summary.columns) == ["scenario", "indicator", "unit", "median", "p05", "p95"]
    row = comparison.summary.set_index(["scenario", "indicator"]).loc[("lane-a", "jobs")]
    values = comparison.ensemble.cube[0, :, -1, 0, SYSTEM.index("jobs")]
    assert row.drop("unit").tolist() == pytest.approx(np.quantile(values, [0.5, 0.05, 0.95]))
    assert row["unit"] == BY_NAME["jobs"].unit


def test_trajectories_have_one_row_a_scenario_seed_tick_and_place():
    comparison = fake_comparison(lanes=2, replicates=3, years=2, territories=2)
    frame = comparison.trajectories
    assert list(frame.columns) == ["scenario", "seed", "tick", "territory", *SYSTEM]
    assert len(frame) == 2 * 3 * 8 * 3
    row = frame[
        (frame.scenario == "lane-b") & (frame.seed == 2) & (frame.tick == 5) & (frame.territory == "T02")
    ]
    assert row["jobs"].item() == comparison.ensemble.cube[1, 2, 5, 2, SYSTEM.index("jobs")]
    assert frame[frame.territory == ""].pacts.notna().all()
    assert frame[frame.territory != ""].pacts.isna().all()


def test_variance_ratio_is_what_independent_seeds_would_cost():
    comparison = fake_comparison(replicates=40, years=10, shift={"jobs": 0.01})
    table = variance_ratio(comparison, years=(5, 10, 30), indicators=("jobs", "population"))
    assert sorted(set(table["year"])) == [5, 10]
    a, b = comparison.ensemble.at_year(5)[:, :, 0, SYSTEM.index("jobs")]
    row = table.set_index(["indicator", "year"]).loc[("jobs", 5)]
    assert row["ratio"] == pytest.approx((a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1))
    assert row["ratio"] > 1000
    assert math.isnan(table.set_index(["indicator", "year"]).loc[("population", 5), "ratio"])
    assert set(variance_ratio(comparison)["indicator"]) == set(OUTCOMES)


# Folders


def test_a_saved_comparison_comes_back_the_same(tmp_path):
    comparison = fake_comparison()
    comparison.save(tmp_path / "out")
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    tables = ["journal", "paired", "summary", "trajectories"]
    assert files == ["compare.json", *(f"{name}.parquet" for name in tables)]
    again = Comparison.load(tmp_path / "out")
    assert (
        again.manifest
        == json.loads((tmp_path / "out" / "compare.json").read_text("utf-8"))
        == comparison.manifest
    )
    np.testing.assert_array_equal(again.ensemble.cube, comparison.ensemble.cube)
    for name in tables:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(comparison, name), check_dtype=False)
        read = pd.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert len(read) == len(getattr(comparison, name))


def test_nothing_is_left_half_written(tmp_path, monkeypatch):
    old = fake_comparison(replicates=3)
    old.save(tmp_path)
    write = store.write_parquet

    def fail_at_trajectories(frame, path):
        if path.stem == "trajectories":
            raise KeyboardInterrupt
        write(frame, path)

    monkeypatch.setattr(store, "write_parquet", fail_at_trajectories)
    with pytest.raises(KeyboardInterrupt):
        fake_comparison(replicates=5).save(tmp_path)
    assert Comparison.load(tmp_path).seeds == (0, 1, 2)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def _spoil(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "compare.json").unlink(),
        lambda folder: _spoil(folder, "compare.json", "{"),
        lambda folder: _spoil(folder, "compare.json", '{"format": 99}'),
        lambda folder: _spoil(folder, "compare.json", "[]"),
        lambda folder: _spoil(folder, "trajectories.parquet", "no parquet"),
        lambda folder: (folder / "journal.parquet").unlink(),
    ],
)
def test_a_folder_that_is_no_comparison_is_refused(tmp_path, spoil):
    fake_comparison(replicates=2).save(tmp_path)
    spoil(tmp_path)
    with pytest.raises(ScenarioError, match="not a readable comparison"):
        Comparison.load(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ScenarioError, match="cannot be written"):
        fake_comparison().save(tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


# Refusals, before any run


@pytest.mark.parametrize(
    ("second", "options", "en", "fr"),
    [
        ({}, {}, "same name", "même nom"),
        ({"name": "two", "horizon.years": 3}, {}, "same horizon", "même horizon"),
        ({"name": "two", "horizon.start_year": 2030}, {}, "same horizon", "même horizon"),
        ({"name": "two"}, {"replicates": 0}, "replicates: too small", "valeur trop petite"),
        ({"name": "two"}, {"seed": -1}, "seed: too small", "valeur trop petite"),
        ({"name": "two"}, {"workers": 0}, "at least one worker", "au moins un processus"),
        (None, {}, "at least two", "au moins deux"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_both_languages(second, options, en, fr):
    base = load_scenario(DOCUMENT)
    lanes = [base] if second is None else [base, base.but({"name": "one", **second})]
    with pytest.raises(ScenarioError, match=en) as caught:
        compare(lanes, **options)
    set_lang("fr")
    assert fr in str(caught.value)


# What a report needs


def test_only_rules_that_differ_are_kept_with_label_unit_and_values():
    base = load_scenario(DOCUMENT)
    changed = base.but(
        {
            "name": "two",
            "title": {"fr": "x", "en": "y"},
            "governance.payoff.subsidy.max": 4.0,
            "governance.boundary.pacts_allowed": ["water"],
            "territory": [{"code": "T01", "from": 4, "governance": {"payoff": {"subsidy": {"max": 1.0}}}}],
        }
    )
    rules = {rule["key"]: rule for rule in differing_rules([base.document(), changed.document()])}
    assert set(rules) == {"governance.payoff.subsidy.max", "governance.boundary.pacts_allowed", "territory.1"}
    subsidy = rules["governance.payoff.subsidy.max"]
    assert subsidy["values"] == [5.0, 4.0]
    assert subsidy["unit"] == "k€/job"
    assert subsidy["label"]["fr"] != subsidy["label"]["en"]
    assert rules["territory.1"]["values"][0] is None


def test_a_rule_with_parameters_is_one_value():
    rules = differing_rules(
        [
            {"governance": {"aggregation": {"council_rule": "majority"}}},
            {"governance": {"aggregation": {"council_rule": {"rule": "supermajority", "q": 0.6}}}},
        ]
    )
    assert [rule["key"] for rule in rules] == ["governance.aggregation.council_rule"]
    assert rules[0]["values"][1] == {"rule": "supermajority", "q": 0.6}


def test_grades_count_the_figures_that_a_source_speaks_for():
    territories = pd.DataFrame({"code": ["A", "B", "C"], "jobs": [1, 2, 3], "area_ha": [1, 2, 3]})
    sources = pd.DataFrame(
        [
            ("territories.csv", "jobs", "A", "measured"),
            ("territories.csv", "jobs", "*", "assumption"),
            ("territories.csv", "area_ha", "*", "measured"),
            ("geometry.geojson", "code", "*", "literature"),
        ],
        columns=["table", "column", "scope", "grade"],
    )
    case = SimpleNamespace(territories=territories, sources=sources)
    assert case_grades(case) == {"measured": 4, "literature": 1, "assumption": 2}


@given(st.integers(3, 60), st.integers(0, 2**32 - 1))
def test_a_simplified_outline_stays_within_its_tolerance(n, seed):
    draw = np.random.default_rng(seed)
    angle = np.sort(draw.uniform(0, 2 * np.pi, n))
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * draw.uniform(0.8, 1.2, (n, 1))
    ring = np.concatenate([ring, ring[:1]])
    short = simplified(ring, 0.05)
    assert np.allclose(short[[0, -1]], ring[[0, -1]], atol=1e-4)
    start, end = short[:-1], short[1:]
    along = end - start
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    for point in ring:
        t = np.clip(((point - start) * along).sum(axis=1) / length, 0, 1)
        gap = np.hypot(*(start + t[:, None] * along - point).T)
        assert gap.min() <= 0.0502


# Words and the table


@pytest.mark.parametrize(
    ("value", "unit", "en", "fr"),
    [
        (101800.4, "jobs", "101,800", "101\u202f800"),
        (-1176.0, "jobs", "−1,176", "−1\u202f176"),
        (0.0942, "share", "9.42", "9,42"),
        (0.5, "share", "50.0", "50,0"),
        (61_987_351.0, "m3", "61,987", "61\u202f987"),
        (0.0, "ratio", "0", "0"),
        (0.00004, "ratio", "0.0000", "0,0000"),
        (math.nan, "jobs", "–", "–"),
    ],
)
def test_numbers_follow_the_language(value, unit, en, fr):
    assert number(value, unit) == en
    set_lang("fr")
    assert number(value, unit) == fr


def test_minus_zero_has_no_sign():
    assert number(-0.00001, "ratio", 2, sign=True) == "0.00"


def test_quantities_say_points_for_differences_of_percentages():
    assert quantity(-0.0042, "share", sign=True, difference=True) == "−0.420\u00a0points"
    assert quantity(0.094, "share") == "9.40%"
    set_lang("fr")
    assert quantity(0.094, "share") == "9,40\u202f%"
    assert quantity(12.0, "k€/job") == "12,0\u00a0k€/emploi"


def test_decimals_suit_the_largest_value():
    assert [decimals([x], "ha") for x in (12345.0, 123.0, 12.3, 1.23, 0.123, 1e-9, 0.0)] == [
        0,
        0,
        1,
        2,
        3,
        4,
        0,
    ]
    assert decimals([0.1, math.nan], "share") == 1


def test_a_tie_shows_as_half_a_world():
    assert [count_words(share, 20) for share in (0.9, 0.725, math.nan)] == ["18", "14.5", "–"]


def test_every_unit_of_the_indicators_has_words():
    assert all(unit_words(indicator.unit) for indicator in BY_NAME.values())


def _shown(comparison, width, **options):
    console = Console(width=width, file=io.StringIO())
    console.print(comparison_table(comparison, width=width, **options))
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_table_is_whole_at_any_width(width, language):
    set_lang(language)
    comparison = fake_comparison(shift={"jobs": 0.1, "unemployment": 0.1, "population": 0.1})
    text = _shown(comparison, width)
    assert "…" not in text.replace("… ", "")  # only a label begins with an ellipsis; nothing is cut
    better, worse, regime = {
        "fr": ("mieux", "moins bien", "décrit le régime"),
        "en": ("better", "worse", "describes the regime"),
    }[language]
    flat = " ".join(text.replace("│", " ").split())
    assert better in flat
    assert worse in flat
    assert all(word in flat for word in regime.split())
    assert "6/6" in flat
    assert flat.index(str(BY_NAME["jobs"].label).split()[0]) < flat.index(str(BY_NAME["population"].label))


def test_an_indicator_that_is_no_outcome_gets_a_neutral_word():
    text = _shown(fake_comparison(shift={"population": 0.1, "rivalry": 0.1}), 160)
    row = next(line for line in text.splitlines() if "Population" in line)
    block = text[text.index(row) :].splitlines()[:2]
    assert "higher" in block[1]
    assert "better" not in block[1]


def test_the_table_can_keep_to_outcomes_and_takes_more_than_two_lanes():
    text = _shown(fake_comparison(lanes=3), 170, outcomes_only=True)
    assert "Population" not in text
    assert "C − A" in text


def test_an_indicator_without_values_shows_a_dash():
    comparison = fake_comparison()
    comparison.ensemble.cube[..., SYSTEM.index("unemployment")] = np.nan
    assert comparison.pair("lane-a", "lane-b").loc["unemployment", "verdict"] == "no clear difference"
    assert "–" in _shown(comparison, 140, outcomes_only=True)


def test_directions_are_those_of_the_indicator_table():
    assert [BY_NAME[name].direction for name in SYSTEM] == DIRECTION.tolist()


def test_reading_a_comparison_needs_neither_the_engine_nor_pictures():
    code = "import sys, coopsim.comparison; print(any(m in sys.modules for m in ('matplotlib', 'numba', 'mesa')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_ensembles_give_values_at_a_year():
    ensemble = fake_ensemble(years=3)
    assert ensemble.years == 3
    np.testing.assert_array_equal(ensemble.horizon, ensemble.at_year(3))
    np.testing.assert_array_equal(ensemble.yearly()[:, :, 1], ensemble.at_year(2))
    np.testing.assert_array_equal(ensemble.at_year(2), ensemble.cube[:, :, 7])
