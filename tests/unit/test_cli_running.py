"""Commands that run: run, compare, factorial, lab, and how far they are."""

import json
import re
from itertools import chain

import pytest

import coopsim
from coopsim.cli import kernels
from coopsim.cli.commands import comparing
from coopsim.cli.progress import progress
from coopsim.i18n import Text, set_lang
from tests.command_line import coopsim_, process


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
