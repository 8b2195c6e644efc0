"""Contracts of reciprocity (LC1): councils sign, pay, keep or break them.

For water, the giver pays its farmers for the share of irrigation that they give up, out of what the taker pays. For
wood, it groups forest owners with it, so that more of the growth is cut and less imported. Both councils vote on each
offer of the rules every winter until it is signed; what they expect comes from the engine's own river and forest.
"""

import numpy as np

from coopsim.economy.local import Contract, Offer
from coopsim.economy.reciprocity import giver_keeps
from coopsim.metrics import sum_by
from coopsim.resources.water import DRINKING, INDUSTRY
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.councils.phase import argue, ballot
from coopsim.schedule.resources import timber, water
from coopsim.society.councils import Expectations
from coopsim.tables import SCOPES
from coopsim.types import FloatArray
from coopsim.world.state import World

_TAG = 700  # separates the draws of these votes from those of a session and of pacts
_SUMMER, _DEKADS, _LEVELS = 2, 9, 4
_VITAL = [DRINKING, INDUSTRY]


def irrigated(world: World) -> FloatArray:
    """Return the irrigated area of each territory, shape (T,), ha."""
    r = world.rivers
    return sum_by(r.territory, r.irrigated, world.size)


def giving_cost(world: World, offer: Offer, *, wetness: float = 0.0) -> float:
    """Return what giving costs in a year of some wetness, k€: farmers' margin, or the grouping of owners."""
    if offer.gives == "wood":
        return offer.keur_per_yr
    p = world.params
    dry = float(np.exp(-p.water.irrigation_wetness * wetness))
    area = float(irrigated(world)[offer.giver])
    return offer.share * area * p.local.reciprocity.irrigation_keur_per_ha * dry


def contracts_year(world: World) -> None:
    """Once a year, in winter: end contracts whose years are over, keep or break the others, vote on the offers."""
    rules, spec = world.rules.local, world.spec.submodels
    asked = rules.offers or world.local.contracts
    if world.tick % TICKS_PER_YEAR or not (asked and spec.councils and spec.finance):
        return
    for contract in world.local.contracts:
        if contract.ended < 0:
            _live(world, contract, contract.offer)
    running = [contract.offer for contract in world.local.contracts if contract.ended < 0]
    for n, offer in enumerate(rules.offers):
        if offer not in running and _agreed(world, n, offer):
            world.local.contracts.append(Contract(offer, signed=world.tick))
            _write(world, offer, "signed", "signé", "signed")


def _live(world: World, contract: Contract, offer: Offer) -> None:
    years = (world.tick - contract.signed) / TICKS_PER_YEAR
    if years >= offer.years:
        contract.ended = world.tick
        _write(world, offer, "ended", "arrivé à son terme", "has run its term")
        return
    p, f, trust = world.params.local.reciprocity, world.finance, world.ties.trust
    pair = (offer.giver, offer.taker)
    wetness = world.climate.wetness(max(world.tick - 1, 0))
    keeps = giver_keeps(
        p, giving_cost(world, offer, wetness=wetness), giving_cost(world, offer), offer.keur_per_yr,
        offer.penalty_keur, offer.years - years, float(trust[pair]),
    )  # fmt: skip
    limit = world.params.finance.debt_limit_share * f.budget[offer.taker]
    pays = not (f.debt[offer.taker] > limit and f.balance_per_yr()[offer.taker] < 0.0)
    if keeps and pays:
        _pay(world, offer)
        _trust(world, pair, float(trust[pair]) + p.trust_gain * (1.0 - float(trust[pair])))
        return
    contract.ended, contract.broken = world.tick, True
    guilty, other = pair if not keeps else pair[::-1]
    fine = np.zeros(world.size)
    fine[guilty], fine[other] = offer.penalty_keur, -offer.penalty_keur
    f.post("fines", fine)
    _trust(world, pair, float(trust[pair]) * (1.0 - p.trust_loss))
    who = world.places.name[guilty]
    _write(world, offer, "broken", f"rompu par {who}", f"broken by {who}")


def _trust(world: World, pair: tuple[int, int], value: float) -> None:
    world.ties.trust[pair] = world.ties.trust[pair[::-1]] = value


def _pay(world: World, offer: Offer) -> None:
    """Let the taker pay the giver, and the giver its farmers or the grouping of its owners."""
    transfer, spent = np.zeros(world.size), np.zeros(world.size)
    transfer[offer.taker], transfer[offer.giver] = offer.keur_per_yr, -offer.keur_per_yr
    world.finance.post("compensation", transfer)
    spent[offer.giver] = giving_cost(world, offer)
    world.finance.post("programmes", spent)
    if offer.gives == "water":
        return
    p, step = world.params.councils, np.zeros(world.size)
    step[offer.giver] = p.grouping_step * offer.keur_per_yr / max(p.grouping_cost_keur, 1e-9)
    timber.group_owners(world, step)


def water_gain(world: World, offer: Offer) -> FloatArray:
    """Return how much less a dry summer would lack water, shape (T,), by the river itself.

    Sum of three shares, over the nodes of each territory: dekads below the floor, restriction level over the highest,
    and need of drinking water and industry that is not met.
    """
    r = world.rivers
    if not r.node or not world.spec.submodels.water:
        return np.zeros(world.size)
    factor = np.full((_DEKADS, len(r.node)), world.params.local.reciprocity.dry_factor)
    needs, managed = water.yearly_needs(world), water.Management(r.graph)
    area, less = r.irrigated, r.irrigated * (1.0 - offer.share * (r.territory == offer.giver))
    hard = []
    try:
        for r.irrigated in (area, less):
            q = water.river_quarter(world, _SUMMER, factor, r.groundwater, needs, managed)
            level = (q.levels * np.arange(_LEVELS)).sum(axis=1) / (_LEVELS - 1)
            asked = q.demanded[:, _VITAL].sum(axis=1)
            met = np.divide(
                q.withdrawn[:, _VITAL].sum(axis=1), asked, out=np.ones_like(asked), where=asked > 0.0
            )
            hard.append((level + q.below) / _DEKADS + 1.0 - met)
    finally:
        r.irrigated = area
    nodes = np.maximum(np.bincount(r.territory, minlength=world.size), 1)
    out: FloatArray = np.bincount(r.territory, weights=hard[0] - hard[1], minlength=world.size) / nodes
    return out


def expected(world: World, offer: Offer) -> Expectations:
    """Return what the two councils expect of a year of the contract, (T, 1); the other side's word weighed by trust."""
    e = Expectations.zeros(world.size, 1)
    budget = np.maximum(world.finance.budget, 1e-9)
    trust = float(world.ties.trust[offer.giver, offer.taker])
    # what is given is paid for out of the payment, in the same year: only the rest is the giver's own money
    rest = offer.keur_per_yr - giving_cost(world, offer)
    e.revenue[offer.giver, 0] = 100.0 * max(rest, 0.0) / budget[offer.giver]
    e.cost[offer.giver, 0] = 100.0 * max(-rest, 0.0) / budget[offer.giver]
    e.cost[offer.taker, 0] = 100.0 * offer.keur_per_yr / budget[offer.taker]
    e.ceded[[offer.giver, offer.taker], 0] = world.params.councils.ceded_share / len(SCOPES)  # one subject
    e.delay[[offer.giver, offer.taker], 0] = 1.0
    e.visible[[offer.giver, offer.taker], 0] = world.params.councils.propose_visibility
    if offer.gives == "water":
        gain = water_gain(world, offer)
        e.resources[offer.giver, 0] = gain[offer.giver]
        e.resources[offer.taker, 0] = trust * gain[offer.taker]
        return e
    p = world.params.councils
    size = offer.keur_per_yr / max(p.grouping_cost_keur, 1e-9)
    more = timber.harvest_per_yr(world, 0) * timber.grouping_share(world, p.grouping_step * size)
    jobs = np.maximum(world.people.filled, 1.0)
    e.jobs[offer.giver, 0] = 100.0 * (more * timber.jobs_per_m3(world) / jobs)[offer.giver]
    e.resources[offer.taker, 0] = trust * p.wood_resource_gain * min(size, 1.0)
    return e


def _agreed(world: World, n: int, offer: Offer) -> bool:
    """Let both councils vote on an offer, each under its own rule; the giver first."""
    asked = np.zeros(world.size, np.bool_)
    asked[[offer.giver, offer.taker]] = True
    argued = argue(
        world, expected(world, offer), _TAG + n, asked, context_share=world.params.councils.context_pact_share
    )
    for i in (offer.giver, offer.taker):
        rows = np.flatnonzero(world.councils.territory == i)
        if not ballot(world, i, rows, argued.utility[rows] > 0.0):
            _write(
                world,
                offer,
                "refused",
                f"refusé par {world.places.name[i]}",
                f"refused by {world.places.name[i]}",
            )
            return False
    return True


def _write(world: World, offer: Offer, outcome: str, fr: str, en: str) -> None:
    giver, taker = world.places.name[offer.giver], world.places.name[offer.taker]
    what_fr, what_en = ("l'eau", "water") if offer.gives == "water" else ("le bois", "wood")
    world.write(
        world.places.code[offer.giver], "contract", "reciprocity", amount=offer.keur_per_yr, outcome=outcome,
        reason_fr=f"contrat de réciprocité sur {what_fr} entre {giver} et {taker} : {fr}",
        reason_en=f"contract of reciprocity on {what_en} between {giver} and {taker}: {en}",
        members=f"{world.places.code[offer.giver]};{world.places.code[offer.taker]}",
    )  # fmt: skip
