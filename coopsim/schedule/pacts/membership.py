r"""Phase 9, membership of councils that compute: whether being in an agreement pays, member by member.

An agreement of a coalition S is *internally stable* when nobody gains by leaving it alone, and *externally
stable* when nobody outside gains by joining (d'Aspremont et al. 1983; Barrett 1994). With transfers, members
can pay those who would leave: S holds when its payoffs cover what all of them would get outside (Carraro,
Eyckmans & Finus 2006, *Optimal transfers and participation decisions in international agreements*).
"""

from collections.abc import Callable

import numpy as np

from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.councils.strategy import effort_game, players
from coopsim.schedule.journal import membership
from coopsim.society.games import EffortGame
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World

_SAME = 1e-9  # share of the payoffs below which a gain is rounding: the indifferent are in


def reckoning(world: World) -> BoolArray:
    """Return which territories decide on membership by their payoffs, shape (T,)."""
    return players(world, "net_benefit")


def may_leave(world: World, row: int) -> BoolArray:
    """Return which councils may decide to leave a pact now, shape (T,): those whose patience with it is over."""
    age = world.tick - int(world.pacts.founded[row])
    out: BoolArray = world.rules.leave_allowed & (age >= TICKS_PER_YEAR * world.rules.policy.patience)
    return out


def exit_fee(world: World, row: int, i: int) -> None:
    """Make a leaver pay the exit penalty of the rules to the other members."""
    fee = world.rules.pacts.exit_penalty[i]
    if fee > 0:
        transfer = np.zeros(world.size)
        others = world.pacts.members[row].copy()
        others[i] = False
        transfer[others] = -fee / max(int(others.sum()), 1)
        transfer[i] = fee
        world.finance.post("fines", transfer)


def outside(game: EffortGame, members: BoolArray) -> FloatArray:
    """Return what each member would get by leaving alone, shape (n,); zero for the others.

    The others go on together and the leaver acts alone: both efforts follow from the game.
    """
    out = np.zeros(members.size)
    total = game.benefit[members].sum()
    stay = int(members.sum()) - 1
    rest = game.benefit[~members].sum() / game.cost
    own = game.benefit[members] / game.cost
    effort = stay * (total - game.benefit[members]) / game.cost + own + rest
    out[members] = game.benefit[members] * effort - 0.5 * game.cost * own**2
    return out


def settle(world: World, row: int, leave: Callable[[World, int, int], None]) -> None:
    """Let members leave one after another while that pays, then let others join while that pays.

    Parameters
    ----------
    row : int
        The pact.
    leave : callable
        Takes a member out, at once or after the notice of the rules: world, row, territory.
    """
    here = reckoning(world)
    if not (world.pacts.members[row] & here).any():
        return
    game = effort_game(world)
    transfers = world.rules.pacts.compensation == "outside_option"
    while world.pacts.ended[row] < 0:
        members = staying(world, row)
        i = _leaver(world, game, members, here & may_leave(world, row), transfers=transfers)
        if i < 0:
            break
        leave(world, row, i)
    while world.pacts.ended[row] < 0:
        i = _joiner(world, game, staying(world, row), here)
        if i < 0:
            break
        world.pacts.members[row, i] = True
        world.write(
            world.places.code[i], "pact", "joined", amount=float(world.pacts.members[row].sum()), outcome="joined",
            reason_fr=f"{world.places.name[i]} gagne à entrer dans l'accord",
            reason_en=f"{world.places.name[i]} gains by joining the agreement",
            **membership(world, row),
        )  # fmt: skip
    if transfers and world.pacts.ended[row] < 0:
        pay(world, game, world.pacts.members[row])


def staying(world: World, row: int) -> BoolArray:
    """Return the members that have not given notice, shape (T,)."""
    out: BoolArray = world.pacts.members[row].copy()
    out[[i for _, pact, i in world.notices if pact == row]] = False
    return out


def _leaver(world: World, game: EffortGame, members: BoolArray, here: BoolArray, *, transfers: bool) -> int:
    """Return the member that gains most by leaving among those who may, -1 when nobody does."""
    inside = game.payoffs(game.efforts(members))
    claim = outside(game, members) - world.rules.pacts.exit_penalty * members
    scale = _SAME * max(float(np.abs(inside[members]).max(initial=0.0)), 1e-300)
    free = members & here
    if transfers and float((claim - inside)[members].sum()) <= scale * members.sum():
        return -1
    gain = np.where(free, claim - inside, -np.inf)
    return _first(world, gain) if gain.max(initial=-np.inf) > scale else -1


def _joiner(world: World, game: EffortGame, members: BoolArray, here: BoolArray) -> int:
    """Return who gains most by joining, or is indifferent; -1 when nobody is, or the pact is full."""
    if not members.any() or int(members.sum()) >= world.params.pacts.max_members:
        return -1
    now = game.payoffs(game.efforts(members))
    free = here & ~np.any(world.pacts.members[world.pacts.active], axis=0)
    gain = np.full(world.size, -np.inf)
    for i in np.flatnonzero(free):
        after = members.copy()
        after[i] = True
        joined = game.payoffs(game.efforts(after))
        harmed = (joined < now - _SAME * np.abs(now))[members].any()
        gain[i] = -np.inf if harmed else joined[i] - now[i]
    scale = _SAME * max(float(np.abs(now).max(initial=0.0)), 1e-300)
    return _first(world, gain) if gain.max(initial=-np.inf) >= -scale else -1


def _first(world: World, gain: FloatArray) -> int:
    """Return the row of the largest gain; among equals the first by code, whatever the order of rows."""
    best = np.flatnonzero(gain >= gain.max() - _SAME * abs(gain.max()))
    return int(min(best, key=lambda i: world.places.code[i]))


def pay(world: World, game: EffortGame, members: BoolArray) -> None:
    """Pay every member what leaving would be worth to it, and share what is left equally; sums to zero."""
    inside = game.payoffs(game.efforts(members))
    claim = outside(game, members)
    surplus = float((inside - claim)[members].sum()) / max(int(members.sum()), 1)
    received = np.where(members, claim + surplus - inside, 0.0)
    world.finance.post("compensation", -received)
