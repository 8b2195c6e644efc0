"""Reading a case: types, blanks, and what a table without a file becomes."""

import numpy as np
import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.case import load_case
from coopsim.scenario.case_columns import case_columns
from tests.case_files import drop_column, read_rows, spoil, write_case, write_rows


def test_every_table_has_its_columns_and_types(tmp_path):
    case = load_case(write_case(tmp_path / "valley"))
    for table, columns in case_columns().items():
        frame = getattr(case, table)
        assert list(frame.columns) == list(columns), table
        for name, column in columns.items():
            kind = {"float": np.float64, "int": np.int64, "bool": np.bool_}.get(column.kind, object)
            assert frame[name].dtype == kind, (table, name)
            if kind is object:
                assert all(isinstance(x, str) for x in frame[name]), (table, name)
    assert (case.name, case.title.fr, case.reference_year) == ("valley", "Vallée", 2022)
    assert case.folder == (tmp_path / "valley")


def test_blanks_and_optional_columns(tmp_path):
    folder = drop_column(write_case(tmp_path / "valley"), "territories", "site_constant")
    for name in ("communes", "commuting", "observed"):
        (folder / f"{name}.csv").unlink()
    case = load_case(folder)
    assert (case.territories["site_constant"] == 0).all()
    assert np.isnan(case.water_nodes["floor_m3s"]).all()
    assert (case.water_nodes["downstream"] == ["N2", "N3", ""]).all()
    assert case.communes.empty
    assert case.communes["population"].dtype == np.float64
    assert case.geometry is None


def test_spreadsheets_may_add_a_mark_blank_lines_and_quotes(tmp_path):
    folder = write_case(tmp_path / "valley")
    path = folder / "territories.csv"
    text = path.read_text("utf-8").replace("T01,T01", '"T01"," T01, amont "').replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + (text + "\r\n,,,\r\n").encode())
    assert list(load_case(folder).territories["name"]) == ["T01, amont", "T02", "T03"]


def test_the_order_of_columns_is_free(tmp_path):
    folder = write_case(tmp_path / "valley")
    before = load_case(folder).territories
    rows = read_rows(folder / "territories.csv")
    write_rows(folder / "territories.csv", [row[::-1] for row in rows])
    assert load_case(folder).territories.equals(before)


def test_references_to_the_outside_are_for_commuting_only(tmp_path):
    folder = write_case(tmp_path / "valley")
    assert "outside" in set(load_case(folder).commuting["to"])
    spoil(folder, "links", 1, "to", "outside")
    with pytest.raises(ScenarioError, match="no such code"):
        load_case(folder)


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "words"),
    [
        ("bodies", 1, "decision_rule", "majorty", "no voting rule"),
        ("bodies", 1, "powers", "1502;watr_supply", "no power has this name"),
        ("bodies", 1, "nodes", "N1;N9", "no such code"),
        ("body_members", 1, "population_share", "1.2", "beyond all likelihood"),
        ("forest", 1, "access", "T01;T7", "no such code"),
        ("forest", 1, "owners_per_unit", "0.5", "beyond all likelihood"),
        ("links", 1, "adjacent", "yes", "0 or 1 expected"),
        ("links", 1, "to", "T01", "linked to itself"),
        ("communes", 1, "seats", "3.5", "whole number"),
        ("communes", 1, "jobs", "1_000", "finite number"),
        ("establishments", 1, "group", "XX", "unknown choice"),
        ("establishments", 1, "group", "GU", "no sector belongs"),
        ("territories", 1, "code", "T 01", "a code has no blank"),
        ("sources", 1, "table", "territoris", "no table has this name"),
        ("sources", 1, "column", "cod", "no such column"),
        ("water_regimes", 3, "kind", "drinking", "dekads instead of 36"),
        ("water_nodes", 1, "regime", "flat_drinking", "no runoff regime"),
        ("observed", 1, "year_to", "2010", "is above 'year_to'"),
    ],
)
def test_what_is_refused(tmp_path, table, row, column, value, words):
    folder = spoil(write_case(tmp_path / "valley"), table, row, column, value)
    with pytest.raises(ScenarioError) as caught:
        load_case(folder)
    told = [problem for problem in caught.value.problems if words in str(problem)]
    assert told
    assert all(problem.file == f"valley/{table}.csv" for problem in told)


def test_many_mistakes_are_counted_not_listed(tmp_path):
    folder = write_case(tmp_path / "valley")
    rows = read_rows(folder / "water_regimes.csv")
    write_rows(folder / "water_regimes.csv", [rows[0], *([*row[:3], "x"] for row in rows[1:])])
    with pytest.raises(ScenarioError, match="and 88 more mistakes"):
        load_case(folder)


def _shape(code, level="territory"):
    return {"type": "Feature", "properties": {"code": code, "level": level}, "geometry": None}


def test_the_map_has_one_shape_for_each_territory(tmp_path):
    import json

    folder = write_case(tmp_path / "valley")
    path = folder / "geometry.geojson"
    shapes = [_shape("T01"), _shape("T02"), _shape("T03"), _shape("C1", "commune")]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}), "utf-8")
    assert len(load_case(folder).geometry["features"]) == 4
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [*shapes[:2], _shape("T3")]}), "utf-8"
    )
    with pytest.raises(ScenarioError) as caught:
        load_case(folder)
    assert ["T03" in str(problem) for problem in caught.value.problems] == [True, True]
    for text in ("[1, 2]", "{", '{"features": 3}', '{"features": [3]}'):
        path.write_text(text, "utf-8")
        with pytest.raises(ScenarioError, match=r"geometry\.geojson"):
            load_case(folder)


def test_unknown_cases():
    with pytest.raises(ScenarioError, match="no shipped case"):
        load_case("no-such-case")
    with pytest.raises(ScenarioError, match="does not exist"):
        load_case("./no-such-case")
