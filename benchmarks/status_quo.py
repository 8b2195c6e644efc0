"""Print simulated against observed for the status quo: ``python benchmarks/status_quo.py [SEEDS]``."""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pandas as pd

from coopsim.run import simulate
from coopsim.scenario import load_scenario
from coopsim_calibration.observed import observed_table


def main() -> None:
    """Run the first seven years of the status quo and print the table."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    spec = load_scenario("figeac-status-quo").but({"horizon.years": 8, "name": "figeac-status-quo"})
    with ProcessPoolExecutor() as pool:
        runs = list(pool.map(partial(simulate, spec), range(seeds)))
    table = observed_table(spec.load_case(), runs)
    known = table[table["inside"] != ""]
    with pd.option_context("display.width", 200, "display.max_rows", 500):
        print(known.drop(columns=["source"]).round(4).to_string(index=False))
    inside = int((known["inside"] == "yes").sum())
    print(f"inside their range: {inside} of {len(known)}; no counterpart: {len(table) - len(known)}")
    print(
        known.groupby("indicator")["inside"].apply(lambda x: f"{(x == 'yes').sum()} of {len(x)}").to_string()
    )


if __name__ == "__main__":
    main()
