"""Batches that are killed, interrupted, cut off from their disk or their workers give the same results in the end."""

import errno
import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys

import pandas as pd
import pytest

import coopsim
from coopsim.batch import work
from coopsim.batch.files import RUNS, part_files
from coopsim.batch.running import run_batch
from tests.batches import assert_same, command, finished, python, write_plan

posix = pytest.mark.skipif(os.name != "posix", reason="signals to a process group")

# Lives a plan and says after each part how many runs are there, and the processes that work.
DRIVER = """
import multiprocessing
import sys
from coopsim.batch import run_batch

def told(done, total):
    print(done, total, *(child.pid for child in multiprocessing.active_children()), flush=True)

if __name__ == "__main__":
    run_batch(sys.argv[1], sys.argv[2], workers=2, progress=told)
"""


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """A plan and its results lived in one process without interruption."""
    folder = tmp_path_factory.mktemp("reference")
    plan = write_plan(folder, points=24, replicates=5, territories="true", extra="journal = true\n")
    run_batch(plan, folder / "out", workers=1)
    return plan, folder / "out"


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
        assert there[-1] < total, "it was killed too late to show anything"
    return there


@posix
class TestKilled:
    def test_kill_and_resume_give_the_same_results(self, reference, tmp_path):
        plan, expected = reference
        total = len(part_files(expected, RUNS))
        there = interrupted(plan, tmp_path / "out", (2, 1, 3), total)
        assert there[-1] > there[0] > 0, "what was finished is kept"
        seen = []
        run_batch(plan, tmp_path / "out", workers=2, progress=lambda done, total: seen.append(done))
        assert seen[0] > 0, "it goes on with what is missing"
        assert_same(tmp_path / "out", expected)
        assert list((tmp_path / "out" / "parts").glob(".*")) == []

    @pytest.mark.slow
    def test_five_kills_of_two_thousand_runs(self, tmp_path):
        plan = write_plan(tmp_path, points=100, replicates=10)
        run_batch(plan, tmp_path / "whole", workers=2)
        luck = random.Random(11)
        moments = [luck.randint(1, 10) for _ in range(5)]
        interrupted(plan, tmp_path / "out", moments, len(part_files(tmp_path / "whole", RUNS)))
        run_batch(plan, tmp_path / "out", workers=2)
        assert_same(tmp_path / "out", tmp_path / "whole")

    def test_no_worker_outlives_a_killed_batch(self, reference, tmp_path):
        plan, _ = reference
        killed(plan, tmp_path / "out", 2, group=False)  # waits for the pipes that workers hold

    def test_killed_workers_are_replaced_and_their_chunks_lived_again(self, reference, tmp_path):
        plan, expected = reference
        driver = python(DRIVER, plan, tmp_path / "out")
        driver.stdout.readline()
        _, _, *workers = driver.stdout.readline().split()
        for worker in workers:
            os.kill(int(worker), signal.SIGKILL)
        code, _, err = finished(driver)
        assert code == 0, err
        assert_same(tmp_path / "out", expected)

    def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(self, reference, tmp_path):
        plan, expected = reference
        # a shell's background job ignores Ctrl-C, and children inherit that
        options = {
            "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            "start_new_session": True,
        }
        running = command(
            "batch", plan, "--out", tmp_path / "out", "--workers", "2", "--lang", "fr", **options
        )
        lines = []
        for line in iter(running.stderr.readline, ""):
            lines.append(line)
            if "% (" in line:
                break
        os.killpg(running.pid, signal.SIGINT)
        code, out, err = finished(running)
        assert code == 3, (lines, err)
        assert out == ""
        told = re.search(r"Arrêté : (\d+) simulations sur 240 sont gardées dans .*la même commande", err)
        assert told, err
        assert "Traceback" not in err
        kept = coopsim.open_batch(tmp_path / "out")
        assert len(kept.runs) >= int(told[1]) > 0
        done = command("batch", plan, "--out", tmp_path / "out", "--workers", "1", "--json")
        code, out, err = finished(done)
        assert code == 0, err
        assert json.loads(out)["before"] == len(kept.runs)
        assert_same(tmp_path / "out", expected)


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
replicates = 50
[design]
kind = "list"
[[parameter]]
key = "economy.siting.outside_share"
values = [0.25, 0.5]
[record]
indicators = ["jobs", "passed"]
"""


def faulty(folder, fault):
    """Write a scenario with a voting rule that breaks on some ballots, a plan of it, and the rule's file."""
    (folder / "rules.py").write_text(RULE.replace("FAULT", fault), encoding="utf-8")
    (folder / "faulty.toml").write_text(FAULTY, encoding="utf-8")
    (folder / "plan.toml").write_text(FAULTY_PLAN, encoding="utf-8")
    return folder / "plan.toml"


class TestFailures:
    def test_a_failing_rule_spoils_its_own_runs_only(self, tmp_path):
        """Others are there, the failed ones are listed with a command that fails in the same way."""
        plan = faulty(tmp_path, 'raise ArithmeticError("this ballot breaks me")')
        words = ["batch", plan, "--out", tmp_path / "out", "--workers", "2", "--rules", tmp_path / "rules.py"]
        code, out, err = finished(command(*words))
        assert code == 3, err
        batch = coopsim.open_batch(tmp_path / "out")
        assert batch.complete
        failures = batch.failures
        assert 0 < len(failures) < 20
        assert set(failures["scenario"]) == {"faulty"}
        assert f"{200 - len(failures)} ended well, {len(failures)} failed" in out
        assert "ArithmeticError: this ballot breaks me" in out
        assert len(batch.horizon()) == 200 - len(failures)
        first = failures.iloc[0]
        assert (first["scenario"], first["status"]) == ("faulty", "failed")
        assert "rules.py" in first["trace"]
        again = shlex.split(first["reproduce"])
        assert again[:2] == ["coopsim", "run"]
        code, out, err = finished(command(*again[1:], cwd=tmp_path.parent))
        assert code == 2
        assert "this ballot breaks me" in err
        good = batch.runs.query("status == 'done' and scenario == 'faulty'").iloc[0]
        settings = (
            f"economy.siting.outside_share={batch.points.loc[good['point'], 'economy.siting.outside_share']}"
        )
        lived = command("run", tmp_path / "faulty.toml", "--set", settings, "--seed", good["seed"], "--json",
                        "--rules", tmp_path / "rules.py")  # fmt: skip
        code, out, err = finished(lived)
        assert code == 0, err
        jobs = {row["indicator"]: row["end"] for row in json.loads(out)["indicators"]}["jobs"]
        row = batch.horizon().query(
            f"scenario == 'faulty' and point == {good['point']} and seed == {good['seed']}"
        )
        assert row["jobs"].item() == jobs

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
            told = re.search(r"Cannot write \(No space left.*\): (\d+) of 240 runs are kept", err)
            assert told, err
            assert "Traceback" not in err
            assert list((disk / "out" / "parts").glob(".*")) == []
            kept = coopsim.open_batch(disk / "out")
            assert len(kept.runs) >= int(told[1]) > 0
            assert len(kept.trajectories) > 0
            subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
            code, _, err = finished(command("batch", plan, "--out", disk / "out", "--workers", "2"))
            assert code == 0, err
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

    @pytest.mark.slow
    def test_a_local_cluster_is_one_process(self, reference, tmp_path):
        pytest.importorskip("distributed")
        code = "import sys\nfrom coopsim.batch import run_batch\nrun_batch(*sys.argv[1:], workers=2, dask='local')\n"
        code, _, err = finished(python(code, reference[0], tmp_path / "out"))
        assert code == 0, err
        assert_same(tmp_path / "out", reference[1])

    def test_rules_in_a_script_stay_in_one_process(self, tmp_path):
        write_plan(tmp_path)
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

    def test_processes_reading_and_tables_work(self, bare, tmp_path):
        plan = write_plan(tmp_path)
        code, _, err = finished(command("batch", plan, "--out", tmp_path / "o", "--workers", "2", env=bare))
        assert code == 0, err
        code, _, err = finished(
            command("export", tmp_path / "o", "--format", "parquet", "--out", tmp_path / "t", env=bare)
        )
        assert code == 0, err
        assert len(coopsim.open_batch(tmp_path / "o").runs) == 24

    def test_what_needs_one_says_so(self, bare, tmp_path):
        plan = write_plan(tmp_path)
        words = ["batch", plan, "--out", tmp_path / "o", "--dask", "local"]
        morris = plan.read_text(encoding="utf-8").replace("latin_hypercube", "morris")
        (tmp_path / "morris.toml").write_text(morris, encoding="utf-8")
        run_batch(plan, tmp_path / "there", workers=1)
        netcdf = ["export", tmp_path / "there", "--format", "netcdf", "--out", tmp_path / "a.nc"]
        for call in (words, ["batch", tmp_path / "morris.toml", "--out", tmp_path / "o"], netcdf):
            code, _, err = finished(command(*call, env=bare))
            assert code == 2, err
            assert err.count('pip install "coopsim[batch]"') == 1
            assert len(err.splitlines()) == 1


class TestDask:
    def test_over_tcp_with_a_worker_killed(self, reference, tmp_path):
        """Scheduler and workers of their own; one of two is killed on the way; the tables are those of one process."""
        pytest.importorskip("distributed")
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

    @pytest.mark.slow
    def test_a_scheduler_that_dies_leaves_what_is_done(self, reference, tmp_path):
        pytest.importorskip("distributed")
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
        pytest.importorskip("distributed")
        code, _, err = finished(
            command("batch", reference[0], "--out", tmp_path / "o", "--dask", "tcp://127.0.0.1:9")
        )
        assert code == 2
        assert "no Dask scheduler answers" in err
        assert len(err.splitlines()) == 1

    @pytest.mark.slow
    def test_a_cluster_without_workers_is_refused(self, reference, tmp_path):
        pytest.importorskip("distributed")
        address, scheduler, _ = cluster(workers=0)
        try:
            words = ("batch", reference[0], "--out", tmp_path / "o", "--dask", address, "--lang", "fr")
            code, _, err = finished(command(*words))
        finally:
            ended(scheduler)
        assert code == 2
        assert "n'a aucun processus de calcul" in err


MEMORY = """
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
        quarter, end = memory(write_plan(tmp_path, points=40, replicates=5, years=1), tmp_path / "out")
        assert end - quarter < 20.0, "400 runs"

    @pytest.mark.slow
    def test_it_stays_flat_over_ten_thousand_runs(self, tmp_path):
        quarter, end = memory(write_plan(tmp_path, points=500, replicates=10, years=1), tmp_path / "out")
        assert end - quarter < 20.0


class TestCommand:
    def test_dry_run_measures_and_writes_nothing(self, tmp_path):
        plan = write_plan(tmp_path, points=6, replicates=4, years=3)
        folder = tmp_path / "out"
        code, out, err = finished(
            command("batch", plan, "--out", folder, "--dry-run", "--json", "--workers", "1")
        )
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
        shown = finished(command("batch", plan, "--out", folder, "--dry-run", "--lang", "fr"))[1]
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
        told = json.loads(
            finished(command("batch", path, "--dry-run", "--json", "--workers", "1", cwd=tmp_path))[1]
        )
        assert len(told["warnings"]) == 1
        assert "power of two" in told["warnings"][0]
        assert "small.toml:11" in told["warnings"][0]

    def test_default_folder_export_and_a_second_call(self, tmp_path):
        path = write_plan(tmp_path)
        code, out, err = finished(command("batch", path.name, "--workers", "1", cwd=tmp_path))
        assert code == 0, err
        assert "24 runs: 24 ended well, 0 failed (0 were there already" in out
        again = finished(command("batch", path.name, "--workers", "1", cwd=tmp_path))
        assert "(24 were there already" in again[1]
        exported = finished(command("export", "small", "--format", "csv", "--out", "tables", cwd=tmp_path))
        assert exported[0] == 0, exported[2]
        assert len(pd.read_csv(tmp_path / "tables" / "trajectories.csv")) == 48
        other = write_plan(tmp_path, replicates=4)
        code, _, err = finished(command("batch", other, "--out", tmp_path / "small", "--lang", "fr"))
        assert code == 2
        assert "un autre plan" in err
        assert "--fresh" in err
        code, _, err = finished(
            command("batch", other, "--out", tmp_path / "small", "--fresh", "--workers", "1")
        )
        assert code == 0, err
        assert len(coopsim.open_batch(tmp_path / "small").runs) == 32

    def test_validate_looks_at_plans(self, tmp_path):
        path = write_plan(tmp_path)
        code, out, _ = finished(command("validate", path, "screening", "--lang", "fr"))
        assert code == 0
        assert f"{path} : rien à corriger" in out
        path.write_text(
            path.read_text(encoding="utf-8").replace("violation_base", "violation_bse"), encoding="utf-8"
        )
        code, _, err = finished(command("validate", path))
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
        code, _, err = finished(command("batch", write_plan(tmp_path), "--out", tmp_path / "o", *words))
        assert code == 2
        assert said in err
        assert not (tmp_path / "o").exists()
