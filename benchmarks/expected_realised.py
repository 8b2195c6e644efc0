"""Expected against realised effect of every council move in Figeac (`coopsim.levers.expected`).

    python benchmarks/expected_realised.py [SEEDS] [TERRITORY]

``coopsim levers NAME --moves`` does the same for any scenario.
"""

import sys

import numpy as np

from coopsim.levers import expected
from coopsim.scenario import load_scenario


def table(seeds: int, row: int = 0) -> dict[str, np.ndarray]:
    """Return move → array (seeds, 4) of `coopsim.levers.expected.measure`."""
    return expected.table(load_scenario("figeac-status-quo"), range(seeds), row)


def main() -> None:
    """Print the table."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    row = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    heads = ("jobs % expected", "realised ± se", "balance % expected", "realised ± se")
    print(f"{'move':20s}" + "".join(f"{head:>21s}" for head in heads))
    for move in expected.move_effects(table(seeds, row)):
        print(
            f"{move.key:20s}{move.jobs_expected:21.3f}{move.jobs:13.3f} ± {move.jobs_error:5.3f}"
            f"{move.balance_expected:21.3f}{move.balance:13.3f} ± {move.balance_error:5.3f}"
        )


if __name__ == "__main__":
    main()
