"""Every command and every piece of Python of the tutorials runs, in the order of the page, as a reader types them."""

import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^# ([\w./-]+\.(?:toml|py|csv))\n")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/atelier\b")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_what_a_tutorial_shows_runs(page, tmp_path):
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert found
    for language, body in found:
        assert language in ("sh", "python", "toml", "csv", "text")
        name = FILE.match(body)
        if name is not None:  # a file that the reader writes begins with its name
            (tmp_path / name[1]).parent.mkdir(exist_ok=True)
            (tmp_path / name[1]).write_text(body, encoding="utf-8")
        elif language == "python":
            _done([sys.executable, "-W", "error", "-c", body], tmp_path)
        elif language == "sh":
            for line in body.splitlines():
                _typed(line.partition("  #")[0].strip(), tmp_path)
        else:
            assert language == "text", "a TOML block is a file, and begins with its name"


def _typed(line, folder):
    """Run one line of a terminal: ``coopsim …``, its output to a file where the line says so."""
    if not line:
        return
    program, *words = shlex.split(line)
    assert program == "coopsim"
    place = None
    if ">" in words:
        *words, _, place = words
    call = [sys.executable, "-c", "from coopsim.cli import main; main()", *words]
    if words[0] == "view":
        _looked_at(call, folder)
        return
    said = _done(call, folder)
    if place is not None:
        (folder / place).write_text(said, encoding="utf-8")


def _done(call, folder):
    done = subprocess.run(call, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{call}: {done.stdout}{done.stderr}"
    return done.stdout


def _looked_at(call, folder):
    """Open a room, look at its projected screen, end it with Ctrl-C as its page says."""
    room = subprocess.Popen(
        call, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", bufsize=1
    )
    try:
        address = next((found[0] for line in room.stdout if (found := ADDRESS.search(line))), None)
        assert address is not None, room.stderr.read()
        assert _answered(address, room) == 200
        room.send_signal(signal.SIGINT)
        assert room.wait(timeout=60) == 0
    finally:
        room.kill()
        room.communicate()


def _answered(address, room):
    """Return the status of the page: the address is told a moment before the server listens."""
    while room.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=60) as page:
                return page.status
        except urllib.error.URLError:
            continue
    return None
