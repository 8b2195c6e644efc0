"""What every test gets: hypothesis profiles, a compiled-code cache of its own worker, English texts."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Numba's index and data files are written one after the other, without a lock: two workers that compile the
# same function at once could pair one's index with the other's code. Each worker keeps its own cache between
# runs; the processes that a test starts inherit it. Set before anything imports numba.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["NUMBA_CACHE_DIR"] = str(Path(__file__).parents[1] / ".pytest_cache" / "numba" / worker)

# The first example may compile a kernel: no deadline, and a slow start is no health problem.
_patient = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("dev", max_examples=50, **_patient)
settings.register_profile("ci", max_examples=25, derandomize=True, **_patient)
settings.register_profile("thorough", max_examples=1000, **_patient)
settings.load_profile("dev")


@pytest.fixture(autouse=True)
def english():
    """A test may change the language; the next one starts in English."""
    from coopsim.i18n import set_lang

    set_lang("en")
