r"""The labour market: contracts end, posts are filled by commuters, by movers, by workers of a pact's closing firms.

Applicants of *i* to the vacant posts of *j*: :math:`a_{ij} = s_i\,c_{ij}\,m_{ij}`, seekers times search shares times
matching. Hires by the rule ``society.people.matching``:

- ``short_side``: :math:`\min(v_j, \sum_i a_{ij})`;
- ``urn_ball``: :math:`v_j\,(1 - e^{-\varphi \sum_i a_{ij} / v_j})`, where each application suits a vacant post with
  chance :math:`\varphi` and falls on it at random, so that some posts get several and others none [B1977]_ [PP2001]_.

Posts left vacant may be filled by households that move in, as far as habitable dwellings are vacant.

References
----------
.. [B1977] Butters (1977), *Equilibrium distributions of sales and advertising prices*, Review of Economic Studies 44.
.. [PP2001] Petrongolo & Pissarides (2001), *Looking into the black box: a survey of the matching function*,
   Journal of Economic Literature 39: 390-431, section 3.2.
"""

import numpy as np

from coopsim.society.people import PeopleParams, PeopleState
from coopsim.types import FloatArray

MATCHING = ("short_side", "urn_ball")
_FEW = 1e-3  # active share, or persons a dwelling, below which a territory has no households to speak of


def separate(p: PeopleParams, state: PeopleState, posts: FloatArray) -> None:
    """End contracts where posts vanished, and retire where employed exceed the active."""
    t = posts.size
    filled = state.filled
    keep = np.where(filled > posts, posts / np.maximum(filled, 1e-300), 1.0)
    state.workers[:, :t] *= keep[None, :]
    state.own_account = state.own_account_rate * state.population
    state.sheltered = np.minimum(state.sheltered, np.maximum(state.active - state.own_account, 0.0))
    cap = (1.0 - p.frictional_share) * state.active - state.own_account - state.sheltered
    resident = state.workers[:t].sum(axis=1)
    keep_rows = np.where(resident > cap, np.maximum(cap, 0.0) / np.maximum(resident, 1e-300), 1.0)
    state.workers[:t] *= keep_rows[:, None]
    over = state.own_account > state.active
    state.own_account = np.where(over, state.active, state.own_account)


def turn_over(p: PeopleParams, state: PeopleState) -> None:
    """Let a share of employed residents leave their post: vacancies that growth alone would not make."""
    if p.turnover_per_quarter > 0.0:
        t = state.population.size
        state.workers[:t, :t] *= 1.0 - p.turnover_per_quarter


def mobile(p: PeopleParams, programme: FloatArray) -> FloatArray:
    """Return the share of seekers who can work in another territory, shape (T,), by the mobility programme's level."""
    out: FloatArray = np.minimum(p.mobile_share + p.mobility_programme_gain * programme, 1.0)
    return out


def accepted(p: PeopleParams, applicants: FloatArray, vacant: FloatArray, skills: FloatArray) -> FloatArray:
    """Return the share of applicants hired in each territory of work, shape (T,).

    Parameters
    ----------
    applicants, vacant : FloatArray, shape (T,)
    skills : FloatArray, shape (T,), 0-1
        Level of the programme for skills in the territory of work.
    """
    some = np.maximum(applicants, 1e-300)
    if p.matching == "urn_ball":
        suits = np.minimum(p.suitable_share * (1.0 + p.skills_programme_gain * skills), 1.0)
        fill = -np.expm1(-suits * applicants / np.maximum(vacant, 1e-300))
        return np.where((applicants > 0) & (vacant > 0), np.minimum(vacant * fill / some, 1.0), 0.0)
    return np.where(applicants > 0, np.minimum(1.0, vacant / some), 0.0)


def hire(
    p: PeopleParams,
    state: PeopleState,
    posts: FloatArray,
    ease: FloatArray,
    skills: FloatArray | None = None,
    reach: FloatArray | None = None,
) -> FloatArray:
    """Fill vacancies from seekers by commuting shares; returns hires by territory of work, shape (T,).

    Parameters
    ----------
    ease : FloatArray, shape (T, T)
        Multiplies the matching rate of residents of *i* with posts in *j*.
    skills : FloatArray, shape (T,), 0-1
        Level of the programme for skills; none when absent.
    reach : FloatArray, shape (T,), 0-1
        Share of seekers who can work in another territory; all when absent.
    """
    t = posts.size
    vacant = np.maximum(posts - state.filled, 0.0)
    applicants = state.seekers[:, None] * state.commuting * np.minimum(p.match_per_quarter * ease, 1.0)
    if reach is not None:
        here = np.diagonal(applicants).copy()
        applicants = applicants * reach[:, None]
        np.fill_diagonal(applicants, here)
    rate = accepted(p, applicants.sum(axis=0), vacant, np.zeros(t) if skills is None else skills)
    hires = applicants * rate[None, :]
    state.workers[:t, :t] += hires
    left = np.maximum(posts - state.filled, 0.0)
    state.workers[t, :t] += p.outside_hire_share * left
    out: FloatArray = hires.sum(axis=0) + p.outside_hire_share * left
    return out


def relocate(p: PeopleParams, state: PeopleState, posts: FloatArray) -> FloatArray:
    """Fill a share of the posts left vacant by households that move in; returns hires, shape (T,).

    One worker a household, one habitable vacant dwelling each: who finds none does not come. Households bring as
    many active persons as workers, so that they take no post from residents.
    """
    if p.relocation_share == 0.0:
        state.balance[2] = 0.0
        return np.zeros(posts.size)
    t = posts.size
    left = np.maximum(posts - state.filled, 0.0)
    free = state.habitable_share * np.maximum(state.dwellings - state.occupied, 0.0)
    persons = 1.0 / np.maximum(state.active_rate, _FEW)
    # a household larger than the mean takes more than one dwelling of the mean size
    dwellings = np.maximum(persons / np.maximum(state.persons_per_dwelling, _FEW), 1.0)
    hired: FloatArray = np.minimum(p.relocation_share * left, free / dwellings)
    hired = np.where(state.active_rate > _FEW, hired, 0.0)
    state.population = state.population + persons * hired
    state.workers[np.arange(t), np.arange(t)] += hired
    state.balance[2] = persons * hired
    return hired


def rehire(p: PeopleParams, state: PeopleState, posts: FloatArray, willing: FloatArray) -> FloatArray:
    """Move workers whose posts vanish to vacant posts of partners; returns the moves from *j* to *k*, shape (T, T).

    The channel of resilience: a share of those who would lose their contract is hired at once by companies of
    territories that have agreed to, before anyone is counted as a seeker. Nobody works twice, no post is filled twice.

    Parameters
    ----------
    posts : FloatArray, shape (T,)
        Posts left after the closures.
    willing : FloatArray, shape (T, T), 0-1
        How far companies of *k* take workers of closing companies of *j*; the diagonal counts for nothing.
    """
    t = posts.size
    filled = state.filled
    gone = np.maximum(filled - posts, 0.0)
    if p.pact_rehire_share == 0.0 or not gone.any():
        return np.zeros((t, t))
    weight = np.clip(willing, 0.0, 1.0) * (1.0 - np.eye(t))
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1.0)
    asked = p.pact_rehire_share * gone[:, None] * weight
    room = np.maximum(posts - filled, 0.0)
    moved: FloatArray = asked * np.minimum(1.0, room / np.maximum(asked.sum(axis=0), 1e-300))[None, :]
    # by residence: those who change employer are a fair sample of the workers of the territory they leave
    share = moved / np.maximum(filled, 1e-300)[:, None]
    leaving = state.workers[:, :t] @ share
    state.workers[:, :t] *= 1.0 - share.sum(axis=1)[None, :]
    state.workers[:, :t] += leaving
    return moved
