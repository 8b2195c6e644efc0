"""Phase 9, joint actions: what the members of a pact try together each year, and what comes of it."""

import numpy as np

from coopsim.rng import Purpose, uniform
from coopsim.schedule.finance.contributions import setup_shares
from coopsim.schedule.firms.loops import action_delivered
from coopsim.schedule.journal import membership
from coopsim.society import pact_life as life_rules
from coopsim.world.state import World


def joint_actions(world: World) -> None:
    """Let each pact try this year's action; members pay for it whether it succeeds or not."""
    if world.rules.pacts.actions == "none":
        return
    for row in world.pacts.active:
        _try(world, int(row))


def _try(world: World, row: int) -> None:
    p, pacts = world.params, world.pacts
    life, m = p.pact_life, pacts.members[row]
    if not pacts.delivered[row].any() and not pacts.failed[row]:
        pacts.size[row] = life.action_start if world.rules.pacts.actions == "small_first" else 1.0
    size = float(pacts.size[row])
    inside = np.ix_(m, m)
    pairs = ~np.eye(int(m.sum()), dtype=np.bool_)
    trust = world.ties.trust[inside]
    chance = life_rules.success(
        life, life_rules.working(p.pacts, life, pacts, row), size, float(trust[pairs].mean())
    )
    luck, pick = (
        float(uniform(world.seed, Purpose.JOINT_ACTION, pacts.id[row], world.tick, n)) for n in (0, 1)
    )
    succeeded = luck < chance
    subjects = np.flatnonzero(pacts.scopes[row])
    subject = int(subjects[int(pick * subjects.size)])
    bill = size * life.action_cost_keur * setup_shares(world, m)
    world.finance.post("animation", bill)
    world.finance.pact_cost += bill
    world.ties.trust[inside] = np.where(
        pairs, life_rules.trust_after(life, trust, size, succeeded=succeeded), trust
    )
    if succeeded:
        pacts.delivered[row, subject] += 1
        action_delivered(world, row, size, **membership(world, row))
        if world.signals.first_win < 0:
            world.signals.first_win = world.tick
    else:
        pacts.failed[row] += 1
    pacts.wins[row] = life_rules.remembered(life, float(pacts.wins[row]), size, succeeded=succeeded)
    pacts.size[row] = life_rules.next_size(life, size, succeeded=succeeded)
    word = ("réussie", "delivered") if succeeded else ("manquée", "failed")
    world.write(
        world.places.code[int(pacts.president[row])], "pact", "action", amount=size, outcome=word[1],
        reason_fr=f"action commune {word[0]}, de taille {size:.2f}".replace(".", ","),
        reason_en=f"joint action {word[1]}, of size {size:.2f}",
        **membership(world, row),
    )  # fmt: skip
