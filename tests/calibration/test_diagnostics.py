"""Diagnostics: what is refused, what is derived, the template, and the shipped one."""

import csv
import io

import numpy as np
import pytest

from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang
from coopsim.scenario.case import load_case
from coopsim_calibration.diagnostics import load_diagnostic
from coopsim_calibration.observables import SYSTEM, observables
from coopsim_calibration.template import template

HEADER = "indicator,territory,year,value,unit,uncertainty,source,grade,low,high,note\n"
GOOD = "jobs,200067361,2016,17377,jobs,174,INSEE,measured,,,\n"


@pytest.fixture(scope="module")
def figeac():
    return load_case("figeac")


def problems(tmp_path, case, *rows, header=HEADER):
    path = tmp_path / "mine.csv"
    path.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_diagnostic(path, case)
    return caught.value.problems


# row, column, words of the message, what is allowed holds, nearest
REFUSED = [
    ("jobs,200067361,2016,17.4,k€,1,INSEE,measured,,,", "unit", "wrong unit", "jobs", ""),
    (
        "unemployment,200067361,2022,10.1,share,0.5,INSEE,measured,,,",
        "value",
        "a percentage?",
        "0 – 1 share",
        "",
    ),
    (
        "unemployment,200067361,2022,-0.1,share,0.5,INSEE,measured,,,",
        "value",
        "impossible value",
        "0 – 1",
        "",
    ),
    (
        "population,200067361,2022,43.9,persons,1,INSEE,measured,,,",
        "value",
        "thousands?",
        "439.24 – 4.3924e+06",
        "",
    ),
    (
        "population,200067361,2022,43924000,persons,1,INSEE,measured,,,",
        "value",
        "order of magnitude",
        "439",
        "",
    ),
    (
        "populaton,200067361,2022,43924,persons,1,INSEE,measured,,,",
        "indicator",
        "unknown figure",
        "",
        "population",
    ),
    (
        "jobs,Cauvaldor,2022,18000,jobs,1,INSEE,measured,,,",
        "territory",
        "unknown to this case",
        "system",
        "200066371",
    ),
    (
        "jobs,200067362,2022,18000,jobs,1,INSEE,measured,,,",
        "territory",
        "unknown to this case",
        "",
        "200067361",
    ),
    ("jobs,200067361,22,18000,jobs,1,INSEE,measured,,,", "year", "a year", "1900 – 2100", ""),
    ("jobs,200067361,2022-2016,18000,jobs,1,INSEE,measured,,,", "year", "a year", "1900", ""),
    ("jobs,200067361,2022,many,jobs,1,INSEE,measured,,,", "value", "a number", "", ""),
    ("jobs,200067361,2022,nan,jobs,1,INSEE,measured,,,", "value", "a number", "", ""),
    ("jobs,200067361,2022,18000,jobs,,INSEE,measured,,,", "uncertainty", "standard deviation", "", ""),
    ("jobs,200067361,2022,18000,jobs,-5,INSEE,measured,,,", "uncertainty", "not negative", "≥ 0", ""),
    ("jobs,200067361,2022,18000,jobs,1,,measured,,,", "source", "missing", "", ""),
    ("jobs,200067361,2022,18000,jobs,1,INSEE,mesured,,,", "grade", "unknown grade", "literature", "measured"),
    ("net_artificialisation,200067361,2019-2022,,ha/yr,,IGN,measured,40,7,", "low", "not below", "< 7", ""),
    (
        "net_artificialisation,200067361,2019-2022,50,ha/yr,,IGN,measured,7,40,",
        "value",
        "outside its interval",
        "7",
        "",
    ),
    ("net_artificialisation,200067361,2019-2022,,ha/yr,,IGN,measured,7,,", "high", "two bounds", "", ""),
    (
        "forest_area_broadleaf,200067361,2018,564820,ha,1,IGN,measured,,,",
        "value",
        "larger than the area",
        "128271",
        "",
    ),
]


class TestRefused:
    @pytest.mark.parametrize(("row", "column", "words", "allowed", "near"), REFUSED)
    def test_one_clear_message(self, tmp_path, figeac, row, column, words, allowed, near):
        found = problems(tmp_path, figeac, row)
        assert len(found) == 1
        assert found[0].key == column
        assert (found[0].file, found[0].line) == ("mine.csv", 2)
        assert words in found[0].message.en
        assert allowed in found[0].allowed
        assert found[0].nearest == near
        assert found[0].message.fr != found[0].message.en

    def test_all_mistakes_at_once(self, tmp_path, figeac):
        found = problems(tmp_path, figeac, *(row for row, *_ in REFUSED))
        assert len(found) >= len(REFUSED)
        assert [p.line for p in found] == sorted(p.line for p in found)

    def test_a_row_given_twice_names_both_lines(self, tmp_path, figeac):
        found = problems(tmp_path, figeac, GOOD.strip(), "jobs,200067361,2016,17000,jobs,1,else,measured,,,")
        assert len(found) == 1
        assert found[0].line == 3
        assert "line 2" in found[0].message.en

    def test_columns(self, tmp_path, figeac):
        header = "indicator,territory,year,valeur,unit,uncertainty,source,grade\n"
        found = problems(tmp_path, figeac, header=header)
        assert {p.key for p in found} == {"value", "valeur"}
        assert {p.nearest for p in found} >= {"value"}

    def test_a_row_too_short(self, tmp_path, figeac):
        assert "columns" in problems(tmp_path, figeac, "jobs,200067361,2016")[0].message.en

    def test_thirty_mistakes_then_how_many_more(self, tmp_path, figeac):
        found = problems(
            tmp_path, figeac, *(f"jobs,nowhere{n},2016,1,jobs,1,x,measured,,," for n in range(50))
        )
        assert len(found) == 31
        assert "20 more" in found[-1].message.en

    def test_an_unknown_diagnostic(self, figeac):
        with pytest.raises(ScenarioError) as caught:
            load_diagnostic("figeak", figeac)
        assert caught.value.problems[0].nearest == "figeac"

    def test_nothing_filled_in(self, tmp_path, figeac):
        path = tmp_path / "empty.csv"
        path.write_text(template(figeac), encoding="utf-8")
        with pytest.raises(ScenarioError, match="no value is filled in"):
            load_diagnostic(path, figeac)


class TestRead:
    def test_a_french_spreadsheet(self, tmp_path, figeac):
        path = tmp_path / "mine.csv"
        row = "unemployment;200067361;2022;0,101;share;0,005;INSEE;measured\n"
        text = f"indicator;territory;year;value;unit;uncertainty;source;grade\n{row}"
        path.write_text(text, encoding="utf-8-sig")
        figure = load_diagnostic(path, figeac).figures[0]
        assert (figure.value, figure.uncertainty) == (0.101, 0.005)

    def test_growth_is_derived_with_its_error(self, tmp_path, figeac):
        path = tmp_path / "mine.csv"
        path.write_text(
            HEADER + GOOD + "jobs,200067361,2022,17787,jobs,178,INSEE,measured,,,\n", encoding="utf-8"
        )
        found = load_diagnostic(path, figeac)
        growth = found.find("jobs_growth", "200067361", 2016, 2022)
        assert growth.value == pytest.approx(0.003886, abs=1e-6)  # ln(17787/17377)/6
        assert growth.uncertainty == pytest.approx(0.00236, abs=1e-5)  # √2 %/6
        assert found.periods("jobs_growth", "200067361") == ["2016-2022"]
        assert found.find("jobs_growth", "200067361", 2017, 2022) is None
        assert found.find("jobs_growth", "200066371", 2016, 2022) is None

    def test_an_interval_stands_for_its_middle(self, tmp_path, figeac):
        path = tmp_path / "mine.csv"
        row = "net_artificialisation,200067361,2019-2022,,ha/yr,,IGN,measured,7,33,\n"
        path.write_text(HEADER + row, encoding="utf-8")
        figure = load_diagnostic(path, figeac).figures[0]
        assert (figure.value, figure.uncertainty, figure.interval) == (20.0, 0.0, True)


class TestTemplate:
    def test_what_staff_fill_is_read(self, tmp_path, figeac):
        rows = list(csv.DictReader(io.StringIO(template(figeac))))
        assert len(rows) == len(observables()) * (len(figeac.territories) + 1)
        for row in rows:
            if row["indicator"] == "unemployment" and row["territory"] == "200067361":
                row.update(value="0.101", uncertainty="0.005", source="census", grade="measured")
        path = tmp_path / "filled.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        assert len(load_diagnostic(path, figeac).figures) == 1

    def test_in_french(self, figeac):
        set_lang("fr")
        assert "cible possible" in template(figeac)


class TestFigeac:
    def test_it_is_sound_and_says_what_is_missing(self, figeac):
        found = load_diagnostic("figeac", figeac)
        assert len(found.figures) > 1000
        assert {"water_abstraction", "drinking_water_produced"} <= set(found.missing["indicator"])
        assert all(figure.source for figure in found.figures)

    def test_communes_sum_to_their_intercommunalite(self, figeac):
        found = load_diagnostic("figeac", figeac)
        home = dict(
            zip(figeac.communes["code"].astype(str), figeac.communes["territory"].astype(str), strict=True)
        )
        for name, year in (
            ("population", 2016),
            ("population", 2022),
            ("jobs", 2016),
            ("jobs", 2022),
            ("establishments", 2024),
        ):
            for code in ("200067361", "200066371"):
                parts = [
                    f
                    for f in found.figures
                    if (f.indicator, f.end) == (name, year) and home.get(f.territory) == code
                ]
                total = sum(f.value for f in parts)
                assert len(parts) == {"200067361": 92, "200066371": 77}[code]
                assert total == pytest.approx(found.find(name, code, year, year).value, abs=0.5)

    def test_what_the_past_of_a_territory_is_worth(self, figeac):
        # docs/measured.md: for jobs a territory's own past predicts worse than "no change", for population better;
        # this is why the model has no local trend of jobs
        found = load_diagnostic("figeac", figeac)
        error = {}
        for kind in ("jobs_growth", "population_growth"):
            past, seen = (
                np.array(
                    [found.find(kind, code, *years).value for code in figeac.territories["code"].astype(str)]
                )
                for years in ((2011, 2016), (2016, 2022))
            )
            error[kind] = [np.abs(seen).mean(), np.abs(past - seen).mean(), np.abs(seen - seen.mean()).mean()]
        assert error["jobs_growth"] == pytest.approx([0.0055, 0.0084, 0.0050], abs=1e-4)
        assert error["population_growth"] == pytest.approx([0.0036, 0.0031, 0.0037], abs=1e-4)

    def test_it_agrees_with_the_case(self, figeac):
        found = load_diagnostic("figeac", figeac)
        table = figeac.territories.set_index("code")
        for code in ("200067361", "200066371"):
            assert found.find("population", code, 2022, 2022).value == table.loc[code, "population"]
            assert found.find("jobs", code, 2022, 2022).value == pytest.approx(
                table.loc[code, "jobs"], abs=0.1
            )
        assert found.find("young_firm_exit", SYSTEM, 2014, 2019).value == pytest.approx(0.0995)

    def test_every_produced_figure_names_an_indicator(self):
        from coopsim.indicators import SYSTEM as NAMES
        from coopsim.scenario.case import case_columns

        for figure in observables().values():
            assert figure.model in {"", *NAMES}
            assert bool(figure.model) == bool(figure.how)
            assert figure.of in {"", *observables()}
            assert figure.targets in {"", *observables()}
            assert figure.starts in {"", *(column for table in case_columns().values() for column in table)}
