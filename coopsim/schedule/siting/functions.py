"""Phase 7, functions split between the members of a pact on siting: who leaves which projects to whom."""

import numpy as np

from coopsim.economy import siting
from coopsim.society.commitments import functions
from coopsim.society.pacts import PAIR
from coopsim.tables import SCOPES
from coopsim.types import BoolArray
from coopsim.world.state import World

_LAND, _SITING = SCOPES.index("land"), SCOPES.index("siting")


def groups(world: World, willing: BoolArray) -> list[BoolArray]:
    """Return the members, shape (T,), of each pact on siting that are willing to split, where there are two."""
    pacts = world.pacts
    found = [pacts.members[row] & willing for row in pacts.active if pacts.scopes[row, _SITING]]
    return [m for m in found if int(m.sum()) >= PAIR]


def kept(world: World, group: BoolArray) -> BoolArray:
    """Return which sectors each territory keeps, shape (T, K): all of them outside the group."""
    out = np.ones(world.signals.posts.shape, np.bool_)
    out[group] = functions(world.signals.posts[group])
    return out


def split(world: World, requests: siting.Requests) -> tuple[BoolArray, BoolArray] | None:
    """Return what territories leave to their partners, or None where no functions are split.

    Returns
    -------
    left : BoolArray, shape (R, T)
        External projects that a territory leaves to another member.
    together : BoolArray, shape (T, T)
        Who may send a project to whom.
    """
    state = world.commitments
    if not state.split.any():
        return None
    left = np.zeros((len(requests), world.size), np.bool_)
    together = np.zeros((world.size, world.size), np.bool_)
    for group in groups(world, state.split):
        left |= ~kept(world, group)[:, requests.sector].T
        together |= group[:, None] & group[None, :]
    left &= (requests.origin < 0)[:, None]
    return left, together


def lapse(world: World) -> None:
    """End what binds partners where the pact that held it is gone."""
    state, pacts = world.commitments, world.pacts
    if not (state.reserve.any() or state.split.any()):
        return
    inside = np.zeros((world.size, len(SCOPES)), np.bool_)
    for row in pacts.active:
        inside |= pacts.members[row][:, None] & pacts.scopes[row][None, :]
    state.reserve = state.reserve & inside[:, _LAND]
    state.split = state.split & inside[:, _SITING]
