"""Reading results: tables, quantiles, paired differences, SQL, and the exports that other tools read."""

import csv
import io
import json
import shutil
import sys
import tarfile
import warnings

import numpy as np
import pandas as pd
import pytest
import xarray
from scipy import stats

import coopsim
from coopsim.batch.files import part_files
from coopsim.batch.running import run_batch
from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang
from coopsim.indicators import SYSTEM, TERRITORY
from tests.batches import write_plan

INDICATORS = ["trust", "rivalry", "pacts", "population"]


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Four points of two scenarios on three worlds, each territory kept each year."""
    folder = tmp_path_factory.mktemp("batch")
    return run_batch(
        write_plan(folder, territories="true", extra="journal = true\n"), folder / "out", workers=1
    )


def alone(batch, scenario, point, seed):
    """One run of the plan lived by hand."""
    settings = batch.points.set_index("point").loc[point].to_dict()
    settings["case.synthetic.territories"] = int(settings["case.synthetic.territories"])
    if scenario == "hasty":
        settings["society.ties.trust_gain"] = 0.6
    spec = coopsim.load_scenario("trust").but(settings | {"horizon.years": 2, "record.journal": True})
    return coopsim.simulate(spec, seed=seed)


def read_csv(file, **options):
    """Numbers to the last digit, whatever the parser of this version of pandas rounds."""
    texts = pd.read_csv(file, dtype="str", keep_default_na=False, **options)
    return texts.apply(_numbers)


def _numbers(column):
    try:
        values = [float(text) if text else float("nan") for text in column]
    except ValueError:
        return column
    whole = all(text.lstrip("-").isdigit() for text in column)
    return pd.Series([int(x) for x in values] if whole else values, index=column.index)


class TestTables:
    def test_every_run_is_that_of_simulate(self, batch):
        """Common random numbers: the run of a point and a seed is the run with that seed, lived alone."""
        for scenario, point, seed in (("trust", 0, 0), ("hasty", 3, 2), ("trust", 2, 1)):
            run = alone(batch, scenario, point, seed)
            rows = batch.trajectories.query("scenario == @scenario and point == @point and seed == @seed")
            whole = rows[rows["territory"] == ""]
            assert whole["tick"].tolist() == [3, 7]
            expected = run.arrays[1][[3, 7]][:, [SYSTEM.index(name) for name in INDICATORS]]
            np.testing.assert_array_equal(whole[INDICATORS].to_numpy(), expected)
            first = rows[rows["territory"] == run.codes[1]]
            column = TERRITORY.index("trust")
            np.testing.assert_array_equal(first["trust"], run.arrays[0][[3, 7], 1, column])
            assert first["pacts"].isna().all(), "an indicator of the whole has no value in a territory"

    def test_order_and_columns(self, batch):
        frame = batch.trajectories
        assert list(frame) == ["scenario", "point", "seed", "tick", "territory", *INDICATORS]
        assert list(frame["scenario"].cat.categories) == ["trust", "hasty"]
        keys = frame[["scenario", "point", "seed", "tick"]].assign(scenario=frame["scenario"].cat.codes)
        assert keys.equals(keys.sort_values(list(keys), kind="stable"))
        assert (batch.seeds, batch.scenarios) == (range(3), ("trust", "hasty"))
        assert batch.levers == ("case.synthetic.territories",)
        assert batch.uncertainties == ("society.ties.violation_base",)

    def test_runs_and_journal(self, batch):
        assert batch.complete
        assert len(batch.runs) == 24
        assert set(batch.runs["status"]) == {"done"}
        assert len(batch.failures) == 0
        lived = alone(batch, "trust", 0, 0).journal
        kept = batch.journal.query("scenario == 'trust' and point == 0 and seed == 0")
        assert kept["kind"].tolist() == lived["kind"].tolist()
        assert (batch.folder / "manifest.parquet").is_file()

    def test_an_unknown_indicator_is_refused(self, batch):
        with pytest.raises(ScenarioError, match="did not keep"):
            batch.summary(["jobs"])

    def test_a_folder_without_a_batch(self, tmp_path):
        with pytest.raises(ScenarioError, match="not a readable batch folder"):
            coopsim.open_batch(tmp_path)

    def test_a_batch_that_is_not_finished(self, batch, tmp_path):
        """What is there is read; the rest is said to be missing."""
        shutil.copytree(batch.folder, tmp_path / "half")
        for path in part_files(tmp_path / "half", "runs").values():
            path.unlink()
        half = coopsim.open_batch(tmp_path / "half")
        assert not half.complete
        assert len(half.runs) == len(half.failures) == 0
        assert half.summary().shape[0] >= 0


class TestSummaries:
    def test_quantiles(self, batch):
        values = batch.horizon(["trust"])
        row = batch.summary().query("scenario == 'hasty' and indicator == 'trust'").iloc[0]
        expected = values.loc[values["scenario"] == "hasty", "trust"].quantile([0.5, 0.05, 0.95])
        np.testing.assert_allclose([row["median"], row["p05"], row["p95"]], expected)
        assert list(batch.summary()) == ["scenario", "indicator", "unit", "median", "p05", "p95"]
        by_point = batch.summary(["trust"], by_point=True)
        assert len(by_point) == 8
        one = values.query("scenario == 'trust' and point == 2")["trust"].median()
        assert by_point.query("scenario == 'trust' and point == 2")["median"].item() == pytest.approx(one)

    def test_paired_differences(self, batch):
        """Trust that is won faster is higher in every world; pairs are of the same point and seed."""
        row = batch.paired(["trust"]).iloc[0]
        wide = batch.horizon(["trust"]).pivot_table(
            index=["point", "seed"], columns="scenario", values="trust", observed=True
        )
        assert (row["a"], row["b"]) == ("trust", "hasty")
        assert row["mean_difference"] == pytest.approx((wide["hasty"] - wide["trust"]).mean())
        gap = wide["hasty"] - wide["trust"]
        half = stats.t.ppf(0.975, len(gap) - 1) * gap.std() / len(gap) ** 0.5
        assert [row["low"], row["high"]] == pytest.approx([gap.mean() - half, gap.mean() + half])
        assert (
            row["share_b_better"]
            == ((wide["hasty"] > wide["trust"]) + 0.5 * (wide["hasty"] == wide["trust"])).mean()
        )
        assert len(batch.paired(["trust"], by_point=True)) == 4
        assert list(batch.paired()) == [
            "a", "b", "indicator", "mean_difference", "low", "high", "share_b_better", "verdict",
        ]  # fmt: skip

    def test_sql(self, batch):
        query = "SELECT scenario, avg(trust) AS mean FROM trajectories WHERE tick = 7 AND territory = '' GROUP BY ALL"
        found = batch.sql(query).set_index("scenario")["mean"]
        expected = batch.horizon(["trust"]).groupby("scenario", observed=True)["trust"].mean()
        np.testing.assert_allclose(found[expected.index.astype(str)], expected)
        joined = batch.sql(
            'SELECT count(*) AS n FROM runs JOIN points USING (point) WHERE "case.synthetic.territories" > 2'
        )
        assert 0 < joined["n"].item() < 24
        assert batch.sql("SELECT count(*) AS n FROM journal")["n"].item() == len(batch.journal)
        with pytest.raises(ScenarioError, match="query refused"):
            batch.sql("SELECT nothing FROM nowhere")


class TestExports:
    def test_xarray(self, batch):
        found = batch.to_xarray()
        assert dict(found.sizes) == {"scenario": 2, "point": 4, "seed": 3, "tick": 2, "territory": 4}
        assert found["trust"].attrs["units"] == "0-1"
        assert found["trust"].attrs["label_fr"] == "Confiance"
        row = batch.trajectories.query(
            "scenario == 'hasty' and point == 1 and seed == 2 and tick == 7 and territory == ''"
        )
        one = found["trust"].sel(scenario="hasty", point=1, seed=2, tick=7, territory="")
        assert float(one) == row["trust"].item()
        assert found["year"].to_numpy().tolist() == [2026, 2027]
        np.testing.assert_array_equal(
            found["society.ties.violation_base"], batch.points["society.ties.violation_base"]
        )
        assert isinstance(found, xarray.Dataset)

    def test_netcdf_is_the_dataset(self, batch, tmp_path):
        place = batch.export(tmp_path / "a.nc", "netcdf")
        with xarray.open_dataset(place, engine="h5netcdf") as found:
            xarray.testing.assert_equal(found, batch.to_xarray())
            assert found["trust"].attrs["long_name"] == "Trust"
        assert [path.name for path in tmp_path.iterdir()] == ["a.nc"]

    @pytest.mark.parametrize(("form", "read"), [("csv", read_csv), ("parquet", pd.read_parquet)])
    def test_tables(self, batch, tmp_path, form, read):
        batch.export(tmp_path / "tables", form)
        frames = {path.stem: read(path) for path in (tmp_path / "tables").iterdir()}
        assert set(frames) == {"trajectories", "points", "runs", "uncertainties", "levers", "outcomes"}
        rows = frames["trajectories"]
        assert len(rows) == len(batch.trajectories)
        rows["territory"] = rows["territory"].fillna("")
        keys = ["scenario", "point", "seed", "tick", "territory"]
        both = rows.merge(batch.trajectories.astype({"scenario": str, "territory": str}), on=keys)
        assert len(both) == len(rows)
        for name in INDICATORS:
            np.testing.assert_array_equal(both[f"{name}_x"], both[f"{name}_y"])
        assert set(rows["year"]) == {2026, 2027}
        outcomes = frames["outcomes"].merge(batch.runs, on="run").merge(frames["levers"], on="run")
        assert (outcomes["scenario_x"] == outcomes["scenario_y"]).all()
        assert len(outcomes) == 24

    def test_an_absent_value_is_an_empty_cell(self, batch, tmp_path):
        batch.export(tmp_path / "t", "csv")
        with (tmp_path / "t" / "trajectories.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert {row["pacts"] for row in rows if row["territory"]} == {""}

    def test_experiments_and_outcomes(self, batch):
        table, outcomes = batch.experiments()
        assert len(table) == 24
        assert set(table) == {*batch.parameters, "seed", "scenario", "policy", "model"}
        values = batch.horizon()
        np.testing.assert_array_equal(outcomes["trust"], values["trust"])
        assert table["policy"].tolist() == values["scenario"].tolist()
        again, series = batch.experiments(series=True)
        pd.testing.assert_frame_equal(table, again)
        assert series["trust"].shape == series["TIME"].shape == (24, 2)
        np.testing.assert_array_equal(series["trust"][:, -1], outcomes["trust"])
        assert series["TIME"][0].tolist() == [2027.0, 2028.0]

    def test_archive_of_the_ema_workbench(self, batch, tmp_path):
        """The layout that ``ema_workbench.load_results`` reads (2.4 and later): three kinds of members."""
        place = batch.export(tmp_path / "a.tar.gz", "ema")
        with tarfile.open(place) as archive:
            content = {member.name: archive.extractfile(member).read() for member in archive}
        meta = json.loads(content["metadata.json"])
        table = pd.read_csv(io.BytesIO(content["experiments.csv"]))
        assert list(table) == list(meta["experiments"])
        assert meta["experiments"]["policy"] == "category"
        kinds = {name: (kind, file) for kind, name, file in meta["outcomes"]}
        assert kinds["trust"] == ("ScalarOutcome", "trust.csv")
        trust = read_csv(io.BytesIO(content["trust.csv"]), index_col=False, header=None).to_numpy()
        np.testing.assert_array_equal(trust.ravel(), batch.horizon(["trust"])["trust"])
        assert kinds["trust_series"][0] == "ArrayOutcome"
        assert np.load(io.BytesIO(content["trust_series.npy"])).shape == (24, 2)

    @pytest.mark.parametrize(("form", "name"), [("excel", "a.xls"), ("netcdf", "a.csv"), ("ema", "a.zip")])
    def test_forms_and_names_are_checked(self, batch, tmp_path, form, name):
        with pytest.raises(ScenarioError):
            batch.export(tmp_path / name, form)
        assert list(tmp_path.iterdir()) == []

    def test_a_missing_extra_says_what_to_install(self, batch, monkeypatch, tmp_path):
        monkeypatch.setitem(sys.modules, "duckdb", None)
        monkeypatch.setitem(sys.modules, "xarray", None)
        for work in (lambda: batch.sql("SELECT 1"), batch.to_xarray):
            with pytest.raises(ScenarioError, match=r'pip install "coopsim\[batch\]"'):
                work()
        set_lang("fr")
        with pytest.raises(ScenarioError, match="il manque « xarray »"):
            batch.export(tmp_path / "a.nc", "netcdf")
        assert list(tmp_path.iterdir()) == []


def test_a_plan_of_worlds_alone(tmp_path):
    """No parameters: one point, and everything that does not need some works."""
    path = tmp_path / "plan.toml"
    path.write_text(
        'schema = 1\nname = "worlds"\n[run]\nscenarios = ["trust"]\nreplicates = 3\nyears = 1\n',
        encoding="utf-8",
    )
    worlds = run_batch(path, tmp_path / "out", workers=1)
    assert worlds.complete
    assert len(worlds.summary()) == len(SYSTEM)
    assert len(worlds.paired()) == 0
    table, outcomes = worlds.experiments()
    assert table["seed"].tolist() == [0, 1, 2]
    assert len(outcomes["trust"]) == 3
    assert worlds.export(tmp_path / "tables", "csv").is_dir()
    with pytest.raises(ScenarioError, match="no parameters"):
        worlds.salib_sample("trust")


SOBOL = """schema = 1
name = "sobol"
[run]
scenarios = ["trust", { scenario = "trust", label = "hasty", set = { society.ties.trust_gain = 0.6 } }]
replicates = 2
years = 2
[design]
kind = "saltelli"
points = 8
[[parameter]]
key = "society.ties.violation_base"
distribution = "uniform"
low = 0.0
high = 0.9
[[parameter]]
key = "society.ties.knowledge_start"
distribution = "triangular"
low = 0.1
high = 0.3
mode = 0.2
[record]
what = "horizon"
indicators = ["trust"]
"""


@pytest.fixture(scope="module")
def sobol(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sobol")
    (folder / "plan.toml").write_text(SOBOL, encoding="utf-8")
    return run_batch(folder / "plan.toml", folder / "out", workers=1)


class TestSalib:
    def test_problem_and_sample(self, sobol):
        problem = sobol.salib_problem()
        assert problem["num_vars"] == 2
        assert problem["dists"] == ["unif", "triang"]
        assert problem["bounds"][1] == [0.1, 0.3, pytest.approx(0.5)]
        x, y = sobol.salib_sample("trust")
        assert (x.shape, y.shape) == ((48, 2), (48,))
        gap = sobol.salib_sample("trust", "hasty", against="trust")[1]
        np.testing.assert_allclose(gap, sobol.salib_sample("trust", "hasty")[1] - y)

    def test_salib_analyses_it(self, sobol):
        """Broken promises decide on trust; how well members know each other at the start does not."""
        from SALib.analyze import sobol as analysis

        _, y = sobol.salib_sample("trust")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # SALib 1.5.0 on pandas 2.2
            found = analysis.analyze(sobol.salib_problem(), y, calc_second_order=True, seed=1)
        assert found["ST"][0] > 0.8
        assert abs(found["ST"][1]) < 0.05

    def test_names_are_checked(self, sobol):
        with pytest.raises(ScenarioError) as caught:
            sobol.salib_sample("trust", "hastie")
        assert caught.value.problems[0].nearest == "hasty"

    def test_a_point_without_a_value_is_told(self, sobol, tmp_path):
        shutil.copytree(sobol.folder, tmp_path / "half")
        next(iter(part_files(tmp_path / "half", "runs").values())).unlink()
        next(iter(part_files(tmp_path / "half", "results").values())).unlink()
        with pytest.raises(ScenarioError):
            coopsim.open_batch(tmp_path / "half").salib_sample("trust")
