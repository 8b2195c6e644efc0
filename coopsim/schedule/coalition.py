"""Once a session, coalitions of councils on a mission: members anywhere meet and learn from each other.

Missions shared through networks of councillors, "a learning team" that works for years on one aim, are an idea of the
source catalogue (LC96, D12). Members need not be neighbours. What a member has learnt of a move by trial (policy mode
``adaptive``) counts by how sure it is of it: the mean of beliefs weighted by their precision. Nobody becomes surer by
repeating what others say: doubts stay as they are.
"""

import numpy as np

from coopsim.metrics import sum_by
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def meetings(world: World, meeting: FloatArray) -> None:
    """Add the meetings of members to those of pairs (T, T), in place: as lively as the less involved of the two."""
    level = world.programme("mission_coalition")
    if not level.any():
        return
    both = np.minimum.outer(level, level)
    np.fill_diagonal(both, 0.0)
    np.maximum(meeting, world.params.commitments.coalition_meeting * both, out=meeting)


def learn_together(world: World, session: BoolArray, years: FloatArray) -> None:
    """Let councils that meet come nearer to the most competent member, and share what trials have taught.

    Parameters
    ----------
    years : FloatArray, shape (T,)
        Since the last session; 0 for those that do not meet.
    """
    level = world.programme("mission_coalition")
    inside = level > 0.0
    if int(inside.sum()) < 2:  # noqa: PLR2004 - alone there is nobody to learn from
        return
    p = world.params
    rate = np.minimum(p.commitments.coalition_learning * level * years, 1.0) * session
    where = world.councils.territory
    seats = np.maximum(np.bincount(where, minlength=world.size), 1)
    mean = np.where(inside, sum_by(where, world.competence, world.size) / seats, -np.inf)
    best = np.full(world.size, mean.max())
    gap = np.maximum(best[where] - world.competence, 0.0)
    open_minds = rate * (1.0 - p.councils.singularity)
    world.competence = world.competence + open_minds[where] * gap
    state = world.minds.policy
    if state is None:
        return
    # who has tried nothing has a belief of 1 with the doubt of the first day: a weak voice
    weight = level[:, None] / np.maximum(state.doubt, 1e-9)
    pooled = (weight * state.belief).sum(axis=0) / weight.sum(axis=0)
    state.belief = state.belief + rate[:, None] * (pooled - state.belief)
