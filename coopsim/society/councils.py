r"""Councils: what a seat expects, wants and votes.

Utility of seat *s* for a move, every term in % of the council's own yearly budget:

.. math::

   u = D\,[2x_g(1 + 3(u_i - \bar u))\,w_j\,\Delta j\, e^{\varepsilon} + 8 w_r(1 - x_g)(1 + a)\,\Delta r + w_s \Delta s]
       + w_f\,(\Delta b - c(1 + \beta)) + \tfrac14(2 - x_l)v - 2w_p(1 - x_c)\,\pi + \sigma\xi

with ideal point :math:`(x_g, x_c, x_l)` (growth, cooperation, long term), *a* the salience of shocks,
:math:`D = \exp(-(\delta_0 + \delta_1(1 - x_l))\,\tau)`, and :math:`w_f` rising with need of money.
Gains that depend on partners arrive already multiplied by trust, the probability that partners keep
their word; loss of power and cost count here, once.
"""

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import expit

from coopsim.society.elections import Councils
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray


@dataclass(frozen=True, slots=True)
class CouncilParams:
    """Section ``society.councils``."""

    weight_jobs: float
    weight_resources: float
    weight_social: float
    weight_visible: float
    weight_power: float
    finance_weight_base: float
    finance_weight_need: float
    finance_need_scale: float
    discount_base: float
    discount_myopia: float
    vote_noise: float
    context_noise: float
    context_pact_share: float
    expectation_error: float
    shared_error_cut: float
    cost_bias: float
    draft_threshold: float
    horizon_years: float
    unemployment_reference: float
    tax_step_points: float
    subsidy_step: float
    marketing_step: float
    land_block_ha_per_1000_inhabitants: float
    brownfield_block_share: float
    housing_step: float
    housing_cost_per_inhabitant: float
    grouping_step: float
    grouping_cost_keur: float
    programme_step: float
    firm_support_cost_per_inhabitant: float
    eit_cost_per_inhabitant: float
    coop_takeover_cost_per_inhabitant: float
    ess_foundation_cost_per_inhabitant: float
    skills_cost_per_inhabitant: float
    mobility_cost_per_inhabitant: float
    programme_fading_per_quarter: float
    perception_none: float
    perception_own: float
    perception_shared: float
    uptake_per_yr: float
    uptake_report: float
    uptake_map: float
    uptake_debate: float
    dependence_start: float
    salience_fading_per_yr: float
    competence_start: float
    competence_gain_per_yr: float
    body_noise: float
    supply_target_pressure: float
    supply_step: float
    supply_cost_keur_per_m3_day: float
    leak_step: float
    leak_cost_keur_per_m3_day: float
    crowding_out: float
    land_anticipation: float
    land_resource_penalty: float
    wood_resource_gain: float
    programme_social_gain: float
    ceded_share: float
    dependence_gain: float
    status_quo_bias: float
    propose_visibility: float
    effort_cost: float
    opinions_start: str
    trust_discount: float
    diagnostic_uptake: str
    diagnostic_error: float
    diagnostic_fading_per_yr: float
    training_gain_per_yr: float
    training_half_keur_per_seat: float
    peer_learning_per_yr: float
    evaluation_learning: float
    foresight_reach: float
    resident_error_cut: float
    resident_cost_keur: float
    bias_sd: float
    fear_sd: float
    singularity: float
    singularity_sd: float
    posture_fear: tuple[float, ...]
    posture_initiative: tuple[float, ...]
    college_growth: tuple[float, ...]
    college_cooperation: tuple[float, ...]
    college_long: tuple[float, ...]
    college_competence: tuple[float, ...]
    college_sd: float
    agenda_topics: int
    agenda_half_size: float
    member_contacts_per_yr: float
    panel_cost_keur_per_person: float
    frustration: float
    presence_return: float


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a council expects of each candidate; all (T, M).

    Attributes
    ----------
    jobs : FloatArray, % of own jobs over the horizon
    revenue, cost : FloatArray, % of the yearly budget
    visible : FloatArray, -1..1
    resources, social : FloatArray, change of security or of needs met, share
    ceded : FloatArray, share of decisions ceded
    delay : FloatArray, years before effect
    habit : FloatArray, % of the yearly budget
        What a gain must exceed before what stands is reopened.
    doubt : Expectations or None
        What full trust in partners would add to these gains; only the journal reads it.
    """

    jobs: FloatArray
    revenue: FloatArray
    cost: FloatArray
    visible: FloatArray
    resources: FloatArray
    social: FloatArray
    ceded: FloatArray
    delay: FloatArray
    habit: FloatArray
    doubt: "Expectations | None" = None

    @classmethod
    def zeros(cls, territories: int, candidates: int) -> "Expectations":
        """Return expectations of nothing."""
        return cls(*np.zeros((9, territories, candidates)))

    def only(self, columns: IntArray) -> "Expectations":
        """Return the same of some candidates, (T, len(columns)); without the doubt."""
        return Expectations(*(getattr(self, f.name)[:, columns] for f in fields(self) if f.name != "doubt"))


@dataclass(frozen=True, slots=True)
class Seats:
    """Some seats of the councils, in their order: all that a vote reads of them.

    Attributes
    ----------
    seat_id : IdArray, shape (n,)
    territory : IntArray, shape (n,)
    ideal : FloatArray, shape (n, 3), 0-1
    """

    seat_id: IdArray
    territory: IntArray
    ideal: FloatArray


@dataclass(frozen=True, slots=True)
class Chance:
    """Standard normal draws of a vote, each (C, M).

    Attributes
    ----------
    error : FloatArray
        Of expectations; shared by the seats of a council, since the services tell all of them the same.
    noise : FloatArray
        Personal.
    context : FloatArray
        Shared by the seats of a council: what the year's news makes of the subject.
    """

    error: FloatArray
    noise: FloatArray
    context: FloatArray


@dataclass(frozen=True, slots=True)
class Character:
    """What tells seats apart besides their ideal points; each (C,).

    Attributes
    ----------
    bias : FloatArray
        Overestimation of costs, as a share of them.
    fear : FloatArray
        Fear of losing power, 1 the common one.
    singularity : FloatArray, 0-1
        "Chez nous c'est pas pareil": share of the gains of shared decisions that the seat does not believe.
    patience : FloatArray, 0-1
        Share of its myopia that foresight takes away.
    """

    bias: FloatArray
    fear: FloatArray
    singularity: FloatArray
    patience: FloatArray


TERMS = (
    "jobs", "resources", "social", "revenue", "cost", "image", "power", "habit", "advice", "context", "noise",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """Arguments of a vote: terms of the utility, each (C, M), % of the yearly budget; their sum is the utility.

    Attributes
    ----------
    jobs, resources, social : FloatArray
        Gains, discounted.
    revenue, cost : FloatArray
        Money, times its weight; the cost with its bias, at most 0.
    image, power : FloatArray
        What is seen, and the power ceded (at most 0).
    habit : FloatArray
        Reluctance to reopen what stands, at most 0.
    context, noise : FloatArray
        News of the year, alike for a council, and what is personal.
    advice : FloatArray or None
        What those who advise the council make of it; None where nobody does.
    """

    jobs: FloatArray
    resources: FloatArray
    social: FloatArray
    revenue: FloatArray
    cost: FloatArray
    image: FloatArray
    power: FloatArray
    habit: FloatArray
    context: FloatArray
    noise: FloatArray
    advice: FloatArray | None = None

    def total(self) -> FloatArray:
        """Return the utility, shape (C, M)."""
        out: FloatArray = (
            (self.jobs + self.resources + self.social)
            + (self.revenue + self.cost)
            + self.image
            + self.power
            + self.habit
            + self.noise
            + self.context
        )
        return out if self.advice is None else out + self.advice

    def opposite(self) -> "Terms":
        """Return the arguments of the contrary question: what speaks for staying speaks against leaving."""
        return Terms(*(-getattr(self, name) for name in TERMS if name != "advice"))


def money_weight(p: CouncilParams, debt: FloatArray, balance: FloatArray, budget: FloatArray) -> FloatArray:
    """Return the weight of money, shape (T,): low when the accounts are comfortable, high in need."""
    need = (debt / budget - 4.0 * balance / budget) / p.finance_need_scale
    out: FloatArray = p.finance_weight_base + p.finance_weight_need * expit(need)
    return out


def seat_terms(
    p: CouncilParams,
    seats: Councils | Seats,
    competence: FloatArray,
    expected: Expectations,
    unemployment: FloatArray,
    salience: FloatArray,
    money: FloatArray,
    perception: FloatArray,
    chance: Chance,
    character: Character | None = None,
) -> Terms:
    """Return what speaks for and against each candidate in the eyes of each seat, (C, M) each.

    Parameters
    ----------
    competence : FloatArray, shape (C,), 0-1
        Systemic literacy: lowers the error of expectations.
    unemployment, salience, money, perception : FloatArray, shape (T,)
        ``perception`` is the share of resource effects that the council sees (information rule).
    chance : Chance
    character : Character or None
        None: all alike, with the common bias.
    """
    t = seats.territory
    g, c, long = seats.ideal[:, 0], seats.ideal[:, 1], seats.ideal[:, 2]
    myopia = p.discount_myopia * (1.0 - long)
    if character is not None:
        myopia = myopia * (1.0 - character.patience)
    discount = np.exp(-(p.discount_base + myopia)[:, None] * expected.delay[t])
    if character is not None and character.singularity.any():
        discount = discount * (1.0 - character.singularity[:, None] * (expected.ceded[t] > 0.0))
    jobs_weight = 2.0 * p.weight_jobs * g * (1.0 + 3.0 * (unemployment[t] - p.unemployment_reference))
    sd = p.expectation_error * (1.0 - competence)
    belief = np.exp(sd[:, None] * chance.error - 0.5 * (sd**2)[:, None])
    resources = 8.0 * p.weight_resources * (1.0 - g) * (1.0 + salience[t]) * perception[t]
    weight = money[t][:, None]
    bias = p.cost_bias if character is None else character.bias[:, None]
    power = -2.0 * p.weight_power * (1.0 - c)
    if character is not None:
        power = power * character.fear
    return Terms(
        jobs=discount * (jobs_weight[:, None] * expected.jobs[t] * belief),
        resources=discount * (resources[:, None] * expected.resources[t]),
        social=discount * (p.weight_social * expected.social[t]),
        revenue=weight * expected.revenue[t],
        cost=-weight * (expected.cost[t] * (1.0 + bias)),
        image=p.weight_visible * (2.0 - long)[:, None] * expected.visible[t],
        power=power[:, None] * expected.ceded[t],
        habit=-expected.habit[t],
        context=p.context_noise * chance.context,
        noise=p.vote_noise * chance.noise,
    )


def seat_utility(
    p: CouncilParams,
    seats: Councils | Seats,
    competence: FloatArray,
    expected: Expectations,
    unemployment: FloatArray,
    salience: FloatArray,
    money: FloatArray,
    perception: FloatArray,
    chance: Chance,
) -> FloatArray:
    """Return the utility of each candidate for each seat, shape (C, M); see `seat_terms`."""
    return seat_terms(
        p, seats, competence, expected, unemployment, salience, money, perception, chance
    ).total()


def drafted(
    p: CouncilParams, seats: Councils, utility: FloatArray, allowed: BoolArray, slots: IntArray
) -> BoolArray:
    """Return which candidates each executive drafts, shape (T, M): its best ones, above the threshold.

    Parameters
    ----------
    utility : FloatArray, shape (C, M)
    allowed : BoolArray, shape (T, M)
    slots : IntArray, shape (T,)
        Proposals a year.
    """
    return ranked(p, utility[seats.executive], allowed, slots)


def ranked(p: CouncilParams, utility: FloatArray, allowed: BoolArray, slots: IntArray) -> BoolArray:
    """Return the best allowed candidates of each row above the threshold, as many as slots; all (T, M)."""
    wish = np.where(allowed, utility, -np.inf)
    rank = np.argsort(np.argsort(-wish, axis=1, kind="stable"), axis=1, kind="stable")
    out: BoolArray = (wish > p.draft_threshold) & (rank < slots[:, None])
    return out


def tally(seats: Councils, yes: BoolArray, territories: int) -> tuple[IntArray, IntArray]:
    """Return votes for and against per council and candidate, each (T, M)."""
    favour = np.zeros((territories, yes.shape[1]), np.int64)
    np.add.at(favour, seats.territory, yes)
    size = np.bincount(seats.territory, minlength=territories)
    return favour, size[:, None] - favour


def perceive(p: CouncilParams, perceived: FloatArray, true: FloatArray, uptake: FloatArray) -> FloatArray:
    """Return perceived dependence after a year, shape (T, T): a slow approach to the true one.

    Parameters
    ----------
    uptake : FloatArray, shape (T,), 0-1
        Form of the diagnostic × alignment with the council's agenda; 0 without a shared diagnostic.
    """
    out: FloatArray = perceived + p.uptake_per_yr * uptake[:, None] * (true - perceived)
    return out
