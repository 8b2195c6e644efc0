"""The France case: its totals are those of the national files, its tables fit together, its assumptions have a range.

Figures: DGCL and INSEE, list of EPCI and legal populations 2022; INSEE, comparateur de territoires (census of 2018);
the Figeac case, made apart from other files, for the ten territories that both have.
"""

import csv
import shutil

import numpy as np
import pandas as pd
import pytest

from coopsim.importers import import_files
from coopsim.scenario import shipped
from coopsim.scenario.case import load_case
from coopsim.scenario.plausibility import case_plausibility
from coopsim.world.founding_communes import communes, counts

CASE = shipped("cases", "france")
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def case():
    return load_case("france")


@pytest.fixture(scope="module")
def figeac():
    return load_case("figeac")


def test_it_holds_the_1254_intercommunalites(case):
    t = case.territories
    assert len(t) == t["code"].nunique() == 1254
    assert "200046977" not in set(t["code"])  # the Métropole de Lyon is no EPCI
    assert t["population"].sum() == 66_577_030
    assert t["commune_count"].sum() == pytest.approx(34_813)
    assert set(t["tax_regime"]) == {"FPU", "FA"}
    assert (
        t["departement"].nunique() == 101 - 3
    )  # those of the small crown are in the Métropole du Grand Paris


def test_totals_are_those_of_the_census(case):
    t = case.territories
    assert t["jobs"].sum() == pytest.approx(25.92e6, rel=2e-3)
    assert t["active"].sum() == pytest.approx(30.17e6, rel=2e-3)
    assert t["dwellings"].sum() == pytest.approx(35.56e6, rel=2e-3)
    assert t["area_ha"].sum() == pytest.approx(63.2e6, rel=2e-3)  # Guyane is 8.4 million of them


def test_companies_are_4_5_million_with_the_totals_of_the_recipe(case):
    found = case.establishments.groupby(["group", "size_class"])["establishments"].sum()
    with (CASE / "recipe" / "companies.csv").open(encoding="utf-8", newline="") as file:
        told = {(row["group"], row["size_class"]): int(row["companies"]) for row in csv.DictReader(file)}
    assert found.to_dict() == told
    assert found.sum() == 4_500_000
    assert case.establishments["territory"].nunique() == 1254


def test_mayotte_has_every_kind_of_company(case):
    """No file gives its employers: they follow its jobs."""
    mayotte = set(case.territories.loc[case.territories["departement"] == "976", "code"])
    cells = case.establishments[case.establishments["territory"].isin(mayotte)]
    assert len(mayotte) == 5
    assert set(zip(cells["group"], cells["size_class"], strict=True)) == {
        (group, size) for group in ("AZ", "BE", "FZ", "GU", "OQ") for size in ("0", "1-9", "10+")
    }
    jobs = case.territories.set_index("code")["jobs"]
    employers = (
        case.establishments[case.establishments["size_class"] != "0"]
        .groupby("territory")["establishments"]
        .sum()
    )
    share = employers[sorted(mayotte)].sum() / employers.sum()
    assert share == pytest.approx(jobs[sorted(mayotte)].sum() / jobs.sum(), rel=0.02)


def test_the_recipe_makes_the_same_companies_again(tmp_path):
    again = tmp_path / "france"
    shutil.copytree(CASE, again)
    import_files("companies", [CASE / "recipe" / "companies.csv"], again)
    assert (again / "establishments.csv").read_bytes() == (CASE / "establishments.csv").read_bytes()


def test_forest_is_that_of_the_inventory(case):
    wood = case.forest
    assert wood["area_ha"].sum() == pytest.approx(17.9e6, rel=0.01)
    assert wood["volume_m3"].sum() == pytest.approx(3.10e9, rel=0.01)
    assert wood["harvest_m3_per_yr"].sum() == pytest.approx(48.7e6, rel=0.01)
    assert wood["territory"].nunique() == 1254 - 23  # none of the overseas inventory is in these files
    growth = wood["growth_rate_per_yr"] * wood["volume_m3"] * (1 - wood["volume_m3"] / wood["capacity_m3"])
    by = (
        pd.DataFrame({"cut": wood["harvest_m3_per_yr"], "grown": growth})
        .groupby([wood["territory"], wood["group"]])
        .sum()
    )
    assert (by["cut"] <= 0.94 * by["grown"] + 1.0).all()


class TestAgainstFigeac:
    """Ten territories stand in both cases, from other vintages and other hands."""

    def test_neighbours_are_the_same(self, case, figeac):
        ten = set(figeac.territories["code"])

        def pairs(links):
            near = links[links["adjacent"].astype(bool)]
            both = {frozenset(pair) for pair in zip(near["from"], near["to"], strict=True)}
            return {pair for pair in both if pair <= ten}

        assert pairs(case.links) == pairs(figeac.links)

    @pytest.mark.parametrize(
        ("column", "within"),
        [
            ("population", 0.001),
            ("area_ha", 0.02),
            ("jobs", 0.08),
            ("active", 0.08),
            ("dwellings", 0.06),
            ("housing_land_ha", 0.25),
        ],
    )
    def test_people_and_land_agree(self, case, figeac, column, within):
        france = case.territories.set_index("code")[column]
        for code, value in figeac.territories.set_index("code")[column].items():
            assert france[code] == pytest.approx(value, rel=within), code

    def test_centres_and_forests_agree(self, case, figeac):
        france, ten = case.territories.set_index("code"), figeac.territories.set_index("code")
        assert (france.loc[ten.index, ["lon", "lat"]] - ten[["lon", "lat"]]).abs().max().max() < 0.02
        area = case.forest.groupby("territory")["area_ha"].sum()
        for code, value in figeac.forest.groupby("territory")["area_ha"].sum().items():
            assert area[code] == pytest.approx(value, rel=0.02), code


def test_links_join_what_touches(case):
    touching = set(case.links["from"]) | set(case.links["to"])
    alone = case.territories[~case.territories["code"].isin(touching)]
    islands = (
        "Belle Ile en Mer",
        "Ile de Ré",
        "Ile d'Oléron",
        "Ile de Noirmoutier",
        "Marie-Galante",
        "Petite-Terre",
    )
    assert len(alone) == len(islands)
    assert all(any(island in name for name in alone["name"]) for island in islands)
    degree = 2 * len(case.links) / len(case.territories)
    assert 5.0 < degree < 6.0  # a plane map


def test_land_uses_leave_room_in_every_territory(case):
    t = case.territories
    uses = t[
        [
            "housing_land_ha",
            "economic_land_ha",
            "economic_vacant_ha",
            "brownfield_ha",
            "other_artificial_ha",
            "protected_ha",
        ]
    ].sum(axis=1)
    assert (uses <= 0.951 * t["area_ha"]).all()
    assert 0.04 < uses.sum() / t["area_ha"].sum() < 0.12
    paris = t.set_index("code").loc["200054781"]
    assert paris["land_intensity"] < 0.5


def test_communes_follow_their_number_and_their_largest(case):
    codes, where, people, seats = communes(
        case, tuple(case.territories["code"]), case.territories["population"].to_numpy()
    )
    assert len(codes) == len(set(codes)) == counts(case).sum()
    assert np.bincount(where, weights=people) == pytest.approx(case.territories["population"].to_numpy())
    first = np.unique(where, return_index=True)[1]
    share = people[first] / case.territories["population"].to_numpy()
    assert share == pytest.approx(case.territories["largest_commune_share"].to_numpy(), abs=1e-9)
    assert (seats == 0).all()  # by law


def test_what_is_assumed_has_a_range_or_no_number(case):
    notes = case.sources[case.sources["grade"] == "assumption"]
    numeric = notes[(notes["unit"] != "") & ~notes["column"].isin(["lon", "lat", "seats", "floor_m3s"])]
    bare = numeric[(numeric["low"] == "") | (numeric["high"] == "")]
    assert bare.empty, bare[["table", "column"]].to_string()


def test_mayotte_is_told_apart(case):
    """What no file gives for it is assumed, and says so."""
    mayotte = set(case.territories.loc[case.territories["departement"] == "976", "code"])
    for column in (
        "area_ha",
        "active",
        "unemployed",
        "jobs",
        "salaried_jobs",
        "dwellings",
        "vacant_dwellings",
    ):
        notes = case.sources[
            (case.sources["table"] == "territories.csv") & (case.sources["column"] == column)
        ]
        grades = dict(zip(notes["scope"], notes["grade"], strict=True))
        scope = next(scope for scope in grades if scope != "*")
        assert grades["*"] == "measured", column
        assert (set(scope.split(";")), grades[scope]) == (mayotte, "assumption"), column


def test_what_still_looks_odd_is_in_the_data():
    odd = [str(problem) for problem in case_plausibility("france")]
    assert len(odd) <= 10, "\n".join(odd)
    assert all(
        any(code in text for code in ("N246200299", "N200054781", "2497", "246600464")) for text in odd
    )


def test_the_folder_is_small_and_copies_no_file():
    sizes = {path: path.stat().st_size for path in CASE.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 3 * MEGABYTE
    assert max(sizes.values()) < MEGABYTE
    assert not list(CASE.glob("communes.csv"))
