"""Phase 9, strategy: the games that councils with a computing maker play on the engine, and what they announce."""

from collections.abc import Callable

import numpy as np

from coopsim.governance.makers import Fixed, Heuristic, Human, Trigger
from coopsim.governance.play import Circle, Game
from coopsim.rng import Purpose, uniform
from coopsim.schedule import ties
from coopsim.schedule.finance import phase as public
from coopsim.schedule.resources import timber
from coopsim.schedule.siting.phase import location_utility
from coopsim.society.games import CommonsGame, EffortGame, HarvestGame, RiverGame, TaxGame
from coopsim.tables import SCOPES
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_WATER = SCOPES.index("water")
_FOREVER = 2**40  # ticks
_SAME = 1e-9  # relative distance below which a strategy is the promised one


def players(world: World, objective: str) -> BoolArray:
    """Return which territories have a maker with an objective, shape (T,)."""
    out: BoolArray = np.array([getattr(m, "objective", None) == objective for m in world.rules.makers])
    return out


def strategic(world: World, session: BoolArray) -> None:
    """Let the makers that do not vote play: all read the last announced strategies, then all move."""
    makers = world.rules.makers
    for objective, (view, tell) in GAMES.items():
        here = session & players(world, objective)
        if not here.any():
            continue
        game = view(world)
        game.circle.playing[:] = players(world, objective)
        _watch(world, game, here)
        chosen = [(int(i), makers[i].play(game, int(i))) for i in np.flatnonzero(here)]
        for i, value in chosen:
            if value is not None:
                tell(world)[i] = value
                world.announced[i] = True
        _decided(world, game, here, tell(world))
        if isinstance(game, RiverGame) and world.rules.pacts.compensation == "downstream":
            compensate(world, game)


def _decided(world: World, game: Game, here: BoolArray, target: FloatArray) -> None:
    """Take the strategies that people decided since the last session, inside the legal bounds."""
    for i in np.flatnonzero(here):
        value = world.decisions.pop(int(i), None)
        if value is not None and isinstance(world.rules.makers[i], Human):
            low, high = game.bounds(int(i), game.strategies)
            target[i] = min(max(value, low), high)
            world.announced[i] = True


def _watch(world: World, game: Game, here: BoolArray) -> None:
    """Let the players of a kept plan see, or not, who broke it since their last session."""
    makers = world.rules.makers
    grim = [int(i) for i in np.flatnonzero(here) if isinstance(makers[i], Trigger)]
    # who was punishing kept to what it had threatened: that is no breach
    punished = world.tick - world.rules.period < world.punished_until
    for i in grim:
        maker = makers[i]
        if not isinstance(maker, Trigger) or world.tick < world.punished_until[i]:
            continue
        plan = maker.promised(game)
        broke = np.abs(game.strategies - plan) > _SAME * np.maximum(np.abs(plan), 1e-300)
        # one draw for each breach: what one player sees, all see
        draw = uniform(world.seed, Purpose.DETECTION, world.places.id, world.tick)
        if (here & broke & ~punished & world.announced & (draw < game.circle.detection)).any():
            years = maker.punishment_years
            world.punished_until[i] = _FOREVER if years is None else world.tick + 4 * years
    game.circle.punishing[:] = world.tick < world.punished_until


def circle(world: World) -> Circle:
    """Return who shares a pact with whom, who can copy whom, and how well breaches are seen."""
    n = world.size
    allies: BoolArray = np.eye(n, dtype=np.bool_)
    for row in world.pacts.active:
        m = world.pacts.members[row]
        allies = allies | np.outer(m, m)
    near: BoolArray = world.places.adjacent | np.eye(n, dtype=np.bool_)
    everybody = np.ones(n, np.bool_)
    return Circle(everybody, allies, near, world.tick < world.punished_until, ties.detection(world))


def tax_game(world: World) -> TaxGame:
    """Return the tax game as it stands: exact siting shares, revenue sharing of the pacts in force."""
    p, f, rules, sectors = world.params.siting, world.finance, world.rules, world.sectors
    slope: FloatArray = np.where(sectors.public, 0.0, p.gamma_cost * 0.01 * p.base_keur_per_job)
    v = location_utility(world, newcomers=True) + np.multiply.outer(f.tax_pct, slope)
    weights = sectors.project_weight / max(float(sectors.project_weight.sum()), 1e-12) * ~sectors.public
    phi, key = public.pools(world)
    # legal limits hold for whoever decides: the ceiling of the rate, and its largest rise in a session
    legal = np.minimum(
        f.tax_pct + world.params.finance.tax_rise_max_points, world.params.finance.tax_ceiling_pct
    )
    return TaxGame(
        strategies=f.tax_pct.copy(),
        circle=circle(world),
        utility=v,
        slope=slope,
        weight=weights,
        outside=world.outside,
        phi=phi,
        key=key,
        low=rules.tax_low,
        high=np.maximum(np.minimum(rules.tax_high, legal), rules.tax_low),
    )


def harvest_game(world: World) -> HarvestGame:
    """Return the game of the stock that all players may harvest."""
    stock, growth = timber.shared_stock(world)
    return HarvestGame(world.strategies.copy(), circle(world), stock, growth)


def commons_game(world: World) -> CommonsGame:
    """Return the game of the efforts on the stock that all players may harvest: its sustained yield."""
    p = world.params.wood
    a, b = timber.sustained_yield(world)
    cost = p.effort_cost + world.rules.pacts.effort_fee
    return CommonsGame(world.strategies * players(world, "rent"), circle(world), a, b, cost)


def effort_game(world: World) -> EffortGame:
    """Return the game of the efforts for a common good."""
    efforts = world.strategies * players(world, "net_benefit")
    return EffortGame(efforts, circle(world), world.places.effort_benefit, world.params.councils.effort_cost)


def river_game(world: World) -> RiverGame:
    """Return the game of the water that councils ask of their rivers, in the mean flow of a year."""
    r = world.rivers
    here = players(world, "water_benefit")
    order: IntArray = r.graph.order
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    below = r.downstream[order]
    return RiverGame(
        strategies=world.strategies * here,
        circle=circle(world),
        a=world.places.water_benefit * here,
        b=np.where(here, world.places.water_saturation, 1.0),
        territory=r.territory[order],
        downstream=np.where(below >= 0, place[below], -1),
        intake=r.intake_share[order],
        inflow=(r.runoff.mean(axis=0) + r.boundary.mean(axis=0))[order],
        floor=r.graph.floor[order],
        consumed=r.other_consumed[order],
    )


def compensate(world: World, game: RiverGame) -> None:
    """Let the members of a water pact pay each other, so that each gets what it adds to those upstream of it.

    Ambec & Sprumont (2002): upstream users give up water and are paid for it; sums to zero over the pact.
    """
    for row in world.pacts.active:
        members = world.pacts.members[row] & game.circle.playing
        if not world.pacts.scopes[row, _WATER] or not members.any():
            continue
        own = game.benefits(game.taken(game.strategies)[0])
        worth = game.worth()
        # what the river gives the members together is theirs to share
        received = np.where(members, worth - own, 0.0)
        received[members] -= received[members].mean()
        world.finance.post("compensation", -received)


def _strategies(world: World) -> FloatArray:
    return world.strategies


def _rates(world: World) -> FloatArray:
    return world.finance.tax_pct


# objective of the makers → the game it plays, and where its strategies stand in the world
GAMES: dict[str, tuple[Callable[[World], Game], Callable[[World], FloatArray]]] = {
    "revenue": (tax_game, _rates),
    "log_harvest": (harvest_game, _strategies),
    "rent": (commons_game, _strategies),
    "net_benefit": (effort_game, _strategies),
    "water_benefit": (river_game, _strategies),
}


def follow_plans(world: World, session: BoolArray, make: Callable[[World, int, str, float], None]) -> None:
    """Make the moves of fixed plans, and those that people decided, without a vote."""
    for i in np.flatnonzero(session):
        maker = world.rules.makers[i]
        if isinstance(maker, Fixed):
            for move in maker.moves:
                make(world, int(i), str(move["move"]), float(move.get("times", 1.0)))
        if isinstance(maker, Human):
            for key, times in world.decided_moves.pop(int(i), []):
                make(world, int(i), key, times)


def voting(world: World) -> BoolArray:
    """Return which councils decide by votes, shape (T,)."""
    out: BoolArray = np.array([isinstance(m, Heuristic) for m in world.rules.makers])
    return out
