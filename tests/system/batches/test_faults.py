"""Batches whose rules break, whose workers die or whose disk is full say so and give what can be given."""

import errno
import os
import re
import shlex
import subprocess
import sys

import pytest

import coopsim
from coopsim.batch import work
from coopsim.batch.files import RUNS, part_files
from coopsim.batch.running import run_batch
from tests.batches import RULE, assert_same, command, finished, posix, several

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
