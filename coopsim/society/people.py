r"""People: population and dwellings; who works where is in `coopsim.society.labour`.

Closure: residents employed + seekers = active; jobs filled = residents employed here + in-commuters.
In-migration (model 5.9), capped by habitable vacant dwellings:
:math:`M_i = m_0 P_i \exp(\beta_j(v - \bar v) + \beta_u(\bar u - u_i) + \beta_h(h_i - \bar h) + \beta_s s_i)`.
"""

from dataclasses import dataclass, field

import numpy as np

from coopsim.types import FloatArray


@dataclass(frozen=True, slots=True)
class PeopleParams:
    """Section ``society.people``."""

    mobility_rate_per_yr: float
    leavers_employed_share: float
    migration_vacancy: float
    migration_unemployment: float
    migration_housing: float
    migration_services: float
    unemployment_reference: float
    housing_reference: float
    match_per_quarter: float
    match_pact_bonus: float
    commuting_decay_minutes: float
    outside_commuting_share: float
    outside_hire_share: float
    frictional_share: float
    household_size_trend_per_yr: float
    dwellings_per_ha: float
    habitable_share_of_vacant: float
    renovation_per_yr: float
    matching: str
    suitable_share: float
    turnover_per_quarter: float
    skills_programme_gain: float
    mobile_share: float
    mobility_programme_gain: float
    relocation_share: float
    pact_rehire_share: float
    dwelling_lag_ticks: int


@dataclass(slots=True)
class PeopleState:
    """Residents, workers and dwellings; (T,) unless said otherwise.

    Attributes
    ----------
    workers : FloatArray, shape (T+1, T+1), persons
        Residents of the row working in companies of the column; the last is the outside.
    commuting : FloatArray, shape (T, T)
        Share of a resident's search in each territory; rows sum to 1.
    own_account : FloatArray, persons
        Work for themselves where they live.
    building : FloatArray, shape (lag, T), dwellings
        Under construction, next quarter first.
    balance : FloatArray, shape (4, T), persons
        Change of the population in the quarter: natural, migration, hired from outside, events.
    sheltered : FloatArray, persons
        Residents hired by employment companies (EBE), which hold no post of the companies' table.
    """

    population: FloatArray
    active_rate: FloatArray
    workers: FloatArray
    commuting: FloatArray
    own_account: FloatArray
    own_account_rate: FloatArray
    natural_growth: FloatArray
    net_migration: FloatArray
    dwellings: FloatArray
    habitable_share: FloatArray
    persons_per_dwelling: FloatArray
    building: FloatArray
    balance: FloatArray
    sheltered: FloatArray = field(default_factory=lambda: np.zeros(1))

    @property
    def active(self) -> FloatArray:
        """Active residents."""
        return self.active_rate * self.population

    @property
    def employed(self) -> FloatArray:
        """Employed residents, own-account and employment companies included."""
        out: FloatArray = self.workers[:-1].sum(axis=1) + self.own_account + self.sheltered
        return out

    @property
    def seekers(self) -> FloatArray:
        """Active residents without work."""
        out: FloatArray = np.maximum(self.active - self.employed, 0.0)
        return out

    @property
    def unemployment(self) -> FloatArray:
        """Seekers over active."""
        out: FloatArray = self.seekers / np.maximum(self.active, 1e-12)
        return out

    @property
    def filled(self) -> FloatArray:
        """Filled company posts by territory of work."""
        out: FloatArray = self.workers[:, :-1].sum(axis=0)
        return out

    @property
    def in_commuters(self) -> FloatArray:
        """Workers who live elsewhere."""
        out: FloatArray = self.filled - np.diagonal(self.workers)[:-1]
        return out

    @property
    def occupied(self) -> FloatArray:
        """Occupied dwellings (second homes included)."""
        out: FloatArray = self.population / self.persons_per_dwelling
        return out

    @property
    def vacancy(self) -> FloatArray:
        """Vacant share of dwellings."""
        out: FloatArray = np.clip(1.0 - self.occupied / np.maximum(self.dwellings, 1e-12), 0.0, 1.0)
        return out


def gravity(
    rows: FloatArray, columns: FloatArray, minutes: FloatArray, decay: float, outside: float
) -> FloatArray:
    """Return a commuting matrix with given margins, by iterative proportional fitting, shape (T+1, T+1).

    Parameters
    ----------
    rows, columns : FloatArray, shape (T,)
        Employed residents and company posts. The last row and column (outside) take the share
        ``outside`` of each margin and close the difference of the totals.
    minutes : FloatArray, shape (T, T)
    """
    t = rows.size
    if t == 0 or (rows.sum() == 0 and columns.sum() == 0):
        return np.zeros((t + 1, t + 1))
    out_col = outside * rows.sum()
    out_row = outside * columns.sum()
    gap = rows.sum() + out_row - columns.sum() - out_col
    if gap > 0:
        out_col += gap
    else:
        out_row -= gap
    r = np.append(rows, out_row)
    c = np.append(columns, out_col)
    w = np.zeros((t + 1, t + 1))
    w[:t, :t] = np.exp(-minutes / decay)
    w[t, :t] = w[:t, t] = np.exp(-1.0)
    for _ in range(1000):
        w *= (r / np.maximum(w.sum(axis=1), 1e-300))[:, None]
        w *= (c / np.maximum(w.sum(axis=0), 1e-300))[None, :]
        if np.abs(w.sum(axis=1) - r).max() <= 1e-12 * max(r.max(), 1.0):
            break
    return w


def search_shares(workers: FloatArray, minutes: FloatArray, decay: float) -> FloatArray:
    """Return where residents look for work, shape (T, T): observed flows mixed with nearness."""
    t = minutes.shape[0]
    near = np.exp(-minutes / decay)
    near /= near.sum(axis=1, keepdims=True)
    flows = workers[:t, :t]
    total = flows.sum(axis=1, keepdims=True)
    shares = np.where(total > 0, flows / np.maximum(total, 1e-300), near)
    out: FloatArray = 0.8 * shares + 0.2 * near
    return out


def completed(state: PeopleState, started: FloatArray) -> FloatArray:
    """Put dwellings under construction and return those completed in the quarter, shape (T,)."""
    if state.building.shape[0] == 0:
        return started
    done: FloatArray = state.building[0].copy()
    state.building[:-1] = state.building[1:]
    state.building[-1] = started
    return done


def live(
    p: PeopleParams,
    state: PeopleState,
    vacancies: FloatArray,
    services: FloatArray,
    built: FloatArray,
    event: FloatArray,
    welcome: FloatArray | float = 0.0,
) -> FloatArray:
    """Advance population and dwellings by a quarter; returns net migration, persons, shape (T,).

    Parameters
    ----------
    services : FloatArray, shape (T,)
        Relative service level (0 = reference).
    built : FloatArray, shape (T,), dwellings
    event : FloatArray, shape (T,), persons
        Newcomers brought by an event.
    welcome : FloatArray, shape (T,), or 0
        What programmes to welcome residents add to the pull.
    """
    unemployment = state.unemployment
    pull = (
        p.migration_vacancy * vacancies / np.maximum(state.active, 1e-12)
        + p.migration_unemployment * (p.unemployment_reference - unemployment)
        + p.migration_housing * (state.vacancy - p.housing_reference)
        + p.migration_services * services
        + welcome
    )
    pull = np.clip(pull, -2.0, 2.0)
    base = 0.25 * p.mobility_rate_per_yr * state.population
    came = base * np.exp(pull) + 0.25 * np.maximum(state.net_migration, 0.0) * state.population
    went = base * np.exp(-pull) + 0.25 * np.maximum(-state.net_migration, 0.0) * state.population
    state.dwellings = state.dwellings + completed(state, built)
    state.persons_per_dwelling = state.persons_per_dwelling * (1.0 + 0.25 * p.household_size_trend_per_yr)
    vacant = np.maximum(state.dwellings - state.occupied, 0.0)
    room = state.habitable_share * vacant * state.persons_per_dwelling + went
    came = np.minimum(came, np.maximum(room, 0.0))
    natural = 0.25 * state.natural_growth * state.population
    before = state.population
    state.population = np.maximum(before + natural + came - went + event, 0.0)
    state.balance[0], state.balance[3] = natural, event
    state.balance[1] = np.maximum(came - went, -(before + natural + event))
    # employed residents follow their population: those who leave give up their post
    gone = np.clip(went / np.maximum(before, 1e-12), 0.0, 1.0)
    t = before.size
    stay = 1.0 - p.leavers_employed_share * gone
    state.workers[:t] *= stay[:, None]
    state.sheltered = state.sheltered * stay
    return came - went
