"""How far a shock sets a series back, how long, and how much is lost: measured on two runs of one world.

The run with the shock is held against the run of the same seed without it, so what is lost is the effect of the shock
alone, whatever the trend. Depth and area are the height and the area of the resilience triangle of Bruneau et al.
(2003, Earthquake Spectra 19:733); the recovery time is the return time of Pimm (1984, Nature 307:321).
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import BoolArray, FloatArray

RECOVERED = 0.1  # of the depth: what may still be missing when a series counts as recovered
_NOTHING = 1e-9  # relative: a smaller loss is rounding


@dataclass(frozen=True, slots=True)
class Setback:
    """What a shock did to one series; arrays (R,), one entry a world.

    Attributes
    ----------
    depth : FloatArray
        Largest loss, as a share of the value without the shock; 0 where nothing was lost.
    trough : FloatArray, years
        From the shock to the largest loss; NaN where nothing was lost.
    recovery : FloatArray, years
        From the shock to the first quarter after the trough from which the loss stays within a tenth of the depth;
        infinite where that does not happen before the horizon, NaN where nothing was lost.
    area : FloatArray, years
        Loss added up over time, as a share of the yearly value without the shock; gains count as negative losses.
    """

    depth: FloatArray
    trough: FloatArray
    recovery: FloatArray
    area: FloatArray

    @property
    def hit(self) -> BoolArray:
        """Worlds in which something was lost."""
        out: BoolArray = self.depth > 0.0
        return out

    @property
    def recovered(self) -> BoolArray:
        """Worlds in which what was lost came back before the horizon."""
        out: BoolArray = np.isfinite(self.recovery)
        return out


def setback(
    shocked: FloatArray, calm: FloatArray, direction: int, start: int, step_years: float = 0.25
) -> Setback:
    """Return what a shock did.

    Parameters
    ----------
    shocked, calm : FloatArray, shape (R, N)
        A series with and without the shock: world, tick.
    direction : int
        1 where more is better, -1 where less is better.
    start : int
        Tick of the shock; what comes before is left out.
    step_years : float
        Length of a tick.

    Raises
    ------
    ValueError
        For a series without direction, of other shapes, or a shock beyond the last tick.
    """
    if direction not in (-1, 1):
        raise ValueError("direction: 1 (more is better) or -1 (less is better)")
    if shocked.shape != calm.shape or shocked.ndim != 2:  # noqa: PLR2004 - worlds and ticks
        raise ValueError("two arrays (worlds, ticks) of one shape")
    if not 0 <= start < calm.shape[1]:
        raise ValueError("start: a tick of the series")
    scale = np.abs(calm[:, start:])
    loss = direction * (calm[:, start:] - shocked[:, start:]) / np.where(scale > 0.0, scale, np.inf)
    loss = np.where(np.abs(loss) < _NOTHING, 0.0, loss)
    depth = np.maximum(loss.max(axis=1), 0.0)
    trough = loss.argmax(axis=1)
    area = step_years * (loss[:, :-1] + loss[:, 1:]).sum(axis=1) / 2.0  # trapezoids
    hit = depth > 0.0
    return Setback(
        depth=depth,
        trough=np.where(hit, step_years * trough, np.nan),
        recovery=np.where(hit, step_years * _returned(loss, depth, trough), np.nan),
        area=area,
    )


def _returned(loss: FloatArray, depth: FloatArray, trough: FloatArray) -> FloatArray:
    """Return the tick from which the loss stays within a tenth of the depth, infinite if none, shape (R,)."""
    ticks = np.arange(loss.shape[1])
    missing = (loss > RECOVERED * depth[:, None]) & (ticks >= trough[:, None])
    last = np.where(missing, ticks, -1).max(axis=1)  # the trough itself is missing
    return np.where(last + 1 < loss.shape[1], last + 1.0, np.inf)
