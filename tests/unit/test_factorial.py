"""Factorial designs: effects that are exact on known data, factor files, cells that differ as they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.errors import ScenarioError
from coopsim.factorial import Factor, factorial, load_factor, shipped_factors
from coopsim.factorial.design import alone, cell, cell_levels, sweep_points
from coopsim.factorial.effects import contrasts, effect_table, zero_sum
from coopsim.factorial.factors import check_sides
from coopsim.i18n import Text, set_lang
from coopsim.indicators import SYSTEM
from coopsim.scenario import load_scenario

JOBS, SEEKERS = SYSTEM.index("jobs"), SYSTEM.index("unemployment")
DOCUMENT = {"name": "base", "case": {"synthetic": {"territories": 3}}, "horizon": {"years": 2}}
OUTSIDE = "economy.siting.outside_share"


@pytest.fixture
def base():
    return load_scenario(DOCUMENT)


# Effects


def test_the_contrasts_of_two_factors_are_the_textbook_ones():
    weights = {c.name: c.weights.tolist() for c in contrasts(["a", "b"], cell_levels([None, None]))}
    assert weights == {
        "a": [-0.5, -0.5, 0.5, 0.5],
        "b": [-0.5, 0.5, -0.5, 0.5],
        "a × b": [1.0, -1.0, -1.0, 1.0],
        "a | b=off": [-1.0, 0.0, 1.0, 0.0],
        "a | b=on": [0.0, -1.0, 0.0, 1.0],
        "b | a=off": [-1.0, 1.0, 0.0, 0.0],
        "b | a=on": [0.0, 0.0, -1.0, 1.0],
    }


def _values(levels, luck, **coefficients):
    """Return values (C, R, I): luck of the world + a linear model of jobs in the factors and their products."""
    values = np.repeat(luck[None], len(levels), axis=0)
    for c, level in enumerate(levels):
        for term, size in coefficients.items():
            values[c, :, JOBS] += size * np.prod([level["xyz".index(name)] for name in term])
    return values


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(-50, 50), st.integers(0, 99))
def test_effects_recover_a_known_model_whatever_the_luck(a, b, ab, seed):
    levels = cell_levels([None, None])
    luck = np.random.default_rng(seed).normal(1000.0, 100.0, (5, len(SYSTEM)))
    table = effect_table(["a", "b"], levels, _values(levels, luck, x=a, y=b, xy=ab))
    jobs = table[table["indicator"] == "jobs"].set_index("effect")
    expected = {
        "a": a + ab / 2,
        "b": b + ab / 2,
        "a × b": ab,
        "a | b=off": a,
        "a | b=on": a + ab,
        "b | a=on": b + ab,
    }
    for name, size in expected.items():
        assert jobs.loc[name, "mean"] == pytest.approx(size, abs=1e-8)
        assert jobs.loc[name, "high"] - jobs.loc[name, "low"] == pytest.approx(0.0, abs=1e-8)


def test_three_factors_average_over_the_others():
    levels = cell_levels([None] * 3)
    luck = np.random.default_rng(0).normal(1000.0, 100.0, (4, len(SYSTEM)))
    table = effect_table(["a", "b", "c"], levels, _values(levels, luck, x=3.0, xyz=8.0))
    jobs = table[table["indicator"] == "jobs"].set_index("effect")["mean"]
    assert jobs["a"] == pytest.approx(3.0 + 8.0 / 4)
    assert jobs["a × b"] == pytest.approx(8.0 / 2)
    assert jobs["c"] == pytest.approx(8.0 / 4)
    assert jobs["a | b=off, c=off"] == pytest.approx(3.0)
    assert jobs["a | b=on, c=on"] == pytest.approx(11.0)


def test_a_gain_is_better_but_an_interaction_is_only_higher():
    levels = cell_levels([None, None])
    luck = np.random.default_rng(1).normal(1000.0, 100.0, (6, len(SYSTEM)))
    table = effect_table(["a", "b"], levels, _values(levels, luck, x=5.0, xy=4.0))
    verdicts = table[table["indicator"] == "jobs"].set_index("effect")["verdict"]
    assert (verdicts["a"], verdicts["a × b"]) == ("better", "higher")
    still = table[table["indicator"] == "population"].set_index("effect")
    assert set(still["verdict"]) == {"no clear difference"}
    assert set(still["share_better"]) == {0.5}


def test_the_zero_sum_share_is_what_others_lose():
    noise = np.random.default_rng(2).normal(0.0, 5.0, 30)
    own = 100.0 + noise
    assert zero_sum(own, own).share[0] == pytest.approx(0.0)
    assert zero_sum(own, 0.4 * own).share == pytest.approx((0.6, 0.6, 0.6))
    worse = zero_sum(own, -0.2 * own + np.random.default_rng(3).normal(0.0, 2.0, 30))
    low, high = worse.share[1:]
    assert 1.0 < low < worse.share[0] < high
    assert low < 1.2 < high


def test_without_a_clear_own_gain_there_is_no_zero_sum_share():
    result = zero_sum(np.array([1.0, -1.0, 0.5, -0.5]), np.array([1.0, 1.0, 1.0, 1.0]))
    assert np.isnan(result.share).all()
    assert result.system[0] == 1.0


# Factors


@pytest.mark.parametrize("name", sorted(shipped_factors()))
def test_a_shipped_factor_is_made_of_rules_that_a_scenario_accepts(base, name):
    factor = load_factor(name)
    assert factor.name == name
    assert factor.title.fr != factor.title.en
    for side in (factor.off, factor.on):
        changed = base.but({**side, "name": "changed"})
        assert set(side) == {key for key in side if key.startswith("governance.")}
        assert changed.name == "changed"
    assert base.but({**factor.off, "name": "x"}) != base.but({**factor.on, "name": "x"})


def test_the_shipped_factors_switch_bidding_and_pacts(base):
    bidding, pacts = load_factor("attractiveness"), load_factor("pacts")
    off = base.but({**bidding.off, **pacts.off, "name": "off"}).governance
    on = base.but({**bidding.on, **pacts.on, "name": "on"}).governance
    assert (off.choice.moves.subsidy.allowed, on.choice.moves.subsidy.allowed) == (False, True)
    assert (off.choice.moves.marketing.allowed, on.choice.moves.marketing.allowed) == (False, True)
    assert off.boundary.pacts_allowed == ()
    assert len(on.boundary.pacts_allowed) == 6
    assert off.choice.moves.open_land.allowed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("off = 3\non = {}\n", "are tables"),
        ("[off]\na = 1\n[on]\nb = 1\n", "both in 'off' and in 'on'"),
        ("name = 'x'\n", "changes nothing"),
        ("[of]\na = 1\n", "unknown key of a factor"),
        ("[off\n", "TOML"),
    ],
)
def test_a_wrong_factor_file_is_refused(tmp_path, text, message):
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=message):
        load_factor(path)


def test_an_unknown_factor_gets_the_nearest_name():
    with pytest.raises(ScenarioError, match="did you mean 'pacts'"):
        load_factor("pact")
    set_lang("fr")
    with pytest.raises(ScenarioError, match="aucun facteur"):
        load_factor("zzz")


def test_both_sides_of_a_factor_set_the_same_keys():
    with pytest.raises(ScenarioError, match=r"a\.b"):
        check_sides("x", {"a.b": 1}, {})


# Cells


def test_a_sweep_moves_one_key_at_a_time_and_skips_the_base(base):
    gamma = "economy.siting.gamma_cost"
    points = sweep_points(base, {OUTSIDE: [0.1, 0.5, 0.9], gamma: [1.0]})
    assert [point.label for point in points] == ["", f"{OUTSIDE}=0.1", f"{OUTSIDE}=0.9", f"{gamma}=1.0"]
    assert points[1].settings == {OUTSIDE: 0.1, gamma: 2.0}
    assert len(sweep_points(base, {OUTSIDE: [0.1, 0.9], gamma: [1.0, 2.0]}, cross=True)) == 5
    with pytest.raises(ScenarioError, match="unknown key"):
        sweep_points(base, {"economy.siting.outside": [0.1]})


def test_cells_carry_their_levels_and_the_point(base):
    factors = [load_factor("attractiveness"), load_factor("pacts")]
    point = sweep_points(base, {OUTSIDE: [0.9]})[1]
    lanes = [cell(base, factors, levels, point, i) for i, levels in enumerate(cell_levels(factors))]
    assert [lane.name for lane in lanes] == [
        "0000.attractiveness=off,pacts=off", "0001.attractiveness=off,pacts=on",
        "0002.attractiveness=on,pacts=off", "0003.attractiveness=on,pacts=on",
    ]  # fmt: skip
    assert [lane.governance.choice.moves.subsidy.allowed for lane in lanes] == [False, False, True, True]
    assert [len(lane.governance.boundary.pacts_allowed) for lane in lanes] == [0, 6, 0, 6]
    assert {lane.section("economy.siting")["outside_share"] for lane in lanes} == {0.9}


def test_one_territory_plays_alone(base):
    factor = load_factor("attractiveness")
    still = base.but({**factor.off, "name": "off"})
    lane = alone(still, factor, "T02", 4)
    allowed = {
        code: lane.governance_for(code, 0).choice.moves.subsidy.allowed for code in ("T01", "T02", "T03")
    }
    assert allowed == {"T01": False, "T02": True, "T03": False}
    with pytest.raises(ScenarioError, match="only change rules"):
        alone(still, Factor("x", Text("x", "x"), {OUTSIDE: 0.1}, {OUTSIDE: 0.9}), "T02", 5)


@pytest.mark.parametrize(
    ("factors", "options", "message"),
    [
        ({}, {}, "at least one factor"),
        ({"a": ({}, {})}, {}, "changes nothing"),
        ({"a": ({OUTSIDE: 0.1}, {OUTSIDE: 0.2}), "b": ({OUTSIDE: 0.1}, {OUTSIDE: 0.2})}, {}, "two factors change"),
        ({"a": ({"governance.boundary.exit": "free"}, {"governance.boundary.exit": "fre"})}, {}, "exit"),
        ({"a": ({"governance.boundary.exit": "free"}, {"governance.boundary.exit": "notice"})},
         {"replicates": 1}, "too small"),
        ({"a": ({"governance.boundary.exit": "free"}, {"governance.boundary.exit": "notice"})},
         {"player": "T09"}, "no territory has this code"),
        ({"a": ({"governance.boundary.exit": "free"}, {"governance.boundary.exit": "notice"})},
         {"sweep": {OUTSIDE: [7.0]}}, "outside_share"),
    ],
)  # fmt: skip
def test_a_wrong_design_is_refused_before_any_run(base, factors, options, message):
    with pytest.raises(ScenarioError, match=message):
        factorial(base, factors, **options)
