"""Phase 9, money of the State and the Région tied to actions: territorial contracts and large programmes.

A council votes on the contract that the rules offer, as on any question; what it expects of it comes from the moves
that the money pays for, by the engine's own expectations, and the same euros buy the same programme as a decision
of the council. Contracts co-built by several levels with shared indicators and large programmes for few winners:
Labo de l'ESS (2020), *Dynamiques collectives de transitions dans les territoires*.
"""

import numpy as np

from coopsim.economy.funders import FunderState
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.councils.phase import argue, ballot
from coopsim.schedule.firms.credit import state_of
from coopsim.schedule.moves import expectation
from coopsim.schedule.moves.effect import EFFECTS, Programme
from coopsim.schedule.record import territory_values
from coopsim.society import policy as soc
from coopsim.society.councils import Expectations
from coopsim.society.moves import INDEX, PROGRAMMES
from coopsim.tables import SCOPES
from coopsim.types import FloatArray
from coopsim.world.state import World

_TAG = 800  # separates the draws of these votes from those of a session, of pacts and of contracts of reciprocity
_USEFUL = ("jobs", "resources", "social")


def funders_year(world: World) -> None:
    """Once a year, in winter: review contracts, vote on those offered, select winners, spend the money of the year."""
    rules, spec = world.rules.funders, world.spec.submodels
    held = world.local.funders
    offered = (rules.contract > 0.0).any()
    busy = held is not None and ((held.signed >= 0).any() or bool(held.grants))
    if world.tick % TICKS_PER_YEAR or not (offered or rules.programme.envelope_keur > 0.0 or busy):
        return
    if not (spec.councils and spec.finance):
        return
    state = state_of(world)
    _contracts(world, state)
    _programmes(world, state)


# territorial contracts


def serving(world: World, i: int) -> list[str]:
    """Return the programmes that a council believes to serve a target of its contract, in the order of the menu."""
    out: set[str] = set()
    for target in world.rules.funders.targets[i]:
        # a floor asks for more of the indicator, a ceiling for less
        wanted = {1 if target.floor is not None else 0, -1 if target.ceiling is not None else 0} - {0}
        signs = soc.served(target.indicator, PROGRAMMES)
        out |= {key for key, sign in zip(PROGRAMMES, signs.tolist(), strict=True) if sign in wanted}
    return [key for key in PROGRAMMES if key in out and isinstance(EFFECTS[key], Programme)]


def _contracts(world: World, state: FunderState) -> None:
    rules = world.rules.funders
    over = (state.signed >= 0) & (world.tick - state.signed >= TICKS_PER_YEAR * rules.contract_years)
    ended = over | ((state.signed >= 0) & (rules.contract <= 0.0))
    for i in np.flatnonzero(ended).tolist():
        state.signed[i], state.met[i] = -1, 1.0
        _tell(world, i, "ended", "arrivé à son terme", "has run its term", 0.0)
    values = territory_values(world) if (rules.contract > 0.0).any() else {}
    for i in np.flatnonzero(rules.contract > 0.0).tolist():
        keys = serving(world, i)
        met = _met(world, values, i)
        if not keys or (state.signed[i] < 0 and not _agreed(world, i, keys, met)):
            continue
        new = state.signed[i] < 0
        if new:
            state.signed[i] = world.tick
        state.met[i] = 1.0 if new else met  # nothing is measured yet in the first year
        budget = float(rules.contract[i] * world.people.population[i])
        part = 1.0 - float(rules.conditional[i]) * (1.0 - float(state.met[i]))
        outside = budget * (1.0 - float(rules.contract_own[i])) * part
        own = budget * float(rules.contract_own[i])
        _spend(world, state, i, keys, outside, own)
        word = (
            ("signé", "signed")
            if new
            else (f"{100 * met:.0f} % des cibles tenues", f"{100 * met:.0f} % of targets met")
        )
        _tell(world, i, "signed" if new else "under_way", *word, outside)


def _met(world: World, values: dict[str, FloatArray], i: int) -> float:
    targets = world.rules.funders.targets[i]
    gaps = [
        float(soc.gap(values[t.indicator][i : i + 1].astype(np.float64), t.floor, t.ceiling)[0])
        for t in targets
    ]
    return sum(gap == 0.0 for gap in gaps) / max(len(gaps), 1)


def expected(world: World, i: int, keys: list[str], met: float) -> Expectations:
    """Return what the council of a territory expects of a year of its contract, (T, 1), with today's targets."""
    rules, p = world.rules.funders, world.params.councils
    e = Expectations.zeros(world.size, 1)
    people, budget = float(world.people.population[i]), max(float(world.finance.budget[i]), 1e-9)
    own = float(rules.contract[i] * rules.contract_own[i]) * people
    part = 1.0 - float(rules.conditional[i]) * (1.0 - met)
    money = own + float(rules.contract[i]) * people * (1.0 - float(rules.contract_own[i])) * part
    for key in keys:
        made = expectation(world, key)
        programme = EFFECTS[key]
        assert isinstance(programme, Programme)
        # decisions that the money buys over the horizon, as long as they find something left to do
        most = 1.0 / max(programme.step(p), 1e-9)
        number = min(money / len(keys) / max(price(world, i, key), 1e-9) * p.horizon_years, most)
        for name in _USEFUL:
            getattr(e, name)[i, 0] += number * float(getattr(made, name)[i, 0])
    e.cost[i, 0] = 100.0 * own / budget
    e.ceded[i, 0] = p.ceded_share / len(SCOPES)  # one subject
    e.visible[i, 0], e.delay[i, 0] = p.propose_visibility, 1.0
    return e


def _agreed(world: World, i: int, keys: list[str], met: float) -> bool:
    asked = np.zeros(world.size, np.bool_)
    asked[i] = True
    argued = argue(
        world,
        expected(world, i, keys, met),
        _TAG,
        asked,
        context_share=world.params.councils.context_pact_share,
    )
    rows = np.flatnonzero(world.councils.territory == i)
    agreed = ballot(world, i, rows, argued.utility[rows] > 0.0)
    if not agreed:
        _tell(world, i, "refused", "refusé par le conseil", "refused by the council", 0.0)
    return agreed


# large programmes


def _programmes(world: World, state: FunderState) -> None:
    spec = world.rules.funders.programme
    state.grants = [grant for grant in state.grants if grant[0] >= world.tick]
    if spec.envelope_keur > 0.0 and world.tick % (TICKS_PER_YEAR * spec.every_years) == 0:
        yearly = spec.envelope_keur / spec.years
        last = world.tick + TICKS_PER_YEAR * (spec.years - 1)
        for members in _winners(world, yearly * spec.own_share / (1.0 - spec.own_share)):
            share = world.people.population * members / world.people.population[members].sum()
            state.grants += [(last, int(i), yearly * float(share[i])) for i in np.flatnonzero(members)]
            _tell_winner(world, members)
    for _, i, keur in state.grants:
        keys = [
            key
            for key in PROGRAMMES
            if world.rules.allowed[i, INDEX[key]] and isinstance(EFFECTS[key], Programme)
        ]
        if keys:
            _spend(world, state, i, keys, keur, keur * spec.own_share / (1.0 - spec.own_share))


def _winners(world: World, own: float) -> list[FloatArray]:
    """Return the members of each winner, (T,) each: among those who can pay their part, the largest budgets first."""
    spec, f = world.rules.funders.programme, world.finance
    if spec.carriers == "pacts":
        applicants = [world.pacts.members[row].copy() for row in world.pacts.active]
    else:
        applicants = list(np.eye(world.size, dtype=np.bool_))
    able = []
    for members in applicants:
        room = world.params.finance.debt_limit_share * f.budget[members] - f.debt[members]
        if room.sum() > 0.0 or f.balance_per_yr()[members].sum() >= own:
            able.append(members)
    codes = world.places.code
    able.sort(key=lambda m: (-round(float(f.budget[m].sum()), 6), min(codes[i] for i in np.flatnonzero(m))))
    return able[: spec.winners]


def _tell_winner(world: World, members: FloatArray) -> None:
    names = ", ".join(sorted(world.places.name[i] for i in np.flatnonzero(members)))
    code = world.places.code[int(np.flatnonzero(members)[0])]
    world.write(
        code, "call", "large_programme", amount=world.rules.funders.programme.envelope_keur, outcome="won",
        reason_fr=f"grand programme : lauréat {names}", reason_en=f"large programme: won by {names}",
    )  # fmt: skip


# money


def price(world: World, i: int, key: str) -> float:
    """Return what a decision on a programme costs a council, k€."""
    programme = EFFECTS[key]
    found = programme.price(world) if isinstance(programme, Programme) else 0.0
    return float(np.broadcast_to(found, (world.size,))[i])


def _spend(world: World, state: FunderState, i: int, keys: list[str], outside: float, own: float) -> None:
    """Raise programmes as many steps, whole or not, as the money would buy the council; it is paid next quarter."""
    p = world.params.councils
    for key in keys:
        programme = EFFECTS[key]
        assert isinstance(programme, Programme)
        steps = (outside + own) / len(keys) / max(price(world, i, key), 1e-9)
        programme.advance(world, i, 1.0 - (1.0 - programme.step(p)) ** steps)
    state.due[i] += outside
    state.own[i] += own


def _tell(world: World, i: int, outcome: str, fr: str, en: str, keur: float) -> None:
    name = world.places.name[i]
    world.write(
        world.places.code[i], "contract", "territorial_contract", amount=keur, outcome=outcome,
        reason_fr=f"{name}, contrat territorial : {fr}", reason_en=f"{name}, territorial contract: {en}",
    )  # fmt: skip
