"""What each half of the two regimes brings: bidding for companies, and pacts, crossed on the same worlds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from coopsim.batch.plan import Plan
from coopsim.comparison.statistics import differences, paired_effect
from coopsim.factorial import load_factor
from coopsim.factorial.effects import contrasts
from coopsim.indicators import OUTCOMES

if TYPE_CHECKING:
    from coopsim.batch.reading import Batch

FACTORS = ("attractiveness", "pacts")
BASE = "figeac-status-quo"
_LEVELS = ((False, False), (False, True), (True, False), (True, True))


@dataclass(frozen=True, slots=True)
class Cause:
    """One effect on one outcome, mean and 95 % interval over paired worlds."""

    effect: str
    kind: str
    outcome: str
    mean: float
    low: float
    high: float
    worlds: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def causes_plan(replicates: int, years: int | None = None, base: str = BASE) -> Plan:
    """Return the plan of the two factors, off and on, crossed; the length is that of the base without ``years``."""
    factors = [load_factor(name) for name in FACTORS]
    lanes = [
        {
            "scenario": base,
            "label": _label(levels),
            "set": {
                k: v
                for f, on in zip(factors, levels, strict=True)
                for k, v in (f.on if on else f.off).items()
            },
        }
        for levels in _LEVELS
    ]
    data: dict[str, Any] = {
        "schema": 1, "name": "regimes-causes", "run": {"scenarios": lanes, "replicates": replicates, "years": years},
        "record": {"what": "horizon"},
    }  # fmt: skip
    return Plan.model_validate(data)


def _label(levels: tuple[bool, ...]) -> str:
    return " ".join(f"{name}-{'on' if on else 'off'}" for name, on in zip(FACTORS, levels, strict=True))


def causes_of(batch: "Batch") -> list[Cause]:
    """Return main effects, interaction and simple effects of the two factors on every outcome."""
    names = [name for name in OUTCOMES if name in batch.indicators]
    table = batch.horizon(names)
    wide = {
        lane: rows.set_index("seed")[names].reindex(list(batch.seeds))
        for lane, rows in table.groupby("scenario", observed=True)
    }
    values = np.stack([wide[_label(levels)].to_numpy(np.float64) for levels in _LEVELS])
    return list(_effects(names, values))


def _effects(names: list[str], values: Any) -> Iterator[Cause]:
    for contrast in contrasts(FACTORS, _LEVELS):
        plus, minus = (
            np.einsum("c,cri->ri", np.maximum(w, 0.0), values) for w in (contrast.weights, -contrast.weights)
        )
        gap = differences(minus, plus)  # equal cells cancel to rounding
        found, worlds = paired_effect(gap), np.isfinite(gap).sum(axis=0)
        for n, name in enumerate(names):
            yield Cause(
                contrast.name, contrast.kind, name, float(found.mean[n]), float(found.low[n]), float(found.high[n]),
                int(worlds[n]),
            )  # fmt: skip
