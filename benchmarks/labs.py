"""Every laboratory over drawn legal parameters: how far the engine is from the exact result, and how long it takes.

python benchmarks/labs.py 200               # all laboratories, 200 draws each
python benchmarks/labs.py 50 fish-war trust # some of them

Prints draws, results outside their tolerance, and the worst gap, for deterministic laboratories in the unit of
the tolerance's rule (1 unit, or the exact value), for random ones in standard errors (tolerance: 3). Draws are
those of the test suite, derandomised: the table comes out the same again, times apart.
"""

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from coopsim.lab import run_lab
from tests.lab_draws import DETERMINISTIC, RANDOM


@dataclass
class Tally:
    """What the draws of one laboratory gave."""

    draws: int = 0
    outside: int = 0
    worst: float = 0.0
    where: str = ""
    seconds: list[float] = field(default_factory=list)

    def add(self, name, parameters):
        start = time.perf_counter()
        found = run_lab(name, parameters)
        self.seconds.append(time.perf_counter() - start)
        self.draws += 1
        self.outside += not found.ok
        for result, one in found.results.items():
            if one.gap > self.worst:
                self.worst, self.where = one.gap, result


def measure(name, strategy, draws):
    """Return the tally of one laboratory."""
    tally = Tally()

    @given(strategy)
    @settings(
        max_examples=draws,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def drawn(parameters):
        tally.add(name, parameters)

    drawn()
    return tally


def main():
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chosen = sys.argv[2:]
    print("| laboratory | draws | outside tolerance | worst gap over tolerance | where | mean s | worst s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, strategy in sorted({**DETERMINISTIC, **RANDOM}.items()):
        if chosen and name not in chosen:
            continue
        t = measure(name, strategy, draws)
        mean = sum(t.seconds) / len(t.seconds)
        print(
            f"| {name} | {t.draws} | {t.outside} | {t.worst:.2g} | {t.where} | {mean:.2f} | {max(t.seconds):.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
