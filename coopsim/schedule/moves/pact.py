"""The move that proposes a pact to neighbours."""

import numpy as np

from coopsim.schedule.moves.effect import Expected, effect
from coopsim.schedule.neighbours import partners
from coopsim.society.projection import Outlook
from coopsim.types import BoolArray
from coopsim.world.state import World


@effect("propose_pact")
class ProposePact:
    """A council asks its neighbours to pool subjects; they answer in the phase of pacts."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return who is in no pact and has someone to ask."""
        out = np.full(world.size, world.spec.submodels.pacts)
        out &= ~world.pacts.members[world.pacts.active].any(axis=0)
        out &= world.rules.pacts.scopes.any(axis=1)
        out &= partners(world).any(axis=1)
        return out

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return what the likely partners would bring, already discounted by trust."""
        return Expected(
            jobs=look.pact_jobs,
            revenue=look.pact_money,
            cost=look.pact_cost,
            visible=world.params.councils.propose_visibility,
            resources=look.pact_security,
            ceded=look.pact_ceded,
            delay=1.0,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Do nothing here: the phase of pacts takes the adopted proposals."""
