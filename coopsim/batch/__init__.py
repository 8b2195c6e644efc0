"""Batches: thousands of runs from a plan, resumable, on one core or a cluster, with the same results.

What is named here is imported when first used: reading results needs no engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopsim.batch.job import job_of
    from coopsim.batch.plan import Plan
    from coopsim.batch.plan_file import load_plan, shipped_plans
    from coopsim.batch.reading import Batch, open_batch
    from coopsim.batch.running import Progress, live_batch, run_batch

_PLACES = {
    "Batch": "reading",
    "Plan": "plan",
    "Progress": "running",
    "job_of": "job",
    "live_batch": "running",
    "load_plan": "plan_file",
    "open_batch": "reading",
    "run_batch": "running",
    "shipped_plans": "plan_file",
}

__all__ = [
    "Batch",
    "Plan",
    "Progress",
    "job_of",
    "live_batch",
    "load_plan",
    "open_batch",
    "run_batch",
    "shipped_plans",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
