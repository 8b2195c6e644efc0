"""Programmes of councils: levels that decisions raise and that fade."""

import numpy as np

from coopsim.schedule.moves.effect import Amount, Programme, add
from coopsim.society.councils import CouncilParams
from coopsim.society.projection import Outlook


def _relief(p: CouncilParams, look: Outlook) -> Amount:
    """Return the needs met by dwellings brought back, shape (T,)."""
    homes = np.minimum(look.vacancies_share, 0.1 * look.housing_vacancy)
    return p.programme_social_gain + 100.0 * p.housing_step * homes


def _wood_gain(p: CouncilParams) -> float:
    return p.wood_resource_gain


for _programme in (
    Programme("firm_support", lambda p: p.firm_support_cost_per_inhabitant, resources=_wood_gain),
    Programme("eit_animation", lambda p: p.eit_cost_per_inhabitant, resources=_wood_gain),
    Programme(
        "housing_programme",
        lambda p: p.housing_cost_per_inhabitant,
        step=lambda p: p.housing_step,
        social=_relief,
    ),
    Programme("coop_takeover", lambda p: p.coop_takeover_cost_per_inhabitant, gained=lambda o: o.saved_jobs),
    Programme(
        "ess_foundation", lambda p: p.ess_foundation_cost_per_inhabitant, gained=lambda o: o.started_jobs
    ),
    Programme("skills_programme", lambda p: p.skills_cost_per_inhabitant),
    Programme("mobility_programme", lambda p: p.mobility_cost_per_inhabitant),
):
    add(_programme.key, _programme)
