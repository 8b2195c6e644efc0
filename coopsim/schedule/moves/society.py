"""Moves of society: a local currency, and what makes people meet, learn and tell a common story."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coopsim.schedule import currency
from coopsim.schedule.moves.effect import Always, Amount, Expected, add
from coopsim.society.moves import PROGRAMMES
from coopsim.society.projection import Outlook
from coopsim.world.state import Params, World


@dataclass(frozen=True, slots=True)
class SocialMove(Always):
    """A level between 0 and 1 that each decision raises by a step of what is left, and that fades each quarter.

    Attributes
    ----------
    key : str
    keur_per_head : callable
        Cost of a decision, k€ an inhabitant.
    visible : float, -1..1
        What voters see of it.
    jobs_per_yr : callable or None
        Jobs that one more decision brings a year of the horizon; none where nobody can say.
    """

    key: str
    keur_per_head: Callable[[Params], float]
    visible: float = 0.0
    jobs_per_yr: Callable[[World], Amount] | None = None

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return the cost, what is seen, and jobs where they can be told.

        Meetings, belonging and competence have no price in a council's accounts: it expects nothing of them.
        """
        cost = self.keur_per_head(world.params) * look.population / world.params.councils.horizon_years
        won: Amount = 0.0 if self.jobs_per_yr is None else self.jobs_per_yr(world)
        return Expected(jobs_per_yr=won, cost=cost, visible=self.visible)

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Raise the level; the council pays by head."""
        column = PROGRAMMES.index(self.key)
        level = world.programmes[council, column]
        world.programmes[council, column] += world.params.councils.programme_step * (1.0 - level)
        bill = np.zeros(world.size)
        bill[council] = times
        world.finance.post("programmes", bill * self.keur_per_head(world.params) * world.people.population)


def _near(world: World) -> Amount:
    """Return the jobs that purchases moved near bring a year of the horizon, shape (T,)."""
    p = world.params.councils
    return currency.expected_jobs(world, p.programme_step) / p.horizon_years


for _move in (
    SocialMove("local_currency", lambda p: p.currency.keur_per_head, 0.2, _near),
    SocialMove("conviviality", lambda p: p.social_moves.conviviality_keur_per_head, 0.3),
    SocialMove("visits", lambda p: p.social_moves.visits_keur_per_head, 0.05),
    SocialMove("narrative", lambda p: p.social_moves.narrative_keur_per_head, 0.2),
    SocialMove("third_party", lambda p: p.social_moves.third_party_keur_per_head, 0.05),
    SocialMove("training", lambda p: p.social_moves.training_keur_per_head),
):
    add(_move.key, _move)
