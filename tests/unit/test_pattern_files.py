"""Files of patterns: what is shipped is complete and sound; every mistake of a file is told with its line."""

import datetime as dt

import pytest

from coopsim.errors import ScenarioError
from coopsim.executors import Serial
from coopsim.patterns import chosen, judge_all, load_patterns, running
from coopsim.patterns.measures import missing
from coopsim.patterns.running import prepared

CALIBRATION = {"P2", "P10", "P21", "P30"}
GOOD = """schema = 1
[[pattern]]
id = "P1"
title = { fr = "motif", en = "pattern" }
source = "somebody (2020)"
status = "validation"
written = 2026-11-21
seeds = 2
runs.a = { scenario = "calls-competitive" }
runs.b = { scenario = "calls-cooperative" }
writer = { key = "society.ties.rivalry_call_gain", value = 0.0, fr = "gain", en = "gain" }
[[pattern.test]]
label = { fr = "essai", en = "test" }
statistic = "difference"
runs = ["a", "b"]
measure = "ties.rivalry"
above = 0.0
"""


@pytest.fixture
def written(tmp_path):
    def write(old="", new=""):
        assert old in GOOD
        path = tmp_path / "mine.toml"
        path.write_text(GOOD.replace(old, new) if old else GOOD, encoding="utf-8")
        return load_patterns([path])

    return write


class TestShipped:
    def test_all_thirty_patterns_and_the_facts_of_the_literature(self):
        names = list(load_patterns())
        assert names[:30] == [f"P{n}" for n in range(1, 31)]
        assert [name for name in names if name.startswith("L")] == [f"L{n}" for n in range(1, 8)]
        others = [name for name in names[30:] if not name.startswith("L")]
        assert all(
            name.partition("_")[0] in names[:30] for name in others
        )  # the same pattern on another family

    def test_what_was_used_to_calibrate_is_said(self):
        status = {name: pattern.status for name, pattern in load_patterns().items()}
        assert all(status[name] == "calibration" for name in CALIBRATION)

    def test_marks_have_a_day_a_source_and_both_languages(self):
        for pattern in load_patterns().values():
            assert pattern.written >= dt.date(2026, 11, 21)
            assert pattern.source
            for told in (pattern.title, pattern.writer, *(test.label for test in pattern.test)):
                assert told.fr
                assert told.en
                assert told.fr != told.en

    @pytest.mark.parametrize("name", list(load_patterns()))
    def test_every_pattern_has_scenarios_keys_and_measures(self, name):
        pattern = load_patterns()[name]
        for writer in (None, pattern.writer):
            assert [str(problem) for problem in prepared(pattern, writer).reason] == []

    @pytest.mark.parametrize("name", list(load_patterns()))
    def test_the_writer_changes_a_run_and_runs_differ(self, name):
        pattern = load_patterns()[name]
        before, after = prepared(pattern), prepared(pattern, pattern.writer)
        assert any(before.scenarios[label].hash != after.scenarios[label].hash for label in before.scenarios)
        assert len({spec.hash for spec in before.scenarios.values()}) == len(before.scenarios)


class TestMistakes:
    def test_the_file_itself_is_good(self, written):
        pattern = written()["P1"]
        assert prepared(pattern).reason == ()
        assert pattern.writer.test == 1

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('runs = ["a", "b"]', 'runs = ["a", "c"]', "test[1].runs"),
            ('runs = ["a", "b"]', 'runs = ["a"]', "allowed: 2"),
            ("above = 0.0", "", "exactly one mark"),
            ("above = 0.0", "above = 0.0\nbelow = 1.0", "exactly one mark"),
            ('statistic = "difference"', 'statistic = "diference"', "difference"),
            ('statistic = "difference"', 'statistic = "slope"', "needs 'sweep'"),
            ('status = "validation"', "", "status"),
            ("value = 0.0,", "value = 0.0, test = 2,", "writer.test"),
            ("value = 0.0,", 'value = 0.0, runs = ["z"],', "writer.runs"),
            ('measure = "ties.rivalry"', "", "one measure"),
            ('measure = "ties.rivalry"', 'measure = "ties.rivalry"\ntake = "dip"', "'years' goes with a dip"),
            ("seeds = 2", "seeds = 1", "seeds"),
            ("schema = 1", "schema = 2", "schema"),
            ("schema = 1", "schema = ", "mine.toml"),
        ],
    )
    def test_are_told_with_the_file(self, written, old, new, said):
        with pytest.raises(ScenarioError) as error:
            written(old, new)
        assert said in str(error.value)
        assert "mine.toml" in str(error.value)

    def test_a_line_is_told(self, written):
        with pytest.raises(ScenarioError) as error:
            written('status = "validation"', 'status = "good"')
        assert error.value.problems[0].line == 6
        assert "calibration, validation" in str(error.value)

    def test_an_identifier_given_twice(self, tmp_path):
        for name in ("a", "b"):
            (tmp_path / f"{name}.toml").write_text(GOOD, encoding="utf-8")
        with pytest.raises(ScenarioError, match="taken already"):
            load_patterns([tmp_path / "a.toml", tmp_path / "b.toml"])

    def test_an_unknown_name_has_its_nearest(self):
        with pytest.raises(ScenarioError, match="P12"):
            chosen(load_patterns(), ["P122"])


class TestCannotBeRun:
    """A pattern whose mechanism does not exist is told why; nothing is assumed of it."""

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('"calls-cooperative"', '"calls-coperative"', "calls-cooperative"),
            (
                '"calls-cooperative" }',
                '"calls-cooperative", set = { "governance.payoff.call" = 1 } }',
                "unknown key",
            ),
            ('"calls-cooperative" }', '"calls-cooperative", over = ["eusco"] }', "eusko"),
            ('"ties.rivalry"', '"ties.rivalri"', "no such measure"),
        ],
    )
    def test_with_the_scenario_key_or_measure_that_is_missing(self, written, old, new, said):
        found = prepared(written(old, new)["P1"])
        assert said in " ".join(map(str, found.reason))

    def test_a_key_of_the_writer_too(self, written):
        pattern = written("rivalry_call_gain", "rivalry_call")["P1"]
        assert prepared(pattern).reason == ()
        assert "unknown key" in str(prepared(pattern, pattern.writer).reason[0])


def test_measures_of_places_must_exist_for_territories():
    assert missing(["centre.jobs", "spread.unemployment", "jobs", "pact.pairs", "firms.reached"]) == []
    assert missing(["centre.pacts"])[0][0] == "centre.pacts"  # of the whole only
    assert missing(["spread.unemploymen"]) == [("spread.unemploymen", "spread.unemployment")]


class TestJudging:
    """Verdicts from made-up series: no engine is needed to see what the command concludes."""

    @pytest.fixture
    def engine(self, monkeypatch):
        """Return what replaces the engine: rivalry is the call's gain where the call is competitive."""
        calls = []

        def series(spec, seed, names):
            calls.append((spec.hash, seed))
            if seed == 1 and "broken" in self.wishes:
                raise ValueError("the engine broke")
            gain = spec.number("society.ties.rivalry_call_gain")
            effect = gain * (spec.governance.payoff.calls.type == "competitive") * (1.0 + 0.1 * seed)
            return {name: [effect + 0.01 * seed] * spec.years for name in names}

        self.wishes = set()
        monkeypatch.setattr(running, "series", series)
        return calls

    def test_pass_and_built_in(self, engine, written):
        (found,) = judge_all(list(written().values()), Serial())
        assert (found.verdict, found.flip.origin) == ("pass", "built in")
        assert len(engine) == len(set(engine)) == 8  # two scenarios, as they are and flipped, in two worlds

    def test_without_flips_nothing_is_told_of_the_origin(self, engine, written):
        (found,) = judge_all(list(written().values()), Serial(), flips=False)
        assert (found.verdict, found.flip.origin, len(engine)) == ("pass", "not told", 4)

    def test_a_pattern_that_fails_is_not_flipped(self, engine, written):
        (found,) = judge_all(list(written("above = 0.0", "below = 0.0").values()), Serial(), seeds=3)
        assert (found.verdict, found.flip.origin, found.seeds) == ("fail", "not told", 3)
        assert len(engine) == 6

    def test_a_run_that_breaks_is_the_reason(self, engine, written):
        self.wishes.add("broken")
        (found,) = judge_all(list(written().values()), Serial())
        assert found.verdict == "cannot be run"
        assert "the engine broke" in str(found.reason[0])

    def test_runs_of_other_code_are_lived_again(self, engine, written, tmp_path, monkeypatch):
        patterns, folder = list(written().values()), tmp_path / "out"
        judge_all(patterns, Serial(), folder=folder)
        judge_all(patterns, Serial(), folder=folder)
        assert len(engine) == 8
        monkeypatch.setattr(running, "_code", lambda: "other")
        judge_all(patterns, Serial(), folder=folder)
        assert len(engine) == 16
