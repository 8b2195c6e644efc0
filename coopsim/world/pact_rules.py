"""The rules of pacts in force as arrays: who may join, who leads, who pays, what holds members."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.governance.cost_games import CostTable, cost_table
from coopsim.governance.cost_sharing import COST_SHARING, CostSharingRule
from coopsim.governance.pact_growth import GROWTH, GrowthRule
from coopsim.governance.voting import VOTING, VotingRule
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.scenario.governance import Governance
from coopsim.scenario.scenario import Scenario
from coopsim.tables import SCOPES
from coopsim.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Project:
    """The joint project.

    Attributes
    ----------
    where : IntArray, shape (k,)
        Rows of the territories concerned; empty without a project.
    game : CostTable
        Cost of each group of them.
    due : int, tick
        When those still without the work build it alone.
    """

    where: IntArray
    game: CostTable
    due: int


@dataclass(frozen=True, slots=True)
class PactRules:
    """What holds in pacts; arrays (T,) unless said otherwise.

    Attributes
    ----------
    scopes : BoolArray, shape (T, 6)
        Scopes a pact may have.
    exit_penalty : FloatArray, k€
    public_money : FloatArray, 0-1
        Share of the animation's funding that is public.
    call_envelope : float, k€/yr
    call_file_keur : float, k€
    suspension : int, ticks
    phi : FloatArray, 0-1
        Share of revenue that members put in common.
    funded : FloatArray, 0-1
        Share of animation paid from outside.
    ceded_outside : FloatArray, 0-1
        Weight of decisions that a level above takes for that.
    fte : FloatArray, full-time posts of animation in a pact
    effort_fee, withholding_fine : FloatArray, float; k€
    review_years : IntArray, yr
    """

    voting: VotingRule
    scopes: BoolArray
    adjacent_only: BoolArray
    same_basin: BoolArray
    exit_penalty: FloatArray
    exit_notice: BoolArray
    catalyst: BoolArray
    hired: BoolArray
    organised: BoolArray
    growth: GrowthRule
    presidency: str
    initiator: str
    written: float
    actions: str
    public_money: FloatArray
    call_prefund: float
    call_file_keur: float
    call_bonus: float
    ladder: tuple[str, ...]
    suspension: int
    phi: FloatArray
    share_all: bool
    share_key: str
    funded: FloatArray
    ceded_outside: FloatArray
    fte: FloatArray
    call_type: str
    call_envelope: float
    cost_sharing: CostSharingRule
    voluntary: bool
    withholding_fine: float
    project: Project
    fine_share: float
    compensation: str
    effort_fee: FloatArray
    review_years: IntArray

    @classmethod
    def of(
        cls, spec: Scenario, base: Governance, each: Sequence[Governance], codes: tuple[str, ...]
    ) -> "PactRules":
        """Return the rules of the territories in the order of ``codes``; ``base`` holds what concerns none alone."""

        def real(get: Callable[[Governance], float]) -> FloatArray:
            return np.array([get(g) for g in each], dtype=np.float64)

        def flag(get: Callable[[Governance], bool]) -> BoolArray:
            return np.array([get(g) for g in each], dtype=np.bool_)

        pays = {level: spec.number(f"society.pacts.outside_{level}") for level in ("co_funder", "co_decider")}
        ceded = spec.number("society.pacts.outside_ceded")
        share = real(lambda g: g.payoff.animation_funding.share)
        aided = real(lambda g: pays.get(g.boundary.outside_level, 0.0))
        return cls(
            voting=VOTING.build(base.aggregation.pact_rule),
            scopes=np.array([[s in g.boundary.pacts_allowed for s in SCOPES] for g in each]),
            adjacent_only=flag(lambda g: g.boundary.admission == "adjacent"),
            same_basin=flag(lambda g: g.boundary.admission == "same_basin"),
            exit_penalty=real(
                lambda g: g.boundary.exit_penalty_keur if g.boundary.exit == "penalty" else 0.0
            ),
            exit_notice=flag(lambda g: g.boundary.exit == "notice"),
            catalyst=flag(lambda g: g.position.catalyst != "none"),
            hired=flag(lambda g: g.position.catalyst == "hired"),
            organised=flag(lambda g: g.position.catalyst == "organisation"),
            growth=GROWTH.build(base.boundary.growth),
            presidency=base.position.pact_presidency,
            initiator=base.position.pact_initiator,
            written=base.aggregation.institutionalisation,
            actions=base.choice.joint_actions,
            public_money=real(lambda g: g.payoff.animation_funding.mix.public_share),
            call_prefund=base.payoff.calls.prefund,
            call_file_keur=base.payoff.calls.dossier_cost_keur,
            call_bonus=base.payoff.calls.coop_bonus,
            ladder=base.payoff.sanctions.ladder,
            suspension=TICKS_PER_YEAR * base.payoff.sanctions.suspension_years,
            phi=real(lambda g: g.payoff.revenue_sharing.share),
            share_all=base.payoff.revenue_sharing.base == "all",
            share_key=base.payoff.revenue_sharing.key,
            funded=share + aided * (1.0 - share),
            ceded_outside=real(lambda g: ceded * (g.boundary.outside_level == "co_decider")),
            fte=real(lambda g: g.payoff.animation_funding.fte_per_pact),
            call_type=base.payoff.calls.type,
            call_envelope=base.payoff.calls.envelope_keur_per_yr,
            cost_sharing=COST_SHARING.build(base.payoff.cost_sharing),
            voluntary=base.payoff.pact_contribution == "voluntary",
            withholding_fine=base.payoff.sanctions.withholding_fine,
            project=_project(base, codes),
            fine_share=base.payoff.sanctions.fine_share,
            compensation=base.payoff.compensation,
            effort_fee=real(lambda g: g.payoff.effort_fee_keur),
            review_years=np.array([g.payoff.review_years for g in each], dtype=np.int64),
        )


def _project(governance: Governance, codes: tuple[str, ...]) -> Project:
    """Return the joint project of the rules, its territories in the order of the rows."""
    spec = governance.payoff.joint_project
    named = {code for cost in spec.costs for code in cost.members}
    players = [code for code in codes if code in named]
    cost = cost_table([(c.members, c.keur) for c in spec.costs], players)
    where = np.array([codes.index(code) for code in players], dtype=np.int64)
    return Project(where, CostTable(np.zeros(len(players)), cost), TICKS_PER_YEAR * spec.due_years)
