"""Symmetries: rows have no rank, and territories that share nothing do not know of each other."""

import csv
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coopsim.indicators import TERRITORY
from coopsim.run import simulate
from coopsim.scenario import load_scenario
from coopsim.scenario.shipped import shipped_cases
from tests.case_files import write_case
from tests.system.parts import small


def shuffled(source: Path, target: Path, seed: int) -> Path:
    """Copy a case with the rows of every table in another order."""
    shutil.copytree(source, target)
    order = random.Random(seed)
    for path in sorted(target.glob("*.csv")):
        head, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
        order.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([head, *rows])
    return target


def sorted_run(run):
    """Arrays with territories in the order of their codes, and the journal as it was written."""
    order = np.argsort(run.codes)
    return run.arrays[0][:, order], run.arrays[1], run.journal_rows


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("scenario", ["figeac-status-quo", "figeac-cooperation"])
def test_permuting_the_rows_of_the_case_changes_nothing(scenario, seed, tmp_path):
    """Every digit and every line of the journal, in the real case with its communes, rivers and services."""
    spec = load_scenario(scenario)
    folder = shuffled(shipped_cases()["figeac"], tmp_path / "figeac", seed + 11)
    moved = spec.but({"case.name": str(folder), "name": spec.name})
    before, after = (sorted_run(simulate(s, seed=seed, years=2)) for s in (spec, moved))
    assert_array_equal(before[0], after[0])
    assert_array_equal(before[1], after[1])
    assert before[2] == after[2]


def test_permuting_a_small_case_with_every_table(tmp_path):
    first = write_case(tmp_path / "case")
    runs = []
    for folder in (first, *(shuffled(first, tmp_path / f"again{n}", n) for n in range(3))):
        spec = load_scenario({"schema": 1, "name": "rows", "case": {"name": str(folder)}})
        runs.append(sorted_run(simulate(spec, seed=2, years=3)))
    for other in runs[1:]:
        assert_array_equal(runs[0][0], other[0])
        assert runs[0][2] == other[2]


# --- territories that share nothing -------------------------------------------------------------------------------

FAR = 1e6  # km and minutes: weights of distance are exactly zero in double precision
UNLINKED = {
    "economy.siting.project_stream": "per_territory",
    # what remains common by construction, and how a scenario makes it its own:
    "economy.siting.outside_calibrated": False,  # the outside option is otherwise calibrated on the whole case
    "economy.finance.grant_gap_sensitivity": 0.0,  # the State's grant looks at the case's mean capacity
    "society.people.outside_commuting_share": 0.0,  # the outside is one common labour market
}
TWO = {
    "territories": 2, "population": [12000.0, 20000.0], "companies": [300, 420], "vacant_ha": [10.0, 6.0],
    "nodes": [
        {"node": "N1", "territory": "T01", "local_module_m3s": 1.0, "doe_m3s": 0.4, "floor_share": 0.1,
         "irrigated_ha": 900.0},
        {"node": "N2", "territory": "T02", "local_module_m3s": 1.0, "doe_m3s": 0.4, "floor_share": 0.1,
         "irrigated_ha": 500.0},
    ],
}  # fmt: skip


def part(case, codes):
    """Return the case of some of its territories, all far from each other and neighbours of nobody."""

    def keep(frame, *columns):
        for column in columns:
            frame = frame[frame[column].isin(codes)]
        return frame.reset_index(drop=True)

    links = keep(case.links, "from", "to").assign(adjacent=False, road_km=FAR, minutes=FAR)
    return replace(
        case, links=links, territories=keep(case.territories, "code"),
        establishments=keep(case.establishments, "territory"), forest=keep(case.forest, "territory"),
        water_nodes=keep(case.water_nodes, "territory"),
    )  # fmt: skip


def lived(codes, changes, seed, years=8):
    spec = small(UNLINKED | changes, years=years, **TWO)
    case = part(spec.load_case(), codes)
    spec.__dict__["_case"] = case  # what load_case() keeps
    return simulate(spec, seed)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"economy.siting.outside_option": False, "economy.siting.reconsider_per_quarter": 0.02},
        {"governance.scope.land.opening": "cap", "governance.boundary.admission": "adjacent",
         "governance.payoff.subsidy.max": 15.0},
        # voters who judge: who they compare their own council with decides who wins
        {"society.elections.period_ticks": 4, "society.elections.noise_sd": 0.0,
         "society.elections.valence_jobs": 300.0,
         "society.elections.valence_tax": 3.0, "society.elections.valence_services": 60.0},
    ],
    ids=["defaults", "movers", "rules", "voters"],
)  # fmt: skip
def test_two_unlinked_territories_are_two_runs(changes):
    """With councils, elections, finance, land, water and wood on: every indicator, every quarter of eight years.

    Rounding only: sums over both differ in their last digits."""
    both = lived(["T01", "T02"], changes, seed=1)
    assert both.arrays[0][-1, :, TERRITORY.index("proposals")].min() > 5
    for i, code in enumerate(("T01", "T02")):
        alone = lived([code], changes, seed=1)
        for j, name in enumerate(TERRITORY):
            x, y = both.arrays[0][:, i, j], alone.arrays[0][:, 0, j]
            assert_allclose(
                x, y, rtol=1e-9, atol=1e-9 * max(1.0, float(np.abs(y).max())), err_msg=f"{code} {name}"
            )


def test_neighbours_do_matter():
    """The same two territories next to each other live another life: the test above could fail."""
    spec = small(UNLINKED, years=8, **TWO)
    near, far = simulate(spec, 1), lived(["T01", "T02"], {}, 1)
    assert (near.arrays[0] != far.arrays[0]).mean() > 0.3
