"""The rules in force as arrays: what every phase reads, compiled from the scenario when rules change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.economy.transition import ADDRESSED
from coopsim.errors import scenario_error
from coopsim.governance.deliberation import DELIBERATION, DeliberationRule
from coopsim.governance.land_opening import LAND, LandRule
from coopsim.governance.makers import MAKERS, DecisionMaker
from coopsim.governance.seats import council_size
from coopsim.governance.voting import VOTING, VotingRule
from coopsim.governance.water_allocation import WATER, WaterRule
from coopsim.governance.wood_harvest import WOOD, WoodRule
from coopsim.scenario.governance import Governance
from coopsim.scenario.governance_foundation import Foundation
from coopsim.scenario.scenario import Scenario
from coopsim.society.moves import CANDIDATES
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.body_rules import BodyRules
from coopsim.world.council_rules import CouncilRules, council_rules
from coopsim.world.funder_rules import FunderRules
from coopsim.world.land_rules import LandRules
from coopsim.world.local_rules import LocalRules, local_rules
from coopsim.world.pact_rules import PactRules
from coopsim.world.policy_rules import PolicyRules

FORMS = {"report": 0, "map": 1, "facilitated_debate": 2}
DIAGNOSTICS = {"none": 0, "own": 1, "shared": 2}


@dataclass(frozen=True, slots=True)
class Rules:
    """The constitution at one tick; arrays (T,) unless said otherwise, lists one entry per territory.

    Attributes
    ----------
    allowed : BoolArray, shape (T, M)
        Candidates of the menu that the choice rules allow.
    low, high : FloatArray, shape (T, M)
        Bounds of the variable that a candidate moves.
    """

    allowed: BoolArray
    low: FloatArray
    high: FloatArray
    leave_allowed: BoolArray
    supply_allowed: BoolArray
    leaks_allowed: BoolArray
    slots: IntArray
    period: IntArray
    delay: IntArray
    council_rule: list[VotingRule]
    deliberation: list[DeliberationRule]
    body_rule: VotingRule
    makers: list[DecisionMaker]
    council_seats: IntArray
    council: CouncilRules
    diagnostic: IntArray
    form: IntArray
    alignment: FloatArray
    monitoring: FloatArray
    subsidy_low: FloatArray
    subsidy_high: FloatArray
    aid_delegated: BoolArray
    clawback_years: FloatArray
    tax_low: FloatArray
    tax_high: FloatArray
    balanced: BoolArray
    water: list[WaterRule]
    common_cut: BoolArray
    ecological_flow: FloatArray
    drought_stages: BoolArray
    wood: list[WoodRule]
    increment_share: FloatArray
    land: list[LandRule]
    cap_share: FloatArray
    sold: BoolArray
    leased: BoolArray
    brownfield_first: BoolArray
    resource_check: BoolArray
    redirect: BoolArray
    min_score: FloatArray
    plots: LandRules
    pacts: PactRules
    bodies: BodyRules
    firms_addressed: IntArray
    local: LocalRules
    policy: PolicyRules
    foundation: tuple[Foundation, ...]
    currency_form: str
    funders: FunderRules


_ON_A_STOCK = ("log_harvest", "rent")


def require_stock(spec: Scenario, codes: tuple[str, ...], strata: int) -> None:
    """Refuse makers that would play on a stock of wood in a case without any.

    Raises
    ------
    ScenarioError
        With the objective.
    """
    if strata:
        return
    for tick in (0, *spec.rule_ticks):
        for code in codes:
            maker = MAKERS.build(spec.governance_for(code, tick).choice.decision_maker)
            objective = getattr(maker, "objective", "")
            if objective in _ON_A_STOCK:
                raise scenario_error(
                    "ce jeu se joue sur un stock de bois, et le cas n'a pas de forêt",
                    "this game is played on a stock of wood, and the case has no forest",
                    key="governance.choice.decision_maker",
                    value=objective,
                )


def compile_rules(spec: Scenario, codes: tuple[str, ...], tick: int) -> Rules:
    """Return the rules in force at a tick for the territories in the order of ``codes``."""
    base = spec.governance_of_all(tick)
    each = [spec.governance_for(code, tick) for code in codes]

    def of(get: Callable[[Governance], float]) -> FloatArray:
        return np.array([get(g) for g in each], dtype=np.float64)

    def flag(get: Callable[[Governance], bool]) -> BoolArray:
        return np.array([get(g) for g in each], dtype=np.bool_)

    def whole(get: Callable[[Governance], int]) -> IntArray:
        return np.array([get(g) for g in each], dtype=np.int64)

    subsidy_low = of(lambda g: max(g.payoff.subsidy.min, g.choice.moves.subsidy.low))
    subsidy_high = of(lambda g: min(g.payoff.subsidy.max, g.choice.moves.subsidy.high))
    tax_low = of(lambda g: max(g.payoff.tax_rate_bounds[0], g.choice.moves.tax_change.low))
    tax_high = of(lambda g: min(g.payoff.tax_rate_bounds[1], g.choice.moves.tax_change.high))
    bounds = {"subsidy": (subsidy_low, subsidy_high), "tax_change": (tax_low, tax_high)}
    allowed, low, high = _menu(each, bounds)
    return Rules(
        allowed=allowed,
        low=low,
        high=high,
        leave_allowed=flag(lambda g: g.choice.moves.leave_pact.allowed),
        supply_allowed=flag(lambda g: g.choice.moves.expand_water_supply.allowed),
        leaks_allowed=flag(lambda g: g.choice.moves.reduce_leaks.allowed),
        slots=whole(lambda g: g.choice.proposals_per_year),
        period=whole(lambda g: g.choice.period_ticks),
        delay=whole(lambda g: g.aggregation.delay_ticks),
        council_rule=[VOTING.build(g.aggregation.council_rule) for g in each],
        deliberation=[DELIBERATION.build(g.aggregation.deliberation) for g in each],
        body_rule=VOTING.build(base.aggregation.body_rule),
        makers=[MAKERS.build(g.choice.decision_maker) for g in each],
        council_seats=whole(lambda g: council_size(g.position.council_seats)),
        council=council_rules(each),
        diagnostic=whole(lambda g: DIAGNOSTICS[g.information.diagnostic]),
        form=whole(lambda g: FORMS[g.information.form]),
        alignment=of(lambda g: g.information.agenda_alignment),
        monitoring=of(lambda g: g.information.monitoring_budget_keur),
        subsidy_low=subsidy_low,
        subsidy_high=subsidy_high,
        aid_delegated=flag(lambda g: g.payoff.subsidy.region_delegates),
        clawback_years=of(lambda g: g.payoff.subsidy.clawback_years),
        tax_low=tax_low,
        tax_high=tax_high,
        balanced=flag(lambda g: g.payoff.balanced_budget),
        water=[WATER.build(g.scope.water.allocation) for g in each],
        common_cut=flag(lambda g: g.scope.water.pact_sharing == "common_cut"),
        ecological_flow=of(lambda g: g.scope.water.ecological_flow),
        drought_stages=flag(lambda g: g.scope.water.drought_stages),
        wood=[WOOD.build(g.scope.wood.harvest) for g in each],
        increment_share=of(lambda g: g.scope.wood.increment_share),
        land=[LAND.build(g.scope.land.opening) for g in each],
        cap_share=of(lambda g: g.scope.land.consumption_cap_share),
        sold=flag(lambda g: g.scope.land.tenure != "lease"),
        leased=flag(lambda g: g.scope.land.tenure != "sale"),
        brownfield_first=flag(lambda g: g.scope.land.brownfield_first),
        resource_check=flag(lambda g: g.scope.siting.resource_check),
        redirect=flag(lambda g: g.scope.siting.redirect),
        min_score=of(lambda g: g.scope.siting.min_score),
        plots=LandRules.of(each),
        pacts=PactRules.of(spec, base, each, codes),
        bodies=BodyRules.of(base, each),
        firms_addressed=whole(lambda g: ADDRESSED.index(g.boundary.firms_addressed)),
        local=local_rules(base, each, codes),
        policy=PolicyRules.of(each),
        foundation=tuple(g.payoff.foundation for g in each),
        currency_form=base.choice.local_currency_form,
        funders=FunderRules.of(base, each),
    )


def _menu(
    each: Sequence[Governance], bounds: Mapping[str, tuple[FloatArray, FloatArray]]
) -> tuple[BoolArray, FloatArray, FloatArray]:
    """Return which candidates each territory may take, and the bounds of what each moves, all (T, M)."""
    low = np.full((len(each), len(CANDIDATES)), -np.inf)
    high = np.full((len(each), len(CANDIDATES)), np.inf)
    allowed = np.zeros(low.shape, dtype=np.bool_)
    for m, candidate in enumerate(CANDIDATES):
        allowed[:, m] = [getattr(g.choice.moves, candidate.move).allowed for g in each]
        if candidate.move in bounds:
            low[:, m], high[:, m] = bounds[candidate.move]
    return allowed, low, high
