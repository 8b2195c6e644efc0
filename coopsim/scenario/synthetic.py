"""Build the tables of a synthetic case from its few numbers."""

import math
from typing import Any

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.scenario.case import Case, frames
from coopsim.scenario.case_checks import check_tables
from coopsim.scenario.case_columns import case_columns
from coopsim.scenario.case_graph import DENSE
from coopsim.scenario.case_sums import DEKADS
from coopsim.scenario.synthetic_spec import EACH, BodySpec, NodeSpec, StockSpec, SyntheticSpec
from coopsim.scenario.tables import Cell, Rows

YEAR = 2022
_GRID_DEGREES = 0.25  # distance between neighbours on the drawn map
_REACH = 10  # neighbours on each side in a case too large for a link between every pair


def synthetic_case(spec: SyntheticSpec) -> Case:
    """Return the case of a synthetic description; territories T01, T02, … and one sector, ``generic``.

    Raises
    ------
    ScenarioError
        When the tables do not hold together, for instance when rivers flow in a circle.
    """
    tables = {table: Rows(f"[case.synthetic] {table}") for table in case_columns()}
    _fill(tables, "territories", _territories(spec))
    _fill(tables, "establishments", _establishments(spec))
    _fill(tables, "sectors", [_sector(spec)])
    _fill(tables, "forest", [_forest(stock, spec) for stock in spec.stocks])
    _fill(tables, "water_nodes", [_node(node, spec) for node in spec.nodes])
    _fill(tables, "water_regimes", _regimes() if spec.nodes else [])
    _fill(tables, "links", _links(spec))
    _fill(tables, "bodies", [_body(body) for body in spec.bodies])
    _fill(tables, "body_members", _members(spec))
    _fill(tables, "sources", _sources())
    problems = check_tables(tables, sourced=False)
    if problems:
        raise ScenarioError(
            [
                Problem(p.message, "", 0, f"case.synthetic ({p.key})", p.value, p.allowed, p.nearest)
                for p in problems
            ]
        )
    return Case(
        name="synthetic",
        title=Text("Cas synthétique", "Synthetic case"),
        folder=None,
        reference_year=YEAR,
        **frames(tables),
    )


def _fill(tables: dict[str, Rows], table: str, records: list[dict[str, Any]]) -> None:
    """Put records in a table; a column that none gives is blank."""
    rows = tables[table]
    rows.lines = list(range(1, len(records) + 1))
    rows.header = tuple(case_columns()[table])
    for name, column in case_columns()[table].items():
        blank: Cell = math.nan if column.kind == "float" else 0 if column.kind in {"int", "bool"} else ""
        rows.columns[name] = [record.get(name, blank) for record in records]


def _territories(spec: SyntheticSpec) -> list[dict[str, Any]]:
    columns = {name: spec.each(name) for name in EACH}
    records = []
    for n, code in enumerate(spec.codes):
        row = {name: values[n] for name, values in columns.items()}
        jobs = round(row["companies"]) * spec.company_jobs
        active = row["population"] * row["active_share"]
        records.append(
            {
                "code": code,
                "name": code,
                "lon": min(2.0 + _GRID_DEGREES * (n % 40), 180.0),
                "lat": min(45.0 + _GRID_DEGREES * (n // 40), 90.0),
                "area_ha": row["area_ha"],
                "population": row["population"],
                "natural_growth_per_yr": 0.0,
                "net_migration_per_yr": 0.0,
                "active": active,
                "unemployed": active * row["unemployed_share"],
                "jobs": jobs,
                "salaried_jobs": jobs,
                "dwellings": row["population"] / 2,
                "vacant_dwellings": 0.0,
                "cfe_rate_pct": row["cfe_rate_pct"],
                "budget_keur_per_head": row["budget_keur_per_head"],
                "debt_share": 0.0,
                "housing_land_ha": 0.0,
                "economic_land_ha": jobs * spec.land_m2_per_job / 1e4,
                "economic_vacant_ha": row["vacant_ha"],
                "brownfield_ha": 0.0,
                "other_artificial_ha": 0.0,
                "protected_ha": 0.0,
                "tax_regime": "FPU",
                "site_constant": row["site_constant"],
                "effort_benefit": row["effort_benefit"],
                "water_benefit": row["water_benefit"],
                "water_saturation": row["water_saturation"],
            }
        )
    return records


def _establishments(spec: SyntheticSpec) -> list[dict[str, Any]]:
    size = "0" if spec.company_jobs < 1 else "1-9" if spec.company_jobs < 10 else "10+"  # noqa: PLR2004 - INSEE classes
    return [
        {
            "territory": code,
            "group": "BE",
            "size_class": size,
            "establishments": round(count),
            "jobs_each": spec.company_jobs,
        }
        for code, count in zip(spec.codes, spec.each("companies"), strict=True)
    ]


def _sector(spec: SyntheticSpec) -> dict[str, Any]:
    return {
        "sector": "generic",
        "group": "BE",
        "share_of_group": 1.0,
        "label_fr": "Secteur unique",
        "label_en": "Single sector",
        "mean_size_weight": 1.0,
        "value_added_keur_per_job": 60.0,
        "wage_keur_per_job": 40.0,
        "water_m3_per_job": spec.water_m3_per_job,
        "wood_m3_per_job": spec.wood_m3_per_job,
        "wood_group": "conifer" if spec.wood_m3_per_job > 0 else "",
        "land_m2_per_job": spec.land_m2_per_job,
        "water_dependence": 0.0,
        "wood_dependence": 0.0,
        "mobility": 1.0,
        "export_share": 1.0,
        "local_purchase_share": 0.0,
        "distant_share": 0.0,
        "project_weight": 1.0,
        "entry_weight": 1.0,
        "exit_factor": 1.0,
        "public": False,
    }


def _forest(stock: StockSpec, spec: SyntheticSpec) -> dict[str, Any]:
    access = ";".join(spec.codes) if stock.access == "all" else stock.access
    return {
        **stock.model_dump(),
        "access": access,
        "harvest_low": stock.harvest_m3_per_yr,
        "harvest_high": stock.harvest_m3_per_yr,
    }


def _node(node: NodeSpec, spec: SyntheticSpec) -> dict[str, Any]:
    same = sum(other.territory == node.territory for other in spec.nodes)
    return {
        **node.model_dump(),
        "name": node.node,
        "regime": "flat",
        "floor_m3s": math.nan if node.floor_m3s is None else node.floor_m3s,
        "intake_share": 1.0 / same if node.intake_share is None else node.intake_share,
    }


def _body(body: BodySpec) -> dict[str, Any]:
    capacity = body.capacity_m3_per_day
    return body.model_dump() | {
        "name": body.body,
        "capacity_m3_per_day": math.nan if capacity is None else capacity,
    }


def _members(spec: SyntheticSpec) -> list[dict[str, Any]]:
    codes = spec.codes
    return [
        {"body": b.body, "territory": code, "population_share": b.population_share, "seats": b.seats}
        for b in spec.bodies
        for code in codes
    ]


def _regimes() -> list[dict[str, Any]]:
    return [
        {"regime": name, "kind": kind, "dekad": dekad + 1, "value": 1.0}
        for name, kind in (
            ("flat", "runoff"),
            ("flat_irrigation", "irrigation"),
            ("flat_drinking", "drinking"),
        )
        for dekad in range(DEKADS)
    ]


def _links(spec: SyntheticSpec) -> list[dict[str, Any]]:
    reach = spec.territories if spec.territories <= DENSE else _REACH
    codes = spec.codes
    return [
        {"from": a, "to": b, "adjacent": True, "road_km": spec.road_km, "minutes": spec.road_km}
        for n, a in enumerate(codes)
        for b in codes[n + 1 : n + 1 + reach]
    ]


def _sources() -> list[dict[str, Any]]:
    return [
        {"table": table, "column": column, "scope": "*", "source": "invented", "grade": "assumption",
         "low": math.nan, "high": math.nan}
        for table, columns in case_columns().items()
        for column in columns
        if table != "sources"
    ]  # fmt: skip
