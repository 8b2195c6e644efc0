"""Phase 9, bodies: water services invest once a year, or all bodies decide by the five steps of councils.

(1) Delegates know what their councils know, and what the engine projects for the body; (2) the president drafts;
(3) opinions are those that the councils' debates have made; (4) delegates vote their council's utility restricted to
the powers of the body; (5) the body's rule decides, and on statutes communes or members too, by the legal double
majority.
"""

import numpy as np

from coopsim.governance.voting import Ballot
from coopsim.i18n import Text
from coopsim.rng import Purpose, pair_ids, text_id, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.bodies.accounts import settle_accounts
from coopsim.schedule.bodies.dry_summer import DrySummer
from coopsim.schedule.bodies.effects import apply_due, lend_diagnostics, tell
from coopsim.schedule.bodies.outlook import Outlook, outlook
from coopsim.schedule.bodies.perimeters import counted, held_by, statutes_ballot, voters
from coopsim.schedule.councils.phase import seat_arguments
from coopsim.schedule.journal import VoteLine, vote_line
from coopsim.society.arguments import hear
from coopsim.society.body_moves import BODY_INDEX, BODY_MOVES
from coopsim.society.councils import Expectations, Terms
from coopsim.tables.bodies import POWER, WATER_SYNDICATE
from coopsim.types import BoolArray, IntArray
from coopsim.world.founding_bodies import law
from coopsim.world.state import World

_TRANSFER = BODY_INDEX["transfer_power"]
_MARK = 2**40  # tags of bodies are above those of councils and pacts


def bodies_phase(world: World) -> None:
    """Apply what falls due; once a year, let bodies close their account and decide."""
    spec = world.spec.submodels
    if not (spec.bodies and spec.councils):
        return
    apply_due(world)
    lend_diagnostics(world)
    if world.tick % TICKS_PER_YEAR:
        return
    if not world.rules.bodies.act:
        _water_works(world)
        return
    settle_accounts(world)
    dry = DrySummer.seen(world)
    for b in np.flatnonzero(world.bodies.alive):
        _session(world, int(b), dry)


def delegates(world: World, b: int) -> tuple[IntArray, IntArray]:
    """Return the councillors who sit in a body and the member each speaks for, shape (n,) each.

    The president of each member council sits first, the others in the order of their seat's id: a lot. Where water
    services vote by people served, each member sends its president alone.
    """
    table, councils = world.bodies, world.councils
    number = table.seats[b]
    if table.kind[b] == WATER_SYNDICATE and not world.rules.bodies.statutory:
        number = np.minimum(number, 1)
    rows, members = [], []
    for i in np.flatnonzero(number):
        own = np.flatnonzero(councils.territory == i)
        first = int(councils.executive[i])
        others = own[own != first]
        order = np.append([first], others[np.argsort(councils.seat_id[others], kind="stable")])
        sent = order[
            np.arange(int(number[i])) % order.size
        ]  # a council smaller than its delegation votes twice
        rows.append(sent)
        members.append(np.full(sent.size, i))
    return np.concatenate(rows), np.concatenate(members)


def body_ballot(world: World, b: int, yes: BoolArray, members: IntArray) -> Ballot:
    """Return the ballot of a committee: a voice each, or by people served in water services that vote so."""
    served = world.bodies.served(b, world.people.population)[members]
    by_people = world.bodies.kind[b] == WATER_SYNDICATE and not world.rules.bodies.statutory
    return Ballot.of(yes, weight=served if by_people else None, population=served, group=members)


def _session(world: World, b: int, dry: DrySummer | None) -> None:
    """Draft, vote and queue: one body, one year."""
    table = world.bodies
    if not table.members(b).any():
        return
    view = outlook(world, b, dry)
    view.possible &= ~_settled(world, b)
    if not view.possible.any():
        return
    rows, members = delegates(world, b)
    president = rows[[_chair(world, b, members)]]
    intent = _heard(world, b, view.expected, president, 0.0).total()[0]
    heard = _heard(world, b, view.expected, rows)
    wish = np.where(view.possible, intent, -np.inf)
    for m in np.argsort(-wish, kind="stable")[: world.params.bodies.proposals_per_year]:
        if wish[m] <= world.params.councils.draft_threshold or not table.alive[b]:
            break
        _proposal(world, b, int(m), view, heard, rows, members)


def _settled(world: World, b: int) -> BoolArray:
    """Return which moves need no new vote, shape (M,): adopted and to come, or refused by law less than a term ago."""
    asked, term = world.bodies.asked, world.params.elections.period_ticks
    coming = {key for _, row, key, _ in world.bodies.pending if row == b}
    if coming & {"merge_bodies", "delegate_to_syndicate"}:
        return np.ones(len(BODY_MOVES), np.bool_)  # it will be no more
    return np.array(
        [move.key in coming or world.tick - asked.get((b, move.key), -term) < term for move in BODY_MOVES]
    )


def _chair(world: World, b: int, members: IntArray) -> int:
    """Return the place of the president among the delegates: the first of the member with most seats."""
    most = np.argmax(world.bodies.seats[b][members])
    return int(most)


def _heard(world: World, b: int, e: Expectations, rows: IntArray, share: float = 1.0) -> Terms:
    """Return what some seats make of the menu of a body, (len(rows), M): the noise is that body's own."""
    tag = _MARK + int(world.bodies.id[b]) % _MARK
    return seat_arguments(world, e, tag, context_share=share, rows=rows)


def _proposal(
    world: World, b: int, m: int, view: Outlook, heard: Terms, rows: IntArray, members: IntArray
) -> None:
    """Put a move to the committee; one beyond its powers is refused, and the power may be asked for."""
    table = world.bodies
    move = BODY_MOVES[m]
    if move.power and not table.powers[b, POWER[move.power]]:
        _refused(world, b, m, view, rows, members)
        return
    table.drafted[b] += 1
    yes = heard.total()[:, m] > 0.0
    passed = bool(world.rules.body_rule.adopted(body_ballot(world, b, yes, members)))
    _vote_told(world, b, m, heard, float(view.cost[m]), passed=passed)
    target = int(view.target[m])
    if passed and move.statutes:
        passed = _agreed(world, b, target, m, view)
    if passed:
        _queue(world, b, m, target)


def _queue(world: World, b: int, m: int, target: int) -> None:
    """Queue an adopted move: it takes effect after the longest delay of the members, statutes a year later."""
    table = world.bodies
    table.passed[b] += 1
    delay = int(world.rules.delay[table.members(b)].max())
    if BODY_MOVES[m].statutes:
        delay += TICKS_PER_YEAR
    table.pending.append((world.tick + delay, b, BODY_MOVES[m].key, target))


def _refused(world: World, b: int, m: int, view: Outlook, rows: IntArray, members: IntArray) -> None:
    """Tell the refusal; where the rules allow it and nobody else holds the power, ask the members for it."""
    table, move = world.bodies, BODY_MOVES[m]
    table.refused[b] += 1
    table.asked[b, move.key] = world.tick
    facts = law()["power"][move.power]
    tell(
        world, b, move.key, "refused",
        f"{move.label.fr} : refusé, l'organisme n'a pas la compétence « {facts['fr']} » ({facts['article']})",
        f"{move.label.en}: refused, the body does not hold the power '{facts['en']}' ({facts['article']})",
    )  # fmt: skip
    power = POWER[move.power]
    if not world.rules.bodies.allowed[table.members(b), _TRANSFER].all():
        return
    coming = any(
        row == b and key == "transfer_power" and target == power for _, row, key, target in table.pending
    )
    if coming or table.asked.get((b, move.power)) == world.tick:
        return  # asked for already
    table.asked[b, move.power] = world.tick
    holder = held_by(world, b, power)
    if holder >= 0:
        name = table.name[holder]
        tell(world, b, "transfer_power", "refused", f"compétence déjà exercée par {name}",
             f"power already held by {name}")  # fmt: skip
        return
    _asked(world, b, m, view, rows, members)


def _asked(world: World, b: int, m: int, view: Outlook, rows: IntArray, members: IntArray) -> None:
    """Ask for a power: worth what the move that needs it is worth, less what members cede by it."""
    table, e = world.bodies, view.expected
    for name in ("jobs", "revenue", "cost", "visible", "resources", "social"):
        getattr(e, name)[:, _TRANSFER] = getattr(e, name)[:, m]
    seats = table.seats[b] / max(float(table.seats[b].sum()), 1.0)
    e.ceded[:, _TRANSFER] = np.where(seats > 0.0, world.params.bodies.transfer_ceded * (1.0 - seats), 0.0)
    e.delay[:, _TRANSFER] = 1.0
    table.drafted[b] += 1
    heard = _heard(world, b, e, rows)
    yes = heard.total()[:, _TRANSFER] > 0.0
    passed = bool(world.rules.body_rule.adopted(body_ballot(world, b, yes, members)))
    _vote_told(world, b, _TRANSFER, heard, 0.0, passed=passed)
    if passed and _statutes(world, b, _TRANSFER, view):
        _queue(world, b, _TRANSFER, POWER[BODY_MOVES[m].power])


def _agreed(world: World, b: int, partner: int, m: int, view: Outlook) -> bool:
    """Return whether the other committee, then the communes or members of both bodies, agree."""
    rows, members = delegates(world, partner)
    heard = _heard(world, partner, view.expected, rows)
    yes = heard.total()[:, m] > 0.0
    if not world.rules.body_rule.adopted(body_ballot(world, partner, yes, members)):
        _vote_told(world, partner, m, heard, 0.0, passed=False)
        return False
    return _statutes(world, b, m, view) and _statutes(world, partner, m, view)


def _statutes(world: World, b: int, m: int, view: Outlook) -> bool:
    """Return whether communes or members agree to a change of statutes; told in the journal."""
    rows, by_commune = voters(world, b)
    yes = _heard(world, b, view.expected, rows).total()[:, m] > 0.0
    ballot = statutes_ballot(world, b, yes, rows, by_commune=by_commune)
    passed = bool(world.rules.bodies.statutes.adopted(ballot))
    favour, against, silent = counted(ballot)
    who = ("communes", "communes") if by_commune else ("membres", "members")
    move = BODY_MOVES[m]
    tell(
        world, b, move.key, "passed" if passed else "rejected",
        f"{move.label.fr}, vote des {who[0]} : {'adopté' if passed else 'rejeté'}, {favour} pour, {against} contre, "
        f"{silent} sans réponse (réputées favorables)",
        f"{move.label.en}, vote of {who[1]}: {'passed' if passed else 'rejected'}, {favour} for, {against} against, "
        f"{silent} without an answer (held to agree)",
        votes_for=favour, votes_against=against,
    )  # fmt: skip
    return passed


def _vote_told(world: World, b: int, m: int, heard: Terms, cost: float, *, passed: bool) -> None:
    """Write a vote of a committee to the journal, with what speaks for and against it in the eyes of its delegates."""
    if not world.spec.journal:
        return
    yes = heard.total() > 0.0
    name, label = world.bodies.name[b], BODY_MOVES[m].label
    favour = int(yes[:, m].sum())
    facts = vote_line(
        world, world.bodies.code[b], "body-vote", BODY_MOVES[m].key,
        votes=(favour, yes.shape[0] - favour), passed=passed,
    ) | {"amount": cost}  # fmt: skip
    one = np.zeros(yes.shape[0], np.int64)  # one committee, and no centre commune in it
    arguments = hear(one, heard, yes, one > 0, [(0, m)])
    money = f" ({cost:.0f} k€)" if cost > 0.0 else ""
    told = Text(f"{name} : {label.fr}{money}", f"{name}: {label.en}{money}")
    world.journal.append(VoteLine(facts, told, arguments, 0, np.nan))


def _water_works(world: World) -> None:
    """Let water services decide once a year on capacity and leaks; users pay through the water price."""
    p, r = world.params.councils, world.rivers
    pressure = world.signals.water.get("ratio")
    if pressure is None or not r.body:
        return
    seats = world.councils
    of_service = {int(s): row for row, s in enumerate(world.bodies.service) if s >= 0}
    for b in range(len(r.body)):
        if not np.isfinite(r.capacity[b]) or r.capacity[b] <= 0:
            continue
        weight = r.served[b] * world.people.population
        if weight.sum() <= 0:
            continue
        need = float(pressure[b]) - p.supply_target_pressure
        allowed = world.rules.supply_allowed | world.rules.leaks_allowed
        if not ((weight > 0) & allowed).any():
            continue
        rows, members = _electors(world, of_service[b], (weight > 0) & allowed)
        noise = uniform(
            world.seed, Purpose.BODY_VOTE, pair_ids(seats.seat_id[rows], text_id(r.body[b])), world.tick
        )
        want = 10.0 * need * (1.5 - seats.ideal[rows, 0]) + p.body_noise * (2.0 * noise - 1.0)
        ballot = body_ballot(world, of_service[b], want > 0.0, members)
        if world.rules.body_rule.adopted(ballot):
            _invest(world, b, weight > 0)


def _electors(world: World, b: int, may: BoolArray) -> tuple[IntArray, IntArray]:
    """Return who votes in a water service and for whom: its delegates, or the presidents of the members served."""
    if world.rules.bodies.statutory and world.bodies.members(b).any():
        rows, members = delegates(world, b)
        return rows[may[members]], members[may[members]]
    members = np.flatnonzero(may)
    return world.councils.executive[members], members


def _invest(world: World, b: int, served: BoolArray) -> None:
    """Take the cheaper of leaks and capacity among what the rules allow; users pay by the price of water."""
    p, r = world.params.councils, world.rivers
    leaks = bool(world.rules.leaks_allowed[served].all()) and r.network_yield[b] + p.leak_step <= 0.9  # noqa: PLR2004
    if leaks and p.leak_cost_keur_per_m3_day <= p.supply_cost_keur_per_m3_day:
        gain = r.capacity[b] * p.leak_step / max(r.network_yield[b], 1e-9)
        cost, move = gain * p.leak_cost_keur_per_m3_day, "reduce_leaks"
        r.network_yield[b] += p.leak_step
    elif world.rules.supply_allowed[served].all():
        gain = r.capacity[b] * p.supply_step
        cost, move = gain * p.supply_cost_keur_per_m3_day, "expand_water_supply"
        r.capacity[b] += gain
    else:
        return
    world.signals.water_works[b] += cost
    world.write(
        r.body[b], "body", move, amount=float(gain), outcome="passed",
        reason_fr=f"{r.body[b]} : {'réduit ses fuites' if move == 'reduce_leaks' else 'accroît sa capacité'} "
        f"pour {cost:.0f} k€, payés par les usagers",
        reason_en=f"{r.body[b]}: {'reduces leaks' if move == 'reduce_leaks' else 'expands capacity'} "
        f"for {cost:.0f} k€, paid by users",
    )  # fmt: skip
