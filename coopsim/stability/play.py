"""Runs of the worlds of a pact: what each territory has in each, and what its council thinks of the difference."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.executors import failing_as
from coopsim.indicators import TERRITORY
from coopsim.model import CoopModel
from coopsim.scenario import Scenario
from coopsim.schedule.councils.strategy import effort_game, players
from coopsim.society import councils as soc
from coopsim.types import FloatArray
from coopsim.world import World

MEASURES = ("money", "jobs", "water_security", "cost", "coverage")
MONEY, JOBS, WATER, COST, COVERAGE = range(len(MEASURES))
_DELAY_YEARS = 1.0  # as in the vote of accession: councils look a year ahead


@dataclass(frozen=True, slots=True)
class Minds:
    """The councils of one world at the end of its run, as far as a seat's utility reads them.

    Attributes
    ----------
    params : CouncilParams
    seats : Seats
    unemployment, salience, money, perception, budget : FloatArray, shape (T,)
    """

    params: soc.CouncilParams
    seats: soc.Seats
    unemployment: FloatArray
    salience: FloatArray
    money: FloatArray
    perception: FloatArray
    budget: FloatArray


@dataclass(frozen=True, slots=True)
class Lived:
    """One world.

    Attributes
    ----------
    values : FloatArray, shape (T, 5)
        `MEASURES`: money in k€/yr since the pact was founded, up to a constant of the territory (only differences
        between worlds count), with the payoff of a game of efforts where one is played; jobs and water security at
        the end; own cost of cooperation, k€/yr; share of scopes under a pact.
    codes : tuple of str, length T
        In the order of the rows.
    held : bool
        Whether the pact still had its members at the end.
    minds : Minds
    """

    values: FloatArray
    codes: tuple[str, ...]
    held: bool
    minds: Minds


def lived(spec: Scenario, seed: int, tick: int, members: Sequence[str]) -> Lived:
    """Live one world of a pact of given members founded at a tick, and look at its end."""
    with failing_as(spec.name, seed):
        model = CoopModel(spec, seed, views=False)
        try:
            model.run()
            world: World = model.world
            last = model.recorder.territory[model.recorder.ticks - 1]
            return Lived(_values(world, last, tick), world.places.code, _held(world, members), _minds(world))
        finally:
            model.release()


def _values(world: World, last: FloatArray, tick: int) -> FloatArray:
    column = {name: last[:, TERRITORY.index(name)] for name in TERRITORY}
    years = max((world.tick - tick) / 4.0, 0.25)
    efforts = players(world, "net_benefit")
    own = effort_game(world).payoffs(world.strategies * efforts) * efforts if efforts.any() else 0.0
    return np.column_stack(
        [
            -column["debt_keur"] / years + own,
            column["jobs"],
            column["water_security"],
            column["pact_cost_keur"] / years,
            column["pact_coverage"],
        ]
    )


def _held(world: World, members: Sequence[str]) -> bool:
    """Return whether some pact in force has exactly these members; true where there should be none."""
    wanted = np.isin(np.array(world.places.code), list(members))
    if int(wanted.sum()) < 2:  # noqa: PLR2004 - a pact needs two
        return not world.pacts.active.size
    return any(bool((world.pacts.members[row] == wanted).all()) for row in world.pacts.active)


def _minds(world: World) -> Minds:
    p, f, c = world.params.councils, world.finance, world.councils
    perception = np.array([p.perception_none, p.perception_own, p.perception_shared])[world.rules.diagnostic]
    return Minds(
        params=p,
        seats=soc.Seats(c.seat_id.copy(), c.territory.copy(), c.ideal.copy()),
        unemployment=world.people.unemployment.copy(),
        salience=world.signals.salience.copy(),
        money=soc.money_weight(p, f.debt, f.balance_per_yr(), f.budget),
        perception=perception,
        budget=f.budget.copy(),
    )


def seat_utility(minds: Minds, before: FloatArray, after: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what seats think of one world over another, by the councils' own formula, without chance.

    The realised differences stand where a council would put what it expects: jobs in %, money and the cost of
    cooperation in % of the yearly budget, water security, and the share of decisions ceded. Errors of expectation and
    personal noise are left out: what is judged here has happened.

    Parameters
    ----------
    minds : Minds
        Councils that judge.
    before, after : FloatArray, shape (T, 5)
        `MEASURES` of the two worlds.

    Returns
    -------
    mean : FloatArray, shape (T,), % of the yearly budget
        Mean utility over the seats of each council.
    favour : FloatArray, shape (T,), 0-1
        Share of seats whose utility is positive.
    """
    change = after - before
    t = change.shape[0]
    e = soc.Expectations.zeros(t, 1)
    budget = np.maximum(minds.budget, 1e-9)
    e.jobs[:, 0] = 100.0 * change[:, JOBS] / np.maximum(before[:, JOBS], 1.0)
    # the cost that members see counts with its bias, so it is taken out of the balance and stands apart
    cost = np.maximum(change[:, COST], 0.0)
    e.cost[:, 0] = 100.0 * cost / budget
    e.revenue[:, 0] = 100.0 * (change[:, MONEY] + cost) / budget
    e.resources[:, 0] = change[:, WATER]
    e.ceded[:, 0] = minds.params.ceded_share * change[:, COVERAGE]
    e.delay[:, 0] = _DELAY_YEARS
    seats = minds.seats
    none = np.zeros((seats.territory.size, 1))
    utility = soc.seat_utility(
        minds.params, seats, np.ones(seats.territory.size), e, minds.unemployment, minds.salience,
        minds.money, minds.perception, soc.Chance(none, none, none),
    )[:, 0]  # fmt: skip
    size = np.maximum(np.bincount(seats.territory, minlength=t), 1)
    favour = np.bincount(seats.territory, weights=utility > 0.0, minlength=t)
    return np.bincount(seats.territory, weights=utility, minlength=t) / size, favour / size
