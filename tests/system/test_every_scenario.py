"""Every shipped scenario that a town may open runs thirty years, every invariant holding at every tick."""

import os
from zlib import crc32

import pytest

from coopsim.scenario import load_scenario
from coopsim.sheets import sheet_names
from tests.system.invariants import live

YEARS = 30
SAMPLE = 3  # of the fast test, other ones with COOPSIM_SCENARIO_SAMPLE
SHORT = 8
NAMES = sheet_names()


def lasting(name, years):
    spec = load_scenario(name)
    last = max((event.tick for event in spec.events), default=0) // 4 + 1
    return spec.but({"horizon.years": max(years, last), "name": spec.name})


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_thirty_years(name):
    live(lasting(name, YEARS), seed=0)


def test_a_sample_of_scenarios_runs_some_years():
    turn = int(os.environ.get("COOPSIM_SCENARIO_SAMPLE", "0"))
    ordered = sorted(NAMES, key=lambda name: crc32(name.encode()))
    for i in range(SAMPLE):
        spec = lasting(ordered[(turn * SAMPLE + i) % len(ordered)], SHORT)
        live(spec, seed=1, ticks=4 * SHORT)
