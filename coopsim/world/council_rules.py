"""The rules that act inside councils, as arrays: seats beside the elected, what is known, what is learnt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.scenario.governance import Governance
from coopsim.scenario.governance_councils import COLLEGES, DEBATE_FORMATS, POSTURES
from coopsim.types import BoolArray, FloatArray, IntArray

# How inhabitants take part (boundary.citizens), and the least that each step brings: a panel, then seats.
INVOLVEMENT = ("none", "consulted", "co_construction", "governance")
CONSULTED, ASSOCIATED = 20, 6


@dataclass(frozen=True, slots=True)
class CouncilRules:
    """Rules of each council at one tick; arrays (T,) unless said otherwise.

    Attributes
    ----------
    extra : IntArray, shape (T, 7)
        Seats of each college of `COLLEGES`.
    deciding : BoolArray
        Whether they vote with the elected, or advise.
    weight : FloatArray
        Of each of them in a weighted voting rule.
    agenda : FloatArray, 0-1
        Chance that each of them puts a subject it wants on the agenda.
    nature_veto : BoolArray
    panel, panel_every : IntArray
        Size of the citizen panel, and years between its sessions.
    posture : IntArray
        Place in `POSTURES`.
    advisory_weight : FloatArray, % of the budget
    accuracy, training, peers, foresight, clarity, experiment : FloatArray
    refresh, evaluation : IntArray, years
    resident : BoolArray
    citizen_budget : FloatArray, €/inhabitant/yr
    citizen_capital : FloatArray, 0-1
    outreach : FloatArray, €/inhabitant/yr
    debate : IntArray
        Place in `DEBATE_FORMATS` of the debates that a council may hold.
    public_stake : FloatArray, 0-0.5
    worker_share, worker_jobs : FloatArray, 0-0.5, jobs
        Votes of workers on the boards of companies, and the size from which.
    listens : bool
        Whether anybody but the elected has a say somewhere.
    learns : bool
        Whether a rule of learning beyond the model's own is in force somewhere.
    """

    extra: IntArray
    deciding: BoolArray
    weight: FloatArray
    agenda: FloatArray
    nature_veto: BoolArray
    panel: IntArray
    panel_every: IntArray
    posture: IntArray
    advisory_weight: FloatArray
    accuracy: FloatArray
    refresh: IntArray
    training: FloatArray
    peers: FloatArray
    evaluation: IntArray
    foresight: FloatArray
    resident: BoolArray
    clarity: FloatArray
    experiment: FloatArray
    citizen_budget: FloatArray
    citizen_capital: FloatArray
    outreach: FloatArray
    debate: IntArray
    public_stake: FloatArray
    worker_share: FloatArray
    worker_jobs: FloatArray
    listens: bool
    learns: bool


def council_rules(each: Sequence[Governance]) -> CouncilRules:
    """Return the rules of councils from the constitution of each territory."""

    def of(get: Callable[[Governance], float]) -> FloatArray:
        return np.array([get(g) for g in each], dtype=np.float64)

    def whole(get: Callable[[Governance], int]) -> IntArray:
        return np.array([get(g) for g in each], dtype=np.int64)

    def flag(get: Callable[[Governance], bool]) -> BoolArray:
        return np.array([get(g) for g in each], dtype=np.bool_)

    extra = np.array([[getattr(g.position.extra_seats, name) for name in COLLEGES] for g in each], np.int64)
    veto = flag(lambda g: g.position.nature_veto)
    panel = whole(lambda g: g.position.citizen_panel.size)
    involved = np.array([INVOLVEMENT.index(g.boundary.citizens) for g in each])
    panel = np.where(involved > 0, np.maximum(panel, CONSULTED), panel)
    extra[:, 0] = np.where(involved > 1, np.maximum(extra[:, 0], ASSOCIATED), extra[:, 0])
    training, peers = of(lambda g: g.information.training_keur), of(lambda g: g.information.peer_learning)
    evaluation = whole(lambda g: g.information.evaluation_period)
    resident = flag(lambda g: g.information.science_resident)
    return CouncilRules(
        extra=extra,
        deciding=flag(lambda g: g.position.extra_seats.voice == "deciding")
        | (involved == len(INVOLVEMENT) - 1),
        weight=of(lambda g: g.position.extra_seats.weight),
        agenda=of(lambda g: g.position.extra_seats.agenda),
        nature_veto=veto,
        panel=panel,
        panel_every=whole(lambda g: g.position.citizen_panel.every_years),
        posture=whole(lambda g: POSTURES.index(g.position.posture)),
        advisory_weight=of(lambda g: g.aggregation.advisory_weight),
        accuracy=of(lambda g: g.information.accuracy),
        refresh=whole(lambda g: g.information.refresh_years),
        training=training,
        peers=peers,
        evaluation=evaluation,
        foresight=of(lambda g: g.information.foresight),
        resident=resident,
        clarity=of(lambda g: g.information.participation_rules_clarity),
        experiment=of(lambda g: g.choice.experiment_right),
        citizen_budget=of(lambda g: g.choice.citizen_budget),
        citizen_capital=of(lambda g: g.choice.citizen_capital),
        outreach=of(lambda g: g.choice.citizen_outreach),
        debate=whole(lambda g: DEBATE_FORMATS.index(g.choice.debate_format)),
        public_stake=of(lambda g: g.position.public_stake),
        worker_share=of(lambda g: g.position.codetermination.share),
        worker_jobs=of(lambda g: float(g.position.codetermination.min_jobs)),
        listens=bool(extra.any() or veto.any() or panel.any()),
        learns=bool(training.any() or peers.any() or evaluation.any() or resident.any()),
    )
