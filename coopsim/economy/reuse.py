r"""Re-use and repair: what a territory throws away that could be used again, and who lives on it.

Support of level *a* (sites, premises, deposits, access to what is brought to the tip) opens a part *a* of what
could be used again, :math:`g P` tonnes a year for *P* inhabitants. A tonne gives work to *e* people: re-use
companies start as long as their jobs leave a part of it unused, at a yearly pace *ρ*, so that the jobs gained tend
to :math:`a\,e\,g\,P` and no further. What is used again is not treated as waste.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray

SECTOR = "circular_repair"  # of the case's table; where a case has none, nothing can be supported


@dataclass(frozen=True, slots=True)
class ReuseParams:
    """Section ``economy.reuse``; units, ranges and sources stand in the parameter file."""

    keur_per_head: float
    kg_per_head_yr: float
    jobs_per_tonne: float
    pace_per_yr: float
    treatment_eur_per_tonne: float


def opened(p: ReuseParams, population: FloatArray, level: FloatArray) -> FloatArray:
    """Return what support opens to re-use, shape (T,), t/yr."""
    out: FloatArray = level * p.kg_per_head_yr / 1000.0 * population
    return out


def reused(p: ReuseParams, tonnes: FloatArray, jobs: FloatArray) -> FloatArray:
    """Return what is used again, shape (T,), t/yr: what is open, as far as the jobs gained can sort and repair it."""
    if p.jobs_per_tonne <= 0.0:
        return np.zeros_like(tonnes)
    return np.minimum(tonnes, np.maximum(jobs, 0.0) / p.jobs_per_tonne)


def room(p: ReuseParams, tonnes: FloatArray, jobs: FloatArray) -> FloatArray:
    """Return the jobs that what is open and unused could still give, shape (T,)."""
    return np.maximum(p.jobs_per_tonne * tonnes - np.maximum(jobs, 0.0), 0.0)
