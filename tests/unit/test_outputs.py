"""What a run leaves: tables, journal, and a folder that is whole or absent."""

import json

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from coopsim.errors import ScenarioError
from coopsim.indicators import SYSTEM, TERRITORY
from coopsim.outputs import JOURNAL_COLUMNS, Recorder, Run, journal_frame, write_folder
from coopsim.run import simulate
from coopsim.world import founded
from tests.system.parts import small


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(small(), seed=0)


class TestTables:
    def test_one_row_for_each_tick_and_territory(self, run):
        t = run.territories
        assert list(t.columns) == ["tick", "year", "quarter", "territory", *TERRITORY]
        assert len(t) == 12 * 3
        assert t[["tick", "territory"]].duplicated().sum() == 0
        assert t["year"].tolist()[::3] == [2026] * 4 + [2027] * 4 + [2028] * 4
        assert t["quarter"].tolist()[::3] == [1, 2, 3, 4] * 3

    def test_system(self, run):
        s = run.system
        assert list(s.columns) == ["tick", "year", "quarter", *SYSTEM]
        assert s["tick"].tolist() == list(range(12))
        people = run.territories.groupby("tick")["population"].sum()
        assert s["population"].to_numpy() == pytest.approx(people.to_numpy())

    def test_the_first_row_is_the_end_of_the_first_quarter(self, run):
        start = founded(small(), 0).people.population
        assert (run.arrays[0][0][:, TERRITORY.index("population")] != start).any()

    def test_the_journal_has_its_columns_even_when_empty(self, run):
        assert set(JOURNAL_COLUMNS) == set(run.journal.columns)
        assert len(run.journal) > 0
        assert list(journal_frame([]).columns) == list(JOURNAL_COLUMNS)
        silent = simulate(small({"record.journal": False}), years=1)
        assert len(silent.journal) == 0

    def test_every_vote_says_who_decided_what_and_why(self, run):
        votes = run.journal[run.journal["kind"] == "vote"]
        assert set(votes["outcome"]) <= {"passed", "rejected"}
        assert (votes["votes_for"] + votes["votes_against"] > 0).all()
        assert votes["reason_fr"].str.len().min() > 10
        assert votes["reason_en"].str.len().min() > 10
        assert set(votes["body"]) <= set(run.codes)

    def test_a_recorder_grows_past_the_horizon(self):
        world = founded(small(years=1), 0)
        recorder = Recorder(world)
        for _ in range(6):
            recorder.record(world)
        assert len(recorder.system()) == 6
        assert len(recorder.territories()) == 18


class TestFolder:
    def test_a_saved_run_comes_back(self, run, tmp_path):
        again = Run.load(run.save(tmp_path / "out"))
        for a, b in zip(run.arrays, again.arrays, strict=True):
            assert_array_equal(a, b)
        ours, theirs = (t.astype(object).where(t.notna(), None) for t in (run.journal, again.journal))
        pd.testing.assert_frame_equal(ours, theirs)
        assert run.journal.dtypes.equals(again.journal.dtypes)
        pd.testing.assert_frame_equal(run.territories, again.territories)
        for name in ("scenario", "hash", "seed", "codes", "start_year", "duration_s", "versions"):
            assert getattr(run, name) == getattr(again, name)
        assert json.loads(json.dumps(run.document)) == again.document
        assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
            "journal.parquet", "run.json", "system.parquet", "territories.parquet",
        ]  # fmt: skip

    def test_a_run_without_a_journal_comes_back(self, tmp_path):
        silent = simulate(small({"record.journal": False}), years=1)
        again = Run.load(silent.save(tmp_path / "out"))
        assert again.journal_rows == []
        assert list(again.journal.columns) == list(silent.journal.columns)

    def test_saving_again_replaces(self, run, tmp_path):
        run.save(tmp_path)
        other = simulate(small(), seed=1, years=1)
        other.save(tmp_path)
        assert Run.load(tmp_path).seed == 1
        assert len(Run.load(tmp_path).system) == 4

    def test_the_versions_are_kept(self, run):
        assert {"coopsim", "python", "platform", "mesa", "numpy", "numba"} <= set(run.versions)
        assert all(run.versions.values())

    def test_a_folder_without_a_run(self, tmp_path):
        with pytest.raises(ScenarioError, match="holds no run"):
            Run.load(tmp_path)

    def test_a_file_in_the_way(self, run, tmp_path):
        (tmp_path / "out").write_text("mine", encoding="utf-8")
        with pytest.raises(ScenarioError, match="already has this name"):
            run.save(tmp_path / "out")
        with pytest.raises(ScenarioError, match="cannot write"):
            run.save(tmp_path / "out" / "below")
        assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"

    def test_nothing_is_half_written(self, tmp_path, monkeypatch):
        frames = {"a": pd.DataFrame({"x": [1]}), "b": pd.DataFrame({"x": [2]})}
        done = []

        def broken(self, path, **options):
            if done:
                raise OSError("no space left")
            done.append(path)
            path.write_bytes(b"a")

        monkeypatch.setattr(pd.DataFrame, "to_parquet", broken)
        with pytest.raises(OSError, match="no space"):
            write_folder(tmp_path / "out", {"run.json": {}}, frames)
        assert done
        assert list(tmp_path.iterdir()) == []


def test_years_may_be_fewer_than_the_scenarios(run):
    short = simulate(small(), seed=0, years=1)
    assert len(short.system) == 4
    assert short.scenario == "small"
    assert_array_equal(short.arrays[1], run.arrays[1][:4])


def test_numbers_are_finite(run):
    assert all(np.isfinite(a).all() for a in run.arrays)
