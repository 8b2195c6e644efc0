"""French rules of public finance, quarter by quarter: yearly assessment, balance of the budget, legal bounds.

The bounds of the law join those of the scenario: the rules in force carry the narrower of the two, so that menus,
votes and strategies all read them.
"""

from dataclasses import replace

import numpy as np

from coopsim.economy import finance
from coopsim.economy.finance import LINE, REVENUES, RUNNING, FrenchState, french, limits
from coopsim.economy.finance.law import FinanceLaw
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.society.moves import INDEX
from coopsim.types import FloatArray
from coopsim.world.state import World

_REVENUE = np.arange(RUNNING.size) <= LINE[REVENUES[-1]]
_SMALL = 1e-9
LEAST_LEGAL_RISE = 0.1  # points; a council does not vote on less


def french_quarter(world: World, state: FrenchState) -> None:
    """Assess taxes and grants in January, post the quarter, keep the bounds of the law."""
    f, p = world.finance, world.params
    law = state.book.of(world.year)
    if world.tick % TICKS_PER_YEAR == 0:
        new_year(world, state, law)
    world.signals.cfe = 0.01 * f.tax_pct * state.taxed_base
    charges = finance.centrality_per_yr(p.finance, f, world.people.in_commuters)
    french.post(state, f, world.people.population, world.signals.cfe, charges, p.finance.interest_per_yr)
    bound(world, state, law)


def new_year(world: World, state: FrenchState, law: FinanceLaw) -> None:
    """Move the bases by a year, assess the lines, balance the budget, open the rights to raise the rate."""
    f, crowd = world.finance, world.people
    now = french.bases(
        state.p, state.case, state.value_added, state.public, world.companies, crowd.own_account, law
    )
    state.base_years = np.vstack((now.business[None, :], state.base_years[:-1]))
    french.assess(state, law, now, crowd.population, crowd.dwellings, world.tick / TICKS_PER_YEAR)
    if world.tick:
        running = np.column_stack(
            (f.year[:, :, RUNNING & _REVENUE].sum(axis=(0, 2)), -f.year[:, :, RUNNING & ~_REVENUE].sum(axis=(0, 2)))
        )  # fmt: skip
        _write_cuts(world, french.balance(state, f, law, running, crowd.population, world.rules.balanced))
    french.open_rights(state, law, f.tax_pct)
    keep = world.tick - TICKS_PER_YEAR * max(
        law.de_minimis_years, int(world.rules.clawback_years.max(initial=0.0))
    )
    state.aids = {
        company: recent
        for company, aids in state.aids.items()
        if (recent := [aid for aid in aids if aid[0] >= keep])
    }


def bound(world: World, state: FrenchState, law: FinanceLaw) -> None:
    """Narrow the rules in force to what the law allows this year.

    Others may replace rules too: what tells rules of the scenario from bounded ones is the array of highest rates.
    """
    rules = world.rules
    if state.given is None or rules.tax_high is not state.bounded:
        state.given = (rules.tax_high, rules.subsidy_high, rules.subsidy_low)
    rate_high, aid_high, aid_low = state.given
    high = np.minimum(rate_high, np.maximum(state.rate_high, rules.tax_low))
    aid = np.minimum(aid_high, legal_aid(world, state, law))
    if np.array_equal(high, rules.tax_high) and np.array_equal(aid, rules.subsidy_high):
        state.bounded = rules.tax_high
        return
    tops = rules.high.copy()
    for move, top in (("tax_up", high), ("tax_down", high), ("subsidy_up", aid), ("subsidy_down", aid)):
        tops[:, INDEX[move]] = top
    low = np.minimum(aid_low, aid)
    world.rules = replace(rules, tax_high=high, subsidy_high=aid, subsidy_low=low, high=tops)
    state.bounded = high
    world.finance.obey(low, aid)
    _write_bounds(world, rate_high, high, aid_high, aid)


def legal_aid(world: World, state: FrenchState, law: FinanceLaw) -> FloatArray:
    """Return the largest aid per job, k€, shape (T,): to property only, unless the Région delegates (L1511-3)."""
    small = float(limits.aid_per_job(np.array([1.0]), state.p.property_cost_keur_per_job, law)[0])
    out: FloatArray = np.where(world.rules.aid_delegated, np.inf, small)
    return out


def _write_cuts(world: World, cut: FloatArray) -> None:
    if not world.spec.journal:
        return
    for i in np.flatnonzero(cut > _SMALL):
        share = 100.0 * cut[i] / max(world.finance.budget[i], _SMALL)
        world.write(
            world.places.code[i], "limit", "services", amount=float(cut[i]), outcome="cut",
            reason_fr=f"{world.places.name[i]} : les recettes ne couvrent plus le fonctionnement et le remboursement "
            f"de la dette (CGCT L1612-4) ; services réduits de {share:.1f} % du budget".replace(".", ","),
            reason_en=f"{world.places.name[i]}: revenue no longer covers running costs and the repayment of debt "
            f"(CGCT L1612-4); services cut by {share:.1f} % of the budget",
        )  # fmt: skip


def _write_bounds(
    world: World, asked_rate: FloatArray, rate: FloatArray, asked_aid: FloatArray, aid: FloatArray
) -> None:
    """Say once a year which limit of the law binds before that of the scenario."""
    if not world.spec.journal or world.tick % TICKS_PER_YEAR:
        return
    for i in range(world.size):
        name, room = world.places.name[i], rate[i] - world.finance.tax_pct[i]
        if rate[i] < asked_rate[i] and room < world.params.councils.tax_step_points:
            world.write(
                world.places.code[i], "limit", "tax_up", amount=float(rate[i]), outcome="bound",
                reason_fr=f"{name} : le taux de CFE ne peut dépasser {rate[i]:.2f} % cette année (CGI 1636 B septies "
                "et decies)".replace(".", ","),
                reason_en=f"{name}: the business tax rate may not exceed {rate[i]:.2f} % this year (CGI 1636 B "
                "septies and decies)",
            )  # fmt: skip
        if aid[i] < asked_aid[i] and world.finance.subsidy[i] >= aid[i] - _SMALL and aid[i] > 0.0:
            world.write(
                world.places.code[i], "limit", "subsidy_up", amount=float(aid[i]), outcome="bound",
                reason_fr=f"{name} : aide limitée à l'immobilier, {aid[i]:.1f} k€ par emploi, sans délégation de la "
                "Région (CGCT L1511-3)".replace(".", ","),
                reason_en=f"{name}: aid limited to property, {aid[i]:.1f} k€ per job, without a delegation of the "
                "Région (CGCT L1511-3)",
            )  # fmt: skip
