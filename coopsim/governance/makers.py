r"""Decision makers: who sets a council's strategy, and how.

`best_reply` moves from the last choice towards the best reply by the fraction ``inertia`` (default 1/n:
undamped simultaneous replies diverge in a commons of four or more); `joint` does the same with the sum of
payoffs; `trigger` keeps a joint plan as long as nobody is seen to break it; `imitate` copies who did best;
`fixed` follows a plan; `human` plays what people decide. `heuristic` leaves the council's votes in charge.

References
----------
.. [F1971] Friedman (1971), *A non-cooperative equilibrium for supergames*, Review of Economic Studies 38.
.. [GP1984] Green & Porter (1984), *Noncooperative collusion under imperfect price information*, Econometrica 52.
.. [S1998] Schlag (1998), *Why imitate, and if so, how?*, Journal of Economic Theory 78.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np

from coopsim.errors import scenario_error
from coopsim.governance.play import Game, plan, reply
from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.types import BoolArray

Objective = Literal["revenue", "log_harvest", "rent", "net_benefit", "water_benefit"]
_TEMPTED = 1e-12  # share of the payoffs by which a gain must exceed a loss: above rounding


@runtime_checkable
class DecisionMaker(Protocol):
    """Choose the next strategy of one player; None leaves it as it is."""

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


def _one_of(value: float, low: float, high: float, name: str) -> None:
    if not low <= value <= high:
        raise scenario_error(
            "valeur hors des bornes",
            "value out of bounds",
            key=name,
            value=value,
            allowed=f"{low:g} – {high:g}",
        )


def _rate(value: float, name: str) -> None:
    _one_of(value, 0.0, 1.0, name)


@MAKERS.register("fixed")
@dataclass(frozen=True, slots=True)
class Fixed:
    """A plan followed whatever happens: a strategy, and moves made every session without a vote.

    Parameters
    ----------
    strategy : float, optional
        Brought inside the legal bounds of the game; absent: the strategy stays what it is.
    moves : list of table
        ``{move = "marketing", times = 1.0}`` each.
    objective : str
        Game that the strategy belongs to.
    """

    strategy: float | None = None
    moves: list[dict[str, Any]] = field(default_factory=list)
    objective: Objective = "revenue"

    traits: ClassVar[Traits] = Traits(
        Text("suit un plan sans vote", "follows a plan without a vote"), "coopsim model page, councils"
    )

    def play(self, game: Game, player: int) -> float | None:  # noqa: D102
        if self.strategy is None:
            return None
        low, high = game.bounds(player, game.strategies)
        return min(max(self.strategy, low), high)


@MAKERS.register("human")
@dataclass(frozen=True, slots=True)
class Human:
    """People decide, through `coopsim.CoopModel.decide`; until they do, nothing moves.

    Parameters
    ----------
    objective : str
        Game that their strategy belongs to.
    """

    objective: Objective = "revenue"

    traits: ClassVar[Traits] = Traits(
        Text("des personnes décident, en atelier", "people decide, in a workshop"),
        "role-playing games with simulations: Barreteau et al. (2003), JASSS 6(2)",
    )

    def play(self, game: Game, player: int) -> float | None:  # noqa: ARG002, D102
        return None  # their decisions wait in the world


@dataclass(frozen=True, slots=True)
class _Strategic:
    """Shared fields of the makers that compute.

    Parameters
    ----------
    objective : str
        What the player maximises: ``revenue`` (business tax), ``log_harvest`` (discounted log harvest of a
        stock), ``rent`` (yield less effort of a commons), ``net_benefit`` (benefit of everybody's effort less
        own cost), ``water_benefit`` (benefit of the water it takes).
    discount_factor : float, 0-1, 1/yr
        Weight of the next year; 0: only this year counts.
    """

    objective: Objective = "revenue"
    discount_factor: float = 0.0

    def __post_init__(self) -> None:
        _rate(self.discount_factor, "discount_factor")


@dataclass(frozen=True, slots=True)
class _Reply(_Strategic):
    inertia: float | None = None

    def __post_init__(self) -> None:
        _rate(self.discount_factor, "discount_factor")
        if self.inertia is not None:
            _rate(self.inertia, "inertia")

    def _step(self, game: Game, player: int, group: BoolArray) -> float:
        best = reply(game, player, game.strategies, group, self.discount_factor)
        weight = 1.0 / game.circle.count if self.inertia is None else self.inertia
        return float(game.strategies[player] + weight * (best - game.strategies[player]))


def _self(game: Game, player: int) -> BoolArray:
    out: BoolArray = np.arange(game.strategies.size) == player
    return out


@MAKERS.register("best_reply")
@dataclass(frozen=True, slots=True)
class BestReply(_Reply):
    """Moves towards the best reply to the others' last announced strategies."""

    traits: ClassVar[Traits] = Traits(
        Text("meilleure réponse amortie", "damped best reply"), "Nash 1951; damping: coopsim model page"
    )

    def play(self, game: Game, player: int) -> float | None:  # noqa: D102
        return self._step(game, player, _self(game, player))


@MAKERS.register("joint")
@dataclass(frozen=True, slots=True)
class Joint(_Reply):
    """Plays its part of what maximises a sum of payoffs.

    Parameters
    ----------
    among : str
        ``all`` players of the game, or the members of its own ``pact`` (itself alone outside any).
    """

    among: Literal["all", "pact"] = "all"

    traits: ClassVar[Traits] = Traits(
        Text("maximise la somme des gains", "maximises the sum of payoffs"), "cooperative benchmark"
    )

    def play(self, game: Game, player: int) -> float | None:  # noqa: D102
        group = game.circle.playing
        if self.among == "pact":
            group = group & game.circle.allies[player]
        return self._step(game, player, group)


@MAKERS.register("trigger")
@dataclass(frozen=True, slots=True)
class Trigger(_Strategic):
    """Keeps its part of the joint plan; breaks it when that pays; punishes with the Nash plan after a breach.

    It breaks the plan when the gain of one year exceeds what punishment would cost from the next year on,
    ``δ·p·(joint - nash)/(1 - δ)`` for ever, or ``δ·p·(joint - nash)·(1 - δ^k)/(1 - δ)`` over k years, with p
    the probability that a breach is seen.

    Parameters
    ----------
    punishment_years : int, optional
        Absent: for ever (grim trigger).
    """

    punishment_years: int | None = None

    traits: ClassVar[Traits] = Traits(
        Text(
            "tient sa parole tant que personne n'est vu y manquer", "keeps its word while no breach is seen"
        ),
        "Friedman 1971; Green & Porter 1984 for breaches that may stay unseen",
    )

    def __post_init__(self) -> None:
        _rate(self.discount_factor, "discount_factor")
        if self.objective == "log_harvest":
            raise scenario_error(
                "« trigger » joue des jeux d'une période : « log_harvest » n'en est pas un",
                "'trigger' plays games of one period: 'log_harvest' is not one",
                key="objective", value=self.objective, allowed="revenue, rent, net_benefit, water_benefit",
            )  # fmt: skip
        if self.punishment_years is not None:
            _one_of(self.punishment_years, 1, 1000, "punishment_years")

    def promised(self, game: Game) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the joint plan that nobody is to break, shape (n,)."""
        everybody = np.broadcast_to(game.circle.playing, (game.strategies.size,) * 2)
        return plan(game, everybody, 0.0)

    def play(self, game: Game, player: int) -> float | None:  # noqa: D102
        n = game.strategies.size
        nash = plan(game, np.eye(n, dtype=np.bool_), 0.0)
        if game.circle.punishing[player]:
            return float(nash[player])
        joint = self.promised(game)
        alone = joint.copy()
        alone[player] = reply(game, player, joint, _self(game, player), 0.0)
        kept = game.payoff(player, joint)
        gain = game.payoff(player, alone) - kept
        loss = game.circle.detection[player] * (kept - game.payoff(player, nash))
        years, over = self._punished()
        tempted = gain * over > years * loss + _TEMPTED * abs(kept) * over
        return float((alone if tempted else joint)[player])

    def _punished(self) -> tuple[float, float]:
        """Return the discounted years of punishment seen from the year of the breach: dividend, divisor."""
        d = self.discount_factor
        if self.punishment_years is not None:
            return sum(d**year for year in range(1, self.punishment_years + 1)), 1.0
        return d, 1.0 - d


@MAKERS.register("imitate")
@dataclass(frozen=True, slots=True)
class Imitate:
    """Copies last year's strategy of the neighbour with the best payoff, if it did better than itself.

    Parameters
    ----------
    objective : str
    """

    objective: Objective = "revenue"

    traits: ClassVar[Traits] = Traits(
        Text("copie le voisin qui s'en sort le mieux", "copies the neighbour who does best"), "Schlag 1998"
    )

    def play(self, game: Game, player: int) -> float | None:  # noqa: D102
        near = np.flatnonzero(game.circle.near[player] & game.circle.playing)
        payoffs = np.array([game.payoff(int(other), game.strategies) for other in near])
        best = payoffs >= payoffs.max() - _TEMPTED * abs(payoffs.max())
        if player in near[best]:
            return float(game.strategies[player])
        low, high = game.bounds(player, game.strategies)
        # among equals the largest strategy, so that the order of territories does not count
        return min(max(float(game.strategies[near[best]].max()), low), high)
