"""The Donut: twelve social floors and nine ecological ceilings, those computed and those not modelled.

Raworth (2017), *Doughnut Economics*. The list, the marks and the reasons are data: ``scenarios/reference/donut.toml``.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, SYSTEM
from coopsim.scenario.shipped import shipped
from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class Dimension:
    """One floor or one ceiling.

    Attributes
    ----------
    key : str
    side : str
        ``floor`` or ``ceiling``.
    label : Text
    indicator : str
        Name in `coopsim.indicators`; empty where the model computes nothing.
    mark : float
        The floor or the ceiling, in the unit of the indicator (after ``invert``).
    invert : bool
        The value is 1 less the indicator.
    grade, source : str
        Evidence of the mark.
    why : Text
        Why the model does not compute it; empty where it does.
    """

    key: str
    side: str
    label: Text
    indicator: str
    mark: float
    invert: bool
    grade: str
    source: str
    why: Text

    @property
    def modelled(self) -> bool:
        """Whether the model computes it."""
        return bool(self.indicator)

    def level(self, value: float) -> float:
        """Return the value over the mark: a floor is met from 1 up, a ceiling is kept up to 1; NaN if not modelled."""
        if not self.modelled:
            return float("nan")
        return (1.0 - value if self.invert else value) / self.mark

    def kept(self, value: float) -> bool:
        """Tell whether the floor is met or the ceiling kept; both count a value that lies on the mark."""
        level = self.level(value)
        return level >= 1.0 - _ROUNDING if self.side == "floor" else level <= 1.0 + _ROUNDING


_ROUNDING = 1e-9


@cache
def dimensions() -> tuple[Dimension, ...]:
    """Return the floors, then the ceilings, in the order of the file."""
    data = tomllib.loads(shipped("reference", "donut.toml").read_text(encoding="utf-8"))
    found = tuple(
        _dimension(side, key, table) for side in ("floor", "ceiling") for key, table in data[side].items()
    )
    unknown = [d.indicator for d in found if d.modelled and d.indicator not in BY_NAME]
    if unknown:
        raise KeyError(f"donut.toml: unknown indicators {unknown}")
    return found


def _dimension(side: str, key: str, table: dict[str, Any]) -> Dimension:
    return Dimension(
        key=key,
        side=side,
        label=Text(table["fr"], table["en"]),
        indicator=table.get("indicator", ""),
        mark=float(table.get("mark", 1.0)),
        invert=bool(table.get("invert", False)),
        grade=table.get("grade", ""),
        source=table.get("source", ""),
        why=Text(table.get("why_fr", ""), table.get("why_en", "")),
    )


def levels(values: FloatArray) -> FloatArray:
    """Return the level of every dimension for one place, shape (21,); NaN where it is not modelled.

    Parameters
    ----------
    values : FloatArray, shape (I,)
        Indicators in the order of `coopsim.indicators.SYSTEM`.
    """
    out = [d.level(float(values[SYSTEM.index(d.indicator)]) if d.modelled else 0.0) for d in dimensions()]
    return np.array(out)


def counted(found: Sequence[float]) -> dict[str, tuple[int, int, int]]:
    """Return for each side how many are kept, how many are computed, and how many there are."""
    out = {}
    for side in ("floor", "ceiling"):
        mine = [(d, x) for d, x in zip(dimensions(), found, strict=True) if d.side == side]
        known = [(d, x) for d, x in mine if d.modelled and np.isfinite(x)]
        kept = sum(x >= 1.0 - _ROUNDING if side == "floor" else x <= 1.0 + _ROUNDING for _, x in known)
        out[side] = (int(kept), len(known), len(mine))
    return out
