"""What a council's move is: when it can be made, what the council expects of it, and what it does.

A move stands in three places: its name, label and payer in the menu (`coopsim.society.moves`), its switch in
``governance.choice.moves``, and its behaviour here, one small class for each, registered under its name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from coopsim.society.councils import CouncilParams
from coopsim.society.moves import KEYS, PROGRAMMES
from coopsim.society.projection import Outlook
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World

Amount = FloatArray | float


@dataclass(frozen=True, slots=True)
class Expected:
    """What each council expects of one move; numbers or arrays of shape (T,).

    Attributes
    ----------
    jobs_per_yr : jobs/yr
        Won each year of the horizon, before crowding out; each brings tax and charges of centrality.
    jobs : jobs
        More at the horizon, whose money is already in ``revenue``.
    revenue, cost : k€/yr
    visible : -1..1
        What voters see of it.
    resources, social : share
        Change of security, or of needs met.
    ceded : share
        Of the decisions ceded to others.
    delay : years
        Before the effect.
    habit : % of the yearly budget
        What a gain must exceed before what stands is reopened.
    """

    jobs_per_yr: Amount = 0.0
    jobs: Amount = 0.0
    revenue: Amount = 0.0
    cost: Amount = 0.0
    visible: Amount = 0.0
    resources: Amount = 0.0
    social: Amount = 0.0
    ceded: Amount = 0.0
    delay: Amount = 0.0
    habit: Amount = 0.0


class Effect(Protocol):
    """The behaviour of a move."""

    def possible(self, world: World) -> BoolArray:
        """Return where the move can be made now, whatever the menu says, shape (T,)."""
        ...

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return what each council honestly expects: the suite compares it with paired runs."""
        ...

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Change what the move changes, and post what it costs to who pays it."""
        ...


class Always:
    """A move that can always be made."""

    def possible(self, world: World) -> BoolArray:
        """Return yes everywhere."""
        return np.ones(world.size, np.bool_)


EFFECTS: dict[str, Effect] = {}


def effect(*keys: str) -> Callable[[Callable[[str], Effect]], Callable[[str], Effect]]:
    """Register a class of behaviours under the names of the candidates that it serves.

    Raises
    ------
    ValueError
        For a name that the menu does not bear, or that has its behaviour already.
    """

    def register(made: Callable[[str], Effect]) -> Callable[[str], Effect]:
        for key in keys:
            add(key, made(key))
        return made

    return register


def add(key: str, behaviour: Effect) -> None:
    """Register one behaviour; raises ValueError as `effect` does."""
    if key not in KEYS or key in EFFECTS:
        raise ValueError(f"move {key!r} {'has two behaviours' if key in EFFECTS else 'is not on the menu'}")
    EFFECTS[key] = behaviour


@dataclass(frozen=True, slots=True)
class Programme(Always):
    """A level between 0 and 1 that each decision raises by a step of what is left, and that fades each quarter.

    What it does is told where its level is read (`World.programme`).

    Attributes
    ----------
    key : str
    keur_per_head : callable
        Cost of a decision, k€ an inhabitant, out of the councils' parameters.
    step : callable
        Part of the way to 1 that a decision goes.
    gained : callable
        Jobs won a year by a full programme, or nothing.
    social, resources : callable
        Change of needs met, of security, at an empty level.
    """

    key: str
    keur_per_head: Callable[[CouncilParams], float]
    step: Callable[[CouncilParams], float] = lambda p: p.programme_step
    gained: Callable[[Outlook], Amount] | None = None
    social: Callable[[CouncilParams, Outlook], Amount] = lambda p, _: p.programme_social_gain
    resources: Callable[[CouncilParams], float] = lambda _: 0.0

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return the cost, and what the mean level over the horizon brings."""
        p = world.params.councils
        years, left = p.horizon_years, 1.0 - world.programme(self.key)
        won: Amount = 0.0
        if self.gained is not None:
            fade = 4.0 * p.programme_fading_per_quarter
            level = self.step(p) * left
            level = level * (1.0 - np.exp(-fade * years)) / max(fade * years, 1e-9)
            won = self.gained(look) * level
        return Expected(
            jobs_per_yr=won,
            cost=self.keur_per_head(p) * look.population / years,
            visible=0.1,
            social=self.social(p, look) * left,
            resources=self.resources(p) * left,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Raise the level; the council pays by head."""
        p, column = world.params.councils, PROGRAMMES.index(self.key)
        level = world.programmes[council, column]
        world.programmes[council, column] += self.step(p) * (1.0 - level)
        bill = np.zeros(world.size)
        bill[council] = times
        world.finance.post("programmes", bill * self.keur_per_head(p) * world.people.population)
