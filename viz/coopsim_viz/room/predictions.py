"""Predict before reveal: what the room expects, kept and shown against what comes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from coopsim.indicators import BY_NAME


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one phone expects of the system's value of an indicator on a lane at a tick."""

    phone: str
    lane: str
    indicator: str
    tick: int
    value: float


class Predictions:
    """All predictions of a session; a phone's later one replaces its earlier one."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str, str, int], Prediction] = {}

    @staticmethod
    def sound(indicator: str, value: float) -> bool:
        """Return whether an indicator exists and a value is a number."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return indicator in BY_NAME and number and math.isfinite(value)

    def add(self, phone: str, lane: str, indicator: str, tick: int, value: float) -> None:
        """Keep a prediction."""
        self._all[phone, lane, indicator, tick] = Prediction(phone, lane, indicator, tick, float(value))

    def of(self, lane: str, indicator: str) -> dict[int, list[float]]:
        """Return the values expected by tick, in order."""
        found: dict[int, list[float]] = {}
        for one in self._all.values():
            if (one.lane, one.indicator) == (lane, indicator):
                found.setdefault(one.tick, []).append(one.value)
        return {tick: sorted(values) for tick, values in sorted(found.items())}

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Prediction]:
        return iter(self._all.values())
