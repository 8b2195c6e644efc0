"""Parameters at their defaults with a few changed, and small worlds: what the tests of the engine start from."""

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from coopsim.economy.companies import CompanyParams
from coopsim.economy.finance import FinanceParams
from coopsim.economy.siting import SitingParams
from coopsim.scenario import Scenario, load_scenario, section_defaults
from coopsim.society.councils import CouncilParams
from coopsim.society.pact_life import LifeParams
from coopsim.society.pacts import PactParams
from coopsim.society.people import PeopleParams
from coopsim.society.ties import TiesParams
from coopsim.tables import SectorTable

P = TypeVar("P")
_SECTIONS: dict[type, str] = {
    CompanyParams: "economy.companies",
    FinanceParams: "economy.finance",
    SitingParams: "economy.siting",
    CouncilParams: "society.councils",
    PactParams: "society.pacts",
    LifeParams: "society.pact_life",
    PeopleParams: "society.people",
    TiesParams: "society.ties",
}


def params(cls: type[P], **changes: Any) -> P:
    """Return the parameters of a sub-model at their defaults, some of them changed."""
    return replace(cls(**section_defaults(_SECTIONS[cls])), **changes)  # type: ignore[type-var]


def sectors(**columns: Any) -> SectorTable:
    """Return a table of sectors; a column given once holds for all, the others take plain values."""
    n = max((len(value) for value in columns.values() if np.ndim(value)), default=1)
    plain: dict[str, Any] = {
        "value_added": 60.0, "wage": 40.0, "water": 0.0, "wood": 0.0, "land": 0.0, "wood_group": -1,
        "water_dependence": 0.0, "wood_dependence": 0.0, "mobility": 1.0, "export_share": 1.0,
        "local_purchase": 0.5, "offered": -1, "wanted": -1,
        "project_weight": 1.0, "entry_weight": 1.0, "exit_factor": 1.0, "public": False,
    }  # fmt: skip
    whole = {name: np.broadcast_to(np.asarray(v), n).copy() for name, v in (plain | columns).items()}
    names = tuple(f"s{k}" for k in range(n))
    return SectorTable(name=names, id=np.arange(n, dtype=np.uint64), label_fr=names, label_en=names, **whole)


SMALL: dict[str, Any] = {
    "territories": 3,
    "population": [12000.0, 20000.0, 8000.0],
    "companies": [120, 200, 60],
    "company_jobs": 8.0,
    "land_m2_per_job": 200.0,
    "water_m3_per_job": 60.0,
    "wood_m3_per_job": 2.0,
    "vacant_ha": [10.0, 4.0, 6.0],
    "nodes": [
        {"node": "N1", "downstream": "N2", "territory": "T01", "local_module_m3s": 2.0, "doe_m3s": 0.4,
         "floor_share": 0.1, "irrigated_ha": 800.0},
        {"node": "N2", "downstream": "N3", "territory": "T02", "local_module_m3s": 1.0, "doe_m3s": 0.6,
         "floor_share": 0.1, "irrigated_ha": 900.0},
        {"node": "N3", "territory": "T03", "local_module_m3s": 1.0, "doe_m3s": 0.8, "floor_share": 0.1},
    ],
    "stocks": [
        {"territory": "T01", "group": "conifer", "volume_m3": 2e5, "capacity_m3": 4e5, "growth_rate_per_yr": 0.08,
         "harvest_m3_per_yr": 4000.0, "access": ""},
        {"territory": "T02", "group": "broadleaf", "ownership": "fragmented_private", "volume_m3": 3e5,
         "capacity_m3": 5e5, "growth_rate_per_yr": 0.05, "harvest_m3_per_yr": 3000.0, "owners_per_unit": 4.0,
         "access": ""},
    ],
}  # fmt: skip


def small(changes: dict[str, Any] | None = None, *, years: int = 3, **case: Any) -> Scenario:
    """Return a scenario on three small territories with a river, forests and firms."""
    document = {
        "schema": 1,
        "name": "small",
        "horizon": {"start_year": 2026, "years": years},
        "case": {"synthetic": SMALL | case},
    }
    return load_scenario(document, changes or {})
