"""Phase 9, voices beside the elected: they advise or vote, nature may veto, who is not heard leaves."""

import numpy as np

from coopsim.governance.voting import Ballot
from coopsim.rng import Purpose, normal, pair_ids, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.society import councils as soc
from coopsim.society import minds
from coopsim.society.colleges import NATURE, PANEL, Voices, advice, attends, people_position, raised, seated
from coopsim.society.moves import CANDIDATES, KEYS
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World


def numbers(world: World, session: BoolArray) -> tuple[IntArray, BoolArray]:
    """Return the voices of each college at this session, shape (T, 8), and where a guardian of nature is added."""
    rules = world.rules.council
    out = np.zeros((world.size, minds.VOICES), np.int64)
    out[:, :PANEL] = rules.extra
    meets = (world.tick // TICKS_PER_YEAR) % np.maximum(rules.panel_every, 1) == 0
    out[:, PANEL] = rules.panel * meets
    guardian = rules.nature_veto & (out[:, NATURE] == 0)
    out[guardian, NATURE] = 1
    return out * session[:, None], guardian


def voices(world: World, expected: soc.Expectations, session: BoolArray) -> Voices | None:
    """Return those who speak beside the elected at this session and what they want; None where nobody does."""
    if not world.rules.council.listens:
        return None
    number, guardian = numbers(world, session)
    if not number.any():
        return None
    seats, college, utility = opinions(world, expected, number)
    counts = ~(guardian[seats.territory] & (college == NATURE))
    panel = world.params.councils.panel_cost_keur_per_person * number[:, PANEL]
    world.finance.post("programmes", panel.astype(np.float64))
    return Voices(seats, college, counts, utility > 0.0)


def opinions(
    world: World, expected: soc.Expectations, number: IntArray
) -> tuple[soc.Seats, IntArray, FloatArray]:
    """Return people beside the elected, the college of each, and what they think of each candidate.

    Parameters
    ----------
    number : IntArray, shape (T, 8)
        People of each college, the citizen panel last.

    Returns
    -------
    seats, college, utility
        Of n people: ``college`` (n,), ``utility`` (n, M), % of the budget.
    """
    p, f = world.params.councils, world.finance
    people = people_position(world.electorate, world.size)
    seats, college = seated(p, number, world.places.id, people, world.seed, world.tick)
    columns = np.arange(expected.jobs.shape[1], dtype=np.uint64)
    shape = (seats.territory.size, columns.size)
    here = pair_ids(world.places.id[:, None], columns[None, :])
    draws = soc.Chance(
        normal(world.seed, Purpose.PROPOSAL_ERROR, here, world.tick)[seats.territory],
        normal(
            world.seed, Purpose.COLLEGE, pair_ids(seats.seat_id[:, None], columns[None, :]), world.tick, 9
        ),
        np.zeros(shape),
    )
    good = minds.quality(p, world.minds, world.rules.council.accuracy, world.tick)
    utility = soc.seat_terms(
        p, seats, np.array(p.college_competence)[college], expected, world.people.unemployment,
        world.signals.salience, soc.money_weight(p, f.debt, f.balance_per_yr(), f.budget),
        minds.perception(p, world.rules.diagnostic, good), draws,
    ).total()  # fmt: skip
    return seats, college, utility


def advised(world: World, spoken: Voices) -> FloatArray:
    """Return what advice adds to the utility of every seat of a council, shape (T, M), % of the budget."""
    rules = world.rules.council
    t = spoken.seats.territory
    heard = ~rules.deciding[t] | (spoken.college == PANEL)
    only = Voices(spoken.seats, spoken.college, spoken.counts & heard, spoken.yes)
    out: FloatArray = rules.advisory_weight[:, None] * advice(only, world.minds.presence, world.size)
    return out


def members_agenda(world: World, spoken: Voices, menu: BoolArray) -> BoolArray:
    """Return what the members beside the elected put on the agenda of this session, shape (T, M).

    Parameters
    ----------
    menu : BoolArray, shape (T, M)
        What may be asked, and the executive has not drafted.
    """
    here = attends(spoken, world.minds.presence) & (spoken.college != PANEL)
    where = spoken.seats.territory[here]
    want = np.zeros(menu.shape, np.int64)
    np.add.at(want, where, spoken.yes[here])
    columns = np.arange(menu.shape[1], dtype=np.uint64)
    draw = uniform(
        world.seed, Purpose.AGENDA, pair_ids(world.places.id[:, None], columns[None, :]), world.tick
    )
    size = np.bincount(where, minlength=world.size)
    out = raised(world.params.councils, want * menu, size, world.rules.council.agenda, draw)
    for i, m in np.argwhere(out) if world.spec.journal else ():
        label, name = CANDIDATES[m].label, world.places.name[i]
        world.write(
            world.places.code[i], "agenda", KEYS[m], amount=float(want[i, m]), outcome="raised",
            reason_fr=f"{name} : {want[i, m]} membres sur {size[i]} mettent à l'ordre du jour : {label.fr}",
            reason_en=f"{name}: {want[i, m]} of {size[i]} members put on the agenda: {label.en}",
        )  # fmt: skip
    return out


def deciding(world: World, spoken: Voices) -> BoolArray:
    """Return which voices vote with the elected, shape (n,)."""
    out: BoolArray = world.rules.council.deciding[spoken.seats.territory] & (spoken.college != PANEL)
    return out & attends(spoken, world.minds.presence)


def decided_with(world: World, i: int, rows: IntArray, yes: BoolArray, votes: BoolArray) -> bool:
    """Return whether a council adopts when others vote with its elected members, under its own rule.

    Parameters
    ----------
    rows : IntArray
        Seats of the council.
    yes : BoolArray, shape (len(rows),)
    votes : BoolArray, shape (k,)
        What the others say; each is a group of its own, without inhabitants.
    """
    commune = world.councils.commune[rows]
    people = world.electorate.population
    weight = np.concatenate([np.ones(rows.size), np.full(votes.size, world.rules.council.weight[i])])
    group = np.concatenate([commune, people.size + np.arange(votes.size)])
    population = np.concatenate([people[commune], np.zeros(votes.size)])
    ballot = Ballot.of(np.concatenate([yes, votes]), weight=weight, population=population, group=group)
    return bool(world.rules.council_rule[i].adopted(ballot))


def vetoed(world: World, spoken: Voices, i: int, m: int, resources: float) -> bool:
    """Return whether the voice of nature blocks a move that wears a resource down."""
    if not world.rules.council.nature_veto[i] or resources >= 0.0:
        return False
    mine = (spoken.seats.territory == i) & (spoken.college == NATURE)
    return bool(2 * spoken.yes[mine, m].sum() < mine.sum())


def followed(world: World, spoken: Voices, drafts: BoolArray, passed: BoolArray, session: BoolArray) -> None:
    """Let those who advise leave where they are not followed and nothing says what becomes of advice.

    Parameters
    ----------
    drafts, passed : BoolArray, shape (T, M)
        What was put to the vote, and what was adopted.
    """
    p, rules, state = world.params.councils, world.rules.council, world.minds
    t, college = spoken.seats.territory, spoken.college
    cell = t * minds.VOICES + college
    size = world.size * minds.VOICES
    number = np.bincount(cell, minlength=size)
    m = spoken.yes.shape[1]
    want = np.zeros((size, m))
    np.add.at(want, cell, spoken.yes)
    majority = (2 * want > number[:, None]).reshape(world.size, minds.VOICES, m)
    put = np.maximum(drafts.sum(axis=1), 1)
    unheard = ((majority != passed[:, None, :]) & drafts[:, None, :]).sum(axis=2) / put[:, None]
    years = world.rules.period / TICKS_PER_YEAR
    loss = np.minimum(p.frustration * (1.0 - rules.clarity) * years, 1.0)[:, None] * unheard
    back = np.minimum(p.presence_return * years, 1.0)[:, None] * (1.0 - state.presence)
    there = (number.reshape(world.size, minds.VOICES) > 0) & session[:, None]
    state.presence = np.where(there, np.clip(state.presence * (1.0 - loss) + back, 0.0, 1.0), state.presence)
