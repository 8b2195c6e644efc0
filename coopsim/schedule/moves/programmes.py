"""Programmes of councils: levels that decisions raise and that fade."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from coopsim.schedule.moves.effect import Amount, Expected, Gain, Programme, Raised, add, by_head
from coopsim.society.projection import Outlook
from coopsim.world.state import World


def _needs(world: World, _look: Outlook, raised: Raised) -> Expected:
    """Return the needs met, all that a council can tell."""
    return Expected(visible=0.1, social=world.params.councils.programme_social_gain * raised.left)


def _wood(world: World, look: Outlook, raised: Raised) -> Expected:
    """Return the needs met and the wood secured."""
    return replace(
        _needs(world, look, raised), resources=world.params.councils.wood_resource_gain * raised.left
    )


def _homes(world: World, look: Outlook, raised: Raised) -> Expected:
    """Return the needs met by dwellings brought back."""
    p = world.params.councils
    homes = np.minimum(look.vacancies_share, 0.1 * look.housing_vacancy)
    return Expected(
        visible=0.1, social=(p.programme_social_gain + 100.0 * p.housing_step * homes) * raised.left
    )


def _jobs(won: Callable[[Outlook], Amount]) -> Gain:
    """Return the gain of a programme that wins jobs each year in proportion to its level."""

    def gain(world: World, look: Outlook, raised: Raised) -> Expected:
        return replace(_needs(world, look, raised), jobs_per_yr=won(look) * raised.mean)

    return gain


for _programme in (
    Programme("firm_support", by_head(lambda p: p.councils.firm_support_cost_per_inhabitant), _wood),
    Programme("eit_animation", by_head(lambda p: p.councils.eit_cost_per_inhabitant), _wood),
    Programme(
        "housing_programme",
        by_head(lambda p: p.councils.housing_cost_per_inhabitant),
        _homes,
        step=lambda p: p.housing_step,
    ),
    Programme(
        "coop_takeover",
        by_head(lambda p: p.councils.coop_takeover_cost_per_inhabitant),
        _jobs(lambda look: look.saved_jobs),
    ),
    Programme(
        "ess_foundation",
        by_head(lambda p: p.councils.ess_foundation_cost_per_inhabitant),
        _jobs(lambda look: look.started_jobs),
    ),
    Programme("skills_programme", by_head(lambda p: p.councils.skills_cost_per_inhabitant), _needs),
    Programme("mobility_programme", by_head(lambda p: p.councils.mobility_cost_per_inhabitant), _needs),
):
    add(_programme.key, _programme)
