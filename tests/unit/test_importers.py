"""Importers: national files by their real columns become the tables of a case; what is wrong is told.

Figures: three intercommunalités, see tests/data/SOURCES.md.
"""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from coopsim.cli import app
from coopsim.errors import ScenarioError
from coopsim.importers import SOURCES, import_files
from coopsim.importers.census import crossed, shared
from coopsim.importers.conventions import conventions
from coopsim.run import simulate
from coopsim.scenario import load_scenario, shipped
from coopsim.scenario.case import load_case
from coopsim.world.founding_places import great_circle_km

DATA = Path(__file__).parents[1] / "data" / "national"
LEZ, ORANGE, BELLE_ILE = "200000628", "248400236", "245600465"
EPCI, CENSUS, MOVES = (DATA / f"{name}.csv" for name in ("epcicom", "base_cc_comparateur", "mvtcommune"))
FOREST = [
    DATA / f"{name}.csv"
    for name in ("ign_forest_area_by_epci", "forest_biomass_by_epci", "wood_harvest_by_epci")
]
CLC = DATA / "clc2018_area_by_epci.csv"
COMPANIES = """\
group,size_class,companies,year,source,grade,low,high
AZ,0,100,2020,invented,assumption,80,120
GU,0,1001,2020,invented,assumption,800,1200
GU,1-9,1500,2020,invented,literature,,
"""
RIVERS = f"""\
river,order,territory,name,module_m3s,into
Rhône,1,{LEZ},Lez,1400,
Rhône,2,{ORANGE},Orange,1450,
Lez,1,{LEZ},Lez,4,Rhône:{ORANGE}
"""
DEPARTEMENTS = """\
departement,runoff_m3s_per_km2,regime,irrigated_share_of_farmland
84,0.008,mediterranean,0.2
56,0.012,mediterranean,0.02
"""
FILLS = """\
[[fill]]
column = "cfe_rate_pct"
value = 26.5
unit = "%"
low = "20"
high = "34"
why = "national mean"

[[fill]]
column = "budget_keur_per_head"
value = 1.0
why = "national mean"

[[fill]]
column = "debt_share"
value = 0.6
why = "order of magnitude"
"""


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of(folder: Path, code: str) -> dict[str, str]:
    return next(row for row in rows(folder, "territories") if row["code"] == code)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def spoilt(source: Path, into: Path, old: str, new: str) -> Path:
    """Return a copy of a file with one change."""
    text = source.read_text(encoding="utf-8")
    assert old in text
    return written(into / source.name, text.replace(old, new, 1))


def refused(
    source: str, files: list[Path], into: Path, options: dict[str, str] | None = None
) -> ScenarioError:
    before = {path: path.read_bytes() for path in into.glob("*")} if into.exists() else {}
    with pytest.raises(ScenarioError) as caught:
        import_files(source, files, into, options)
    after = {path: path.read_bytes() for path in into.glob("*")} if into.exists() else {}
    assert after == before, "a refused import writes nothing"
    return caught.value


@pytest.fixture
def started(tmp_path) -> Path:
    """A case with territories and their census."""
    folder = tmp_path / "case"
    import_files("epci", [EPCI], folder)
    import_files("comparateur", [CENSUS, EPCI], folder)
    return folder


@pytest.fixture
def whole(started, tmp_path) -> Path:
    """A case that every importer has written to."""
    france = shipped("cases", "france")
    (started / "sectors.csv").write_bytes((france / "sectors.csv").read_bytes())
    import_files("outlines", [DATA / "communes.geojson", EPCI], started)
    fills = written(tmp_path / "fills.toml", FILLS)
    import_files("assumptions", [fills, france / "recipe" / "sectors.toml"], started)
    import_files("companies", [written(tmp_path / "companies.csv", COMPANIES)], started)
    import_files("forest", FOREST, started)
    import_files("corine", [CLC], started)
    water = [written(tmp_path / "departements.csv", DEPARTEMENTS), written(tmp_path / "rivers.csv", RIVERS)]
    import_files("water", [*water, france / "recipe" / "regimes.csv", CLC], started)
    return started


def test_a_case_made_of_imports_alone_is_sound_and_runs(whole):
    case = load_case(whole)
    assert sorted(case.territories["code"]) == sorted([LEZ, ORANGE, BELLE_ILE])
    run = simulate(
        load_scenario({"name": "three", "case": {"name": str(whole)}, "extends": ["status-quo"]}), years=1
    )
    assert np.isfinite(run.territories.select_dtypes("number").to_numpy()).all()
    assert not list(whole.glob(".import-*"))


class TestPerimeters:
    def test_population_and_communes_are_those_of_the_list(self, started):
        row = of(started, LEZ)
        assert (row["population"], row["commune_count"], row["tax_regime"]) == ("24385", "5", "FPU")
        assert float(row["largest_commune_share"]) == pytest.approx(13871 / 24385, abs=1e-4)
        assert row["departement"] == "84"

    def test_other_authorities_are_left_out_and_told(self, tmp_path):
        file = spoilt(EPCI, tmp_path, "CC de Belle Ile en Mer;CC;", "CC de Belle Ile en Mer;MET69;")
        file.write_text(
            file.read_text("utf-8").replace("Belle Ile en Mer;CC;", "Belle Ile en Mer;MET69;"), "utf-8"
        )
        done = import_files("epci", [file], tmp_path / "case")
        assert [row["code"] for row in rows(tmp_path / "case", "territories")] == [LEZ, ORANGE]
        assert "MET69" in str(done.remarks[0])
        import_files("epci", [file], tmp_path / "all", {"natures": "CC,MET69"})
        assert len(rows(tmp_path / "all", "territories")) == 3

    def test_the_json_of_etalab_says_the_same(self, tmp_path):
        data = [
            {
                "code": LEZ, "nom": "CC Rhône Lez Provence", "type": "CC", "modeFinancement": "FPU",
                "populationTotale": 24753, "populationMunicipale": 24385,
                "membres": [{"code": "84019", "siren": "1", "nom": "Bollène", "populationMunicipale": 13871},
                            {"code": "84064", "siren": "2", "nom": "Lapalud", "populationMunicipale": 3831}],
            }
        ]  # fmt: skip
        import_files("epci", [written(tmp_path / "epci.json", json.dumps(data))], tmp_path / "case")
        row = of(tmp_path / "case", LEZ)
        assert row["population"] == "24385"
        assert float(row["largest_commune_share"]) == pytest.approx(13871 / (13871 + 3831), abs=1e-4)

    def test_latin_1_is_refused_unless_it_is_asked_for(self, tmp_path):
        file = tmp_path / "epcicom.csv"
        file.write_bytes(EPCI.read_text("utf-8").encode("latin-1"))
        error = refused("epci", [file], tmp_path / "case")
        assert "--encoding latin-1" in str(error)
        assert not (tmp_path / "case").exists()
        import_files("epci", [file], tmp_path / "case", encoding="latin-1")
        assert of(tmp_path / "case", LEZ)["name"] == "CC Rhône Lez Provence"


class TestCensus:
    def test_sums_of_communes(self, started):
        row = of(started, LEZ)
        assert float(row["area_ha"]) == 15010
        assert float(row["jobs"]) == pytest.approx(7619.5, abs=1)
        assert float(row["vacant_dwellings"]) == pytest.approx(1040.6 + 177.6 + 186 + 113.6 + 22, abs=1)
        growth = math.log((13509 + 396 + 3817 + 3754 + 2420) / (13776 + 399 + 3913 + 3745 + 2374)) / 5
        assert float(row["natural_growth_per_yr"]) + float(row["net_migration_per_yr"]) == pytest.approx(
            growth, abs=2e-5
        )

    def test_employers_keep_both_margins(self, started):
        cells = [row for row in rows(started, "establishments") if row["territory"] == LEZ]
        group, size = {}, {}
        for row in cells:
            group[row["group"]] = group.get(row["group"], 0) + int(row["establishments"])
            size[row["size_class"]] = size.get(row["size_class"], 0) + int(row["establishments"])
        assert group == {"AZ": 53, "BE": 58, "FZ": 103, "GU": 444, "OQ": 69}
        assert size == {"0": 66, "1-9": 542, "10+": 119}

    def test_districts_of_marseille_do_not_count_twice(self, tmp_path, started):
        line = CENSUS.read_text("utf-8").splitlines()[1]
        both = line.replace("56009;", "13055;", 1) + "\n" + line.replace("56009;", "13201;", 1)
        census = written(tmp_path / "c.csv", CENSUS.read_text("utf-8") + both + "\n")
        members = written(
            tmp_path / "m.csv",
            EPCI.read_text("utf-8")
            + "".join(
                f"84;{LEZ};CC Rhône Lez Provence;CC;FPU;5;24753;24385;84;{commune};1;M;1;1\n"
                for commune in ("13055", "13201")
            ),
        )
        import_files("comparateur", [census, members], started)
        assert float(of(started, LEZ)["area_ha"]) == pytest.approx(15010 + 2550)

    def test_a_merged_commune_counts_where_it_is_today(self, tmp_path, started):
        census = spoilt(CENSUS, tmp_path, "84063;", "02077;")
        members = written(tmp_path / "m.csv", EPCI.read_text("utf-8").replace(";84063;", ";02564;"))
        without = import_files("comparateur", [census, members], started)
        assert any("02077" in str(remark) for remark in without.remarks)
        import_files("comparateur", [census, members, MOVES], started)
        assert float(of(started, LEZ)["area_ha"]) == 15010

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("P18_EMPLT_SAL", "P18_EMPLOIS", "did you mean"),
            ("CODGEO;", "CODE;", "did you mean"),
            ("PIMP19", "IMPOTS", "unknown column"),
            ("84019;13509", "84063;13509", "given twice"),
            ("84019;13509;13776;54.0", "84019;13509;13776;540000", "is the unit right"),
            ("84019;13509", "84019;beaucoup", "a number is expected"),
            ("84019;13509;", "84019;", "cells instead of"),
            (";494;15;37;66;329;", ";9494;15;37;66;329;", "the total"),
        ],
    )
    def test_what_is_wrong_is_told(self, tmp_path, started, old, new, told):
        assert told in str(refused("comparateur", [spoilt(CENSUS, tmp_path, old, new), EPCI], started))

    def test_a_territory_without_a_commune_is_refused(self, tmp_path, started):
        members = written(
            tmp_path / "m.csv",
            "\n".join(x for x in EPCI.read_text("utf-8").splitlines() if BELLE_ILE not in x),
        )
        assert BELLE_ILE in str(refused("comparateur", [CENSUS, members], started))

    def test_communes_on_demand(self, started):
        import_files("comparateur", [CENSUS, EPCI], started, {"communes": "yes"})
        found = rows(started, "communes")
        assert len(found) == 14
        assert sum(float(row["jobs"]) for row in found if row["territory"] == LEZ) == pytest.approx(7619.5)

    def test_a_comma_is_a_decimal_mark_where_columns_are_separated_by_semicolons(self, tmp_path, started):
        import_files("comparateur", [spoilt(CENSUS, tmp_path, ";54.0;", ";54,0;"), EPCI], started)
        assert float(of(started, LEZ)["area_ha"]) == 15010


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=6),
    st.lists(st.integers(0, 900), min_size=1, max_size=4),
)
def test_crossed_cells_keep_the_margins(by_row, by_column):
    cells = crossed(np.array(by_row, float), np.array(by_column, float))
    assert (cells >= 0).all()
    if sum(by_column):
        assert cells.sum(axis=1).tolist() == by_row
        assert cells.sum(axis=0).tolist() == shared(sum(by_row), np.array(by_column, float)).tolist()


class TestCompanies:
    def test_totals_are_those_of_the_country_and_follow_own_account_work(self, whole, tmp_path):
        cells = rows(whole, "establishments")

        def total(group, size, code=None):
            return sum(
                int(r["establishments"])
                for r in cells
                if (r["group"], r["size_class"]) == (group, size) and code in {None, r["territory"]}
            )

        import_files("epci", [EPCI], tmp_path / "before")
        import_files("comparateur", [CENSUS, EPCI], tmp_path / "before")
        before = sum(
            int(row["establishments"])
            for row in rows(tmp_path / "before", "establishments")
            if (row["group"], row["size_class"]) == ("BE", "1-9")
        )
        assert (total("AZ", "0"), total("GU", "0"), total("GU", "1-9")) == (100, 1001, 1500)
        assert total("BE", "1-9") == before > 0  # what the table does not name stays as it was
        own = {
            code: float(of(whole, code)["jobs"]) - float(of(whole, code)["salaried_jobs"])
            for code in (LEZ, ORANGE)
        }
        assert own[ORANGE] > own[LEZ]
        assert total("GU", "0", ORANGE) > total("GU", "0", LEZ)

    def test_unknown_groups_and_columns_are_refused(self, tmp_path, started):
        bad = written(tmp_path / "c.csv", COMPANIES.replace("GU,0", "GX,0"))
        assert "did you mean" in str(refused("companies", [bad], started))
        bad = written(tmp_path / "c.csv", COMPANIES.replace(",grade", ",grad"))
        assert "grade" in str(refused("companies", [bad], started))

    def test_jobs_are_needed_first(self, tmp_path):
        import_files("epci", [EPCI], tmp_path / "case")
        error = refused("companies", [written(tmp_path / "c.csv", COMPANIES)], tmp_path / "case")
        assert "jobs" in str(error)


class TestForest:
    def test_area_and_volume_are_those_of_the_inventory(self, whole):
        wood = [row for row in rows(whole, "forest") if row["territory"] == LEZ]
        assert sum(float(row["area_ha"]) for row in wood) == pytest.approx(4034.2, abs=1)
        volume = 79.512 * 1373.4 + 52.9959 * (1401.5 + 11.4) + 64.0008 * 1221.6
        scale = 4034.2 / (1401.5 + 1373.4 + 1221.6 + 11.4)
        assert sum(float(row["volume_m3"]) for row in wood) == pytest.approx(scale * volume, rel=1e-4)

    def test_no_stand_starts_above_its_net_growth(self, whole):
        for row in rows(whole, "forest"):
            v, k = float(row["volume_m3"]), float(row["capacity_m3"])
            growth = float(row["growth_rate_per_yr"]) * v * (1 - v / k)
            assert float(row["harvest_low"]) <= float(row["harvest_m3_per_yr"]) <= float(row["harvest_high"])
            assert (
                float(row["harvest_m3_per_yr"]) < growth * 3
            )  # public and large owners offer more than the mean
        by = {}
        for row in rows(whole, "forest"):
            v, k = float(row["volume_m3"]), float(row["capacity_m3"])
            both = by.setdefault((row["territory"], row["group"]), [0.0, 0.0])
            both[0] += float(row["harvest_m3_per_yr"])
            both[1] += float(row["growth_rate_per_yr"]) * v * (1 - v / k)
        assert all(cut <= 0.931 * grown for cut, grown in by.values())

    def test_rows_given_twice_are_added_up_by_area(self, tmp_path, started):
        extra = (
            f"{LEZ},15047.1,Feuillu,2803.0,100.0,37.7067,3.0,0.5,0.5,0.2045,0.9636,0.6691,-3438.6,-2.5,0.7\n"
        )
        biomass = written(tmp_path / "b.csv", FOREST[1].read_text("utf-8") + extra)
        done = import_files("forest", [FOREST[0], biomass], started)
        assert any("twice" in str(remark) for remark in done.remarks)
        wood = [
            row for row in rows(started, "forest") if row["territory"] == LEZ and row["group"] == "broadleaf"
        ]
        mean = (1401.5 * 52.9959 + 2803.0 * 100.0) / (1401.5 + 2803.0)
        scale = 4034.2 / (1401.5 + 1373.4 + 1221.6 + 11.4)
        expected = scale * (mean * (1401.5 + 11.4) + 64.0008 * 0.5 * 1221.6)
        assert sum(float(row["volume_m3"]) for row in wood) == pytest.approx(expected, rel=1e-4)

    def test_predecessors_lend_their_share(self, tmp_path, started):
        old = [spoilt(path, tmp_path, ORANGE, "111111111") for path in FOREST]
        for path in old:
            path.write_text(path.read_text("utf-8").replace(ORANGE, "111111111"), "utf-8")
        table = "territory,predecessor,share_of_predecessor\n" + f"{ORANGE},111111111,0.5\n"
        done = import_files("forest", [*old, written(tmp_path / "p.csv", table)], started)
        assert not any("without forest" in str(remark) for remark in done.remarks)
        area = sum(float(row["area_ha"]) for row in rows(started, "forest") if row["territory"] == ORANGE)
        assert area == pytest.approx(0.5 * 1650.1, abs=1)

    def test_an_inventory_in_another_unit_is_refused(self, tmp_path, started):
        bad = spoilt(FOREST[1], tmp_path, "1401.5,52.9959", "1401.5,52995.9")
        assert "is the unit right" in str(refused("forest", [FOREST[0], bad], started))


class TestLandCover:
    def test_uses_fit_in_the_area_and_hold_what_corine_shows(self, whole):
        for row in rows(whole, "territories"):
            uses = [
                float(row[name])
                for name in (
                    "housing_land_ha",
                    "economic_land_ha",
                    "economic_vacant_ha",
                    "brownfield_ha",
                    "other_artificial_ha",
                    "protected_ha",
                )
            ]
            assert sum(uses) < float(row["area_ha"])
        assert float(of(whole, LEZ)["housing_land_ha"]) >= 29.0815 + 1197.7216 - 0.1

    def test_conventions_may_be_replaced_inside_their_range(self, whole):
        before = float(of(whole, BELLE_ILE)["protected_ha"])
        import_files("corine", [CLC], whole, {"protected_share": "0.1"})
        assert float(of(whole, BELLE_ILE)["protected_ha"]) == pytest.approx(before * 0.1 / 0.02, rel=1e-3)
        error = refused("corine", [CLC], whole, {"protected_share": "0.9"})
        assert "out of its range" in str(error)
        note = next(row for row in rows(whole, "sources") if row["column"] == "protected_ha")
        assert (note["grade"], note["low"], note["high"]) == ("assumption", "0.005", "0.1")
        assert "0.1" in note["source"]

    def test_every_convention_is_inside_its_own_range_and_used(self):
        used = {name for source in SOURCES.values() for name in source.conventions}
        assert used == set(conventions())
        for one in conventions().values():
            assert one.low <= one.value <= one.high
            assert one.source


class TestOutlines:
    def test_centres_contiguity_and_roads(self, whole):
        lez, orange, island = (of(whole, code) for code in (LEZ, ORANGE, BELLE_ILE))
        assert (float(lez["lon"]), float(lez["lat"])) == pytest.approx((4.825, 44.325), abs=1e-3)
        links = rows(whole, "links")
        assert len(links) == 3  # every pair of a small case
        links = [row for row in links if row["adjacent"] == "1"]
        assert [{row["from"], row["to"]} for row in links] == [{LEZ, ORANGE}]
        km = 1.35 * great_circle_km(*(float(x[c]) for x in (lez, orange) for c in ("lon", "lat")))
        assert float(links[0]["road_km"]) == pytest.approx(float(km), abs=0.06)
        assert float(links[0]["minutes"]) == pytest.approx(float(km) * 60 / 55, abs=0.2)
        assert float(island["lon"]) < 0

    def test_a_territory_without_an_outline_is_refused(self, tmp_path, started):
        data = json.loads((DATA / "communes.geojson").read_text("utf-8"))
        data["features"] = [f for f in data["features"] if not f["properties"]["code"].startswith("56")]
        file = written(tmp_path / "map.geojson", json.dumps(data))
        assert BELLE_ILE in str(refused("outlines", [file, EPCI], started))

    def test_great_circle(self):
        assert float(great_circle_km(0, 0, 90, 0)) == pytest.approx(math.pi / 2 * 6371)
        assert float(great_circle_km(2.35, 48.85, 4.83, 45.76)) == pytest.approx(392, abs=3)  # Paris to Lyon


class TestWater:
    def test_chains_of_reaches_end_where_they_should_and_intakes_sum_to_one(self, whole):
        nodes = {row["node"]: row for row in rows(whole, "water_nodes")}
        assert nodes["RHÔNE_1"]["downstream"] == nodes["LEZ_1"]["downstream"] == "RHÔNE_2"
        assert nodes["RHÔNE_2"]["downstream"] == ""
        assert float(nodes["RHÔNE_1"]["boundary_module_m3s"]) == 1400
        assert float(nodes["RHÔNE_2"]["local_module_m3s"]) == pytest.approx(1450 - 1404)
        for code in (LEZ, ORANGE, BELLE_ILE):
            assert sum(
                float(n["intake_share"]) for n in nodes.values() if n["territory"] == code
            ) == pytest.approx(1)
        assert float(nodes[f"N{LEZ}"]["local_module_m3s"]) == pytest.approx(0.008 * 150.1, rel=1e-3)

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            (f"2,{ORANGE}", "2,248400999", "no territory"),
            (f"Rhône:{ORANGE}", "Rhône:56", "confluence"),
            ("1400", "140000", "unit"),
        ],
    )
    def test_a_river_that_leads_nowhere_is_refused(self, tmp_path, whole, old, new, told):
        files = [
            written(tmp_path / "d.csv", DEPARTEMENTS),
            written(tmp_path / "r.csv", RIVERS.replace(old, new, 1)),
        ]
        error = refused("water", [*files, shipped("cases", "france", "recipe", "regimes.csv"), CLC], whole)
        assert told in str(error)


class TestAssumptions:
    def test_only_blanks_and_only_some(self, tmp_path, started):
        text = f"""
[[fill]]
column = "cfe_rate_pct"
value = 20.0
territories = ["{LEZ}"]
why = "one place"

[[fill]]
column = "cfe_rate_pct"
value = 26.5
blanks_only = true
why = "the others"

[[fill]]
column = "jobs"
of = "population"
value = 0.5
blanks_only = true
why = "none is blank"
"""
        before = of(started, LEZ)["jobs"]
        import_files("assumptions", [written(tmp_path / "f.toml", text)], started)
        assert [of(started, code)["cfe_rate_pct"] for code in (LEZ, ORANGE)] == ["20", "26.5"]
        assert of(started, LEZ)["jobs"] == before
        scopes = {
            row["scope"]: row["source"] for row in rows(started, "sources") if row["column"] == "cfe_rate_pct"
        }
        assert scopes[LEZ] == "one place"
        assert scopes[f"{BELLE_ILE};{ORANGE}"] == "the others"
        jobs = [row for row in rows(started, "sources") if row["column"] == "jobs"]
        assert [row["grade"] for row in jobs] == ["measured"]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ('[[fill]]\ncolumn = "cfe_rate"\nvalue = 1.0\nwhy = "none"', "did you mean 'cfe_rate_pct'"),
            ('[[fill]]\ncolumn = "cfe_rate_pct"\nvalu = 1.0\nwhy = "none"', "did you mean 'value'"),
            ('[[fill]]\ncolumn = "cfe_rate_pct"\nvalue = 1.0', "why"),
            (
                '[[cite]]\ntable = "sectors"\ncolumns = ["public"]\nsource = "none"\ngrade = "sure"',
                "measured",
            ),
        ],
    )
    def test_mistakes_are_told(self, tmp_path, started, text, told):
        error = refused("assumptions", [written(tmp_path / "f.toml", text)], started)
        assert told in str(error) or told in " ".join(
            problem.nearest + problem.key for problem in error.problems
        )


class TestExtract:
    def test_a_territory_and_its_neighbours_make_a_case(self, whole, tmp_path):
        done = import_files("extract", [whole], tmp_path / "part", {"territories": LEZ, "rings": "1"})
        case = load_case(tmp_path / "part")
        assert set(case.territories["code"]) == {LEZ, ORANGE}
        assert done.rows["territories"] == 2
        alone = tmp_path / "alone"
        import_files("extract", [whole], alone, {"departements": "56;84"})
        assert len(load_case(alone).links) == 3  # every pair of a small case

    def test_rivers_are_cut_at_the_border(self, whole, tmp_path):
        import_files("extract", [whole], tmp_path / "part", {"territories": LEZ})
        nodes = rows(tmp_path / "part", "water_nodes")
        assert nodes
        assert all(row["downstream"] == "" for row in nodes)

    def test_an_unknown_territory_is_told(self, whole, tmp_path):
        error = refused("extract", [whole], tmp_path / "part", {"territories": "CC Rhône Lez Provance"})
        assert "CC Rhône Lez Provence" in str(error)


class TestFolder:
    def test_a_second_import_keeps_what_it_does_not_know(self, whole):
        before = of(whole, LEZ)
        import_files("epci", [EPCI], whole)
        assert of(whole, LEZ) == before

    def test_sources_are_written_once_a_column(self, whole):
        import_files("comparateur", [CENSUS, EPCI], whole)
        import_files("comparateur", [CENSUS, EPCI], whole)
        notes = [(row["table"], row["column"], row["scope"]) for row in rows(whole, "sources")]
        assert len(notes) == len(set(notes))

    def test_what_an_import_knows_nothing_of_keeps_its_source(self, started, tmp_path):
        """A new census without one territory leaves the assumption made for it, and the note about it."""
        text = f"""
[[fill]]
column = "jobs"
value = 1234
territories = ["{BELLE_ILE}"]
why = "no figure of the island"
"""
        import_files("assumptions", [written(tmp_path / "f.toml", text.replace("1234", "1234.0"))], started)
        island = [line for line in CENSUS.read_text("utf-8").splitlines() if not line.startswith("56")]
        import_files("comparateur", [written(tmp_path / "c.csv", "\n".join(island)), EPCI], started)
        assert of(started, BELLE_ILE)["jobs"] == "1234"
        notes = {row["scope"]: row["grade"] for row in rows(started, "sources") if row["column"] == "jobs"}
        assert notes == {"*": "measured", BELLE_ILE: "assumption"}
        import_files("comparateur", [CENSUS, EPCI], started)
        notes = {row["scope"]: row["grade"] for row in rows(started, "sources") if row["column"] == "jobs"}
        assert notes == {"*": "measured"}

    def test_a_table_with_a_foreign_column_is_refused(self, started):
        text = (started / "territories.csv").read_text("utf-8").replace("population", "populations", 1)
        (started / "territories.csv").write_text(text, "utf-8")
        assert "did you mean 'population'" in str(refused("comparateur", [CENSUS, EPCI], started))

    def test_territories_come_first(self, tmp_path):
        assert "coopsim import epci" in str(refused("forest", FOREST, tmp_path / "nothing"))

    def test_unknown_sources_and_options_are_told(self, tmp_path):
        assert "did you mean 'corine'" in str(refused("corin", [CLC], tmp_path / "x"))
        assert "did you mean 'natures'" in str(refused("epci", [EPCI], tmp_path / "x", {"nature": "CC"}))

    @pytest.mark.parametrize("source", ["corine", "water", "companies"])
    def test_what_comes_too_early_is_told(self, tmp_path, source):
        import_files("epci", [EPCI], tmp_path / "case")
        files = {
            "corine": [CLC],
            "companies": [written(tmp_path / "c.csv", COMPANIES)],
            "water": [
                written(tmp_path / "d.csv", DEPARTEMENTS),
                written(tmp_path / "r.csv", RIVERS),
                shipped("cases", "france", "recipe", "regimes.csv"),
                CLC,
            ],
        }
        assert "import first" in str(refused(source, files[source], tmp_path / "case"))

    def test_a_file_of_another_kind_is_told(self, tmp_path):
        error = refused("epci", [FOREST[0]], tmp_path / "x")
        assert "epci" in str(error).lower()


class TestCommand:
    @staticmethod
    def run(*words):
        return CliRunner().invoke(app, ["import", *map(str, words)], env={"LC_ALL": "C", "COLUMNS": "200"})

    def test_without_a_source_it_lists_them(self):
        assert {row["source"] for row in json.loads(self.run("--json").stdout)} == set(SOURCES)
        told = self.run().stdout
        assert all(name in told for name in SOURCES)

    def test_help_names_every_source(self):
        told = self.run("--help").stdout
        assert all(name in told for name in SOURCES)

    def test_it_writes_and_tells(self, tmp_path):
        done = self.run("epci", EPCI, "--into", tmp_path / "case", "--set", "natures=CC,CA")
        assert done.exit_code == 0, done.stderr
        assert "territories: 3 rows" in done.stdout
        done = self.run("comparateur", CENSUS, EPCI, "--into", tmp_path / "case", "--json")
        assert json.loads(done.stdout)["rows"]["establishments"] > 20
        done = self.run(
            "extract", tmp_path / "case", "--into", tmp_path / "part", "--set", f"territories={LEZ}"
        )
        assert done.exit_code == 0, done.stderr
        assert [row["code"] for row in rows(tmp_path / "part", "territories")] == [LEZ]

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("epcis", EPCI, "--into", "CASE"), "epci"),
            (("epci", EPCI), "--into"),
            (("epci", "--into", "CASE"), "epcicom"),
            (("epci", "nowhere.csv", "--into", "CASE"), "nowhere.csv"),
            (("epci", EPCI, "--into", "CASE", "--set", "natures"), "key=value"),
            (("epci", EPCI, "--into", "CASE", "--encoding", "utf-99"), "encoding"),
        ],
    )
    def test_mistakes_exit_2_and_write_nothing(self, tmp_path, monkeypatch, words, told):
        monkeypatch.chdir(tmp_path)
        done = self.run(*words)
        assert done.exit_code == 2
        assert told in done.stderr
        assert not (tmp_path / "CASE").exists()
