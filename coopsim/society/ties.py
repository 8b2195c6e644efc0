r"""Ties between territories: trust, mutual knowledge, rivalry.

.. math:: T' = T + \eta_+(1 - T) \text{ after a kept promise}, \qquad T' = T - \eta_- T \text{ after a broken one}

one promise a year per pair; with a constant keep rate *p* the mean settles at
:math:`\eta_+ p / (\eta_+ p + \eta_-(1-p))`. Knowledge rises with meetings and decays; rivalry rises
when neighbours bid for the same firms or compete in calls, and decays. Attractiveness can only
raise rivalry: that is definitional.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class TiesParams:
    """Section ``society.ties``; rates per year."""

    trust_start: float
    trust_gain: float
    trust_loss: float
    trust_neglect: float
    knowledge_start: float
    knowledge_decay_km: float
    knowledge_gain: float
    knowledge_forgetting: float
    knowledge_body_gain: float
    rivalry_start: float
    rivalry_gain: float
    rivalry_forgetting: float
    rivalry_bid_threshold: float
    rivalry_call_gain: float
    rivalry_trust_erosion: float
    identity_same_body: float
    violation_base: float
    violation_temptation: float
    violation_animation: float
    detection_base: float
    detection_per_keur: float
    pairwise_promises: bool


@dataclass(slots=True)
class TiesState:
    """Symmetric matrices (T, T) with a zero diagonal.

    Attributes
    ----------
    trust, knowledge, rivalry, identity : FloatArray, 0-1
    adjacent : BoolArray
    """

    trust: FloatArray
    knowledge: FloatArray
    rivalry: FloatArray
    identity: FloatArray
    adjacent: BoolArray

    def neighbour_mean(self, values: FloatArray) -> FloatArray:
        """Return the mean over neighbours, shape (T,); 0 for a territory without neighbours."""
        weight = self.adjacent
        out: FloatArray = (values * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1)
        return out


def founded(p: TiesParams, km: FloatArray, adjacent: BoolArray, same_body: BoolArray) -> TiesState:
    """Return the ties of year 0.

    Knowledge falls with road distance and does not enter trust or identity, so that proximity alone
    can be told apart from acquaintance (pattern P4).
    """
    off = ~np.eye(km.shape[0], dtype=np.bool_)
    return TiesState(
        trust=np.where(off, p.trust_start, 0.0),
        knowledge=np.where(off, p.knowledge_start * np.exp(-km / p.knowledge_decay_km), 0.0),
        rivalry=np.where(off, p.rivalry_start, 0.0),
        identity=np.where(off & same_body, p.identity_same_body, 0.0),
        adjacent=adjacent & off,
    )


def promise(
    trust: FloatArray, kept: BoolArray, broken: BoolArray, gain: FloatArray, loss: float
) -> FloatArray:
    """Return trust after one promise per pair; shapes (T, T), pairs neither kept nor broken unchanged.

    Parameters
    ----------
    gain : FloatArray, shape (T, T)
        Effective gain: the rate times the efficiency of the animation.
    """
    up = trust + gain * (1.0 - trust)
    down = trust - loss * trust
    out: FloatArray = np.where(broken, down, np.where(kept, up, trust))
    return out


def bids(p: TiesParams, state: TiesState, bidding: BoolArray, *, competitive_call: bool) -> None:
    """Raise rivalry between neighbours who both bid for firms or for a call this year, and let the rest decay."""
    both = state.adjacent & np.logical_and.outer(bidding, bidding)
    state.rivalry = np.where(
        both,
        state.rivalry + p.rivalry_gain * (1.0 - state.rivalry),
        state.rivalry * (1.0 - p.rivalry_forgetting),
    )
    if competitive_call:
        state.rivalry = np.where(
            state.adjacent, state.rivalry + p.rivalry_call_gain * (1.0 - state.rivalry), state.rivalry
        )
    state.trust = np.where(both, state.trust * (1.0 - p.rivalry_trust_erosion), state.trust)


def meet(p: TiesParams, state: TiesState, meetings: FloatArray) -> None:
    """Raise knowledge with meetings (0-1, (T, T)) and forget a little."""
    grown = state.knowledge + p.knowledge_gain * meetings * (1.0 - state.knowledge)
    state.knowledge = grown * (1.0 - p.knowledge_forgetting)
    np.fill_diagonal(state.knowledge, 0.0)
