"""Phase 10: promises, trust, knowledge, rivalry."""

import numpy as np

from coopsim.i18n import Text
from coopsim.rng import Purpose, pair_ids, uniform
from coopsim.schedule import coalition
from coopsim.schedule.journal import membership
from coopsim.schedule.neighbours import partners
from coopsim.society import pacts as pact_rules
from coopsim.society import social_moves, ties
from coopsim.society.pact_life import working
from coopsim.tables import SCOPES
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World

_SITING, _WOOD = SCOPES.index("siting"), SCOPES.index("wood")


def ties_phase(world: World) -> None:
    """Once a year: keep or break promises, meet, bid."""
    if not world.spec.submodels.ties or world.tick % 4 != 3:  # noqa: PLR2004 - autumn
        return
    p = world.params.ties
    promises(world)
    meetings = np.where(world.same_body, p.knowledge_body_gain, 0.0)
    for row in world.pacts.active:
        m = world.pacts.members[row]
        inside = np.ix_(m, m)
        meetings[inside] = np.maximum(meetings[inside], _working(world, int(row)))
    _meet_beyond(world, meetings)
    ties.meet(p, world.ties, meetings)
    _belong_and_claim(world)
    campaign = world.finance.marketing > world.params.councils.marketing_step * 0.5
    call = world.rules.pacts.call_type == "competitive" and world.rules.pacts.call_envelope > 0.0
    bidding = (world.finance.subsidy > p.rivalry_bid_threshold) | campaign
    ties.bids(p, world.ties, bidding, competitive_call=call)


def breach_probability(world: World, row: int) -> FloatArray:
    """Return the yearly probability that each member breaks its word, shape (T,).

    A base rate, plus the temptation: conifer demand above what the charter lets cut, and a siting
    subsidy above the truce; less with trust and with animation.
    """
    p, pacts = world.params.ties, world.pacts
    m = pacts.members[row]
    eff = _working(world, row)
    who = np.flatnonzero(m)
    others = m & (np.arange(world.size) != who[:, None])
    trust = np.zeros(world.size)
    trust[who] = (world.ties.trust[who] * others).sum(axis=1) / np.maximum(others.sum(axis=1), 1)
    tempted = np.zeros(world.size)
    if pacts.scopes[row, _WOOD]:
        tempted += np.clip(world.signals.wood.get("excess", np.zeros(world.size)), 0.0, 1.0)
    if pacts.scopes[row, _SITING]:
        over = world.finance.subsidy - world.params.pacts.truce_subsidy
        tempted += np.clip(over / 10.0, 0.0, 1.0)
    rate = p.violation_base + p.violation_temptation * tempted * (1.0 - trust) * (
        1.0 - p.violation_animation * eff
    )
    bound = 1.0 - world.params.pact_life.rule_binding * world.rules.pacts.written
    out: FloatArray = np.clip(rate * bound, 0.0, 1.0)
    return out


def _working(world: World, row: int) -> float:
    return working(world.params.pacts, world.params.pact_life, world.pacts, row)


def _meet_beyond(world: World, meetings: FloatArray) -> None:
    """Add the meetings between federated pacts, and those that catalysts hold with possible partners."""
    pacts, link = world.pacts, world.params.pact_life.link_meeting
    for a in pacts.active if world.rules.pacts.growth.links else ():
        for b in pacts.active:
            if a != b and pacts.federation[a] == pacts.federation[b]:
                pair = np.ix_(pacts.members[a], pacts.members[b])
                both = link * min(_working(world, int(a)), _working(world, int(b)))
                meetings[pair] = np.maximum(meetings[pair], both)
    lively, visited = world.programme("conviviality"), world.programme("visits")
    if lively.any() or visited.any():
        near = social_moves.met(world.params.social_moves, world.ties.adjacent, lively, visited)
        np.maximum(meetings, near, out=meetings)
    coalition.meetings(world, meetings)
    held = world.params.ties.catalyst_meeting
    if held > 0.0 and world.rules.pacts.catalyst.any():
        asked = partners(world) & world.rules.pacts.catalyst[:, None]
        np.maximum(meetings, held * (asked | asked.T), out=meetings)


def _belong_and_claim(world: World) -> None:
    p = world.params.ties
    if p.identity_gain > 0.0 or p.identity_fading > 0.0:
        together = np.zeros((world.size, world.size))
        for row in world.pacts.active:
            m = world.pacts.members[row]
            together[np.ix_(m, m)] = _working(world, int(row))
        ties.belong(p, world.ties, together)
    story = world.programme("narrative")
    if story.any():
        t = world.ties
        t.identity = social_moves.told(world.params.social_moves, t.identity, t.adjacent, story)
    if p.rivalry_shock_gain > 0.0 and world.signals.salience.any():
        ties.claim(p, world.ties, world.signals.salience)


def promises(world: World) -> None:
    """One promise a year per pair in a pact: kept, broken and seen, or broken unseen; fines for the seen."""
    p, pacts = world.params.ties, world.pacts
    size = world.size
    kept_pairs, broken_pairs = np.zeros((size, size), np.bool_), np.zeros((size, size), np.bool_)
    gain = np.zeros((size, size))
    year = world.tick // 4
    kept_now = np.ones(size)
    for row in pacts.active:
        m = pacts.members[row]
        inside, n = np.ix_(m, m), int(m.sum())
        pair = ~np.eye(n, dtype=np.bool_)
        eff = _working(world, int(row))
        broke, seen = _breaches(world, int(row), m)
        pair_broke = _pair_breaches(world, m, broke, seen)
        kept_pairs[inside] |= pair & ~pair_broke
        broken_pairs[inside] |= pair & pair_broke
        gain[inside] = np.where(pair, p.trust_gain * eff, gain[inside])
        neglect = p.trust_neglect * (1.0 - eff)
        trust = world.ties.trust[inside]
        world.ties.trust[inside] = np.where(pair, trust * (1.0 - neglect), trust)
        pacts.kept[row] = np.where(m, 0.8 * pacts.kept[row] + 0.2 * ~(broke & seen), pacts.kept[row])
        pacts.ladder[row] = np.where(
            m & broke & seen, pacts.ladder[row] + 1, np.maximum(pacts.ladder[row] - 1, 0)
        )
        kept_now = np.where(m, ~(broke & seen), kept_now)
        _sanction(world, int(row), m, broke & seen)
    world.ties.trust = ties.promise(world.ties.trust, kept_pairs, broken_pairs, gain, p.trust_loss)
    world.signals.kept[year % 5] = kept_now


def detection(world: World) -> FloatArray:
    """Return the yearly probability that each territory's monitoring sees a broken word, shape (T,)."""
    p = world.params.ties
    out: FloatArray = np.minimum(p.detection_base + p.detection_per_keur * world.rules.monitoring, 1.0)
    return out


def _breaches(world: World, row: int, members: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Return who broke its word this year and whose breach is detected, each (T,)."""
    ids = pair_ids(np.full(world.size, world.pacts.id[row]), world.places.id)
    broke = uniform(world.seed, Purpose.PROMISE, ids, world.tick) < breach_probability(world, row)
    founder = int(world.pacts.founder[row])
    seen = uniform(world.seed, Purpose.DETECTION, ids, world.tick) < detection(world)[founder]
    return broke & members, seen


def _pair_breaches(world: World, members: BoolArray, broke: BoolArray, seen: BoolArray) -> BoolArray:
    """Return which pairs of members live a broken promise: the breach of either side, if it is seen; shape (n, n).

    With ``pairwise_promises`` each pair keeps or breaks its own promise (law of large numbers in labs).
    """
    p = world.params.ties
    if not p.pairwise_promises:
        hit = (broke & seen)[members]
        out: BoolArray = hit[:, None] | hit[None, :]
        return out
    ids = world.places.id[members]
    a, b = np.minimum.outer(ids, ids), np.maximum.outer(ids, ids)
    draw = uniform(world.seed, Purpose.PROMISE, pair_ids(a, b), world.tick)
    each: BoolArray = draw < p.violation_base
    return each


_SANCTIONS = {
    "warning": Text("avertissement", "warning"),
    "fine": Text("amende", "fine"),
    "quota": Text("part des produits communs suspendue", "share of common proceeds suspended"),
    "exclusion": Text("exclusion", "exclusion"),
}


def _sanction(world: World, row: int, members: BoolArray, caught: BoolArray) -> None:
    """Climb the ladder of the rules, one step for each broken word seen, one down for each year without."""
    pacts, ladder = world.pacts, world.rules.pacts.ladder
    for i in np.flatnonzero(caught):
        kind = ladder[min(int(pacts.ladder[row, i]), len(ladder)) - 1]
        if kind == "exclusion" and int(pacts.members[row].sum()) <= pact_rules.PAIR:
            kind = "fine"  # the last two cannot exclude each other
        if kind == "fine":
            fee = world.rules.pacts.fine_share * world.finance.budget[i]
            transfer = np.where(members, -fee / max(int(members.sum()) - 1, 1), 0.0)
            transfer[i] = fee
            world.finance.post("fines", transfer)
        elif kind == "quota":
            pacts.suspended[row, i] = world.tick + 1 + world.rules.pacts.suspension
        elif kind == "exclusion":
            ended = pact_rules.shrink(pacts, row, int(i), world.tick)
            world.signals.dissolved += int(ended)
        name = _SANCTIONS[kind]
        world.write(
            world.places.code[i], "sanction", kind, amount=1.0, outcome=kind,
            reason_fr=f"{world.places.name[i]} n'a pas tenu sa parole : {name.fr}",
            reason_en=f"{world.places.name[i]} broke its word: {name.en}",
            **membership(world, row),
        )  # fmt: skip
