"""Patterns of land and siting against the pass marks of `thresholds_land.toml`: P15, P17, P18, P19, and their flips.

Paired seeds: every scenario lives the same worlds. Prints tables with 95 % intervals (Student) and pass or fail.

    python benchmarks/patterns_land.py [SEEDS]
"""

import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from coopsim.run import simulate
from coopsim.scenario import load_scenario, parameters

MARKS = tomllib.loads((Path(__file__).parent / "thresholds_land.toml").read_text(encoding="utf-8"))
FAMILIES = (
    "siting-pathway-facilitator", "siting-pathway-criteria", "siting-pathway-shared", "siting-pathway-cooperation",
    "siting-pathway-arrivals", "last-parcels-services", "last-parcels", "last-parcels-dense",
    "last-parcels-guarantee", "zone-commons-sale", "zone-commons", "zone-commons-epci", "zone-commons-charter",
    "zone-commons-large-leaves",
)  # fmt: skip
SUMS = (
    "population", "jobs", "centrality_keur", "debt_keur", "dwellings", "naf_consumed_ha", "arrived_jobs",
    "siting_refused_jobs", "siting_contested_jobs", "siting_cost_keur", "brought_people", "economic_vacant_ha",
)  # fmt: skip
MEANS = (
    "vacant_dwellings", "siting_gap", "siting_kept_share", "local_jobs_share", "land_needs_per_ha",
    "land_needs_met_share", "frugal_land_share", "zone_members_share", "zone_saving_keur_per_job", "unemployment",
)  # fmt: skip
COLUMNS = (*SUMS, *MEANS)
BLIND = {
    "economy.siting_pathway.shared_quality": 0.1,
    "governance.scope.siting.gap_penalty_keur": 0.0,
}
SEPARATE = {name: 0.0 for name in parameters() if name.startswith("resources.land.synergy_")}
FLIPS = {"siting-pathway-shared flipped": BLIND, "last-parcels flipped": SEPARATE}


def series(task: tuple[str, int]) -> np.ndarray:
    """Return the yearly values of `COLUMNS` for the whole case, shape (years, len(COLUMNS))."""
    name, seed = task
    spec = load_scenario(name.removesuffix(" flipped"), {"record.journal": False, **FLIPS.get(name, {})})
    run = simulate(spec, seed=seed, years=MARKS["years"])
    ends = run.territories[run.territories["quarter"] == 4].groupby("year")
    return np.column_stack([ends[list(SUMS)].sum(), ends[list(MEANS)].mean()])


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Return mean and 95 % interval."""
    half = student.ppf(0.975, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)


def show(values: np.ndarray, digits: int = 4) -> str:
    """Return mean (low to high)."""
    mean, low, high = interval(values)
    return f"{mean:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def verdict(*, passed: bool) -> str:
    """Return the word for it."""
    return "pass" if passed else "FAIL"


def at(found: dict[str, np.ndarray], name: str, column: str, years: int | slice = -1) -> np.ndarray:
    """Return one column of one scenario, mean over years, shape (seeds,)."""
    values = found[name][:, years, COLUMNS.index(column)]
    return values.mean(axis=1) if values.ndim > 1 else values


def arrivals(found: dict[str, np.ndarray]) -> None:
    """Print P15."""
    mark, last = MARKS["P15"], slice(-5, None)
    base, more = mark["baseline"], mark["scenario"]
    charge = {
        n: 1000 * at(found, n, "centrality_keur", last) / at(found, n, "population", last)
        for n in (base, more)
    }
    rise = charge[more] - charge[base]
    vacant = at(found, more, "vacant_dwellings", last) - at(found, base, "vacant_dwellings", last)
    ok = interval(rise)[1] > mark["charges_rise_above"]
    tight = interval(vacant)[2] < mark["vacant_dwellings_change_below"]
    print(f"P15 charges per inhabitant, EUR/yr: {show(rise, 3)} {verdict(passed=ok)}")
    print(f"P15 share of vacant dwellings: {show(vacant, 5)} {verdict(passed=tight)}")


def criteria(found: dict[str, np.ndarray]) -> None:
    """Print P17 and its flip."""
    mark = MARKS["P17"]
    alone, shared = at(found, mark["baseline"], "siting_gap"), at(found, mark["scenario"], "siting_gap")
    flipped = at(found, "siting-pathway-shared flipped", "siting_gap")
    ok = interval(alone)[1] > mark["gap_remains_above"]
    print(f"P17 gap with criteria alone: {show(alone)} {verdict(passed=ok)}")
    ok = interval(shared / alone)[2] <= mark["gap_ratio_at_most"]
    print(f"P17 gap shared / alone: {show(shared / alone)} {verdict(passed=ok)}")
    built_in = interval(flipped / alone)[1] >= mark["flipped_gap_ratio_at_least"]
    print(f"P17 flipped: gap ratio {show(flipped / alone)} {'built in' if built_in else 'emergent'}")


def parcels(found: dict[str, np.ndarray]) -> None:
    """Print P18 and its flip."""
    mark = MARKS["P18"]
    base, grid = mark["baseline"], mark["scenario"]
    rise = at(found, grid, "land_needs_per_ha") - at(found, base, "land_needs_per_ha")
    ok = interval(rise)[1] > mark["needs_per_ha_rise_above"]
    print(f"P18 needs by hectare: {show(rise)} {verdict(passed=ok)}")
    wait = at(found, grid, "land_needs_met_share", 1) - at(found, base, "land_needs_met_share", 1)
    ok = interval(wait)[2] < mark["first_year_needs_met_below"]
    print(f"P18 needs met, end of year 2: {show(wait)} {verdict(passed=ok)}")
    left = at(found, "last-parcels flipped", "land_needs_per_ha") - at(found, base, "land_needs_per_ha")
    built_in = interval(left)[2] <= mark["flipped_rise_at_most"] + 1e-9
    print(f"P18 flipped: {show(left)} {'built in' if built_in else 'emergent'}")


def tenure(found: dict[str, np.ndarray]) -> None:
    """Print P19."""
    mark = MARKS["P19"]
    sale, lease = mark["baseline"], mark["scenario"]
    steer = at(found, lease, "frugal_land_share", 14) - at(found, sale, "frugal_land_share", 14)
    ok = interval(steer)[1] > mark["frugal_share_rise_above"]
    print(f"P19 share of desired uses, year 15: {show(steer, 5)} {verdict(passed=ok)}")
    debt = at(found, lease, "debt_keur", 0) - at(found, sale, "debt_keur", 0)
    ok = interval(debt)[1] > mark["first_year_debt_rise_above"]
    print(f"P19 debt, end of year 1, kEUR: {show(debt, 1)} {verdict(passed=ok)}")


def main(seeds: int) -> None:
    """Run all and print."""
    names = (*FAMILIES, *FLIPS)
    with ProcessPoolExecutor(2) as pool:
        runs = list(pool.map(series, [(name, seed) for name in names for seed in range(seeds)]))
    found = {name: np.array(runs[i * seeds : (i + 1) * seeds]) for i, name in enumerate(names)}
    for check in (arrivals, criteria, parcels, tenure):
        check(found)
    for base, others in (
        ("siting-pathway-criteria", FAMILIES[:5]),
        ("last-parcels-services", FAMILIES[5:9]),
        ("zone-commons-sale", FAMILIES[9:]),
    ):
        print(f"\n| last year, against {base} | " + " | ".join(o for o in others if o != base) + " |")
        for column in COLUMNS:
            cells = [show(at(found, o, column) - at(found, base, column), 4) for o in others if o != base]
            print(f"| {column} {at(found, base, column).mean():.4g} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MARKS["paired_seeds"])
