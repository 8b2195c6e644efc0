"""Phase 6, employment companies: who they hire, who pays for it, and what the public accounts book as saved."""

import numpy as np

from coopsim.economy.ebe import ease_of_others, staff
from coopsim.society.moves import INDEX
from coopsim.types import FloatArray
from coopsim.world.state import World


def opened(world: World) -> FloatArray:
    """Return the posts open, shape (T,): those paid for, or as many as the council has asked for where it decides."""
    posts = world.rules.local.ebe_posts
    decides = world.rules.allowed[:, INDEX["ebe"]]
    out: FloatArray = np.where(decides, np.minimum(world.local.ebe_granted, posts), posts)
    return out


def running(world: World) -> bool:
    """Return whether there is any employment company, or money for one."""
    return bool(world.rules.local.ebe_posts.any() or world.people.sheltered.any())


def employment_companies(world: World) -> FloatArray | None:
    """Hire, pay, and return what it changes to the chances of those who still seek, shape (T,); None without any.

    Contributions of the State and the département go straight to the companies; the intercommunalité pays its share of
    them and the team of the local committee.
    """
    if not running(world):
        return None
    p, crowd, rules, state = world.params.local.ebe, world.people, world.rules.local, world.local
    posts = opened(world)
    crowd.sheltered = staff(p, crowd.sheltered, crowd.seekers, posts, rules.ebe_pace)
    paid = 0.25 * p.contribution_keur * crowd.sheltered
    state.ebe_years += 0.25 * crowd.sheltered
    state.ebe_paid += paid
    state.ebe_avoided += 0.25 * p.avoided_keur * crowd.sheltered
    if world.spec.submodels.finance:
        team = 0.25 * world.params.finance.animation_cost_per_fte * p.team_fte_per_post * posts
        world.finance.post("programmes", rules.ebe_share * paid + team)
    if world.tick % 4 == 3:  # noqa: PLR2004 - at the end of the year
        _write(world)
    return ease_of_others(p, crowd.sheltered, crowd.seekers)


def _write(world: World) -> None:
    for i in np.flatnonzero(world.people.sheltered > 0.0):
        name, n = world.places.name[i], float(world.people.sheltered[i])
        world.write(
            world.places.code[i], "programme", "ebe", amount=n, outcome="working",
            reason_fr=f"{name} : {n:.0f} salariés en entreprise à but d'emploi",
            reason_en=f"{name}: {n:.0f} employees in employment companies",
        )  # fmt: skip
