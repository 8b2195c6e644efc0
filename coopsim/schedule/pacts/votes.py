"""Phase 9, votes on pacts: what seats think of being in one, and what councils and members decide."""

from dataclasses import replace

import numpy as np

from coopsim.governance.college_vote import ByColleges
from coopsim.governance.cost_games import population_shares
from coopsim.governance.voting import Ballot
from coopsim.schedule.councils.phase import Argued, argue, ballot, centres
from coopsim.schedule.finance.contributions import cost_shares
from coopsim.schedule.finance.projects import saving
from coopsim.schedule.journal import VoteLine, vote_line
from coopsim.schedule.outlook import doubts, pact_gains
from coopsim.schedule.pacts.assembly import assembly
from coopsim.society.arguments import hear
from coopsim.society.councils import Expectations
from coopsim.society.moves import PACT_LABEL
from coopsim.society.pact_life import condition
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World

# separates the draws of votes of one quarter; 3 is the review
TAGS = {"join": 1, "admit": 2, "deepen": 4, "federate": 5}


def accession_utility(
    world: World,
    members: BoolArray,
    scopes: BoolArray,
    tag: int,
    founder: int,
    *,
    setup: bool,
    asked: BoolArray | None = None,
    row: int | None = None,
) -> FloatArray:
    """Return what seats think of being in a pact with these members, shape (C,): see `accession_arguments`."""
    return accession_arguments(
        world, members, scopes, tag, founder, setup=setup, asked=asked, row=row
    ).utility


def accession_arguments(
    world: World,
    members: BoolArray,
    scopes: BoolArray,
    tag: int,
    founder: int,
    *,
    setup: bool,
    asked: BoolArray | None = None,
    row: int | None = None,
    stands: bool = False,
) -> Argued:
    """Return what speaks for and against being in a pact with these members, under the founder's rules.

    Only for seats of the councils ``asked`` (T,), NaN elsewhere; None asks all. A pact in force (``row``) is judged as
    it is: by what its animation achieves, by the successes that are remembered, and by what leaving it would cost.
    ``stands`` tells that the question is whether to go on: then the habit of what stands speaks for it.
    """
    asked = np.ones(world.size, np.bool_) if asked is None else asked
    e = accession_expected(world, members, scopes, founder, setup=setup, asked=asked, row=row, stands=stands)
    return argue(world, e, tag, asked, context_share=world.params.councils.context_pact_share)


def accession_expected(
    world: World,
    members: BoolArray,
    scopes: BoolArray,
    founder: int,
    *,
    setup: bool,
    asked: BoolArray,
    row: int | None = None,
    stands: bool = False,
) -> Expectations:
    """Return what each council asked may expect of being in a pact, (T, 1); see `accession_arguments`."""
    p = world.params
    n = float(max(int(members.sum()), 2))
    rows = np.flatnonzero(asked)
    partner = np.broadcast_to(members, (rows.size, world.size)) & (np.arange(world.size) != rows[:, None])
    gains = pact_gains(
        world, partner, np.full(world.size, n), np.broadcast_to(scopes, (world.size, scopes.size)), rows
    )
    state = 1.0 if row is None else condition(p.pact_life, world.pacts, row)
    wins = 0.0 if row is None else float(world.pacts.wins[row])
    e = Expectations.zeros(world.size, 1)
    budget = np.maximum(world.finance.budget, 1e-9)
    jobs = np.maximum(world.people.filled + world.people.own_account, 1.0)
    owed = _owed(world, members, founder)
    cost = gains["cost"] * owed + (p.finance.setup_cost / p.councils.horizon_years / n if setup else 0.0)
    e.jobs[:, 0] = 100.0 * gains["jobs"] * state / jobs
    saved = saving(world, members) / p.councils.horizon_years
    if row is not None and not setup:  # who stays does not pay what leaving would cost
        saved = saved + world.rules.pacts.exit_penalty * world.pacts.members[row] / p.councils.horizon_years
    e.revenue[:, 0] = 100.0 * (gains["money"] * state + saved) / budget
    e.cost[:, 0] = 100.0 * cost / budget
    e.resources[:, 0] = gains["security"]
    e.ceded[:, 0] = gains["ceded"]
    e.visible[:, 0] = p.councils.propose_visibility * (1.0 + p.pact_life.win_visible * wins)
    e.delay[:, 0] = 1.0
    e.habit[:, 0] = -p.councils.status_quo_bias if stands else 0.0
    if world.spec.journal:
        e = replace(e, doubt=doubts(world, gains))
    return e


def _owed(world: World, members: BoolArray, founder: int) -> FloatArray:
    """Return what the cost-sharing rule asks of each member, over its share by population, shape (T,)."""
    share = population_shares(world.people.population, members)
    owed = cost_shares(world, members, founder)
    out: FloatArray = np.divide(owed, share, out=np.ones_like(share), where=share > 0.0)
    return out


def consult(
    world: World,
    members: BoolArray,
    asked: BoolArray,
    scopes: BoolArray,
    kind: str,
    founder: int,
    row: int | None = None,
) -> BoolArray:
    """Return which of the asked councils say yes to the pact, shape (T,); written to the journal."""
    setup = kind == "join"
    argued = accession_arguments(
        world, members, scopes, TAGS[kind], founder, setup=setup, asked=asked, row=row
    )
    out = np.zeros(world.size, np.bool_)
    for i in np.flatnonzero(asked):
        rows = np.flatnonzero(world.councils.territory == i)
        yes = argued.utility[rows] > 0.0
        out[i] = ballot(world, int(i), rows, yes)
        world.signals.proposals[i] += 1
        world.signals.passed[i] += out[i]
        write_vote(world, int(i), kind, argued, passed=bool(out[i]))
    return out


def write_vote(world: World, i: int, kind: str, argued: Argued, *, passed: bool) -> None:
    """Write a council's vote on a pact to the journal, with its arguments; who leaves argues against staying."""
    if not world.spec.journal:
        return
    leaves = kind == "leave"
    terms = argued.terms.opposite() if leaves else argued.terms
    stays = argued.utility[argued.rows] > 0.0
    yes = (~stays if leaves else stays)[:, None]
    where = world.councils.territory[argued.rows]
    heard = hear(where, terms, yes, centres(world)[argued.rows], [(i, 0)])
    votes = (int(heard.favour[0]), int(heard.against[0]))
    facts = vote_line(world, world.places.code[i], "pact-vote", kind, votes=votes, passed=passed)
    world.journal.append(VoteLine(facts, PACT_LABEL[kind], heard, 0, float(argued.mistrust[i])))


def members_agree(world: World, row: int, after: BoolArray, scopes: BoolArray, kind: str) -> bool:
    """Return whether the members of a pact adopt a change of members or subjects, under the rule of pacts."""
    members = world.pacts.members[row]
    answers = consult(world, after, members, scopes, kind, int(world.pacts.founder[row]), row)
    who = np.flatnonzero(members)
    if isinstance(world.rules.pacts.voting, ByColleges):
        expected = accession_expected(
            world, after, scopes, int(world.pacts.founder[row]), setup=False, asked=members, row=row
        )
        return bool(world.rules.pacts.voting.adopted(assembly(world, row, answers[who], expected, kind)))
    ballots = Ballot.of(answers[who], population=world.people.population[who], group=who)
    return bool(world.rules.pacts.voting.adopted(ballots))
