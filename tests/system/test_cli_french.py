"""The command line in French: help, and what it says of bad input; exit code 2, nothing left half written."""

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from coopsim.cli import app
from coopsim.cli.commands import COMMANDS
from coopsim.cli.extras import extra_commands, load_command
from coopsim.cli.root import Command
from coopsim.i18n import set_lang

ENGLISH = re.compile(
    r"\b(?:Error|unknown|missing|Input should|is not one of|Value error|No such|Show this|allowed|did you mean|must be"
    r"|required|expected)\b"
)
SCENARIO = "figeac-cooperation"
BAD = [
    (["list", "nothing"], ["nothing", "scenarios"]),
    (["explain", "governance.payof"], ["governance.payoff"]),
    (["explain"], ["il manque", "name"]),
    (
        ["validate", "bad.toml"],
        ["bad.toml:6", "governance.payoff.revenue_sharing.share", "reçu : 3", "0 – 0.9"],
    ),
    (["validate", "nowhere.toml"], ["nowhere.toml", "n'existe pas"]),
    (["run", "figeac-coperation"], ["figeac-coperation", "« figeac-cooperation »"]),
    (["run", SCENARIO, "--years", "x"], ["--years", "nombre entier"]),
    (["run", SCENARIO, "--years", "0"], ["horizon.years", "1 – 500"]),
    (["run", SCENARIO, "--seed", "-1"], ["seed", "-1"]),
    (["run", SCENARIO, "--out", "plain.txt"], ["plain.txt", "un fichier porte déjà ce nom"]),
    (["run", SCENARIO, "--set", "novalue"], ["novalue", "clé=valeur"]),
    (["run", SCENARIO, "--lang", "de"], ["--lang", "fr, en"]),
    (["compare", SCENARIO], ["deux scénarios"]),
    (["compare", SCENARIO, "grand-quercy-cooperation"], ["mêmes territoires", "grand-quercy-cooperation"]),
    (
        ["factorial", "figeac", "--vary", "economy.siting.gamma_cosst=[0.1]"],
        ["« economy.siting.gamma_cost »"],
    ),
    (["factorial", "figeac", "--player", "123"], ["123", "200067361"]),
    (["factorial", "figeac", "--replicates", "1"], ["replicates", "≥ 2"]),
    (["factorial", "figeac", "--indicator", "job"], ["--indicator", "« jobs »"]),
    (["report", "nowhere"], ["nowhere", "coopsim compare A B --out"]),
    (["batch", "nowhere"], ["nowhere", "coopsim list plans"]),
    (["batch", "outside-share", "--workers", "0"], ["workers", "≥ 1"]),
    (["export", ".", "--format", "xls", "--out", "x"], ["xls", "csv, parquet, netcdf, ema"]),
    (["stability", SCENARIO, "--pact", "Grand-Figeak+Cauvaldor"], ["Grand-Figeak", "« Grand-Figeac »"]),
    (["stability", SCENARIO, "--replicates", "0"], ["--replicates", "1 – 10000"]),
    (["levers", SCENARIO, "--replicates", "-1"], ["--replicates", "1 – 10000"]),
    (["levers", SCENARIO, "--lever", "zzz"], ["zzz"]),
    (["flip", SCENARIO, "--budget", "0"], ["--budget", "20 – 1000000"]),
    (["odd", SCENARIO, "--save", "odd.xyz"], ["odd.xyz", ".md, .html"]),
    (["resilience", SCENARIO], ["--event", "événement"]),
    (["resilience", SCENARIO, "--event", "drough=0.5@2032-01-01"], ["drough", "drought"]),
    (["resilience", SCENARIO, "--event", "firm_closure=3@2032-01-01"], ["firm_closure", "0 – 1"]),
    (["sheet", "figeac-coperation"], ["« figeac-cooperation »"]),
    (["sheet", SCENARIO, "--replicates", "0", "--out", "sheets"], ["--replicates", "≥ 2"]),
    (["patterns", "P99"], ["P99", "« P9 »"]),
    (["regimes", "nowhere"], ["nowhere"]),
    (["regimes", "regimes-cost-mobility", "--cells", "0"], ["--cells", "≥ 2"]),
    (["lab", "fish-wars"], ["« fish-war »"]),
    (["lab", "fish-war", "-p", "n=-3"], ["n:", "1 – 20"]),
    (["lab", "fish-war", "--figure", "x.bmp"], ["x.bmp", ".svg, .png"]),
    (["new", "place"], ["--territories"]),
    (["new", "place", "--territories", "20006736"], ["20006736", "« 200067361 »"]),
    (["new", "place", "--departements", "461"], ["departements", "461"]),
    (["new", "place", "--territories", "200067361", "--from", "franc"], ["« france »"]),
    (["import", "epc", "x.csv", "--into", "c"], ["« epci »"]),
    (["import", "epci", "nowhere.csv", "--into", "c"], ["nowhere.csv", "introuvable"]),
    (["import", "figures", "empty.csv", "--into", "c"], ["empty.csv", "vide"]),
    (
        ["import", "extract", "france", "--into", "c", "--set", "territories=200067361", "--set", "rings=x"],
        ["rings"],
    ),
    (["calibrate", "nowhere"], ["nowhere", "figeac"]),
    (["calibrate", "check", "nowhere.csv", "figeac"], ["nowhere.csv"]),
    (["calibrate", "figeac", "--workers", "0"], ["--workers", "1"]),
    (["sensitivity", SCENARIO], ["--vary"]),
    (
        ["sensitivity", SCENARIO, "--vary", "economy.siting.outside_share", "--replicates", "0"],
        ["--replicates", "2"],
    ),
    (["view", SCENARIO], ["deux scénarios"]),
    (["view", SCENARIO, "grand-quercy-cooperation"], ["même cas"]),
    (["view", SCENARIO, "figeac-attractiveness", "--port", "99999999"], ["--port", "65535"]),
    (["replay", "nowhere", "--out", "x"], ["nowhere"]),
    (["session", "purge", "nowhere"], ["nowhere", "session.jsonl"]),
    (["compar"], ["compar", "« compare »"]),
]


@pytest.fixture
def room(tmp_path, monkeypatch):
    rule = "[governance.payoff.revenue_sharing]\nshare = 3\n"
    text = f'schema = 1\nextends = ["status-quo"]\n[case]\nname = "figeac"\n{rule}'
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    (tmp_path / "plain.txt").write_text("kept", encoding="utf-8")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    yield tmp_path
    set_lang("en")


def french(*words):
    return CliRunner().invoke(app, [*words, "--lang", "fr"] if "--lang" not in words else [*words])


@pytest.mark.parametrize(("words", "said"), BAD, ids=lambda value: "-".join(value)[:60])
def test_bad_input_is_told_in_french_before_any_work(words, said, room):
    before = {path: path.stat().st_size for path in room.rglob("*")}
    done = french(*words)
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.stderr
    assert "erreur" in done.stderr.lower()
    for part in said:
        assert part in done.stderr
    assert not ENGLISH.search(done.stderr), done.stderr
    assert "%" not in done.stderr, "no run was under way"
    assert {path: path.stat().st_size for path in room.rglob("*")} == before, "nothing is written"


def test_every_command_has_bad_input_tried():
    tried = {words[0] for words, _ in BAD}
    assert {*COMMANDS, *extra_commands()} - tried <= {"schema"}  # it takes a place only


@pytest.mark.parametrize("name", [*COMMANDS, *extra_commands()])
def test_help_is_in_french(name, room):
    done = CliRunner().invoke(app, [name, "--help", "--lang", "fr"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert done.exit_code == 0
    assert "Afficher cette aide" in done.stdout
    assert not ENGLISH.search(done.stdout), ENGLISH.findall(done.stdout)


def test_a_group_called_alone_shows_its_help_and_no_empty_error(room):
    done = french("session")
    assert done.exit_code == 2
    assert "Erreur" not in done.stderr


@pytest.mark.parametrize(
    "words", [["odd", SCENARIO, "--save", "deep/er/odd.md"], ["schema", "--out", "deep/er/schema.json"]]
)
def test_a_missing_folder_is_made(words, room):
    assert french(*words).exit_code == 0
    (written,) = (room / "deep" / "er").iterdir()
    assert written.stat().st_size > 1000


def test_a_place_that_cannot_be_written_is_told_in_french(room, monkeypatch):
    def refused(*_args, **_words):
        raise PermissionError(13, "Permission denied", "odd.md")

    monkeypatch.setattr(Path, "write_text", refused)
    done = french("odd", SCENARIO, "--save", "odd.md")
    assert done.exit_code == 2
    assert "accès refusé" in done.stderr
    assert not (room / "odd.md").exists()


def test_options_without_a_french_text_are_none():
    root = typer.main.get_command(app)
    root.make_context(
        "coopsim", ["list", "--lang", "fr"]
    )  # texts are put in place when a command line is read
    ours = {name: command for name, command in root.commands.items() if name in COMMANDS}
    theirs = {name: load_command(point, Command) for name, point in extra_commands().items()}
    for name, command in (ours | theirs).items():
        for inner in (command, *getattr(command, "commands", {}).values()):
            assert [
                p.name for p in inner.params if not p.help and p.name not in ("install_completion",)
            ] == [], name
