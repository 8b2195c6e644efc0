"""The command line: what commands print, in both languages, and the exit codes that scripts rely on."""

import json
import os
import re
import signal
import subprocess
import sys
from importlib.metadata import EntryPoint
from itertools import chain
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import coopsim
from coopsim import _numba_cache
from coopsim.catalogue import KINDS, explain, key_names, key_record, records
from coopsim.cli import app, commands, extras, kernels, texts
from coopsim.cli.commands import comparing
from coopsim.cli.commands.showing import Kind
from coopsim.cli.progress import progress
from coopsim.i18n import Text, set_lang

TINY = 'schema = 1\nname = "{name}"\n[horizon]\nyears = 1\n[case.synthetic]\nterritories = 2\n'
SLOW_IMPORTS = ("numba", "pandas", "matplotlib", "mesa", "scipy", "pyarrow", "solara", "SALib")


def coopsim_(*words, **env):
    """Run the command line in this process; returns the result with .exit_code, .stdout and .stderr."""
    return CliRunner().invoke(app, list(words), env={"LC_ALL": "C", "COLUMNS": "200", **env})


def process(code, *words, **settings):
    """Run Python code in a fresh interpreter, with some variables of its environment."""
    env = os.environ | {"COLUMNS": "200", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", **settings}
    call = [sys.executable, "-c", code, *words]
    return subprocess.run(call, env=env, capture_output=True, encoding="utf-8", check=False)


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
    @pytest.mark.parametrize("kind", Kind)
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
        found = json.loads(coopsim_("list", "parameters", "economy.siting.", "--json").stdout)
        assert {record["name"].rpartition(".")[0] for record in found} == {"economy.siting"}

    def test_the_kinds_are_those_of_the_catalogue(self):
        assert tuple(Kind) == KINDS


class TestExplain:
    def test_a_governance_key(self):
        for lang, words in (
            ("fr", ("part de la CFE", "hypothèse")),
            ("en", ("share of business tax", "assumption")),
        ):
            shown = coopsim_("explain", "governance.payoff.revenue_sharing", "--lang", lang).stdout
            for word in (*words, "governance.payoff.revenue_sharing.share", "0 – 0.9", "LC1", "contribution"):
                assert word in shown

    def test_a_parameter_by_its_key_or_its_last_part(self):
        by_key = json.loads(coopsim_("explain", "economy.siting.outside_share", "--json").stdout)
        assert by_key == json.loads(coopsim_("explain", "outside_share", "--json").stdout)
        (record,) = by_key
        assert record["kind"] == "parameter"
        assert record["legal_low"] <= record["range_low"] < record["range_high"] <= record["legal_high"]
        assert record["grade"] == "assumption"

    def test_every_name_and_key_is_explained(self):
        for kind in KINDS:
            names = [record["name"] for record in records(kind)]
            for name in (names[0], names[-1]):
                assert any(record["name"] == name for record in explain(name)), name
        for key in key_names():
            record = key_record(key)
            assert record["label"].fr, key
            assert record["label"].en, key

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("cooperaton", "cooperation"),
            ("revenue_shar", "governance.payoff.revenue_sharing"),
            ("governance.payof.subsidy", "governance.payoff.subsidy"),
        ],
    )
    def test_nearest_name(self, name, hint):
        done = coopsim_("explain", name)
        assert done.exit_code == 2
        assert f"did you mean '{hint}'" in done.stderr


class TestSchema:
    def test_printed_and_written(self, tmp_path):
        path = tmp_path / "s.json"
        assert coopsim_("schema", "--out", str(path)).exit_code == 0
        printed = coopsim_("schema")
        assert json.loads(printed.stdout) == json.loads(path.read_text(encoding="utf-8"))


class TestValidate:
    def test_shipped_names_files_and_cases(self, tiny):
        done = coopsim_("validate", "figeac-cooperation", "figeac", tiny[0])
        assert done.exit_code == 0, done.stderr
        for name in ("figeac-cooperation", "figeac", tiny[0]):
            assert f"{name}: nothing to correct" in done.stdout

    def test_what_looks_wrong_is_told_and_does_not_fail(self, tmp_path):
        path = tmp_path / "odd.toml"
        path.write_text(
            TINY.format(name="odd") + "[governance.payoff.subsidy]\nmax = 0.0\n", encoding="utf-8"
        )
        done = coopsim_("validate", str(path))
        assert done.exit_code == 0
        assert "to check – governance.payoff.subsidy.max: subsidy allowed but capped at zero" in done.stdout
        found = json.loads(coopsim_("validate", str(path), "--json").stdout)
        assert found[0]["ok"]
        assert "plafonnée à zéro" in [
            w["message"]["fr"].rpartition(", mais ")[2] for w in found[0]["warnings"]
        ]

    def test_one_wrong_file_among_others(self, tiny, tmp_path):
        wrong = tmp_path / "wrong.toml"
        wrong.write_text(TINY.format(name="wrong") + "[horizn]\nyears = 2\n", encoding="utf-8")
        done = coopsim_("validate", tiny[0], str(wrong), "--json")
        assert done.exit_code == 2
        right, refused = json.loads(done.stdout)
        assert (right["ok"], refused["ok"]) == (True, False)
        assert refused["errors"][0]["nearest"] == "horizon"


class TestRun:
    def test_table_and_files(self, tiny, tmp_path, warm):
        out = tmp_path / "out" / "run"
        done = coopsim_("run", tiny[0], "--years", "2", "--seed", "3", "--out", str(out))
        assert done.exit_code == 0, done.stderr
        assert "Start of 2026" in done.stdout
        assert "End of 2027" in done.stdout
        assert "Unemployment rate" in done.stdout
        files = {"run.json", "territories.parquet", "system.parquet", "journal.parquet"}
        assert {path.name for path in out.iterdir()} == files
        kept = coopsim.Run.load(out)
        assert (kept.scenario, kept.seed, len(kept.system)) == ("one", 3, 8)

    def test_json_is_what_simulate_returns(self, tiny, warm):
        done = coopsim_("run", tiny[0], "--json", "--set", "horizon.years=1")
        found = json.loads(done.stdout)
        system = coopsim.simulate(coopsim.load_scenario(tiny[0])).system
        ends = {row["indicator"]: row["end"] for row in found["indicators"]}
        assert ends["population"] == system["population"].iloc[-1]
        assert found["out"] is None

    def test_french(self, tiny, warm):
        done = coopsim_("run", tiny[0], "--lang", "fr")
        assert "Taux de chômage" in done.stdout
        assert "Rien n'est gardé" in done.stderr

    def test_cold_kernels_are_announced(self, tiny, monkeypatch):
        marked = []
        monkeypatch.setattr(kernels, "cold", lambda: True)
        monkeypatch.setattr(kernels, "mark", lambda: marked.append(1))
        done = coopsim_("run", tiny[0])
        assert re.search(r"Compiling the engine, once, about \d+ s.*\nCompiled in \d+ s", done.stderr)
        assert marked


class TestCompare:
    def test_tables_report_and_files(self, tiny, tmp_path, warm):
        out, page = tmp_path / "cmp", tmp_path / "pages" / "r.html"
        words = ["--replicates", "2", "--workers", "1", "--out", str(out), "--report", str(page)]
        done = coopsim_("compare", *tiny, *words)
        assert done.exit_code == 0, done.stderr
        assert "A = one, B = two" in done.stdout
        assert "100%" in done.stderr
        assert "<html" in page.read_text(encoding="utf-8")
        assert {"compare.json", "summary.parquet", "paired.parquet", "trajectories.parquet"} <= {
            path.name for path in out.iterdir()
        }
        again = coopsim_("report", str(out), "--out", str(tmp_path / "again.html"), "--lang", "fr")
        assert again.exit_code == 0, again.stderr
        assert 'lang="fr"' in (tmp_path / "again.html").read_text(encoding="utf-8")

    def test_settings_reach_every_scenario(self, tiny, warm):
        words = [
            "--replicates",
            "1",
            "--workers",
            "1",
            "--set",
            "governance.payoff.revenue_sharing.share=0.3",
        ]
        found = json.loads(coopsim_("compare", *tiny, *words, "--json").stdout)
        assert found["scenarios"] == ["one+share=0.3", "two+share=0.3"]
        assert {row["verdict"] for row in found["paired"]} == {"no clear difference"}

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["{0}"], "at least two"),
            (["{0}", "{0}"], "have the same name"),
            (["{0}", "{1}", "--replicates", "0"], "too small"),
            (["{0}", "{1}", "--seed=-1"], "too small"),
        ],
    )
    def test_what_cannot_be_compared_is_refused_before_a_long_compilation(
        self, words, said, tiny, monkeypatch
    ):
        monkeypatch.setattr(kernels, "cold", pytest.fail)
        done = coopsim_("compare", *(word.format(*tiny) for word in words))
        assert done.exit_code == 2
        assert said in done.stderr

    def test_report_of_a_folder_that_holds_none(self, tmp_path):
        done = coopsim_("report", str(tmp_path))
        assert done.exit_code == 2
        assert not list(tmp_path.iterdir())


class TestFactorial:
    def test_effects_by_assumption(self, tiny, tmp_path, warm):
        words = ["--replicates", "2", "--workers", "1", "--vary", "economy.siting.outside_share=[0.1]"]
        done = coopsim_("factorial", tiny[0], *words, "--out", str(tmp_path / "out"))
        assert done.exit_code == 0, done.stderr
        for word in (
            "attractiveness",
            "pacts",
            "attractiveness × pacts",
            "outside_share = 0.1",
            "zero-sum share",
        ):
            assert word in done.stdout
        assert (tmp_path / "out" / "factorial.json").is_file()

    def test_a_case_stands_for_its_observed_practice(self):
        assert comparing._base("figeac") == "figeac-status-quo"
        assert comparing._base("figeac-cooperation") == "figeac-cooperation"

    def test_sweep_takes_what_no_data_settle(self):
        swept = comparing._sweep(["economy.siting.gamma_cost=[0.02, 0.1]"], all_=True)
        assert {"economy.siting.outside_share", "economy.siting.reconsider_per_quarter"} <= set(swept)
        assert all(len(values) == 3 for key, values in swept.items() if key != "economy.siting.gamma_cost")
        assert swept["economy.siting.gamma_cost"] == [0.02, 0.1]
        assert comparing._sweep([], all_=False) == {}

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--factor", "pact"], "pacts"),
            (["--indicator", "job"], "did you mean 'jobs'"),
            (["--vary", "economy.siting.outside_shar=[0.1]"], "outside_shar"),
        ],
    )
    def test_refused(self, words, said, tiny, warm):
        done = coopsim_("factorial", tiny[0], *words)
        assert done.exit_code == 2
        assert said in done.stderr


class TestLab:
    def test_the_engine_agrees(self, warm):
        done = coopsim_("lab", "fish-war", "-p", "n=4", "--json")
        assert done.exit_code == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["parameters"]["n"] == 4
        assert all(result["ok"] for result in found["results"].values())

    @pytest.mark.parametrize("lang", ["fr", "en"])
    def test_people_read_the_question_the_marks_and_what_to_look_at(self, lang, warm):
        from coopsim.lab import labs

        info = labs()["land"]
        done = coopsim_("lab", "land", "-p", "cap=12.5", "--lang", lang)
        assert done.exit_code == 0, done.stderr
        for text in (info.title, info.question, info.look, info.results["consumed"].text):
            assert getattr(text, lang) in done.stdout
        assert done.stdout.count("✓") == len(info.results)
        assert ("cap = 12,5" if lang == "fr" else "cap = 12.5") in done.stdout

    def test_marks_are_words_where_the_terminal_has_no_marks(self, warm):
        done = process(
            "from coopsim.cli import main; main()", "lab", "land", PYTHONIOENCODING="ascii:replace"
        )
        assert done.returncode == 0, done.stderr
        assert "yes" in done.stdout
        assert "?" not in done.stdout.partition("yes")[2]

    def test_long_lists_are_shortened(self, warm):
        flows = json.dumps([1.0] * 30)
        words = [("-p", f"{name}={flows}") for name in ("inflow", "demand", "consumed", "floor")]
        done = coopsim_("lab", "river", *chain.from_iterable(words))
        assert done.exit_code == 0, done.stderr
        assert "inflow = 1, 1, 1, …, 1 (30)" in done.stdout
        assert len(done.stdout) < 6000

    def test_without_a_name_the_labs_are_listed(self):
        assert coopsim_("lab").stdout == coopsim_("list", "labs").stdout
        assert json.loads(coopsim_("lab", "--json").stdout) == json.loads(
            coopsim_("list", "labs", "--json").stdout
        )
        for words in (["-p", "n=3"], ["--figure", "x.svg"]):
            done = coopsim_("lab", *words)
            assert (done.exit_code, done.stdout) == (2, "")
            assert "the name of the lab is missing" in done.stderr

    @pytest.mark.parametrize("name", ["fish-war", "voting-power"])
    def test_explain_tells_what_to_change_to_look_at_and_every_parameter(self, name):
        from coopsim.lab import labs

        info = labs()[name]
        for lang in ("fr", "en"):
            done = coopsim_("explain", name, "--lang", lang, COLUMNS="400")
            assert done.exit_code == 0
            for text in (info.question, info.change, info.look, *(r.text for r in info.results.values())):
                assert getattr(text, lang) in done.stdout
        for parameter in info.parameters.values():
            assert parameter.en in done.stdout
            assert parameter.allowed in done.stdout

    def test_a_disagreement_exits_1(self, warm, monkeypatch):
        from coopsim.lab import Comparison, LabResult

        wrong = LabResult("fish-war", {}, {"x": Comparison(1.0, 2.0, 1e-6, ok=False)})
        monkeypatch.setattr("coopsim.lab.run_lab", lambda name, given: wrong)
        assert coopsim_("lab", "fish-war").exit_code == 1

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["fishwar"], "did you mean 'fish-war'"),
            (["fish-war", "-p", "n=99"], "1 – 20"),
            (["fish-war", "-p", "n"], "write name=value"),
            (["fish-war", "-p", "n=[1"], "neither JSON nor a word"),
            (["fish-war", "-p", "m=2"], "m"),
        ],
    )
    def test_refused(self, words, said, monkeypatch):
        monkeypatch.setattr("coopsim.cli.commands.running.compiled", pytest.fail)
        done = coopsim_("lab", *words)
        assert done.exit_code == 2
        assert said in done.stderr


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


class TestProgress:
    def test_plain_lines_at_most_every_ten_percent(self, capsys):
        with progress(Text("x", "x")) as on_done:
            for done in range(1, 1001):
                on_done(done, 1000)
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 10
        assert re.fullmatch(r"10% \(100/1000\), [\d.]+ runs/s, \d+ s left", lines[0])

    def test_resumed_work_counts_no_time_for_what_was_there(self, capsys, monkeypatch):
        clock = iter([0.0, 100.0, 110.0, 110.0])
        monkeypatch.setattr("coopsim.cli.progress.time.monotonic", lambda: next(clock))
        with progress(Text("x", "x"), resumed=True) as on_done:
            on_done(500, 1000)
            on_done(600, 1000)
        assert capsys.readouterr().err.splitlines()[-1] == "60% (600/1000), 10.0 runs/s, 40 s left"

    def test_a_bar_on_a_terminal(self, monkeypatch, capsys):
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm-256color")
        set_lang("fr")
        with progress(Text("Simulations", "Runs")) as on_done:
            on_done(3, 4)
        shown = capsys.readouterr().err
        assert "Simulations" in shown
        assert "3/4" in shown
        assert "simulations/s" in shown


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
