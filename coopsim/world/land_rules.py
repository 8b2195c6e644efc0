"""The rules of land and siting in force as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.economy.siting_pathway import CRITERIA, INTERVIEWS
from coopsim.scenario.governance import Governance
from coopsim.types import BoolArray, FloatArray, IntArray

MANAGERS = ("none", "epci", "charter")
POOLS = ("none", "epci", "pact")
ERA = ("none", "avoid", "avoid_reduce", "avoid_reduce_adapt")


@dataclass(frozen=True, slots=True)
class LandRules:
    """What holds on plots and on those who ask for them; arrays (T,) unless said otherwise.

    Attributes
    ----------
    interview, manager, pool, era : IntArray
        Rows of `INTERVIEWS`, `MANAGERS`, `POOLS`, `ERA`.
    criteria : FloatArray, shape (T, 3)
        Weights of the criteria; they sum to 1.
    followup : FloatArray, yr
    gap_penalty, compensation : FloatArray, k€/job
    majority : FloatArray, 1
    density_min : FloatArray, dwellings/ha
    protected : FloatArray, 1
    priority : FloatArray, m²/job
    price : FloatArray, 1
    provision : FloatArray, k€/ha
    lease_criteria, lease_cut : FloatArray, 0-1
        Leases offered with criteria; cut of the rent of who accepts them.
    """

    interview: IntArray
    manager: IntArray
    pool: IntArray
    era: IntArray
    criteria: FloatArray
    followup: FloatArray
    gap_penalty: FloatArray
    compensation: FloatArray
    majority: FloatArray
    density_min: FloatArray
    protected: FloatArray
    priority: FloatArray
    price: FloatArray
    provision: FloatArray
    lease_criteria: FloatArray
    lease_cut: FloatArray

    @property
    def interviewed(self) -> BoolArray:
        """Which territories hold an interview, shape (T,)."""
        out: BoolArray = self.interview > 0
        return out

    @property
    def bargains(self) -> bool:
        """Whether leases with criteria are offered for a lower rent somewhere."""
        return bool((self.lease_criteria * self.lease_cut).any())

    @classmethod
    def of(cls, each: Sequence[Governance]) -> "LandRules":
        """Return the rules of land from the constitution of each territory."""
        siting = [g.scope.siting for g in each]
        ground = [g.scope.land for g in each]
        weights = np.array([[getattr(s.criteria, name) for name in CRITERIA] for s in siting])
        return cls(
            interview=np.array([INTERVIEWS.index(g.information.siting_interview) for g in each]),
            manager=np.array([MANAGERS.index(g.position.zone_manager) for g in each]),
            pool=np.array([POOLS.index(s.pool_guarantee) for s in ground]),
            era=np.array([ERA.index(g.scope.budget.era_filter) for g in each]),
            criteria=weights / weights.sum(axis=1, keepdims=True),
            followup=np.array([float(s.followup_years) for s in siting]),
            gap_penalty=np.array([s.gap_penalty_keur for s in siting]),
            compensation=np.array([s.compensation_keur for s in siting]),
            majority=np.array([g.position.zone_majority for g in each]),
            density_min=np.array([s.density_min for s in ground]),
            protected=np.array([s.protected_share for s in ground]),
            priority=np.array([s.public_land_priority for s in ground]),
            price=np.array([g.payoff.land_price_policy for g in each]),
            provision=np.array([g.payoff.remediation_provision for g in each]),
            lease_criteria=np.array([g.payoff.lease.criteria for g in each]),
            lease_cut=np.array([g.payoff.lease.rent_reduction for g in each]),
        )
