"""Phase 9, bodies: water services decide on capacity and leaks."""

import numpy as np

from coopsim.governance.voting import Ballot
from coopsim.rng import Purpose, pair_ids, text_id, uniform
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def bodies_phase(world: World) -> None:
    """Let water services decide once a year on capacity and leaks; users pay through the water price."""
    if (
        not (world.spec.submodels.bodies and world.spec.submodels.councils)
        or world.tick % 4
        or not world.rivers.body
    ):
        return
    p, r = world.params.councils, world.rivers
    pressure = world.signals.water.get("ratio")
    if pressure is None:
        return
    seats = world.councils
    for b in range(len(r.body)):
        if not np.isfinite(r.capacity[b]) or r.capacity[b] <= 0:
            continue
        weight = r.served[b] * world.people.population
        if weight.sum() <= 0:
            continue
        need = float(pressure[b]) - p.supply_target_pressure
        allowed = world.rules.supply_allowed | world.rules.leaks_allowed
        voters = np.flatnonzero((weight > 0) & allowed)
        if voters.size == 0:
            continue
        delegates = seats.executive[voters]
        noise = uniform(
            world.seed, Purpose.BODY_VOTE, pair_ids(seats.seat_id[delegates], text_id(r.body[b])), world.tick
        )
        want = 10.0 * need * (1.5 - seats.ideal[delegates, 0]) + p.body_noise * (2.0 * noise - 1.0)
        yes = want > 0.0
        ballots_ = _body_ballot(world, yes, weight[voters])
        if ballots_:
            _invest(world, b, weight > 0)


def _body_ballot(world: World, yes: BoolArray, weight: FloatArray) -> bool:
    return bool(world.rules.body_rule.adopted(Ballot.of(yes, weight=weight, population=weight)))


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
