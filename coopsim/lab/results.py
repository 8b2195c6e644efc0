"""What a laboratory found: simulated against exact, result by result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from coopsim.lab.info import LabInfo

Value = float | bool | list[float] | dict[str, float] | None
TOLERANCE = 1e-6  # where nothing is random: of the unit, or of the exact value of a relative result
_SMALLEST = 1e-250  # below, a share of the exact value is no number any more
ERRORS = 3.0  # standard errors allowed where the result is random


@dataclass(frozen=True, slots=True)
class Estimate:
    """A random result.

    Attributes
    ----------
    value : float
    standard_error : float
        What the theory says a sample of this size misses by.
    """

    value: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What theory gives where it is a range rather than a number.

    Attributes
    ----------
    value : float
        Centre of the range.
    tolerance : float
        Its half-width; what the sample misses by comes on top.
    """

    value: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One result.

    Attributes
    ----------
    simulated, exact : float, bool, list of float, table of float or None
        Of one type; ``simulated`` is None where the engine did not settle, both are where theory has no value.
        A table has the same names on both sides.
    tolerance : float
        Largest gap allowed, in the unit of the result.
    ok : bool
        Whether every element is within the tolerance.
    """

    simulated: Value
    exact: Value
    tolerance: float
    ok: bool

    @property
    def gap(self) -> float:
        """Largest distance between simulated and exact, over the tolerance; infinite when one is missing."""
        if self.simulated is None or self.exact is None:
            return 0.0 if self.simulated is self.exact else np.inf
        if type(self.simulated) is not type(self.exact):
            return np.inf
        if isinstance(self.exact, bool):
            return 0.0 if self.simulated == self.exact else np.inf
        if isinstance(self.simulated, dict) and isinstance(self.exact, dict):
            if set(self.simulated) != set(self.exact):
                return np.inf
            simulated, exact = (np.array([x[k] for k in sorted(x)]) for x in (self.simulated, self.exact))
        else:
            simulated, exact = np.asarray(self.simulated, float), np.asarray(self.exact, float)
        if simulated.shape != exact.shape:
            return np.inf
        return float(np.max(np.abs(simulated - exact), initial=0.0) / self.tolerance)


@dataclass(frozen=True, slots=True)
class LabResult:
    """A laboratory that was run.

    Attributes
    ----------
    lab : str
    parameters : dict of str to object
        Defaults included.
    results : dict of str to Comparison
    """

    lab: str
    parameters: dict[str, Any]
    results: dict[str, Comparison]

    @property
    def ok(self) -> bool:
        """Whether every result is within its tolerance."""
        return all(result.ok for result in self.results.values())

    def to_json(self) -> dict[str, Any]:
        """Return the result in JSON types."""
        return {
            "lab": self.lab,
            "parameters": dict(self.parameters),
            "results": {
                name: {"simulated": r.simulated, "exact": r.exact, "tolerance": r.tolerance, "ok": r.ok}
                for name, r in self.results.items()
            },
        }


def compared(
    info: LabInfo, simulated: Mapping[str, Value | Estimate], exact: Mapping[str, Value | Expected]
) -> dict[str, Comparison]:
    """Return every result of a laboratory, in the order of its file."""
    return {
        name: compare(simulated[name], exact[name], relative=result.relative)
        for name, result in info.results.items()
    }


def compare(simulated: Value | Estimate, exact: Value | Expected, *, relative: bool) -> Comparison:
    """Return one comparison.

    Parameters
    ----------
    simulated : float, bool, list of float, table of float, Estimate or None
    exact : float, bool, list of float, table of float, Expected or None
    relative : bool
        Whether the tolerance is a share of the (largest) exact value instead of the unit.
    """
    tolerance, range_ = TOLERANCE, 0.0
    if isinstance(exact, Expected):
        range_ = exact.tolerance
        exact = exact.value
    if relative and exact is not None:
        sizes = list(exact.values()) if isinstance(exact, dict) else exact
        tolerance *= max(float(np.max(np.abs(sizes), initial=0.0)), _SMALLEST) if np.any(sizes) else 1.0
    tolerance = max(tolerance, range_)
    if isinstance(simulated, Estimate):
        # a sample without luck left in it (a share of 0 or 1) has no error but rounding
        tolerance = max(ERRORS * simulated.standard_error, TOLERANCE) + range_
        simulated = simulated.value
    found = Comparison(_plain(simulated), _plain(exact), tolerance, ok=False)
    return Comparison(found.simulated, found.exact, tolerance, ok=found.gap <= 1.0)


def _plain(value: Value) -> Value:
    """Return a value in the types that JSON knows."""
    if value is None or isinstance(value, bool | np.bool_):
        return None if value is None else bool(value)
    if isinstance(value, dict):
        return {str(name): float(item) for name, item in value.items()}
    if isinstance(value, list):
        return [float(item) for item in value]
    return float(value)
