"""Phase 9, councils: information, drafts, deliberation, votes, and the effect of adopted moves."""

import numpy as np

from coopsim.economy.siting import choice_probabilities
from coopsim.governance.voting import Ballot
from coopsim.rng import Purpose, normal, pair_ids
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule import ground, timber
from coopsim.schedule.deliberation import deliberate
from coopsim.schedule.outlook import outlook, partners
from coopsim.schedule.siting import location_utility
from coopsim.schedule.strategy import follow_plans, strategic, voting
from coopsim.society import councils as soc
from coopsim.society.elections import Councils
from coopsim.society.moves import ATTRACTIVENESS, CANDIDATES, INDEX, KEYS, PROGRAMMES
from coopsim.society.projection import expectations
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.rules import DIAGNOSTICS
from coopsim.world.state import World


def meets(world: World) -> BoolArray:
    """Return which councils hold a decision session this quarter, shape (T,)."""
    out: BoolArray = world.tick % world.rules.period == 0
    return out


def councils_phase(world: World) -> None:
    """Inform, draft, vote and apply, for the councils that meet."""
    if not world.spec.submodels.councils:
        return
    session = meets(world)
    if not session.any():
        return
    learn(world, session)
    deliberate(world, session)
    follow_plans(world, session, apply_move)
    strategic(world, session)
    ordinary = session & voting(world)
    if ordinary.any():
        vote(world, ordinary)


def fade(world: World) -> None:
    """Let campaigns and programmes wear off a little every quarter."""
    if world.tick:
        world.finance.marketing = world.finance.marketing * (1.0 - world.params.siting.marketing_decay)
        world.programmes *= 1.0 - world.params.councils.programme_fading_per_quarter


def learn(world: World, session: BoolArray) -> None:
    """Let diagnostics sink in, crises fade and competence grow in the councils that meet (rates are yearly)."""
    p, rules = world.params.councils, world.rules
    years = np.where(session, rules.period / TICKS_PER_YEAR, 0.0)
    form = np.array([p.uptake_report, p.uptake_map, p.uptake_debate])[rules.form]
    uptake = np.where(rules.diagnostic == DIAGNOSTICS["shared"], form * rules.alignment, 0.0)
    world.perceived = soc.perceive(p, world.perceived, world.dependence, np.minimum(uptake * years, 1.0))
    world.signals.salience *= (1.0 - p.salience_fading_per_yr) ** years
    gain = 1.0 - (1.0 - p.competence_gain_per_yr) ** years[world.councils.territory]
    world.competence = world.competence + gain * (1.0 - world.competence)


def allowed_moves(world: World) -> BoolArray:
    """Return the menu of each council now: rules, bounds, balanced budget, one pact at a time; shape (T, M)."""
    p, f, rules = world.params, world.finance, world.rules
    out = rules.allowed.copy()
    step = p.councils
    ceiling = np.minimum(rules.tax_high, p.finance.tax_ceiling_pct)
    out[:, INDEX["tax_down"]] &= f.tax_pct - step.tax_step_points >= rules.tax_low
    out[:, INDEX["tax_up"]] &= (f.tax_pct + step.tax_step_points <= ceiling) & (
        step.tax_step_points <= p.finance.tax_rise_max_points
    )
    high, low = rules.high[:, INDEX["subsidy_up"]], rules.low[:, INDEX["subsidy_up"]]
    limit = np.minimum(high, p.finance.de_minimis_keur)
    out[:, INDEX["subsidy_up"]] &= f.subsidy < limit - 1e-9
    out[:, INDEX["subsidy_down"]] &= f.subsidy > low + 1e-9
    out[:, INDEX["open_land"]] &= ground.may_open(world)
    g = ground.view(world)
    out[:, INDEX["recycle_brownfield"]] &= g["brownfield"] > 0.0
    first = rules.brownfield_first & (g["brownfield"] > 0.05 * g["occupied"])
    out[:, INDEX["open_land"]] &= ~first
    broke = rules.balanced & (f.debt > p.finance.debt_limit_share * f.budget) & (f.balance_per_yr() < 0.0)
    paid = np.array([c.payer == "council" for c in CANDIDATES])
    out &= ~(broke[:, None] & paid[None, :])
    free = ~world.pacts.members[world.pacts.active].any(axis=0)
    out[:, INDEX["propose_pact"]] &= free & rules.scopes.any(axis=1) & partners(world).any(axis=1)
    if not world.spec.submodels.pacts:
        out[:, INDEX["propose_pact"]] = False
    return out


def seat_utilities(
    world: World,
    expected: soc.Expectations,
    tag: int = 0,
    *,
    context_share: float = 1.0,
    rows: IntArray | None = None,
) -> FloatArray:
    """Return the utility of every candidate for every seat, shape (C, M), or for some seats, shape (len(rows), M).

    ``tag`` separates votes of one tick; ``context_share`` is the weight of the year's news (a review on file
    is less exposed to it).
    """
    p, f = world.params.councils, world.finance
    seats: Councils | soc.Seats = world.councils
    competence = world.competence
    if rows is not None:
        seats = soc.Seats(seats.seat_id[rows], seats.territory[rows], seats.ideal[rows])
        competence = competence[rows]
    m = expected.jobs.shape[1]
    columns = np.arange(m, dtype=np.uint64) + np.uint64(1000 * tag)
    error = normal(
        world.seed, Purpose.PROPOSAL_ERROR, pair_ids(world.places.id[:, None], columns[None, :]), world.tick
    )
    error *= (1.0 - p.shared_error_cut * (world.rules.diagnostic == DIAGNOSTICS["shared"]))[:, None]
    context = normal(
        world.seed, Purpose.CONTEXT, pair_ids(world.places.id[:, None], columns[None, :]), world.tick
    )
    noise = normal(world.seed, Purpose.VOTE, pair_ids(seats.seat_id[:, None], columns[None, :]), world.tick)
    perception = np.array([p.perception_none, p.perception_own, p.perception_shared])[world.rules.diagnostic]
    money = soc.money_weight(p, f.debt, f.balance_per_yr(), f.budget)
    chance = soc.Chance(error[seats.territory], noise, context[seats.territory] * context_share)
    return soc.seat_utility(
        p, seats, competence, expected, world.people.unemployment, world.signals.salience,
        money, perception, chance,
    )  # fmt: skip


def vote(world: World, session: BoolArray) -> None:
    """Let executives draft and councils vote; adopted moves take effect after the delay of the rules."""
    p = world.params
    expected = expectations(p.councils, p.siting, p.finance, outlook(world))
    utility = seat_utilities(world, expected)
    menu = allowed_moves(world) & session[:, None]
    # the executive drafts before the debate: what the year's news makes of a subject is not known yet
    intent = seat_utilities(world, expected, context_share=0.0)
    drafts = soc.drafted(p.councils, world.councils, intent, menu, world.rules.slots)
    yes = utility > 0.0
    favour, against = soc.tally(world.councils, yes, world.size)
    for i in range(world.size):
        rows = np.flatnonzero(world.councils.territory == i)
        for m in np.flatnonzero(drafts[i]):
            passed = ballot(world, i, rows, yes[rows, m])
            world.signals.proposals[i] += 1
            if passed:
                world.signals.passed[i] += 1
                adopt(world, i, int(m))
            _write(world, i, int(m), expected, int(favour[i, m]), int(against[i, m]), passed=passed)


def ballot(world: World, i: int, rows: IntArray, yes: BoolArray) -> bool:
    """Return whether a council adopts, under its own rule."""
    commune = world.councils.commune[rows]
    b = Ballot.of(yes, population=world.electorate.population[commune], group=commune)
    return bool(world.rules.council_rule[i].adopted(b))


def adopt(world: World, i: int, m: int) -> None:
    """Queue an adopted move; attractiveness moves are counted."""
    if m in ATTRACTIVENESS:
        world.signals.attractiveness[i] += 1
    world.pending.append((world.tick + int(world.rules.delay[i]), i, m))


def apply_due(world: World) -> None:
    """Apply the moves whose time has come."""
    due = [(i, m) for when, i, m in world.pending if when <= world.tick]
    world.pending = [entry for entry in world.pending if entry[0] > world.tick]
    for i, m in due:
        apply_move(world, i, CANDIDATES[m].key)


def apply_move(world: World, i: int, key: str, times: float = 1.0) -> None:
    """Change what the move changes, and post what it costs to who pays it."""
    p, f = world.params.councils, world.finance
    one = np.zeros(world.size)
    one[i] = times
    population = world.people.population
    if key in ("tax_up", "tax_down"):
        sign = 1.0 if key == "tax_up" else -1.0
        high = min(world.rules.tax_high[i], world.params.finance.tax_ceiling_pct)
        f.tax_pct[i] = float(
            np.clip(f.tax_pct[i] + sign * times * p.tax_step_points, world.rules.tax_low[i], high)
        )
    elif key in ("subsidy_up", "subsidy_down"):
        sign = 1.0 if key == "subsidy_up" else -1.0
        m = INDEX["subsidy_up"]
        low, high = world.rules.low[i, m], world.rules.high[i, m]
        f.subsidy[i] = float(np.clip(f.subsidy[i] + sign * times * p.subsidy_step, max(low, 0.0), high))
    elif key == "marketing":
        f.marketing[i] += p.marketing_step * (1.0 - f.marketing[i])
        f.post("marketing", one * world.params.finance.marketing_cost_per_inhabitant * population)
    elif key == "open_land":
        ground.open_economic(world, i, times * p.land_block_ha_per_1000_inhabitants * population[i] / 1000.0)
    elif key == "recycle_brownfield":
        ground.recycle(world, i, p.brownfield_block_share)
    elif key == "wood_mobilisation":
        timber.group_owners(world, one * p.grouping_step)
        f.post("programmes", one * p.grouping_cost_keur)
    elif key in PROGRAMMES:
        cost = {
            "firm_support": p.firm_support_cost_per_inhabitant,
            "eit_animation": p.eit_cost_per_inhabitant,
            "housing_programme": p.housing_cost_per_inhabitant,
        }[key]
        step = p.housing_step if key == "housing_programme" else p.programme_step
        column = PROGRAMMES.index(key)
        world.programmes[i, column] += step * (1.0 - world.programmes[i, column])
        f.post("programmes", one * cost * population)


def siting_shares(world: World) -> FloatArray:
    """Return exact siting shares now, the outside option in the last row, shape (T + 1, K)."""
    v = np.vstack([location_utility(world, newcomers=True), world.outside])
    out: FloatArray = choice_probabilities(v, -np.inf)
    return out


def _write(
    world: World, i: int, m: int, e: soc.Expectations, favour: int, against: int, *, passed: bool
) -> None:
    if not world.spec.journal:
        return
    jobs, cost, revenue = e.jobs[i, m], e.cost[i, m], e.revenue[i, m]
    label = CANDIDATES[m].label
    word = ("adopté", "passed") if passed else ("rejeté", "rejected")
    world.write(
        world.places.code[i], "vote", KEYS[m],
        amount=1.0, votes_for=favour, votes_against=against, outcome=word[1],
        jobs_pct=float(jobs), revenue_pct=float(revenue), cost_pct=float(cost),
        reason_fr=f"{label.fr} : {word[0]} par {favour} voix contre {against} ; attendu {jobs:+.2f} % d'emplois, "
        f"{revenue:+.2f} % de recettes, coût {cost:.2f} % du budget".replace(".", ","),
        reason_en=f"{label.en}: {word[1]} by {favour} votes to {against}; expected {jobs:+.2f} % jobs, "
        f"{revenue:+.2f} % revenue, cost {cost:.2f} % of the budget",
    )  # fmt: skip
