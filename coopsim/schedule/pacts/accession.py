"""Phase 9, accession to pacts: invitations, candidates and members, foundations."""

import numpy as np

from coopsim.rng import Purpose, entity_id, pair_ids, uniform
from coopsim.schedule.finance.contributions import setup_shares
from coopsim.schedule.journal import membership
from coopsim.schedule.neighbours import partners
from coopsim.schedule.pacts.votes import TAGS, accession_utility, consult, members_agree
from coopsim.society import pacts as pact_rules
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World


def covered(world: World) -> BoolArray:
    """Return which territories are in a pact, shape (T,)."""
    out: BoolArray = np.any(world.pacts.members[world.pacts.active], axis=0)
    return out


def invitations(world: World, rows: IntArray) -> FloatArray:
    """Return with which probability each of the rows invites each territory, shape (len(rows), T).

    By the kernel of trust, knowledge, identity, dependence and rivalry, a catalyst, what others' visible successes
    show, and a running crisis.
    """
    t, life, pacts = world.ties, world.params.pact_life, world.pacts
    seen = np.zeros(world.size)
    for row in pacts.active:
        m = pacts.members[row]
        seen[m] = np.maximum(seen[m], pacts.wins[row])
    crisis = world.signals.salience[rows, None]
    return pact_rules.invitation(
        world.params.pacts,
        t.trust[rows],
        t.knowledge[rows],
        t.identity[rows],
        world.perceived[rows],
        t.rivalry[rows],
        np.maximum(world.rules.pacts.catalyst, world.programme("third_party"))[rows, None]
        + np.zeros(world.size),
        life.invite_wins * seen + life.invite_shock * crisis,
    )


def invited(world: World, i: int) -> BoolArray:
    """Return whom territory ``i`` invites this time, shape (T,)."""
    probability = invitations(world, np.array([i]))[0]
    ids = pair_ids(np.full(world.size, world.places.id[i]), world.places.id)
    draw = uniform(world.seed, Purpose.PACT_INVITE, ids, world.tick)
    out: BoolArray = (draw < probability) & partners(world)[i]
    return out


def negotiate(world: World, i: int) -> None:
    """Let ``i`` join a partner's pact, else found one with the invited who accept."""
    pacts, rules = world.pacts, world.rules
    wanted = invited(world, i)
    limit = rules.pacts.growth.most_members(world.params.pacts.max_members)
    for row in pacts.active:
        m = pacts.members[row]
        if (m & wanted).any() and int(m.sum()) < limit:
            admit(world, int(row), i)
            return
    free = wanted & ~covered(world)
    order = np.argsort(-(world.ties.trust[i] + world.ties.knowledge[i]) * free, kind="stable")
    group = np.zeros(world.size, np.bool_)
    group[i] = True
    group[[j for j in order[: limit - 1] if free[j]]] = True
    if int(group.sum()) < pact_rules.PAIR:
        return
    scopes = first_subjects(world, group, i)
    if not scopes.any():
        return
    accepted = consult(world, group, group, scopes, "join", i)
    if int(accepted.sum()) < pact_rules.PAIR or not accepted[i]:
        return
    found_pact(world, i, accepted, scopes)


def admit(world: World, row: int, i: int) -> bool:
    """Put the accession of ``i`` to its own vote, then to that of the members; returns whether it joined."""
    pacts = world.pacts
    members = pacts.members[row]
    after = members.copy()
    after[i] = True
    founder = int(pacts.founder[row])
    candidate = np.arange(world.size) == i
    if not consult(world, after, candidate, pacts.scopes[row], "join", founder, row)[i]:
        return False
    if not members_agree(world, row, after, pacts.scopes[row], "admit"):
        return False
    pacts.members[row] = after
    pacts.tax_at_entry[row, i] = world.signals.cfe[i]
    pacts.kept[row, i] = 1.0
    pacts.ladder[row, i] = pacts.suspended[row, i] = 0
    pacts.followers[row] += 1
    world.write(
        world.places.code[i], "pact", "joined", amount=float(after.sum()), outcome="joined",
        reason_fr=f"{world.places.name[i]} entre dans un pacte de {int(after.sum())} membres",
        reason_en=f"{world.places.name[i]} joins a pact of {int(after.sum())} members",
        **membership(world, row),
    )  # fmt: skip
    return True


def first_subjects(world: World, members: BoolArray, i: int) -> BoolArray:
    """Return on which subjects a pact begins, shape (6,): as many as its growth allows, those its founder prefers."""
    allowed: BoolArray = np.all(world.rules.pacts.scopes[members], axis=0)
    count = world.rules.pacts.growth.first_subjects(int(allowed.sum()))
    if count >= int(allowed.sum()):
        return allowed
    council = np.arange(world.size) == i
    liked = np.full(allowed.size, -np.inf)
    for s in np.flatnonzero(allowed):
        alone = np.arange(allowed.size) == s
        utility = accession_utility(world, members, alone, TAGS["join"], i, setup=True, asked=council)
        liked[s] = float(np.nanmean(utility))
    out = np.zeros(allowed.size, np.bool_)
    out[np.argsort(-liked, kind="stable")[:count]] = True
    return out


def impose(world: World, where: IntArray) -> None:
    """Found a pact by an event, without a vote, among the named territories that are in none."""
    members = np.zeros(world.size, np.bool_)
    members[where] = True
    members &= ~covered(world)
    if int(members.sum()) < pact_rules.PAIR or not np.all(world.rules.pacts.scopes[members], axis=0).any():
        return  # a pact needs two, and a subject
    # the rules of one member count for the whole: the first by code, whatever the order of the case's rows
    first = min(np.flatnonzero(members), key=lambda i: world.places.code[i])
    found_pact(world, int(first), members, first_subjects(world, members, int(first)))


def found_pact(world: World, i: int, members: BoolArray, scopes: BoolArray) -> None:
    """Found a pact: its members pay for it, and neighbours' pacts that show successes have a follower."""
    p = world.params
    pact_id = entity_id("pact", world.places.code[i], world.tick, 0)
    seen = world.ties.adjacent[i] | members
    for other in world.pacts.active:
        if world.pacts.wins[other] >= p.pact_life.action_start and (world.pacts.members[other] & seen).any():
            world.pacts.followers[other] += 1
    row = world.pacts.found(pact_id, members, scopes, world.tick, i, world.signals.cfe)
    shares = setup_shares(world, members)
    world.finance.post("animation", p.finance.setup_cost * shares)
    world.finance.pact_cost += p.finance.setup_cost * shares
    names = ", ".join(world.places.name[j] for j in np.flatnonzero(members))
    world.write(
        world.places.code[i], "pact", "founded", amount=float(members.sum()), outcome="founded",
        reason_fr=f"pacte fondé par {world.places.name[i]} : {names}",
        reason_en=f"pact founded by {world.places.name[i]}: {names}",
        **membership(world, row),
    )  # fmt: skip
