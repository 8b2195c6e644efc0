"""Phase 1: season, events of the scenario, moves that fall due; rules that change."""

import numpy as np

from coopsim.economy import kernels as ker
from coopsim.rng import Purpose, uniform
from coopsim.scenario.events import EVENTS
from coopsim.schedule.bodies.effects import lend_diagnostics
from coopsim.schedule.councils.human import decided
from coopsim.schedule.councils.phase import apply_due, fade
from coopsim.schedule.councils.succession import leader_leaves
from coopsim.schedule.firms.rehiring import rehire
from coopsim.schedule.land import ground
from coopsim.schedule.pacts.accession import impose
from coopsim.schedule.pacts.leadership import exit_leaders
from coopsim.schedule.resources import timber
from coopsim.tables.companies import ACTING
from coopsim.types import IntArray
from coopsim.world.founding_resources import set_floor
from coopsim.world.rules import compile_rules
from coopsim.world.state import World


def climate_phase(world: World) -> None:
    """Begin the quarter: rules in force, due moves, events."""
    if world.tick and world.tick in world.spec.rule_ticks:
        world.rules = compile_rules(world.spec, world.places.code, world.tick)
        set_floor(world.rivers, world.params.water, world.rules.ecological_flow)
        lend_diagnostics(world)
        world.finance.obey(world.rules.subsidy_low, world.rules.subsidy_high)
    fade(world)
    apply_due(world)
    for event in world.spec.events:
        if event.tick == world.tick:
            where = np.array([world.places.code.index(code) for code in event.territories], dtype=np.int64)
            fire(world, event.what, event.amount, event.duration, where)
    for decision in world.spec.decisions:
        if decision.tick == world.tick:
            decided(world, decision.territory, decision.strategy, decision.moves)
    world.shocks = [shock for shock in world.shocks if shock[0] >= world.tick]
    world.signals.demand = np.zeros(len(world.sectors))
    for _, what, amount, _ in world.shocks:
        if what == "demand_shock":
            world.signals.demand += 0.25 * amount


def fire(world: World, what: str, amount: float, duration: int, where: IntArray) -> None:
    """Start an event: lasting ones run as shocks, sudden ones act at once; crises become salient.

    An event of a part of the model that is switched off changes nothing.
    """
    if not getattr(world.spec.submodels, EVENTS[what].submodel):
        return
    world.shocks.append((world.tick + max(duration, 1) - 1, what, amount, where))
    world.write(
        ",".join(world.places.code[i] for i in where), "event", what, amount=amount, outcome="fired",
        reason_fr=f"événement : {what} ({amount:g})", reason_en=f"event: {what} ({amount:g})",
    )  # fmt: skip
    if what in ("drought", "firm_closure", "storm", "demand_shock"):
        world.signals.salience[where] = np.minimum(1.0, world.signals.salience[where] + abs(amount))
    if what == "storm":
        timber.storm(world, where, amount)
    elif what in _CLOSURES:
        _CLOSURES[what](world, where, amount)
    elif what == "president_leaves":
        leader_leaves(world, where)
        exit_leaders(world, where, elected=True)
    elif what == "pact_founded":
        impose(world, where)
    elif what == "leader_exit":
        exit_leaders(world, where)


def _close(world: World, where: IntArray, share: float) -> None:
    """Close private companies drawn by id until the share of a territory's private jobs is gone."""
    c = world.companies
    gone = []
    for i in where:
        rows = _private(world, i)
        order = np.argsort(uniform(world.seed, Purpose.SHOCK, c.id[rows], world.tick))
        total = np.cumsum(c.jobs[rows][order])
        gone.append(rows[order][total <= share * total[-1:].sum()])
    _shut(world, where, gone)


def _close_largest(world: World, where: IntArray, number: float) -> None:
    """Close the largest private companies of each territory; the first by id among equals."""
    c = world.companies
    gone = []
    for i in where:
        rows = _private(world, i)
        gone.append(rows[np.lexsort((c.id[rows], -c.jobs[rows]))[: int(number)]])
    _shut(world, where, gone)


def _private(world: World, i: int) -> IntArray:
    """Return the rows of the private companies of a territory."""
    rows = world.companies.rows()
    c = world.companies
    out: IntArray = rows[(c.territory[rows] == i) & ~world.sectors.public[c.sector[rows]]]
    return out


def _shut(world: World, where: IntArray, closing: list[IntArray]) -> None:
    """Close companies, rows by territory: their posts, land and jobs go."""
    c = world.companies
    lost = np.zeros_like(world.signals.posts)
    for i, gone in zip(where, closing, strict=True):
        np.add.at(world.signals.posts, (c.territory[gone], c.sector[gone]), -c.jobs[gone])
        np.add.at(lost, (c.territory[gone], c.sector[gone]), c.jobs[gone])
        acting = c.jobs[gone] * (c.stage[gone] == ACTING)
        np.add.at(world.signals.acting, (c.territory[gone], c.sector[gone]), -acting)
        for tally in (world.signals.posts, world.signals.acting):
            np.maximum(tally, 0.0, out=tally)  # rounding of the sum
        np.add.at(world.signals.results[:, ker.R_COUNT], c.territory[gone], -1.0)
        world.signals.closed_total[i] += c.jobs[gone].sum()
        ground.vacate(world, c.territory[gone], c.land[gone], c.owned[gone])
        c.remove(gone)
    rehire(world, lost)


_CLOSURES = {"firm_closure": _close, "main_employer_leaves": _close_largest}
