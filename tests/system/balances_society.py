"""People, pacts, ties, bodies and beliefs: people and seats are counted once, shares stay shares."""

import numpy as np

from coopsim.economy.finance import LINE
from coopsim.tables.bodies import ACCOUNT
from tests.system.balance import EXACT, Before, require, same


def check_people(world, before: Before) -> None:
    """Employed + seekers = active; filled posts are the workers of the column; people and dwellings are booked."""
    crowd = world.people
    if world.spec.submodels.people:
        moved = crowd.balance.sum(axis=0)
        same(crowd.population - before.population, moved, world, "population", scale=before.population)
        built = (
            crowd.dwellings - before.dwellings + (crowd.building.sum(axis=0) - before.building.sum(axis=0))
        )
        same(built, world.signals.built, world, "dwellings", scale=before.dwellings)
        require(crowd.employed <= crowd.active * (1 + EXACT) + EXACT, world, "more employed than active")
    same(crowd.employed + crowd.seekers, crowd.active, world, "employed + seekers is not active")
    same(crowd.workers[:, :-1].sum(axis=0), crowd.filled, world, "filled posts are not the workers")
    own = np.diagonal(crowd.workers)[:-1]
    same(crowd.in_commuters, crowd.filled - own, world, "in-commuters")
    require(crowd.in_commuters >= -EXACT * np.maximum(crowd.filled, 1.0), world, "negative in-commuters")
    same(crowd.commuting.sum(axis=1), 1.0, world, "search shares do not sum to one")
    require(crowd.unemployment <= 1.0, world, "unemployment above one")


def check_hires(world) -> None:
    """No territory fills more posts than it has."""
    posts = world.signals.posts.sum(axis=1)
    filled = world.people.filled
    require(
        filled <= posts * (1 + EXACT) + EXACT, world, "more filled posts than posts", (filled - posts).max()
    )


def check_pacts_and_ties(world, before: Before) -> None:
    """A pact has two members or has ended; a territory is in one pact; ties are symmetric and within 0-1."""
    del before
    pacts, ties = world.pacts, world.ties
    active = pacts.active
    members = pacts.members[active]
    require(members.sum(axis=1) >= 2, world, "a pact with fewer than two members")
    require(members.sum(axis=0) <= 1, world, "a territory in two pacts")
    if all(event.what != "pact_founded" for event in world.spec.events):  # the State may impose a larger one
        most = max(
            world.rules.pacts.growth.most_members(world.params.pacts.max_members),
            world.params.pact_life.start_members,
        )
        require(members.sum(axis=1) <= most, world, "a pact above its size")
    require(np.unique(pacts.id).size == len(pacts), world, "two pacts share an id")
    ended = pacts.ended[pacts.ended >= 0]
    require(
        world.signals.dissolved == ended.size, world, "dissolved pacts", (world.signals.dissolved, ended.size)
    )
    for name in ("held", "vacancy", "mismatch", "size", "wins"):
        values = getattr(pacts, name)
        require((values >= 0.0) & (values <= 1.0 + EXACT), world, f"{name} of a pact outside 0-1", values)
    tried = (pacts.delivered.sum(axis=1) + pacts.failed)[active]
    require(
        tried <= 1 + (world.tick - pacts.founded[active]) // 4, world, "more joint actions than years", tried
    )
    require((pacts.stage >= 0) & (pacts.stage <= 3), world, "unknown stage of a pact")
    for name in ("trust", "knowledge", "rivalry", "identity"):
        matrix = getattr(ties, name)
        require((matrix >= 0.0) & (matrix <= 1.0), world, f"{name} outside 0-1")
        require(np.diagonal(matrix) == 0.0, world, f"{name} of a territory with itself")
        same(matrix, matrix.T, world, f"{name} is not symmetric")


def check_bodies(world, before: Before) -> None:
    """Accounts of bodies balance, line by line and with those of their members; people and seats are counted once."""
    b, r = world.bodies, world.rivers
    turned = np.abs(b.total).sum(axis=1)
    same(b.debt, -b.total.sum(axis=1), world, "debt of a body is not its account", scale=turned)
    lines = [name for name, _ in ACCOUNT]
    taken = b.total[:, lines.index("taken_over")]
    same(taken.sum(), 0.0, world, "a debt taken over is lost", scale=np.abs(taken).sum())
    got = (b.total - before.body_accounts)[:, lines.index("contributions")]
    left = 0.0 if world.spec.submodels.finance else before.body_contributions
    gave = -(world.finance.flows[:, LINE["body_contributions"]] - left)
    same(got.sum(), gave.sum(), world, "contributions paid are not contributions received", scale=got.sum())
    require(gave >= -EXACT, world, "a body pays its members")
    raised = world.finance.flows[:, LINE["river_levy"]]
    if world.spec.submodels.finance:
        require(
            (raised >= 0.0) & (raised <= gave * (1 + EXACT) + EXACT),
            world,
            "a levy beyond what is contributed",
        )
    same(
        b.paid.sum(),
        b.total[:, lines.index("contributions")].sum(),
        world,
        "contributions since the first day",
    )
    require(b.total[:, : lines.index("operation")] >= 0.0, world, "negative revenue of a body")
    require(b.total[:, lines.index("operation") : -1] <= 0.0, world, "negative spending of a body")
    gone = ~b.alive
    require((b.seats >= 0) & ~((b.seats > 0) & gone[:, None]), world, "a seat in a body that is no more")
    services = b.service >= 0
    same(
        b.share[services],
        r.served[b.service[services]],
        world,
        "a service and its body serve different people",
    )
    require(b.share[services].sum(axis=0) <= 1.0 + EXACT, world, "people served twice")
    require(r.capacity[b.service[gone & services]] == 0.0, world, "capacity of a service that is no more")
    full = b.store_capacity * (1.0 + EXACT) + EXACT
    require((b.store >= 0.0) & (b.store <= full), world, "a store holds more than it can")
    require((b.saving >= 0.0) & (b.saving <= 1.0), world, "share spared outside 0-1")
    require((b.price >= 0.0) & np.isfinite(b.price), world, "price of water")
    require(b.passed <= b.drafted, world, "more moves adopted than proposed")


def check_society(world, before: Before) -> None:
    """A foundation spends what it gets; users of a currency are shares, credit is owed; beliefs stay inside bounds."""
    del before
    f = world.foundation
    if f is not None:
        same(f.spent, f.given + f.matched + f.levied, world, "a foundation spends what it gets")
        for name in ("given", "matched", "levied", "lent"):
            require(getattr(f, name) >= 0.0, world, f"foundation.{name} is negative")
        require((f.first >= 0.0) & (f.first <= 1.0 + EXACT), world, "the first donor gives more than all")
    c = world.currency
    if c is not None:
        for name in ("households", "companies", "level"):
            share = getattr(c, name)
            require((share >= 0.0) & (share <= 1.0), world, f"currency.{name} is no share")
        require(c.credit >= -EXACT, world, "more credit paid back than lent")
    require((world.local.ebe_trust >= 0.0) & (world.local.ebe_trust <= 1.0), world, "trust won is no share")
    p = world.minds.policy
    if p is not None:
        require((p.belief >= 0.0) & (p.belief <= 2.0) & (p.doubt >= 0.0), world, "belief out of bounds")
        require(
            [t.due >= t.since and t.expected > 0.0 for t in p.trials], world, "a trial without a hypothesis"
        )


def check_commitments(world, before: Before) -> None:
    """What councils are bound to is never below zero; no more is adapted than opened, or paid in than there is."""
    del before
    state, p = world.commitments, world.params
    for name in ("adapted", "purse", "capital", "stakes"):
        require(getattr(state, name) >= 0.0, world, f"commitments.{name} is negative")
    opened = world.land.opened
    require(state.adapted <= opened * (1 + EXACT) + EXACT, world, "more land adapted than opened")
    c = p.citizen_capital
    # inhabitants may leave, their money stays: bounded by what all who ever could would bring
    most = c.ticket_keur * c.most_share * 10.0 * (world.places.population + world.people.population)
    require(state.capital <= most * (1 + EXACT) + EXACT, world, "more capital than inhabitants have")
