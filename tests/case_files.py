"""Write a small sound case as CSV files, and spoil it on purpose."""

import csv
import math
from pathlib import Path

from coopsim.scenario.case_columns import case_columns
from coopsim.scenario.synthetic import synthetic_case
from coopsim.scenario.synthetic_spec import SyntheticSpec

CASE_TOML = """\
name = "valley"
reference_year = 2022
licence = "CC0"
notes = "invented for tests"
title = {fr = "Vallée", en = "Valley"}
"""

_SPEC = {
    "territories": 3,
    "companies": [60, 40, 30],
    "land_m2_per_job": 400.0,
    "vacant_ha": 5.0,
    "nodes": [
        {"node": "N1", "territory": "T01", "downstream": "N2", "local_module_m3s": 2.0, "irrigated_ha": 40.0},
        {"node": "N2", "territory": "T02", "downstream": "N3", "local_module_m3s": 1.0, "irrigated_ha": 20.0},
        {"node": "N3", "territory": "T03", "local_module_m3s": 1.0, "irrigated_ha": 10.0},
    ],
    "stocks": [
        {
            "territory": "T01",
            "area_ha": 1000.0,
            "volume_m3": 200000.0,
            "capacity_m3": 400000.0,
            "growth_rate_per_yr": 0.05,
            "harvest_m3_per_yr": 3000.0,
        }
    ],
}
_COMMUNES = [
    ["C1", "Amont", "T01", "2.0", "45.0", "20000", "6000", "3000", "10", "200", "500", "11.5", "12"],
    ["C2", "Clairval", "T01", "2.1", "45.1", "30000", "4000", "2000", "10", "100", "500", "10.5", "8"],
]
_BODIES = [
    ["B1", "Syndicat des eaux", "water_syndicate", "water_supply", "majority", "5000", "0.8", "N1;N2", "seats", "",
     "invented"],
]  # fmt: skip
_MEMBERS = [["B1", "T01", "1.0", "6"], ["B1", "T02", "0.5", "4"]]
_COMMUTING = [["T01", "T02", "120"], ["T02", "outside", "40"]]
_OBSERVED = [["jobs_growth", "T01", "2016", "2022", "0.004", "", "", "1/yr", "invented", "assumption"]]


def write_case(folder: Path) -> Path:
    """Write a sound case of three territories, every table present, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    case = synthetic_case(SyntheticSpec.model_validate(_SPEC))
    (folder / "case.toml").write_text(CASE_TOML, encoding="utf-8")
    extra = {
        "communes": _COMMUNES,
        "bodies": _BODIES,
        "body_members": _MEMBERS,
        "commuting": _COMMUTING,
        "observed": _OBSERVED,
    }
    for table, columns in case_columns().items():
        rows = extra.get(table) or [
            [_cell(value) for value in row] for row in getattr(case, table).itertuples(index=False)
        ]
        write_rows(folder / f"{table}.csv", [list(columns), *rows])
    return folder


def _cell(value):
    if isinstance(value, bool):
        return str(int(value))
    return "" if isinstance(value, float) and math.isnan(value) else str(value)


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def spoil(folder: Path, table: str, row: int, column: str, value: str) -> Path:
    """Change one cell of a table; rows count from 1 below the header."""
    path = folder / f"{table}.csv"
    rows = read_rows(path)
    rows[row][rows[0].index(column)] = value
    write_rows(path, rows)
    return folder


def drop_column(folder: Path, table: str, column: str) -> Path:
    path = folder / f"{table}.csv"
    rows = read_rows(path)
    place = rows[0].index(column)
    write_rows(path, [row[:place] + row[place + 1 :] for row in rows])
    return folder


def drop_rows(folder: Path, table: str, column: str, value: str) -> Path:
    """Remove the rows of a table that hold a value."""
    path = folder / f"{table}.csv"
    rows = read_rows(path)
    place = rows[0].index(column)
    write_rows(path, [rows[0], *(row for row in rows[1:] if row[place] != value)])
    return folder
