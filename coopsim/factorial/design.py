"""The cells of a factorial design: every combination of factors, at every point of a sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from coopsim.errors import scenario_error
from coopsim.factorial.factors import Factor
from coopsim.registry import nearest
from coopsim.scenario import parameters
from coopsim.scenario.overlay import at, nested

if TYPE_CHECKING:
    from coopsim.scenario import Scenario

MAX_RUN_LANES = 2000


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the sweep.

    Attributes
    ----------
    label : str
        The keys moved away from the base, such as ``economy.siting.outside_share=0.9``; empty at the base.
    settings : dict of str to object
        Value in force of every swept key.
    """

    label: str
    settings: dict[str, Any]


def sweep_points(base: "Scenario", sweep: Mapping[str, Sequence[Any]], *, cross: bool = False) -> list[Point]:
    """Return the base, then one point for each swept value that is not the base's.

    Parameters
    ----------
    sweep : mapping of str to sequence
        Values of dotted keys, each moved alone.
    cross : bool
        Move them together: every combination of the values.
    """
    document = base.document()
    start = {key: at(document, tuple(key.split("."))) for key in sweep}
    for key, value in start.items():
        if value is None:
            known = [parameter.key for parameter in parameters().values()]
            raise scenario_error("clé inconnue", "unknown key", key=key, nearest=nearest(key, known))
    if cross:
        moved = [dict(zip(sweep, values, strict=True)) for values in product(*sweep.values())]
    else:
        moved = [{key: value} for key, values in sweep.items() for value in values]
    points = {"": Point("", start)}
    for changes in moved:
        differing = {key: value for key, value in changes.items() if value != start[key]}
        label = ",".join(f"{key}={value}" for key, value in differing.items())
        points.setdefault(label, Point(label, {**start, **differing}))
    return list(points.values())


def cell_levels(factors: Sequence[Factor]) -> list[tuple[bool, ...]]:
    """Return the on/off levels of every cell, the last factor changing fastest."""
    return list(product((False, True), repeat=len(factors)))


def cell(
    base: "Scenario", factors: Sequence[Factor], levels: Sequence[bool], point: Point, number: int
) -> "Scenario":
    """Return the scenario of one cell at one point, numbered so that its name is unique."""
    changes = dict(point.settings) if point.label else {}
    for factor, level in zip(factors, levels, strict=True):
        changes.update(factor.on if level else factor.off)
    sides = ",".join(f"{f.name}={'on' if on else 'off'}" for f, on in zip(factors, levels, strict=True))
    return base.but({**changes, "name": f"{number:04d}.{sides}"[:120]})


def alone(base: "Scenario", factor: Factor, code: str, number: int) -> "Scenario":
    """Return a scenario in which one territory alone has the factor on.

    Parameters
    ----------
    base : Scenario
        The cell where every factor is off.
    """
    outside = [key for key in factor.on if not key.startswith("governance.")]
    if outside:
        raise scenario_error(
            "un territoire seul ne peut changer que des règles (governance.…)",
            "a single territory can only change rules (governance.…)",
            key=outside[0],
        )
    entry = {"code": code, **nested(factor.on)}
    rules = [*base.document().get("territory", []), entry]
    return base.but({"territory": rules, "name": f"{number:04d}.alone-{code.lower()}"[:120]})
