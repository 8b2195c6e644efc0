"""What makes people of neighbouring territories meet, learn and tell a common story: costs and strengths."""

from dataclasses import dataclass

import numpy as np

from coopsim.types import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class SocialMoveParams:
    """Section ``society.social_moves``."""

    conviviality_keur_per_head: float
    conviviality_meeting: float
    visits_keur_per_head: float
    visits_meeting: float
    narrative_keur_per_head: float
    narrative_gain_per_yr: float
    third_party_keur_per_head: float
    training_keur_per_head: float
    training_keur: float


def met(p: SocialMoveParams, adjacent: BoolArray, conviviality: FloatArray, visits: FloatArray) -> FloatArray:
    """Return the meetings that festivals and visits make between neighbours, 0-1, shape (T, T).

    One side that invites is enough to meet: the livelier of the two counts.
    """
    level = np.maximum(p.conviviality_meeting * conviviality, p.visits_meeting * visits)
    out: FloatArray = np.maximum(level[:, None], level[None, :]) * adjacent
    return np.minimum(out, 1.0)


def told(p: SocialMoveParams, identity: FloatArray, adjacent: BoolArray, narrative: FloatArray) -> FloatArray:
    """Return the feeling of belonging together a year later, shape (T, T): a story counts where both sides tell it."""
    both = np.minimum.outer(narrative, narrative) * adjacent
    out: FloatArray = identity + p.narrative_gain_per_yr * both * (1.0 - identity)
    return out
