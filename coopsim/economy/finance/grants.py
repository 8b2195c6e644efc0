"""Grants of the State, fund between groups of communes, solidarity allowance: pure functions; k€ per year."""

import numpy as np

from coopsim.economy.finance.law import FinanceLaw
from coopsim.types import FloatArray


def gap(mean: float, own: FloatArray) -> FloatArray:
    """Return the mean over one's own: above 1 for the poor."""
    out: FloatArray = mean / np.maximum(own, 1e-9)
    return out


def free_grant(
    inhabitants: FloatArray,
    integration: FloatArray,
    potential: FloatArray,
    income: FloatArray,
    means: tuple[float, float],
    point: float,
    law: FinanceLaw,
) -> FloatArray:
    """Return the grant that the formula alone gives, k€, shape (T,).

    ``point · P · CIF · (b + (1 - b)((1 - w)·PF_mean/PF + w·R_mean/R))`` with b the base share, w the income weight
    and the integration coefficient CIF capped (CGCT L5211-28; form of the gaps: see the file of legal facts).

    Parameters
    ----------
    potential, income : FloatArray, shape (T,), k€/inhabitant
    means : tuple of float
        National means of both.
    point : float, k€
        Grant of one inhabitant, fully integrated, at the means.
    """
    capped = np.minimum(integration, law.grant_integration_cap)
    w = law.grant_income_weight
    corrected = (1.0 - w) * gap(means[0], potential) + w * gap(means[1], income)
    share = law.grant_base_share
    out: FloatArray = point * inhabitants * capped * (share + (1.0 - share) * corrected)
    return out


def bounded_grant(
    free: FloatArray, inhabitants: FloatArray, before: FloatArray, integration: FloatArray, law: FinanceLaw
) -> FloatArray:
    """Return the grant within the legal bounds of the year before, k€, shape (T,).

    Parameters
    ----------
    before : FloatArray, shape (T,), k€/inhabitant
        Grant per inhabitant of the year before.
    """
    floor = np.where(integration > law.grant_guarantee_integration, 1.0, law.grant_floor)
    people = np.maximum(inhabitants, 1e-9)
    out: FloatArray = people * np.clip(free / people, floor * before, law.grant_ceiling * before)
    return out


def weighted_population(inhabitants: FloatArray, law: FinanceLaw) -> FloatArray:
    """Return the coefficient by which the fund weighs the inhabitants of a group, 1 to 2 (CGCT R2336-1)."""
    people = np.clip(inhabitants, law.fund_population_from, law.fund_population_to)
    out: FloatArray = 1.0 + law.fund_population_slope * np.log10(people / law.fund_population_from)
    return out


def fund_paid_index(
    potential: FloatArray, income: FloatArray, means: tuple[float, float], law: FinanceLaw
) -> FloatArray:
    """Return the index by which a group pays into the fund; 0 for those below the threshold (L2336-3)."""
    threshold = law.fund_potential_threshold * means[0]
    w = law.fund_paid_potential_weight
    index = w * (potential - threshold) / threshold + (1.0 - w) * (income - means[1]) / means[1]
    out: FloatArray = np.where(potential > threshold, np.maximum(index, 0.0), 0.0)
    return out


def fund_received_index(
    potential: FloatArray, income: FloatArray, effort: FloatArray, means: tuple[float, float], law: FinanceLaw
) -> FloatArray:
    """Return the index that ranks the groups which receive from the fund (L2336-5); effort is relative to the mean."""
    a, b = law.fund_received_income_weight, law.fund_received_potential_weight
    out: FloatArray = a * gap(means[1], income) + b * gap(means[0], potential) + (1.0 - a - b) * effort
    return out


def allowance_weights(
    population: FloatArray, income: FloatArray, potential: FloatArray, law: FinanceLaw
) -> FloatArray:
    """Return the weights of a solidarity allowance, shape (n,), sum 1 (CGCT L5211-28-4).

    The legal share goes by income and potential gaps (half each), both weighted by population; what is left to the
    council goes here by population.
    """
    people = np.maximum(population, 1e-9)
    rich = float((people * income).sum() / people.sum())
    able = float((people * potential).sum() / people.sum())
    poor = people * 0.5 * (gap(rich, income) + gap(able, potential))
    share = law.allowance_legal_share
    out: FloatArray = share * poor / poor.sum() + (1.0 - share) * people / people.sum()
    return out
