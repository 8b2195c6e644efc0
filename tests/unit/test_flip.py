"""The smallest flip: what is searched, what is found, what is told."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from coopsim import flip as module
from coopsim.cli import app
from coopsim.flip import Search, flip, regimes, set_text
from coopsim.flip.changes import Change, from_difference, from_levers, from_parameters, size
from coopsim.indicators import SYSTEM
from coopsim.scenario import load_scenario, parse_override

TINY = {"schema": 1, "name": "tiny", "horizon": {"years": 1}, "case": {"synthetic": {"territories": 2}}}
SHARE = "governance.payoff.revenue_sharing.share"


def scenario(name, changes=None):
    return load_scenario(TINY).but({**(changes or {}), "name": name})


@pytest.fixture
def fake(monkeypatch):
    """A model whose jobs follow from two rules and one parameter, and luck that the seed alone decides."""
    calls = []

    def simulate(spec, seed):
        calls.append((spec.name, seed))
        g = spec.governance
        jobs = 20.0 * g.payoff.revenue_sharing.share + 2.0 * (g.boundary.admission == "open")
        jobs += 2.0 * (g.boundary.exit == "notice") + 100.0 * (spec.number("society.ties.trust_gain") > 0.5)
        values = np.zeros((4, len(SYSTEM)))
        values[-1, SYSTEM.index("jobs")] = (
            jobs + 0.01 * (seed % 3) + (3.0 if spec.name.startswith("b") else 0.0)
        )
        return SimpleNamespace(arrays=(None, values))

    monkeypatch.setattr(module, "simulate", simulate)
    return calls


def search(budget=500, seeds=4, a=None, b=None):
    return Search(a or scenario("a"), b or scenario("b"), "jobs", tuple(range(seeds)), budget, workers=1)


class TestSearch:
    def test_a_number_is_brought_back_to_the_smallest_change(self, fake):
        change = Change(SHARE, 0.0, 0.9, width=0.9)
        found = flip(search(), [[change]])
        assert found.before.verdict == "better"
        assert found.found[0].verdict == "worse"
        value = found.found[0].changes[0].new
        assert 0.15 < value < 0.15 + 0.9 / 2**5 + 1e-9  # 20·share must exceed 3
        assert found.found[0].mean < 0 < found.before.mean
        assert found.runs == len(fake)

    def test_two_keys_are_joined_when_one_is_not_enough(self, fake):
        changes = [
            Change("governance.boundary.admission", "adjacent", "open"),
            Change("governance.boundary.exit", "free", "notice"),
            Change("governance.payoff.review_years", 3, 6, width=29, whole=True),
        ]
        none = flip(search(), [changes], most=1)
        assert none.found == ()
        assert none.nearest.mean == pytest.approx(1.0)
        both = flip(search(), [changes], most=2)
        keys = {change.key for change in both.found[0].changes}
        assert keys == {"governance.boundary.admission", "governance.boundary.exit"}
        assert both.found[0].verdict == "worse"

    def test_a_parameter_is_changed_on_both_sides_and_so_cancels(self, fake):
        key = "society.ties.trust_gain"
        change = Change(key, scenario("a").number(key), 0.9, both=True, width=1.0)
        found = flip(search(), [[change]])
        assert found.found == ()
        assert found.nearest.mean == pytest.approx(3.0)

    def test_the_budget_is_kept_and_what_it_leaves_is_told(self, fake):
        changes = [Change("governance.payoff.review_years", 3, n, width=29, whole=True) for n in range(4, 24)]
        found = flip(search(budget=20), [changes], most=1)
        assert found.runs <= 20
        assert len(fake) == found.runs
        assert found.untried > 0
        assert found.tried + found.untried >= len(changes)

    def test_without_a_verdict_nothing_is_searched(self, fake):
        found = flip(search(b=scenario("other")), [[Change(SHARE, 0.0, 0.9, width=0.9)]])
        assert found.before.verdict == "no clear difference"
        assert (found.found, found.nearest, found.tried) == ((), None, 0)

    def test_what_the_rules_refuse_is_left_out(self, fake):
        change = Change("governance.payoff.subsidy.min", 0.0, 900.0, width=1000.0)
        assert flip(search(), [[change]]).tried == 0


class TestChanges:
    def test_every_change_can_be_pasted(self):
        changes = [*from_levers(scenario("a"), []), *from_parameters(scenario("a"))]
        assert len(changes) > 200
        for change in changes:
            key, value = parse_override(set_text(change.key, change.new))
            assert key == change.key
            assert value == change.new or value == pytest.approx(change.new)

    def test_the_difference_of_two_scenarios_comes_first(self):
        a, b = regimes(load_scenario(TINY))
        assert (a.name, b.name) == ("tiny-attractiveness", "tiny-cooperation")
        found = {change.key: change for change in from_difference(a, b)}
        assert found[SHARE].old == 0.0
        assert found[SHARE].new == b.governance.payoff.revenue_sharing.share
        together = a.but({c.key: c.new for c in found.values()} | {"name": b.name})
        assert together.governance == b.governance

    def test_shipped_regimes_stand_for_themselves(self):
        a, b = regimes(load_scenario("figeac-cooperation"))
        assert (a.name, b.name) == ("figeac-attractiveness", "figeac-cooperation")

    def test_fewer_keys_are_smaller_and_a_number_by_its_part(self):
        number = Change(SHARE, 0.0, 0.09, width=0.9)
        name = Change("governance.boundary.exit", "free", "notice")
        assert size((number,)) == (1, pytest.approx(0.1))
        assert size((number,)) < size((name,)) < size((number, number))


def command(*words):
    return CliRunner().invoke(app, ["flip", *words], env={"LC_ALL": "C", "COLUMNS": "160"})


@pytest.fixture
def tiny(tmp_path):
    text = 'schema = 1\nname = "tiny"\n[horizon]\nyears = 1\n[case.synthetic]\nterritories = 2\n'
    path = tmp_path / "tiny.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


class TestCommand:
    @pytest.mark.parametrize(
        ("words", "part"),
        [
            (("--indicator", "job"), "'jobs'"),
            (("--max-changes", "9"), "1 – 5"),
            (("--budget", "3"), "20 – "),
            (("--replicates", "1"), "2 – "),
        ],
    )
    def test_bad_input(self, tiny, words, part):
        done = command(tiny, *words)
        assert done.exit_code == 2
        assert part in done.stderr

    def test_it_shows_both_verdicts_and_a_line_to_paste(self, tmp_path, fake):
        one, two = tmp_path / "a.toml", tmp_path / "b.toml"
        for path, share in ((one, 0.0), (two, 0.5)):
            path.write_text(
                f'schema = 1\nname = "{path.stem}"\n[horizon]\nyears = 1\n[case.synthetic]\nterritories = 2\n'
                f"[governance.payoff.revenue_sharing]\nshare = {share}\n[governance.boundary]\nexit = 'notice'\n",
                encoding="utf-8",
            )
        words = (str(one), str(two), "--replicates", "3", "--workers", "1", "--budget", "3000")
        told = command(*words)
        assert told.exit_code == 0, told.output
        assert "to paste: --set 'governance." in told.stdout
        assert "better" in told.stdout
        assert "worse" in told.stdout
        found = json.loads(command(*words, "--json", "--lang", "fr").stdout)
        assert found["before"]["verdict"] == "better"
        assert found["flips"][0]["verdict"] == "worse"
