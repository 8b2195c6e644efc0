"""Merged territories: nothing is lost, rates are means, roads and bodies follow; keys and messages."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coopsim.errors import ScenarioError
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from tests.system.parts import small

MEMBERS = ["200023737", "244600482", "244600573"]
NEW = "cahors-bouriane-causse"


@pytest.fixture(scope="module")
def cases():
    whole = load_scenario("merger")
    return load_scenario("merger-separate").load_case(), whole.load_case(), whole


def test_people_land_wood_companies_and_water_are_the_same(cases):
    apart, one, _ = cases
    assert len(one.territories) == len(apart.territories) - 2
    for table, columns in {
        "territories": ["population", "jobs", "active", "area_ha", "dwellings", "economic_land_ha"],
        "establishments": ["establishments"],
        "forest": ["area_ha", "volume_m3", "harvest_m3_per_yr"],
        "water_nodes": ["local_module_m3s", "irrigated_ha"],
        "communes": ["population"],
        "bodies": ["capacity_m3_per_day"],
    }.items():
        for column in columns:
            before, after = getattr(apart, table)[column].sum(), getattr(one, table)[column].sum()
            assert_allclose(after, before, rtol=1e-12, err_msg=f"{table}.{column}")


def test_rates_are_means_that_keep_the_money(cases):
    apart, one, _ = cases
    old = apart.territories.set_index("code").loc[MEMBERS]
    new = one.territories.set_index("code").loc[NEW]
    assert_allclose(
        new["population"] * new["budget_keur_per_head"],
        (old["population"] * old["budget_keur_per_head"]).sum(),
    )
    assert_allclose(new["cfe_rate_pct"], np.average(old["cfe_rate_pct"], weights=old["jobs"]))
    assert old["lon"].min() < new["lon"] < old["lon"].max()


def test_roads_go_from_where_people_live(cases):
    apart, one, _ = cases
    people = apart.territories.set_index("code")["population"]
    figeac = "200067361"
    ends = {frozenset((a, b)): km for a, b, km in zip(apart.links["from"], apart.links["to"], apart.links["road_km"],
                                                     strict=True)}  # fmt: skip
    wanted = np.average([ends[frozenset((m, figeac))] for m in MEMBERS], weights=people[MEMBERS])
    mine = one.links[(one.links["from"] == NEW) | (one.links["to"] == NEW)]
    found = mine[(mine["from"] == figeac) | (mine["to"] == figeac)]
    assert len(mine) == len(one.territories) - 1
    assert_allclose(found["road_km"], wanted)
    assert found["adjacent"].tolist() == [1]  # Labastide-Murat touches Grand-Figeac


def test_bodies_serve_the_same_people(cases):
    apart, one, _ = cases
    for case in cases[:2]:
        assert not case.body_members.duplicated(["body", "territory"]).any()

    def served(case):
        people = case.territories.set_index("code")["population"]
        rows = case.body_members
        return (rows["population_share"] * rows["territory"].map(people)).groupby(rows["body"]).sum()

    assert_allclose(served(one), served(apart), rtol=1e-12)
    assert one.body_members["seats"].sum() == apart.body_members["seats"].sum()


def test_the_map_and_the_communes_follow(cases):
    _, one, spec = cases
    shapes = [f for f in one.geometry["features"] if f["properties"]["code"] == NEW]
    assert len(shapes) == 1
    assert shapes[0]["geometry"]["type"] == "MultiPolygon"
    assert not {f["properties"].get("territory") for f in one.geometry["features"]} & set(MEMBERS)
    assert list(spec.territory_names)[-1] == NEW
    assert not set(one.communes["territory"]) & set(MEMBERS)


def test_one_council_sits_by_the_legal_table(cases):
    model = CoopModel(cases[2].but({"horizon.years": 1}), 0, views=False)
    world = model.world
    i = world.places.code.index(NEW)
    assert (
        world.councils.territory == i
    ).sum() > 40  # CGCT L5211-6-1: at least one seat for each of some 80 communes
    for _ in range(4):
        model.step()
    assert np.isfinite(world.people.population).all()
    model.release()


def test_a_synthetic_case_may_merge_too():
    base = small()
    two = list(base.territory_names)[:2]
    merge = [{"code": "AB", "name": "A et B", "members": two}]
    spec = base.but({"case": {**base.document()["case"], "merge": merge}})
    people = spec.load_case().territories["population"]
    assert len(people) == 2
    assert_allclose(people.sum(), base.load_case().territories["population"].sum())
    assert spec.hash != base.hash


@pytest.mark.parametrize(
    ("merge", "said"),
    [
        ([{"code": "x", "name": "x", "members": ["200023737", "nowhere"]}], "nowhere"),
        ([{"code": "x", "name": "x", "members": MEMBERS[:2]}, {"code": "y", "name": "y", "members": MEMBERS[1:]}],
         "244600482"),
        ([{"code": "200067361", "name": "x", "members": MEMBERS}], "200067361"),
        ([{"code": "x", "name": "x", "members": ["200023737", "200023737"]}], "members"),
    ],
)  # fmt: skip
def test_mergers_that_make_no_sense_are_refused(merge, said):
    with pytest.raises(ScenarioError) as refused:
        load_scenario("figeac-status-quo", {"case": {"name": "figeac", "merge": merge}})
    assert said in str(refused.value)
