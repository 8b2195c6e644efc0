"""Phase 9, how pacts grow: more subjects, members, links; the rule says who asks what, councils answer."""

import numpy as np

from coopsim.rng import Purpose, pair_ids, uniform
from coopsim.schedule.journal import membership
from coopsim.schedule.neighbours import partners
from coopsim.schedule.pacts.accession import admit, covered, first_subjects, found_pact, invitations
from coopsim.schedule.pacts.votes import members_agree
from coopsim.society.pacts import PAIR
from coopsim.types import FloatArray
from coopsim.world.state import World


def start(world: World) -> None:
    """Found the pact of the first day, if the scenario has one: the largest territory and those it knows best."""
    count = world.params.pact_life.start_members
    if count < PAIR or covered(world).any():
        return
    people, code = world.people.population, world.places.code
    first = min(np.flatnonzero(people >= people.max()), key=lambda i: code[i])
    near = partners(world)[first]
    known = world.ties.knowledge[first]
    order = sorted(np.flatnonzero(near), key=lambda j: (-known[j], code[j]))
    members = np.zeros(world.size, np.bool_)
    members[[first, *order[: count - 1]]] = True
    if int(members.sum()) >= PAIR and np.all(world.rules.pacts.scopes[members], axis=0).any():
        found_pact(world, int(first), members, first_subjects(world, members, int(first)))


def grow(world: World) -> None:
    """Let pacts deepen after a review, invite a neighbour, or link with another pact, as their rule says."""
    rule, pacts = world.rules.pacts.growth, world.pacts
    for row in pacts.active:
        if rule.deepens and pacts.reviewed[row] == world.tick and pacts.founded[row] < world.tick:
            _deepen(world, int(row))
        if rule.invites:
            _invite(world, int(row))
    if rule.links:
        _link(world)


def _deepen(world: World, row: int) -> None:
    pacts, m = world.pacts, world.pacts.members[row]
    missing = np.all(world.rules.pacts.scopes[m], axis=0) & ~pacts.scopes[row]
    if not missing.any():
        return
    after = pacts.scopes[row].copy()
    after[np.flatnonzero(missing)[0]] = True
    if members_agree(world, row, m, after, "deepen"):
        pacts.scopes[row] = after
        _write(world, row, "deepened", int(after.sum()), "un objet de plus", "one more subject")


def _invite(world: World, row: int) -> None:
    """Invite the neighbour that the members are most willing to have, if they are willing enough."""
    pacts, m = world.pacts, world.pacts.members[row]
    if int(m.sum()) >= world.rules.pacts.growth.most_members(world.params.pacts.max_members):
        return
    outside = (
        partners(world)[m].any(axis=0)
        & ~covered(world)
        & world.rules.pacts.scopes[:, pacts.scopes[row]].all(axis=1)
    )
    if not outside.any():
        return
    willing = _willing(world, row)
    code = world.places.code
    j = int(min(np.flatnonzero(outside), key=lambda i: (-round(float(willing[i]), 12), code[i])))
    ids = pair_ids(pacts.id[row], world.places.id[j])
    if float(uniform(world.seed, Purpose.PACT_GROWTH, ids, world.tick)) < willing[j]:
        admit(world, row, j)


def _willing(world: World, row: int) -> FloatArray:
    """Return how willing the members of a pact are to have each territory, 0-1, shape (T,)."""
    out: FloatArray = invitations(world, np.flatnonzero(world.pacts.members[row])).mean(axis=0)
    return out


def _link(world: World) -> None:
    """Let pacts of neighbours federate where each side's members agree."""
    pacts = world.pacts
    rows = sorted(pacts.active, key=lambda row: int(pacts.id[row]))
    for n, a in enumerate(rows):
        for b in rows[n + 1 :]:
            near = world.ties.adjacent[np.ix_(pacts.members[a], pacts.members[b])].any()
            if pacts.federation[a] == pacts.federation[b] or not near:
                continue
            willing = _willing(world, int(a))[pacts.members[b]].mean()
            ids = pair_ids(pacts.id[a], pacts.id[b])
            if float(uniform(world.seed, Purpose.PACT_GROWTH, ids, world.tick)) >= willing:
                continue
            if all(_agrees(world, int(row)) for row in (a, b)):
                _federate(world, int(a), int(b))


def _agrees(world: World, row: int) -> bool:
    """Return whether a pact's members want to go on and link: they judge their own pact and what it may win."""
    pacts = world.pacts
    return members_agree(world, row, pacts.members[row], pacts.scopes[row], "federate")


def _federate(world: World, a: int, b: int) -> None:
    pacts = world.pacts
    label, gone = sorted((pacts.federation[a], pacts.federation[b]), key=int)
    pacts.federation[pacts.federation == gone] = label
    pacts.followers[[a, b]] += 1
    size = int((pacts.federation[pacts.active] == label).sum())
    _write(world, a, "federated", size, "se fédère avec un autre pacte", "federates with another pact")


def _write(world: World, row: int, what: str, amount: int, fr: str, en: str) -> None:
    code = world.places.code[int(world.pacts.president[row])]
    world.write(
        code, "pact", what, amount=float(amount), outcome=what,
        reason_fr=f"le pacte : {fr}", reason_en=f"the pact: {en}", **membership(world, row),
    )  # fmt: skip
