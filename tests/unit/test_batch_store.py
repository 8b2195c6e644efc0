"""The folder of a batch: chunks, parts that appear whole, one process at a time, one plan and one code."""

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import coopsim
from coopsim import plugins
from coopsim.batch import chunks, store, versions, work
from coopsim.batch.chunks import chunks_of
from coopsim.batch.files import RESULTS, RUNS, part_files, part_path, write_part, write_table, write_text
from coopsim.batch.job import job_of
from coopsim.batch.part import Part, journal_schema
from coopsim.batch.plan_file import load_plan
from coopsim.batch.store import fingerprint, opened
from coopsim.batch.versions import code_version
from coopsim.batch.work import Chunk, give_up, lived
from coopsim.errors import ScenarioError
from coopsim.outputs import JOURNAL_COLUMNS
from tests.batches import python, write_plan


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return load_plan(write_plan(tmp_path_factory.mktemp("plan")))


@pytest.fixture
def job(plan, tmp_path):
    return job_of(plan, tmp_path / "out")


class TestChunks:
    @given(
        points=st.integers(1, 3000), replicates=st.integers(1, 60), cheap=st.floats(1e3, 1e9),
        ratio=st.floats(1.0, 1000.0), values=st.integers(1, 10_000_000),
    )  # fmt: skip
    def test_they_cover_every_run_once_and_cost_alike(self, points, replicates, cheap, ratio, values):
        class Fake:
            lanes, seeds, point_count = (cheap, cheap * ratio), range(replicates), points
            columns, what, territories = ("jobs",), "horizon", False

            def __len__(self):
                return 2 * points * replicates

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(chunks, "run_cost", lambda lane: lane)
            patch.setattr(chunks, "_values", lambda job, lane: values)
            found = chunks_of(Fake())
        assert [c.number for c in found] == list(range(len(found)))
        assert found[0].start == 0
        assert found[-1].stop == len(Fake())
        assert all(a.stop == b.start for a, b in pairwise(found))
        assert all(len(c) >= 1 for c in found)
        costs = np.tile(np.repeat([cheap, cheap * ratio], replicates), points)
        by_chunk = [costs[c.start : c.stop].sum() for c in found]
        assert max(by_chunk) <= costs.sum() / len(found) + costs.max() * (1 + 1e-9)
        if ratio == 1.0:
            assert max(map(len, found)) <= 201
        assert all(len(c) * values <= 8_000_000 + values or len(c) == 1 for c in found) or ratio > 1.0

    def test_they_depend_on_the_plan_alone(self, plan, job, tmp_path):
        assert chunks_of(job) == chunks_of(job_of(plan, tmp_path / "elsewhere"))

    def test_few_short_runs_make_few_parts(self, job):
        assert len(chunks_of(job)) < len(job) / 4

    def test_results_that_fill_memory_are_cut(self, job):
        heavy = replace(job, what="quarterly", seeds=range(100_000), point_count=1)
        assert max(len(c) for c in chunks_of(heavy)) <= 200


class TestFiles:
    def test_a_part_is_there_when_its_list_of_runs_is(self, tmp_path):
        (tmp_path / "parts").mkdir()
        table = pa.table({"run": pa.array([0], pa.int32())})
        write_table(table, part_path(tmp_path, RESULTS, 3))
        assert part_files(tmp_path, RUNS) == {}
        write_part(tmp_path, 3, [(RUNS, table)])
        assert list(part_files(tmp_path, RUNS)) == [3]

    def test_strange_files_are_no_parts(self, tmp_path):
        (tmp_path / "parts").mkdir()
        for name in ("runs-x.parquet", "runs-000001.parquet.bak", "runs-1.parquet", "other-000001.parquet"):
            (tmp_path / "parts" / name).write_bytes(b"")
        assert part_files(tmp_path, RUNS) == {}

    def test_a_failed_write_leaves_the_old_file_and_nothing_else(self, tmp_path):
        path = tmp_path / "a.txt"
        write_text("old", path)
        with pytest.raises(UnicodeEncodeError):
            write_text("\ud800", path)
        assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
        assert path.read_text(encoding="utf-8") == "old"

    @pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root mounts a small disk")
    def test_a_full_disk_is_told_and_nothing_half_written_stays(self, tmp_path):
        disk = tmp_path / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("this machine does not let us mount a small disk")
        try:
            (disk / "parts").mkdir()
            noise = np.random.default_rng(0).random(20_000)
            with pytest.raises(OSError, match="space") as caught:
                write_part(disk, 0, [(RESULTS, pa.table({"x": noise})), (RUNS, pa.table({"run": [0]}))])
            assert caught.value.errno == errno.ENOSPC
            assert list((disk / "parts").iterdir()) == []
        finally:
            subprocess.run(["umount", str(disk)], check=True)


HOLDER = """
import sys
from pathlib import Path
from coopsim.batch.job import job_of
from coopsim.batch.part import Part, journal_schema
from coopsim.batch.plan_file import load_plan
from coopsim.batch.store import opened

plan = load_plan(sys.argv[1])
folder = Path(sys.argv[2])
with opened(folder, plan, job_of(plan, folder), fresh=False):
    print("holding", flush=True)
    sys.stdin.readline()
"""


def test_the_list_of_runs_is_written_last(job):
    """It says that the part is complete: a kill between two files must leave a part that is lived again."""
    job = replace(
        job, journal=True, lanes=tuple(x.but({"record.journal": True, "name": x.name}) for x in job.lanes)
    )
    names = [name for name, _ in lived(job, range(2), job.part()).tables()]
    assert names == [RESULTS, "journal", RUNS]


def test_ctrl_c_is_no_failed_run(job, monkeypatch):
    """Pydantic wraps a Ctrl-C that it meets in an error of its own."""

    def interrupted(*_):
        raise ValueError("serialization") from KeyboardInterrupt()

    monkeypatch.setattr(work, "varied", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lived(job, range(2), job.part())


def test_every_column_of_the_journal_has_a_type(job):
    """A part whose rows all lack a value has the same columns as one whose rows have it."""
    debates = {"governance.aggregation.deliberation": "committee"}  # a debate has columns of its own
    run = coopsim.simulate(coopsim.load_scenario("figeac-cooperation", debates), seed=0, years=6)
    part = Part("horizon", ("jobs",), territories=False, journal=True)
    part.add(0, run)
    table = dict(part.tables())["journal"]
    assert table.column_names == ["run", *JOURNAL_COLUMNS]
    assert table.schema == journal_schema()
    for name in JOURNAL_COLUMNS:
        assert table[name].null_count < len(table), f"{name}: no value of its type was found"


class TestOpened:
    def test_two_processes_on_one_folder(self, plan, job, tmp_path):
        """The second is refused while the first works, and let in when the first is killed."""
        holder = python(HOLDER, write_plan(tmp_path), job.folder, stdin=subprocess.PIPE)
        try:
            assert holder.stdout.readline() == "holding\n", holder.stderr.read()
            with (
                pytest.raises(ScenarioError, match="another process works"),
                opened(job.folder, plan, job, fresh=False),
            ):
                pytest.fail("let in")
        finally:
            holder.kill()
            holder.communicate()
        with opened(job.folder, plan, job, fresh=False):
            pass

    def test_another_plan_is_refused_and_fresh_starts_over(self, plan, job):
        with opened(job.folder, plan, job, fresh=False) as place:
            write_part(job.folder, 0, [(RUNS, pa.table({"run": [0]}))])
            assert 0 not in {chunk.number for chunk in place.todo(chunks_of(job))}
        other = replace(job, seeds=range(1, 4))
        with pytest.raises(ScenarioError, match="another plan"), opened(job.folder, plan, other, fresh=False):
            pass
        assert list(part_files(job.folder, RUNS)) == [0], "a refusal touches nothing"
        with opened(job.folder, plan, other, fresh=True) as place:
            assert len(place.todo(chunks_of(other))) == len(chunks_of(other))
            assert part_files(job.folder, RUNS) == {}

    def test_another_code_is_refused_with_its_name(self, plan, job):
        with opened(job.folder, plan, job, fresh=False):
            pass
        older = replace(job, code="0.0.9+abc")
        with (
            pytest.raises(ScenarioError, match="results of another code"),
            opened(job.folder, plan, older, fresh=False),
        ):
            pass

    @pytest.mark.parametrize(
        ("change", "same"),
        [
            ({"seeds": range(1, 4)}, False),
            ({"what": "horizon"}, False),
            ({"columns": ("jobs",)}, False),
            ({"territories": True}, False),
            ({"labels": ("x", "y")}, False),
            ({"points": {n: {"society.ties.trust_gain": 0.1} for n in range(4)}}, False),
            ({"lang": "fr"}, True),
            ({"folder": Path("elsewhere")}, True),
        ],
    )
    def test_what_makes_another_plan(self, job, change, same):
        assert (fingerprint(job) == fingerprint(replace(job, **change))) is same

    def test_an_unreadable_manifest_says_the_way_out_and_the_way_works(self, plan, job):
        job.folder.mkdir(parents=True)
        (job.folder / "batch.json").write_text("{", encoding="utf-8")
        with pytest.raises(ScenarioError, match="--fresh"), opened(job.folder, plan, job, fresh=False):
            pass
        with opened(job.folder, plan, job, fresh=True):
            assert json.loads((job.folder / "batch.json").read_text(encoding="utf-8"))["runs"] == len(job)

    def test_results_without_a_plan_are_not_taken_for_ours(self, plan, job):
        (job.folder / "parts").mkdir(parents=True)
        write_part(job.folder, 0, [(RUNS, pa.table({"run": [0]}))])
        with (
            pytest.raises(ScenarioError, match="results without a plan"),
            opened(job.folder, plan, job, fresh=False),
        ):
            pass

    def test_fresh_deletes_nothing_that_is_not_ours(self, plan, job):
        (job.folder / "parts").mkdir(parents=True)
        mine = [job.folder / "notes.txt", job.folder / "parts" / "mine.parquet"]
        for path in mine:
            path.write_text("mine", encoding="utf-8")
        with opened(job.folder, plan, job, fresh=True):
            pass
        assert all(path.read_text(encoding="utf-8") == "mine" for path in mine)

    def test_a_file_in_the_place_of_the_folder(self, plan, job):
        job.folder.write_text("mine", encoding="utf-8")
        with (
            pytest.raises(ScenarioError, match="a file already has this name"),
            opened(job.folder, plan, job, fresh=False),
        ):
            pass

    def test_what_only_readers_use_may_change(self, plan, job):
        with opened(job.folder, plan, job, fresh=False):
            pass
        titled = plan.model_copy(update={"name": "renamed"})
        with opened(job.folder, titled, job, fresh=False):
            pass
        about = json.loads((job.folder / store.MANIFEST).read_text(encoding="utf-8"))
        assert about["name"] == "renamed"

    def test_what_was_half_written_is_swept(self, plan, job):
        with opened(job.folder, plan, job, fresh=False):
            pass
        (job.folder / "parts" / ".writing-abc-runs-000001.parquet").write_bytes(b"half")
        with opened(job.folder, plan, job, fresh=False):
            assert list((job.folder / "parts").iterdir()) == []


def test_the_folder_can_be_run_again_from_its_own_plan(plan, job):
    with opened(job.folder, plan, job, fresh=False):
        pass
    again = load_plan(job.folder / "plan.toml")
    assert fingerprint(job_of(again, job.folder)) == fingerprint(job)


def test_runs_given_up_are_tried_again(plan, job):
    with opened(job.folder, plan, job, fresh=False) as place:
        every = chunks_of(job)
        give_up(job, every[0], "died")
        assert place.todo(every) == every
        write_part(job.folder, 0, [(RUNS, pa.table({"run": [0]}))])
        give_up(job, Chunk(0, 0, 1), "died")
        assert place.todo(every) == every[1:], "what is finished is not given up"


def test_the_users_rules_belong_to_the_code(tmp_path):
    rules = tmp_path / "rules.py"
    rules.write_text("x = 1\n", encoding="utf-8")
    before = code_version((), (str(rules),))
    assert before == code_version((), (str(rules),)) != code_version()
    rules.write_text("x = 2\n", encoding="utf-8")
    assert code_version((), (str(rules),)) != before


def test_every_module_of_a_package_of_rules_counts_and_none_beside_it(tmp_path, monkeypatch):
    """A rule may use a helper of its package: a change there makes other results."""
    package = tmp_path / "rules_of_mine"
    (package / "deep").mkdir(parents=True)
    files = [package / "__init__.py", package / "votes.py", package / "deep" / "helper.py"]
    for path in files:
        path.write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    found = [code_version(("rules_of_mine.votes",))]
    for path in files:
        path.write_text("x = 1\n", encoding="utf-8")
        found.append(code_version(("rules_of_mine.votes",)))
    assert len(set(found)) == 4
    (tmp_path / "beside.py").write_text("x = 1\n", encoding="utf-8")
    assert code_version(("rules_of_mine.votes",)) == found[-1]
    for name in [name for name in sys.modules if name.startswith("rules_of_mine")]:
        monkeypatch.delitem(sys.modules, name)


def test_changed_rules_are_named_as_their_owner_knows_them(tmp_path, monkeypatch):
    rules = {"rules rules_file_mine_0": "new", "rules other": "same", "rules added": "new", "numpy": "2.1"}
    monkeypatch.setattr(versions, "provenance", lambda: rules)
    monkeypatch.setitem(plugins.FILES, "rules_file_mine_0", tmp_path / "mine.py")
    before = {"rules rules_file_mine_0": "old", "rules other": "same", "numpy": "2.0"}
    assert versions.changed_rules(before) == ["mine.py"]
    assert versions.changed_rules(rules) == []
