"""Phase 6, employment companies: who they hire, who pays for it, and what the public accounts book as saved."""

import numpy as np

from coopsim.economy.ebe import attitude, ease_of_others, staff, trust_won
from coopsim.scenario.dates import TICKS_PER_YEAR
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
    crowd.sheltered = staff(p, crowd.sheltered, crowd.seekers, posts, rules.ebe_pace * _sent(world))
    paid = 0.25 * p.contribution_keur * crowd.sheltered
    state.ebe_years += 0.25 * crowd.sheltered
    state.ebe_paid += paid
    state.ebe_avoided += 0.25 * p.avoided_keur * crowd.sheltered
    if world.spec.submodels.finance:
        team = 0.25 * world.params.finance.animation_cost_per_fte * p.team_fte_per_post * posts
        world.finance.post("programmes", rules.ebe_share * paid + team)
    if world.tick % TICKS_PER_YEAR == TICKS_PER_YEAR - 1:
        _write(world)
    return ease_of_others(p, crowd.sheltered, crowd.seekers)


def _sent(world: World) -> FloatArray | float:
    """Return the share of the people that the committee could find whom it finds, shape (T,), or 1; trust is won."""
    p, rules, state = world.params.local.ebe, world.rules.local, world.local
    if not rules.ebe_agency.any():
        return 1.0
    now = attitude(p, rules.ebe_associated, state.ebe_trust)
    working = rules.ebe_agency & (world.people.sheltered > 0.0)
    state.ebe_trust = trust_won(p, state.ebe_trust, rules.ebe_overlap, working)
    if world.tick % TICKS_PER_YEAR == TICKS_PER_YEAR - 1:
        _tell_agency(world, now)
    out: FloatArray = np.where(rules.ebe_agency, 1.0 - p.agency_share * (1.0 - now), 1.0)
    return out


def _tell_agency(world: World, now: FloatArray) -> None:
    for i in np.flatnonzero(world.rules.local.ebe_agency & (world.people.sheltered > 0.0)):
        name, part = world.places.name[i], 100.0 * float(now[i])
        world.write(
            world.places.code[i], "programme", "ebe_agency", amount=float(now[i]), outcome="sending",
            reason_fr=f"{name} : l'agence de l'emploi joue son rôle à {part:.0f} %",
            reason_en=f"{name}: the employment agency plays its part at {part:.0f}%",
        )  # fmt: skip


def _write(world: World) -> None:
    for i in np.flatnonzero(world.people.sheltered > 0.0):
        name, n = world.places.name[i], float(world.people.sheltered[i])
        world.write(
            world.places.code[i], "programme", "ebe", amount=n, outcome="working",
            reason_fr=f"{name} : {n:.0f} salariés en entreprise à but d'emploi",
            reason_en=f"{name}: {n:.0f} employees in employment companies",
        )  # fmt: skip
