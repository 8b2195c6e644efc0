"""Contracts of reciprocity: parameters, and when a side keeps its word.

One territory gives a service of its resources, the other pays for it, for some years, with a penalty for who stops.
Each year the giver compares what it would spare by stopping (in a dry year, more) with what it would lose: this year's
payment, the penalty, and the surplus of the years to come, as far as it trusts the other to go on. Who pays stops when
it has no more credit. Nothing else decides whether a contract holds.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReciprocityParams:
    """Section ``economy.reciprocity``; units, ranges and sources stand in the parameter file."""

    irrigation_keur_per_ha: float
    dry_factor: float
    patience_years: float
    trust_gain: float
    trust_loss: float


def giver_keeps(
    p: ReciprocityParams,
    spared: float,
    usual: float,
    paid: float,
    penalty: float,
    years_left: float,
    trust: float,
) -> bool:
    """Return whether who gives goes on.

    Parameters
    ----------
    spared, usual : float, k€
        Cost of giving this year, and in a mean year.
    paid, penalty : float, k€
    years_left : float, yr
    trust : float, 0-1
    """
    ahead = trust * min(p.patience_years, years_left) * max(paid - usual, 0.0)
    return spared <= paid + penalty + ahead
