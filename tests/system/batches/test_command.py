"""The commands batch and export."""

import json

import pandas as pd
import pytest

import coopsim
from coopsim.batch.files import RUNS, part_files
from coopsim.batch.running import run_batch
from tests.batches import called, write_plan


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
