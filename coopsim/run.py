"""Run one scenario once."""

import gc
import time

from coopsim.model import CoopModel
from coopsim.outputs import Run
from coopsim.scenario.scenario import Scenario


def simulate(spec: Scenario, seed: int = 0, years: int | None = None) -> Run:
    """Return the record of one run.

    Parameters
    ----------
    spec : Scenario
    seed : int
        0 is a seed.
    years : int, optional
        Shorter (or longer) horizon than the scenario's.
    """
    if years is not None and years != spec.years:
        spec = spec.but({"horizon.years": years, "name": spec.name})
    start = time.perf_counter()
    model = CoopModel(spec, seed, views=False)
    try:
        model.run()
        recorder, world = model.recorder, model.world
        return Run(
            scenario=spec.name,
            document=spec.document(),
            hash=spec.hash,
            seed=seed,
            codes=world.places.code,
            start_year=spec.start_year,
            arrays=(recorder.territory[: recorder.ticks], recorder.system_values),
            journal_rows=world.journal,
            duration_s=time.perf_counter() - start,
        )
    finally:
        model.release()
        gc.collect(0)
