"""Common random numbers at work: paired by seed, a contrast of rules is known much better than unpaired.

Ratio = Var(unpaired difference) / Var(paired difference), with the paired difference of the system's value at a
horizon; below 2 at five years the keying would be wrong (architecture page, section 4).
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from coopsim.indicators import SYSTEM
from coopsim.run import simulate
from coopsim.scenario import load_scenario

# Land consumed is left out: its variance is that of the councils' decisions, which the two lanes do not share.
INDICATORS = ("jobs", "population", "companies", "standing_wood_m3", "low_flow_share")
YEARS = (5, 10, 30)
LANES = ("figeac-attractiveness", "figeac-cooperation")


def ends(job):
    name, seed, years = job
    system = simulate(load_scenario(name), seed, years=max(years)).arrays[1]
    return system[[4 * y - 1 for y in years]][:, [SYSTEM.index(i) for i in INDICATORS]]


def ratios(seeds, years):
    jobs = [(lane, seed, years) for lane in LANES for seed in range(seeds)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = np.array(list(pool.map(ends, jobs, chunksize=4))).reshape(
            2, seeds, len(years), len(INDICATORS)
        )
    unpaired = found.var(axis=1, ddof=1).sum(axis=0)
    paired = (found[1] - found[0]).var(axis=0, ddof=1)
    return unpaired / np.maximum(paired, 1e-30)


@pytest.mark.slow
def test_pairing_pays():
    found = ratios(24, YEARS)
    table = {
        y: dict(zip(INDICATORS, np.round(row, 1), strict=True)) for y, row in zip(YEARS, found, strict=True)
    }
    assert (found[0] > 2.0).all(), table
    assert (found > 1.0).all(), table


if __name__ == "__main__":
    for y, row in zip(YEARS, ratios(60, YEARS), strict=True):
        print(y, dict(zip(INDICATORS, np.round(row, 1).tolist(), strict=True)))  # noqa: T201
