"""The command line: what commands print, in both languages, and the exit codes that scripts rely on."""

import json
import os
import re
import signal
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import coopsim
from coopsim import _numba_cache
from coopsim.cli import app, commands, extras, kernels, texts
from coopsim.cli.commands import comparing
from coopsim.cli.progress import progress
from coopsim.i18n import Text, set_lang

TINY = 'schema = 1\nname = "{name}"\n[horizon]\nyears = 1\n[case.synthetic]\nterritories = 2\n'
SLOW_IMPORTS = ("numba", "pandas", "matplotlib", "mesa", "scipy", "pyarrow", "solara", "SALib")


def coopsim_(*words, **env):
    """Run the command line in this process; returns the result with .exit_code, .stdout and .stderr."""
    return CliRunner().invoke(app, list(words), env={"LC_ALL": "C", "COLUMNS": "200", **env})


def process(code, *words, **options):
    """Run Python code in a fresh interpreter."""
    env = os.environ | {"COLUMNS": "200", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    call = [sys.executable, "-c", code, *words]
    return subprocess.run(call, env=env, capture_output=True, encoding="utf-8", check=False, **options)


@pytest.fixture
def tiny(tmp_path):
    """Two small scenarios."""
    paths = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.toml"
        path.write_text(TINY.format(name=name), encoding="utf-8")
        paths.append(str(path))
    return paths


@pytest.fixture
def warm(monkeypatch):
    """Kernels are said to be compiled: no test of messages compiles them."""
    monkeypatch.setattr(kernels, "cold", lambda: False)


class TestHelp:
    @pytest.mark.parametrize("lang", ["fr", "en"])
    @pytest.mark.parametrize("name", commands.COMMANDS)
    def test_every_command_has_an_example(self, name, lang):
        done = coopsim_(name, "--help", "--lang", lang)
        assert done.exit_code == 0, done.stderr
        example = re.search(r"Exempl?e : (coopsim .+)" if lang == "fr" else r"Example: (coopsim .+)", done.stdout)
        assert example is not None
        assert example[1].split()[1] == name

    def test_every_text_is_there_and_used(self):
        group = get_command(app)
        named = {p.name for command in (group, *group.commands.values()) for p in command.params}
        assert named <= set(texts.OPTIONS)
        assert set(texts.OPTIONS) - named == {"help"}
        assert set(texts.COMMANDS) == set(commands.COMMANDS)
        for text in (*texts.COMMANDS.values(), *texts.OPTIONS.values()):
            assert text.fr != text.en

    def test_examples_parse(self):
        group = get_command(app)
        for name, text in texts.COMMANDS.items():
            for shown in (text.fr, text.en):
                words = shown.rpartition("coopsim ")[2].split()
                assert words[0] == name
                options = [word for word in words if word.startswith("-") and word != "--lang"]
                assert set(options) <= {option for p in group.commands[name].params for option in p.opts}

    def test_no_argument_shows_the_help(self):
        done = coopsim_()
        assert done.exit_code == 0
        assert "compare" in done.stdout

    def test_version(self):
        done = coopsim_("--version")
        assert (done.exit_code, done.stdout) == (0, f"coopsim {coopsim.__version__}\n")

    @pytest.mark.parametrize("words", [["--help"], ["compare", "--help"], ["--version"]])
    def test_help_imports_nothing_slow(self, words):
        code = (
            "import sys\nfrom coopsim.cli import main\n"
            "try: main()\nexcept SystemExit as end: assert end.code == 0\n"
            f"slow = [m for m in {SLOW_IMPORTS!r} if m in sys.modules]\nassert not slow, slow"
        )
        done = process(code, *words)
        assert done.returncode == 0, done.stderr


class TestLanguage:
    def test_before_or_after_the_command(self):
        words = ["explain", "governance.payoff.revenue_sharing.share"]
        french = [
            coopsim_("--lang", "fr", *words),
            coopsim_(*words, "--lang", "fr"),
            coopsim_("--lang=fr", *words),
            coopsim_(*words, "--lang=fr"),
            coopsim_(*words, LC_ALL="fr_FR.UTF-8"),
        ]
        assert {done.stdout for done in french} == {french[0].stdout}
        assert "part de la CFE mise en commun" in french[0].stdout
        assert "share of business tax" in coopsim_(*words).stdout

    def test_one_call_leaves_no_language_to_the_next(self):
        coopsim_("--lang", "fr", "list", "events")
        assert "Name" in coopsim_("list", "events").stdout

    @pytest.mark.parametrize("words", [["--lang", "de", "list", "events"], ["list", "events", "--lang"]])
    def test_other_languages_are_refused(self, words):
        done = coopsim_(*words)
        assert done.exit_code == 2
        assert "fr, en" in done.stderr

    def test_panels_and_misuse(self):
        done = coopsim_("run", "--help", "--lang", "fr")
        assert "Afficher cette aide." in done.stdout
        assert "nécessaire" in done.stdout


class TestMisuse:
    @pytest.mark.parametrize(
        ("words", "en", "fr"),
        [
            (["lst"], "did you mean 'list'", "vouliez-vous dire « list »"),
            (["run"], "missing 'NAME|FILE'", "il manque 'NAME|FILE'"),
            (["run", "x", "--sed", "3"], "unknown option: --sed; did you mean", "option inconnue : --sed"),
            (["run", "x", "--seed", "a"], "refused value for '--seed'", "un nombre entier est attendu"),
            (["list", "rule"], "refused value", "valeur refusée"),
            (["--wrong"], "unknown option: --wrong", "option inconnue : --wrong"),
        ],
    )
    def test_told_in_both_languages(self, words, en, fr):
        for lang, said in (("en", en), ("fr", fr)):
            done = coopsim_(*words, "--lang", lang)
            assert done.exit_code == 2
            assert said in done.stderr
            assert done.stdout == ""

    def test_all_mistakes_at_once_and_once_each(self):
        done = coopsim_(
            "compare", "figeac-attractivenes", "figeac-cooperation", "figeac-status-quo",
            "--set", "governance.payof.x=2", "--set", "bad",
        )  # fmt: skip
        assert done.exit_code == 2
        lines = done.stderr.splitlines()
        assert lines[0] == "3 errors:"
        assert len(lines) == 4
        assert "'bad'" in lines[1]
        assert "did you mean 'figeac-attractiveness'" in done.stderr
        assert "did you mean 'payoff'" in done.stderr

    @pytest.mark.parametrize("command", ["run", "compare", "factorial"])
    def test_places_are_checked_before_any_work(self, command, tmp_path, monkeypatch):
        monkeypatch.setattr("coopsim.cli.inputs.scenarios_of", pytest.fail)
        (tmp_path / "taken").write_text("mine", encoding="utf-8")
        names = ["figeac-status-quo"] * (2 if command == "compare" else 1)
        done = coopsim_(command, *names, "--out", str(tmp_path / "taken"))
        assert done.exit_code == 2
        assert "a file already has this name" in done.stderr
        assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"

    def test_negative_seed(self, tiny):
        done = coopsim_("run", tiny[0], "--seed=-1")
        assert done.exit_code == 2
        assert "--seed" in done.stderr


class TestList:
    @pytest.mark.parametrize("kind", [kind.value for kind in commands.list_.__annotations__["kind"].__args__[0]]
                             if hasattr(commands.list_.__annotations__["kind"], "__args__") else [])
    def test_every_kind(self, kind):
        done = coopsim_("list", kind, "--json")
        assert done.exit_code == 0, done.stderr
        found = json.loads(done.stdout)
        assert found
        assert all(record["name"] for record in found)
        for lang in ("fr", "en"):
            shown = coopsim_("list", kind, "--lang", lang)
            assert shown.exit_code == 0
            assert found[0]["name"] in shown.stdout

    def test_part_of_a_name(self):
        found = json.loads(coopsim_("list", "parameters", "economy.siting", "--json").stdout)
        assert {record["name"].rpartition(".")[0] for record in found} == {"economy.siting"}

    def test_the_kinds_are_those_of_the_catalogue(self):
        from coopsim.catalogue import KINDS
        from coopsim.cli.commands.showing import Kind

        assert tuple(Kind) == KINDS
