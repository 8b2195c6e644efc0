"""What the tests of batches share: small plans, and the comparison of two folders of results."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import coopsim
from coopsim.cli import app

posix = pytest.mark.skipif(os.name != "posix", reason="signals to a process group")

PLAN = """schema = 1
name = "small"

[run]
scenarios = ["trust", {{ scenario = "trust", label = "hasty", set = {{ society.ties.trust_gain = 0.6 }} }}]
replicates = {replicates}
years = {years}

[design]
kind = "latin_hypercube"
points = {points}

[[parameter]]
key = "society.ties.violation_base"
distribution = "uniform"
low = 0.1
high = 0.6

[[parameter]]
key = "case.synthetic.territories"
role = "lever"
distribution = "choice"
values = [2, 3]

[record]
what = "{what}"
indicators = ["trust", "rivalry", "pacts", "population"]
territories = {territories}
"""


def write_plan(folder, points=4, replicates=3, years=2, what="yearly", territories="false", extra=""):
    """Write a plan of quick runs of the laboratory of trust; 2 × points × replicates of them."""
    path = Path(folder) / "small.toml"
    text = PLAN.format(points=points, replicates=replicates, years=years, what=what, territories=territories)
    path.write_text(text + extra, encoding="utf-8")
    return path


def assert_same(ours, theirs):
    """Check that two folders hold the same results, to the last bit; the seconds of a run are its own."""
    a, b = coopsim.open_batch(ours), coopsim.open_batch(theirs)
    assert a.complete
    assert b.complete
    pd.testing.assert_frame_equal(a.trajectories, b.trajectories, check_exact=True)
    pd.testing.assert_frame_equal(a.points, b.points, check_exact=True)
    pd.testing.assert_frame_equal(a.runs.drop(columns="seconds"), b.runs.drop(columns="seconds"))
    pd.testing.assert_frame_equal(a.journal, b.journal)


# Short parts: few runs make many of them.
SHORT = "from coopsim.batch import chunks\nchunks._SHORT = 200_000\n"

SEVERAL = """
import json, sys
from typer.testing import CliRunner
from coopsim.cli import app

said = []
for words in json.loads(sys.argv[1]):
    done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    said.append((done.exit_code, done.stdout, done.stderr))
json.dump(said, sys.stdout)
"""


def python(code, *words, **options):
    """Start Python with some code; the process writes to pipes."""
    env = os.environ | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "COLUMNS": "200"} | options.pop("env", {})
    call = [sys.executable, "-c", code, *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    return subprocess.Popen(call, env=env, **(pipes | options))


def command(*words, **options):
    """Start the command line."""
    return python(SHORT + "from coopsim.cli import main; main()", *words, **options)


def several(*calls, **options):
    """Give several commands to one process, which starts once; returns exit code, output, errors of each."""
    calls = json.dumps([[*map(str, words)] for words in calls])
    code, out, err = finished(python(SEVERAL, calls, **options))
    assert code == 0, err
    return json.loads(out)


def finished(process, timeout=300):
    """Wait for a process; returns its exit code and what it said."""
    out, err = process.communicate(timeout=timeout)
    return process.returncode, out, err


RULE = """
from dataclasses import dataclass
from typing import ClassVar
import os, signal
import coopsim

@coopsim.rule("voting rule", "faulty")
@dataclass(frozen=True, slots=True)
class Faulty:
    votes: float = 3.0
    traits: ClassVar[coopsim.Traits] = coopsim.Traits(coopsim.Text("panne", "fault"), "test")

    def adopted(self, ballot) -> bool:
        if ballot.in_favour == self.votes:  # in one world out of thirty
            FAULT
        return bool(2 * ballot.in_favour > ballot.voters)
"""


def called(*words, cwd=None):
    """Give a command to this process; returns exit code, output and errors."""
    with pytest.MonkeyPatch.context() as patch:
        if cwd:
            patch.chdir(cwd)
        done = CliRunner().invoke(app, [*map(str, words)], env={"LC_ALL": "C", "COLUMNS": "200"})
    return done.exit_code, done.stdout, done.stderr
