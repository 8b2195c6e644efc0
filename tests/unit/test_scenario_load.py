"""Loading: what is inherited, what is overridden, what is the same afterwards."""

import json
import pickle
import subprocess
import sys
import time

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario import load_scenario, parse_override, shipped
from tests.bad_input_files import CASE, HEAD
from tests.case_files import spoil, write_case


@pytest.fixture
def write(tmp_path):
    def make(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def plain(write):
    return load_scenario(write("plain.toml", HEAD + CASE))


def test_defaults(plain):
    assert (plain.start_year, plain.years, plain.ticks) == (2026, 30, 120)
    assert plain.submodels.water
    assert plain.journal
    assert plain.governance.payoff.revenue_sharing.share == 0.0
    assert str(plain.title) == plain.name == "wrong"
    assert list(plain.territory_names) == ["T01", "T02", "T03"]


def test_a_file_without_a_name_takes_that_of_the_file(write):
    assert load_scenario(write("Ma vallée.toml", CASE)).name == "ma-vall-e"


def test_later_files_win_and_lists_of_rules_and_events_are_added(write):
    event = '[[event]]\nwhen = {n}\nwhat = "drought"\namount = 0.{n}\n'
    write("base.toml", "[horizon]\nyears = 10\nstart_year = 2020\n" + event.format(n=1))
    write("one.toml", 'extends = ["base.toml"]\n[governance.payoff.subsidy]\nmax = 2.0\n' + event.format(n=2))
    write("sub/two.toml", 'extends = ["../base.toml"]\n[governance.payoff.subsidy]\nmax = 3.0\n')
    text = (
        HEAD + 'extends = ["./one.toml", "sub/two.toml"]\n[horizon]\nyears = 12\n' + event.format(n=3) + CASE
    )
    scenario = load_scenario(write("child.toml", text))
    assert (scenario.years, scenario.start_year) == (12, 2020)
    assert scenario.governance.payoff.subsidy.max == 3.0
    assert [event.tick for event in scenario.events] == [1, 2, 3], "the common parent counts once"


def test_a_name_is_never_inherited(write):
    write("base.toml", HEAD + CASE)
    assert load_scenario(write("other.toml", 'extends = ["base.toml"]\n')).name == "other"


def test_a_rule_replaces_another_with_its_parameters(write):
    write("base.toml", 'governance.aggregation.council_rule = {rule = "quorum", share = 0.4}\n')
    text = (
        HEAD
        + 'extends = ["base.toml"]\n[governance.aggregation]\ncouncil_rule = {rule = "majority"}\n'
        + CASE
    )
    assert load_scenario(write("a.toml", text)).governance.aggregation.council_rule == "majority"


def test_the_document_loads_as_the_same_scenario(write, tmp_path):
    write_case(tmp_path / "valley")
    text = (
        HEAD
        + '[case]\nname = "./valley"\n[[territory]]\ncode = "T02"\nfrom = 2030-06-01\n'
        + 'governance.boundary.exit = "notice"\n'
        + '[[event]]\nwhen = 2028-01-01\nwhat = "storm"\namount = 0.2\n[theory]\nlab = "x"\n'
    )
    scenario = load_scenario(write("a.toml", text))
    document = json.loads(json.dumps(scenario.document(), allow_nan=False))
    again = load_scenario(document)
    assert again.hash == scenario.hash
    assert again == scenario
    assert again.document() == document
    assert again.load_case().name == "valley"


def test_the_hash_follows_the_content_and_not_the_place(write, tmp_path):
    first = write_case(tmp_path / "here" / "valley")
    second = write_case(tmp_path / "there" / "valley")
    here = load_scenario(write("here/a.toml", HEAD + '[case]\nname = "./valley"\n'))
    there = load_scenario(write("there/a.toml", HEAD + '[case]\nname = "./valley"\n'))
    assert here.hash == there.hash
    for path in second.glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_scenario(tmp_path / "there" / "a.toml").hash == here.hash, "line ends are no content"
    spoil(first, "territories", 1, "population", "9999")
    assert load_scenario(tmp_path / "here" / "a.toml").hash != there.hash
    assert here.but({"horizon.years": 5}).hash != there.hash


def test_a_variant_bears_what_differs_in_its_name(plain):
    variant = plain.but({"governance.payoff.revenue_sharing.share": 0.3, "horizon.years": 30})
    assert variant.name == "wrong+share=0.3"
    assert variant.governance.payoff.revenue_sharing.share == 0.3
    assert plain.governance.payoff.revenue_sharing.share == 0.0
    assert variant != plain
    assert plain.but({}) is plain
    assert plain.but({"name": "other"}).name == "other"
    bounds = plain.but({"governance.payoff.tax_rate_bounds": [10, 20.5]})
    assert bounds.name == "wrong+tax_rate_bounds=10,20.5"
    two = plain.but(
        {"governance.choice.moves.subsidy.allowed": False, "governance.choice.moves.marketing.allowed": False}
    )
    assert two.name == "wrong+subsidy.allowed=false+marketing.allowed=false"
    assert load_scenario(two.document()).name == two.name, "the name stays legal"


def test_a_variant_of_a_variant_keeps_both_differences(plain):
    variant = plain.but({"horizon.years": 5}).but({"governance.scope.land.tenure": "lease"})
    assert variant.name == "wrong+years=5+tenure=lease"
    assert (variant.years, variant.governance.scope.land.tenure) == (5, "lease")


def test_a_long_name_is_cut_to_a_legal_one(plain):
    names = ["subsidy", "marketing", "open_land", "tax_change", "firm_support", "propose_pact", "leave_pact"]
    variant = plain.but({f"governance.choice.moves.{name}.allowed": False for name in names})
    assert len(variant.name) <= 120
    assert load_scenario(variant.document()).name == variant.name


def test_overrides_are_checked_like_the_file(write):
    path = write("a.toml", HEAD + CASE)
    scenario = load_scenario(path, {"governance.information.diagnostic": "own"})
    assert (scenario.name, scenario.governance.information.diagnostic) == ("wrong+diagnostic=own", "own")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, {"governance.information.diagnostic": "all", "horizon.yeers": 3})
    assert {problem.key for problem in caught.value.problems} == {
        "governance.information.diagnostic",
        "horizon.yeers",
    }
    assert all(not problem.file for problem in caught.value.problems)


def test_mistakes_of_the_file_and_of_the_overrides_are_told_together(write):
    path = write("a.toml", HEAD + "[horizon]\nyears = 0\n" + CASE)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, {"governance.information.diagnostic": "all"})
    told = {(problem.key, bool(problem.file)) for problem in caught.value.problems}
    assert told == {("horizon.years", True), ("governance.information.diagnostic", False)}


def test_an_override_may_name_another_case(plain, tmp_path):
    write_case(tmp_path / "valley")
    variant = plain.but({"case.name": (tmp_path / "valley").as_posix()})
    assert variant.load_case().name == "valley"
    assert plain.but({"case.synthetic.territories": 5}).load_case().territories.shape[0] == 5


def test_parameters_of_a_default_rule_can_be_overridden(plain):
    with pytest.raises(ScenarioError, match=r"council_rule\.share: unknown parameter"):
        plain.but({"governance.aggregation.council_rule.share": 0.5})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=0.3", 0.3),
        ("a.b = [1, 2]", [1, 2]),
        ("a.b=true", True),
        ("a.b=lease", "lease"),
        ('a.b="lease"', "lease"),
        ("a.b=shared reserve", "shared reserve"),
        ('a.b={rule = "quota"}', {"rule": "quota"}),
        ("a.b=x=y", "x=y"),
    ],
)
def test_settings_of_the_command_line(text, value):
    assert parse_override(text) == ("a.b", value)


@pytest.mark.parametrize("text", ["a.b", "=3", "a.b=", "a..b=3", "a.b=[1", 'a.b="x', "a.b={"])
def test_badly_written_settings(text):
    with pytest.raises(ScenarioError):
        parse_override(text)


def test_unknown_names_come_with_the_nearest():
    with pytest.raises(ScenarioError) as caught:
        load_scenario("no-such-scenario-at-all")
    assert caught.value.problems[0].value == "no-such-scenario-at-all"


def test_a_file_beside_is_proposed_when_it_is_named_like_a_shipped_one(write, tmp_path, monkeypatch):
    write("mine.toml", HEAD + CASE)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        load_scenario("mine")
    assert caught.value.problems[0].nearest == "./mine.toml"


def test_a_scenario_survives_pickling(plain):
    variant = plain.but({"horizon.years": 7})
    assert pickle.loads(pickle.dumps(variant)) == variant


def test_loading_is_fast(write):
    path = write("a.toml", HEAD + CASE)
    load_scenario(path)  # makes the models of the parameters
    start = time.perf_counter()
    for _ in range(10):
        load_scenario(path)
    assert (time.perf_counter() - start) / 10 < 0.05, "promise: under 50 ms"


def test_sections_of_parameters(plain):
    section = plain.section("society.councils")
    assert section["horizon_years"] > 0
    with pytest.raises(ScenarioError) as caught:
        plain.section("society.council")
    assert caught.value.problems[0].nearest == "society.councils"
    with pytest.raises(ScenarioError):
        plain.section("governance_")


def test_reading_a_scenario_needs_no_data_frames(write):
    """Scenario files are read before the slow libraries are: `coopsim list` stays quick."""
    path = write("a.toml", HEAD + CASE)
    code = (
        "import sys; from coopsim.scenario import load_scenario; load_scenario(sys.argv[1]); "
        "print([name for name in ('pandas', 'networkx', 'numba', 'mesa') if name in sys.modules])"
    )
    root = str(shipped().parent)
    out = subprocess.run(
        [sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True, cwd=root
    )
    assert out.stdout.strip() == "[]"
