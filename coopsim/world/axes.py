"""The two axes: attractiveness and cooperation, standardised by the frozen ensemble of the case.

Both describe a regime; no verdict, map of regimes or robustness count uses them, because a preset
sets part of what they measure.
"""

import tomllib
from functools import lru_cache
from pathlib import Path

import numpy as np

from coopsim.types import FloatArray
from coopsim.world.state import World

# component → sign
ATTRACTIVENESS = {
    "arrived_jobs": 1.0,
    "population_change": 1.0,
    "marketing": 1.0,
    "centrality_keur_per_head": -1.0,
}
COOPERATION = {"pact_coverage": 1.0, "promises_kept_in_pacts": 1.0, "trust": 1.0, "knowledge": 1.0}
FILE = "axes_reference.toml"


def components(world: World, values: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the raw components of both axes, each (T,)."""
    start = np.maximum(world.places.population, 1.0)
    return {
        "arrived_jobs": (values["arrived_jobs"] - values["departed_jobs"]) / start,
        "population_change": values["population"] / start - 1.0,
        "marketing": world.finance.marketing + 0.1 * world.finance.subsidy,
        "centrality_keur_per_head": values["centrality_keur"] / start,
        "pact_coverage": values["pact_coverage"],
        "promises_kept_in_pacts": values["promises_kept"] * values["pact_coverage"],
        "trust": values["trust"],
        "knowledge": values["knowledge"],
    }


@lru_cache(maxsize=8)
def reference(folder: Path | None) -> dict[str, tuple[float, float]]:
    """Return (median, IQR) of each component in the case's frozen ensemble; (0, 1) where there is none."""
    names = (*ATTRACTIVENESS, *COOPERATION)
    if folder is None or not (folder / FILE).is_file():
        return dict.fromkeys(names, (0.0, 1.0))
    table = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))["component"]
    return {name: (float(table[name]["median"]), float(table[name]["spread"])) for name in names}


def axes(world: World, values: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return both indices, each (T,): means of ``sign·(x − median)/IQR``."""
    raw = components(world, values)
    scale = reference(world.spec.load_case().folder)

    def index(parts: dict[str, float]) -> FloatArray:
        z = [sign * (raw[name] - scale[name][0]) / max(scale[name][1], 1e-9) for name, sign in parts.items()]
        out: FloatArray = np.mean(z, axis=0)
        return out

    return {"attractiveness_index": index(ATTRACTIVENESS), "cooperation_index": index(COOPERATION)}
