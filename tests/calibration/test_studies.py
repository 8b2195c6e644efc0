"""Studies: strict reading, priors, targets, budget."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from coopsim.errors import ScenarioError
from coopsim.scenario.case import load_case
from coopsim_calibration.budget import stages, within
from coopsim_calibration.priors import Prior
from coopsim_calibration.shipped import shipped_studies
from coopsim_calibration.simulate import Engine, Stage
from coopsim_calibration.study import FITTED_PATTERNS, Uncertainty
from coopsim_calibration.study_load import load_study
from coopsim_calibration.targets import Target

_spec = importlib.util.spec_from_file_location("small_study", Path(__file__).with_name("small_study.py"))
small = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(small)


def problems(folder, old, new):
    assert old in small.STUDY
    path = small.write(folder, small.STUDY.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    return caught.value.problems


# text replaced, replacement, key of the mistake, words, allowed holds, nearest
REFUSED = [
    ("low = 0.02\nhigh = 0.4", "low = 0.02\nhigh = 2.4", "uncertainty[2].high", "legal range", "0 – 2", ""),
    (
        "exit_young_per_yr",
        "exit_yung_per_yr",
        "uncertainty[2].key",
        "unknown key",
        "",
        "economy.companies.exit_young_per_yr",
    ),
    (
        'prior = "log_uniform"\nlow = 0.02',
        'prior = "log_uniform"\nlow = 0.0',
        "uncertainty[2].low",
        "positive",
        "> 0",
        "",
    ),
    ('prior = "beta"\nalpha = 2.0', 'prior = "beta"', "uncertainty[3].alpha", "needs 'alpha'", "", ""),
    ("low = -0.01\nhigh = 0.01", "low = 0.01\nhigh = -0.01", "uncertainty[1].low", "not below", "", ""),
    ("high = 0.01\nsource", "high = 0.01\nmean = 0.0\nsource", "uncertainty[1].mean", "no effect", "", ""),
    (
        'indicator = "jobs_growth"',
        'indicator = "jobs"',
        "target[1].indicator",
        "does not produce",
        "jobs_growth",
        "jobs_growth",
    ),
    (
        'indicator = "jobs_growth"',
        'indicator = "jobs_grwth"',
        "target[1].indicator",
        "unknown figure",
        "",
        "jobs_growth",
    ),
    (
        'territories = ["T01"]',
        'territories = ["T09"]',
        "target[1].territories",
        "does not have this territory",
        "T01, T02",
        "T02",
    ),
    ('year = "2016-2019"', 'year = "2016-2018"', "target[1].year", "no such figure", "2016-2019", ""),
    ('year = "2016-2019"', 'year = "2012-2019"', "target[1].year", "more years", "≤ 3", ""),
    ("discrepancy = 0.002", "discrepancy = 0.0", "target[1].discrepancy", "out of bounds", "", ""),
    (
        'reason = "test"',
        'reason = "test"\npattern = "P5"',
        "target[1].pattern",
        "never fits",
        "P2, P10, P21, P30",
        "",
    ),
    ('territories = ["T02"]', 'territories = ["T01"]', "held_out[1].indicator", "is a target too", "", ""),
    ('outcomes = ["jobs", ', 'outcomes = ["jbs", ', "outcomes[1]", "unknown indicator", "", "jobs"),
    (
        'scenario = "small.toml"',
        'scenario = "figeac-statu-quo"',
        "model.scenario",
        "",
        "",
        "figeac-status-quo",
    ),
    ("[method]", "[methods]", "methods", "unknown key", "", "method"),
    ("noise_runs = 4", "noise_runs = 1", "method.noise_runs", "out of bounds", "", ""),
]


class TestRefused:
    @pytest.mark.parametrize(("old", "new", "key", "words", "allowed", "near"), REFUSED)
    def test_one_clear_message(self, tmp_path, old, new, key, words, allowed, near):
        found = problems(tmp_path, old, new)
        assert [p.key for p in found] == [key]
        assert found[0].file.endswith("study.toml")
        assert found[0].line > 0
        assert words in found[0].message.en
        assert allowed in found[0].allowed
        assert near in ("", found[0].nearest)

    def test_several_mistakes_at_once(self, tmp_path):
        text = small.STUDY.replace("low = 0.02", "low = -0.02").replace("high = 0.9", "high = 1.9")
        with pytest.raises(ScenarioError) as caught:
            load_study(small.write(tmp_path, text))
        assert {p.key for p in caught.value.problems} >= {"uncertainty[2].low"}

    def test_mistakes_of_the_diagnostic_name_its_own_lines(self, tmp_path):
        path = small.write(tmp_path, diagnostic=small.DIAGNOSTIC.replace("1020,jobs", "1020,kjobs"))
        with pytest.raises(ScenarioError) as caught:
            load_study(path)
        assert [(p.file, p.line, p.key) for p in caught.value.problems] == [("diagnostic.csv", 3, "unit")]

    def test_a_lever_that_is_fitted_too(self, tmp_path):
        lever = '[[lever]]\nkey = "economy.companies.growth_per_quarter"\nvalue = 0.0\n\n[method]'
        assert "given twice" in problems(tmp_path, "[method]", lever)[0].message.en

    def test_a_constant_out_of_bounds_is_told_at_its_line(self, tmp_path):
        constant = '[[constant]]\nkey = "society.people.mobility_rate_per_yr"\nvalue = 7.0\n\n[method]'
        found = problems(tmp_path, "[method]", constant)
        assert len(found) == 1
        assert found[0].file.endswith("study.toml")
        assert found[0].line > 60

    def test_an_unknown_study(self):
        with pytest.raises(ScenarioError) as caught:
            load_study("figeak")
        assert caught.value.problems[0].nearest == "figeac"


@pytest.mark.parametrize("name", sorted(shipped_studies()))
class TestShipped:
    def test_it_is_sound(self, name):
        study = load_study(name)
        assert study.targets
        assert study.held_out
        assert study.spec.cannot_say

    def test_it_fits_in_an_hour_at_four_runs_a_second(self, name):
        study = load_study(name)
        assert sum(stages(study.spec.method, len(study.priors)).values()) <= 4 * 3600

    def test_only_patterns_for_calibration(self, name):
        assert {t.pattern for t in load_study(name).aims} <= {"", *FITTED_PATTERNS}


REPLACED = """
[[replaced]]
column = "net_migration_per_yr"
territory = "200066371"
value = 0.001
reason = "test"

[method]"""


class TestReplaced:
    @pytest.fixture
    def alone(self, tmp_path, monkeypatch):
        """A study of Figeac that replaces one figure, with a cache of its own."""
        monkeypatch.setattr("coopsim_calibration.replaced.user_cache_path", lambda name: tmp_path / "cache")
        text = (shipped_studies()["figeac-period"]).read_text(encoding="utf-8")
        start, end = text.index("[[replaced]]"), text.index("[[target]]")
        path = tmp_path / "study.toml"
        path.write_text((text[:start] + text[end:]).replace("[method]", REPLACED, 1), encoding="utf-8")
        return path

    def test_one_figure_of_the_case_changes_and_the_case_itself_does_not(self, alone):
        study = load_study(alone)
        there = study.scenario.load_case().territories.set_index("code")["net_migration_per_yr"]
        shipped = load_case("figeac").territories.set_index("code")["net_migration_per_yr"]
        assert there["200066371"] == 0.001
        assert shipped["200066371"] == 0.0074
        assert (there.drop("200066371") == shipped.drop("200066371")).all()
        assert study.scenario.case_name == "figeac"  # draws are still those of this case
        assert Path(study.case).is_dir()

    def test_it_is_another_study_and_runs_use_it(self, alone, tmp_path):
        study, other = load_study(alone), load_study("figeac-period")
        assert study.fingerprint() != other.fingerprint()
        u = np.full((1, len(study.priors)), 0.5)
        growth = [
            Engine(s, tmp_path / name, workers=1).run(Stage("one", u, 1, 0)).aims[0, 0]
            for name, s in (("mine", study), ("shipped", other))
        ]
        names = [aim.name for aim in study.aims]
        place = names.index("population_growth@200066371@2016-2019")
        # 0.001 instead of 0.00593 a year of people who come, less what they push away (dwellings, posts taken)
        assert 0.003 < growth[1][place] - growth[0][place] < 0.0055

    def test_a_cache_that_cannot_be_written_leaves_the_temporary_folder(self, alone, tmp_path, monkeypatch):
        (tmp_path / "cache").write_text("a file where the folder would be")
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
        (tmp_path / "elsewhere").mkdir()
        assert Path(load_study(alone).case).is_relative_to(tmp_path / "elsewhere")

    @pytest.mark.parametrize(
        ("old", "new", "key", "near"),
        [
            ("net_migration_per_yr", "net_migration_per_year", "replaced[1].column", "net_migration_per_yr"),
            ('territory = "200066371"', 'territory = "200066372"', "replaced[1].territory", "200066371"),
        ],
    )
    def test_mistakes(self, alone, old, new, key, near):
        before, _, after = alone.read_text(encoding="utf-8").rpartition("[[replaced]]")
        alone.write_text(f"{before}[[replaced]]{after.replace(old, new, 1)}", encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_study(alone)
        (problem,) = caught.value.problems
        assert (problem.key, problem.nearest) == (key, near)
        assert problem.line > 0

    def test_an_impossible_value_is_refused(self, alone):
        alone.write_text(
            alone.read_text(encoding="utf-8").replace("value = 0.001", "value = 7.0"), encoding="utf-8"
        )
        with pytest.raises(ScenarioError, match=r"territories\.csv"):
            load_study(alone)

    def test_migration_that_was_known_in_2019(self):
        # figures of figeac-period.toml: growth of 2016–2019 shrunk towards the national mean, less the natural balance
        study = load_study("figeac-period")
        natural = load_case("figeac").territories.set_index("code")["natural_growth_per_yr"]
        aims = {aim.territory: aim.value for aim in study.targets}
        for item in study.spec.replaced:
            known = 0.0008 + 0.64 * (aims[item.territory] - 0.0008) - natural[item.territory]
            assert item.value == pytest.approx(known, abs=2e-5)


class TestPriors:
    U = (np.arange(4000) + 0.5) / 4000

    @pytest.mark.parametrize(
        ("given", "mean"),
        [
            ({"prior": "uniform", "low": 2.0, "high": 4.0}, 3.0),
            ({"prior": "log_uniform", "low": 1.0, "high": np.e}, np.e - 1.0),
            ({"prior": "beta", "alpha": 2.0, "beta": 6.0, "low": 0.0, "high": 4.0}, 1.0),
            ({"prior": "normal", "mean": 0.0, "sd": 1.0, "low": 0.0, "high": 9.0}, np.sqrt(2.0 / np.pi)),
            ({"prior": "choice", "values": (1.0, 3.0)}, 2.0),
        ],
    )
    def test_means_are_those_of_the_laws(self, given, mean):
        prior = Prior(Uncertainty(key="k", source="s", **given))
        assert np.mean(prior.values(self.U)) == pytest.approx(mean, rel=0.002)

    def test_a_whole_number_stays_whole(self):
        prior = Prior(Uncertainty(key="k", source="s", low=1.0, high=5.0, integer=True))
        assert set(prior.values(self.U)) == {1, 2, 3, 4, 5}
        assert prior.extremes() == [1, 5]

    def test_a_normal_law_stays_inside_its_bounds(self):
        prior = Prior(Uncertainty(key="k", source="s", prior="normal", mean=0.0, sd=5.0, low=-1.0, high=2.0))
        values = np.array(prior.values(np.array([0.0, 0.5, 1.0])))
        assert values[0] == pytest.approx(-1.0, abs=1e-5)
        assert values[2] == pytest.approx(2.0, abs=1e-5)


class TestTargets:
    @staticmethod
    def target(indicator, start, end, **more):
        said = {"observation": 0.1, "half_width": 0.0, "discrepancy": 0.2} | more
        return Target(indicator, "system", "", start, end, 0.0, **said)

    def test_growth_change_mean_and_last(self):
        ticks = np.arange(28)
        series = np.stack([100.0 * np.exp(0.02 * ticks / 4), 100.0 + 3.0 * ticks / 4])
        assert self.target("jobs_growth", 2016, 2022).simulated(series)[0] == pytest.approx(0.02)
        assert self.target("net_artificialisation", 2019, 2022).simulated(series)[1] == pytest.approx(3.0)
        assert self.target("unemployment", 2022, 2022).simulated(series)[1] == pytest.approx(
            series[1, 4:].mean()
        )
        assert self.target("firms_reached", 2022, 2022).simulated(series)[1] == series[1, -1]

    def test_errors_have_the_variance_that_is_said(self):
        target = self.target("unemployment", 2022, 2022, half_width=0.6)
        draws = target.errors(40_000, np.random.default_rng(0))
        assert draws.var() == pytest.approx(target.variance, rel=0.03)
        assert target.variance == pytest.approx(0.01 + 0.04 + 0.12)

    def test_an_interval_alone_is_flat(self):
        target = self.target("unemployment", 2022, 2022, observation=0.0, discrepancy=1e-9, half_width=1.0)
        draws = target.errors(5_000, np.random.default_rng(0))
        assert stats.kstest((draws + 1.0) / 2.0, "uniform").pvalue > 0.01


class TestBudget:
    def test_every_stage_is_cut(self):
        study = load_study("figeac")
        full, cut = study.spec.method, load_study("figeac", budget=600).spec.method
        assert sum(stages(cut, 13).values()) <= 600
        assert cut.pool < full.pool
        assert cut.truths == full.truths == 100  # they cost no run
        assert within(full, 13, None) == full
        assert within(full, 13, 10**6) == full

    def test_too_small(self):
        with pytest.raises(ScenarioError, match="budget too small"):
            load_study("figeac", budget=50)

    def test_waves_given_on_the_command_line(self):
        assert load_study("figeac", waves=5).spec.method.waves == 5

    def test_another_budget_is_another_study(self):
        assert load_study("figeac").fingerprint() != load_study("figeac", budget=900).fingerprint()
