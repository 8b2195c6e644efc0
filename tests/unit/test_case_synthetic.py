"""Synthetic cases: the same tables as a case of files."""

import numpy as np
import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario import load_scenario
from coopsim.scenario.case_columns import case_columns


def _case(**spec):
    return load_scenario({"name": "x", "case": {"synthetic": {"territories": 3, **spec}}}).load_case()


def test_one_number_or_a_list():
    case = _case(
        population=[1, 2, 3], area_ha=10.0, companies=[4, 0, 2], company_jobs=5.0, site_constant=[0, -1, 2]
    )
    assert list(case.territories["code"]) == ["T01", "T02", "T03"]
    assert list(case.territories["population"]) == [1, 2, 3]
    assert list(case.territories["area_ha"]) == [10.0] * 3
    assert list(case.territories["jobs"]) == [20.0, 0.0, 10.0]
    assert list(case.territories["site_constant"]) == [0.0, -1.0, 2.0]
    assert list(case.establishments["establishments"]) == [4, 0, 2]
    assert set(case.establishments["jobs_each"]) == {5.0}
    assert list(case.sectors["sector"]) == ["generic"]
    assert len(case.links) == 3


def test_rivers_and_stocks():
    case = _case(
        nodes=[
            {
                "node": "N1",
                "downstream": "N2",
                "local_module_m3s": 1.0,
                "other_demand_m3s": 0.5,
                "floor_m3s": 0.1,
            },
            {"node": "N2", "territory": "T02", "local_module_m3s": 1.0},
        ],
        stocks=[{"volume_m3": 0.5, "capacity_m3": 1.0, "growth_rate_per_yr": 0.05}],
    )
    assert list(case.water_nodes["downstream"]) == ["N2", ""]
    assert case.water_nodes["floor_m3s"].tolist()[0] == 0.1
    assert np.isnan(case.water_nodes["floor_m3s"].tolist()[1])
    assert list(case.water_nodes["intake_share"]) == [1.0, 1.0]
    assert case.water_regimes.groupby(["regime", "kind"])["value"].mean().tolist() == [1.0, 1.0, 1.0]
    assert list(case.forest["access"]) == ["T01;T02;T03"]


def test_a_case_of_files_and_a_synthetic_one_have_the_same_columns():
    case = _case()
    for table, columns in case_columns().items():
        assert list(getattr(case, table).columns) == list(columns)


def test_large_cases_link_neighbours_only():
    links = _case(territories=300).links
    assert len(links) < 300 * 20
    assert set(links["from"]) | set(links["to"]) == {f"T{n:02d}" for n in range(1, 301)}


@pytest.mark.parametrize(
    ("spec", "key", "words"),
    [
        ({"population": [1, 2]}, "population", "one value for each territory"),
        ({"population": -1}, "population", "negative value"),
        ({"population": "many"}, "population", "a number, or a list"),
        ({"population": [1, True, 3]}, "population", "a number, or a list"),
        ({"population": float("inf")}, "population", "a number, or a list"),
        ({"active_share": 1.5}, "active_share", "share above 1"),
        ({"territories": 0}, "territories", "out of bounds"),
        ({"nodes": [{"node": "A", "territory": "T9"}]}, "nodes[1].territory", "unknown territory"),
        ({"nodes": [{"node": "A", "downstream": "B"}]}, "nodes[1].downstream", "unknown node"),
        ({"nodes": [{"node": "A"}, {"node": "A"}]}, "nodes", "node given twice"),
        ({"nodes": [{"node": "A", "local_module": 1.0}]}, "nodes[1].local_module", "local_module_m3s"),
        ({"nodes": [{"node": "A", "downstream": "A"}]}, "nodes", "A → A"),
        (
            {
                "stocks": [
                    {"volume_m3": 1.0, "capacity_m3": 1.0, "growth_rate_per_yr": 0.1, "access": "T01;T8"}
                ]
            },
            "stocks[1].access",
            "unknown territory",
        ),
        (
            {"stocks": [{"volume_m3": 1.0, "capacity_m3": 0.0, "growth_rate_per_yr": 0.1}]},
            "stocks[1].capacity_m3",
            "out of",
        ),
    ],
)
def test_a_wrong_description_is_refused(spec, key, words):
    with pytest.raises(ScenarioError) as caught:
        _case(**spec)
    (problem,) = caught.value.problems
    assert problem.key == f"case.synthetic.{key}"
    assert words in str(problem)


def test_what_only_the_tables_show_is_refused_too():
    with pytest.raises(ScenarioError, match=r"case\.synthetic .*above the area"):
        _case(area_ha=10.0, vacant_ha=20.0)
