"""What councils look at before they decide: the engine's own siting shares, land, money and pacts."""

import numpy as np
from scipy.special import expit

from coopsim.economy import siting
from coopsim.economy.companies import started_by_programme
from coopsim.governance.cost_sharing import ByPopulation
from coopsim.schedule.land import ground
from coopsim.schedule.neighbours import partners
from coopsim.schedule.resources import timber
from coopsim.schedule.siting.phase import location_utility
from coopsim.society import pacts as pact_rules
from coopsim.society.councils import Expectations
from coopsim.society.projection import Outlook
from coopsim.tables import SCOPES
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_NEVER = 1e-300
_WATER, _WOOD, _ENGINEERING = (SCOPES.index(s) for s in ("water", "wood", "engineering"))


def pact_gains(
    world: World, partner: BoolArray, members: FloatArray, scopes: BoolArray, rows: IntArray | None = None
) -> dict[str, FloatArray]:
    """Return what each territory may expect of a pact, already multiplied by trust; arrays (T,).

    Parameters
    ----------
    partner : BoolArray, shape (T, T) or (len(rows), T)
        Expected partners of each territory.
    rows : IntArray or None
        Territories concerned; the others are answered as if they had no partner. None for all.
    members : FloatArray, shape (T,)
        Expected number of members.
    scopes : BoolArray, shape (T, 6)
    """
    p, f, rules = world.params, world.finance, world.rules
    c = p.councils
    people = world.people.population
    who = slice(None) if rows is None else rows
    count, trust, dependence, others = (
        np.ones(world.size),
        np.zeros(world.size),
        np.zeros(world.size),
        np.zeros(world.size),
    )
    count[who] = np.maximum(partner.sum(axis=1), 1)
    trust[who] = (world.ties.trust[who] * partner).sum(axis=1) / count[who]
    # depending a little on each of several partners is depending on the group
    dependence[who] = 1.0 - np.prod(1.0 - np.where(partner, world.perceived[who], 0.0), axis=1)
    others[who] = (people * partner).sum(axis=1)
    posts = rules.pacts.fte + p.pacts.hired_fte * rules.pacts.hired
    fte = posts + p.pact_life.organisation_fte * rules.pacts.organised
    eff = pact_rules.efficiency(p.pacts, fte, members)
    years = c.horizon_years
    wood = timber.charter_gain(world, 0.5 * years * eff) * timber.jobs_per_m3(world)
    if c.trust_discount != 1.0:
        trust = 1.0 - c.trust_discount * (1.0 - trust)
    jobs = (0.3 + 0.7 * trust) * wood * scopes[:, _WOOD]
    money = (0.2 + 0.8 * trust) * eff * p.pacts.pooling_gain_share * f.budget * scopes[:, _ENGINEERING]
    # what full trust would add, as a share of the gains that it would leave
    doubt_jobs = 0.7 * (1.0 - trust) * wood * scopes[:, _WOOD]
    doubt_money = 0.8 * (1.0 - trust) * eff * p.pacts.pooling_gain_share * f.budget * scopes[:, _ENGINEERING]
    if rules.pacts.call_type == "cooperative":
        money = money + np.minimum(p.pacts.call_gain_keur, rules.pacts.call_envelope / max(world.size, 1))
    pressure = world.signals.water.get("pressure", np.zeros(world.size))
    safe = c.dependence_gain * dependence * (1.0 + np.maximum(pressure - 1.0, 0.0)) * scopes[:, _WATER]
    security = trust * safe
    share = people / np.maximum(people + others / count * (members - 1.0), 1.0)
    if not isinstance(rules.pacts.cost_sharing, ByPopulation):
        share = 1.0 / members  # partners are not named yet: what the other keys charge members who are alike
    yearly = (
        p.finance.animation_cost_per_fte * posts * (1.0 - rules.pacts.funded)
        + p.finance.coordination_cost_per_member
        * members
        * (1.0 + p.pact_life.rule_cost * rules.pacts.written)
        + rules.monitoring
    )
    ceded = (
        c.ceded_share * scopes.mean(axis=1)
        + rules.pacts.phi * world.signals.cfe / np.maximum(f.budget, 1e-9) * 0.2
        + rules.pacts.ceded_outside
    )
    return {
        "jobs": jobs, "money": money, "security": security, "cost": share * yearly, "ceded": ceded,
        "doubt_jobs": doubt_jobs, "doubt_money": doubt_money, "doubt_security": (1.0 - trust) * safe,
    }  # fmt: skip


def doubts(world: World, gains: dict[str, FloatArray]) -> Expectations:
    """Return what full trust in the partners would add to the gains of a pact, (T, 1); only the journal reads it."""
    out = Expectations.zeros(world.size, 1)
    jobs = np.maximum(world.people.filled + world.people.own_account, 1.0)
    budget = np.maximum(world.finance.budget, 1e-9)
    out.jobs[:, 0] = 100.0 * gains["doubt_jobs"] / jobs
    out.revenue[:, 0] = 100.0 * gains["doubt_money"] / budget
    out.resources[:, 0] = gains["doubt_security"]
    out.delay[:, 0] = 1.0
    return out


def _demand(world: World, foot: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return siting shares, the probability that footloose jobs leave, each (T, K), and jobs looking for a site a year.

    With one stream of projects for the system the last is (K,), movers included; where each territory has its own
    stream, a project chooses between its territory and the outside, and the last is (T, K).
    """
    p, sectors, places = world.params.siting, world.sectors, world.places
    v = location_utility(world, newcomers=True)
    weights = sectors.project_weight / max(float(sectors.project_weight.sum()), 1e-12)
    size = p.project_size_median * np.exp(0.5 * p.project_size_log_sd**2)
    rate = p.projects_per_yr / p.projects_reference_population * places.population
    local = p.project_stream == "per_territory"
    if local:
        share = siting.choice_probabilities(v[None], world.outside)[0]
        projects = np.multiply.outer(rate * size, weights)
    else:
        market = places.market_weight / places.market_weight.sum()
        v = v - (p.gamma_travel_per_minute * market @ places.minutes)[:, None]
        share = siting.choice_probabilities(v, world.outside)
        projects = float(rate.sum()) * size * weights
    stay = location_utility(world, newcomers=False) - v + p.stay_utility
    odds = np.log(np.maximum(1.0 - share, _NEVER)) - np.log(np.maximum(share, _NEVER)) - stay
    leave = expit(odds)
    return share, leave, projects if local else projects + (foot * leave).sum(axis=0)


def outlook(world: World) -> Outlook:
    """Return the outlook of every council."""
    p, f, s, sectors = world.params, world.finance, world.signals, world.sectors
    c = p.companies
    foot = s.posts * (8.0 * p.siting.reconsider_per_quarter * sectors.mobility * ~sectors.public)[None, :]
    share, leave, projects = _demand(world, foot)
    private = s.posts[:, ~sectors.public]
    wanted = ground.land_per_job(world)[:, ~sectors.public]
    m2 = (private * wanted).sum(axis=1) / np.maximum(private.sum(axis=1), 1e-12)
    members = np.minimum(1.0 + partners(world).sum(axis=1), min(4, p.pacts.max_members)).astype(np.float64)
    gains = pact_gains(world, partners(world), members, world.rules.pacts.scopes)
    setup = p.finance.setup_cost / p.councils.horizon_years * gains["cost"] / np.maximum(gains["cost"], 1e-9)
    g = ground.view(world)
    return Outlook(
        population=world.people.population,
        jobs=world.people.filled + world.people.own_account,
        private_posts=private.sum(axis=1),
        share=share,
        projects=projects,
        footloose=foot,
        leave=leave,
        public=sectors.public,
        tax_pct=f.tax_pct,
        subsidy=f.subsidy,
        marketing=f.marketing,
        budget=f.budget,
        price=ground.price(world),
        ration=s.land_ration,
        vacancy=g["vacancy"],
        pipeline_share=g["pipeline_share"],
        brownfield=g["brownfield"],
        m2_per_job=m2,
        broadleaf_m3=timber.harvest_per_yr(world, 0),
        grouping_effect=timber.grouping_share(world, p.councils.grouping_step),
        programmes=world.programmes,
        opening_cost=p.land.opening_cost,
        remediation_cost=p.land.remediation_cost,
        jobs_per_m3=timber.jobs_per_m3(world),
        housing_vacancy=world.people.vacancy,
        vacancies_share=s.vacancies / np.maximum(world.people.active, 1.0),
        pact_jobs=gains["jobs"],
        pact_money=gains["money"],
        pact_security=gains["security"],
        pact_cost=gains["cost"] + setup / members,
        pact_ceded=gains["ceded"],
        pact_doubt=doubts(world, gains) if world.spec.journal else None,
        saved_jobs=s.closing.sum(axis=0) * (c.succession_programme_share + c.takeover_programme_share),
        started_jobs=started_by_programme(c, world.people.population),
    )
