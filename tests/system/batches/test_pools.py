"""Batches in processes, on a Dask cluster, without the optional packages and in flat memory give the same tables."""

import os
import re
import sys

import pytest

import coopsim
from coopsim.batch.running import run_batch
from tests.batches import RULE, SHORT, assert_same, command, finished, python, several, write_plan


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
