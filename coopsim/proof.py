"""Promise against proof: which steps of a theory of change runs have met, and when.

A reading of the record at the end of each year; it changes nothing in a run. A threshold is *reached* in the first year
whose end satisfies it. A step is *met* in the first year from which its threshold holds up to the date promised (after
that date: the first year that satisfies it) and by which all that it needs is met too: what is lost again before the
date is no proof, and what comes about before its preconditions may be luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coopsim.indicators import BY_NAME, SYSTEM, TERRITORY
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.scenario.theory_of_change import Step, in_order
from coopsim.types import BoolArray, FloatArray, IntArray

STATUSES = ("in_time", "late", "lost", "before_needs", "not_met", "open")
"""In time; after the date; met but lost at the end; threshold holds, needs not met; not met; date after the end."""

_TERRITORY_COLUMNS = np.array([SYSTEM.index(name) for name in TERRITORY])


@dataclass(frozen=True, slots=True)
class Proof:
    """What R runs show of one step.

    Attributes
    ----------
    reached, met : FloatArray, shape (R,), yr
        As said above; NaN for none.
    holds : BoolArray, shape (R,)
        The threshold holds at the end of the run, and so do those of all that it needs.
    value : FloatArray, shape (R,), unit of the indicator
        At the end of the year promised, or of the run if that comes first; NaN for a step without an indicator.
    missing : FloatArray, shape (R,), unit of the indicator
        What that value lacks to the threshold; 0 where it is met.
    status : tuple of str, length R
        One of `STATUSES`.
    """

    step: Step
    reached: FloatArray
    met: FloatArray
    holds: BoolArray
    value: FloatArray
    missing: FloatArray
    status: tuple[str, ...]

    @property
    def in_time(self) -> BoolArray:
        """Which runs met the step by the year promised, shape (R,)."""
        out: BoolArray = self.met <= self.step.by
        return out


def proofs(steps: Sequence[Step], cube: FloatArray, codes: Sequence[str], start_year: int) -> list[Proof]:
    """Return what runs show of each step, in the order of the file.

    Parameters
    ----------
    cube : FloatArray, shape (R, N, 1 + T, I)
        Run, tick, place (the system first), indicator as in `coopsim.indicators.SYSTEM`.
    codes : sequence of str, length T
    start_year : int
        Year of the first tick.
    """
    yearly = cube[:, TICKS_PER_YEAR - 1 :: TICKS_PER_YEAR]
    years = start_year + np.arange(yearly.shape[1])
    found: dict[str, Proof] = {}
    for step in in_order(steps):
        found[step.name] = _proof(step, yearly, codes, years, [found[need] for need in step.needs])
    return [found[step.name] for step in steps]


def _proof(
    step: Step, yearly: FloatArray, codes: Sequence[str], years: IntArray, needs: Sequence[Proof]
) -> Proof:
    runs = yearly.shape[0]
    value, lacks = np.full(runs, np.nan), np.zeros(runs)
    holds = np.ones((runs, years.size), np.bool_)
    if step.indicator is not None:
        place = 0 if step.territory is None else 1 + list(codes).index(step.territory)
        series = yearly[:, :, place, SYSTEM.index(step.indicator)]
        judged = min(step.by, int(years[-1])) - int(years[0])
        gap = missing(step, series)
        holds, value, lacks = gap <= 0.0, series[:, judged], np.maximum(gap[:, judged], 0.0)
    after = np.max([need.met for need in needs], axis=0) if needs else np.full(runs, float(years[0]))
    reached, lasting = _first(holds, years), _lasting(holds, years <= step.by)
    met = _first(lasting & (years[None, :] >= after[:, None]), years)
    last = np.logical_and.reduce([holds[:, -1], *(need.holds for need in needs)])
    status = tuple(
        _status(step, float(met[r]), int(years[-1]), holds=bool(last[r]), own=bool(lasting[r].any()))
        for r in range(runs)
    )
    return Proof(step, reached, met, last, value, lacks, status)


def missing(step: Step, values: FloatArray) -> FloatArray:
    """Return what values lack to the threshold of a step, negative inside it; infinite where there is no value."""
    low = -np.inf if step.at_least is None else step.at_least
    high = np.inf if step.at_most is None else step.at_most
    out: FloatArray = np.where(np.isnan(values), np.inf, np.maximum(low - values, values - high))
    return out


def _first(holds: BoolArray, years: IntArray) -> FloatArray:
    """Return the first year that holds in each run, shape (R,); NaN for none."""
    out: FloatArray = np.where(holds.any(axis=1), years[holds.argmax(axis=1)], np.nan)
    return out


def _lasting(holds: BoolArray, before: BoolArray) -> BoolArray:
    """Return from which years a threshold holds up to the date promised, shape (R, Y); after it: in which it holds.

    Parameters
    ----------
    holds : BoolArray, shape (R, Y)
    before : BoolArray, shape (Y,)
        Years up to the date promised.
    """
    out = holds.copy()
    out[:, before] = np.logical_and.accumulate(holds[:, before][:, ::-1], axis=1)[:, ::-1]
    return out


def _status(step: Step, met: float, last_year: int, *, holds: bool, own: bool) -> str:
    """Return how a step stands; ``own``: its own threshold is satisfied, whatever it needs."""
    if last_year < step.by:
        return "open"
    if not np.isnan(met):
        return "lost" if not holds else "in_time" if met <= step.by else "late"
    return "before_needs" if own and step.indicator is not None else "not_met"


def places_first(system: FloatArray, territories: FloatArray) -> FloatArray:
    """Return the record of one run as a cube of one run, shape (1, N, 1 + T, I).

    Parameters
    ----------
    system : FloatArray, shape (N, I)
    territories : FloatArray, shape (N, T, J)
        The indicators of `coopsim.indicators.TERRITORY`.
    """
    ticks, places, _ = territories.shape
    cube = np.full((1, ticks, 1 + places, system.shape[1]), np.nan)
    cube[0, :, 0] = system
    cube[0, :, 1:, _TERRITORY_COLUMNS] = np.moveaxis(territories, 2, 0)
    return cube


def proof_frame(found: Sequence[Proof], seeds: Sequence[int]) -> pd.DataFrame:
    """Return one row a step and run: promise, proof and status."""
    rows = []
    for proof in found:
        step = proof.step
        for r, seed in enumerate(seeds):
            rows.append(
                {
                    "step": step.name, "seed": seed, "title_fr": step.said.fr, "title_en": step.said.en,
                    "needs": ";".join(step.needs), "indicator": step.indicator or "",
                    "unit": BY_NAME[step.indicator].unit if step.indicator else "",
                    "territory": step.territory or "",
                    "at_least": np.nan if step.at_least is None else step.at_least,
                    "at_most": np.nan if step.at_most is None else step.at_most,
                    "by": step.by, "reached": proof.reached[r], "met": proof.met[r],
                    "holds": bool(proof.holds[r]), "value": proof.value[r], "missing": proof.missing[r],
                    "status": proof.status[r],
                }
            )  # fmt: skip
    return pd.DataFrame(rows)
