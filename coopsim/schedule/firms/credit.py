"""Guarantee funds, and lenders of energy works: who gets a loan, what it costs, and who pays when it is lost."""

import numpy as np

from coopsim.economy import energy
from coopsim.economy.funders import FunderState, bankable, operator_rate, outstanding
from coopsim.economy.kernels import LEAST_SIZE, MEAN_SIZE, MOST_BY_SIZE
from coopsim.metrics import sum_by
from coopsim.rng import Purpose, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.tables.companies import ACTING, CONVENTIONAL, CONVINCED
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World


def state_of(world: World) -> FunderState:
    """Return the state of funders, made at first use."""
    if world.local.funders is None:
        world.local.funders = FunderState.founded(world.size)
    return world.local.funders


def guarantees(world: World) -> None:
    """Once a year: endow the fund, pay what is lost on its loans, guarantee new ones; skipped where there is none."""
    rules, state = world.rules.funders, world.local.funders
    if not rules.guaranteed.any() and (state is None or not state.loan.size):
        return
    state = state_of(world)
    bill = np.where((rules.guaranteed > 0.0) & (state.endowed == 0.0), rules.endowment, 0.0)
    bill = bill * world.people.population
    if bill.any():
        world.finance.post("projects", bill)
        state.capital, state.endowed = state.capital + bill, state.endowed + bill
    claims = _losses(world, state)
    new = _lend(world, state)
    for i in np.flatnonzero((claims > 0.0) | (new > 0)):
        _write(world, int(i), float(claims[i]), int(new[i]))


def _losses(world: World, state: FunderState) -> FloatArray:
    """Pay the guaranteed part of loans whose borrower has closed, as far as the fund goes; shape (T,), k€."""
    p, c = world.params.funders, world.companies
    left = outstanding(p, state.loan, state.since, world.tick)
    lost = ~np.isin(state.company, c.id[c.rows()])
    owed = sum_by(state.where, state.guaranteed * p.loss_share * left * lost, world.size)
    paid = np.minimum(owed, state.capital)
    state.capital, state.claims = state.capital - paid, state.claims + paid
    keep = ~lost & (left > 0.0)
    for name in ("company", "where", "since", "loan", "guaranteed"):
        setattr(state, name, getattr(state, name)[keep])
    return paid


def hazard(world: World, rows: IntArray) -> FloatArray:
    """Return the chance that companies close in a year, by age, size and sector, shape (n,); their cash left out."""
    p, c = world.params.companies, world.companies
    young = world.tick - c.birth[rows] < TICKS_PER_YEAR * p.young_years
    size = np.maximum(c.jobs[rows], LEAST_SIZE)
    small = np.minimum(MOST_BY_SIZE, (MEAN_SIZE / size) ** p.exit_size_exponent)
    factor = world.sectors.exit_factor[c.sector[rows]]
    factor = np.where(c.form[rows] == CONVENTIONAL, factor, factor * p.cooperative_exit_factor)
    out: FloatArray = np.where(young, p.exit_young_per_yr, p.exit_old_per_yr) * small * factor
    return out


def _lend(world: World, state: FunderState) -> IntArray:
    """Let convinced companies act that a bank lends to only because a fund shares its loss; their number, (T,)."""
    p, c, rules = world.params.funders, world.companies, world.rules.funders
    rows = c.rows()
    rows = rows[
        (c.stage[rows] == CONVINCED)
        & ~world.sectors.public[c.sector[rows]]
        & (rules.guaranteed[c.territory[rows]] > 0.0)
    ]
    chance, share = hazard(world, rows), rules.guaranteed[c.territory[rows]]
    luck = uniform(world.seed, Purpose.GUARANTEE, c.id[rows], world.tick)
    opened = ~bankable(p, chance) & bankable(p, chance, share) & (luck < p.take_up_per_yr)
    order = np.flatnonzero(opened)
    order = order[np.lexsort((c.id[rows[order]], luck[order]))]
    rows, share = rows[order], share[order]
    where, loan = c.territory[rows], p.loan_keur_per_job * c.jobs[rows]
    fits = _within(where, share * p.loss_share * loan, rules.leverage * state.capital - _used(world, state))
    rows, where, loan, share = rows[fits], where[fits], loan[fits], share[fits]
    c.stage[rows], c.since[rows] = ACTING, world.tick
    state.company = np.concatenate([state.company, c.id[rows]])
    state.where = np.concatenate([state.where, where])
    state.since = np.concatenate([state.since, np.full(rows.size, world.tick)])
    state.loan = np.concatenate([state.loan, loan])
    state.guaranteed = np.concatenate([state.guaranteed, share])
    return np.bincount(where, minlength=world.size)


def _used(world: World, state: FunderState) -> FloatArray:
    return state.committed(world.params.funders, world.tick)


def _within(where: IntArray, asked: FloatArray, room: FloatArray) -> BoolArray:
    """Return which requests, in their order, each territory's room still covers, shape (n,)."""
    out = np.zeros(where.size, np.bool_)
    left = room.copy()
    for n, (i, amount) in enumerate(zip(where.tolist(), asked.tolist(), strict=True)):
        if amount <= left[i]:
            left[i] -= amount
            out[n] = True
    return out


# energy works


def carriers(world: World) -> FloatArray:
    """Return how many councils carry the risk of a work that a pact builds in each territory, shape (T,)."""
    out = np.ones(world.size)
    shared = world.rules.funders.shared_risk
    for row in world.pacts.active:
        m = world.pacts.members[row]
        out[m & shared] = np.maximum(out[m & shared], float(m.sum()))
    return out


def rate(world: World, number: FloatArray | float) -> FloatArray | None:
    """Return the cost of money of a new work with so many carriers, 1/yr, shape (T,); None where no rule changes it."""
    rules = world.rules.funders
    if not (rules.guaranteed.any() or rules.shared_risk.any()):
        return None
    p = world.params
    base = p.local.energy.discount_per_yr
    return np.broadcast_to(operator_rate(p.funders, base, rules.guaranteed, number), (world.size,)).copy()


def built(world: World, i: int, work: int, sites: float, number: float) -> None:
    """Remember the cost of money of a work that is built, beside those built before."""
    found = rate(world, number)
    known = world.local.funders
    if found is None and (known is None or known.rate is None):
        return
    state, before = state_of(world), float(world.local.sites[work, i])
    base = world.params.local.energy.discount_per_yr
    if state.rate is None:
        state.rate = np.full(world.local.sites.shape, base)
    new = base if found is None else float(found[i])
    state.rate[work, i] = (state.rate[work, i] * before + new * sites) / (before + sites)
    if number > 1.0:
        state.shared_sites[work, i] += sites


def rates(world: World) -> FloatArray | None:
    """Return the cost of money of the works that stand, shape (2, T), 1/yr; None where it is the usual one."""
    return None if world.local.funders is None else world.local.funders.rate


def works_lost(world: World, lost: FloatArray) -> None:
    """Let the guarantee fund, then the carriers of works built together, pay lenders for establishments that left.

    Parameters
    ----------
    lost : FloatArray, shape (2, T)
        Establishments that left each work.
    """
    state, rules = world.local.funders, world.rules.funders
    if state is None or not lost.any() or state.rate is None:
        return
    p, e = world.params.funders, world.params.local.energy
    stood = world.local.sites + lost
    part = np.divide(state.shared_sites, stood, out=np.zeros_like(stood), where=stood > 0.0)
    state.shared_sites = np.maximum(state.shared_sites - part * lost, 0.0)
    bill = np.array([[energy.investment(e, work, n) for n in row] for work, row in enumerate(lost)])
    loss = p.loss_share * p.work_loan_left * bill * (1.0 - world.local.given)
    owed = rules.guaranteed * loss.sum(axis=0)
    paid = np.minimum(owed, state.capital)
    state.capital, state.claims = state.capital - paid, state.claims + paid
    rest = (loss * part).sum(axis=0) * (1.0 - rules.guaranteed)
    due = np.zeros(world.size)
    for row in world.pacts.active:
        m = world.pacts.members[row]
        due[m] += float(rest[m].sum()) * (1.0 - p.carrier_fails ** float(m.sum() - 1)) / float(m.sum())
    if due.any():
        world.finance.post("interest", due)
        state.carried = state.carried + due


def _write(world: World, i: int, claims: float, new: int) -> None:
    name = world.places.name[i]
    world.write(
        world.places.code[i], "guarantee", "loans", amount=float(new), outcome="guaranteed",
        reason_fr=f"{name} : {new} prêts garantis, {claims:.0f} k€ versés pour des prêts perdus",
        reason_en=f"{name}: {new} loans guaranteed, {claims:.0f} k€ paid for loans lost",
    )  # fmt: skip
