"""Batches that are killed or interrupted give the same results in the end."""

import json
import multiprocessing
import os
import random
import re
import signal
from pathlib import Path

import pytest

import coopsim
from coopsim.batch.files import RUNS, part_files
from coopsim.batch.running import run_batch
from tests.batches import SHORT, assert_same, called, command, finished, posix, python, write_plan

# Lives a plan and says after each part how many runs are there, and the processes that work.
DRIVER = f"""{SHORT}
import multiprocessing
import sys
from coopsim.batch import run_batch

def told(done, total):
    print(done, total, *(child.pid for child in multiprocessing.active_children()), flush=True)

if __name__ == "__main__":
    run_batch(sys.argv[1], sys.argv[2], workers=2, progress=told)
"""


# Presses Ctrl-C, as a terminal does for all its processes, once, when the first worker begins to import.
PRESSED = """
import os, signal, sys

class Press:
    def find_spec(self, name, path=None, target=None):
        if name not in ("coopsim.run", "distributed"):
            return
        sys.meta_path.remove(self)
        try:
            os.close(os.open(os.environ["PRESSED"], os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        os.killpg(0, signal.SIGINT)

starts = ("from multiprocessing.forkserver", "from multiprocessing.spawn")
if any(word.startswith(starts) for word in sys.orig_argv):
    sys.meta_path.insert(0, Press())
"""


POOLS = [
    pytest.param(("--workers", "2"), id="processes"),
    pytest.param(("--dask", "local", "--workers", "2"), id="dask", marks=pytest.mark.slow),
]


# a shell's background job ignores Ctrl-C, and children inherit that
TERMINAL = {
    "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    "start_new_session": True,
}


def killed(plan, out, lines, *, group):
    """Live a plan and kill it with signal 9 after some parts: the process alone, or its workers with it."""
    driver = python(DRIVER, plan, out, start_new_session=True)
    for _ in range(lines):
        if not driver.stdout.readline():
            break
    if group:
        os.killpg(driver.pid, signal.SIGKILL)
    else:
        driver.kill()
    driver.communicate(timeout=120)  # ends when no worker holds the pipes any more


def interrupted(plan, out, moments, total):
    """Kill a batch several times; returns how many parts there were each time."""
    there = []
    for n, lines in enumerate(moments):
        killed(plan, out, lines, group=bool(n % 2))
        there.append(len(part_files(out, RUNS)))
        assert there[-1] < total, (
            f"killed after {moments} parts, too late to show anything: {there} of {total}"
        )
    return there


# Lives a plan in a new folder and kills itself at one step of writing, goes on in it, and compares; for each step.
STEPS = f"""{SHORT}chunks._SHORT = 40_000
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from coopsim.batch import job_of, live_batch, load_plan, open_batch
from tests.batches import assert_same

def counted(real, step):
    def call(*words, **named):
        if next(step, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*words, **named)
    return call

def killed(job, last):
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    step = iter(range(last))
    for name in ("open", "fsync", "replace", "unlink"):
        setattr(os, name, counted(getattr(os, name), step))
    live_batch(plan, job, workers=1)
    os._exit(0)

plan, place, stride = load_plan(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
whole = job_of(plan, place / "whole")
live_batch(plan, whole, workers=1)
last, kills = 1, 0
while killed(job := replace(whole, folder=place / str(last)), last):
    live_batch(plan, job, workers=1)
    try:
        assert_same(job.folder, whole.folder)
    except AssertionError as error:
        sys.exit(f"killed at step {{last}}: {{error}}")
    last, kills = last + stride, kills + 1
print(last, kills)
"""


@posix
class TestKilled:
    def test_kill_and_resume_give_the_same_results(self, reference, tmp_path):
        """Alone, then with its workers: those of the first one end by themselves, or its pipes would stay open."""
        plan, expected = reference
        there = interrupted(plan, tmp_path / "out", (2, 3), len(part_files(expected, RUNS)))
        assert there[-1] > there[0] > 0, "what was finished is kept"
        seen = []
        run_batch(plan, tmp_path / "out", workers=2, progress=lambda done, total: seen.append(done))
        assert seen[0] > 0, "it goes on with what is missing"
        assert_same(tmp_path / "out", expected)
        assert list((tmp_path / "out" / "parts").glob(".*")) == []

    @pytest.mark.slow
    @pytest.mark.parametrize("stride", [4, pytest.param(1, marks=pytest.mark.slow)])
    def test_kills_at_every_step_of_writing(self, tmp_path, stride):
        """At each file that is opened, put on the disk, named or deleted; every fourth of them in the quick suite."""
        plan = write_plan(tmp_path, points=2, replicates=1, years=1, extra="journal = true\n")
        root = str(Path(__file__).parents[2])
        code, out, err = finished(python(STEPS, plan, tmp_path / "out", stride, cwd=root))
        assert code == 0, err
        last, kills = map(int, out.split())
        assert last > 40, "two parts of three files, the points, the plan"
        assert kills > 40 // stride

    @pytest.mark.slow
    @pytest.mark.parametrize("luck", range(1))
    def test_five_kills_of_two_thousand_runs(self, tmp_path, luck):
        plan = write_plan(tmp_path, points=100, replicates=10)
        run_batch(plan, tmp_path / "whole", workers=2)
        draw = random.Random(luck)
        total = len(part_files(tmp_path / "whole", RUNS))
        moments = [draw.randint(1, total // 6) for _ in range(5)]
        there = interrupted(plan, tmp_path / "out", moments, total)
        run_batch(plan, tmp_path / "out", workers=2)
        try:
            assert_same(tmp_path / "out", tmp_path / "whole")
        except AssertionError as error:
            error.add_note(f"killed after {moments} more parts each time; of {total} there were {there}")
            raise

    def test_killed_workers_are_replaced_and_their_chunks_lived_again(self, reference, tmp_path):
        plan, expected = reference
        before = set(multiprocessing.active_children())
        dead = []

        def told(done, total):
            if done and not dead:
                dead.extend(set(multiprocessing.active_children()) - before)
                for worker in dead:
                    os.kill(worker.pid, signal.SIGKILL)

        run_batch(plan, tmp_path / "out", workers=2, progress=told)
        assert len(dead) == 2
        assert_same(tmp_path / "out", expected)

    @pytest.mark.parametrize("pool", POOLS)
    def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(self, reference, tmp_path, pool):
        plan, expected = reference
        running = command("batch", plan, "--out", tmp_path / "out", *pool, "--lang", "fr", **TERMINAL)
        first = next((line for line in iter(running.stderr.readline, "") if "% (" in line), "")
        os.killpg(running.pid, signal.SIGINT)
        code, out, err = finished(running)
        assert code == 3, (first, err)
        assert out == ""
        told = re.search(r"Arrêté : (\d+) simulations sur 120 sont gardées dans .*la même commande", err)
        assert told, err
        assert "Traceback" not in err
        kept = coopsim.open_batch(tmp_path / "out")
        assert len(kept.runs) >= int(told[1]) > 0
        code, out, err = called("batch", plan, "--out", tmp_path / "out", "--workers", "1", "--json")
        assert code == 0, err
        assert json.loads(out)["before"] == len(kept.runs)
        assert_same(tmp_path / "out", expected)

    @pytest.mark.parametrize("pool", POOLS)
    def test_ctrl_c_while_workers_start_is_one_sentence(self, reference, tmp_path, pool):
        """Pressed at the moment when a worker process imports the engine: no traceback of it, no process left."""
        (tmp_path / "sitecustomize.py").write_text(PRESSED, encoding="utf-8")
        paths = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
        env = {"PYTHONPATH": paths, "PRESSED": str(tmp_path / "pressed")}
        running = command("batch", reference[0], "--out", tmp_path / "out", *pool, env=env, **TERMINAL)
        code, out, err = finished(running)  # its pipes close when the last process that holds them ends
        assert (tmp_path / "pressed").exists(), "no worker was seen to start"
        assert code == 3, err
        assert out == ""
        (sentence,) = err.splitlines()
        assert re.match(r"Stopped: 0 of 120 runs are kept in .*the same command", sentence)
        assert list((tmp_path / "out" / "parts").iterdir()) == []
