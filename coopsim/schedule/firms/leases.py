r"""Criteria in the leases of public plots: who accepts them for a lower rent, and what that costs the council.

A share of the leases of public plots is offered with ecological and social criteria in exchange for a part *q* of the
rent. A company accepts when the rent that it spares, *q* times that of its plot, is worth at least what the criteria
cost it: a log-normal cost by job, its own, 0 where it is convinced already. Who accepts is bound: convinced of the
transition, as companies with a conditional aid are. The lease, and its lower rent, end when the company leaves.
LC28 of the source catalogue (criteria in leases, fees and premises).
"""

import numpy as np
from scipy.special import ndtr, ndtri

from coopsim.resources.land import Use
from coopsim.rng import Purpose, uniform
from coopsim.schedule.land import ground, tenure
from coopsim.tables.companies import CONVINCED
from coopsim.types import FloatArray, IdArray, IntArray
from coopsim.world.state import World

_OFFERED, _PUBLIC, _COST = 1, 2, 3  # draws of a company, beside that of aid conditions


def convince(world: World, company: IdArray) -> None:
    """Make companies that are bound to commitments convinced of the transition, where they are not yet."""
    c = world.companies
    rows = c.rows()
    rows = rows[np.isin(c.id[rows], company)]
    rows = rows[c.stage[rows] < CONVINCED]
    c.stage[rows], c.since[rows] = CONVINCED, world.tick


def sign_leases(world: World, company: IdArray, where: IntArray, jobs: FloatArray, land: FloatArray) -> None:
    """Let companies that have just taken plots accept or refuse the criteria of their lease.

    Parameters
    ----------
    company, where, jobs, land : shape (n,)
        Companies, row of their territory, posts, hectares.
    """
    rules, g = world.rules.plots, world.land
    if not rules.bargains or company.size == 0:
        return

    def luck(index: int) -> FloatArray:
        return uniform(world.seed, Purpose.AID_CONDITION, company, world.tick, index)

    c, p = world.companies, world.params.local.moves
    rows = c.rows()
    already = np.isin(company, c.id[rows][c.stage[rows] >= CONVINCED])
    spread = p.lease_compliance_spread
    cost = jobs * p.lease_compliance_keur * np.exp(spread * ndtri(luck(_COST)) - 0.5 * spread**2)
    # of the whole plot, if it were public: what its public part spares is that part of what the criteria cost
    spared = rules.lease_cut[where] * land * ground.price(world)[where] * rules.price[where]
    spared = spared * world.params.land.rent_yield
    accepts = (luck(_OFFERED) < rules.lease_criteria[where]) & (spared > 0.0)
    accepts &= already | (spared >= cost)
    convince(world, company[accepts & (luck(_PUBLIC) < g.let_share[where])])
    less = np.zeros(world.size)
    np.add.at(less, where[accepts], (rules.lease_cut[where] * g.let_rent[where] * land)[accepts])
    world.signals.leases = np.maximum(world.signals.leases - less, 0.0)


def lease_pull(world: World) -> FloatArray | float:
    """Return what leases with criteria add to the utility of a place for those who arrive, shape (T, K), or 0.

    What the lower rent leaves over the cost of the criteria, for a company that does not know its own cost yet.
    """
    rules, g = world.rules.plots, world.land
    if not (rules.bargains and world.spec.submodels.land):
        return 0.0
    p, land = world.params, g.uses[:, Use.VACANT]
    public = np.divide(g.public, land, out=np.zeros(world.size), where=land > 0.0)
    offered = rules.lease_criteria * np.minimum(public, 1.0) * tenure.leased_share(world)
    rent = ground.cost_price(world) * rules.price * p.land.rent_yield
    spared = np.multiply.outer(rules.lease_cut * rent, world.sectors.land * 1e-4)
    mean, spread = p.local.moves.lease_compliance_keur, p.local.moves.lease_compliance_spread
    z = np.log(np.maximum(spared, 1e-300) / mean) / spread
    worth = spared * ndtr(z + 0.5 * spread) - mean * ndtr(z - 0.5 * spread)
    out: FloatArray = p.siting.gamma_cost * offered[:, None] * np.maximum(worth, 0.0)
    return out


def expected_cut(world: World, price: FloatArray, m2_per_job: FloatArray) -> FloatArray | float:
    """Return the part of the rents of new leases that a council may expect to forgo, shape (T,), or 0.

    Parameters
    ----------
    price : FloatArray, shape (T,), k€/ha
    m2_per_job : FloatArray, shape (T,)
        Land of the companies that may come.
    """
    rules, p = world.rules.plots, world.params
    if not rules.bargains:
        return 0.0
    spared = rules.lease_cut * price * rules.price * p.land.rent_yield * m2_per_job * 1e-4
    spread = p.local.moves.lease_compliance_spread
    z = np.log(np.maximum(spared, 1e-300) / p.local.moves.lease_compliance_keur) / spread
    out: FloatArray = rules.lease_criteria * rules.lease_cut * ndtr(z + 0.5 * spread)
    return out
