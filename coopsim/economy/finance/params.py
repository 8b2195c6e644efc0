"""Parameters of public finance."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FinanceParams:
    """Section ``economy.finance``."""

    property_tax_share: float
    vat_share: float
    grant_share: float
    fpic_share: float
    attribution_share: float
    solidarity_share: float
    target_balance_share: float
    interest_per_yr: float
    centrality_per_arrived_job: float
    centrality_fading_years: float
    centrality_per_commuter: float
    tax_ceiling_pct: float
    tax_rise_max_points: float
    de_minimis_keur: float
    debt_limit_share: float
    reference_debt_share: float
    grant_gap_sensitivity: float
    marketing_cost_per_inhabitant: float
    animation_cost_per_fte: float
    coordination_cost_per_member: float
    setup_cost: float
    public_vacant_share: float
    rules: str
