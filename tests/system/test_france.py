"""The whole of France: a part of it lives two years under every invariant, all of it a few quarters within 2 GiB."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coopsim.importers import import_files
from coopsim.scenario import load_scenario
from coopsim.scenario.case import load_case
from coopsim.world import founded
from coopsim.world.founding_places import great_circle_km, roads
from coopsim.world.order import ordered
from tests.system.invariants import live

ROOT = Path(__file__).parents[2]
GIB = 1024**3
# The Lot and what touches it: the ten of the Figeac case among them.
PART = {"departements": "46", "rings": "1"}

RUN = """
import resource
from coopsim.scenario import load_scenario
from tests.system.invariants import live

model = live(load_scenario("france-status-quo"), seed=0, ticks=5)
world = model.world
assert len(world.places) == 1254
print(int(world.companies.rows().size), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    """The scenario of the whole country on a part of it."""
    folder = tmp_path_factory.mktemp("lot") / "lot"
    import_files("extract", [load_case("france").folder], folder, PART)
    return load_scenario("france-status-quo").but({"case.name": str(folder), "name": "part-of-france"})


def test_a_part_of_france_lives_under_every_invariant(part):
    live(part, seed=0, ticks=9)


def test_the_first_day_holds_what_the_tables_say(part):
    world = founded(part, 0)
    case = part.load_case()
    t = case.territories.set_index("code").loc[list(world.places.code)]
    assert len(world.companies.rows()) == case.establishments["establishments"].sum()
    assert world.signals.posts.sum(axis=1) == pytest.approx(t["salaried_jobs"].to_numpy(), rel=1e-9)
    assert world.land.communes.tolist() == t["commune_count"].tolist()
    seats = np.bincount(world.councils.territory, minlength=world.size)
    assert (seats >= t["commune_count"]).all()  # every commune has one at least (CGCT L5211-6-1)
    assert (seats >= 20).all()


def test_services_invest_without_touching_the_case(part):
    """Capacities are state of a run: tables of the case are read-only and shared between runs."""
    world = founded(part, 0)
    world.rivers.capacity *= 0.5
    assert founded(part, 0).rivers.capacity == pytest.approx(2.0 * world.rivers.capacity)


def test_distances_left_out_follow_those_that_are_given():
    """Only neighbours have a row in the national table; no pair is at no distance."""
    case = ordered(load_case("france"))
    km, minutes, adjacent = roads(case, tuple(case.territories["code"]))
    off = ~np.eye(len(km), dtype=bool)
    assert (km[off] > 0).all()
    assert (km == km.T).all()
    assert adjacent.sum() == 2 * len(case.links)
    lon, lat = (case.territories[name].to_numpy() for name in ("lon", "lat"))
    far = great_circle_km(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    assert np.median(km[off] / far[off]) == pytest.approx(1.35, rel=0.01)
    assert np.median(minutes[off] / km[off]) == pytest.approx(60 / 55, rel=0.01)


@pytest.mark.slow
def test_the_whole_country_lives_within_two_gib():
    """Five quarters, sessions of the councils and a new year among them, in a fresh process."""
    done = subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    companies, peak = (int(x) for x in done.stdout.split())
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss
    assert companies == pytest.approx(4.5e6, rel=0.01)
    assert peak * unit < 2 * GIB
