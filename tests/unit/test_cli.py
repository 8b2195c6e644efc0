"""The command line: help, languages, misuse, failures, and what other packages and scripts rely on."""

import os
import re
import signal
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from typer.main import get_command

import coopsim
from coopsim import _numba_cache
from coopsim.cli import app, commands, extras, texts
from coopsim.cli.commands import comparing
from tests.command_line import coopsim_, process

SLOW_IMPORTS = ("numba", "pandas", "matplotlib", "mesa", "scipy", "pyarrow", "solara", "SALib")


class TestHelp:
    @pytest.mark.parametrize("lang", ["fr", "en"])
    @pytest.mark.parametrize("name", commands.COMMANDS)
    def test_every_command_has_an_example(self, name, lang):
        done = coopsim_(name, "--help", "--lang", lang)
        assert done.exit_code == 0, done.stderr
        example = re.search(
            r"Exempl?e : (coopsim .+)" if lang == "fr" else r"Example: (coopsim .+)", done.stdout
        )
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
            (["lab", "fish-war", "x"], "unexpected extra argument", "de trop : x"),
            (["run", "x", "--json=3"], "does not take a value", "--json n'attend pas de valeur"),
        ],
    )
    def test_told_in_both_languages(self, words, en, fr):
        for lang, said in (("en", en), ("fr", fr)):
            done = coopsim_(*words, "--lang", lang)
            assert done.exit_code == 2
            assert said in done.stderr
            assert done.stdout == ""

    def test_an_option_without_its_value(self):
        said = coopsim_("--lang", "fr", "run", "x", "--years")
        assert said.exit_code == 2
        assert "--years attend une valeur" in said.stderr

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


class TestFailures:
    def test_our_fault_exits_1_and_says_how_to_report_it(self, monkeypatch):
        monkeypatch.setattr("coopsim.catalogue.records", lambda kind: 1 / 0)
        for lang, said in (("en", "This is a fault of coopsim"), ("fr", "C'est une faute de coopsim")):
            done = coopsim_("list", "events", "--lang", lang)
            assert done.exit_code == 1
            assert "ZeroDivisionError" in done.stderr
            assert said in done.stderr
            assert coopsim.__version__ in done.stderr

    def test_a_full_disk_is_not_our_fault(self, monkeypatch, tiny):
        def full(*_):
            raise OSError(28, "No space left on device", "somewhere")

        monkeypatch.setattr("coopsim.catalogue.records", full)
        done = coopsim_("list", "events")
        assert done.exit_code == 2
        assert done.stderr.strip() == "somewhere: No space left on device"

    def test_stopped_by_the_user(self, monkeypatch):
        def stopped(kind):
            raise KeyboardInterrupt

        monkeypatch.setattr("coopsim.catalogue.records", stopped)
        done = coopsim_("list", "events", "--lang", "fr")
        assert done.exit_code == 3
        assert done.stderr.strip() == "Arrêté : rien n'a été écrit."

    def test_stopped_after_the_tables_were_kept(self, tiny, tmp_path, monkeypatch, warm):
        def stopped(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(comparing, "_write_report", stopped)
        out = tmp_path / "out"
        words = [
            "--replicates",
            "1",
            "--workers",
            "1",
            "--out",
            str(out),
            "--report",
            str(tmp_path / "r.html"),
        ]
        done = coopsim_("compare", *tiny, *words)
        assert done.exit_code == 3
        assert f"kept: {out}" in done.stderr
        assert (out / "compare.json").is_file()

    @pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent to a process group there")
    def test_ctrl_c_stops_the_workers_and_writes_nothing(self, tiny, tmp_path):
        out = tmp_path / "out"
        call = [sys.executable, "-c", "from coopsim.cli import main; main()", "compare", *tiny]
        call += ["--replicates", "500", "--workers", "2", "--out", str(out)]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
        # a shell's background job ignores Ctrl-C, and children inherit that
        options["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        env = os.environ | {"LC_ALL": "C.UTF-8"}
        with subprocess.Popen(call, env=env, start_new_session=True, **options) as running:
            assert any("% (" in line for line in iter(running.stderr.readline, "")), "it never began"
            os.killpg(running.pid, signal.SIGINT)
            try:
                _, rest = running.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                raise
        assert running.returncode == 3
        assert rest.splitlines()[-1] == "Stopped: nothing was written."
        assert "Traceback" not in rest
        assert not out.exists()


class TestOtherPackages:
    """Commands under the entry points ``coopsim.commands``."""

    @pytest.fixture
    def point(self, monkeypatch, tmp_path):
        """A package outside coopsim that gives two commands."""
        body = "def view(port: int = 1):\n    'Look.'\n    print('port', port)\n"
        (tmp_path / "outer_view.py").write_text(body, encoding="utf-8")
        (tmp_path / "outer_needy.py").write_text("import not_installed_anywhere\n", encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        found = {
            "view": EntryPoint("view", "outer_view:view", extras.GROUP),
            "needy": EntryPoint("needy", "outer_needy:main [viz]", extras.GROUP),
        }
        monkeypatch.setattr("coopsim.cli.root.extra_commands", lambda: found)
        yield found
        for name in ("outer_view", "outer_needy"):
            sys.modules.pop(name, None)

    def test_listed_without_being_imported(self, point):
        done = coopsim_("--help")
        assert "view" in done.stdout
        assert "outer_view" not in sys.modules

    def test_imported_when_called(self, point):
        done = coopsim_("view", "--port", "7")
        assert (done.exit_code, done.stdout) == (0, "port 7\n")
        assert "Look." in coopsim_("view", "--help").stdout

    def test_a_missing_extra_says_what_to_install(self, point):
        for lang in ("fr", "en"):
            done = coopsim_("needy", "--lang", lang)
            assert done.exit_code == 2
            assert 'pip install "coopsim[viz]"' in done.stderr
            assert "not_installed_anywhere" in done.stderr

    def test_a_broken_package_is_a_fault(self, point):
        point["view"] = EntryPoint("view", "outer_view:absent", extras.GROUP)
        assert coopsim_("view").exit_code == 1

    def test_no_command_is_made_up(self):
        assert extras.extra_commands() == {} or all(
            point.value.startswith(("coopsim_viz", "coopsim_calibration"))
            for point in extras.extra_commands().values()
        )


class TestPublicNames:
    NAMES = (
        "load_scenario", "simulate", "compare", "Run", "CoopModel", "Territory", "Company", "Council", "Pact",
        "Body", "ScenarioError", "indicators", "rules", "parameters",
    )  # fmt: skip

    def test_every_name_is_there(self):
        assert set(self.NAMES) <= set(coopsim.__all__) <= set(dir(coopsim))
        for name in coopsim.__all__:
            assert getattr(coopsim, name) is not None

    def test_unknown_name(self):
        with pytest.raises(AttributeError, match="wrong"):
            _ = coopsim.wrong

    def test_import_is_light(self):
        done = process(
            "import sys, coopsim\n"
            f"slow = [m for m in (*{SLOW_IMPORTS!r}, 'pydantic', 'typer', 'numpy') if m in sys.modules]\n"
            "assert not slow, slow"
        )
        assert done.returncode == 0, done.stderr

    def test_the_module_of_the_same_name_does_not_hide_the_table(self):
        done = process(
            "import coopsim\nfrom coopsim.indicators import INDICATORS\nimport coopsim.comparison\n"
            "assert len(coopsim.indicators()) == len(INDICATORS)\n"
            "from coopsim import indicators\nassert callable(indicators)\n"
        )
        assert done.returncode == 0, done.stderr

    def test_the_stub_names_the_same(self):
        stub = Path(coopsim.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
        assert {*re.findall(r" as (\w+)", stub), "__version__"} == set(coopsim.__all__)

    def test_tables(self):
        for table in (coopsim.indicators(), coopsim.rules(), coopsim.parameters()):
            assert {"name", "label_fr", "label_en"} <= set(table.columns)
            assert table["label_fr"].str.len().min() > 0
        assert coopsim.parameters()["name"].is_unique
        assert {"unit", "grade", "source", "value"} <= set(coopsim.parameters().columns)
        assert {"rule_kind", "source", "levers"} <= set(coopsim.rules().columns)


class TestKernelCache:
    @pytest.fixture
    def place(self, monkeypatch, tmp_path):
        monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
        monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
        monkeypatch.setattr(_numba_cache, "_PACKAGE", tmp_path)
        return tmp_path

    def test_beside_the_sources_when_they_can_be_written(self, place):
        _numba_cache.prepare()
        assert "NUMBA_CACHE_DIR" not in os.environ

    def test_in_a_folder_of_the_user_otherwise(self, place, monkeypatch):
        monkeypatch.setattr(_numba_cache, "_writable", lambda path: False)
        monkeypatch.setattr("platformdirs.user_cache_path", lambda name: place / "cache" / name)
        _numba_cache.prepare()
        assert os.environ["NUMBA_CACHE_DIR"] == str(place / "cache" / "coopsim" / "numba")
        assert Path(os.environ["NUMBA_CACHE_DIR"]).is_dir()

    def test_in_a_private_folder_without_a_home(self, place, monkeypatch):
        (place / "file").write_text("", encoding="utf-8")
        monkeypatch.setattr(_numba_cache, "_writable", lambda path: False)
        monkeypatch.setattr("platformdirs.user_cache_path", lambda name: place / "file" / name)
        monkeypatch.setattr("tempfile.tempdir", str(place))
        _numba_cache.prepare()
        assert Path(os.environ["NUMBA_CACHE_DIR"]).name.startswith("coopsim-numba-")

    def test_the_users_choice_goes_first(self, place, monkeypatch):
        monkeypatch.chdir(place)
        monkeypatch.setenv("NUMBA_CACHE_DIR", "mine")
        monkeypatch.setattr(_numba_cache, "_writable", lambda path: False)
        _numba_cache.prepare()
        assert os.environ["NUMBA_CACHE_DIR"] == "mine"

    @pytest.mark.parametrize("chosen", [False, True])
    def test_cold_until_marked_and_again_when_a_source_changes(self, place, monkeypatch, chosen):
        if chosen:
            monkeypatch.setenv("NUMBA_CACHE_DIR", str(place / "chosen"))
        source = place / "kernel.py"
        source.write_text("import numba\n", encoding="utf-8")
        assert _numba_cache.cold()
        _numba_cache.mark()
        assert not _numba_cache.cold()
        source.write_text("import numba as nb\n", encoding="utf-8")
        assert _numba_cache.cold()

    def test_nothing_to_compile_without_compiler(self, place, monkeypatch):
        monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
        assert not _numba_cache.cold()
