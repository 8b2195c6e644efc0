"""Figures of one run as this version makes them: they move only on purpose, and the changelog says so.

pytest tests/golden --update-golden      writes them again
"""

import json
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from coopsim.run import simulate
from coopsim.scenario import load_scenario

YEARS, SEED = 3, 0
INDICATORS = (
    "population", "jobs", "unemployment", "companies", "naf_consumed_ha", "economic_vacant_ha", "standing_wood_m3",
    "supply_pressure", "debt_keur", "tax_rate_pct", "trust", "proposals", "passed",
)  # fmt: skip
RELATIVE = 1e-9  # across platforms; keyed integers are identical everywhere


@pytest.mark.parametrize("name", ["figeac-status-quo"])
def test_golden(name, request):
    run = simulate(load_scenario(name), seed=SEED, years=YEARS)
    ends = run.territories[run.territories["quarter"] == 4]
    found = {
        f"{year} {code}": {i: float(row[i]) for i in INDICATORS}
        for (year, code), row in ends.set_index(["year", "territory"]).iterrows()
    }
    path = Path(__file__).parent / f"{name}.json"
    if request.config.getoption("--update-golden", default=False):
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    golden = json.loads(path.read_text(encoding="utf-8"))
    assert set(found) == set(golden)
    moved = []
    for where, values in golden.items():
        for indicator, value in values.items():
            try:
                assert_allclose(found[where][indicator], value, rtol=RELATIVE, atol=RELATIVE)
            except AssertionError:
                moved.append(f"{where} {indicator}: {value!r} -> {found[where][indicator]!r}")
    assert not moved, "\n".join(
        ["results move; if they should, --update-golden and say so in the changelog", *moved[:20]]
    )
