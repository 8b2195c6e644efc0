"""Batches that are killed, interrupted, cut off from their disk or their workers give the same results in the end."""

import errno
import json
import multiprocessing
import os
import random
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import coopsim
from coopsim.batch import chunks, work
from coopsim.batch.files import RUNS, part_files
from coopsim.batch.running import run_batch
from coopsim.cli import app
from tests.batches import SHORT, assert_same, command, finished, python, several, write_plan

posix = pytest.mark.skipif(os.name != "posix", reason="signals to a process group")

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


@pytest.fixture(scope="module", autouse=True)
def short_parts():
    """Cut batches here as `command` does in its processes."""
    before, place = chunks._SHORT, {}
    exec(SHORT, place)
    yield
    chunks._SHORT = before


@pytest.fixture(scope="module")
def reference(tmp_path_factory, short_parts):
    """A plan of 120 runs in 12 parts, and its results lived in one process without interruption."""
    folder = tmp_path_factory.mktemp("reference")
    plan = write_plan(folder, points=12, replicates=5, years=1, territories="true", extra="journal = true\n")
    run_batch(plan, folder / "out", workers=1)
    return plan, folder / "out"


def called(*words, cwd=None):
    """Give a command to this process; returns exit code, output and errors."""
    with pytest.MonkeyPatch.context() as patch:
        if cwd:
            patch.chdir(cwd)
        done = CliRunner().invoke(app, [*map(str, words)], env={"LC_ALL": "C", "COLUMNS": "200"})
    return done.exit_code, done.stdout, done.stderr


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

FAULTY = """schema = 1
name = "faulty"
[horizon]
years = 1
[case.synthetic]
territories = 2
[governance.aggregation]
council_rule = "faulty"
"""

FAULTY_PLAN = """schema = 1
name = "faults"
[run]
scenarios = [
  "faulty.toml",
  { scenario = "faulty.toml", label = "sound", set = { governance.aggregation.council_rule = "majority" } },
]
replicates = {replicates}
seed = {seed}
[design]
kind = "list"
[[parameter]]
key = "economy.siting.outside_share"
values = [0.25, 0.5]
[record]
indicators = ["jobs", "passed"]
"""


def faulty(folder, fault, replicates=50, seed=0):
    """Write a scenario with a voting rule that breaks on some ballots, a plan of it, and the rule's file."""
    (folder / "rules.py").write_text(RULE.replace("FAULT", fault), encoding="utf-8")
    (folder / "faulty.toml").write_text(FAULTY, encoding="utf-8")
    (folder / "plan.toml").write_text(
        FAULTY_PLAN.replace("{replicates}", str(replicates)).replace("{seed}", str(seed)), encoding="utf-8"
    )
    return folder / "plan.toml"


class TestFailures:
    @pytest.mark.parametrize(
        ("replicates", "seed"), [(4, 42), pytest.param(50, 0, marks=pytest.mark.slow)], ids=["few", "1 %"]
    )
    def test_a_failing_rule_spoils_its_own_runs_only(self, tmp_path, replicates, seed):
        """Others are there, the failed ones are listed with a command that fails in the same way."""
        plan = faulty(tmp_path, 'raise ArithmeticError("this ballot breaks me")', replicates, seed)
        words = ["batch", plan, "--out", tmp_path / "out", "--workers", "1", "--rules", tmp_path / "rules.py"]
        code, out, err = finished(command(*words))
        assert code == 3, err
        batch = coopsim.open_batch(tmp_path / "out")
        assert batch.complete
        failures = batch.failures
        assert failures["seed"].tolist() == [43, 43], "the two runs of one world, out of all"
        assert set(failures["scenario"]) == {"faulty"}
        assert f"{4 * replicates - 2} ended well, 2 failed" in out
        assert "ArithmeticError: this ballot breaks me" in out
        assert len(batch.horizon()) == 4 * replicates - 2
        first = failures.iloc[0]
        assert (first["scenario"], first["status"]) == ("faulty", "failed")
        assert "rules.py" in first["trace"]
        again = shlex.split(first["reproduce"])
        assert again[:2] == ["coopsim", "run"]
        ((code, out, err),) = several(again[1:], cwd=tmp_path.parent)
        assert code == 2
        assert "this ballot breaks me" in err

    @pytest.mark.slow
    def test_other_rules_are_not_mixed_with_what_is_there(self, tmp_path):
        """The file changes between two calls: refused with its name and the way out, which works."""
        plan = faulty(tmp_path, "pass", replicates=1)
        words = ["batch", plan, "--out", tmp_path / "out", "--workers", "1", "--rules", tmp_path / "rules.py"]
        code, _, err = several(words)[0]
        assert code == 0, err
        (tmp_path / "rules.py").write_text(RULE.replace("FAULT", "return False"), encoding="utf-8")
        refused, fresh = several([*words, "--lang", "fr"], [*words, "--fresh"])
        assert refused[0] == 2, refused
        assert "d'autres règles (rules.py a changé)" in refused[2]
        assert "--fresh" in refused[2]
        assert fresh[0] == 0, fresh

    @pytest.mark.slow
    @posix
    def test_a_run_that_kills_its_worker_is_given_up_after_two_tries(self, tmp_path, monkeypatch):
        """Its chunk is listed as lost, the others are there; without the poison the same command lives it."""
        monkeypatch.setenv("POISON", "1")
        plan = faulty(tmp_path, 'os.environ.get("POISON") and os.kill(os.getpid(), signal.SIGKILL)')
        words = ["batch", plan, "--out", tmp_path / "out", "--workers", "2", "--rules", tmp_path / "rules.py"]
        code, out, err = finished(command(*words))
        assert code == 3, err
        assert "a worker died" in out
        batch = coopsim.open_batch(tmp_path / "out")
        lost = batch.runs[batch.runs["status"] == "lost"]
        assert not batch.complete
        assert 0 < len(lost) < 200
        assert len(batch.runs) == 200, "every run is accounted for"
        assert (batch.runs[batch.runs["scenario"] == "sound"]["status"] == "done").any()
        assert "died twice" in lost["error"].iloc[0]
        monkeypatch.delenv("POISON")
        code, out, err = finished(command(*words))
        assert code == 0, err
        assert coopsim.open_batch(tmp_path / "out").complete

    def test_an_error_of_the_disk_stops_the_batch_with_what_is_done(self, reference, tmp_path, monkeypatch):
        """A write that fails in the middle: the parts before it stay, and the same call goes on."""
        plan, expected = reference
        real, calls = work.write_part, []

        def full(folder, number, tables):
            calls.append(number)
            if len(calls) == 3:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(folder, number, tables)

        monkeypatch.setattr(work, "write_part", full)
        with pytest.raises(OSError, match="No space left"):
            run_batch(plan, tmp_path / "out", workers=1)
        assert sorted(part_files(tmp_path / "out", RUNS)) == [0, 1]
        run_batch(plan, tmp_path / "out", workers=1)
        assert_same(tmp_path / "out", expected)

    @pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root mounts a small disk")
    def test_a_full_disk(self, reference, tmp_path):
        """On a real small disk: told with the way out, nothing half written, and the batch goes on afterwards."""
        plan, expected = reference
        pages = [-(-path.stat().st_size // 4096) for path in expected.rglob("*.parquet")]
        kept = 4 * sum(pages) * 6 // 10 + (expected / "batch.json").stat().st_size // 1024  # kB
        disk = tmp_path / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kept}k", "tmpfs", str(disk)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("this machine does not let us mount a small disk")
        try:
            code, _, err = finished(command("batch", plan, "--out", disk / "out", "--workers", "2"))
            assert code == 3, err
            told = re.search(r"Cannot write \(No space left.*\): (\d+) of 120 runs are kept", err)
            assert told, err
            assert "Traceback" not in err
            assert list((disk / "out" / "parts").glob(".*")) == []
            kept = coopsim.open_batch(disk / "out")
            assert len(kept.runs) >= int(told[1]) > 0
            assert len(kept.trajectories) > 0
            subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
            run_batch(plan, disk / "out", workers=1)
            assert_same(disk / "out", expected)
        finally:
            subprocess.run(["umount", str(disk)], check=True)


def same_as_serial(reference, out, **options):
    plan, expected = reference
    run_batch(plan, out, **options)
    assert_same(out, expected)


class TestPools:
    def test_two_processes_are_one(self, reference, tmp_path):
        same_as_serial(reference, tmp_path / "out", workers=2)

    def test_a_local_cluster_is_one_process(self, reference, tmp_path):
        words = ("batch", reference[0], "--out", tmp_path / "out", "--dask", "local", "--workers", "2")
        code, out, err = finished(command(*words))
        assert code == 0, err
        assert "120 ended well" in out
        assert "Traceback" not in err
        assert_same(tmp_path / "out", reference[1])

    def test_rules_in_a_script_stay_in_one_process(self, tmp_path):
        write_plan(tmp_path, points=1, replicates=1, years=1)
        code = RULE.replace("FAULT", "pass") + (
            "import sys\nfrom coopsim.batch import run_batch\n"
            "print(run_batch(sys.argv[1], sys.argv[2], workers=2).complete)\n"
        )
        done, out, err = finished(python(code, tmp_path / "small.toml", tmp_path / "out"))
        assert done == 0, err
        assert out.strip() == "True"
        assert "rules are written in the script itself" in err


def cluster(workers=2):
    """Start a Dask scheduler and its workers as processes of their own; returns the address and the processes."""
    scheduler = python(
        "from distributed.cli.dask_scheduler import main; main()",
        *("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"),
    )
    address = None
    for line in iter(scheduler.stderr.readline, ""):
        found = re.search(r"Scheduler at:\s+(tcp://\S+)", line)
        if found:
            address = found[1]
            break
    assert address, "the scheduler did not start"
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0")
    hands = [
        python("from distributed.cli.dask_worker import main; main()", address, *options)
        for _ in range(workers)
    ]
    for hand in hands:
        assert any("Registered to" in line for line in iter(hand.stderr.readline, "")), (
            "a worker did not start"
        )
    return address, scheduler, hands


def ended(*processes):
    for process in processes:
        process.kill()
        process.communicate()


EXTRAS = ("dask", "distributed", "duckdb", "SALib", "xarray", "h5netcdf", "h5py")


class TestWithoutExtras:
    @pytest.fixture
    def bare(self, tmp_path):
        """An environment in which no optional package can be imported, in workers neither."""
        site = tmp_path / "site"
        site.mkdir()
        for name in EXTRAS:
            (site / f"{name}.py").write_text(
                f"raise ModuleNotFoundError('No module named {name}')", encoding="utf-8"
            )
        paths = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {"PYTHONPATH": paths}

    @pytest.mark.slow
    def test_what_needs_none_works_and_what_needs_one_says_so(self, bare, tmp_path):
        plan, there = write_plan(tmp_path, years=1), tmp_path / "there"
        morris = plan.read_text(encoding="utf-8").replace("latin_hypercube", "morris")
        (tmp_path / "morris.toml").write_text(morris, encoding="utf-8")
        lived, exported, *refused = several(
            ["batch", plan, "--out", there, "--workers", "2"],
            ["export", there, "--format", "parquet", "--out", tmp_path / "tables"],
            ["batch", plan, "--out", tmp_path / "o", "--dask", "local"],
            ["batch", tmp_path / "morris.toml", "--out", tmp_path / "o"],
            ["export", there, "--format", "netcdf", "--out", tmp_path / "a.nc"],
            env=bare,
        )
        assert lived[0] == 0, lived
        assert exported[0] == 0, exported
        assert len(coopsim.open_batch(there).runs) == 24
        for code, _, err in refused:
            assert code == 2, err
            assert err.count('pip install "coopsim[batch]"') == 1
            assert len(err.splitlines()) == 1


@pytest.mark.slow
class TestDask:
    def test_over_tcp_with_a_worker_killed(self, reference, tmp_path):
        """Scheduler and workers of their own; one of two is killed on the way; the tables are those of one process."""
        plan, expected = reference
        address, scheduler, hands = cluster()
        try:
            running = command("batch", plan, "--out", tmp_path / "out", "--dask", address)
            assert any("% (" in line for line in iter(running.stderr.readline, "")), "it never began"
            hands[0].kill()
            code, _, err = finished(running)
            assert code == 0, err
        finally:
            ended(*hands, scheduler)
        assert_same(tmp_path / "out", expected)

    def test_a_scheduler_that_dies_leaves_what_is_done(self, reference, tmp_path):
        plan, expected = reference
        address, scheduler, hands = cluster()
        try:
            running = command("batch", plan, "--out", tmp_path / "out", "--dask", address)
            assert any("% (" in line for line in iter(running.stderr.readline, "")), "it never began"
            scheduler.kill()
            code, _, err = finished(running)
            assert code == 3, err
            assert "the same command" in err
            assert "Traceback" not in err
        finally:
            ended(*hands, scheduler)
        run_batch(plan, tmp_path / "out", workers=1)
        assert_same(tmp_path / "out", expected)

    def test_no_scheduler_answers(self, reference, tmp_path):
        code, _, err = finished(
            command("batch", reference[0], "--out", tmp_path / "o", "--dask", "tcp://127.0.0.1:9")
        )
        assert code == 2
        assert "no Dask scheduler answers" in err
        assert len(err.splitlines()) == 1

    def test_a_cluster_without_workers_is_refused(self, reference, tmp_path):
        address, scheduler, _ = cluster(workers=0)
        try:
            words = ("batch", reference[0], "--out", tmp_path / "o", "--dask", address, "--lang", "fr")
            code, _, err = finished(command(*words))
        finally:
            ended(scheduler)
        assert code == 2
        assert "n'a aucun processus de calcul" in err


MEMORY = f"""{SHORT}
import resource
import sys
from coopsim.batch import run_batch

seen = []

def told(done, total):
    seen.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)

run_batch(sys.argv[1], sys.argv[2], workers=1, progress=told)
print(seen[len(seen) // 4], seen[-1])
"""


def memory(plan, out):
    """Largest memory of one process after a quarter of the parts, and at the end, MiB."""
    code, text, err = finished(python(MEMORY, plan, out), timeout=3000)
    assert code == 0, err
    return map(float, text.split())


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
class TestMemory:
    def test_it_stays_flat(self, tmp_path):
        quarter, end = memory(write_plan(tmp_path, points=16, replicates=5, years=1), tmp_path / "out")
        assert end - quarter < 10.0, "160 runs"

    @pytest.mark.slow
    def test_it_stays_flat_over_ten_thousand_runs(self, tmp_path):
        quarter, end = memory(write_plan(tmp_path, points=500, replicates=10, years=1), tmp_path / "out")
        assert end - quarter < 20.0


class TestCommand:
    def test_dry_run_measures_and_writes_nothing(self, tmp_path):
        plan = write_plan(tmp_path, points=6, replicates=4, years=3)
        folder = tmp_path / "out"
        code, out, err = called("batch", plan, "--out", folder, "--dry-run", "--json", "--workers", "1")
        assert code == 0, err
        told = json.loads(out)
        assert not folder.exists()
        numbers = [told[name] for name in ("points", "scenarios", "replicates", "runs", "there")]
        assert numbers == [6, 2, 4, 48, 0]
        run_batch(plan, folder, workers=1)
        size = sum(path.stat().st_size for path in (folder / "parts").iterdir())
        assert told["bytes"] == pytest.approx(size, rel=0.35)
        assert told["parts"] == len(part_files(folder, RUNS))
        spent = coopsim.open_batch(folder).runs["seconds"].median()
        assert 0.2 < told["costs"][0]["seconds"] / spent < 5.0, (
            "a run's cost is measured, on a machine that others use"
        )
        shown = called("batch", plan, "--out", folder, "--dry-run", "--lang", "fr")[1]
        for words in ("6 × 2 × 4", "durée attendue", "place sur le disque", "48"):
            assert words in shown

    def test_warnings_of_a_dry_run(self, tmp_path):
        path = write_plan(tmp_path)
        text = (
            path.read_text(encoding="utf-8")
            .replace("latin_hypercube", "sobol")
            .replace("points = 4", "points = 5")
        )
        path.write_text(text, encoding="utf-8")
        told = json.loads(called("batch", path, "--dry-run", "--json", "--workers", "1", cwd=tmp_path)[1])
        assert len(told["warnings"]) == 1
        assert "power of two" in told["warnings"][0]
        assert "small.toml:11" in told["warnings"][0]

    def test_default_folder_export_and_a_second_call(self, tmp_path):
        path = write_plan(tmp_path)
        code, out, err = called("batch", path.name, "--workers", "1", cwd=tmp_path)
        assert code == 0, err
        assert "24 runs: 24 ended well, 0 failed (0 were there already" in out
        again = called("batch", path.name, "--workers", "1", cwd=tmp_path)
        assert "(24 were there already" in again[1]
        exported = called("export", "small", "--format", "csv", "--out", "tables", cwd=tmp_path)
        assert exported[0] == 0, exported[2]
        assert len(pd.read_csv(tmp_path / "tables" / "trajectories.csv")) == 48
        other = write_plan(tmp_path, replicates=4)
        code, _, err = called("batch", other, "--out", tmp_path / "small", "--lang", "fr")
        assert code == 2
        assert "un autre plan" in err
        assert "--fresh" in err
        code, _, err = called("batch", other, "--out", tmp_path / "small", "--fresh", "--workers", "1")
        assert code == 0, err
        assert len(coopsim.open_batch(tmp_path / "small").runs) == 32

    def test_validate_looks_at_plans(self, tmp_path):
        path = write_plan(tmp_path)
        code, out, _ = called("validate", path, "screening", "--lang", "fr")
        assert code == 0
        assert f"{path} : rien à corriger" in out
        path.write_text(
            path.read_text(encoding="utf-8").replace("violation_base", "violation_bse"), encoding="utf-8"
        )
        code, _, err = called("validate", path)
        assert code == 2
        assert "small.toml:14: society.ties.violation_bse: unknown key" in err
        assert "did you mean 'violation_base'" in err

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--workers", "0"], "at least one worker"),
            (["--workers", "2", "--dask", "tcp://127.0.0.1:9"], "not both"),
        ],
    )
    def test_options_that_do_not_fit(self, tmp_path, words, said):
        code, _, err = called("batch", write_plan(tmp_path), "--out", tmp_path / "o", *words)
        assert code == 2
        assert said in err
        assert not (tmp_path / "o").exists()
