"""Freeze the reference of the two axes: status quo of a case, 200 seeds, every fourth quarter.

    python benchmarks/axes_reference.py [SEEDS] [SCENARIO]

Writes ``axes_reference.toml`` in the case folder: median and spread of each component over seeds, years and
territories. The spread is the interquartile range; where that is 0 (most territories have no pact in the
status quo), the range from the 5th to the 95th percentile; where that is 0 too, 1.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from coopsim.model import CoopModel
from coopsim.scenario import Scenario, load_scenario
from coopsim.schedule.record import territory_values
from coopsim.world.axes import FILE, components


def values(spec: Scenario, seed: int) -> dict[str, np.ndarray]:
    """Return each component at the end of every year, shape (years · T,)."""
    model = CoopModel(spec, seed, views=False)
    found: dict[str, list[np.ndarray]] = {}
    while model.world.tick < spec.ticks:
        model.step()
        if model.world.tick % 4 == 0:
            for name, value in components(model.world, territory_values(model.world)).items():
                found.setdefault(name, []).append(np.array(value))
    model.release()
    return {name: np.concatenate(parts) for name, parts in found.items()}


def spread(x: np.ndarray) -> tuple[float, str]:
    """Return the scale of a component and what it is."""
    q05, q25, q75, q95 = np.quantile(x, [0.05, 0.25, 0.75, 0.95])
    if q75 - q25 > 1e-9:
        return float(q75 - q25), "interquartile range"
    if q95 - q05 > 1e-9:
        return float(q95 - q05), "range from 5 to 95 %"
    return 1.0, "none: the component does not vary"


def main() -> None:
    """Run the ensemble and write the file."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    spec = load_scenario(sys.argv[2] if len(sys.argv) > 2 else "figeac-status-quo")
    with ProcessPoolExecutor() as pool:
        runs = list(pool.map(partial(values, spec), range(seeds), chunksize=4))
    folder = spec.load_case().folder
    if folder is None:
        raise SystemExit("a synthetic case has no folder to freeze a reference in")
    lines = [
        "# Status quo of the case, pooled over seeds, years and territories; made by benchmarks/axes_reference.py.",
        f'scenario = "{spec.name}"',
        f"seeds = {seeds}",
    ]
    for name in runs[0]:
        pooled = np.concatenate([run[name] for run in runs])
        scale, kind = spread(pooled)
        lines += [
            "",
            f"[component.{name}]",
            f"median = {float(np.median(pooled)):.9g}",
            f"spread = {scale:.9g}",
            f'kind = "{kind}"',
        ]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
