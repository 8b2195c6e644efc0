"""Once a year, the territorial foundation: companies give, some pay a levy, the public adds; the social economy starts.

The same euros buy the same programme as a council's decision would; the foundation spends each year what it gets.
"""

import tomllib
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from coopsim.economy import patronage
from coopsim.economy.patronage import FoundationState, PatronageLaw
from coopsim.metrics import sum_by
from coopsim.rng import Purpose, uniform
from coopsim.scenario.shipped import shipped
from coopsim.society.crowding import kept
from coopsim.society.moves import PROGRAMMES
from coopsim.tables.companies import CONVENTIONAL
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


@cache
def _law_table() -> dict[str, Any]:
    return tomllib.loads((shipped("law") / "patronage.toml").read_text(encoding="utf-8"))


def foundation_year(world: World) -> None:
    """Collect and spend the money of the year, where the rules have a foundation."""
    rules = world.rules.foundation
    here = np.array([r.active for r in rules])
    if not here.any():
        return
    state = world.foundation
    if state is None:
        state = world.foundation = FoundationState(*np.zeros((5, world.size)))
    given = _collect(world, state, here)
    levied = _levy(world, here)
    matched = given * np.array([r.public_match for r in rules]) * here
    world.finance.post("programmes", matched)
    money = given + matched + levied
    p = world.params.councils
    _spend(world, "ess_foundation", money, p.ess_foundation_cost_per_inhabitant)
    lent = world.params.patronage.skills_share * given * np.array([r.skills_patronage for r in rules])
    _spend(world, "coop_takeover", lent, p.coop_takeover_cost_per_inhabitant)
    state.given, state.matched = state.given + given, state.matched + matched
    state.levied, state.lent = state.levied + levied, state.lent + lent
    state.spent = state.spent + money
    _write(world, state, given, here)


def _collect(world: World, state: FoundationState, here: BoolArray) -> FloatArray:
    """Return the gifts of the year, k€, shape (T,); donors pay out of their cash."""
    p, c, rules = world.params.patronage, world.companies, world.rules.foundation
    rows = np.flatnonzero(c.alive[: c.used])
    where = c.territory[rows]
    gives = (
        here[where]
        & ~world.sectors.public[c.sector[rows]]
        & (c.form[rows] == CONVENTIONAL)
        & (c.cash[rows] > 0.0)
    )
    trait = uniform(world.seed, Purpose.PATRON, c.id[rows], 0)
    rows = rows[gives & (trait < patronage.donor_rate(p, c.jobs[rows]))]
    where = c.territory[rows]
    sales = patronage.turnover(
        p, world.sectors.value_added[c.sector[rows]], c.jobs[rows], c.productivity[rows]
    )
    law = PatronageLaw.from_table(_law_table(), date(world.year, 1, 1))
    gift, net = patronage.gifts(p, law, sales)
    bare, _ = patronage.gifts(p, None, sales)
    eligible = np.array([r.patronage_eligibility for r in rules])[where]
    gift, net = np.where(eligible, gift, bare), np.where(eligible, net, bare)
    match = np.array([r.public_match for r in rules])
    still = kept(world.params.crowding, match / (1.0 + match), world.rules.council.posture)[where]
    gift, net = gift * still, net * still
    # time lent costs its donor too: it is a gift like any other
    lends = np.array([r.skills_patronage for r in rules])[where]
    _pay(world, rows, net * (1.0 + p.skills_share * lends), sales)
    out = sum_by(where, gift, world.size)
    largest = np.zeros(world.size)
    np.maximum.at(largest, where, gift)
    state.donors = np.bincount(where, minlength=world.size).astype(np.float64)
    state.first = largest / np.maximum(out, 1e-12)
    return out


def _levy(world: World, here: BoolArray) -> FloatArray:
    """Return what companies of the social economy pay, k€, shape (T,)."""
    rate = np.array([r.levy for r in world.rules.foundation]) * here
    if not rate.any():
        return np.zeros(world.size)
    p, c = world.params.patronage, world.companies
    rows = np.flatnonzero(c.alive[: c.used] & (c.form[: c.used] != CONVENTIONAL))
    sales = patronage.turnover(
        p, world.sectors.value_added[c.sector[rows]], c.jobs[rows], c.productivity[rows]
    )
    due = rate[c.territory[rows]] * sales
    _pay(world, rows, due, sales)
    return sum_by(c.territory[rows], due, world.size)


def _pay(world: World, rows: Any, keur: FloatArray, sales: FloatArray) -> None:
    """Take an amount off the cash of companies, which counts in quarters of their costs."""
    p = world.params
    cost = 0.25 * sales / p.patronage.turnover_over_value_added * (1.0 - p.companies.reference_margin)
    left = world.companies.cash[rows] - keur / np.maximum(cost, 1e-12)
    world.companies.cash[rows] = np.maximum(left, p.companies.cash_min_quarters)


def _spend(world: World, key: str, keur: FloatArray, per_head: float) -> None:
    """Raise a programme as many steps, whole or not, as the money would buy a council."""
    price = np.maximum(per_head * world.people.population, 1e-12)
    column, step = PROGRAMMES.index(key), world.params.councils.programme_step
    level = world.programmes[:, column]
    world.programmes[:, column] = 1.0 - (1.0 - level) * (1.0 - step) ** (keur / price)


def _write(world: World, state: FoundationState, given: FloatArray, here: BoolArray) -> None:
    for i in np.flatnonzero(here):
        donors, first, name = int(state.donors[i]), 100.0 * float(state.first[i]), world.places.name[i]
        fr = f"{name} : {donors} mécènes donnent {given[i]:.1f} k€".replace(".", ",")
        world.write(
            world.places.code[i], "foundation", "gifts", amount=float(given[i]), outcome="given",
            reason_fr=f"{fr}, dont {first:.0f} % du premier",
            reason_en=f"{name}: {donors} patrons give {given[i]:.1f} k€, {first:.0f} % of it from the first",
        )  # fmt: skip
