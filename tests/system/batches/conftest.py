"""What the tests of whole batches share: one plan of 120 runs, lived once without interruption."""

from contextlib import contextmanager

import pytest

from coopsim.batch import chunks
from coopsim.batch.running import run_batch
from tests.batches import SHORT, write_plan


@contextmanager
def cut_short():
    """Cut batches here as `tests.batches.command` does in its processes."""
    before, place = chunks._SHORT, {}
    exec(SHORT, place)
    try:
        yield
    finally:
        chunks._SHORT = before


@pytest.fixture(scope="module", autouse=True)
def short_parts():
    with cut_short():
        yield


@pytest.fixture(scope="session")
def reference(tmp_path_factory):
    """A plan of 120 runs in 12 parts, and its results lived in one process without interruption."""
    folder = tmp_path_factory.mktemp("reference")
    plan = write_plan(folder, points=12, replicates=5, years=1, territories="true", extra="journal = true\n")
    with cut_short():
        run_batch(plan, folder / "out", workers=1)
    return plan, folder / "out"
