r"""The life of a pact: presidency, written rules, joint actions, stages.

**Presidency.** Who presides gathers a share *h* of the pact's links, :math:`h' = h + g(1 - h)` each year. When it
leaves, the share :math:`\ell h` of what is left is lost (*v*, the vacancy, rebuilt at a yearly rate): :math:`\ell` is
small at a planned handover, 1 at an unplanned exit, less by the part that written rules keep. The trust of the other
members in its territory was in part trust in a person: that part falls by the same share. A handover costs something
each time it happens; an exit costs much, once: neither rule is better by construction.

**Written rules** (institutionalisation *q*). They bind (fewer broken words) and outlive persons; they cost more
coordination, and cease to fit: the mismatch *m* moves by :math:`\delta q (1 - m) - \rho (1 - q) m` a year, zero for
*q* = 0, towards 1 for *q* = 1. What the animation achieves is :math:`e(1 - wv)(1 - m)`, *e* its efficiency and *w* the
part of it that goes through the presidency. Nothing here says which *q* is best.

**Joint actions.** Each year a pact tries one, of size *s*; it succeeds with probability
:math:`e(1 - wv)(1 - m)\,(1 - d s (1 - T))`. A success raises trust by :math:`w_+ s (1 - T)` and is seen outside, a
failure lowers it by :math:`w_- s T`; only what is realised counts.

**Stages** follow from what the pact has done, never from its age: actions delivered and on how many subjects,
promises kept, trust, followers outside, a presidency that others could take over. Shape of the conditions: Labo de
l'ESS (2020), *Dynamiques collectives de transitions dans les territoires*; figures: assumptions.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.society.pacts import PactParams, efficiency
from coopsim.tables import STAGES, PactTable
from coopsim.types import BoolArray, FloatArray

BACKED = 0.6  # share of the links held by one presidency above which nobody could take over


@dataclass(frozen=True, slots=True)
class LifeParams:
    """Section ``society.pact_life``."""

    leader_weight: float
    leader_hold: float
    handover_loss: float
    leader_recovery: float
    personal_trust: float
    presidency_years: int
    leader_exit_per_yr: float
    hybrid_exit_share: float
    organisation_fte: float
    organisation_hold: float
    rule_protection: float
    rule_binding: float
    rule_cost: float
    rule_drift: float
    rule_revision: float
    action_difficulty: float
    action_start: float
    action_step: float
    action_fall: float
    action_cost_keur: float
    win_trust: float
    failure_trust: float
    win_fading: float
    win_visible: float
    invite_wins: float
    invite_shock: float
    stage_actions: list[float]
    stage_kept: list[float]
    stage_trust: list[float]
    stage_subjects: list[float]
    stage_followers: list[float]
    stage_fall: float
    link_meeting: float
    start_members: int
    rehired_share: float


def working(p: PactParams, life: LifeParams, pacts: PactTable, row: int) -> float:
    """Return what the animation of a pact achieves, 0-1: its efficiency, less what persons and rules take away."""
    funded = float(efficiency(p, pacts.fte[row], pacts.members[row].sum(dtype=np.float64)))
    return funded * condition(life, pacts, row)


def condition(life: LifeParams, pacts: PactTable, row: int) -> float:
    """Return the share of the funded animation that is left after vacancy and mismatch, 0-1."""
    return float((1.0 - life.leader_weight * pacts.vacancy[row]) * (1.0 - pacts.mismatch[row]))


def lose_links(life: LifeParams, pacts: PactTable, row: int, share: float, written: float) -> float:
    """Let who presides go: a share of the links it held is lost, the less the more rules are written; returns it.

    Parameters
    ----------
    share : float, 0-1
        1 for an unplanned exit, ``handover_loss`` for a planned change.
    written : float, 0-1
        Institutionalisation.
    """
    lost = share * float(pacts.held[row]) * (1.0 - life.rule_protection * written)
    pacts.vacancy[row] += lost * (1.0 - pacts.vacancy[row])
    return lost


def gather_links(life: LifeParams, pacts: PactTable, row: int, equal_share: float) -> None:
    """Let a year pass: who presides gathers links (down to no less than an equal share), lost ones are rebuilt."""
    pacts.held[row] = max(pacts.held[row] + life.leader_hold * (1.0 - pacts.held[row]), equal_share)
    pacts.vacancy[row] *= 1.0 - life.leader_recovery


def drift(life: LifeParams, mismatch: float, written: float) -> float:
    """Return the mismatch of written rules a year later, 0-1."""
    moved = life.rule_drift * written * (1.0 - mismatch) - life.rule_revision * (1.0 - written) * mismatch
    return float(np.clip(mismatch + moved, 0.0, 1.0))


def success(life: LifeParams, achieved: float, size: float, trust: float) -> float:
    """Return the probability that a joint action of a size succeeds, 0-1."""
    return achieved * (1.0 - life.action_difficulty * size * (1.0 - trust))


def remembered(life: LifeParams, wins: float, size: float, *, succeeded: bool) -> float:
    """Return what is remembered of successes after this year's action, 0-1."""
    faded = wins * (1.0 - life.win_fading)
    return faded + size * (1.0 - faded) if succeeded else faded


def next_size(life: LifeParams, size: float, *, succeeded: bool) -> float:
    """Return the size of the next action: larger after a success, smaller after a failure."""
    step = life.action_step if succeeded else -life.action_fall
    return float(np.clip(size + step, min(life.action_start, 1.0), 1.0))


def trust_after(life: LifeParams, trust: FloatArray, size: float, *, succeeded: bool) -> FloatArray:
    """Return the trust of the members of a pact after a joint action, any shape, 0-1."""
    moved = life.win_trust * (1.0 - trust) if succeeded else -life.failure_trust * trust
    out: FloatArray = trust + size * moved
    return out


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a pact can show, one number each."""

    actions: float
    kept: float
    trust: float
    subjects: float
    followers: float
    backed: bool


def reached(life: LifeParams, found: Evidence, stage: int) -> int:
    """Return the stage of the next year: one up when all it asks is there, one down when trust or words fail.

    Parameters
    ----------
    found : Evidence
    stage : int
        0 emergence, 1 structuring, 2 consolidation, 3 system-wide.
    """
    if stage > 0:
        kept, trust = life.stage_kept[stage - 1], life.stage_trust[stage - 1]
        if found.kept < life.stage_fall * kept or found.trust < life.stage_fall * trust:
            return stage - 1
    if stage + 1 >= len(STAGES):
        return stage
    asked = (life.stage_actions, life.stage_kept, life.stage_trust, life.stage_subjects, life.stage_followers)
    shown = (found.actions, found.kept, found.trust, found.subjects, found.followers)
    enough = all(have >= need[stage] for have, need in zip(shown, asked, strict=True))
    return stage + int(enough and (found.backed or stage == 0))


def evidence(pacts: PactTable, row: int, trust: FloatArray) -> Evidence:
    """Return what a pact can show; ``trust`` is (T, T)."""
    m: BoolArray = pacts.members[row]
    n = int(m.sum())
    return Evidence(
        actions=float(pacts.delivered[row].sum()),
        kept=float(pacts.kept[row, m].mean()),
        trust=float(trust[np.ix_(m, m)].sum() / max(n * (n - 1), 1)),
        subjects=float((pacts.delivered[row] > 0).sum()),
        followers=float(pacts.followers[row]),
        backed=bool(pacts.held[row] <= BACKED),
    )
