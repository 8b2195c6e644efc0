"""Phase 8: public finance – ordinary lines, sharing, animation, closing of the quarter."""

import numpy as np

from coopsim.economy import finance
from coopsim.economy.finance.grants import allowance_weights
from coopsim.schedule.body_state import lent_posts
from coopsim.schedule.finance.calls import calls, in_good_standing
from coopsim.schedule.finance.contributions import cost_shares, fine_withholders, forget_leavers, given
from coopsim.schedule.finance.funder_accounts import give_back, pay_funders, through_own_funds
from coopsim.schedule.finance.legal import french_quarter
from coopsim.schedule.finance.projects import joint_project
from coopsim.schedule.firms.citizens import pay_outreach
from coopsim.schedule.firms.incentives import pay_incentives
from coopsim.schedule.firms.reuse import spare_waste
from coopsim.schedule.resources.levies import raise_levies
from coopsim.schedule.resources.timber import effort_fees
from coopsim.schedule.shocks import shock_levels
from coopsim.schedule.siting.attraction import attraction_value
from coopsim.society.pact_life import working
from coopsim.tables import SCOPES
from coopsim.types import BoolArray, FloatArray
from coopsim.world.founding_finance import law_book
from coopsim.world.state import World

_REVENUE, _ENGINEERING = SCOPES.index("revenue"), SCOPES.index("engineering")


def public_finance(world: World) -> None:
    """Post revenues, sharing, services, centrality charges and animation; move the balance to debt."""
    if not world.spec.submodels.finance:
        return
    p, f, s = world.params, world.finance, world.signals
    if f.french is not None:
        french_quarter(world, f.french)
    else:
        s.cfe = finance.cfe_per_yr(f.tax_pct, p.siting.base_keur_per_job, s.posts, world.sectors.public)
        finance.ordinary_lines(p.finance, f, world.people.population, s.cfe, world.people.in_commuters)
    finance.fade_centrality(p.finance, f, s.arrived)
    f.post("leases", 0.25 * s.leases)
    f.post("fees", 0.25 * effort_fees(world))
    share_tax(world)
    fine_withholders(world)
    animate(world)
    joint_project(world)
    calls(world)
    pay_incentives(world)
    pay_outreach(world)
    raise_levies(world)
    pay_funders(world)
    spare_waste(world)
    finance.close_quarter(f, world.tick)


def share_tax(world: World) -> None:
    """Pool a share of business tax inside each pact with the revenue scope and give it back by the key."""
    f, s, rules, pacts = world.finance, world.signals, world.rules, world.pacts
    for row in pacts.active:
        if not pacts.scopes[row, _REVENUE]:
            continue
        m = pacts.members[row]
        base = s.cfe[m] if rules.pacts.share_all else np.maximum(s.cfe[m] - pacts.tax_at_entry[row, m], 0.0)
        pooled = 0.25 * rules.pacts.phi[m] * base
        net = np.zeros(world.size)
        standing = in_good_standing(pacts, int(row), world.tick)[m]
        key = sharing_key(world, m, pooled)
        net[m] = finance.share_revenue(pooled, key * standing if standing.any() else key)
        f.post("shared_revenue", net)
        f.shared += net


def pools(world: World) -> tuple[FloatArray, FloatArray]:
    """Return the share of its business tax that each territory pools, (T,), and who gets it, (T, T).

    The column is the contributor, as in `share_tax`; outside any revenue pact the share is 0.
    """
    phi, key = np.zeros(world.size), np.eye(world.size)
    for row in world.pacts.active:
        m = world.pacts.members[row]
        # by contribution everybody gets back what it pooled: the same as pooling nothing
        if world.pacts.scopes[row, _REVENUE] and world.rules.pacts.share_key != "contribution":
            weight = sharing_key(world, m, np.zeros(int(m.sum())))
            phi[m] = world.rules.pacts.phi[m]
            key[np.ix_(m, m)] = (weight / max(float(weight.sum()), 1e-12))[:, None]
    return phi, key


def sharing_key(world: World, members: BoolArray, pooled: FloatArray) -> FloatArray:
    """Return the weights of the distribution inside a pact, shape (n,), by the key of the rules."""
    population = world.people.population[members]
    key = world.rules.pacts.share_key
    if key == "contribution":
        return pooled
    capacity = world.signals.cfe[members] / np.maximum(population, 1.0)
    if key == "need":
        out: FloatArray = population / np.maximum(capacity, 1e-9)
        return out
    if key == "solidarity":
        law = law_book().of(world.year)
        return allowance_weights(population, world.finance.income[members], np.maximum(capacity, 1e-9), law)
    if key == "shapley":
        return attraction_value(world, members)
    return population


def animate(world: World) -> None:
    """Pay animation, coordination and pooled savings of each pact; outside money covers its share of posts.

    What members withhold of their share of the animation is not spent: fewer posts, and less outside money.
    """
    p, f, pacts, rules = world.params, world.finance, world.pacts, world.rules
    cut = 1.0 - shock_levels(world, "subsidy_cut") * rules.pacts.public_money
    withheld = shock_levels(world, "withholding")
    forget_leavers(world)
    give_back(world)
    for row in pacts.active:
        m = pacts.members[row]
        n = int(m.sum())
        founder = int(pacts.founder[row])
        funded = float(rules.pacts.funded[founder] * cut[founder])
        own = 1.0 - float(rules.pacts.funded[founder])
        # what the outside no longer pays is not replaced: the posts disappear
        posts_wanted = float(rules.pacts.fte[founder]) + p.pacts.hired_fte * float(rules.pacts.hired[founder])
        shares, paid = cost_shares(world, m, founder), given(world, int(row)) * (1.0 - withheld)
        level = float((shares * paid).sum()) if rules.pacts.voluntary or withheld.any() else 1.0
        wanted = 0.25 * p.finance.animation_cost_per_fte * posts_wanted
        spendable = through_own_funds(world, int(row), wanted * funded * level)
        if (
            spendable != wanted * funded * level
        ):  # own funds: a part is kept, a part of what was kept is spent
            funded = spendable / max(wanted * level, 1e-12)
        fte = posts_wanted * (own + funded)
        pacts.fte[row] = fte * level + p.pact_life.organisation_fte * float(rules.pacts.organised[founder])
        pacts.fte[row] += lent_posts(world, m)  # paid by the PETR that lends them
        posts = 0.25 * p.finance.animation_cost_per_fte * fte
        outside = 0.25 * p.finance.animation_cost_per_fte * posts_wanted * funded
        watch = 0.25 * float(rules.monitoring[founder])
        written = 1.0 + p.pact_life.rule_cost * rules.pacts.written
        coordination = 0.25 * p.finance.coordination_cost_per_member * n * written
        total = posts * paid + watch + coordination
        f.post("animation", total * shares)
        f.post("outside_funding", outside * paid * shares)
        f.pact_cost += (total - outside * paid) * shares
        f.withheld += (posts - outside) * (1.0 - paid) * shares
        if pacts.scopes[row, _ENGINEERING]:
            saved = (
                0.25 * p.pacts.pooling_gain_share * working(p.pacts, p.pact_life, pacts, int(row)) * f.budget
            )
            f.post("services", -np.where(m & in_good_standing(pacts, int(row), world.tick), saved, 0.0))
