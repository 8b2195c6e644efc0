"""Phase 9, pacts: notices, calls to a pact, presidency, reviews, growth, joint actions, stages."""

from coopsim.schedule.pacts.accession import covered, negotiate
from coopsim.schedule.pacts.actions import joint_actions
from coopsim.schedule.pacts.exits import end_notices, review
from coopsim.schedule.pacts.funders import funders_year
from coopsim.schedule.pacts.growth import grow, start
from coopsim.schedule.pacts.leadership import after_election, presidencies
from coopsim.schedule.pacts.reciprocity import contracts_year
from coopsim.schedule.pacts.stages import advance_stages
from coopsim.schedule.siting.functions import lapse
from coopsim.society.moves import INDEX
from coopsim.world.state import World

_PROPOSE = INDEX["propose_pact"]


def pacts_phase(world: World) -> None:
    """Answer this session's calls to a pact, review pacts that are due, let pacts act, grow and mature."""
    if not (world.spec.submodels.pacts and world.spec.submodels.councils):
        return
    contracts_year(world)
    funders_year(world)
    if world.tick == 0:
        start(world)
    end_notices(world)
    lapse(world)
    calls = [i for _, i, m in world.pending if m == _PROPOSE]
    world.pending = [entry for entry in world.pending if entry[2] != _PROPOSE]
    for i in calls:
        if not covered(world)[i]:
            negotiate(world, i)
    after_election(world)
    if world.tick % 4 == 0:
        presidencies(world)
        review(world)
        grow(world)
        advance_stages(world)
    elif world.tick % 4 == 3:  # noqa: PLR2004 - autumn
        joint_actions(world)
