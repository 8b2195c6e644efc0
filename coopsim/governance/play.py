"""Games that strategic makers play: what a game shows, the best reply, and the plan where all replies rest.

A *game* is a view on the engine: the strategies in force, their bounds, and the exact marginal payoff of one
player's strategy computed with the engine's own functions. Payoffs are per year, one period of play.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy.optimize import brentq

from coopsim.types import BoolArray, FloatArray

_STILL = 1e-13  # relative change of a plan at rest
_SWEEPS = 20_000


@dataclass(slots=True)
class Circle:
    """Who sits at the table; arrays (n,) or (n, n), n territories.

    Attributes
    ----------
    playing : BoolArray, shape (n,)
        Who plays the game.
    allies : BoolArray, shape (n, n)
        Whose payoffs a joint plan of the row's pact sums, itself included.
    near : BoolArray, shape (n, n)
        Whom the row sees well enough to copy, itself included.
    punishing : BoolArray, shape (n,)
        Players who have seen a breach and still punish it.
    detection : FloatArray, shape (n,), 1/yr
        Probability that a breach is seen.
    """

    playing: BoolArray
    allies: BoolArray
    near: BoolArray
    punishing: BoolArray
    detection: FloatArray

    @classmethod
    def alone(cls, n: int) -> "Circle":
        """Return players who are in no pact, see only themselves and have seen no breach."""
        one = np.eye(n, dtype=np.bool_)
        return cls(np.ones(n, np.bool_), one, one, np.zeros(n, np.bool_), np.zeros(n))

    @property
    def count(self) -> int:
        """Number of players."""
        return int(self.playing.sum())


class Game(Protocol):
    """What a maker may look at.

    Attributes
    ----------
    name : str
        Name of the game; see `coopsim.society.games`.
    strategies : FloatArray, shape (n,)
        Last announced strategies of the players.
    circle : Circle
    known : dict
        Replies and plans already computed, by what they depend on.
    """

    name: str
    strategies: FloatArray
    circle: Circle
    known: dict[object, Any]

    def bounds(self, player: int, strategies: FloatArray) -> tuple[float, float]:
        """Return the legal interval of the player's strategy."""
        ...

    def marginal(
        self, player: int, strategies: FloatArray, group: BoolArray, discount_factor: float
    ) -> float:
        """Return the derivative of the summed payoffs of a group by the player's strategy.

        A positive factor is allowed: only the sign and the root count.
        """
        ...

    def payoff(self, player: int, strategies: FloatArray) -> float:
        """Return the player's payoff of one year."""
        ...

    def situation(self, player: int, strategies: FloatArray, group: BoolArray) -> object:
        """Return what the player's reply depends on, hashable; None when nobody else can share it."""
        ...


def stationary(marginal: Callable[[float], float], low: float, high: float) -> float:
    """Return where a payoff that first rises stops rising in [low, high] (a bound if it never does)."""
    if marginal(low) <= 0.0:
        return low
    top = low + 1.0
    while top < high and marginal(top) > 0.0:
        top = low + 2.0 * (top - low)
    top = min(top, high)
    if marginal(top) > 0.0:
        return top
    return float(brentq(marginal, low, top, xtol=1e-14, rtol=8.9e-16, maxiter=500))


def reply(game: Game, player: int, strategies: FloatArray, group: BoolArray, discount_factor: float) -> float:
    """Return the strategy that maximises the summed payoffs of a group, the other strategies given.

    Parameters
    ----------
    strategies : FloatArray, shape (n,)
        The player's own entry does not count.
    group : BoolArray, shape (n,)
    """
    situation = game.situation(player, strategies, group)
    key = (situation, discount_factor)
    if situation is not None and key in game.known:  # players who are alike ask the same
        return float(game.known[key])
    profile = strategies.copy()

    def marginal(own: float) -> float:
        profile[player] = own
        return game.marginal(player, profile, group, discount_factor)

    low, high = game.bounds(player, strategies)
    best = stationary(marginal, low, high)
    if situation is not None:
        game.known[key] = best
    return best


def plan(game: Game, groups: BoolArray, discount_factor: float) -> FloatArray:
    """Return the strategies at which every player replies best for its group, shape (n,).

    Damped simultaneous replies (fraction 1/n) from equal strategies: players who are alike play alike; those
    who do not play keep their strategy.

    Parameters
    ----------
    groups : BoolArray, shape (n, n)
        Row: whose payoffs the player sums.

    Raises
    ------
    ArithmeticError
        When the replies never come to rest.
    """
    key = ("plan", groups.tobytes(), discount_factor)
    if key in game.known:
        known: FloatArray = game.known[key]
        return known
    who, n = np.flatnonzero(game.circle.playing), game.circle.count
    found = np.where(game.circle.playing, 0.0, game.strategies)
    found[who] = [game.bounds(int(i), found)[0] for i in who]
    for _ in range(_SWEEPS):
        replies = np.array([reply(game, int(i), found, groups[i], discount_factor) for i in who])
        step = (replies - found[who]) / n
        found[who] += step
        if np.max(np.abs(step)) <= _STILL * max(float(np.max(np.abs(found))), 1e-300):
            game.known[key] = found
            return found
    raise ArithmeticError(f"the replies of the {game.name} game never come to rest")
