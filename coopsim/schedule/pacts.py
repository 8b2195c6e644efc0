"""Phase 9, pacts: invitations, votes of accession, reviews, exits."""

import numpy as np

from coopsim.governance.cost_games import population_shares
from coopsim.governance.voting import Ballot
from coopsim.rng import Purpose, entity_id, pair_ids, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.contributions import cost_shares, setup_shares
from coopsim.schedule.councils import ballot, seat_utilities
from coopsim.schedule.journal import membership
from coopsim.schedule.membership import exit_fee, reckoning, settle
from coopsim.schedule.outlook import pact_gains, partners
from coopsim.schedule.projects import saving
from coopsim.society import pacts as pact_rules
from coopsim.society.councils import Expectations
from coopsim.society.moves import INDEX, PACT_LABEL
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_PROPOSE = INDEX["propose_pact"]


def pacts_phase(world: World) -> None:
    """Answer this session's calls to a pact, review pacts that are due, advance stages."""
    if not (world.spec.submodels.pacts and world.spec.submodels.councils):
        return
    _end_notices(world)
    calls = [i for _, i, m in world.pending if m == _PROPOSE]
    world.pending = [entry for entry in world.pending if entry[2] != _PROPOSE]
    for i in calls:
        if not covered(world)[i]:
            negotiate(world, i)
    if world.tick % 4 == 0:
        review(world)
        pact_rules.advance_stages(world.params.pacts, world.pacts, world.tick)


def covered(world: World) -> BoolArray:
    """Return which territories are in a pact, shape (T,)."""
    out: BoolArray = np.any(world.pacts.members[world.pacts.active], axis=0)
    return out


def invited(world: World, i: int) -> BoolArray:
    """Return whom territory ``i`` invites, by the kernel of trust, knowledge, identity and dependence."""
    t = world.ties
    animated = np.zeros(world.size) + world.rules.catalyst[i]
    probability = pact_rules.invitation(
        world.params.pacts,
        t.trust[i],
        t.knowledge[i],
        t.identity[i],
        world.perceived[i],
        t.rivalry[i],
        animated,
    )
    ids = pair_ids(np.full(world.size, world.places.id[i]), world.places.id)
    draw = uniform(world.seed, Purpose.PACT_INVITE, ids, world.tick)
    out: BoolArray = (draw < probability) & partners(world)[i]
    return out


def accession_utility(
    world: World,
    members: BoolArray,
    scopes: BoolArray,
    tag: int,
    founder: int,
    *,
    setup: bool,
    asked: BoolArray | None = None,
) -> FloatArray:
    """Return what seats think of being in a pact with these members, under the founder's rules, shape (C,).

    Only for seats of the councils ``asked`` (T,), NaN elsewhere; None asks all.
    """
    p = world.params
    n = float(max(int(members.sum()), 2))
    asked = np.ones(world.size, np.bool_) if asked is None else asked
    rows = np.flatnonzero(asked)
    partner = np.broadcast_to(members, (rows.size, world.size)) & (np.arange(world.size) != rows[:, None])
    gains = pact_gains(
        world, partner, np.full(world.size, n), np.broadcast_to(scopes, (world.size, scopes.size)), rows
    )
    e = Expectations.zeros(world.size, 1)
    budget = np.maximum(world.finance.budget, 1e-9)
    jobs = np.maximum(world.people.filled + world.people.own_account, 1.0)
    owed = _owed(world, members, founder)
    cost = gains["cost"] * owed + (p.finance.setup_cost / p.councils.horizon_years / n if setup else 0.0)
    e.jobs[:, 0] = 100.0 * gains["jobs"] / jobs
    saved = saving(world, members) / p.councils.horizon_years
    e.revenue[:, 0] = 100.0 * (gains["money"] + saved) / budget
    e.cost[:, 0] = 100.0 * cost / budget
    e.resources[:, 0] = gains["security"]
    e.ceded[:, 0] = gains["ceded"]
    e.visible[:, 0] = p.councils.propose_visibility
    e.delay[:, 0] = 1.0
    seats = np.flatnonzero(asked[world.councils.territory])
    out = np.full(world.councils.territory.size, np.nan)
    out[seats] = seat_utilities(world, e, tag, context_share=p.councils.context_pact_share, rows=seats)[:, 0]
    return out


def _owed(world: World, members: BoolArray, founder: int) -> FloatArray:
    """Return what the cost-sharing rule asks of each member, over its share by population, shape (T,)."""
    share = population_shares(world.people.population, members)
    owed = cost_shares(world, members, founder)
    out: FloatArray = np.divide(owed, share, out=np.ones_like(share), where=share > 0.0)
    return out


def consult(
    world: World, members: BoolArray, asked: BoolArray, scopes: BoolArray, kind: str, founder: int
) -> BoolArray:
    """Return which of the asked councils say yes to the pact, shape (T,); written to the journal."""
    tag = 1 if kind == "join" else 2
    utility = accession_utility(world, members, scopes, tag, founder, setup=kind == "join", asked=asked)
    out = np.zeros(world.size, np.bool_)
    for i in np.flatnonzero(asked):
        rows = np.flatnonzero(world.councils.territory == i)
        yes = utility[rows] > 0.0
        out[i] = ballot(world, int(i), rows, yes)
        world.signals.proposals[i] += 1
        world.signals.passed[i] += out[i]
        _write_vote(world, int(i), kind, yes, passed=bool(out[i]))
    return out


def negotiate(world: World, i: int) -> None:
    """Let ``i`` join a partner's pact, else found one with the invited who accept."""
    pacts, rules = world.pacts, world.rules
    wanted = invited(world, i)
    limit = world.params.pacts.max_members
    for row in pacts.active:
        m = pacts.members[row]
        if (m & wanted).any() and int(m.sum()) < limit:
            after = m.copy()
            after[i] = True
            founder = int(pacts.founder[row])
            joins = consult(
                world, after, np.eye(world.size, dtype=np.bool_)[i], pacts.scopes[row], "join", founder
            )[i]
            if joins and _members_agree(world, after, m, pacts.scopes[row], founder):
                pacts.members[row] = after
                pacts.tax_at_entry[row, i] = world.signals.cfe[i]
                pacts.kept[row, i] = 1.0
                world.write(
                    world.places.code[i], "pact", "joined", amount=float(after.sum()), outcome="joined",
                    reason_fr=f"{world.places.name[i]} entre dans un pacte de {int(after.sum())} membres",
                    reason_en=f"{world.places.name[i]} joins a pact of {int(after.sum())} members",
                    **membership(world, int(row)),
                )  # fmt: skip
            return
    free = wanted & ~covered(world)
    order = np.argsort(-(world.ties.trust[i] + world.ties.knowledge[i]) * free, kind="stable")
    group = np.zeros(world.size, np.bool_)
    group[i] = True
    group[[j for j in order[: limit - 1] if free[j]]] = True
    if int(group.sum()) < 2:  # noqa: PLR2004 - a pact needs two
        return
    scopes: BoolArray = np.all(rules.scopes[group], axis=0)
    if not scopes.any():
        return
    accepted = consult(world, group, group, scopes, "join", i)
    if int(accepted.sum()) < 2 or not accepted[i]:  # noqa: PLR2004
        return
    _found(world, i, accepted, scopes)


def impose(world: World, where: IntArray) -> None:
    """Found a pact by an event, without a vote, among the named territories that are in none."""
    members = np.zeros(world.size, np.bool_)
    members[where] = True
    members &= ~covered(world)
    scopes: BoolArray = np.all(world.rules.scopes[members], axis=0)
    if int(members.sum()) < 2 or not scopes.any():  # noqa: PLR2004 - a pact needs two, and a subject
        return
    # the rules of one member count for the whole: the first by code, whatever the order of the case's rows
    first = min(np.flatnonzero(members), key=lambda i: world.places.code[i])
    _found(world, int(first), members, scopes)


def _found(world: World, i: int, members: BoolArray, scopes: BoolArray) -> None:
    p = world.params
    pact_id = entity_id("pact", world.places.code[i], world.tick, 0)
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


def _members_agree(
    world: World, after: BoolArray, members: BoolArray, scopes: BoolArray, founder: int
) -> bool:
    answers = consult(world, after, members, scopes, "admit", founder)
    who = np.flatnonzero(members)
    ballots = Ballot.of(answers[who], population=world.people.population[who], group=who)
    return bool(world.rules.pact_rule.adopted(ballots))


def review(world: World) -> None:
    """Put the membership of each pact to the vote of its members at the dates that the rules fix."""
    pacts, rules = world.pacts, world.rules
    for row in pacts.active:
        founder = int(pacts.founder[row])
        if world.tick - pacts.reviewed[row] < 4 * int(rules.review_years[founder]):
            continue
        pacts.reviewed[row] = world.tick
        settle(world, int(row), _give_notice)  # councils with a computing maker reckon; the others vote
        members = pacts.members[row] & ~reckoning(world)
        if pacts.ended[row] >= 0 or not members.any():
            continue
        members = pacts.members[row].copy()
        utility = accession_utility(world, members, pacts.scopes[row], 3, founder, setup=False, asked=members)
        for i in np.flatnonzero(members & rules.leave_allowed & ~reckoning(world)):
            rows = np.flatnonzero(world.councils.territory == i)
            leave = utility[rows] <= 0.0
            passed = ballot(world, int(i), rows, leave)
            world.signals.proposals[i] += 1
            world.signals.passed[i] += passed
            _write_vote(world, int(i), "leave", leave, passed=passed)
            if passed:
                _give_notice(world, int(row), int(i))
            if pacts.ended[row] >= 0:
                break  # the last two part together: nobody is left to vote or to be paid


def _give_notice(world: World, row: int, i: int) -> None:
    """Leave at once, or a year later where the rules ask for notice."""
    if world.rules.exit_notice[i]:
        world.notices.append((world.tick + TICKS_PER_YEAR, row, i))
        return
    _leave(world, row, i)


def _end_notices(world: World) -> None:
    due = [(row, i) for when, row, i in world.notices if when <= world.tick]
    world.notices = [entry for entry in world.notices if entry[0] > world.tick]
    for row, i in due:
        if world.pacts.ended[row] < 0 and world.pacts.members[row, i]:
            _leave(world, row, i)


def _leave(world: World, row: int, i: int) -> None:
    exit_fee(world, row, i)
    ended = pact_rules.shrink(world.pacts, row, i, world.tick)
    world.signals.dissolved += int(ended)
    if ended:
        world.write(
            world.places.code[i], "pact", "dissolved", amount=1.0, outcome="dissolved",
            reason_fr=f"le pacte se dissout après le départ de {world.places.name[i]}",
            reason_en=f"the pact dissolves after {world.places.name[i]} leaves",
            **membership(world, row),
        )  # fmt: skip
    else:
        world.write(
            world.places.code[i], "pact", "left", amount=float(world.pacts.members[row].sum()), outcome="left",
            reason_fr=f"{world.places.name[i]} quitte le pacte",
            reason_en=f"{world.places.name[i]} leaves the pact",
            **membership(world, row),
        )  # fmt: skip


def _write_vote(world: World, i: int, kind: str, yes: BoolArray, *, passed: bool) -> None:
    if not world.spec.journal:
        return
    favour, against = int(yes.sum()), int((~yes).sum())
    label = PACT_LABEL[kind]
    world.write(
        world.places.code[i], "pact-vote", kind, amount=1.0, votes_for=favour, votes_against=against,
        outcome="passed" if passed else "rejected",
        reason_fr=f"{label.fr} : {'oui' if passed else 'non'} par {favour} voix contre {against}",
        reason_en=f"{label.en}: {'yes' if passed else 'no'} by {favour} votes to {against}",
    )  # fmt: skip
