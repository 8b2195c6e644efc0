"""Moves of society: a local currency, and what makes people meet, learn and tell a common story.

Meetings, belonging and competence have no price in a council's accounts: it expects nothing of them but what is seen.
"""

from coopsim.schedule.firms import currency
from coopsim.schedule.moves.effect import Expected, Gain, Programme, Raised, add, by_head
from coopsim.society.projection import Outlook
from coopsim.world.state import World


def _seen(visible: float = 0.0) -> Gain:
    """Return the gain of a programme of which a council expects only what voters see of it."""
    return lambda _world, _look, _raised: Expected(visible=visible)


def _near(world: World, _look: Outlook, _raised: Raised) -> Expected:
    """Return the jobs that purchases moved near bring a year of the horizon."""
    p = world.params.councils
    return Expected(
        jobs_per_yr=currency.expected_jobs(world, p.programme_step) / p.horizon_years, visible=0.2
    )


for _move in (
    Programme("local_currency", by_head(lambda p: p.currency.keur_per_head), _near),
    Programme("conviviality", by_head(lambda p: p.social_moves.conviviality_keur_per_head), _seen(0.3)),
    Programme("visits", by_head(lambda p: p.social_moves.visits_keur_per_head), _seen(0.05)),
    Programme("narrative", by_head(lambda p: p.social_moves.narrative_keur_per_head), _seen(0.2)),
    Programme("third_party", by_head(lambda p: p.social_moves.third_party_keur_per_head), _seen(0.05)),
    Programme("training", by_head(lambda p: p.social_moves.training_keur_per_head), _seen()),
):
    add(_move.key, _move)
