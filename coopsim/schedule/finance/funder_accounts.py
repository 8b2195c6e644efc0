"""Phase 8, money of contracts and large programmes, and own funds of pacts: what is paid, kept and drawn."""

import numpy as np

from coopsim.economy.funders import own_funds
from coopsim.schedule.firms.credit import state_of
from coopsim.world.state import World


def pay_funders(world: World) -> None:
    """Post what contracts and programmes decided in winter pay, and the territories' part."""
    state = world.local.funders
    if state is None:
        return
    if (state.due + state.own).any():
        world.finance.post("outside_funding", state.due)
        world.finance.post("programmes", state.due + state.own)
    state.posted, state.received = state.due, state.received + state.due
    state.due, state.own = np.zeros((2, world.size))


def through_own_funds(world: World, row: int, grant: float) -> float:
    """Return what a pact can spend of a quarter's outside grant, k€: a part is kept as own funds and drawn later."""
    pacts, share = world.pacts, float(world.rules.funders.own_funds[world.pacts.founder[row]])
    if share == 0.0 and pacts.capital[row] == 0.0:
        return grant
    kept = share * grant
    drawn, pacts.capital[row] = own_funds(world.params.funders, float(pacts.capital[row]), kept)
    state = state_of(world)
    state.put, state.drawn = state.put + kept, state.drawn + drawn
    return grant - kept + drawn


def give_back(world: World) -> None:
    """Let pacts that have ended give their own funds back to the funders."""
    pacts = world.pacts
    gone = (pacts.ended >= 0) & (pacts.capital > 0.0)
    if gone.any():
        state_of(world).returned += float(pacts.capital[gone].sum())
        pacts.capital[gone] = 0.0
