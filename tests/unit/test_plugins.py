"""Code of third parties: what a broken package or file is told, and that it leaves nothing behind."""

import importlib
import re
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import coopsim
from coopsim import plugins
from coopsim.catalogue import broken_packages, explain
from coopsim.catalogue.keys import rule_keys
from coopsim.cli import app
from coopsim.errors import ScenarioError
from coopsim.executors import rule_modules
from coopsim.governance import Ballot
from coopsim.i18n import set_lang
from coopsim.registry import Registry, load_packages, load_rules
from coopsim.scenario.rules import all_rules, checked_rule, members
from coopsim.testing import check_rule
from tests.rule_files import package, rule

COUNCIL = 'schema = 1\nname = "{}"\n[case.synthetic]\nterritories = 2\n[governance.aggregation]\ncouncil_rule = "{}"\n'


@pytest.fixture(autouse=True)
def clean():
    """Every registry, module and cache as it was."""
    kept = {kind: rules.classes() for kind, rules in all_rules()[0].items()}
    modules = set(sys.modules)
    yield
    for kind, rules in Registry.all.items():
        rules._contested.clear()
        rules.restore(kept.get(kind, {}))
    for name in set(sys.modules) - modules:
        if not name.startswith("coopsim"):
            del sys.modules[name]
    plugins.FILES.clear()
    load_packages.cache_clear()
    set_lang("en")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Installs packages given by name and module."""

    def install(name, module, point=""):
        monkeypatch.syspath_prepend(package(tmp_path / name, name, module, point))
        load_packages.cache_clear()

    return install


def council(name):
    return checked_rule("voting rule", name)


BROKEN = {
    "does not import": ("import no_such_library\n", "No module named 'no_such_library'"),
    "does not parse": ("def (:\n", "SyntaxError"),
    "calls exit": ("import sys\nsys.exit(3)\n", "SystemExit: 3"),
    "forgets the method": (rule(method="adoptd"), "voting rule without adopted: bad_rules:Mine"),
    "mistakes the kind": (rule(kind="voting ruel"), "there are no rules of this kind"),
    "takes a name of ours": (
        rule(name="majority"),
        "the voting rule 'majority' is defined twice, by coopsim and by bad_rules:Mine",
    ),
    "is not frozen": (rule().replace("(frozen=True)", ""), "bad_rules:Mine is no frozen dataclass"),
    "has no traits": (rule().replace("traits:", "trait:"), "bad_rules:Mine has no class attribute traits"),
    "has a name that no file can hold": (rule(name="My Rule"), "'My Rule' is no name for a rule"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_is_named_and_nothing_of_it_is_kept(name, installed):
    """The list shows what works, then names the package."""
    module, said = BROKEN[name]
    installed("bad-rules", rule(cls="Sound", name="first_of_bad") + module)
    installed("good-rules", rule(name="good"))
    done = CliRunner().invoke(app, ["list", "rules"], env={"LC_ALL": "C", "COLUMNS": "200"})
    assert done.exit_code == 2
    assert "majority" in done.stdout
    assert "good_rules" in done.stdout
    assert "first_of_bad" not in done.stdout
    (line,) = done.stderr.splitlines()
    assert "package 'bad-rules 1.0' cannot be used" in line
    assert said in line
    assert "pip uninstall bad-rules" in line
    assert council("good") == "good"
    with pytest.raises(ScenarioError, match="no voting rule has this name") as refused:
        council("first_of_bad")
    assert "bad-rules" in str(refused.value.problems[1])


def test_the_problem_says_where(installed, tmp_path):
    installed("bad-rules", "import coopsim\n\n1 / 0\n")
    (problem,) = broken_packages()
    assert (problem.file, problem.line) == (str(tmp_path / "bad-rules" / "bad_rules.py"), 3)
    assert "ZeroDivisionError" in problem.message.fr
    with pytest.warns(UserWarning, match="bad-rules"):
        coopsim.rules()


def test_an_entry_point_may_name_the_class(installed):
    installed("good-rules", rule(), point="good_rules:Mine")
    assert council("mine") == "mine"
    assert broken_packages() == ()


def test_a_class_without_the_decorator_is_no_rule(installed):
    installed("bad-rules", "class Mine:\n    pass\n", point="bad_rules:Mine")
    (problem,) = broken_packages()
    assert "bad_rules.Mine is not registered: give it the decorator coopsim.rule" in problem.message.en


def test_a_scenario_that_needs_no_package_does_not_hear_of_a_broken_one(installed, tmp_path):
    installed("bad-rules", "import no_such_library\n")
    path = tmp_path / "plain.toml"
    path.write_text(COUNCIL.format("plain", "quorum"), encoding="utf-8")
    assert coopsim.load_scenario(path).governance.aggregation.council_rule == "quorum"
    assert explain("outside_share")
    with pytest.raises(ScenarioError, match="bad-rules"):
        explain("no_such_rule_anywhere")


@pytest.mark.parametrize("order", [("a-rules", "b-rules"), ("b-rules", "a-rules")])
def test_a_name_that_two_packages_claim_belongs_to_neither(order, installed):
    for name in order:
        installed(name, rule())
    with pytest.raises(ScenarioError, match="'mine' is defined twice, by a_rules:Mine and by b_rules:Mine"):
        council("mine")
    assert "mine" not in all_rules()[0]["voting rule"]
    set_lang("fr")
    with pytest.raises(ScenarioError, match="la règle de vote « mine » est définie deux fois"):
        council("mine")


def test_a_name_of_a_package_and_of_a_file_belongs_to_neither(installed, tmp_path):
    installed("a-rules", rule())
    (tmp_path / "mine.py").write_text(rule(), encoding="utf-8")
    load_rules(tmp_path / "mine.py")
    with pytest.raises(ScenarioError, match=r"by mine\.py:Mine and by a_rules:Mine"):
        council("mine")


class TestPage:
    """docs/own-rule.md is true."""

    PAGE = (Path(__file__).parents[2] / "docs" / "own-rule.md").read_text(encoding="utf-8")

    def blocks(self, language):
        return re.findall(rf"^```{language}\n(.*?)^```", self.PAGE, flags=re.MULTILINE | re.DOTALL)

    def test_its_rule_is_a_rule(self, tmp_path):
        (tmp_path / "page.py").write_text(self.blocks("python")[0], encoding="utf-8")
        load_rules(tmp_path / "page.py")
        check_rule("voting rule", "two_thirds_present", years=0)
        table = tomllib.loads(self.blocks("toml")[0])["governance"]["aggregation"]["council_rule"]
        assert council(table) == table
        two_thirds = all_rules()[0]["voting rule"].build(table)
        assert two_thirds.adopted(Ballot.of([1, 1, 1, 0]))
        assert not two_thirds.adopted(Ballot.of([1, 1, 1, 0], present=[1, 1, 0, 0]))

    def test_it_names_every_kind_its_method_and_its_keys(self):
        rows = dict(re.findall(r"^\| `([a-z ]+)` \| (.*) \|$", self.PAGE, flags=re.MULTILINE))
        named = {kind for kind in all_rules()[0] if rule_keys(kind)}
        assert set(rows) == named
        for kind in named:
            for member in set(members(kind)) - {"traits"}:
                assert f"`{member}" in rows[kind], (kind, member)
            for key in rule_keys(kind):
                assert key.rpartition(".")[2] in rows[kind]
        for module, name in re.findall(r"`(coopsim\.governance[.a-z_]*)\.([A-Z]\w+)`", self.PAGE):
            assert hasattr(importlib.import_module(module), name)


class TestFile:
    def test_is_imported_once_and_workers_are_told_of_it(self, tmp_path):
        (tmp_path / "mine.py").write_text(rule(), encoding="utf-8")
        load_rules(tmp_path / "mine.py")
        load_rules(tmp_path / "." / "mine.py")
        assert council("mine") == "mine"
        (name,) = rule_modules()
        assert plugins.FILES[name] == (tmp_path / "mine.py").resolve()

    def test_its_folder_stays_closed(self, tmp_path):
        (tmp_path / "json.py").write_text(
            "raise AssertionError('hides the standard library')\n", encoding="utf-8"
        )
        (tmp_path / "mine.py").write_text("import json\njson.dumps\n" + rule(), encoding="utf-8")
        load_rules(tmp_path / "mine.py")
        assert str(tmp_path) not in sys.path

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            ("missing.py", None, "there is no such file"),
            ("notes.txt", "", "a Python file is expected"),
            (
                "wrong.py",
                "import coopsim\n\n1 / 0\n",
                "wrong.py:3: this file of rules cannot be used: ZeroDivisionError",
            ),
            ("wrong.py", "def (:\n", "wrong.py:1: this file of rules cannot be used: SyntaxError"),
            ("wrong.py", rule() + "raise SystemExit(0)\n", "SystemExit: 0"),
            ("wrong.py", rule(name="majority"), "by coopsim and by wrong.py:Mine"),
        ],
    )
    @pytest.mark.parametrize("command", ["run", "validate"])
    def test_one_that_cannot_be_used(self, command, name, text, said, tmp_path):
        if text is not None:
            (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "plain.toml").write_text(COUNCIL.format("plain", "quorum"), encoding="utf-8")
        call = [command, str(tmp_path / "plain.toml"), "--rules", str(tmp_path / name)]
        done = CliRunner().invoke(app, call, env={"LC_ALL": "C"})
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr
        assert "Traceback" not in done.stderr
        assert "mine" not in all_rules()[0]["voting rule"]
        assert plugins.FILES == {}


def test_a_rule_refuses_a_value_as_it_likes(tmp_path):
    """Whatever a rule of a third party raises while it is built is told as a refused rule."""
    body = "    share: float = 0.5\n\n    def __post_init__(self):\n        {}[self.share]\n"
    (tmp_path / "mine.py").write_text(rule() + body, encoding="utf-8")
    load_rules(tmp_path / "mine.py")
    with pytest.raises(ScenarioError, match="rule refused"):
        council({"rule": "mine", "share": 0.3})


def test_a_type_that_its_module_does_not_define(tmp_path):
    module = "from __future__ import annotations\n" + rule() + "    share: Fraction = 0.5\n"
    (tmp_path / "mine.py").write_text(module, encoding="utf-8")
    load_rules(tmp_path / "mine.py")
    with pytest.raises(ScenarioError, match="'Fraction' of a parameter of this rule is not defined"):
        council({"rule": "mine", "share": 0.3})
