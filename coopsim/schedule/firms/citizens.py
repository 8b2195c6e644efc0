"""Inhabitants' money in energy works: what they could still bring, and what it spares to who is connected."""

import numpy as np

from coopsim.economy import citizen_capital as cit
from coopsim.economy import energy
from coopsim.economy.energy import WORKS
from coopsim.schedule.shocks import shock_levels
from coopsim.society.colleges import people_position
from coopsim.society.crowding import kept
from coopsim.types import FloatArray
from coopsim.world.state import World

_LONG = 2  # axis of the positions: short or long term


def left(world: World, public: FloatArray | float = 0.0) -> FloatArray:
    """Return what inhabitants would still subscribe, k€, shape (T,), to a work that is in part public money."""
    p = world.params.citizen_capital
    whole = p.most_share * p.ticket_keur * world.people.population
    held = world.commitments.capital
    subscribed = np.divide(held, whole, out=np.zeros_like(held), where=whole > 0.0)
    long_term = people_position(world.electorate, world.size)[:, _LONG]
    share = cit.joining(
        p,
        long_term,
        np.minimum(subscribed, 1.0),
        world.rules.council.clarity,
        shock_levels(world, "energy_price"),
        cit.outreach(p, world.rules.council.outreach),
        world.people.unemployment,
    )
    share = share * kept(world.params.crowding, public, world.rules.council.posture)
    out: FloatArray = np.maximum(share * p.ticket_keur * world.people.population - held, 0.0)
    return out


def part(world: World, paid: FloatArray, sites: float) -> FloatArray | None:
    """Return the part of the private capital of a new work that inhabitants bring, shape (2, T); None where closed.

    Parameters
    ----------
    paid : FloatArray, shape (T,), 0-1
        Part of the investment that is given.
    sites : float
        Establishments that the work connects.
    """
    open_share = world.rules.council.citizen_capital
    if not open_share.any():
        return None
    p, money = world.params.local.energy, left(world, paid)
    needed = np.array([energy.investment(p, work, sites) * (1.0 - paid) for work in range(len(WORKS))])
    reach = np.divide(money[None, :], needed, out=np.ones_like(needed), where=needed > 0.0)
    out: FloatArray = np.minimum(open_share[None, :], reach)
    return out


def gift(world: World, paid: FloatArray, sites: float) -> FloatArray | None:
    """Return the gift that inhabitants' cheaper money is worth, part of the investment, shape (2, T); None: none."""
    share = part(world, paid, sites)
    if share is None:
        return None
    p, c = world.params.local.energy, world.params.citizen_capital
    usual, theirs = (float(energy.annuity(r, p.life_years)) for r in (p.discount_per_yr, c.return_per_yr))
    out: FloatArray = (1.0 - paid)[None, :] * cit.spared(share, theirs, usual)
    return out


def subscribe(world: World, i: int, work: int, sites: float, paid: FloatArray) -> float:
    """Let inhabitants of one territory pay in for a work that is built; returns what they pay, k€."""
    share = part(world, paid, sites)
    if share is None:
        return 0.0
    needed = energy.investment(world.params.local.energy, work, sites) * (1.0 - float(paid[i]))
    raised = float(share[work, i]) * needed
    world.commitments.capital = world.commitments.capital.copy()
    world.commitments.capital[i] += raised
    return raised


def pay_outreach(world: World) -> None:
    """Let councils pay those who go and meet inhabitants, where their capital is open."""
    rules = world.rules.council
    if rules.outreach.any():
        paid = 0.001 * rules.outreach * world.people.population * (rules.citizen_capital > 0.0)
        world.finance.post("programmes", 0.25 * paid)
