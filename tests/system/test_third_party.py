"""A third party's package: built, installed and used by a scenario, without touching coopsim; and when it is broken."""

import base64
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.batches import several
from tests.rule_files import package, rule

SOURCE = Path(__file__).parents[1] / "data" / "third_party"
TAG = "py3-none-any"

SCENARIO = """
schema = 1
name = "{name}"
extends = ["figeac-cooperation"]
[horizon]
years = 2
[governance.aggregation]
council_rule = {rule}
[governance.scope.water]
allocation = {{ rule = "flow_share", share = {share} }}
"""

SMALL = """
schema = 1
name = "{}"
[horizon]
years = 1
[case.synthetic]
territories = 2
[governance.aggregation]
council_rule = {}
"""


def built(out):
    """Build the package's wheel with the standard library: a build tool would need the network."""
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stem = f"{project['name'].replace('-', '_')}-{project['version']}"
    info = f"{stem}.dist-info"
    points = [
        line
        for group, table in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in table.items()))
    ]
    files = {
        str(path.relative_to(SOURCE).as_posix()): path.read_text(encoding="utf-8")
        for path in sorted((SOURCE / "example_rules").glob("*.py"))
    }
    files |= {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {TAG}\n",
        f"{info}/entry_points.txt": "\n".join(points) + "\n",
    }
    record = [f"{name},{_digest(text)},{len(text.encode())}" for name, text in files.items()]
    wheel = out / f"{stem}-{TAG}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {
            **files,
            f"{info}/RECORD": "\n".join([*record, f"{info}/RECORD,,"]) + "\n",
        }.items():
            archive.writestr(name, text)
    return wheel


def _digest(text):
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"


def pip(*words):
    options = ["--disable-pip-version-check", "--no-index", "--no-deps", "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "pip", words[0], *options, *words[1:]], check=True, capture_output=True
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder in which pip has installed the package, and nothing else."""
    folder = tmp_path_factory.mktemp("third-party")
    pip("install", "--target", str(folder / "site"), str(built(folder)))
    return folder / "site"


def finding(*site):
    """The environment of a process that finds the packages of some folders."""
    return {"PYTHONPATH": os.pathsep.join(map(str, [*site, *filter(None, [os.environ.get("PYTHONPATH")])]))}


def python(code, *words, site=(), cwd=None, lang="en"):
    """Run Python in a process that finds the packages of some folders; returns what it said."""
    env = os.environ | {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", "COLUMNS": "200"} | finding(*site)
    call = [sys.executable, "-c", code, *words, *(["--lang", lang] if words else [])]
    return subprocess.run(
        call, cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False, timeout=300
    )


def coopsim(*words, **options):
    return python("from coopsim.cli import main; main()", *map(str, words), **options)


def scenario(folder, name, council_rule, share=0.5):
    path = folder / f"{name}.toml"
    path.write_text(SCENARIO.format(name=name, rule=council_rule, share=share), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def answers(installed, tmp_path_factory):
    """What one process that finds the package says to several commands."""
    folder = tmp_path_factory.mktemp("answers")
    calls = {
        "rules": ["list", "rules", "--json"],
        "shown": ["list", "rules", "--lang", "fr"],
        "told": ["explain", "double_quorum", "--lang", "fr"],
        "key": ["explain", "governance.aggregation.council_rule"],
        "misspelt": ["validate", scenario(folder, "near", '{ rule = "double_quorum", voter = 0.4 }')],
        "too much": ["validate", scenario(folder, "far", '{ rule = "double_quorum", voters = 4.0 }')],
    }
    env = finding(installed)
    return dict(zip(calls, several(*calls.values(), env=env), strict=True))


class TestInstalled:
    def test_its_rules_are_listed_and_explained(self, answers):
        code, out, err = answers["rules"]
        assert code == 0, err
        found = {r["name"]: r for r in json.loads(out) if r["package"] == "example_rules"}
        assert {name: r["rule_kind"] for name, r in found.items()} == {
            "double_quorum": "voting rule",
            "flow_share": "water allocation",
        }
        assert found["double_quorum"]["parameters"] == {"voters": 0.5, "population": 0.5}
        assert "Paquet" in answers["shown"][1]
        assert "double_quorum" in answers["shown"][1]
        code, out, err = answers["told"]
        assert code == 0, err
        for word in (
            "majorité des présents",
            "CGCT L2121-17",
            "example_rules",
            "governance.aggregation.council_rule",
        ):
            assert word in out
        assert "double_quorum" in answers["key"][1]

    def test_without_it_the_name_is_unknown(self, tmp_path):
        path = scenario(tmp_path, "there", '"double_quorum"')
        done = coopsim("validate", path, lang="fr")
        assert done.returncode == 2
        assert "aucune règle de vote ne porte ce nom" in done.stderr

    @pytest.mark.slow
    def test_scenarios_use_it_in_two_workers(self, installed, tmp_path):
        """Rights in shares of the flow bite; a double quorum of councils where all sit is a majority."""
        rules = {
            "quorum": ('"double_quorum"', 0.001),
            "majority": ('"majority"', 0.001),
            "wet": ('"majority"', 1.0),
        }
        paths = [scenario(tmp_path, name, *given) for name, given in rules.items()]
        words = ["compare", *paths, "--replicates", "2", "--json", "--workers"]
        env = finding(installed)
        two, one = several([*words, "2"], [*words, "1"], env=env, cwd=tmp_path)
        assert two[0] == 0, two
        found = json.loads(two[1])
        assert found == json.loads(one[1])
        gaps = {
            (row["a"], row["b"]): abs(row["mean_difference"])
            for row in found["paired"]
            if row["indicator"] == "unmet_drinking_share"
        }
        assert gaps["quorum", "majority"] == 0.0
        assert gaps["majority", "wet"] > 0.0

    def test_it_keeps_the_promises_of_every_rule(self, installed):
        code = (
            "from coopsim.testing import check_rule\n"
            "check_rule('voting rule', 'double_quorum')\ncheck_rule('water allocation', 'flow_share')\n"
        )
        done = python(code, site=[installed])
        assert done.returncode == 0, done.stderr

    def test_its_parameters_are_checked_as_ours(self, answers):
        assert answers["misspelt"][:2] == [2, ""]
        assert "did you mean 'voters'" in answers["misspelt"][2]
        assert answers["too much"][:2] == [2, ""]
        assert "voters must lie between 0 and 1" in answers["too much"][2]

    @pytest.mark.skipif(
        importlib.util.find_spec("hatchling") is None, reason="the build tool is not installed"
    )
    def test_its_build_tool_makes_the_same_wheel(self, tmp_path):
        pip("wheel", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(SOURCE))
        (made,) = tmp_path.glob("*.whl")
        (tmp_path / "ours").mkdir()
        ours = built(tmp_path / "ours")
        assert made.name == ours.name
        with zipfile.ZipFile(made) as theirs, zipfile.ZipFile(ours) as own:
            assert set(own.namelist()) <= set(theirs.namelist())
            points = next(name for name in own.namelist() if name.endswith("entry_points.txt"))
            assert theirs.read(points).split() == own.read(points).split()


def test_a_broken_package_is_named_where_its_rule_is_wanted(tmp_path):
    site = package(tmp_path / "site", "bad-rules", "import no_such_library\n")
    wanted = tmp_path / "wanted.toml"
    wanted.write_text(SMALL.format("wanted", '"theirs"'), encoding="utf-8")
    sound = tmp_path / "sound.toml"
    sound.write_text(SMALL.format("sound", '"quorum"'), encoding="utf-8")
    env = finding(site)
    broken, fine = several(["validate", wanted, "--lang", "fr"], ["validate", sound], env=env)
    assert broken[:2] == [2, ""]
    assert "aucune règle de vote ne porte ce nom" in broken[2]
    assert "(reçu : 'theirs')" in broken[2]
    assert "le paquet « bad-rules 1.0 » ne peut pas être utilisé : ModuleNotFoundError" in broken[2]
    assert fine[0] == 0, fine


class TestFile:
    """Rules in a file that the user names with --rules; a scenario file never brings code by itself."""

    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "my_rules.py").write_text(rule(), encoding="utf-8")
        for name, council_rule in (("mine", '"mine"'), ("other", '"majority"')):
            (tmp_path / f"{name}.toml").write_text(SMALL.format(name, council_rule), encoding="utf-8")
        return tmp_path

    def test_compare_in_two_workers(self, folder):
        words = ["--rules", "my_rules.py", "--json"]
        done = coopsim(
            "compare", "mine.toml", "other.toml", "--replicates", "2", "--workers", "2", *words, cwd=folder
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["scenarios"] == ["mine", "other"]

    def test_what_its_rule_raises_is_not_our_fault(self, folder):
        (folder / "my_rules.py").write_text(rule(body="return 1 / 0"), encoding="utf-8")
        words = ["mine.toml", "other.toml", "--replicates", "2", "--workers", "2", "--rules", "my_rules.py"]
        done = coopsim("compare", *words, cwd=folder)
        assert done.returncode == 2
        assert "ZeroDivisionError" in done.stderr
        assert "my_rules.py, not from coopsim" in done.stderr
        assert "fault of coopsim" not in done.stderr


SCRIPT = """
base = coopsim.load_scenario("other.toml")
mine = base.but({"governance.aggregation.council_rule": "mine", "name": "script"})
print(coopsim.simulate(mine).scenario)
"""


def test_a_script_uses_a_rule_of_its_own(tmp_path):
    (tmp_path / "other.toml").write_text(SMALL.format("other", '"majority"'), encoding="utf-8")
    done = python(rule() + SCRIPT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["script"]
