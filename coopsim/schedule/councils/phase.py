"""Phase 9, councils: information, drafts, deliberation, votes, and the effect of adopted moves."""

from dataclasses import dataclass, replace

import numpy as np

from coopsim.economy.siting import choice_probabilities
from coopsim.governance.voting import Ballot
from coopsim.metrics import sum_by
from coopsim.rng import Purpose, normal, pair_ids
from coopsim.schedule.councils.citizen_budget import citizens_choose
from coopsim.schedule.councils.colleges import (
    advised,
    decided_with,
    deciding,
    followed,
    members_agenda,
    vetoed,
    voices,
)
from coopsim.schedule.councils.deliberation import close, debate_delay, deliberate
from coopsim.schedule.councils.knowledge import error_cut, learn
from coopsim.schedule.councils.policy import Course, course, remember
from coopsim.schedule.councils.strategy import follow_plans, strategic, voting
from coopsim.schedule.journal import VoteLine, vote_line
from coopsim.schedule.moves import carry_out, expectations, possible
from coopsim.schedule.siting.phase import location_utility
from coopsim.society import councils as soc
from coopsim.society import minds
from coopsim.society.arguments import hear
from coopsim.society.colleges import Voices
from coopsim.society.elections import Councils
from coopsim.society.moves import ATTRACTIVENESS, CANDIDATES, INDEX, KEYS
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World


def meets(world: World) -> BoolArray:
    """Return which councils hold a decision session this quarter, shape (T,)."""
    out: BoolArray = world.tick % world.rules.period == 0
    return out


def councils_phase(world: World) -> None:
    """Inform, draft, vote and apply, for the councils that meet."""
    if not world.spec.submodels.councils:
        return
    session = meets(world)
    if not session.any():
        return
    learn(world, session)
    deliberate(world, session)
    follow_plans(world, session, carry_out)
    strategic(world, session)
    ordinary = session & voting(world)
    if ordinary.any():
        vote(world, ordinary)
    for i, m in citizens_choose(world, session):
        adopt(world, i, m)
    close(world, session)


def fade(world: World) -> None:
    """Let campaigns and programmes wear off a little every quarter."""
    if world.tick:
        world.finance.marketing = world.finance.marketing * (1.0 - world.params.siting.marketing_decay)
        world.programmes *= 1.0 - world.params.councils.programme_fading_per_quarter


def seat_utilities(
    world: World,
    expected: soc.Expectations,
    tag: int = 0,
    *,
    context_share: float = 1.0,
    rows: IntArray | None = None,
) -> FloatArray:
    """Return the utility of every candidate for every seat, shape (C, M), or for some seats, shape (len(rows), M).

    ``tag`` separates votes of one tick; ``context_share`` is the weight of the year's news (a review on file
    is less exposed to it).
    """
    return seat_arguments(world, expected, tag, context_share=context_share, rows=rows).total()


def seat_arguments(
    world: World,
    expected: soc.Expectations,
    tag: int = 0,
    *,
    context_share: float = 1.0,
    rows: IntArray | None = None,
    columns: IntArray | None = None,
) -> soc.Terms:
    """Return what speaks for and against every candidate in the eyes of every seat: see `seat_utilities`.

    ``columns`` are the numbers of the candidates that ``expected`` holds; None: of all of them.
    """
    p, f, rules = world.params.councils, world.finance, world.rules
    seats: Councils | soc.Seats = world.councils
    competence = world.competence
    if rows is not None:
        seats = soc.Seats(seats.seat_id[rows], seats.territory[rows], seats.ideal[rows])
        competence = competence[rows]
    numbers = np.arange(expected.jobs.shape[1]) if columns is None else columns
    draws = numbers.astype(np.uint64) + np.uint64(1000 * tag)
    good = minds.quality(p, world.minds, rules.council.accuracy, world.tick)
    error = normal(
        world.seed, Purpose.PROPOSAL_ERROR, pair_ids(world.places.id[:, None], draws[None, :]), world.tick
    )
    error *= (1.0 - error_cut(world, good))[:, None]
    context = normal(
        world.seed, Purpose.CONTEXT, pair_ids(world.places.id[:, None], draws[None, :]), world.tick
    )
    noise = normal(world.seed, Purpose.VOTE, pair_ids(seats.seat_id[:, None], draws[None, :]), world.tick)
    chance = soc.Chance(error[seats.territory], noise, context[seats.territory] * context_share)
    fear = np.array(p.posture_fear)[rules.council.posture]
    return soc.seat_terms(
        p, seats, competence, expected, world.people.unemployment, world.signals.salience,
        soc.money_weight(p, f.debt, f.balance_per_yr(), f.budget),
        minds.perception(p, rules.diagnostic, good), chance,
        minds.character(
            p, seats, world.minds.bias * (1.0 - rules.council.experiment), fear, rules.council.foresight, world.seed
        ),
    )  # fmt: skip


def vote(world: World, session: BoolArray) -> None:
    """Let executives draft and councils vote; adopted moves take effect after the delay of the rules."""
    p = world.params
    expected = expectations(world)
    initiative = np.array(p.councils.posture_initiative)[world.rules.council.posture]
    expected.visible[:, INDEX["propose_pact"]] += initiative
    policy = course(world, expected, session)
    spoken = voices(world, expected, session)
    drafts = _drafted(world, expected, session, policy, spoken)
    asked = np.flatnonzero(drafts.any(axis=0))  # what nobody drafts, nobody argues
    arguments = seat_arguments(world, expected.only(asked), columns=asked)
    if spoken is not None:
        advice = advised(world, spoken)[:, asked]
        arguments = replace(arguments, advice=advice[world.councils.territory])
    yes = np.zeros((world.councils.territory.size, expected.jobs.shape[1]), np.bool_)
    yes[:, asked] = arguments.total() > 0.0
    passed = np.zeros(drafts.shape, np.bool_)
    cast = [_cast(world, int(i), int(m), yes, spoken, expected) for i, m in np.argwhere(drafts)]
    for ballot_ in cast:
        if ballot_.passed:
            passed[ballot_.council, ballot_.candidate] = True
            adopt(world, ballot_.council, ballot_.candidate)
    if world.spec.journal:
        _write(world, cast, asked, arguments, expected)
    world.signals.proposals += drafts.sum(axis=1)
    world.signals.passed += passed.sum(axis=1)
    if policy is not None:
        remember(world, policy, passed, session)
    if spoken is not None:
        followed(world, spoken, drafts, passed, session)


def _drafted(
    world: World, expected: soc.Expectations, session: BoolArray, policy: Course | None, spoken: Voices | None
) -> BoolArray:
    """Return what is put to the vote, by each executive and by those who sit beside the elected, shape (T, M)."""
    menu = possible(world) & session[:, None]
    # the executive drafts before the debate: what the year's news makes of a subject is not known yet
    intent = seat_utilities(world, expected, context_share=0.0, rows=world.councils.executive)
    if policy is not None:
        menu, intent = menu & ~policy.forbidden, policy.intent(intent)
    drafts = soc.ranked(world.params.councils, intent, menu, world.rules.slots)
    if spoken is not None and world.rules.council.agenda.any():
        drafts |= members_agenda(world, spoken, menu & ~drafts)
    return drafts


@dataclass(frozen=True, slots=True)
class _Cast:
    """A vote of a council on a candidate, and how those said who vote beside the elected."""

    council: int
    candidate: int
    others: BoolArray
    passed: bool
    vetoed: bool


def _cast(
    world: World, i: int, m: int, yes: BoolArray, spoken: Voices | None, expected: soc.Expectations
) -> _Cast:
    rows = np.flatnonzero(world.councils.territory == i)
    if spoken is None:
        return _Cast(i, m, np.zeros(0, np.bool_), ballot(world, i, rows, yes[rows, m]), vetoed=False)
    beside = deciding(world, spoken) & (spoken.seats.territory == i)
    others: BoolArray = spoken.yes[beside, m]
    adopted = decided_with(world, i, rows, yes[rows, m], others)
    blocked = adopted and vetoed(world, spoken, i, m, float(expected.resources[i, m]))
    return _Cast(i, m, others, adopted and not blocked, blocked)


@dataclass(frozen=True, slots=True)
class Argued:
    """What the seats of some councils make of one question.

    Attributes
    ----------
    utility : FloatArray, shape (C,)
        NaN for seats that are not asked.
    rows : IntArray
        Seats asked.
    terms : Terms
        Of these, (len(rows), 1).
    mistrust : FloatArray, shape (T,), % of the budget
        What doubt about the partners takes off the gains; NaN without a journal to tell it.
    """

    utility: FloatArray
    rows: IntArray
    terms: soc.Terms
    mistrust: FloatArray


def argue(
    world: World, expected: soc.Expectations, tag: int, asked: BoolArray, *, context_share: float
) -> Argued:
    """Return what the seats of the councils asked (T,) make of one question, (T, 1)."""
    rows = np.flatnonzero(asked[world.councils.territory])
    terms = seat_arguments(world, expected, tag, context_share=context_share, rows=rows)
    utility = np.full(world.councils.territory.size, np.nan)
    utility[rows] = terms.total()[:, 0]
    doubt = expected.doubt if world.spec.journal else None
    return Argued(utility, rows, terms, mistrust(world, doubt, rows))


def mistrust(world: World, doubt: soc.Expectations | None, rows: IntArray | None = None) -> FloatArray:
    """Return what doubt about partners takes off the gains in the eyes of each council, shape (T,), % of the budget.

    Parameters
    ----------
    doubt : Expectations or None
        What full trust would add, (T, 1).
    rows : IntArray or None
        Seats asked; None for all.
    """
    if doubt is None:
        return np.full(world.size, np.nan)
    terms = seat_arguments(world, doubt, rows=rows)
    lost = (terms.jobs + terms.resources + terms.revenue)[:, 0]
    where = world.councils.territory if rows is None else world.councils.territory[rows]
    number = np.bincount(where, minlength=world.size)
    return sum_by(where, lost, world.size) / np.maximum(number, 1)


def ballot(world: World, i: int, rows: IntArray, yes: BoolArray) -> bool:
    """Return whether a council adopts, under its own rule."""
    commune = world.councils.commune[rows]
    b = Ballot.of(yes, population=world.electorate.population[commune], group=commune)
    return bool(world.rules.council_rule[i].adopted(b))


def adopt(world: World, i: int, m: int) -> None:
    """Queue an adopted move; attractiveness moves are counted."""
    if m in ATTRACTIVENESS:
        world.signals.attractiveness[i] += 1
    world.pending.append((world.tick + int(world.rules.delay[i]) + debate_delay(world, i), i, m))


def apply_due(world: World) -> None:
    """Apply the moves whose time has come."""
    due = [(i, m) for when, i, m in world.pending if when <= world.tick]
    world.pending = [entry for entry in world.pending if entry[0] > world.tick]
    for i, m in due:
        carry_out(world, i, KEYS[m])


def siting_shares(world: World) -> FloatArray:
    """Return exact siting shares now, the outside option in the last row, shape (T + 1, K)."""
    v = np.vstack([location_utility(world, newcomers=True), world.outside])
    out: FloatArray = choice_probabilities(v, -np.inf)
    return out


def centres(world: World) -> BoolArray:
    """Return which seats are those of the most populous commune of their council, shape (C,)."""
    people, where = world.electorate.population, world.electorate.territory
    order = np.lexsort((world.electorate.commune, -people, where))
    first = order[np.unique(where[order], return_index=True)[1]]
    out: BoolArray = np.isin(world.councils.commune, first)
    return out


def _write(
    world: World, cast: list[_Cast], asked: IntArray, arguments: soc.Terms, expected: soc.Expectations
) -> None:
    """Write the votes of a session to the journal, with their arguments on the candidates asked about."""
    propose = INDEX["propose_pact"]
    doubt = mistrust(world, expected.doubt) if propose in asked else np.full(world.size, np.nan)
    pairs = [(vote_.council, int(np.searchsorted(asked, vote_.candidate))) for vote_ in cast]
    heard = hear(world.councils.territory, arguments, arguments.total() > 0.0, centres(world), pairs)
    for n, vote_ in enumerate(cast):
        i, m, more = vote_.council, vote_.candidate, int(vote_.others.sum())
        counts = (int(heard.favour[n]) + more, int(heard.against[n]) + vote_.others.size - more)
        facts = vote_line(world, world.places.code[i], "vote", KEYS[m], votes=counts, passed=vote_.passed)
        facts["jobs_pct"], facts["revenue_pct"] = float(expected.jobs[i, m]), float(expected.revenue[i, m])
        facts["cost_pct"] = float(expected.cost[i, m])
        lost = float(doubt[i]) if m == propose else np.nan
        world.journal.append(VoteLine(facts, CANDIDATES[m].label, heard, n, lost, vetoed=vote_.vetoed))
