r"""Bodies: what they cost, who pays, how services are interconnected, how a committee's seats are shared.

A body's running account is balanced every year by the price of water or by contributions; works are borrowed:

.. math:: \text{need} = \text{operation} + \text{programmes} + rD^+ + D^+/n

with *D* the debt, *r* the interest and *n* the years of repayment (running budget balanced, loans for investment
only: CGCT L1612-4). Interest goes to banks; the last term lowers the debt.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class BodyParams:
    """Section ``society.bodies``."""

    proposals_per_year: int
    water_price_eur_per_m3: float
    fixed_cost_share: float
    petr_eur_per_head: float
    river_eur_per_head: float
    charter_eur_per_head: float
    amortisation_years: float
    agency_share: float
    user_weight: float
    stress_chance: float
    sobriety_saving: float
    sobriety_years: int
    sobriety_eur_per_head: float
    main_share: float
    main_cost_keur_per_km: float
    main_km: float
    merger_saving_share: float
    store_share: float
    store_fill_share: float
    store_cost_keur_per_hm3: float
    new_dam_factor: float
    wetland_step: float
    wetland_max: float
    wetland_eur_per_head: float
    irrigation_weight: float
    charter_cost_keur_per_yr: float
    diagnostic_cost_keur: float
    diagnostic_years: int
    animation_fte: float
    pooling_fte: float
    staff_years: int
    silence_share: float
    transfer_ceded: float


def operation(p: BodyParams, ordinary: float, volume: float, start: float) -> float:
    """Return the running cost of a water service, k€/yr: a fixed share, the rest by the water it sells.

    Parameters
    ----------
    ordinary : float, k€/yr
        Cost of the first day.
    volume, start : float, m3/yr
        Sold now and on the first day.
    """
    moved = volume / start if start > 0.0 else 1.0
    return ordinary * (p.fixed_cost_share + (1.0 - p.fixed_cost_share) * moved)


def need(p: BodyParams, running: float, debt: float, interest: float) -> float:
    """Return what a body must collect in a year, k€: running costs, interest and repayment."""
    owed = max(debt, 0.0)
    return running + owed * (interest + 1.0 / p.amortisation_years)


def annuity(p: BodyParams, works: float, interest: float) -> float:
    """Return the first year's charge of borrowed works, k€/yr, aid of the water agency deducted."""
    return need(p, 0.0, works * (1.0 - p.agency_share), interest)


def contributions(bill: float, people: FloatArray, seats: IntArray, *, by_seats: bool) -> FloatArray:
    """Return what each member pays of a bill, shape (T,), k€; it sums to the bill.

    Parameters
    ----------
    people : FloatArray, shape (T,)
        Inhabitants of each territory inside the perimeter.
    seats : IntArray, shape (T,)
    by_seats : bool
        Whether statutes share by seats rather than by people.
    """
    key = seats.astype(np.float64) if by_seats else people * (seats > 0)
    if key.sum() <= 0.0:
        key = np.maximum(people, 0.0) if people.sum() > 0.0 else np.ones(people.size)
    out: FloatArray = bill * key / key.sum()
    return out


def interconnected(
    needed: FloatArray, capacity: FloatArray, links: list[tuple[int, int, float]]
) -> FloatArray:
    """Return the capacity of each service after its neighbours have lent what they do not need, shape (B,), m3/day.

    Links lend in the order of the list, each up to its main; the sum of capacities does not move.

    Parameters
    ----------
    needed : FloatArray, shape (B,), m3/day
        Production that a peak day asks for.
    links : list of (int, int, float)
        Rows of two services and the capacity of the main between them, m3/day.
    """
    out = capacity.copy()
    for a, b, main in links:
        spare = out - needed
        giver, taker = (a, b) if spare[a] >= spare[b] else (b, a)
        lent = min(main, max(float(spare[giver]), 0.0), max(-float(spare[taker]), 0.0))
        if np.isfinite(lent):
            out[giver] -= lent
            out[taker] += lent
    return out


def apportioned(people: FloatArray, seats: int, most: float = 1.0) -> IntArray:
    """Return the seats of a committee by highest averages, one at least each, none above a share; shape (n,).

    Parameters
    ----------
    people : FloatArray, shape (n,)
    seats : int
        To be shared; at least n.
    most : float, 0-1
        Largest share of one member: one half in a PETR (CGCT L5741-1); members at the limit give way to the others.
    """
    out = np.ones(people.size, np.int64)
    limit = max(int(most * seats), 1)
    for _ in range(seats - people.size):
        average = np.where(out < limit, people / (out + 1.0), -1.0)
        if average.max() < 0.0:
            break
        out[int(np.argmax(average))] += 1
    return out
