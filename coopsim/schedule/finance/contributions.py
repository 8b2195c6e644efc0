"""Phase 8, inside pacts: who pays which share of their costs, and what members pay when nothing makes them."""

import numpy as np

from coopsim.rng import Purpose, pair_ids, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.journal import membership
from coopsim.schedule.ties import detection
from coopsim.society import contributions as giving
from coopsim.society import pacts as pact_rules
from coopsim.society.crowding import kept
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def cost_shares(world: World, members: BoolArray, founder: int) -> FloatArray:
    """Return the share of a pact's yearly cost that each member owes by the rule in force, shape (T,); sums to 1."""
    p, rules = world.params, world.rules
    posts = p.finance.animation_cost_per_fte * (rules.pacts.fte + p.pacts.hired_fte * rules.pacts.hired)
    each = p.finance.coordination_cost_per_member * (1.0 + p.pact_life.rule_cost * rules.pacts.written)
    game = pact_rules.yearly_cost(world.people.population, members, posts, rules.monitoring, each, founder)
    return pact_rules.spread(rules.pacts.cost_sharing.payments(game.unit()), members)


def setup_shares(world: World, members: BoolArray) -> FloatArray:
    """Return the share of the cost of founding a pact that each member pays, shape (T,); sums to 1."""
    game = pact_rules.setup_cost(world.people.population, members, world.params.finance.setup_cost)
    return pact_rules.spread(world.rules.pacts.cost_sharing.payments(game.unit()), members)


def given(world: World, row: int) -> FloatArray:
    """Return the part of its assessed animation that each member pays, shape (T,); all of it unless voluntary.

    Decided in the first quarter of a year, and by newcomers when they come.
    """
    if not world.rules.pacts.voluntary:
        return np.ones(world.size)
    f, pact, members = world.finance, world.pacts.id[row], world.pacts.members[row]
    known = f.contributes_to[members] == pact
    if world.tick % TICKS_PER_YEAR and known.all():
        return f.contribution
    founder = int(world.pacts.founder[row])
    comply = giving.deterred(
        world.params.pacts, world.rules.pacts.withholding_fine, float(detection(world)[founder])
    )
    still = _not_put_off(world, founder)
    decided = giving.contributions(
        world.params.pacts, f.contribution[members], known, comply=comply, kept=still
    )
    changed = ~known if world.tick % TICKS_PER_YEAR else np.ones_like(known)
    f.contribution[members] = np.where(changed, decided, f.contribution[members])
    f.contributes_to[members] = pact
    _write(world, row)
    return f.contribution


def _not_put_off(world: World, founder: int) -> float:
    """Return the share of the members who still want to give where public money pays a part of the animation."""
    public = float(world.rules.pacts.funded[founder] * world.rules.pacts.public_money[founder])
    return float(kept(world.params.crowding, public, world.rules.council.posture[founder]))


def forget_leavers(world: World) -> None:
    """Let territories that are in no pact owe nothing; one that comes back starts anew."""
    if not world.rules.pacts.voluntary:
        return
    f = world.finance
    outside = ~np.any(world.pacts.members[world.pacts.active], axis=0)
    f.contributes_to[outside] = 0
    f.contribution[outside] = 1.0
    f.withheld[outside] = 0.0


def fine_withholders(world: World) -> None:
    """Once a year, fine what members have withheld where monitoring sees it; the other members get the fine."""
    rules, f = world.rules, world.finance
    if not rules.pacts.voluntary or world.tick % TICKS_PER_YEAR:
        return
    for row in world.pacts.active if rules.pacts.withholding_fine > 0.0 else ():
        members = world.pacts.members[row]
        ids = pair_ids(np.full(world.size, world.pacts.id[row]), world.places.id)
        seen = uniform(world.seed, Purpose.DETECTION, ids, world.tick)
        caught = members & (seen < detection(world)[int(world.pacts.founder[row])]) & (f.withheld > 0.0)
        for i in np.flatnonzero(caught):
            fee = rules.pacts.withholding_fine * float(f.withheld[i])
            transfer = np.where(members, -fee / (int(members.sum()) - 1), 0.0)
            transfer[i] = fee
            f.post("fines", transfer)
            world.write(
                world.places.code[i], "sanction", "fine", amount=fee, outcome="fine",
                reason_fr=f"{world.places.name[i]} n'a pas versé toute sa part : amende de {fee:.1f} k€",
                reason_en=f"{world.places.name[i]} did not pay its whole share: fine of {fee:.1f} k€",
                **membership(world, int(row)),
            )  # fmt: skip
    f.withheld[:] = 0.0


def _write(world: World, row: int) -> None:
    members = world.pacts.members[row]
    level = 100.0 * float(world.finance.contribution[members].mean())
    world.write(
        world.places.code[int(world.pacts.founder[row])], "pact", "contribution", amount=level / 100.0, outcome="paid",
        reason_fr=f"les membres du pacte versent en moyenne {level:.0f} % de leur part de l'animation",
        reason_en=f"members of the pact pay on average {level:.0f} % of their share of the animation",
        **membership(world, row),
    )  # fmt: skip
