"""Theory of change: what files may promise, promise against proof in made records, and where users see it."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import coopsim
from coopsim.cli import app
from coopsim.comparison.theory import promise_words, proof_words, theories
from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang
from coopsim.indicators import SYSTEM
from coopsim.odd import markdown
from coopsim.proof import proofs
from coopsim.report import report_html
from coopsim.scenario import load_scenario
from coopsim.scenario.theory_of_change import Step, in_order
from tests.fake_comparison import fake_comparison
from tests.system.parts import small

JOBS, IDLE = SYSTEM.index("jobs"), SYSTEM.index("unemployment")


def step(name, by=2028, **keys):
    return {"name": name, "by": by, **keys}


def proved(name, *needs, **keys):
    keys = {"indicator": "jobs", "at_least": 10.0} | keys
    return Step.model_validate(step(name, needs=needs, **keys))


def cube(*jobs, idle=0.1):
    """Return runs of 2026 and the following years: jobs of the system at the end of each year; one territory idle."""
    years = np.array(jobs, dtype=np.float64)
    found = np.zeros((years.shape[0], 4 * years.shape[1], 2, len(SYSTEM)))
    found[:, 3::4, 0, JOBS] = years
    found[:, :, 1, IDLE] = idle
    return found


def read(steps, *jobs, **keys):
    return proofs(steps, cube(*jobs, **keys), ["T01"], 2026)


def refused(*steps):
    with pytest.raises(ScenarioError) as caught:
        small({"theory_of_change": list(steps)})
    return caught.value.problems


class TestRefused:
    def test_an_unknown_indicator_has_its_nearest_name(self):
        (found,) = refused(step("a", indicator="unemploymnt", at_most=0.1))
        assert (found.key, found.nearest) == ("theory_of_change[1].indicator", "unemployment")

    def test_a_circle_is_named(self):
        steps = [step(name, needs=[need]) for name, need in ("ab", "bc", "ca")]
        (found,) = refused(*steps)
        assert found.value == "a → b → c → a"

    @pytest.mark.parametrize(
        ("keys", "key"),
        [
            ({"indicator": "jobs"}, "at_least"),
            ({"indicator": "unemployment", "at_most": 8.0}, "at_most"),
            ({"indicator": "jobs", "at_least": 2.0, "at_most": 1.0}, "at_least"),
            ({"indicator": "jobs", "at_least": 2.0, "territory": "nowhere"}, "territory"),
            ({"indicator": "trust", "at_least": 0.2, "by": 1999}, "by"),
            ({"indicator": "jobs_gini", "at_most": 0.2, "territory": "T01"}, "indicator"),
            ({}, "needs"),
            ({"at_most": 1.0, "needs": ["b"]}, "at_most"),
            ({"needs": ["bb"]}, "needs"),
            ({"needs": ["b"], "by": 2027}, "by"),
            ({"name": "b", "indicator": "jobs", "at_least": 2.0}, "name"),
        ],
    )
    def test_one_mistake_at_its_place(self, keys, key):
        (found,) = refused(
            step("b", indicator="jobs", at_least=1.0),
            step("a", **keys) if "name" not in keys else keys | {"by": 2028},
        )
        assert found.key == f"theory_of_change[2].{key}"
        assert all(found.message.said(language) for language in ("fr", "en"))

    def test_a_refused_step_is_not_also_unknown(self):
        first, *more = refused(step("a", indicator="nothing"), step("b", needs=["a"]))
        assert (first.key, more) == ("theory_of_change[1].indicator", [])


class TestProof:
    @pytest.mark.parametrize(
        ("jobs", "met", "status", "missing"),
        [
            ([5, 12, 12, 12], 2027, "in_time", 0),
            ([5, 12, 9, 12], 2029, "late", 1),  # lost again before the date: no proof
            ([5, 12, 12, 9], 2027, "lost", 0),
            ([5, 6, 7, 8], np.nan, "not_met", 3),
            ([12, 12, 12, 12], 2026, "in_time", 0),
        ],
    )
    def test_met_from_the_year_it_lasts_to_the_date(self, jobs, met, status, missing):
        (found,) = read([proved("a")], jobs)
        np.testing.assert_array_equal(found.met, [met])
        assert (found.status, found.missing[0]) == ((status,), missing)

    def test_a_ceiling_passed_late_is_not_met(self):
        (found,) = read([proved("a", at_least=None, at_most=10.0)], [1, 9, 11, 12])
        assert (found.status, found.reached[0], found.missing[0]) == (("not_met",), 2026, 1)

    def test_a_step_counts_once_what_it_needs_is_met(self):
        first, second = proved("first", at_least=20.0, by=2029), proved("second", "first", by=2029)
        found = read([second, first], [12, 12, 25, 25], [12, 12, 12, 12])
        np.testing.assert_array_equal(found[0].met, [2028, np.nan])
        np.testing.assert_array_equal(found[0].reached, [2026, 2026])
        assert found[0].status == ("in_time", "before_needs")

    def test_a_mission_is_met_with_the_last_of_its_needs(self):
        steps = [
            Step.model_validate(step("all", needs=("a", "b"), by=2029)),
            proved("a"),
            proved("b", at_least=20.0),
        ]
        (mission, *_) = read(steps, [12, 12, 25, 25], [12, 12, 12, 12])
        np.testing.assert_array_equal(mission.met, [2028, np.nan])
        assert mission.status == ("in_time", "not_met")

    def test_a_territory_is_read_at_its_place_and_a_date_after_the_end_is_open(self):
        local = Step.model_validate(step("a", indicator="unemployment", at_most=0.2, territory="T01"))
        later = proved("b", by=2050)
        found = read([local, later], [12, 12, 12])
        assert (found[0].value[0], found[0].status, found[1].status) == (0.1, ("in_time",), ("open",))

    def test_no_value_is_no_proof(self):
        (found,) = read([proved("a")], [np.nan] * 4)
        assert (found.status, found.missing[0]) == (("not_met",), np.inf)

    def test_needs_come_first_whatever_the_order_of_the_file(self):
        steps = [proved("c", "b", "a"), proved("b", "a"), proved("a")]
        assert [found.name for found in in_order(steps)] == ["a", "b", "c"]


class TestWords:
    def test_in_both_languages(self):
        (found,) = read([proved("a", at_least=None, at_most=10.0)], [1, 9, 11, 12])
        set_lang("en")
        assert proof_words(found) == "not met (11.0\u00a0jobs, over by 1.00\u00a0jobs)"
        assert promise_words(found.step, {}) == "Jobs at the workplace ≤\u00a010\u00a0jobs at the end of 2028"
        set_lang("fr")
        assert proof_words(found).startswith("non tenu (11,0")
        set_lang("en")


class TestShown:
    STEPS = (step("a", 2026, indicator="jobs", at_least=1.0, title={"fr": "Un", "en": "One"}),)

    def test_a_theory_changes_no_run(self):
        promised = small({"theory_of_change": list(self.STEPS)})
        with_, without = coopsim.simulate(promised, 1), coopsim.simulate(small({}), 1)
        np.testing.assert_array_equal(with_.arrays[1], without.arrays[1])
        np.testing.assert_array_equal(with_.arrays[0], without.arrays[0])
        assert (with_.proofs[0].status, without.proofs) == (("in_time",), [])

    def test_a_run_keeps_its_table_and_an_older_one_is_taken_away(self, tmp_path):
        done = coopsim.simulate(small({"theory_of_change": list(self.STEPS)}), 1)
        table = done.save(tmp_path / "run") / "theory_of_change.parquet"
        kept = coopsim.Run.load(tmp_path / "run").theory_of_change
        assert table.is_file()
        assert kept[["step", "by", "status"]].to_numpy().tolist() == [["a", 2026, "in_time"]]
        coopsim.simulate(small({}), 1).save(tmp_path / "run")
        assert not table.exists()

    def test_the_command_shows_promise_and_proof(self, tmp_path):
        path = tmp_path / "a.toml"
        path.write_text(
            'schema = 1\nname = "a"\n[case]\nsynthetic = { territories = 3 }\n[horizon]\nyears = 1\n'
            '[[theory_of_change]]\nname = "a"\nindicator = "jobs"\nat_least = 1e9\nby = 2026\n',
            encoding="utf-8",
        )
        shown = CliRunner().invoke(app, ["run", str(path), "--lang", "fr"]).stdout
        assert "promesse et preuve" in shown
        assert "non tenu" in shown
        told = json.loads(CliRunner().invoke(app, ["run", str(path), "--json"]).stdout)
        assert told["theory_of_change"][0]["status"] == "not_met"

    def test_the_report_holds_every_lane_against_the_promise(self):
        compared = fake_comparison()
        promised = [step("a", 2027, indicator="jobs", at_least=1.0), step("b", 2028, needs=["a"])]
        compared.manifest["scenarios"][1]["document"] = {"theory_of_change": promised}
        (found,) = theories(
            [scenario["document"] for scenario in compared.manifest["scenarios"]], compared.ensemble
        )
        assert (found.lanes, len(found.proofs)) == ((1,), 2)
        page = report_html(compared, "fr")
        assert 'id="theory"' in page
        assert "Promis par B" in page
        assert page.count("à temps dans 6 mondes sur 6") == 4
        assert set(compared.theory_of_change["scenario"]) == {"lane-a", "lane-b"}
        assert 'id="theory"' not in report_html(fake_comparison(), "fr")

    def test_the_shipped_mission_and_its_description(self):
        spec = load_scenario("mission-ten-years")
        names = [promised.name for promised in spec.theory_of_change]
        assert names[-1] == "mission"
        set_lang("en")
        told = markdown(spec)
        assert [name for name in names if f"| `{name}` |" not in told] == []
        for sibling in ("mission-ten-years-plan", "mission-ten-years-learning"):
            assert load_scenario(sibling).theory_of_change == spec.theory_of_change
