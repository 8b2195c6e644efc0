"""Aid to companies that arrive: paid by job, within what the law lets one receive, paid back by those who leave."""

import numpy as np

from coopsim.economy.finance import FrenchState, limits
from coopsim.rng import Purpose, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.firms.leases import convince
from coopsim.types import FloatArray, IdArray, IntArray
from coopsim.world.state import World


def pay_aid(world: World, company: IdArray, where: IntArray, jobs: FloatArray, arrived: FloatArray) -> None:
    """Pay the siting subsidy per arrived job; the law's bounds by company hold under the French rules.

    Parameters
    ----------
    company, where, jobs : shape (n,)
        Companies that arrive, row of their territory, posts.
    arrived : FloatArray, shape (T,)
        The same posts by territory.
    """
    f = world.finance
    bind(world, company, where)
    paid = f.subsidy * arrived
    if f.french is not None:
        paid = _by_company(world, f.french, company, where, jobs)
    f.post("subsidies", paid)
    f.subsidies_paid += paid


def bind(world: World, company: IdArray, where: IntArray) -> None:
    """Bind a share of the companies that arrive with an aid to commitments: they come convinced of the transition."""
    conditional = world.rules.local.conditional
    if not conditional.any():
        return
    luck = uniform(world.seed, Purpose.AID_CONDITION, company, world.tick)
    bound = company[(world.finance.subsidy[where] > 0.0) & (luck < conditional[where])]
    convince(world, bound)


def _by_company(
    world: World, state: FrenchState, company: IdArray, where: IntArray, jobs: FloatArray
) -> FloatArray:
    """Return what each territory pays, k€, shape (T,): aid of each company cut to what the law lets it receive.

    De minimis counts what every territory paid to the company over the period; property aid falls with size.
    """
    law, f = state.book.of(world.year), world.finance
    since = world.tick - TICKS_PER_YEAR * law.de_minimis_years
    total = np.zeros(world.size)
    wished = f.subsidy[where] * jobs
    for n in np.flatnonzero(wished > 0.0):
        name, row = int(company[n]), int(where[n])
        past = sum(amount for tick, _, amount in state.aids.get(name, ()) if tick > since)
        amount = min(float(wished[n]), float(limits.de_minimis_left(np.array(past), law)))
        if not world.rules.aid_delegated[row]:
            share = limits.aid_per_job(jobs[n], state.p.property_cost_keur_per_job, law)
            amount = min(amount, float(share) * float(jobs[n]))
        if amount > 0.0:
            state.aids.setdefault(name, []).append((world.tick, row, amount))
            total[row] += amount
        if amount < wished[n]:
            _write_cut(world, row, float(wished[n]), amount)
    return total


def claw_back(world: World, company: IdArray, home: IntArray) -> None:
    """Let companies that leave pay back the part of their aid that its years have not yet earned (LC27)."""
    f = world.finance
    years = world.rules.clawback_years
    if f.french is None or not (years > 0.0).any():
        return
    back = np.zeros(world.size)
    for name, row in zip(company.tolist(), home.tolist(), strict=True):
        for tick, payer, amount in f.french.aids.get(name, ()):
            if payer == row and years[row] > 0.0:
                age = (world.tick - tick) / TICKS_PER_YEAR
                back[row] += amount * max(0.0, 1.0 - age / float(years[row]))
    if back.any():
        f.post("clawback", back)


def _write_cut(world: World, i: int, wished: float, paid: float) -> None:
    if not world.spec.journal:
        return
    name = world.places.name[i]
    world.write(
        world.places.code[i], "limit", "aid", amount=paid, outcome="cut",
        reason_fr=f"{name} : aide d'une entreprise ramenée de {wished:.0f} à {paid:.0f} k€ (CGCT L1511-3, règlement "
        "(UE) 2023/2831)",
        reason_en=f"{name}: aid of a company cut from {wished:.0f} to {paid:.0f} k€ (CGCT L1511-3, Regulation (EU) "
        "2023/2831)",
    )  # fmt: skip
