"""Warnings: a sound scenario gives none, and each oddity gives its own."""

import pytest

from coopsim.scenario import load_scenario
from coopsim.scenario.plausibility import case_plausibility, plausibility
from tests.case_files import read_rows, spoil, write_case, write_rows

BASE = {
    "name": "x",
    "case": {
        "synthetic": {
            "territories": 3,
            "companies": 5,
            "nodes": [{"node": "A", "territory": "T01", "local_module_m3s": 5.0}],
            "stocks": [{"volume_m3": 200.0, "capacity_m3": 400.0, "growth_rate_per_yr": 0.05, "access": ""}],
        }
    },
}


def _warnings(changes=None, **parts):
    scenario = load_scenario({**BASE, **parts})
    return plausibility(scenario.but(changes) if changes else scenario)


def test_a_sound_scenario_has_no_warning():
    assert not _warnings()


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"horizon.years": 3}, "horizon.years", "term of office"),
        ({"horizon.years": 300}, "horizon.years", "useful outlook"),
        ({"economy.companies.growth_sd": 1.9}, "economy.companies.growth_sd", "plausible"),
        (
            {"governance.payoff.tax_rate_bounds": [10, 90]},
            "governance.payoff.tax_rate_bounds",
            "legal ceiling",
        ),
        ({"governance.payoff.subsidy.max": 0.0}, "governance.payoff.subsidy.max", "capped at zero"),
        (
            {"governance.payoff.revenue_sharing.share": 0.2, "governance.boundary.pacts_allowed": ["water"]},
            "governance.payoff.revenue_sharing.share",
            "may not share",
        ),
        (
            {"governance.payoff.calls.type": "commons"},
            "governance.payoff.calls.envelope_keur_per_yr",
            "envelope",
        ),
        (
            {"governance.boundary.exit_penalty_keur": 5.0},
            "governance.boundary.exit_penalty_keur",
            "no effect",
        ),
        (
            {"case.synthetic.nodes": [{"node": "A", "local_module_m3s": 1.0, "other_demand_m3s": 0.9}]},
            "local_module_m3s",
            "half of the mean flow",
        ),
        (
            {"case.synthetic.nodes": [{"node": "A", "local_module_m3s": 1.0, "doe_m3s": 1.5}]},
            "doe_m3s",
            "mean flow",
        ),
    ],
)
def test_each_oddity_is_told(changes, key, words):
    (problem,) = _warnings(changes)
    assert problem.key == key
    assert words in str(problem)


@pytest.mark.parametrize(
    ("event", "changes", "words"),
    [
        ({"what": "drought", "amount": 0.5}, {}, "'drought' reaches nothing in: T02, T03"),
        (
            {"what": "drought", "amount": 0.5, "territories": ["T01"]},
            {"submodels.water": False},
            "submodels.water is off",
        ),
        ({"what": "storm", "amount": 0.5, "territories": ["T02"]}, {}, "'storm' reaches nothing in: T02"),
        (
            {"what": "firm_closure", "amount": 0.5},
            {"case.synthetic.companies": [5, 0, 5]},
            "reaches nothing in: T02",
        ),
        ({"what": "demand_shock", "amount": 0.0}, {}, "amount is zero"),
        ({"what": "demand_shock", "amount": 0.5, "when": 119}, {}, "goes past the end"),
    ],
)
def test_events_that_change_nothing(event, changes, words):
    (problem,) = _warnings(changes, event=[{"when": 4, **event}])
    assert words in str(problem)


def test_dated_rules_that_change_nothing_or_are_odd():
    same = {"code": "T01", "from": 4, "governance": {"payoff": {"subsidy": {"max": 5.0}}}}
    odd = {"code": "T02", "from": 4, "governance": {"payoff": {"subsidy": {"max": 0.0}}}}
    first, second = _warnings(territory=[same, odd])
    assert (first.key, second.key) == (
        "territory[1].governance",
        "territory[2].governance.payoff.subsidy.max",
    )


def test_harvest_above_growth_is_told():
    stock = {"volume_m3": 200.0, "capacity_m3": 400.0, "growth_rate_per_yr": 0.05, "harvest_m3_per_yr": 5.1}
    (problem,) = _warnings({"case.synthetic.stocks": [stock]})
    assert problem.key == "harvest_m3_per_yr"
    assert "increment (5 m³/yr)" in str(problem)
    assert not _warnings({"case.synthetic.stocks": [{**stock, "harvest_m3_per_yr": 4.9}]})


def _odd(folder):
    return {(problem.file, problem.key) for problem in case_plausibility(folder)}


def _sound(tmp_path):
    """The case of the tests, with the land of its dwellings: without it the ratios would warn."""
    case = write_case(tmp_path / "valley")
    for row in (1, 2, 3):
        spoil(case, "territories", row, "housing_land_ha", "500")
    (case / "communes.csv").unlink()
    return case


def test_a_sound_case_has_no_warning(tmp_path):
    assert not _odd(_sound(tmp_path))


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "key"),
    [
        ("territories", 1, "area_ha", "20", "population"),  # km² instead of ha
        ("territories", 1, "budget_keur_per_head", "1000", "budget_keur_per_head"),  # € instead of k€
        ("territories", 1, "unemployed", "3000", "unemployed"),
        ("territories", 1, "dwellings", "100", "dwellings"),
        ("water_nodes", 1, "local_module_m3s", "4000", "local_module_m3s"),  # l/s instead of m³/s
        ("forest", 1, "area_ha", "10", "volume_m3"),
        ("water_nodes", 3, "irrigated_ha", "0", "intake_share"),
    ],
)
def test_each_odd_magnitude_is_told(tmp_path, table, row, column, value, key):
    case = _sound(tmp_path)
    if column == "area_ha" and table == "territories":
        for use in ("housing_land_ha", "economic_land_ha", "economic_vacant_ha"):
            spoil(case, "territories", row, use, "1")
    if key == "intake_share":
        rows = read_rows(case / "water_nodes.csv")
        write_rows(case / "water_nodes.csv", [*rows[:3], ["N3", *rows[3][1:2], "T01", *rows[3][3:]]])
        for n, share in ((1, "1.0"), (3, "0.0")):
            spoil(case, "water_nodes", n, "intake_share", share)
    spoil(case, table, row, column, value)
    assert key in {k for _, k in _odd(case)}


def test_communes_that_do_not_sum_to_their_territory(tmp_path):
    case = _sound(tmp_path)
    write_case(tmp_path / "other")
    (tmp_path / "other" / "communes.csv").rename(case / "communes.csv")
    spoil(case, "communes", 1, "population", "600")
    assert ("valley/communes.csv", "population") in _odd(case)


@pytest.mark.parametrize(
    ("seats", "told"), [(("13", "13"), False), (("9", "9"), False), (("12", "8"), True), (("17", "17"), True)]
)
def test_a_local_agreement_that_the_law_would_not_have(tmp_path, seats, told):
    """6,000 and 4,000 inhabitants: the law gives 13 seats each, none above half; an agreement at most 32."""
    case = _sound(tmp_path)
    write_case(tmp_path / "other")
    (tmp_path / "other" / "communes.csv").rename(case / "communes.csv")
    for row, value in enumerate(seats, 1):
        spoil(case, "communes", row, "seats", value)
    assert (("valley/communes.csv", "seats") in _odd(case)) == told


def test_a_territory_without_water(tmp_path):
    case = _sound(tmp_path)
    rows = read_rows(case / "water_nodes.csv")
    write_rows(case / "water_nodes.csv", [row for row in rows if row[0] != "N1"])
    bodies = [[cell.replace("N1;", "") for cell in row] for row in read_rows(case / "bodies.csv")]
    write_rows(case / "bodies.csv", [["" if cell == "N1" else cell for cell in row] for row in bodies])
    assert ("valley/water_nodes.csv", "territory") in _odd(case)


def test_water_used_upstream_counts_downstream():
    nodes = [
        {"node": "A", "downstream": "B", "local_module_m3s": 1.0, "other_demand_m3s": 0.4},
        {"node": "B", "downstream": "C", "local_module_m3s": 0.1, "other_demand_m3s": 0.4},
        {"node": "C", "boundary_module_m3s": 9.0},
    ]
    (problem,) = _warnings({"case.synthetic.nodes": nodes})
    assert "uses (0.8" in str(problem)
    assert "(1.1): B" in str(problem)
