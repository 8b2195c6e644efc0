"""Every command and every piece of Python of the tutorials runs, in the order of the page."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^# ([\w./-]+\.toml)\n")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_what_a_tutorial_shows_runs(page, tmp_path):
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert found
    for language, body in found:
        if language == "toml":
            name = FILE.match(body)
            assert name, "a file that the reader writes begins with its name"
            (tmp_path / name[1]).parent.mkdir(exist_ok=True)
            (tmp_path / name[1]).write_text(body, encoding="utf-8")
            continue
        assert language in ("sh", "python")
        calls = [body] if language == "python" else [line for line in body.splitlines() if line]
        for call in calls:
            words = [sys.executable, "-c", call] if language == "python" else _command(call)
            done = subprocess.run(words, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
            assert done.returncode == 0, f"{call}: {done.stdout}{done.stderr}"


def _command(line):
    program, *words = line.partition("#")[0].split()
    assert program == "coopsim"
    return [sys.executable, "-c", "from coopsim.cli import main; main()", *words]
