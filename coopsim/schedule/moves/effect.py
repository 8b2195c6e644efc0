"""What a council's move is: when it can be made, what the council expects of it, and what it does.

A move stands in three places: its name, label and payer in the menu (`coopsim.society.moves`), its switch in
``governance.choice.moves``, and its behaviour here, one small class for each, registered under its name.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from coopsim.society.councils import CouncilParams
from coopsim.society.moves import KEYS, PROGRAMMES
from coopsim.society.projection import Outlook
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import Params, World

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
class Raised:
    """What one more decision makes of a programme's level, each of shape (T,).

    Attributes
    ----------
    left : share
        Of the way to a full programme before the decision.
    mean : 0..1
        What the decision adds to the level, on average over the council's horizon: it fades.
    """

    left: FloatArray
    mean: FloatArray


Gain = Callable[[World, Outlook, Raised], Expected]


def by_head(keur: Callable[[Params], float]) -> Callable[[World], FloatArray]:
    """Return the price, k€, shape (T,), of a decision that costs so much an inhabitant."""
    return lambda world: keur(world.params) * world.people.population


@dataclass(frozen=True, slots=True)
class Programme(Always):
    """A level between 0 and 1 that each decision raises by a step of what is left, and that fades each quarter.

    What it does is told where its level is read (`World.programme`).

    Attributes
    ----------
    key : str
    price : callable
        Cost of a decision, k€, a number or shape (T,).
    gain : callable
        What the raised level brings; its ``cost`` comes on top of the price, k€/yr.
    step : callable
        Part of the way to 1 that a decision goes.
    """

    key: str
    price: Callable[[World], Amount]
    gain: Gain
    step: Callable[[CouncilParams], float] = lambda p: p.programme_step

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return the gain, and the price of a decision spread over the horizon."""
        p = world.params.councils
        years, fade, left = (
            p.horizon_years,
            4.0 * p.programme_fading_per_quarter,
            1.0 - world.programme(self.key),
        )
        mean = self.step(p) * left * (1.0 - np.exp(-fade * years)) / max(fade * years, 1e-9)
        found = self.gain(world, look, Raised(left, mean))
        return replace(found, cost=found.cost + self.price(world) / years)

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Raise the level; the council pays the decision."""
        self.advance(world, council, self.step(world.params.councils))
        bill = np.zeros(world.size)
        bill[council] = times
        world.finance.post("programmes", bill * self.price(world))

    def advance(self, world: World, council: int, part: float) -> None:
        """Raise the level by a part of the way to 1, whoever pays."""
        column = PROGRAMMES.index(self.key)
        world.programmes[council, column] += part * (1.0 - world.programmes[council, column])
