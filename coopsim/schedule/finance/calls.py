"""Phase 8, calls for projects of the State and the Region: competitive, cooperative, or to commons.

The three kinds and what they do to those who answer: Labo de l'ESS (2020), *Dynamiques collectives de transitions dans
les territoires* (competitive calls disappoint more than they satisfy; calls to commons select nobody and let join a
project that exists). The same envelope is shared; what differs is who answers, what a file costs and who gets it.
"""

import numpy as np

from coopsim.schedule.shocks import shock_levels
from coopsim.tables import PactTable
from coopsim.types import FloatArray
from coopsim.world.state import World

_COMPETITIVE_SHARE = 4  # one territory in four is selected


def calls(world: World) -> None:
    """Share a quarter of the envelope, post what files cost, and pay what was held back a year ago."""
    rules, f, held = world.rules, world.finance, world.signals.calls_held
    place = world.tick % held.shape[0]
    late = held[place].copy()
    held[place] = 0.0
    if rules.pacts.call_type != "none" and rules.pacts.call_envelope > 0.0:
        weight = weights(world)
        if rules.pacts.call_file_keur > 0.0:
            f.post("programmes", 0.25 * rules.pacts.call_file_keur * files(world))
        if weight.sum() > 0:
            kept = 1.0 - shock_levels(world, "subsidy_cut")
            won = 0.25 * rules.pacts.call_envelope * weight / weight.sum() * kept
            f.post("outside_funding", rules.pacts.call_prefund * won)
            held[place] = (1.0 - rules.pacts.call_prefund) * won
            if world.tick % held.shape[0] == 0:
                _write(world, weight)
    if late.any():
        f.post("outside_funding", late)


def weights(world: World) -> FloatArray:
    """Return the share of the envelope that each territory gets, up to a factor, shape (T,)."""
    rules, f = world.rules, world.finance
    weight = np.zeros(world.size)
    if rules.pacts.call_type == "commons":
        return world.people.population.copy()
    if rules.pacts.call_type == "cooperative":
        for row in world.pacts.active:
            m = world.pacts.members[row]
            weight[m & in_good_standing(world.pacts, int(row), world.tick)] = (
                1.0 + rules.pacts.call_bonus * float(m.sum() - 2)
            )
        return weight
    # the best file wins: money goes to money
    best: FloatArray = np.sort(f.budget)[-max(1, world.size // _COMPETITIVE_SHARE)]
    return (f.budget >= best).astype(np.float64)


def files(world: World) -> FloatArray:
    """Return how many files each territory pays for, shape (T,): its own, its share of the pact's, or none."""
    out = np.zeros(world.size)
    if world.rules.pacts.call_type == "competitive":
        return out + 1.0
    if world.rules.pacts.call_type == "cooperative":
        for row in world.pacts.active:
            m = world.pacts.members[row]
            out[m] = 1.0 / float(m.sum())
    return out


def in_good_standing(pacts: PactTable, row: int, tick: int) -> FloatArray:
    """Return which territories are not suspended from a pact's common proceeds, shape (T,)."""
    out: FloatArray = pacts.suspended[row] <= tick
    return out


def _write(world: World, weight: FloatArray) -> None:
    """Once a year: who answered and who won."""
    answered = (
        files(world) > 0.0 if world.rules.pacts.call_type != "commons" else np.ones(world.size, np.bool_)
    )
    won, lost = int((weight > 0).sum()), int((answered & (weight <= 0)).sum())
    world.write(
        "", "call", world.rules.pacts.call_type, amount=float(won), outcome="shared",
        reason_fr=f"appel à projets : {won} lauréats, {lost} déçus",
        reason_en=f"call for projects: {won} winners, {lost} disappointed",
    )  # fmt: skip
