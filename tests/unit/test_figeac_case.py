"""The Figeac case: its totals are those of the public figures, and its tables fit together.

Figures: INSEE, legal populations 2022, census 2022 and FLORES end of 2024 (comparateur de territoires); IGN,
forest inventory 2012-2018; CGCT L5211-6-1 for seats.
"""

import json
import math
import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from coopsim.governance.seats import SeatLaw, community_seats
from coopsim.scenario.case import load_case

ROOT = Path(__file__).parents[2]
CASE = ROOT / "scenarios" / "cases" / "figeac"
FIGEAC, CAUVALDOR = "200067361", "200066371"
CODES = {"code", "territory", "from", "to", "scope", "access"}

# communes, inhabitants, jobs, dwellings, seats, establishments by group, establishments by size: 0, 1-9, 10+
TOTALS = {
    FIGEAC: (92, 43_924, 17_787.2, 29_811.1, 125, (130, 151, 173, 815, 296), (173, 1153, 239)),
    CAUVALDOR: (77, 45_320, 18_093.5, 32_644.1, 103, (141, 183, 198, 1100, 271), (263, 1373, 257)),
    "200023737": (36, 42_094, 19_553, 26_325, 68, (44, 130, 198, 1118, 309), (164, 1288, 347)),
    "200066678": (50, 21_099, 5_814, 14_372, 68, (127, 63, 97, 314, 137), (85, 562, 91)),
    "200067064": (12, 17_928, 6_073, 12_489, 31, (33, 69, 59, 280, 112), (51, 396, 106)),
    "200069383": (29, 27_244, 10_726, 18_282, 51, (89, 114, 109, 589, 153), (99, 792, 163)),
    "244600433": (27, 14_516, 4_461, 10_305, 44, (90, 41, 59, 264, 74), (70, 398, 60)),
    "244600482": (20, 10_247, 3_696, 7_489, 40, (24, 39, 55, 248, 75), (38, 338, 65)),
    "244600532": (23, 8_886, 1_792, 6_136, 37, (22, 16, 35, 110, 53), (29, 187, 20)),
    "244600573": (17, 3_915, 1_138, 3_299, 30, (21, 3, 10, 45, 32), (12, 84, 15)),
}  # fmt: skip


def read(table: str) -> pd.DataFrame:
    text = dict.fromkeys(CODES, str)
    return pd.read_csv(CASE / f"{table}.csv", dtype=text, keep_default_na=False, na_values=[""])


@pytest.fixture(scope="module")
def case() -> dict[str, pd.DataFrame]:
    return {path.stem: read(path.stem) for path in CASE.glob("*.csv")}


@pytest.fixture(scope="module")
def territories(case) -> pd.DataFrame:
    return case["territories"].set_index("code")


@pytest.mark.parametrize("code", TOTALS)
class TestTotals:
    """Companies are drawn from these counts: they must be the published ones."""

    def test_people_and_jobs(self, territories, code):
        _, people, jobs, dwellings, *_ = TOTALS[code]
        row = territories.loc[code]
        assert row.population == people
        assert row.jobs == pytest.approx(jobs, abs=1)
        assert row.dwellings == pytest.approx(dwellings, abs=1)

    def test_communes_add_up_to_their_territory(self, case, territories, code):
        communes = case["communes"].query("territory == @code")
        row = territories.loc[code]
        assert len(communes) == TOTALS[code][0]
        assert communes.population.sum() == row.population
        assert communes.forest_ha.sum() == pytest.approx(
            case["forest"].query("territory == @code").area_ha.sum(), rel=1e-3
        )
        for column in ("area_ha", "jobs", "dwellings", "vacant_dwellings"):
            assert communes[column].sum() == pytest.approx(row[column], rel=1e-4), column

    def test_establishments_keep_both_published_margins(self, case, code):
        cells = case["establishments"].query("territory == @code")
        cells = cells.pivot_table(index="group", columns="size_class", values="establishments")
        assert tuple(cells.sum(axis="columns")[["AZ", "BE", "FZ", "GU", "OQ"]]) == TOTALS[code][5]
        assert tuple(cells.sum()[["0", "1-9", "10+"]]) == TOTALS[code][6]

    def test_seats_are_those_of_the_law(self, case, code):
        law_file = ROOT / "scenarios" / "law" / "councils.toml"
        law = SeatLaw.from_table(tomllib.loads(law_file.read_text(encoding="utf-8")), date(2020, 3, 15))
        communes = case["communes"].query("territory == @code")
        assert communes.seats.sum() == TOTALS[code][4]
        assert list(communes.seats) == list(community_seats(communes.population, law))


def test_the_first_is_monocentric_and_the_second_is_not(case):
    jobs = case["communes"].groupby("territory").jobs
    largest = jobs.max() / jobs.sum()
    assert largest[FIGEAC] == pytest.approx(0.475, abs=0.001)
    assert largest[CAUVALDOR] == pytest.approx(0.158, abs=0.001)


def test_growth_is_natural_balance_plus_migration(territories):
    growth = territories.natural_growth_per_yr + territories.net_migration_per_yr
    assert growth[FIGEAC] == pytest.approx(math.log(43_924 / 43_514) / 5, abs=1e-4)
    assert (territories.natural_growth_per_yr < 0).all()  # deaths exceed births in all ten


def test_land_uses_leave_most_of_the_land_natural_or_farmed(territories):
    uses = ["housing_land", "economic_land", "economic_vacant", "brownfield", "other_artificial", "protected"]
    share = territories[[f"{use}_ha" for use in uses]].sum(axis="columns") / territories.area_ha
    assert share.between(0.04, 0.20).all()


def test_shares_of_sectors_and_projects(case):
    sectors = case["sectors"]
    assert len(sectors) == 12
    assert sectors.groupby("group").share_of_group.sum().to_numpy() == pytest.approx(1)
    assert sectors.project_weight.sum() == pytest.approx(1, abs=1e-3)
    assert sectors.entry_weight.sum() == pytest.approx(1, abs=1e-3)
    assert set(sectors.query("public == 1").sector) == {"public_social"}


def test_economic_land_is_within_what_zones_of_two_regions_show(territories):
    """416 m² per job in the zones of Occitanie, 674 in Pays de la Loire; three jobs in ten are public."""
    private = territories.economic_land_ha.sum() * 1e4 / (territories.jobs.sum() * 0.7)
    assert 416 <= private <= 674


@pytest.mark.parametrize(("code", "ratio"), [(FIGEAC, 0.377), (CAUVALDOR, 0.385)])
def test_broadleaf_is_harvested_at_the_observed_share_of_net_growth(case, code, ratio):
    wood = case["forest"].query("territory == @code and group == 'broadleaf'")
    growth = wood.growth_rate_per_yr * wood.volume_m3 * (1 - wood.volume_m3 / wood.capacity_m3)
    assert wood.harvest_m3_per_yr.sum() / growth.sum() == pytest.approx(ratio, rel=0.05)


def test_mobilisation_follows_the_number_of_owners(case):
    wood = case["forest"].query("territory == @FIGEAC and group == 'broadleaf'").set_index("ownership")
    per_ha = wood.harvest_m3_per_yr / wood.area_ha
    m = wood.owners_per_unit["fragmented_private"]
    assert per_ha["fragmented_private"] / per_ha["public"] == pytest.approx(2 / (1 + m), rel=1e-2)


def test_no_stand_starts_above_its_net_growth_and_the_datum_stays_in_the_range(case):
    """In five territories the regional conifer rate is above net growth: it cannot be a starting state."""
    wood = case["forest"]
    growth = wood.growth_rate_per_yr * wood.volume_m3 * (1 - wood.volume_m3 / wood.capacity_m3)
    assert (wood.harvest_m3_per_yr <= 0.94 * growth).all()
    assert (wood.harvest_low <= wood.harvest_m3_per_yr).all()
    assert (wood.harvest_m3_per_yr <= wood.harvest_high).all()
    above = wood[(wood.harvest_high > growth) & (wood.group == "conifer")].territory.nunique()
    assert above == 5


def test_wood_of_the_two_documented_territories(case):
    """Forest areas of BD Forêt v2 and volumes of the inventory: 119,052 ha and 16.99 Mm³."""
    wood = case["forest"].query("territory in [@FIGEAC, @CAUVALDOR]")
    assert wood.area_ha.sum() == pytest.approx(119_052, rel=1e-3)
    assert wood.volume_m3.sum() == pytest.approx(16.99e6, rel=5e-3)


class TestWater:
    def test_profiles_average_one(self, case):
        profiles = case["water_regimes"].groupby(["kind", "regime"]).value
        assert (profiles.count() == 36).all()
        assert profiles.mean().to_numpy() == pytest.approx(1, abs=1e-6)
        assert (case["water_regimes"].value >= 0).all()

    def test_every_river_reaches_an_outlet(self, case):
        below = case["water_nodes"].set_index("node").downstream
        for node in below.index:
            passed = {node}
            while isinstance(node := below[node], str):
                assert node not in passed
                passed.add(node)

    def test_the_cele_has_its_measured_mean_flow(self, case):
        nodes = case["water_nodes"].set_index("node")
        cele = [node for node in nodes.index if node.startswith("CELE")]
        assert nodes.downstream["CELE_AMONT"] == "CELE_MOYEN"
        assert nodes.downstream["CELE_MOYEN"] == "CELE_AVAL"
        assert nodes.local_module_m3s[cele].sum() == pytest.approx(18.6, abs=0.1)

    def test_floors_are_legal(self, case):
        """One tenth of the mean flow, one twentieth above 80 m³/s (code de l'environnement L214-18)."""
        nodes = case["water_nodes"].set_index("node")
        module = nodes.local_module_m3s + nodes.boundary_module_m3s
        total = module.copy()
        for node, flow in module.items():
            while isinstance(node := nodes.downstream[node], str):
                total[node] += flow
        assert (nodes.floor_share[total <= 80] == 0.10).all()
        assert (nodes.floor_share[total > 80] == 0.05).all()
        assert (nodes.doe_m3s >= nodes.floor_share * total * 0.999).all()

    def test_intakes_and_served_people_add_up(self, case):
        intakes = case["water_nodes"].groupby("territory").intake_share.sum()
        members = case["body_members"].merge(case["bodies"][["body", "kind"]])
        served = members.query("kind == 'water_syndicate'").groupby("territory").population_share.sum()
        for shares in (intakes, served):
            assert set(shares.index) == set(TOTALS)
            assert shares.to_numpy() == pytest.approx(1, abs=1e-6)

    def test_more_than_half_of_figeac_depends_on_the_cele(self, case):
        nodes = case["water_nodes"].query("territory == @FIGEAC and node.str.startswith('CELE')")
        assert nodes.intake_share.sum() == pytest.approx(25_000 / 43_924, abs=0.08)


def test_no_member_of_the_petr_holds_more_than_half(case):
    """CGCT L5741-1: seats by population, at least one each, none above half."""
    seats = case["body_members"].query("body == 'petr_fqvd'").set_index("territory").seats
    assert set(seats.index) == {FIGEAC, CAUVALDOR}
    assert seats.max() <= seats.sum() / 2


def test_pairs_and_neighbours(case):
    links = case["links"]
    assert len(links) == 45
    adjacent = {frozenset((a, b)) for a, b in links.query("adjacent == 1")[["from", "to"]].to_numpy()}
    assert len(adjacent) == 17
    assert frozenset((FIGEAC, CAUVALDOR)) in adjacent
    assert frozenset((FIGEAC, "200023737")) in adjacent  # by Sauliac-sur-Célé and Cabrerets only
    assert frozenset((FIGEAC, "244600433")) not in adjacent  # the vineyard valley lies beyond Cahors
    assert links.road_km.between(15, 160).all()


def test_every_column_has_a_source(case):
    sources = case["sources"]
    assert set(sources.grade) == {"measured", "literature", "assumption"}
    given = set(zip(sources.table, sources.column, strict=True))
    for table, rows in case.items():
        if table != "sources":
            assert {(f"{table}.csv", column) for column in rows} <= given


def test_the_map_has_every_territory_and_commune_it_should():
    path = CASE / "geometry.geojson"
    assert path.stat().st_size < 400_000
    shapes = [f["properties"] for f in json.loads(path.read_text(encoding="utf-8"))["features"]]
    assert {s["code"] for s in shapes if s["level"] == "territory"} == set(TOTALS)
    communes = [s for s in shapes if s["level"] == "commune"]
    assert len(communes) == 169
    assert {s["territory"] for s in communes} == {FIGEAC, CAUVALDOR}


def test_observations_have_ordered_bounds_and_known_places(case):
    observed = case["observed"]
    assert (observed.low <= observed.value).all()
    assert (observed.value <= observed.high).all()
    assert set(observed.territory.dropna()) == set(TOTALS)
    jobs = observed.query("indicator == 'jobs_growth'").set_index("territory").value
    assert jobs[FIGEAC] == pytest.approx(0.0039, abs=1e-4)
    assert jobs[CAUVALDOR] == pytest.approx(0.0032, abs=1e-4)


def test_the_case_is_accepted():
    case = load_case("figeac")
    assert case.reference_year == 2022
    assert len(case.territories) == 10
    assert len(case.communes) == 383
