r"""Decision makers: who sets a council's strategy, and how.

A *game* is a view on the engine: the strategies in force, their bounds, and the exact marginal payoff
of one player's strategy computed with the engine's own functions. `best_reply` moves from the last
choice towards the root of its own marginal payoff by the fraction ``inertia`` (default 1/n: undamped
simultaneous replies diverge in a commons of four or more); `joint` does the same with the sum of payoffs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

from scipy.optimize import brentq

from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.types import FloatArray


class Game(Protocol):
    """What a maker may look at.

    Attributes
    ----------
    name : str
        ``tax`` (strategy: rate in %) or ``harvest`` (strategy: share of the stock taken a year).
    strategies : FloatArray, shape (n,)
        Last announced strategies of the players.
    """

    name: str
    strategies: FloatArray

    def bounds(self, player: int) -> tuple[float, float]:
        """Return the legal interval of the player's strategy."""
        ...

    def marginal(self, player: int, own: float, *, joint: bool, discount_factor: float) -> float:
        """Return the derivative of the player's (or everybody's) payoff by its own strategy.

        A positive factor is allowed: only the sign and the root count.
        """
        ...


@runtime_checkable
class DecisionMaker(Protocol):
    """Choose the next strategy of one player; None leaves the council's votes in charge."""

    traits: ClassVar[Traits]

    def play(self, game: Game, player: int) -> float | None:
        """Return the next strategy."""
        ...


MAKERS: Registry[DecisionMaker] = Registry("decision maker")


@MAKERS.register("heuristic")
@dataclass(frozen=True, slots=True)
class Heuristic:
    """The council informs itself, drafts, deliberates and votes."""

    traits: ClassVar[Traits] = Traits(
        Text("le conseil propose et vote", "the council drafts and votes"), "coopsim model page, councils"
    )

    def play(self, game: Game, player: int) -> float | None:  # noqa: ARG002, D102
        return None


@MAKERS.register("fixed")
@dataclass(frozen=True, slots=True)
class Fixed:
    """A plan followed whatever happens: a strategy, and moves made every year without a vote."""

    strategy: float | None = None
    moves: list[dict[str, Any]] = field(default_factory=list)

    traits: ClassVar[Traits] = Traits(
        Text("suit un plan sans vote", "follows a plan without a vote"), "coopsim model page, councils"
    )

    def play(self, game: Game, player: int) -> float | None:  # noqa: D102
        return float(game.strategies[player]) if self.strategy is None else self.strategy


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


@dataclass(frozen=True, slots=True)
class _Reply:
    """Shared fields and step of the strategic makers."""

    objective: str = "revenue"
    discount_factor: float = 0.0
    inertia: float | None = None

    def _step(self, game: Game, player: int, *, joint: bool) -> float:
        low, high = game.bounds(player)
        reply = stationary(
            lambda x: game.marginal(player, x, joint=joint, discount_factor=self.discount_factor), low, high
        )
        weight = 1.0 / game.strategies.size if self.inertia is None else self.inertia
        return float(game.strategies[player] + weight * (reply - game.strategies[player]))


@MAKERS.register("best_reply")
@dataclass(frozen=True, slots=True)
class BestReply(_Reply):
    """Moves towards the best reply to the others' last announced strategies."""

    traits: ClassVar[Traits] = Traits(
        Text("meilleure réponse amortie", "damped best reply"), "Nash 1951; damping: coopsim model page"
    )

    def play(self, game: Game, player: int) -> float | None:  # noqa: D102
        return self._step(game, player, joint=False)


@MAKERS.register("joint")
@dataclass(frozen=True, slots=True)
class Joint(_Reply):
    """Plays its part of what maximises the sum of payoffs."""

    traits: ClassVar[Traits] = Traits(
        Text("maximise la somme des gains", "maximises the sum of payoffs"), "cooperative benchmark"
    )

    def play(self, game: Game, player: int) -> float | None:  # noqa: D102
        return self._step(game, player, joint=True)
