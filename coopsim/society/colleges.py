"""Those who speak beside the elected: citizens, companies, associations, researchers, nature, a citizen panel."""

from dataclasses import dataclass

import numpy as np

from coopsim.rng import Purpose, normal, pair_ids
from coopsim.society.councils import CouncilParams, Seats
from coopsim.society.electorate import AXES, Electorate
from coopsim.society.minds import VOICES
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

CITIZENS, NATURE, PANEL = 0, 6, VOICES - 1
FROM_COMPANIES = slice(1, 4)  # small and large companies, social economy


@dataclass(frozen=True, slots=True)
class Voices:
    """Voices at one session, n of them.

    Attributes
    ----------
    seats : Seats
    college : IntArray, shape (n,)
        0-6 a college, 7 the panel.
    counts : BoolArray, shape (n,)
        Whether the voice advises or votes: a guardian of nature without a seat only has the veto.
    yes : BoolArray, shape (n, M)
    """

    seats: Seats
    college: IntArray
    counts: BoolArray
    yes: BoolArray


def people_position(electorate: Electorate, territories: int) -> FloatArray:
    """Return the mean position of the voters of each territory, by inhabitants, shape (T, 3)."""
    weight = np.bincount(electorate.territory, electorate.population, territories)
    axes = [
        np.bincount(electorate.territory, electorate.population * electorate.voters[:, axis], territories)
        for axis in range(AXES)
    ]
    out: FloatArray = np.stack(axes, axis=1) / np.maximum(weight, 1e-12)[:, None]
    return out


def seated(
    p: CouncilParams, number: IntArray, place: IdArray, people: FloatArray, seed: int, tick: int
) -> tuple[Seats, IntArray]:
    """Return the voices of each territory, and the college of each.

    Parameters
    ----------
    number : IntArray, shape (T, 8)
        Voices by college.
    place : IdArray, shape (T,)
    people : FloatArray, shape (T, 3)
        Position of the inhabitants: citizens and panel are drawn around it, the panel anew at each session.
    """
    t, college = (x.ravel() for x in np.indices(number.shape))
    where, what = np.repeat(t, number.ravel()), np.repeat(college, number.ravel())
    before = np.cumsum(number.ravel()) - number.ravel()
    rank = np.arange(where.size) - np.repeat(before, number.ravel())
    ids = pair_ids(pair_ids(place[where], what), rank)
    named = np.stack([p.college_growth, p.college_cooperation, p.college_long], axis=1)
    lot = (what == CITIZENS) | (what == PANEL)
    middle = np.where(lot[:, None], people[where], named[np.clip(what - 1, 0, len(named) - 1)])
    born = np.where(what == PANEL, tick, 0)
    ideal = np.empty(middle.shape)
    for axis in range(AXES):
        for when in np.unique(born):
            now = born == when
            draw = normal(seed, Purpose.COLLEGE, ids[now], int(when), axis)
            ideal[now, axis] = np.clip(middle[now, axis] + p.college_sd * draw, 0.0, 1.0)
    return Seats(ids, where, ideal), what


def advice(voices: Voices, presence: FloatArray, territories: int) -> FloatArray:
    """Return what the voices that advise say of each candidate, -1 (all no) to 1 (all yes), shape (T, M).

    Parameters
    ----------
    presence : FloatArray, shape (T, 8), 0-1
        Share of each college that still comes: advice of few weighs little.
    """
    t = voices.seats.territory
    full = np.bincount(t, voices.counts, territories)
    weight = voices.counts * presence[t, voices.college]
    out = np.zeros((territories, voices.yes.shape[1]))
    np.add.at(out, t, weight[:, None] * np.where(voices.yes, 1.0, -1.0))
    return out / np.maximum(full, 1.0)[:, None]


def raised(
    p: CouncilParams, want: IntArray, size: IntArray, agenda: FloatArray, draw: FloatArray
) -> BoolArray:
    r"""Return which subjects members put on the agenda of a session, shape (T, M): the most wanted of those raised.

    A subject that *w* of *n* members want is raised with probability :math:`1 - (1 - p)^w`, where
    :math:`p = a\,h/(h + n)`: a larger committee brings more subjects, and each member has less time to speak.

    Parameters
    ----------
    want : IntArray, shape (T, M)
        Members who want each subject; 0 for what is not to be asked.
    size : IntArray, shape (T,)
        Members in the room.
    agenda : FloatArray, shape (T,), 0-1
    draw : FloatArray, shape (T, M), 0-1
    """
    each = agenda * p.agenda_half_size / (p.agenda_half_size + size)
    told = draw < 1.0 - (1.0 - each[:, None]) ** want
    wish = np.where(told, want - draw, -np.inf)  # equally wanted: in the order of the draw
    rank = np.argsort(np.argsort(-wish, axis=1, kind="stable"), axis=1, kind="stable")
    out: BoolArray = told & (rank < p.agenda_topics)
    return out


def heard_share(p: CouncilParams, members: FloatArray, companies: FloatArray) -> FloatArray:
    """Return the share of companies that members from companies tell of the transition in a year, shape (T,).

    Parameters
    ----------
    members : FloatArray, shape (T,)
        Who come from companies, and still come.
    companies : FloatArray, shape (T,)
    """
    told = p.member_contacts_per_yr * members
    out: FloatArray = np.where(companies > 0.0, np.minimum(told / np.maximum(companies, 1.0), 1.0), 0.0)
    return out


def attends(voices: Voices, presence: FloatArray) -> BoolArray:
    """Return which voices sit in the room, shape (n,): the first of each college, in the share that still comes."""
    t, college = voices.seats.territory, voices.college
    key = t * VOICES + college
    first = np.searchsorted(key, key)  # voices are sorted by territory and college
    number = np.searchsorted(key, key, side="right") - first
    rank = np.arange(key.size) - first
    out: BoolArray = rank + 0.5 < number * presence[t, college]
    return out & voices.counts
