"""Every wrong file stops the command line with exit code 2, one clear message, and nothing written."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from coopsim.cli import app
from tests.bad_input_files import BAD_FILES, CASES, SCENARIOS


def _coopsim(*words):
    return CliRunner().invoke(app, list(words), env={"LC_ALL": "C"})


def _content(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _one_message(done, *words):
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


@pytest.mark.parametrize("name", BAD_FILES)
def test_validate(name, tmp_path):
    bad = BAD_FILES[name]
    path = str(bad.make(tmp_path))
    before = _content(tmp_path)
    _one_message(_coopsim("validate", path, "--lang", "fr"), "Erreur : ", bad.fr, bad.file, bad.key)
    _one_message(_coopsim("--lang", "en", "validate", path), "Error: ", bad.en, bad.file, bad.key)
    assert _content(tmp_path) == before


@pytest.mark.parametrize("name", SCENARIOS)
def test_run_a_wrong_scenario(name, tmp_path):
    bad = SCENARIOS[name]
    path = str(bad.make(tmp_path))
    before = _content(tmp_path)
    for lang, said in (("fr", bad.fr), ("en", bad.en)):
        done = _coopsim("run", path, "--out", str(tmp_path / "out"), "--lang", lang)
        _one_message(done, said, bad.file, bad.key)
    assert _content(tmp_path) == before
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", [name for name in CASES if name != "case folder without territories"])
def test_run_on_a_wrong_case(name, tmp_path):
    bad = CASES[name]
    folder = bad.make(tmp_path)
    path = tmp_path / "uses.toml"
    path.write_text(f'schema = 1\nname = "uses"\n[case]\nname = "./{folder.name}"\n', encoding="utf-8")
    before = _content(tmp_path)
    for lang, said in (("fr", bad.fr), ("en", bad.en)):
        done = _coopsim("run", str(path), "--out", str(tmp_path / "out"), "--lang", lang)
        _one_message(done, said, bad.file, bad.key)
    assert _content(tmp_path) == before
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_case_is_no_scenario(command, tmp_path):
    folder = str(CASES["negative area"].make(tmp_path))
    done = _coopsim(command, folder, "--lang", "fr")
    _one_message(done, "c'est un dossier de cas")


def test_as_a_user_calls_it(tmp_path):
    """In a process of its own, with a locale of its own and no option for the language."""
    path = SCENARIOS["unknown key"].make(tmp_path)
    call = [sys.executable, "-c", "from coopsim.cli import main; main()", "run", path.name, "--out", "out"]
    for locale, word in (("fr_FR.UTF-8", "vouliez-vous dire « share »"), ("C.UTF-8", "did you mean 'share'")):
        env = os.environ | {"LC_ALL": locale, "PYTHONUTF8": "1"}
        done = subprocess.run(call, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 2
        assert done.stdout == ""
        assert "wrong.toml:4: governance.payoff.revenue_sharing.shar" in done.stderr
        assert word in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["wrong.toml"]
