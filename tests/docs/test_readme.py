"""What README, CONTRIBUTING and CHANGELOG promise exists: targets, commands, options, scenarios, files."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

import coopsim

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md")
TUTORIALS = tuple(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs" / "tutorials").glob("*.md"))
# What the shown commands write, and names that a reader makes up.
MADE = ("report.html", "out/", "build/", "my-scenario", ".venv")


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name, *languages):
    """Lines of the fenced code blocks of a page, without comments."""
    found = re.findall(r"^```(\w+)\n(.*?)^```", text(name), flags=re.MULTILINE | re.DOTALL)
    lines = [
        line.partition("#")[0].strip()
        for lang, body in found
        if lang in languages
        for line in body.splitlines()
    ]
    return [line for line in lines if line]


def coopsim_lines():
    """Every shown call of the command line, written as on Linux."""
    lines = [line for page in (*PAGES, *TUTORIALS) for line in blocks(page, "sh", "bat")]
    lines = [line.removeprefix(".venv\\Scripts\\").replace("\\", "/") for line in lines]
    return sorted({line for line in lines if line.startswith("coopsim ")})


GROUPS = {"session"}  # commands with commands of their own


def help_for(command, arguments):
    """The help of the command that a line calls."""
    return help_of(command, *(arguments[:1] if command in GROUPS else ()))


@cache
def help_of(*command):
    """The help of a command, as a user sees it on a wide terminal."""
    env = os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    call = [sys.executable, "-c", "from coopsim.cli import main; main()", *command, "--help"]
    done = subprocess.run(call, env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"coopsim {' '.join(command)} --help: {done.stdout}{done.stderr}"
    return done.stdout


def test_first_screen_holds_what_it_is_and_the_two_commands():
    screen = "\n".join(text("README.md").splitlines()[:40])
    assert "intercommunalités" in screen
    assert blocks("README.md", "sh")[:2] == ["make demo", "make test"]
    assert "make demo" in screen
    assert "make test" in screen


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_exist(page):
    targets = set(re.findall(r"^([a-z][a-z-]*):", text("Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z][a-z-]*)", text(page), flags=re.MULTILINE))
    assert named
    assert named <= targets


def test_readme_shows_commands():
    assert len(coopsim_lines()) >= 5


@pytest.mark.parametrize("line", coopsim_lines())
def test_command_and_options_exist(line):
    _, command, *arguments = shlex.split(line)
    shown = help_for(command, arguments)
    for option in (a.partition("=")[0] for a in arguments if re.match(r"--?[a-z]", a)):
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", shown), f"coopsim {command} has no {option}"


def test_windows_runs_the_same_comparison_as_make_demo():
    recipe = re.search(r"bin/coopsim (compare .*)", text("Makefile"))
    windows = [line for line in blocks("README.md", "bat") if " compare " in line]
    assert recipe is not None
    assert [line.partition("coopsim ")[2].replace("\\", "/") for line in windows] == [recipe[1]]


def test_scenarios_named_exist():
    named = {
        word for line in coopsim_lines() for word in shlex.split(line) if re.match(r"figeac-[a-z-]+$", word)
    }
    named |= set(re.findall(r"\bfigeac-[a-z-]+", text("Makefile")))
    assert named
    assert [name for name in sorted(named) if not (ROOT / "scenarios" / f"{name}.toml").is_file()] == []


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md", "calibration/README.md", "viz/README.md"])
def test_files_named_exist(page):
    body = re.sub(r"^```.*?^```", "", text(page), flags=re.MULTILINE | re.DOTALL)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    links = [target for target in re.findall(r"\]\(([^)#]+)\)", body) if "://" not in target]
    spans = [
        s
        for s in re.findall(r"`([^`\s]+)`", body)
        if re.fullmatch(r"[\w./-]+/|[\w./-]+\.(py|toml|md|lock|cff|svg|csv)|\.ci/run", s)
    ]
    inside = [ROOT, ROOT / "coopsim", (ROOT / page).parent]
    named = [name for name in links + spans if not any(made in name for made in MADE)]
    assert [name for name in named if not any((base / name).exists() for base in inside)] == []


def test_versions_agree():
    newest = re.search(r"^## \[([^]]+)\]", text("CHANGELOG.md"), flags=re.MULTILINE)
    cited = re.search(r"^version: (\S+)", text("CITATION.cff"), flags=re.MULTILINE)
    assert newest is not None
    assert cited is not None
    described = json.loads(text("codemeta.json"))["version"]
    assert {newest[1], cited[1], described} == {coopsim.__version__}


def test_every_version_says_whether_results_move():
    versions = re.split(r"^## ", text("CHANGELOG.md"), flags=re.MULTILINE)[1:]
    assert versions
    assert [
        v.splitlines()[0] for v in versions if not re.search(r"^Results: \S", v, flags=re.MULTILINE)
    ] == []


def test_lock_pins_every_dependency_and_names_no_index():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = project["dependencies"] + [
        d for name, extra in project["optional-dependencies"].items() if name != "all" for d in extra
    ]
    names = {re.split(r"[><=!~ ;\[]", line)[0].lower() for line in wanted}
    pins = [
        line for line in text("requirements.lock").splitlines() if line and not line.lstrip().startswith("#")
    ]
    names -= {"coopsim"}  # an extra may ask for another one
    assert names <= {line.partition("==")[0] for line in pins}
    assert [line for line in pins if not re.match(r"[a-z0-9._-]+==[\w.]+( ; .+)?$", line)] == []
    assert "://" not in text("requirements.lock")
