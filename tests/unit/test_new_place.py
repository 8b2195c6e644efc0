"""``coopsim new`` and what fills its case: figures of one's own, tables of another case, water from upstream."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coopsim.cli import app
from coopsim.errors import ScenarioError
from coopsim.importers import beginning, import_files
from coopsim.importers.beginning import begin
from coopsim.scenario import load_scenario
from coopsim.scenario.case import load_case
from tests.system.invariants import live

FIGEAC, CAUVALDOR, CAHORS, VIGNOBLE = "200067361", "200066371", "200023737", "244600433"
HEAD = "table,column,code,value,unit,year,source,grade,low,high,note"


def rows(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def told(folder, column, table="territories.csv"):
    return {r["scope"]: r for r in rows(folder, "sources") if r["table"] == table and r["column"] == column}


def cell(folder, code, column):
    return next(r[column] for r in rows(folder, "territories") if r["code"] == code)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "Chez nous"
    begin(folder, {"territories": f"{FIGEAC};{CAUVALDOR}"}, title="Chez nous")
    return folder


@pytest.fixture
def case(tmp_path):
    folder = tmp_path / "case"
    import_files("extract", [Path("figeac")], folder, {"territories": f"{FIGEAC};{CAUVALDOR}"})
    return folder


def figures(folder, *lines, head=HEAD):
    path = folder.parent / "mine.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


class TestNew:
    def test_the_case_is_sound_and_its_scenarios_run(self, made):
        assert load_case(made / "case").title.fr == "Chez nous"
        for preset in ("status-quo", "attractiveness", "cooperation"):
            scenario = load_scenario(made / f"chez-nous-{preset}.toml")
            assert scenario.title.fr.startswith("Chez nous : ")
            assert scenario.question.en
        live(load_scenario(made / "chez-nous-cooperation.toml").but({"horizon.years": 2}), seed=3, ticks=8)

    def test_what_was_fitted_to_the_case_of_origin_holds(self, made):
        national = load_scenario("france-status-quo").document()["economy"]["companies"]
        ours = load_scenario(made / "chez-nous-cooperation.toml").document()["economy"]["companies"]
        assert ours["entry_per_inhabitant_yr"] == national["entry_per_inhabitant_yr"]
        people = rows(made / "case", "territories")
        share = sum(float(r["unemployed"]) for r in people) / sum(float(r["active"]) for r in people)
        assert ours["unemployment_reference"] == pytest.approx(share, abs=1e-4)

    def test_the_sheet_lists_what_is_assumed_and_nothing_measured(self, made):
        with (made / "figures.csv").open(encoding="utf-8-sig", newline="") as file:
            sheet = list(csv.DictReader(file, delimiter=";"))
        columns = {row["column"] for row in sheet}
        assert "cfe_rate_pct" in columns
        assert "population" not in columns
        assert {row["code"] for row in sheet} == {FIGEAC, CAUVALDOR}
        assert not any(row["value"] for row in sheet)

    def test_a_sheet_filled_in_goes_back_into_the_case(self, made, tmp_path):
        text = (made / "figures.csv").read_text(encoding="utf-8-sig")
        first = next(line for line in text.splitlines() if f"cfe_rate_pct;{CAUVALDOR}" in line)
        done = first.split(";")
        done[6], done[9], done[10] = "27,36", "budget 2023", "literature"
        sheet = tmp_path / "figures.csv"
        sheet.write_text(text.replace(first, ";".join(done)), encoding="utf-8-sig")
        folder = tmp_path / "case"
        import_files("extract", [made / "case"], folder, {"territories": f"{FIGEAC};{CAUVALDOR}"})
        import_files("figures", [sheet], folder)
        assert cell(folder, CAUVALDOR, "cfe_rate_pct") == "27.36"
        assert cell(folder, FIGEAC, "cfe_rate_pct") == "26.5"
        assert told(folder, "cfe_rate_pct")[CAUVALDOR]["source"] == "budget 2023"

    def test_a_folder_in_use_is_left_alone(self, tmp_path):
        (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
        with pytest.raises(ScenarioError, match=r"existe déjà|exists already"):
            begin(tmp_path, {"territories": FIGEAC})
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

    @pytest.mark.parametrize(
        "wrong", [{"territories": "20006736"}, {}, {"territories": FIGEAC, "rings": "many"}]
    )
    def test_a_refusal_leaves_nothing_behind(self, wrong, tmp_path):
        with pytest.raises(ScenarioError):
            begin(tmp_path / "deep" / "place", wrong)
        assert list(tmp_path.iterdir()) == []

    def test_ctrl_c_leaves_nothing_behind(self, tmp_path, monkeypatch):
        def stopped(_rows):
            raise KeyboardInterrupt

        monkeypatch.setattr(beginning, "_sheet", stopped)
        monkeypatch.chdir(tmp_path)
        done = CliRunner().invoke(app, ["new", "place", "--territories", FIGEAC, "--lang", "fr"])
        assert done.exit_code == 3
        assert "rien n'a été écrit" in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_the_command_says_what_to_do_next(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        done = CliRunner().invoke(app, ["new", "place", "--territories", FIGEAC, "--lang", "fr"])
        assert done.exit_code == 0
        assert "coopsim validate place/case" in done.stdout.replace("\\", "/")
        assert "CC Grand-Figeac" in done.stdout


class TestFigures:
    def test_a_figure_replaces_a_cell_and_its_source(self, case):
        before = told(case, "budget_keur_per_head")
        assert CAUVALDOR in before
        path = figures(
            case, f"territories,budget_keur_per_head,{CAUVALDOR},1.1,k€/inhabitant,2024,accounts,measured,,,"
        )
        done = import_files("figures", [path], case)
        assert cell(case, CAUVALDOR, "budget_keur_per_head") == "1.1"
        assert told(case, "budget_keur_per_head")[CAUVALDOR]["grade"] == "measured"
        assert told(case, "budget_keur_per_head")[FIGEAC] == before[FIGEAC]
        assert done.rows["territories"] == 1
        load_case(case)

    def test_everyone_s_figure_takes_the_place_of_all_older_sources(self, case):
        lines = [f",debt_share,{code},0.5,,2024,accounts,measured,,," for code in (FIGEAC, CAUVALDOR)]
        import_files("figures", [figures(case, *lines)], case)
        assert list(told(case, "debt_share")) == ["*"]
        assert told(case, "debt_share")["*"]["source"] == "accounts"

    def test_a_figure_of_one_leaves_the_scope_of_the_others(self, case):
        old = "dgf_population"
        assert list(told(case, old)) == [f"{FIGEAC};{CAUVALDOR}"]
        import_files("figures", [figures(case, f",{old},{FIGEAC},50000,,2026,grant,measured,,,")], case)
        assert set(told(case, old)) == {FIGEAC, CAUVALDOR}

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (f"territories,cfe_rate,{FIGEAC},26,,,x,measured,,,", "cfe_rate_pct"),
            ("territories,cfe_rate_pct,200067362,26,,,x,measured,,,", FIGEAC),
            (f"territory,cfe_rate_pct,{FIGEAC},26,,,x,measured,,,", "territories"),
            (f"territories,cfe_rate_pct,{FIGEAC},26000,,,x,measured,,,", "0 – 1000 %"),
            (f"territories,cfe_rate_pct,{FIGEAC},many,,,x,measured,,,", "'many'"),
            (f"territories,tax_regime,{FIGEAC},FPUU,,,x,measured,,,", "FPU, FA, FPZ"),
            (f"territories,cfe_rate_pct,{FIGEAC},26,,,,measured,,,", "without a source"),
            (f"territories,cfe_rate_pct,{FIGEAC},26,,,x,mesure,,,", "measured"),
            (f"territories,code,{FIGEAC},26,,,x,measured,,,", "code"),
            (f"territories,cfe_rate_pct,{FIGEAC},,,,,,,,", "no row has a value"),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_written(self, case, line, said):
        before = {path: path.read_bytes() for path in case.iterdir()}
        with pytest.raises(ScenarioError) as caught:
            import_files("figures", [figures(case, line)], case)
        assert said in str(caught.value)
        assert "mine.csv" in str(caught.value)
        assert {path: path.read_bytes() for path in case.iterdir()} == before


class TestTablesOfAnotherCase:
    def test_only_the_tables_and_territories_asked_for_change(self, tmp_path):
        folder = tmp_path / "case"
        import_files("extract", [Path("france")], folder, {"territories": f"{CAHORS};{VIGNOBLE}"})
        water, forest = rows(folder, "water_nodes"), rows(folder, "forest")
        import_files("extract", [Path("figeac")], folder, {"territories": CAHORS, "tables": "forest;sectors"})
        assert rows(folder, "water_nodes") == water
        ours = {
            code: [r for r in rows(folder, "forest") if r["territory"] == code] for code in (CAHORS, VIGNOBLE)
        }
        assert ours[VIGNOBLE] == [row for row in forest if row["territory"] == VIGNOBLE]
        assert ours[CAHORS] != [row for row in forest if row["territory"] == CAHORS]
        assert set(told(folder, "volume_m3", "forest.csv")) == {CAHORS, VIGNOBLE}
        load_case(folder)

    def test_sources_about_nobody_here_do_not_come_along(self, case):
        here = {row["code"] for row in rows(case, "territories")}
        strangers = {CAHORS, VIGNOBLE, "200066678"}
        for row in rows(case, "sources"):
            assert not strangers & set(row["scope"].split(";")), row
        assert here == {FIGEAC, CAUVALDOR}

    def test_a_table_that_is_not_taken_alone_is_refused(self, tmp_path):
        with pytest.raises(ScenarioError, match="links"):
            import_files(
                "extract", [Path("figeac")], tmp_path / "c", {"territories": CAHORS, "tables": "links"}
            )

    def test_water_of_territories_left_out_upstream_still_arrives(self, tmp_path):
        folder = tmp_path / "case"
        import_files("extract", [Path("figeac")], folder, {"territories": f"{CAHORS};{VIGNOBLE}"})
        whole = {r["node"]: r for r in rows(load_case("figeac").folder, "water_nodes")}
        above = {"LOT_CAHORS"}
        while True:  # every node whose water passes at Cahors
            more = above | {n for n, r in whole.items() if r["downstream"] in above}
            if more == above:
                break
            above = more
        flow = sum(
            float(whole[n]["local_module_m3s"]) + float(whole[n]["boundary_module_m3s"]) for n in above
        )
        ours = next(r for r in rows(folder, "water_nodes") if r["node"] == "LOT_CAHORS")
        assert float(ours["local_module_m3s"]) + float(ours["boundary_module_m3s"]) == pytest.approx(flow)
        assert told(folder, "boundary_module_m3s", "water_nodes.csv")["LOT_CAHORS"]["grade"] == "assumption"
