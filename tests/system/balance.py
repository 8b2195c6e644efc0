"""What a run is measured against at every tick: the stocks before it, how a broken balance is told, how equal is equal.

The balances themselves stand in `balances_nature`, `balances_economy` and `balances_society`; `invariants` runs them.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.economy.finance import LINE
from coopsim.resources.land import Use

EXACT = 1e-9
LAND = 1e-6


class Broken(AssertionError):  # noqa: N818 - a verdict
    """An invariant that does not hold; says which, when and by how much."""


@dataclass(frozen=True, slots=True)
class Before:
    """The stocks at the end of the last tick."""

    tick: int
    naf: np.ndarray
    protected: np.ndarray
    consumed: np.ndarray
    volume: np.ndarray
    lost: np.ndarray
    debt: np.ndarray
    outside: np.ndarray
    groundwater: np.ndarray
    tax: np.ndarray
    subsidies_paid: np.ndarray
    fte: np.ndarray
    population: np.ndarray
    dwellings: np.ndarray
    building: np.ndarray
    body_accounts: np.ndarray
    body_contributions: np.ndarray
    shielded: np.ndarray
    charged: np.ndarray
    drawn: float


def snapshot(world) -> Before:
    """Return copies of the stocks that the next tick is measured against."""
    return Before(
        tick=world.tick,
        naf=world.land.uses[:, Use.NAF].copy(),
        protected=world.land.uses[:, Use.PROTECTED].copy(),
        consumed=world.land.consumed.copy(),
        volume=world.wood.volume.copy(),
        lost=world.wood.lost.copy(),
        debt=world.finance.debt.copy(),
        outside=world.finance.outside.copy(),
        groundwater=world.rivers.groundwater.copy(),
        tax=world.finance.tax_pct.copy(),
        subsidies_paid=world.finance.subsidies_paid.copy(),
        fte=world.pacts.fte.copy(),
        population=world.people.population.copy(),
        dwellings=world.people.dwellings.copy(),
        building=world.people.building.copy(),
        body_accounts=world.bodies.total.copy(),
        body_contributions=world.finance.flows[:, LINE["body_contributions"]].copy(),
        shielded=world.land.shielded.copy(),
        charged=world.pathway.compensation.copy(),
        drawn=0.0 if world.local.funders is None else world.local.funders.drawn,
    )


def require(holds, world, what: str, value: object = "") -> None:
    """Raise `Broken` unless all of ``holds`` is true."""
    if not np.all(holds):
        raise Broken(f"{world.spec.name}, seed {world.seed}, tick {world.tick}: {what} {value}")


def same(a, b, world, what: str, tolerance: float = EXACT, scale=None) -> None:
    """Raise `Broken` unless the two are equal within the tolerance, relative to their size or to ``scale``."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    size = np.maximum(np.abs(a), np.abs(b)) if scale is None else np.asarray(scale, dtype=float)
    gap = np.abs(a - b) - tolerance * np.maximum(size, 1.0)
    require(gap <= 0, world, what, f"{a} {b}" if a.size < 12 else float(np.max(np.abs(a - b))))
