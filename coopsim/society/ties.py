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
    rivalry_shock_gain: float
    identity_same_body: float
    identity_gain: float
    identity_fading: float
    catalyst_meeting: float
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
    heritage : FloatArray, 0-1
        Identity of the first day, which no pact has made.
    adjacent : BoolArray
    """

    trust: FloatArray
    knowledge: FloatArray
    rivalry: FloatArray
    identity: FloatArray
    heritage: FloatArray
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
    identity = np.where(off & same_body, p.identity_same_body, 0.0)
    return TiesState(
        trust=np.where(off, p.trust_start, 0.0),
        knowledge=np.where(off, p.knowledge_start * np.exp(-km / p.knowledge_decay_km), 0.0),
        rivalry=np.where(off, p.rivalry_start, 0.0),
        identity=identity,
        heritage=identity.copy(),
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


def claim(p: TiesParams, state: TiesState, salience: FloatArray) -> None:
    """Let neighbours hit by the same crisis rival for what is left, the less the better they know each other.

    Parameters
    ----------
    salience : FloatArray, shape (T,), 0-1
        Of the running crisis in each territory.
    """
    both = state.adjacent * np.minimum.outer(salience, salience)
    stranger = (1.0 - state.knowledge) * both
    state.rivalry = state.rivalry + p.rivalry_shock_gain * stranger * (1.0 - state.rivalry)


def belong(p: TiesParams, state: TiesState, together: FloatArray) -> None:
    """Let identity grow where a pact lives (0-1, (T, T)) and fade towards what no pact has made elsewhere."""
    grown = state.identity + p.identity_gain * together * (1.0 - state.identity)
    state.identity = grown - p.identity_fading * np.maximum(grown - state.heritage, 0.0) * (1.0 - together)
    np.fill_diagonal(state.identity, 0.0)
